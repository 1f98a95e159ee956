"""What goes over the lines of a conversation that were read, to see what a line means beside them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from forensics.analysis.past import Past
from forensics.analysis.score import Rules
from forensics.analysis.statement import Reader


class Listener:
    """Shares the ``recent`` lines of one conversation with others of its kind; ``trade_of``: the rules of
    trade that one of them hits."""

    def __init__(
        self, reader: Reader, rules: Rules, recent: deque[Past], trade_of: Callable[[Past], frozenset[str]]
    ) -> None:
        self._reader = reader
        self._rules = rules
        self._recent = recent
        self._trade_of = trade_of
