"""The goods of a message, from its tiers or from what is asked for in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from forensics.analysis.enumeration import in_rows
from forensics.analysis.rocks import by_the_rock
from forensics.analysis.spoken_of import is_spoken_of
from forensics.analysis.statement import Reader, Statement, drugs_of
from forensics.analysis.tier import PIECES, Tier

_FREE = re.compile(r"\b(gratis|free|offerts?|gratuits?|kostenlos|umsonst)\b", re.IGNORECASE)
_NEAR = 80  # characters of a line with a gift on it
_PRICED = 2  # prices of a list that make a number without one no item


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """What one item is of, before its status in law."""

    candidates: tuple[str, ...]
    quantity: float | None
    unit: str | None
    price: float | None
    currency: str | None
    start: int
    end: int


def listed(
    statement: Statement, label: str, context: tuple[str, ...], house: tuple[int, int, int] | None = None
) -> tuple[Good, ...]:
    """The goods with amounts or prices; ``context`` is what was spoken of before, ``house`` an address whose
    number counts no goods.
    """
    tiers = [t for t in statement.reading.tiers if t.price != 0 and t.quantity != 0]
    if house:
        tiers = [t for t in tiers if t.start >= house[1]]
    if label == "deal":
        tiers = [t for t in tiers if t.term is not None or not t.name or t.unit is not None]
    if label == "menu":
        tiers = [t for t in _without_counts(tiers, statement.reading.text) if _is_of_goods(t)]
        tiers = [by_the_rock(_of_one(t)) for t in tiers]
    return tuple(_good(t, label, context) for t in tiers)


def _is_of_goods(tier: Tier) -> bool:
    """Whether a tier says more than a sum: in a list one beside no product and no amount is a fee, a limit or
    a time.
    """
    return tier.term is not None or tier.quantity is not None


def _of_one(tier: Tier) -> Tier:
    """In a list a price beside a product and no amount is that of one: "keta 35" (contract, section 5)."""
    if tier.price is None or tier.quantity is not None or tier.term is None:
        return tier
    words = tier.term.entry.term.split(" ")
    return replace(tier, quantity=1.0, unit=tier.unit or ("piece" if PIECES.intersection(words) else None))


def _without_counts(tiers: list[Tier], text: str) -> list[Tier]:
    """Without what is only a number in a list that has prices: no price, and no unit written; nor what comes
    with a gift: "ballonnen gratis bij 2 tanks"; nor what is only spoken of.
    """
    if sum(t.price is not None for t in tiers) < _PRICED:
        return tiers
    return [t for t in tiers if t.price is not None or t.bundled or (t.written and _is_offered(t, text))]


def _is_offered(tier: Tier, text: str) -> bool:
    """Whether an amount without a price is no gift, and not only spoken of unless it names its goods."""
    line, start = _line_of(tier, text)
    names = tier.term is not None and not tier.inherited
    return not (_FREE.search(line) or (not names and is_spoken_of(line, start)))


def _line_of(tier: Tier, text: str) -> tuple[str, int]:
    """The line that a tier stands on, as far as it is near, and where in it the tier begins."""
    before = text[max(0, tier.start - _NEAR) : tier.start].rpartition("\n")[2]
    return before + text[tier.start : tier.start + _NEAR].partition("\n")[0], len(before)


def named(statement: Statement, reader: Reader, hints: frozenset[str]) -> tuple[Good, ...]:
    """The goods of a deal without amounts: what is asked for, one of each; ``hints``: see ``drugs_of``."""
    seen: dict[str, Good] = {}
    for term in in_rows(drugs_of(statement, reader, hints), statement.reading.tokens):
        target = term.entry.targets[0]
        if target not in seen:
            seen[target] = Good(
                candidates=term.entry.targets,
                quantity=None,
                unit=None,
                price=None,
                currency=None,
                start=term.start,
                end=term.end,
            )
    return tuple(seen.values())


def _good(tier: Tier, label: str, context: tuple[str, ...]) -> Good:
    start, end = tier.start, tier.end
    if tier.term is not None:
        candidates = tier.term.entry.targets
        if not tier.inherited:
            start, end = min(start, tier.term.start), max(end, tier.term.end)
    elif label == "deal" and len(context) == 1:
        candidates = context
    else:
        candidates = ("drug-unspecified",) if label == "deal" else ()
    return Good(
        candidates=candidates,
        quantity=tier.quantity,
        unit=tier.unit,
        price=tier.price,
        currency=tier.currency,
        start=start,
        end=end,
    )
