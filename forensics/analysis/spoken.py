"""Numbers in words: "treinta y cinco", "two hundred", "mezzo 40€, uno 75€"."""

from __future__ import annotations

from forensics.analysis.cursor import Cursor, is_number
from forensics.analysis.text import number

_JOINTS = frozenset({"y", "e", "et", "si", "and", "-"})  # within a number of two words
_HUNDREDS = frozenset({"one", "two", "three"})  # "one fifty"
_MOST_WORDS = 6
_NO_COUNT = frozenset({"a", "an", "n", "'n"})  # before a sum these say "at" or "each"
_LEAST_SUM = 4


class SpokenNumbers(Cursor):
    """Reads numbers written in words."""

    def _combined(self) -> tuple[float | None, int]:
        """The number that the words from here on make, and how many they are: "treinta y cinco"."""
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
        if before is None and value > 1 and value % 1 != 0:
            return self._is_price_ahead()  # "anderhalf 75" on a line of its own
        if before is None or before.kind not in "PMNB" or self._tokens[self._place].text in _NO_COUNT:
            return False
        first, second = self._token(1), self._token(2)
        if first is None or not is_number(first):
            return False
        known = second is not None and second.text in self._words.currencies
        apart = before.kind != "N" or self._atoms[-1].text == "," or value % 1 != 0  # "gram 28, vijf 120"
        alone = self._tokens[self._place].text not in self._words.articles and apart
        alone = alone and (second is None or not (second.kind in "wn" or second.text == "/"))
        return (number(first.text) or 0.0) > max(value, _LEAST_SUM) and (known or alone)


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
