"""The language of a hit: that of the word or phrase it rests on, where the word lists know it.

A list says of many names of drugs that they are the same in every language (``mul``) or that it is not known
(``und``); of those nothing is said. A word of several languages is told with all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from sys import intern

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.lexicon import Lexicon
from forensics.analysis.phrases import ANY_NUMBER, Phrases, first_words
from forensics.analysis.score import Hit
from forensics.analysis.text import fold, tokenize

_NONE = frozenset({"mul", "und", ""})
_LONGEST = 80  # code points: no phrase of the lists is longer
_KEPT, _WORDS_KEPT = 4096, 256  # texts with their language; words with the phrases that begin with them
# Rules whose hit is the name of a drug; all others that rest on words rest on a phrase of trade.
_NAMES = frozenset(
    {"drug-name", "street-name", "double-meaning", "further-drug", "disguise", "word-traded", "counted-word"}
)
# Rules whose hit is an amount, a whole message or a word of another subject: the lists have no language.
_WORDLESS = frozenset(
    {"quantity", "price", "bare-amount", "unnamed-weight", "goods", "goes-on", "exchange", "innocent-goods"}
    | {"innocent", "other-subject", "innocent-more", "report", "right-behind"}
    | {
        "learnt",
        "learnt-denies",
        "learnt-alone",
        "learnt-denies-alone",
        "learnt-for",
        "learnt-against",
    }
    | {"learnt-less", "learnt-more", "learnt-stays", "learnt-beside", "learnt-list"}
)


class Languages:
    """Says the language of hits, with the words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._of = lru_cache(maxsize=_KEPT)(self._languages)

    def told(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """The hits, those whose language is known with it at the end of the reason."""
        return tuple(map(self._told, hits))

    def _told(self, hit: Hit) -> Hit:
        if not hit.text or len(hit.text) > _LONGEST or hit.id in _WORDLESS:
            return hit
        found = self._of(hit.text, hit.id in _NAMES)
        return replace(hit, reason=f"{hit.reason} [language: {', '.join(found)}]") if found else hit

    def _languages(self, text: str, is_name: bool) -> tuple[str, ...]:
        """The languages of the word or phrase that this text is as a whole."""
        tokens = tokenize(fold(text))
        whole = (0, len(tokens))
        if is_name:
            terms = (t.entry.term for t in self._lexicon.find(tokens) if (t.first, t.after) == whole)
            found = frozenset(each for term in terms for each in _by_term().get(term, ()))
        else:
            phrases = _beginning_with(tokens[0].text) if tokens else _NO_PHRASES
            found = frozenset(p.name for p in phrases.find(tokens) if (p.first, p.after) == whole)
        return tuple(sorted(found)) if not found & _NONE else ()


_NO_PHRASES = Phrases(())


@lru_cache(maxsize=_WORDS_KEPT)
def _beginning_with(word: str) -> Phrases:
    """The phrases of trade that begin with this word, by their language: to have them all ready for looking
    up would take as much memory as the phrases by which lines are read."""
    rows = _by_first_word()
    found = rows.get(word, ()) + (rows.get(ANY_NUMBER, ()) if word[:1].isdigit() else ())
    return Phrases((language, 1, phrase) for language, phrase in found)


@cache
def _by_first_word() -> dict[str, tuple[tuple[str, str], ...]]:
    """The phrases of trade, each behind its language."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in table(data_bytes("acts.csv")):
        for word in sorted(first_words(row["phrase"])):
            found.setdefault(word, []).append((intern(row["language"]), row["phrase"]))
    return {word: tuple(rows) for word, rows in found.items()}


@cache
def _by_term() -> dict[str, tuple[str, ...]]:
    """The languages of each term of the built-in lexicon; an overlay's terms have none."""
    known: dict[str, tuple[str, ...]] = {}
    return {
        row["term"]: known.setdefault(row["languages"], tuple(row["languages"].split("|")))
        for row in table(data_bytes("lexicon.csv"))
    }
