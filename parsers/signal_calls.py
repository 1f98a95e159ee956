"""The calls of Signal for Android: from the table of calls, or from the messages where there is none.

Source: Signal reference 3.5 and 3.7 (CallTable; an entry deleted from the call log stays in the table).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import Row
from forensics.model import Call, Message, Notice
from parsers.message_calls import call_from
from parsers.signal_codes import CALL_AUDIO, CALL_EVENTS, CALL_VIDEO, CALLS, spoken
from parsers.signal_context import Context
from parsers.signal_people import APP, Chat, others
from parsers.signal_tables import CALL
from parsers.table_rows import TableRows


def calls(context: Context) -> Iterator[Call | Notice]:
    """The calls of the table, in row id order."""
    table = TableRows(context.installation, CALL, context.notes)
    for row in table.rows():
        table.accounting.messages += 1
        yield _call(context, row)
        yield from context.notes.drain()
    yield from table.close()


def _call(context: Context, row: Row) -> Call:
    rowid, _message, peer, kind, direction, event, timestamp, ringer = row
    directory, notes = context.directory, context.notes
    chat = directory.chat_of(peer)
    person, caller = directory.person(peer), directory.person(ringer)
    if event not in CALL_EVENTS:
        notes.unknown("call event", event)
    from_owner = {0: False, 1: True}.get(direction)
    sender = directory.people.owner if from_owner else caller or person
    return Call(
        id=context.installation.place.call(CALL.name, rowid),
        app=APP,
        account=directory.people.account_id,
        conversation=None if chat is None else chat.id,
        sender=None if sender is None or from_owner is None else sender.id,
        from_owner=from_owner,
        at=notes.instant(timestamp, CALL.name, rowid, "timestamp"),
        seconds=None,
        video={CALL_AUDIO: False, CALL_VIDEO: True}.get(kind),
        result=CALL_EVENTS.get(event) or spoken(CALL_EVENTS, event),
        participants=others(person, caller),
        source=context.source(CALL.name, rowid),
    )


def call_of_message(context: Context, message: Message, kind: int, chat: Chat) -> Call:
    """The call that a row of an old message table stands for."""
    _words, _from_owner, video, result = CALLS[kind]
    partners = others(chat.partner)
    place = context.installation.place
    return call_from(place, message, seconds=None, video=video, result=result, participants=partners)
