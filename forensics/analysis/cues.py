"""A cheap test: can a message contribute to any finding at all? Most messages cannot, and are not read
further.

A text is taken apart at its spaces. What a piece can contribute does not depend on the pieces beside it,
so it is worked out once and kept; a text has what its pieces have together. The few rules that look at
several words (phrases, a number before a weight, letters parted by spaces) are tried only when a piece
gives cause.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, reduce
from operator import or_

from forensics.analysis.lexicon import (
    ARTICLE,
    CASES,
    NAMED,
    SHORTEST_BEHIND_ARTICLE,
    SHORTEST_DECLINED,
    Lexicon,
)
from forensics.analysis.new_substances import class_of
from forensics.analysis.phrases import ANY_NUMBER, Phrases
from forensics.analysis.pieces import Pieces
from forensics.analysis.score import Rules
from forensics.analysis.spelling import plainly, plainly_inside
from forensics.analysis.stretches import LONGEST_READ, windows
from forensics.analysis.text import fold_character, skeleton
from forensics.analysis.vocabulary import vocabulary

CUE_DRUG = 1  # a drug term, an ordinary word beside a number or a verb of trade, or a small weight
CUE_TRADE = 2  # a speech act of trade or a number
CUE_HINT = 4  # an ordinary word that can mean a drug, in a short line that counts, trades or asks
CUE_CODED = 8  # a word of an act that is seldom spoken of where nothing is traded, in a short line
CUE_OPENS = CUE_DRUG | CUE_HINT | CUE_CODED  # from a line with one of these on there may be a finding

# What a piece of text can contribute, as bits.
_STRONG = 1  # a word that means a drug, in whatever spelling
_TRADES = 2  # a word of trade
_DIGITAL = 4  # a digit
_WEAK = 8  # an ordinary word that can mean a drug when it is weighed, or stands beside one that leads
_ASKING = 16  # a word of asking or offering
_WEIGHT = 32  # a word for a weight
# A phrase that means a drug can only stand in a text that has both.
_KEY = 64  # the longest word of such a phrase
_REST = 128  # another word of such a phrase
_OPENING = 256  # an ordinary word that opens a short exchange when it means a drug
# A word broken by signs counts when the text has both, and so do look-alikes.
_BROKEN = 512  # letters with a sign between them
_MENDED = 1024  # a word that means a drug once the signs are taken out
_FOREIGN = 2048  # a letter of another script that has look-alikes
_ALIKE = 4096  # a word that means a drug once look-alikes are read as Latin
_THRICE = 8192  # a letter three times in a row
_LEADING = 16384  # an ordinary word that means a drug when it is counted, asked for, or named with others
_NUMBER = 32768  # a word for a number or a sum
_SINGLE = 65536  # from here on: one bit for each character of _LETTERS that stands alone
_CODED = 1 << 60  # a word of a turn of phrase that is said in trade and seldom elsewhere
_PHRASE, _COUNTS = _KEY | _REST, _DIGITAL | _NUMBER
_MENDING, _LATINISED = _BROKEN | _MENDED, _FOREIGN | _ALIKE
_SEVERAL, _WEIGHED = _WEAK | _WEIGHT | _KEY, _WEAK | _WEIGHT

_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "€": "e"}
_DIGITS = "0123456789"
_DIGIT = re.compile(r"\d")
_AROUND = '.,:;!?()"'  # signs before and behind a word that are no part of any
# Single characters parted by one sign each: k e t a, c.o.k.e
_PARTED = re.compile(r"(?<!\w)\w(?:[ .\-_*'·•;,:|+=^#\\⋅]\w){2,}(?!\w)")
# Letters with a sign between them, without a space: co-ke, c@ke
_SIGN_INSIDE = re.compile(r"[^\W\d_][.\-_*'@$][^\W\d_]")
# Other signs for letters than those, which stand behind numbers and at ends as often: c!onazolam, ¥aba, k€ta
_SIGN_FOR_LETTER = re.compile(r"(?:[^\W\d_][!€]|¥)\w")
_LETTERS = "abcdefghijklmnopqrstuvwxyz0134"
_LIQUID = _SINGLE << _LETTERS.index("g")  # GHB in a list of millilitres
_LISTED = sum(_SINGLE << _LETTERS.index(letter) for letter in "ckw")  # goods called by one letter each
_INITIAL = re.compile(r"(?<!\w)([ckmwx])\W{0,24}\d(?!\s\w\b)", re.IGNORECASE)
_STEPS = re.compile(r"(?<![\d.,])1 ?[-=] ?[€£]?\d{2,3}\D{1,6}[2-5] ?[-=] ?[€£]?\d{2,3}")
_RUN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")  # what is written against each other
_MILLILITRES = re.compile(r"\dml\b|\bml\b", re.IGNORECASE)
_VOWELS = re.compile("[aeiouykt]{3}")
_REPEATED = re.compile(r"(\w)\1\1")
_SQUEEZE = re.compile(r"(\w)\1++")  # possessive: of a long run nothing is kept to go back to
_OTHER_SCRIPT = re.compile("[\u0370-\u0530\u0531-\u058f\u13a0-\u13ff]")
_REQUESTS = frozenset({"request", "order", "offer", "price", "after", "gift", "sample", "payment", "credit"})
_NOT_TRADE = frozenset({"confirm", "use", "neutral"})
_ENDINGS = ("s", "tje", "tjes", "je", "jes")
# Acts that are seldom spoken of where nothing is traded.
TELLING = frozenset({"credit", "security", "referral", "resupply", "role", "sample", "coded"})
LONGEST_CODED = 120  # characters of a line that is read for such an act
_SHORTEST = 3  # letters of a word that may be one of such an act
LONGEST_HINT = 40  # characters of a line that is read for an ordinary word that can mean a drug
_LONGEST_LIST = 400  # characters of a list of goods called by one letter each
_KEPT = 32_768  # pieces kept with what they contribute
# What people write again and again ("ok", "tot zo") is looked at once.
_LINES_KEPT, _LONGEST_LINE = 8_192, 80


def lists_letters(text: str) -> bool:
    """Whether two letters that may each mean a drug stand before numbers: "C 50€ / K 25€"."""
    return len({found.lower() for found in _INITIAL.findall(text[:_LONGEST_LIST])}) > 1


def lists_steps(text: str) -> bool:
    """Whether one of something and two or more have their sums, each behind a dash: "1 - 50, 2 - 95"."""
    return _STEPS.search(text[:_LONGEST_LIST]) is not None


class _Table(dict[int, str]):
    """For ``str.translate``: what each character becomes, worked out when first met."""

    def __init__(self, becomes: Callable[[str], str]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        self[code] = self._becomes(chr(code))
        return self[code]


def _plain(character: str) -> str:
    """Letters and digits folded, emoji set apart, every other sign a space."""
    folded = fold_character(character)
    if len(folded) == 1 and not folded.isalnum():
        return folded if folded in "@$" else (f" {folded} " if ord(character) > 0x2000 else " ")
    return folded


def _letters(text: str) -> str:
    """With the letters that digits and signs stand for."""
    return "".join(_LEET.get(character, character) for character in text)


def _latin(character: str) -> str:
    """The Latin letter that a character is, imitates or stands for; no ASCII when there is none."""
    plain = skeleton(character)
    return fold_character(character) if plain is None else _letters(plain)


_TABLE = _Table(_plain)
_FOLD = _Table(fold_character)
_MEND = _Table(lambda character: "" if character in ".-_*'" else _letters(_plain(character)))
_SPACES = _Table(lambda character: " " if character in ".,:;!?()[]{}\"'/|+=-_*#&" else character)
_LATINISE = _Table(_latin)


def _tells(word: str) -> bool:
    """Whether a word is no number, no measure and no particle."""
    return len(word) >= _SHORTEST and word.isalpha() and not vocabulary().is_amount_word(word)


class _Words:
    """Sets of words, made once from the lexicon and the acts."""

    def __init__(self, lexicon: Lexicon, acts: Phrases, rules: Rules) -> None:
        strong: set[str] = lexicon.misspellings.keys() | lexicon.turned.keys()
        weak: set[str] = set()
        phrases: dict[str, list[frozenset[str]]] = {}
        for entry in lexicon.entries():
            all_words = (entry.term.split(" ")[0], *entry.rest)
            if entry.rest:
                phrases.setdefault(max(all_words, key=len), []).append(frozenset(all_words))
            else:
                (strong if entry.grade >= 2 else weak).add(all_words[0])
                if len(all_words[0]) >= SHORTEST_BEHIND_ARTICLE and entry.grade == NAMED:
                    strong.add(ARTICLE + all_words[0])
                if len(all_words[0]) >= SHORTEST_DECLINED and entry.grade == NAMED:
                    strong.update(all_words[0] + ending for ending in CASES)
                if len(all_words[0]) > (3 if entry.grade == 3 else 4) and entry.grade >= 2:
                    strong.update(all_words[0] + ending for ending in _ENDINGS)
        trade, asking = set(), set()
        coded: dict[str, list[frozenset[str]]] = {}
        common = {key[0] for key, name, _ in acts.listed() if name == "neutral" and len(key) == 1}
        for key, name, strength in acts.listed():
            telling = max(key, key=lambda word: (word != ANY_NUMBER, word not in common, len(word)))
            if name in TELLING and strength >= 2 and _tells(telling) and telling not in common:
                coded.setdefault(telling, []).append(frozenset(key))
            if name not in _NOT_TRADE:
                trade.add(telling)
            if name in _REQUESTS:
                asking.add(telling)
        counted = vocabulary()
        trade |= counted.fixed.keys() | counted.money.keys() | counted.units.keys()
        self.weights = (
            frozenset(w for w, u in counted.units.items() if u in ("g", "kg")) | counted.fixed.keys()
        )
        self.numbers = counted.spelled | counted.money.keys()
        self.opening = rules.exchange_terms
        self.weak = frozenset(weak - strong)
        leading = rules.opening_terms | rules.exchange_terms | rules.asked_terms
        self.leading = frozenset(word for word in self.weak if word in leading or not word[0].isalnum())
        self.phrases = {k: tuple(v) for k, v in phrases.items()}
        self.others = {w for k, v in phrases.items() for all_ in v for w in all_ if w != k or len(all_) == 1}
        self.trade = frozenset(trade)
        self.asking = frozenset(asking)
        self.coded = {word: tuple(keys) for word, keys in coded.items()}
        self.roles = self._roles(strong)

    def _roles(self, strong: Iterable[str]) -> dict[str, int]:
        """Each word with its bits."""
        found = dict.fromkeys(strong, _STRONG)
        for names, role in (
            (self.trade, _TRADES),
            (self.weak, _WEAK),
            (self.leading, _LEADING),
            (self.asking, _ASKING),
            (self.coded.keys(), _CODED),
            (self.weights, _WEIGHT),
            (self.numbers, _NUMBER),
            (self.opening, _OPENING),
            (self.phrases, _KEY),
            (self.others, _REST),
        ):
            found.update((name, found.get(name, 0) | role) for name in names)
        found.update((c, found.get(c, 0) | _SINGLE << place) for place, c in enumerate(_LETTERS))
        return found

    def has_strong(self, words: Iterable[str]) -> bool:
        """Whether one of the words means a drug, in whatever spelling."""
        return any(map(self.is_strong, words))

    def is_strong(self, word: str) -> bool:
        """Whether it means a drug."""
        return bool(self.roles.get(word, 0) & _STRONG)

    def has_any(self, words: Iterable[str]) -> bool:
        """Whether one of the words means a drug or can mean one."""
        return any(self.roles.get(word, 0) & (_STRONG | _WEAK) for word in words)

    def has_phrase(self, named: set[str]) -> bool:
        """Whether all words of a phrase that means a drug are there."""
        return any(words <= named for key in self.phrases.keys() & named for words in self.phrases[key])

    def is_coded(self, text: str) -> bool:
        """Whether all words of a turn of phrase of street trade are there."""
        named = set(text.translate(_TABLE).split())
        if not named.isdisjoint(self.numbers) or _DIGIT.search(text):
            named.add(ANY_NUMBER)
        return any(words <= named for word in self.coded.keys() & named for words in self.coded[word])

    def is_numbered(self, tokens: list[str]) -> bool:
        """Words with digits in or before them: 5g, 2xtc, c0ke, and a number, in digits or letters, before a
        word for a weight."""
        for place, token in enumerate(tokens):
            bare = token.strip(_DIGITS)
            if not bare or token in self.numbers:
                if place + 1 < len(tokens) and tokens[place + 1] in self.weights:
                    return True
                continue
            if not _DIGIT.search(token):
                continue
            if bare in self.weights or bare in self.weak:
                return True
            plain, other = plainly(token)
            if self.has_strong((bare, plain, other, plainly_inside(token))):
                return True
            if bare == token and plain in self.leading:  # "gr4s": a digit inside the word
                return True
            if any(p in self.weights or self.is_strong(p) for p in re.split(r"\d+", bare)):
                return True
        return False


def _is_new(piece: str) -> bool:
    """Whether a piece holds the name or the code of a new substance."""
    return any(map(class_of, _RUN.findall(piece.translate(_FOLD))))


class _Roles:
    """What each piece of text without spaces can contribute."""

    def __init__(self, words: _Words) -> None:
        self._words = words
        self._known = words.roles

    def of(self, piece: str) -> int:
        """The bits of a piece."""
        bare = piece.strip(_AROUND) if piece.isascii() else ""
        if bare.isalpha():
            return self._letters_only(bare.lower(), is_whole=bare == piece)
        plain = piece.translate(_TABLE)
        role = (_THRICE if _REPEATED.search(plain) else 0) | (_STRONG if _is_new(piece) else 0)
        tokens = plain.split()
        for token in tokens:
            role |= self._known.get(token, 0)
        if _DIGIT.search(plain):
            role |= _DIGITAL | (_STRONG if self._words.is_numbered(tokens) else 0)
        return role | self._broken(piece) | self._foreign(piece)

    def _letters_only(self, plain: str, *, is_whole: bool) -> int:
        """Of one word in plain letters, as most are; with signs around it, it is what it was without them."""
        role = self._known.get(plain, 0) | (_THRICE if _REPEATED.search(plain) else 0)
        if not role & _STRONG and class_of(plain):
            role |= _STRONG
        if is_whole or not role & (_STRONG | _WEAK):
            return role
        return role | (_MENDED if role & _STRONG else 0)

    def _broken(self, piece: str) -> int:
        role = _BROKEN if _SIGN_INSIDE.search(piece) else 0
        if self._words.has_strong(piece.translate(_MEND).split()):
            return role | _MENDED
        signed = plainly(piece.translate(_FOLD)) if _SIGN_FOR_LETTER.search(piece) else ()
        return role | (_BROKEN | _MENDED if self._words.has_strong(w.strip(_AROUND) for w in signed) else 0)

    def _foreign(self, piece: str) -> int:
        role = _FOREIGN if _OTHER_SCRIPT.search(piece) else 0
        words = (word for word in piece.translate(_SPACES).split() if not word.isascii())
        latin = (word.translate(_LATINISE) for word in words)
        return role | (_ALIKE if self._words.has_any(filter(str.isascii, latin)) else 0)


class Cues:
    """Says of a text what it can contribute, by the lexicon, the acts and the words that the rules name."""

    def __init__(self, lexicon: Lexicon, acts: Phrases, rules: Rules) -> None:
        self._words = _Words(lexicon, acts, rules)
        self._roles = Pieces(_Roles(self._words).of, _KEPT)
        self._role = self._roles.__getitem__
        self._of_line = lru_cache(maxsize=_LINES_KEPT)(self._of)

    def forget(self) -> None:
        """Keep nothing of the texts that were looked at: that is some megabytes after many."""
        self._roles.clear()
        self._of_line.cache_clear()

    def speaks(self, text: str) -> int:
        """0 when nothing in the text can contribute; else CUE_DRUG and CUE_TRADE as they may apply. A text
        too long to be read whole has what its windows have."""
        if len(text) <= _LONGEST_LINE:
            return self._of_line(text)
        if len(text) <= LONGEST_READ:
            return self._of(text)
        return reduce(or_, (self._of(each.text) for each in windows(text)))

    def _of(self, text: str) -> int:
        roles = reduce(or_, map(self._role, text.split()), 0)
        if not roles:
            return 0
        flags = CUE_TRADE if roles & (_TRADES | _DIGITAL) else 0
        if roles & _CODED and len(text) <= LONGEST_CODED and self._words.is_coded(text):
            flags |= CUE_CODED
        if roles & _OPENING and len(text) <= LONGEST_HINT and (flags or text.rstrip().endswith("?")):
            flags |= CUE_HINT
        if roles & _STRONG or (roles & _LEADING and roles & (_DIGITAL | _ASKING)):
            return flags | CUE_DRUG
        if roles & _WEIGHED == _WEIGHED:
            return flags | CUE_DRUG
        if roles & _SEVERAL and self._together(roles, text):
            return flags | CUE_DRUG
        if roles & _LIQUID and roles & _DIGITAL and _MILLILITRES.search(text):
            return flags | CUE_DRUG
        if roles & _DIGITAL and (
            (roles & _LISTED and lists_letters(text)) or (roles & _WEAK and lists_steps(text))
        ):
            return flags | CUE_DRUG
        return flags | CUE_DRUG if roles >= _BROKEN and self._is_disguised(roles, text) else flags

    def _together(self, roles: int, text: str) -> bool:
        """What several words say together: a phrase, three ordinary words, a number before a weight."""
        phrase, counted = roles & _PHRASE == _PHRASE, roles & _WEIGHT and roles & _COUNTS
        if not (phrase or counted or roles & _LEADING):
            return False
        words, tokens = self._words, text.translate(_TABLE).split()
        named = set(tokens)
        if phrase and words.has_phrase(named):
            return True
        several = roles & _LEADING and len(words.weak & named) >= 3
        return bool(several) or bool(counted and words.is_numbered(tokens))

    def _is_disguised(self, roles: int, text: str) -> bool:
        if roles & _MENDING == _MENDING or roles & _LATINISED == _LATINISED:
            return True
        if (roles // _SINGLE).bit_count() >= 3 and _PARTED.search(text):
            return True
        return bool(roles & _THRICE) and self._is_stretched(text.translate(_TABLE))

    def _is_stretched(self, plain: str) -> bool:
        """Whether a word of which a letter comes thrice in a row means a drug, or can mean one, once repeated
        letters are taken out, but for one or two of them.
        """
        if not _VOWELS.search(plain):
            return False
        stretched = " ".join(filter(_REPEATED.search, plain.split()))
        once, twice = _SQUEEZE.sub(r"\1", stretched), _SQUEEZE.sub(r"\1\1", stretched)
        return self._words.has_any(once.split()) or self._words.has_any(twice.split())
