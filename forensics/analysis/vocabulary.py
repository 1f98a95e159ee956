"""The words that count, measure and price: read once from ``data/amounts.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from forensics.analysis.lexicon import data_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words in folded form."""

    units: Mapping[str, str]
    fixed: Mapping[str, tuple[float, str]]
    phrases: Mapping[tuple[str, ...], tuple[float, str]]
    phrase_starts: frozenset[str]
    shares: Mapping[str, float]
    per_alone: Mapping[str, str]
    currencies: Mapping[str, str]
    money: Mapping[str, float]
    numbers: Mapping[str, float]
    articles: frozenset[str]
    equals: frozenset[str]
    per: frozenset[str]
    fees: frozenset[str]
    no_amount: frozenset[str]
    glued: frozenset[str]
    between: frozenset[str]
    fillers: frozenset[str]

    def counts(self, word: str) -> bool:
        """Whether the word is a unit."""
        return word in self.units or word in self.fixed

    def amount(self, word: str) -> tuple[float, str]:
        """What one of a unit is: (100, g) for ons."""
        return self.fixed.get(word) or (1.0, self.units[word])

    def is_amount_word(self, word: str) -> bool:
        """Whether the word counts, measures, prices, or stands between such words."""
        known = self.counts(word) or word in self.currencies or word in self.money or word in self.numbers
        return known or word in self.between or word in self.equals or word[0].isdigit()


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of the package."""
    data = tomllib.loads(data_bytes("amounts.toml").decode("utf-8"))
    sets = ("articles", "equals", "per", "fees", "no_amount", "glued", "between", "fillers")
    return Vocabulary(
        units=_inverted(data["units"]),
        fixed={word: (float(value), unit) for word, (value, unit) in data["fixed"].items()},
        phrases={tuple(k.split(" ")): (float(value), unit) for k, (value, unit) in data["phrases"].items()},
        phrase_starts=frozenset(phrase.split(" ")[0] for phrase in data["phrases"]),
        shares=data["shares"],
        per_alone=data["per_alone"],
        currencies=_inverted(data["currencies"]),
        money={word: float(value) for word, value in data["money"].items()},
        numbers={word: float(value) for word, value in _inverted(data["numbers"]).items()},
        **{name: frozenset(data[name].split()) for name in sets},
    )


def _inverted(listed: Mapping[str, str]) -> dict[str, str]:
    return {word: value for value, words in listed.items() for word in words.split()}
