"""Which table a page belonged to at an earlier time, by the pointer map of that time.

A database with auto_vacuum keeps for every page what it is and which page leads to it (fileformat2.html
section 1.8). Today's map knows nothing of a page that was freed or is another table's now; the maps in the
log, beneath it and in the journal do. A map alone proves nothing: each step up counts only where the page
above, as it was at that time, names the page below, and the root must be one that a schema names.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.formats.sqlite_pages import INTERIORS, children, parse_page
from forensics.formats.sqlite_recovery_files import JOURNAL, MAIN, WAL, Files, History, OldImage, Place
from forensics.formats.sqlite_recovery_tables import Tables
from forensics.formats.sqlite_recovery_template import Template

_ROOT, _BTREE = 1, 5  # of the five kinds of a map's entries those of a b-tree's pages
_ENTRY = 5  # bytes: the kind, and the number of the page above
_BLOCK = 40  # entries that are compared at once
_DEPTH = 20
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Then:
    """The database as it was when the images up to ``until`` of a history had been written."""

    history: int
    until: int


@dataclass(frozen=True, slots=True)
class Former:
    """The tables that a page's root was of at an earlier time, and the page's image of that time."""

    tables: tuple[Template, ...]
    data: bytes


class PointerMaps:
    """The pointer maps of all times; without auto_vacuum there are none, and nothing is decided."""

    def __init__(
        self, files: Files, tables: Tables, histories: Sequence[History], has_pointer_maps: bool
    ) -> None:
        self._files = files
        self._tables = tables
        self._histories = histories
        self._are_there = has_pointer_maps
        self._images: OrderedDict[Place, bytes] = OrderedDict()
        self._below: OrderedDict[Place, frozenset[int]] = OrderedDict()
        self._last: tuple[int, Former | None] | None = None
        self._changed = self._find_changed() if has_pointer_maps else {}

    def of_image(self, image: OldImage) -> tuple[Template, ...]:
        """The tables whose root an old image hung below when it was written."""
        if not self._are_there or image.until < 0:
            return ()
        then = Then(image.history, image.until)
        if self._place(then, image.page) != image.place or not self._is_certain(then):
            return ()  # the page was written once more before the transaction ended
        return self._tables_of(then, image.page)

    def before(self, page: int) -> Former | None:
        """What a page of the current view was when a map last told another thing of it than today's does."""
        if page not in self._changed:
            return None
        if self._last is None or self._last[0] != page:
            self._last = page, self._former(page, self._changed[page])
        return self._last[1]

    def _former(self, page: int, then: Then) -> Former | None:
        data = self._data(then, page) if self._is_certain(then) else None
        tables = self._tables_of(then, page) if data is not None else ()
        return Former(tables, data) if data is not None and tables else None

    def _tables_of(self, then: Then, page: int) -> tuple[Template, ...]:
        root = self._root(then, page)
        return self._tables.rooted(root) if root is not None else ()

    def _root(self, then: Then, page: int) -> int | None:
        """The root above a page, when every page on the way names the one below it."""
        for _ in range(_DEPTH):
            kind, above = self._entry(then, page)
            if kind == _ROOT and above == 0:
                return page
            if kind != _BTREE or page not in self._named(then, above):
                return None
            page = above
        return None

    def _entry(self, then: Then, page: int) -> tuple[int, int]:
        number = self._files.layout.pointer_map_of(page)
        data = self._data(then, number) if page > 2 else None
        at = _ENTRY * (page - number - 1)
        if data is None or not 0 <= at <= self._files.layout.usable - _ENTRY:
            return 0, 0
        kind, above = struct.unpack_from(">BI", data, at)
        return kind, above

    def _named(self, then: Then, page: int) -> frozenset[int]:
        """The pages that an inner page led to at that time."""
        place = self._place(then, page)
        if place is None:
            return frozenset()
        kept = self._below.get(place)
        if kept is None:
            parsed = parse_page(self._read(place), page, self._files.layout.usable)
            is_inner = parsed is not None and parsed.kind in INTERIORS
            kept = frozenset(children(parsed)) if parsed is not None and is_inner else frozenset()
            self._below[place] = kept
            if len(self._below) > _KEPT:
                self._below.popitem(last=False)
        return kept

    def _data(self, then: Then, page: int) -> bytes | None:
        place = self._place(then, page)
        return self._read(place) if place is not None else None

    def _read(self, place: Place) -> bytes:
        kept = self._images.get(place)
        if kept is None:
            kept = self._images[place] = self._files.read(place)
            if len(self._images) > _KEPT:
                self._images.popitem(last=False)
        return kept

    def _place(self, then: Then, page: int) -> Place | None:
        """Where the page's image of that time stands; None where it is gone."""
        history = self._histories[then.history]
        newest = history.newest(page, then.until)
        if newest is not None:
            return newest.place
        if history.file == JOURNAL:
            return self._files.place(page) if 1 <= page <= self._files.pages else None
        in_main = Place(MAIN, (page - 1) * self._files.layout.page_size)
        if not 1 <= page <= self._files.main_pages or (history.file == WAL and not history.is_newest):
            return None
        is_later = history.file == WAL and history.is_replaced_later(page, then.until)
        return None if is_later and self._is_checkpointed(history, page, in_main) else in_main

    def _is_checkpointed(self, history: History, page: int, in_main: Place) -> bool:
        """Whether the main file has the page as one of the last frames wrote it."""
        data = self._read(in_main)
        return any(self._read(history.images[at].place) == data for at in history.by_page[page][-4:])

    def _is_certain(self, then: Then) -> bool:
        """Whether what the history does not hold was the same at that time. Of a journal it was, if it is
        that of the last transaction, which counted the changes (section 1.3.9) up by one."""
        history = self._histories[then.history]
        if history.file != JOURNAL:
            return True
        if history.newest(1, then.until) is None:
            return False
        before = self._data(then, 1) or b""
        counts = [int.from_bytes(data[24:28], "big") for data in (before, self._files.page(1))]
        return counts[0] + 1 == counts[1]

    def _find_changed(self) -> dict[int, Then]:
        """For the pages of which an earlier map tells another thing than today's: when it last did."""
        found: dict[int, Then] = {}
        layout = self._files.layout
        for number in (page for page in range(2, self._files.pages + 1) if layout.is_pointer_map(page)):
            today = self._files.page(number)
            for then, data in self._earlier(number):
                for page in self._differing(number, today, data):
                    found.setdefault(page, then)
        return found

    def _earlier(self, number: int) -> Iterator[tuple[Then, bytes]]:
        """The earlier images of a map, the newest first."""
        for at in range(len(self._histories) - 1, -1, -1):
            history = self._histories[at]
            for place in reversed(history.by_page.get(number, ())):
                image = history.images[place]
                if image.until >= 0 and not image.is_uncommitted:
                    yield Then(at, image.until), self._files.read(image.place)

    def _differing(self, number: int, today: bytes, data: bytes) -> Iterator[int]:
        """The pages that the map says are of a b-tree, where that is not what today's says."""
        usable = self._files.layout.usable // _ENTRY * _ENTRY
        step = _BLOCK * _ENTRY
        for block in range(0, usable, step):
            if data[block : block + step] == today[block : block + step]:
                continue
            for at in range(block, min(block + step, usable), _ENTRY):
                page = number + 1 + at // _ENTRY
                is_other = data[at : at + _ENTRY] != today[at : at + _ENTRY]
                if is_other and data[at] in (_ROOT, _BTREE) and page <= self._files.pages:
                    yield page
