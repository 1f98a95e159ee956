"""Apple property lists, XML or binary, as plain values; reads bytes that may have been made to do harm.

Python's own ``plistlib`` refuses entity declarations and is told here what else to refuse.
"""

from __future__ import annotations

import plistlib
import struct
from xml.parsers.expat import ExpatError

_LARGEST = 16 << 20
# All that plistlib raises for bytes that are no property list; it has no error of its own for most.
_REFUSALS = (
    plistlib.InvalidFileException,
    ExpatError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    OverflowError,
    RecursionError,
    struct.error,
)


class PlistError(ValueError):
    """The bytes are no property list that can be read."""


def dictionary(data: bytes) -> dict[str, object]:
    """The entries of the dictionary that a property list is; raises PlistError for anything else."""
    if len(data) > _LARGEST:
        raise PlistError(f"{len(data)} bytes: too large for a property list")
    try:
        value = plistlib.loads(data)
    except _REFUSALS as error:
        raise PlistError(f"no property list: {error or type(error).__name__}") from error
    if not isinstance(value, dict):
        raise PlistError(f"a property list, but of a {type(value).__name__} where a dictionary belongs")
    return {key: each for key, each in value.items() if isinstance(key, str)}
