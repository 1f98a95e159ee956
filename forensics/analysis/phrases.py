"""Phrases of trade and words of other subjects: loaded from data and found in tokens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from sys import intern
from typing import NamedTuple

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.text import Token, words

ANY_NUMBER = "#"  # in a phrase: whatever number stands there
_PARTING = frozenset("'-./")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*|\D+")


class Phrase(NamedTuple):
    """A phrase found: tokens ``first`` up to ``after``; ``name`` is a speech act or a subject."""

    name: str
    strength: int
    first: int
    after: int
    start: int
    end: int


_PHRASE_OF = partial(tuple.__new__, Phrase)  # all six fields as one tuple: half the time of Phrase(...)


class _Opening(NamedTuple):
    """The phrases that begin with one word, longest first."""

    alone: Sequence[tuple[tuple[str, ...], str, int]]  # those that end with it
    by_next: Mapping[str, Sequence[tuple[tuple[str, ...], str, int]]]  # all, by the word that follows it
    counts: bool  # one of them goes on with a number

    def following(self, word: str) -> Sequence[tuple[tuple[str, ...], str, int]]:
        """The phrases that this word may go on, longest first."""
        found = self.by_next.get(word)
        if found is None and self.counts and word[:1].isdigit():
            found = self.by_next[ANY_NUMBER]
        return self.alone if found is None else found


class Phrases:
    """Phrases indexed by their first words; one phrase may have several names."""

    def __init__(self, rows: Iterable[tuple[str, int, str]]) -> None:
        self._keys: list[tuple[tuple[str, ...], str, int]] = []
        first_words: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
        for name, strength, phrase in rows:
            for key in _keys(phrase):
                first_words.setdefault(key[0], []).append((key[1:], name, strength))
                self._keys.append((key, name, strength))
        numbered = first_words.pop(ANY_NUMBER, [])
        self._numbered = _opening(numbered) if numbered else None
        self._index = {
            word: _opening(found + numbered if word[:1].isdigit() else found)
            for word, found in first_words.items()
        }

    @classmethod
    def acts(cls) -> tuple[Phrases, bytes]:
        """The speech acts of trade, and the bytes they were made from."""
        raw = data_bytes("acts.csv")
        return cls((r["act"], int(r["strength"]), r["phrase"]) for r in table(raw)), raw

    @classmethod
    def subjects(cls) -> tuple[Phrases, bytes]:
        """Words of innocent subjects, and the bytes they were made from."""
        raw = data_bytes("contexts.csv")
        return cls((r["domain"], 1, w) for r in table(raw) for w in r["words"].split("|")), raw

    def listed(self) -> Iterable[tuple[tuple[str, ...], str, int]]:
        """Every phrase as words, with its name and strength."""
        return self._keys

    def find(self, tokens: Sequence[Token]) -> list[Phrase]:
        """At each place the longest phrase of each name; places inside a longer phrase of a name are
        skipped.
        """
        found: list[Phrase] = []
        covered: dict[str, int] = {}
        texts = [token.text for token in tokens]
        texts.append("")
        for place, known in enumerate(map(self._index.get, texts)):
            opening = known or (self._numbered if texts[place][:1].isdigit() else None)
            if opening is None:
                continue
            following = texts[place + 1]
            if following in _PARTING:
                following = _following(tokens, place + 2)
            for rest, name, strength in opening.following(following):
                if covered.get(name, 0) > place:
                    continue
                after = _match(texts, place + 1, rest) if rest else place + 1
                if after:
                    covered[name] = after
                    start, end = tokens[place].start, tokens[after - 1].end
                    found.append(_PHRASE_OF((name, strength, place, after, start, end)))
        return found


def first_words(phrase: str) -> set[str]:
    """The words that a phrase may begin with: two where a reader may have parted the first."""
    return {key[0] for key in _keys(phrase)}


def _keys(phrase: str) -> list[tuple[str, ...]]:
    """The words of a phrase; twice when one is digits and letters, which a reader may have parted: 24h."""
    parts = phrase.split(" ") if ANY_NUMBER in phrase else (phrase,)
    key = tuple(intern(word) for part in parts for word in ((part,) if part == ANY_NUMBER else words(part)))
    parted = tuple(intern(piece) for word in key for piece in _DIGITS.findall(word))
    return [k for k in (key, parted) if k][: 1 if parted == key else 2]


def _opening(found: list[tuple[tuple[str, ...], str, int]]) -> _Opening:
    found.sort(key=lambda e: (-len(e[0]), e[1]))
    alone = [entry for entry in found if not entry[0]]
    goes_on: dict[str, list[int]] = {}  # by the next word where the phrases stand that go on with it
    for place, (rest, *_) in enumerate(found):
        if rest:
            goes_on.setdefault(rest[0], []).append(place)
    numbered = goes_on.get(ANY_NUMBER, [])
    by_next = {
        word: [found[place] for place in sorted({*places, *(numbered if word[:1].isdigit() else ())})] + alone
        for word, places in goes_on.items()
    }
    return _Opening(alone, by_next, bool(numbered))


def _following(tokens: Sequence[Token], at: int) -> str:
    """The word at this place, or behind the signs that may part the words of a phrase; "" at the end."""
    while at < len(tokens) and tokens[at].kind == "s" and tokens[at].text in _PARTING:
        at += 1
    return tokens[at].text if at < len(tokens) else ""


def _match(texts: Sequence[str], at: int, rest: tuple[str, ...]) -> int:
    """The place behind a phrase of which these words are left, 0 where they do not follow; behind the last of
    the texts stands an empty one."""
    for word in rest:
        text = texts[at]
        while text in _PARTING:
            at += 1
            text = texts[at]
        if not (text[:1].isdigit() if word == ANY_NUMBER else text == word):
            return 0
        at += 1
    return at
