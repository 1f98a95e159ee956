"""The language of a hit as it stands at the end of a reason (analysis.languages), in words of a report."""

from __future__ import annotations

import re

from forensics.words import Words

_TOLD = re.compile(r" \[language: ([a-z, -]+)\]\Z")


def in_words(reason: str, words: Words) -> str:
    """The reason with the languages by their names."""
    found = _TOLD.search(reason)
    if found is None:
        return reason
    named = ", ".join(words.code("language", each) for each in found[1].split(", "))
    return f"{reason[: found.start()]} [{words('hit.language')}: {named}]"
