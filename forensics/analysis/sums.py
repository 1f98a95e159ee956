"""What a few lines together weigh, added up without making a name for every way in which a form counts.

Gives the sum of the weights of ``learnt.together``, which makes those names; by that the weights are learnt.
Of a line it is kept what its forms weigh by themselves, and which are counted; for each stretch these are put
together. What a counted form weighs is looked up once for each number of times among as many lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from forensics.analysis.learnt import TWO, how_often, is_counted
from forensics.analysis.weights import Weights


class Weighed(NamedTuple):
    """The forms of a line: those that count once with their weights, and those that are counted."""

    once: dict[str, int]
    counted: tuple[str, ...]


class Sums:
    """Adds up the lines of stretches with one set of weights."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._worth: dict[tuple[str, int, int], int] = {}

    def weighed(self, names: Iterable[str]) -> Weighed:
        """A line by the names of its forms."""
        of, counted, listed = self.weights.of, self._counted, tuple(names)
        once = {name: of[name] for name in listed if name in of and name not in counted}
        return Weighed(once, tuple(filter(counted.__contains__, listed)))

    @cached_property
    def _counted(self) -> frozenset[str]:
        """The forms that are counted, of those that weigh anything in any way."""
        return frozenset(filter(is_counted, self.weights.known))

    def total(self, lines: Sequence[Weighed], *, of_two: bool) -> int:
        """What the lines weigh together, the base too; ``of_two``: more than one person wrote them."""
        once: dict[str, int] = {}
        counts: dict[str, int] = {}
        for line in lines:
            once.update(line.once)
            for name in line.counted:
                counts[name] = counts.get(name, 0) + 1
        total, worth, size = self.weights.base + sum(once.values()), self._worth, len(lines)
        for name, count in counts.items():
            known = worth.get((name, count, size))
            total += self._count(name, count, size) if known is None else known
        return total + (self.weights.of.get(TWO, 0) if of_two else 0)

    def _count(self, name: str, count: int, size: int) -> int:
        """What a form weighs that comes so many times in so many lines."""
        names = (name, *(often + name for often in how_often(count, size)))
        found = sum(self.weights.of.get(each, 0) for each in names)
        self._worth[name, count, size] = found
        return found
