"""Selecting for the report: every change is one more entry, appended and logged."""

from __future__ import annotations

import json
from collections.abc import Sequence

from forensics import times
from forensics.case import Case
from forensics.case_thread import number_of
from forensics.digest import sha256
from forensics.errors import WrongUse
from forensics.selected import selection

# Messages of one stretch: beyond this a person selects a conversation, which `sporen report --conversation`
# prints.
MOST = 5_000
_LONGEST_NOTE = 4_000


def add(case: Case, messages: Sequence[str], note: str, by: str | None) -> int:
    """Select messages of one conversation; gives the number of the item. WrongUse for ids of no message, of
    several conversations, none, or too many."""
    if not 0 < len(messages) <= MOST:
        raise WrongUse(f"{len(messages)} messages: select 1 to {MOST} at a time")
    numbers = [number_of(case.db, each) for each in messages]
    unknown = [key for key, number in zip(messages, numbers, strict=True) if number is None]
    if unknown:
        raise WrongUse(f"{unknown[0]}: no message of that id in this case")
    if len({number[0] for number in numbers if number}) > 1:
        raise WrongUse("the messages are of several conversations; select those of one at a time")
    (conversation,) = case.db.execute(
        "SELECT id FROM conversation WHERE n = ?", (numbers[0][0] if numbers[0] else None,)
    ).fetchone()
    form = {"conversation": conversation, "messages": list(dict.fromkeys(messages)), "note": _note(note)}
    return _append(case, None, "added", form, by)


def set_note(case: Case, item: int, note: str, by: str | None) -> None:
    """Another note on an item. WrongUse where the item is not in the selection."""
    _there(case, item)
    _append(case, item, "noted", {"note": _note(note)}, by)


def move(case: Case, item: int, place: int, by: str | None) -> None:
    """Put an item at a place from 1. WrongUse where the item is not in the selection."""
    _there(case, item)
    _append(case, item, "placed", {"place": place}, by)


def remove(case: Case, item: int, by: str | None) -> None:
    """Leave an item out again. WrongUse where the item is not in the selection."""
    _there(case, item)
    _append(case, item, "removed", {}, by)


def _there(case: Case, item: int) -> None:
    if all(each.item != item for each in selection(case.db)):
        raise WrongUse(f"{item}: no such item in the selection")


def _note(text: str) -> str:
    if len(text) > _LONGEST_NOTE or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise WrongUse(f"the note is no text, or longer than {_LONGEST_NOTE} characters")
    return text.strip()


def _append(case: Case, item: int | None, action: str, form: dict[str, object], by: str | None) -> int:
    person = by or str(case.info["examiner"])
    with case.change(writes=("selected",)) as change:
        (last,) = change.db.execute("SELECT ifnull(max(n), 0) FROM selected").fetchone()
        number = int(last) + 1
        item = item or number
        kept = json.dumps(form, ensure_ascii=False, sort_keys=True)
        seq = change.log(
            "report.select", {"item": item}, action, changes_case=True, by=person, form_sha256=sha256(kept)
        )
        change.db.execute(
            "INSERT INTO selected (n, item, action, form, by, at, seq) VALUES (?,?,?,?,?,?,?)",
            (number, item, action, kept, person, times.rfc3339(times.now()), seq),
        )
    return item
