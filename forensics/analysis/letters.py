"""Drugs called by one letter in a list: the letter opens a line and amounts with prices follow.

A letter alone means too much, so it is read so only beside another word for a drug, and of the letters only
those that lists of several languages use alike (only in our validation sets: C, M, X, and G for GHB). Other
letters name an unknown product.
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.cursor import is_numeral, opens_line
from forensics.analysis.lexicon import Entry, Lexicon, Term
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

LETTERS = frozenset("bcdfhjkmpqstvwz")  # that may stand for a product where a line opens with them
_MEANT = {"c": "cocaine", "m": "mdma", "x": "xtc"}
_LIQUID, _LIQUID_NAME = "g", "ghb"  # where it is measured in millilitres
_NEAR = 6  # tokens from the letter to what is measured
_PARTING = frozenset(":-=|.,")
_JOINING = frozenset("/-")  # an amount to its price


def with_letters(terms: list[Term], tokens: Sequence[Token], lexicon: Lexicon) -> list[Term]:
    """The terms with those of one letter."""
    if not terms:
        return terms
    taken = {place for t in terms for place in range(t.first, t.after)}
    found = [
        Term(place, place + 1, token.start, token.end, entry)
        for place, token in enumerate(tokens)
        if len(token.text) == 1
        and place not in taken
        and (entry := _entry(tokens, place, lexicon))
        and opens_line(place, tokens)
    ]
    return sorted([*terms, *found], key=lambda t: t.first) if found else terms


def _entry(tokens: Sequence[Token], place: int, lexicon: Lexicon) -> Entry | None:
    """What the letter is a name of, by what follows it."""
    text = tokens[place].text
    name = _MEANT.get(text) if _counts(tokens, place) else None
    if text == _LIQUID and _is_liquid(tokens, place):
        name = _LIQUID_NAME
    entries = lexicon.first_words.get(name, ()) if name else ()
    entry = next((e for e in entries if not e.rest), None)
    return entry._replace(term=text, grade=2) if entry else None


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """Whether an amount in grams or pieces follows, or one with the sum it costs: "C 1g 50", "M 1 = 20"."""
    at = place + 1
    if at < len(tokens) and tokens[at].text in _PARTING:
        at += 1
    words = vocabulary()
    if at + 1 >= len(tokens) or not (is_numeral(tokens[at]) or tokens[at].text in words.numbers):
        return False
    following = tokens[at + 1]
    weighed = words.counts(following.text) and words.amount(following.text)[1] in ("g", "piece")
    joins = following.text in words.equals or following.text in _JOINING
    if not joins or at + 2 >= len(tokens):
        return weighed
    if following.text == "/" and words.units.get(tokens[at + 2].text) == "g":
        return True
    goes_on = at + 3 < len(tokens) and tokens[at + 3].text == following.text  # "C 60 / 110 / 160"
    return is_numeral(tokens[at + 2]) and not goes_on


def _is_liquid(tokens: Sequence[Token], place: int) -> bool:
    """Whether the first number behind the letter, on its line or at the beginning of the next, is one of
    millilitres or litres.
    """
    words, lines = vocabulary(), 0
    for at in range(place + 1, min(place + 2 * _NEAR, len(tokens) - 1)):
        token = tokens[at]
        lines += token.kind == "l"
        if is_numeral(token):
            unit = tokens[at + 1].text
            near = at - place <= _NEAR or tokens[at - 1].kind == "l"
            return near and words.counts(unit) and words.amount(unit)[1] == "ml"
        if lines > 1:
            return False
    return False
