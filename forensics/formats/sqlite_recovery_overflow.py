"""The rest of a long row on its overflow pages, as far as they still hold it.

Freed overflow pages keep their bytes, except one that became a freelist trunk. A chain is believed when it
ends where the row ends: the last page's next is 0 (fileformat2.html section 1.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.formats.sqlite_recovery_files import MAIN, WAL, Files, History, OldImage, Place
from forensics.formats.sqlite_recovery_live import MOST_PAYLOAD, LiveRows
from forensics.formats.sqlite_recovery_record import Found, are_allowed
from forensics.formats.sqlite_recovery_sift import Sifted
from forensics.formats.sqlite_recovery_trees import FREE_LEAF, NOBODY, Trees


class Overflow:
    """Follows chains. All of them together read no more than a few times the pages that there are."""

    def __init__(self, files: Files, trees: Trees, live: LiveRows, histories: Sequence[History]) -> None:
        self._files = files
        self._trees = trees
        self._live = live
        self._histories = histories
        images = sum(len(history.images) for history in histories)
        self._budget = 8 * (files.pages + files.main_pages + images) + 1_000

    def completed(self, sifted: Sifted) -> Found:
        """The record with the bytes that its chain still holds; ``missing`` is what could not be had."""
        found = sifted.found
        if not found.missing:
            return found
        rest = self._chain(found, sifted.image)
        whole = replace(found, body=found.body + rest, missing=found.missing - len(rest))
        template = found.template
        if template is not None and not are_allowed(template, whole.types, whole.body):
            return found
        return whole

    def _chain(self, found: Found, image: OldImage | None) -> bytes:
        parts: list[bytes] = []
        number, missing = found.overflow, min(found.missing, MOST_PAYLOAD)
        seen: set[int] = set()
        room = self._files.layout.usable - 4
        while missing > 0 and number not in seen and self._budget > 0:
            data = self._page(number, image)
            if data is None:
                return b"".join(parts)
            seen.add(number)
            self._budget -= 1
            parts.append(data[4 : 4 + min(missing, room)])
            missing -= room
            number = int.from_bytes(data[:4], "big")
        # A chain that goes on behind the row's end, or in a circle, is not this row's.
        return b"".join(parts) if missing <= 0 and number == 0 else b""

    def _page(self, number: int, image: OldImage | None) -> bytes | None:
        if not 1 < number <= max(self._files.pages, self._files.main_pages):
            return None if image is None else self._older(number, image)
        if image is not None:
            return self._older(number, image)
        is_free = self._trees.owners[number] in (FREE_LEAF, NOBODY) if number <= self._files.pages else False
        return self._files.page(number) if is_free and not self._live.uses_as_overflow(number) else None

    def _older(self, number: int, image: OldImage) -> bytes | None:
        """The page as it was when ``image`` was written."""
        history = self._histories[image.history]
        newest = history.newest(number, image.order)
        if newest is not None and image.place.file == WAL:
            return self._files.read(newest.place)
        if image.place.file != WAL and number in history.by_page:
            return self._files.read(history.images[history.by_page[number][0]].place)
        if not 1 < number <= self._files.main_pages:
            return None
        data = self._files.read(Place(MAIN, (number - 1) * self._files.layout.page_size))
        return None if self._is_checkpointed(history, number, image.order, data) else data

    def _is_checkpointed(self, history: History, number: int, order: int, data: bytes) -> bool:
        """Whether the main file already has the page as a later frame wrote it."""
        if not history.is_replaced_later(number, order):
            return False
        return any(
            self._files.read(history.images[at].place) == data
            for at in history.by_page[number][-4:]
            if at > order
        )
