"""What is said of pages and rows of a table that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.formats.sqlite_problem import ReadProblem
from forensics.formats.sqlite_tree import LOWEST, Hole, Node


@dataclass(slots=True)
class Damage:
    """Neighbouring pages of a table that cannot be read, until a row after them is read."""

    pages: list[int]
    low: int
    high: int
    reason: str


def extend(damage: Damage | None, part: Node | Hole, reason: str, last: int) -> Damage:
    """The damage with one more page that lies after the row ``last``."""
    low = part.low if last == LOWEST - 1 else max(part.low, last + 1)
    if damage is None:
        return Damage([part.page], low, part.high, reason)
    damage.pages.append(part.page)
    damage.high = max(damage.high, part.high)
    return damage


def span(low: int | None, high: int | None) -> str:
    """A range of row ids in words."""
    if low is None and high is None:
        return "all its rows"
    if low is None:
        return f"rows up to {high}"
    return f"rows from {low} on" if high is None else f"rows {low} to {high}"


def row_problem(table: str, rowid: int, text: str, page: int | None = None) -> ReadProblem:
    """A row that cannot be read, where its page is known with that."""
    pages = () if page is None else ((page, page),)
    return ReadProblem(kind="row", text=text, table=table, pages=pages, rowids=(rowid, rowid))
