"""Numbers with what follows them: an amount, a strength, a price, or nothing that is sold."""

from __future__ import annotations

from forensics.analysis.atoms import PER, Atom
from forensics.analysis.cursor import is_number, is_numeral
from forensics.analysis.shares import Shares
from forensics.analysis.spoken import SUM_ENDS
from forensics.analysis.text import Token, number
from forensics.analysis.uncounted import PACKED
from forensics.analysis.vocabulary import vocabulary
from forensics.analysis.written import FIFTY, POUNDS

STRENGTH = frozenset({"mg", "mcg", "ug", "μg"})
_TIMES = frozenset({"x", "keer", "*"})
_BY = frozenset({"le", "l", "les", "los", "las", "die", "per", "pro", "por", "je", "i", "os", "as"})
_ALSO = frozenset({"i", "die", "je", "le", "por"})  # that mean so only behind a sum with its currency
_BEFORE_MANY = 2  # a price, and the word or bracket between it and what it is for
_LEAST_PRICE, _LARGE = 10, 50  # words for such sums are not counted in tens
_STRONG = 120  # milligrams of a tablet; fewer tablets are in one box
_SCORES, _FRACTIONS = frozenset({"score", "pony"}), frozenset("½¼¾")  # a score, a pony
_NOTES = frozenset({"zehner", "zwanni", "fuffi", "hunderter"})
# Units that open the next amount behind the price of one: "a q 55, half oz 100".
_QUARTERS = frozenset({"q", "qs", "hq", "qp", "half", "halves", "oz", "zip", "zips"})
_THE = frozenset({"ul", "ului", "u"})  # the article of Romanian, written behind a unit
_DEAR = 4  # times an amount: what it costs at least
_HALVES = frozenset({"halfje", "halfke", "kwartje"})
_GRAND = 1000  # a word for so much that opens a line is none: "grand, see you there"
_LARGEST_NOTE, _NOTE_OF, _NOTE = 100, 50, 5  # of euros; of lira the least that buys; a gram costs more
_THOUSANDS = frozenset({"k", "mil"})  # behind a sum with its sign: "R$ 28 mil"
_DASHES = frozenset("-:")
_HUNDRED, _A_HUNDRED = frozenset({"honderd", "hundred", "hundert", "sute"}), 100


class NumeralReader(Shares):
    """Reads numbers in digits and words with the unit or currency beside them."""

    def _number(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.currencies and (token.kind == "s" or self._is_code(token)):
            following = self._token(1)
            value = number(following.text) if following and is_number(following) else None
            if following is None or value is None:
                return self._add(Atom("W", token.start, token.end, text=token.text), 1)
            used = 2 + self._dash(2)
            if self._text(2) in _THOUSANDS:
                value, used = value * 1000, 3
            end = self._tokens[self._place + used - 1].end
            start, currency = self._signed(token)
            return self._add(Atom("M", start, end, value, currency), used)
        value = number(token.text) if is_numeral(token) else None
        part = number(token.text[0]) if value is None and token.text[0] in _FRACTIONS else None
        if part is not None and self._words.counts(token.text[1:]):
            factor, unit = self._words.amount(token.text[1:])
            return self._add(Atom("Q", token.start, token.end, part * factor, unit), 1)  # "½g"
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
        if token.text in _NOTES and self._note(
            Atom("M", token.start, token.end, self._words.money[token.text])
        ):
            return True
        if token.text in _SCORES and self._text(-1) != "a":
            return False  # of a shop
        if self._is_for_of_austria() or (token.text in self._words.articles and self._is_share_behind()):
            return False  # "5 um 40"; "30 en een hele 50"
        if token.text in self._words.shares and self._share(token):
            return True
        if token.text in self._words.numbers and self._is_sum_ahead(self._words.numbers[token.text]):
            return self._add(Atom("N", token.start, token.end, self._words.numbers[token.text]), 1)
        value, used = self._combined()
        if value is None:
            if token.text in self._words.money and self._buys_ahead(self._words.money[token.text]):
                return self._add(Atom("N", token.start, token.end, self._words.money[token.text]), 1)
            if token.text in self._words.money and self._is_sum_said(self._words.money[token.text]):
                more, words = self._change(self._words.money[token.text], 1)
                end = self._tokens[self._place + words].end
                return self._add(Atom("M", token.start, end, self._words.money[token.text] + more), 1 + words)
            return False
        counts = self._measures(used) or self._text(used) in self._words.money or self._are_pounds_of(used)
        if token.text in self._words.articles and used == 1:
            known = self._is_article_for_one(token, value, counts=counts)
        else:
            known = counts or self._is_known(value, used)
        return self._counted(token, value, used) if known else False

    def _note(self, note: Atom) -> bool:
        """Takes a banknote that buys goods: "nen Zwanziger Weed"."""
        if not self._buys(1, note.value):
            return self._place + 1 in self._terms and self._add(note, 1)
        self._atoms.append(note)
        return self._add(Atom("E", note.end, note.end), 1)

    def _is_article_for_one(self, token: Token, value: float, *, counts: bool) -> bool:
        """Whether an article is the number one: before a unit, or as in "een voor vijftig"."""
        if len(token.text) > 1 and self._buys_ahead(value):
            return True
        if self._is_bought_for() or self._text(1) in self._words.per_alone:
            return True
        if self._is_phrase(1) or self._text(1) in self._words.articles:
            return False  # "a quarter ounce"; "a un moment"
        per = bool(self._atoms) and self._atoms[-1].kind in "MN" and token.text in self._words.per
        each = self._text(1) in self._words.currencies and self._text(2) in self._words.per_alone
        return (counts or each) and not per  # "a quid each"

    def _is_bought_for(self) -> bool:
        """Whether a sum and a word for that stand before, and nothing counted behind: "40 voor een"."""
        kinds = [a.kind for a in self._atoms[-2:]]
        joins = self._token(1) is None or self._is_last_word() or self._text(1) in SUM_ENDS
        return kinds in (["N", "E"], ["M", "E"]) and joins and self._text(0) not in ("a", "an", "n", "'n")

    def _is_known(self, value: float, used: int) -> bool:
        """Whether what stands beside a word for a number makes it an amount or a price."""
        following, last = self._text(used), self._atoms[-1].kind if self._atoms else ""
        sells = (self._words.currencies, self._words.equals, self._words.per, self._words.per_alone)
        sold = following in POUNDS or following == "pence" or any(following in words for words in sells)
        sold = sold or (self._place + used) in self._terms or following in self._words.paid
        if sold or self._is_article_of_unit(used) or self._is_all_of_clause(value, used):
            return True
        ends = value >= _LEAST_PRICE and self._is_last_word(used)
        if value < 1 and following == "k" and (number(self._text(used + 1)) or 0.0) >= _GRAND:
            return True  # "halve k 14000"
        both = self._text(-1) == "les" and is_number(self._token(used))  # "les deux 70€"
        joins = following in SUM_ENDS and (self._place + used + 1) in self._terms
        if last == "P" and value >= _LEAST_PRICE and joins:
            return True  # "keta vijfentwintig en wiri ..."
        if self._is_asked_for(value, used):
            return True
        dashed = (
            last == "O" and self._atoms[-1].text in _DASHES and [a.kind for a in self._atoms[-2:-1]] == ["P"]
        )
        if ends and dashed:
            return True  # "1g flake - eighty"
        if last in ("E", "Q") or (ends and (last in ("P", "U") or self._is_said_of_amount(value))):
            return True
        if both or self._is_of_many(following) or self._is_sum_behind(used) or self._is_of_more(value, used):
            return True
        return following in ("o", "os") and self._words.counts(self._text(used + 1))

    def _is_of_many(self, following: str) -> bool:
        """Whether words beside a word for a number make it a sum or what it is for: "cinquante les deux",
        "duecento per tre", "la placa de cien en ...".
        """
        if following in _BY:
            return True
        if not self._atoms:
            return False
        kinds, text = "".join(a.kind for a in self._atoms[-2:-1]), self._atoms[-1].text
        return (text in _BY and kinds in ("N", "M")) or (text == "de" and kinds == "P" and following == "en")

    def _counted(self, token: Token, value: float, used: int) -> bool:
        """A number with what follows it: a unit, a currency, a sign, or nothing."""
        following = self._token(used)
        text = following.text if following else ""
        value = self._below_one(token, value)
        if self._is_note(following, value, used):
            end = self._tokens[self._place + used].end
            self._atoms.append(Atom("M", token.start, end, value))
            return self._add(Atom("E", end, end), used + 1)
        bad = int(self._is_year(token) or self._is_house()) or self._days() or self._when_or_where()
        bad = bad or self._no_amount(token, used) or self._is_numbered(token, value)
        if bad:
            return self._add(Atom("X", token.start, self._tokens[self._place + bad - 1].end, value), bad)
        fraction = self._fraction(token, value, used)
        if fraction:
            value, used = fraction
            following = self._token(used)
            text = following.text if following else ""
        if following is not None and following.glued and self._is_of_so_many(text, used):
            return self._of_so_many(token, value, used)
        many = self._for_many(token, value, used)
        if many:
            return self._add(*many)
        return self._measured(token, value, used)

    def _is_note(self, ending: Token | None, value: float, used: int) -> bool:
        """Whether the number is a banknote and the next what it buys: "10er 0,8", "20er (1,8)"."""
        if ending is None or ending.text != "er" or not ending.glued or value > _LARGEST_NOTE:
            return False
        return self._buys(used + 1, value) and not self._is_strength_of_goods(value)

    def _buys(self, ahead: int, value: float) -> bool:
        """Whether a banknote is followed by the little that it buys: "Zehner 1,2"."""
        ahead += self._text(ahead) == "("
        bought, behind = self._token(ahead), self._text(ahead + 1)
        amount = number(bought.text) if bought is not None and is_numeral(bought) else None
        is_price = behind in self._words.currencies or behind in self._words.per - {"/"}
        return amount is not None and amount * _NOTE < value and not is_price

    def _measured(self, token: Token, value: float, used: int) -> bool:
        """A number that counts, with the unit or currency behind it."""
        if self._text(used) in _HUNDRED and 1 < value < _A_HUNDRED and value % 1 == 0:
            value, used = value * _A_HUNDRED, used + 1  # "11 honderd"
        following = self._token(used)
        text = following.text if following else ""
        if text == FIFTY and value > 1 and token.text in self._words.numbers:
            end = self._tokens[self._place + used].end
            return self._add(Atom("M", token.start, end, self._and_fifty(value)), used + 1)
        if following is not None and text in self._words.money and not self._is_apart(text, value, used):
            more, words = self._change(self._words.money[text], used + 1)
            end, sum_ = self._tokens[self._place + used + words].end, value * self._words.money[text] + more
            return self._add(Atom("M", token.start, end, sum_), used + 1 + words)
        if text == "de" and self._is_code_behind(used + 1):
            end, currency = (
                self._tokens[self._place + used + 1].end,
                self._words.currencies[self._text(used + 1)],
            )
            return self._add(Atom("M", token.start, end, value, currency), used + 2)  # "60 de lei"
        if self._are_thousands(text, used):
            end = self._tokens[self._place + used].end
            return self._add(Atom("N", token.start, end, value * _GRAND), used + 1)  # "20 bin"
        if following is not None and (parts := self._of_pound(following, value, used)):
            return self._add(Atom("M", token.start, following.end, value / parts, "GBP"), used + 1)
        if following is not None and self._is_suffix(following, used):
            end = following.end
            return self._add(Atom("M", token.start, end, value, self._words.currencies[text]), used + 1)
        if following is not None and text == "k" and following.glued:
            return self._thousands(Atom("N", token.start, following.end, value * 1000), used)
        dash = self._dash(used)
        if dash:
            return self._dashed(Atom("M", token.start, token.end, value), used + dash)
        if following is not None and text in STRENGTH:
            return self._add(
                Atom("S", token.start, following.end, value, "mg" if text == "mg" else "mcg"),
                used + 1 + 2 * (self._text(used + 1) == "/" and self._text(used + 2) == "ml"),
            )
        return self._of_unit(Atom("N", token.start, self._tokens[self._place + used - 1].end, value), used)

    def _of_unit(self, atom: Atom, used: int) -> bool:
        """A number that is no price by what is written behind it, with its unit."""
        used += self._is_point(used)
        following, text, value = self._token(used), self._text(used), atom.value
        if following is not None and self._are_pounds_of(used):
            grams, unit = self._words.amount("lb")
            return self._add(Atom("Q", atom.start, following.end, value * grams, unit), used + 1)
        is_unit = (
            self._measures(used)
            and text not in self._words.per_alone
            and not self._is_price_before(following, used)
        )
        if following is not None and self._is_price_of_one(text, value, used):
            self._atoms.append(atom)
            used += 2 * (self._text(used + 2) in _THE)  # with the article of "g-ul"
            end, unit = self._tokens[self._place + used].end, self._words.amount(text)[1]
            return self._add(Atom("R", following.start, end, 1.0, unit, text=PER), used + 1)
        if following is not None and is_unit and (self._place + used) not in self._terms:
            return self._add(quantity(atom, following), used + 1)
        if following is not None and text in _TIMES and (following.glued or self._text(used + 1)):
            self._atoms.append(atom)
            return self._add(Atom("T", following.start, following.end), used + 1)
        return self._add(atom, used)

    def _is_apart(self, word: str, value: float, used: int) -> bool:
        """Whether the word for a sum is that of the next tier: "50 barkie voor 2"."""
        large = value >= _LEAST_PRICE and self._words.money[word] >= _LARGE
        return large and self._text(used + 1) in self._words.equals and is_number(self._token(used + 2))

    def _is_price_of_one(self, unit: str, value: float, used: int) -> bool:
        """Whether the unit behind a number is that of one, which costs so much: "10 bucata", "500 g-ul"."""
        if value <= 1 or not self._words.counts(unit):
            return False
        said = self._text(used + 1) == "-" and self._text(used + 2) in _THE
        if said or self._is_dearer_than_several(value, used):
            return True
        behind = self._token(used + 1)
        priced = (is_number(behind) and not self._buys_several(used + 1)) or (
            behind is not None and behind.text in self._words.currencies
        )
        one = unit in self._words.single or self._is_at_each(value)
        return one and not priced and self._text(used + 1) not in self._words.equals

    def _is_of_so_many(self, ending: str, used: int) -> bool:
        """Whether the ending says how many are in one: "14lü"; "er" only before a box: "50er Packung"."""
        boxed = self._words.units.get(self._text(used + 1)) == "box"
        return ending in self._words.of_so_many or (ending == "er" and boxed)

    def _of_so_many(self, token: Token, value: float, used: int) -> bool:
        """A number that says how many are in one, and the word for what they are in: "14lü kutu"."""
        end = self._tokens[self._place + used].end
        holder = self._token(used + 1)
        if holder is not None and self._words.units.get(holder.text) in PACKED:
            unit = self._words.units[holder.text]
            return self._add(Atom("Q", token.start, holder.end, 1.0, unit, text=holder.text), used + 2)
        if self._text(used + 1) == "=" and value >= _NOTE_OF and is_number(self._token(used + 2)):
            return self._add(Atom("M", token.start, end, value), used + 1)  # "500lük = 1 gr": a banknote
        strength = value >= _STRONG
        return self._add(
            Atom("S" if strength else "N", token.start, end, value, "mg" if strength else None), used + 1
        )

    def _for_many(self, token: Token, value: float, used: int) -> tuple[Atom, int] | None:
        """The number of what a price is for: "60€ le 10", "50€ les 6g", "10€ (0,4)"."""
        if len(self._atoms) < _BEFORE_MANY or not self._is_for_many(value, used):
            return None
        following = self._token(used)
        text = following.text if following else ""
        if text in self._words.currencies or text in self._words.money or text in _TIMES:
            return None
        if self._atoms[-1].text in _ALSO and self._text(used + self._measures(used)) in self._words.equals:
            return None  # "3g 150zl i 5 g za 230zl"
        factor, unit, end = 1.0, None, self._tokens[self._place + used - 1].end
        if following is not None and self._measures(used):
            (factor, unit), end, used = self._words.amount(text), following.end, used + 1
        elif following is not None and following.kind in "wn" and self._atoms[-1].text in _BY:
            return None
        self._atoms.pop()
        return Atom("R", token.start, end, value * factor, unit), used

    def _is_for_many(self, value: float, used: int) -> bool:
        """Whether a sum and a word or bracket before the number make it what the sum is for."""
        sum_, joint = self._atoms[-2], self._atoms[-1].text
        if joint in _BY and self._atoms[-1].kind != "R":
            liquid = self._words.counts(self._text(used)) and self._words.amount(self._text(used))[1] == "ml"
            cheap = liquid and joint == "per"
            return sum_.kind == "M" or (
                sum_.kind == "N" and joint not in _ALSO and (sum_.value > value or cheap)
            )
        if joint == "/" and sum_.kind == "M":
            return self._is_bought(value, sum_.value, used)
        closes = ")" in (self._text(used), self._text(used + 1))
        return sum_.kind == "M" and joint == "(" and closes and value != sum_.value

    def _is_bought(self, few: float, sum_: float, used: int) -> bool:
        """Whether a number written against a sum and a slash is what it buys: "£25/g £100/5"."""
        slash, itself, behind = self._tokens[self._place - 1], self._tokens[self._place], self._token(used)
        glued = slash.glued and itself.glued and few * _DEAR <= sum_ and bool(self._atoms[-2:])
        ends = behind is None or behind.kind in "ls"
        money = behind is not None and behind.text in self._words.currencies
        pairs = any(a.kind == "R" for a in self._atoms)
        return glued and ends and not money and pairs and self._text(used) not in ("/", "=")

    def _is_price_before(self, following: Token | None, used: int) -> bool:
        """Whether the number is the price of the amount before it and the unit opens the next: 25g 90 ons
        300.
        """
        if following is None or following.glued or not self._atoms:
            return False
        if self._is_slashed_before(following, used):
            return True
        if following.text in _HALVES and number(self._text(0)) != 1:
            return is_number(self._token(used + 1))  # "2tje 110 halfje 30"
        last = self._atoms[-1]
        share = last.kind == "U" or (last.kind == "N" and last.value < 1)  # "half 100 oz 190"
        apart = following.text in _QUARTERS or (last.kind == "N" and following.text == "g")
        if last.kind != "Q" and not (share and apart):
            return False
        if self._words.units.get(following.text) in self._sized_by(last):
            return False  # "2 kg 3 flessen 120", "640g 1 buc 150"
        return is_number(self._token(used + 1))

    def _is_slashed_before(self, unit: Token, used: int) -> bool:
        """Whether slashes stand between an amount and this price and between the next amount and its price:
        "7/150 oz/500".
        """
        slash = self._text(-1) == "/" and self._text(used + 1) == "/"
        priced = is_number(self._token(-2)) and is_number(self._token(used + 2))
        return slash and priced and unit.text in self._words.fixed

    def _fraction(self, token: Token, value: float, used: int) -> tuple[float, int] | None:
        slash, below = self._token(used), self._token(used + 1)
        if not (slash and below and slash.text == "/" and slash.glued and below.glued and below.kind == "n"):
            return None
        if (token.text, below.text) not in (("1", "2"), ("1", "4"), ("3", "4"), ("1", "8")):
            return None
        if token.glued and self._place > 1 and self._text(-1) == "/" and is_number(self._token(-2)):
            return None  # "0.5/1/2": a series
        behind = self._text(used + 2)
        priced = behind in self._words.currencies or behind in ("=", ":", "voor", "for", "→")
        priced = priced or (behind, self._text(used + 3)) == ("-", ">")
        if priced or (below.text == "8" and behind in self._words.former):
            share = value / float(below.text)
            ounces = behind == "$" or below.text == "8"
            return (share * 28, used + 2) if ounces else (share, used + 2)
        named = [a.kind for a in self._atoms[-1:]] == ["P"] and self._text(used + 3) != "/"
        priced = named and (number(behind) or 0.0) >= _LEAST_PRICE  # "ice 1/4 45"
        if priced or self._words.counts(behind) or (self._place + used + 2) in self._terms:
            return value / float(below.text), used + 2
        return None


def quantity(atom: Atom, token: Token) -> Atom:
    """The amount that a number and the unit behind it make."""
    factor, unit = vocabulary().amount(token.text)
    return Atom("Q", atom.start, token.end, atom.value * factor, unit, text=token.text)
