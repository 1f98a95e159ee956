"""What the type of a row in Signal for Android says: calls, events and their details in words.

Source: Signal reference 3.5 and 3.6.
"""

from __future__ import annotations

from forensics.digest import LARGEST_INTEGER
from forensics.formats.protobuf import ProtobufError
from forensics.model import System
from forensics.times import rfc3339
from parsers import signal_updates
from parsers.signal_codes import (
    BASE,
    CALLS,
    DRAFT_BOX,
    EVENT_SPECIALS,
    GROUP_2_UPDATE,
    GROUP_CALL,
    GROUP_MIGRATION,
    GROUP_UPDATE,
    PAYMENT,
    PAYMENT_TOMBSTONE,
    PROFILE_CHANGE,
    PUSH,
    SPECIALS,
    SWITCHOVER,
    THREAD_MERGE,
    TIMER_UPDATE,
    event_words,
    special,
    spoken,
)
from parsers.signal_context import Context
from parsers.signal_group_updates import first_group_update, group_call, group_changes_in, migration
from parsers.signal_row import NO_TIME, MessageRow


class Events:
    """The events of one message table."""

    def __init__(self, context: Context, table: str) -> None:
        self._context = context
        self._table = table

    def system(self, row: MessageRow, *, is_event: bool) -> System | None:
        """What the type of a row says besides its kind; None where the kind says it all."""
        if row.scheduled not in NO_TIME and row.scheduled is not None:
            at = self._context.notes.instant(row.scheduled, self._table, row.rowid, "scheduled_date")
            return System(type="scheduled", code=None, detail=f"to be sent at {rfc3339(at)}; not sent yet")
        kind = row.kind
        if kind is None:
            return System(type=None, code=None, detail=spoken({}, None))
        if kind in CALLS:
            return System(type=CALLS[kind][0], code=kind, detail=self._said(row, kind))
        if is_event:
            return self._event(row, kind)
        number = special(kind)
        if number:
            if number not in SPECIALS:
                self._context.notes.unknown("special type", number)
            is_payment = number in (PAYMENT, PAYMENT_TOMBSTONE)
            detail = f"payment {row.body}" if is_payment and row.body else None
            known = SPECIALS.get(number)
            return System(type=known, code=number, detail=detail if known else spoken(SPECIALS, number))
        if not kind & PUSH and kind & BASE != DRAFT_BOX:
            return System(type="SMS or MMS", code=kind, detail="not sent through Signal")
        return None

    def _event(self, row: MessageRow, kind: int) -> System:
        words = event_words(kind)
        if words is None:
            self._context.notes.unknown("message type", kind)
            return System(type=None, code=_code(kind), detail=spoken({}, kind))
        return System(type=words, code=_code(kind), detail=self._said(row, kind))

    def _said(self, row: MessageRow, kind: int) -> str | None:
        try:
            return self._detail(row, kind)
        except ProtobufError as error:
            text = f"row {row.rowid} of {self._table}: what this event says cannot be read: {error}"
            self._context.notes.add("doubt", text, self._table, row.rowid, row.extras or row.body)
            return None

    def _detail(self, row: MessageRow, kind: int) -> str | None:
        if kind & TIMER_UPDATE and special(kind) not in EVENT_SPECIALS:
            return signal_updates.timer_words((row.expires_in or 0) // 1000)
        if kind & GROUP_UPDATE:
            if not kind & GROUP_2_UPDATE:
                return first_group_update(row.body)
            found = signal_updates.group_update(row.body, row.extras, self._speak)
            return found or group_changes_in(row.extras, self._speak)
        if kind == GROUP_CALL:
            return group_call(row.body, self._speak)
        if kind in CALLS:
            return None
        if kind == GROUP_MIGRATION:
            return migration(row.body, self._speak_of)
        if kind == PROFILE_CHANGE:
            return signal_updates.profile_change(row.body, row.extras)
        if kind in (THREAD_MERGE, SWITCHOVER):
            return signal_updates.former_number(row.body)
        return row.body or None

    def _speak_of(self, recipient: int) -> str:
        person = self._context.directory.person(recipient)
        return f"recipient {recipient}" if person is None else person.spoken

    def _speak(self, service_id: str) -> str:
        is_pni = service_id.startswith("PNI:")
        person = self._context.directory.people.person(
            aci=None if is_pni else service_id, pni=service_id if is_pni else None
        )
        return service_id if person is None else person.spoken


def _code(kind: int) -> int | None:
    return kind if abs(kind) <= LARGEST_INTEGER else None
