"""Streets by their names."""

from __future__ import annotations

from forensics.analysis.vocabulary import vocabulary

_APART = frozenset({"laan", "plein", "kade", "road"})  # written apart from the name
_ON_THE_WAY = frozenset({"halfweg", "halverwege", "onderweg", "unterweg"})  # no names of streets
_SHORTEST = 5  # letters of a name; more


def is_street(word: str) -> bool:
    """Whether the word ends as names of streets do."""
    named = word.endswith(vocabulary().street_endings) and word not in _ON_THE_WAY
    return named and (len(word) > _SHORTEST or word in _APART)
