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

from forensics.analysis.cues import CUE_DRUG
from forensics.analysis.findings import Classifier, Finding, Line, find
from forensics.analysis.validation import OTHERS, validate
from forensics.identity import flag_id
from forensics.message_row import edited_texts, reading_order
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


def analyse(db: sqlite3.Connection, since: int, workers: int = 1, changed: Sequence[int] = ()) -> int:
    """Make the flags of every conversation that has messages from number ``since`` on, and of the changed
    ones; gives their number.

    A conversation without a line that may speak of a drug has no finding (analysis.window).
    """
    touched = (
        "SELECT DISTINCT conversation FROM message WHERE n >= :since"
        " UNION SELECT value FROM json_each(:changed)"
    )
    which = {"since": since, "changed": json.dumps(list(changed))}
    db.execute(
        f"DELETE FROM flag WHERE conversation IN ({touched})"
        " OR conversation NOT IN (SELECT n FROM conversation)",
        which,
    )
    speaking = db.execute(
        "SELECT m.conversation, c.id, count(*) FROM cue AS q LEFT JOIN message AS m ON m.n = q.message"
        " LEFT JOIN conversation AS c ON c.n = m.conversation"
        f" WHERE q.flags & {CUE_DRUG} AND m.conversation IN ({touched})"
        " GROUP BY m.conversation ORDER BY m.conversation",
        which,
    ).fetchall()
    is_large = sum(count for _, _, count in speaking) >= _WORTH_A_POOL
    parts = (Part(number, key, _lines(db, number)) for number, key, _ in speaking)
    found = 0
    for rows in in_order(flags_of, parts, workers if is_large else 1):
        found += len(rows)
        db.executemany("INSERT INTO flag (id, conversation, kind, score, form) VALUES (?,?,?,?,?)", rows)
    return found


class Part(NamedTuple):
    """One conversation to analyse: its number and id in the case, and the rows of its lines that say
    something as ``marshal`` writes them, which goes to another process at a third of the cost of objects.
    """

    number: int
    key: str
    lines: bytes


def flags_of(part: Part) -> list[tuple[str, int, str, int, str]]:
    """The rows of the flags of a conversation."""
    return [
        (
            flag_id(each.kind, part.key, each.messages),
            part.number,
            each.kind,
            each.score,
            _form(each, part.key),
        )
        for each in find(list(map(_line, marshal.loads(part.lines))), built_in())
    ]


def _lines(db: sqlite3.Connection, number: int) -> bytes:
    rows = db.execute(
        "SELECT m.id, m.text, m.rare, m.sent_at, p.id, m.from_owner, q.flags FROM cue AS q"
        " LEFT JOIN message AS m ON m.n = q.message LEFT JOIN participant AS p ON p.n = m.sender"
        f" WHERE m.conversation = ? ORDER BY {reading_order(db)}",
        (number,),
    )
    return marshal.dumps(rows.fetchall())


def _line(row: tuple[bytes, str | None, str | None, int | None, str | None, int | None, int]) -> Line:
    key, text, rare, sent_at, sender, from_owner, flags = row
    owner = None if from_owner is None else bool(from_owner)
    line = Line(f"m{key.hex()}", text or "", sent_at, sender, owner, flags)
    older = edited_texts(rare)
    return _speaking(line, [text, *reversed(older)]) if older else line


def _speaking(line: Line, texts: Sequence[str | None]) -> Line:
    """The line with that of the message's texts, the newest first, which the analysis reads: one that may
    speak of a drug, else one that says anything."""
    said = [(text, built_in().speaks(text)) for text in texts if text]
    text, flags = max(said, key=lambda each: (bool(each[1] & CUE_DRUG), bool(each[1])))
    return line._replace(text=text, flags=flags)


def _form(finding: Finding, conversation: str) -> str:
    found: dict[str, Any] = finding.as_dict()
    found["conversation"] = conversation
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def rules_record(classifier: Classifier, validated_at: str) -> dict[str, Any]:
    """What a report says of the rules: version, digest, thresholds, and what validation gave now."""
    kept = ("messages", "labels", "trade", "items", *OTHERS)
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
