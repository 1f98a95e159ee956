"""Entities of a text, buttons and previews of Postbox, in words.

Source: Telegram reference 5.4 (MessageTextEntity: positions count UTF-16 code units, the end is exclusive),
ReplyMarkupMessageAttribute and TelegramMediaWebpage of TelegramMessenger/Telegram-iOS ("from source").
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.formats.postbox import Node
from forensics.model import Attachment
from parsers.telegram_postbox_ids import handle_of
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_text import Units

_MENTION, _TEXT_URL, _TEXT_MENTION = 1, 10, 11
# Formatting that says something; bold and the like do not, and a link that shows its own address is text.
_WORDS = {1: "mention", 8: "code", 9: "code", 10: "link", 11: "mention", 14: "quote"}
_SILENT = frozenset({0, 2, 3, 4, 5, 6, 7, 12, 13, 15, 16})
_CUSTOM = 0x7FFFFFFF
_LOADED = 1


def mentions(people: PostboxPeople, text: str, entities: list[Node]) -> tuple[str, ...]:
    """The participants that are mentioned: by id, or by a username that somebody has now."""
    units, found = Units(text), dict[str, None]()
    for each in entities:
        kind = each.number("_rawValue")
        if kind == _TEXT_MENTION:
            key = each.number("peerId")
            if key is not None:
                found[people.id(key)] = None
        elif kind == _MENTION:
            person = people.named(_slice(units, each))
            if person is not None:
                found[person.id] = None
    return tuple(found)


def formatting(text: str, entities: list[Node]) -> str | None:
    """What formatting says, in words; None where it says nothing."""
    return "; ".join(_said(Units(text), entities)) or None


def _said(units: Units, entities: list[Node]) -> Iterator[str]:
    for each in entities:
        kind = each.number("_rawValue")
        if kind in _SILENT:
            continue
        number = each.number("type") if kind == _CUSTOM else kind
        shown = f"{_WORDS.get(kind or 0, f'formatting {number}')} “{_slice(units, each)}”"
        match kind:
            case 10:
                yield f"{shown} to {each.text('url')}"
            case 11:
                key = each.number("peerId")
                yield f"{shown} of {handle_of(key) if key is not None else 'somebody'}"
            case _:
                yield shown


def _slice(units: Units, entity: Node) -> str:
    start, end = entity.number("start") or 0, entity.number("end") or 0
    return units.slice(start, end - start)


def buttons(markup: Node | None) -> str | None:
    """The buttons below a message in the order they are shown; None where there are none."""
    if markup is None:
        return None
    shown = [_button(each) for row in markup.children("r") for each in row.children("b")]
    return f"buttons: {' '.join(shown)}" if shown else None


def _button(node: Node) -> str:
    target = node.text("u") or node.text("q")
    title = node.text(".t") or ""
    return f"[{title}: {target}]" if target else f"[{title}]"


def preview(page: Node) -> Attachment | None:
    """The preview of a web page; None while it is empty or being made."""
    if page.number("ct") != _LOADED:
        url = page.text("pendingUrl")
        return Attachment(kind="link", path=url) if url else None
    url, title = page.text("u") or page.text("d"), page.text("ti") or page.text("ws")
    description = page.text("tx")
    if url is None and title is None and description is None:
        return None
    return Attachment(kind="link", filename=title, path=url, caption=description)
