"""What is decided of a line by the outcomes of those around it.

Who trades says so on more lines than one. A line that the balance alone takes for one of a trade, with no
other of a trade around it, is none: among many ordinary lines some weigh enough by chance. What the rules
found, what weighs much, and a list of goods stands by itself. A line that weighs less is of a trade beside
one that is of a trade by itself, where another such line is around too. But the balance finds no deals where
no line around weighs much: talk in which many lines weigh a little is that of quarrels and films too. What
weighs most must weigh more where no line around counts or prices anything, surely names a drug, or is of a
trade by the rules. A list of the rules is enough.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from forensics.analysis.heard_line import DEAL, LIST, HeardLine, is_trade
from forensics.analysis.right_behind import answer
from forensics.analysis.score import Rules
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged


class Outcome(NamedTuple):
    """A line with its outcome by itself, what it weighs on the balance if it was put there, and its outcome
    beside a line of a trade where that is another one."""

    heard: HeardLine
    judged: Judged | None
    total: int | None
    beside: Judged | None = None


class Neighbours:
    """Goes over the outcomes of the lines of a conversation; each comes out when those around are known, with
    the line behind it that may answer it."""

    def __init__(self, rules: Rules, is_tangible: Callable[[HeardLine], bool]) -> None:
        self._rules = rules
        self._is_tangible = is_tangible
        self._reach = rules.window["learnt_lines"]
        self._beside, self._fewest = rules.window["beside_lines"], rules.window["beside_fewest"]
        self._peak_lines = rules.window["peak_lines"]
        self._hours = rules.window["hours"]
        self._least = rules.thresholds["learnt"]
        # a line leans on those around it, which lean on those around them
        self._leans = max(self._reach, self._beside) + max(self._reach, self._peak_lines)
        self._around: deque[Outcome] = deque(maxlen=2 * self._leans + 1)
        self._waiting = 0  # how many of the last ones have not come out

    def take(self, outcome: Outcome) -> Iterator[tuple[Line, Judged | None]]:
        """The next line; gives the one that lies so far back that all around it are known, and what is behind
        that."""
        self._around.append(outcome)
        self._waiting += 1
        if self._waiting > self._leans:
            yield from self._out()

    def rest(self) -> Iterator[tuple[Line, Judged | None]]:
        """The lines that are left when no further ones come."""
        while self._waiting:
            yield from self._out()

    def _out(self) -> Iterator[tuple[Line, Judged | None]]:
        place = len(self._around) - self._waiting
        self._waiting -= 1
        heard, judged = self._around[place].heard, self._decided(place)
        yield heard.line, judged
        if heard.behind is not None:
            is_deal = judged is not None and judged.label == DEAL
            is_answer = heard.near and is_deal and self._has_one_beside(place)
            yield heard.behind, answer(heard.line, heard.behind, self._rules) if is_answer else None

    def _decided(self, place: int) -> Judged | None:
        found = self._around[place]
        if found.beside is not None and self._is_beside(place):
            judged: Judged | None = found.beside
        else:
            judged = found.heard.judged if self._is_chance(place) else found.judged
        return found.heard.judged if self._is_low(place, judged) else judged

    def _is_low(self, place: int, judged: Judged | None) -> bool:
        """Whether the balance alone takes a line for one of a deal, and no line around weighs much on it."""
        found = self._around[place]
        if not _is_of_balance(found, judged):
            return False
        around = [found, *(self._around[at] for at in self._near(place, self._peak_lines))]
        if any(each.heard.label() == LIST for each in around):
            return False
        peak = max(each.total for each in around if each.total is not None)
        if peak >= self._least["peak_intangible"]:
            return False
        return peak < self._least["peak"] or not any(self._holds(each.heard) for each in around)

    def _holds(self, heard: HeardLine) -> bool:
        """Whether a line says of what a trade may be."""
        return heard.is_trade() or self._is_tangible(heard)

    def _is_beside(self, place: int) -> bool:
        """Whether a line stands beside one of a trade, and enough such lines are around."""
        if not self._has_one_beside(place):
            return False
        return sum(map(self._stands, self._near(place, self._reach))) >= self._fewest

    def _has_one_beside(self, place: int) -> bool:
        return any(map(self._stands, self._near(place, self._beside)))

    def _stands(self, place: int) -> bool:
        """Whether a line is of a trade without any that weighs less."""
        judged = self._around[place].judged
        return is_trade(judged) and not self._is_chance(place) and not self._is_low(place, judged)

    def _is_chance(self, place: int) -> bool:
        """Whether a line weighs little, was found on the balance alone, and no other of a trade is near."""
        found = self._around[place]
        if not _is_of_balance(found, found.judged) or (found.total or 0) >= self._least["solitary"]:
            return False
        return not any(is_trade(self._around[at].judged) for at in self._near(place, self._reach))

    def _near(self, place: int, reach: int) -> Iterator[int]:
        """The places of the other lines within reach, in lines and in time."""
        line = self._around[place].heard.line
        for at in range(max(place - reach, 0), min(place + reach + 1, len(self._around))):
            if at != place and self._around[at].heard.line.is_within(self._hours, line):
                yield at


def _is_of_balance(found: Outcome, judged: Judged | None) -> bool:
    """Whether the balance alone takes a line for one of a deal."""
    if found.total is None or found.heard.is_trade():
        return False
    return judged is not None and judged.label == DEAL
