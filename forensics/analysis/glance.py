"""A glance at the lines of a conversation: what their words weigh, each by itself.

The second opinion (analysis.opinion) weighs forms of every kind, at some fifty times the cost. Where no line
may speak of a drug by its words, it does so only where the lines around weigh enough at a glance.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.analysis.learnt import GLANCE, LONGEST, Weights, shape
from forensics.analysis.text import fold_character

PREFIX = f"{GLANCE}:"
_AROUND = '.,:;!?()"'  # signs before and behind a word that are no part of it
_KEPT = 32_768  # pieces kept with what they weigh
_LONGEST_KEPT = 32


def words(text: str) -> Iterator[str]:
    """The words of a text, one for each different piece between spaces; numbers by their kind."""
    for piece in sorted(set(text.split())):
        word = _word(piece)
        if word:
            yield word


def _word(piece: str) -> str:
    bare = piece.strip(_AROUND)
    plain = bare.lower() if bare.isascii() else "".join(map(fold_character, bare))
    return shape(plain) if plain.isdecimal() else plain


class _Worth(dict[str, int]):
    """What each piece of text without spaces weighs, worked out when first met."""

    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._of = weights.of

    def __missing__(self, piece: str) -> int:
        worth = self._of.get(PREFIX + _word(piece), 0)
        if len(piece) <= _LONGEST_KEPT:
            if len(self) >= _KEPT:
                self.clear()
            self[piece] = worth
        return worth


class Glance:
    """Says of a line what its words weigh."""

    def __init__(self, weights: Weights) -> None:
        self.base = weights.glance_base
        self._worth = _Worth(weights).__getitem__

    def of(self, text: str) -> int:
        """The sum in thousandths, without the base; 0 for a line so long that it is not counted."""
        return sum(map(self._worth, set(text.split()))) if len(text) <= LONGEST else 0
