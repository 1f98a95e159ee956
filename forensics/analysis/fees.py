"""Sums and amounts on a line of goods that are no price or amount of any: fees, the least that is sold, what
comes on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from forensics.analysis.atoms import HOLDING, Atom
from forensics.analysis.tier import GAS
from forensics.analysis.vocabulary import vocabulary

_INSTEAD = frozenset({"ipv", "statt", "anstatt", "zamiast"})
_FORMER = _INSTEAD.union(
    (
        "normaal",
        "normally",
        "normalerweise",
        "was",
        "eerst",
        "vroeger",
        "eerder",
        "vorher",
        "fruher",
        "avant",
    ),
    ("antes", "prima", "before", "inainte", "wczesniej"),
)
_INCLUDED = frozenset(
    {"compresa", "compreso", "dahil", "incluida", "incluido", "inclus", "incluse", "inclusa"}
)
_PLACES = frozenset({"instead", "invece", "lieu", "lugar", "plaats", "posto", "vez"})
_AT = frozenset({"aan", "dann", "maar", "nur", "only", "slechts"})  # before what one costs from there on
_WITH = "bij"  # so many
_FROM = "des"  # a sum on, in French; also an article
_WORD = 2  # atoms from before such a word to the sum
_OFF = frozenset({"korting", "off", "rabais", "rabatt", "reducere", "remise", "sconto"})
_UPWARDS = frozenset({"ustu", "uzeri"})  # so much and more, in Turkish
_EXTRA = _OFF | _UPWARDS | {"added", "erbij", "extra"}
# before an amount from where on, or up to where, something else holds: "onder de 5 geen transport"
_LIMITS = frozenset({
    "above", "boven", "moins", "oltre", "onder", "peste", "ponizej", "powyzej", "sopra", "sotto", "uber",
    "under", "unter",
})  # fmt: skip
_ABOVE = frozenset(
    {"above", "acima", "boven", "oltre", "over", "peste", "powyzej", "sopra", "uber"}
)  # a sum that is spent
_ARTICLES = frozenset({"de", "i", "the", "los", "gli"})
_OFFER = 4  # atoms that say from how many on something is taken off: "10+ any ="
_ENDS = frozenset(",;.!")
_OR = frozenset({"of", "or", "ou", "oder", "o", "sau", "lub"})  # between the least amount and the least sum
_COST = frozenset({"kosten"})  # a noun and a verb, in Dutch and German
_BACK = 8  # atoms looked back from a smallest sum to what it is of


def without_fees(atoms: list[Atom]) -> list[Atom]:
    """The atoms without all of those."""
    sold = _without_sums(_with_verbs(atoms))
    return _without_former(_without_extra(_without_limits(_without_from(_without_least(sold)))))


def _with_verbs(atoms: list[Atom]) -> list[Atom]:
    """The atoms with a word for costs between goods and a sum as the verb: "toosies kosten vijf euro"."""
    if sum(a.kind == "F" for a in atoms) != 1:
        return atoms  # none, or "bezorging keta kosten 10"
    around = zip([None, *atoms], atoms, [*atoms[1:], None], strict=False)
    return [
        atom._replace(kind="E") if _is_verb(*each) else atom for atom, each in zip(atoms, around, strict=True)
    ]


def _is_verb(before: Atom | None, atom: Atom, behind: Atom | None) -> bool:
    if atom.kind != "F" or atom.text not in _COST or before is None or behind is None:
        return False
    return before.kind in "PQU" and behind.kind in "NM"


def _without_former(atoms: list[Atom]) -> list[Atom]:
    """Without a price that no longer holds: "125 euro ipv 140", "75 (normaal 90)"."""
    return [atom for place, atom in enumerate(atoms) if not (atom.kind in "NM" and _is_former(atoms, place))]


def _is_former(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the words before a sum say that it no longer holds."""
    if place > _WORD and atoms[place - 1].text in HOLDING and atoms[place - _WORD].text in _PLACES:
        return any(a.kind in "NM" for a in atoms[place - _WORD - 2 : place - _WORD])  # "60€ au lieu de 80€"
    if _is_of_two(atoms, place):
        return True
    if place < _WORD or atoms[place - 1].text not in _FORMER:
        return False
    before = atoms[place - _WORD]
    return before.text == "(" or (before.kind in "NM" and atoms[place - 1].text in _INSTEAD)


def _is_of_two(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the sum is the first of two of an amount, and the lower one holds: "10g de 80€ por 65€"."""
    around = atoms[place - _WORD : place + 3] if place >= _WORD else []
    kinds = "".join(a.kind for a in around)
    lower = kinds == "QWMEM" and around[1].text in HOLDING and around[2].value > around[4].value
    return lower and around[3].text.isalpha()


def _without_sums(atoms: list[Atom]) -> list[Atom]:
    """Without the amounts that belong to a delivery fee, a deposit or a smallest order."""
    if not any(a.kind == "F" for a in atoms):
        return atoms
    last = max((place for place, a in enumerate(atoms) if a.kind in "QNM"), default=0)
    kept: list[Atom] = []
    after_fee = worded = False  # behind a word for a fee; nothing but words stand behind it
    for place, atom in enumerate(atoms):
        if atom.kind == "F" and any(a.text in _INCLUDED for a in atoms[place + 1 : place + 2]):
            continue  # "kurye dahil"
        if atom.kind == "F":
            if not after_fee and (place > last or _ends_clause(atoms, place, kept)):
                _drop_fee_before(kept)
            after_fee = worded = True
            kept.append(atom)
            continue
        if after_fee and _is_least_of_goods(atoms, place):
            continue
        stops = atom.text in (".", "!") and place > 0 and atoms[place - 1].kind != "F"
        if atom.kind == "B" or stops or (atom.kind == "P" and not (worded and _is_gas(atom))):
            after_fee = False
        worded = worded and atom.kind == "W"
        if not (after_fee and atom.kind in "QNMSUR"):
            kept.append(atom)
    return kept


def _is_least_of_goods(atoms: Sequence[Atom], place: int) -> bool:
    """Whether goods stand between the least amount and the least sum: "minimum 1g coke of 50 euro"."""
    around = "".join(a.kind for a in atoms[max(place - 1, 0) : place + 3])
    return around in ("QPWM", "NPWM", "QPWN") and atoms[place + 1].text in _OR


def _ends_clause(atoms: Sequence[Atom], place: int, kept: Sequence[Atom]) -> bool:
    """Whether a word for a fee ends what names a place and a sum: "Schiedam 5 euro bezorg, verder 10"."""
    ends = place + 1 == len(atoms) or atoms[place + 1].kind in "OB"
    if any(a.kind in "PQUN" for a in takewhile(lambda a: a.kind not in "OB", reversed(kept[-_BACK:]))):
        return False
    return ends and [a.kind for a in kept[-2:]] == ["W", "M"] and kept[-2].text.isalpha()


def _is_gas(atom: Atom) -> bool:
    """Whether the product is gas, for the tank of which a deposit is asked: "borg tank 25"."""
    return atom.term is not None and atom.term.entry.targets[0] == GAS


def _without_least(atoms: list[Atom]) -> list[Atom]:
    """Without an amount that is only the smallest one sold: "vanaf 5g" without a price; nor the sum from
    which something else holds: "Raum Kleve, ab 50€ gratis".
    """
    least = vocabulary().least
    if not any(a.text in least or a.text == _FROM for a in atoms):
        return atoms
    kept: list[Atom] = []
    for place, atom in enumerate(atoms):
        if not (kept and _is_least(atom, kept[-_BACK:], atoms[place + 1 : place + 1 + _BACK])):
            kept.append(atom)
    return kept


def _is_least(atom: Atom, before: Sequence[Atom], rest: Sequence[Atom]) -> bool:
    """Whether the word before an amount or a sum says that no less is sold, or that something else holds from
    there on.
    """
    behind = rest[:_WORD]
    if before[-1].text == _FROM:
        return atom.kind == "M" and _is_said(before[:-1])  # "dès 100€ d'achat"
    if before[-1].text in HOLDING and len(before) > 1 and not any(a.kind in "NM" for a in rest):
        before = before[:-1]  # "a partir de 20g te hago precio"
    behind = behind[1:] if [a.kind for a in behind[1:]] in (["N"], ["M"]) and _is_at(behind[0]) else behind
    if before[-1].text not in vocabulary().least or (behind and behind[0].kind in "NMERT"):
        return False
    behind = behind[:1]
    if atom.kind == "N":
        numbers = [a.kind for a in before if a.kind in "NMRP"]
        bracketed = [a.text for a in (*before[-_WORD:-1], *behind)] == ["(", ")"]
        ends = not behind or behind[0].text in _ENDS
        return bracketed or not numbers or numbers[-1] == "R" or (ends and numbers[-2:] == ["R", "M"])
    return atom.kind == "Q" or (atom.kind == "M" and _is_said(before[:-1]))


def _is_at(word: Atom) -> bool:
    """Whether a price of one may follow the word: "vanaf 10 aan 4", "ab 10 nur 6"."""
    return word.kind == "W" and word.text in _AT


def _without_from(atoms: list[Atom]) -> list[Atom]:
    """Without the number from which on the price of one holds: "40 per g bij 10, los 50"."""
    kept: list[Atom] = []
    for place, atom in enumerate(atoms):
        behind = atoms[place + 1].kind if place + 1 < len(atoms) else "O"
        said = [a.kind for a in kept[-2:]] == ["R", "W"] and kept[-1].text == _WITH
        if not (said and atom.kind in "NQ" and behind in "OB"):
            kept.append(atom)
    return kept


def _without_limits(atoms: list[Atom]) -> list[Atom]:
    """Without an amount that is only a limit and has no price behind it: "pas moins de 3 grammes"."""
    if not any(a.text in _LIMITS or a.text in _ABOVE for a in atoms):
        return atoms
    kept: list[Atom] = []
    for place, atom in enumerate(atoms):
        behind = atoms[place + 1].kind if place + 1 < len(atoms) else ""
        if behind in tuple("NMERT") or not (_is_limit(atom, kept[-2:]) or _is_spent(atom, kept[-_BACK:])):
            kept.append(atom)
    return kept


def _is_limit(atom: Atom, before: Sequence[Atom]) -> bool:
    """Whether words before say so of an amount, or of a number or sum with an article: "onder de 5"."""
    article = bool(before) and before[-1].text in _ARTICLES
    words = before[:-1] if article else before[-1:]
    limited = any(a.text in _LIMITS for a in words)
    return limited and (atom.kind == "Q" or (atom.kind in "NM" and article))


def _is_spent(atom: Atom, before: Sequence[Atom]) -> bool:
    """Whether so much has to be spent for something that is free: "cracker free over £50"."""
    before = before[:-1] if before and before[-1].text in HOLDING else before  # "acima de R$300"
    above = bool(before) and before[-1].text in _ABOVE and atom.kind in "NM"
    return above and any(a.text in vocabulary().free for a in before)


def _without_extra(atoms: list[Atom]) -> list[Atom]:
    """Without a sum that comes on top or off: "2 euro extra"; nor what is bought for that: "10+ any = $1 off
    each".
    """
    kept: list[Atom] = []
    off = False  # the price that follows is no price, but what is taken off one
    for atom, behind in zip(atoms, [*atoms[1:], None], strict=False):
        if _is_extra(atom, behind):
            off = behind is not None and behind.text in _OFF
            if off and [a.kind for a in kept[-_OFFER:] if a.kind != "W"] == ["N", "C", "E"]:
                del kept[-_OFFER:]
        elif not (off and atom.kind == "R"):
            off = off and atom.text in _OFF
            kept.append(atom)
    return kept


def _is_extra(atom: Atom, behind: Atom | None) -> bool:
    above = atom.kind == "Q" and behind is not None and behind.text in _UPWARDS
    return above or (atom.kind == "M" and behind is not None and behind.text in _EXTRA)


def _is_said(before: Sequence[Atom]) -> bool:
    """Whether words and no goods stand right before."""
    last = next((a for a in reversed(before) if a.kind != "O"), None)
    return last is None or (last.kind == "W" and last.text.isalpha())


def _drop_fee_before(kept: list[Atom]) -> None:
    """Takes away the sum right before a fee word ("5 euro bezorgkosten") when it is no price of an amount."""
    if not kept or kept[-1].kind not in "NM":
        return
    before = kept[-2].kind if len(kept) > 1 else ""
    if before not in ("Q", "T", "P", "S", "U", "E"):
        kept.pop()
