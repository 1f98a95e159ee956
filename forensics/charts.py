"""Drawings in SVG that need no script, no style sheet and no colour to be read.

Only figures, dates and words of ours stand in them: in a PDF/A a text of the case inside a drawing could not
be checked character by character, and one without a glyph would cost the whole report.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

WIDTH = 720
_HEIGHT = 190
_LEFT, _BOTTOM, _TOP = 52, 34, 12
_LINES_HEIGHT = 230
_LABEL = 12  # the height of the number of a line
_FONTS = "Noto Sans, sans-serif"
_INK, _BAR = "#222222", "#2f5d8a"
# The radius of a numbered point of a map, and how many numbers of points under it stand beside it.
_CIRCLE, _BESIDE = 9, 6
_DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "12 4")
# At most so many bars: days, else weeks, months or years.
MOST_BARS = 60

Figures = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line: the values from each day on; ``label`` is its number in the table."""

    label: str
    points: tuple[tuple[date, float], ...]


def periods(daily: Figures) -> list[tuple[str, int]]:
    """The days, or the weeks, months or years if there are too many days; in time order, without holes.

    Should even the years be too many (a wrong clock), only those with messages are given.
    """
    if not daily:
        return []
    ordinals = sorted(date.fromisoformat(day).toordinal() for day, _ in daily)
    span = ordinals[-1] - ordinals[0] + 1
    label, step = next((each for each in _PERIODS if span / each[1] < MOST_BARS - 1), (_year, 366))
    found: dict[str, int] = {}
    if span / step < MOST_BARS - 1:
        whole = (date.fromordinal(each) for each in range(ordinals[0], ordinals[-1] + 1))
        found = dict.fromkeys((label(day) for day in whole), 0)
    for day, count in sorted(daily):
        name = label(date.fromisoformat(day))
        found[name] = found.get(name, 0) + count
    return list(found.items())


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def _month(day: date) -> str:
    return day.isoformat()[:7]


def _year(day: date) -> str:
    return day.isoformat()[:4]


# Label and shortest length in days of a period.
_PERIODS = ((date.isoformat, 1), (_week, 7), (_month, 28), (_year, 365))


def timeline(figures: Figures, alternative: str, every: int | None = None, height: int = _HEIGHT) -> str:
    """Upright bars, one per period; ``every``: how many bars share a label."""
    most = max((count for _, count in figures), default=0) or 1
    room, floor = WIDTH - _LEFT - 8, height - _BOTTOM
    step = room / max(len(figures), 1)
    drawn = _scale(most, floor)
    for place, (_, count) in enumerate(figures):
        tall = (floor - _TOP) * count / most
        drawn.append(_bar(_LEFT + step * (place + 0.1), floor - tall, min(step * 0.8, 60), tall))
    every = every or max(1, -(-len(figures) // 6))
    for place in range(0, len(figures), every):
        drawn.append(_text(_LEFT + step * place + 2, height - 14, figures[place][0]))
    return _svg(height, alternative, drawn)


def hours(figures: Mapping[int, int], alternative: str) -> str:
    """Upright bars, one per hour of the day."""
    return timeline(
        [(f"{hour:02}", figures.get(hour, 0)) for hour in range(24)], alternative, every=1, height=130
    )


def lines(series: Sequence[Series], alternative: str, written: Callable[[float], str]) -> str:
    """Stepped lines over time, told apart by dashes and by the number at their end; ``written``: a number
    as the language of the reader has it (``Words.figure``)."""
    points = [point for each in series for point in each.points]
    first, last = min(day for day, _ in points), max(day for day, _ in points)
    most = max(value for _, value in points) or 1
    floor, room = _LINES_HEIGHT - _BOTTOM, WIDTH - _LEFT - 40
    span = max((last - first).days, 1)
    drawn = _scale(most, floor, written)
    ends: list[float] = []
    for each, dashes in zip(series, _DASHES * (len(series) // len(_DASHES) + 1), strict=False):
        corners = [
            (_LEFT + room * (day - first).days / span, floor - (floor - _TOP) * value / most)
            for day, value in each.points
        ]
        drawn.append(_steps([*corners, (_LEFT + room, corners[-1][1])], dashes))
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{_INK}"/>' for x, y in corners]
        ends.append(_free(corners[-1][1] + 4, ends, floor - 2))
        drawn.append(_text(_LEFT + room + 6, ends[-1], each.label))
    drawn.append(_text(_LEFT, _LINES_HEIGHT - 14, first.isoformat()))
    drawn.append(_text(_LEFT + room, _LINES_HEIGHT - 14, last.isoformat(), anchor="end"))
    return _svg(_LINES_HEIGHT, alternative, drawn)


def network(nodes: Sequence[str], edges: Sequence[tuple[int, int, int]], alternative: str) -> str:
    """Numbered circles, joined by lines as thick as their figure is large; the first in the middle."""
    middle, high = WIDTH / 2, 320
    places = [(middle, high / 2)]
    for place in range(len(nodes) - 1):
        turn = 2 * math.pi * place / max(len(nodes) - 1, 1) - math.pi / 2
        places.append((middle + 300 * math.cos(turn), high / 2 + 135 * math.sin(turn)))
    most = max((count for *_, count in edges), default=1)
    drawn = []
    for one, other, count in edges:
        (left, top), (right, bottom) = places[one], places[other]
        thick = 1 + 6 * count / most
        drawn.append(
            f'<line x1="{left:.1f}" y1="{top:.1f}" x2="{right:.1f}" y2="{bottom:.1f}" stroke="{_BAR}" '
            f'stroke-width="{thick:.1f}"/>'
        )
    for (across, down), label in zip(places, nodes, strict=True):
        drawn.append(f'<circle cx="{across:.1f}" cy="{down:.1f}" r="14" fill="#ffffff" stroke="{_INK}"/>')
        drawn.append(
            f'<text x="{across:.1f}" y="{down + 4:.1f}" text-anchor="middle" fill="{_INK}">{label}</text>'
        )
    return _svg(high, alternative, drawn)


def frame_of(points: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    """South, north, west and east of all points, with room around them: at least half as wide again as
    high."""
    south, north = min(each for each, _ in points), max(each for each, _ in points)
    west, east = min(each for _, each in points), max(each for _, each in points)
    margin = max((north - south) * 0.12, (east - west) * 0.08, 0.05)
    south, north = south - margin, north + margin
    wide = 1.5 * (north - south) / _shrink(south, north)
    spare = max(margin, (wide - (east - west)) / 2)
    return south, north, west - spare, east + spare


def places(
    numbered: Mapping[int, tuple[float, float]],
    outlines: Iterable[Sequence[tuple[float, float]]],
    alternative: str,
) -> str:
    """Numbered points by latitude and longitude among outlines, on a grid of degrees; north is above."""
    south, north, west, east = frame_of(list(numbered.values()))
    shrink = _shrink(south, north)
    scale = min((WIDTH - _LEFT - 8) / ((east - west) * shrink), (420 - _BOTTOM - _TOP) / (north - south))
    wide, high = (east - west) * shrink * scale, (north - south) * scale

    def at(latitude: float, longitude: float) -> tuple[float, float]:
        return (longitude - west) * shrink * scale, (north - latitude) * scale

    drawn = [_outlined([[at(*place) for place in line] for line in outlines], wide, high)]
    for value, is_latitude in _grid(south, north, west, east):
        across, down = at(value, west) if is_latitude else at(south, value)
        if is_latitude:
            drawn.append(_line(_LEFT, _TOP + down, _LEFT + wide, _TOP + down, dashed=True))
            drawn.append(_text(_LEFT - 6, _TOP + down + 4, f"{value:g}", anchor="end"))
        else:
            drawn.append(_line(_LEFT + across, _TOP, _LEFT + across, _TOP + high, dashed=True))
            drawn.append(_text(_LEFT + across, _TOP + high + 16, f"{value:g}", anchor="middle"))
    for (across, down), numbers in _apart({number: at(*place) for number, place in numbered.items()}):
        drawn += _numbered(_LEFT + across, _TOP + down, numbers)
    return _svg(_TOP + high + _BOTTOM, alternative, drawn)


def _shrink(south: float, north: float) -> float:
    """How much shorter a degree of longitude is than one of latitude, in the middle; never nothing."""
    return max(math.cos(math.radians((south + north) / 2)), 0.1)


def _outlined(lines: Iterable[Sequence[tuple[float, float]]], wide: float, high: float) -> str:
    """The lines, cut off at the frame."""
    path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line) for line in lines)
    return (
        f'<svg x="{_LEFT}" y="{_TOP}" width="{wide:.1f}" height="{high:.1f}"><path d="{path}" fill="none" '
        f'stroke="{_BAR}" stroke-width="1.2"/></svg>'
    )


def _apart(points: Mapping[int, tuple[float, float]]) -> list[tuple[tuple[float, float], list[int]]]:
    """The points that can be told apart, each with the numbers of those that its circle would cover."""
    found: list[tuple[tuple[float, float], list[int]]] = []
    for number, place in points.items():
        over = next((each for each in found if math.dist(each[0], place) < 2 * _CIRCLE), None)
        if over is None:
            found.append((place, [number]))
        else:
            over[1].append(number)
    return found


def _numbered(across: float, down: float, numbers: Sequence[int]) -> list[str]:
    """A circle with the first number; the others beside it."""
    place = f'x="{across:.1f}" y="{down + 4:.1f}"'
    first, *others = map(str, numbers)
    beside = ", ".join(others[:_BESIDE]) + (" …" if len(others) > _BESIDE else "")
    drawn = [
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="{_CIRCLE}" fill="#ffffff" stroke="{_INK}"/>',
        f'<text {place} text-anchor="middle" font-size="10" fill="{_INK}">{first}</text>',
    ]
    return [*drawn, _text(across + _CIRCLE + 4, down + 4, beside)] if beside else drawn


def _grid(south: float, north: float, west: float, east: float) -> list[tuple[float, bool]]:
    """The lines of the grid: round degrees, about five each way, and whether they are of latitude."""
    wide = max(north - south, east - west) / 5
    step = 10 ** math.floor(math.log10(wide))
    step = next(step * each for each in (1, 2, 5, 10) if step * each >= wide)
    found = []
    for first, last, is_latitude in ((south, north, True), (west, east, False)):
        for number in range(math.ceil(first / step), math.floor(last / step) + 1):
            found.append((round(number * step, 6), is_latitude))
    return found


def _scale(most: float, floor: float, written: Callable[[float], str] = str) -> list[str]:
    """The base line, and two dashed lines with their figures; of counts no half is named."""
    drawn = [_line(_LEFT, floor, WIDTH - 8, floor)]
    half = most // 2 if isinstance(most, int) else most / 2
    for value in (half, most) if half else (most,):
        level = floor - (floor - _TOP) * value / most
        drawn.append(_line(_LEFT, level, WIDTH - 8, level, dashed=True))
        drawn.append(_text(_LEFT - 6, level + 4, written(round(value, 1)), anchor="end"))
    return drawn


def _steps(corners: Sequence[tuple[float, float]], dashes: str) -> str:
    """A price holds until the next one: along, then up or down."""
    path = f"M{corners[0][0]:.1f} {corners[0][1]:.1f}"
    path += "".join(f"H{across:.1f}V{down:.1f}" for across, down in corners[1:])
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="{path}" fill="none" stroke="{_BAR}" stroke-width="2"{dashed}/>'


def _free(wanted: float, taken: Sequence[float], lowest: float) -> float:
    """The nearest height in the drawing, not below ``lowest``, that leaves room for the labels there; the
    one asked for where none does."""
    heights = (wanted + sign * step for step in range(_LINES_HEIGHT) for sign in (1, -1))
    inside = (each for each in heights if _TOP <= each <= lowest)
    free = (each for each in inside if all(abs(each - other) >= _LABEL for other in taken))
    return next(free, min(wanted, lowest))


def _svg(height: float, alternative: str, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}" role="img" font-family="{_FONTS}" '
        f'font-size="12"><title>{escape(alternative)}</title>{"".join(drawn)}</svg>'
    )


def _text(across: float, down: float, text: str, *, anchor: str = "start") -> str:
    place = f'x="{across:.1f}" y="{down:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{_INK}">{escape(text)}</text>'


def _bar(across: float, down: float, width: float, height: float) -> str:
    size = f'width="{max(width, 0.5):.1f}" height="{height:.1f}"'
    return f'<rect x="{across:.1f}" y="{down:.1f}" {size} fill="{_BAR}"/>'


def _line(left: float, top: float, right: float, bottom: float, *, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="3 3"' if dashed else ""
    return (
        f'<line x1="{left:.1f}" y1="{top:.1f}" x2="{right:.1f}" y2="{bottom:.1f}" stroke="#777777" '
        f'stroke-width="1"{dashes}/>'
    )
