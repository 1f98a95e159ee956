"""Crack that costs what no gram does is sold by the rock: "basis 10, 3 voor 25"."""

from __future__ import annotations

from dataclasses import replace

from forensics.analysis.tier import Tier

_CRACK = "crack"
_ROCK = 15.0  # euros or pounds that one costs at most; a gram costs more
_SHARE = 0.25  # of a rock is sold, at least; less is its weight
_MONEY = frozenset({None, "EUR", "GBP"})


def by_the_rock(tier: Tier) -> Tier:
    """The tier with its rocks as pieces, where no unit is written."""
    if tier.term and tier.term.entry.targets[0] == _CRACK and 0 < (tier.quantity or 1.0) < _SHARE:
        return replace(tier, unit="g") if tier.unit == "piece" else tier  # "stein 0,2 15"
    if (
        tier.term is None
        or tier.term.entry.targets[0] != _CRACK
        or tier.written
        or tier.unit not in (None, "g")
    ):
        return tier
    count = tier.quantity or 0.0
    rocks = tier.price is not None and count >= 1 and count % 1 == 0 and tier.price <= _ROCK * count
    return replace(tier, unit="piece") if rocks and tier.currency in _MONEY else tier
