"""The copies of texts in a case, each tied to its message: what a person and the analysis see beside it.

A copy names its message by the id that its own database gives. Where that record was merged into another
database's, or where another item of evidence holds the message that is gone here, the app's own id within
the conversation finds it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from forensics.analysis.cues import CUE_DRUG
from forensics.analysis.findings import Line
from forensics.copies import SEVERITY, read_copy
from forensics.message_row import edited_texts, reading_order
from forensics.times import parse_rfc3339

Copy = dict[str, Any]
_AT_ONCE = 500


def copies(db: sqlite3.Connection) -> list[Copy]:
    """All copies in the order in which they were found; ``message`` is the message that a copy stands
    beside: its own, or, where that is gone, the one whose row keeps the copy."""
    rows = db.execute("SELECT source, raw FROM notice WHERE severity = ? ORDER BY n", (SEVERITY,))
    found = [read_copy(*row) for row in rows.fetchall()]
    _find_merged(db, found)
    known = _known(db, (key for each in found for key in (each["copy_of"], each["holder"]) if key))
    for each in found:
        each["copy_of"] = each["copy_of"] if each["copy_of"] in known else None
        holder = each["holder"] if each["holder"] in known else None
        each["message"] = each["copy_of"] or holder
    return found


def copies_of(db: sqlite3.Connection, message: str) -> list[Copy]:
    """The copies that stand beside one message."""
    return [each for each in copies(db) if each["message"] == message]


def _known(db: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    return {key for key in set(keys) if _has(db, key)}


def _has(db: sqlite3.Connection, key: str) -> bool:
    row = db.execute("SELECT 1 FROM message WHERE id = ?", (bytes.fromhex(key[1:]),)).fetchone()
    return row is not None


def _find_merged(db: sqlite3.Connection, found: list[Copy]) -> None:
    """Give copies whose message has no record of that id the record with its app id in its conversation."""
    lost = [each for each in found if each["app_id"] and not (each["copy_of"] and _has(db, each["copy_of"]))]
    if not lost or not _has_several_databases(db):
        return
    wanted = sorted({each["app_id"] for each in lost})
    there: dict[tuple[str, str, bool | None], str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        for key, place in _with_app_ids(db, wanted[start : start + _AT_ONCE]):
            there.setdefault(place, key)
    for each in lost:
        place = (each["conversation"], each["app_id"], each["from_owner"])
        each["copy_of"] = there.get(place, each["copy_of"])


def _has_several_databases(db: sqlite3.Connection) -> bool:
    # every message was counted in a table of its file; only where several have one are all messages asked
    (counted,) = db.execute("SELECT count(*) FROM file WHERE tables NOT IN ('{}', 'null')").fetchone()
    if counted < 2:
        return False
    sql = "SELECT EXISTS (SELECT 1 FROM message WHERE file <> (SELECT file FROM message LIMIT 1))"
    return bool(db.execute(sql).fetchone()[0])


def _with_app_ids(
    db: sqlite3.Connection, wanted: list[str]
) -> Iterator[tuple[str, tuple[str, str, bool | None]]]:
    marks = ",".join("?" * len(wanted))
    rows = db.execute(
        "SELECT m.id, c.id, m.app_id, m.from_owner FROM message AS m"
        f" LEFT JOIN conversation AS c ON c.n = m.conversation WHERE m.app_id IN ({marks}) ORDER BY m.n",
        wanted,
    )
    for key, conversation, app_id, from_owner in rows:
        yield f"m{key.hex()}", (conversation, app_id, None if from_owner is None else bool(from_owner))


class SpokenCopy(NamedTuple):
    """A copy that can contribute to a finding, as a line at the place of the message beside it."""

    copy: Copy
    # the terms of the reading order behind the time (forensics.message_row.reading_order)
    place: tuple[int, ...]
    line: Line


def spoken_copies(db: sqlite3.Connection, speaks: Callable[[str], int]) -> dict[int, list[SpokenCopy]]:
    """The copies whose text can contribute, by the number of the conversation that they stand in; a text that
    a record of the same message has itself is none, and several copies of one text are one."""
    found: dict[int, list[SpokenCopy]] = {}
    seen: set[tuple[str, str]] = set()
    order = reading_order(db)
    for number, each in enumerate(copies(db), 1):
        flags = speaks(each["text"]) if each["message"] else 0
        mark = (each["copy_of"] or each["app_id"] or each["message"], each["text"])
        if not flags or mark in seen:
            continue
        seen.add(mark)
        place, conversation, sent_at, sender, from_owner = _beside(db, each, order)
        if _is_told(db, conversation, each, speaks):
            continue
        line = Line(f"{each['message']}+{number}", each["text"], sent_at, sender, from_owner, flags)
        found.setdefault(conversation, []).append(SpokenCopy(each, place, line))
    return found


def _beside(
    db: sqlite3.Connection, each: Copy, order: str
) -> tuple[tuple[int, ...], int, int | None, str | None, bool | None]:
    """Place and conversation of the message that a copy stands beside; when and by whom its original was
    sent, as far as that is stored."""
    conversation, sender, from_owner, sent_at, *place = db.execute(
        f"SELECT m.conversation, p.id, m.from_owner, {order} FROM message AS m"
        " LEFT JOIN participant AS p ON p.n = m.sender WHERE m.id = ?",
        (bytes.fromhex(each["message"][1:]),),
    ).fetchone()
    if each["copy_of"]:
        return tuple(place), conversation, sent_at, sender, None if from_owner is None else bool(from_owner)
    own = None if each["sent_at"] is None else parse_rfc3339(each["sent_at"])
    return tuple(place), conversation, sent_at if own is None else own, each["sender"], each["from_owner"]


def _is_told(db: sqlite3.Connection, conversation: int, each: Copy, speaks: Callable[[str], int]) -> bool:
    """Whether that text is what the analysis reads of a record of that message in the conversation."""
    rows = db.execute(
        "SELECT text, rare FROM message WHERE conversation = ? AND app_id = ?",
        (conversation, each["app_id"]),
    )
    known = ([text, *reversed(edited_texts(rare))] for text, rare in rows)
    return any(each["text"] in texts and each["text"] == spoken(texts, speaks)[0] for texts in known)


def spoken(texts: Sequence[str | None], speaks: Callable[[str], int]) -> tuple[str, int]:
    """That of a message's texts, the newest first, which the analysis reads, and what it may speak of: one
    that may speak of a drug, else one that says anything."""
    said = [(text, speaks(text)) for text in texts if text]
    return max(said, key=lambda each: (bool(each[1] & CUE_DRUG), bool(each[1])))
