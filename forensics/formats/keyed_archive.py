"""What NSKeyedArchiver wrote: the fields of its root object, its root dictionary, or those in its root array.

Source: containers reference 4 (from source: fox-it/dissect.target filesystems/itunes.py); arrays and
dictionaries (NS.objects, NS.keys): Apple's Foundation.
"""

from __future__ import annotations

import plistlib

from forensics.formats.plist import PlistError, dictionary


def root_fields(data: bytes) -> dict[str, object]:
    """The fields of the archived object, references to plain values followed; raises PlistError."""
    fields, objects = _root(data)
    if not isinstance(fields, dict):
        raise PlistError("a keyed archive without a root object")
    return {str(name): _plain(value, objects) for name, value in fields.items() if name != "$class"}


def root_dictionary(data: bytes) -> dict[str, object]:
    """The entries of the dictionary that was archived; empty where it was none. Raises PlistError."""
    return _entries(*_root(data))


def root_list(data: bytes) -> list[dict[str, object]]:
    """The dictionaries of the array that was archived, with their plain values; empty where nothing was.
    Dates are seconds since 2001. Raises PlistError."""
    root, objects = _root(data)
    if root in (None, "$null"):
        return []
    members = root.get("NS.objects") if isinstance(root, dict) else None
    if not isinstance(members, list):
        raise PlistError("a keyed archive, but of no array")
    return [_entries(_followed(each, objects), objects) for each in members]


def _root(data: bytes) -> tuple[object, list[object]]:
    """The object that was archived, and all that it may refer to."""
    archive = dictionary(data)
    objects, top = archive.get("$objects"), archive.get("$top")
    if not isinstance(objects, list):
        raise PlistError("a property list, but no keyed archive")
    return _followed(top.get("root") if isinstance(top, dict) else None, objects), objects


def _entries(value: object, objects: list[object]) -> dict[str, object]:
    """The entries of an archived dictionary whose keys are text."""
    if not isinstance(value, dict):
        return {}
    keys, values = value.get("NS.keys"), value.get("NS.objects")
    if not isinstance(keys, list) or not isinstance(values, list):
        return {}
    found = {}
    for key, each in zip((_followed(key, objects) for key in keys), values, strict=False):
        if isinstance(key, str):
            found[key] = _plain(each, objects)
    return found


def _followed(value: object, objects: list[object]) -> object:
    if not isinstance(value, plistlib.UID):
        return value
    return objects[value.data] if value.data < len(objects) else None


def _plain(value: object, objects: list[object]) -> object:
    """Bytes and texts stand in the archive as they are, or in an object of their own (NS.data, NS.string),
    dates in one (NS.time)."""
    value = _followed(value, objects)
    for inner in ("NS.data", "NS.string", "NS.time"):
        if isinstance(value, dict) and inner in value:
            return _followed(value[inner], objects)
    return None if value == "$null" else value
