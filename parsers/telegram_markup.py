"""Buttons below a message, previews of web pages, and rich text, as texts.

Source: Telegram reference 8: the menus of seller bots stand in the buttons, not in the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.model import Attachment
from parsers.telegram_tl_value import Value

# Where a button leads, or what it sends: the fields that say so, in its own or in its type's object.
_TARGETS = ("url", "copy_text", "query")


def buttons(markup: Value | None) -> str | None:
    """The buttons in the order they are shown; None where there are none."""
    if markup is None:
        return None
    shown = [_button(each) for row in markup.children("rows") for each in row.children("buttons")]
    return f"buttons: {' '.join(shown)}" if shown else None


def _button(value: Value) -> str:
    kind = value.child("type")
    for name in _TARGETS:
        target = value.text(name) or (kind.text(name) if kind is not None else None)
        if target:
            return f"[{value.text('text') or ''}: {target}]"
    return f"[{value.text('text') or ''}]"


def preview(media: Value) -> Attachment | None:
    """The preview of a web page; None while it is empty or being made."""
    page = media.child("webpage")
    if page is None:
        return None
    url = page.text("url") or page.text("display_url")
    title = page.text("title") or page.text("site_name")
    description = page.text("description")
    cached = page.child("cached_page")
    if description is None and cached is not None:
        description = rich_text(cached) or None
    if url is None and title is None and description is None:
        return None
    return Attachment(kind="link", filename=title, path=url, caption=description)


def rich_text(value: Value) -> str:
    """All words of a page or a rich message, a line for each block."""
    lines = (" ".join(_words(each)).strip() for each in value.children("blocks"))
    return "\n".join(line for line in lines if line)


def _words(value: Value) -> Iterator[str]:
    if value.name in ("textPlain", "textCustomEmoji"):
        yield value.text("text") or value.text("alt") or ""
        return
    for name, each in value.items():
        if isinstance(each, Value):
            yield from _words(each)
        elif isinstance(each, list):
            for item in each:
                if isinstance(item, Value):
                    yield from _words(item)
        elif isinstance(each, str) and name in ("source", "author") and each:
            yield each
