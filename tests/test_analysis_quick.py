"""The quick ways of the analysis give what the slow ones give, in which nothing is kept or left out."""

from __future__ import annotations

import re
import sys
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.analysis.cues import CUE_DRUG, CUE_TRADE, Cues
from forensics.analysis.lexicon import Lexicon
from forensics.analysis.phrases import Phrases
from forensics.analysis.text import fold_character, skeleton
from forensics.analysis.validation import cases

_WORDS = sorted({word for case in cases() for word in case.text.split()})
_PIECES = [
    *(
        "wiet",
        "coke",
        "keta",
        "snow",
        "wit",
        "spul",
        "speed",
        "doe",
        "heb",
        "je",
        "nog",
        "een",
        "half",
        "gram",
    ),
    *(
        "white",
        "widow",
        "morgen",
        "boodschappen",
        "tonight",
        "again",
        "ik",
        "twee",
        "euro",
        "voor",
        "g",
        "st",
    ),
    *("c", "o", "k", "e", "cokke", "wiiiet", "haaa", "c0ke", "1", "5", "5g", "2xtc", "50", "½", "1½", "3/4"),
    *(
        "co-ke",
        "c@ke",
        "$peed",
        "foto's",
        "cokе",
        "сосе",
        "привет",
        "ᴄᴏᴋᴇ",
        "ｃｏｋｅ",
        "❄️",
        "🔥",
        "1️⃣",
        "👍🏽",
    ),
    *(
        ".",
        "-",
        "'",
        "*",
        "•",
        "|",
        "/",
        "~",
        ",",
        ":",
        "=",
        "€",
        "!",
        "\u200b",
        "™",
        "¨",
        "\n",
        "\xa0",
        "\u2028",
    ),
]
TEXTS = st.lists(
    st.tuples(
        st.one_of(st.sampled_from(_WORDS), st.sampled_from(_PIECES), st.text(max_size=3)),
        st.sampled_from([" ", " ", " ", "", "\n", "  ", "."]),
    ),
    max_size=14,
).map(lambda parts: "".join(word + gap for word, gap in parts))


# --- The cue, of the whole text at once ---------------------------------------------------------------------

_LEET = str.maketrans("013457@$€", "oieastase")
_SPACES = str.maketrans(dict.fromkeys(".,:;!?()[]{}\"'/|+=-_*#&", " "))


def _word_of(character: str) -> str:
    folded = fold_character(character)
    if len(folded) == 1 and not folded.isalnum() and folded not in "@$":
        return f" {folded} " if ord(character) > 0x2000 else " "
    return folded


def _plain(text: str) -> str:
    return "".join(map(_word_of, text))


class _Slow:
    """The cue without pieces: every rule looks at the whole text."""

    def __init__(self, lexicon: Lexicon, acts: Phrases) -> None:
        self.words = Cues(lexicon, acts)._words

    def speaks(self, text: str) -> int:
        plain = _plain(text)
        tokens = plain.split()
        digit = re.search(r"\d", plain) is not None
        flags = CUE_TRADE if digit or self.words.trade & set(tokens) else 0
        return flags | CUE_DRUG if self._names_drug(text, plain, tokens, digit) else flags

    def _names_drug(self, text: str, plain: str, tokens: list[str], digit: bool) -> bool:
        named, words = set(tokens), self.words
        weak = words.weak & named
        return bool(
            words.strong & named
            or any(phrase <= named for phrases in words.phrases.values() for phrase in phrases)
            or (weak and (digit or words.asking & named or len(weak) >= 3))
            or (digit and words.is_numbered(tokens))
            or self._is_disguised(text, plain, named)
        )

    def _is_disguised(self, text: str, plain: str, named: set[str]) -> bool:
        strong = self.words.strong
        if len(named & set("abcdefghijklmnopqrstuvwxyz0134")) >= 3 and re.search(
            r"(?<!\w)\w(?:[ .\-_*'·•]\w){2,}(?!\w)", text
        ):
            return True
        if re.search("[aeiouykt]{3}", plain) and re.search(r"(\w)\1\1", plain):
            for kept in (r"\1", r"\1\1"):
                if strong & set(re.sub(r"(\w)\1+", kept, plain).split()):
                    return True
        if re.search(r"[^\W\d_][.\-_*'@$][^\W\d_]", text):
            joined = "".join(c for c in text if c not in ".-_*'")
            if strong & set(_plain(joined).translate(_LEET).split()):
                return True
        if not re.search("[\u0370-\u0530\u0531-\u058f\u13a0-\u13ff]", text):
            return False
        return any((skeleton(w) or "").translate(_LEET) in strong for w in text.translate(_SPACES).split())


@cache
def _cues() -> tuple[Cues, _Slow]:
    lexicon, acts = Lexicon.load()[0], Phrases.acts()[0]
    return Cues(lexicon, acts), _Slow(lexicon, acts)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_cue_of_pieces_is_the_cue_of_the_whole_text(text: str) -> None:
    quick, slow = _cues()
    assert quick.speaks(text) == slow.speaks(text)


def test_the_cue_of_every_message_of_the_validation_set_is_the_slow_one() -> None:
    quick, slow = _cues()
    for case in cases():
        assert quick.speaks(case.text) == slow.speaks(case.text), case.text


def test_what_parts_the_pieces_parts_the_words() -> None:
    """A text is taken apart before it is folded: no white space may become part of a word."""
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert [hex(ord(c)) for c in spaces if _plain(c).strip()] == []
