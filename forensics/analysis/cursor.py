"""A place in the tokens of a line, and the atoms made of what lies before it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary


class Cursor:
    """Goes through the tokens of one line and makes atoms of them."""

    def __init__(self, tokens: Sequence[Token], terms: Sequence[Term], first: int, after: int) -> None:
        self._words = vocabulary()
        self._tokens = tokens
        low, high = (bisect_left(terms, place, key=lambda t: t.first) for place in (first, after))
        self._terms = {t.first: t for t in terms[low:high]}
        self._place = first
        self._after = after
        self._atoms: list[Atom] = []

    def _add(self, atom: Atom, used: int) -> bool:
        self._atoms.append(atom)
        self._place += used
        return True

    def _token(self, ahead: int = 0) -> Token | None:
        place = self._place + ahead
        return self._tokens[place] if 0 <= place < self._after else None

    def _text(self, ahead: int) -> str:
        token = self._token(ahead)
        return token.text if token else ""

    def _previous_is_per(self) -> bool:
        slashes = [a.text for a in self._atoms[-2:]] == ["/", "/"]
        if slashes and self._words.units.get(self._text(0)) == "piece":
            return False  # "5/80 // Teile"
        return bool(self._atoms) and self._atoms[-1].text in self._words.per and self._atoms[-1].kind in "WE"


def is_numeral(token: Token) -> bool:
    """Whether the token is a number or begins as one."""
    return token.kind == "n" or (token.kind == "w" and not token.text[0].isalpha())


def is_number(token: Token | None) -> bool:
    """Whether the token is a number."""
    return token is not None and token.kind in "nw" and number(token.text) is not None


def opens_line(place: int, tokens: Sequence[Token]) -> bool:
    """Whether only signs, or the number of the line ("3. "), stand before the token on its line."""
    while place > 0 and tokens[place - 1].kind == "s":
        place -= 1
    if place == 0 or tokens[place - 1].kind == "l":
        return True
    numbered = tokens[place - 1].kind == "n" and tokens[place].text in ".)" and tokens[place].glued
    return numbered and (place == 1 or tokens[place - 2].kind == "l")
