"""Reads a case in the order of an export: what reports, exports and verification draw on."""

from __future__ import annotations

import hmac
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any

from forensics import comparison, custody, times
from forensics.call_twins import KEPT
from forensics.case import Case, public_keys
from forensics.case_copies import copies
from forensics.case_lost import Lost, lost
from forensics.decisions import Earlier, decisions, with_decision
from forensics.message_row import SELECT, FilePlace, file_places, reading_order, stored_line, stored_record
from forensics.packed_messages import Unpacking, packed_rows
from forensics.selected import selection

Record = dict[str, Any]
# The place of an item of evidence among the others, for a table that names it.
_RANK = "(SELECT rank FROM evidence WHERE n = {}.evidence)"
_QUARTER = 900_000  # every zone's offset since 1970 is a multiple of a quarter of an hour


class CaseReader:
    """One case; nothing here comes from the clock or the machine."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._db = case.db

    @property
    def info(self) -> Mapping[str, Any]:
        """The settings of the case, without its secrets."""
        hidden = {"secret", "privileged", "purged", "scopes", "scrub"}
        return {name: value for name, value in self._case.info.items() if name not in hidden}

    @cached_property
    def _order(self) -> str:
        return reading_order(self._db)

    @cached_property
    def files(self) -> dict[int, FilePlace]:
        """What the sources of each file share, by its number."""
        return file_places(self._db)

    def accounts(self) -> Iterator[Record]:
        """Account records."""
        for (form,) in self._db.execute("SELECT form FROM account ORDER BY rank"):
            yield json.loads(form)

    def conversations(self) -> Iterator[Record]:
        """Conversation records with the number of their messages."""
        counts = dict(self._db.execute("SELECT conversation, count(*) FROM message GROUP BY conversation"))
        names = ("id", "app", "platform", "account", "kind", "title", "handle", "participants")
        for n, *values in self._db.execute(f"SELECT n, {', '.join(names)} FROM conversation ORDER BY rank"):
            found = dict(zip(names, values, strict=True))
            found["participants"] = json.loads(found["participants"])
            yield {"record": "conversation", **found, "messages": counts.get(n, 0)}

    def participants(self) -> Iterator[Record]:
        """Participant records."""
        names = ("id", "app", "handle", "phone", "names", "is_owner")
        for values in self._db.execute(f"SELECT {', '.join(names)} FROM participant ORDER BY rank"):
            found = dict(zip(names, values, strict=True))
            found["names"] = json.loads(found["names"])
            found["is_owner"] = bool(found["is_owner"])
            yield {"record": "participant", **found}

    def messages(self, conversation: str | None = None) -> Iterator[Record]:
        """Message records in export order, all or those of one conversation."""
        for row in self._message_rows(conversation):
            yield stored_record(row, self.files)

    def message_lines(self) -> Iterator[tuple[str, bytes]]:
        """The conversation and the JSON line of every message in export order."""
        for row in self._message_rows(None):
            yield row[2], stored_line(row, self.files)

    def packed(self, conversation: str | None, size: int) -> Iterator[bytes]:
        """The same in blocks for another process, each of at most ``size`` messages of one conversation."""
        if conversation is not None:
            yield from packed_rows(self._message_rows(conversation), size)
            return
        for (number,) in self._db.execute("SELECT n FROM conversation ORDER BY rank").fetchall():
            yield from packed_rows(self._conversation_rows(number), size)

    @property
    def unpacking(self) -> Unpacking:
        """What makes such blocks into records."""
        return Unpacking(self.files)

    def _message_rows(self, conversation: str | None) -> Iterator[tuple[Any, ...]]:
        if conversation is not None:
            found = self._db.execute("SELECT n FROM conversation WHERE id = ?", (conversation,)).fetchone()
            yield from self._conversation_rows(found[0]) if found else ()
            return
        for (number,) in self._db.execute("SELECT n FROM conversation ORDER BY rank").fetchall():
            yield from self._conversation_rows(number)

    def _conversation_rows(self, number: int) -> Iterator[tuple[Any, ...]]:
        order = f"WHERE m.conversation = ? ORDER BY {self._order}"
        return self._db.execute(f"{SELECT} {order}", (number,))

    def message(self, key: str) -> Record | None:
        """The message of that id."""
        try:
            row = self._db.execute(f"{SELECT} WHERE m.id = ?", (bytes.fromhex(key[1:]),)).fetchone()
        except ValueError:
            return None
        return stored_record(row, self.files) if row and key.startswith("m") else None

    def calls(self) -> Iterator[Record]:
        """Call records by time."""
        sql = f"SELECT id, form, sha256 FROM call WHERE {KEPT} ORDER BY at, {_RANK.format('call')}, n"
        for key, form, digest in self._db.execute(sql):
            yield {**json.loads(form), "id": f"k{key.hex()}", "record_sha256": digest.hex()}

    def notices(self) -> Iterator[Record]:
        """Notices in the order in which they were found."""
        for severity, text, source, raw in self._db.execute(
            "SELECT severity, text, source, raw FROM notice"
            f" ORDER BY evidence IS NULL, {_RANK.format('notice')}, n"
        ):
            where = json.loads(source) if source else None
            yield {"record": "notice", "severity": severity, "text": text, "source": where, "raw": raw}

    def texts(self) -> Iterator[str]:
        """The text of every message that has one, in the order in which they are stored."""
        for (text,) in self._db.execute("SELECT text FROM message WHERE text IS NOT NULL ORDER BY n"):
            yield text

    def copies(self) -> Sequence[Record]:
        """Copies of texts whose message no longer has them, each with the message that it stands beside."""
        return copies(self._db)

    def flags(self) -> Iterator[Record]:
        """Flags with the latest decision on each, and with those on earlier versions of it."""
        made, earlier = decisions(self._db), Earlier(self._db)
        sql = "SELECT f.id, f.form FROM flag AS f LEFT JOIN conversation AS c ON c.n = f.conversation"
        for key, form in self._db.execute(f"{sql} ORDER BY c.rank, f.n"):
            yield with_decision({"record": "flag", "id": key, **json.loads(form)}, made, earlier)

    def decisions_without_flag(self) -> Sequence[Record]:
        """Decisions on flags of which no message is in any flag now."""
        return Earlier(self._db).unattached

    def selection(self) -> Sequence[Record]:
        """What persons selected for the report, in their order."""
        return [asdict(each) for each in selection(self._db)]

    def flagged(self) -> Iterator[tuple[int, Record]]:
        """The messages that flags name, each once, with their place in its conversation, in order."""
        wanted: dict[int, set[str]] = {}
        for conversation, form in self._db.execute(
            "SELECT f.conversation, f.form FROM flag AS f LEFT JOIN conversation AS c"
            " ON c.n = f.conversation ORDER BY c.rank, f.n"
        ):
            wanted.setdefault(conversation, set()).update(json.loads(form)["messages"])
        for conversation, keys in wanted.items():
            rows = self._db.execute(
                f"SELECT m.n, m.id FROM message AS m WHERE m.conversation = ? ORDER BY {self._order}",
                (conversation,),
            )
            for place, (number, key) in enumerate(rows, 1):
                if f"m{key.hex()}" in keys:
                    row = self._db.execute(f"{SELECT} WHERE m.n = ?", (number,)).fetchone()
                    yield place, stored_record(row, self.files)

    def merged(self) -> int:
        """How many messages stand in several databases of one account."""
        sql = "SELECT count(DISTINCT message) FROM twin WHERE n <> message"
        return int(self._db.execute(sql).fetchone()[0])

    def device_pairs(self) -> Sequence[Record]:
        """Every two accounts that share conversations: links by ground, clocks."""
        return comparison.pairs(self._db)

    def differences(self) -> Iterator[Record]:
        """What databases of one account, and phones, say otherwise of the same messages."""
        return comparison.differences(self._db)

    def seen_again(self, conversation: str) -> Mapping[str, Record]:
        """By message: its counterparts on other phones, and its differences."""
        return comparison.seen_again(self._db, conversation)

    def evidence(self) -> Sequence[Record]:
        """The items of evidence with their files."""
        found = []
        columns = ("n", "path", "kind", "size", "sha256", "sha256_after", "expected", "exhibit", "at",
                   "problems", "unread")  # fmt: skip
        for values in self._db.execute(f"SELECT {', '.join(columns)} FROM evidence ORDER BY n").fetchall():
            item = dict(zip(columns, values, strict=True))
            item["problems"], item["unread"] = json.loads(item["problems"]), json.loads(item["unread"])
            item["files"] = list(self._files_of(item.pop("n")))
            found.append(item)
        return found

    def acquisition(self) -> Sequence[Record]:
        """What the items say about the phones and the acquisitions, in the order of reading."""
        columns = ("evidence", "exhibit", "name", "value", "source", "field", "at")
        rows = self._db.execute(
            "SELECT e.path, e.exhibit, a.name, a.value, a.source, a.field, a.at FROM acquisition AS a"
            " LEFT JOIN evidence AS e ON e.n = a.evidence ORDER BY a.n"
        )
        found = [dict(zip(columns, row, strict=True)) for row in rows]
        return [{**each, "at": times.rfc3339(each["at"])} for each in found]

    def comparisons(self, kind: str) -> Sequence[Record]:
        """What was compared with another file or program, in the order of reading."""
        rows = self._db.execute(
            "SELECT e.path, c.form FROM comparison AS c LEFT JOIN evidence AS e ON e.n = c.evidence"
            " WHERE c.kind = ? ORDER BY c.n",
            (kind,),
        )
        return [{"evidence": path, **json.loads(form)} for path, form in rows]

    def _files_of(self, number: int) -> Iterator[Record]:
        columns = ("path", "size", "sha256", "app", "platform", "role", "schema", "companions", "opened_by",
                   "tables")  # fmt: skip
        sql = f"SELECT {', '.join(columns)} FROM file WHERE evidence = ? ORDER BY n"
        for values in self._db.execute(sql, (number,)):
            file = dict(zip(columns, values, strict=True))
            for name in ("companions", "opened_by", "tables"):
                file[name] = json.loads(file[name]) if file[name] else None
            yield file

    def totals(self) -> Record:
        """Per app: conversations, messages, calls, media, states, first and last."""
        found: dict[str, Record] = {}
        for app, count in self._db.execute(
            "SELECT app, count(*) FROM conversation GROUP BY app ORDER BY app"
        ):
            found[app] = {"conversations": count, "messages": 0, "states": {}}
        rows = self._db.execute(
            "SELECT c.app, m.state, count(*), min(m.sent_at), max(m.sent_at) FROM message AS m"
            " LEFT JOIN conversation AS c ON c.n = m.conversation"
            " GROUP BY c.app, m.state ORDER BY c.app, m.state"
        )
        spans: dict[str, list[int]] = {}
        for app, state, count, first, last in rows:
            found[app]["messages"] += count
            found[app]["states"][state] = count
            spans.setdefault(app, []).extend(each for each in (first, last) if each is not None)
        for app, span in spans.items():
            if span:
                found[app] |= {"first": times.rfc3339(min(span)), "last": times.rfc3339(max(span))}
        for app, present, count in self._attachment_counts():
            found[app]["media_present" if present else "media_missing"] = count
        calls = Counter(
            json.loads(form)["app"] for (form,) in self._db.execute(f"SELECT form FROM call WHERE {KEPT}")
        )
        for app, count in sorted(calls.items()):
            found.setdefault(app, {})["calls"] = count
        return found

    def _attachment_counts(self) -> Iterator[tuple[str, int, int]]:
        """Attachments that name a file, by app and whether the file is there."""
        return self._db.execute(
            "SELECT c.app, json_extract(a.value, '$.present'), count(*) FROM message AS m"
            " LEFT JOIN conversation AS c ON c.n = m.conversation, json_each(m.rare, '$.attachments') AS a"
            " WHERE m.rare IS NOT NULL AND json_extract(a.value, '$.kind') <> 'link'"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        )

    def daily(self, conversation: str | None = None) -> Sequence[tuple[str, int]]:
        """Messages per date in the case's zone."""
        where = "sent_at IS NOT NULL"
        if conversation is not None:
            where += " AND conversation = (SELECT n FROM conversation WHERE id = :conversation)"
        zone = str(self._case.info["timezone"])
        days: Counter[str] = Counter()
        sql = f"SELECT min(sent_at), count(*) FROM message WHERE {where} GROUP BY sent_at / {_QUARTER}"
        for instant, count in self._db.execute(sql, {"conversation": conversation}):
            days[times.local(instant, zone).date().isoformat()] += count
        return sorted(days.items())

    def ends(self, conversation: str) -> Sequence[str]:
        """The first and the last date of a conversation in the case's zone; nothing without any time."""
        zone = str(self._case.info["timezone"])
        # one question for each end: SQLite looks a single min or max up in the index, and of two it reads all
        asked = (
            "(SELECT {}(sent_at) FROM message WHERE conversation = (SELECT n FROM conversation WHERE id = ?))"
        )
        sql = f"SELECT {asked.format('min')}, {asked.format('max')}"
        found = self._db.execute(sql, (conversation, conversation)).fetchone()
        return [times.local(each, zone).date().isoformat() for each in found if each is not None]

    def pairs(self) -> Sequence[tuple[str, str, int]]:
        """Sender, conversation and the number of messages."""
        return self._db.execute(
            "SELECT p.id, c.id, count(*) FROM message AS m LEFT JOIN participant AS p ON p.n = m.sender"
            " LEFT JOIN conversation AS c ON c.n = m.conversation WHERE m.sender IS NOT NULL"
            " GROUP BY m.sender, m.conversation ORDER BY c.rank, p.rank"
        ).fetchall()

    def lost(self) -> Sequence[Lost]:
        """What is gone, counted by conversation and month."""
        return lost(self._db, str(self._case.info["timezone"]))

    def sealed(self) -> int:
        """How many privileged records are sealed for whoever may open them."""
        sql = "SELECT ifnull(sum(records), 0) FROM sealed WHERE kind = 'records'"
        return int(self._db.execute(sql).fetchone()[0])

    def sealed_files(self) -> int:
        """How many files of attachments are sealed with them."""
        sql = "SELECT count(DISTINCT file) FROM sealed WHERE kind = 'file'"
        return int(self._db.execute(sql).fetchone()[0])

    def log_lines(self) -> Sequence[bytes]:
        """The custody log, cut at the last entry that changed the case."""
        last = int(self._case.info["changed_seq"])
        return custody.cut(self._case.log_path, last).splitlines(keepends=True)

    def tree_key(self) -> bytes:
        """What the salts of the tree over the records are made from; the secret of the case stays hidden."""
        return hmac.digest(bytes.fromhex(str(self._case.info["secret"])), b"record tree", "sha256")

    def public_keys(self) -> Sequence[tuple[str, str]]:
        """Key ids and public keys that the log announces."""
        return public_keys(self._case.log_path)

    def rules(self) -> Mapping[str, Any]:
        """The rules of the last analysis, with the figures of their validation."""
        return dict(self._case.info.get("rules") or {})
