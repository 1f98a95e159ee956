"""Values out of the JSON in which Signal Desktop keeps what is in no column: each of its kind, or None."""

from __future__ import annotations

import json
from collections.abc import Iterator

from forensics.formats.json_stream import fault

Object = dict[str, object]


class JsonError(ValueError):
    """The text is no JSON object."""


def parsed(text: str | None) -> Object:
    """The object in a text, an empty one where there is no text. Raises JsonError."""
    if not text:
        return {}
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JsonError(fault(error)) from error
    if not isinstance(value, dict):
        raise JsonError("no object")
    return value


def text_of(value: Object, *keys: str) -> str | None:
    """The first of these that is a text with something in it."""
    found = (value.get(key) for key in keys)
    return next((each for each in found if isinstance(each, str) and each), None)


def integer_of(value: Object, *keys: str) -> int | None:
    """The first of these that is a whole number, also one written as a text or with a fraction of 0."""
    for key in keys:
        found = value.get(key)
        if isinstance(found, bool):
            continue
        if isinstance(found, int):
            return found
        if isinstance(found, float) and found.is_integer():
            return int(found)
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
            return int(found)
    return None


def object_of(value: Object, key: str) -> Object:
    """That object, an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def objects_of(value: Object, key: str) -> Iterator[Object]:
    """The objects of that list."""
    found = value.get(key)
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict):
            yield each


def list_of(value: Object, key: str) -> list[object]:
    """That list, an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, list) else []
