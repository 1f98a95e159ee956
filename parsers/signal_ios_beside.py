"""What belongs to a message of Signal for iOS by its unique id, and how far it came with each recipient.

Source: Signal reference 4.2; of recipientAddressStates the app's own source ("from source": Signal-iOS,
TSOutgoingMessageRecipientState.swift and TSOutgoingMessage.h).
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from forensics.fields import Row, Table
from forensics.model import Receipt
from forensics.parser import Installation
from parsers import signal_archive, signal_json
from parsers.notes import Notes
from parsers.signal_ios_people import IosDirectory
from parsers.signal_json import Object
from parsers.signal_sides import all_rows

_MOST_ORPHANS = 50
# OWSOutgoingMessageRecipientStatus; 2 was never sent to that person.
RECIPIENT_STATES = {
    0: "failed",
    1: "pending",
    3: "sent",
    4: "pending",
    5: "delivered",
    6: "read",
    7: "played",
}
SKIPPED = 2
# How far a message came, the least first.
_RANK = ("failed", "pending", "sent", "delivered", "read", "played")
# Older states are "sent" with a time of its own for each further step.
_OLDER = (("viewedTimestamp", "played"), ("readTimestamp", "read"), ("deliveryTimestamp", "delivered"))


class Sides:
    """Rows that name a message by its unique id: reactions and mentions; each is given once."""

    def __init__(self, installation: Installation, table: Table, notes: Notes) -> None:
        self._table = table
        self._rows: dict[str | None, list[Row]] = {}
        for row in all_rows(installation.database, table, notes):
            self._rows.setdefault(row[1], []).append(row)

    def take(self, key: str | None) -> list[Row]:
        """The rows of a message."""
        return self._rows.pop(key, [])

    def close(self, notes: Notes) -> None:
        """Say what belongs to no message."""
        rows = [row for each in self._rows.values() for row in each]
        if rows:
            count = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
            text = f"{count} of {self._table.name} without their message: it is gone or was never kept"
            raw = "\n".join(str(row) for row in rows[:_MOST_ORPHANS])
            notes.add("info", text, self._table.name, rows[0][0], raw)


def send_states(
    states: Object, directory: IosDirectory, notes: Notes, table: str, rowid: int
) -> tuple[tuple[Receipt, ...], str | None]:
    """The receipts of each recipient, and the furthest that the message came; None where nothing says so."""
    receipts, reached = [], []
    for address, value in states.items():
        state = value if isinstance(value, dict) else {}
        code = signal_json.integer_of(state, "state")
        times = dict(_times(state, code))
        if code is not None and code != SKIPPED and code not in RECIPIENT_STATES:
            notes.unknown("state of a recipient", code)
        reached += [*times, *([RECIPIENT_STATES[code]] if code in RECIPIENT_STATES else [])]
        if not times:
            continue
        service = signal_archive.service_id(address)
        is_number = service is not None and service.startswith("+")
        person = directory.person(None if is_number else service, service if is_number else None)
        instant = {
            word: notes.instant(at, table, rowid, "recipientAddressStates") for word, at in times.items()
        }
        receipt = Receipt(
            participant=None if person is None else person.id,
            delivered_at=instant.get("delivered"),
            read_at=instant.get("read"),
            played_at=instant.get("played"),
        )
        receipts.append(receipt)
    return tuple(receipts), max(reached, key=_RANK.index, default=None)


def _times(state: Object, code: int | None) -> Iterator[tuple[str, int]]:
    """How far it came beyond being sent, and when that was known."""
    at = signal_json.integer_of(state, "statusTimestamp")
    if at is not None:
        word = RECIPIENT_STATES.get(code if code is not None else SKIPPED)
        if word in ("delivered", "read", "played"):
            yield word, at
        return
    for key, word in _OLDER:
        found = signal_json.integer_of(state, key)
        if found is not None:
            yield word, found


def last_versions(later: Mapping[int, int], past: Container[int]) -> dict[int, int]:
    """The message that each older version belongs to: ``later`` may name one that is ``past`` itself, or go
    in a circle, whose versions then belong to one of their own."""
    found: dict[int, int] = {}
    for first in later:
        path: dict[int, None] = {}
        at = first
        while at in later and at not in path and at not in found and (at == first or at in past):
            path[at] = None
            at = later[at]
        newest = found[at] if at in found and at in past else at
        found.update(dict.fromkeys(path, newest))
    return found
