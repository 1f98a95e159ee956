"""Messages that speak of nothing else: a drug, an amount or a word of trade, and small change of talk.

In ordinary talk a drug is named among words of another subject: who took it, where it was found, what it
does. A message without any such word, in which it is counted, asked for, sent or paid, is an order, an offer
or an answer to one.
"""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.lexicon import Term
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement, foreign_words, is_definite
from forensics.analysis.tier import Tier
from forensics.analysis.vocabulary import vocabulary

_LONGEST = 16  # words of such a message
_FEW_PILLS = 5  # fewer of a medicine is a dose
_GRAMS = 250  # more than this of an ordinary word is food
_SEVERAL, _OTHERS = 2, 3  # drugs counted, and words of another kind beside them
_NEAR = 4  # tokens between a question for the price and the word for a gram
_UNCOUNTED = frozenset({"neige", "neve", "nieve", "schnee", "sneeuw", "snow"})
_BY_DIGITS = "leet"
_SWEARING, _SOME = frozenset({"shit"}), "du"
_SOLD_WHOLE = frozenset({"strip", "box", "pack"})


def plain(sheet: Sheet, statement: Statement, reader: Reader, rules: Rules) -> None:
    """Enters what follows from a message that holds no word of another subject; ``sheet`` has the rest."""
    terms = [t for t in statement.terms if reader.is_drug(t)]
    named = [t for t in terms if t.entry.grade >= 2]
    if named and not sheet.has("report", "use"):
        _counted(sheet, statement, reader)
    if sheet.total("innocent") < 0 or len(statement.reading.tokens) > 2 * _LONGEST:
        return
    foreign = foreign_words(statement)
    if named and foreign <= (2 if sheet.has("several-goods") else 1):
        _named(sheet, statement, reader, named, common=rules.common_terms, foreign=foreign)
    elif terms and not named and foreign == 0:
        _in_grams(sheet, statement, terms)
        words = (t for t in terms if _is_goods(t, statement, rules))
        asked = next(words, None)
        if asked is not None and sheet.has("asks-for-it") and not is_definite(statement, asked):
            sheet.hit("asked-plainly", asked.start, asked.end)


def _counted(sheet: Sheet, statement: Statement, reader: Reader) -> None:
    """Two or more drugs, one of them by name, each counted and no price: what is to be brought or sold."""
    tokens = statement.reading.tokens
    if sheet.has("asks-for-it") or len(tokens) > 2 * _LONGEST or foreign_words(statement) > _OTHERS:
        return
    kinds: dict[str, Term] = {}
    for term in statement.terms:
        if not reader.is_drug(term) or is_prescribed(term, reader):
            continue
        near = tokens[max(0, term.first - 2) : term.first]
        units = vocabulary().counts
        counted = near and (near[-1].kind == "n" or (near[0].kind == "n" and units(near[-1].text)))
        if counted:
            kinds.setdefault(term.entry.targets[0], term)
    if len(kinds) >= _SEVERAL and any(t.entry.grade >= 2 for t in kinds.values()):
        last = list(kinds.values())[-1]
        sheet.hit("counted-drugs", last.start, last.end, ", ".join(sorted(kinds)))


def _named(
    sheet: Sheet,
    statement: Statement,
    reader: Reader,
    named: Sequence[Term],
    *,
    common: frozenset[str],
    foreign: int,
) -> None:
    order = next((t for t in statement.reading.tiers if _is_order(t, reader, common)), None)
    is_dose = order is None and any(a.name == "use" for a in statement.acts)
    if order is not None and order.term is not None:
        sheet.hit("bare-order", order.start, order.end)
    told = any(hit.dimension == "trade" and hit.id != "quantity" for hit in sheet.hits)
    if all(is_prescribed(term, reader) for term in named):
        told = sheet.has("asks-for-it", "price", "payment", "credit", "gift")
    if foreign == 0 and not is_dose and told:
        sheet.hit("nothing-else", named[0].start, named[0].end)


def _is_order(tier: Tier, reader: Reader, common: frozenset[str]) -> bool:
    """Whether an amount beside the name of a drug counts what is ordered: no strength, and no dose."""
    if tier.term is None or tier.term.entry.grade < 2 or tier.unit in ("mg", "ml") or not tier.quantity:
        return False
    if tier.term.entry.term in common and not tier.written:
        return False
    few = tier.quantity < _FEW_PILLS and tier.unit not in _SOLD_WHOLE
    return not (few and is_prescribed(tier.term, reader))


def _is_goods(term: Term, statement: Statement, rules: Rules) -> bool:
    """Whether an ordinary word that is asked for means a drug: by itself, counted, or for its spelling."""
    if term.entry.term in rules.asked_terms or _is_counted(term, statement):
        return True
    return term.entry.term in rules.hint_terms and _is_hidden(term, statement)


def _is_hidden(term: Term, statement: Statement) -> bool:
    """Whether digits hide the word: "gr4s"; what is written so for decency too only behind "du"."""
    if _BY_DIGITS not in term.fired:
        return False
    before = statement.reading.tokens[max(0, term.first - 1) : term.first]
    return term.entry.term not in _SWEARING or any(t.text == _SOME for t in before)


def _is_counted(term: Term, statement: Statement) -> bool:
    """Whether what nobody counts is counted: "1 snow"."""
    before = statement.reading.tokens[max(0, term.first - 1) : term.first]
    return term.entry.term in _UNCOUNTED and any(t.kind == "n" for t in before)


def is_prescribed(term: Term, reader: Reader) -> bool:
    """Whether the name is that of a medicine that people have at home: no ketamine."""
    kind = reader.lexicon.substances[term.entry.targets[0]].kind
    return reader.market(term) == "medicine" and kind != "dissociative"


def _in_grams(sheet: Sheet, statement: Statement, terms: Sequence[Term]) -> None:
    """An ordinary word beside a few grams, or beside a question for the price of one."""
    acts = {a.name for a in statement.acts if a.strength >= 2}
    if acts.isdisjoint({"request", "order", "price", "offer", "after", "credit"}):
        return
    weighed = next((t for t in statement.reading.tiers if t.unit == "g" and t.written), None)
    if weighed is not None and 0 < (weighed.quantity or 0) <= _GRAMS:
        sheet.hit("asked-in-grams", weighed.start, weighed.end)
        return
    units, tokens = vocabulary().units, statement.reading.tokens
    for act in statement.acts:
        ahead = tokens[act.after : act.after + _NEAR] if act.name == "price" else ()
        gram = next((t for t in ahead if units.get(t.text) == "g"), None)
        of = next((t for t in terms if gram is not None and t.start >= gram.start), None)
        if of is not None:
            if not sheet.has("double-meaning"):
                sheet.hit("double-meaning", of.start, of.end, " or ".join(of.entry.targets[:3]))
            sheet.hit("asked-in-grams", of.start, of.end)
            sheet.hit("asks-for-it", act.start, act.end)
            return
