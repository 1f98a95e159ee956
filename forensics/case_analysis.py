"""The analysis of a case: conversations that gained messages are read again, and their flags made anew.

Only messages whose text can contribute (``cue``) are looked at; the others change nothing (analysis.cues).
"""

from __future__ import annotations

import json
import marshal
import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from forensics.analysis.cues import CUE_CODED, CUE_DRUG
from forensics.analysis.findings import Classifier, Finding, Line, find
from forensics.analysis.measured import measured
from forensics.case_copies import Copy, SpokenCopy, spoken, spoken_copies
from forensics.identity import flag_id
from forensics.message_row import edited_texts, reading_order
from forensics.workers import in_order

_OPENING = CUE_DRUG | CUE_CODED  # without a line that has one of these a conversation has no finding
# Lines that may speak of a drug from which on a pool of processes is worth its start.
_WORTH_A_POOL = 4_000


@cache
def built_in() -> Classifier:
    """The classifier of this version, read once for all items of a command."""
    return Classifier.load()


def analyse(db: sqlite3.Connection, since: int, workers: int = 1, changed: Sequence[int] = ()) -> int:
    """Make the flags of every conversation that has messages from number ``since`` on, and of the changed
    ones; gives their number.

    A conversation without a line that may speak of a drug or trade in coded words has no finding
    (analysis.window).
    """
    touched = (
        "SELECT DISTINCT conversation FROM message WHERE n >= :since"
        " UNION SELECT value FROM json_each(:changed)"
    )
    copied = spoken_copies(db, built_in().speaks)
    # a copy may have come from a row that was merged into one that did not change
    which = {"since": since, "changed": json.dumps([*changed, *copied])}
    db.execute(
        f"DELETE FROM flag WHERE conversation IN ({touched})"
        " OR conversation NOT IN (SELECT n FROM conversation)",
        which,
    )
    counted = db.execute(
        "SELECT m.conversation, count(*) FROM cue AS q LEFT JOIN message AS m ON m.n = q.message"
        f" WHERE q.flags & {_OPENING} AND m.conversation IN ({touched}) GROUP BY m.conversation",
        which,
    )
    speaking: dict[int, int] = dict(counted.fetchall())
    for number, lines in copied.items():
        if any((each.line.flags or 0) & _OPENING for each in lines):
            speaking.setdefault(number, 0)
    is_large = sum(speaking.values()) >= _WORTH_A_POOL
    parts = (_part(db, number, copied.get(number, [])) for number in sorted(speaking))
    found = 0
    for rows in in_order(flags_of, parts, workers if is_large else 1):
        found += len(rows)
        db.executemany("INSERT INTO flag (id, conversation, kind, score, form) VALUES (?,?,?,?,?)", rows)
    return found


class Part(NamedTuple):
    """One conversation to analyse: its number and id in the case, and the rows of its lines that say
    something as ``marshal`` writes them, which goes to another process at a third of the cost of objects;
    by the ids of those that are no message's own, the copies that they are.
    """

    number: int
    key: str
    lines: bytes
    copies: dict[str, Copy]


def flags_of(part: Part) -> list[tuple[str, int, str, int, str]]:
    """The rows of the flags of a conversation."""
    return [
        (
            flag_id(each.kind, part.key, each.messages),
            part.number,
            each.kind,
            each.score,
            _form(each, part),
        )
        for each in find(list(map(_line, marshal.loads(part.lines))), built_in())
    ]


def _part(db: sqlite3.Connection, number: int, copied: list[SpokenCopy]) -> Part:
    (key,) = db.execute("SELECT id FROM conversation WHERE n = ?", (number,)).fetchone()
    rows = _rows(db, number)
    if copied:
        rows += [_copied_row(each) for each in copied]
        rows.sort(key=_reading_place)
    return Part(number, key, marshal.dumps(rows), {each.line.id: each.copy for each in copied})


def _rows(db: sqlite3.Connection, number: int) -> list[tuple[Any, ...]]:
    """The lines of a conversation in reading order, each with the terms of that order behind it."""
    order = reading_order(db)
    rows = db.execute(
        f"SELECT m.id, m.text, m.rare, m.sent_at, p.id, m.from_owner, q.flags, {order} FROM cue AS q"
        " LEFT JOIN message AS m ON m.n = q.message LEFT JOIN participant AS p ON p.n = m.sender"
        f" WHERE m.conversation = ? ORDER BY {order}",
        (number,),
    )
    return rows.fetchall()


def _copied_row(copied: SpokenCopy) -> tuple[Any, ...]:
    """A copy as a row like those of messages: a text that has no older ones."""
    line = copied.line
    return (line.id, line.text, None, *line[2:], line.sent_at, *copied.place)


def _reading_place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """As the database orders: what has no time comes first."""
    _key, _text, _rare, _at, _sender, _owner, _flags, sent_at, *place = row
    return (sent_at is not None, sent_at or 0, *place)


def _line(row: tuple[Any, ...]) -> Line:
    """A line; a copy's id is a text, a message's the bytes of the case."""
    key, text, rare, sent_at, sender, from_owner, flags, *_place = row
    owner = None if from_owner is None else bool(from_owner)
    known = key if isinstance(key, str) else f"m{key.hex()}"
    line = Line(known, text or "", sent_at, sender, owner, flags)
    older = edited_texts(rare)
    if not older:
        return line
    text, flags = spoken([text, *reversed(older)], built_in().speaks)
    return line._replace(text=text, flags=flags)


def _form(finding: Finding, part: Part) -> str:
    """The flag as it is stored. What was read in a copy is said to be that: ``copies`` has the copy with the
    message that it stands beside, and a rule that matched there says so."""
    found: dict[str, Any] = finding.as_dict()
    found["conversation"] = part.key
    used = [part.copies[each] for each in finding.messages if each in part.copies]
    if used:
        beside = {line: each["message"] for line, each in part.copies.items()}
        found["messages"] = list(dict.fromkeys(beside.get(each, each) for each in finding.messages))
        found["own"] = [each for each in finding.messages if each not in beside]
        found["copies"] = used
        for rule in found["rules"]:
            if rule["message"] in beside:
                rule |= {"message": beside[rule["message"]], "copy": part.copies[rule["message"]]["origin"]}
    form = json.dumps(found, ensure_ascii=False, sort_keys=True)
    for line, each in part.copies.items():  # reasons name other lines by their ids
        form = form.replace(line, each["message"])
    return form


def rules_record(classifier: Classifier, now: str) -> dict[str, Any]:
    """What a report says of the rules: version, digest, thresholds, and what validation gave."""
    figures = measured(classifier, now)
    return {
        "version": classifier.version,
        "sha256": classifier.sha256,
        "thresholds": classifier.rules.thresholds,
        "window": classifier.rules.window,
        "validation": {
            "test_set": f"built-in sets of {classifier.version}",
            "last_run": figures.pop("measured_at"),
            **figures,
        },
    }
