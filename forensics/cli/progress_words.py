"""What a bar says of how far a step is, in words that leave room for the times in 80 columns."""

from __future__ import annotations

# What is being done while that is counted; all of one width, so that the bar stays in its place.
_DOING = {"bytes": "hashing", "bytes passed": "listing", "members": "listing"}
_OTHERWISE = "reading"
_BYTES = ("bytes", "bytes passed")
_UNITS = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"))


def doing(what: str) -> str:
    """The word for it: hashing, listing or reading."""
    return _DOING.get(what, _OTHERWISE)


def amount(what: str, count: int, total: int | None) -> str:
    """ "1,200 of 2,000 members", "1,200 members", "12.3 of 200.0 GB"."""
    if what in _BYTES:
        return _size(count, total)
    return f"{count:,} {what}" if total is None else f"{count:,} of {total:,} {what}"


def _size(count: int, total: int | None) -> str:
    """Both in the unit of the larger one."""
    for unit, name in _UNITS:
        if max(count, total or 0) >= unit:
            done = f"{count / unit:.1f}"
            return f"{done} {name}" if total is None else f"{done} of {total / unit:.1f} {name}"
    return f"{count:,} bytes" if total is None else f"{count:,} of {total:,} bytes"
