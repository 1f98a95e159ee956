"""The words that count, measure and price: read once from ``data/amounts.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from forensics.analysis.data_files import data_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Words in folded form."""

    units: Mapping[str, str]
    fixed: Mapping[str, tuple[float, str]]
    phrases: Mapping[tuple[str, ...], tuple[float, str]]
    phrase_starts: frozenset[str]
    shares: Mapping[str, float]
    strengths: Mapping[str, frozenset[float]]  # of tablets, by substance
    doses: Mapping[str, frozenset[float]]  # that are so only where the price says it
    per_alone: Mapping[str, str]
    single: frozenset[str]  # units of one: behind a larger number, which is what each costs
    currencies: Mapping[str, str]
    money: Mapping[str, float]
    numbers: Mapping[str, float]
    company: Mapping[str, str]  # ordinary words, and the substance that each is beside a drug
    articles: frozenset[str]
    equals: frozenset[str]
    per: frozenset[str]
    fees: frozenset[str]
    no_amount: frozenset[str]
    months: frozenset[str]
    months_of_spans: frozenset[str]  # words for months that mean something else too: "24 - 26 mar"
    street_endings: tuple[str, ...]
    glued: frozenset[str]
    numbered: frozenset[str]  # before a number that says which one: "sector 3"
    times: frozenset[str]  # before an hour
    free: frozenset[str]  # beside goods that come with others
    taken: frozenset[str]
    paid: frozenset[str]
    reviews: frozenset[str]  # beside a mark that buyers gave
    least: frozenset[str]  # before the smallest amount sold
    former: frozenset[str]  # before a price that no longer holds
    present: frozenset[str]  # and before the one that does
    of_so_many: frozenset[str]
    between: frozenset[str]
    fillers: frozenset[str]
    counting: frozenset[str]  # words that make a line one of amounts or prices, whatever else it holds
    spelled: frozenset[str]  # words for numbers, which do so beside one of these:
    countable: frozenset[str]
    measures: frozenset[str]  # words for numbers and measures, which do so on a line with a product
    marks: frozenset[str]  # all words that mean something on such a line
    of_amounts: frozenset[str]  # words that count, measure, price, or stand between such words

    def counts(self, word: str) -> bool:
        """Whether the word is a unit."""
        return word in self.units or word in self.fixed

    def amount(self, word: str) -> tuple[float, str]:
        """What one of a unit is: (100, g) for ons."""
        return self.fixed.get(word) or (1.0, self.units[word])

    def milligrams(self, substance: str) -> frozenset[float]:
        """The strengths in which tablets of a substance are sold, also those that may be a number of them."""
        return self.doses.get(substance, frozenset()) | self.strengths.get(substance, frozenset())

    def is_amount_word(self, word: str) -> bool:
        """Whether the word counts, measures, prices, or stands between such words."""
        return word in self.of_amounts or word[:1].isdigit()


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary of the package."""
    data = tomllib.loads(data_bytes("amounts.toml").decode("utf-8"))
    names = (
        "articles",
        "equals",
        "per",
        "fees",
        "no_amount",
        "months",
        "months_of_spans",
        "glued",
        "of_so_many",
        "numbered",
        "times",
        "least",
        "former",
        "present",
        "free",
        "taken",
        "paid",
        "reviews",
        "between",
        "fillers",
    )
    sets = {name: frozenset[str](data[name].split()) for name in names}
    sets["no_amount"] |= sets["months"]
    window = tomllib.loads(data_bytes("rules.toml").decode("utf-8"))["window"]
    units, currencies, written = (_inverted(data[name]) for name in ("units", "currencies", "numbers"))
    numbers = _compounds() | _italian() | {word: float(value) for word, value in written.items()}
    phrases = [phrase.split(" ") for phrase in data["phrases"]]
    starts = frozenset(phrase[0] for phrase in phrases)
    seconds = {phrase[1] for phrase in phrases if len(phrase) > 1}
    spelled, money = numbers.keys() | data["shares"].keys(), data["money"].keys()
    counted = units.keys() | data["fixed"].keys()
    measures = counted | data["per_alone"].keys() | spelled
    return Vocabulary(
        units=units,
        fixed={word: (float(value), unit) for word, (value, unit) in data["fixed"].items()},
        phrases={tuple(k.split(" ")): (float(value), unit) for k, (value, unit) in data["phrases"].items()},
        phrase_starts=starts,
        shares=data["shares"],
        street_endings=tuple(window["street_endings"]),
        strengths={name: frozenset(map(float, values)) for name, values in data["strengths"].items()},
        doses={name: frozenset(map(float, values)) for name, values in data["doses"].items()},
        per_alone=data["per_alone"],
        single=frozenset(data["single"]["words"].split()),
        currencies=currencies,
        money={word: float(value) for word, value in data["money"].items()},
        numbers=numbers,
        company=_inverted(data["company"]),
        counting=money | (starts - spelled),
        spelled=frozenset(spelled),
        countable=counted | money | currencies.keys() | sets["equals"] | seconds,
        measures=frozenset(measures),
        marks=measures | money | starts | currencies.keys() | sets["fees"] | sets["equals"] | _JOINING,
        of_amounts=counted | money | currencies.keys() | numbers.keys() | sets["between"] | sets["equals"],
        **sets,
    )


_JOINING = frozenset(
    {"b", "bin", "k", "on", "x", "la", "en", "cu", "'"}
)  # between goods and their price where numbers say so: "70€x1g"
_DUTCH = (
    ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"),
    ("tien", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig"),
    ("en", "honderd"),
)
_GERMAN = (
    ("ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun"),
    ("zehn", "zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig"),
    ("und", "hundert"),
)


def _compounds() -> dict[str, float]:
    """The numbers to 999 that are written as one word in Dutch and German, in folded form."""
    found: dict[str, float] = {}
    for ones, tens, (joint, hundred) in (_DUTCH, _GERMAN):
        small = {word: 10.0 * (place + 1) for place, word in enumerate(tens)}
        small |= {
            f"{one}{joint}{ten}": 10.0 * (t + 1) + o + 1
            for o, one in enumerate(ones)
            for t, ten in enumerate(tens)
            if t
        }
        found |= small | {hundred: 100.0}
        for place, one in enumerate(("", *ones)):
            base = 100.0 * max(place, 1)
            found[f"{one}{hundred}"] = base
            found |= {f"{one}{hundred}{word}": base + value for word, value in small.items()}
    return found


_ITALIAN_ONES = ("uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")
_ITALIAN_TENS = (
    "dieci",
    "venti",
    "trenta",
    "quaranta",
    "cinquanta",
    "sessanta",
    "settanta",
    "ottanta",
    "novanta",
)


def _italian() -> dict[str, float]:
    """The round numbers to 990 that Italian writes as one word: "centonovanta", "duecentocinquanta"."""
    tens = {word: 10.0 * (place + 1) for place, word in enumerate(_ITALIAN_TENS)}
    hundreds = {"cento": 100.0} | {
        f"{one}cento": 100.0 * n for n, one in enumerate(_ITALIAN_ONES, 1) if n > 1
    }
    return hundreds | {
        f"{many.removesuffix('o') if ten.startswith('o') else many}{ten}": a + b
        for many, a in hundreds.items()
        for ten, b in tens.items()
    }


def _inverted(listed: Mapping[str, str]) -> dict[str, str]:
    return {word: value for value, words in listed.items() for word in words.split()}
