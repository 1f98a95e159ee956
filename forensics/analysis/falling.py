"""Prices of one, said of larger and larger amounts: whoever takes more pays no smaller sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from forensics.analysis.tier import Tier

_UNITS = frozenset({"g", "kg", "piece"})
_GRAMS = {"g": 1.0, "kg": 1000.0, "piece": 1.0}
_MANY = 3  # tiers that fall so
_SEVERAL = 2  # kilograms of a stock


def prices_of_one(tiers: Sequence[Tier], *, per_kilo: bool) -> list[Tier]:
    """The tiers with each price of one as that, where the price of a product falls while its amount rises
    ("25g 5,50 / 100g 4,60"), and of kilograms in stock where a line says that prices are per kilo.
    """
    found: list[Tier] = []
    for group in _groups(tiers):
        if len(group) > 1 and _falls(group):
            found += [replace(t, quantity=1.0, unit=group[0].unit) for t in group]
        else:
            found += [_of_stock(t) for t in group] if per_kilo and len(group) == 1 else group
    return found


def _groups(tiers: Sequence[Tier]) -> list[list[Tier]]:
    """The tiers of one product that follow each other, on its line or below it."""
    groups: list[list[Tier]] = []
    for tier in tiers:
        last = groups[-1][-1] if groups else None
        theirs = last is not None and tier.term is not None and tier.term == last.term
        if theirs and last is not None and (tier.line == last.line or tier.inherited):
            groups[-1].append(tier)
        else:
            groups.append([tier])
    return groups


def _falls(group: Sequence[Tier]) -> bool:
    """Whether the amounts rise and their prices fall all the way."""
    kinds = {t.unit == "piece" for t in group}
    if len(kinds) > 1 or any(t.unit not in _UNITS or not t.written or t.bundled for t in group):
        return False
    if any(not t.price or not t.quantity for t in group):
        return False
    if len(group) < _MANY and not all(t.unit == "g" and t.line == group[0].line for t in group):
        return False  # "5 kg 3900" behind "1 kg 4200": our sets count so many for that sum
    amounts = [(t.quantity or 0.0) * _GRAMS[t.unit or "g"] for t in group]
    prices = [t.price or 0.0 for t in group]
    return all(a < b for a, b in pairwise(amounts)) and all(a > b for a, b in pairwise(prices))


def _of_stock(tier: Tier) -> Tier:
    stock = tier.unit == "kg" and tier.price is not None and (tier.quantity or 0) >= _SEVERAL
    return replace(tier, quantity=1.0) if stock else tier
