"""What ``flags --json`` says of a flag beside what the case stores of it: the kind of trade. Exports hold
what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from forensics.trades import trades

Record = dict[str, Any]


def with_law(flags: Iterable[Record]) -> Iterator[Record]:
    """The flags with ``trade``."""
    for flag in flags:
        yield {**flag, "trade": list(trades(flag))}
