"""Names written so as to be missed: with signs for letters, parted, repeated, turned round, misspelled.

Source: detection rules, normalisation steps 4 to 8.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise

from forensics.analysis.text import Token

# Signs used for letters (detection rules, normalisation step 5).
_ASCII = {code: chr(code) for code in range(128)}
LEET = _ASCII | str.maketrans("013457@$!€", "oieastasie")
LEET_L = _ASCII | str.maketrans("013457@$!€", "oleastasle")
SIGNS = frozenset("@$!€0|")
PARTING = frozenset(".-_*'·•/~")
_ELIDED = 2  # pieces of a word behind an article cut short
_ELIDING = frozenset("cdjlmnst")  # those articles and the like: "l'exo", "d'amphi"
REPEATED = re.compile(r"(\w)\1+")
_STRETCHED = re.compile(r"(\w)\1\1+")
_SHORTEST_WRITTEN = 4  # of a word that begins with a digit for a letter
# ways of writing that are looked for beside a number only, with what they are called
BESIDE_NUMBERS = {"reversed": "reversed", "stretched": "inflected"}
TURNED = ("coke", "hasj", "speed", "haze", "polm")  # street names that are written backwards
# Long names whose misspellings (one letter more, less, other or swapped) are looked for; the commonest ones
# only, so that no ordinary word lies one letter away.
SPELLED = [
    *("cocaine", "kokaine", "ketamine", "amfetamine", "amphetamine", "heroine", "oxycodon"),
    *("oxycodone", "tramadol", "diazepam", "oxazepam", "temazepam", "lorazepam", "alprazolam"),
    *("zopiclon", "zopiclone", "zolpidem", "pregabaline", "pregabalin", "marihuana", "marijuana"),
    *("ecstasy", "hasjiesj", "lachgas", "fentanyl", "methadon", "kamagra", "methamfetamine"),
    *("mephedrone", "mefedron", "clonazepam", "codeine", "morfine", "ritalin"),
]
NOT_MISSPELLED = frozenset(
    ["vitamine", "lachgat", "morfing", "codeline", "marinana", "lachgassen", "lachgast"]
)


class Beginnings:
    """Says whether one of some words begins so, in a tenth of the memory that all their beginnings take."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)

    def __contains__(self, letters: str) -> bool:
        place = bisect_left(self._words, letters)
        return bool(letters) and place < len(self._words) and self._words[place].startswith(letters)


def is_numbered(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number stands beside the word: only there is a word read backwards."""
    beside = (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2])
    return any(token.kind == "n" or token.text[:1].isdigit() for token in beside)


def is_signed_behind(tokens: Sequence[Token], place: int) -> bool:
    """Whether a sign that may be a letter of the word stands right behind it: "k0k$"."""
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    return behind is not None and behind.glued and behind.text in SIGNS


def joined_places(tokens: Sequence[Token]) -> set[int]:
    """The places of tokens that may be pieces of a word with the next: nothing between, or single letters."""
    return {
        place
        for place, (token, following) in enumerate(pairwise(tokens))
        if (following.glued or (len(token.text) == 1 and len(following.text) == 1))
        and _may_join(tokens, place)
    }


def in_run(tokens: Sequence[Token], place: int) -> bool:
    """Whether the token is a letter in the middle of a word whose letters are parted by signs."""
    if place < 2 or not tokens[place].glued or not tokens[place - 1].glued:
        return False
    return (
        tokens[place - 1].text in PARTING
        and len(tokens[place].text) == 1 == len(tokens[place - 2].text)
        and tokens[place].kind == tokens[place - 2].kind == "w"
    )


def _may_join(tokens: Sequence[Token], place: int) -> bool:
    """Whether these two tokens can be pieces of one word by what they are."""
    token, following = tokens[place], tokens[place + 1]
    if token.kind in "sl" and token.text not in SIGNS:
        return False
    if following.kind == "s" and following.text in PARTING:
        return following.glued and place + 2 < len(tokens) and tokens[place + 2].glued
    return following.kind not in "sl" or following.text in SIGNS


def in_alphabet(word: str) -> bool:
    return word in "abcdefghijklmnopqrstuvwxyz"


def stretched(text: str) -> bool:
    """Whether a letter stands three times in a row."""
    return any(len(m.group()) >= 3 for m in REPEATED.finditer(text))


def squeezed(text: str) -> tuple[str, ...]:
    """The words that a stretched one may be: with each repeated letter twice, once, or once where it stands
    more often than twice ("snelleeee").
    """
    return REPEATED.sub(r"\1\1", text), REPEATED.sub(r"\1", text), _STRETCHED.sub(r"\1", text)


def is_written_with_digits(text: str) -> bool:
    """Whether digits may stand for letters in a word: behind a letter too where it begins with one
    ("5p33d", not "5pil")."""
    if not text[0].isdigit():
        return True
    letters = text.lstrip("0123456789")
    behind = any(c.isdigit() for c in letters) or stretched(letters)
    return len(text) >= _SHORTEST_WRITTEN and sum(c.isalpha() for c in text) > 1 and behind


def one_away(name: str) -> set[str]:
    """Every word one letter away that begins with the same letter."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    found = set()
    for i in range(1, len(name) + 1):
        found.add(name[:i] + name[i + 1 :])
        if i < len(name) - 1:
            found.add(name[:i] + name[i + 1] + name[i] + name[i + 2 :])
        for letter in letters:
            found.add(name[:i] + letter + name[i:])
            found.add(name[:i] + letter + name[i + 1 :])
    found.discard(name)
    return found


def is_as_written(tokens: Sequence[Token], place: int, after: int, pieces: Sequence[str]) -> bool:
    """Whether pieces are no word broken by signs: one alone, with a sign of the sentence at its end ("wir!"
    is no "wiri"), behind a number, or behind an article cut short ("l'exo" is no "lexo").
    """
    last = tokens[after - 1].text
    if len(pieces) < _ELIDED or last in PARTING or last == "!" or tokens[place].kind == "n":
        return True
    return len(pieces) == _ELIDED and pieces[0] in _ELIDING and tokens[place + 1].text == "'"
