"""The tables that rows can be of: of the current schema, and those that older schemas still describe."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from forensics.formats.sqlite_pages import free_spans, parse_page, read_cell
from forensics.formats.sqlite_record import RawValue
from forensics.formats.sqlite_recovery_carve import Carver
from forensics.formats.sqlite_recovery_files import Files, OldImage
from forensics.formats.sqlite_recovery_limits import Limits
from forensics.formats.sqlite_recovery_live import LiveRows
from forensics.formats.sqlite_recovery_record import Found, decode_values, head_of, row_values
from forensics.formats.sqlite_recovery_serial import kinds_of, sizes
from forensics.formats.sqlite_recovery_sql import read_create_table
from forensics.formats.sqlite_recovery_template import StoredColumn, Template, make_template
from forensics.formats.sqlite_recovery_text import ALL_SCRIPTS, scripts_of
from forensics.formats.sqlite_recovery_trees import FIRST_OWNER, SCHEMA, Tree, Trees
from forensics.formats.sqlite_schema import fold
from forensics.formats.sqlite_tree import TABLE_LEAF

_COLUMNS = ("text", "text", "text", "integer", "text")  # type, name, tbl_name, rootpage, sql
_KINDS = ("table", "index", "view", "trigger")
_MOST_TABLES = 2000
_MOST_ALIKE = 100  # tables of one number of columns that a row on a page of none is looked for in
_SAMPLE = 600
_SAMPLED_BYTES = 2000
_FEW = 8  # records of an index, which all have as many values
_NO_INTEGERS = (0, 7)  # NULL, and a real number
_INTERNAL = {
    "fts3": ("_segments", "_segdir", "_docsize", "_stat"),
    "fts4": ("_segments", "_segdir", "_docsize", "_stat"),
    "fts5": ("_data", "_idx", "_docsize", "_config"),
}


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A row of sqlite_schema."""

    kind: str
    name: str
    root: int
    sql: str


@dataclass(slots=True)
class Tables:
    """``by_owner`` has the current tables by the owner of their pages; ``all`` also those of old schemas.
    ``index_widths`` is how many values the records of the ordinary indexes have."""

    schema: Template
    all: list[Template]
    by_owner: dict[int, Template]
    index_widths: frozenset[int]
    internal: frozenset[str]
    virtual: dict[str, str]
    indexes: dict[int, str]  # the SQL of each ordinary index, by the owner of its pages
    roots: dict[int, tuple[int, ...]]  # the numbers of the tables that schemas name for a root page
    limits: Limits = field(default_factory=Limits)
    _by_count: dict[int, list[Template]] = field(default_factory=dict)

    def add(self, table: Template) -> None:
        """One table more."""
        self.all.append(table)
        self._by_count.clear()

    def learn(self, at: int, table: Template) -> None:
        """The table at that place, now with what its rows show."""
        self.all[at] = table
        if table.number in self.by_owner:
            self.by_owner[table.number] = table
        self._by_count.clear()

    def rooted(self, root: int) -> tuple[Template, ...]:
        """The tables of which this page is, or ever was, the root."""
        numbers = self.roots.get(root, ())
        return tuple(table for table in self.all if table.number in numbers) if numbers else ()

    def fitting(self, found: Found) -> list[Template]:
        """The tables whose row the record can be, those first for which its values are natural."""
        fits = [table for table in self._of(found) if can_be(table, found)]
        natural = [table for table in fits if is_natural(table, found)]
        return natural or fits

    def fitting_all(self, cells: list[Found]) -> list[Template]:
        """The tables of which all of the records can be rows."""
        tables = self._of(cells[0]) if cells else []
        return [table for table in tables if all(can_be(table, found) for found in cells)]

    def _of(self, found: Found) -> list[Template]:
        """The tables of as many columns, the first ones of them: the rows that they may share are compared
        with those of each."""
        if not self._by_count:
            for table in self.all:
                for count in table.counts:
                    self._by_count.setdefault(count, []).append(table)
        tables = self._by_count.get(len(found.types), [])
        if len(tables) > _MOST_ALIKE:
            self.limits.crowded[len(found.types)] = len(tables)
        return tables[:_MOST_ALIKE]

    def is_reported(self, table: Template) -> bool:
        """Whether rows of the table are rows of a user: not SQLite's own, nor the inside of an FTS index."""
        name = fold(table.name)
        return not name.startswith("sqlite_") and name not in self.internal


def can_be(table: Template, found: Found) -> bool:
    """Whether the record can be a row of this table."""
    return len(found.types) in table.counts and is_row_of(table, found)


def is_row_of(table: Template, found: Found) -> bool:
    """Whether the record, on a page of this very table, can be a row of it: it may be from before any ALTER
    TABLE."""
    is_index = found.template.without_rowid if found.template else found.rowid is None
    return table.without_rowid == is_index and table.allows(found.types)


def is_natural(table: Template, found: Found) -> bool:
    """Whether each value is of the kind that its column was declared for."""
    return table.is_all_natural(found.types)


def is_schema(cells: list[Found], encoding: str) -> bool:
    """Whether a page's cells are rows of sqlite_schema: such a page was part of an older schema."""
    kinds = {kind.encode(encoding) for kind in _KINDS}
    return bool(cells) and all(
        len(found.types) == 5 and found.types[0] >= 13 and found.body[: (found.types[0] - 13) // 2] in kinds
        for found in cells
    )


def schema_template(encoding: str, small: bool) -> Template:
    """sqlite_schema itself, as a table."""
    stored = tuple(StoredColumn(at, affinity, at == 0, None) for at, affinity in enumerate(_COLUMNS))
    return Template(
        number=SCHEMA, name="sqlite_schema", sql="", stored=stored, declared=5, alias=None, key_columns=0,
        is_strict=False, root=1, is_live=True, encoding=encoding, small_constants=small,
    )  # fmt: skip


def current_rows(live: LiveRows, tree: Tree, encoding: str) -> list[SchemaRow]:
    """The current schema's rows that can be read."""
    rows: list[SchemaRow] = []
    for _rowid, types, body in live.rows(tree):
        found = Found(None, None, types, body, 0, 0)
        rows.extend(_schema_row(row_values(found, encoding)))
    return rows


def _schema_row(values: tuple[RawValue, ...]) -> Iterator[SchemaRow]:
    if len(values) != 5:
        return
    kind, name, _table, root, sql = values
    if isinstance(kind, str) and isinstance(name, str) and isinstance(root, int | None):
        yield SchemaRow(kind, name, root or 0, sql if isinstance(sql, str) else "")


def is_readable(record: bytes, encoding: str) -> bool:
    """Whether a record of the schema can be one that SQLite wrote, and its table one that is understood."""
    head = head_of(record)
    values = row_values(Found(None, None, head.types, record[head.size :], 0, 0), encoding) if head else ()
    row = next(_schema_row(values), None)
    if row is None or row.kind not in _KINDS:
        return False
    if row.kind == "index":
        return row.root > 0
    if row.kind == "table":
        return bool(_virtual([row])) or (row.root > 0 and read_create_table(row.sql) is not None)
    return True


def older_rows(files: Files, owners: Trees, images: Iterable[OldImage], carver: Carver) -> list[SchemaRow]:
    """Rows of older schemas: in the schema's own pages between the cells, and in older images of them."""
    template = schema_template(_encoding(files), True)
    rows: dict[SchemaRow, None] = {}  # in their order; a long log repeats them
    tree = owners.trees[SCHEMA]
    pages = [*tree.leaves, *tree.interiors]
    for number in pages:
        rows.update(dict.fromkeys(_residue(files.page(number), number, template, carver, is_current=True)))
    for number in sorted(owners.freelist.leaves):
        if owners.survey.kinds[number] == TABLE_LEAF:
            found = _residue(files.page(number), number, template, carver, is_current=False)
            rows.update((row, None) for row in found if row.kind in _KINDS)
    wanted = {1, *pages}
    for image in images:
        if image.page in wanted:
            found = _residue(files.read(image.place), image.page, template, carver, is_current=False)
            rows.update(dict.fromkeys(found))
    return list(rows)


def _encoding(files: Files) -> str:
    return {2: "utf-16-le", 3: "utf-16-be"}.get(files.page(1)[59], "utf-8")


def _residue(
    data: bytes, number: int, template: Template, carver: Carver, *, is_current: bool
) -> Iterator[SchemaRow]:
    page = parse_page(data, number, carver.layout.usable)
    if page is None or page.is_index:
        return
    for span in free_spans(page, carver.layout, carver.limit):
        for found in carver.carve(page.data, span, template):
            if found.is_whole:
                yield from _schema_row(row_values(found, template.encoding))
    for pointer in () if is_current or not page.is_leaf else page.pointers():
        parts = read_cell(page, pointer, carver.layout, carver.limit)
        head = head_of(page.data[parts.body : parts.body + parts.local]) if parts else None
        if parts is None or head is None or parts.local < parts.payload:
            continue
        body = page.data[parts.body + head.size : parts.body + parts.local]
        yield from _schema_row(row_values(Found(None, None, head.types, body, 0, 0), template.encoding))


def make_tables(
    current: list[SchemaRow], older: list[SchemaRow], trees: Trees, live: LiveRows, schema: Template
) -> Tables:
    """Walks the tree of each table and index of the current schema, and adds what only older ones name."""
    by_owner: dict[int, Template] = {}
    widths: set[int] = set()
    indexes: dict[int, str] = {}
    rooted = [row for row in current if row.root > 0 and row.kind in ("table", "index")]
    for owner, row in enumerate(rooted, start=FIRST_OWNER):
        table = _template(row, owner, schema, is_live=True) if row.kind == "table" else None
        tree = trees.grow(owner, row.root, row.kind == "index" or (table is not None and table.without_rowid))
        sample = sampled(live, tree, _SAMPLE if table is not None else _FEW)
        counts = {len(found.types) for found in sample}
        if row.kind == "index":
            widths |= counts
            indexes[owner] = row.sql
        elif table is not None:
            shorter = frozenset(count for count in counts if table.required <= count < len(table.stored))
            by_owner[owner] = experienced(replace(table, shorter=shorter), sample)
    number = FIRST_OWNER + len(rooted)
    tables = list(by_owner.values())
    known = {_what(table): table.number for table in tables}
    roots = {table.root: {table.number} for table in tables}
    for row in older[:_MOST_TABLES]:
        table = _template(row, number + len(tables), schema, is_live=False)
        if table is None:
            continue
        if _what(table) not in known:
            known[_what(table)] = table.number
            tables.append(experienced(table, []))
        roots.setdefault(row.root, set()).add(known[_what(table)])
    virtual = _virtual([*current, *older])
    internal = {fold(name + end) for name, kind in virtual.items() for end in _INTERNAL.get(kind, ())}
    by_root = {root: tuple(sorted(numbers)) for root, numbers in roots.items()}
    return Tables(schema, tables, by_owner, frozenset(widths), frozenset(internal), virtual, indexes, by_root)


def experienced(table: Template, sample: list[Found]) -> Template:
    """The table with what some of its rows show: their kinds, their measure, their scripts."""
    scripts = _scripts(sample, table)
    if not sample:
        return replace(table, scripts=scripts)
    columns = len(table.stored)
    return replace(table, usual=_usual(sample, columns), ranges=_ranges(sample, columns), scripts=scripts)


def sampled(live: LiveRows, tree: Tree, most: int) -> list[Found]:
    """Some rows from the beginning, the middle and the end of a tree; the oldest may have fewer values."""
    count = len(tree.leaves)
    places = sorted(
        {
            *range(min(4, count)),
            *range(count // 2, min(count // 2 + 4, count)),
            *range(max(0, count - 4), count),
        }
    )
    some = replace(tree, leaves=array("I", (tree.leaves[place] for place in places)))
    rows = islice(live.rows(some), most)
    return [Found(None, rowid, types, body[:_SAMPLED_BYTES], 0, 0) for rowid, types, body in rows]


def _ranges(sample: list[Found], columns: int) -> tuple[tuple[int, int], ...]:
    """The integers of each column, with sixteen times their spread as room on both sides."""
    seen: list[list[int]] = [[] for _ in range(columns)]
    for found in sample:
        position = 0
        for numbers, serial, width in zip(seen, found.types, sizes(found.types) or (), strict=False):
            if serial < 10 and serial not in _NO_INTEGERS and position + width <= len(found.body):
                data = found.body[position : position + width]
                numbers.append(int.from_bytes(data, "big", signed=True) if width else serial - 8)
            position += width
    room = [16 * (max(numbers) - min(numbers)) + 1000 if numbers else 0 for numbers in seen]
    return tuple(
        (min(numbers) - more, max(numbers) + more) if numbers else (1, 0)
        for numbers, more in zip(seen, room, strict=True)
    )


def _usual(sample: list[Found], columns: int) -> tuple[frozenset[int], ...]:
    kinds = {kinds_of(found.types) for found in sample}
    return tuple(frozenset(row[at] for row in kinds if at < len(row)) for at in range(columns))


def _scripts(sample: list[Found], table: Template) -> frozenset[int] | None:
    """None where there is no row to learn from; in UTF-8 the bytes themselves tell text from other values."""
    if table.encoding == "utf-8":
        return ALL_SCRIPTS
    values = (value for found in sample for value in decode_values(found, table.encoding))
    return scripts_of(value for value in values if isinstance(value, str)) if sample else None


def _template(row: SchemaRow, number: int, schema: Template, *, is_live: bool) -> Template | None:
    if row.kind != "table":
        return None
    declared = read_create_table(row.sql)
    if declared is None:
        return None
    return make_template(
        replace(declared, name=row.name), sql=row.sql, number=number, root=row.root, is_live=is_live,
        encoding=schema.encoding, small=schema.small_constants,
    )  # fmt: skip


def _what(table: Template) -> tuple[str, tuple[StoredColumn, ...], int | None]:
    """What makes a table another one than those that are known."""
    return fold(table.name), table.stored, table.alias


def _virtual(rows: list[SchemaRow]) -> dict[str, str]:
    """The full-text tables by name, with the module that keeps them."""
    found = {}
    for row in rows:
        words = row.sql.replace("(", " ").split()
        folded = [word.lower() for word in words]
        if folded[:3] == ["create", "virtual", "table"] and "using" in folded[3:]:
            found[row.name] = folded[folded.index("using", 3) + 1] if folded[-1] != "using" else ""
    return found
