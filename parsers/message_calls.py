"""Calls that only a message speaks of: the row of the message stands for the call too."""

from __future__ import annotations

from forensics.identity import Place
from forensics.model import Call, Message


def call_from(
    place: Place,
    message: Message,
    *,
    seconds: int | None,
    video: bool | None,
    result: str | None,
    participants: tuple[str, ...],
) -> Call:
    """The call of a message, at the time of the message. ``participants`` are the others' ids."""
    return Call(
        id=place.call(message.source.table or "", message.source.rowid or 0),
        app=message.app,
        account=message.account,
        conversation=message.conversation,
        sender=message.sender,
        from_owner=message.from_owner,
        at=message.sent_at,
        seconds=seconds,
        video=video,
        result=result,
        participants=participants,
        source=message.source,
    )


def seconds_between(began: int | None, ended: int | None) -> int | None:
    """Whole seconds between two times in milliseconds; None where one is missing or they are turned round."""
    return (ended - began) // 1000 if began is not None and ended is not None and ended >= began else None
