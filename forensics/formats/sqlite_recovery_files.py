"""The three files of a database as page images: the current view, and every image that is not part of it.

The current view is the main file with a hot journal's before-images put back and the log's committed frames
put over it. Which of the two are used is decided where the database is read (sqlite.Database).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from forensics.formats.source import StreamSource
from forensics.formats.sqlite_pages import Layout

MAIN, WAL, JOURNAL = "main", "wal", "journal"
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image of a page stands: the file, and its offset in that."""

    file: str
    offset: int


@dataclass(frozen=True, slots=True)
class OldImage:
    """An image of a page that is not part of the current view. ``order`` is its place among those of one
    ``history``, within which a page's newest image at that time is looked for; ``until`` is the place of the
    last image that belongs to the same time (a transaction's, or a file's), -1 where that is not known."""

    page: int
    place: Place
    history: int
    order: int
    is_uncommitted: bool
    until: int = -1


@dataclass(slots=True)
class History:
    """Images of one origin in their order: a generation of the log (``is_newest`` for the one that the
    current view is made of), a journal, or the main file beneath them."""

    file: str = MAIN
    is_newest: bool = False
    images: list[OldImage] = field(default_factory=list)
    by_page: dict[int, list[int]] = field(default_factory=dict)

    def add(self, image: OldImage) -> None:
        self.images.append(image)
        self.by_page.setdefault(image.page, []).append(len(self.images) - 1)

    def renumber(self, number: int) -> None:
        """Gives the history its place among all of a database's histories."""
        self.images = [replace(image, history=number) for image in self.images]

    def newest(self, page: int, order: int) -> OldImage | None:
        """The page's newest image up to ``order``."""
        places = self.by_page.get(page, [])
        at = bisect_right(places, order)
        return self.images[places[at - 1]] if at else None

    def is_replaced_later(self, page: int, order: int) -> bool:
        places = self.by_page.get(page, [])
        return bisect_right(places, order) < len(places)


class Files:
    """The streams, and where each page of the current view stands in them."""

    def __init__(
        self, main: BinaryIO, wal: BinaryIO | None, journal: BinaryIO | None, layout: Layout
    ) -> None:
        self.layout = layout
        self._sources = {MAIN: StreamSource(main)}
        if wal is not None:
            self._sources[WAL] = StreamSource(wal)
        if journal is not None:
            self._sources[JOURNAL] = StreamSource(journal)
        self.main_pages = -(-self._sources[MAIN].size // layout.page_size)
        self.pages = self.main_pages
        self.overlay: dict[int, Place] = {}
        self._cache: OrderedDict[int, bytes] = OrderedDict()

    def size(self, file: str) -> int:
        """The bytes of a file, 0 for one that is not there."""
        source = self._sources.get(file)
        return source.size if source else 0

    def place(self, page: int) -> Place:
        """Where the current image of a page stands."""
        return self.overlay.get(page) or Place(MAIN, (page - 1) * self.layout.page_size)

    def read(self, place: Place) -> bytes:
        """An image, with zeros for what its file does not hold."""
        size = self.layout.page_size
        return self._sources[place.file].read_at(place.offset, size).ljust(size, b"\x00")

    def page(self, number: int) -> bytes:
        """The current image of a page; the last ones read are kept."""
        kept = self._cache.get(number)
        if kept is not None:
            self._cache.move_to_end(number)
            return kept
        data = self.read(self.place(number))
        self._cache[number] = data
        if len(self._cache) > _KEPT:
            self._cache.popitem(last=False)
        return data

    def in_order(self) -> Iterator[tuple[int, bytes]]:
        """Every page of the current view with its image, read in large steps."""
        size = self.layout.page_size
        step = max(1, (1 << 20) // size)
        main = self._sources[MAIN]
        for first in range(1, self.pages + 1, step):
            chunk = main.read_at((first - 1) * size, step * size)
            for number in range(first, min(first + step, self.pages + 1)):
                if number in self.overlay:
                    yield number, self.page(number)
                else:
                    at = (number - first) * size
                    yield number, chunk[at : at + size].ljust(size, b"\x00")
