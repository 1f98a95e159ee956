"""Rows in the order of their row ids, as a sound tree has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice
from operator import lt
from typing import Any

Row = tuple[Any, ...]


class OutOfOrder(sqlite3.DatabaseError):
    """Row ids that do not ascend: the tree is not what it seems."""


def demand_ascending(rows: list[Row], following: list[Row]) -> None:
    """Raises OutOfOrder unless the row ids ascend, up to the first row of those that follow."""
    rowids = [row[0] for row in rows]
    rowids.extend(row[0] for row in following[:1])
    if not all(map(lt, rowids, islice(rowids, 1, None))):
        raise OutOfOrder("row ids do not ascend")


def each_once(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows in the order of their ids, those that come twice once: a table may turn out to be damaged."""
    last: int | None = None
    for row in rows:
        if row[0] != last:
            last = row[0]
            yield row
