"""Entities of a text: what is said by formatting, in words, and who is mentioned.

Source: Telegram reference 3.3 (MessageEntity). Offsets and lengths count UTF-16 code units.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.telegram_people import People
from parsers.telegram_tl_value import Value

_PREFIX = "messageEntity"
# Formatting that says something; bold and the like do not, and a link that shows its own address is text.
_WORDS = {
    "TextUrl": "link",
    "Mention": "mention",
    "MentionName": "mention",
    "Spoiler": "spoiler",
    "Code": "code",
    "Pre": "code",
    "Blockquote": "quote",
    "DiffReplace": "replaced",
    "FormattedDate": "date",
}


class Units:
    """A text by UTF-16 code units."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_plain = text.isascii() or max(text) < "\U00010000"
        self._units = b"" if self._is_plain else text.encode("utf-16-le", "surrogatepass")

    def slice(self, start: int, length: int) -> str:
        """The part that starts at ``start`` and is ``length`` units long, as far as there is one."""
        if start < 0 or length < 0:
            return ""
        if self._is_plain:
            return self._text[start : start + length]
        return self._units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")


def mentions(people: People, text: str, entities: Sequence[Value]) -> tuple[str, ...]:
    """The participants that are mentioned: by id, or by a username that somebody has now."""
    if not entities or not text:
        return ()
    units, found = Units(text), dict[str, None]()
    for each in entities:
        name = each.name.removeprefix(_PREFIX)
        if name == "MentionName":
            key = each.number("user_id")
            if key is not None:
                found[people.id(key)] = None
        elif name == "Mention":
            person = people.named(_slice(units, each))
            if person is not None:
                found[person.id] = None
    return tuple(found)


def formatting(text: str, entities: Sequence[Value]) -> str | None:
    """What formatting says, in words; None where it says nothing."""
    if not entities or not text:
        return None
    return "; ".join(_said(Units(text), entities)) or None


def _said(units: Units, entities: Sequence[Value]) -> Iterator[str]:
    for each in entities:
        name = each.name.removeprefix(_PREFIX)
        word = _WORDS.get(name)
        if word is None:
            continue
        shown = f"{word} “{_slice(units, each)}”"
        match name:
            case "TextUrl":
                yield f"{shown} to {each.text('url')}"
            case "MentionName":
                yield f"{shown} of {each.number('user_id')}"
            case "DiffReplace":
                yield f"{shown}, was “{each.text('old_text')}”"
            case _:
                yield shown


def _slice(units: Units, value: Value) -> str:
    return units.slice(value.number("offset") or 0, value.number("length") or 0)
