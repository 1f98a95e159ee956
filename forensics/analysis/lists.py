"""Whether a message is an offer to many, a line of two who negotiate, or of another subject altogether.

Contract, section 5: a menu is an offer that lists goods with prices or amounts, or an advertisement; whoever
asks for, offers or haggles over one thing in a sentence makes a deal.
"""

from __future__ import annotations

from forensics.analysis.deal import ADDRESSED, advert_signs
from forensics.analysis.offered import goods
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement, foreign_words
from forensics.analysis.vocabulary import vocabulary

_MANY = 3  # drugs of an offer that make it one to many
_MANY_DRUGS = 5  # the weight of one drug named and two more
_FEW = 2  # amounts with prices that a sentence may hold
_LONG, _ONE_WORD = 5, -3  # goods of a long list, and what one word of another subject weighs
_SAID = 3  # words that are neither goods nor amounts: from here on it is a sentence
_NAMED = ("drug-name", "street-name")
_FURTHER = ("further-drug", "double-meaning")
_OTHER_GOODS = 3  # strange words of a list that is of other goods
_DEAR = 20  # what bread and drinks for a few do not cost
_BUSINESS = (
    "place",
    "payment",
    "credit",
    "security",
    "handover",
    "complaint",
    "referral",
    "resupply",
    "role",
    "disguise",
    "delivery-note",
)
_FOR_MANY = ("menu", "hours", "number", "broadcast", "delivery")
_TO_ONE = (
    "asks-for-it",
    "offer",
    "request",
    "order",
    "price-asked",
    "complaint",
    "credit",
    "place",
    "payment",
)


def is_otherwise(sheet: Sheet) -> bool:
    """Whether ordinary words are all that speaks for a drug while another subject is named."""
    if sheet.total("innocent") >= 0 or sheet.has(*_NAMED, "asked-in-grams"):
        return False
    if sheet.has("emblem-list"):
        return False
    if addressed(sheet) >= _FEW or (sheet.has("falling-price") and addressed(sheet)):
        return False
    if sheet.has("falling-price") and sheet.has("several-goods") and _is_long(sheet):
        return False
    spot = next(h for h in sheet.hits if h.dimension == "innocent")
    sheet.hit("only-ordinary", spot.start, spot.end)
    return True


def are_ordinary_goods(sheet: Sheet, statement: Statement, colours: frozenset[str]) -> bool:
    """Whether a list prices four goods whose names can all mean a drug, two of them no colours, and says
    nothing else.
    """
    if sheet.total("innocent") < 0 or foreign_words(statement):
        return False
    sold = [t.term.entry for t in statement.reading.tiers if t.term and t.price is not None]
    kinds = {entry.targets[0] for entry in sold}
    plain = {entry.targets[0] for entry in sold if entry.term not in colours}
    return len(kinds) > _MANY and len(plain) >= _FEW


def _is_long(sheet: Sheet) -> bool:
    """Whether a list prices so many goods that one word of another subject does not make it one of that."""
    goods_ = sum(h.id == "goods" for h in sheet.hits)
    return goods_ >= _LONG and sheet.total("innocent") >= _ONE_WORD


def is_bare_count(sheet: Sheet, statement: Statement, colours: frozenset[str]) -> bool:
    """Whether colours are counted or asked for and nothing more: "2 wit en 1 bruin" is also bread."""
    if sheet.has(*_NAMED, "asked-in-grams", "asked-plainly", "unnamed-weight", *_BUSINESS):
        return False
    if any(t.entry.term not in colours for t in statement.terms):
        return False
    tiers = statement.reading.tiers
    weighed = any(t.unit == "g" and t.written for t in tiers)
    return not weighed and all((t.price or 0) < _DEAR for t in tiers)


def addressed(sheet: Sheet) -> int:
    """How many signs there are that a message is meant for many."""
    return sheet.count(ADDRESSED)


def is_menu(sheet: Sheet, statement: Statement, reader: Reader, rules: Rules) -> bool:
    """Whether a message lists goods with prices or amounts, or advertises drugs."""
    menu = rules.thresholds["menu"]
    sells = addressed(sheet) and sheet.has("price", "asks-for-it", "offer")
    if sheet.has("report") and not sells and not _outlists(sheet, statement, reader):
        return False
    score, drug = sheet.total(), sheet.total("drug")
    listed = _lists(sheet, statement, reader, rules) and not sheet.has("delivery-note")
    if listed and drug >= menu["drug"] and score >= menu["score"]:
        return True
    if not addressed(sheet):
        return False
    advertised = score >= menu["advert_least"] and _advertises(sheet, rules)
    return advertised or _offers_several(sheet, statement)


def is_of_other_goods(sheet: Sheet, statement: Statement) -> bool:
    """Whether a list without the name of a drug holds more strange words than words that can mean one."""
    if sheet.has(*_NAMED) or addressed(sheet) or sum(h.id == "goods" for h in sheet.hits) < _FEW:
        return False
    kinds = len({t.entry.targets[0] for t in statement.terms})
    if sheet.has("falling-price") and (kinds >= _MANY or (kinds >= _FEW and sheet.has("small-weights"))):
        return False  # words that can mean several drugs, and more of one for less
    words = sum(t.entry.term[0].isalnum() for t in statement.terms)
    return words == len(statement.terms) and foreign_words(statement) >= max(_OTHER_GOODS, 2 * words)


def _lists(sheet: Sheet, statement: Statement, reader: Reader, rules: Rules) -> bool:
    sold = [t for t in goods(statement, reader) if t.price is not None or t.quantity is not None]
    priced = sum(t.price is not None for t in sold)
    bundled = sum(t.bundled for t in sold)
    if bundled >= _FEW and not sheet.has("asks-for-it"):
        return True
    return priced >= rules.thresholds["menu"]["goods"] or (len(sold) >= 3 and statement.reading.lines >= 3)


def _outlists(sheet: Sheet, statement: Statement, reader: Reader) -> bool:
    """Whether a list is one of amounts for sale whatever one word of a report or pharmacy in it says: several
    lines, and more than one of what is priced. Lists of what things cost give the price of one.
    """
    sold = [t for t in goods(statement, reader) if t.price is not None]
    several = sum((t.quantity or 0) > 1 for t in sold)
    if several >= _FEW and sum(h.id == "priced-name" for h in sheet.hits) >= _FEW:
        return not sheet.has("much-else", "use")
    apart = len({t.line for t in sold}) >= _MANY or several >= _MANY
    enough = len(sold) >= _MANY and apart and several >= _FEW
    return enough and not sheet.has("innocent-more", "use")


def _advertises(sheet: Sheet, rules: Rules) -> bool:
    menu = rules.thresholds["menu"]
    score, drug, signs = sheet.total(), sheet.total("drug"), advert_signs(sheet)
    if sheet.asks in ("request", "order"):
        return False
    drugs = sum(h.id in _NAMED or h.id in _FURTHER for h in sheet.hits)
    if (sheet.has("offer") or sheet.asks) and drugs >= _MANY and drug >= _MANY_DRUGS:
        return True
    if signs >= menu["advert_signs"] + 1 and drug >= menu["drug"] and score >= menu["advert_score"] - 2:
        return True
    advertised = signs >= menu["advert_signs"] and drug >= menu["advert_drug"]
    offered = not sheet.has("asks-for-it") or sheet.has("further-drug")
    return advertised and offered and score >= menu["advert_score"]


def _offers_several(sheet: Sheet, statement: Statement) -> bool:
    """Whether a message names three drugs or more and has two signs of an advertisement, whatever word of
    another subject it holds: "wiet, hasj, joints en spacecake aan huis, vraag de kaart".
    """
    if sheet.asks in ("request", "order") or sheet.has("report", "use", "much-else"):
        return False
    named = {t.entry.term for t in statement.terms if t.entry.grade > 1}
    return len(named) >= _MANY and advert_signs(sheet) >= _FEW


def negotiates(sheet: Sheet, statement: Statement, reader: Reader, asked: bool) -> bool:
    """Whether a list of one line is what one says to another: a sentence about one product, or an answer."""
    if addressed(sheet) > 1 or sheet.has(*_FOR_MANY) or statement.reading.lines > 1:
        return False
    sold = [t for t in goods(statement, reader) if t.price is not None]
    kinds = {t.term.entry.targets[0] for t in sold if t.term}
    if len(sold) > _FEW:
        return False
    said = _words_said(statement)
    if asked and said:
        return True
    return len(kinds) <= 1 and said >= _SAID and sheet.has(*_TO_ONE)


def _words_said(statement: Statement) -> int:
    """How many words are neither goods nor of an amount or a price."""
    goods_named = {p for t in statement.terms for p in range(t.first, t.after)}
    words = vocabulary()
    amounts = words.numbers.keys() | words.money.keys() | words.currencies.keys() | words.equals | words.per
    return sum(
        token.kind == "w"
        and place not in goods_named
        and not (token.text in amounts or words.counts(token.text) or token.text[0].isdigit())
        for place, token in enumerate(statement.reading.tokens)
    )
