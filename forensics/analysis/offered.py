"""The goods of a message and their prices: which are of drugs, and what they say of trade."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from forensics.analysis.phrases import Phrase
from forensics.analysis.score import Sheet
from forensics.analysis.statement import Reader, Statement
from forensics.analysis.tier import Tier

_LISTED = 2  # priced goods of a list
_FEW_KINDS = 2  # priced goods that many lists hold
_NO_FOOD = frozenset("❄🐴🐎💊🌿💎👃🧪🏔")  # emoji that lists of food and drink hardly hold
_SHOP = 15  # below this a price with cents is one of a shop


def goods(statement: Statement, reader: Reader) -> list[Tier]:
    """The tiers of drugs, without those of a product of another subject."""
    kept = {t.first for t in statement.terms}
    innocent = {t.line for t in statement.reading.tiers if _subject_in(statement, t)}
    return [
        t
        for t in statement.reading.tiers
        if t.term is not None
        and t.term.first in kept
        and reader.is_drug(t.term)
        and not (t.term.entry.grade == 1 and t.line in innocent)
    ]


def is_list(statement: Statement) -> bool:
    """Whether a message prices several goods, on lines of their own or of several kinds: that is a list."""
    priced = [tier for tier in statement.reading.tiers if tier.price is not None]
    kinds = {tier.term.entry.targets[0] for tier in priced if tier.term is not None}
    apart = len({tier.line for tier in priced}) > 1 or len(kinds) > 1
    return len(priced) >= _LISTED and bool(kinds) and apart


def _subject_in(statement: Statement, tier: Tier) -> Phrase | None:
    """A word of another subject on the line of a tier, in the place of its product."""
    found = statement.by_line.get(tier.line)
    return found if found and found.start < tier.end else None


def enter(sheet: Sheet, statement: Statement, reader: Reader) -> None:
    """Enters what is sold, for how much, and what the prices say of it."""
    sold = [t for t in goods(statement, reader) if t.price is not None or t.quantity is not None]
    priced = [t for t in sold if t.price is not None]
    for tier in sold:
        if tier.price is not None or len(sold) > 1:
            sheet.hit("goods", tier.start, tier.end)
    kinds = {t.term.entry.targets[0] for t in sold if t.term}
    if len(kinds) > 1 and len(sold) > 1:
        sheet.hit("several-goods", sold[-1].start, sold[-1].end, ", ".join(sorted(kinds)))
    _kinds_priced(sheet, priced)
    weighed = next((t for t in priced if _is_small(t)), None)
    if weighed:
        sheet.hit("small-weights", weighed.start, weighed.end)
    falling = _falling(priced)
    if falling:
        sheet.hit("falling-price", falling.start, falling.end)
    cents = [t for t in priced if t.price is not None and t.price % 1 and t.price < _SHOP]
    if cents and not weighed and not any(t.entry.grade == 3 for t in statement.terms):
        sheet.hit("shop-prices", cents[0].start, cents[0].end)


def _kinds_priced(sheet: Sheet, priced: Sequence[Tier]) -> None:
    """Enters that drugs are priced by name, from the third on, or as emoji of which one is seldom of food."""
    pairs = [(tier.term.entry, tier) for tier in priced if tier.term]
    named = {entry.targets[0]: tier for entry, tier in pairs if entry.grade >= 2}
    for tier in list(named.values())[_FEW_KINDS:]:
        sheet.hit("priced-name", tier.start, tier.end)
    emblems = {entry.targets[0]: entry.term for entry, _ in pairs if not entry.term[0].isalnum()}
    if len(emblems) > _FEW_KINDS and not _NO_FOOD.isdisjoint(emblems.values()):
        sheet.hit("emblem-list", priced[0].start, priced[-1].end)


def _is_small(tier: Tier) -> bool:
    quantity = tier.quantity or 0
    if not tier.written:
        return False
    return (tier.unit in ("g", "mg") and quantity <= 1000) or (tier.unit == "kg" and quantity <= 1)


def _falling(tiers: Sequence[Tier]) -> Tier | None:
    """The last of tiers of one product whose amount rises and whose price per unit falls."""
    for before, after in pairwise(tiers):
        if before.term is None or after.term is None or before.unit != after.unit:
            continue
        if before.term.entry.targets != after.term.entry.targets or not before.quantity or not after.quantity:
            continue
        if not before.price or not after.price or after.quantity <= before.quantity:
            continue
        if after.price / after.quantity < before.price / before.quantity:
            return after
    return None


def innocent(sheet: Sheet, statement: Statement) -> set[int]:
    """Lines whose priced product is of another subject; each counts once. Returns the first tokens used."""
    used: set[int] = set()
    lines: set[int] = set()
    for tier in statement.reading.tiers:
        if tier.line in lines or (tier.term is not None and tier.term.entry.grade == 3):
            continue
        found = _subject_in(statement, tier)
        if found:
            lines.add(tier.line)
            used.add(found.first)
            sheet.hit("innocent-goods", found.start, found.end, found.name)
    return used
