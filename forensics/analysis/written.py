"""How numbers are written: ",-", pence, codes and words of money, points, the thousands of Turkish."""

from __future__ import annotations

from forensics.analysis.atoms import THOUSAND, Atom
from forensics.analysis.cursor import is_number
from forensics.analysis.named_amounts import NamedAmounts
from forensics.analysis.text import Token, number
from forensics.analysis.uncounted import PACKED

_EACH, _POP = frozenset({"each", "ea"}), frozenset({"pop", "pill", "tab", "piece", "go"})  # behind pence
_ENDS = frozenset(",;.!)&|")  # behind pence
_OF = frozenset({"of", "weight"})
POUNDS = frozenset({"pound", "pounds"})  # of money or of weight
_PENCE, _LEAST_PENCE, _PENCE_STEP = 100, 20, 5  # in a pound; that a tablet costs; in what sums are
_FEW_POUNDS = 20  # what the word behind goods may weigh: money from here on
_POUND = 20  # times the number of pounds of goods is less than their price
_PRICE_OF_POUNDS = 4  # tokens behind goods to what pounds of them cost
_CODES = frozenset({"aed", "aud", "brl", "chf", "eur", "gbp", "mxn", "pln", "ron", "try", "usd", "zar"})
_LEAST_EACH = 5  # of Polish money costs a gram at least
_OPENS = frozenset("/(=")  # what a point may be written against: "50/.3", "(.5)"
_FORMED = 2  # atoms: a medicine and the word for its form
_FEW_OF_SIZE, _SIZE = 10, 100  # of what is counted with its size; grams of such a size at least
_DIGITS = 3  # behind the point of a number below one: fewer
_THE = frozenset({"du", "le", "un"})  # "demander le grand"
_OF_ONE = frozenset({"c", "cada", "el", "la"})  # behind thousands, before what they are for
_HUNDREDS = 100
FIFTY = "fifty"  # a sum too, but behind a number in words: "six fifty"
_GRAND, _OF_THOUSANDS = 1000, 20  # the least that thousands of pieces cost
_THOUSAND, _MIL = "bin", "mil"  # of Turkish; of Spanish and Portuguese
_TYSIAC = "tys"  # thousands in Polish, shortened: "145 tys. zł"


class WrittenNumbers(NamedAmounts):
    """Tells how a number is written by the signs and words beside it."""

    def _is_code(self, token: Token) -> bool:
        """Whether the word is the code of a currency before its sum: "CHF 80"."""
        return token.text in _CODES and is_number(self._token(1))

    def _of_pound(self, following: Token, value: float, used: int) -> int:
        """How many of what the word behind a number says make one pound: 100 for pence, 1; else 0."""
        if following.text == "pence":
            return _PENCE
        if following.text in POUNDS:
            return int(self._are_pounds(value, used))
        return _PENCE * int(following.text == "p" and following.glued and self._are_pence(value, used))

    def _are_pence(self, value: float, used: int) -> bool:
        """Whether the letter behind a number is for pence, of which one costs so many: "50p each", or behind
        a product, with nothing behind them: "gabbies 50p, zopis £1".
        """
        behind = self._text(used + 1)
        if behind in _EACH or (behind == "a" and self._text(used + 2) in _POP):
            return True
        named = bool(self._atoms) and self._atoms[-1].kind in "PS"
        named = named or (
            len(self._atoms) > 1 and self._atoms[-1].text == "-" and self._atoms[-2].kind in "PS"
        )
        sign = self._token(used + 1)
        ends = sign is None or sign.kind == "l" or (behind in _ENDS and not is_number(self._token(used + 2)))
        return named and ends and _LEAST_PENCE <= value < _PENCE and value % _PENCE_STEP == 0

    def _are_pounds(self, value: float, used: int) -> bool:
        """Whether the word behind a number is for money: goods or an amount stand before it, and behind it
        neither what it weighs nor a larger sum ("5 pounds of weed", "weed 2 pounds 1700").
        """
        sold = [a.kind for a in self._atoms if a.kind in "PQUMR"]
        if not sold or self._text(0) in self._words.articles or self._text(used + 1) in _OF:
            return False
        ahead = used + 1 + (self._text(used + 1) in self._words.equals)
        sum_ = self._token(ahead)
        if sum_ is not None and sum_.text in self._words.currencies:
            return False
        if sold[-1] == "P" and value < _FEW_POUNDS:  # "weed 10 pounds" is as often what it weighs
            return False
        dear = (number(sum_.text) or 0.0) if sum_ is not None else 0.0
        return dear < value * _POUND

    def _are_pounds_of(self, used: int) -> bool:
        """Whether a word for pounds stands there, the goods that weigh so much, and a price for them: "5
        pounds of weed for 4000". Without one "20 pounds of weed" is as often what is paid.
        """
        if self._text(used) not in POUNDS or self._text(used + 1) != "of":
            return False
        term = self._terms.get(self._place + used + 2)
        if term is None:
            return False
        first = term.after - self._place
        weighed = number(self._text(0)) or self._words.numbers.get(self._text(0), 0.0)
        prices = (number(self._text(ahead)) or 0.0 for ahead in range(first, first + _PRICE_OF_POUNDS))
        return any(price >= _POUND * weighed > 0 for price in prices)

    def _is_strength_of_goods(self, value: float) -> bool:
        """Whether a medicine of that strength stands before: "Fentanyl Pflaster 75er 1 Stk 25"."""
        goods = (a.term.entry.targets[0] for a in self._atoms[-_FORMED:] if a.term is not None)
        return any(value in self._words.strengths.get(name, ()) for name in goods)

    def _sized_by(self, last: Atom) -> frozenset[str]:
        """The units of which the amount right before a small number may be the size."""
        few = (number(self._text(0)) or 0.0) < _FEW_OF_SIZE and last.unit in ("g", "kg")
        return frozenset({"tank", "piece"}) if few and last.value >= _SIZE else frozenset({"tank"})

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
        """Whether the clause ends there, in a word for lira or before the next name: what is before "bin" are
        thousands.
        """
        behind = self._token(ahead)
        return (
            behind is None
            or (self._place + ahead) in self._terms
            or behind.kind in "ls"
            or self._words.currencies.get(behind.text) == "TRY"
            or (is_number(behind) and self._words.counts(self._text(ahead + 1)))  # "5gr 2 bin 10gr 3500"
        )

    def _are_thousands(self, text: str, used: int) -> bool:
        """Whether the word behind a number multiplies it: "20 bin"; "mil", millilitres elsewhere, behind
        grams and before money: "30kg = 24 mil", "29 mil cada", "140 mil euros".
        """
        if text == _THOUSAND:
            return self._ends_in_lira(used + 1)
        before = [a for a in self._atoms[-2:] if a.kind != "E"]
        if text == _TYSIAC:
            return True
        if text != _MIL:
            return False
        if self._text(used + 1) in self._words.per_alone or self._is_code_behind(used + 1):
            return True
        if self._text(used + 1) in _OF_ONE:
            return True  # "perico 20 mil el gramo"
        return bool(before) and before[-1].kind in "QRU" and before[-1].unit in ("g", "kg")

    def _is_point(self, used: int) -> int:
        """1 where a point parts a number from the gram or piece written against it: "5.g"; else 0."""
        point, unit = self._token(used), self._token(used + 1)
        glued = point is not None and unit is not None and point.text == "." and point.glued and unit.glued
        return int(glued and unit is not None and self._words.units.get(unit.text) in ("g", "piece"))

    def _below_one(self, token: Token, value: float) -> float:
        """The value of digits with a point before them and no number before that: ".5"."""
        point = self._tokens[self._place - 1] if self._place else None
        if point is None or point.text != "." or not token.glued or not token.text.isdigit():
            return value
        if point.glued and not (self._place > 1 and self._tokens[self._place - 2].text in _OPENS):
            return value
        if len(token.text) >= _DIGITS:
            return value
        if self._atoms and self._atoms[-1].text == "." and point.glued:
            self._atoms.pop()
        return value / 10.0 ** len(token.text)

    def _is_at_each(self, value: float) -> bool:
        """Whether the Polish word for "at" stands before the number: "po 50 gram"."""
        said = bool(self._atoms) and self._atoms[-1].kind == "W" and self._atoms[-1].text == "po"
        return said and value >= _LEAST_EACH

    def _is_dearer_than_several(self, value: float, used: int) -> bool:
        """Whether several for a sum follow pieces, so that the number before is what one costs: "15 szt, 10
        za 120".
        """
        if self._words.units.get(self._text(used)) != "piece" or value < _LEAST_EACH:
            return False
        ahead = used + 1 + (self._text(used + 1) == ",")
        several, sum_ = number(self._text(ahead)), number(self._text(ahead + 2))
        if several is None or sum_ is None or not 1 < several < value * several:
            return False
        return self._buys_several(ahead) and value / 2 <= sum_ / several <= value

    def _is_franc(self, ahead: int) -> bool:
        """Whether the clause ends behind "fr", which is "for" in Dutch: "160 Fr.", no "2 fr 50"."""
        behind = self._token(ahead + (self._text(ahead) == "."))
        return (
            behind is None or behind.kind == "l" or (behind.kind == "s" and behind.text in _ENDS | {"/", ")"})
        )

    def _is_share_behind(self) -> bool:
        """Whether a word for a half or whole follows, and a number behind that."""
        return self._text(1) in self._words.shares and number(self._text(2)) is not None

    def _is_for_of_austria(self) -> bool:
        """Whether "um" stands between an amount and its price."""
        kinds = "".join(a.kind for a in self._atoms[-2:])
        counted = kinds[-1:] in ("N", "Q") and kinds not in ("NN", "QN")  # "meio 25 um 50" of Portuguese
        return self._text(0) == "um" and counted and number(self._text(1)) is not None

    def _and_fifty(self, value: float) -> float:
        """A number in words before "fifty" as a sum: hundreds, or units where pieces stand before."""
        of_pieces = any(a.kind == "Q" and a.unit in PACKED | {"piece"} for a in self._atoms)
        fifty = self._words.numbers[FIFTY]
        return value + fifty / _HUNDREDS if of_pieces else value * _HUNDREDS + fifty

    def _dashed(self, sum_: Atom, used: int) -> bool:
        """A sum with a dash for its cents, and the currency behind: "60.- CHF"."""
        code = self._words.currencies[self._text(used)] if self._is_code_behind(used) else None
        used += code is not None
        return self._add(sum_._replace(end=self._tokens[self._place + used - 1].end, unit=code), used)

    def _is_sum_said(self, value: float) -> bool:
        """Whether a word for a sum means it: one for a thousand opens no line and ends with no colon."""
        return value < _GRAND or (bool(self._atoms) and self._text(1) != ":" and self._text(-1) not in _THE)

    def _thousands(self, thousands: Atom, used: int) -> bool:
        """Thousands written with "k": of pieces or of money where these stand behind ("10k pcs", "34k £")."""
        pieces, price = self._token(used + 1), number(self._text(used + 2))
        signed = pieces is not None and pieces.kind == "s" and pieces.text in self._words.currencies
        if pieces is not None and signed and not is_number(self._token(used + 2)):  # "34k £"
            code = self._words.currencies[pieces.text]
            return self._add(thousands._replace(kind="M", end=pieces.end, unit=code), used + 2)
        if price is not None and price < _OF_THOUSANDS:
            pieces = None  # "50k stuks 0,28": what one costs
        named = (self._place + used + 1) in self._terms  # "3k pillen"
        if pieces is not None and not named and self._words.units.get(pieces.text) == "piece":
            made = thousands._replace(kind="Q", end=pieces.end, unit="piece", text=pieces.text)
            return self._add(made, used + 2)
        return self._add(thousands._replace(text=THOUSAND), used + 1)

    def _is_suffix(self, following: Token, used: int) -> bool:
        if following.text not in self._words.currencies:
            return False
        if following.text == "fr":
            article = self._text(used + 1) == "s"  # "10Fr Stk", "12 fr s stück"
            counted = (article or following.glued) and self._words.counts(self._text(used + 1 + article))
            return counted or self._is_franc(used + 1)
        if following.text == "e":
            return following.glued and not self._is_ordinal(used)
        if following.kind != "s" or following.glued:
            return True
        after = self._token(used + 1)
        return not (after and after.glued and is_number(after))
