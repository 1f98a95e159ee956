"""Where else a message of ``result.json`` stands: on the HTML pages that were exported with it.

Those of one chat lie in the same folder, those of a whole account in ``chats/chat_<n>`` below it. What makes
two messages the same stands in telegram_html_shown; the reader of the pages counts such messages as copies,
and here they become further places (``also``) of the message of the JSON. A page is held at a time.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from forensics.errors import EvidenceUnreadable
from forensics.model import Source
from forensics.parser import Document, Media
from parsers.telegram_export_stream import ChatStart, Object
from parsers.telegram_html_messages import TABLE
from parsers.telegram_html_shown import Content, Listed, Page, chats, element, title_of, told
from parsers.telegram_html_tree import Piece, pieces, tree

# Pages that are held at once: the numbers of neighbouring ones may overlap.
_MOST_HELD = 2
_WIDEST = 9


class _Place(NamedTuple):
    """One element of a page: what it shows, its place on the page and its byte."""

    shown: Content
    number: int
    offset: int


class _Found(NamedTuple):
    """A page with the first and last number of its messages."""

    media: Media
    first: int
    last: int


class Pages:
    """The pages that were exported together with a ``result.json``; ``count``: how many chats it has, None
    where it is that of one chat alone."""

    def __init__(self, document: Document, count: int | None) -> None:
        self._document = document
        self._is_account = count is not None
        self._listed: dict[int, tuple[int, Listed]] = {}
        if any(any(self._folders(number)) for number in range(1, (count or 0) + 1)):
            with document.stream() as stream:
                listed = chats(stream)
            self._listed = {each.start - 1: (place, each) for place, each in enumerate(listed, 1)}

    def of(self, chat: ChatStart, *, is_sorted: bool) -> ChatPages | None:
        """Those of the chat that starts there; None without any. In a chat whose numbers are not in order
        the reader of the pages does not find them."""
        if not is_sorted:
            return None
        if not self._is_account:
            return self._in("", None)
        number, listed = self._listed.get(chat.offset, (0, None))
        for folder in self._folders(number) if listed is not None else ():
            return self._in(folder, listed)
        return None

    def _folders(self, number: int) -> Iterator[str]:
        """The folder of a chat by its place in the file; its number has leading zeros."""
        names = dict.fromkeys(f"chats/chat_{number:0{width}d}/" for width in range(1, _WIDEST))
        return (each for each in names if self._document.media(f"{each}messages.html") is not None)

    def _in(self, folder: str, listed: Listed | None) -> ChatPages | None:
        found = []
        for number in range(1, 1 << 30):
            name = f"{folder}messages{number if number > 1 else ''}.html"
            media = self._document.media(name)
            if media is None:
                break
            page = self._look(name, media, listed)
            if page is not None:
                found.append((name, page))
        return ChatPages(self._document, dict(found)) if found else None

    def _look(self, name: str, media: Media, listed: Listed | None) -> _Found | None:
        numbers = []
        for number, piece in _read(self._document, name):
            if not number and listed is not None and not listed.is_titled(_title(piece)):
                return None
            found = element(piece) if number else None
            if found is not None:
                numbers.append(found[0])
        return _Found(media, min(numbers), max(numbers)) if numbers else None


class ChatPages:
    """The pages of one chat."""

    def __init__(self, document: Document, pages_of_chat: dict[str, _Found]) -> None:
        self._document = document
        self._pages = pages_of_chat
        self._held: OrderedDict[str, dict[int, list[_Place]]] = OrderedDict()
        # messages that stand on a page too
        self.count = 0

    def also(self, value: Object) -> tuple[Source, ...]:
        """The places of a message on the pages."""
        number = value.get("id")
        if type(number) is not int:
            return ()
        of_json = _short(told(value))
        found = [
            self._source(page.media, number, place)
            for name, page in self._pages.items()
            if page.first <= number <= page.last
            for place in self._numbers(name).get(number, ())
            if of_json.agrees(place.shown)
        ]
        self.count += bool(found)
        return tuple(found)

    def _numbers(self, name: str) -> dict[int, list[_Place]]:
        held = self._held.get(name)
        if held is None:
            held = self._held[name] = self._places(name)
            if len(self._held) > _MOST_HELD:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(name)
        return held

    def _places(self, name: str) -> dict[int, list[_Place]]:
        page, places = Page(), dict[int, list[_Place]]()
        for number, piece in _read(self._document, name):
            found = element(piece) if number else None
            if found is not None:
                place = _Place(_short(page.shown(found[1])), number, piece.offset)
                places.setdefault(found[0], []).append(place)
        return places

    def _source(self, media: Media, number: int, place: _Place) -> Source:
        return Source(
            evidence_sha256=self._document.evidence_sha256,
            file_sha256=media.sha256,
            path=media.path,
            table=TABLE,
            rowid=place.number,
            offset=place.offset,
            app_id=str(number),
        )


def _read(document: Document, name: str) -> Iterator[tuple[int, Piece]]:
    """The pieces of a page with their numbers, as far as they can be read."""
    opened = document.open_media(name)
    if opened is None:
        return
    with opened[1] as stream:
        try:
            yield from enumerate(pieces(stream))
        except EvidenceUnreadable:
            return  # reading has put it among the evidence's problems


def _title(head: Piece) -> str | None:
    return title_of(tree(head.data.decode("utf-8", "replace")))


def _short(content: Content) -> Content:
    """The same with a digest in the place of the text: a page may be large."""
    digest = hashlib.sha256(content.text.encode("utf-8", "surrogatepass")).hexdigest()
    return content._replace(text=digest)
