"""Numbers with what they count: quantities, strengths, prices, and the signs between them.

Conversions are the contract's (section 5): ons = 100 g, litre = 1000 ml, blok = 1 kg, oz = 28 g; money and quantity
slang from the lexicon's notes. A value-denominated unit stays a price and is never turned into grams.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forensics.analysis.lexicon import Entry, Term
from forensics.analysis.text import Token, number


def _table(text: str) -> dict[str, str]:
    """Lines "value: word word" turned into word -> value."""
    pairs = (line.split(":", 1) for line in text.strip().splitlines())
    return {word: value.strip() for value, listed in pairs for word in listed.split()}


# word -> unit; the words are folded (no accents).
UNITS: Mapping[str, str] = _table(
    """
g: g gr grs gram grams grammen gramm gramme grammes gramo gramos gramy gramow grama gramas grammi grammo grame gs gm
g: grammetje grammetjes gtje gtjes gtj giet giety gramas gramlik
kg: kg kgs kilo kilos kilogram kiloos kilootje chilo kil quilo kilogramm
mg: mg
ml: ml mil milliliter mililiter
piece: st stk sts stuk stuks stuck stucke pcs pc pce pieces piece pils pillen pilletjes pillekes pil pill pills pille
piece: tabs tab tablet tabletten tablets tabletta tabletki tabl tabletas compresse comprimes comprimidos capsule
piece: capsules caps kapseln zegels zegel blotters blotter trips szt sztuk sztuki sztuka adet tane tanesi buc bucati
piece: ud uds unidad unidades pieza piezas pezzi pezzo pz unite unites un unidade unidades pastillas pasti rondjes
piece: plant planten plants stekjes stekken vape vapes cart carts pen pennen joints joint ea buvard buvards
piece: cachets cachet ampullen ampul amp spuiten spuit vials vial patches pleisters pleister ballon ballonnen
piece: pilules pastilles pastilhas pastile hap papeles kartons kartony kartoni sellos ballons zegeltjes steck teile
strip: strip strips stripje stripjes blister blisters plaquette plaquettes streifen blistry blistrow tira tiras
box: doos doosje doosjes dozen box boxes boite boites schachtel caja cajas kutu cutie cutii pudelko pudelka scatola
box: scatole caixa caixas
tank: tank tanks tankje tankjes cilinder cilinders fles flessen flesje cylinder cylinders bonbonne bonbonnes butla
tank: butle bombona bombonas zylinder
pack: pack packs pak pakje pakjes pakket pakketje zak zakje zakjes bag bags baggie baggies packung paket paczka
pack: opakowanie pochon pochons pacson wrap wraps ponypack ponypacks ponypackje gripzakje sealtje bolsa bolsita
pack: bustina bustine saco worek woreczek samara punga beutel tutchen tutje sachet sachets
"""
)
# unit words that stand for a fixed amount: word -> (quantity, unit)
FIXED: Mapping[str, tuple[float, str]] = {
    **dict.fromkeys(("ons", "onsje", "onsjes", "etto"), (100.0, "g")),
    **dict.fromkeys(
        ("oz", "ozs", "ounce", "ounces", "zip", "zips", "once", "onces", "onza", "onzas", "unze", "uncja"),
        (28.0, "g"),
    ),
    **dict.fromkeys(
        ("l", "liter", "liters", "litre", "litres", "ltr", "litro", "litros", "litr"), (1000.0, "ml")
    ),
    **dict.fromkeys(("cl",), (10.0, "ml")),
    **dict.fromkeys(("blok", "blokken", "key", "keys", "ki"), (1.0, "kg")),
    **dict.fromkeys(("teenth", "teenths"), (1.75, "g")),
    **dict.fromkeys(("eighth", "8th", "eighths"), (3.5, "g")),
    **dict.fromkeys(("halfje", "halfjes", "halfke"), (0.5, "g")),
    **dict.fromkeys(("pollo", "pollos"), (1.0, "g")),
}
# Amounts said without a number. "ball" only behind an 8, "q" only before a price or "of".
PHRASES: Mapping[tuple[str, ...], tuple[float, str]] = {
    ("8", "ball"): (3.5, "g"), ("8ball",): (3.5, "g"), ("eight", "ball"): (3.5, "g"), ("eightball",): (3.5, "g"),
    ("half", "o"): (14.0, "g"), ("half", "oz"): (14.0, "g"), ("half", "ounce"): (14.0, "g"),
    ("half", "an", "ounce"): (14.0, "g"), ("quarter", "ounce"): (7.0, "g"), ("q", "of"): (7.0, "g"),
    ("quarter", "of"): (7.0, "g"), ("nine", "bar"): (252.0, "g"), ("half", "a", "key"): (0.5, "kg"),
    ("medio", "pollo"): (0.5, "g"), ("half", "q"): (3.5, "g"), ("eighth", "of"): (3.5, "g"),
    ("half", "g"): (0.5, "g"), ("een", "halfje"): (0.5, "g"), ("kwart", "gram"): (0.25, "g"),
}  # fmt: skip
CURRENCIES: Mapping[str, str] = _table(
    """
EUR: € eur euro euros euri euritos eurie euries eu eurootjes euriti
GBP: £ gbp quid
USD: $ usd bucks dollar dollars
PLN: pln zl zlotych zlote zloty
TRY: ₺ tl lira
RON: ron lei
MAD: mad dh dirham dirhams
CHF: chf franken
"""
)
# Street words for sums (lexicon notes): the number before it multiplies.
MONEY: Mapping[str, float] = {
    **dict.fromkeys(
        "tientje tientjes donnie donnies doni donis joet joetje tenner tenners zehner".split(), 10
    ),
    **dict.fromkeys("geeltje geeltjes tjawa".split(), 25),
    **dict.fromkeys("bankoe bankoes fifty".split(), 50),
    **dict.fromkeys("barkie barkies barki barkis meier meiers mille100 hunni setka bullseye100".split(), 100),
    **dict.fromkeys("rug ruggen doezoe doezoes rooie rooitje grand mille".split(), 1000),
    **dict.fromkeys("fifa lotto vijfje".split(), 5),
    **dict.fromkeys("monkey".split(), 500),
}
NUMBER_WORDS: Mapping[str, float] = {
    word: value
    for value, listed in {
        0.25: "kwart cwierc",
        0.5: "half halve halfe halfs medio media meio demi halbes halbe pol polowa yarim jumate mezzo",
        1: "een one a an un une ein eine uno una um uma jeden bir 'n n",
        1.5: "anderhalf anderhalve poltora",
        2: "twee two zwei deux dos due dois dwa iki doi doua",
        3: "drie three drei trois tres tre trzy uc trei",
        4: "vier four quatre cuatro quattro quatro cztery dort patru",
        5: "vijf five funf cinq cinco cinque piec bes cinci",
        6: "zes six sechs seis sei szesc alti sase",
        7: "zeven seven sieben sept siete sette sete",
        8: "acht eight huit ocho otto oito osiem",
        10: "tien ten zehn dix diez dieci dez dziesiec zece",
        15: "vijftien fifteen",
        20: "twintig twenty zwanzig vingt veinte venti vinte dwadziescia yirmi",
        25: "vijfentwintig",
        30: "dertig thirty dreissig trente treinta trenta",
        40: "veertig forty vierzig quarante cuarenta quaranta",
        50: "vijftig fifty funfzig cinquante cincuenta cinquanta piecdziesiat elli",
        60: "zestig sixty sechzig soixante",
        70: "zeventig seventy siebzig",
        80: "tachtig eighty achtzig",
        90: "negentig ninety neunzig",
        100: "honderd hundred hundert cent cien cento sto yuz",
    }.items()
    for word in listed.split()
}
# Shares of a gram in "half 30, hele 50".
_SHARES = {"half": 0.5, "halve": 0.5, "hele": 1.0, "heel": 1.0, "kwart": 0.25, "whole": 1.0, "full": 1.0}
_ARTICLES = frozenset("een one a an un une ein eine uno una um uma jeden bir n".split())
EQUALS = frozenset("= voor for fur pour por za → @ > is kost costs doe je -> ergens da".split())
_PER = frozenset("per p pro / the a de el le la das al il po za het elke je all ogni".split())
_PER_ALONE = frozenset("pg ppg each apiece elk pst ps pp pst".split())
# Sums that are no price of goods: delivery, deposits, smallest orders, reductions (contract, section 5).
FEES = frozenset(
    """bezorgkosten verzendkosten reiskosten benzinegeld benzine borg statiegeld deposit bezorging verzending delivery
    shipping postage fee min minimum minimaal minimale mindest mindestbestellwert mindestbestellung mbw moq korting
    discount versand lieferung pfand livraison caution fianza envio envios entrega dostawa kaucja kargo teslimat
    consegna spedizione livrare bestelling bestellwert order spend frais gastos minimo kosten voorrijkosten tip fooi
    aanbetaling avance anticipo toeslag bezorgen brengen rijkosten""".split()
)
_NO_AMOUNT = frozenset(
    """miljoen miljard million millions billion mln mio millionen millones milioni milhoes uhr clock oclock ct cent
    u uur uren min mins minuten minuut minutes minute minuti minutos hour hours h hrs stunden heures km meter cm mm
    jaar jaren year years jahre ans pm am dagen dag days day weken week weeks maanden maand months keer times x% %
    procent percent m2 m3 graden euro/uur personen persoon people mensen man puff puffs k/u mbps gb mb tb inch pagina
    pond euroshop smaken flavours smaak kleuren mei juni juli januari februari maart april augustus september oktober
    november december may june july dk saat godz""".split()
) - {"pond"}
_STRENGTH = frozenset({"mg", "mcg", "ug", "μg"})
# Words that are written against a number besides units: 2x50, 1voor50, 20min, 2k.
_GLUED = frozenset("x k e voor for fur min u uur h km cm m mm jr j pm am mbps gb st th nd rd mcg ug pg p er".split())
_TIMES = frozenset({"x", "keer", "*"})
_STRONG = frozenset("|;•")
_NUMERIC = frozenset("QNM")


class Atom(NamedTuple):
    """One piece of a line: P product, Q quantity, N bare number, M money, S strength, U unit alone, R price per
    unit, E equals, T times, B boundary, C plus, F fee, W word, X a number that counts nothing for sale."""

    kind: str
    start: int
    end: int
    value: float = 0.0
    unit: str | None = None  # of M: the currency
    term: Term | None = None
    text: str = ""


def split(tokens: Sequence[Token], known: Mapping[str, Sequence[Entry]]) -> list[Token]:
    """Tokens such as 10st, 5g50 and 2xtc as number and word; words of the lexicon stay whole."""
    parted: list[Token] = []
    for token in tokens:
        text = token.text
        if token.kind != "w" or token.alias or not any(c.isdigit() for c in text):
            parted.append(token)
            continue
        pieces = _runs(text)
        if _is_compound(pieces, known) and not any(not e.rest for e in known.get(text, ())):
            parted.extend(_pieces(token, pieces))
        else:
            parted.append(token)
    return parted


def _is_compound(pieces: Sequence[str], known: Mapping[str, Sequence[Entry]]) -> bool:
    if pieces[0][0].isalpha():
        return len(pieces[0]) > 2 and pieces[0] in known
    word = pieces[1]
    return word in UNITS or word in FIXED or word in CURRENCIES or word in _GLUED or word in known


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
        self._tokens = tokens
        low, high = (bisect_left(terms, place, key=lambda t: t.first) for place in (first, after))
        self._terms = {t.first: t for t in terms[low:high]}
        self._place = first
        self._after = after
        self._atoms: list[Atom] = []

    def read(self) -> list[Atom]:
        """The atoms of the line, struck-out parts left away."""
        while self._place < self._after:
            if not self._step():
                token = self._tokens[self._place]
                self._add(_plain(token), 1)
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
        for length in (3, 2, 1):
            key = tuple(self._text(i) for i in range(length))
            if key in PHRASES:
                value, unit = PHRASES[key]
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
        counts = token.text in UNITS or token.text in FIXED
        if counts and term.after == self._place + 1 and term.entry.grade == 1:
            if self._atoms and self._atoms[-1].kind == "N":
                number_ = self._atoms.pop()
                self._atoms.append(_quantity(number_, token))
                return self._add(Atom("P", term.start, term.end, term=term, unit="also"), 1)
            goods = (self._place + 1) in self._terms
            if self._previous_is_per() or _is_number(self._token(1)) or goods:
                return self._unit()
        return self._add(Atom("P", term.start, term.end, term=term), term.after - self._place)

    def _previous_is_per(self) -> bool:
        return bool(self._atoms) and self._atoms[-1].text in _PER and self._atoms[-1].kind in "WE"

    def _number(self) -> bool:
        token = self._tokens[self._place]
        if token.text in CURRENCIES and token.kind == "s":
            following = self._token(1)
            value = number(following.text) if following and _is_number(following) else None
            if following is None or value is None:
                return self._add(Atom("W", token.start, token.end, text=token.text), 1)
            used = 2 + self._dash(2)
            if self._text(2) == "k":
                value, used = value * 1000, 3
            end = self._tokens[self._place + used - 1].end
            return self._add(Atom("M", token.start, end, value, CURRENCIES[token.text]), used)
        value = number(token.text) if token.kind in "nw" and not token.text[0].isalpha() else None
        if value is not None:
            return self._counted(token, value, 1)
        return self._spelled(token)

    def _spelled(self, token: Token) -> bool:
        if token.text in _SHARES and self._is_price_ahead():
            return self._add(Atom("N", token.start, token.end, _SHARES[token.text]), 1)
        value = NUMBER_WORDS.get(token.text)
        following = self._text(1)
        if value is None:
            if token.text in MONEY:
                return self._add(Atom("M", token.start, token.end, MONEY[token.text], None), 1)
            return False
        counts = following in UNITS or following in FIXED or following in MONEY
        if token.text in _ARTICLES:
            per = self._atoms and self._atoms[-1].kind in "MN" and token.text in _PER
            return self._counted(token, value, 1) if counts and not per else False
        known = counts or following in CURRENCIES or following in EQUALS
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
        if following is not None and text in MONEY:
            return self._add(Atom("M", token.start, following.end, value * MONEY[text], None), used + 1)
        if following is not None and self._is_suffix(following, used):
            end = following.end
            return self._add(Atom("M", token.start, end, value, CURRENCIES[text]), used + 1)
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
        is_unit = (text in UNITS or text in FIXED) and not self._is_price_before(following, used)
        if following is not None and is_unit and (self._place + used) not in self._terms:
            return self._add(_quantity(atom, following), used + 1)
        if following is not None and text in _TIMES and (following.glued or self._text(used + 1)):
            self._atoms.append(atom)
            return self._add(Atom("T", following.start, following.end), used + 1)
        return self._add(atom, used)

    def _is_price_before(self, following: Token | None, used: int) -> bool:
        """Whether the number is the price of the amount before it and the unit opens the next: 25g 90 ons 300."""
        if following is None or following.glued or not self._atoms or self._atoms[-1].kind != "Q":
            return False
        return _is_number(self._token(used + 1))

    def _is_suffix(self, following: Token, used: int) -> bool:
        if following.text not in CURRENCIES:
            return False
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
        if behind in UNITS or behind in FIXED or (self._place + used + 2) in self._terms:
            return value / float(below.text), used + 2
        return None

    def _no_amount(self, token: Token, value: float, used: int) -> int:
        """How many tokens a number takes that counts no goods: a time, a date, a telephone number, a percentage."""
        following, after = self._token(used), self._token(used + 1)
        previous = self._tokens[self._place - 1] if self._place else None
        if len(token.text) >= 6 and token.kind == "n" and token.text.isdigit():
            return 1
        if previous and previous.text == "+" and token.glued:
            return 1
        if following is None:
            return 0
        if following.text in _NO_AMOUNT and following.text not in UNITS:
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

    def _unit(self) -> bool:
        token = self._tokens[self._place]
        if token.text in _PER_ALONE:
            return self._add(Atom("R", token.start, token.end, 1.0, "g" if "g" in token.text else None), 1)
        if token.text not in UNITS and token.text not in FIXED:
            return False
        value, unit = FIXED.get(token.text) or (1.0, UNITS.get(token.text, ""))
        per = self._previous_is_per()
        if per:
            self._atoms.pop()
        money = bool(self._atoms) and self._atoms[-1].kind == "M"
        kind = "R" if per or money else "U"
        return self._add(Atom(kind, token.start, token.end, value, unit, text=token.text), 1)

    def _word(self) -> bool:
        token = self._tokens[self._place]
        if token.text in FEES:
            return self._add(Atom("F", token.start, token.end, text=token.text), 1)
        if token.text in EQUALS:
            return self._add(Atom("E", token.start, token.end, text=token.text), 1)
        return False


def _is_number(token: Token | None) -> bool:
    return token is not None and token.kind in "nw" and number(token.text) is not None


def _plain(token: Token) -> Atom:
    if token.kind == "s":
        if token.text in _STRONG:
            return Atom("B", token.start, token.end, text=token.text)
        if token.text == "+":
            return Atom("C", token.start, token.end)
    return Atom(
        "W" if token.kind == "w" or token.text in "/~" else "O", token.start, token.end, text=token.text
    )


def _quantity(atom: Atom, token: Token) -> Atom:
    factor, unit = FIXED.get(token.text) or (1.0, UNITS[token.text])
    return Atom("Q", atom.start, token.end, atom.value * factor, unit)


def _without_struck(atoms: list[Atom]) -> list[Atom]:
    """Without what stands between two tildes (struck out in the apps) and without "van 60" before "voor 50"."""
    tildes = [i for i, a in enumerate(atoms) if a.text == "~"]
    if len(tildes) >= 2:
        first, last = tildes[0], tildes[1]
        return _without_struck(atoms[:first] + atoms[last + 1 :])
    kept = list(atoms)
    for place in range(len(kept) - 3):
        word, old, turn, new = kept[place : place + 4]
        if (
            word.text in ("van", "was", "from")
            and old.kind in "NM"
            and (turn.text in ("voor", "nu", "now", "to"))
            and new.kind in "NM"
        ):
            return kept[:place] + kept[place + 3 :]
    return kept
