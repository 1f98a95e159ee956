"""The rows of the lexicon: the built-in ones, and those of an overlay."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from forensics.analysis.data_files import table
from forensics.analysis.text import words
from forensics.errors import WrongUse


@dataclass(slots=True)
class Row:
    """One row on its way into the index."""

    term: str
    targets: tuple[str, ...]
    grade: int
    tight: bool


def built_in(raw: bytes) -> Iterable[Row]:
    """The rows of lexicon.csv."""
    known: dict[str, tuple[str, ...]] = {}
    for row in table(raw):
        meant = known.setdefault(row["targets"], tuple(row["targets"].split("|")))
        yield Row(row["term"], meant, int(row["grade"]), row["tight"] == "1")


def overlaid(raw: bytes, substances: Container[str], path: Path | None) -> Iterable[Row]:
    """The rows of an overlay, which may name these substances; the error names the file."""
    if not raw:
        return
    for row in table(raw):
        targets = tuple((row.get("targets") or "").split("|"))
        grade = (row.get("grade") or "2").strip()
        key = " ".join(words(row.get("term") or ""))
        if not key or grade not in ("0", "1", "2", "3") or not all(t in substances for t in targets):
            named = row.get("term")
            raise WrongUse(
                f"{path}: the row of {named!r} needs a term, known substance ids and a grade 0 to 3."
            )
        yield Row(key, targets, int(grade), False)
