"""Coasts and borders of the world as lines, for a map that needs no network.

Natural Earth 1:50m (public domain), which simplifies them by kilometres, kept to a hundredth of a degree;
made by fixtures/outlines/make_outlines.py.
Borders are those of that data set and say nothing of what any state claims.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate

# South, north, west, east in degrees.
Frame = tuple[float, float, float, float]
Line = tuple[tuple[float, float], ...]
_PER_DEGREE = 100


@lru_cache(maxsize=1)
def _lines() -> tuple[tuple[Frame, Line], ...]:
    """Every line as latitudes and longitudes, with the frame around it."""
    text = (files("forensics") / "data" / "outlines.json").read_text("utf-8")
    found = []
    for steps in json.loads(text):
        east = [each / _PER_DEGREE for each in accumulate(steps[::2])]
        north = [each / _PER_DEGREE for each in accumulate(steps[1::2])]
        frame = (min(north), max(north), min(east), max(east))
        found.append((frame, tuple(zip(north, east, strict=True))))
    return tuple(found)


def within(frame: Frame) -> Iterator[Line]:
    """The lines that may be seen in a frame, whole."""
    south, north, west, east = frame
    for (low, high, left, right), line in _lines():
        if low <= north and high >= south and left <= east and right >= west:
            yield line
