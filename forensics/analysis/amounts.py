"""Numbers with what they count: quantities, strengths, prices, and the signs between them.

Conversions are the contract's (section 5): ons = 100 g, litre = 1000 ml, blok = 1 kg, oz = 28 g; money
and quantity slang from the lexicon's notes. A value-denominated unit stays a price and is never turned
into grams.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from forensics.analysis.lexicon import Entry, Term
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary

_STRENGTH = frozenset({"mg", "mcg", "ug", "μg"})
_TIMES = frozenset({"x", "keer", "*"})
_STRONG = frozenset("|;•")
_FROM = frozenset({"van", "was", "from"})


class Atom(NamedTuple):
    """One piece of a line: P product, Q quantity, N bare number, M money, S strength, U unit alone, R price
    per unit, E equals, T times, B boundary, C plus, F fee, W word, X a number that counts nothing for
    sale.
    """

    kind: str
    start: int
    end: int
    value: float = 0.0
    unit: str | None = None  # of M: the currency
    term: Term | None = None
    text: str = ""


_ATOM_OF = partial(tuple.__new__, Atom)  # all seven fields as one tuple: half the time of Atom(...)


def split(tokens: Sequence[Token], known: Mapping[str, Sequence[Entry]]) -> list[Token]:
    """Tokens such as 10st, 5g50 and 2xtc as number and word; words of the lexicon stay whole."""
    parted: list[Token] = []
    for token in tokens:
        text = token.text
        if token.kind != "w" or text.isalpha() or token.alias or not any(c.isdigit() for c in text):
            parted.append(token)
            continue
        pieces = _runs(text)
        if _is_compound(pieces, known) and not any(not e.rest for e in known.get(text, ())):
            parted.extend(_pieces(token, pieces))
        else:
            parted.append(token)
    return parted


def _is_compound(pieces: Sequence[str], known: Mapping[str, Sequence[Entry]]) -> bool:
    if len(pieces) == 1:  # a fraction: 1½
        return False
    if pieces[0][0].isalpha():
        return len(pieces[0]) > 2 and pieces[0] in known
    word = pieces[1]
    words = vocabulary()
    return words.counts(word) or word in words.currencies or word in words.glued or word in known


def _runs(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and pieces[-1][-1].isalpha() == character.isalpha():
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _pieces(token: Token, pieces: list[str]) -> list[Token]:
    made, place = [], token.start
    exact = token.end - token.start == len(token.text)
    for index, piece in enumerate(pieces):
        start, end = (place, place + len(piece)) if exact else (token.start, token.end)
        kind = "w" if piece[0].isalpha() else "n"
        made.append(Token(piece, start, end, kind, token.glued if index == 0 else True))
        place = end
    return made


class LineReader:
    """Turns the tokens of one line into atoms."""

    def __init__(self, tokens: Sequence[Token], terms: Sequence[Term], first: int, after: int) -> None:
        self._words = vocabulary()
        self._tokens = tokens
        low, high = (bisect_left(terms, place, key=lambda t: t.first) for place in (first, after))
        self._terms = {t.first: t for t in terms[low:high]}
        self._place = first
        self._after = after
        self._atoms: list[Atom] = []

    def read(self) -> list[Atom]:
        """The atoms of the line, struck-out parts left away."""
        marks, terms = self._words.marks, self._terms
        while self._place < self._after:
            token = self._tokens[self._place]
            text = token.text
            tells = text in marks or self._place in terms or (not text.isalpha() and is_numeral(token))
            if not (tells and self._step()):
                self._atoms.append(_plain(token))
                self._place += 1
        return _without_struck(self._atoms)

    def _add(self, atom: Atom, used: int) -> bool:
        self._atoms.append(atom)
        self._place += used
        return True

    def _token(self, ahead: int = 0) -> Token | None:
        place = self._place + ahead
        return self._tokens[place] if place < self._after else None

    def _text(self, ahead: int) -> str:
        token = self._token(ahead)
        return token.text if token else ""

    def _step(self) -> bool:
        return self._phrase() or self._term() or self._number() or self._unit() or self._word()

    def _phrase(self) -> bool:
        if self._tokens[self._place].text not in self._words.phrase_starts:
            return False
        for length in (3, 2, 1):
            key = tuple(self._text(i) for i in range(length))
            if key in self._words.phrases:
                value, unit = self._words.phrases[key]
                used = length - (1 if key[-1] == "of" else 0)
                last = self._tokens[self._place + used - 1]
                start = self._tokens[self._place].start
                if "ball" in key[-1]:
                    term = self._terms.get(self._place)
                    if term:
                        self._atoms.append(Atom("P", term.start, term.end, term=term, unit="also"))
                return self._add(Atom("Q", start, last.end, value, unit), used)
        return False

    def _term(self) -> bool:
        term = self._terms.get(self._place)
        if term is None:
            return False
        token = self._tokens[self._place]
        counts = self._words.counts(token.text)
        if counts and term.after == self._place + 1 and term.entry.grade == 1:
            if self._atoms and self._atoms[-1].kind == "N":
                number_ = self._atoms.pop()
                self._atoms.append(_quantity(number_, token))
                return self._add(Atom("P", term.start, term.end, term=term, unit="also"), 1)
            follows = (self._place + 1) in self._terms or _is_number(self._token(1))
            if self._previous_is_per() or (follows and self._words.units.get(token.text) != "piece"):
                return self._unit()
        return self._add(Atom("P", term.start, term.end, term=term), term.after - self._place)

    def _previous_is_per(self) -> bool:
        return bool(self._atoms) and self._atoms[-1].text in self._words.per and self._atoms[-1].kind in "WE"

    def _number(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.currencies and token.kind == "s":
            following = self._token(1)
            value = number(following.text) if following and _is_number(following) else None
            if following is None or value is None:
                return self._add(Atom("W", token.start, token.end, text=token.text), 1)
            used = 2 + self._dash(2)
            if self._text(2) == "k":
                value, used = value * 1000, 3
            end = self._tokens[self._place + used - 1].end
            return self._add(Atom("M", token.start, end, value, self._words.currencies[token.text]), used)
        value = number(token.text) if is_numeral(token) else None
        if value is not None:
            return self._counted(token, value, 1)
        return self._spelled(token)

    def _spelled(self, token: Token) -> bool:
        if (
            token.text in self._words.shares
            and self._previous_is_per()
            and len(self._atoms) > 1
            and self._atoms[-2].kind in "MN"
        ):
            self._atoms.pop()
            return self._add(Atom("R", token.start, token.end, self._words.shares[token.text], None), 1)
        if token.text in self._words.shares and self._is_price_ahead():
            return self._add(Atom("N", token.start, token.end, self._words.shares[token.text]), 1)
        value = self._words.numbers.get(token.text)
        following = self._text(1)
        if value is None:
            if token.text in self._words.money:
                return self._add(Atom("M", token.start, token.end, self._words.money[token.text], None), 1)
            return False
        counts = self._words.counts(following) or following in self._words.money
        if token.text in self._words.articles:
            per = self._atoms and self._atoms[-1].kind in "MN" and token.text in self._words.per
            return self._counted(token, value, 1) if counts and not per else False
        known = counts or following in self._words.currencies or following in self._words.equals
        after_equals = bool(self._atoms) and self._atoms[-1].kind in "EQ"
        product = (self._place + 1) in self._terms
        return self._counted(token, value, 1) if known or product or after_equals else False

    def _is_price_ahead(self) -> bool:
        """Whether a number above twelve follows: "half 7" is a time."""
        following = self._token(1)
        value = number(following.text) if following and following.kind == "n" else None
        return value is not None and value > 12

    def _counted(self, token: Token, value: float, used: int) -> bool:
        """A number with what follows it: a unit, a currency, a sign, or nothing."""
        following = self._token(used)
        text = following.text if following else ""
        bad = self._no_amount(token, value, used)
        if bad:
            return self._add(Atom("X", token.start, self._tokens[self._place + bad - 1].end, value), bad)
        fraction = self._fraction(token, value, used)
        if fraction:
            value, used = fraction
            following = self._token(used)
            text = following.text if following else ""
        if following is not None and text in self._words.money:
            return self._add(
                Atom("M", token.start, following.end, value * self._words.money[text], None), used + 1
            )
        if following is not None and self._is_suffix(following, used):
            end = following.end
            return self._add(Atom("M", token.start, end, value, self._words.currencies[text]), used + 1)
        if following is not None and text == "k" and following.glued:
            return self._add(Atom("N", token.start, following.end, value * 1000), used + 1)
        dash = self._dash(used)
        if dash:
            return self._add(
                Atom("M", token.start, self._tokens[self._place + used + dash - 1].end, value), used + dash
            )
        if following is not None and text in _STRENGTH:
            return self._add(
                Atom("S", token.start, following.end, value, "mg" if text == "mg" else "mcg"), used + 1
            )
        atom = Atom("N", token.start, self._tokens[self._place + used - 1].end, value)
        is_unit = self._words.counts(text) and not self._is_price_before(following, used)
        if following is not None and is_unit and (self._place + used) not in self._terms:
            return self._add(_quantity(atom, following), used + 1)
        if following is not None and text in _TIMES and (following.glued or self._text(used + 1)):
            self._atoms.append(atom)
            return self._add(Atom("T", following.start, following.end), used + 1)
        return self._add(atom, used)

    def _is_price_before(self, following: Token | None, used: int) -> bool:
        """Whether the number is the price of the amount before it and the unit opens the next: 25g 90 ons
        300.
        """
        if following is None or following.glued or not self._atoms or self._atoms[-1].kind != "Q":
            return False
        return _is_number(self._token(used + 1))

    def _is_suffix(self, following: Token, used: int) -> bool:
        if following.text not in self._words.currencies:
            return False
        if following.text == "e":
            return following.glued
        if following.kind != "s" or following.glued:
            return True
        after = self._token(used + 1)
        return not (after and after.glued and _is_number(after))

    def _dash(self, ahead: int) -> int:
        """How many tokens the ",-" behind a price takes."""
        first, second = self._token(ahead), self._token(ahead + 1)
        if first and second and first.glued and second.glued and first.text in ",." and second.text in "-=":
            return 2
        return 0

    def _fraction(self, token: Token, value: float, used: int) -> tuple[float, int] | None:
        slash, below = self._token(used), self._token(used + 1)
        if not (slash and below and slash.text == "/" and slash.glued and below.glued and below.kind == "n"):
            return None
        if (token.text, below.text) not in (("1", "2"), ("1", "4"), ("3", "4"), ("1", "8")):
            return None
        behind = self._text(used + 2)
        if behind in self._words.currencies or behind in ("=", ":", "voor", "for"):
            share = value / float(below.text)
            ounces = behind == "$" or below.text == "8"
            return (share * 28, used + 2) if ounces else (share, used + 2)
        if self._words.counts(behind) or (self._place + used + 2) in self._terms:
            return value / float(below.text), used + 2
        return None

    def _no_amount(self, token: Token, value: float, used: int) -> int:
        """How many tokens a number takes that counts no goods: a time, a date, a telephone number, a
        percentage.
        """
        following, after = self._token(used), self._token(used + 1)
        previous = self._tokens[self._place - 1] if self._place else None
        if len(token.text) >= 6 and token.kind == "n" and token.text.isdigit():
            return 1
        if previous and previous.text == "+" and token.glued:
            return 1
        if following is None:
            return 0
        if following.text in ").":
            opens = following.text == ")" or previous is None or previous.kind in "ls"
            loose = after is not None and not after.glued
            if following.glued and opens and loose and len(token.text) <= 2 and not self._in_brackets():
                return used + 1
        if following.text in self._words.no_amount and following.text not in self._words.units:
            return used + 1
        if following.text == ":" and following.glued and after and after.glued and after.kind == "n":
            return used + 2
        if (token.text, following.text, self._text(used + 1)) in (
            ("24", "/", "7"),
            ("7", "/", "7"),
            ("7", "/", "24"),
        ):
            return used + 2
        return 0

    def _in_brackets(self) -> bool:
        near = self._tokens[max(0, self._place - 6) : self._place]
        return any(t.text == "(" for t in near)

    def _unit(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.per_alone:
            return self._add(Atom("R", token.start, token.end, 1.0, "g" if "g" in token.text else "piece"), 1)
        if not self._words.counts(token.text):
            return False
        value, unit = self._words.amount(token.text)
        per = self._previous_is_per()
        if per:
            self._atoms.pop()
        money = bool(self._atoms) and self._atoms[-1].kind == "M"
        kind = "R" if per or money else "U"
        return self._add(Atom(kind, token.start, token.end, value, unit, text=token.text), 1)

    def _word(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.fees:
            return self._add(Atom("F", token.start, token.end, text=token.text), 1)
        if token.text in self._words.equals:
            return self._add(Atom("E", token.start, token.end, text=token.text), 1)
        return False


def is_numeral(token: Token) -> bool:
    """Whether the token is a number or begins as one."""
    return token.kind == "n" or (token.kind == "w" and not token.text[0].isalpha())


def _is_number(token: Token | None) -> bool:
    return token is not None and token.kind in "nw" and number(token.text) is not None


def _plain(token: Token) -> Atom:
    text, start, end, kind, *_ = token
    if kind == "s":
        if text in _STRONG:
            return Atom("B", start, end, text=text)
        if text == "+":
            return Atom("C", start, end)
    return _ATOM_OF(("W" if kind == "w" or text in "/~" else "O", start, end, 0.0, None, None, text))


def _quantity(atom: Atom, token: Token) -> Atom:
    factor, unit = vocabulary().amount(token.text)
    return Atom("Q", atom.start, token.end, atom.value * factor, unit)


def _without_struck(atoms: list[Atom]) -> list[Atom]:
    """Without what stands between two tildes (struck out) and without the "van 60" of "van 60 voor 50"."""
    tildes = [i for i, a in enumerate(atoms) if a.text == "~"]
    if len(tildes) >= 2:
        first, last = tildes[0], tildes[1]
        return _without_struck(atoms[:first] + atoms[last + 1 :])
    for place in range(len(atoms) - 3):
        if atoms[place].text not in _FROM or atoms[place + 1].kind not in "NM":
            continue
        turn, new = atoms[place + 2], atoms[place + 3]
        if turn.text in ("nu", "now") and new.text in vocabulary().equals and place + 4 < len(atoms):
            new = atoms[place + 4]
        if turn.text in ("voor", "nu", "now", "to") and new.kind in "NM":
            return atoms[:place] + atoms[place + 3 :]
    return atoms
