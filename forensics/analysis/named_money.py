"""The currency that a message names, beside no number too: "| what | € |", "in euro, min 2 gram"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from forensics.analysis.cursor import is_number
from forensics.analysis.text import Token
from forensics.analysis.tier import Tier
from forensics.analysis.vocabulary import vocabulary

_NAMED = frozenset(
    {
        "eur",
        "euro",
        "euros",
        "gbp",
        "quid",
        "usd",
        "dollars",
        "aud",
        "pln",
        "zl",
        "zlotych",
        "zloty",
        "zlote",
        "colombianos",
        "lei",
        "tl",
        "lira",
        "mad",
        "dh",
        "chf",
        "euries",
        "mxn",
        "nzd",
        "czk",
        "dkk",
        "بالدرهم",
    }
).union("€$£💶💷")
# Codes that are other words too, so only behind one of the words below: "cad" is each in Italian
_CODES_SAID = frozenset({"cad", "cop", "huf", "nok", "sek"})
_OF_PRICES = frozenset({"$", "all", "en", "in", "prices", "price", "prix"})
_DOLLARS, _SIGNED_AS_DOLLARS = "USD", frozenset({"AUD", "CAD", "COP", "MXN", "NZD"})
# before "in" and a word that means a currency there: "totul in ron", "prices in pounds"
_ALL = frozenset(
    {"all", "alles", "everything", "preturi", "preturile", "price", "prices", "tot", "toate", "totul"}
)
_SAID_IN = {"pounds": "GBP", "ron": "RON"}
_BRACKETED = frozenset({"ron"})  # that are other words outside brackets


def of_one_currency(tiers: list[Tier], named: set[str]) -> list[Tier]:
    """A message that names one currency means it for every price in it (the contract: null where the text has
    none).
    """
    others = named - {_DOLLARS}
    if len(others) == 1 and others <= _SIGNED_AS_DOLLARS:
        named = others  # "10g $350, precios en MXN"
    if len(named) != 1:
        return tiers
    (currency,) = named
    return [replace(t, currency=currency) if t.price is not None or t.bundled else t for t in tiers]


def currencies_apart(line: Sequence[Token]) -> set[str]:
    """The currencies that a line names beside no number."""
    named = (place for place, t in enumerate(line) if t.text in _NAMED or _is_bracketed(line, place))
    found = {vocabulary().currencies[line[place].text] for place in named if _is_apart(line, place)}
    said = (t.text.upper() for p, t in pairwise(line) if t.text in _CODES_SAID and p.text in _OF_PRICES)
    said_in = (
        _SAID_IN[word.text]
        for all_, joint, word in zip(line, line[1:], line[2:], strict=False)
        if word.text in _SAID_IN and joint.text == "in" and all_.text in _ALL
    )
    return found.union(said, said_in)


def _is_bracketed(line: Sequence[Token], place: int) -> bool:
    """Whether such a word stands in brackets by itself: "1-35, 5-150 (ron)"."""
    around = line[place - 1 : place + 2] if place else []
    return line[place].text in _BRACKETED and [t.text for t in around[::2]] == ["(", ")"]


def _is_apart(line: Sequence[Token], place: int) -> bool:
    """Whether a word or sign for money stands beside no number and is no letter: "K0k$", "k €"."""
    before, sign = line[place - 1] if place else None, line[place]
    behind = line[place + 1] if place + 1 < len(line) else None
    spelled = before is not None and before.text in vocabulary().numbers
    if is_number(before) or is_number(behind) or spelled:
        return False
    letter = (
        before is not None
        and before.kind == "w"
        and (sign.glued or (len(before.text) == 1 and sign.kind == "s"))
    )
    return not (letter or (sign.kind == "s" and behind is not None and behind.kind == "w" and behind.glued))
