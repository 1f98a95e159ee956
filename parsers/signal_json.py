"""Values out of the JSON in which Signal Desktop keeps what is in no column: each of its kind, or None."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from forensics.formats.json_stream import fault

Object = dict[str, object]
# JSON can spell half of a surrogate pair, which no text can hold: the escape, and what json makes of it.
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


class JsonError(ValueError):
    """The text is no JSON, or not of the kind that is asked for."""


def value_in(text: str) -> object:
    """Any value; half of a surrogate pair in it becomes U+FFFD. Raises JsonError."""
    try:
        value: object = json.loads(text)
        return _whole(value) if _ESCAPED_HALF.search(text) else value
    except (ValueError, RecursionError) as error:
        raise JsonError(fault(error)) from error


def _whole(value: object) -> object:
    if isinstance(value, str):
        return _HALF.sub("\ufffd", value)
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {_HALF.sub("\ufffd", key): _whole(each) for key, each in value.items()}
    return value


def parsed(text: str | None) -> Object:
    """The object in a text, an empty one where there is no text. Raises JsonError."""
    value = value_in(text) if text else {}
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
