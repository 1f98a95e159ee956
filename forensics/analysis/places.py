"""Streets by their names."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.vocabulary import vocabulary

_APART = frozenset({"laan", "plein", "kade", "road"})  # written apart from the name
_ON_THE_WAY = frozenset({"halfweg", "halverwege", "onderweg", "unterweg"})  # no names of streets
_SHORTEST = 5  # letters of a name; more
_LONGEST = 4  # words from that for a street to its number
_PASSING = frozenset({"via"})  # is "by way of" too, so that nothing goes on behind the number
# what is paid by way of
_PAID = frozenset({"bank", "bizum", "iban", "paypal", "paysafe", "revolut", "tikkie", "twint", "western"})
_NUMBER_FIRST = frozenset({"allee", "avenue", "boulevard", "chemin", "impasse", "quai", "rue"})
# before the name of a street
_BEFORE = _PASSING | _NUMBER_FIRST | {
    "aleea", "aleja", "avenida", "bulevardul", "calle", "corso", "piata", "piazza", "plac", "plaza",
    "praca", "rua", "str", "strada", "travessa", "ul", "ulica", "ulicy", "viale", "vicolo",
}  # fmt: skip
_BEHIND = frozenset({"cad", "caddesi", "sokagi", "sokak"})  # behind it, before its number
_CUT = "str"  # an ending of its name, with or without a point


def is_street(word: str) -> bool:
    """Whether the word ends as names of streets do."""
    named = word.endswith(vocabulary().street_endings) and word not in _ON_THE_WAY
    return named and (len(word) > _SHORTEST or word in _APART)


def is_behind_street(said: Sequence[str], *, ends: bool) -> bool:
    """Whether a number is that of a house of a street, by the words and signs before it, the nearest last:
    "rue des Lilas", "via Roma", "ul. Długa", "gül sokak", "Kantstr.". ``ends``: nothing goes on behind it.
    """
    words = [word for word in said[-_LONGEST - 1 :] if word != "."]
    if not words or (said[-1] == "." and not words[-1].endswith(_CUT)):
        return False
    if words[-1] in _BEHIND or (words[-1].endswith(_CUT) and len(words[-1]) > _SHORTEST):
        return len(words) > 1 or words[-1] not in _BEHIND
    named = len(words[-1]) > 1 and words[-1].isalpha() and words[-1] not in _PAID
    return named and any(word in _BEFORE and (ends or word not in _PASSING) for word in words[-_LONGEST:-1])


def opens_street(ahead: Sequence[str]) -> bool:
    """Whether the name of a French street follows the number of a house: "12 rue Oberkampf"."""
    return len(ahead) > 1 and ahead[0] in _NUMBER_FIRST and ahead[1].isalpha()
