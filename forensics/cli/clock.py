"""The recorded offset of the device's clock behind the times that its apps stored; it is never applied."""

from __future__ import annotations

from typing import Any


def mark(seconds: str | None) -> str:
    """What stands behind a stored time, as in a report; nothing where no offset is recorded."""
    return "" if seconds is None else f" (clock {seconds} s)"


def marked(value: Any, behind: str, name: str = "at") -> Any:
    """A value of a record with the mark behind every time in it; ``name``: what the value is called."""
    if isinstance(value, dict):
        return {key: marked(each, behind, key) for key, each in value.items()}
    if isinstance(value, list):
        return [marked(each, behind, name) for each in value]
    is_time = isinstance(value, str) and (name == "at" or name.endswith("_at"))
    return value + behind if is_time else value


def sentence(seconds: str | None) -> str | None:
    """The same once for a list of times; None where nothing is recorded."""
    if seconds is None:
        return None
    return f"Times are as stored; the device's clock is recorded as {seconds} s off, which is not applied."
