"""The constructors of every layer of the Telegram API, from ``parsers/data/telegram.tl`` (its sources are
named in it).

A line is read when its constructor is first met: a database uses some dozens of the thousands there are.
"""

from __future__ import annotations

import pkgutil
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_DATA = "data/telegram.tl"
_ANOTHER_LAYOUT = "%"
_PARAM = re.compile(r"(\w+):(?:(\w+)\.(\d+)\?)?(\S+)")
_VECTOR = re.compile(r"[Vv]ector<(.+)>")


@dataclass(frozen=True, slots=True)
class Param:
    """A field: present always, or where bit ``bit`` of the flags word ``word`` is set."""

    name: str
    type: str
    word: str | None = None
    bit: int = 0

    @property
    def item(self) -> str | None:
        """The type of a vector's items; None for what is no vector."""
        match = _VECTOR.fullmatch(self.type)
        return match[1] if match else None


@dataclass(frozen=True)
class Constructor:
    """One layout: what follows a constructor id."""

    id: int
    name: str
    type: str
    params: tuple[Param, ...]

    @cached_property
    def bits(self) -> dict[str, tuple[str, int]]:
        """Fields that are nothing but a bit: name -> flags word and mask."""
        return {
            each.name: (each.word, 1 << each.bit)
            for each in self.params
            if each.type == "true" and each.word is not None
        }

    @cached_property
    def wire(self) -> tuple[Param, ...]:
        """The fields that take bytes."""
        return tuple(each for each in self.params if each.type != "true")


def parse_line(line: str) -> Constructor:
    """A constructor from its line in TL notation."""
    head, _, tail = line.removeprefix(_ANOTHER_LAYOUT).partition(" = ")
    signature, _, fields = head.partition(" ")
    name, _, number = signature.partition("#")
    params = tuple(
        Param(match[1], match[4], match[2], int(match[3] or 0)) for match in _PARAM.finditer(fields)
    )
    return Constructor(int(number, 16), name, tail.split(" ", 1)[0], params)


class Schema:
    """Constructors by id; of an id with several layouts the one most seen comes first."""

    def __init__(self, text: str) -> None:
        self._lines: dict[int, list[str]] = {}
        for line in text.splitlines():
            if line and not line.startswith("//"):
                mark = line.index("#") + 1
                self._lines.setdefault(int(line[mark : mark + 8], 16), []).append(line)

    def layouts(self, number: int) -> tuple[Constructor, ...]:
        """The layouts of an id, none where it is not known."""
        return tuple(parse_line(line) for line in self._lines.get(number, ()))

    def ids(self) -> list[int]:
        """All ids, sorted."""
        return sorted(self._lines)


@lru_cache(maxsize=1)
def schema() -> Schema:
    """The table that comes with Sporen."""
    data = pkgutil.get_data("parsers", _DATA)
    if data is None:
        raise FileNotFoundError(f"parsers/{_DATA} is not installed")
    return Schema(data.decode())
