"""Several names above one row of amounts with prices, which is that of each: strains one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from forensics.analysis.lexicon import Term
from forensics.analysis.text import Token
from forensics.analysis.tier import Tier

_SEVERAL = 2
_WORDS = 3  # of a name that is not known
_MOST = 12  # names above one row
# names of all that is below, not of one of several
_KINDS = frozenset({
    "beuh", "bud", "cali", "cannabis", "erba", "flower", "fumo", "ganja", "grass", "gras", "green",
    "haschisch", "hash", "hasch", "hasj", "hierba", "pills", "pillen", "pilules",
    "shit", "teile", "weed", "wiet", "xtc",
})  # fmt: skip


class NamesAbove:
    """The lines of nothing but one name each that stand above the next row."""

    def __init__(self) -> None:
        self._names: list[Term | None] = []
        self._sold = False  # a row was read below them

    def take(self, line: Sequence[Token], terms: Sequence[Term]) -> None:
        """Takes a line that counts nothing: one name, known or not; anything else ends the names."""
        if self._sold:
            self._names, self._sold = [], False
        words = [t for t in line if t.kind in "wn"]
        if len(terms) == 1 and len(words) == terms[0].after - terms[0].first:
            self._names.append(None if terms[0].entry.term in _KINDS else terms[0])
            self._names = [] if self._names == [None] else self._names
        elif self._names and not terms and 0 < len(words) == len(line) <= _WORDS:
            self._names.append(None)
        else:
            self._names = []

    def of_each(self, tiers: list[Tier]) -> list[Tier]:
        """The tiers of a row below the names, once for each."""
        names, self._sold = self._names, True
        known = [name for name in names if name]
        if len(known) < _SEVERAL or names[-1] is None or len(names) > _MOST:
            return tiers
        one = {name.entry.targets[0] for name in known} == {names[-1].entry.targets[0]}
        if not one or not tiers or any(not t.inherited or t.price is None for t in tiers):
            self._names = []
            return tiers
        return [replace(t, term=name or names[-1]) for name in names for t in tiers]
