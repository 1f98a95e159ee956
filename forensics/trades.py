"""The kind of trade that the rules name in a flag: a large amount, a gift, medicines alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# By the rule, which weighs nothing, what the kind is called in JSON and in the table of words.
TRADES = {
    "kind-wholesale": "wholesale_or_production",
    "kind-supply": "supply",
    "kind-medicine": "medicine_trade",
}


def trades(flag: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of trade that the hits of a flag name, each once; of a deal, in any of its messages."""
    hits = {each["id"] for each in flag["rules"]}
    return tuple(trade for rule, trade in TRADES.items() if rule in hits)
