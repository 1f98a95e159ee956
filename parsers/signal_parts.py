"""A protobuf message by the numbers of its fields: what is not there is None, the last of several counts.

Source: protobuf.dev "Encoding" (a field that stands twice: the last one holds).
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.digest import LARGEST_INTEGER
from forensics.formats import protobuf
from forensics.formats.protobuf import Field, ProtobufError


class Parts:
    """One message; every reader raises ProtobufError for a field of another kind."""

    def __init__(self, data: bytes) -> None:
        self._fields: dict[int, list[Field]] = {}
        for each in protobuf.fields(data):
            self._fields.setdefault(each.number, []).append(each)

    def __contains__(self, number: int) -> bool:
        return number in self._fields

    def __iter__(self) -> Iterator[int]:
        """The numbers of the fields that are there, in their order."""
        return iter(self._fields)

    def number_among(self, numbers: range) -> int | None:
        """Which of the fields of a "oneof" is there, None where none is."""
        return next((each for each in self._fields if each in numbers), None)

    def content(self, number: int) -> bytes | None:
        """The bytes of a field."""
        found = self._fields.get(number)
        return found[-1].content() if found else None

    def text(self, number: int) -> str | None:
        """A text, invalid bytes as U+FFFD; None where there is none or it is empty."""
        content = self.content(number)
        return content.decode("utf-8", "replace") or None if content else None

    def integer(self, number: int) -> int | None:
        """A number as it was written: int64 is signed, and no uint64 in use here is as large."""
        found = self._fields.get(number)
        return protobuf.signed(found[-1].integer()) if found else None

    def code(self, number: int) -> int:
        """A code or a count: 0 where it is not there, which is how 0 is written. Raises ProtobufError for one
        that no enumeration has and no record can hold."""
        value = self.integer(number) or 0
        if abs(value) > LARGEST_INTEGER:
            raise ProtobufError(f"field {number} is {value}, which is no code")
        return value

    def part(self, number: int) -> Parts:
        """An inner message; an empty one where there is none."""
        return Parts(self.content(number) or b"")

    def all(self, number: int) -> Iterator[Parts]:
        """The inner messages of a field that repeats."""
        return (Parts(each.content()) for each in self._fields.get(number, ()))

    def raw(self, number: int) -> list[int | bytes]:
        """All values of a field as they are stored."""
        return [each.value for each in self._fields.get(number, ())]
