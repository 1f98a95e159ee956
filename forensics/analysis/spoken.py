"""Numbers in words: "treinta y cinco", "two hundred", "mezzo 40€, uno 75€"."""

from __future__ import annotations

from forensics.analysis.cursor import Cursor, is_number
from forensics.analysis.text import number

_JOINTS = frozenset({"y", "e", "et", "si", "and", "-"})  # within a number of two words
_OF_HUNDREDS = frozenset({"e", "y", "and", "et", "w"})  # behind hundreds: "duzentos e vinte"
_OF_THOUSANDS = frozenset({"e", "y", "and", "o", "w"})
_WITHIN = frozenset({"en", "und"})  # a number of Dutch or German that is written apart
_SCORE, _SCORES = 20, frozenset({"vingt", "vingts"})  # of which French has four in eighty
_NEVER_TWICE = frozenset({"sto", "cien", "cem"})  # a hundred of which there are no two: "trzy | sto"
_HUNDREDS = frozenset({"one", "two", "three"})  # "one fifty"
_MOST_WORDS = 6
_NO_COUNT = frozenset({"a", "an", "n", "'n"})  # before a sum these say "at" or "each"
_NO_ONE = _NO_COUNT | {"een", "ein", "eine"}  # behind tens these are no part of the number: "thirty a gram"
_LEAST_SUM = 4
_ONES = frozenset({"een", "one", "uno", "una", "um", "uma", "un"})  # articles: "coke een 60, twee 110"
_FOUR, _HUNDRED, _THOUSAND = 4, 100, 1000
_FEWEST, _MOST = 2, 100  # of what is counted in words
_SAID = 6  # words between an amount and its sum
_BACK = 12  # atoms to what was priced before
_LEAST_OF_MORE = 10
# words for numbers that mean something else as often
_AMBIGUOUS = frozenset({"tres", "sei", "ten", "sept", "half", "sto", "cent", "neuf", "neun", "bes"})
_HOURS = 12
_PARTS = frozenset(",/|")  # one pair from the next
_LESS = frozenset({"min", "minus"})
_FOR = frozenset({"for", "quid"})  # behind a sum: "one fifty for two"
_FRENCH = frozenset({"deux", "trois", "quatre", "cinq", "sept", "huit", "neuf"})
_AND_HALF = (
    ("and", "a", "half"),
    ("en", "een", "half"),
    ("en", "een", "halve"),
    ("en", "halve"),
    ("et", "demi"),
    ("y", "medio"),
    ("e", "mezzo"),
)
_BOTH = frozenset(
    {"les", "die", "alle", "the", "both", "beide", "los", "las", "gli"}
)  # before two that were named
SUM_ENDS = frozenset({"en", "and", "und", "et", "e", "y", "of", "or", "oder", "ou"})
_ASKS = frozenset({"a", "c", "e", "es", "est", "jest", "po", "sa", "son", "sono", "sta", "sunt", "to"})
_BEFORE_PRICE = 2  # atoms from a price to what is for one
_ASKED = 5  # atoms from goods to the word for their price
APOSTROPHES = frozenset("'`")  # all others are folded to the first
_TURKISH = frozenset({"iki", "uc", "dort", "bes", "alti", "yedi", "sekiz", "dokuz", "yuz", "yuze", "yuzu"})
_TAKES = frozenset({"alana", "alirsan", "alan"})  # goods, in Turkish
_OF_TEN = frozenset({"adet", "gr", "gram", "hap", "paket", "tane"})  # what "on" counts in Turkish
_BEFORE_TEN = frozenset({"yuz", "grami", "tanesi", "adedi", "hapi", "paketi"})
_CHEAP, _BEFORE_SUM = frozenset({"strip", "piece", "box"}), 3  # units, within so many atoms before the sum
_UNITS, _CENTS = range(4, 20), 50  # of a sum in two words; "two fifty" is as often a hundred times that
_BUYS = frozenset({"voor"})  # behind a sum: "barkie vijftig voor drie"
_SIXTY_AND_EIGHTY = (60, 80)  # to which French adds ten and more


class SpokenNumbers(Cursor):
    """Reads numbers written in words."""

    def _combined(self) -> tuple[float | None, int]:
        """The number that the words from here on make, and how many they are: "treinta y cinco"."""
        value, used = self._word_at(0)
        after_equals = bool(self._atoms) and self._atoms[-1].kind == "E"
        hundreds = self._text(0) in _HUNDREDS
        said = hundreds and (after_equals or self._text(1) == "-" or self._text(2) in _FOR)
        while value is not None and used < _MOST_WORDS:
            joint = self._text(used) if self._text(used) in _JOINTS | _OF_THOUSANDS else ""
            ahead = used + bool(joint)
            further, words = self._word_at(ahead)
            if further and value >= _THOUSAND and self._is_hundred_of(further, ahead + words):
                further, words = further * _HUNDRED, words + 1
            if (
                further is None
                or self._text(ahead) in _NO_ONE
                or (self._text(ahead) in _ONES and self._words.counts(self._text(ahead + 1)))
                or (joint and not _is_joined(value, joint, further))
            ):
                break
            if further == _HUNDRED and self._text(ahead) in _NEVER_TWICE:
                break
            made = _together(value, further, said=said)
            if made is None:
                if after_equals and used == 1 and self._is_money(value, further, ahead + words):
                    return value + further / _HUNDRED, ahead + words
                break
            value, used = made, ahead + words
        return self._with_half(value, used)

    def _is_money(self, units: float, cents: float, ahead: int) -> bool:
        """Whether two words for numbers are units and fifty cents, at the end of a clause or before their
        currency, for what costs so little: "een strip voor twaalf vijftig", no "1 oz for six fifty".
        """
        ends = self._ends_sum(ahead) or self._text(ahead) in self._words.currencies
        cheap = any(a.unit in _CHEAP for a in self._atoms[-_BEFORE_SUM:])
        return cheap and units in _UNITS and cents == _CENTS and ends

    def _is_hundred_of(self, count: float, ahead: int) -> bool:
        """Whether so many hundreds follow thousands: the "altı yüz" of "iki bin altı yüz"."""
        return _is_one(count) and count > 1 and self._words.numbers.get(self._text(ahead)) == _HUNDRED

    def _with_half(self, value: float | None, used: int) -> tuple[float | None, int]:
        """The number with the half behind it: "three and a half"."""
        for words in _AND_HALF:
            if value in range(2, 10) and all(self._text(used + i) == word for i, word in enumerate(words)):
                return (value or 0.0) + 0.5, used + len(words)
        return value, used

    def _word_at(self, ahead: int) -> tuple[float | None, int]:
        """The number that the word there says, and how many words that is: "quatre-vingts" is one number."""
        value = self._words.numbers.get(self._text(ahead))
        if self._text(ahead) == "cents" and self._text(ahead - 1) in _FRENCH:
            return 100.0, 1  # "trois cents"
        if self._text(ahead) == "bin" and (ahead or self._is_thousand()):
            return 1000.0, 1  # of Turkish, and a verb of German
        if self._text(ahead) == "on" and (self._is_ten(ahead + 1) or self._is_ten_of_sum(ahead)):
            return 10.0, 1
        dash = int(self._text(ahead + 1) == "-")
        apart = self._text(ahead) + self._text(ahead + 1) + self._text(ahead + 2)
        if self._text(ahead + 1) in _WITHIN and value in range(1, 10) and apart in self._words.numbers:
            return self._words.numbers[apart], 3  # "vijf en veertig"
        scores = value == _FOUR and self._text(ahead + 1 + dash) in _SCORES
        return (_FOUR * _SCORE, 2 + dash) if scores and value else (value, 1)

    def _is_thousand(self) -> bool:
        """Whether hundreds follow the word, or an amount stands before it and nothing behind: it is then a
        thousand of Turkish, "gramı bin beş yüz", "5 paket bin".
        """
        amount = bool(self._atoms) and self._atoms[-1].kind in "QU"
        return self._text(1) in _TURKISH or (amount and self._ends_sum(1))

    def _is_ten(self, ahead: int) -> bool:
        """Whether what is counted in Turkish follows, and a sum for it or who takes it: "on gram alana"."""
        behind = self._text(ahead + 1)
        sells = (
            behind in _TAKES
            or (self._place + ahead + 1) in self._terms
            or behind in self._words.numbers
            or behind.isdigit()
        )
        return self._text(ahead) in _OF_TEN and sells

    def _is_ten_of_sum(self, ahead: int) -> bool:
        """Whether the ten of Turkish ends a sum: "yüz on euro", "gramı on lira"."""
        before, behind = self._text(ahead - 1), self._text(ahead + 1)
        return before in _BEFORE_TEN and (behind in self._words.currencies or self._ends_sum(ahead + 1))

    def _change(self, value: float, at: int) -> tuple[float, int]:
        """What words behind one for a sum add or take away, and how many they are: "barkie en 35", "meier min
        5".
        """
        joint = self._text(at) if self._text(at) in _LESS | {"en"} else ""
        place = at + bool(joint)
        token = self._token(place)
        more = self._words.numbers.get(token.text, number(token.text)) if token is not None else None
        notes = self._words.money.get(self._text(place + 1), _HUNDRED)
        if more and joint == "en" and more * notes < _HUNDRED:
            return more * notes, place + 2 - at  # "barkie en 2 donnies"
        spelled = token is not None and token.kind == "w" and value > _HUNDRED / 2
        said = bool(self._atoms) and self._atoms[-1].kind == "E" and value == _HUNDRED and at == 1
        spelled = spelled or (said and is_number(token))  # "voor barkie 30"
        if not more or not (joint or spelled) or not _LEAST_SUM < more < min(value, _HUNDRED):
            return 0.0, 0
        if not self._ends_sum(place + 1) and not (spelled and self._text(place + 1) in _BUYS):
            return 0.0, 0
        return (-more if joint in _LESS else more), place + 1 - at

    def _ends_sum(self, ahead: int) -> bool:
        """Whether the clause ends there."""
        behind = self._token(ahead)
        return behind is None or behind.kind in "ls"

    def _is_all_of_clause(self, value: float, used: int) -> bool:
        """Whether a colon behind goods stands before and the clause ends: "cocaine: eighty."."""
        colon = [(a.kind, a.text) for a in self._atoms[-2:]]
        priced = value >= _LEAST_OF_MORE and [kind for kind, _ in colon] == ["P", "O"] and colon[-1][1] == ":"
        return priced and (self._ends_sum(used) or self._text(used) in SUM_ENDS)

    def _is_phrase(self, ahead: int) -> bool:
        """Whether two words there are one for an amount: the "quarter ounce" of "a quarter ounce"."""
        return (self._text(ahead), self._text(ahead + 1)) in self._words.phrases

    def _is_said_of_amount(self, value: float) -> bool:
        """Whether an amount stands before, and nothing but words between: "vijf gram vraag ik vijftig"."""
        behind = self._atoms[: -_SAID - 2 : -1]
        last = next((a for a in behind if a.kind not in "WE" or not a.text.isalpha()), None)
        return last is not None and (last.kind in "QU" or (last.kind == "N" and last.value < value))

    def _is_asked_for(self, value: float, used: int) -> bool:
        """Whether goods or an amount and a word for their price stand before, and the clause ends behind:
        "tusi a noventa, ...", "le g de blanche c'est cinquante".
        """
        said = [a for a in self._atoms[-_ASKED:] if a.text not in APOSTROPHES]
        costs = len(said) > 1 and said[-1].kind == "W" and said[-1].text in _ASKS
        if len(said) < _BEFORE_PRICE or said[-_BEFORE_PRICE].kind not in "NM":
            costs = costs or (said[-1:] != [] and said[-1].kind == "R")  # "el pollo entero cincuenta"
        goods = next((a.kind for a in reversed(said) if a.text not in _ASKS), "")
        return (
            costs and goods in ("P", "Q", "R", "U") and value >= _LEAST_SUM and self._is_last_of_clause(used)
        )

    def _is_last_of_clause(self, ahead: int) -> bool:
        """Whether the clause ends there, or a word joins it to the next."""
        return self._is_last_word(ahead) or self._text(ahead) in SUM_ENDS

    def _is_sum_behind(self, used: int) -> bool:
        """Whether "'s" or the "b" of Darija and a sum follow: "two's forty five", "jouj b 1100"."""
        if self._text(used) == "b":
            return (number(self._text(used + 1)) or 0.0) >= _HUNDRED
        sum_ = self._text(used + 2)
        said = sum_ in self._words.numbers or sum_.isdigit()
        return (self._text(used), self._text(used + 1)) == ("'", "s") and said

    def _is_of_more(self, value: float, used: int) -> bool:
        """Whether the word counts more of what was priced before, for a sum that follows in its clause:
        "nimmst du fünf dann 250 Euro".
        """
        if not _FEWEST <= value <= _MOST or self._text(0) in _AMBIGUOUS or self._words.counts(self._text(0)):
            return False
        last = self._atoms[-1].text if self._atoms else ""
        if last in _BOTH or not any(a.kind in "NMR" for a in self._atoms[-_BACK:]):
            return False
        for ahead in range(used, used + _SAID):
            token = self._token(ahead)
            if (
                token is None
                or (token.kind != "w" and not is_number(token))
                or self._place + ahead in self._terms
            ):
                return False
            sum_ = number(token.text) if is_number(token) else self._words.numbers.get(token.text, 0.0)
            if sum_ and (sum_ >= _LEAST_OF_MORE or is_number(token)):
                behind = self._text(ahead + 1)
                return sum_ > value and not self._words.counts(behind)
        return False

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
        following, behind = self._token(1), self._token(2)
        if following is None or following.kind == "n":
            thousands = behind is not None and behind.glued and behind.text == "k"  # "kwart 8k"
            return following is not None and (thousands or (number(following.text) or 0.0) > _HOURS)
        value = self._words.numbers.get(following.text, 0.0)
        ends = behind is None or behind.kind == "s"  # "een hele vijftig"
        return value > _HOURS and (ends or self._text(2) in SUM_ENDS | self._words.currencies.keys())

    def _is_sum_at(self, ahead: int) -> bool:
        """Whether a number stands there, or a word for one that is a sum."""
        said = self._words.numbers.get(self._text(ahead), 0.0) >= _LEAST_OF_MORE
        return said or is_number(self._token(ahead))

    def _is_behind_half(self) -> bool:
        """Whether a half with its price stands before: "meia 30 uma 55"."""
        kinds = [a.kind for a in self._atoms[-2:]]
        return kinds in (["N", "N"], ["N", "M"]) and 0 < self._atoms[-2].value < 1

    def _is_half_of_product(self) -> bool:
        """Whether a word for a half or whole stands between a product and a price: "lghobra nos 25€"."""
        before = next((a.kind for a in reversed(self._atoms) if a.kind != "O"), "")
        return self._text(0) in self._words.shares and before == "P" and self._is_price_ahead()

    def _begins_pairs(self, value: float) -> bool:
        """Whether a line opens with pairs of a word for a number and a sum ("one 25, two 45, five 100"), or
        is one of a sum with its currency: "três 180€".
        """
        priced = self._text(2) in self._words.currencies and self._token(3) is None
        if priced and value < (number(self._text(1)) or 0.0):
            return True
        second = self._words.numbers.get(self._text(3), 0.0)
        sums = [number(self._text(ahead)) or 0.0 for ahead in (1, 4)]
        return self._text(2) in _PARTS and value < second < sums[1] and value < sums[0] < sums[1]

    def _is_sum_ahead(self, value: float) -> bool:
        """Whether a sum of money follows the word for a number right behind a product or another price, so
        that it counts what is sold: "mezzo 40€, uno 75€, dieci 600€".
        """
        before = next((a for a in reversed(self._atoms) if a.kind != "O"), None)
        if before is None and value > 1 and value % 1 != 0:
            return self._is_price_ahead()  # "anderhalf 75" on a line of its own
        if before is None and self._tokens[self._place].text not in _NO_COUNT:
            return self._begins_pairs(value)
        if before is None or before.kind not in "PMNBR" or self._tokens[self._place].text in _NO_COUNT:
            return False
        first, second = self._token(1), self._token(2)
        if first is None or not is_number(first):
            return False
        known = second is not None and second.text in self._words.currencies
        text = self._tokens[self._place].text
        whole = text in _ONES and self._is_behind_half()
        apart = (
            before.kind != "N" or self._atoms[-1].text == "," or value % 1 != 0 or whole
        )  # "gram 28, vijf 120"
        counts = text not in self._words.articles or (before.kind == "P" and text in _ONES) or whole
        alone = counts and apart
        more = (
            text in _ONES and second is not None and second.text in self._words.numbers
        )  # "een 60 twee 110"
        alone = alone and (second is None or more or not (second.kind in "wn" or second.text == "/"))
        return (number(first.text) or 0.0) > max(value, _LEAST_SUM) and (known or alone)


def _is_one(value: float) -> bool:
    return value in range(1, 10)


def _is_joined(value: float, joint: str, further: float) -> bool:
    """Whether the word between two others makes them one number: "treinta y cinco", "alf o settemia"."""
    if value >= _THOUSAND:
        return joint in _OF_THOUSANDS and further >= _HUNDRED
    if value % _HUNDRED == 0 and joint in _OF_HUNDREDS and 0 < further < _HUNDRED:
        return True
    if joint == "-" and _is_one(value):
        return further in range(10, 100, 10)  # "one-fifty"
    tens = value % _HUNDRED in _SIXTY_AND_EIGHTY and further in range(10, 20) and joint in ("-", "et")
    return joint in _JOINTS and (_is_one(further) or tens)


def _together(value: float, further: float, *, said: bool) -> float | None:
    """What two words for numbers make, None when they are two numbers; ``said``: the hundred may be unsaid
    ("one fifty").
    """
    if further in (_HUNDRED, _THOUSAND) and value in range(2, 20):
        return value * further
    if value >= _THOUSAND and value % _THOUSAND == 0 and _HUNDRED <= further < _THOUSAND:
        return value + further
    if value >= _HUNDRED and value % _HUNDRED == 0 and further < _HUNDRED and further == int(further):
        return value + further
    tens = value % _HUNDRED in _SIXTY_AND_EIGHTY and further in range(10, 20)
    if tens or (value in range(20, 100, 10) and _is_one(further)):
        return value + further
    if said and _is_one(value) and further in range(10, 100, 10):
        return 100 * value + further
    return None
