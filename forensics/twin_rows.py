"""The rows of merged messages in the case: what is kept of each record that became a source of another.

``twin`` has a row for every record that is not stored as it was read: the ones that were given up (``n`` is
their own number, ``message`` that of the record that stands for them) and the ones that stand for others or
whose answer was redirected (``n`` and ``message`` are the same). ``form`` holds the columns that differ from
the record that is kept as it was read, so that each can be made again, digest and all.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from forensics.digest import Fields, written
from forensics.message_row import SELECT, FilePlace, cue_of_edits, stored_fields, words_of

_COLUMNS = (
    "n, id, conversation, sender, from_owner, kind, status, state, sent_at, received_at, text, file,"
    " table_name, row_id, app_id, place, rare, sha256"
)
# What a copy of a message may have of its own, apart from its place.
_OWN = ("kind", "status", "state", "sent_at", "received_at", "text", "rare")
_ID, _SHA256, _STORED_RARE = 0, 1, 20
_PLACES = {
    "kind": 9,
    "status": 10,
    "state": 11,
    "sent_at": 12,
    "received_at": 13,
    "text": 14,
    "rare": _STORED_RARE,
}
_REPLY = '"reply_to":'


class Record(NamedTuple):
    """A row of ``message`` as it was read."""

    n: int
    id: bytes
    conversation: int
    sender: int | None
    from_owner: int | None
    kind: str
    status: str | None
    state: str
    sent_at: int | None
    received_at: int | None
    text: str | None
    file: int
    table_name: str | None
    row_id: int | None
    app_id: str | None
    place: str | None
    rare: str | None
    sha256: bytes

    @property
    def is_recovered(self) -> bool:
        """Whether it was found on a page or in a log, and is no row of a table."""
        return self.place is not None and orjson.loads(self.place)[1] is not None

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, whichever row its answer points at."""
        said = self.kind, self.status, self.state, self.sent_at, self.received_at, self.text
        return *said, _without_target(self.rare)


def _words(record: Record) -> str | None:
    """What the search index has of it besides its text."""
    return words_of(record.text, orjson.loads(record.rare)) if record.rare else None


def _without_target(rare: str | None) -> object:
    if rare is None or _REPLY not in rare:
        return rare
    fields = orjson.loads(rare)
    if fields.get("reply_to"):
        fields["reply_to"]["id"] = None
    return orjson.dumps(fields)


class TwinRows:
    """Gives records up and makes them again; ``speaks`` gives the analysis flags of a text."""

    def __init__(self, db: sqlite3.Connection, speaks: Callable[[str], int]) -> None:
        self._db = db
        self._speaks = speaks
        self.files = {
            n: FilePlace(evidence, digest, path)
            for n, evidence, digest, path in db.execute(
                "SELECT f.n, e.sha256, f.sha256, f.path FROM file AS f"
                " LEFT JOIN evidence AS e ON e.n = f.evidence"
            )
        }
        # messages that are not in the search index and have no cue for now
        self._loose: set[int] = set()

    def records(self, numbers: Sequence[int]) -> Iterator[Record]:
        """The rows of those numbers."""
        for n in numbers:
            yield Record._make(
                self._db.execute(f"SELECT {_COLUMNS} FROM message WHERE n = ?", (n,)).fetchone()
            )

    def fields(self, record: Record) -> Fields:
        """The record as it was read, with its names in canonical order."""
        row = self._db.execute(f"{SELECT} WHERE m.n = ?", (record.n,)).fetchone()
        return stored_fields(tuple(row), self.files)

    # --- Giving up ----------------------------------------------------------------------------------------

    def keep(self, kept: Record, others: Sequence[Record], changed: Fields) -> None:
        """Let one record stand for others; ``changed``: its fields that are not as it was read."""
        fields = self.fields(kept)
        if "edits" in changed:
            self._loosen(kept.n)
        self._twin(kept, kept.n, {"rare": kept.rare})
        for each in others:
            differing = {
                name: getattr(each, name) for name in _OWN if getattr(each, name) != getattr(kept, name)
            }
            if each.n not in self._loose:
                self._loosen(each.n)
            self._loose.discard(each.n)
            self._twin(each, kept.n, differing)
            self._db.execute("DELETE FROM message WHERE n = ?", (each.n,))
        self._store(kept.n, kept.rare, fields, changed)

    def _twin(self, record: Record, message: int, form: Mapping[str, Any]) -> None:
        self._db.execute(
            "INSERT INTO twin VALUES (?,?,?,?,?,?,?,?,?)",
            (record.n, message, record.id, record.file, record.table_name, record.row_id, record.place,
             orjson.dumps(form).decode(), record.sha256),
        )  # fmt: skip

    def _store(self, n: int, rare: str | None, fields: Fields, changed: Fields) -> None:
        """Write a record with changed fields of the rare ones, and its digest."""
        found = {**(orjson.loads(rare) if rare else {}), **changed}
        digest = hashlib.sha256(written({**fields, **changed})).digest()
        text = written(dict(sorted(found.items()))).decode()
        said = fields["text"]
        words = words_of(said if isinstance(said, str) else None, {**fields, **changed})
        self._db.execute(
            "UPDATE message SET rare = :rare, sha256 = :sha256, words = :words WHERE n = :n",
            {"rare": text, "sha256": digest, "words": words, "n": n},
        )

    # --- Making again -------------------------------------------------------------------------------------

    def restore(self, conversation: int) -> None:
        """Make every record of a conversation as it was read."""
        rows = self._db.execute(
            "SELECT t.n, t.message, t.id, t.file, t.table_name, t.row_id, t.place, t.form, t.sha256"
            " FROM message AS m JOIN twin AS t ON t.message = m.n WHERE m.conversation = ?"
            " ORDER BY t.message, t.n <> t.message",
            (conversation,),
        ).fetchall()
        kept: Record | None = None
        for n, message, *place, form, digest in rows:
            if n == message:
                self._loosen(n)
                (found,) = self.records((n,))
                kept = found._replace(rare=json.loads(form)["rare"], sha256=digest)
                self._db.execute(
                    "UPDATE message SET rare = ?, sha256 = ?, words = ? WHERE n = ?",
                    (kept.rare, digest, _words(kept), n),
                )
            elif kept is not None:
                self._insert(kept, n, place, form, digest)
        self._db.executemany("DELETE FROM twin WHERE n = ?", [(row[0],) for row in rows])
        self._db.executemany(
            "DELETE FROM difference WHERE scope = 'copies' AND message = ?", [(row[0],) for row in rows]
        )

    def _insert(self, kept: Record, n: int, place: Sequence[Any], form: str, digest: bytes) -> None:
        key, file, table, row_id, where = place
        copy = kept._replace(
            n=n, id=key, file=file, table_name=table, row_id=row_id, place=where, sha256=digest,
            **json.loads(form),
        )  # fmt: skip
        self._db.execute(
            f"INSERT INTO message ({_COLUMNS}, words) VALUES ({','.join('?' * len(copy))}, ?)",
            (*copy, _words(copy)),
        )
        self._loose.add(n)

    def restate(self, conversation: int) -> None:
        """Make the digests anew of a conversation of which the case now says something else."""
        rows = self._db.execute(f"{SELECT} WHERE m.conversation = ?", (conversation,)).fetchall()
        self._db.executemany(
            "UPDATE message SET sha256 = ? WHERE id = ?",
            [(hashlib.sha256(written(stored_fields(row, self.files))).digest(), row[_ID]) for row in rows],
        )

    # --- The search index and the analysis ----------------------------------------------------------------

    def _loosen(self, n: int) -> None:
        """Take a message out of the search index and of what the analysis looks at."""
        if n in self._loose:
            return
        self._db.execute(
            "INSERT INTO message_text (message_text, rowid, text)"
            " SELECT 'delete', n, text FROM searchable WHERE n = ?",
            (n,),
        )
        self._db.execute("DELETE FROM cue WHERE message = ?", (n,))
        self._loose.add(n)

    def settle(self) -> None:
        """Put what was taken out and is still there into the search index and the analysis again."""
        for n in sorted(self._loose):
            found = self._db.execute("SELECT text, rare FROM message WHERE n = ?", (n,)).fetchone()
            text, rare = found
            self._db.execute(
                "INSERT INTO message_text (rowid, text) SELECT n, text FROM searchable WHERE n = ?", (n,)
            )
            flags = (self._speaks(text) if text else 0) | (cue_of_edits(rare, self._speaks) if rare else 0)
            if flags:
                self._db.execute("INSERT INTO cue VALUES (?,?)", (n, flags))
        self._loose.clear()

    # --- Answers ------------------------------------------------------------------------------------------

    def redirect_replies(self) -> None:
        """Answers to a record that was given up name the one that stands for it."""
        rows = self._db.execute(
            "SELECT m.n, m.rare, t.form, (SELECT count(*) FROM twin WHERE message = m.n) FROM message AS m"
            f" LEFT JOIN twin AS t ON t.n = m.n WHERE m.rare LIKE '%{_REPLY}%'"
        ).fetchall()
        for n, rare, form, twins in rows:
            as_read = orjson.loads(json.loads(form)["rare"] if form else rare).get("reply_to") or {}
            target = self._standing_for(as_read.get("id"))
            current = orjson.loads(rare).get("reply_to") or {}
            if target == current.get("id"):
                continue
            (record,) = self.records((n,))
            fields = self.fields(record)
            if form is None:
                self._twin(record, n, {"rare": rare})
            elif twins == 1 and target == as_read.get("id"):
                self._db.execute("DELETE FROM twin WHERE n = ?", (n,))
            self._store(n, rare, fields, {"reply_to": {**current, "id": target}})

    def _standing_for(self, key: str | None) -> str | None:
        """The id of the record that stands for the one of that id."""
        if key is None:
            return None
        found = self._db.execute(
            "SELECT m.id FROM twin AS t LEFT JOIN message AS m ON m.n = t.message"
            " WHERE t.id = ? AND t.n <> t.message",
            (bytes.fromhex(key[1:]),),
        ).fetchone()
        return f"m{found[0].hex()}" if found else key


def as_read(
    db: sqlite3.Connection, files: Mapping[int, FilePlace], key: bytes
) -> tuple[Fields, bytes] | None:
    """The record of that id as it was read, with the digest that it had; None where it was never changed."""
    found = db.execute(
        "SELECT n, message, file, table_name, row_id, place, form, sha256 FROM twin WHERE id = ?", (key,)
    ).fetchone()
    if found is None:
        return None
    n, message, file, table, row_id, place, form, digest = found
    row = db.execute(f"{SELECT} WHERE m.n = ?", (message,)).fetchone()
    own = db.execute("SELECT form FROM twin WHERE n = ?", (message,)).fetchone()
    if row is None or own is None:
        return {}, digest
    values = list(row)
    values[_STORED_RARE] = json.loads(own[0])["rare"]
    if n != message:
        for name, value in json.loads(form).items():
            values[_PLACES[name]] = value
        values[15:18], values[19] = (file, table, row_id), place
    return stored_fields(tuple(values), dict(files)), digest
