"""Words for amounts and prices written so as to be missed, beside a drug that is written so or plainly.

"5 gr4m", "25 euuuro", "1 g.r.a.m", "2 0 ,-": normalisation steps 3 to 6 for the words that count, measure
and price. They are read so only where a drug is named: elsewhere nobody hides a measure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.lexicon import Term
from forensics.analysis.spelling import LEET, PARTING, REPEATED, SIGNS, in_run, plainly, stretched
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_SHORTEST, _LONGEST = 3, 12  # letters of such a word
_NOUGHTS = 3  # letters for noughts behind a number
_OF_BROKEN = 3  # tokens of a number with one decimal, or of a word with one sign
_LAST = frozenset("05")  # digits that a sum ends in
_HYPHENS = frozenset("-_*")  # signs that part letters and no decimals
_HIDDEN = frozenset({"leet", "separated"})  # ways of writing an ordinary word that say it is no such
_GLUED = re.compile(r"([1-9][0-9]{0,3})(o{0,4})([a-z]{1,12})")  # a number and the word written against it
_POINTED_SUM = re.compile(r"[1-9]\.0")  # digits of a sum with the point of the letters


def plain_amounts(tokens: Sequence[Token], terms: Sequence[Term]) -> list[Token] | None:
    """The tokens with such words written plainly; None when there is none."""
    if not any(t.entry.grade > 1 or _is_hidden(t, tokens) for t in terms):
        return None
    taken = {place for t in terms for place in range(t.first, t.after)}
    apart = any("separated" in t.fired for t in terms)
    hidden = any(t.fired for t in terms)
    fives = any("leet" in t.fired for t in terms)
    signs = _signs(tokens, terms) if apart else frozenset()
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        used, text = 1, token.text
        whole = _run(tokens, place)
        if whole:
            used, text = whole
        elif place not in taken:
            used, text = _joined(tokens, place, taken, numbers=apart) or (1, _plain(token))
            used, text = (hidden and _noughts(tokens, place)) or (used, text)
            used, text = (hidden and _signed(tokens, place)) or (used, text)
            used, text = (fives and _five(tokens, place)) or (used, text)
            used, text = (bool(signs) and _parted(tokens, place, signs)) or (used, text)
            used, text = (apart and _broken(tokens, place)) or (used, text)
            text = _sum(text) if hidden else text
            text = (apart and _pointed(tokens, place)) or text
            if hidden and text == token.text and (parts := _glued(token)):
                made += parts
                place += 1
                continue
        end = tokens[place + used - 1].end
        made.append(token if text == token.text else token._replace(text=text, end=end, kind=_kind(text)))
        place += used
    return made if made != list(tokens) else None


def _is_hidden(term: Term, tokens: Sequence[Token]) -> bool:
    """Whether the way in which an ordinary word is written says that it is no such."""
    return bool(_HIDDEN.intersection(term.fired)) or (
        bool(term.fired) and stretched(tokens[term.first].text) and len(term.entry.term) >= _SHORTEST
    )


def _glued(token: Token) -> list[Token]:
    """A number with the letter o for noughts, or with a stretched word of money behind it, as two: "6OOdh",
    "70eurooo".
    """
    found = _GLUED.fullmatch(token.text)
    if found is None or not (found[2] or stretched(found[3])):
        return []
    word = REPEATED.sub(r"\1", found[3]) if stretched(found[3]) else found[3]
    if word not in vocabulary().currencies:
        return []
    cut = token.end - len(found[3])
    digits = found[1] + "0" * len(found[2])
    return [
        token._replace(text=digits, end=cut, kind="n"),
        token._replace(text=word, start=cut, kind="w", glued=True),
    ]


def _pointed(tokens: Sequence[Token], place: int) -> str:
    """A sum whose digits are parted by points as the letters of a name are: "c.o.c.a 6.0"; "" for any other
    number, and before what it counts.
    """
    token, behind = tokens[place], tokens[place + 1].text if place + 1 < len(tokens) else ""
    counts = behind in vocabulary().units or behind in vocabulary().equals or behind[:1].isdigit()
    pointed = _POINTED_SUM.fullmatch(token.text) is not None and not counts
    return token.text.replace(".", "") if pointed else ""


def _kind(text: str) -> str:
    return "n" if text.replace(",", ".").replace(".", "", 1).isdigit() else "w"


def _plain(token: Token) -> str:
    """The word for an amount that the token is meant for; the token's own text when it is none."""
    text, marks = token.text, vocabulary().marks
    if token.kind != "w" or len(text) > 4 * _LONGEST:
        return text
    if token.alias is not None and token.alias in marks:
        return token.alias
    if stretched(text):
        tries = (REPEATED.sub(r"\1\1", text), REPEATED.sub(r"\1", text))
    elif len(text) >= _SHORTEST and not text.isalpha() and not text.isdigit():
        tries = (text.translate(LEET), text)
    else:
        return text
    return next((plain for plain in tries if len(plain) >= _SHORTEST and plain in marks), text)


def _sum(text: str) -> str:
    """A number with the letter o for its noughts as one: "6o", "1oo"; else the text."""
    digits = text.replace("o", "0")
    hidden = len(text) <= _LONGEST and text != digits and text[0] in "123456789"
    return digits if hidden and digits.isdigit() and digits.isascii() else text


def _noughts(tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
    """The same of a number and letters o that are written against it: "7O - 2g", "mdm@ 4O ."."""
    digits, letters = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
    if letters is None or not letters.glued or letters.text.strip("o") or len(letters.text) > _NOUGHTS:
        return None
    plain = digits.kind == "n" and digits.text.isdigit() and digits.text.isascii()
    return (2, digits.text + "0" * len(letters.text)) if plain and digits.text != "0" else None


def _signed(tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
    """A word for an amount with one sign for a letter in it: "str!p"."""
    parts = tokens[place : place + _OF_BROKEN]
    if len(parts) < _OF_BROKEN or parts[0].kind != "w" or parts[2].kind != "w":
        return None
    inside = parts[1].text in SIGNS and parts[1].glued and parts[2].glued
    words = plainly("".join(t.text for t in parts)) if inside else ()
    meant = next((word for word in words if word in vocabulary().marks), "")
    return (_OF_BROKEN, meant) if meant else None


def _five(tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
    """The same of one digit with the letter s for a five against it, beside digits for letters: "k3t4 2S"."""
    digit, letter = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
    if letter is None or not letter.glued or letter.text != "s" or digit.text not in "123456789":
        return None
    return 2, digit.text + "5"


def _signs(tokens: Sequence[Token], terms: Sequence[Term]) -> frozenset[str]:
    """The signs that part the letters of the names of drugs: "g-r-a-s", "wi-et"."""
    found = {t.text for term in terms if "separated" in term.fired for t in tokens[term.first : term.after]}
    return _HYPHENS & found


def _parted(tokens: Sequence[Token], place: int, signs: frozenset[str]) -> tuple[int, str] | None:
    """A sum whose digits are parted by the same sign as the letters of a name: "g-r-a-s 5er 4-5"."""
    parts = tokens[place : place + 3]
    if len(parts) < 3 or parts[1].text not in signs or not (parts[1].glued and parts[2].glued):
        return None
    sum_ = parts[0].text in "123456789" and parts[2].text in _LAST
    behind = tokens[place + 3].text if place + 3 < len(tokens) else ""
    return (3, parts[0].text + parts[2].text) if sum_ and behind not in vocabulary().units else None


def _broken(tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
    """A number with one decimal whose signs stand apart: "3 , 5 g"."""
    parts = tokens[place : place + _OF_BROKEN]
    if len(parts) < _OF_BROKEN or parts[1].text not in (",", "."):
        return None
    single = all(len(t.text) == 1 for t in parts) and parts[0].text.isdecimal() and parts[2].text.isdecimal()
    apart = all(behind.start == before.end + 1 for before, behind in pairwise(parts))
    return (_OF_BROKEN, parts[0].text + "." + parts[2].text) if single and apart else None


def _run(tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
    """A word for an amount whose letters are parted by the same sign, and by how many tokens."""
    sign = _sign(tokens, place) if len(tokens[place].text) == 1 and not in_run(tokens, place) else None
    if not sign:
        return None
    word, at = tokens[place].text, place
    while len(word) <= _LONGEST and _sign(tokens, at) == sign and len(tokens[at + 2].text) == 1:
        at += 2
        word += tokens[at].text
    known = len(word) >= _SHORTEST and word in vocabulary().marks
    return (at - place + 1, word) if known else None


def _joined(tokens: Sequence[Token], place: int, taken: set[int], *, numbers: bool) -> tuple[int, str] | None:
    """How many tokens from here on are the letters of one word for an amount, and that word."""
    first = tokens[place]
    if len(first.text) > 1 or first.kind not in "wn":
        return None
    sign = _sign(tokens, place)
    if sign is None:
        return None
    step = 2 if sign else 1
    word, best = first.text, None
    at = place + step
    while at < len(tokens) and at not in taken and len(word) < _LONGEST:
        token = tokens[at]
        if len(token.text) > 1 or token.kind not in "wn" or _sign(tokens, at - step) != sign:
            break
        word += token.text
        at += step
        if (len(word) >= _SHORTEST and word.isalpha() and word in vocabulary().marks) or (
            numbers and word.isdigit() and not sign
        ):
            best = (at - step - place + 1, word)
    return best


def _sign(tokens: Sequence[Token], place: int) -> str | None:
    """What parts a single letter from the next: a sign, "" for one space, None for anything else."""
    token, following = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None:
        return None
    if following.kind in "wn":
        return "" if following.start == token.end + 1 else None
    glued = following.glued and place + 2 < len(tokens) and tokens[place + 2].glued
    return following.text if following.text in PARTING and glued else None
