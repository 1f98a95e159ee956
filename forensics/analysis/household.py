"""Medicines that people have at home: whose they are, and whether they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.lexicon import Term
from forensics.analysis.plain import is_prescribed
from forensics.analysis.score import Sheet
from forensics.analysis.statement import Reader, Statement
from forensics.analysis.text import number
from forensics.analysis.tier import Tier
from forensics.analysis.vocabulary import vocabulary

# Right before the medicine: whose it is
_WHOSE = frozenset({
    "dein", "deine", "haar", "her", "his", "hun", "ihre", "jouw", "mein", "meine", "mijn", "mn", "my",
    "ons", "onze", "sa", "sein", "seine", "ses", "their", "tes", "your", "zijn", "zn",
})  # fmt: skip
_YOUR = "je"  # it is also who is asked: "heb je xanax"
_BEFORE_YOUR = frozenset({"aan", "je", "jij", "met", "u", "van", "voor"})
# Soon behind it: what was done with it
_TAKEN = frozenset({
    "eingenommen", "gegeben", "gegeven", "gehad", "genommen", "genomen", "geslikt", "given",
    "ingenomen", "taken",
})  # fmt: skip
_ALREADY, _UP = frozenset({"al", "allemaal", "nog", "niet"}), "op"  # "al op?"
_OF, _BROUGHT = "van", frozenset({"gepakt", "meegenomen", "meegegeven"})  # "de Ritalin van Sem meegenomen"
_FEW = 10  # pills that someone has left
_NEAR = 5  # tokens behind it


def at_home(sheet: Sheet, statement: Statement, reader: Reader, named: Sequence[Term]) -> None:
    """Enters that the medicines of a message are someone's own, where nothing is paid for them."""
    if (
        not named
        or sheet.has("payment", "credit", "price-asked")
        or any(_is_priced(tier, statement) for tier in statement.reading.tiers)
    ):
        return
    if all(is_prescribed(term, reader) for term in named):
        term = next((t for t in named if _is_owned(statement, t) or _is_taken(statement, t)), None)
        if term is not None:
            sheet.hit("at-home", term.start, term.end)


def _is_priced(tier: Tier, statement: Statement) -> bool:
    """Whether it has a price; a bare number below ten says how many are left ("ik heb nog maar 2"), unless
    it is said to be a price ("voor 8").
    """
    bare = tier.currency is None and tier.quantity is None
    if tier.price is None or not bare or tier.price >= _FEW:
        return tier.price is not None
    sells = vocabulary().equals
    return any(
        a.text in sells and number(b.text) == tier.price for a, b in pairwise(statement.reading.tokens)
    )


def _is_owned(statement: Statement, term: Term) -> bool:
    before = [t.text for t in statement.reading.tokens[max(0, term.first - 2) : term.first]]
    if before[-1:] == [_YOUR]:
        return before[0] in _BEFORE_YOUR and len(before) > 1
    return bool(before) and before[-1] in _WHOSE


def _is_taken(statement: Statement, term: Term) -> bool:
    behind = [t.text for t in statement.reading.tokens[term.after : term.after + _NEAR]]
    if behind[:1] == [_OF] and not _BROUGHT.isdisjoint(behind):
        return True
    up = len(behind) > 1 and behind[0] in _ALREADY and behind[1] == _UP
    return up or not _TAKEN.isdisjoint(behind)
