"""Endings of Turkish that an apostrophe parts from a number or its currency: "100 TL'ye 1", "3'lü 1400"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_LIRA = frozenset({"tl", "lira"})
_TO = frozenset({"ye", "ya", "e", "a"})  # "to" and "for"
_FROM = frozenset({"den", "dan", "ten", "tan"})
_APOSTROPHE = "'"


def without_endings(tokens: list[Token]) -> list[Token]:
    """The tokens with such an ending of money as an equals sign before what it buys, else as nothing; the
    one that says how many are in a pack stands against its number.
    """
    if not any(t.text == _APOSTROPHE for t in tokens):
        return tokens
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.text != _APOSTROPHE or not made or place + 1 == len(tokens) or not tokens[place + 1].glued:
            made.append(token)
        elif made[-1].text in _LIRA and tokens[place + 1].text in _TO | _FROM:
            if _is_bought(tokens, place + 2) and tokens[place + 1].text in _TO:
                made.append(token._replace(text="=", end=tokens[place + 1].end))
            place += 1
        elif made[-1].kind != "n" or tokens[place + 1].text not in vocabulary().of_so_many:
            made.append(token)
        place += 1
    return made


def _is_bought(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number stands there that is no other sum."""
    number = at < len(tokens) and tokens[at].kind == "n"
    return number and not (at + 1 < len(tokens) and tokens[at + 1].text in vocabulary().currencies)
