"""What persons selected for the report: messages and stretches, with notes, in an order.

Every change is one more entry, appended and logged; the selection of today is what they amount to.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from forensics.comparison import standing_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A message, or several of one conversation in their order; ``item`` is its number for good."""

    item: int
    conversation: str
    messages: tuple[str, ...]
    note: str
    by: str
    at: str


def selection(db: sqlite3.Connection) -> list[Stretch]:
    """The stretches as they stand, in the order that persons gave them."""
    found: list[Stretch] = []
    for item, action, form, by, at in db.execute(
        "SELECT item, action, form, by, at FROM selected ORDER BY n"
    ).fetchall():
        said = json.loads(form)
        if action == "added":
            found.append(_added(db, item, said, (by, at)))
            continue
        place = next((place for place, each in enumerate(found) if each.item == item), None)
        if place is not None:
            _apply(found, place, action, said)
    return found


def _added(db: sqlite3.Connection, item: int, said: dict[str, Any], who: tuple[str, str]) -> Stretch:
    """An item with the ids that its messages and conversation have now: further evidence may merge
    records."""
    messages = tuple(dict.fromkeys(standing_for(db, each) for each in said["messages"]))
    row = db.execute(
        "SELECT c.id FROM message AS m LEFT JOIN conversation AS c ON c.n = m.conversation WHERE m.id = ?",
        (bytes.fromhex(messages[0][1:]),),
    ).fetchone()
    conversation = row[0] if row else said["conversation"]
    by, at = who
    return Stretch(item=item, conversation=conversation, messages=messages, note=said["note"], by=by, at=at)


def _apply(found: list[Stretch], place: int, action: str, said: dict[str, Any]) -> None:
    stretch = found.pop(place)
    if action == "noted":
        found.insert(place, _with_note(stretch, said["note"]))
    elif action == "placed":
        found.insert(min(max(0, said["place"] - 1), len(found)), stretch)


def _with_note(stretch: Stretch, note: str) -> Stretch:
    return Stretch(
        item=stretch.item, conversation=stretch.conversation, messages=stretch.messages, note=note,
        by=stretch.by, at=stretch.at,
    )  # fmt: skip
