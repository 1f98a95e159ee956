"""One amount of one product for one price, and what the sizes of tanks and vapes make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from forensics.analysis.lexicon import Term

UNSPECIFIED, GAS = "drug-unspecified", "nitrous-oxide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """One amount of one product for one price; any of them may be unsaid."""

    term: Term | None
    name: str  # the words of an unknown product
    quantity: float | None
    unit: str | None
    price: float | None
    currency: str | None
    start: int
    end: int
    line: int
    written: bool = False  # the unit is written, not taken from the kind of product
    inherited: bool = False  # the product stands on an earlier line
    bundled: bool = False  # one price for it and other goods


def in_tanks(tier: Tier) -> Tier:
    """The kilograms of a gas tank are its size, not the amount sold."""
    if tier.term is None or tier.term.entry.targets[0] != GAS:
        return tier
    if tier.unit == "kg" or (tier.quantity is None and tier.price is not None):
        return replace(tier, quantity=1.0, unit="tank")
    return replace(tier, unit="tank") if tier.unit in (None, "piece") else tier


def in_vapes(tier: Tier) -> Tier:
    """The millilitres of a vape are its size, not the amount sold."""
    if tier.term is None or tier.unit not in ("ml", "g") or "vape" not in tier.term.entry.term:
        return tier
    if tier.unit == "ml":
        return replace(tier, quantity=1.0, unit="piece")
    return tier if tier.written else replace(tier, unit="piece")
