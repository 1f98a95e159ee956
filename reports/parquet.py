"""The form ``parquet``: the whole case as columns that DuckDB, Spark or Dask query, over any number of cases.

One schema for every record, that of the contract's section 4; what a record does not have is null. A file
holds all records; a folder the same, split by kind of record as Hive does (``record=message/``): a folder of
such folders, one a case, is one table. Needs the extra ``parquet``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa  # type: ignore[import-untyped]  # the library has no types
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # the library has no types

from reports.content import CaseReader, Content
from reports.parquet_schema import FIELDS, Column, Row, columns, rows

# Rows of a row group, and of a file in a folder: what a reader takes at once, and what one worker reads.
ROWS_PER_GROUP = 10_000
ROWS_PER_FILE = 500_000
# All that decides the bytes is named here; the version of pyarrow stands in each file (``created_by``).
_SETTINGS = {
    "version": "2.6",
    "data_page_version": "1.0",
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": [each.name for each in FIELDS if each.is_repeated],
    "write_statistics": True,
    "store_schema": True,
    "write_page_index": False,
    "use_byte_stream_split": False,
}


def write(case: CaseReader, stream: BinaryIO) -> None:
    """Every record of the case in one file, in the order of an export."""
    schema = _schema(FIELDS)
    with pq.ParquetWriter(pa.PythonFile(stream, "w"), schema, **_SETTINGS) as writer:
        for _, records in rows(case):
            for group in _groups(records, FIELDS, schema):
                writer.write_table(group, ROWS_PER_GROUP)


def write_folder(case: CaseReader, folder: Path) -> None:
    """A folder ``record=KIND`` for each kind of record, with files of at most half a million rows.

    The kind stands in the folder's name and not in the file, as Hive has it. A kind without records has an
    empty file: no records is another answer than no such table.
    """
    fields = [each for each in FIELDS if each.name != "record"]
    schema = _schema(fields)
    for kind, records in rows(case):
        target = folder / f"record={kind}"
        target.mkdir()
        groups = _groups(records, fields, schema)
        for number, part in enumerate(_parts(groups, schema)):
            settings = _SETTINGS | {"use_dictionary": [each.name for each in fields if each.is_repeated]}
            with pq.ParquetWriter(target / f"part-{number:05}.parquet", schema, **settings) as writer:
                for group in part:
                    writer.write_table(group, ROWS_PER_GROUP)


class Parquet:
    """The form ``parquet`` of a delivery: the folder ``parquet``."""

    name = "parquet"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write parquet/ into ``folder``."""
        (folder / "parquet").mkdir()
        write_folder(case, folder / "parquet")


FORM = Parquet()


def _schema(fields: Iterable[Column]) -> pa.Schema:
    return pa.schema([pa.field(each.name, each.type) for each in fields])


def _groups(records: Iterable[Row], fields: Iterable[Column], schema: pa.Schema) -> Iterator[pa.Table]:
    """Tables of at most a row group each."""
    names = [each.name for each in fields]
    pending = iter(records)
    while chunk := list(islice(pending, ROWS_PER_GROUP)):
        yield pa.Table.from_arrays(columns(chunk, names), schema=schema)


def _parts(groups: Iterator[pa.Table], schema: pa.Schema) -> Iterator[Iterator[pa.Table]]:
    """The tables of each file; each part is used up before the next is asked for."""
    per_file = ROWS_PER_FILE // ROWS_PER_GROUP
    first = next(groups, schema.empty_table())
    while first is not None:
        yield _with_first(first, islice(groups, per_file - 1))
        first = next(groups, None)


def _with_first(first: pa.Table, others: Iterable[pa.Table]) -> Iterator[pa.Table]:
    yield first
    yield from others
