"""Drugs called by one letter in a list: the letter opens a line and amounts with prices follow.

A letter alone means too much, so it is read so only beside another word for a drug, and of the letters only
those that lists of several languages use alike (only in our validation sets: C, K, M, T, W, X, and G for
GHB). Other letters name an unknown product. A list of millilitres of G needs no other word, nor
do rows of one form, each with a letter and its number (analysis.initials).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forensics.analysis.atoms import HOLDING
from forensics.analysis.cursor import is_number, is_numeral, opens_line
from forensics.analysis.lexicon import Lexicon, Term
from forensics.analysis.orders import AND
from forensics.analysis.spelling import PARTING
from forensics.analysis.text import Token, number
from forensics.analysis.vocabulary import vocabulary

LETTERS = frozenset("bcdfhjkmpqstvwz")  # that may stand for a product where a line opens with them
_MEANT = {
    "c": "cocaine",
    "k": "ketamine",
    "m": "mdma",
    "x": "xtc",
    "t": "tina",
    "w": "cocaine",
    "met": "tina",
    "ero": "eroina",
    "mol": "molly",
}
_OF_ROWS = {"h": "heroin", "s": "speed"}  # in rows of letters
_PARTED = {"m": "d"}  # two letters that are a name
_LETTERS_MEANT = frozenset({*_MEANT, "g"})
_OTHER = {"w": "cannabis"}  # where C is cocaine
_PARTY = {"m": "mephedrone"}  # what a letter means beside GHB or crystal meth called by theirs
_LIQUID, _LIQUID_NAME = "g", "ghb"  # where it is measured in millilitres
_BESIDE = frozenset({"t", _LIQUID})
_DOTS = 24  # between a letter and its number
_ENDS = frozenset("/|;,")  # of a clause
_NEAR = 6  # tokens from the letter to what is measured
_FEW = 10  # of one letter are sold for one sum
_FROM_FIRST, _ORDERED = 4, frozenset("ck")  # tokens from the first number of an order; its letters
_LETTERS_ALONE = 3  # letters of a list without a word for a drug
_LEAST_PRICE, _MOST_PRICE = 10, 120  # of one gram
_ALONE = 2  # amounts in millilitres that make a list by themselves
_PARTING = frozenset(":-=|.,➖➤→✅✔")
_JOINING = frozenset("/-")  # an amount to its price
_COSTS = frozenset({"a", "c", "'", "est", "sta", "ist", "e", "to"})  # between the letter and its price
_ARTICLES = frozenset({"la", "le", "die", "der", "de"})  # before a letter
_SMOKE, _BLOWING = "💨", frozenset("😮🏃🚗🚙🚕🏎🛵🏍🚲🛴🚀✈")
_BEFORE_VERB = frozenset({"cuando", "lo", "me", "si", "te"})
_AT = "po"  # cocaine in Portuguese
_CLAUSE = frozenset("/|;:.•·")  # before a letter inside a line


def positioned(terms: Sequence[Term], tokens: Sequence[Token]) -> list[Term]:
    """Without single letters that do not open a line: "k" and "g" mean too much elsewhere; nor the Polish
    word for "at". Only behind a letter does the search for the beginning of its line end at the one before,
    so it is made for no emoji.
    """
    apart = (_is_at, _is_loose, _is_wind, _is_verb)
    return [t for t in terms if t.entry.grade > 1 or not any(is_none(t, tokens) for is_none in apart)]


def _is_loose(term: Term, tokens: Sequence[Token]) -> bool:
    alone = _is_letter(term) and term.after - term.first == 1
    return alone and not opens_line(term.first, tokens)


def _is_verb(term: Term, tokens: Sequence[Token]) -> bool:
    """Whether the word is a verb by the one before: "si pillas 3 te lo dejo en 140"."""
    return term.entry.term == "pillas" and term.first > 0 and tokens[term.first - 1].text in _BEFORE_VERB


def _is_wind(term: Term, tokens: Sequence[Token]) -> bool:
    """Whether the sign for smoke is what a face breathes out or something that drives leaves behind."""
    return term.entry.term == _SMOKE and term.first > 0 and tokens[term.first - 1].text in _BLOWING


def _is_at(term: Term, tokens: Sequence[Token]) -> bool:
    """Whether the word stands inside a clause and before a number: "hasz po 60", "od 5 szt po trzy"."""
    if term.entry.term != _AT or term.first == 0 or tokens[term.first - 1].kind not in "wn":
        return False
    behind = tokens[term.after] if term.after < len(tokens) else None
    return behind is not None and (is_numeral(behind) or behind.text in vocabulary().numbers)


def with_letters(
    terms: list[Term], tokens: Sequence[Token], lexicon: Lexicon, rows: Mapping[int, str]
) -> list[Term]:
    """The terms with those of one letter; ``rows``: the letters of a list of such (analysis.initials)."""
    if not any(token.text in _LETTERS_MEANT for token in tokens):
        return terms
    liquid = any(not _is_letter(t) for t in terms) or _is_list_of_liquid(tokens)
    taken = {place for t in terms for place in range(t.first, t.after)}
    if any("separated" in t.fired for t in terms):
        terms = sorted([*terms, *_parted(tokens, taken, lexicon)], key=lambda t: t.first)
        taken = {place for t in terms for place in range(t.first, t.after)}
    meant = {
        place: name
        for place, token in enumerate(tokens)
        if token.text in _LETTERS_MEANT and place not in taken and (name := _name(tokens, place))
    }
    letters = {tokens[place].text for place in meant}
    if not liquid and not (_LIQUID in letters and len(letters) >= _LETTERS_ALONE):
        meant, letters = {}, set(rows.values())
    elif rows:
        letters |= set(rows.values())
    terms = [t for t in terms if t.first not in rows or not _is_letter(t)]
    of_rows = _MEANT | _OF_ROWS
    meant |= {place: of_rows[text] for place, text in rows.items() if text in of_rows}
    others = (_PARTY if letters & _BESIDE else {}) | (_OTHER if "c" in letters else {})
    meant = {place: others.get(tokens[place].text, name) for place, name in meant.items()}
    found = [_term(tokens[place], place, name, lexicon) for place, name in meant.items()]
    return sorted([*terms, *(t for t in found if t)], key=lambda t: t.first) if found else terms


def _is_letter(term: Term) -> bool:
    """Whether the term is one letter that may mean anything."""
    return term.entry.grade == 1 and len(term.entry.term) == 1 and term.entry.term.isalpha()


def _parted(tokens: Sequence[Token], taken: set[int], lexicon: Lexicon) -> list[Term]:
    """Names of two letters written apart that open a line, before a number: "m d 1g 25", "m.d 1 30"."""
    found: list[Term] = []
    for place, token in enumerate(tokens):
        if token.text not in _PARTED or place in taken or not opens_line(place, tokens):
            continue
        last = place + 1 + (tokens[place + 1 : place + 2] != [] and tokens[place + 1].text in PARTING)
        behind = tokens[last : last + 2]
        if len(behind) > 1 and behind[0].text == _PARTED[token.text] and is_numeral(behind[1]):
            entry = next(e for e in lexicon.first_words["md"] if not e.rest)
            found.append(Term(place, last + 1, token.start, behind[0].end, entry, ("separated",)))
    return found


def _term(token: Token, place: int, name: str, lexicon: Lexicon) -> Term | None:
    entry = next((e for e in lexicon.first_words.get(name, ()) if not e.rest), None)
    known = entry._replace(term=token.text, grade=2) if entry else None
    return Term(place, place + 1, token.start, token.end, known) if known else None


def _name(tokens: Sequence[Token], place: int) -> str | None:
    """What the letter is a name of, by where it stands and what follows it."""
    text, opens = tokens[place].text, opens_line(place, tokens)
    if text == _LIQUID and not tokens[place].glued and _is_measured(tokens, place + 1):
        return _LIQUID_NAME  # "en wat G 50ml 15 euro"
    if text == "x" and place + 1 < len(tokens) and tokens[place + 1].glued and tokens[place + 1].kind == "n":
        return None  # "/ x56": how many
    if not opens and place > 0 and (_is_headed(tokens, place) or _is_the_white(tokens, place)):
        return _MEANT.get(text)
    if not opens and (_closes(tokens, place) or _is_counted(tokens, place) or _is_of_bundle(tokens, place)):
        return _MEANT.get(text)
    if _is_last_of_order(tokens, place):
        return _MEANT.get(text)
    if not opens and place > 0 and tokens[place - 1].text == ",":
        return _measured_name(tokens, place)
    if not (opens or _opens_clause(tokens, place)):
        return None
    if text == _LIQUID and (_is_liquid(tokens, place) if opens else _is_measured(tokens, place + 1)):
        return _LIQUID_NAME
    alone = opens and (_heads(tokens, place) or _is_priced_alone(tokens, place))
    return _MEANT.get(text) if alone or _counts(tokens, place) else None


def _is_headed(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter stands behind a word and before a sign and grams with their price ("Promo C : 3g
    150"), or behind an article and before the price of a gram ("la C 50€ le g").
    """
    words, before, at = vocabulary(), tokens[place - 1], _behind_signs(tokens, place + 1)
    while at < len(tokens) and at - place < _NEAR and tokens[at].text in _COSTS:
        at += 1
    if before.kind != "w" or not before.text.isalpha() or at + 1 >= len(tokens) or not is_numeral(tokens[at]):
        return False
    if before.text in _ARTICLES:
        money = 1 + (tokens[at + 1].text in words.currencies)
        return _is_per_gram(tokens, at + money)
    weighed = words.units.get(tokens[at + 1].text) == "g" and tokens[place + 1].text == ":"
    return weighed and at + 2 < len(tokens) and is_numeral(tokens[at + 2])


def _is_the_white(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter is the C of French and Italian, and its price ends the clause: "la C 60, ..."."""
    if (tokens[place - 1].text, tokens[place].text) != ("la", "c"):
        return False
    at = place + 1 + (place + 1 < len(tokens) and tokens[place + 1].text in _COSTS)
    if at == place + 1 and _counts(tokens, place):
        return True  # "la c 0.5 = 30 / 1 = 50"
    price = number(tokens[at].text) if at < len(tokens) else None
    at += 1 + (at + 1 < len(tokens) and tokens[at + 1].text in vocabulary().currencies)
    ends = at >= len(tokens) or tokens[at].kind in "ls" or tokens[at].text in _ARTICLES
    return ends and price is not None and 2 * _LEAST_PRICE <= price <= _MOST_PRICE


def _heads(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter is alone on its line and an amount in grams opens the next: "C" over "1g 60"."""
    at = place + 1
    while at < len(tokens) and at - place < _NEAR and tokens[at].kind == "s":
        at += 1
    if at + 2 >= len(tokens) or tokens[at].kind != "l" or not is_numeral(tokens[at + 1]):
        return False
    return vocabulary().units.get(tokens[at + 2].text) == "g" or tokens[at + 1].text.endswith("g")


def _is_priced_alone(tokens: Sequence[Token], place: int) -> bool:
    """Whether a colon and a price follow the letter and nothing else stands on its line: "c : 60"."""
    line = tokens[place + 1 : place + 4]
    price = number(line[1].text) if len(line) > 1 and line[0].text == ":" else None
    ends = len(line) < 3 or line[2].kind == "l"
    return ends and price is not None and _LEAST_PRICE <= price <= _MOST_PRICE


def _measured_name(tokens: Sequence[Token], place: int) -> str | None:
    """What a letter behind a comma is a name of, where its amount follows with a unit: ", k 1g 30"."""
    text, words = tokens[place].text, vocabulary()
    if text == _LIQUID:
        told = _is_measured(tokens, place + 1) or _is_price_of(tokens, place + 1)
        return _LIQUID_NAME if told else None
    if place + 2 >= len(tokens):
        return None
    unit = tokens[place + 2].text
    weighed = is_numeral(tokens[place + 1]) and words.units.get(unit) == "g"
    weighed = weighed or (is_number(tokens[place + 1]) and unit in ("€", "£"))
    weighed = weighed or (is_number(tokens[place + 1]) and _is_per_gram(tokens, place + 2))
    return _MEANT.get(text) if weighed else None


def _is_per_gram(tokens: Sequence[Token], at: int) -> bool:
    """Whether the words there say that a price is of one gram: "a g"."""
    words, behind = vocabulary(), tokens[at : at + 2]
    return len(behind) > 1 and behind[0].text in words.per and words.units.get(behind[1].text) == "g"


def _opens_clause(tokens: Sequence[Token], place: int) -> bool:
    """Whether a sign that parts goods stands before the letter, apart from both."""
    return place > 0 and tokens[place - 1].text in _CLAUSE and not tokens[place].glued


def _closes(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter ends a line behind a sum and what it buys: "30 = 10 x", "20 = 1g k"."""
    ends = place + 1 == len(tokens) or tokens[place + 1].kind == "l"
    if vocabulary().units.get(tokens[place - 1].text) == "g" and tokens[place].text != "x":
        place -= 1
    return ends and place > 2 and is_numeral(tokens[place - 1]) and tokens[place - 2].text in ("=", ">")


def _is_of_bundle(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter stands behind an amount in grams and beside a plus: "1g C + 3 taz"."""
    if place < 2 or place + 1 >= len(tokens):
        return False
    weighed = vocabulary().units.get(tokens[place - 1].text) == "g" and is_numeral(tokens[place - 2])
    return weighed and ("+" in (tokens[place + 1].text, tokens[max(0, place - 3)].text))


def _is_last_of_order(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter ends its clause behind a small number that a word joins to goods with theirs: "2 wit
    en 1 k, 120".
    """
    if place < _FROM_FIRST or tokens[place].text not in _ORDERED or tokens[place].glued:
        return False
    count, joint, goods, first = (tokens[place - back] for back in range(1, _FROM_FIRST + 1))
    small = is_numeral(first) and count.kind == "n" and len(count.text) == 1
    ends = place + 1 == len(tokens) or tokens[place + 1].kind == "l" or tokens[place + 1].text in _ENDS
    return small and ends and goods.kind == "w" and (joint.text in AND or joint.text == "+")


def _is_counted(tokens: Sequence[Token], place: int) -> bool:
    """Whether the letter stands between an amount in grams and its price: "1g k 25"."""
    if place < 2 or place + 1 >= len(tokens) or tokens[place].text == "x":
        return False
    between = is_numeral(tokens[place - 2]) and is_numeral(tokens[place + 1])
    weighed = between and vocabulary().units.get(tokens[place - 1].text) == "g"
    return weighed or (_is_held(tokens, place) and _costs(tokens, place + 1))


def _is_held(tokens: Sequence[Token], place: int) -> bool:
    """Whether a gram or pack of it stands before the letter: "een gram K", "le pochon de C"."""
    of = int(tokens[place - 1].text in HOLDING)
    return vocabulary().units.get(tokens[place - 1 - of].text) in ("g", "pack")


def _costs(tokens: Sequence[Token], at: int) -> bool:
    """Whether a price follows there, behind nothing but words that say so."""
    words = vocabulary()
    ahead = next(
        (t for t in tokens[at : at + _NEAR] if t.text not in _COSTS and t.text not in words.equals), None
    )
    return ahead is not None and (is_numeral(ahead) or ahead.text in words.currencies)


def _is_list_of_liquid(tokens: Sequence[Token]) -> bool:
    """Whether a line opens with the letter for GHB, and several amounts of millilitres or litres follow."""
    words = vocabulary()
    for place, token in enumerate(tokens):
        if token.text == _LIQUID and opens_line(place, tokens) and _is_liquid(tokens, place):
            said = [t.text for t in tokens[place:] if len(t.text) > 1 and words.counts(t.text)]
            return sum(words.amount(text)[1] == "ml" for text in said) >= _ALONE
    return False


def _pours(tokens: Sequence[Token]) -> bool:
    """Whether several amounts of millilitres or litres are said."""
    return sum(_is_measured(tokens, at) for at in range(len(tokens))) >= _ALONE


def _is_measured(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number of millilitres or litres stands here."""
    if at + 1 >= len(tokens) or not is_numeral(tokens[at]):
        return False
    words, unit = vocabulary(), tokens[at + 1].text
    return words.counts(unit) and words.amount(unit)[1] == "ml"


def _counts(tokens: Sequence[Token], place: int) -> bool:
    """Whether an amount in grams or pieces follows, or one with the sum it costs: "C 1g 50", "M 1 = 20"."""
    at = _behind_signs(tokens, place + 1)
    words = vocabulary()
    if _is_per_gram(tokens, at) and is_number(tokens[min(at + 2, len(tokens) - 1)]):
        return True  # "c le g 60"
    if at + 1 >= len(tokens) or not (is_numeral(tokens[at]) or tokens[at].text in words.spelled):
        return False
    if _is_per_gram(tokens, at + 1):
        return True  # "c 60 le g"
    following = tokens[at + 1]
    weighed = words.counts(following.text) and words.amount(following.text)[1] in ("g", "piece")
    joins = following.text in words.equals or following.text in _JOINING
    if following.text in words.currencies:
        return (following.kind == "s" and at + 2 < len(tokens) and is_number(tokens[at + 2])) or (
            _is_price_of_line(tokens, at)
        )  # "W 0.5 £40", "C 60€ le g"
    if is_number(following):
        return _is_sum(tokens, at)
    if not joins or at + 2 >= len(tokens):
        return weighed
    if following.text == "/" and words.units.get(tokens[at + 2].text) == "g":
        return True
    goes_on = at + 3 < len(tokens) and tokens[at + 3].text == following.text  # "C 60 / 110 / 160"
    signed = tokens[at + 2].text in words.currencies and at + 3 < len(tokens) and is_number(tokens[at + 3])
    return (is_numeral(tokens[at + 2]) or signed) and not goes_on


def _behind_signs(tokens: Sequence[Token], at: int) -> int:
    """The place behind the dots or signs that part a letter from its number: "C.......60€"."""
    first = at
    while at < len(tokens) and at - first < _DOTS and tokens[at].text in _PARTING:
        at += 1
    return at


def _is_price_of_line(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number there, with its currency, ends the line, or is what one gram costs."""
    behind = tokens[at + 2 : at + 4]
    ends = not behind or behind[0].kind == "l" or behind[0].text in _ENDS
    return ends or _is_per_gram(tokens, at + 2)


def _is_sum(tokens: Sequence[Token], at: int) -> bool:
    """Whether a number is followed by what so many cost, which ends the line or tier: "1 45 // 2 85"."""
    words, text = vocabulary(), tokens[at].text
    few, sum_ = words.shares.get(text) or number(text), number(tokens[at + 1].text)
    ends = text in words.shares or at + 2 == len(tokens) or tokens[at + 2].kind in "ls"
    return few is not None and sum_ is not None and ends and few <= _FEW and sum_ > few


def _is_price_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether the number is the price of so many millilitres behind it: "G 20 per 50 ml"."""
    if at + 2 >= len(tokens) or tokens[at + 1].text not in ("per", "voor", "for", "les", "/"):
        return False
    return is_numeral(tokens[at + 2]) and _is_measured(tokens, at + 2)


def _is_money(tokens: Sequence[Token], at: int) -> bool:
    """Whether a sign of money stands right before the number."""
    return tokens[at - 1].kind == "s" and tokens[at - 1].text in vocabulary().currencies


def _is_liquid(tokens: Sequence[Token], place: int) -> bool:
    """Whether the first number behind the letter, on its line or at the beginning of the next, is one of
    millilitres or litres.
    """
    lines = 0
    for at in range(place + 1, min(place + 2 * _NEAR, len(tokens) - 1)):
        token = tokens[at]
        lines += token.kind == "l"
        if is_numeral(token) and not _is_money(tokens, at):
            near = at - place <= _NEAR or tokens[at - 1].kind == "l"
            told = _is_measured(tokens, at) or _is_price_of(tokens, at)
            return told and (near or (place == 0 and _pours(tokens)))
        if lines > 1:
            return False
    return False
