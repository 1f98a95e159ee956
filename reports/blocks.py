"""What a report is made of, whatever its form: parts, sections, and seven kinds of block."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Row = tuple[str, ...]
# Start and end of a marked stretch of text, in characters.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One item of the checklist; ``key`` is its stable name, such as ``A3.imei``."""

    key: str
    label: str
    values: tuple[str, ...]
    mandatory: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether a mandatory item has no value: printed in red and listed on the first page."""
        return self.mandatory and not self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    key: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``rows`` makes the rows anew at each call; ``links`` gives the page a row's first cell leads to.

    ``bars``: the column of whole numbers that are drawn as bars too; ``printed``: the most rows that a
    summary in print shows.
    """

    key: str
    title: str
    columns: Row
    count: int
    rows: Callable[[], Iterable[Row]]
    links: Callable[[Row], str] | None = None
    is_mandatory: bool = False
    bars: int | None = None
    printed: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """``tone``: ``plain``, ``strong``, ``warning`` (red) or ``flag`` (the colour of chapter E)."""

    key: str
    text: str
    tone: str = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Text of the evidence with the stretches marked that a rule matched."""

    key: str
    head: str
    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing and the figures it was drawn from. Only words of ours stand in ``svg``, never the case's."""

    key: str
    title: str
    alternative: str
    svg: str
    table: Table
    is_tall: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Blocks under a heading of their own: a seller, an offer. ``key`` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blanks:
    """Lines that a person fills in by hand."""

    key: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpts:
    """The place where the selected conversations are printed."""

    key: str


Block = Fields | Table | Prose | Quotation | Chart | Group | Blanks | Excerpts


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """``key`` is the number in the checklist: A1 to G22."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    key: str
    title: str
    sections: tuple[Section, ...]


def every_block(blocks: Iterable[Block]) -> Iterable[Block]:
    """The blocks and what stands in their groups, in order."""
    for block in blocks:
        yield block
        if isinstance(block, Group):
            yield from every_block(block.blocks)
        elif isinstance(block, Chart):
            yield block.table


def fixed_table(
    key: str,
    title: str,
    columns: Row,
    rows: Iterable[Row],
    *,
    is_mandatory: bool = False,
    bars: int | None = None,
    printed: int = 12,
) -> Table:
    """A table whose rows are all there already."""
    kept = tuple(rows)
    return Table(
        key=key,
        title=title,
        columns=columns,
        count=len(kept),
        rows=lambda: kept,
        is_mandatory=is_mandatory,
        bars=bars,
        printed=printed,
    )
