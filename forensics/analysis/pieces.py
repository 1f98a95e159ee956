"""What each piece of text without spaces is, worked out once: people say few different ones."""

from __future__ import annotations

from collections.abc import Callable

_LONGEST = 32  # letters of a piece that is kept


class Pieces(dict[str, int]):
    """A number for each piece, by ``work`` when first met; at most so many are kept, none that is long."""

    def __init__(self, work: Callable[[str], int], most: int) -> None:
        super().__init__()
        self._work = work
        self._most = most

    def __missing__(self, piece: str) -> int:
        number = self._work(piece)
        if len(piece) <= _LONGEST:
            if len(self) >= self._most:
                self.clear()
            self[piece] = number
        return number
