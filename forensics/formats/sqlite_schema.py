"""The schema: which ordinary tables a database has, and a copy of it that SQLite can load safely.

SQLite refuses a whole database for one bad entry of sqlite_schema, expands views when they are named and
reads sqlite_stat1 while it loads. So the private copy keeps only the entries of ordinary tables and the
automatic indexes that belong to them; views, triggers, virtual tables and other indexes are never loaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from forensics.errors import DamagedEvidence
from forensics.formats.sqlite_header import HEADER_SIZE
from forensics.formats.sqlite_problem import ReadProblem
from forensics.formats.sqlite_record import RawValue, RecordError, read_record
from forensics.formats.sqlite_tree import TABLE_LEAF, Hole, Malformed, Node, Pages

# SQLite stores "CREATE TABLE " and the text from the name on (sqlite3EndTable in build.c).
_CREATE_TABLE = re.compile(
    r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"(\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[A-Za-z0-9_$\u0080-\U0010ffff]+)",
    re.IGNORECASE,
)
_CREATE_VIRTUAL = re.compile(r"CREATE\s+VIRTUAL\s+TABLE\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaEntry:
    """A row of sqlite_schema that describes an ordinary table."""

    name: str
    root: int
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The ordinary tables by their folded name, and the cells of sqlite_schema that may stay, by page."""

    tables: dict[str, SchemaEntry]
    kept: dict[int, list[int]]
    cells: dict[int, int]
    holes: tuple[Hole, ...]
    problems: tuple[ReadProblem, ...]


def fold(name: str) -> str:
    """A name as SQLite compares it: only ASCII letters lose their case."""
    if name.isascii():
        return name.lower()
    return "".join(letter.lower() if letter.isascii() else letter for letter in name)


def declared_name(sql: str) -> str | None:
    """The name of the table that a CREATE TABLE makes, or None when the text is anything else."""
    match = _CREATE_TABLE.match(sql)
    if match is None:
        return None
    word = match[1]
    if word[0] == "[":
        return word[1:-1]
    return word[1:-1].replace(word[0] * 2, word[0]) if word[0] in "\"'`" else word


def read_schema(pages: Pages, encoding: str) -> Schema:
    """Raises DamagedEvidence when the root of the schema, on page 1, cannot be read."""
    schema = Schema(tables={}, kept={}, cells={}, holes=(), problems=())
    holes: list[Hole] = []
    problems: list[ReadProblem] = []
    for part in pages.walk(1):
        if isinstance(part, Hole):
            if part.pointer is None:
                raise DamagedEvidence(f"the schema cannot be read: page 1 {part.reason}")
            holes.append(part)
            text = f"page {part.page} of the schema {part.reason}: tables described in it are not known"
            problems.append(_problem(text, part.page))
        elif part.is_leaf:
            _read_leaf(pages, part, encoding, schema, problems)
    if problems and not schema.tables:
        raise DamagedEvidence(f"the schema cannot be read: {problems[0].text}")
    return replace(schema, holes=tuple(holes), problems=tuple(problems))


def _problem(text: str, page: int, table: str | None = None) -> ReadProblem:
    return ReadProblem(kind="schema", text=text, table=table, pages=((page, page),))


def _read_leaf(pages: Pages, leaf: Node, encoding: str, schema: Schema, problems: list[ReadProblem]) -> None:
    kept = schema.kept.setdefault(leaf.page, [])
    schema.cells[leaf.page] = leaf.cells
    for cell in pages.cells(leaf):
        try:
            if isinstance(cell, Malformed):
                raise cell
            if _is_wanted(read_record(pages.payload(cell), encoding), schema.tables):
                kept.append(cell.slot)
        except (Malformed, RecordError, _BadEntry) as error:
            where = "" if isinstance(cell, Malformed) else f", row {cell.rowid}"
            text = f"an entry of the schema cannot be used (page {leaf.page}{where}): {error}"
            table = error.name if isinstance(error, _BadEntry) else None
            problems.append(_problem(text, leaf.page, table))


class _BadEntry(ValueError):
    def __init__(self, text: str, name: str | None = None) -> None:
        super().__init__(text)
        self.name = name


def _is_wanted(values: list[RawValue], tables: dict[str, SchemaEntry]) -> bool:
    """Whether the entry may stay; notes an ordinary table in ``tables``. Raises _BadEntry."""
    if len(values) != 5:
        raise _BadEntry(f"it has {len(values)} values instead of 5")
    kind, name, table, root, sql = values
    if kind == "index":
        # An automatic index has no text of its own; SQLite looks for it when its table is loaded.
        return sql is None and isinstance(table, str) and fold(table) in tables
    if kind in ("view", "trigger"):
        return False
    if kind != "table" or not isinstance(name, str) or not isinstance(sql, str):
        raise _BadEntry(f"it is of the kind {kind!r}, with the name {name!r}")
    if "\x00" in name + sql:
        raise _BadEntry("its text holds a zero character")
    # SQLite reads these while it loads the schema; nothing here needs them.
    if fold(name).startswith("sqlite_stat") or _CREATE_VIRTUAL.match(sql):
        return False
    if not isinstance(root, int) or root < 1 or fold(declared_name(sql) or "") != fold(name):
        raise _BadEntry(f"table {name!r} is not described by its text", name)
    if fold(name) in tables:
        raise _BadEntry(f"table {name!r} is described twice", name)
    tables[fold(name)] = SchemaEntry(name=name, root=root, sql=sql)
    return True


def mend_schema(path: Path, schema: Schema, *, page_size: int, page_count: int) -> int:
    """Takes every other entry out of the private copy and bridges holes; the page count it then has."""
    with path.open("r+b") as file:
        for page, kept in sorted(schema.kept.items()):
            base = (page - 1) * page_size
            start = base + (HEADER_SIZE if page == 1 else 0)
            if not kept and page != 1:
                file.seek(base)
                file.write(_bridge(page_size))
            elif len(kept) < schema.cells[page]:
                file.seek(start + 3)
                file.write(len(kept).to_bytes(2, "big"))
                file.seek(start + 8)
                file.write(b"".join(slot.to_bytes(2, "big") for slot in kept))
        for hole in schema.holes:
            assert hole.pointer is not None
            page_count += 1
            file.seek((page_count - 1) * page_size)
            file.write(_bridge(page_size))
            file.seek(hole.pointer)
            file.write(page_count.to_bytes(4, "big"))
        file.seek(28)
        file.write(page_count.to_bytes(4, "big"))
    return page_count


def _bridge(page_size: int) -> bytes:
    """A leaf with one row of five NULLs: SQLite takes no leaf without a row, and ignores such an entry."""
    cell = bytes([6, 1, 6, 0, 0, 0, 0, 0])  # payload size, row id, header size, five serial types
    head = bytes([TABLE_LEAF, 0, 0, 0, 1]) + (page_size - 64 - len(cell)).to_bytes(2, "big") + b"\x00"
    slot = (page_size - 64 - len(cell)).to_bytes(2, "big")
    body = bytearray(page_size)
    body[: len(head) + 2] = head + slot
    body[page_size - 64 - len(cell) : page_size - 64] = cell
    return bytes(body)
