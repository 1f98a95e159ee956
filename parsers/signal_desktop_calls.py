"""Calls of Signal Desktop that stand among the messages only: before there was a history of calls (2023).

Source: Signal reference 5.3 (callHistoryDetails); its fields are those that the app writes ("from source":
Signal-Desktop, ts/services/calling.ts, addCallHistory).
"""

from __future__ import annotations

from forensics.model import Call, Message
from forensics.parser import Installation
from parsers import signal_json
from parsers.message_calls import call_from, seconds_between
from parsers.notes import Notes
from parsers.signal_json import Object
from parsers.signal_people import Chat, others

_DETAILS = "callHistoryDetails"


def stored_direction(value: Object) -> bool | None:
    """Whether the owner called; None where the JSON of the row does not say it."""
    incoming = signal_json.object_of(value, _DETAILS).get("wasIncoming")
    return not incoming if isinstance(incoming, bool) else None


def call_of_message(
    installation: Installation, notes: Notes, message: Message, value: Object, chat: Chat
) -> Call:
    """The call that a row of type call-history stands for."""
    details = signal_json.object_of(value, _DETAILS)
    video = details.get("wasVideoCall")
    table, rowid = message.source.table or "", message.source.rowid or 0
    began, ended = (
        notes.instant(signal_json.integer_of(details, key), table, rowid, f"{_DETAILS}.{key}")
        for key in ("acceptedTime", "endedTime")
    )
    return call_from(
        installation.place,
        message,
        seconds=seconds_between(began, ended),
        video=video if isinstance(video, bool) else None,
        result=_result(details, began),
        participants=others(chat.partner),
    )


def _result(details: Object, accepted: int | None) -> str | None:
    """In the words of the later table; of a call of a group nothing is stored."""
    if not isinstance(details.get("wasIncoming"), bool):
        return None
    if accepted is not None:
        return "Accepted"
    return "Declined" if details.get("wasDeclined") is True else "Missed"
