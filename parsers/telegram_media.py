"""What a message holds besides its text: files, places, cards, polls, invoices, stories, lists.

Source: Telegram reference 3.3 (names of MessageMedia), 4 (captions in the medium up to layer 74).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from forensics.model import Attachment, Contact, Location, Poll, PollOption
from parsers.telegram_files import Files, attribute, document_kind
from parsers.telegram_markup import preview
from parsers.telegram_people import People, peer_key
from parsers.telegram_tl_value import Value
from parsers.telegram_words import amount, quoted, with_entities

# ttl_seconds of what can be looked at once.
_ONCE = 0x7FFFFFFF


@dataclass(slots=True)
class Content:
    """What a medium makes of its message; ``remarks`` are pairs of a type and words."""

    kind: str
    text: str | None = None
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    contacts: tuple[Contact, ...] = ()
    poll: Poll | None = None
    expires_after: int | None = None
    view_once: bool = False
    remarks: list[tuple[str, str]] = field(default_factory=list)

    def remark(self, kind: str, words: str) -> None:
        """Add what has no field of its own."""
        self.remarks.append((kind, words))


@dataclass(frozen=True, slots=True)
class Setting:
    """The message around a medium."""

    people: People
    files: Files
    text: str | None
    attach_path: str | None


def content(media: Value, setting: Setting) -> Content:
    """A message's medium."""
    read = _READERS.get(media.name.removeprefix("messageMedia"))
    if read is None:
        found = Content("unknown", setting.text)
        found.remark("unknown", f"{media.name} {media.constructor.id:#010x}")
        return found
    found = read(media, setting)
    seconds = media.number("ttl_seconds")
    if seconds == _ONCE:
        found.view_once = True
    elif seconds:
        found.expires_after = seconds
    return found


def _empty(_media: Value, setting: Setting) -> Content:
    return Content("text", setting.text)


def _unsupported(_media: Value, setting: Setting) -> Content:
    found = Content("unknown", setting.text)
    found.remark("unknown", "a medium that the app's version did not support")
    return found


def _caption(media: Value, inner: Value | None, setting: Setting) -> str | None:
    """The text, or the caption that older layers kept in the medium or in the photo or video itself."""
    return setting.text or media.text("caption") or (inner.text("caption") if inner is not None else None)


def _photo(media: Value, setting: Setting) -> Content:
    photo = media.child("photo")
    caption = _caption(media, photo, setting)
    found = Content("image", caption)
    if photo is None or photo.name == "photoEmpty":
        found.remark("media", "the photo is no longer there: its time ran out")
    else:
        found.attachments = (setting.files.photo(photo, caption, setting.attach_path),)
    return found


def _document(media: Value, setting: Setting) -> Content:
    document = media.child("document") or media.child("video") or media.child("audio")
    caption = _caption(media, document, setting)
    if document is None or document.name.endswith("Empty"):
        found = Content("document", caption)
        found.remark("media", "the file is no longer there: its time ran out")
        return found
    kind = _OLD_KINDS.get(media.name) or document_kind(document)
    found = Content(kind, caption)
    found.attachments = (setting.files.document(document, kind, caption, setting.attach_path),)
    audio = attribute(document, "documentAttributeAudio")
    if audio is not None and (audio.text("title") or audio.text("performer")):
        found.remark("media", f"{quoted(audio.text('title'))} by {quoted(audio.text('performer'))}")
    sticker = attribute(document, "documentAttributeSticker") or attribute(
        document, "documentAttributeCustomEmoji"
    )
    if sticker is not None and sticker.text("alt"):
        found.remark("media", f"sticker {sticker.text('alt')}")
    return found


# Before documents had attributes, voice messages and videos were media of their own.
_OLD_KINDS = {"messageMediaVideo": "video", "messageMediaAudio": "voice"}


def place(geo: Value | None, name: str | None = None, address: str | None = None) -> Location:
    """A GeoPoint; its fields are called ``long`` and ``lat``."""
    latitude, longitude = (geo.real("lat"), geo.real("long")) if geo is not None else (None, None)
    return Location(latitude=_finite(latitude), longitude=_finite(longitude), name=name, address=address)


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _geo(media: Value, setting: Setting) -> Content:
    return Content("location", setting.text, location=place(media.child("geo")))


def _venue(media: Value, setting: Setting) -> Content:
    where = place(media.child("geo"), media.text("title"), media.text("address"))
    return Content("location", setting.text, location=where)


def _live(media: Value, setting: Setting) -> Content:
    found = Content("live_location", setting.text, location=place(media.child("geo")))
    found.remark("live location", f"shared for {media.number('period')} s")
    if media.number("heading"):
        found.remark("live location", f"heading {media.number('heading')}°")
    if media.number("proximity_notification_radius"):
        radius = media.number("proximity_notification_radius")
        found.remark("live location", f"to be told within {radius} m")
    return found


def _contact(media: Value, setting: Setting) -> Content:
    name = " ".join(part for part in (media.text("first_name"), media.text("last_name")) if part) or None
    number, user = media.text("phone_number"), media.number("user_id")
    card = Contact(name=name, phones=(number,) if number else ())
    found = Content("contact", setting.text or name, contacts=(card,))
    if user:
        found.remark("contact", f"Telegram user {user}")
    if media.text("vcard"):
        found.remark("contact", f"card: {media.text('vcard')}")
    return found


def _poll(media: Value, setting: Setting) -> Content:
    poll, results = media.child("poll"), media.child("results")
    if poll is None:
        return Content("poll", setting.text)
    question = with_entities(poll, "question")
    tally = {each.raw("option"): each for each in results.children("results")} if results is not None else {}
    options, counts = [], []
    for each in poll.children("answers"):
        text, voters = with_entities(each, "text"), tally.get(each.raw("option"))
        votes = tuple(_voters(voters, setting.people)) if voters is not None else ()
        options.append(PollOption(text=text, votes=votes))
        counts.append(f"“{text}” {voters.number('voters') if voters is not None else '?'}")
    found = Content("poll", question, poll=Poll(question=question, options=tuple(options)))
    if tally and results is not None:
        total = results.number("total_voters")
        found.remark("poll", f"votes: {', '.join(counts)}; {'?' if total is None else total} voters in all")
    if results is not None and results.text("solution"):
        found.remark("poll", f"explanation: “{results.text('solution')}”")
    if setting.text:
        found.remark("poll", f"text: “{setting.text}”")
    return found


def _voters(voters: Value, people: People) -> list[str]:
    """Whose votes are known: the owner's, and those that are shown as the last."""
    own = [people.owner.id] if voters.has("chosen") else []
    keys = [peer_key(each) for each in voters.children("recent_voters")]
    return list(dict.fromkeys([*own, *(people.id(key) for key in keys if key is not None)]))


def _dice(media: Value, setting: Setting) -> Content:
    found = Content("sticker", setting.text)
    found.remark("dice", f"{media.text('emoticon') or '🎲'} shows {media.number('value')}")
    return found


def _game(media: Value, setting: Setting) -> Content:
    game = media.child("game")
    found = Content("text", setting.text)
    if game is not None:
        found.remark("game", f"game {quoted(game.text('title'))}, {quoted(game.text('description'))}")
    return found


def _invoice(media: Value, setting: Setting) -> Content:
    found = Content("payment", setting.text)
    price = amount(media.text("currency"), media.number("total_amount"))
    title, description = quoted(media.text("title")), quoted(media.text("description"))
    found.remark("invoice", f"invoice {title}, {description}, {price}")
    if media.number("receipt_msg_id"):
        found.remark("invoice", f"paid: receipt in message {media.number('receipt_msg_id')}")
    return found


def _paid(media: Value, setting: Setting) -> Content:
    inner = [each.child("media") for each in media.children("extended_media")]
    parts = [content(each, setting) for each in inner if each is not None]
    found = Content(parts[0].kind if parts else "unknown", setting.text)
    found.attachments = tuple(each for part in parts for each in part.attachments)
    hidden = len(inner) - len(parts)
    words = f"paid media for {media.number('stars_amount')} stars"
    found.remark("paid media", f"{words}, {hidden} not bought" if hidden else words)
    return found


def _story(media: Value, setting: Setting) -> Content:
    key = peer_key(media.child("peer"))
    number = media.number("id")
    item = media.child("story") or media.child("story_item")
    caption = item.text("caption") if item is not None else None
    found = Content("story", setting.text or caption)
    inner = item.child("media") if item is not None else None
    if inner is not None:
        found.attachments = content(inner, setting).attachments
    found.remark("story", f"story {number} of {key if key is not None else media.number('user_id')}")
    return found


def _todo(media: Value, setting: Setting) -> Content:
    todo = media.child("todo")
    title = with_entities(todo, "title") if todo is not None else None
    done = {each.number("id"): each for each in media.children("completions")}
    found = Content("text", setting.text or title)
    items = []
    for each in todo.children("list") if todo is not None else ():
        by = done.get(each.number("id"))
        key = (peer_key(by.child("completed_by")) or by.number("completed_by")) if by is not None else None
        items.append(
            f"[{'x' if by is not None else ' '}] {with_entities(each, 'title')}"
            + (f" ({key})" if key else "")
        )
    found.remark("todo", f"list {quoted(title)}: {'; '.join(items)}")
    return found


def _web_page(media: Value, setting: Setting) -> Content:
    link = preview(media)
    return Content("text", setting.text, attachments=(link,) if link is not None else ())


def _giveaway(media: Value, setting: Setting) -> Content:
    found = Content("text", setting.text)
    prize = media.number("stars")
    what = f"{prize} stars" if prize else f"{media.number('months')} months of Premium"
    if media.name == "messageMediaGiveawayResults":
        winners = ", ".join(map(str, media.numbers("winners")))
        words = f"giveaway of {what}: {media.number('winners_count')} winners: {winners}"
    else:
        words = f"giveaway of {what}, {media.number('quantity')} times"
    description = media.text("prize_description")
    found.remark("giveaway", f"{words}, {quoted(description)}" if description else words)
    return found


_READERS: dict[str, Callable[[Value, Setting], Content]] = {
    "Empty": _empty,
    "Unsupported": _unsupported,
    "Photo": _photo,
    "Document": _document,
    "Video": _document,
    "Audio": _document,
    "Geo": _geo,
    "GeoLive": _live,
    "Venue": _venue,
    "Contact": _contact,
    "Poll": _poll,
    "Dice": _dice,
    "Game": _game,
    "Invoice": _invoice,
    "PaidMedia": _paid,
    "Story": _story,
    "StoryFull": _story,
    "StoryFull_old": _story,
    "ToDo": _todo,
    "WebPage": _web_page,
    "Giveaway": _giveaway,
    "GiveawayResults": _giveaway,
}
