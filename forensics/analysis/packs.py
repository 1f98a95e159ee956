"""Strips and boxes that say how many tablets they hold ("doosje 30 €40", "£10 strip of 14"), of which one is
sold, by its written unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forensics.analysis.atoms import HOLDERS, HOLDING, PER, THOUSAND, Atom
from forensics.analysis.bracketed import with_bracketed
from forensics.analysis.lexicon import Term
from forensics.analysis.packs_in_row import prices_of_packs, several_in_brackets
from forensics.analysis.pill_signs import without_pill_signs
from forensics.analysis.tier import GAS, PACKED
from forensics.analysis.vocabulary import vocabulary

_CHEAPER = 10  # times its price the milligrams of a tablet are
_INNER = frozenset({"piece", "pack"})  # units of what is in one
_WITH = frozenset({"avec", "con", "met", "v"})
_SINGULAR = frozenset(
    {
        "strip",
        "blister",
        "plaquette",
        "folie",
        "cutie",
        "box",
        "boite",
        "doos",
        "doosje",
        "kutu",
        "serit",
        "caja",
        "tira",
        "carteira",
        "cartela",
        "lamina",
        "listek",
        "plaka",
        "lplaka",
        "opakowanie",
        "packung",
        "schachtel",
        "scatola",
        "caixa",
        "cx",
    }
)
_VIALS = frozenset({"amp", "ampul", "fiala", "fiola", "fiole", "pen", "spuit", "vial"})
_TABLET, _MILLIGRAMS = "xtc-tablet", (100, 400)  # in brackets with its name: "(rode ferrari, 220) 5 @ 12"
_OF_KILO = 1000  # what a kilo costs at least that is said by its letter alone
_FEWEST, _MOST = 4, 120  # tablets in one
_STRENGTH = 25  # milligrams of tablets; fewer strips or boxes are sold at once
_INSIDE = frozenset({"(", "x"})  # between a pack and how many it holds, besides words that say so
_TO_PRICE = frozenset("),-:=")
_CHEAP = 4  # times the number: what so many packs cost at least
_LAST = 4  # atoms before the strength that ends a line of one sum
_LSD = "lsd"  # of which a strip is so many papers, no pack
_AHEAD = 4  # atoms from a strength to an amount or price
_BAG = 7  # atoms from a bag to the price of what is in it
_FOR = 4  # atoms of what is in a bag behind its price
_BETWEEN = 4  # atoms from there to the price
_CALLED_BY = frozenset({"buprenorphine", "morphine"})  # tablets that have their milligrams for a name
# Words between a medicine and its strength
_FORMS = frozenset({
    "bant", "cerotto", "lp", "parche", "patch", "pflaster", "plaster", "plasture", "pleister", "retard", "sr",
    "xr",
})  # fmt: skip


def in_packs(atoms: list[Atom], unit_of: Callable[[Term | None], str | None]) -> list[Atom]:
    """The atoms with each such pack as one, and numbers that say which tablets these are as their
    strength: "valium 10s", "zopi 7.5 28 for 20".
    """
    if not any(a.kind == "P" for a in atoms):
        return [_of_unknown(a) for a in atoms]
    atoms, found = with_bracketed(several_in_brackets(prices_of_packs(atoms)), unit_of), list[Atom]()
    place, product, strong = 0, None, False
    while place < len(atoms):
        atom = atoms[place]
        if atom.kind == "P" and (atom.unit != "also" or product is None):
            product, strong = atom.term, False
        used = 1
        strong = strong or atom.kind == "S"
        if _is_count_of_tablets(atoms, place):
            atom = atom._replace(kind="Q", value=float(atom.text[:-2]), unit="piece")
        if _is_of_so_many(atoms, place):
            place += 2  # "10er Streifen"
            continue
        if product is not None and unit_of(product) == "piece" and _is_times_behind(atoms, place, product):
            found.append(atom._replace(kind="S", unit="mg"))  # "diaz 10 x28"
            atom, used = atoms[place + 2]._replace(kind="Q", unit="piece"), 3
        elif (
            product is not None and atom.unit == "box" and product.entry.targets[0] == GAS and _is_pack(atom)
        ):
            atom, used = _counted(atoms, place) or (atom, 1)  # of cartridges
        elif product is None or unit_of(product) != "piece":
            pass
        elif atom.kind == "N" and _is_sold_by(atoms, place) and not _is_said_so(atom, product):
            atom, used = atom._replace(kind="Q", unit="piece"), 2  # "56er 60"
        elif atom.kind == "N" and strong and _is_next_strength(atoms, place, product):
            atom = atom._replace(kind="S", unit="mg")
        elif atom.kind == "N" and not strong and _is_of_strength(atoms, place, product):
            used, strong = 1 + any(a.text in ("s", "er") for a in atoms[place + 1 : place + 2]), True
            atom = atom._replace(kind="S", unit="mg")
        elif _is_one_vial(atom, product):
            atom = atom._replace(value=1.0)
        elif _is_pack(atom):
            atom, used = _counted(atoms, place, product) or (_of_one(atoms, place, product), 1)
        found.append(atom)
        place += used
    return found


def without_forms(atoms: list[Atom], unit_of: Callable[[Term | None], str | None]) -> list[Atom]:
    """The atoms without a word for pieces right before the name of what comes in them, or behind that of
    another drug: "pils tesla 5=15", "2cb pilletjes".
    """
    atoms = without_pill_signs(atoms, unit_of)
    beside = zip([None, *atoms], atoms, [*atoms[1:], None], strict=False)
    return [
        a
        for before, a, behind in beside
        if not (_is_form(a, behind, unit_of) or _is_shape(before, a, unit_of))
    ]


def _is_shape(named: Atom | None, shape: Atom, unit_of: Callable[[Term | None], str | None]) -> bool:
    """Whether an atom is a word for tablets of any kind, right behind the name of another drug that comes in
    them.
    """
    if named is None or named.kind != "P" or named.term is None or shape.kind != "P" or shape.term is None:
        return False
    of_any = vocabulary().units.get(shape.term.entry.term) == "piece"
    if vocabulary().units.get(shape.term.entry.term) == "pack":
        return named.term.entry.targets[0] != shape.term.entry.targets[0]  # "shit pochon 3g 20€"
    other = named.term.entry.grade > 1 and named.term.entry.targets[0] != shape.term.entry.targets[0]
    return of_any and other and unit_of(named.term) == "piece"


def _is_form(unit: Atom, named: Atom | None, unit_of: Callable[[Term | None], str | None]) -> bool:
    pieces = unit.kind == "U" and unit.unit == "piece" and named is not None and named.kind == "P"
    return pieces and named is not None and unit_of(named.term) == "piece"


def without_bags(atoms: list[Atom], unit_of: Callable[[Term | None], str | None]) -> list[Atom]:
    """The atoms without bags whose content is said beside their price: "zakje coke (0,8) €40", "bag of weed
    €50 for 3g"; not boxes of tablets.
    """
    if not any(a.unit in HOLDERS for a in atoms):
        return atoms
    product = next((a.term for a in atoms if a.kind == "P"), None)
    boxed = product is not None and unit_of(product) == "piece"
    return [a for place, a in enumerate(atoms) if (boxed and a.unit == "box") or not _is_bag(atoms, place)]


def _is_bag(atoms: Sequence[Atom], place: int) -> bool:
    if atoms[place].unit not in HOLDERS or atoms[place].kind != "U":
        return False
    if _is_paid_for(atoms[place + 1 : place + _BAG]):
        return True
    ahead = [a for a in atoms[place + 1 : place + _BAG] if a.kind not in "OPE"]
    if len(ahead) < 2 or ahead[0].kind not in "NQ" or ahead[0].unit not in (None, "g", "ml"):
        return False
    return ahead[1].kind == "M" or (
        ahead[1].kind == "N" and (ahead[0].kind == "Q" or ahead[0].value % 1 != 0)
    )


def _is_paid_for(ahead: Sequence[Atom]) -> bool:
    """Whether goods, a sum, a word for that and a weight are all that follows a bag."""
    solid = [a for a in ahead if a.kind != "O" and a.text not in HOLDING][:_FOR]
    kinds = "".join(a.kind for a in solid)
    return kinds == "PMEQ" and solid[-1].unit == "g" and (ahead[-1] is solid[-1] or ahead[-1].kind in "OB")


def in_kilos(atoms: list[Atom], unit_of: Callable[[Term | None], str | None]) -> list[Atom]:
    """The atoms with "1k" or "k" of what is weighed as kilograms, where the price follows: "speed 1k 500"."""
    return [
        atom._replace(kind="Q", value=atom.value / 1000 if atom.kind == "N" else 1.0, unit="kg")
        if _is_of_kilos(atoms, place, unit_of) or _is_one_kilo(atoms, place, unit_of)
        else atom
        for place, atom in enumerate(atoms)
    ]


def _is_one_kilo(atoms: Sequence[Atom], place: int, unit_of: Callable[[Term | None], str | None]) -> bool:
    """Whether the letter stands between what is weighed and the price of a kilo: "Haze k 3800"."""
    letter = atoms[place].text == "k" and atoms[place].kind == "W" and 0 < place < len(atoms) - 1
    weighed = letter and atoms[place - 1].kind == "P" and unit_of(atoms[place - 1].term) == "g"
    return weighed and atoms[place + 1].kind in "NM" and atoms[place + 1].value >= _OF_KILO


def _is_of_kilos(atoms: Sequence[Atom], place: int, unit_of: Callable[[Term | None], str | None]) -> bool:
    if place == 0 or atoms[place].text != THOUSAND or atoms[place].kind != "N":
        return False
    before, ahead = atoms[place - 1], [a for a in atoms[place + 1 : place + 4] if a.kind not in "OE"]
    weighed = before.kind == "P" and unit_of(before.term) == "g"
    return weighed and bool(ahead) and ahead[0].kind in "NM" and ahead[0].value >= 1  # no half


def _is_one_of(pack: Atom, product: Term) -> bool:
    """Whether the number before one pack is the strength of its tablets: "Diazepam 10 cutie 90"."""
    known = vocabulary().milligrams(product.entry.targets[0])
    return pack.kind == "Q" and pack.unit in PACKED and pack.text in _SINGULAR and pack.value in known


def _is_one_vial(vial: Atom, product: Term) -> bool:
    """Whether the number before one vial or pen is its strength: "Testo E 250 vial", "Mounjaro 7.5 pen"."""
    known = vial.value in vocabulary().strengths.get(product.entry.targets[0], ())
    return vial.kind == "Q" and vial.text in _VIALS and (known or vial.value % 1 != 0)


def _is_count_of_tablets(atoms: Sequence[Atom], place: int) -> bool:
    """Whether the word is a count as American pharmacies write it, with a sum behind: "10mg 30ct $50"."""
    text, behind = atoms[place].text, atoms[place + 1 : place + 2]
    counted = atoms[place].kind == "W" and text.endswith("ct") and text[:-2].isdecimal()
    return counted and text.isascii() and bool(behind) and behind[0].kind == "M"


def _is_of_so_many(atoms: Sequence[Atom], place: int) -> bool:
    behind = atoms[place + 1 : place + 3]
    return (
        atoms[place].kind == "N" and len(behind) > 1 and behind[0].text == "er" and behind[1].unit in PACKED
    )


def _is_sold_by(atoms: Sequence[Atom], place: int) -> bool:
    """Whether so many tablets are sold together, for a price that follows: "30er 50"."""
    behind = [a for a in atoms[place + 1 : place + 4] if a.kind not in "OBE"]
    return len(behind) > 1 and behind[0].text == "er" and behind[1].kind in "NM"


def _is_said_so(atom: Atom, product: Term) -> bool:
    """Whether tablets are called by that strength: "Subutex 8er", "Substitol 200er"."""
    name = product.entry.targets[0]
    return name in _CALLED_BY and atom.value in vocabulary().strengths.get(name, ())


def _of_one(atoms: Sequence[Atom], place: int, product: Term) -> Atom:
    """One pack where so many would cost next to nothing: "Diazepam 10 strip 12"."""
    if _is_one_of(atoms[place], product):
        return atoms[place]._replace(value=1.0)
    pack, behind = atoms[place], atoms[place + 1] if place + 1 < len(atoms) else None
    cheap = behind is not None and behind.kind in "NM" and behind.value < _CHEAP * pack.value
    return pack._replace(value=1.0) if pack.kind == "Q" and pack.value >= _FEWEST and cheap else pack


def _is_of_strength(atoms: Sequence[Atom], place: int, product: Term) -> bool:
    """Whether the number is a kind of tablet by its milligrams."""
    value, behind = atoms[place].value, atoms[place + 1 : place + 3]
    if _is_before_count(atoms, place, product):
        return True
    if behind and behind[0].text == "s" and behind[0].start == atoms[place].end:
        return True
    if len(behind) > 1 and behind[0].text == "er" and (behind[1].kind, behind[1].unit) == ("Q", "piece"):
        return True  # "200er 10 Stk"
    if (
        value in vocabulary().doses.get(product.entry.targets[0], ())
        and place > 0
        and atoms[place - 1].kind == "P"
    ):
        price = next((a for a in atoms[place + 1 : place + 1 + _AHEAD] if a.kind not in "OTW"), None)
        if price is not None and price.kind in "NM" and price.value * 2 < value:
            return True
    if _MILLIGRAMS[0] <= value <= _MILLIGRAMS[1] and behind and behind[0].text == ")":
        return product.entry.targets[0] == _TABLET and any(a.kind in "NMQ" for a in behind[1:])
    known = value in vocabulary().strengths.get(product.entry.targets[0], ())
    if not behind and place == _LAST and [a.kind for a in atoms[:place]] == ["M", "E", "N", "P"]:
        return value in vocabulary().milligrams(product.entry.targets[0])  # "€5 = 1 zopiclon 7.5"
    if known and [a.kind for a in behind] == ["R", "M"] and behind[0].text == PER:
        return behind[1].value * _CHEAPER < value  # "tramadol 50 cada 1€"
    if known and place > 0 and _is_name_or_form(atoms, place - 1):
        ahead = next((a for a in atoms[place + 1 : place + 1 + _AHEAD] if a.kind not in "OTW"), None)
        packed = ahead is not None and ahead.kind == "U" and ahead.unit in PACKED  # "zopi 7.5 - strip £12"
        return ahead is not None and (packed or ahead.kind in "NMQE")
    counts = len(behind) > 1 and behind[0].kind == "N" and (behind[1].kind == "E" or behind[1].text == "s")
    return value % 1 != 0 and counts


def _is_name_or_form(atoms: Sequence[Atom], place: int) -> bool:
    """Whether a medicine, or a word for its form right behind it, stands there: "fentanyl patch 50"."""
    form = place > 0 and atoms[place].text in _FORMS
    return atoms[place - form].kind == "P"


def _is_times_behind(atoms: Sequence[Atom], place: int, product: Term) -> bool:
    """Whether the number is the strength of a medicine, with a sign against how many and their price behind:
    "zolpidem 10 x28 - 40".
    """
    words, name = vocabulary(), product.entry.targets[0]
    number, *behind = atoms[place : place + _AHEAD + 1]
    medicine = name in words.doses or name in words.strengths
    if not medicine or number.kind not in "NS" or [a.kind for a in behind[:2]] != ["T", "N"]:
        return False
    apart = number.end < behind[0].start and behind[0].end == behind[1].start
    return apart and any(a.kind in "NM" for a in behind[2:])


def _is_next_strength(atoms: Sequence[Atom], place: int, product: Term) -> bool:
    """Whether the number is another strength of the tablets before, with a price that is said of it: "lyrica
    75 is 1 euro, 300 is 2,50".
    """
    known = atoms[place].value in vocabulary().strengths.get(product.entry.targets[0], ())
    behind = atoms[place + 1 : place + 3]
    said = [a.kind for a in behind] in (["E", "N"], ["E", "M"]) and atoms[place - 1].kind in "OW"
    return known and said and behind[1].value * _CHEAPER < atoms[place].value


def _is_before_count(atoms: Sequence[Atom], place: int, product: Term) -> bool:
    """Whether a sign parts the number behind a medicine from how many tablets: "Modalert 200 | 100 tabs"."""
    words, name = vocabulary(), product.entry.targets[0]
    ahead = [a.kind for a in atoms[place + 3 : place + 4]]
    if place > 1 and atoms[place - 2].kind == "Q" and ahead == ["P"]:
        return False  # "2 strips oxa 20, 1 strip xanax 25"
    parts = next((at for at, a in enumerate(atoms[place + 1 :]) if a.kind not in "BO"), 0)  # signs between
    parted = atoms[place - 1].kind == "P" and parts > 0
    counted = [a.unit for a in atoms[place + 1 + parts : place + 2 + parts] if a.kind == "Q"]
    medicine = name in words.doses or name in words.strengths
    packed = bool(counted) and counted[0] in ("piece", "strip", "box")
    celled = "".join(a.kind for a in atoms[place : place + 5]) in ("NBNBN", "NBNBM")  # "Perc 30 | 5 | $75"
    known = celled and atoms[place].value in words.doses.get(name, words.strengths.get(name, ()))
    return medicine and place > 0 and parted and (packed or known)


def _of_unknown(pack: Atom) -> Atom:
    """One pack of tablets of no known name behind what can only be their strength: "ibuprofen 600 strip"."""
    strong = pack.kind == "Q" and pack.unit in PACKED and pack.value >= _MILLIGRAMS[0]
    return pack._replace(kind="U", value=1.0) if strong and pack.text in _SINGULAR else pack


def _is_pack(atom: Atom) -> bool:
    """Whether the atom is of strips or boxes."""
    return atom.unit in PACKED and (atom.kind == "Q" or (atom.kind in "UR" and atom.value == 1))


def _counted(atoms: Sequence[Atom], place: int, product: Term | None = None) -> tuple[Atom, int] | None:
    """The one pack at this place that says how many are in it, and how many atoms tell that; None where a
    number behind it is its price.
    """
    pack = atoms[place]
    several = pack.kind == "Q" and 1 < pack.value < _STRENGTH
    if several and not (product and _is_one_of(pack, product)):  # "zopi 7.5 strip of 14 £20" is one
        return None
    at, says = place + 1, False
    while at < len(atoms) and (atoms[at].text in HOLDING or atoms[at].text in _INSIDE | _WITH):
        says = says or atoms[at].text != "("
        at += 1
    count = atoms[at] if at < len(atoms) else None
    strips = count is not None and says and pack.unit == "box" and count.unit == "strip"
    if count is None or not (strips or _is_content(count)) or not _is_number_of_tablets(count):
        return None
    is_priced = place > 0 and atoms[place - 1].kind == "M"
    if not (_is_priced_behind(atoms, at) or (is_priced and says)):
        return None
    kind = "R" if is_priced and says else "Q"
    named = at + 1 < len(atoms) and (atoms[at + 1].kind, atoms[at + 1].unit) == ("U", "piece")
    if product is not None and product.entry.targets[0] == _LSD and kind == "Q":  # "strip of ten 50"
        return Atom("Q", pack.start, count.end, count.value, "piece"), at + 1 + named - place
    return Atom(kind, pack.start, count.end, 1.0, pack.unit, text=pack.text), at + 1 + named - place


def _is_content(count: Atom) -> bool:
    """Whether the number can be of what is in a pack: "10", "10 st", "7 zakjes"."""
    return count.kind in "NX" or (count.kind == "Q" and count.unit in _INNER)


def _is_number_of_tablets(atom: Atom) -> bool:
    return atom.value == int(atom.value) and _FEWEST <= atom.value <= _MOST


def _is_priced_behind(atoms: Sequence[Atom], at: int) -> bool:
    """Whether the number is not itself a price: one follows, behind nothing but signs and words for that."""
    for place in range(at + 1, min(at + _BETWEEN, len(atoms))):
        atom = atoms[place]
        if atom.kind in "NM":
            behind = next(iter(atoms[place + 1 : place + 2]), None)
            is_amount = behind is not None and (behind.kind in ("E", "N", "M", "Q") or behind.text == "/")
            return atom.kind == "M" or not is_amount  # "/": before the next tier
        if not (
            atom.kind in "EB"
            or (atom.kind, atom.unit) == ("P", "also")
            or (atom.kind, atom.unit) == ("U", "piece")
            or atom.text in _TO_PRICE
            or atom.text in HOLDING
        ):
            return False
    return False
