"""The HTML pages of conversations, each made by itself, so that several processes can make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from forensics.packed_messages import Unpacking
from forensics.textual import joined
from reports import filtering, markup, pages
from reports.background import Background
from reports.bubbles import Presenter
from reports.content import Record
from reports.excerpts import Heading
from reports.search_pages import hit


class Page(NamedTuple):
    """Page ``place`` of a conversation; ``first``: the number of its first message in the conversation."""

    conversation: str
    heading: Heading
    place: int
    first: int
    has_next: bool
    messages: bytes | Sequence[Record]
    seen: Mapping[str, Record]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes pages; ``is_searched``: whether pages with all messages in short want theirs."""

    target: Path
    header: str
    presenter: Presenter
    unpacking: Unpacking | None
    is_searched: bool

    @property
    def background(self) -> Background:
        return self.presenter.background

    def write(self, page: Page) -> list[str]:
        """Write a page; gives its messages in short, where they are wanted."""
        self.presenter.compare(page.conversation, page.seen)
        number = page.heading.number
        body, hits = [], []
        title = joined(f"{number}.", page.heading.title, separator=" ")
        for place, message in enumerate(self._records(page), page.first):
            bubble = self.presenter.bubble(f"{number}-{place}", message)
            body.append(markup.bubble(bubble))
            if self.is_searched:
                hits.append(hit(bubble, title))
        pieces = markup.page(self.background.words, title, self.header, self._framed(page, title, body))
        pages.write(self.target / pages.page_name(number, page.place), pieces)
        return hits

    def _records(self, page: Page) -> Iterable[Record]:
        if isinstance(page.messages, bytes):
            assert self.unpacking is not None
            return self.unpacking.records(page.messages)
        return page.messages

    def _framed(self, page: Page, title: str, body: Iterable[str]) -> Iterator[str]:
        words, heading = self.background.words, page.heading
        links = self._links(page)
        yield f"{links}<h1{markup.side_by_side(heading.title)}>{markup.shown(title)}</h1>"
        yield markup.fields(words, heading.fields, "D15")
        yield f'<p class="strong">{markup.shown(words("account_is_not_a_person"))}</p>'
        yield f"<p>{markup.shown(words('D15.recipients'))}</p>"
        yield filtering.message_filter(words, with_chats=False)
        yield from body
        yield links

    def _links(self, page: Page) -> str:
        words, number, place = self.background.words, page.heading.number, page.place
        links = [('../index.html#D15"', words("back"))]
        if place > 1:
            links.append((f'../{pages.page_name(number, place - 1)}" class="step"', words("previous")))
        if page.has_next:
            links.append((f'../{pages.page_name(number, place + 1)}" class="step"', words("next")))
        shown = " · ".join(f'<a href="{target}>{markup.shown(label)}</a>' for target, label in links)
        return f"<nav>{shown} · {words('page')} {place}</nav>\n"
