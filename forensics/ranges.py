"""A large database in ranges of row ids, each of which can be read by itself, in any process.

How it is cut depends on the database only. So a reader that has one process takes the same ranges, one after
the other, and the records, the notices and their order are the same with any number of processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol, runtime_checkable

from forensics.message_row import PackedRow
from forensics.model import Record
from forensics.parser import Installation

# Messages in a range, about: few enough that a handful of ranges fits into the memory of a process.
ROWS = 20_000
# The first and the last row id.
Place = tuple[int, int]


class RangedReading(Protocol):
    """One installation that is read in ranges: ``before``, every range in its order, ``after``."""

    places: Sequence[Place]

    def before(self) -> Iterator[Record]:
        """What comes before the first range: people, conversations, notices."""
        ...

    def read(self, place: Place) -> Iterator[Record | PackedRow]:
        """The messages of one range, and notices on them."""
        ...

    def left(self) -> Any:
        """What the range that was read last leaves for the end; it can be pickled."""
        ...

    def take(self, left: Any) -> None:
        """Take over what a range has left, in the order of the ranges."""
        ...

    def after(self) -> Iterator[Record]:
        """What comes after the last range; settles the accounting of ``installation``."""
        ...


@runtime_checkable
class InRanges(Protocol):
    """A parser that can read a large database in ranges."""

    def in_ranges(self, installation: Installation, rows: int) -> RangedReading | None:
        """The installation in ranges of about so many rows; None where it is to be read as a whole: it is
        small, damaged, or of a kind in which rows far apart belong together."""
        ...
