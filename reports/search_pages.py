"""Pages with every message of every conversation in short, so that one filter goes over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import TextIO

from forensics.textual import visible
from forensics.words import Words
from reports import filtering, markup, pages
from reports.bubbles import Bubble
from reports.content import Content

# Messages of one page, which a browser filters in a blink, and of a report that gets such pages at all.
PER_PAGE = 20_000
MOST = 100_000


class SearchPages:
    """Writes messages.html and its successors while conversations are written; ``close`` it in the end."""

    def __init__(self, target: Path, content: Content) -> None:
        self._target, self._content = target, content
        self._count = content.messages
        self._written = 0
        self._stream: TextIO | None = None
        self._tail: Iterator[str] = iter(())

    @property
    def link(self) -> str:
        """What the index says of these pages."""
        words = self._content.background.words
        if not self._count:
            return ""
        if not self.is_wanted:
            return f"<p>{markup.shown(words('search.too_many', most=MOST))}</p>\n"
        return f'<nav><a href="{_name(1)}">{markup.shown(words("search.title"))}</a></nav>\n'

    @property
    def is_wanted(self) -> bool:
        """Whether the report gets such pages."""
        return self._count <= MOST

    def put(self, hits: Iterable[str]) -> None:
        """The next messages, as ``hit`` gives them."""
        for each in hits:
            if self._written % PER_PAGE == 0:
                self._turn()
            assert self._stream is not None
            self._stream.write(each)
            self._written += 1

    def close(self) -> None:
        """Finish the last page."""
        if self._stream is not None:
            self._stream.writelines(self._tail)
            self._stream.close()
            self._stream = None

    def _turn(self) -> None:
        """Finish the page that is full and begin the next."""
        self.close()
        words = self._content.background.words
        place = self._written // PER_PAGE + 1
        self._stream = (self._target / _name(place)).open("w", encoding="utf-8", newline="\n")
        title = words("search.title")
        pieces = markup.page(words, title, self._content.header, self._frame(words, title, place))
        for piece in pieces:
            if piece == _LIST:
                break
            self._stream.write(piece)
        self._tail = iter(pieces)

    def _frame(self, words: Words, title: str, place: int) -> Iterator[str]:
        last = -(-self._count // PER_PAGE)
        steps = [('index.html"', words("back"))]
        steps += [(f'{_name(place - 1)}" class="step"', words("previous"))] if place > 1 else []
        steps += [(f'{_name(place + 1)}" class="step"', words("next"))] if place < last else []
        links = " · ".join(f'<a href="{where}>{markup.shown(label)}</a>' for where, label in steps)
        nav = f"<nav>{links} · {words('page')} {place} {words('of')} {last}</nav>\n"
        yield f"{nav}<h1>{markup.shown(title)}</h1><p>{markup.shown(words('search.explained'))}</p>\n"
        yield filtering.message_filter(words, with_chats=True)
        yield '<ol class="hits">\n'
        yield _LIST
        yield f"</ol>\n{nav}"


# Where the messages stand between the pieces of a page.
_LIST = "<!-- messages -->"


def _name(place: int) -> str:
    return "messages.html" if place == 1 else f"messages-{place}.html"


def hit(each: Bubble, chat: str) -> str:
    """A message in short; ``chat`` is the number and title of its conversation."""
    flags = f' data-f="{" ".join(each.flags)}"' if each.flags else ""
    text = each.text or " · ".join(f"{name}: {value}" for name, value in each.details)
    shown = f'<span dir="{each.direction}">{escape(visible(text))}</span>'
    return (
        f'<li class="hit"{flags}><a href="{pages.message_link(each.number)}">{each.number}</a>'
        f' <span class="t">{each.time}</span> <b>{markup.shown(each.sender)}</b>'
        f' <i class="c">{markup.shown(chat)}</i> {shown}</li>\n'
    )
