"""A glance at the lines of a conversation: what their words weigh, and their pairs of words.

The second opinion (analysis.opinion) weighs forms of every kind, at some twenty times the cost. Where no
line may speak of a drug by its words, as most of a phone, only what says enough at a glance is weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

from forensics.analysis.learnt import LONGEST, Weights, shape
from forensics.analysis.text import fold_character

_AROUND = '.,:;!?()"'  # signs before and behind a word that are no part of it
_KEPT = 8_192  # pieces kept as the word that they are
_LONGEST_KEPT = 32
_LINES_KEPT, _LONGEST_LINE = 1_024, 80


def seen_in(text: str) -> list[str]:
    """The words of a text and their pairs, as the weights name them behind "glance:"; some may come twice."""
    words = list(filter(None, map(_word, text.split())))
    return words + list(map(" ".join, pairwise(words)))


def _word(piece: str) -> str:
    return _short(piece) if len(piece) <= _LONGEST_KEPT else _plain(piece)


def _plain(piece: str) -> str:
    """A piece of text without spaces as the word that it is: folded, numbers by their kind."""
    bare = piece.strip(_AROUND)
    plain = bare.lower() if bare.isascii() else "".join(map(fold_character, bare))
    return shape(plain) if plain.isdecimal() else plain


_short = lru_cache(maxsize=_KEPT)(_plain)


class Glance:
    """Says of a line what in it weighs anything at a glance."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._of_short = lru_cache(maxsize=_LINES_KEPT)(self._of)

    @property
    def base(self) -> int:
        return self._weights.glance_base

    @property
    def worth(self) -> Mapping[str, int]:
        """What each word and pair weighs."""
        return self._weights.seen

    def of(self, text: str) -> frozenset[str]:
        """The words and pairs that weigh anything; none of a line so long that it is not counted."""
        if len(text) <= _LONGEST_LINE:
            return self._of_short(text)
        return self._of(text) if len(text) <= LONGEST else frozenset()

    def _of(self, text: str) -> frozenset[str]:
        return frozenset(filter(self._weights.seen.__contains__, seen_in(text)))


class Seen:
    """What some lines weigh at a glance, each word and pair once; lines come and go."""

    def __init__(self, glance: Glance, counts: dict[str, int] | None = None, total: int = 0) -> None:
        self._glance = glance
        self._counts = {} if counts is None else counts
        self._total = total

    @property
    def total(self) -> int:
        """The sum, with the base, in thousandths."""
        return self._glance.base + self._total

    def copy(self) -> Seen:
        return Seen(self._glance, dict(self._counts), self._total)

    def add(self, names: Iterable[str]) -> None:
        """A further line."""
        counts, worth = self._counts, self._glance.worth
        for name in names:
            if name in counts:
                counts[name] += 1
            else:
                counts[name] = 1
                self._total += worth[name]

    def drop(self, names: Iterable[str]) -> None:
        """A line that was added goes."""
        counts, worth = self._counts, self._glance.worth
        for name in names:
            if counts[name] > 1:
                counts[name] -= 1
            else:
                del counts[name]
                self._total -= worth[name]
