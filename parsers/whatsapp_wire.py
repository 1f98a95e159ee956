"""What a field of protobuf bytes holds, read as far as it can be: of another kind it is as if absent."""

from __future__ import annotations

from forensics.formats.protobuf import Field, readable_fields


def children_of(stored: Field) -> list[Field]:
    """The fields of a message in a field, up to the first damage; none where it is no message."""
    return readable_fields(stored.value)[0] if isinstance(stored.value, bytes) else []


def text_of(stored: Field | None) -> str | None:
    """A text; invalid UTF-8 becomes U+FFFD."""
    if stored is None or not isinstance(stored.value, bytes):
        return None
    return stored.value.decode("utf-8", "replace")


def number_of(stored: Field | None) -> int | None:
    """An unsigned number."""
    return stored.value if stored is not None and isinstance(stored.value, int) else None
