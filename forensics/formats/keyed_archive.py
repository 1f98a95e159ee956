"""What NSKeyedArchiver wrote about one file of a backup: the fields of its root object.

Source: containers reference 4 (from source: fox-it/dissect.target filesystems/itunes.py).
"""

from __future__ import annotations

import plistlib

from forensics.formats.plist import PlistError, dictionary


def root_fields(data: bytes) -> dict[str, object]:
    """The fields of the archived object, references to plain values followed; raises PlistError."""
    archive = dictionary(data)
    objects, top = archive.get("$objects"), archive.get("$top")
    root = top.get("root") if isinstance(top, dict) else None
    if not isinstance(objects, list):
        raise PlistError("a property list, but no keyed archive")
    fields = _followed(root, objects)
    if not isinstance(fields, dict):
        raise PlistError("a keyed archive without a root object")
    return {str(name): _plain(value, objects) for name, value in fields.items() if name != "$class"}


def _followed(value: object, objects: list[object]) -> object:
    if not isinstance(value, plistlib.UID):
        return value
    return objects[value.data] if value.data < len(objects) else None


def _plain(value: object, objects: list[object]) -> object:
    """Bytes stand in the archive as they are, or in an object of their own (NS.data)."""
    value = _followed(value, objects)
    if isinstance(value, dict) and "NS.data" in value:
        return _followed(value["NS.data"], objects)
    return None if value == "$null" else value
