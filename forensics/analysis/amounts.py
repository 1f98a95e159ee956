"""Numbers with what they count: quantities, strengths, prices, and the signs between them.

Conversions are the contract's (section 5): ons = 100 g, litre = 1000 ml, blok = 1 kg, oz = 28 g; money
and quantity slang from the lexicon's notes. A value-denominated unit stays a price and is never turned
into grams.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from forensics.analysis.atoms import ATOM_OF, HOLDING, PER, Atom
from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary

_STRENGTH = frozenset({"mg", "mcg", "ug", "μg"})
_TIMES = frozenset({"x", "keer", "*"})
_STRONG = frozenset("|;•")
_FROM = frozenset({"van", "was", "from"})
_CHAINED = frozenset({"en", "si", "and", "et", "und", "e", "y", "i", "-", "/", "&", "+"})
_PACKED = frozenset({"strip", "box", "pack"})
# written against a number: "14lü", "10luk", "5lik"
_OF_SO_MANY = frozenset({"li", "lu", "lik", "luk"})
_BY = frozenset({"le", "les", "los", "las", "die", "per", "pro", "por", "je", "i"})
_JOINTS = frozenset({"y", "e", "et", "si", "and", "-"})  # within a number of two words
_HUNDREDS = frozenset({"one", "two", "three"})  # "one fifty"
_MOST_WORDS = 6
_BEFORE_MANY = 2  # a price, and the word or bracket between it and what it is for
_LEAST_PRICE = 10
_NO_COUNT = frozenset({"a", "an", "n", "'n"})  # before a sum these say "at" or "each"
_LEAST_SUM = 4
_LATEST = 24  # the last hour of a day


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
        used = term.after - self._place
        if term.entry.term[-1].isdigit() and self._text(used) in _STRENGTH:
            used += 1  # "valium 10 mg": the number of the name is its strength
        return self._add(Atom("P", term.start, term.end, term=term), used)

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
            start, currency = self._signed(token)
            return self._add(Atom("M", start, end, value, currency), used)
        value = number(token.text) if is_numeral(token) else None
        if value is not None:
            return self._counted(token, value, 1)
        return self._spelled(token)

    def _signed(self, sign: Token) -> tuple[int, str]:
        """Where a sign of money begins and what it means: "R$" is no dollar."""
        before = self._tokens[self._place - 1] if self._place else None
        if before is not None and sign.glued and before.text + sign.text in self._words.currencies:
            if self._atoms and self._atoms[-1].start == before.start:
                self._atoms.pop()
            return before.start, self._words.currencies[before.text + sign.text]
        return sign.start, self._words.currencies[sign.text]

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
        if token.text in self._words.numbers and self._is_sum_ahead(self._words.numbers[token.text]):
            return self._add(Atom("N", token.start, token.end, self._words.numbers[token.text]), 1)
        value, used = self._combined()
        following = self._text(used)
        if value is None:
            if token.text in self._words.money and self._buys_ahead(self._words.money[token.text]):
                return self._add(Atom("N", token.start, token.end, self._words.money[token.text]), 1)
            if token.text in self._words.money:
                return self._add(Atom("M", token.start, token.end, self._words.money[token.text], None), 1)
            return False
        counts = self._words.counts(following) or following in self._words.money
        if token.text in self._words.articles:
            per = self._atoms and self._atoms[-1].kind in "MN" and token.text in self._words.per
            return self._counted(token, value, used) if counts and not per else False
        known = counts or following in self._words.currencies or following in self._words.equals
        after_equals = bool(self._atoms) and self._atoms[-1].kind in "EQ"
        product = (self._place + used) in self._terms
        is_price = value >= _LEAST_PRICE and self._is_last_word(used) and self._atoms[-1:] != []
        is_price = is_price and self._atoms[-1].kind in "PQU"
        known = known or product or after_equals or is_price or following in self._words.per
        return self._counted(token, value, used) if known else False

    def _combined(self) -> tuple[float | None, int]:
        """The number that the words from here on make, and how many words: "treinta y cinco", "two hundred"."""
        numbers = self._words.numbers
        value = numbers.get(self._text(0))
        used = 1
        after_equals = bool(self._atoms) and self._atoms[-1].kind == "E"
        while value is not None and used < _MOST_WORDS:
            joint = int(self._text(used) in _JOINTS)
            further = numbers.get(self._text(used + joint))
            if further is None or (joint and not _is_one(further)):
                break
            made = _together(value, further, said=after_equals and self._text(0) in _HUNDREDS)
            if made is None:
                break
            value, used = made, used + joint + 1
        return value, used

    def _is_last_word(self, ahead: int = 1) -> bool:
        """Whether no word follows in the clause: "coke vijftig, halfje dertig"."""
        following = self._token(ahead)
        return following is None or following.kind != "w"

    def _buys_ahead(self, value: float) -> bool:
        """Whether a larger sum follows the word for one: "vijfje voor veertig" counts what is sold."""
        if self._text(1) not in self._words.equals:
            return False
        price = number(self._text(2)) or self._words.numbers.get(self._text(2), 0.0)
        return price > value and not self._words.counts(self._text(3))

    def _is_price_ahead(self) -> bool:
        """Whether a number above twelve follows: "half 7" is a time."""
        following = self._token(1)
        value = number(following.text) if following and following.kind == "n" else None
        return value is not None and value > 12

    def _is_sum_ahead(self, value: float) -> bool:
        """Whether a sum of money follows the word for a number right behind a product or another price, so
        that it counts what is sold: "mezzo 40€, uno 75€, dieci 600€".
        """
        before = next((a for a in reversed(self._atoms) if a.kind != "O"), None)
        if before is None or before.kind not in "PMNB" or self._tokens[self._place].text in _NO_COUNT:
            return False
        first, second = self._token(1), self._token(2)
        if first is None or not _is_number(first):
            return False
        known = second is not None and second.text in self._words.currencies
        alone = self._tokens[self._place].text not in self._words.articles and before.kind != "N"
        alone = alone and (second is None or not (second.kind in "wn" or second.text == "/"))
        return (number(first.text) or 0.0) > max(value, _LEAST_SUM) and (known or alone)

    def _counted(self, token: Token, value: float, used: int) -> bool:
        """A number with what follows it: a unit, a currency, a sign, or nothing."""
        following = self._token(used)
        text = following.text if following else ""
        bad = self._no_amount(token, value, used) or self._is_numbered(token, value)
        if bad:
            return self._add(Atom("X", token.start, self._tokens[self._place + bad - 1].end, value), bad)
        fraction = self._fraction(token, value, used)
        if fraction:
            value, used = fraction
            following = self._token(used)
            text = following.text if following else ""
        if following is not None and following.glued and text in _OF_SO_MANY:
            return self._of_so_many(token, value, used)
        many = self._for_many(token, value, used)
        if many:
            return self._add(*many)
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
        is_unit = self._measures(used) and not self._is_price_before(following, used)
        if following is not None and is_unit and (self._place + used) not in self._terms:
            return self._add(_quantity(atom, following), used + 1)
        if following is not None and text in _TIMES and (following.glued or self._text(used + 1)):
            self._atoms.append(atom)
            return self._add(Atom("T", following.start, following.end), used + 1)
        return self._add(atom, used)

    def _of_so_many(self, token: Token, value: float, used: int) -> bool:
        """A number that says how many are in one, and the word for what they are in: "14lü kutu"."""
        end = self._tokens[self._place + used].end
        holder = self._token(used + 1)
        if holder is not None and self._words.units.get(holder.text) in _PACKED:
            return self._add(Atom("Q", token.start, holder.end, value, "piece"), used + 2)
        return self._add(Atom("N", token.start, end, value), used + 1)

    def _for_many(self, token: Token, value: float, used: int) -> tuple[Atom, int] | None:
        """The number of what a price is for: "60€ le 10", "50€ les 6g", "10€ (0,4)"."""
        if len(self._atoms) < _BEFORE_MANY or self._atoms[-2].kind != "M":
            return None
        if self._atoms[-1].text not in _BY and not (self._atoms[-1].text == "(" and ")" in (self._text(used), self._text(used + 1))):
            return None
        following = self._token(used)
        text = following.text if following else ""
        if text in self._words.currencies or text in self._words.money or text in _TIMES:
            return None
        factor, unit, end = 1.0, None, self._tokens[self._place + used - 1].end
        if following is not None and self._measures(used):
            (factor, unit), end, used = self._words.amount(text), following.end, used + 1
        elif following is not None and following.kind in "wn" and self._atoms[-1].text in _BY:
            return None
        self._atoms.pop()
        return Atom("R", token.start, end, value * factor, unit), used

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
            opens = opens and not (previous and previous.text in self._words.equals)
            loose = after is not None and not after.glued
            if following.glued and opens and loose and len(token.text) <= 2 and not self._in_brackets():
                return used + 1
        if following.text in self._words.no_amount and following.text not in self._words.units:
            return used + 1
        if following.text == ":" and following.glued and after and after.glued and after.kind == "n":
            return used + 2
        if following.text == "-" and after and after.kind == "n" and _are_hours(token.text, after.text):
            return used + 2
        if (token.text, following.text, self._text(used + 1)) in (
            ("24", "/", "7"),
            ("7", "/", "7"),
            ("7", "/", "24"),
        ):
            return used + 2
        return 0

    def _is_numbered(self, token: Token, value: float) -> int:
        """1 for a number that says which or when: "sector 3", "om 8", the 10 of "strips van 10"; else 0."""
        place, words = self._place, self._words
        before = [t.text for t in self._tokens[max(0, place - 3) : place]]
        if not before or self._is_priced():
            return 0
        following = self._text(1)
        if before[-1] in words.numbered and following not in words.currencies:
            return 1
        if before[-1] in words.times and value <= _LATEST and not self._counts_ahead():
            return 0 if before[-1] == "at" and self._atoms[-2:-1] and self._atoms[-2].kind in "QPN" else 1
        chained = bool(self._atoms[-2:-1]) and self._atoms[-2].kind == "X" and before[-1] in _CHAINED
        if chained and before[-3:-2] and (before[-3] in words.numbered or before[-3] in words.times):
            return 1
        if len(before) > 1 and words.units.get(before[-2]) == "pack" and following in words.equals:
            return 0  # "zakje van 3 = 25": what is in the bag is sold
        packed = len(before) > 1 and words.units.get(before[-2], "") in _PACKED
        return int(packed and before[-1] in HOLDING and following not in words.currencies)

    def _is_priced(self) -> bool:
        """Whether a sign of money stands before the number."""
        return self._tokens[self._place - 1].text in self._words.currencies

    def _counts_ahead(self) -> bool:
        """Whether what follows the number makes it an amount or a price."""
        words, following = self._words, self._text(1)
        known = words.counts(following) or following in words.currencies or following in words.per
        return known or (self._place + 1) in self._terms or following in words.equals

    def _measures(self, ahead: int) -> bool:
        """Whether the word at this place is a unit; the "l" of "l'unité" and "60 l gram" is an article."""
        text = self._text(ahead)
        if text == "l":
            return self._text(ahead + 1) != "'" and not self._words.counts(self._text(ahead + 1))
        return self._words.counts(text)

    def _is_abbreviated(self) -> bool:
        """Whether the unit is the end of "p.st": per piece."""
        glued = self._place > 1 and all(t.glued for t in self._tokens[self._place - 1 : self._place + 1])
        return glued and [a.text for a in self._atoms[-2:]] == ["p", "."]

    def _in_brackets(self) -> bool:
        near = self._tokens[max(0, self._place - 6) : self._place]
        return any(t.text == "(" for t in near)

    def _unit(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.per_alone:
            unit = "g" if "g" in token.text else "piece"
            return self._add(Atom("R", token.start, token.end, 1.0, unit, text=PER), 1)
        if token.text == "l" and not self._measures(0):
            used = 2 if self._text(1) == "'" else 1
            one = self._token(2) if used == 2 else None
            if one and one.text in self._words.articles:  # "l'una"
                return self._add(Atom("R", token.start, one.end, 1.0, "piece"), 3)
            return self._add(Atom("W", token.start, token.end, text=token.text), used)
        if not self._words.counts(token.text):
            return False
        value, unit = self._words.amount(token.text)
        per = self._previous_is_per() or self._is_abbreviated()
        if per:
            self._atoms.pop()
            if self._atoms and self._atoms[-1].text == "p":
                self._atoms.pop()
        money = bool(self._atoms) and self._atoms[-1].kind == "M"
        kind = "R" if per or money else "U"
        text = PER if per else token.text
        return self._add(Atom(kind, token.start, token.end, value, unit, text=text), 1)

    def _word(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.fees:
            return self._add(Atom("F", token.start, token.end, text=token.text), 1)
        if token.text in self._words.equals or self._is_for():
            return self._add(Atom("E", token.start, token.end, text=token.text), 1)
        return False

    def _is_for(self) -> bool:
        """The "b" of Darija between goods and their price: "10g d lhachich b 150dh"."""
        if self._tokens[self._place].text != "b" or not self._atoms or self._atoms[-1].kind not in "PQU":
            return False
        sum_, sign = self._token(1), self._token(2)
        return _is_number(sum_) and sign is not None and sign.text in self._words.currencies


def _is_one(value: float) -> bool:
    return value in range(1, 10)


def _together(value: float, further: float, *, said: bool) -> float | None:
    """What two words for numbers make, None when they are two numbers; ``said``: the hundred may be unsaid
    ("one fifty").
    """
    if further in (100, 1000) and value in range(2, 20):
        return value * further
    if value == 4 and further == 20:  # quatre vingts
        return 80.0
    if value >= 100 and value % 100 == 0 and further < 100 and further == int(further):
        return value + further
    if value in range(20, 100, 10) and (_is_one(further) or (value in (60, 80) and further in range(10, 20))):
        return value + further
    if said and _is_one(value) and further in range(10, 100, 10):
        return 100 * value + further
    return None


def _are_hours(first: str, second: str) -> bool:
    """Whether two numbers about a dash are hours: one has a zero in front ("18-03", "12.00-01.00")."""
    hours = [re.fullmatch(r"(\d\d)(?:[.,]([0-5]\d))?", text) for text in (first, second)]
    if not all(hours) or not any(text[0] == "0" for text in (first, second)):
        return False
    return all(int(found[1]) <= _LATEST for found in hours if found)


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
    return ATOM_OF(("W" if kind == "w" or text in "/~" else "O", start, end, 0.0, None, None, text))


def _quantity(atom: Atom, token: Token) -> Atom:
    factor, unit = vocabulary().amount(token.text)
    return Atom("Q", atom.start, token.end, atom.value * factor, unit)


def _without_struck(atoms: list[Atom]) -> list[Atom]:
    """Without what stands between two tildes (struck out) and without the "van 60" of "van 60 voor 50"."""
    tildes = [i for i, a in enumerate(atoms) if a.text == "~"]
    if len(tildes) >= 2:
        pairs = zip(tildes[::2], tildes[1::2], strict=False)
        struck = {place for first, last in pairs for place in range(first, last + 1)}
        atoms = [atom for place, atom in enumerate(atoms) if place not in struck]
    for place in range(len(atoms) - 3):
        if atoms[place].text not in _FROM or atoms[place + 1].kind not in "NM":
            continue
        turn, new = atoms[place + 2], atoms[place + 3]
        if turn.text in ("nu", "now") and new.text in vocabulary().equals and place + 4 < len(atoms):
            new = atoms[place + 4]
        if turn.text in ("voor", "nu", "now", "to") and new.kind in "NM":
            return atoms[:place] + atoms[place + 3 :]
    return atoms
