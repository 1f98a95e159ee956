"""Goods that come with others for nothing: "5+1 voor 20", "buy 5 get 1 free £20", "3 halen 2 betalen"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import Atom
from forensics.analysis.vocabulary import vocabulary

_MOST = 3  # goods that are given with others
_FEWEST = 2  # atoms behind a number that say how many come with it
_MANY = 5  # of an offer that is of one less for the same
_DEAR = 3  # times how many are given the price is more than
_GIVEN = frozenset({"g", "piece"})
_TAKEN, _PRICED = 4, 2  # atoms that say how many are taken and paid; and of a sum for them
_ENDS = frozenset({"!", ".", ",", ")"})
_STOPS = frozenset({"!", ".", ";"})
_NEAR = 8  # atoms to the price


def with_gifts(atoms: list[Atom]) -> list[Atom]:
    """The atoms with what is sold and what comes with it as one number; without both where no price follows
    that is theirs.
    """
    words = vocabulary()
    says = words.free | words.paid
    if not any(a.kind in "CE" or a.text in says for a in atoms):
        return atoms
    found: list[Atom] = []
    place = 0
    while place < len(atoms):
        if bought := _bought(atoms, place):
            found += bought
            place += _TAKEN
            continue
        used = _length(atoms, place) or _offer(atoms, place)
        if used and _is_said_again(atoms, place, used):
            pass
        elif used and not _offer(atoms, place) and _is_priced(atoms[place + used : place + used + _NEAR]):
            whole, last = sum(a.value for a in atoms[place : place + 3]), atoms[place + used - 1]
            sold = atoms[place]._replace(value=whole, end=last.end)
            found.append(sold._replace(kind="Q", unit=last.unit) if last.kind == "U" else sold)
        elif not used and not _is_paid(atoms, place):
            found.append(atoms[place])
        place += used or 1
    return found


def _bought(atoms: Sequence[Atom], place: int) -> list[Atom]:
    """How many are taken, where a sum for them follows how many of them are paid: "5 halen 4 betalen = 60";
    and with the sum itself where that is what is paid: "drie halen honderdtwintig betalen".
    """
    words, said = vocabulary(), atoms[place : place + _TAKEN + _PRICED]
    if [a.kind for a in said[:3:2]] not in (["N", "N"], ["N", "M"], ["X", "N"]) or len(said) < _TAKEN:
        return []
    few, takes, paid, pays = said[:_TAKEN]
    if takes.text not in words.taken or pays.text not in words.paid:
        return []
    if paid.value >= few.value * _DEAR:
        return [few._replace(kind="Q", unit=None), paid]
    priced = [a.kind for a in said[_TAKEN:]] in (["E", "N"], ["E", "M"])
    return [few._replace(kind="Q", unit=None)] if priced and paid.value < few.value else []


def _length(atoms: Sequence[Atom], place: int) -> int:
    """How many atoms from here on say how many are sold and how many come with them; 0 where they do not."""
    words, atom, behind = vocabulary(), atoms[place], atoms[place + 1 : place + 5]
    if atom.kind not in "NQ" or atom.value < 1 or len(behind) < _FEWEST:
        return 0
    joined = behind[0].kind == "C" or behind[0].text in words.taken
    more = _with_more(atom, behind)
    if more:
        return more
    if not joined or behind[1].kind not in "NX" or not 0 < behind[1].value <= min(atom.value, _MOST):
        return 0
    free = len(behind) > _FEWEST and behind[2].text in words.free
    priced = len(behind) > _FEWEST and behind[2].kind in "EM" and behind[0].kind == "C"
    other = behind[0].kind == "C" and behind[1].value == 1 and len(behind) > _FEWEST and behind[2].kind == "W"
    return 3 + free if free or priced or other else 0


def _with_more(atom: Atom, behind: Sequence[Atom]) -> int:
    """How many atoms say how many grams or pieces are sold and how few come with them, where their price
    follows: "5+1 gram 30", "5+1 30".
    """
    plus, more = behind[:2]
    few = plus.kind == "C" and more.kind == "X" and 0 < more.value <= _MOST and more.value < atom.value
    if not few or atom.kind != "N" or len(behind) <= _FEWEST:
        return 0
    counted = behind[2].kind == "U" and behind[2].unit in _GIVEN
    price = next(iter(behind[2 + counted :]), None)
    if price is None or price.kind not in "NM" or price.value <= _DEAR * more.value:
        return 0
    glued = atom.end == plus.start and plus.end == more.start
    return 3 + counted if counted or glued else 0


def _offer(atoms: Sequence[Atom], place: int) -> int:
    """How many atoms from here on say that so many are sold for the price of one less: "3 for 2 on tabs"."""
    offer = atoms[place : place + 3]
    if [a.kind for a in offer] != ["N", "E", "N"] or not offer[1].text.isalpha():
        return 0
    taken, paid = offer[0].value, offer[2].value
    behind = atoms[place + 3] if place + 3 < len(atoms) else None
    ends = behind is None or (behind.kind == "W" and behind.text.isalpha()) or behind.text in _ENDS
    return 3 if 1 < taken <= _MANY and paid == taken - 1 and ends else 0


def _is_said_again(atoms: Sequence[Atom], place: int, used: int) -> bool:
    """Whether the next number is the sum of both: "10+2 gratis: 12 pillen voor 35"."""
    whole = sum(a.value for a in atoms[place : place + used])
    ahead = next((a for a in atoms[place + used : place + used + _NEAR] if a.kind in "NQM"), None)
    return ahead is not None and ahead.kind in "NQ" and ahead.value == whole


def _is_priced(ahead: Sequence[Atom]) -> bool:
    """Whether a price follows, and no goods of a new sentence before it: "4+1 gratis. wiet 10"."""
    goods = next((place for place, a in enumerate(ahead) if a.kind == "P" and place), len(ahead))
    if goods < len(ahead) and ahead[goods - 1].text in _STOPS:
        ahead = ahead[:goods]
    return any(a.kind in "NM" for a in ahead)


def _is_paid(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the number is one of "3 halen 2 betalen", also with the goods in between."""
    if atoms[place].kind not in "NQ":
        return False
    words, before = vocabulary(), [a.text for a in atoms[max(0, place - 3) : place]]
    if place + 1 < len(atoms) and atoms[place + 1].text in words.paid:
        priced = any(a.kind in "NM" for a in atoms[place + 2 : place + 4])  # "bij 3 betaal je 120"
        return not priced or any(a.text in words.taken for a in atoms[max(0, place - 2) : place])
    if before[-1:] and before[-1] in words.paid and before[0] in words.taken:
        return True  # "prendi 3 paghi 2"
    if _is_given(atoms, place):
        return True
    ahead = [a for a in atoms[place + 1 : place + 6] if a.kind != "P"]
    return len(ahead) > _FEWEST and ahead[0].text in words.taken and ahead[2].text in words.paid


def _is_given(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the number is one of "2 achetés = 1 offert"."""
    words = vocabulary()
    numbers = [a for a in atoms[max(0, place - 3) : place + 5] if a.kind in "N"]
    texts = [a.text for a in atoms[max(0, place - 3) : place + 5]]
    said = any(text in words.taken for text in texts) and any(text in words.free for text in texts)
    return said and len(numbers) == 2 and not any(a.kind in "QM" for a in atoms[place + 1 : place + 5])
