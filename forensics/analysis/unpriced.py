"""Amounts of a list that can only be what one gram or piece costs: "coke 70 gr / ket 40 gr / pills 5 st"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.analysis.tier import Tier

_UNITS = frozenset({"g", "piece"})
_LEAST = {
    "cocaine": 35.0,
    "ketamine": 15.0,
    "heroin": 15.0,
    "mdma": 15.0,
    "methamphetamine": 20.0,
}  # of a gram
_LEAST_OTHER, _DEAREST, _FIVE = 3.0, 200.0, 5  # of anything else; the most for one; in what sums are
_SEVERAL = 2


def as_prices(tiers: Sequence[Tier]) -> list[Tier]:
    """The tiers of a list with such amounts as prices of one: where no line has a price; beside lines that
    have one, what no list offers so much of without one.
    """
    named = [t for t in tiers if t.term is not None]
    if not any(t.price is not None for t in named):
        all_prices = len(named) == len(tiers) >= _SEVERAL and all(map(_may_be_price, tiers))
        return [_of_one(t) for t in tiers] if all_prices and _is_dear(tiers) else list(tiers)
    return [_of_one(t) if _may_be_price(t) and _is_dear([t]) else t for t in tiers]


def _may_be_price(tier: Tier) -> bool:
    """Whether the amount is one that its gram or piece may cost."""
    if tier.term is None or tier.bundled or not tier.written or tier.price is not None:
        return False
    least = _LEAST.get(tier.term.entry.targets[0], _LEAST_OTHER)
    return tier.unit in _UNITS and tier.quantity is not None and least <= tier.quantity <= _DEAREST


def _is_dear(tiers: Sequence[Tier]) -> bool:
    """Whether one of them is a round sum for a gram of what costs that much."""
    return any(
        t.unit == "g"
        and t.term is not None
        and t.term.entry.targets[0] in _LEAST
        and (t.quantity or 0.0) % _FIVE == 0
        for t in tiers
    )


def _of_one(tier: Tier) -> Tier:
    return replace(tier, price=tier.quantity, quantity=1.0)
