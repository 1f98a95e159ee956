"""What one message of an export holds: files, places, cards, polls, and what has no field of its own.

Source: Telegram reference 6.1. A path may be a sentence that says why the file is not there; ``file_name``
is the sender's name of the file, the path is the export's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from forensics.digest import LARGEST_INTEGER
from forensics.model import Attachment, Contact, Location, Poll, PollOption
from forensics.parser import Media
from parsers.telegram_export_people import whole
from parsers.telegram_export_stream import Object
from parsers.telegram_export_words import buttons, entities, formatting, invoice, plain, said

# Reference 6.1; without a media_type a file is a plain document.
MEDIA_TYPES = {
    "sticker": "sticker",
    "video_message": "video_note",
    "voice_message": "voice",
    "animation": "gif",
    "video_file": "video",
    "audio_file": "audio",
}
# "(File not included. Change data exporting settings to download.)", perhaps after a name.
_NOT_THERE = re.compile(r"\([A-Z]\w* (?:not included|exceeds maximum size|unavailable)[^()]*\)$")
_ONCE = 0x7FFFFFFF
# What is read of a message here or by whoever calls.
_READ = frozenset(
    {
        *("id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id", "actor"),
        *("actor_id", "action", "author", "forwarded_from", "saved_from", "reply_to_message_id"),
        *("reply_to_peer_id", "via_bot", "photo", "photo_file_size", "file", "file_name", "file_size"),
        *(
            "thumbnail",
            "thumbnail_file_size",
            "media_type",
            "sticker_emoji",
            "performer",
            "title",
            "mime_type",
        ),
        *("duration_seconds", "width", "height", "media_spoiler", "self_destruct_period_seconds"),
        *("contact_information", "contact_vcard", "contact_vcard_file_size", "location_information"),
        *("live_location_period_seconds", "place_name", "address", "game_title", "game_description"),
        *("game_link", "invoice_information", "poll", "text", "text_entities", "inline_bot_buttons"),
        *("reactions", "discard_reason", "information_text"),
    }
)
# Fields whose own name says what they are; they are shown as they stand.
_SHOWN = ("todo_list", "giveaway_information", "giveaway_results", "paid_stars_amount")


@dataclass(slots=True)
class Content:
    """What a message holds; ``remarks`` are pairs of a type and words."""

    kind: str = "text"
    text: str | None = None
    attachments: list[Attachment] = field(default_factory=list)
    location: Location | None = None
    contacts: tuple[Contact, ...] = ()
    poll: Poll | None = None
    expires_after: int | None = None
    view_once: bool = False
    remarks: list[tuple[str, str]] = field(default_factory=list)


def text_of(value: Object, name: str) -> str | None:
    """A field that is a text, None where it is another thing or empty."""
    found = value.get(name)
    return found if type(found) is str and found else None


def content(message: Object, media: Callable[[str], Media | None], owner: str) -> Content:
    """The content of a message that is no event; ``owner`` is the participant whose votes are marked."""
    text = message.get("text")
    if type(text) is str and message.keys() <= _PLAIN:
        return Content(text=text or full_text(message))
    found = Content(text=full_text(message))
    said_by = formatting(entities(message))
    if said_by:
        found.remarks.append(("formatting", said_by))
    _files(message, found, media)
    _cards(message, found, media)
    _places(message, found)
    poll = message.get("poll")
    if isinstance(poll, dict):
        _poll(poll, found, owner)
    _rest(message, found)
    return found


def full_text(message: Object) -> str | None:
    """The text; where the key stands twice, the first that is not empty."""
    for name in ("text", "text#2", "text_entities"):
        found = plain(message.get(name)) if name in message else None
        if found:
            return found
    return None


# There is nothing more to such a message than its text: one with entities that say something is an array.
_PLAIN = frozenset(
    {
        *("id", "type", "date", "date_unixtime", "edited", "edited_unixtime", "from", "from_id", "text"),
        *("text_entities", "reply_to_message_id", "reply_to_peer_id", "forwarded_from", "reactions"),
    }
)


def _files(message: Object, found: Content, media: Callable[[str], Media | None]) -> None:
    if "photo" in message:
        found.kind = "image"
        _attach(message, found, media, "photo")
    if "file" in message:
        stored = message.get("media_type")
        kind = MEDIA_TYPES.get(stored, "unknown") if type(stored) is str else "document"
        if kind == "unknown":
            found.remarks.append(("unknown", f"media_type {said(stored)}"))
        found.kind = kind
        _attach(message, found, media, "file")
    for name, words in (("sticker_emoji", "sticker {}"), ("performer", "by {}"), ("title", "title “{}”")):
        if text_of(message, name) and "file" in message:
            found.remarks.append(("media", words.format(message[name])))
    if message.get("media_spoiler") is True:
        found.remarks.append(("media", "hidden until it is tapped (spoiler)"))
    seconds = whole(message.get("self_destruct_period_seconds"))
    if seconds == _ONCE:
        found.view_once = True
    elif seconds is not None and 0 < seconds <= LARGEST_INTEGER:
        found.expires_after = seconds


def _attach(message: Object, found: Content, media: Callable[[str], Media | None], name: str) -> None:
    attachment, why = attached(message, media, name, found.kind, found.text)
    if attachment is not None:
        found.attachments.append(attachment)
    if why is not None:
        found.remarks.append(("media", why))
    if attachment is not None and not attachment.present and name == "file":
        thumbnail, _why = attached(message, media, "thumbnail", "image", None)
        if thumbnail is not None and thumbnail.present:
            found.attachments.append(thumbnail)
            found.remarks.append(("media", "its thumbnail is there"))


def attached(
    message: Object, media: Callable[[str], Media | None], name: str, kind: str, caption: str | None
) -> tuple[Attachment | None, str | None]:
    """The file that a field names, and why it is not there, in the export's words or in ours."""
    path = text_of(message, name)
    if path is None:
        return None, None
    missing = _NOT_THERE.search(path)
    stored = None if missing is not None else path
    own = text_of(message, "file_name") if name == "file" else None
    size = whole(message.get("file_size" if name == "file" else f"{name}_file_size"))
    there = media(stored) if stored is not None else None
    attachment = Attachment(
        kind=kind,
        mime=text_of(message, "mime_type") if name == "file" else None,
        filename=own or (stored.rpartition("/")[2] if stored else None),
        size=there.size if there is not None else _countable(size),
        sha256=there.sha256 if there is not None else None,
        path=there.path if there is not None else stored,
        present=there is not None,
        caption=caption,
    )
    if missing is not None:
        return attachment, path
    return attachment, None if there is not None else f"{stored} is not in the evidence"


def _countable(size: int | None) -> int | None:
    return size if size is not None and 0 < size <= LARGEST_INTEGER else None


def _cards(message: Object, found: Content, media: Callable[[str], Media | None]) -> None:
    card = message.get("contact_information")
    if not isinstance(card, dict):
        return
    name = (
        " ".join(part for part in (text_of(card, "first_name"), text_of(card, "last_name")) if part) or None
    )
    number = text_of(card, "phone_number")
    found.kind, found.text = "contact", found.text or name
    found.contacts = (Contact(name=name, phones=(number,) if number else ()),)
    _attach(message, found, media, "contact_vcard")


def _places(message: Object, found: Content) -> None:
    if "location_information" not in message and "place_name" not in message:
        return
    point = message.get("location_information")
    values = point if isinstance(point, dict) else {}
    found.location = Location(
        latitude=_degrees(values.get("latitude")),
        longitude=_degrees(values.get("longitude")),
        name=text_of(message, "place_name"),
        address=text_of(message, "address"),
    )
    found.kind = "location"
    if "live_location_period_seconds" in message:
        found.kind = "live_location"
        found.remarks.append(
            ("live location", f"shared for {said(message['live_location_period_seconds'])} s")
        )


def _degrees(value: object) -> float | None:
    """A number of degrees; None for what is none (NaN, infinity and the like compare as false)."""
    if isinstance(value, int | float) and not isinstance(value, bool) and -360 <= value <= 360:
        return float(value)
    return None


def _poll(poll: Object, found: Content, owner: str) -> None:
    question = plain(poll.get("question"))
    stored = poll.get("answers")
    answers = [each for each in stored if isinstance(each, dict)] if isinstance(stored, list) else []
    options = tuple(
        PollOption(text=plain(each.get("text")), votes=(owner,) if each.get("chosen") is True else ())
        for each in answers
    )
    found.kind, found.poll = "poll", Poll(question=question, options=options)
    if found.text:
        found.remarks.append(("poll", f"text: “{found.text}”"))
    found.text = question
    counts = ", ".join(f"“{plain(each.get('text'))}” {said(each.get('voters'))}" for each in answers)
    closed = "; closed" if poll.get("closed") is True else ""
    found.remarks.append(("poll", f"votes: {counts}; {said(poll.get('total_voters'))} voters in all{closed}"))


def _rest(message: Object, found: Content) -> None:
    """What is said in words only."""
    if "invoice_information" in message:
        found.kind = "payment"
        found.remarks.append(("invoice", invoice(message["invoice_information"])))
    if text_of(message, "game_title"):
        game = (text_of(message, name) for name in ("game_title", "game_description", "game_link"))
        found.remarks.append(("game", f"game {', '.join(f'“{each}”' for each in game if each)}"))
    for name in _SHOWN:
        if name in message:
            found.remarks.append((name.replace("_", " "), f"{name.replace('_', ' ')}: {said(message[name])}"))
    words = buttons(message.get("inline_bot_buttons"))
    if words is not None:
        found.remarks.append(("buttons", words))
    for name, words in (
        ("via_bot", "via bot {}"),
        ("author", "signed “{}”"),
        ("saved_from", "saved from “{}”"),
    ):
        if text_of(message, name):
            found.remarks.append((name.replace("_", " "), words.format(message[name])))
    found.remarks.extend(("field", f"{name}: {said(value)}") for name, value in unread(message).items())


def unread(message: Object, told: frozenset[str] = frozenset()) -> Object:
    """The fields of a message that nothing here knows; ``told`` are those that were said otherwise."""
    return {
        name: value
        for name, value in message.items()
        if name not in _READ and name not in _SHOWN and name not in told and value not in ("", None, [], {})
    }
