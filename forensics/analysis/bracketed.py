"""What stands in brackets or behind a times sign: how many tablets of that strength ("Ritalin 10 (30) - 35",
"Klonopin 2 x 60 - 90 usd"), the amount for the price before ("polm 25 (5)"), or the next amount with its
price ("coke 50 (2 gram 90)").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.vocabulary import vocabulary

_STRONGEST, _FEWEST, _MOST = 900, 10, 500  # milligrams of a tablet; how many are sold so
_FEW, _DEARER = 10, 3  # grams in brackets; times so many is less than their price
_MEASURED = frozenset({"g", "ml", "piece"})
_TO_PRICE = frozenset("-=:")


def with_bracketed(atoms: list[Atom], unit_of: Callable[[Term | None], str | None]) -> list[Atom]:
    """The atoms with strengths of counted tablets as such, an amount in brackets before its price, and
    brackets about a next tier as a comma.
    """
    if not any(a.text == "(" or a.kind == "T" for a in atoms):
        return atoms
    found = list(atoms)
    for place, atom in enumerate(atoms):
        if atom.kind != "P" or atom.term is None or atom.unit == "also":
            continue
        behind = atoms[place + 1 : place + 8]
        if _is_medicine(atom):
            at = _count_behind(behind)
            if at:
                found[place + 1] = behind[0]._replace(kind="S", unit="mg")
                found[place + 1 + at] = behind[at]._replace(kind="Q", unit="piece")
        if _is_tier_behind(behind):
            found[place + 2] = behind[1]._replace(text=",")
        elif at := _amount_behind(behind, unit_of(atom.term)):
            amount, price = behind[at + 1], behind[at - 1]
            found[place + at : place + at + 4] = [
                amount._replace(kind="Q"),
                price,
                behind[at],
                behind[at + 2],
            ]
            if at > 1 and behind[at - 2].kind == "U":
                found[place + at - 1] = behind[at]  # "coke bags 100 (1.0)"
    return found


def _amount_behind(behind: Sequence[Atom], unit: str | None) -> int:
    """Where brackets open that hold the amount for the price before them: "polm 25 (5)", "ghb - 20 (100 ml)";
    0 where none do. A number of tablets alone may be their strength.
    """
    at = next((place for place, a in enumerate(behind) if a.kind in "NM"), 0) + 1
    kinds, inside = "".join(a.kind for a in behind[: at - 1]), behind[at : at + 3]
    if len(inside) < 3 or (inside[0].text, inside[2].text) != ("(", ")") or behind[at - 1].kind not in "NM":
        return 0
    if kinds.strip("OE") not in ("", "U") or any(a.kind in "NM" for a in behind[at + 3 : at + 4]):
        return 0
    price, amount = behind[at - 1].value, inside[1]
    few = amount.kind == "N" and unit == "g" and 0 < amount.value <= _FEW
    measured = amount.kind == "Q" and amount.unit in _MEASURED
    if few or measured:
        return at if price > amount.value * (_DEARER if few else 0) else 0
    return 0


def _is_medicine(atom: Atom) -> bool:
    """Whether the product is sold in tablets of several strengths."""
    words = vocabulary()
    name = atom.term.entry.targets[0] if atom.term else ""
    return name in words.doses or name in words.strengths


def _count_behind(behind: Sequence[Atom]) -> int:
    """Where, behind the strength that the atoms begin with, they say how many tablets have the price that
    follows; 0 where they say nothing such.
    """
    kinds = "".join(a.kind for a in behind)
    at = 2 if kinds.startswith("NONO") and (behind[1].text, behind[3].text) == ("(", ")") else 0
    at = 2 if kinds.startswith("NTN") else at
    if not at or behind[0].value > _STRONGEST or not _FEWEST <= behind[at].value <= _MOST:
        return 0
    rest = behind[at + 1 + (kinds[:2] == "NO") :]
    signed = bool(rest) and (rest[0].kind == "E" or rest[0].text in _TO_PRICE)
    price, after = rest[signed : signed + 1], rest[signed + 1 : signed + 2]
    priced = bool(price) and price[0].kind in "NM" and (signed or price[0].kind == "M" or kinds[1] == "O")
    return at if priced and not any(a.kind in "TE" for a in after) else 0


def _is_tier_behind(behind: Sequence[Atom]) -> bool:
    """Whether a price is followed by brackets with a larger amount and its larger price in them."""
    if "".join(a.kind for a in behind[:1]) not in ("N", "M") or len(behind) < 5 or behind[1].text != "(":
        return False
    amount, price = behind[2], behind[3]
    counted = (amount.kind, price.kind in "NM", behind[4].text) == ("Q", True, ")")
    return counted and amount.value > 1 and behind[0].value < price.value < amount.value * behind[0].value * 2
