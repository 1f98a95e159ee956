"""What a message of Postbox holds besides its text: files, places, cards, polls, invoices, stories, lists.

Source: Telegram reference 5.4 (media and their keys), and the classes of the same names in
TelegramMessenger/Telegram-iOS for venues (``ve``), results of polls (``rs``), games, dice, invoices, stories
and lists ("from source"). The reference has ``n.fn`` and ``n.ln`` for a card's names, the client ``n.f`` and
``n.l``: both are read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from forensics.formats.postbox import Node
from forensics.model import Contact, Location, Poll, PollOption
from parsers.telegram_media import Content
from parsers.telegram_postbox_files import AUDIO, CUSTOM_EMOJI, STICKER, Files, attribute, file_kind
from parsers.telegram_postbox_ids import handle_of
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_postbox_text import preview
from parsers.telegram_postbox_types import name_of
from parsers.telegram_words import amount, quoted

_IMAGE_EXPIRED, _FILE_EXPIRED = 0, 1


@dataclass(frozen=True, slots=True)
class Setting:
    """The message around a medium."""

    people: PostboxPeople
    files: Files
    text: str | None


def content(media: Node, setting: Setting) -> Content | None:
    """A message's medium; None for one of a type that is not known."""
    read = _READERS.get((name_of(media) or "").removeprefix("TelegramMedia"))
    return None if read is None else read(media, setting)


def _image(media: Node, setting: Setting) -> Content:
    found = Content("image", setting.text)
    attachment, remarks = setting.files.image(media, setting.text)
    found.attachments = (attachment,)
    for each in remarks:
        found.remark("media", each)
    return found


def _file(media: Node, setting: Setting) -> Content:
    kind = file_kind(media)
    found = Content(kind, setting.text)
    attachment, remarks = setting.files.file(media, kind, setting.text)
    found.attachments = (attachment,)
    audio = attribute(media, AUDIO)
    if audio is not None and (audio.text("ti") or audio.text("pe")):
        found.remark("media", f"{quoted(audio.text('ti'))} by {quoted(audio.text('pe'))}")
    sticker = attribute(media, STICKER) or attribute(media, CUSTOM_EMOJI)
    if sticker is not None and sticker.text("dt"):
        found.remark("media", f"sticker {sticker.text('dt')}")
    for each in remarks:
        found.remark("media", each)
    return found


def _map(media: Node, setting: Setting) -> Content:
    venue, seconds = media.child("ve"), media.number("bt")
    where = Location(
        latitude=_finite(media.real("la")),
        longitude=_finite(media.real("lo")),
        name=venue.text("ti") if venue is not None else None,
        address=venue.text("ad") if venue is not None else None,
    )
    if seconds is None:
        return Content("location", setting.text, location=where)
    found = Content("live_location", setting.text, location=where)
    found.remark("live location", f"shared for {seconds} s")
    return found


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _contact(media: Node, setting: Setting) -> Content:
    first = media.text("n.f") or media.text("n.fn")
    last = media.text("n.l") or media.text("n.ln")
    name = " ".join(part for part in (first, last) if part) or None
    number, key = media.text("pn"), media.number("p") or media.number("pid")
    found = Content("contact", setting.text or name)
    found.contacts = (Contact(name=name, phones=(number,) if number else ()),)
    if key:
        found.remark("contact", f"Telegram user {handle_of(key)}")
    if media.text("vc"):
        found.remark("contact", f"card: {media.text('vc')}")
    return found


def _poll(media: Node, setting: Setting) -> Content:
    question, results = media.text("t"), media.child("rs")
    tally = {each.raw("i"): each for each in results.children("v")} if results is not None else {}
    options, counts = [], []
    for each in media.children("os"):
        voters = tally.get(each.raw("i"))
        votes = tuple(_voters(voters, setting.people)) if voters is not None else ()
        options.append(PollOption(text=each.text("t"), votes=votes))
        number = voters.number("c") if voters is not None else None
        counts.append(f"“{each.text('t')}” {'?' if number is None else number}")
    found = Content("poll", question, poll=Poll(question=question, options=tuple(options)))
    if tally and results is not None:
        total = results.number("t")
        found.remark("poll", f"votes: {', '.join(counts)}; {'?' if total is None else total} voters in all")
    known = {each for option in options for each in option.votes}
    keys = results.numbers("rv") if results is not None else []
    others = [handle_of(key) for key in keys if setting.people.id(key) not in known]
    if others:
        found.remark("poll", f"voted, for what is not stored: {', '.join(others)}")
    if setting.text:
        found.remark("poll", f"text: “{setting.text}”")
    return found


def _voters(voters: Node, people: PostboxPeople) -> list[str]:
    """Whose votes are known: the owner's, and those that are shown as the last."""
    own = [people.owner.id] if voters.flag("s") else []
    return list(dict.fromkeys([*own, *(people.id(key) for key in voters.numbers("orv"))]))


def _dice(media: Node, setting: Setting) -> Content:
    found = Content("sticker", setting.text)
    found.remark("dice", f"{media.text('e') or '🎲'} shows {media.number('v')}")
    return found


def _game(media: Node, setting: Setting) -> Content:
    found = Content("text", setting.text)
    found.remark("game", f"game {quoted(media.text('t'))}, {quoted(media.text('d'))}")
    return found


def _invoice(media: Node, setting: Setting) -> Content:
    found = Content("payment", setting.text)
    price = amount(media.text("c"), media.number("ta"))
    found.remark("invoice", f"invoice {quoted(media.text('t'))}, {quoted(media.text('d'))}, {price}")
    if media.number("r.i"):
        found.remark("invoice", f"paid: receipt in message {media.number('r.i')}")
    inner = media.child("m")
    full = inner.child("media") if inner is not None else None
    held = content(full, setting) if full is not None else None
    if held is not None:
        found.attachments = held.attachments
    return found


def _story(media: Node, setting: Setting) -> Content:
    key = media.number("pid")
    found = Content("story", setting.text)
    whose = "somebody" if key is None else handle_of(key)
    found.remark("story", f"story {media.number('sid')} of {whose}")
    return found


def _todo(media: Node, setting: Setting) -> Content:
    title = media.text("t")
    done = {each.number("i"): each.number("p") for each in media.children("cs")}
    found = Content("text", setting.text or title)
    items = []
    for each in media.children("is"):
        key = done.get(each.number("i"))
        mark = "x" if each.number("i") in done else " "
        items.append(f"[{mark}] {each.text('t')}" + (f" ({handle_of(key)})" if key else ""))
    found.remark("todo", f"list {quoted(title)}: {'; '.join(items)}")
    return found


def _web_page(media: Node, setting: Setting) -> Content:
    link = preview(media)
    return Content("text", setting.text, attachments=(link,) if link is not None else ())


def _expired(media: Node, setting: Setting) -> Content:
    kind = media.number("d")
    if kind not in (_IMAGE_EXPIRED, _FILE_EXPIRED):
        found = Content("unknown", setting.text)
        found.remark("media", f"a medium of kind {kind} that is no longer there: its time ran out")
        return found
    what = "photo" if kind == _IMAGE_EXPIRED else "file"
    found = Content("image" if kind == _IMAGE_EXPIRED else "document", setting.text)
    found.remark("media", f"the {what} is no longer there: its time ran out")
    return found


def _unsupported(_media: Node, setting: Setting) -> Content:
    found = Content("unknown", setting.text)
    found.remark("unknown", "a medium that the app's version did not support")
    return found


def _other(media: Node, setting: Setting) -> Content:
    """A medium of a known type whose keys are not: its plain fields."""
    found = Content("text", setting.text)
    plain = ((key, value) for key, value in media.fields.items() if isinstance(value, str | int))
    shown = ", ".join(f"{key}: {value}" for key, value in plain)
    found.remark("media", f"{name_of(media)}: {shown}")
    return found


_READERS: dict[str, Callable[[Node, Setting], Content]] = {
    "Image": _image,
    "File": _file,
    "Map": _map,
    "Contact": _contact,
    "Poll": _poll,
    "Dice": _dice,
    "Game": _game,
    "Invoice": _invoice,
    "Story": _story,
    "Todo": _todo,
    "Webpage": _web_page,
    "ExpiredContent": _expired,
    "Unsupported": _unsupported,
    "Giveaway": _other,
    "PaidContent": _other,
}
