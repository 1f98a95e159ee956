"""Cuttings and seeds of hemp are counted, the sorts that are named behind them too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.analysis.text import Token
from forensics.analysis.tier import Tier

_HEMP = "cannabis"
# Words for cuttings, seedlings and seeds, folded
_CUTTINGS = frozenset({
    "bouture", "boutures", "butas", "butasi", "clone", "clones", "esqueje", "esquejes", "estaca",
    "estacas", "fide", "fidesi", "muda", "mudas", "piantina", "piantine", "sadzonka", "sadzonki", "sadzonek",
    "schnittlinge", "steckis", "stecklig", "steckling", "stecklinge", "stekje", "stekjes", "stekken",
    "stekkies", "talea", "talee", "zaailing", "zaailingen",
})  # fmt: skip
# The same plant dried: it is weighed again
_DRIED = frozenset({
    "beuh", "erba", "erva", "gras", "herbe", "hierba", "iarba", "marihuana", "marijuana", "ot", "trawa",
    "weed", "wiet", "ziolo",
})  # fmt: skip
_OF_DRIED = frozenset(
    {"getrocknet", "sec", "seca", "secca", "secco", "seche", "gedroogd", "dried", "suszone"}
)


def by_the_piece(tiers: list[Tier], tokens: Sequence[Token]) -> list[Tier]:
    """Hemp without a written unit behind a word for cuttings as pieces: "Stecklinge: Amnesia 8, Haze 7"."""
    first = next((t.start for t in tokens if t.text in _CUTTINGS), None)
    if first is None:
        return tiers
    ends = (t.start for t in tokens if t.start > first and t.text in (_DRIED | _OF_DRIED))
    after = next(ends, tokens[-1].end + 1)
    return [replace(t, unit="piece") if _is_cutting(t) and first <= t.start < after else t for t in tiers]


def _is_cutting(tier: Tier) -> bool:
    """Whether the tier is of hemp, and its grams are those of the kind of goods, not written."""
    hemp = tier.term is not None and tier.term.entry.targets[0] == _HEMP
    counted = tier.quantity is None or tier.quantity % 1 == 0
    return hemp and counted and not tier.written and tier.unit in ("g", None) and tier.price is not None
