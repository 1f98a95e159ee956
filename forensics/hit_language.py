"""The reason of a hit in the language of a report: what the rule says of itself, the message it leans on, and
the language of the words that it matched (analysis.languages).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from forensics.substance_names import substance_names
from forensics.words import Words

_TOLD = re.compile(r" \[language: ([a-z, -]+)\]\Z")
_LEANS = re.compile(
    r" \(message ([^\s:)]+)(?:: ([^()]*))?\)"
)  # on which message, and on which rule's words there


# Rules whose detail is made of words of the program, and those where it is made of ids of substances, joined
# by "or" or by commas.
_IN_WORDS = frozenset({
    "bears-on", "disguise", "innocent", "innocent-goods", "innocent-more", "other-subject", "report",
    "rewritten",
})  # fmt: skip
_ONE_OF = frozenset({"drug-name", "street-name", "double-meaning"})
_SUBSTANCES = frozenset({"several-goods", "counted-drugs", "further-drug", "new-substance"})
_DETAIL = re.compile(r" \(([^()]+)\)")


def reason(rule: Mapping[str, Any], reasons: Mapping[str, tuple[str, str]], words: Words) -> str:
    """Why the rule of a flag matched. ``reasons``: by rule what it says of itself, as stored and in the
    language of ``words``."""
    text = str(rule.get("reason") or "")
    stored, local = reasons.get(str(rule["id"]), ("", ""))
    if not stored or not text.startswith(stored):
        return in_words(text, words)
    rest = text[len(stored) :]
    leans = _LEANS.match(rest)
    if leans is not None:
        rest = _leaning(leans, reasons, words) + rest[leans.end() :]
    return in_words(local + _detailed(str(rule["id"]), rest, words), words)


def _detailed(rule: str, rest: str, words: Words) -> str:
    """What is said in brackets behind a reason, in the language of ``words``."""
    found = _DETAIL.match(rest)
    if found is None:
        return rest
    names = substance_names(words.language)
    if rule in _ONE_OF:
        told = f" {words('hit.or')} ".join(names.get(each, each) for each in found[1].split(" or "))
    elif rule in _SUBSTANCES:
        told = ", ".join(names.get(each, each) for each in found[1].split(", "))
    elif rule in _IN_WORDS:
        told = ", ".join(words.code("hit.of", each) for each in found[1].split(", "))
    else:
        return rest
    return f" ({told}){rest[found.end() :]}"


def _leaning(found: re.Match[str], reasons: Mapping[str, tuple[str, str]], words: Words) -> str:
    said = found[2]
    if said is None:
        return f" ({words('hit.message')} {found[1]})"
    told = next((local for stored, local in reasons.values() if stored == said), said)
    return f" ({words('hit.message')} {found[1]}: {told})"


def in_words(reason: str, words: Words) -> str:
    """The reason with the languages by their names."""
    found = _TOLD.search(reason)
    if found is None:
        return reason
    named = ", ".join(words.code("language", each) for each in found[1].split(", "))
    return f"{reason[: found.start()]} [{words('hit.language')}: {named}]"
