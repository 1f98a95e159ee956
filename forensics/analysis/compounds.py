"""Numbers and words written as one (10st, 5g50, 2xtc), parted; names of drugs and codes stay whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from forensics.analysis.lexicon import Entry
from forensics.analysis.spelling import LEET, LEET_L, is_written_with_digits
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_SPELLED = 4  # letters of a word for an amount that is written with digits
_LETTERS = frozenset("379")
_DARIJA = frozenset({"3la", "3lih"})  # "on", of which the digit is a letter
_RAND, _SEVERAL = re.compile(r"r[1-9][0-9]{1,4}"), 2
_FOR = "b"  # of Darija
_LONG_UNIT = 3  # letters of a unit or name that may stand anywhere
_MEASURED = frozenset({"box", "g", "strip", "tank"})
_PIECES = 4  # of digits and letters in an amount: 10st20e
_MOST_PIECES = 24  # of several goods in one word
_PRICED = 3  # names with their prices written against them that make a row of such


def split(tokens: Sequence[Token], known: Mapping[str, Sequence[Entry]]) -> list[Token]:
    """Tokens such as 10st, 5g50 and 2xtc as number and word; words of the lexicon stay whole."""
    parted: list[Token] = []
    row, rands = _is_row(tokens, known), _are_rands(tokens)
    for place, token in enumerate(tokens):
        text = token.text
        if token.kind != "w" or text.isalpha() or token.alias or not any(c.isdigit() for c in text):
            parted.append(token)
            continue
        pieces = _runs(text)
        if rands and _RAND.fullmatch(text):
            parted += _rand(token)
        elif text in _DARIJA:
            parted.append(token)
        elif len(text) >= _SPELLED and text.translate(LEET) in vocabulary().marks:
            parted.append(token)  # "3ur0"
        elif _is_name(text, known) or _opens_name(tokens, place, known) or text in vocabulary().fixed:
            parted.append(token)
        elif _is_parted(pieces, known, before=tokens[place - 1].text if place else "", row=row) and not any(
            not e.rest for e in known.get(text, ())
        ):
            parted.extend(_pieces(token, pieces))
        else:
            parted.append(token)
    return parted


def _is_parted(
    pieces: Sequence[str], known: Mapping[str, Sequence[Entry]], *, before: str, row: bool
) -> bool:
    """Whether the pieces are words of their own."""
    compound = _is_compound(pieces, known, before=before) or _is_list(pieces, known)
    return compound or (row and _is_priced(pieces, known))


def _is_row(tokens: Sequence[Token], known: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether several names have a number written against them: "coca70 keta40 md45"."""
    digits = (t.text for t in tokens if t.kind == "w" and t.text[-1].isdigit())
    return sum(_is_priced(_runs(text), known) for text in digits) >= _PRICED


def _are_rands(tokens: Sequence[Token]) -> bool:
    """Whether several sums have the letter of the South African rand, one of them behind an amount or before
    a word for each: "R60 each, 10 for R500".
    """
    found = [place for place, t in enumerate(tokens) if t.text[0] == "r" and _RAND.fullmatch(t.text)]
    if len({tokens[place].text for place in found}) < _SEVERAL:
        return False
    words = vocabulary()
    return any(
        (place > 0 and _opens_sum(tokens[place - 1].text))
        or any(t.text in words.per_alone for t in tokens[place + 1 : place + 2])
        for place in found
    )


def _opens_sum(before: str) -> bool:
    """Whether an amount with its unit, or a word for that, may have its sum behind it."""
    words, unit = vocabulary(), before.lstrip("0123456789.,")
    return words.counts(unit) or before in words.equals


def _rand(token: Token) -> list[Token]:
    """The letter as the code of the currency, and the sum."""
    exact = token.end - token.start == len(token.text)
    at = token.start + 1 if exact else token.start
    sum_ = Token(token.text[1:], at, token.end, "n", True)
    return [token._replace(text="zar", end=at if exact else token.end), sum_]


def _is_priced(pieces: Sequence[str], known: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether the pieces are a name, which may be short or one of an ordinary word, and a number."""
    if len(pieces) != 2 or len(pieces[0]) < 2 or not pieces[0].isalpha():
        return False
    return pieces[0] in known or pieces[0] in vocabulary().company


def _is_name(text: str, known: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether digits stand for letters of a name that begins with one ("5p33d"), or that another name begins
    ("xan4x").
    """
    if not is_written_with_digits(text) or (not text[0].isdigit() and not text[-1].isalpha()):
        return False
    plain = [word for word in (text.translate(LEET), text.translate(LEET_L)) if word.isalpha()]
    return any(not e.rest for word in plain for e in known.get(word, ()))


def _opens_name(tokens: Sequence[Token], place: int, known: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether the token and what is written against it are the name of one thing: 1P-LSD, 2-FDCK."""
    ahead = [t.text for t in tokens[place + 1 : place + 3]]
    if len(ahead) < 2 or ahead[0] != "-" or not tokens[place + 1].glued:
        return False
    return any(e.rest[:1] == (ahead[1],) for e in known.get(tokens[place].text, ()))


def _is_compound(pieces: Sequence[str], known: Mapping[str, Sequence[Entry]], *, before: str) -> bool:
    if len(pieces) == 1 or len(pieces) > _PIECES:  # a fraction: 1½; a code: 4f9c2a
        return False
    if pieces[0] == "x" and len(pieces) <= 3 and len(pieces[1]) <= 4:  # "x14": fourteen of them
        return True
    words = vocabulary()
    if _is_times(pieces):
        return True
    if pieces[0] == _FOR and pieces[2:] and pieces[2] in words.currencies:  # "10g b250dh"
        return True
    if pieces[0][0].isalpha():
        measured = words.units.get(pieces[0]) in _MEASURED and len(pieces) == 2  # "caja15€"
        if len(pieces[0]) < _LONG_UNIT:
            return len(pieces[0]) > 1 and measured and before in known  # "skunk gr550"
        return measured or pieces[0] in known
    word = pieces[1]
    if word in words.of_so_many:
        return pieces[0] not in _LETTERS  # "3lik": the digit is a letter of Darija
    return words.counts(word) or word in words.currencies or word in words.glued or word in known


def _is_list(pieces: Sequence[str], known: Mapping[str, Sequence[Entry]]) -> bool:
    """Whether several goods with their amounts are written as one word: "hash10g70wiet10g80", "md1g15"."""
    if not _PIECES <= len(pieces) <= _MOST_PIECES:
        return False
    words = vocabulary()
    names = {
        p for p in pieces[::2] if len(p) > 1 and any(not e.rest and e.grade > 1 for e in known.get(p, ()))
    }
    told = all(p in names or words.counts(p) or p in known or p in words.currencies for p in pieces[::2])
    measured = any(words.counts(p) for p in pieces[2::2])
    return pieces[0] in names and told and measured


def _runs(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and pieces[-1][-1].isalpha() == character.isalpha():
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_times(pieces: Sequence[str]) -> bool:
    """Whether a unit with an "x" stands between two numbers: "1gx35€"."""
    if len(pieces) != 3 or len(pieces[1]) < 2 or pieces[1][-1] != "x" or not pieces[2].isdigit():
        return False
    return vocabulary().counts(pieces[1][:-1])


def _pieces(token: Token, pieces: list[str]) -> list[Token]:
    if _is_times(pieces):
        pieces = [pieces[0], pieces[1][:-1], "=", pieces[2]]
    made, place = [], token.start
    exact = token.end - token.start == len(token.text)
    for index, piece in enumerate(pieces):
        start, end = (place, place + len(piece)) if exact else (token.start, token.end)
        kind = "w" if piece[0].isalpha() else "n" if piece[0].isalnum() else "s"
        made.append(Token(piece, start, end, kind, token.glued if index == 0 else True))
        place = end
    return made
