"""Numbers with what they count: quantities, strengths, prices, and the signs between them.

Conversions are the contract's (section 5): ons = 100 g, litre = 1000 ml, blok = 1 kg, oz = 28 g; money
and quantity slang from the lexicon's notes. A value-denominated unit stays a price and is never turned
into grams.
"""

from __future__ import annotations

from forensics.analysis.atoms import HOLDING, PER, Atom, sign_of, word_of
from forensics.analysis.cursor import is_number, is_numeral
from forensics.analysis.lexicon import Term
from forensics.analysis.numerals import STRENGTH, NumeralReader, quantity
from forensics.analysis.one_piece import of_one_piece
from forensics.analysis.spoken import APOSTROPHES
from forensics.analysis.struck import without_struck
from forensics.analysis.text import Token, number
from forensics.analysis.tier import GAS, PIECES
from forensics.analysis.uncounted import ONE, PACKED

_ARTICLES = frozenset({"de", "die"})
_LEAST_KILO = 300  # and of whatever is called so behind its name
_LEAST_SUM = frozenset({"mini", "min"})  # before the smallest sum
_EIGHTH = 3.5  # grams of an ounce
_SIGNS = 3  # atoms from one word of a fee to the next: "track & trace"
_SOLD = 6  # atoms from a product to the number of its pieces
_BACK = 24  # atoms of a list in which goods are spoken of
_THE = frozenset({"o", "os"})  # the article of Portuguese: "35 o g"
_FOR_MORE = frozenset({"la", "en", "cu"})
_ONE_OF = frozenset({"wa7d", "wa7ed", "wahd", "wahed"})
_OF_HUNDREDS = frozenset({"alf", "mya", "miya"})
_HUNDREDS = 100  # a sum in dirhams is at least so much
_PAIR = 2  # atoms of a price and the sign before it
_EACH = frozenset({"per", "a", "each", "pro", "por", "par", "the"})
_ARTICLES_OF = frozenset({"la", "le", "el", "il", "de", "die", "der", "das"})
_ENDS, _CLAUSE = frozenset(".,;"), 5  # what ends a clause; tokens of the next to its sum
_AND = frozenset({"e", "et", "o", "ou", "y"})
_TO_PRICE = frozenset(":=-")
_GETS = frozenset({("gets", "you"), ("gets", "ya")})  # "100 quid gets you three"


class LineReader(NumeralReader):
    """Turns the tokens of one line into atoms."""

    def read(self) -> list[Atom]:
        """The atoms of the line, struck-out parts left away."""
        marks, terms = self._words.marks, self._terms
        while self._place < self._after:
            token = self._tokens[self._place]
            text = token.text
            tells = text in marks or self._place in terms or (not text.isalpha() and is_numeral(token))
            if not (tells and self._step()):
                self._atoms.append(word_of(token) if token.kind == "w" else sign_of(token))
                self._place += 1
        return of_one_piece(without_struck(self._atoms))

    def _step(self) -> bool:
        return (
            self._phrase() or self._half() or self._term() or self._number() or self._unit() or self._word()
        )

    def _half(self) -> bool:
        """The half of a product, not the gas that is called so too: "lghobra nos 25€"."""
        term = self._terms.get(self._place)
        gas = term is not None and term.entry.targets[0] == GAS
        return gas and self._is_half_of_product() and self._share(self._tokens[self._place])

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
        token = self._tokens[self._place]
        if term is None or self._is_of_fee(term, token):
            return term is not None and self._word()
        amount = self._amount_said_so(token)
        if amount:
            return self._add(amount, 1)
        counts = self._words.counts(token.text)
        if counts and self._words.units.get(token.text) in PACKED and self._opens_goods():
            return self._unit()  # "le pochon de beuh"
        if counts and term.entry.grade > 1 and self._is_counted_of_product():
            return self._add(quantity(self._atoms.pop(), token), 1)
        if counts and term.after == self._place + 1 and term.entry.grade == 1:
            if self._is_sum_of_one(token):
                return self._add(Atom("R", term.start, term.end, 1.0, "piece", text=PER), 1)
            if self._is_behind_money() and self._words.units.get(token.text) in PACKED:
                return self._unit()  # "25€ plaquette"
            if self._atoms and self._atoms[-1].kind == "N" and not self._is_priced_itself():
                number_ = self._atoms.pop()
                self._atoms.append(quantity(number_, token))
                return self._add(Atom("P", term.start, term.end, term=term, unit="also"), 1)
            follows = (self._place + 1) in self._terms or is_number(self._token(1)) or self._holds(token)
            follows = follows or self._is_priced_pack(token) or self._is_priced_weight(token)
            if self._is_price_of() or (follows and self._words.units.get(token.text) != "piece"):
                return self._unit() and self._keep_name(term)
        if self._is_price_of_goods(term):
            return self._add(
                Atom("R", term.start, term.end, 1.0, "piece", text=PER), term.after - self._place
            )
        used = term.after - self._place
        if term.entry.term[-1].isdigit() and self._text(used) in STRENGTH:
            used += 1  # "valium 10 mg": the number of the name is its strength
        if self._text(used) in APOSTROPHES and self._text(used + 1) == "s":
            used += 2  # "oxy's"
        return self._add(Atom("P", term.start, term.end, term=term), used)

    def _amount_said_so(self, token: Token) -> Atom | None:
        """The amount that a word means which can name goods too: "k" for a kilo, "ball" for an eighth."""
        if token.text == "ball" and self._is_of_ounce():
            return Atom("Q", token.start, token.end, _EIGHTH, "g")
        if token.text == "ball" and self._is_sum_of_ounce():
            return Atom("R", self._atoms.pop().start, token.end, _EIGHTH, "g", text=PER)
        if token.text == "quarters" and self._sells_no_rocks():
            return Atom("U", token.start, token.end, *self._words.amount("quarter"), text=token.text)
        kilo = token.text == "k" and self._is_kilo()
        return Atom("Q", token.start, token.end, 1.0, "kg") if kilo else None

    def _is_of_fee(self, term: Term, token: Token) -> bool:
        """Whether an ordinary word that can mean a drug is one of a fee or a smallest sum: "track & trace 7",
        "livraison 11h-02h mini 50€".
        """
        if token.text not in self._words.fees or term.entry.grade > 1 or term.after != self._place + 1:
            return False
        before = self._atoms[-_SIGNS:]
        least = token.text in _LEAST_SUM and (self._is_sum(1) or is_number(self._token(1)))
        return least or any(a.kind == "F" for a in before)

    def _unit(self) -> bool:
        token = self._tokens[self._place]
        if token.text in self._words.per_alone:
            unit = "g" if "g" in token.text else "piece"
            return self._add(Atom("R", token.start, token.end, 1.0, unit, text=PER), 1)
        if token.text == "k":
            return self._kilo(token)
        if token.text == "l" and not self._measures(0):
            used = 2 if self._text(1) == "'" else 1
            one = self._token(used)
            if one and (one.text in ONE or (used > 1 and one.text in self._words.articles)):  # "l'una"
                return self._add(Atom("R", token.start, one.end, 1.0, "piece"), used + 1)
            return self._add(Atom("W", token.start, token.end, text=token.text), used)
        if not self._words.counts(token.text) or not self._measures(0):
            return False  # "3 pak je voor 20": a verb
        if self._is_name_of_group(token):
            return self._add(Atom("X", token.start, self._tokens[self._place + 2].end), 3)
        value, unit = self._words.amount(token.text)
        if many := self._times_of_unit():
            return self._add(Atom("Q", token.start, self._tokens[self._place + 2].end, value * many, unit), 3)
        if unit == "g" and self._is_share_of():
            _, share = self._atoms.pop(), self._atoms.pop()
            return self._add(quantity(share, token), 1)  # "jumate de gram"
        self._with_article()
        per = self._previous_is_per() and not (self._is_next_product() or self._opens_goods())
        per = per and not (self._opens_next(token) or self._opens_clause() or self._is_bar_of_tiers())
        if per and self._is_of_strong(token):
            self._atoms[-2] = self._atoms[-2]._replace(kind="S", unit="mg")
            per = False
        per = per or self._is_abbreviated()
        per = per or bool(self._atoms and self._atoms[-1].text in _THE and self._atoms[-2:-1])
        if per:
            self._atoms.pop()
            if self._atoms and self._atoms[-1].text == "p":
                self._atoms.pop()
        money = bool(self._atoms) and self._atoms[-1].kind == "M" and not self._has_price(token)
        kind = "R" if per or money else "U"
        text = PER if per else token.text
        several = self._text(1) in APOSTROPHES and self._text(2) == "s"  # "oz's of weed"
        return self._add(Atom(kind, token.start, token.end, value, unit, text=text), 1 + 2 * several)

    def _kilo(self, token: Token) -> bool:
        """The letter for a kilo: of which the sum before is ("9,5 per k"), or which costs the one behind."""
        of_kilo = [a.text for a in self._atoms[-2:]] == ["p", "/"]  # "3100 p/k"
        if of_kilo and token.glued and [a.kind in "NM" for a in self._atoms[-3:-2]] == [True]:
            del self._atoms[-2:]
            return self._add(Atom("R", token.start, token.end, 1.0, "kg", text=PER), 1)
        if self._previous_is_per() and len(self._atoms) > 1 and self._atoms[-2].kind in "NM":
            self._atoms.pop()
            return self._add(Atom("R", token.start, token.end, 1.0, "kg", text=PER), 1)
        if self._is_share_of_kilo():
            share = self._atoms.pop()
            return self._add(share._replace(kind="Q", end=token.end, unit="kg"), 1)
        behind = bool(self._atoms) and self._atoms[-1].kind == "P"
        if behind and (number(self._text(1)) or 0.0) >= _LEAST_KILO:
            return self._add(Atom("U", token.start, token.end, 1.0, "kg", text=token.text), 1)
        return False

    def _has_price(self, token: Token) -> bool:
        """Whether the price of the pack follows, so that the one before is of one piece: "€2 strip €15"."""
        following = self._token(1)
        signed = following is not None and (following.text in self._words.currencies or is_number(following))
        if self._opens_next(token):
            return True
        apart = not token.glued and self._words.units.get(token.text) in PACKED
        named = any(a.kind == "P" for a in self._atoms[-3:-1])
        return signed and apart and named

    def _opens_next(self, token: Token) -> bool:
        """Whether a weight with its own price follows an amount with its: "3.5 £40 oz £230"."""
        before = [a.kind for a in self._atoms[-4:] if a.kind != "O" and a.text != "/"][-2:]
        sign = self._token(1 + (self._text(1) in _TO_PRICE))
        signed = sign is not None and sign.text in self._words.currencies and sign.kind == "s"
        return token.text in self._words.fixed and signed and before in (["N", "M"], ["Q", "M"], ["U", "M"])

    def _is_priced_weight(self, token: Token) -> bool:
        """Whether the word for a weight has a sum with its sign behind it: "henry £35"."""
        if token.text not in self._words.fixed or (self._atoms and self._atoms[-1].kind == "Q"):
            return False  # "1kg blok €24.500"
        said = self._text(1) in self._words.equals and is_number(self._token(2))  # "henry for 30 quid"
        return said or (self._text(1) in self._words.currencies and self._is_sum(1))

    def _opens_clause(self) -> bool:
        """Whether an article behind a full stop, a comma or "and" opens what is sold next: "3700. la boite
        280", "treinta y el pollo cincuenta".
        """
        before = self._atoms[-3:-1]
        priced = len(before) > 1 and before[0].kind in "NMR" and before[1].text in (_ENDS | _AND)
        stopped = priced and self._atoms[-1].text in _ARTICLES_OF
        return stopped and any(self._is_sum_at(ahead) for ahead in range(1, _CLAUSE))

    def _is_of_strong(self, token: Token) -> bool:
        """Whether the number behind a product is its strength, and the pack has its own price behind:
        "tramadol 50 la plaquette 10€".
        """
        packed = self._words.units.get(token.text) in PACKED and self._atoms[-1].text in _ARTICLES_OF
        behind = [a.kind for a in self._atoms[-3:-1]] == ["P", "N"]
        return packed and behind and is_number(self._token(1))

    def _is_name_of_group(self, token: Token) -> bool:
        """Whether a letter and the number joined to it are a name: "the G-20"."""
        joint, count = self._token(1), self._token(2)
        if len(token.text) > 1 or joint is None or count is None or joint.text != "-":
            return False
        said = bool(self._atoms) and self._atoms[-1].kind == "W"
        return said and joint.glued and count.glued and is_number(count)

    def _is_counted_of_product(self) -> bool:
        """Whether the number before counts pieces of the product before it: "1P-LSD 100ug 10 blotters"."""
        before = [a.kind for a in self._atoms[-_SOLD:] if a.kind not in "SO"]
        return before[-2:] == ["P", "N"] and self._atoms[-1].kind == "N"

    def _is_sum_of_one(self, token: Token) -> bool:
        """Whether the number before is what one piece costs: "des taz à cinq pièce"."""
        before = self._atoms[-3:]
        if token.text in self._words.single and (self._is_behind_money() or self._is_before_several()):
            return True
        return token.text == "piece" and [a.kind for a in before] == ["P", "W", "N"] and before[1].text == "a"

    def _is_priced_itself(self) -> bool:
        """Whether the number before is a price and the word for pieces has its own: "md=20 pil=4"."""
        following = self._token(1)
        if len(self._atoms) < _PAIR or following is None:
            return False
        if self._is_next_of_pairs():
            return True
        joint, price = self._atoms[-2:]
        glued = joint.end == price.start and following.glued
        return (joint.kind, following.text) == ("E", "=") or (glued and joint.text == following.text == "-")

    def _is_next_of_pairs(self) -> bool:
        """Whether the word for pieces opens the next pair of a line of goods and prices ("wit 50 keta 25
        pillen 4"), or the next goods of one with amounts too ("keta 1 25 pillen 10 30").
        """
        kinds, price = "".join(a.kind for a in self._atoms[-4:]), number(self._text(1))
        if price is None:
            return False
        if kinds[-3:] == "PQN" and self._words.units.get(self._text(2)) == "piece":
            return is_number(self._token(3))  # "mdma 5g 70 pillen 50st 100"
        if self._words.counts(self._text(2)):
            return False
        glued = self._tokens[self._place - 1].glued
        slashed = glued and [a.text for a in self._atoms[-2:-1]] == ["/"] and self._text(2) == "/"
        if slashed and is_number(self._token(3)):
            return True  # "md 1/15 5/50 pil 10/25"
        amounts = kinds[-3:] == "PNN" and is_number(self._token(2)) and not is_number(self._token(3))
        return amounts or (kinds == "PNPN" and price < self._atoms[-1].value)

    def _is_price_of(self) -> bool:
        """Whether a price stands before the word for goods, which is that of one ("3 de pil"), and no article
        of goods that are spoken of: "en de pillen doe ik ...".
        """
        if not self._previous_is_per():
            return False
        loose = self._atoms[-1].text == "/" and not self._tokens[self._place].glued
        if loose and is_number(self._token(1)):
            return False  # "// pillen 10 st": the next goods
        spoken = self._atoms[-1].text in _ARTICLES and len(self._atoms) > 1 and self._atoms[-2].kind == "W"
        return not (spoken and any(a.kind in "QNMR" for a in self._atoms[-_BACK:-1]))

    def _is_priced_pack(self, token: Token) -> bool:
        """Whether a word for a pack has its price behind a sign: "Rivotril 2mg - plaquette : 25€"."""
        priced = self._text(1) in _TO_PRICE and is_number(self._token(2))
        if [a.kind for a in self._atoms[-2:]] == ["P", "S"] and not priced:  # "Gummies 600mg pack £15"
            following = self._token(1)
            priced = following is not None and (
                following.kind == "s" and self._words.currencies.get(following.text) is not None
            )
        return bool(priced) and self._words.units.get(token.text) in PACKED and bool(self._atoms)

    def _is_price_of_goods(self, term: Term) -> bool:
        """Whether the goods that were named are those that a sum is for: "xanax is $3 per bar"."""
        if term.entry.term not in PIECES or len(self._atoms) < _PAIR or self._atoms[-1].text not in _EACH:
            return False
        named = {a.term.entry.targets[0] for a in self._atoms[-_BACK:] if a.kind == "P" and a.term}
        return self._atoms[-2].kind in "MN" and term.entry.targets[0] in named

    def _holds(self, token: Token) -> bool:
        """Whether the word for a pack says how many are in it: "plaquette de 10"."""
        packed = self._words.units.get(token.text) in PACKED and self._text(1) in HOLDING
        return packed and is_number(self._token(2))

    def _is_next_product(self) -> bool:
        """Whether a slash apart from both stands before a letter that names a product: "3g 80 / G 30ml"."""
        loose = self._atoms[-1].text == "/" and not self._tokens[self._place].glued
        named = self._text(1) in HOLDING and (self._place + 2) in self._terms  # "60 / bag of k 30"
        return loose and (is_number(self._token(1)) or named)

    def _opens_goods(self) -> bool:
        """Whether the unit is of goods that follow and no price stands before: "le gramme de beuh"."""
        of = self._text(1) in HOLDING and (self._place + 2) in self._terms
        return of and not (len(self._atoms) > 1 and self._atoms[-2].kind in "NM")

    def _is_abbreviated(self) -> bool:
        """Whether the unit is the end of "p.st": per piece."""
        glued = self._place > 1 and all(t.glued for t in self._tokens[self._place - 1 : self._place + 1])
        return glued and [a.text for a in self._atoms[-2:]] == ["p", "."]

    def _word(self) -> bool:
        token = self._tokens[self._place]
        if token.text == "kosten" and "Q" in [a.kind for a in self._atoms[-2:] if a.kind != "P"][-1:]:
            return self._add(Atom("E", token.start, token.end, text=token.text), 1)
        if token.text in self._words.fees:
            return self._add(Atom("F", token.start, token.end, text=token.text), 1)
        if token.text in APOSTROPHES and self._is_short_for_is():
            return self._add(Atom("E", token.start, self._tokens[self._place + 1].end, text="is"), 2)
        if token.text in self._words.equals or self._is_for():
            if token.text == ">" and [a.text for a in self._atoms[-2:]] == ["-", "-"]:
                del self._atoms[-2:]  # "strip --> 8"
            used = 1 + ((token.text, self._text(1)) in _GETS)
            return self._add(Atom("E", token.start, token.end, text=token.text), used)
        return False

    def _is_short_for_is(self) -> bool:
        """Whether "'s" stands between an amount and its price: "a gram's twenty five, two's forty five"."""
        price = self._text(2)
        sum_ = is_number(self._token(2)) or price in self._words.numbers or price in self._words.currencies
        return (
            self._text(1) == "s"
            and sum_
            and bool(self._atoms)
            and (self._atoms[-1].kind in "NQ" or self._atoms[-1].text == "it")
        )

    def _is_for(self) -> bool:
        """The "b" of Darija between goods and their price ("10g d lhachich b 150dh"); the "x" of "75€x1g"."""
        if self._tokens[self._place].text == "x" and self._atoms and self._atoms[-1].kind == "M":
            return is_number(self._token(1))
        if self._is_for_more():
            return True
        one = [a.kind for a in self._atoms[-2:]] == ["U", "W"] and self._atoms[-1].text in _ONE_OF
        if self._tokens[self._place].text != "b" or not self._atoms:
            return False
        if self._atoms[-1].kind not in "PQUN" and not one:  # "gram wa7ed b 700"
            return False
        sum_, sign = self._token(1), self._token(2)
        if self._words.numbers.get(self._text(1), 0.0) >= _HUNDREDS or self._text(2) in _OF_HUNDREDS:
            return True  # "lgram b sttemia", "lgram b seb3 mya"
        signed = sign is not None and sign.text in self._words.currencies
        return is_number(sum_) and (signed or self._is_larger())

    def _is_larger(self) -> bool:
        """Whether the number ahead is a sum beside the number before: "jouj b 1100"."""
        sum_, few = number(self._text(1)) or 0.0, self._atoms[-1]
        return sum_ >= _HUNDREDS and (few.kind != "N" or few.value < sum_)

    def _is_for_more(self) -> bool:
        """The "la" and "cu" of Romanian and the "en" of Spanish between an amount and a larger sum: "10 la
        60", "la placa de cien en 350".
        """
        word, glued = self._tokens[self._place].text, self._tokens[self._place].glued
        before = self._atoms[-1] if self._atoms and word in _FOR_MORE and not glued else None
        if before is None or before.kind not in "NQ" or self._words.counts(self._text(2)):
            return False
        if word == "en" and (before.kind == "Q" or [a.text for a in self._atoms[-2:-1]] != ["de"]):
            return False
        price = number(self._text(1)) or self._words.numbers.get(self._text(1), 0.0)
        return price > before.value
