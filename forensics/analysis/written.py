"""How numbers are written: ",-", pence, codes and words of money, points, the thousands of Turkish."""

from __future__ import annotations

from forensics.analysis.cursor import is_number
from forensics.analysis.text import Token, number
from forensics.analysis.uncounted import UncountedNumbers

_EACH, _POP = frozenset({"each", "ea"}), frozenset({"pop", "pill", "tab", "piece", "go"})  # behind pence
_CODES = frozenset({"chf", "eur", "gbp", "usd", "pln", "try", "ron", "mxn", "brl"})
_DIGITS = 3  # behind the point of a number below one: fewer

_BALL = 50  # what an eighth of an ounce costs at least
_BACK = 12  # atoms looked back for another number
_WHOLES = 10  # are counted at most
_KILO = 1000  # what a kilo costs at least that is said by its letter alone


class WrittenNumbers(UncountedNumbers):
    """Tells how a number is written by the signs and words beside it."""

    def _is_code(self, token: Token) -> bool:
        """Whether the word is the code of a currency before its sum: "CHF 80"."""
        return token.text in _CODES and is_number(self._token(1))

    def _is_pence(self, following: Token, used: int) -> bool:
        """Whether the letter behind a number is for pence, of which one costs so many: "50p each"."""
        each = self._text(used + 1) in _EACH or (self._text(used + 1) == "a" and self._text(used + 2) in _POP)
        return following.text == "p" and following.glued and each

    def _dash(self, ahead: int) -> int:
        """How many tokens the ",-" behind a price takes."""
        first, second = self._token(ahead), self._token(ahead + 1)
        if first and second and first.glued and second.glued and first.text in ",." and second.text in "-=":
            return 2
        return 0

    def _is_code_behind(self, ahead: int) -> bool:
        """Whether a word for money stands there, and no sign."""
        word = self._token(ahead)
        return word is not None and word.kind == "w" and word.text in self._words.currencies

    def _ends_in_lira(self, ahead: int) -> bool:
        """Whether the clause ends there, or in a word for lira: what is before "bin" are thousands."""
        behind = self._token(ahead)
        return behind is None or behind.kind in "ls" or self._words.currencies.get(behind.text) == "TRY"

    def _is_point(self, used: int) -> int:
        """1 where a point parts a number from the gram written against it: "5.g"; else 0."""
        point, unit = self._token(used), self._token(used + 1)
        glued = point is not None and unit is not None and point.text == "." and point.glued and unit.glued
        return int(glued and unit is not None and self._words.units.get(unit.text) == "g")

    def _below_one(self, token: Token, value: float) -> float:
        """The value of digits with a point before them and no number before that: ".5"."""
        point = self._tokens[self._place - 1] if self._place else None
        if point is None or point.text != "." or point.glued or not token.glued or not token.text.isdigit():
            return value
        return value / 10 ** len(token.text) if len(token.text) < _DIGITS else value

    def _is_share_of_kilo(self) -> bool:
        """Whether a share and what so much of a kilo costs stand about the letter: "halve k 14000"."""
        shared = bool(self._atoms) and self._atoms[-1].kind == "N" and 0 < self._atoms[-1].value < 1
        return shared and (number(self._text(1)) or 0.0) >= _KILO

    def _is_kilo(self) -> bool:
        """Whether the letter stands before a drug that costs as much as a kilo does: "K keta 6.800"."""
        named = self._terms.get(self._place + 1)
        if named is None or named.entry.grade == 1:
            return False
        price = number(self._text(named.after - self._place))
        return price is not None and price >= _KILO

    def _is_sum(self, ahead: int) -> bool:
        """Whether a sum with its currency stands there."""
        sum_, sign = self._token(ahead), self._token(ahead + 1)
        money = self._words.currencies
        return (sign is not None and is_number(sum_) and sign.text in money) or (
            sum_ is not None and sum_.text in money and is_number(sign)
        )

    def _is_behind_money(self) -> bool:
        return bool(self._atoms) and self._atoms[-1].kind == "M"

    def _buys_several(self, ahead: int) -> bool:
        """Whether a number there has its own sum behind a word for that: "5 pour 40"."""
        for_sum = self._text(ahead + 1) in self._words.equals and is_number(self._token(ahead + 2))
        return is_number(self._token(ahead)) and for_sum

    def _is_suffix(self, following: Token, used: int) -> bool:
        if following.text not in self._words.currencies:
            return False
        if following.text == "e":
            return following.glued and not self._is_ordinal(used)
        if following.kind != "s" or following.glued:
            return True
        after = self._token(used + 1)
        return not (after and after.glued and is_number(after))

    def _is_before_several(self) -> bool:
        """Whether the price of a piece is said and then several with their sum: "10 pièce 5 pour 40"."""
        return bool(self._atoms) and self._atoms[-1].kind == "N" and self._buys_several(1)

    def _is_of_ounce(self) -> bool:
        """Whether the word for an eighth of an ounce has a price behind that a rock has not: "ball £200"."""
        sign = self._token(1)
        money = sign is not None and sign.text in self._words.currencies
        sum_ = number(self._text(2) if money else self._text(1)) or 0.0
        counted = bool(self._atoms) and self._atoms[-1].kind == "N"
        return sum_ >= _BALL and not counted

    def _counts_wholes(self) -> bool:
        """Whether a number stands right before, none before that, and it is small enough to count."""
        counts = bool(self._atoms) and self._atoms[-1].kind == "N" and 1 < self._atoms[-1].value <= _WHOLES
        return counts and not any(a.kind in "NMQ" for a in self._atoms[-_BACK:-1])
