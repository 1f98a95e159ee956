"""Numbers of a line that count and price no goods: the kind of a network, an age, the number of the emergency
services, the hour of a dose, the kilograms that someone weighs less by a medicine, how many are paid for, a
mark out of ten, an amount that brackets say again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from forensics.analysis.atoms import HOLDING, Atom

_NETWORKS = (3, 4, 5)  # generations of mobile networks: 5G
_GLUED = 2  # characters of such a name
# beside such a name
_TELEPHONY = frozenset({
    "abo", "abonnement", "beltegoed", "bereik", "bundel", "bundels", "data", "databundel", "dekking",
    "esim", "galaxy", "handy", "internet", "iphone", "lebara", "lyca", "lycamobile", "mast", "masten",
    "modem", "netwerk", "netz", "network", "odido", "onbeperkt", "phone", "pixel", "prepaid",
    "provider", "router", "samsung", "sim", "simkaart", "simkaarten", "simkaartje", "simonly",
    "smartphone", "telefoon", "tmobile", "toestel", "unlimited", "vodafone", "wifi", "xiaomi",
})  # fmt: skip
# before an age in brackets
_PERSONS = frozenset({
    "femme", "frau", "homme", "hombre", "jongen", "jongeman", "junge", "man", "mann", "meisje", "mujer",
    "student", "studente", "suspect", "tiener", "verdachte", "vrouw", "woman",
})  # fmt: skip
_QUALITIES = frozenset({
    "calidad", "jakosc", "kalite", "kwali", "kwaliteit", "qualidade", "qualita", "qualitat", "qualite",
    "quality",
})  # fmt: skip
_ADULT, _OLD = 10, 99
_BRACKETED = 3  # atoms before the last bracket of an age
_CALLS = frozenset({"appelez", "bel", "bellen", "call", "chiama", "dial", "llama", "ruf", "rufe", "ring"})
_EMERGENCY = (112, 911, 999)
_AT = frozenset({"om", "um", "at"})  # before an hour
_DOSE = 5  # tablets at one hour, at most
# behind a number, and before another: "3 for the price of 2"
_PRICES = frozenset({"preis", "precio", "preco", "pret", "price", "prijs", "prix", "prezzo"})
_BEFORE_PRICE = 4  # atoms back from such a word
_SIEVED = frozenset({
    "filtered", "filtrado", "filtrato", "filtre", "filtree", "gefilterd", "gefiltert", "gesiebt", "gezeefd",
    "sieved", "tamisado", "tamise", "tamisee",
})  # fmt: skip
# no one sells a kilo of it
_SLIMMING = frozenset({"liraglutide", "semaglutide", "sibutramine", "tirzepatide"})


def without_numbers_aside(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms with such numbers as numbers that count nothing for sale."""
    if not any(a.kind in "QN" for a in atoms):
        return list(atoms)
    found = list(atoms)
    for place in chain.from_iterable(aside(atoms) for aside in _ASIDES):
        found[place] = atoms[place]._replace(kind="X", unit=None, text="")
    return found


def _networks(atoms: Sequence[Atom]) -> list[int]:
    """Where "4G" and "5G" stand about telephones, or right before gigabytes, and no drug is named."""
    if any(a.kind == "P" and a.term is not None and a.term.entry.grade > 1 for a in atoms):
        return []
    words = set(map(_word, atoms))
    about = not _TELEPHONY.isdisjoint(words)
    kinds = [*(a.kind for a in atoms), ""]
    return [
        place
        for place, atom in enumerate(atoms)
        if atom.kind == "Q" and atom.unit == "g" and atom.value in _NETWORKS
        if atom.end - atom.start == _GLUED and (about or kinds[place + 1] == "X")
    ]


def _marks(atoms: Sequence[Atom]) -> list[int]:
    """Where a mark out of ten stands behind a word for quality: "kwaliteit 9/10"."""
    found: list[int] = []
    for place, atom in enumerate(atoms[:-3]):
        if atom.text not in _QUALITIES:
            continue
        mark, slash, most = atoms[place + 1 : place + 4]
        if (mark.kind, slash.text, most.kind, most.value) == ("N", "/", "N", 10):
            found += [place + 1, place + 3]
    return found


def _said_twice(atoms: Sequence[Atom]) -> list[int]:
    """Where brackets behind an amount say it again in numbers alone: "£240 a ball (3.5)"."""
    found: list[int] = []
    for place, opens in enumerate(atoms[1:-2]):
        if opens.text != "(":
            continue
        said, _, again, closes = atoms[place : place + 4]
        bare = again.kind == "N" and closes.text == ")"
        if bare and said.kind in "QUR" and said.value == again.value != 1:
            found.append(place + 2)
    return found


def _ages(atoms: Sequence[Atom]) -> list[int]:
    """Where the age of a person stands in brackets: "Man (34) veroordeeld"."""
    found = []
    for place in range(2, len(atoms) - 1):
        person, opens, age, closes = atoms[place - 2 : place + 2]
        bare = age.kind == "N" and _ADULT <= age.value <= _OLD
        if bare and person.text in _PERSONS and opens.text == "(" and closes.text == ")":
            found.append(place)
    return found


def _calls(atoms: Sequence[Atom]) -> list[int]:
    """Where one is told to call the emergency services."""
    return [
        place
        for place, atom in enumerate(atoms)
        if place and atom.kind == "N" and atom.value in _EMERGENCY and atoms[place - 1].text in _CALLS
    ]


def _doses(atoms: Sequence[Atom]) -> list[int]:
    """Where so many are taken at one hour and so many at another: "1 om 8 uur en 1 om 12 uur"."""
    found = [
        place
        for place, atom in enumerate(atoms[:-2])
        if atom.kind == "N" and atom.value <= _DOSE and atoms[place + 1].text in _AT
        if atoms[place + 2].kind == "X"
    ]
    return found if len(found) > 1 else []


def _weights(atoms: Sequence[Atom]) -> list[int]:
    """Where kilograms stand on a line about nothing but a medicine against overweight: "3 kg kwijt"."""
    named = {a.term.entry.targets[0] for a in atoms if a.kind == "P" and a.term}
    if not named or not named <= _SLIMMING:
        return []
    return [place for place, atom in enumerate(atoms) if atom.kind == "Q" and atom.unit == "kg"]


def _paid_for(atoms: Sequence[Atom]) -> list[int]:
    """Where so many are had for the price of fewer: "3 voor de prijs van 2"."""
    found: list[int] = []
    for place, atom in enumerate(atoms[:-2]):
        if atom.text not in _PRICES:
            continue
        of_, fewer = atoms[place + 1 : place + 3]
        if of_.text in HOLDING and fewer.kind == "N":
            had = [at for at in range(max(place - _BEFORE_PRICE, 0), place) if atoms[at].kind == "N"]
            if had and atoms[had[-1]].value > fewer.value:
                found += [had[-1], place + 2]
    return found


def _sieved(atoms: Sequence[Atom]) -> list[int]:
    """Where it is said how often resin was sieved: "2x gefilterd", "3x filtré"."""
    return [
        place
        for place, (number, times, word) in enumerate(zip(atoms, atoms[1:], atoms[2:], strict=False))
        if (number.kind, times.kind) == ("N", "T") and _word(word) in _SIEVED
    ]


def _word(atom: Atom) -> str:
    return atom.term.entry.term if atom.term else atom.text


_ASIDES = (_networks, _ages, _calls, _doses, _weights, _paid_for, _marks, _said_twice, _sieved)
