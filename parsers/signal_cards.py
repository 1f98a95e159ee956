"""Contact cards and link previews, which Signal keeps as JSON.

Source: Signal reference 3.6 (Android) and 5.3 (Desktop, whose cards have the same names and other numbers).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model import Attachment, Contact
from parsers.signal_json import JsonError, value_in


class CardError(ValueError):
    """The text is no list of cards or previews."""


def items(text: str | None) -> list[dict[str, object]]:
    """The objects of a JSON list. Raises CardError for anything else."""
    if not text:
        return []
    try:
        value = value_in(text)
    except JsonError as error:
        raise CardError(str(error)) from error
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise CardError("no list of objects")
    return value


def cards(values: list[dict[str, object]]) -> tuple[Contact, ...]:
    """The cards with their names and numbers."""
    return tuple(_card(each) for each in values)


def _card(value: dict[str, object]) -> Contact:
    name = value.get("name")
    parts = name if isinstance(name, dict) else {}
    shown = _string(parts.get("displayName")) or _string(parts.get("nickname"))
    given = [_string(parts.get(key)) for key in ("prefix", "givenName", "middleName", "familyName", "suffix")]
    full = shown or " ".join(each for each in given if each) or _string(value.get("organization"))
    numbers = value.get("phoneNumbers") or value.get("number")
    return Contact(name=full, phones=tuple(_numbers(numbers)))


def _numbers(values: object) -> Iterator[str]:
    for each in values if isinstance(values, list) else []:
        number = (
            _string(each.get("number") or each.get("value") or each.get("phoneNumber"))
            if isinstance(each, dict)
            else None
        )
        if number:
            yield number


def previews(values: list[dict[str, object]]) -> Iterator[Attachment]:
    """The previews as attachments of kind link."""
    for each in values:
        url, title = _string(each.get("url")), _string(each.get("title"))
        if url or title:
            yield Attachment(kind="link", filename=title, path=url, caption=_string(each.get("description")))


def attachment_ids(values: list[dict[str, object]]) -> Iterator[int]:
    """The attachments that belong to a preview or a card, and are no media of the message."""
    for each in values:
        avatar = each.get("avatar")
        place = avatar.get("attachmentId") if isinstance(avatar, dict) else each.get("attachmentId")
        row = place.get("rowId") if isinstance(place, dict) else None
        if isinstance(row, int):
            yield row


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
