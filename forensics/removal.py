"""Takes whole conversations out of the database of a case, with everything that is only theirs.

Within the caller's transaction. SQLite overwrites what is deleted (``secure_delete``) and the search index is
built anew; what earlier writing left in the slack of pages goes when the database is written anew (VACUUM).
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from forensics.copies import SEVERITY as COPY
from forensics.ground import is_between_two
from forensics.purged import CONVERSATIONS, GROUPS, KINDS, NOTICES, PEOPLE, QUOTES, mark
from forensics.removal_quotes import Quotations

_Where = tuple[object, ...]
_CLOSING = "n IN (SELECT n FROM closing)"
_PERSON = re.compile(r'"(p[0-9a-f]{24})"')
# What names a message by its number; the messages themselves last.
_NUMBERED = (
    *(("cue", "message"), ("difference", "message"), ("difference", "other"), ("link", "one")),
    *(("link", "other"), ("twin", "n"), ("message", "n")),
)
# Every message record of the conversations, those that became a source of another (twins) too.
_GONE = """
CREATE TEMP TABLE gone AS
SELECT m.n AS n, m.id AS id, m.n AS message, m.file AS file, m.table_name AS table_name, m.row_id AS row_id,
  m.place AS place FROM message AS m WHERE m.conversation IN (SELECT n FROM closing)
UNION ALL
SELECT t.n, t.id, t.message, t.file, t.table_name, t.row_id, t.place FROM twin AS t
  LEFT JOIN message AS m ON m.n = t.message
  WHERE t.n <> t.message AND m.conversation IN (SELECT n FROM closing)
"""


@dataclass(slots=True)
class Removed:
    """How much went, by what it was, and the keyed hashes by which it is known again (purged). ``quoting``:
    conversations with flags that rest on a copy of a text that went; to be analysed again."""

    counts: Counter[str] = field(default_factory=Counter)
    marks: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    quoting: list[int] = field(default_factory=list)


def with_counterparts(db: sqlite3.Connection, numbers: Iterable[int]) -> list[int]:
    """The conversations with those of other phones that hold the same messages (links)."""
    found, waiting = set(numbers), list(numbers)
    sql = (
        "SELECT DISTINCT o.conversation FROM message AS m JOIN link AS l ON {0} = m.n"
        " LEFT JOIN message AS o ON o.n = {1} WHERE m.conversation = ?"
    )
    while waiting:
        number = waiting.pop()
        for one, other in (("l.one", "l.other"), ("l.other", "l.one")):
            for (each,) in db.execute(sql.format(one, other), (number,)).fetchall():
                if each is not None and each not in found:
                    found.add(each)
                    waiting.append(each)
    return sorted(found)


def remove(
    db: sqlite3.Connection, secret: str, numbers: Iterable[int], people: Iterable[str] = ()
) -> Removed:
    """Remove the conversations of those numbers, and of ``people`` whom nothing else names; what is computed
    from all records is for the caller."""
    work = _Removal(db, secret, frozenset(people))
    db.execute("CREATE TEMP TABLE closing (n INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO closing VALUES (?)", [(each,) for each in numbers])
    db.execute(_GONE)
    try:
        work.all()
    finally:
        db.execute("DROP TABLE temp.gone")
        db.execute("DROP TABLE temp.closing")
    return work.removed


class _Removal:
    """One removal; ``gone`` and ``closing`` are its temporary tables."""

    def __init__(self, db: sqlite3.Connection, secret: str, people: frozenset[str]) -> None:
        self._db = db
        self._secret = secret
        self._further = people
        self.removed = Removed()

    def all(self) -> None:
        """Everything in an order in which what is still needed is still there."""
        self._mark_conversations()
        self._account()
        keys = {f"m{key.hex()}" for (key,) in self._db.execute("SELECT id FROM gone")}
        candidates = self._people_of_the_closed() | self._further
        self._quotes(keys)
        calls = self._calls()
        people = sorted(candidates - self._people_of_others(calls))
        words = list(self._words(people))
        self._notices(keys, people, words)
        self._flags()
        self._selected(keys)
        self._records(calls)
        self._people(people)
        self._db.execute("INSERT INTO message_text (message_text) VALUES ('rebuild')")

    def _ids(self) -> list[str]:
        """The ids of the conversations that go."""
        return [key for (key,) in self._db.execute(f"SELECT id FROM conversation WHERE {_CLOSING}")]

    def _mark(self, kind: str, *parts: str | None) -> None:
        self.removed.marks[kind].add(mark(self._secret, kind, *parts))

    def _mark_conversations(self) -> None:
        """By every id that it has or was read with; a group by the app's own name of it too, which is the
        same on every phone."""
        rows = self._db.execute(
            "SELECT id, app, kind, handle FROM conversation WHERE n IN (SELECT n FROM closing) ORDER BY n"
        ).fetchall()
        for key, app, kind, handle in rows:
            self.removed.counts["conversations"] += 1
            self._mark(CONVERSATIONS, key)
            for (read,) in self._db.execute("SELECT id FROM alias WHERE stands_for = ?", (key,)):
                self._mark(CONVERSATIONS, read)
            if handle and kind != "self" and not is_between_two(kind):
                self._mark(GROUPS, app, handle)

    # --- The accounting -----------------------------------------------------------------------------------

    def _account(self) -> None:
        """Move the rows of each table from messages (or copies) to privilege; recovered rows are no rows."""
        counts: Counter[tuple[int, str, bool]] = Counter()
        rows = self._db.execute(
            "SELECT file, ifnull(table_name, ''), n <> message, count(*),"
            " sum(place IS NULL OR json_extract(place, '$[1]') IS NULL) FROM gone GROUP BY 1, 2, 3"
        )
        for file, table, is_copy, count, live in rows:
            self.removed.counts["messages"] += count
            counts[file, table, bool(is_copy)] = live
        for (file, table, is_copy), count in counts.items():
            self._move(file, table, "copy" if is_copy else None, count)

    def _move(self, file: int, table: str, skipped: str | None, count: int) -> None:
        (stored,) = self._db.execute("SELECT tables FROM file WHERE n = ?", (file,)).fetchone()
        tables: dict[str, dict[str, Any]] = json.loads(stored) if stored else {}
        if table not in tables or not count:
            return
        counted = tables[table]
        others = dict(counted["skipped"])
        if skipped is None:
            counted["messages"] -= count
        else:
            others[skipped] = others.get(skipped, 0) - count
        others["privilege"] = others.get("privilege", 0) + count
        counted["skipped"] = dict(sorted((name, each) for name, each in others.items() if each))
        self._db.execute("UPDATE file SET tables = ? WHERE n = ?", (json.dumps(tables), file))

    # --- People -------------------------------------------------------------------------------------------

    def _people_of_the_closed(self) -> set[str]:
        inside = "conversation IN (SELECT n FROM closing)"
        found = set(_named(self._db.execute("SELECT participants FROM conversation WHERE n IN"
                                            " (SELECT n FROM closing)")))  # fmt: skip
        found |= set(_named(self._db.execute(f"SELECT rare FROM message WHERE {inside}")))
        senders = f"SELECT DISTINCT p.id FROM message AS m LEFT JOIN participant AS p ON p.n = m.sender" \
            f" WHERE m.{inside} AND m.sender IS NOT NULL"  # fmt: skip
        return found | {key for (key,) in self._db.execute(senders)}

    def _people_of_others(self, calls: list[int]) -> set[str]:
        """Whoever is named by what stays, and the owners of the phones."""
        outside = "conversation NOT IN (SELECT n FROM closing)"
        found = set(_named(self._db.execute("SELECT participants FROM conversation WHERE n NOT IN"
                                            " (SELECT n FROM closing)")))  # fmt: skip
        found |= set(_named(self._db.execute(f"SELECT rare FROM message WHERE {outside}")))
        gone = set(calls)
        found |= set(_named((form,) for n, form in self._db.execute("SELECT n, form FROM call")
                            if n not in gone))  # fmt: skip
        senders = f"SELECT DISTINCT p.id FROM message AS m LEFT JOIN participant AS p ON p.n = m.sender" \
            f" WHERE m.{outside} AND m.sender IS NOT NULL"  # fmt: skip
        found |= {key for (key,) in self._db.execute(senders)}
        return found | {key for (key,) in self._db.execute("SELECT id FROM participant WHERE is_owner")}

    def _words(self, people: Iterable[str]) -> Iterator[str]:
        """What the people who go, and the conversations, are called."""
        for key in people:
            row = self._db.execute(
                "SELECT handle, phone, names FROM participant WHERE id = ?", (key,)
            ).fetchone()
            if row is not None:
                handle, phone, names = row
                yield from (handle, (handle or "").partition("@")[0], phone, (phone or "").lstrip("+"))
                yield from (each["name"] for each in json.loads(names))
        for row in self._db.execute(f"SELECT title, handle FROM conversation WHERE {_CLOSING}"):
            yield from row

    def _people(self, people: list[str]) -> None:
        """Take out the people whom nothing names any more, and what address books say of them."""
        for key in people:
            row = self._db.execute("SELECT app, handle FROM participant WHERE id = ?", (key,)).fetchone()
            if row is None:
                continue
            self.removed.counts["people"] += 1
            self._mark(PEOPLE, key)
            if row[1]:
                self._mark(PEOPLE, *row)
                self._db.execute("DELETE FROM contact WHERE app = ? AND handle = ?", row)
            read = self._db.execute("SELECT id FROM alias WHERE stands_for = ?", (key,)).fetchall()
            for (each,) in read:
                self._mark(PEOPLE, each)
            for (each,) in [(key,), *read]:
                self._db.execute("DELETE FROM said WHERE record = 'participant' AND id = ?", (each,))
            self._db.execute("DELETE FROM alias WHERE stands_for = ?", (key,))
            self._db.execute("DELETE FROM participant WHERE id = ?", (key,))

    # --- What others say of it ----------------------------------------------------------------------------

    def _quotes(self, keys: set[str]) -> None:
        """Messages of other conversations that quote one of these lose the text of the quotation."""
        for read in Quotations(self._db, keys, set(self._ids())).take_out():
            self.removed.counts["quotations"] += 1
            self.removed.marks[QUOTES].update(key.hex() for key in read)

    def _notices(self, keys: set[str], people: list[str], words: list[str]) -> None:
        """Notices about these rows and people go; of rows that cannot be told to be of another conversation
        the raw values go."""
        closed = set(self._ids())
        said = [json.dumps(each, ensure_ascii=False)[1:-1] for each in {*words} if each and len(each) > 2]
        said += [*closed, *people]
        items = {n for (n,) in self._db.execute(
            "SELECT DISTINCT evidence FROM file WHERE n IN (SELECT file FROM gone)")}  # fmt: skip
        rows = self._db.execute("SELECT n, evidence, severity, text, source, raw FROM notice").fetchall()
        places = {row[0]: _place(row[4]) for row in rows}
        gone, others = self._among(places.values(), "gone"), self._among(places.values(), "message")
        for n, item, severity, text, source, raw in rows:
            told = f"{text}\n{raw or ''}"
            if places[n] in gone or any(each in told for each in said) or _is_copy_of(severity, raw, keys):
                self.removed.counts["notices"] += 1
                self._mark(NOTICES, severity, text, source)
                self._db.execute("DELETE FROM notice WHERE n = ?", (n,))
            elif raw and item in items and severity not in ("gap", COPY) and places[n] not in others:
                self.removed.counts["raw values"] += 1
                self._db.execute("UPDATE notice SET raw = NULL WHERE n = ?", (n,))

    def _among(self, wanted: Iterable[_Where | None], table: str) -> set[_Where]:
        """Those of these places in which a record of the table stands."""
        sought = {each for each in wanted if each is not None}
        if not sought:
            return set()
        rows = self._db.execute(
            "SELECT e.sha256, f.path, r.table_name, r.row_id, json_extract(r.place, '$[0]')"
            f" FROM {table} AS r LEFT JOIN file AS f ON f.n = r.file"
            " LEFT JOIN evidence AS e ON e.n = f.evidence"
            + (" WHERE r.conversation NOT IN (SELECT n FROM closing)" if table == "message" else "")
        )
        return {row for row in rows if row in sought}

    def _flags(self) -> None:
        """Flags on these conversations, and the decisions on them with their reasons."""
        flags = "SELECT id FROM flag WHERE conversation IN (SELECT n FROM closing)"
        done = self._db.execute(f"DELETE FROM decision WHERE flag IN ({flags})").rowcount
        for key in self._ids():
            earlier = "DELETE FROM decision WHERE json_extract(form, '$.conversation') = ?"
            done += self._db.execute(earlier, (key,)).rowcount
        self.removed.counts["decisions"] += done
        gone = self._db.execute("DELETE FROM flag WHERE conversation IN (SELECT n FROM closing)").rowcount
        self.removed.counts["flags"] += gone
        self.removed.quoting += self._quoting()

    def _quoting(self) -> list[int]:
        """The other conversations whose flags keep a text of these: a copy whose message is gone."""
        closed, found = set(self._ids()), set()
        rows = self._db.execute(
            "SELECT conversation, json_extract(form, '$.copies') FROM flag"
            " WHERE json_extract(form, '$.copies') IS NOT NULL"
        )
        for number, copies in rows:
            if any(each["conversation"] in closed for each in json.loads(copies)):
                found.add(number)
        return sorted(found)

    def _selected(self, keys: set[str]) -> None:
        """What persons selected of these conversations for the report, with their notes."""
        closed = set(self._ids())
        rows = self._db.execute("SELECT item, form FROM selected WHERE action = 'added'").fetchall()
        forms = [(item, json.loads(form)) for item, form in rows]
        items = [
            i for i, form in forms if form["conversation"] in closed or not keys.isdisjoint(form["messages"])
        ]
        self.removed.counts["selections"] += len(items)
        self._db.executemany("DELETE FROM selected WHERE item = ?", [(item,) for item in items])

    # --- The records themselves ---------------------------------------------------------------------------

    def _calls(self) -> list[int]:
        """Numbers of the calls in these conversations; those of a table of their own are accounted for."""
        keys = set(self._ids())
        found = []
        rows = self._db.execute("SELECT n, evidence, form, stands_for FROM call").fetchall()
        for n, item, form, stands_for in rows:
            call = json.loads(form)
            if call["conversation"] in keys:
                found.append(n)
                self._account_call(item, call["source"], None if stands_for is None else "copy")
        self.removed.counts["calls"] += len(found)
        return found

    def _account_call(self, item: int, source: dict[str, Any], skipped: str | None) -> None:
        row = self._db.execute(
            "SELECT n FROM file WHERE evidence = ? AND path = ?", (item, source["path"])
        ).fetchone()
        holds = "SELECT 1 FROM {} WHERE file = ? AND table_name = ? LIMIT 1"
        if row is None or any(
            self._db.execute(holds.format(table), (row[0], source["table"])).fetchone()
            for table in ("message", "twin", "gone")
        ):
            return  # a call that stands in a row of messages was counted as that message
        self._move(row[0], source["table"] or "", skipped, 1)

    def _records(self, calls: list[int]) -> None:
        numbers = "(SELECT n FROM gone)"
        for table, column in _NUMBERED:
            self._db.execute(f"DELETE FROM {table} WHERE {column} IN {numbers}")
        self._db.executemany("DELETE FROM call WHERE n = ?", [(n,) for n in calls])
        for key in self._ids():
            read = self._db.execute("SELECT id FROM alias WHERE stands_for = ?", (key,)).fetchall()
            for (each,) in [(key,), *read]:
                self._db.execute("DELETE FROM said WHERE record = 'conversation' AND id = ?", (each,))
            self._db.execute("DELETE FROM alias WHERE stands_for = ?", (key,))
        self._db.execute("DELETE FROM conversation WHERE n IN (SELECT n FROM closing)")


def _named(rows: Iterable[tuple[str | None]]) -> Iterator[str]:
    """The people whose ids stand in stored forms."""
    for (form,) in rows:
        yield from _PERSON.findall(form or "")


def _place(source: str | None) -> _Where | None:
    """The row that a notice is about; None where it is about none."""
    where = json.loads(source) if source else {}
    if not where.get("table") or (where.get("rowid") is None and where.get("rowid_key") is None):
        return None
    names = ("evidence_sha256", "path", "table", "rowid", "rowid_key")
    return tuple(where.get(each) for each in names)


def _is_copy_of(severity: str, raw: str | None, keys: set[str]) -> bool:
    if severity != COPY or not raw:
        return False
    form = json.loads(raw)
    return form.get("copy_of") in keys or form.get("holder") in keys
