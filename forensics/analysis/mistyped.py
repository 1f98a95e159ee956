"""Names of goods with a typing error, where goods stand: "Kosk 1g 65" in a list of such lines.

One such word may be anything: it is read as a name only where it opens an entry before its number, and
another entry of the message opens with the name of a drug, or two more with such words, or one more where
the unit of both stands behind the number. Units hold such errors too: "zolpidem 10 stirp 20".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.spelling import MISSPELLED
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_LEAST, _MISTYPED = 2, 3  # entries of goods, and of such words where no name is written right
_SHORT = 4  # letters of a name of which none is another by mistake: "coxa", "weet"
_LONG = 6  # letters of one of which one may be left out
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")  # keys beside each other
_PARTING = frozenset(",;:/|-•.")  # signs before an entry
_BEFORE_NUMBER = frozenset(".£€$")  # "snow .5", "coek £60"
_WEIGHED = frozenset({"g", "ml"})
_NAMES = (
    *("coke", "koks", "keta", "ketje", "wiet", "weed", "hasj", "haschisch", "speed", "pillen"),
    *("extasy", "ecstasy", "snuif", "charlie", "gras", "tesla", "teslas", "coca", "cocaina"),
    *("cocaine", "kokain", "hierba", "erba", "marihuana", "marijuana", "farlopa", "hachis", "zetla"),
    *("cannabis", "mdma", "lachgas", "heroine", "haze", "skunk", "ketamine", "mandrax"),
    *("lsd", "xtc", "ghb", "gbl", "meth", "amnesia", "viagra", "levitra", "cialis", "zegels"),
    *("olive", "mousseux", "pastile", "iarba", "ziolo", "kokaina", "amfetamina", "esrar", "haszysz"),
)
_ABBREVIATED = ("mdma", "xtc", "hasj", "ghb", "gbl", "viagra")  # in which no letter too many makes a word
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_UNITS = ("gram", "stuks", "euro", "grams", "strip", "voor", "for")
_NO_UNITS = frozenset({"gran"})  # words of their own
# Ordinary words and names among the errors.
_ORDINARY = frozenset({
    "carlie", "charle", "charli", "cica", "cocina", "cole", "cooke", "coxa", "erna", "estar", "gars", "grad",
    "hadj", "hajs", "herba", "hierna", "iarna", "kiks", "kokian", "kols", "pastille", "pollen", "pullen",
    "skink", "telas", "weef", "wees", "weit", "werd", "wier", "wirt", "woet",
})  # fmt: skip


def with_names_meant(
    tokens: list[Token], terms: list[Term], lexicon: Lexicon
) -> tuple[list[Token], list[Term]]:
    """Tokens and terms with the names that hold a typing error as they are meant; such terms say so."""
    meant = _meant(tokens, terms)
    return (tokens, terms) if meant is None else _found(tokens, terms, meant, lexicon, MISSPELLED)


def renamed(
    tokens: list[Token], terms: list[Term], names: Mapping[int, str], lexicon: Lexicon, how: str
) -> tuple[list[Token], list[Term]]:
    """Tokens and terms with these names at their places; the terms say how they are written."""
    if not names:
        return tokens, terms
    meant = [t._replace(text=names[place]) if place in names else t for place, t in enumerate(tokens)]
    return _found(tokens, terms, meant, lexicon, how)


def _found(
    tokens: Sequence[Token], terms: Sequence[Term], meant: list[Token], lexicon: Lexicon, how: str
) -> tuple[list[Token], list[Term]]:
    """The tokens as they are meant, and their terms; those that are written otherwise, here or by what was
    found before, say how."""
    changed = {p for p, (old, new) in enumerate(zip(tokens, meant, strict=True)) if old.text != new.text}
    known = {t.first: t.fired for t in terms if t.fired}
    found = lexicon.find(meant)
    return meant, [
        t._replace(fired=(*t.fired, how) if t.first in changed else t.fired or known.get(t.first, ()))
        for t in found
    ]


def _meant(tokens: Sequence[Token], terms: Sequence[Term]) -> list[Token] | None:
    """The tokens with such words as they are meant; None where there are none."""
    firsts = {t.first for t in terms if t.entry.grade > 1}
    taken = {place for t in terms for place in range(t.first, t.after)}
    meant: dict[int, str] = {}
    entries = 0
    for place in openings(tokens):
        word = tokens[place].text
        name = None
        if place not in taken:
            name = _errors().get(word)
        if name:
            meant[place] = name
        entries += bool(name) or place in firsts
    sure = entries > len(meant) or all(_is_weighed(tokens, place) for place in meant)
    if entries < (_LEAST if sure else _MISTYPED):
        return None
    before = (None, *tokens)
    written = [_written(t, meant.get(place, ""), before[place]) for place, t in enumerate(tokens)]
    return written if written != tokens else None


def _is_weighed(tokens: Sequence[Token], place: int) -> bool:
    """Whether a unit of weight stands behind the number of an entry, right or with an error of its own."""
    behind = tokens[place + 2].text if place + 2 < len(tokens) else ""
    return vocabulary().units.get(_units().get(behind, behind)) in _WEIGHED


def openings(tokens: Sequence[Token]) -> Iterator[int]:
    """The places of words that open a line or what stands behind a sign, before a number."""
    for place, token in enumerate(tokens[:-1]):
        before = tokens[place - 1] if place else None
        if token.kind != "w" or (before and before.kind != "l" and before.text not in _PARTING):
            continue
        ahead = tokens[place + 1 : place + 3]
        number = ahead[-1] if ahead[0].text in _BEFORE_NUMBER else ahead[0]
        if number.text[:1].isdigit():
            yield place


def _written(token: Token, name: str, before: Token | None) -> Token:
    """The token as it is meant: a name, or a unit with such an error behind a number."""
    if name or (before is not None and before.kind == "n" and token.kind == "w"):
        name = name or _units().get(token.text, "")
    return token._replace(text=name) if name else token


@cache
def _errors() -> dict[str, str]:
    """Each name with an error, and the name; none that is a word of the lists."""
    return {
        word: name
        for name in _NAMES
        for word in sorted(_of(name))
        if word not in _NAMES and word not in _ORDINARY and not vocabulary().is_amount_word(word)
    }


@cache
def _units() -> dict[str, str]:
    """The same of units and money."""
    words = vocabulary()
    return {
        word: unit
        for unit in _UNITS
        for word in sorted(_of(unit))
        if word not in _NO_UNITS and not words.is_amount_word(word)
    }


def _of(name: str) -> Iterator[str]:
    """The name with two letters swapped, one doubled, one of a neighbouring key, or one left out of many."""
    for place, letter in enumerate(name):
        before, behind = name[:place], name[place + 1 :]
        yield before + letter + letter + behind
        if place and behind:
            yield before + behind[0] + letter + behind[1:]
        if place and len(name) > _SHORT:
            yield from (before + key + behind for key in _beside(letter))
        if place and len(name) >= _LONG:
            yield before + behind
        if name in _ABBREVIATED:
            yield from (before + letter + more + behind for more in _LETTERS)


def _beside(letter: str) -> str:
    """The keys to the left and right of a letter's."""
    row = next(row for row in _ROWS if letter in row)
    place = row.index(letter)
    return row[max(0, place - 1) : place] + row[place + 1 : place + 2]
