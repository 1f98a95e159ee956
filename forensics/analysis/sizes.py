"""A line of sizes over rows of goods with as many prices: "halve hele vijf", "los x5 x10"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.atoms import Atom
from forensics.analysis.columns import is_row_below
from forensics.analysis.cursor import is_number
from forensics.analysis.each import LOOSE
from forensics.analysis.text import Token, number
from forensics.analysis.tier import PACKED, Tier
from forensics.analysis.vocabulary import vocabulary

_FEWEST, _LONGEST = 2, 24  # sizes of a line; its tokens
_ONE = LOOSE | {"einzeln", "sfuso", "solto", "solta"}
_LARGE = PACKED | {"kg"}
_HEAD, _OF_HEAD = 6, frozenset({"'", "s", ":", "(", ")", "-"})  # tokens of a heading; its signs
_MANY, _PRESSED = 10, frozenset({"presses", "pressed", "teile"})  # tablets, for which prices hold
_SIGNS = frozenset("/|-()x:,+")
_HELD, _HEADED = frozenset({"box", "pack", "piece", "strip"}), 2
_STRENGTH = frozenset({"mg", "mcg", "ug"})
PRICES = frozenset({
    "cena", "ceny", "pret", "preturi", "precio", "precios", "preco", "precos", "preis", "preise", "prezzi",
    "prezzo", "price", "prices", "prijs", "prijzen", "prix", "tarif", "tarifs",
})  # fmt: skip


def are_sizes_alone(line: Sequence[Token]) -> bool:
    """Whether a line of several words and numbers may be one of sizes, and says nothing else."""
    return _FEWEST <= len(line) <= _LONGEST and all(map(_is_of_sizes, line))


def sizes_over(line: Sequence[Token], below: Sequence[Token]) -> list[Atom]:
    """The sizes that such a line names, where the next is a row with as many prices; else none.
    Numbers alone tell it in words only: of shares, of one, of prices, or with "x".
    """
    sizes = [(token, size) for token in line if (size := _size(token)) is not None]
    told = any(not is_number(token) for token, _ in sizes) or any(
        t.text == "x" or t.text in PRICES for t in line
    )
    rising = all(a < b for (_, a), (_, b) in pairwise(sizes))
    if len(sizes) < _FEWEST or not (told and rising and is_row_below(below, len(sizes))):
        return []
    prices = [number(t.text) or 0.0 for t in below if is_number(t)]
    dearer = all(a < b for a, b in pairwise(prices)) and all(
        price > size for price, (_, size) in zip(prices, sizes, strict=True)
    )
    units = {vocabulary().units[t.text] for t in line if t.text in vocabulary().units}
    unit = units.pop() if len(units) == 1 else None
    return [Atom("Q", t.start, t.end, size, unit) for t, size in sizes] if dearer else []


def names_packs(line: Sequence[Token]) -> bool:
    """Whether a line ends in the words for several packs, as one over the columns of their prices does."""
    units = vocabulary().units
    return len(line) >= _FEWEST and all(units.get(t.text) in _HELD for t in line[-_FEWEST:])


def packs_over(line: Sequence[Token], below: Sequence[Token]) -> list[Atom]:
    """The packs that a line names behind at most a word or two, where as many prices stand in the next:
    "Middel strip doos" over "Diazepam 10mg €12 €30"; else none.
    """
    units = vocabulary().units
    packs = [t for t in line if units.get(t.text) in _HELD]
    rest = line[: len(line) - len(packs)]
    apart = len({units[t.text] for t in packs}) == len(packs) >= _FEWEST
    if not apart or list(line[len(rest) :]) != packs or len(rest) > _HEADED:
        return []
    if not all(t.kind == "w" and t.text.isalpha() for t in rest) or _prices_in(below) != len(packs):
        return []
    return [Atom("Q", t.start, t.end, 1.0, units[t.text]) for t in packs]


def _prices_in(line: Sequence[Token]) -> int:
    """How many numbers behind the first word are no strengths."""
    behind = [*(t.text for t in line[2:]), ""]
    return sum(is_number(t) and text not in _STRENGTH for t, text in zip(line[1:], behind, strict=False))


def unit_of_prices(line: Sequence[Token]) -> str | None:
    """The unit that a line without a price names as that of all: "price list per kg", "tramadol (strip of
    10)".
    """
    words = vocabulary()
    opens = next((place for place, t in enumerate(line) if t.text == "("), len(line))
    if any(t.kind == "n" for t in line[:opens]) or any(t.text in words.currencies for t in line[opens:]):
        return None
    numbers = any(t.kind == "n" for t in line)
    units = (words.units.get(t.text) for p, t in pairwise(line) if p.text in words.per)
    inside = (words.units.get(t.text) for t in line[opens + 1 : opens + 2])
    held = (unit for unit in inside if unit in PACKED and line[-1].text in "):" and numbers)
    named = next((unit for unit in units if unit in _LARGE), None) or _unit_of_prices_said(line)
    return named if named in PACKED or not numbers else next(held, None)


def _unit_of_prices_said(line: Sequence[Token]) -> str | None:
    """The unit that a line of nothing but a word for prices and it names: "Precios kg"."""
    said = [t.text for t in line if t.kind == "w"]
    unit = vocabulary().units.get(said[-1]) if len(said) > 1 else None
    return unit if unit in _LARGE and all(word in PRICES for word in said[:-1]) else None


def size_of_prices(line: Sequence[Token]) -> Tier | None:
    """The weight for which all prices below hold, where a line names it and nothing but words for prices:
    "prijs per 100 gram", "OZ PRICES", "oz's:".
    """
    if not 1 < len(line) <= _HEAD:
        return None
    if pieces := _pieces_of_prices(line):
        return pieces
    words, numbers = vocabulary(), [number(t.text) for t in line if is_number(t)]
    measures = [
        t for t in line if words.units.get(t.text) == "g" or words.fixed.get(t.text, (0, ""))[1] == "g"
    ]
    rest = [t.text for t in line if not is_number(t) and t not in measures]
    priced = any(text in PRICES for text in rest)
    headed = rest[-1:] == [":"] and measures[:1] == [line[0]] and not numbers
    known = all(text in PRICES or text in words.per or text in _OF_HEAD for text in rest)
    if len(measures) != 1 or len(numbers) > 1 or not known or not (priced or headed):
        return None
    weight, fixed = (numbers or [1.0])[0] or 1.0, words.fixed.get(measures[0].text)
    if fixed is None and not numbers:
        return None  # "prijs per gram"
    return _of_weight(weight * (fixed[0] if fixed else 1.0), measures[0])


def _pieces_of_prices(line: Sequence[Token]) -> Tier | None:
    """So many pieces for which all prices below hold: "prices per 1000 pressed", "prijs per 100 stuks"."""
    words, texts = vocabulary(), [t.text for t in line if t.text != ":"]
    if len(texts) < 3 or texts[0] not in PRICES or texts[1] not in words.per or not is_number(line[2]):
        return None
    many, said = number(texts[2]) or 0.0, texts[3:]
    pieces = not said or words.units.get(said[0]) == "piece" or said[0] in _PRESSED
    return _of_weight(many, line[2], "piece") if many >= _MANY and pieces and len(said) <= 1 else None


def _of_weight(weight: float, at: Token, unit: str = "g") -> Tier:
    return Tier(
        term=None,
        name="",
        quantity=weight,
        unit=unit,
        price=None,
        currency=None,
        start=at.start,
        end=at.end,
        line=0,
    )


def _size(token: Token) -> float | None:
    """The size that a token names: a number, a share, one, a word for a number; of articles one that is a
    word: "meio / um / cinco".
    """
    words = vocabulary()
    if is_number(token):
        return number(token.text)
    if token.text in _ONE:
        return 1.0
    known = token.text in words.numbers and (token.text not in words.articles or len(token.text) > 1)
    return words.shares.get(token.text, words.numbers[token.text] if known else None)


def _is_of_sizes(token: Token) -> bool:
    words = vocabulary()
    beside = token.text in words.per or token.text in words.equals or token.text in words.currencies
    named = (
        token.text in PRICES or token.text in _SIGNS or words.units.get(token.text) in ("g", "kg", "piece")
    )
    return beside or named or _size(token) is not None
