"""The tables of contents: parsers, document parsers and report forms, by entry points, sorted by name."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.metadata import EntryPoints, entry_points
from typing import Any

from forensics.errors import WrongUse
from forensics.parser import DocumentParser, Parser

PARSERS = "forensics.parsers"
DOCUMENTS = "forensics.documents"
REPORTS = "forensics.reports"
# The libraries that only a form of its own extra needs.
_EXTRAS = {"pyarrow": "parquet"}


@cache
def _points(group: str) -> EntryPoints:
    return entry_points(group=group)


def _load(group: str) -> dict[str, Any]:
    points = sorted(_points(group), key=lambda point: point.name)
    return {point.name: point.load() for point in points}


@lru_cache(maxsize=1)
def parsers() -> tuple[Parser, ...]:
    """One of each installed parser, in the order of their names."""
    return tuple(make() for make in _load(PARSERS).values())


@lru_cache(maxsize=1)
def document_parsers() -> tuple[DocumentParser, ...]:
    """One of each installed document parser, in the order of their names."""
    return tuple(make() for make in _load(DOCUMENTS).values())


def report_form(name: str) -> Any:
    """What writes a report form (``delivery``, ``csv`` ...); imports only that.

    KeyError without it; WrongUse when it is there and the library of its extra is not installed.
    """
    try:
        return _points(REPORTS)[name].load()
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(str(error.name).partition(".")[0])
        if extra is None:
            raise
        form = name.partition("_")[0]
        raise WrongUse(f"{form}: this form needs the extra: pip install 'sporen[{extra}]'") from error
