"""What an export says of a message in words: text with its entities, buttons, service actions, odd fields.

Source: Telegram reference 6.1 (entity types, actions and their fields), export_output_json.cpp of tdesktop.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from forensics.times import rfc3339
from parsers.telegram_export_people import whole
from parsers.telegram_export_stream import Object
from parsers.telegram_words import amount, quoted

# The longest that the value of one field is shown.
_MOST_SHOWN, _MOST_NESTED = 2000, 32


def plain(value: object) -> str | None:
    """A text that is a string, or an array of strings and of objects with a text."""
    if type(value) is str:
        return value
    if not isinstance(value, list):
        return None
    return "".join(
        each if type(each) is str else str(each.get("text") or "") if isinstance(each, dict) else ""
        for each in value
    )


def entities(message: Object) -> list[Object]:
    """The entities of a text; before September 2022 they stand only in the text itself."""
    found = message.get("text_entities")
    if not isinstance(found, list):
        found = message.get("text")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


# Entities that say something more than their text does, and what stands with them.
_ENTITIES = {
    "text_link": "link",
    "mention": "mention",
    "mention_name": "mention",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "code",
    "blockquote": "quote",
}


def formatting(found: list[Object]) -> str | None:
    """What formatting says, in words; None where it says nothing."""
    return "; ".join(_said(found)) or None


def _said(found: list[Object]) -> Iterator[str]:
    for each in found:
        kind = each.get("type")
        word = _ENTITIES.get(kind) if type(kind) is str else None
        if word is None:
            continue
        shown = f"{word} “{each.get('text') or ''}”"
        if kind == "text_link":
            yield f"{shown} to {each.get('href')}"
        elif kind == "mention_name":
            yield f"{shown} of {each.get('user_id')}"
        else:
            yield shown


def buttons(value: object) -> str | None:
    """The buttons below a message, with where they lead or what they send."""
    rows = value if isinstance(value, list) else []
    shown = [_button(each) for row in rows if isinstance(row, list) for each in row if isinstance(each, dict)]
    return f"buttons: {' '.join(shown)}" if shown else None


def _button(value: Object) -> str:
    target = value.get("data") or value.get("dataBase64")
    return f"[{value.get('text') or ''}{f': {target}' if target else ''}]"


def said(value: object, depth: int = 0) -> str:
    """Any value in one line: fields with their names."""
    if depth > _MOST_NESTED:
        return "(nested deeper)"
    if isinstance(value, dict):
        found = ((key, each) for key, each in value.items() if each not in ("", None, [], {}))
        return ", ".join(f"{key}: {said(each, depth + 1)}" for key, each in found)
    if isinstance(value, list):
        return "; ".join(said(each, depth + 1) for each in value)
    if isinstance(value, str):
        return value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}… ({len(value)} characters)"
    return json.dumps(value)


def inner(value: object) -> object:
    """The value of a JSON text that was put into a string (reference 6.1, trap 4); else the value itself."""
    if type(value) is not str:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value  # it is shown as the text that it is


def invoice(value: object) -> str:
    """An invoice."""
    found = inner(value)
    if not isinstance(found, dict):
        return f"invoice {said(found)}"
    currency = found.get("currency")
    price = amount(currency if type(currency) is str else None, whole(found.get("amount")))
    words = f"invoice {_quoted(found, 'title')}, {_quoted(found, 'description')}, {price}"
    receipt = found.get("receipt_message_id")
    return f"{words}; paid: receipt in message {receipt}" if receipt else words


def _quoted(value: Object, name: str) -> str:
    found = value.get(name)
    return quoted(found if type(found) is str else None)


def _members(value: Object) -> str:
    found = value.get("members")
    members = found if isinstance(found, list) else []
    names = ["somebody without a name" if each is None else said(each) for each in members]
    return ", ".join(names) or "nobody who is named"


def _price(value: Object) -> str:
    currency = value.get("currency")
    number = whole(value.get("amount"))
    if number is None:
        return said(value.get("amount"))
    return amount(currency if type(currency) is str else None, number)


def _seconds(value: Object, name: str) -> str:
    return f"{value.get(name)} s" if value.get(name) else "no time"


def _scheduled(value: Object) -> str:
    date = whole(value.get("schedule_date"))
    return rfc3339(date * 1000) or "" if date and 0 < date < 1 << 34 else "a time not stored"


Say = Callable[[Object], str]
# The words of an action; what else stands in the message follows them.
ACTIONS: dict[str, Say] = {
    "create_group": lambda v: f"created the group {_quoted(v, 'title')} with {_members(v)}",
    "edit_group_title": lambda v: f"changed the title to {_quoted(v, 'title')}",
    "edit_group_photo": lambda v: "changed the photo",
    "delete_group_photo": lambda v: "removed the photo",
    "invite_members": lambda v: f"added {_members(v)}",
    "remove_members": lambda v: f"removed {_members(v)} (or left, where that is the sender)",
    "join_group_by_link": lambda v: f"joined by a link of {v.get('inviter') or 'somebody without a name'}",
    "join_group_by_request": lambda v: "joined by request",
    "create_channel": lambda v: f"created {_quoted(v, 'title')}",
    "migrate_to_supergroup": lambda v: "became a supergroup",
    "migrate_from_group": lambda v: f"was the group {_quoted(v, 'title')}",
    "pin_message": lambda v: f"pinned message {v.get('message_id')}",
    "clear_history": lambda v: "the history was cleared",
    "score_in_game": lambda v: f"scored {v.get('score')} in the game of message {v.get('game_message_id')}",
    "send_payment": lambda v: f"paid {_price(v)}",
    "refunded_payment": lambda v: f"paid back {_price(v)}",
    "take_screenshot": lambda v: "took a screenshot",
    "allow_sending_messages": lambda v: "allowed a bot to write",
    "attach_menu_bot_allowed": lambda v: "allowed a bot to write, in the menu",
    "web_app_bot_allowed": lambda v: "allowed a bot to write, in a web app",
    "send_passport_values": lambda v: f"sent identity documents: {said(v.get('values'))}",
    "joined_telegram": lambda v: "joined Telegram",
    "proximity_reached": lambda v: (
        f"{v.get('from') or v.get('from_id')} came within {v.get('distance')} m of"
        f" {v.get('to') or v.get('to_id')}"
    ),
    "requested_phone_number": lambda v: "asked for the telephone number",
    "group_call": lambda v: f"group call, {_seconds(v, 'duration')}",
    "invite_to_group_call": lambda v: f"invited to a group call: {_members(v)}",
    "set_messages_ttl": lambda v: (
        f"messages are deleted {v.get('period')} s after they are sent"
        if v.get("period")
        else "messages are no longer deleted by themselves"
    ),
    "group_call_scheduled": lambda v: f"planned a group call for {_scheduled(v)}",
    "edit_chat_theme": lambda v: f"changed the theme to {v.get('emoticon') or 'none'}",
    "send_webview_data": lambda v: f"sent by a web app: {_quoted(v, 'text')}",
    "topic_created": lambda v: f"created the topic {_quoted(v, 'title')}",
    "topic_edit": lambda v: (
        f"changed the topic to {_quoted(v, 'new_title')}" if v.get("new_title") else "changed the topic"
    ),
    "suggest_profile_photo": lambda v: "suggested a profile photo",
    "requested_peer": lambda v: f"shared with a bot: {said(inner(v.get('peers')) or v.get('peer_id'))}",
    "set_chat_wallpaper": lambda v: "changed the background",
    "set_same_chat_wallpaper": lambda v: f"took the background of message {v.get('message_id')}",
    "send_premium_gift": lambda v: (
        f"gave Premium for {v.get('months') or '?'} months: {v.get('cost') or 'no price'}"
    ),
}
# Fields that the words of an action have said.
TOLD = frozenset(
    {
        *("title", "members", "inviter", "message_id", "score", "game_message_id", "amount", "currency"),
        *("values", "from", "from_id", "to", "to_id", "distance", "duration", "period", "schedule_date"),
        *("emoticon", "new_title", "peers", "peer_id", "months", "cost"),
    }
)
PAYMENTS = frozenset(
    {
        *("send_payment", "refunded_payment", "send_premium_gift", "send_stars_gift", "send_ton_gift"),
        *("send_star_gift", "gift_code_prize", "stars_prize", "paid_messages_refund"),
    }
)
CALLS = frozenset({"phone_call", "conference_call", "group_call"})
_RESULTS = {"hangup": "hung up", "disconnect": "disconnected"}


def call(message: Object) -> tuple[str, int | None, str | None]:
    """A call: its words, its seconds, its result."""
    seconds = whole(message.get("duration_seconds")) or whole(message.get("duration"))
    reason = message.get("discard_reason")
    why = reason if type(reason) is str and reason else None
    result = "answered" if seconds else _RESULTS.get(why, why) if why is not None else None
    words = ["call" if message.get("action") == "phone_call" else "group call", *([result] if result else [])]
    if seconds is not None:
        words.append(f"{seconds} s")
    return ", ".join(words), seconds, result
