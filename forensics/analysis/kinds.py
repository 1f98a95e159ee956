"""What kind of trade a message speaks of, as reasons that weigh nothing; and a note to a courier, which
weighs.
"""

from __future__ import annotations

import re

from forensics.analysis.parts import Parts, enter
from forensics.analysis.places import is_street
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement, foreign_words

_BULK = {"kg": 0.25, "g": 250, "piece": 250, "ml": 5000, "strip": 50, "box": 50}
_STRANGE = 4
_DIGIT = re.compile(r"\d")


def address(statement: Statement) -> tuple[int, int, int] | None:
    """A street with a number: its place in the text, and the token after it."""
    tokens = statement.reading.tokens
    for place, token in enumerate(tokens[1:], 1):
        house = token.kind == "n" and token.text.isdigit() and len(token.text) <= 4
        if house and tokens[place - 1].kind == "w" and is_street(tokens[place - 1].text):
            return tokens[place - 1].start, token.end, place + 1
    return None


def delivery_note(sheet: Sheet, statement: Statement, rules: Rules) -> None:
    """An address followed by counted goods is an instruction to bring them."""
    text = statement.reading.text
    # a house has a number: looked for first, because most lines have no digit
    if not statement.terms or _DIGIT.search(text) is None or rules.address.search(text) is None:
        return
    found = address(statement)
    if found is None or sheet.total("innocent") < 0 or foreign_words(statement) > _STRANGE:
        return
    start, end, after = found
    tokens = statement.reading.tokens
    for term in statement.terms:
        known = term.entry.grade >= 2 or term.entry.term in rules.opening_terms
        if known and term.first > after and tokens[term.first - 1].kind == "n":
            sheet.hit("delivery-note", start, end)
            sheet.hit("counted-word", term.start, term.end)
            return


def note(sheet: Sheet, statement: Statement, label: str, reader: Reader, parts: Parts) -> None:
    """Enters the kind of trade and the part of the writer, where the text says so."""
    if label not in ("menu", "deal"):
        return
    bulk = next(
        (t for t in statement.reading.tiers if (t.quantity or 0) >= _BULK.get(t.unit or "", 1e9)), None
    )
    if bulk:
        sheet.hit("kind-wholesale", bulk.start, bulk.end)
    named = [t for t in statement.terms if t.entry.grade >= 2 and reader.is_drug(t)]
    if named and all(reader.market(t) == "medicine" for t in named):
        sheet.hit("kind-medicine", named[0].start, named[0].end)
    gift = sheet.first(_giving(sheet))
    if gift and not sheet.has("price", "payment"):
        sheet.hit("kind-supply", gift.start, gift.end)
    enter(sheet, statement, label, parts)


def _giving(sheet: Sheet) -> str:
    """The rule by which it is given away: of the goods beside that word it is said in another hit."""
    return "asks-for-it" if sheet.asks == "gift" else "gift"
