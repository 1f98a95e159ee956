"""The words for drugs: loaded from data, found in tokens also when they are written to be missed.

``data/lexicon.csv`` is made by ``fixtures/lexicon/make_lexicon.py`` from compiled sources; an overlay of the
same columns (``term``, ``targets``, ``grade``) adds local terms or regrades known ones (grade 0 removes one).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.lexicon_rows import Row, built_in, overlaid
from forensics.analysis.new_substances import class_of, is_name
from forensics.analysis.spelling import (
    BESIDE_NUMBERS,
    LEET,
    LOOK_ALIKE,
    MISSPELLED,
    NOT_MISSPELLED,
    PARTING,
    SIGNS,
    SPELLED,
    TURNED,
    Beginnings,
    how_written,
    in_alphabet,
    in_run,
    is_amount_apart,
    is_as_written,
    is_bar,
    is_hidden_word,
    is_numbered,
    is_parting,
    is_spelled_with_digits,
    is_written_with_digits,
    joined_places,
    letter_of,
    match_rest,
    one_away,
    opened_with_digit,
    plainly,
    plainly_inside,
    squeezed,
    stretched,
)
from forensics.analysis.starred import meant, starred
from forensics.analysis.text import Token

_LONGEST = 7
_LONG_ENOUGH = 5  # letters of an ordinary word that nobody writes with signs by chance: m@ndy
ARTICLE = "l"  # of Darija
SHORTEST_BEHIND_ARTICLE = 4  # letters of a name behind it
SHORTEST_STRETCHED = 4  # letters of an ordinary word that is found when its letters are repeated
CASES = ("nin", "in", "un", "ini", "unu")  # of names of drugs in Turkish: "kokainin grami"
SHORTEST_DECLINED = 5  # letters of a name with such an ending
NAMED = 3  # the grade of a word that names a drug by itself
NEW = "new-substance"  # what is said of a term that has the name or code of a class
_OF_CODE = 16  # tokens of the code of a substance: 5-chloro-MDMB-4en-PINACA
_KEPT, _LONGEST_KEPT = 32_768, 32  # words of which is kept whether a term may begin with them, their letters


class Entry(NamedTuple):
    """One term of the lexicon."""

    term: str
    rest: tuple[str, ...]
    targets: tuple[str, ...]
    grade: int
    tight: bool


Respelled: TypeAlias = tuple[Entry, str]  # what a word means, and in which way it is written


class Term(NamedTuple):
    """A term found: tokens ``first`` up to ``after``."""

    first: int
    after: int
    start: int
    end: int
    entry: Entry
    fired: tuple[str, ...] = ()


class Substance(NamedTuple):
    """What the program needs to know of a substance."""

    id: str
    name_nl: str
    name_en: str
    kind: str
    market: str
    unit: str
    ia_group: str


class _Openings(dict[str, "Respelled | bool"]):
    """Of each word whether a term may begin with it, or what it means when it is respelled; worked out when
    first met.
    """

    def __init__(self, opening: Callable[[str], Respelled | bool]) -> None:
        super().__init__()
        self._opening = opening

    def __missing__(self, text: str) -> Respelled | bool:
        opening = self._opening(text)
        if len(text) <= _LONGEST_KEPT:
            if len(self) >= _KEPT:
                self.clear()
            self[text] = opening
        return opening


class Lexicon:
    """The terms, indexed by their first word."""

    def __init__(self, rows: Iterable[Row], substances: dict[str, Substance]) -> None:
        self.substances = substances
        self._index: dict[str, list[Entry]] = {}
        for row in rows:
            first, *rest = row.term.split(" ")
            entry = Entry(row.term, tuple(rest), row.targets, row.grade, row.tight)
            self._index.setdefault(first, []).append(entry)
        for entries in self._index.values():
            entries.sort(key=lambda e: (-len(e.rest), -e.grade))
        self._openings = _Openings(self._opening)

    @classmethod
    def load(cls, overlay: Path | None = None) -> tuple[Lexicon, str]:
        """The lexicon with the overlay's terms, and the SHA-256 over everything it was made from."""
        raw, kinds = data_bytes("lexicon.csv"), data_bytes("substances.csv")
        extra = overlay.read_bytes() if overlay else b""
        substances = {
            r["id"]: Substance(
                r["id"], r["name_nl"], r["name_en"], r["class"], r["market"], r["unit"], r["ia_group"]
            )
            for r in table(kinds)
        }
        rows = {r.term: r for r in built_in(raw)}
        for added in overlaid(extra, substances, overlay):
            rows[added.term] = added
        lexicon = cls((r for r in rows.values() if r.grade > 0), substances)
        return lexicon, hashlib.sha256(raw + b"\0" + kinds + b"\0" + extra).hexdigest()

    @property
    def first_words(self) -> dict[str, list[Entry]]:
        """The index: each first word with its entries."""
        return self._index

    def entries(self) -> Iterable[Entry]:
        """Every entry, by first word."""
        for first in self._index.values():
            yield from first

    @cached_property
    def misspellings(self) -> dict[str, str]:
        """Each spelling one letter away from a long name, with the name."""
        known = self._index
        found: dict[str, str] = {}
        for name in SPELLED:
            if name in known:
                found.update((s, name) for s in one_away(name) if s not in known and s not in NOT_MISSPELLED)
        return found

    @cached_property
    def turned(self) -> dict[str, str]:
        """Each name of a drug written backwards, with the name; not those that are another term then."""
        names = (w for w, found in self._index.items() if any(e.grade == 3 and not e.rest for e in found))
        return {
            name[::-1]: name
            for name in (*names, *TURNED)
            if len(name) > 3 and name.isalpha() and name[::-1] not in self._index
        }

    @cached_property
    def prefixes(self) -> Beginnings:
        """The beginnings of the words that may be found under a disguise."""
        return Beginnings(w.translate(LEET) for w, es in self._index.items() if not all(e.rest for e in es))

    def find(self, tokens: Sequence[Token]) -> list[Term]:
        """The terms in the tokens, longest first at each place, without overlap."""
        found: list[Term] = []
        free = 0
        opens, joined = self._openings.__getitem__, joined_places(tokens)
        for place, token in enumerate(tokens):
            if place < free or not (opens(token.text) or place in joined or token.alias):
                continue
            if in_run(tokens, place):
                continue
            term = self._at(tokens, place)
            if term is None or (term.after == place + 1 and len(token.text) == 1):
                term = self._disguised(tokens, place, joined=place in joined) or term
            if place in joined and (code := _code(tokens, place)) and (not term or code.after > term.after):
                term = code
            if term:
                found.append(term)
                free = term.after
        return found

    def _opening(self, text: str) -> Respelled | bool:
        return self._respelled(text) or text in self._index

    def _at(self, tokens: Sequence[Token], place: int) -> Term | None:
        token = tokens[place]
        entries = self._index.get(token.text)
        fired: tuple[str, ...] = ("mixed-script",) if token.alias == "mixed-script" else ()
        if entries is None and token.alias and token.alias != "mixed-script":
            entries, fired = self._strong(token.alias) or self._code_of(token.alias), LOOK_ALIKE
            if entries is None and is_hidden_word(tokens, place):
                entries = self._single(token.alias)
        following = tokens[place + 1].text if place + 1 < len(tokens) else ""
        is_parted = following in PARTING
        for entry in entries or ():
            if entry.rest and entry.rest[0] != following and not is_parted:
                continue
            after = match_rest(tokens, place, entry.rest, tight=entry.tight)
            if after:
                fired = fired or how_written(tokens[place + 1 : after])
                return Term(place, after, token.start, tokens[after - 1].end, entry, fired)
        return None

    def _strong(self, word: str) -> list[Entry] | None:
        """Entries of one word that may be found under a disguise: no ordinary words."""
        entries = self._index.get(word)
        if entries is None:
            return None
        return [e for e in entries if not e.rest and e.grade >= 2] or None

    def _code_of(self, opening: str) -> list[Entry] | None:
        """Entries of several words that are written against each other and begin so: "a-PHP"."""
        return [e for e in self._index.get(opening, ()) if e.rest and e.tight and e.grade >= 2] or None

    def _single(self, word: str) -> list[Entry] | None:
        """Entries of one word, ordinary ones too: who writes those with digits or apart hides the meaning."""
        return [e for e in self._index.get(word, ()) if not e.rest] or None

    def _disguised(self, tokens: Sequence[Token], place: int, *, joined: bool) -> Term | None:
        token = tokens[place]
        if token.kind == "w" and (len(token.text) > 3 or (len(token.text) == 3 and not token.text.isalpha())):
            found = self._openings[token.text]
            if isinstance(found, tuple) and (found[1] not in BESIDE_NUMBERS or is_numbered(tokens, place)):
                how = BESIDE_NUMBERS.get(found[1], found[1])
                whole = self._joined(tokens, place) if joined and how == "leet" else None
                return whole or Term(place, place + 1, token.start, token.end, found[0], (how,))
        return self._joined(tokens, place) or self._starred(tokens, place) if joined else None

    def _respelled(self, text: str) -> Respelled | None:
        """What a word means that is written so as to be missed, or inflected, and how it is written."""
        if any(c.isdigit() for c in text):
            spelled = self._leet(text) or self._repeated(text) if is_written_with_digits(text) else None
            return spelled or _new(text) or self._opened_with_digit(text)
        repeated = self._repeated(text)
        if repeated:
            return repeated
        name = self.misspellings.get(text)
        entries = self._strong(name) if name else None
        if name:
            return (entries[0], MISSPELLED) if entries else None
        return self._inflected(text) or self._reversed(text) or _new(text)

    def _reversed(self, text: str) -> Respelled | None:
        entries = self._strong(self.turned.get(text, ""))
        return (entries[0], "reversed") if entries else None

    def _leet(self, text: str) -> Respelled | None:
        tries = [word for word in plainly(text) if word.isalpha() or not text[0].isdigit()]
        for plain in (*tries, plainly_inside(text)):
            entries = self._strong(plain) or (self._single(plain) if plain.isalpha() else None)
            if entries:
                return entries[0], "leet"
        return None

    def _opened_with_digit(self, text: str) -> Respelled | None:
        """A name whose first letter alone is a digit, where the rest is no name of goods: "4ssie"."""
        plain = opened_with_digit(text)
        entries = self._single(plain) if plain and text[1:] not in self._index else None
        return (entries[0], "leet" if entries[0].grade > 1 else "opened") if entries else None

    def _repeated(self, text: str) -> Respelled | None:
        tries = [word for word in squeezed(text) if 2 < len(word) < len(text)] if stretched(text) else []
        entries = next(filter(None, map(self._strong, tries)), None)
        if entries:
            return entries[0], "repeated"
        for word in tries:
            if weak := self._single(word):  # people stretch ordinary words too: that hides nothing
                return weak[0], "inflected" if len(word) >= SHORTEST_STRETCHED else "stretched"
        return None

    def _inflected(self, text: str) -> Respelled | None:
        for ending in ("tjes", "jes", "tje", "je", "s"):
            if text.endswith(ending) and len(text) - len(ending) > 3:
                stem = text[: -len(ending)]
                entries = self._strong(stem)
                if entries and (entries[0].grade == 3 or len(stem) > 4):
                    return entries[0], "inflected"
        for ending in CASES:
            stem = text.removesuffix(ending)
            if stem != text and len(stem) >= SHORTEST_DECLINED:
                entries = self._strong(stem)
                if entries and entries[0].grade == NAMED:
                    return entries[0], "inflected"
        return self._with_article(text)

    def _with_article(self, text: str) -> Respelled | None:
        """The name of a drug behind the article of Darija, written as one word: lhachich, lcocaine."""
        stem = text[1:] if text.startswith(ARTICLE) else ""
        entries = self._strong(stem) if len(stem) >= SHORTEST_BEHIND_ARTICLE else None
        return (entries[0], "inflected") if entries and entries[0].grade == NAMED else None

    def _joined(self, tokens: Sequence[Token], place: int) -> Term | None:
        """Letters parted from each other (k e t a, c.o.k.e) and words broken by signs (co-ke, c@ke)."""
        pieces: list[str] = []
        after, parted, widest = place, False, 0
        best: Term | None = None
        while after < len(tokens) and after - place < 5 * _LONGEST:
            token = tokens[after]
            if token.kind == "l" or (
                token.kind == "s" and token.text not in SIGNS and token.text not in PARTING
            ):
                break
            if token.kind == "s" and (token.text in PARTING or is_bar(tokens, after)):
                if after == place or not is_parting(tokens, after):
                    break
                parted = True
            else:
                gap = token.start - tokens[after - 1].end if pieces and not token.glued else 0
                if gap and (len(token.text) > 1 or len(pieces[-1]) > 1 or gap > (widest or gap)):
                    break
                widest = widest or gap
                pieces.append(letter_of(token))
                if not any(word in self.prefixes for word in plainly("".join(pieces))):
                    break
            after += 1
            if best is None or is_amount_apart(tokens, after - 1):
                best = self._pieces(tokens, place, after, pieces, parted) or best
        return best

    def _starred(self, tokens: Sequence[Token], place: int) -> Term | None:
        """A name with stars for vowels before a number: "c*ke 50"."""
        after, word = starred(tokens, place)
        entries = next(filter(None, map(self._strong, meant(word))), None) if word else None
        ends = tokens[after - 1].end
        return Term(place, after, tokens[place].start, ends, entries[0], ("leet",)) if entries else None

    def _pieces(
        self, tokens: Sequence[Token], place: int, after: int, pieces: list[str], parted: bool
    ) -> Term | None:
        if is_as_written(tokens, place, after, pieces):
            return None
        word = "".join(pieces)
        single = all(len(p) == 1 for p in pieces)
        if single and (len(pieces) < 3 or in_alphabet(word)):
            return None
        how = "separated" if single or parted else "leet"
        shortest = 3 if single else 4
        if len(word) < shortest or (word.isdigit()):
            return None
        hidden = how == "separated" or len(word) >= _LONG_ENOUGH
        tries = (word,) if word.isalnum() else plainly(word)
        letters = next((each for each in tries if self._strong(each)), tries[0])
        entries = self._strong(letters) or (self._single(letters) if hidden else None)
        if entries is None and (single or parted) and is_spelled_with_digits(tokens, after, letters):
            plain = letters.translate(LEET)  # "c.0.k.e", "k 3 t"
            entries = self._strong(plain) or (self._single(plain) if len(plain) >= _LONG_ENOUGH else None)
        if not entries:
            return None
        return Term(place, after, tokens[place].start, tokens[after - 1].end, entries[0], (how,))


def _new(text: str) -> Respelled | None:
    """What has no name of its own in the lists, but that of its class."""
    kind = class_of(text)
    grade = NAMED if is_name(text) else NAMED - 1
    return (Entry(text, (), (kind,), grade, False), NEW) if kind else None


def _code(tokens: Sequence[Token], place: int) -> Term | None:
    """Such a code of several tokens that are written against each other."""
    if tokens[place].glued and place and tokens[place - 1].text in PARTING:
        return None
    after, most = place + 1, min(len(tokens), place + _OF_CODE + 1)
    while after < most and tokens[after].glued and (tokens[after].kind in "wn" or tokens[after].text in "-'"):
        after += 1
    if after - place > _OF_CODE:
        return None
    found = _new("".join(token.text for token in tokens[place:after]))
    return Term(place, after, tokens[place].start, tokens[after - 1].end, found[0], (NEW,)) if found else None
