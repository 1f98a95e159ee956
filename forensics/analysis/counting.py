"""Whether a line may hold an amount or a price: most lines hold none, and are not read for goods."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.columns import are_sizes
from forensics.analysis.cursor import is_numeral
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary


def counts_nothing(tokens: Sequence[Token]) -> bool:
    """Whether a message is one line at most that holds no amount and no price."""
    if any(token.kind == "l" for token in tokens):
        return False
    return not counts(tokens, 0, len(tokens), sells=False)


def counts(tokens: Sequence[Token], first: int, after: int, *, sells: bool) -> bool:
    """Whether the line may hold an amount or a price, or names sizes. A word for a number counts beside one
    for money, a measure or an equals sign, and a measure beside a product (``sells``); else they are words as
    others: "at six", "the keys".
    """
    words = vocabulary()
    for place in range(first, after):
        token = tokens[place]
        text = token.text
        if text in words.counting or text == "~" or (not text.isalpha() and is_numeral(token)):
            return True
        if text in words.measures and (sells or (text in words.spelled and _is_beside(tokens, place))):
            return True
    return are_sizes(tokens[first:after])


def _is_beside(tokens: Sequence[Token], place: int) -> bool:
    """Whether the words beside a word for a number make it one of an amount or a price."""
    words = vocabulary()
    ahead = place + 1 < len(tokens) and tokens[place + 1].text in words.countable
    return ahead or (place > 0 and tokens[place - 1].text in words.equals)
