"""A user's table of listings: read from its file, checked, and named by its digest and version.

It has the columns of ``data/listings.csv`` that are used, and may have ``jurisdiction`` (NL where it is
empty) and ``version``: what the table calls itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from forensics.analysis.data_files import data_bytes, table
from forensics.errors import WrongUse

HOME = "NL"
_COLUMNS = frozenset({"substance_id", "list", "valid_from", "valid_to", "decision", "confidence", "note"})
# What the home table may say; another country's lists have the names that they have there.
_LISTS = ("I", "II", "IA", "none", "unknown")
_DEFAULT = "*"
_MOST_BYTES = 16 << 20  # a hundred times the built-in table
_MARK = b"\xef\xbb\xbf"  # which spreadsheets put before UTF-8


@dataclass(frozen=True, slots=True, kw_only=True)
class LawTable:
    """A checked table: its bytes, the name of its file, and its rows."""

    raw: bytes
    name: str
    rows: tuple[Mapping[str, str], ...]

    @property
    def sha256(self) -> str:
        """The digest of the file."""
        return sha256(self.raw).hexdigest()

    @property
    def version(self) -> str:
        """What the table calls itself in its column ``version``; without one the beginning of its digest."""
        named = sorted({(row.get("version") or "").strip() for row in self.rows} - {""})
        return ", ".join(named) or self.sha256[:12]

    @property
    def jurisdictions(self) -> list[str]:
        """Whose law it states, sorted."""
        return sorted({jurisdiction(row) for row in self.rows})

    def record(self) -> dict[str, object]:
        """What a case, its log and its report say of the table."""
        return {
            "name": self.name,
            "version": self.version,
            "sha256": self.sha256,
            "rows": len(self.rows),
            "jurisdictions": self.jurisdictions,
        }

    def kept(self) -> dict[str, object]:
        """The same with the table itself, as a case keeps it."""
        return {**self.record(), "table": self.raw.decode("utf-8")}


def read_table(path: Path) -> LawTable:
    """The table in a file; WrongUse naming the file, and the line where there is one."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise WrongUse(f"{path}: this table of law cannot be read: {error.strerror}") from error
    if len(raw) > _MOST_BYTES:
        raise WrongUse(f"{path} is no table of law: it has more than {_MOST_BYTES >> 20} MiB")
    return LawTable(raw=raw, name=path.name, rows=tuple(_checked(raw, str(path))))


def checked_table(raw: bytes, name: str) -> LawTable:
    """The same of bytes that a case keeps."""
    return LawTable(raw=raw, name=name, rows=tuple(_checked(raw, name)))


def jurisdiction(row: Mapping[str, str]) -> str:
    """Whose law a row states."""
    named = (row.get("jurisdiction") or "").strip() or HOME
    return HOME if named.upper() == HOME else named


def civil_day(text: str) -> date | None:
    """An ISO date; None where the interval is open."""
    return date.fromisoformat(text) if text else None


def _checked(raw: bytes, path: str) -> Iterable[Mapping[str, str]]:
    try:
        rows = list(table(raw.removeprefix(_MARK)))
    except UnicodeDecodeError as error:
        raise WrongUse(f"{path} is no table in UTF-8: {error}") from error
    except csv.Error as error:
        raise WrongUse(f"{path} is no table of values parted by commas: {error}") from error
    if not rows or not rows[0].keys() >= _COLUMNS:
        raise WrongUse(f"{path} needs the columns {', '.join(sorted(_COLUMNS))}, and at least one row")
    known = {row["id"] for row in table(data_bytes("substances.csv"))} | {_DEFAULT}
    for number, row in enumerate(rows, 2):
        problem = _problem(row, known)
        if problem:
            raise WrongUse(f"{path}, line {number}: {problem}")
    _check_default(rows, path)
    return rows


def _problem(row: Mapping[str, str], known: Iterable[str]) -> str | None:
    """What is wrong with a row; None where nothing is."""
    if None in row or None in row.values():
        return "not as many columns as the heading has"
    name = row["substance_id"]
    if name not in known and not name.startswith("group:"):
        return f"no substance {name!r} in the lexicon"
    if jurisdiction(row) == HOME and row["list"] not in _LISTS:
        return f"list {row['list']!r} is none of {', '.join(_LISTS)}, which the table for {HOME} may have"
    try:
        first, last = civil_day(row["valid_from"]), civil_day(row["valid_to"])
    except ValueError as error:
        return str(error)
    return f"valid_to {last} is before valid_from {first}" if first and last and last < first else None


def _check_default(rows: Iterable[Mapping[str, str]], path: str) -> None:
    """The default rows of the home table must hold on every day: of others nothing could be said."""
    spans = sorted(
        (civil_day(row["valid_from"]) or date.min, civil_day(row["valid_to"]) or date.max)
        for row in rows
        if row["substance_id"] == _DEFAULT and jurisdiction(row) == HOME
    )
    gaps = any(later.toordinal() - earlier.toordinal() > 1 for (_, earlier), (later, _) in pairwise(spans))
    if spans and (gaps or spans[0][0] != date.min or max(last for _, last in spans) != date.max):
        raise WrongUse(f"{path}: the default rows ({_DEFAULT}) leave out days; give rows for every day")
