"""Names of which a star stands for a vowel or two: "c*ke", "sp**d"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from forensics.analysis.text import Token

_STAR, _VOWELS = "*", "aeiou"
_MOST = 2  # stars in a word
_SHORTEST, _LONGEST = 4, 24  # letters and stars of a word


def starred(tokens: Sequence[Token], place: int) -> tuple[int, str]:
    """The place after the pieces of a word with stars that begins here, and the word; "" where there is none
    or no number follows.
    """
    after, word = place, ""
    while after < len(tokens) and len(word) <= _LONGEST and (after == place or tokens[after].glued):
        if tokens[after].text != _STAR and not tokens[after].text.isalpha():
            break
        word += tokens[after].text
        after += 1
    ends = after < len(tokens) and tokens[after].text[:1].isdigit() and word[-1:] not in ("", _STAR)
    hidden = 0 < word.count(_STAR) <= _MOST and _SHORTEST <= len(word) <= _LONGEST
    return (after, word) if ends and hidden else (place, "")


def meant(word: str) -> Iterator[str]:
    """Every word that it can be, with a vowel for each star."""
    parts = word.split(_STAR)
    for vowels in product(_VOWELS, repeat=len(parts) - 1):
        yield "".join(part + vowel for part, vowel in zip(parts, (*vowels, ""), strict=True))
