"""Sums beside the price of a kilo that are prices of kilos too: "doble cero 1.900 el kg, polen 900"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.analysis.tier import Tier

_LEAST = 500  # of any money; no gram costs so much
_ALIKE = 4  # times the price of a kilo: what another one costs at most, and at least the like share of it


def of_kilos_too(tiers: list[Tier]) -> list[Tier]:
    """The tiers with a bare sum for a kilo where one of about as much is written for one."""
    kilos = [
        t for t in tiers if t.unit == "kg" and t.written and t.quantity == 1 and (t.price or 0) >= _LEAST
    ]
    return (
        [replace(t, quantity=1.0, unit="kg") if _is_alike(t, kilos) else t for t in tiers] if kilos else tiers
    )


def _is_alike(tier: Tier, kilos: Sequence[Tier]) -> bool:
    """Whether a sum without a written amount is as large as that of a kilo."""
    bare = tier.quantity in (None, 1.0) and not tier.written and tier.unit in (None, "g")
    price = tier.price or 0.0
    if not bare or tier.term is None or price < _LEAST:
        return False
    return any(k.price and k.price / _ALIKE <= price <= k.price * _ALIKE for k in kilos)
