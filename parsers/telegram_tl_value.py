"""What comes out of a TL object: its fields by name, and which constructor it was.

A field means what it is called in the schema; its type may differ between layers (a ``from_id`` was a number
once and is a Peer now), so each is asked for with the type that is wanted, and one of another type is None.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.telegram_tl_schema import Constructor


class Value(dict[str, object]):
    """One object; only the fields that were there are in it."""

    __slots__ = ("constructor",)
    constructor: Constructor

    @property
    def name(self) -> str:
        """The constructor's name; layers of one thing share it."""
        return self.constructor.name

    def number(self, name: str) -> int | None:
        """An ``int`` or ``long``."""
        value = self.get(name)
        return value if type(value) is int else None

    def real(self, name: str) -> float | None:
        """A ``double``."""
        value = self.get(name)
        return value if type(value) is float else None

    def text(self, name: str) -> str | None:
        """A ``string``; None also when it is empty, which is how older layers say "none"."""
        value = self.get(name)
        return value if type(value) is str and value else None

    def raw(self, name: str) -> bytes | None:
        """A ``bytes``."""
        value = self.get(name)
        return value if type(value) is bytes else None

    def child(self, name: str) -> Value | None:
        """An object."""
        value = self.get(name)
        return value if type(value) is Value else None

    def children(self, name: str) -> Sequence[Value]:
        """The objects of a vector; empty where it is absent."""
        value = self.get(name)
        return [each for each in value if type(each) is Value] if type(value) is list else ()

    def numbers(self, name: str) -> Sequence[int]:
        """The numbers of a vector; empty where it is absent."""
        value = self.get(name)
        return [each for each in value if type(each) is int] if type(value) is list else ()

    def has(self, name: str) -> bool:
        """Whether a field that is only a bit is set; False where the layout has no such bit. In the layouts
        before flags it is a Bool."""
        found = self.constructor.bits.get(name)
        if found is None:
            return self.get(name) is True
        word = self.get(found[0])
        return type(word) is int and bool(word & found[1])
