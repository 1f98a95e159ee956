"""Events of conversations on iOS in words: the code, whom the row names, and what ZTEXT holds.

Source: WhatsApp reference 3.4. The member that a row names is the one whom the event concerns; only of added
and removed members does the text name an actor.
"""

from __future__ import annotations

from forensics.model import System
from parsers.person import Person
from parsers.whatsapp_codes import countable
from parsers.whatsapp_context import Context
from parsers.whatsapp_events import spoken_seconds
from parsers.whatsapp_ios_codes import (
    CHANNEL_EVENTS,
    CHAT_EVENTS,
    GROUP_EVENT,
    GROUP_EVENTS,
    MESSAGE_TYPES,
    PEOPLE_IN_TEXT,
    TIMER_EVENT,
)
from parsers.whatsapp_ios_survey import jids_in_text

_NOBODY = "somebody (who is not stored)"
_CHANNEL = 55


def actor(context: Context, code: int | None, text: str | None) -> Person | None:
    """Who added or removed somebody, where the text says it: ``actorjid;user1,user2``."""
    if code not in PEOPLE_IN_TEXT or not text or ";" not in text:
        return None
    return context.people.person(text.partition(";")[0])


def event(
    context: Context, message_type: int | None, code: int | None, text: str | None, member: str | None
) -> System:
    """The event of a row of type 6 or 10."""
    name, table = ("group event", GROUP_EVENTS) if message_type == GROUP_EVENT else ("event", CHAT_EVENTS)
    known = table.get(code) if code is not None else None
    if known is None:
        context.notes.unknown(name, code)
        return System(type="unknown", code=countable(code), detail=f"unknown ({code})")
    detail = known.sentence.format_map(_words(context, code, text, member))
    return System(type=known.type, code=countable(code), detail=detail)


def other_event(context: Context, message_type: int, code: int | None) -> System:
    """What a message of another type is, where its kind does not say it all."""
    meaning = MESSAGE_TYPES.get(message_type)
    if meaning is None:
        context.notes.unknown("ZMESSAGETYPE", message_type)
        return System(type=f"unknown ({message_type})", code=countable(message_type), detail=None)
    if message_type == _CHANNEL and code in CHANNEL_EVENTS:
        return System(type=CHANNEL_EVENTS[code], code=code, detail=None)
    detail = "tools read this type differently" if meaning.ground == "disputed" else None
    return System(type=meaning.words, code=message_type, detail=detail)


def _words(context: Context, code: int | None, text: str | None, member: str | None) -> dict[str, str]:
    doer = actor(context, code, text)
    who = _spoken(context, member)
    named = text.partition(";")[2] if text and ";" in text else text or ""
    people = ", ".join(filter(None, (_spoken(context, jid) for jid in jids_in_text(named))))
    return {
        "actor": doer.spoken if doer is not None else _NOBODY,
        "people": people or who or _NOBODY,
        "who": who or _NOBODY,
        "named": f" (the row names {who})" if who else "",
        "new": f"“{text}”" if text else "a value that is not stored",
        "timer": _timer(code, text),
    }


def _spoken(context: Context, jid: str | None) -> str | None:
    if not jid:
        return None
    person = context.people.person(jid)
    return jid if person is None else person.spoken


def _timer(code: int | None, text: str | None) -> str:
    """ZTEXT of a changed timer: seconds."""
    if code != TIMER_EVENT or not text:
        return "a value that is not stored"
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        return f"“{text}”"
    return spoken_seconds(int(text)) if int(text) else "off"
