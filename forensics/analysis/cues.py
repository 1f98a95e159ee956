"""A cheap test: can a message contribute to any finding at all? Most messages cannot, and are not read
further.
"""

from __future__ import annotations

import re

from forensics.analysis.lexicon import Lexicon
from forensics.analysis.phrases import Phrases
from forensics.analysis.text import fold_character, skeleton
from forensics.analysis.vocabulary import vocabulary

CUE_DRUG = 1  # a drug term, an ordinary word beside a number or a verb of trade, or a small weight
CUE_TRADE = 2  # a speech act of trade or a number

_LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "€": "e"}
)
_DIGITS = "0123456789"
_DIGIT = re.compile(r"\d")
# Single characters parted by one sign each: k e t a, c.o.k.e
_PARTED = re.compile(r"(?<!\w)\w(?:[ .\-_*'·•]\w){2,}(?!\w)")
# Letters with a sign between them, without a space: co-ke, c@ke
_BROKEN = re.compile(r"[^\W\d_][.\-_*'@$][^\W\d_]")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0134")
_VOWELS = re.compile("[aeiouykt]{3}")
_REPEATED = re.compile(r"(\w)\1\1")
_TRIPLES = tuple(3 * character for character in "aeiouhmnlyxzsktgrbcdfpvwjq0123456789_")
_SQUEEZE = re.compile(r"(\w)\1+")
_OTHER_SCRIPT = re.compile("[\u0370-\u0530\u0531-\u058f\u13a0-\u13ff]")
_REQUESTS = frozenset({"request", "order", "offer", "price", "after", "gift", "sample", "payment", "credit"})
_NOT_TRADE = frozenset({"confirm", "use", "neutral"})
_ENDINGS = ("s", "tje", "tjes", "je", "jes")


def _is_stretched(plain: str) -> bool:
    """Whether a letter or digit stands three times in a row; for ASCII without a (slow) backreference."""
    if plain.isascii():
        return any(triple in plain for triple in _TRIPLES)
    return _REPEATED.search(plain) is not None


class _WordTable(dict[int, str]):
    """For ``str.translate``: letters and digits folded, emoji set apart, every other sign a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = fold_character(character)
        if len(folded) == 1 and not folded.isalnum():
            folded = folded if folded in "@$" else (f" {folded} " if code > 0x2000 else " ")
        self[code] = folded
        return folded


class Cues:
    """Sets of words, made once from the lexicon and the acts."""

    def __init__(self, lexicon: Lexicon, acts: Phrases) -> None:
        self._table = _WordTable()
        strong: set[str] = set(lexicon.misspellings)
        weak: set[str] = set()
        phrases: dict[str, list[frozenset[str]]] = {}
        for entry in lexicon.entries():
            all_words = (entry.term.split(" ")[0], *entry.rest)
            if entry.rest:
                phrases.setdefault(max(all_words, key=len), []).append(frozenset(all_words))
            else:
                (strong if entry.grade >= 2 else weak).add(all_words[0])
                if len(all_words[0]) > (3 if entry.grade == 3 else 4) and entry.grade >= 2:
                    strong.update(all_words[0] + ending for ending in _ENDINGS)
        trade, asking = set(), set()
        for key, name in acts.listed():
            if name not in _NOT_TRADE:
                trade.add(max(key, key=len))
            if name in _REQUESTS:
                asking.add(max(key, key=len))
        counted = vocabulary()
        trade |= counted.fixed.keys() | counted.money.keys() | counted.units.keys()
        self._weights = (
            frozenset(w for w, u in counted.units.items() if u in ("g", "kg")) | counted.fixed.keys()
        )
        self._strong = frozenset(strong)
        self._weak = frozenset(weak - strong)
        self._phrases = {k: tuple(v) for k, v in phrases.items()}
        self._keys = frozenset(phrases)
        self._trade = frozenset(trade)
        self._asking = frozenset(asking)

    def speaks(self, text: str) -> int:
        """0 when nothing in the text can contribute; else CUE_DRUG and CUE_TRADE as they may apply."""
        plain = text.translate(self._table)
        tokens = plain.split()
        named = set(tokens)
        digit = _DIGIT.search(plain) is not None
        flags = CUE_TRADE if digit or not self._trade.isdisjoint(named) else 0
        if not self._strong.isdisjoint(named):
            return flags | CUE_DRUG
        if not self._keys.isdisjoint(named) and self._holds_phrase(named):
            return flags | CUE_DRUG
        if not self._weak.isdisjoint(named) and (digit or self._several(named)):
            return flags | CUE_DRUG
        if digit and self._numbered(tokens):
            return flags | CUE_DRUG
        if self._is_disguised(text, plain, named):
            return flags | CUE_DRUG
        return flags

    def _holds_phrase(self, named: set[str]) -> bool:
        return any(words <= named for key in self._keys & named for words in self._phrases[key])

    def _several(self, named: set[str]) -> bool:
        return not self._asking.isdisjoint(named) or len(self._weak & named) >= 3

    def _numbered(self, tokens: list[str]) -> bool:
        """Words with digits in or before them: 5g, 2xtc, c0ke, and a number before a word for a weight."""
        for place, token in enumerate(tokens):
            if not _DIGIT.search(token):
                continue
            bare = token.strip(_DIGITS)
            if not bare:
                if place + 1 < len(tokens) and tokens[place + 1] in self._weights:
                    return True
                continue
            if (
                bare in self._weights
                or bare in self._strong
                or bare in self._weak
                or token.translate(_LEET) in self._strong
            ):
                return True
            if any(p in self._strong or p in self._weights for p in re.split(r"\d+", bare)):
                return True
        return False

    def _is_disguised(self, text: str, plain: str, named: set[str]) -> bool:
        if len(_LETTERS & named) >= 3 and _PARTED.search(text):
            return True
        if _VOWELS.search(plain) and _is_stretched(plain):
            squeezed = (_SQUEEZE.sub(r"\1", plain), _SQUEEZE.sub(r"\1\1", plain))
            if any(not self._strong.isdisjoint(s.split()) for s in squeezed):
                return True
        signs = (
            "." in text
            or "-" in text
            or "'" in text
            or "*" in text
            or "_" in text
            or "@" in text
            or "$" in text
        )
        if signs and _BROKEN.search(text):
            joined = "".join(c for c in text if c not in ".-_*'")
            if not self._strong.isdisjoint(joined.translate(self._table).translate(_LEET).split()):
                return True
        if text.isascii() or not _OTHER_SCRIPT.search(text):
            return False
        return any(
            (skeleton(t) or "").translate(_LEET) in self._strong for t in text.translate(_SPACES).split()
        )


_SPACES = str.maketrans(dict.fromkeys(".,:;!?()[]{}\"'/|+=-_*#&", " "))
