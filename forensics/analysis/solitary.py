"""A line that the balance alone takes for one of a trade, with no other of a trade around it, is none.

Who trades says so on more lines than one; among many ordinary lines some weigh enough by chance. What the
rules found, what weighs much, and a list of goods stands by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from forensics.analysis.score import Rules
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged

_TRADE = frozenset({"menu", "deal"})


def is_trade(judged: Judged | None) -> bool:
    """Whether an outcome is one of a trade."""
    return judged is not None and judged.label in _TRADE


class Outcome(NamedTuple):
    """A line with its outcome, that by the rules, and what it weighs on the balance if it was put there."""

    line: Line
    judged: Judged | None
    ruled: Judged | None
    total: int | None


class Solitary:
    """Goes over the outcomes of the lines of a conversation; each comes out when those around are known."""

    def __init__(self, rules: Rules) -> None:
        self._reach = rules.window["learnt_lines"]
        self._hours = rules.window["hours"]
        self._least = rules.thresholds["learnt"]
        self._around: deque[Outcome] = deque(maxlen=2 * self._reach + 1)
        self._waiting = 0  # how many of the last ones have not come out

    def take(self, outcome: Outcome) -> Iterator[tuple[Line, Judged | None]]:
        """The next line; gives the one that lies so far back that all around it are known."""
        self._around.append(outcome)
        self._waiting += 1
        if self._waiting > self._reach:
            yield self._out()

    def rest(self) -> Iterator[tuple[Line, Judged | None]]:
        """The lines that are left when no further ones come."""
        while self._waiting:
            yield self._out()

    def _out(self) -> tuple[Line, Judged | None]:
        place = len(self._around) - self._waiting
        self._waiting -= 1
        found = self._around[place]
        return found.line, found.ruled if self._is_chance(place, found) else found.judged

    def _is_chance(self, place: int, found: Outcome) -> bool:
        """Whether it weighs little, was found on the balance alone, and no other of a trade is near."""
        if found.total is None or found.total >= self._least["solitary"] or found.judged is None:
            return False
        if is_trade(found.ruled) or found.judged.label != "deal":
            return False
        first, end = max(place - self._reach, 0), min(place + self._reach + 1, len(self._around))
        others = (self._around[at] for at in range(first, end) if at != place)
        near = (each for each in others if each.line.is_within(self._hours, found.line))
        return not any(is_trade(each.judged) for each in near)
