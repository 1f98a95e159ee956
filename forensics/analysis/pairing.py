"""What the atoms of a line of goods say of each other."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.atoms import HOLDING, Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.tier import GAS, PIECES, UNSPECIFIED
from forensics.analysis.vocabulary import vocabulary

_STRENGTH = 25  # milligrams of tablets; fewer strips or boxes are sold at once
_NEAR = 3  # atoms from a unit alone to its price
_CLAUSE = 7  # atoms from a number to its price
_IS = frozenset({"est", "is", "a", "c", "'", "sta", "ist", "e", "to"})  # between goods and their price
JOINTS = frozenset(
    {
        "/",
        "&",
        "en",
        "n",
        "and",
        "und",
        "et",
        "y",
        "e",
        "i",
        "si",
        "ve",
        "of",
        "or",
        "oder",
        "ou",
        "o",
        "sau",
        "lub",
        "wla",
        "w",
        "veya",
    }
)
_ALL = frozenset({
    "all", "alle", "allebei", "allemaal", "alletwee", "ambas", "ambos", "beide", "beides", "both", "entrambe",
    "entrambi", "hepsi", "todos", "tous", "tutti",
})  # fmt: skip
_ENDS = frozenset("!,;")  # of a clause
_FEW_WORDS = 3  # between goods and their price
_BOTH_ORDINARY = 2  # the grades of two ordinary words
_ONE = {"mdma", "xtc-tablet"}
_CRYSTAL = {"mdma", "methamphetamine"}  # what a word for crystals may mean by itself


def following(rest: Sequence[Atom]) -> str:
    """The kind of the next atom that is a product, an amount or a number."""
    return next((atom.kind for atom in rest if atom.kind in "PQUNM"), "")


def sum_ahead(rest: Sequence[Atom]) -> Atom | None:
    """The next number or price where only words stand before it in its clause."""
    ahead = next((a for a in rest[:_CLAUSE] if a.kind not in "WE"), None)
    return ahead if ahead is not None and ahead.kind in "NM" else None


def is_of_one(price: float, count: float, sum_: float) -> bool:
    """Whether so many cost that sum where one costs the price: each the same or less, and no less than
    half.
    """
    return count > 0 and price / 2 <= sum_ / count <= price


def is_apart_from_number(rest: Sequence[Atom]) -> bool:
    """Whether a word stands between a unit alone and the next number; not one that joins the unit to what it
    measures: "oz of weed 160"."""
    between = next((place for place, atom in enumerate(rest) if atom.kind in "NM"), 0)
    joins = _goods_of(rest) or int(bool(rest) and rest[0].text in HOLDING)
    return any(a.kind == "W" and a.text.isalpha() for a in rest[joins:between])


def buys_next(rest: Sequence[Atom]) -> bool:
    """Whether a number has its own price behind it, and nothing but signs or a word for that between."""
    ahead = next((a for a in rest if a.kind not in "OE" and a.text != "/"), None)
    return ahead is not None and (ahead.kind == "M" or (rest[0].kind == "E" and ahead.kind == "N"))


def is_glued(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the next atom stands right behind this one."""
    return place + 1 < len(atoms) and atoms[place + 1].start <= atoms[place].end


def turns(rest: Sequence[Atom]) -> bool:
    """Whether behind a product each price stands before what it is for, as on the line so far: there are as
    many of the one as of the other."""
    kinds: list[str] = []
    for atom in rest:
        if atom.kind == "P" and atom.unit != "also":
            break
        if atom.kind in "QNMR":
            kinds.append(atom.kind)
    return len(kinds) % 2 == 0


def counts_what_is_before(rest: Sequence[Atom]) -> bool:
    """Whether the number behind a unit alone counts it and is not its price: its own price follows."""
    kinds = [a.kind for a in rest if a.kind not in "OW"][:4]
    if kinds == ["B", "N", "B", "M"]:
        return True  # "fles | 1 | €60"
    kinds = kinds[:3]
    return kinds[:2] == ["N", "T"] or kinds in (["N", "E", "N"], ["N", "E", "M"])


def is_money(following: Sequence[Atom]) -> bool:
    """Whether a price with its currency is among them."""
    return any(atom.kind == "M" for atom in following)


def rest_sells(rest: Sequence[Atom]) -> bool:
    """Whether anything behind a number may belong to it: a product, a unit, a price or an amount."""
    return any(atom.kind in "PQUNMRET" for atom in rest)


def is_paid_per(rest: Sequence[Atom]) -> bool:
    """Whether what follows in the next clause is a price with what it is for: "15 een halfje, 25 de gram"."""
    return [a.kind for a in rest[:3]] in (["O", "M", "R"], ["O", "N", "R"])


def is_pair(rest: Sequence[Atom]) -> bool:
    """Whether an amount with its price stands there at once: "coke50 coke2 95"."""
    return [a.kind for a in rest[:2]] in (["N", "N"], ["N", "M"]) and rest[0].value < rest[1].value


def is_price_near(rest: Sequence[Atom], *, of_kilos: bool = False) -> bool:
    """Whether a number follows a unit alone at once, or behind nothing but signs: "strip ..... 20"; or behind
    what there is a kilo of: "kilo haze - 2900".
    """
    goods = next((place for place, a in enumerate(rest) if a.kind != "P"), len(rest)) if of_kilos else 0
    rest = rest[goods or _goods_of(rest) :]
    ahead = next((place for place, a in enumerate(rest) if a.kind != "O"), len(rest))
    return any(a.kind in "NM" for a in rest[: max(_NEAR, ahead + 1)])


def _goods_of(rest: Sequence[Atom]) -> int:
    """How many atoms behind a unit alone say what it holds and that it costs: "pochon de beuh est à 20€"."""
    if len(rest) < _NEAR or rest[0].text not in HOLDING or rest[1].kind != "P":
        return 0
    return next((place for place, a in enumerate(rest) if a.text not in _IS and place > 1), 0)


def is_tank(atom: Atom) -> bool:
    """Whether the atom is of a gas tank."""
    if atom.unit == "tank" or atom.term is None:
        return atom.unit == "tank"
    entry, units = atom.term.entry, vocabulary().units
    named = any(units.get(word) == "tank" for word in entry.term.split(" "))
    return "tank" in entry.term or (named and entry.targets[0] == GAS)


def are_two(first: Term, second: Term, *, ordinary: bool = False) -> bool:
    """Whether two terms name two different drugs, one of them by itself unless ``ordinary`` words will do;
    MDMA and its tablets are one.
    """
    grades = first.entry.grade + second.entry.grade + int(ordinary)
    targets = {first.entry.targets[0], second.entry.targets[0]}
    apart = (
        set(first.entry.targets).isdisjoint(second.entry.targets)
        or min(first.entry.grade, second.entry.grade) > 1
    )
    named = targets != _ONE and UNSPECIFIED not in targets and first.entry.term not in PIECES
    return grades > _BOTH_ORDINARY and len(targets) > 1 and apart and named


def are_sorts(first: Term, second: Term, rest: Sequence[Atom]) -> bool:
    """Whether two terms are sorts of one drug for which a word for both stands before the number: "amnesia en
    haze allebei 9".
    """
    alike = first.entry.targets[0] == second.entry.targets[0] and first.entry.term != second.entry.term
    ahead = next((place for place, a in enumerate(rest) if a.kind in "QNMU"), len(rest))
    return alike and any(a.text in _ALL for a in rest[: min(ahead, _CLAUSE)])


def is_listed(rest: Sequence[Atom]) -> bool:
    """Whether a comma and a further product follow, once or more, and then an amount or price: "xanax,
    diazepam 15 lei".
    """
    place = 0
    while place + 1 < len(rest) and rest[place].text == "," and rest[place + 1].kind == "P":
        place += 2
    return place > 0 and following(rest[place : place + 1]) != "" and rest[place].kind != "P"


def joins_next(rest: Sequence[Atom]) -> bool:
    """Whether a word or sign behind a product joins it to the next, also behind several with commas: "keta,
    speed en mefe".
    """
    place = 0
    while place + 2 < len(rest) and rest[place].text == "," and rest[place + 1].kind == "P":
        place += 2
    joint = (rest[place].text in JOINTS or _is_per_each(rest, place)) and [
        a.kind for a in rest[place + 1 : place + 2]
    ] == ["P"]
    return joint or _are_all(rest)


def is_sold_near(rest: Sequence[Atom]) -> bool:
    """Whether an amount or price stands behind the last of several goods, in its clause, with few words
    between.
    """
    ahead = next((place for place, a in enumerate(rest) if a.kind in "QNMU"), len(rest))
    last = max((place for place in range(ahead) if rest[place].kind == "P"), default=-1)
    ended = any(a.text in _ENDS for a in rest[last + 1 : ahead])
    return not ended and sum(a.kind == "W" and a.text.isalpha() for a in rest[:ahead]) <= _FEW_WORDS


def _is_per_each(rest: Sequence[Atom], place: int) -> bool:
    """Whether a plus joins goods of which each has the price: "xtc + 2cb €5 p/s"."""
    kinds = "".join(a.kind for a in rest[place : place + _NEAR + 1])
    return kinds in ("CPMR", "CPNR")


def _are_all(rest: Sequence[Atom]) -> bool:
    """Whether further products follow and a word says that what comes is of all: "lsd 2cb xtc allemaal 6"."""
    place = next((p for p, a in enumerate(rest) if a.kind != "P" and a.text != ","), len(rest))
    return 0 < place < len(rest) and rest[place].text in _ALL


def is_sieved(rest: Sequence[Atom]) -> bool:
    """Whether what follows "3x" says how often it was sieved: "3x: 5g", "3x filtré 5g", "3x filt: 5g"."""
    amount = 1 + sum(a.text == ":" for a in rest[1:2])
    if [a.kind for a in rest[amount : amount + 1]] != ["Q"]:
        return False
    word = rest[0].term.entry.term if rest[0].term else rest[0].text
    return rest[0].kind == "O" or word.startswith("filt")


def is_quality(term: Term, product: Term) -> bool:
    """Whether a term says how the product before it is: "3-MMC kristal", "hap (roze)", "cola 💎"."""
    if set(term.entry.targets) == _CRYSTAL and product.entry.grade > 1:
        return True
    is_emblem = not term.entry.term[0].isalnum() and product.entry.term[0].isalnum()
    is_colour = term.entry.grade == 1 and term.entry.targets[0] == "pink-cocaine"
    return is_colour or (is_emblem and term.entry.grade == 1) or term.entry.grade == 1 < product.entry.grade


def one_of_strength(atom: Atom, unit: str | None) -> Atom:
    """One strip or box where the number before it is the strength of the tablets: "Lyrica 300 strip 35".
    ``unit``: what the product is sold in.
    """
    is_strength = atom.value >= _STRENGTH or atom.value != int(atom.value)
    packed = unit == "piece" and atom.kind == "Q" and atom.unit in ("strip", "box")
    return atom._replace(value=1.0) if packed and is_strength else atom


def is_unspecified(term: Term | None) -> bool:
    """Whether the term is one for any drug."""
    return term is not None and term.entry.targets[0] == UNSPECIFIED


def is_inverted(first: float, second: float) -> bool:
    """Whether "50 = 1" puts the price first."""
    return first >= 10 and second <= 10 and first / second >= 5 if second else False
