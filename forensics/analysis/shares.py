"""Halves and wholes: "halfje 25, hele 50", "el medio 30 el entero 55", "50 lnos"."""

from __future__ import annotations

from forensics.analysis.atoms import Atom
from forensics.analysis.cursor import is_number
from forensics.analysis.text import Token, number
from forensics.analysis.written import WrittenNumbers

_LEAST_PRICE = 10
_WHOLES = 10  # are counted at most
_BACK = 12  # atoms looked back for another number
_ARTICLES = frozenset({"el", "il", "la", "le", "lo", "o", "a"})
_THE = frozenset({"das", "de", "die", "el", "il", "la", "le", "the"})
_HELD = frozenset({"box", "pack", "strip", "tank"})
_WITH_ARTICLE = frozenset({"lkamla", "lnos", "lnss"})


class Shares(WrittenNumbers):
    """Reads words for a half or a whole, with the price before or behind them."""

    def _share(self, token: Token) -> bool:
        """A half or whole: what the price before is for, or what is sold for the price behind it."""
        value = self._words.shares[token.text]
        if value == 1 and self._is_of_unit():
            self._place += 1
            return True  # "50 quid the full box"
        before = self._before_share()
        if value == 1 and (self._counts_wholes() or self._is_one_of_unit()) and self._is_price_ahead():
            self._place += 1
            return True  # "2 hele 95", "el pollo entero 60"
        kinds = [a.kind for a in before]
        if kinds == ["M", "O"] and before[1].text == "(" and self._text(1) == ")":
            return self._add(Atom("R", token.start, token.end, value, None), 1)
        if (self._is_paid_before(kinds) or self._is_with_article(kinds)) and not self._is_price_ahead():
            self._atoms[-1:] = [] if kinds[-1:] == ["E"] else self._atoms[-1:]
            return self._add(Atom("R", token.start, token.end, value, None), 1)
        money = is_number(self._token(1)) and self._text(2) in self._words.currencies
        parted = bool(before) and before[-1].text == "/"
        follows = parted and (self._is_price_ahead() or money)  # "30 / hele 50"
        weighed = parted and self._words.counts(self._text(1)) and is_number(self._token(2))
        if self._previous_is_per() and kinds[:1] in (["M"], ["N"]) and not (follows or weighed):
            self._atoms.pop()
            return self._add(Atom("R", token.start, token.end, value, None), 1)
        if self._is_price_ahead() or follows or self._is_sold_for():
            return self._add(Atom("N", token.start, token.end, value), 1)
        return False

    def _is_sold_for(self) -> bool:
        """Whether a word for that and a sum stand behind a half or whole: "hele = bankoe"."""
        sum_ = self._text(2)
        said = sum_ in self._words.money or self._words.numbers.get(sum_, number(sum_) or 0.0) >= _LEAST_PRICE
        return self._text(1) in self._words.equals and said

    def _is_paid_before(self, kinds: list[str]) -> bool:
        """Whether a sum and a word for that stand before a half or whole: "€50 voor een hele"."""
        joined = [a.kind for a in self._atoms[-3:]] if kinds[-1:] == ["W"] else ["", *kinds]
        article = kinds[-1:] != ["W"] or self._atoms[-1].text in self._words.articles | {"n"}
        return article and joined in (["M", "E", "W"], ["", "M", "E"])

    def _before_share(self) -> list[Atom]:
        """The two atoms before a half or whole; none where no more than its article parts it from its goods
        or from another one with its price: "coca el medio 30 el entero 55".
        """
        article = bool(self._atoms) and self._text(-1) in _ARTICLES and self._is_price_ahead()
        if not article or self._atoms[-1].kind not in "WRE":
            return self._atoms[-2:]
        kinds = [a.kind for a in self._atoms[-3:-1]]
        shared = kinds in (["N", "N"], ["N", "M"]) and 0 < self._atoms[-3].value <= 1
        if kinds[-1:] != ["P"] and not shared:
            return self._atoms[-2:]
        self._atoms.pop()
        return []

    def _is_one_of_unit(self) -> bool:
        """Whether a unit that no number counts stands right before: a whole one is one."""
        return bool(self._atoms) and self._atoms[-1].kind in "UR" and self._atoms[-1].value == 1

    def _is_with_article(self, kinds: list[str]) -> bool:
        """Whether the article of Darija is written against the word, behind a sum: "50 lnos"."""
        return self._text(0) in _WITH_ARTICLE and kinds[-1:] in (["M"], ["N"])

    def _is_of_unit(self) -> bool:
        """Whether a pack follows with its article before it, or a kilo: "the full box", "full key"."""
        unit = self._text(1)
        if self._words.units.get(unit) in _HELD and self._text(-1) in _THE:
            return True
        return self._words.counts(unit) and self._words.amount(unit)[1] == "kg"

    def _is_bar_of_tiers(self) -> bool:
        """Whether the slash before a unit parts a share and its price from that of one: "pol 180/g 350"."""
        share = [a.kind for a in self._atoms[-3:]] == ["N", "N", "W"] and self._atoms[-3].value < 1
        return share and self._text(-1) == "/" and is_number(self._token(1))

    def _is_share_of(self) -> bool:
        """Whether a share and "de" stand right before, of what follows."""
        share = [a.kind for a in self._atoms[-2:]] == ["N", "W"] and self._atoms[-2].value < 1
        return share and self._text(-1) == "de"

    def _counts_wholes(self) -> bool:
        """Whether a number stands right before, none before that, and it is small enough to count."""
        counts = bool(self._atoms) and self._atoms[-1].kind == "N" and 1 < self._atoms[-1].value <= _WHOLES
        return counts and not any(a.kind in "NMQ" for a in self._atoms[-_BACK:-1])
