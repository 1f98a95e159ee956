"""The analysis of a case: conversations that gained messages are read again, and their flags made anew.

Only messages whose text can contribute (``cue``) are looked at; the others change nothing (analysis.cues).
"""

from __future__ import annotations

import json
import marshal
import sqlite3
from functools import cache
from typing import Any, NamedTuple

from forensics.analysis.cues import CUE_DRUG
from forensics.analysis.findings import Classifier, Finding, Line, find
from forensics.analysis.validation import validate
from forensics.case_copies import Copy, SpokenCopy, spoken_copies
from forensics.identity import flag_id
from forensics.workers import in_order

# Lines that may speak of a drug from which on a pool of processes is worth its start.
_WORTH_A_POOL = 4_000


@cache
def built_in() -> Classifier:
    """The classifier of this version, read once for all items of a command."""
    return Classifier.load()


@cache
def _validation() -> dict[str, Any]:
    """What the built-in validation set gives: it depends on nothing but this version."""
    return dict(validate(built_in()))


def analyse(db: sqlite3.Connection, since: int, workers: int = 1) -> int:
    """Make the flags of every conversation that has messages from number ``since`` on; gives their number.

    A conversation without a line that may speak of a drug has no finding (analysis.window).
    """
    touched = "SELECT DISTINCT conversation FROM message WHERE n >= ?"
    db.execute(f"DELETE FROM flag WHERE conversation IN ({touched})", (since,))
    copied = spoken_copies(db, built_in().speaks)
    counted = db.execute(
        "SELECT m.conversation, count(*) FROM cue AS q LEFT JOIN message AS m ON m.n = q.message"
        f" WHERE q.flags & {CUE_DRUG} AND m.conversation IN ({touched}) GROUP BY m.conversation",
        (since,),
    )
    speaking: dict[int, int] = dict(counted.fetchall())
    for (number,) in db.execute(touched, (since,)).fetchall():
        if any((each.line.flags or 0) & CUE_DRUG for each in copied.get(number, ())):
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
        rows += [(each.place, *each.line) for each in copied]
        rows.sort(key=lambda row: (row[3] is not None, row[3] or 0, row[0]))
    return Part(number, key, marshal.dumps(rows), {each.line.id: each.copy for each in copied})


def _rows(db: sqlite3.Connection, number: int) -> list[tuple[Any, ...]]:
    """The lines of a conversation in order, each with the number of its message before it."""
    rows = db.execute(
        "SELECT m.n, m.id, m.text, m.sent_at, p.id, m.from_owner, q.flags FROM cue AS q"
        " LEFT JOIN message AS m ON m.n = q.message LEFT JOIN participant AS p ON p.n = m.sender"
        " WHERE m.conversation = ? ORDER BY m.sent_at, m.n",
        (number,),
    )
    return rows.fetchall()


def _line(row: tuple[int, bytes | str, str, int | None, str | None, int | None, int]) -> Line:
    """A line; a copy's id is a text, a message's the bytes of the case."""
    _place, key, text, sent_at, sender, from_owner, flags = row
    owner = None if from_owner is None else bool(from_owner)
    return Line(key if isinstance(key, str) else f"m{key.hex()}", text, sent_at, sender, owner, flags)


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


def rules_record(classifier: Classifier, validated_at: str) -> dict[str, Any]:
    """What a report says of the rules: version, digest, thresholds, and what validation gave now."""
    kept = ("messages", "labels", "trade", "items", "second", "blind")
    figures = _validation()
    return {
        "version": classifier.version,
        "sha256": classifier.sha256,
        "thresholds": classifier.rules.thresholds,
        "window": classifier.rules.window,
        "validation": {
            "test_set": f"built-in set of {classifier.version}",
            "last_run": validated_at,
            **{name: figures[name] for name in kept},
        },
    }
