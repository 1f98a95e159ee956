"""The reason of a hit in the language of a report: what the rule says of itself, the message it leans on,
the steps and forms of learnt weights in words, and the language of the words that it matched
(analysis.languages).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from forensics.analysis.score import Rules
from forensics.substance_names import substance_names
from forensics.words import Words

_TOLD = re.compile(r" \[language: ([a-z, -]+)\]\Z")
_LEANS = re.compile(
    r" \(message ([^\s:)]+)(?:: ([^()]*))?\)"
)  # on which message, and on which rule's words there


class _Detail(NamedTuple):
    """What the detail of a rule is made of: what joins its parts as stored, the key of the word that joins
    them in a report ("" for the same), and how one is told."""

    joined: str
    word: str
    told: Callable[[str, Words], str]


def _substance(key: str, words: Words) -> str:
    return substance_names(words.language).get(key, key)


def _word(key: str, words: Words) -> str:
    return words.code("hit.of", key)


_DETAILS = {
    **dict.fromkeys(("drug-name", "street-name", "double-meaning"), _Detail(" or ", "hit.or", _substance)),
    **dict.fromkeys(
        ("several-goods", "counted-drugs", "further-drug", "new-substance"), _Detail(", ", "", _substance)
    ),
    **dict.fromkeys(("bears-on", "disguise", "report", "rewritten"), _Detail(", ", "", _word)),
    **dict.fromkeys(
        ("innocent", "innocent-goods", "innocent-more", "other-subject"), _Detail(", ", "", _word)
    ),
}
_DETAIL = re.compile(r" \(([^()]+)\)")
# In the detail of a learnt weight: a form of data/learnt.csv with its value, and what stands for itself.
_LEARNT = "learnt"
_STEP = re.compile(r"(?<=[,;] )([a-z_]+)(?::([^ ,;()]+))?(?= [+-]\d)")
_FORM = re.compile(r"(?<=\A \()([a-z]+)(?::(.+))?(?= [+-]\d+\))")
_FORMS = frozenset(("learnt-for", "learnt-against"))
_AS_WRITTEN = frozenset(("word", "pair", "begins", "letters"))  # forms whose value is of the text itself
_PART = re.compile(r"[a-z_]+")
_UNNUMBERED: Mapping[str, str] = {}


@cache
def own_reasons(language: str) -> Mapping[str, tuple[str, str]]:
    """What the rules say of themselves, by id: in English, as stored, and in that language (``nl`` or
    ``en``)."""
    rules = Rules.load()[0].rules
    return {key: (each.en, each.nl if language == "nl" else each.en) for key, each in rules.items()}


def reason(
    rule: Mapping[str, Any],
    reasons: Mapping[str, tuple[str, str]],
    words: Words,
    numbers: Mapping[str, str] = _UNNUMBERED,
) -> str:
    """Why the rule of a flag matched. ``reasons``: by rule what it says of itself, as stored and in the
    language of ``words``; ``numbers``: what a message that it leans on is called here, by its id."""
    text = str(rule.get("reason") or "")
    stored, local = reasons.get(str(rule["id"]), ("", ""))
    if not stored or not text.startswith(stored):
        return in_words(text, words)
    rest = text[len(stored) :]
    leans = _LEANS.match(rest)
    if leans is not None:
        rest = _leaning(leans, reasons, words, numbers) + rest[leans.end() :]
    return in_words(local + _detailed(str(rule["id"]), rest, words), words)


def _detailed(rule: str, rest: str, words: Words) -> str:
    """What is said in brackets behind a reason, in the language of ``words``."""
    if rule.startswith(_LEARNT):
        return (_FORM if rule in _FORMS else _STEP).sub(lambda found: _step(found, words), rest)
    found, detail = _DETAIL.match(rest), _DETAILS.get(rule)
    if found is None or detail is None:
        return rest
    joining = f" {words(detail.word)} " if detail.word else detail.joined
    told = joining.join(detail.told(each, words) for each in found[1].split(detail.joined))
    return f" ({told}){rest[found.end() :]}"


def _step(found: re.Match[str], words: Words) -> str:
    """A weighed form or step by its name in words, as is its value unless that stands in the text."""
    name, value = found[1], found[2] or ""
    if name not in _AS_WRITTEN:
        value = _PART.sub(lambda part: _word(part[0], words), value)
    return ": ".join(filter(None, (_word(name, words), value)))


def is_against(rule: Mapping[str, Any]) -> bool:
    """Whether the rule speaks against the flag."""
    return (rule.get("weight") or 0) < 0 or rule.get("sign") == "-"


def is_learnt(rule: Mapping[str, Any]) -> bool:
    """Whether it is a sum of learnt weights, or one of them: they say how much, not what."""
    return str(rule["id"]).startswith(_LEARNT)


def leans_on(rule: Mapping[str, Any]) -> str | None:
    """The id of the message that the reason of a rule names, or None."""
    found = _LEANS.search(str(rule.get("reason") or ""))
    return found[1] if found else None


def _leaning(
    found: re.Match[str],
    reasons: Mapping[str, tuple[str, str]],
    words: Words,
    numbers: Mapping[str, str],
) -> str:
    message, said = f"{words('hit.message')} {numbers.get(found[1], found[1])}", found[2]
    if said is None:
        return f" ({message})"
    told = next((local for stored, local in reasons.values() if stored == said), said)
    return f" ({message}: {told})"


def in_words(reason: str, words: Words) -> str:
    """The reason with the languages by their names."""
    found = _TOLD.search(reason)
    if found is None:
        return reason
    named = ", ".join(words.code("language", each) for each in found[1].split(", "))
    return f"{reason[: found.start()]} [{words('hit.language')}: {named}]"
