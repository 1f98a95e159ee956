"""Archives as NSKeyedArchiver writes them: every object once in a list, the others naming it by its place."""

from __future__ import annotations

import plistlib


class Fields(dict):
    """An object of a class by the names of its fields; a plain ``dict`` is an NSDictionary."""


class Array(list):
    """An NSArray; a plain ``list`` is an NSDictionary by its pairs."""


def archived(value: object) -> bytes:
    """The archive of a value made of objects, dictionaries (also by objects), texts, numbers and bytes."""
    objects: list[object] = ["$null"]
    top = _place(value, objects)
    archive = {"$version": 100000, "$archiver": "NSKeyedArchiver", "$top": {"root": top}, "$objects": objects}
    return plistlib.dumps(archive, fmt=plistlib.FMT_BINARY)


def _place(value: object, objects: list[object]) -> plistlib.UID:
    if value is None:
        return plistlib.UID(0)
    place = len(objects)
    objects.append(None)
    if isinstance(value, Fields):
        objects[place] = {"$class": _class(objects)} | {
            name: each if isinstance(each, int | float) else _place(each, objects)
            for name, each in value.items()
        }
    elif isinstance(value, Array):
        objects[place] = {"$class": _class(objects), "NS.objects": [_place(each, objects) for each in value]}
    elif isinstance(value, list):
        pairs = value
        objects[place] = {
            "$class": _class(objects),
            "NS.keys": [_place(key, objects) for key, _each in pairs],
            "NS.objects": [_place(each, objects) for _key, each in pairs],
        }
    elif isinstance(value, dict):
        objects[place] = objects[_place(list(value.items()), objects).data]
    else:
        objects[place] = value
    return plistlib.UID(place)


def _class(objects: list[object]) -> plistlib.UID:
    objects.append({"$classname": "SignalServiceKit.Something", "$classes": ["NSObject"]})
    return plistlib.UID(len(objects) - 1)
