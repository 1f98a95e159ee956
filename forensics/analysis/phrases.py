"""Phrases of trade and words of other subjects: loaded from data and found in tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from forensics.analysis.lexicon import data_bytes, table
from forensics.analysis.text import Token, words


class Phrase(NamedTuple):
    """A phrase found: tokens ``first`` up to ``after``; ``name`` is a speech act or a subject."""

    name: str
    strength: int
    first: int
    after: int
    start: int
    end: int


class Phrases:
    """Phrases indexed by their first word; one phrase may have several names."""

    def __init__(self, rows: Iterable[tuple[str, int, str]]) -> None:
        self._index: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
        self._keys: list[tuple[tuple[str, ...], str]] = []
        for name, strength, phrase in rows:
            key = words(phrase)
            if key:
                self._index.setdefault(key[0], []).append((key[1:], name, strength))
                self._keys.append((key, name))
        for found in self._index.values():
            found.sort(key=lambda e: (-len(e[0]), e[1]))

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

    def listed(self) -> Iterable[tuple[tuple[str, ...], str]]:
        """Every phrase as words, with its name."""
        return self._keys

    def find(self, tokens: Sequence[Token]) -> list[Phrase]:
        """At each place the longest phrase of each name; places inside a longer phrase of a name are
        skipped.
        """
        found: list[Phrase] = []
        covered: dict[str, int] = {}
        for place, token in enumerate(tokens):
            for rest, name, strength in self._index.get(token.text, ()):
                if covered.get(name, 0) > place:
                    continue
                after = _match(tokens, place + 1, rest)
                if after:
                    covered[name] = after
                    found.append(Phrase(name, strength, place, after, token.start, tokens[after - 1].end))
        return found


def _match(tokens: Sequence[Token], at: int, rest: tuple[str, ...]) -> int:
    for word in rest:
        while at < len(tokens) and tokens[at].kind == "s" and tokens[at].text in "'-./":
            at += 1
        if at >= len(tokens) or tokens[at].text != word:
            return 0
        at += 1
    return at
