"""Short exchanges: a few words that order, and the sum the other party answers ("5 wiet" - "45").

Neither says enough alone. What opens an exchange is, in falling certainty: a drug named beside a number or
a question (``context-drug``), an ordinary word for a drug that is counted or asked for (``context-counted``),
and after a list or deal in the same conversation a bare number or order ("zelfde", ``context-history``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forensics.analysis.lexicon import Term
from forensics.analysis.phrases import Phrase
from forensics.analysis.places import is_street
from forensics.analysis.plain import is_prescribed
from forensics.analysis.score import Rules
from forensics.analysis.statement import (
    Reader,
    Statement,
    direct,
    direct_amount,
    foreign_words,
    is_definite,
    is_short,
)
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary

_OPENING = frozenset({"request", "order", "price", "after", "offer"})
_LONGEST = 14  # tokens of an answer
_STRANGE = 3  # words that are neither of trade nor small talk, in an answer
_LEAST, _DEAREST = 10, 20_000
_CHEAP = 5  # a number this small beside goods counts them
_LIGHT = 50  # grams of an unnamed order
_MOST = 100  # a bare number above this orders nothing
_BEFORE_TIME = frozenset({"om", "half", "tot", "rond", "at", "til", "um", "bis", "a", "o", "kwart", "nr"})
# How many lines later the sum may come.
SOON = {"context-drug": 5, "context-counted": 2, "context-weight": 2, "context-history": 3}
LEAST = {"context-drug": 10, "context-counted": 10, "context-weight": 15, "context-history": 15}  # sums


class Sum(NamedTuple):
    """A number that can be a sum, and its place in the text."""

    value: float
    start: int
    end: int


def sum_in(statement: Statement) -> Sum | None:
    """The first number of a short message that can be a sum: a round one that is no time, no amount and no
    house number.
    """
    tokens = statement.reading.tokens
    if len(tokens) > _LONGEST or foreign_words(statement) > _STRANGE:
        return None
    for place, token in enumerate(tokens):
        value = number(token.text) if token.kind == "n" else None
        if value and value % 5 == 0 and _LEAST <= value <= _DEAREST and is_free(tokens, place):
            return Sum(value, token.start, token.end)
    return None


def is_free(tokens: Sequence[Token], place: int) -> bool:
    """Whether the number counts nothing that the words beside it say: minutes, hours, grams, houses."""
    before = tokens[place - 1].text if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    words = vocabulary()
    if before in _BEFORE_TIME or before == ":" or is_street(before):
        return False
    if after is None or after.text in words.currencies:
        return True
    if after.text in {":", "-"} or (after.glued and after.kind == "w"):
        return False
    return not (words.counts(after.text) or after.text in words.no_amount)


def opening(statement: Statement, drug: int, rules: Rules, reader: Reader) -> str:
    """How a line that speaks of a drug opens an exchange: the rule, or nothing. A medicine that people have
    at home does so where it is counted or priced and nothing else is spoken of.
    """
    words = [t for t in statement.terms if t.entry.term in rules.opening_terms]
    if drug < 3 and not words:
        return "context-weight" if _is_light(statement) else ""
    if drug >= 3:
        named = [t for t in statement.terms if t.entry.grade >= 2]
        if named and all(is_prescribed(t, reader) for t in named):
            priced = statement.reading.tiers or any(a.name == "price" for a in statement.acts)
            return "context-drug" if priced and foreign_words(statement) == 0 else ""
        plain = foreign_words(statement) <= _STRANGE
        return "context-drug" if plain and _asks(statement) else ""
    if _strange_words(statement) or any(
        t.quantity and (t.price or 0) > _CHEAP for t in statement.reading.tiers
    ):
        return ""
    counted = any(_is_counted(statement, t) for t in words)
    asked = _direct(statement, [t for t in words if not is_definite(statement, t)])
    return "context-counted" if counted or asked else ""


def _is_light(statement: Statement) -> bool:
    """Whether a few grams are ordered of what is not named, in a few words: "2 gram m"."""
    tiers = statement.reading.tiers
    light = len(tiers) == 1 and tiers[0].unit == "g" and tiers[0].written and tiers[0].price is None
    return light and (tiers[0].quantity or _LIGHT + 1) <= _LIGHT and _strange_words(statement) == 0


def _strange_words(statement: Statement) -> int:
    """The words that are neither of trade nor small talk, without single letters, which may be the goods."""
    letters = sum(t.kind == "w" and len(t.text) == 1 for t in statement.reading.tokens)
    return max(0, foreign_words(statement) - letters)


def _direct(statement: Statement, words: Sequence[Term]) -> bool:
    """Whether the words are asked for, or their price is."""
    asked = direct(statement, words) is not None
    priced = any(a.name == "price" and 0 <= t.first - a.after <= 1 for a in statement.acts for t in words)
    return asked or priced


def _is_counted(statement: Statement, term: Term) -> bool:
    """Whether a number stands right beside the word, or with a unit between: "3 wit", "wit 2x", "10 g 3m"."""
    tokens = statement.reading.tokens
    first, after = term.first - 1, term.after
    unit = vocabulary().units.get(tokens[first].text) if first > 0 else None
    if unit and (unit != "tank" or "nitrous-oxide" in term.entry.targets):  # a bottle of "wit" is wine
        first -= 1
    before = first >= 0 and tokens[first].kind == "n"
    weighed = any(t.term is term and t.unit == "g" and t.written for t in statement.reading.tiers)
    return before or weighed or (after < len(tokens) and tokens[after].kind == "n")


def only_names_sum(statement: Statement) -> bool:
    """Whether a line that holds a sum does little more than name it: it neither asks nor orders."""
    return not _orders(statement) and foreign_words(statement) <= 1


def _asks(statement: Statement) -> bool:
    if any(a.name in _OPENING and a.strength >= 2 for a in statement.acts):
        return True
    if any(t.quantity is not None for t in statement.reading.tiers):
        return True
    tokens = statement.reading.tokens
    if len(tokens) <= 3 and tokens[-1].text == "?":
        return True
    return any(t.kind == "n" and is_free(tokens, p) for p, t in enumerate(tokens))


def opens_barely(statement: Statement) -> bool:
    """Whether a line orders without saying what: "zelfde", "weer 1?", "doe er 2", a small number."""
    if not is_short(statement) or foreign_words(statement) > 2:
        return False
    tokens = statement.reading.tokens
    for place, token in enumerate(tokens):
        value = number(token.text) if token.kind == "n" else None
        if value and value <= _MOST and is_free(tokens, place):
            return True
    weighed = any(t.quantity and t.price is None for t in statement.reading.tiers)
    return weighed or direct_amount(statement) is not None or _orders(statement)


def _orders(statement: Statement) -> bool:
    return any(a.name in ("request", "order") and a.strength >= 2 for a in statement.acts)


def names_place(statement: Statement) -> Phrase | None:
    """The place of meeting in a line that says little else."""
    if not is_short(statement) or foreign_words(statement) > 1 or _orders(statement):
        return None
    return next((a for a in statement.acts if a.name in ("place", "spot")), None)
