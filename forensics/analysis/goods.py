"""The goods of a message, from its tiers or from what is asked for in it."""

from __future__ import annotations

from dataclasses import dataclass

from forensics.analysis.statement import Reader, Statement
from forensics.analysis.tiers import Tier


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
    tiers: list[Tier] = list(statement.reading.tiers)
    if house:
        tiers = [t for t in tiers if t.start >= house[1]]
    if label == "deal":
        tiers = [t for t in tiers if t.term is not None or not t.name or t.unit is not None]
    return tuple(_good(t, label, context) for t in tiers)


def named(statement: Statement, reader: Reader) -> tuple[Good, ...]:
    """The goods of a deal without amounts: what is asked for, one of each."""
    seen: dict[str, Good] = {}
    terms = [t for t in statement.terms if reader.is_drug(t)]
    best = max((t.entry.grade for t in terms), default=0)
    for term in terms:
        target = term.entry.targets[0]
        if target not in seen and (term.entry.grade >= 2 or best < 2):
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
