"""How many of the messages of trade that are written so as to be missed are found, by kind of disguise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from forensics.analysis.validation import wilson
from forensics.words import WORDS, Words
from reports.blocks import Row, Table, fixed_table
from reports.reader import Record

# The validation sets have several writers, who named the same disguise in their own way.
_BEFORE = ("menu-obf-", "obf-", "obfuscated-")
_NAMES = {
    "confusable": "look-alike",
    "cyrillic": "look-alike",
    "homoglyph": "look-alike",
    "lookalike": "look-alike",
    "dots": "separated",
    "dotted": "separated",
    "separation": "separated",
    "spaced": "separated",
    "spaces": "separated",
    "emoji-mixed": "emoji",
    "lettero": "leet",
    "misspelled": "typo",
    "softhyphen": "zero-width",
    "unicodefont": "math",
    "diacritics": "accents",
    "stars": "separated",
    "menu_obfuscated": "several",
    "obfuscated": "several",
    "obfusque": "several",
    "menu-obf": "several",
    "menu-obfuscated": "several",
    "mixed": "several",
    "repeat": "repeated",
    "stretched": "repeated",
    "repetition": "repeated",
    "reverse": "reversed",
    "reversal": "reversed",
    "zw": "zero-width",
    "zerowidth": "zero-width",
}


def told(rate: Record) -> Row:
    """A rate as cells: count of how many, share, interval."""
    low, high = rate["interval"]
    # not from the rate, which is rounded already: 5 of 84 are 0.060, and 0.0595 would give 0.059
    share = f"{rate['count'] / rate['of']:.3f}"
    return f"{rate['count']} / {rate['of']}", share, f"{low:.3f} - {high:.3f}"


def total(rates: Mapping[str, Record]) -> Row | None:
    """The same of all kinds in one set; None where the set has none."""
    return _together(rates.values())


def obfuscation(words: Words, validation: Record) -> Table:
    """The kinds of disguise, each over all sets that have it."""
    found: dict[str, list[Record]] = {}
    for rates in _sets(validation):
        for category, rate in rates.items():
            found.setdefault(_kind(category), []).append(rate)
    cells = {kind: _together(rates) for kind, rates in found.items()}
    rows = sorted((_named(words, kind), *row) for kind, row in cells.items() if row)
    columns = tuple(words(f"C12.{name}") for name in ("kind", "of", "rate", "interval"))
    return fixed_table("C12.obfuscated", words("C12.obfuscated"), columns, rows, printed=2)


def _sets(validation: Record) -> Iterator[Mapping[str, Any]]:
    """The figures of the first set stand outside those of the others."""
    for each in (validation, *validation.values()):
        if isinstance(each, Mapping) and isinstance(each.get("obfuscated"), Mapping):
            yield each["obfuscated"]


def _kind(category: str) -> str:
    for before in _BEFORE:
        category = category.removeprefix(before)
    return _NAMES.get(category, category)


def _named(words: Words, kind: str) -> str:
    key = f"obfuscation.{kind}"
    return words(key) if key in WORDS else kind


def _together(rates: Iterable[Record]) -> Row | None:
    held = list(rates)
    count, of = sum(each["count"] for each in held), sum(each["of"] for each in held)
    if not of:
        return None
    return told({"count": count, "of": of, "rate": count / of, "interval": wilson(count, of)})
