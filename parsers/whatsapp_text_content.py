"""What the text of an entry in a WhatsApp export is: a text, a file, a place, or a line of the app.

Source: WhatsApp reference 5. Marks of writing direction are read over and kept in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.whatsapp_text_lines import INVISIBLE, LRM
from parsers.whatsapp_text_words import (
    ATTACHED,
    DELETED,
    DELETED_BY_OWNER,
    EDITED,
    ENCRYPTED,
    NOTHING,
    OMITTED_FILES,
    OMITTED_MEDIA,
    OPTION,
    POLL,
)

# ``<attached: 00000003-PHOTO-2026-01-31-21-05-07.jpg>`` in any language (iOS).
_ATTACHED_IOS = re.compile(rf"[{INVISIBLE}]*<[^<>:]{{2,30}}: ?([^<>\n]+\.\w{{1,5}})>[{INVISIBLE}]*")
# ``IMG-20260131-WA0001.jpg (file attached)``, a caption on the next lines (Android). No mark at the start is
# given back: each would be one more start for the whole line.
_ATTACHED_ANDROID = re.compile(rf"[{INVISIBLE}]*+([^\n]+\.\w{{1,5}}) \(([^()\n]{{3,40}})\)")
_PLACE = re.compile(r"https://maps\.google\.com/\?q=(-?\d{1,2}\.\d{1,20}),(-?\d{1,3}\.\d{1,20})")
_KINDS = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic"), "image"),
    **dict.fromkeys(("mp4", "mov", "3gp", "mkv"), "video"),
    **dict.fromkeys(("mp3", "m4a", "aac", "amr", "ogg"), "audio"),
    **dict.fromkeys(("opus",), "voice"),
    "webp": "sticker",
    "gif": "gif",
    "vcf": "contact",
}


@dataclass(slots=True)
class Content:
    """What one entry holds. ``file``: the kind of a file with its name, where one is written."""

    kind: str = "text"
    text: str | None = None
    file: tuple[str, str | None] | None = None
    is_deleted: bool = False
    is_owners: bool = False
    is_edited: bool = False
    place: tuple[float, float] | None = None
    question: str | None = None
    options: list[str] = field(default_factory=list)
    remark: str | None = None


def plain(text: str) -> str:
    """A text as it is compared with the app's own words."""
    visible = "".join(each for each in text if each not in INVISIBLE)
    return " ".join(visible.replace("\u202f", " ").replace("\xa0", " ").split()).lower()


def read_content(text: str, *, is_bracket: bool) -> Content:
    """The content of an entry that has a sender."""
    words = plain(text) if len(text) < 200 else ""
    sentence = words.removesuffix(".")
    if sentence in DELETED_BY_OWNER or sentence in DELETED:
        return Content(kind="unknown", is_deleted=True, is_owners=sentence in DELETED_BY_OWNER)
    if words in OMITTED_MEDIA:
        return Content(kind="unknown", file=("unknown", None), remark="a file that was not exported")
    if words in OMITTED_FILES:
        return Content(kind=OMITTED_FILES[words], file=(OMITTED_FILES[words], None))
    if words == NOTHING and not is_bracket:
        return Content(kind="unknown", text=text, remark="view-once, not supported, or the typed word")
    found = _attached(text, is_bracket=is_bracket)
    if found is not None:
        return found
    if is_bracket and text.startswith(LRM) and any(each in words for each in ENCRYPTED):
        return Content(kind="system", text=text)
    return _written(text)


def is_notice(words: str) -> bool:
    """Whether a line, as ``plain`` gives it, is the notice with which chats begin."""
    return any(each in words for each in ENCRYPTED)


def _attached(text: str, *, is_bracket: bool) -> Content | None:
    match = (_ATTACHED_IOS if is_bracket else _ATTACHED_ANDROID).match(text)
    if match is None or (not is_bracket and plain(match[2]) not in ATTACHED):
        return None
    name = match[1].strip().strip(INVISIBLE)
    caption = text[match.end() :].strip().strip(INVISIBLE).strip()
    kind = file_kind(name)
    return Content(kind=kind, text=caption or None, file=(kind, name))


def file_kind(name: str) -> str:
    """The kind of a file by its name: WhatsApp's own names say more than their endings."""
    upper = name.upper()
    for mark, kind in (("-STICKER-", "sticker"), ("STK-", "sticker"), ("-GIF-", "gif"), ("PTT-", "voice")):
        if mark in upper:
            return kind
    return _KINDS.get(name.rpartition(".")[2].lower(), "document")


def _written(text: str) -> Content:
    """A text that somebody wrote, or what the app made of a place or a poll."""
    found = Content(text=text)
    lowered = plain(text[-60:])
    mark = next((each for each in EDITED if lowered.endswith(each)), None)
    if mark is not None:
        found.is_edited = True
        found.text = text[: text.rindex("<")].rstrip().rstrip(INVISIBLE).rstrip()
    place = _PLACE.search(text) if "maps.google.com" in text else None
    if place is not None:
        found.kind, found.place = "location", (float(place[1]), float(place[2]))
    first, _, rest = text.partition("\n")
    if plain(first).startswith(POLL) and rest:
        _read_poll(found, rest)
    return found


def _read_poll(found: Content, rest: str) -> None:
    """The question is the next line; options are written with the number of their votes, not with voters."""
    lines = [line.strip().strip(INVISIBLE) for line in rest.split("\n") if line.strip()]
    if not lines:
        return
    found.kind, found.question = "poll", lines[0]
    for line in lines[1:]:
        word = next((each for each in OPTION if plain(line).startswith(each)), None)
        found.options.append(line if word is None else line.partition(":")[2].strip())
