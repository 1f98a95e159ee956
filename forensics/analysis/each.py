"""Prices of one beside how many have to be bought: "100 pillen a 1,20", "vanaf 10 stuks 3 p.s."."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.atoms import HOLDING, PER, Atom, rewritten
from forensics.analysis.sold_by import amounts_said
from forensics.analysis.tier import PIECES
from forensics.analysis.vocabulary import vocabulary

_EACH = "je"
_OF_RANGE = frozenset({":", _EACH})
_AT = frozenset({"a", "@"})
_JOINS = frozenset({"-", "m"})  # between the first amount and the last: "1-4", "1 t/m 4"
LOOSE = frozenset({"los", "lose", "loose", "losse", "single", "suelto"})  # by the piece
_SAYS_EACH = _JOINS | LOOSE | {_EACH}
_PACKED = frozenset({"strip", "box", "pack", "tank"})
_BETWEEN = frozenset({",", "da", ":", "-", "("})  # an amount and what each costs
_CHEAP = 4  # times a price: more than so many are not sold for it
_SAID = 5  # words from an amount to what each costs from there on: "ab 20g mach ich dir 8"
_KILO, _DEAR_KILO = 300, 10_000  # what a kilo costs at least; from here on a sum may be that of several
_MANY = 10  # pieces that no smaller sum is paid for
_SEVERAL, _FIVE, _HUNDRED = 2, 5, 100  # goods; in what sums are, and the most a gram costs
_BACK = 24  # atoms looked back for the price of one
_SIZES = frozenset({"grande", "gros", "grosse", "pequena", "petit", "petite", "piccola"})
_ARTICLES = frozenset({"a", "la", "le"})
_OF_EACH = frozenset({None, "g", "piece"})
_IN_SU = frozenset({("in", "su"), ("in", "poi")})  # "da 100g in su 4€"


def of_each(atoms: list[Atom]) -> list[Atom]:
    """The atoms with such prices as those of one."""
    words, atoms = vocabulary(), _sized(_of_sizes(_priced_by_unit(amounts_said(atoms))))
    if not any(
        a.text == "da" or a.text in _AT or a.text in words.least or a.kind in "CT" or a.text in _SAYS_EACH
        for a in atoms
    ):
        return atoms
    return rewritten(atoms, (_loose, _to, _at, _from, _each, _upwards, _times))


def _of_sizes(atoms: list[Atom]) -> list[Atom]:
    """The atoms with a word for a small or large piece behind its price as one: "galette 20 la petite"."""
    if not any(a.text in _SIZES for a in atoms):
        return atoms
    found: list[Atom] = []
    pieces = False
    for atom in atoms:
        if atom.kind == "P" and atom.term is not None:
            pieces = not PIECES.isdisjoint(atom.term.entry.term.split(" "))
        priced = len(found) > 1 and found[-2].kind in "NM" and found[-1].text in _ARTICLES
        if pieces and priced and atom.text in _SIZES:
            found[-1] = _one(atom, "piece")
        else:
            found.append(atom)
    return found


def _sized(atoms: list[Atom]) -> list[Atom]:
    """The atoms with the size that a line opens with behind each product: "ozs: haze 180 / cali 280"."""
    sized = [a.kind for a in atoms[:2]] == ["U", "O"] and atoms[1].text == ":"
    solid = "".join(a.kind for a in atoms[2:] if a.kind not in "OB" and a.text != "/") if sized else ""
    pairs, left = divmod(len(solid), _SEVERAL)
    if left or pairs < _SEVERAL or solid.replace("M", "N") != "PN" * pairs:
        return atoms
    size, found = atoms[0]._replace(kind="Q"), list[Atom]()
    for atom in atoms[2:]:
        found.append(atom)
        if atom.kind == "P":
            found.append(size._replace(start=atom.end, end=atom.end))
    return found


def _priced_by_unit(atoms: list[Atom]) -> list[Atom]:
    """The atoms with an amount as the price of one where it is all that is said of goods beside others with
    prices ("feta 30 zl g, 4cmc 40 g"), and one of a unit as what the price before it is for ("md 20 een g").
    """
    goods = [place for place, a in enumerate(atoms) if a.kind == "P" and a.unit != "also"]
    if not goods:
        return atoms
    spans = list(pairwise([*goods, len(atoms)]))
    said = ["".join(a.kind for a in atoms[first:after] if a.kind in "PQUNMR") for first, after in spans]
    others = [kinds for kinds in said if kinds not in {"P", "PQ"}]
    priced = bool(others) and all("N" in kinds or "M" in kinds for kinds in others)
    found = list(atoms[: goods[0]])
    for kinds, (first, after) in zip(said, spans, strict=True):
        ends = after == len(atoms) or atoms[after - 1].kind in "OB"
        found += _by_unit(atoms[first:after], kinds, priced=priced) if ends else atoms[first:after]
    return found


def _by_unit(goods: Sequence[Atom], kinds: str, *, priced: bool) -> Sequence[Atom]:
    """The atoms from one product to the next, so read."""
    last = len(kinds) - 1
    if kinds in {"PQNN", "PQNM"} and _is_before_tier(goods):
        amount = goods[1]
        bare = amount._replace(kind="N", unit=None, text="")
        return [goods[0], bare, _one(amount, amount.unit), *goods[2:]]
    if kinds not in {"PQ", "PNQ"} or "".join(a.kind for a in goods[: last + 1]) != kinds:
        return goods
    amount, behind = goods[last], goods[last + 1 :]
    if behind and behind[0].kind not in "OB":
        return goods
    if last == 1 and priced and _is_sum(amount):
        return [goods[0], amount._replace(kind="N", unit=None, text=""), _one(amount, amount.unit), *behind]
    of_one = last > 1 and _is_of_one(amount, goods[1])
    return [*goods[:last], _one(amount, amount.unit), *behind] if of_one else goods


def _is_before_tier(goods: Sequence[Atom]) -> bool:
    """Whether the amount behind a product is what a gram costs, before an amount with its price: "k 50g 3.5
    140".
    """
    if "".join(a.kind for a in goods[:4]) not in {"PQNN", "PQNM"} or not _is_sum(goods[1]):
        return False
    each, few, sum_ = (a.value for a in goods[1:4])
    return 0 < few < _MANY and each * few / 2 <= sum_ <= each * few


def _is_sum(amount: Atom) -> bool:
    """Whether so much is rather a price than an amount: "40 g"."""
    return amount.unit == "g" and _MANY <= amount.value <= _HUNDRED and amount.value % _FIVE == 0


def _is_of_one(amount: Atom, price: Atom) -> bool:
    return amount.value == 1 and price.kind == "N" and price.value >= _FIVE and amount.unit in ("g", "piece")


def _at(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one behind a large amount and "a", and how many atoms say so: "50 gram a 7"."""
    count = atoms[place]
    of_kilos = count.unit == "kg" and count.value > 1
    if count.kind not in "NQ" or not (of_kilos or count.unit in _OF_EACH):
        return None
    goods = place + 1 + sum(a.kind == "P" for a in atoms[place + 1 : place + 2])
    behind = atoms[goods : goods + 3]
    if len(behind) < 2 or behind[0].text not in _AT or behind[1].kind not in "NM":
        return None
    if of_kilos and not _KILO <= behind[1].value < min(count.value * _KILO * _CHEAP, _DEAR_KILO):
        return None
    if not of_kilos and behind[1].value * _CHEAP > count.value:
        return None
    if len(behind) > 2 and behind[2].kind == "R":
        return None
    return [*atoms[place + 1 : goods], behind[1], _one(behind[1], count.unit)], goods + 2 - place


def _from(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one from so many on, behind one that is not lower: "8 euro das Gramm, ab 10 Gramm 6",
    "5, vanaf 10: 4".
    """
    upwards = tuple(a.text for a in atoms[place + 2 : place + 4]) in _IN_SU and atoms[place].text == "da"
    if not (upwards or atoms[place].text in vocabulary().least) or place + 2 >= len(atoms):
        return None
    place_of_count = place + 1 + (atoms[place + 1].text in HOLDING)
    if place_of_count + 1 >= len(atoms):
        return None
    count = atoms[place_of_count]
    each = atoms[place_of_count + 1].text == _EACH and count.unit == "piece"
    at = place_of_count + 1 + (atoms[place_of_count + 1].kind == "C" or each)
    at += next((i for i, a in enumerate(atoms[at : at + _SAID]) if a.kind not in "WE" and a.text != ":"), 0)
    if count.kind not in "NQ" or count.unit not in _OF_EACH or at >= len(atoms) or atoms[at].kind not in "NM":
        return None
    if at + 1 < len(atoms) and atoms[at + 1].kind == "R":
        return [atoms[at]], at + 1 - place
    if each:
        return [atoms[at], _one(atoms[at], count.unit)], at + 1 - place
    before = next((a for a in reversed(atoms[max(0, place - _BACK) : place]) if a.kind in "NMQ"), None)
    alone = before is None and _are_many(count, atoms[at])
    if not alone and (before is None or before.kind == "Q" or atoms[at].value > before.value):
        return None
    return [atoms[at], _one(atoms[at], count.unit)], at + 1 - place


def _are_many(count: Atom, price: Atom) -> bool:
    """Whether so many pieces would cost next to nothing, on a line of their own: "ab 20 Stück 6€"."""
    return count.unit == "piece" and _MANY <= count.value <= _HUNDRED and price.value * _SEVERAL < count.value


def _each(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """What each of several packs costs: "zwei Streifen da, je 20"."""
    count = atoms[place]
    if count.kind != "Q" or count.unit not in _PACKED or count.value < _SEVERAL:
        return None
    at = place + 1
    while at < len(atoms) and atoms[at].text in _BETWEEN:
        at += 1
    sum_, behind = atoms[at + 1 : at + 2], atoms[at + 2 : at + 3]
    if at >= len(atoms) or atoms[at].text != _EACH or not sum_ or sum_[0].kind not in "NM":
        return None
    if behind and behind[0].kind not in "OB":
        return None
    return [sum_[0], _one(sum_[0], count.unit)], at + 2 - place


def _times(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one behind a count it is written against, too small for so many: "50x1,80€"."""
    parts = atoms[place : place + 3]
    if [a.kind for a in parts] != ["N", "T", "M"]:
        return None
    count, times, price = parts
    glued = count.end == times.start and times.end == price.start
    each = glued and price.value < _MANY <= count.value
    return ([price, _one(price, None)], 3) if each else None


def _upwards(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one behind amounts from one to another or with a plus: "1-4g 22", "10g+ 18/g"."""
    if _is_range(atoms[place : place + 3]) and (place == 0 or atoms[place - 1].text != "-"):
        at = place + 3 + sum(a.text in _OF_RANGE for a in atoms[place + 3 : place + 4])
        said = atoms[place + 2].kind == "Q" or atoms[at - 1].text == _EACH
        ends = [a.kind in ("NM" if said else "M") for a in atoms[at : at + 1]] == [True]
        apart = all(a.kind != "R" and a.text not in "-/" for a in atoms[at + 1 : at + 2])
        if ends and apart:
            return [atoms[at], _one(atoms[at], atoms[place + 2].unit)], at + 1 - place
    kinds = "".join(a.kind for a in atoms[place : place + 5])
    if kinds[:1] == "N" and kinds[2:] in ("QNR", "QMR") and atoms[place + 1].text == "-":
        return [atoms[place + 3]], 4  # "10-49 st 4/st"
    least = kinds[:3] in ("NCM", "QCM") and kinds[3:4] != "R"
    if least and atoms[place + 1].start == atoms[place].end and atoms[place + 2].value < atoms[place].value:
        return [atoms[place + 2], _one(atoms[place + 2], atoms[place].unit)], 3  # "50+ €2"
    if kinds[:4] in ("NCWM", "NCEM") and atoms[place + 2].text == _EACH:
        return [atoms[place + 3], _one(atoms[place + 3], None)], 4  # "50+ je 3€"
    if kinds in ("QCONR", "QCOMR") and atoms[place + 2].text == ":":
        return [atoms[place + 3]], 4  # "10g+: 18 p/g"
    glued = kinds[:4] in ("QCNR", "QCMR", "NCNR", "NCMR") and atoms[place + 1].start == atoms[place].end
    return ([atoms[place + 2]], 3) if glued else None


def _loose(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one at the beginning of a line, before those of more: "25 los, 5 voor 100"."""
    kinds = "".join(a.kind for a in atoms[place : place + 6])
    first = place == 0 and kinds[:5] in ("NWONE", "MWONE") and kinds[5:] in ("N", "M")
    if not first or atoms[1].text not in LOOSE or atoms[3].value >= atoms[5].value:
        return None
    return [atoms[0], _one(atoms[0], None)], 2


def _to(atoms: Sequence[Atom], place: int) -> tuple[list[Atom], int] | None:
    """The price of one behind "t/m" between two amounts: "1 t/m 4 pillen 4,50"."""
    end = place + 4
    if [a.text for a in atoms[place + 1 : end]] != ["t", "/", "m"] or end + 1 >= len(atoms):
        return None
    count = atoms[end]
    goods = [a for a in atoms[end + 1 : end + 2] if a.kind == "P"]
    at = end + 1 + len(goods)
    at += sum(a.kind == "E" or a.text in _OF_RANGE for a in atoms[at : at + 1])
    rising = atoms[place].kind == "N" and count.kind in "NQ" and atoms[place].value < count.value
    if not rising or count.unit not in _OF_EACH or at >= len(atoms) or atoms[at].kind not in "NM":
        return None
    own = at + 1 < len(atoms) and atoms[at + 1].kind == "R"
    return [*goods, atoms[at], *([] if own else [_one(atoms[at], count.unit)])], at + 1 - place


def _is_range(atoms: Sequence[Atom]) -> bool:
    """Whether they are written as from one amount to a larger one: "1-4 g"."""
    kinds = [a.kind for a in atoms]
    if (
        kinds not in (["N", "O", "Q"], ["N", "O", "N"])
        or atoms[1].text != "-"
        or atoms[2].unit not in _OF_EACH
    ):
        return False
    glued = atoms[0].end == atoms[1].start and atoms[1].end == atoms[2].start
    return glued and atoms[0].value < atoms[2].value


def _one(price: Atom, unit: str | None) -> Atom:
    return Atom("R", price.end, price.end, 1.0, unit, text=PER)
