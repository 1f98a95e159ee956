"""What could not be read of a database, in words and in ranges: nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Range = tuple[int, int]
UNUSED_LOG = "the write-ahead log was not used"  # how a text of the kind wal begins by which rows are missing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProblem:
    """One thing that is wrong with a database, or may be. ``kind`` is one of header, missing, zeroed, blank,
    wal, journal, schema, page, row, generated; ``pages`` are inclusive ranges; ``rowids`` is an inclusive
    range whose ends are None where the damage hides them."""

    kind: str
    text: str
    table: str | None = None
    pages: tuple[Range, ...] = ()
    rowids: tuple[int | None, int | None] | None = None


def ranges(numbers: Iterable[int]) -> tuple[Range, ...]:
    """The numbers, sorted, as inclusive ranges without gaps."""
    found: list[Range] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def truncated(missing: tuple[Range, ...]) -> str:
    """What is said of a file that lacks these pages."""
    return f"the file is truncated: pages {spoken(missing)} are missing"


def cut_page(rest: int) -> str:
    """What is said of one whose last page is there with so many bytes only."""
    return f"the file ends within a page, {rest} bytes of which are there"


def spoken(pages: tuple[Range, ...]) -> str:
    """Ranges as a person reads them: ``3, 7..9``; at most ten of them, the rest counted."""
    words = [str(low) if low == high else f"{low}..{high}" for low, high in pages[:10]]
    if len(pages) > 10:
        words.append(f"and {len(pages) - 10} further ranges")
    return ", ".join(words)
