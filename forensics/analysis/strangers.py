"""Names in the place of a product that are not known: such a line sells not what was named before it."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category

from forensics.analysis.atoms import HOLDING, Atom
from forensics.analysis.letters import LETTERS
from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token, number
from forensics.analysis.tier import Tier
from forensics.analysis.vocabulary import vocabulary

_NUMERIC = "QNMU"
_WORDS = 3  # of a name
_OPENING = frozenset("(\"'")  # signs before a remark or what was said
_SHORTEST = 3  # characters of a name with digits for letters
_LETTERS_OF = 2  # letters of such a name
_CODE = (2, 3, 4)  # letters behind the digit of a code
_PARTS = 3  # of a code: a digit, a hyphen, letters
_STEMS = {"mmc": "cathinone-unspecified"}  # names that are parts of other codes too, and the class of those
_PAIR = 2  # numbers of an amount and its price
_APART = 1.5  # times the price of other sorts of the same goods, at most
_OF_SORTS = frozenset({"cannabis", "hashish", "xtc-tablet", "lsd", "magic-mushrooms", "truffles", "thc"})
_BULLETS = frozenset("⭐★🌟☆💯🔥🚨🔝🆕📍📦🚚🚗🛵💰💵💶💷📲📞🕐⏰☎💳🔹🔸🔷🔶➖➕👉👇👆")


def with_codes(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms of a line that opens with a code that is not known as one name: "7-cmc 1g 20" sells no seven
    of anything, and "6-mmc" is not the one that people mean by mmc, but another of its class.
    """
    if len(atoms) < _PARTS or not _are_glued(atoms):
        return list(atoms)
    digit, _, letters = atoms[:_PARTS]
    term = letters.term
    if letters.kind == "P" and term and term.entry.term in _STEMS:
        named = term._replace(entry=term.entry._replace(targets=(_STEMS[term.entry.term],)))
        return [letters._replace(start=digit.start, term=named), *atoms[_PARTS:]]
    word = letters.kind == "W" and letters.text.isalpha() and letters.text not in vocabulary().fillers
    if word and len(letters.text) in _CODE and any(a.kind in "QNMEB" for a in atoms[_PARTS : _PARTS + 1]):
        return [letters._replace(start=digit.start, text=f"{digit.value:.0f}{letters.text}"), *atoms[_PARTS:]]
    return list(atoms)


def _are_glued(atoms: Sequence[Atom]) -> bool:
    """Whether one digit, a hyphen and what follows are written against each other."""
    digit, dash, letters = atoms[:_PARTS]
    glued = digit.end == dash.start and dash.end == letters.start and dash.text == "-"
    return glued and digit.kind == "N" and digit.value in range(1, 10)


def name_before(atoms: Sequence[Atom]) -> str:
    """The words before the first amount of a line."""
    words: list[str] = []
    for atom in atoms:
        if atom.kind in "QNMS":
            break
        if atom.kind == "W" and _is_name(atom, opens=not words and atom is atoms[0]):
            words.append(atom.text)
    return " ".join(words)


def _is_name(atom: Atom, *, opens: bool) -> bool:
    word = atom.text
    if word.isalpha():
        words = vocabulary()
        return (len(word) > 1 and word not in words.fillers and word not in words.least) or (
            opens and word in LETTERS
        )
    return len(word) >= _SHORTEST and word.isalnum() and sum(c.isalpha() for c in word) >= _LETTERS_OF


def name_behind(atoms: Sequence[Atom], numbers: int) -> str:
    """The one word behind so many amounts and prices, where the products of the lines before stand: "20 = 1
    kets" below "50 = 1 sos".
    """
    place = _behind(atoms, numbers)
    ahead = atoms[place : place + 2] if place else []
    if not ahead or ahead[0].kind != "W" or any(a.kind not in "OBE" + _NUMERIC for a in ahead[1:]):
        return ""
    word = ahead[0].text
    ends = len(ahead) == 1
    known = word in vocabulary().fillers or vocabulary().is_amount_word(word)
    if not word.isalpha() or known or (len(word) < _LETTERS_OF and not (ends and word in LETTERS)):
        return ""
    return word


def _behind(atoms: Sequence[Atom], numbers: int) -> int:
    """The place behind so many amounts and prices and what joins them to what they are of; 0 where there are
    fewer.
    """
    seen = 0
    for place, atom in enumerate(atoms):
        if seen == numbers and not (atom.kind in "O" or atom.text in HOLDING):
            return place
        seen += atom.kind in _NUMERIC
    return 0


def is_name(line: Sequence[Token]) -> bool:
    """Whether a line that counts nothing is a name between signs: "★ Bunte ★"."""
    words = sum(t.kind == "w" for t in line)
    framed = bool(line) and line[0].kind == "s" and line[0].text not in _OPENING
    return framed and 0 < words <= _WORDS and all(t.kind in "ws" for t in line)


def is_strange_heading(line: Sequence[Token], below: Sequence[Token], sold: Sequence[Tier]) -> bool:
    """Whether a word alone on its line heads other goods than the tiers of the heading before: the amounts
    below it begin again at the first of those, for far less or far more. None for goods that come in many
    sorts with names of their own.
    """
    if len(line) != 1 or not line[0].text.isalpha() or len(line[0].text) <= _SHORTEST or not sold:
        return False
    known, term = vocabulary(), sold[0].term
    if known.is_amount_word(line[0].text) or line[0].text in known.fillers:
        return False
    if term is None or term.entry.targets[0] in _OF_SORTS:
        return False
    numbers = [value for t in below if t.kind == "n" and (value := number(t.text)) is not None]
    first = sold[0]
    if len(numbers) != _PAIR or numbers[0] != first.quantity or not first.price:
        return False
    return not first.price / _APART < numbers[1] < first.price * _APART


def numbers_before(atoms: Sequence[Atom]) -> int:
    """How many amounts and prices stand before the one product of a line; 0 where it has several."""
    products = [place for place, a in enumerate(atoms) if a.kind == "P"]
    return sum(a.kind in _NUMERIC for a in atoms[: products[0]]) if len(products) == 1 else 0


def is_strange_emblem(atoms: Sequence[Atom], before: Term | None) -> bool:
    """Whether a line opens with an emoji of no known meaning where the one before opened with one that is a
    product: "🎾 10" below "🐎 40".
    """
    if before is None or len(atoms) < _LETTERS_OF or before.entry.term[0].isalnum():
        return False
    sign = atoms[0]
    first = sign.text[:1]  # a name that is denied has no text
    emoji = sign.kind == "O" and first > "\u25ff" and category(first) == "So" and first not in _BULLETS
    return emoji and atoms[1].kind in _NUMERIC
