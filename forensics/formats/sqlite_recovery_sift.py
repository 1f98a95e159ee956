"""Page images sifted for rows that the current view does not show, in one order: the file's pages, the images
beneath the log, the log's frames, the journal's images."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.formats.sqlite_pages import LEAVES, PADDING, BtreePage, Span, free_spans, gap, parse_page
from forensics.formats.sqlite_recovery_carve import Carver
from forensics.formats.sqlite_recovery_cells import CellReader
from forensics.formats.sqlite_recovery_files import JOURNAL, WAL, Files, OldImage, Place
from forensics.formats.sqlite_recovery_nameless import former_cells
from forensics.formats.sqlite_recovery_pointers import PointerMaps
from forensics.formats.sqlite_recovery_record import Found, decode_values, index_order
from forensics.formats.sqlite_recovery_serial import Types, narrowest
from forensics.formats.sqlite_recovery_strangers import Strangers
from forensics.formats.sqlite_recovery_tables import (
    Tables,
    can_be,
    experienced,
    is_natural,
    is_row_of,
    is_schema,
)
from forensics.formats.sqlite_recovery_template import Template, nameless_template
from forensics.formats.sqlite_recovery_trees import FIRST_OWNER, FREE_LEAF, FREE_TRUNK, NOBODY, SCHEMA, Trees
from forensics.formats.sqlite_tree import TABLE_INTERIOR, TABLE_LEAF

_FIRST_NAMELESS = 1 << 30
_SAMPLE = 600
_SPANS_KEPT = 512
_STEP = 256  # pages between two signs of progress
_FEWEST_IN_ORDER = 4
# Page, origin, the image where it is not the current one, and whether a pointer map says whose the page was.
Where = tuple[int, str, OldImage | None, bool]
_ROWID_TYPES = frozenset((1, 2, 3, 4, 5, 6, 8, 9))
_WIDTHS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(frozen=True, slots=True)
class Sifted:
    """A record with its place. ``tables`` are those that it can be a row of: one where it is decided, none
    where no schema describes it."""

    found: Found
    tables: tuple[Template, ...]
    origin: str
    page: int
    place: Place
    image: OldImage | None  # None for the current view
    is_pointed: bool = False  # a pointer map decided between tables

    @property
    def is_uncommitted(self) -> bool:
        return self.image is not None and self.image.is_uncommitted


class Sifter:
    """Sifts one image at a time."""

    def __init__(
        self, files: Files, trees: Trees, tables: Tables, carver: Carver, pointers: PointerMaps
    ) -> None:
        self._files = files
        self._pointers = pointers
        self._trees = trees
        self._tables = tables
        self._carver = carver
        self._cells = CellReader(files, carver.limit, tables.limits)
        self._kept: OrderedDict[tuple[int, Span, bytes], tuple[Found, ...]] = OrderedDict()
        self._kinds: dict[int, int] = {}  # of each page's last old image
        self._hints = _dropped_pages(trees, tables)
        self._learn_nameless()

    def _learn_nameless(self) -> None:
        """Makes tables of the free pages and gaps whose rows no schema describes, one for each number of
        columns."""
        seen: dict[int, list[Types]] = {}
        known: dict[int, list[Found]] = {}
        for number in sorted(self._trees.freelist.leaves):
            if self._trees.survey.kinds[number] in LEAVES:
                page = parse_page(self._files.page(number), number, self._files.layout.usable)
                cells = self._cells.read(page, is_old=False).found if page else []
                tables = self._decided(page, cells) if page else []
                if len(tables) == 1 and not tables[0].usual:
                    known.setdefault(tables[0].number, []).extend(cells[:_SAMPLE])
                elif page and not page.is_index and cells and not tables and self._is_plausible(page, cells):
                    seen.setdefault(len(cells[0].types), []).extend(found.types for found in cells)
        for cells in self._former():
            seen.setdefault(len(cells[0].types), []).extend(found.types for found in cells)
        self._experience(known)
        schema = self._tables.schema
        for at, (_columns, types) in enumerate(sorted(seen.items())):
            number = _FIRST_NAMELESS + at
            small = schema.small_constants
            self._tables.add(nameless_template(number, types, encoding=schema.encoding, small=small))
        self._order = self._strictest_first()
        self._strangers = Strangers(self._order, self._carver)

    def _former(self) -> Iterator[list[Found]]:
        """The cells that former pointers name in gaps and in trunks of the freelist, where no table of any
        schema has such rows."""
        usable = self._files.layout.usable
        for number in range(2, self._files.pages + 1):
            owner, residue = self._trees.owners[number], None
            data = self._files.page(number) if owner == FREE_TRUNK else b""
            if owner == FREE_TRUNK:
                residue = Span(self._trees.freelist.trunks.get(number, 0), usable, 0)
            elif owner >= FIRST_OWNER and self._trees.survey.residue[number]:
                page = parse_page(self._files.page(number), number, usable)
                residue, data = (gap(page), page.data) if page is not None else (None, b"")
            cells = former_cells(data[:usable] + PADDING, residue, self._is_known) if residue else []
            if cells and all(map(_is_minimal, cells)) and not self._tables.fitting_all(cells):
                yield cells

    def _is_known(self, found: Found) -> bool:
        return any(can_be(table, found) and is_natural(table, found) for table in self._tables.all)

    def _experience(self, known: dict[int, list[Found]]) -> None:
        """Tables without live rows learn from the pages that were theirs alone."""
        for at, table in enumerate(self._tables.all):
            if table.number in known:
                learnt = experienced(table, known[table.number][:_SAMPLE])
                self._tables.learn(at, learnt)
        by_number = {table.number: table for table in self._tables.all}
        self._hints = {page: by_number[table.number] for page, table in self._hints.items()}

    def _strictest_first(self) -> list[Template]:
        """The tables in the order in which bytes of no known table are read: those that fit least come first,
        those of which nothing is reported not at all."""
        tables = [table for table in self._tables.all if self._tables.is_reported(table)]
        typed = {table.number: sum(column.affinity != "blob" for column in table.stored) for table in tables}
        return sorted(tables, key=lambda table: (-typed[table.number], not table.is_live, table.number))

    def current(self, watch: Callable[[int], None]) -> Iterator[Sifted]:
        """The free space of the current view's pages, and its free pages."""
        is_whole = self._trees.is_whole
        for number in range(1, self._files.pages + 1):
            if number % _STEP == 0:
                watch(_STEP)
            owner = self._trees.owners[number]
            if owner >= FIRST_OWNER:
                if self._trees.survey.residue[number]:
                    yield from self._owned(number, self._files.page(number), owner)
            elif owner in (FREE_TRUNK, FREE_LEAF):
                yield from self._free(number, self._files.page(number), owner)
            elif owner == NOBODY and is_whole and self._trees.survey.kinds[number]:
                yield from self._whole_page(number, self._files.page(number), "unallocated", None)

    def old(self, image: OldImage) -> Iterator[Sifted]:
        """All of an image that is not part of the current view."""
        data = self._files.read(image.place)
        is_here = image.page <= self._files.pages
        if is_here and data == self._files.page(image.page):
            return
        origin = JOURNAL if image.place.file == JOURNAL else WAL
        if image.place.file == "main" and image.is_uncommitted:
            origin = JOURNAL
        owner = self._trees.owners[image.page] if is_here else NOBODY
        if owner != SCHEMA:
            yield from self._whole_page(image.page, data, origin, image)

    def _owned(self, number: int, data: bytes, owner: int) -> Iterator[Sifted]:
        page = parse_page(data, number, self._files.layout.usable)
        if page is None:
            return
        table = self._tables.by_owner.get(owner)
        if table is None or page.kind == TABLE_INTERIOR:
            residue = gap(page)  # of what the page was before it became one of an index or an inner one
            spans = [residue] if residue else []
        else:
            spans = free_spans(page, self._files.layout, self._carver.limit)
        for span in spans:
            origin = "freeblock" if span.block else "unallocated"
            yield from self._span(page.data, span, table, (number, origin, None, False))

    def _free(self, number: int, data: bytes, owner: int) -> Iterator[Sifted]:
        if self._trees.survey.blank[number]:
            return
        if owner == FREE_LEAF and self._trees.survey.kinds[number]:
            yield from self._whole_page(number, data, "freelist", None)
            return
        start = self._trees.freelist.trunks.get(number, 0)
        padded = data[: self._files.layout.usable] + bytes(20)
        yield from self._headless(padded, start, (number, "freelist", None, False))

    def _headless(self, data: bytes, start: int, where: Where) -> Iterator[Sifted]:
        """The rows of a page without the header that says what it was, as a trunk of the freelist is: of the
        tables of which whole cells are left in it, or of any where there are none."""
        span = Span(start, self._files.layout.usable, 0)
        cells = self._strangers.cells(data, span)
        left = {found.template.number for found in cells if found.template is not None}
        hint = self._hints.get(where[0])
        spans = [span]
        for template in self._order:
            if template is hint or template.number in left or not (left or hint):
                spans = yield from self._carved(data, spans, template, hint, where)

    def _span(self, data: bytes, span: Span, table: Template | None, where: Where) -> Iterator[Sifted]:
        """The span's rows of its own table, and in what these leave of a gap the rows of every other one: a
        freeblock never held any."""
        is_free = where[1] == "freelist"
        own = table or (self._hints.get(where[0]) if is_free else None)
        spans = [span]
        if own is not None:
            spans = yield from self._carved(data, spans, own, own, where)
        if (own and span.block) or not self._is_new(where):
            return
        for part in spans:
            for found in self._strangers.cells(data, part):
                yield self._sifted(found, data, (own,), where)

    def _carved(
        self, data: bytes, spans: list[Span], template: Template, own: Template | None, where: Where
    ) -> Generator[Sifted, None, list[Span]]:
        """The rows of one table in some spans; returns what they leave of these."""
        rest: list[Span] = []
        for part in spans:
            at, block = part.start, part.block
            for found in self._carve(data, part, template):
                rest.append(Span(at, found.offset, block if at + block <= found.offset else 0))
                at, block = found.end, 0
                yield self._sifted(found, data, (own,), where)
            rest.append(Span(at, part.end, block))
        return [part for part in rest if data.count(0, part.start, part.end) < part.end - part.start - 4]

    def _is_new(self, where: Where) -> bool:
        """Whether the image is the first one of its page, or of another kind than the one before: what the
        gap holds of other tables stood in the earlier image already."""
        return where[2] is None or where[2].page not in self._kinds

    def _carve(self, data: bytes, span: Span, template: Template) -> tuple[Found, ...]:
        """The rows of one table in a span; those of the last spans are kept, since most come again and again
        in a log."""
        key = (template.number, span, data[span.start : span.end])
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = tuple(self._carver.carve(data, span, template))
            if len(self._kept) > _SPANS_KEPT:
                self._kept.popitem(last=False)
        return kept

    def _sifted(self, found: Found, data: bytes, own: tuple[Template | None, ...], where: Where) -> Sifted:
        """A row of the page's own table is decided; any other is of each table that it can be of."""
        number, origin, image, is_pointed = where
        former = self._former_table(found, data, where) if image is None and origin == "unallocated" else None
        if former is not None:
            found, own, is_pointed = replace(found, template=former), (former,), True
        template = found.template
        assert template is not None
        fits = [template] if template in own else self._tables.fitting(found) or [template]
        base = image.place if image else self._files.place(number)
        place = Place(base.file, base.offset + found.offset)
        if fits[0] is not found.template:
            found = replace(found, template=fits[0])
        return Sifted(found, tuple(fits), origin, number, place, image, is_pointed)

    def _former_table(self, found: Found, data: bytes, where: Where) -> Template | None:
        """The table of a row in the gap of a page that was another table's before, when the row already lay
        there at that time."""
        former = self._pointers.before(where[0])
        if former is None or data[found.offset : found.end] != former.data[found.offset : found.end]:
            return None
        return self._only([table for table in former.tables if can_be(table, found)])

    def _only(self, tables: Sequence[Template]) -> Template | None:
        return tables[0] if len(tables) == 1 else None

    def _whole_page(self, number: int, data: bytes, origin: str, image: OldImage | None) -> Iterator[Sifted]:
        """A page that was a leaf once: its cells as its pointers name them, then what lies between them."""
        page = parse_page(data, number, self._files.layout.usable)
        if page is None:
            return
        if image is not None and self._kinds.get(number, page.kind) != page.kind:
            del self._kinds[number]
        read = self._cells.read(page, is_old=image is not None)
        cells = read.found
        tables = self._decided(page, cells, read.has_live)
        pointed = None if read.has_live or not cells else self._pointed(page, cells, image, tables)
        tables = tables if pointed is None else [pointed]
        where = (number, origin, image, pointed is not None)
        is_plausible = bool(cells) and not tables and self._is_plausible(page, cells)
        for found in cells if tables or is_plausible else ():
            base = image.place if image else self._files.place(number)
            own = tuple(table for table in tables if is_row_of(table, found))
            if own or is_plausible:
                place = Place(base.file, base.offset + found.offset)
                template = own[0] if own else None
                row = replace(found, template=template)
                yield Sifted(row, own, origin, number, place, image, where[3])
        for span in free_spans(page, self._files.layout, self._carver.limit):
            yield from self._span(page.data, span, tables[0] if len(tables) == 1 else None, where)
        if image is not None:
            self._kinds[number] = page.kind

    def _decided(self, page: BtreePage, cells: list[Found], has_live: bool = False) -> list[Template]:
        """The tables of whose leaves the page can have been one: all of its cells must fit. One that has
        cells of its current image, ``has_live``, was of the same table then."""
        if page.kind == TABLE_LEAF and is_schema(cells, self._tables.schema.encoding):
            return [self._tables.schema]
        owner = self._trees.owners[page.number] if page.number <= self._files.pages else NOBODY
        own = self._tables.by_owner.get(owner) if owner >= FIRST_OWNER else self._hints.get(page.number)
        if own is not None and (cells or has_live) and all(is_row_of(own, found) for found in cells):
            return [own]
        if page.is_index and ((owner >= FIRST_OWNER and own is None) or self._is_of_index(cells)):
            return []
        fits = self._tables.fitting_all(cells)
        natural = [table for table in fits if all(is_natural(table, found) for found in cells)]
        return natural or fits

    def _pointed(
        self, page: BtreePage, cells: list[Found], image: OldImage | None, tables: list[Template]
    ) -> Template | None:
        """The table of which the pointer map of its time says that the page was a part, among those whose
        rows its cells can be."""
        if image is not None:
            then = self._pointers.of_image(image)
        elif len(tables) == 1:
            return None
        else:
            former = self._pointers.before(page.number)
            is_same = former is not None and former.data == self._files.page(page.number)
            then = former.tables if former is not None and is_same else ()
        return self._only([table for table in then if all(is_row_of(table, found) for found in cells)])

    def _is_of_index(self, cells: list[Found]) -> bool:
        """Whether the records can be entries of an ordinary index: those end with a row id."""
        widths = self._tables.index_widths
        return all(len(found.types) in widths and found.types[-1] in _ROWID_TYPES for found in cells)

    def _is_plausible(self, page: BtreePage, cells: list[Found]) -> bool:
        """Whether rows that no schema describes are to be believed: a leaf, all rows alike and in order."""
        if not page.is_leaf or len(cells) != page.cells or len({len(c.types) for c in cells}) != 1:
            return False
        if not self._trees.is_whole:
            return False
        rowids = [found.rowid or 0 for found in cells]
        is_in_order = self._is_without_rowid(cells) if page.is_index else rowids == sorted(set(rowids))
        return is_in_order and all(map(_is_minimal, cells))

    def _is_without_rowid(self, cells: list[Found]) -> bool:
        """Whether an index's leaf is of a table WITHOUT ROWID: the entries of an ordinary index all end with
        a row id."""
        if len(cells) < _FEWEST_IN_ORDER or all(found.types[-1] in _ROWID_TYPES for found in cells):
            return False
        keys = [index_order(decode_values(found, self._tables.schema.encoding)) for found in cells]
        return keys == sorted(keys)


def _is_minimal(found: Found) -> bool:
    position = 0
    for serial in found.types:
        width = _WIDTHS.get(serial, 0) if serial < 12 else (serial - 12) // 2
        width = 8 if serial == 7 else width
        data = found.body[position : position + width]
        if serial in _WIDTHS and len(data) == width:
            number = int.from_bytes(data, "big", signed=True)
            if narrowest(number, True) != serial and narrowest(number, False) != serial:
                return False
        position += width
    return True


def _dropped_pages(trees: Trees, tables: Tables) -> dict[int, Template]:
    """The free pages that a dropped table's root still leads to."""
    hints: dict[int, Template] = {}
    for table in tables.all:
        links = [] if table.is_live else [table.root]
        while links:
            page = links.pop()
            if not 1 < page < len(trees.owners) or page in hints or trees.owners[page] >= SCHEMA:
                continue
            hints[page] = table
            links.extend(trees.survey.children.get(page, ()))
    return hints
