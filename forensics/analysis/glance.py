"""A glance at the lines of a conversation: what their words weigh, and their pairs of words.

The second opinion (analysis.opinion) weighs forms of every kind, at some twenty times the cost. Where no
line may speak of a drug by its words, as most of a phone, only what says enough at a glance is weighed.
Words and pairs that weigh anything go by their numbers: a line is a few of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

from forensics.analysis.learnt import LONGEST, shape
from forensics.analysis.pieces import Pieces
from forensics.analysis.seeable import Seeable
from forensics.analysis.text import fold_character
from forensics.analysis.weights import Weights

_AROUND = '.,:;!?()"'  # signs before and behind a word that are no part of it
_KEPT = 32_768  # pieces kept as the word that they are
_LINES_KEPT, _LONGEST_LINE = 4_096, 80


class Marks(NamedTuple):
    """Of a line the numbers of the words and pairs that weigh anything, each once, and what it weighs by
    itself, with the base."""

    found: tuple[int, ...]
    weight: int


def seen_in(text: str) -> list[str]:
    """The words of a text and their pairs, as the weights name them behind "glance:"; some may come twice."""
    words = list(filter(None, map(_plain, text.split())))
    words += list(map(" ".join, pairwise(words)))
    return words


def _plain(piece: str) -> str:
    """A piece of text without spaces as the word that it is: folded, numbers by their kind."""
    bare = piece.strip(_AROUND)
    plain = bare.lower() if bare.isascii() else "".join(map(fold_character, bare))
    return shape(plain) if plain.isdecimal() else plain


class Glance:
    """Says of a line what in it weighs anything at a glance."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._of_short = lru_cache(maxsize=_LINES_KEPT)(self._of)

    @cached_property
    def _number(self) -> Callable[[str], int]:
        """Gives of a piece of text without spaces the number of the word that it is, 0 for none."""
        known = self._weights.seen.words

        def number(piece: str) -> int:
            word = _plain(piece)
            return known.get(word, Seeable.OTHER) if word else 0

        return Pieces(number, _KEPT).__getitem__

    @property
    def base(self) -> int:
        return self._weights.glance_base

    @property
    def worth(self) -> Sequence[int]:
        """What each word and pair weighs, by its number."""
        return self._weights.seen.worth

    def of(self, text: str) -> Marks:
        """The words and pairs that weigh anything; none of a line so long that it is not counted."""
        if len(text) <= _LONGEST_LINE:
            return self._of_short(text)
        return self._of(text) if len(text) <= LONGEST else Marks((), self.base)

    def _of(self, text: str) -> Marks:
        seen = self._weights.seen
        words = list(filter(None, map(self._number, text.split())))
        keys = map(add, map(seen.PAIRED.__mul__, words), words[1:])
        marks = {*map(seen.mark_of.__getitem__, words), *map(seen.pairs.get, keys)}
        found = tuple(filter(None, marks))
        return Marks(found, self.base + sum(map(seen.worth.__getitem__, found)))


class Seen:
    """What some lines weigh at a glance, each word and pair once; lines come, and go in the same order."""

    def __init__(self, glance: Glance) -> None:
        self._worth = glance.worth
        self._last: dict[int, int] = {}  # by word and pair the last line that has it
        self._come = self._gone = 0
        self.total = glance.base  # the sum, with the base, in thousandths

    def copy(self) -> Seen:
        copied = object.__new__(Seen)
        copied._worth, copied._last, copied.total = self._worth, dict(self._last), self.total
        copied._come, copied._gone = self._come, self._gone
        return copied

    def add(self, marks: Iterable[int]) -> None:
        """A further line."""
        self._come = line = self._come + 1
        last, worth = self._last, self._worth
        for mark in marks:
            if mark not in last:
                self.total += worth[mark]
            last[mark] = line

    def drop(self, marks: Iterable[int]) -> None:
        """The first of the lines that were added goes."""
        self._gone = line = self._gone + 1
        last, worth = self._last, self._worth
        for mark in marks:
            if last[mark] == line:
                del last[mark]
                self.total -= worth[mark]
