"""What the Hansken plugin looks for, and which fields of a record become which properties of a trace.

The model of traces is that of the Hansken which runs the plugin; it is in none of the packages (engines
reference). The properties that come with Sporen are those seen in examples of the institute that makes it. A
file that SPOREN_HANSKEN_MODEL names takes the place of any of the four tables.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from forensics.errors import WrongUse

VARIABLE = "SPOREN_HANSKEN_MODEL"
_TABLES = ("databases", "beside", "keys", "properties")
# What SQLite keeps beside a database.
_SIDES = ("-wal", "-shm", "-journal")
_DEEPEST = 64  # folders above a database


@dataclass(frozen=True)
class Model:
    """``databases``: usual names with the number of folders up to that of the app; ``beside``: names of files
    that lie in that folder; ``keys``: names that may lie anywhere; ``properties``: by kind of record, the
    property with the field that it is."""

    databases: Mapping[str, int]
    beside: tuple[str, ...]
    keys: tuple[str, ...]
    properties: Mapping[str, Mapping[str, str]]

    @cached_property
    def matcher(self) -> str:
        """HQL-Lite: the files that the plugin is offered."""
        names = " OR ".join(f"file.name='{name}'" for name in self.databases)
        return f"type=file AND $data.type=raw AND ({names})"

    def app_folder(self, path: str) -> str:
        """The folder of the app whose database lies at ``path``; that of the file where its name is none of
        ours."""
        folder = path
        for _ in range(self.databases.get(path.rpartition("/")[2], 1)):
            folder = folder.rpartition("/")[0]
        return folder

    def siblings(self, name: str) -> tuple[str, ...]:
        """The names of the files that may belong to a database of that name."""
        sides = tuple(f"{each}{side}" for each in (name, *self._other_databases()) for side in _SIDES)
        return (*self.beside, *sides, *self.keys)

    def _other_databases(self) -> tuple[str, ...]:
        return tuple(each for each in self.beside if each.endswith((".db", ".sqlite")))

    def of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The properties of a record's trace. A field without a value has none: nothing is made up."""
        found = self.properties.get(str(record["record"]), {})
        values = {name: _value(record, field) for name, field in found.items()}
        return {name: value for name, value in values.items() if value not in (None, "", [])}


def _value(record: Mapping[str, Any], field: str) -> Any:
    """A field, or one inside it (``source.rowid``); times as such, with their zone."""
    value: Any = record
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, str) and (field == "at" or field.endswith(("_at", ".at"))):
        return datetime.fromisoformat(value)
    return value


def load_model() -> Model:
    """The model that comes with Sporen, with the tables of SPOREN_HANSKEN_MODEL in the place of its own.
    WrongUse names what is wrong with that file."""
    tables = json.loads((files("forensics") / "data" / "hansken.json").read_text("utf-8"))
    place = os.environ.get(VARIABLE)
    if place:
        tables |= _given(Path(place))
    return Model(tables["databases"], tuple(tables["beside"]), tuple(tables["keys"]), tables["properties"])


def _given(file: Path) -> dict[str, Any]:
    try:
        given = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WrongUse(f"{file}: {VARIABLE} names no readable JSON file: {error}") from error
    if not isinstance(given, dict) or set(given) - set(_TABLES):
        raise WrongUse(f"{file}: give an object with any of {', '.join(_TABLES)}")
    wrong = [name for name in _TABLES if name in given and not _SHAPES[name](given[name])]
    if wrong:
        raise WrongUse(f"{file}: {', '.join(wrong)} is not of the kind that docs/hansken.md shows")
    return given


def _are_levels(value: object) -> bool:
    """Names with numbers of folders; without a name no file would be offered."""
    return (
        isinstance(value, dict)
        and bool(value)
        and _are_names(list(value))
        and all(type(each) is int and 0 <= each <= _DEEPEST for each in value.values())
    )


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _are_properties(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, dict) and _are_names([*each, *each.values()]) for each in value.values()
    )


_SHAPES: Mapping[str, Callable[[object], bool]] = {
    "databases": _are_levels,
    "beside": _are_names,
    "keys": _are_names,
    "properties": _are_properties,
}
