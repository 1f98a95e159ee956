"""Archived objects of Signal for iOS: binary property lists of NSKeyedArchiver as plain values, or JSON.

Source: Signal reference 4.4: nothing is instantiated, classes are names; newer rows hold JSON instead.
"""

from __future__ import annotations

import base64
import plistlib
import re
from uuid import UUID

from parsers import signal_json
from parsers.signal_json import JsonError, Object

_MAGIC = b"bplist00"
_MOST_DEPTH = 40
# An object may be named many times, but hardly oftener than this for each byte of the archive, and once more.
_MOST_EACH, _MOST_OBJECTS = 10, 10_000
# Bytes in the id of a group of the first kind, and of the second.
_GROUP_IDS = (16, 32)
_SERVICE_ID = re.compile(r"(?:PNI:)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


class ArchiveError(ValueError):
    """The bytes are no archive that can be read."""


def unpacked(data: bytes | None) -> object:
    """The archived value; None where there is none. Raises ArchiveError."""
    if not data:
        return None
    if not data.startswith(_MAGIC):
        try:
            return signal_json.parsed(data.decode())
        except (JsonError, UnicodeDecodeError) as error:
            raise ArchiveError(f"neither an archive nor JSON: {error}") from error
    try:
        archive = plistlib.loads(data, fmt=plistlib.FMT_BINARY)
    except (plistlib.InvalidFileException, ValueError, RecursionError) as error:
        raise ArchiveError(f"no property list: {error}") from error
    unpacking = _Unpacking(_MOST_OBJECTS + _MOST_EACH * len(data))
    if not isinstance(archive, dict) or "$objects" not in archive:
        return unpacking.plain(archive, [])
    objects, top = archive["$objects"], archive.get("$top")
    if not isinstance(objects, list) or not isinstance(top, dict) or not top:
        raise ArchiveError("an archive without objects or root")
    return unpacking.plain(next(iter(top.values())), objects)


class _Unpacking:
    """Makes plain values until so many were made: objects that name each other have no end."""

    def __init__(self, most: int) -> None:
        self._most = self._left = most

    def plain(self, value: object, objects: list[object], depth: int = 0) -> object:
        self._left -= 1
        if depth > _MOST_DEPTH:
            raise ArchiveError(f"objects nested deeper than {_MOST_DEPTH}")
        if self._left < 0:
            raise ArchiveError(f"more than {self._most} objects")
        if isinstance(value, plistlib.UID):
            if not 0 <= value.data < len(objects):
                raise ArchiveError(f"object {value.data} is not there")
            found = objects[value.data]
            return None if found == "$null" else self.plain(found, objects, depth + 1)
        if isinstance(value, list):
            return [self.plain(each, objects, depth + 1) for each in value]
        if not isinstance(value, dict):
            return value
        return _object(
            {str(key): self.plain(each, objects, depth + 1) for key, each in value.items() if key != "$class"}
        )


def _object(plain: dict[str, object]) -> object:
    """A text, bytes, a list, a dictionary or a service id for what stands for one; else the fields."""
    if "NS.uuidbytes" in plain:
        return _uuid(plain["NS.uuidbytes"])
    for key in ("NS.string", "NS.data", "NS.time"):
        if key in plain:
            return plain[key]
    keys, values = plain.get("NS.keys"), plain.get("NS.objects")
    if isinstance(keys, list) and isinstance(values, list):
        return {_name(key): each for key, each in zip(keys, values, strict=False)}
    return values if isinstance(values, list) else plain


def _name(key: object) -> str:
    """A key of a dictionary: a text, or an address by its service id or number."""
    return key if isinstance(key, str) else service_id(key) or str(key)


def _uuid(data: object) -> object:
    return str(UUID(bytes=data)) if isinstance(data, bytes) and len(data) == 16 else data


def object_in(data: bytes | None) -> Object:
    """An archived object as its fields, empty where there is none. Raises ArchiveError."""
    value = unpacked(data)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ArchiveError("no object")
    return value


def text_in(data: bytes | None) -> str | None:
    """An archived text, or one that was not archived. Raises ArchiveError."""
    if data and not data.startswith(_MAGIC):
        return data.decode("utf-8", "replace")
    value = unpacked(data)
    return value if isinstance(value, str) else None


def service_id(value: object) -> str | None:
    """The service id or number in an archived address, however it is kept."""
    if isinstance(value, str):
        if _SERVICE_ID.fullmatch(value):
            return value if value.startswith("PNI:") else value.lower()
        return value if value.startswith("+") else None
    if isinstance(value, dict):
        found = [service_id(each) for each in value.values()]
        named = [each for each in found if each is not None]
        return next((each for each in named if not each.startswith("+")), named[0] if named else None)
    if isinstance(value, bytes) and len(value) == 16:
        return str(UUID(bytes=value))
    if isinstance(value, bytes) and len(value) == 17 and value[0] == 1:
        return f"PNI:{UUID(bytes=value[1:])}"
    return None


def group_id(value: object) -> str | None:
    """A group id in base64, as the desktop and the new backups write it."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) and value else None


def group_of_thread(key: str) -> str | None:
    """The group id in the unique id of a group's thread, ``g`` and its base64 (4.2); None in another one."""
    try:
        data = base64.b64decode(key[1:], validate=True) if key.startswith("g") else b""
    except ValueError:
        return None
    return group_id(data) if len(data) in _GROUP_IDS else None
