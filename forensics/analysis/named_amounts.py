"""Amounts that go by a name or a letter: kilos, eighths of an ounce, wholes; and the sums that tell them."""

from __future__ import annotations

from forensics.analysis.cursor import is_number
from forensics.analysis.lexicon import Term
from forensics.analysis.text import number
from forensics.analysis.uncounted import UncountedNumbers

_ARTICLES = frozenset({"s", "t"})  # "das" and "het", shortened
_BALL = 50  # what an eighth of an ounce costs at least
_KILO = 1000  # what a kilo costs at least that is said by its letter alone
_CRACK = "crack"


class NamedAmounts(UncountedNumbers):
    """Tells what such a name counts by the numbers and sums beside it."""

    def _sells_no_rocks(self) -> bool:
        """Whether goods that are no rocks stand before: "cali: eighths 45, quarters 80"."""
        return any(a.kind == "P" and a.term and a.term.entry.targets[0] != _CRACK for a in self._atoms)

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

    def _is_article_of_unit(self, ahead: int) -> bool:
        """Whether a shortened article and a unit stand there: "50 't gram", "zehne s Gramm"."""
        ahead += self._text(ahead) == "'"
        return self._text(ahead) in _ARTICLES and self._words.counts(self._text(ahead + 1))

    def _with_article(self) -> None:
        """Makes one word for "per" of a shortened article behind a sum."""
        kinds = [a.kind for a in self._atoms[-3:]]
        if kinds[-1:] != ["W"] or self._atoms[-1].text not in _ARTICLES:
            return
        short = 2 if len(kinds) > 1 and self._atoms[-2].text == "'" else 1
        glued = self._atoms[-short - 1 :][0].end == self._atoms[-1].start  # "tramadol 50s"
        if kinds[-short - 1 : -short] in (["N"], ["M"]) and not glued:
            self._atoms[-short:] = [self._atoms[-1]._replace(text="het")]

    def _times_of_unit(self) -> float:
        """How many of a unit with a name are written behind it: "8th x2 55"; 0 without."""
        many, price = self._token(2), self._text(3)
        if self._text(0) not in self._words.fixed or self._text(1) != "x" or many is None or not many.glued:
            return 0.0
        priced = is_number(self._token(3)) or price in self._words.currencies or price in self._words.equals
        return (number(many.text) or 0.0) if priced else 0.0

    def _is_behind_money(self) -> bool:
        return bool(self._atoms) and self._atoms[-1].kind == "M"

    def _buys_several(self, ahead: int) -> bool:
        """Whether a number there has its own sum behind a word for that: "5 pour 40"."""
        for_sum = self._text(ahead + 1) in self._words.equals and is_number(self._token(ahead + 2))
        return is_number(self._token(ahead)) and for_sum

    def _is_before_several(self) -> bool:
        """Whether the price of a piece is said and then several with their sum: "10 pièce 5 pour 40"."""
        return bool(self._atoms) and self._atoms[-1].kind == "N" and self._buys_several(1)

    def _is_of_ounce(self) -> bool:
        """Whether the word for an eighth of an ounce has a price behind that a rock has not: "ball £200", "a
        ball for 75".
        """
        ahead = 1 + (self._text(1) in self._words.equals)
        named = self._terms.get(self._place + 2) if self._text(1) == "of" else None
        ahead = named.after - self._place if named else ahead  # "ball of soft $150"
        sign = self._token(ahead)
        money = sign is not None and sign.text in self._words.currencies
        sum_ = number(self._text(ahead + 1) if money else self._text(ahead)) or 0.0
        counted = bool(self._atoms) and self._atoms[-1].kind == "N"
        return sum_ >= _BALL and not counted

    def _keep_name(self, term: Term) -> bool:
        """Keeps with what a sum is for the name that it has: the pill of "a fiver a pill"."""
        if self._atoms[-1].kind == "R":
            self._atoms[-1] = self._atoms[-1]._replace(term=term)
        return True

    def _is_sum_of_ounce(self) -> bool:
        """Whether the sum that an eighth of an ounce costs stands before it: "$180 the ball"."""
        before = self._atoms[-2:]
        priced = len(before) > 1 and before[0].kind in "MN" and before[0].value >= _BALL
        return priced and before[1].text in self._words.per | self._words.articles
