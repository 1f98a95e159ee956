"""The HTML pages of conversations, each made by itself, so that several processes can make them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from forensics.packed_messages import Unpacking
from forensics.record_tree import leaf_of, salt_of
from forensics.textual import joined
from reports import filtering, markup, pages
from reports.background import Background
from reports.bubbles import Presenter
from reports.content import Record
from reports.excerpts import Heading
from reports.search_pages import hit


class Page(NamedTuple):
    """Page ``place`` of a conversation; ``first``: the number of its first message in the conversation;
    ``among_all``: its place among all records; ``messages``: a block, empty without messages."""

    conversation: str
    heading: Heading
    place: int
    first: int
    among_all: int
    has_next: bool
    messages: bytes
    seen: Mapping[str, Record]


class Made(NamedTuple):
    """What else was made of the messages of a page: each in short, and the leaves behind each other."""

    hits: list[str]
    leaves: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Writes pages; ``is_searched``: whether pages with all messages in short want theirs; ``key``: what the
    salts of the tree over the records are made from, where it grows along."""

    target: Path
    header: str
    presenter: Presenter
    unpacking: Unpacking
    is_searched: bool
    key: bytes | None

    @property
    def background(self) -> Background:
        return self.presenter.background

    def write(self, page: Page) -> Made:
        """Write a page; gives what else is wanted of its messages."""
        self.presenter.compare(page.conversation, page.seen)
        number = page.heading.number
        body, hits = [], []
        leaves: list[bytes] = []
        title = joined(f"{number}.", page.heading.title, separator=" ")
        for place, message in enumerate(self._records(page, leaves), page.first):
            bubble = self.presenter.bubble(f"{number}-{place}", message)
            body.append(markup.bubble(bubble))
            if self.is_searched:
                hits.append(hit(bubble, title))
        pieces = markup.page(self.background.words, title, self.header, self._framed(page, title, body))
        pages.write(self.target / pages.page_name(number, page.place), pieces)
        return Made(hits, b"".join(leaves))

    def _records(self, page: Page, leaves: list[bytes]) -> Iterator[Record]:
        """The messages of a page; their leaves are put to ``leaves`` where they are wanted."""
        if not page.messages:
            return
        if self.key is None:
            yield from self.unpacking.records(page.messages)
            return
        found = self.unpacking.records_and_lines(page.messages)
        for place, (record, line) in enumerate(found, page.among_all):
            leaves.append(leaf_of(salt_of(self.key, place, line), line))
            yield record

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
