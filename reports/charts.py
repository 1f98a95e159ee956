"""Two drawings in SVG that need no script, no style sheet and no colour to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from reports.textual import joined, visible

WIDTH = 720
_HEIGHT = 190
_LEFT, _BOTTOM, _TOP = 52, 34, 12
_FONTS = "Noto Sans, Noto Sans Arabic, Noto Color Emoji, sans-serif"
_INK, _BAR = "#222222", "#2f5d8a"
# At most so many bars: days, else weeks, months or years.
MOST_BARS = 60
MOST_PAIRS = 20

Figures = Sequence[tuple[str, int]]


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


def timeline(figures: Figures, alternative: str) -> str:
    """Upright bars, one per period."""
    most = max((count for _, count in figures), default=0) or 1
    room, floor = WIDTH - _LEFT - 8, _HEIGHT - _BOTTOM
    step = room / max(len(figures), 1)
    drawn = [_line(_LEFT, floor, WIDTH - 8, floor)]
    for share in (0.5, 1.0):
        level = floor - (floor - _TOP) * share
        drawn.append(_line(_LEFT, level, WIDTH - 8, level, dashed=True))
        drawn.append(
            _text(_LEFT - 6, level + 4, str(round(most * share, 1)).removesuffix(".0"), anchor="end")
        )
    for place, (_, count) in enumerate(figures):
        height = (floor - _TOP) * count / most
        drawn.append(_bar(_LEFT + step * (place + 0.1), floor - height, min(step * 0.8, 60), height))
    every = max(1, -(-len(figures) // 6))
    for place in range(0, len(figures), every):
        drawn.append(_text(_LEFT + step * place, _HEIGHT - 14, figures[place][0]))
    return _svg(_HEIGHT, alternative, drawn)


def pairs(figures: Sequence[tuple[str, str, int]], alternative: str) -> str:
    """Lying bars: who wrote, in which conversation, how many messages."""
    most = max((count for *_, count in figures), default=0) or 1
    drawn = []
    for place, (sender, conversation, count) in enumerate(figures):
        base = 16 + place * 22
        length = (WIDTH - 450) * count / most
        drawn += [
            _name(0, base, sender),
            _text(178, base, "→"),
            _name(200, base, conversation),
            _bar(390, base - 11, length, 14),
            _text(396 + length, base, str(count)),
        ]
    return _svg(22 * len(figures) + 8, alternative, drawn)


def _name(across: float, down: float, name: str) -> str:
    """A name that fits: cut after 22 characters, never inside an emoji sequence's joiner."""
    if len(name) > 22:
        name = name[:21].rstrip("\u200d\ufe0f") + "…"
    shown = visible(joined(name), printed=True).replace("\n", " ")
    return _text(across, down, shown)


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
