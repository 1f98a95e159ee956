"""The analysis of a case: conversations that gained messages are read again, and their flags made anew.

Only messages whose text can contribute (``cue``) are looked at; the others change nothing (analysis.cues).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlite_utils

from forensics.analysis.findings import Classifier, Finding, Line, find
from forensics.analysis.validation import validate
from forensics.identity import flag_id


@cache
def built_in() -> Classifier:
    """The classifier of this version, read once for all items of a command."""
    return Classifier.load()


@cache
def _validation() -> dict[str, Any]:
    """What the built-in validation set gives: it depends on nothing but this version."""
    return dict(validate())


def analyse(db: sqlite_utils.Database, classifier: Classifier, since: int) -> int:
    """Make the flags of every conversation that has messages from number ``since`` on; gives their number."""
    touched = db.execute(
        "SELECT DISTINCT m.conversation, c.id FROM message AS m"
        " LEFT JOIN conversation AS c ON c.n = m.conversation WHERE m.n >= ? ORDER BY m.conversation",
        (since,),
    ).fetchall()
    return sum(_conversation(db, classifier, number, key) for number, key in touched)


def _conversation(db: sqlite_utils.Database, classifier: Classifier, number: int, key: str) -> int:
    db.execute("DELETE FROM flag WHERE conversation = ?", (number,))
    lines = list(_lines(db, number))
    found = find(lines, classifier) if lines else []
    db.conn.executemany(
        "INSERT INTO flag (id, conversation, kind, score, form) VALUES (?,?,?,?,?)",
        (
            (flag_id(each.kind, key, each.messages), number, each.kind, each.score, _form(each, key))
            for each in found
        ),
    )
    return len(found)


def _lines(db: sqlite_utils.Database, number: int) -> Iterator[Line]:
    rows = db.execute(
        "SELECT m.id, m.text, m.sent_at, p.id, m.from_owner, q.flags FROM cue AS q"
        " LEFT JOIN message AS m ON m.n = q.message LEFT JOIN participant AS p ON p.n = m.sender"
        " WHERE m.conversation = ? ORDER BY m.sent_at, m.n",
        (number,),
    )
    for key, text, sent_at, sender, from_owner, flags in rows:
        owner = None if from_owner is None else bool(from_owner)
        yield Line(
            id=f"m{key.hex()}", text=text, sent_at=sent_at, sender=sender, from_owner=owner, flags=flags
        )


def _form(finding: Finding, conversation: str) -> str:
    found: dict[str, Any] = finding.as_dict()
    found["conversation"] = conversation
    return json.dumps(found, ensure_ascii=False, sort_keys=True)


def rules_record(classifier: Classifier, validated_at: str) -> dict[str, Any]:
    """What a report says of the rules: version, digest, thresholds, and what validation gave now."""
    kept = ("messages", "labels", "trade", "items")
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
