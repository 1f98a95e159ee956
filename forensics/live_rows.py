"""What a parser reads of one database of messages: as a whole, or a large one range by range."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from forensics.authority import Scope
from forensics.extract import Batch, GivesRows, batched, extract, without_purged
from forensics.parser import Installation, Parser
from forensics.ranges import ROWS, InRanges, Place, RangedReading


class RangeRead(NamedTuple):
    """What was read of one range, and what it leaves when it was read to its end."""

    batches: Iterable[Batch]
    left: Callable[[], Any]


class Leaves(NamedTuple):
    """What a range leaves that was read to its end elsewhere."""

    left: Any


# What others read of a range: batches, and what it leaves. Where that does not come, the rest is read here.
Elsewhere = Callable[[Place], Iterable[Batch | Leaves]]


def nowhere(_places: Sequence[Place]) -> Elsewhere:
    """Nobody else reads any range."""
    return lambda _place: ()


def ranges_of(
    parser: Parser, installation: Installation, scope: Scope, rows: int = ROWS
) -> RangedReading | None:
    """A large installation in ranges of about so many rows; None where it is to be read as a whole. To be
    asked before anything else reads the database: what SQLite refused by then would count."""
    if scope.is_whole and isinstance(parser, GivesRows) and isinstance(parser, InRanges):
        return parser.in_ranges(installation, rows)
    return None


def read_whole(
    parser: Parser,
    app: str,
    installation: Installation,
    scope: Scope,
    *,
    ranged: RangedReading | None = None,
    elsewhere: Callable[[Sequence[Place]], Elsewhere] = nowhere,
) -> Iterator[Batch]:
    """Everything that a parser reads of an installation and that the scope covers: of a large one in what
    ``ranges_of`` gave, of which ``elsewhere`` begins to read some in other processes."""
    if not scope.is_whole or not isinstance(parser, GivesRows):
        yield from extract(parser.read(installation), app, installation, scope)
        return
    if ranged is None:
        batches = batched(parser.read_rows(installation))
    else:
        batches = _in_ranges(ranged, elsewhere(ranged.places))
    yield from without_purged(batches, installation, scope) if scope.purged else batches


def _in_ranges(ranged: RangedReading, elsewhere: Elsewhere) -> Iterator[Batch]:
    yield from batched(ranged.before())
    for place in ranged.places:
        ranged.take((yield from _range(ranged, place, elsewhere)))
    yield from batched(ranged.after())


def _range(ranged: RangedReading, place: Place, elsewhere: Elsewhere) -> Generator[Batch, None, Any]:
    """The batches of a range, and in the end what it leaves: the same whoever read it, up to any batch."""
    given = 0
    for each in elsewhere(place):
        if isinstance(each, Leaves):
            return each.left
        given += 1
        yield each
    part = read_range(ranged, place)
    yield from islice(part.batches, given, None)
    return part.left()


def read_range(ranged: RangedReading, place: Place) -> RangeRead:
    """One range, read here."""
    return RangeRead(batched(ranged.read(place)), ranged.left)
