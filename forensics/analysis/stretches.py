"""Messages longer than any app lets people write: they are looked at in windows, and one stretch is read.

To read a text as a whole takes some two hundred times its size in memory. A text of up to ``LONGEST_READ``
characters is one window and read whole; a longer one costs as much as that and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

LONGEST_READ = 1 << 20  # characters of a message that is read whole
_WINDOW = 1 << 16  # those of a window of a longer one, which ends at white space where it has any
_TOGETHER = LONGEST_READ // _WINDOW  # windows of a stretch


class Stretch(NamedTuple):
    """A part of a text, and the place of its first character in it."""

    start: int
    text: str


def windows(text: str) -> Iterator[Stretch]:
    """The text itself, or a long one part by part: nothing is left out, and none overlaps another."""
    if len(text) <= LONGEST_READ:
        yield Stretch(0, text)
        return
    place = 0
    while place < len(text):
        end = _end(text, place)
        yield Stretch(place, text[place:end])
        place = end


def _end(text: str, place: int) -> int:
    """The end of the window that begins at a place: behind its last space or line, if it has any."""
    end = place + _WINDOW
    if end >= len(text):
        return len(text)
    return max(text.rfind(" ", place, end), text.rfind("\n", place, end)) + 1 or end


def telling(text: str, opens: Callable[[str], bool]) -> Stretch:
    """The text itself, or of a long one the stretch in which most windows may open a finding: the first such.

    ``opens`` says that of a window.
    """
    starts, counts = [0], [0]
    for each in windows(text):
        starts.append(each.start + len(each.text))
        counts.append(counts[-1] + opens(each.text))
    last = max(len(starts) - 1 - _TOGETHER, 0)
    first = max(range(last + 1), key=lambda at: counts[min(at + _TOGETHER, len(counts) - 1)] - counts[at])
    end = starts[min(first + _TOGETHER, len(starts) - 1)]
    return Stretch(starts[first], text[starts[first] : end])
