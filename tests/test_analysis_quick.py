"""The quick ways of the analysis give what the slow ones give, in which nothing is kept or left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st
from said_lines import said, some_said_in_talk, some_trade_only, trade_only

from forensics.analysis.cues import (
    CUE_CODED,
    CUE_DRUG,
    CUE_HINT,
    CUE_TRADE,
    LONGEST_CODED,
    LONGEST_HINT,
    Cues,
    lists_letters,
    lists_steps,
)
from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.findings import Classifier, Finding, Line, Window, find
from forensics.analysis.grouping import Grouping
from forensics.analysis.lexicon import Lexicon
from forensics.analysis.menu import read
from forensics.analysis.phrases import Phrases
from forensics.analysis.score import Rules
from forensics.analysis.spelling import SIGNS
from forensics.analysis.text import Token, fold, fold_character, skeleton, tokenize
from forensics.flag_work import built_in

_words = st.deferred(lambda: st.sampled_from(sorted({word for text in said() for word in text.split()})))
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
        st.one_of(_words, st.sampled_from(_PIECES), st.text(max_size=3)),
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
        self.words = Cues(lexicon, acts, Rules.load()[0])._words
        self.strong = set(filter(self.words.is_strong, self.words.roles))

    def speaks(self, text: str) -> int:
        plain = _plain(text)
        tokens = plain.split()
        digit = re.search(r"\d", plain) is not None
        flags = CUE_TRADE if digit or self.words.trade & set(tokens) else 0
        hints = self.words.opening & set(tokens) and len(text) <= LONGEST_HINT
        counted = {"#"} if digit or self.words.numbers & set(tokens) else set()
        said = set(tokens) | counted
        coded = any(words <= said for keys in self.words.coded.values() for words in keys)
        flags |= CUE_CODED if coded and len(text) <= LONGEST_CODED else 0
        flags |= CUE_HINT if hints and (flags or text.rstrip().endswith("?")) else 0
        return flags | CUE_DRUG if self._names_drug(text, plain, tokens, digit) else flags

    def _names_drug(self, text: str, plain: str, tokens: list[str], digit: bool) -> bool:
        named, words = set(tokens), self.words
        weak, leading = words.weak & named, words.leading & named
        return bool(
            self.strong & named
            or any(phrase <= named for phrases in words.phrases.values() for phrase in phrases)
            or (leading and (digit or words.asking & named or len(weak) >= 3))
            or (weak and words.weights & named)
            or words.is_numbered(tokens)
            or (named & set("ckw") and digit and lists_letters(text))
            or (weak and lists_steps(text))
            or self._is_disguised(text, plain, named)
        )

    def _is_disguised(self, text: str, plain: str, named: set[str]) -> bool:
        strong = self.strong
        if len(named & set("abcdefghijklmnopqrstuvwxyz0134")) >= 3 and re.search(
            r"(?<!\w)\w(?:[ .\-_*'·•]\w){2,}(?!\w)", text
        ):
            return True
        if re.search("[aeiouykt]{3}", plain) and re.search(r"(\w)\1\1", plain):
            stretched = [word for word in plain.split() if re.search(r"(\w)\1\1", word)]
            for kept in (r"\1", r"\1\1"):
                if (strong | self.words.weak) & {re.sub(r"(\w)\1+", kept, word) for word in stretched}:
                    return True
        if re.search(r"[^\W\d_][.\-_*'@$][^\W\d_]", text):
            joined = "".join(c for c in text if c not in ".-_*'")
            if strong & set(_plain(joined).translate(_LEET).split()):
                return True
        if not re.search("[\u0370-\u0530\u0531-\u058f\u13a0-\u13ff]", text):
            return False
        alike = strong | self.words.weak
        foreign = (w for w in text.translate(_SPACES).split() if not w.isascii())
        return any((skeleton(w) or "").translate(_LEET) in alike for w in foreign)


@cache
def _cues() -> tuple[Cues, _Slow]:
    lexicon, acts = Lexicon.load()[0], Phrases.acts()[0]
    return Cues(lexicon, acts, Rules.load()[0]), _Slow(lexicon, acts)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_cue_of_pieces_is_the_cue_of_the_whole_text(text: str) -> None:
    quick, slow = _cues()
    assert quick.speaks(text) == slow.speaks(text)


def test_the_cue_of_every_message_of_the_validation_set_is_the_slow_one() -> None:
    quick, slow = _cues()
    for text in said():
        assert quick.speaks(text) == slow.speaks(text), text


def test_what_was_kept_of_texts_can_be_forgotten() -> None:
    quick, slow = _cues()
    texts = said()[:200]
    before = list(map(quick.speaks, texts))
    quick.forget()
    assert not quick._roles
    assert not quick._of_line.cache_info().currsize
    assert list(map(quick.speaks, texts)) == before == list(map(slow.speaks, texts))


def test_what_parts_the_pieces_parts_the_words() -> None:
    """A text is taken apart before it is folded: no white space may become part of a word."""
    spaces = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).isspace()]
    assert [hex(ord(c)) for c in spaces if _plain(c).strip()] == []


# --- Reading one message ------------------------------------------------------------------------------------


@given(TEXTS)
def test_tokens_stand_where_a_search_with_places_finds_them(text: str) -> None:
    folded, slow, last = fold(text), [], -1
    for found in re.finditer(r"\d+(?:[.,]\d+)+|[^\W_]+|\n|[^\w\s]|_", folded.text):
        slow.append((*folded.span(*found.span()), found.start() == last))
        last = found.end()
    assert [(t.start, t.end, t.glued) for t in tokenize(folded)] == slow


class _EveryWord:
    """In the place of the words kept: of each is said that a term may begin with it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def __getitem__(self, text: str) -> object:
        return self._lexicon._respelled(text) or True


def _every_place(tokens: Sequence[Token]) -> set[int]:
    return {p for p, t in enumerate(tokens) if t.kind in "wn" or (t.kind == "s" and t.text in SIGNS)}


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_terms_are_those_found_when_every_place_is_tried(text: str) -> None:
    lexicon = built_in().reader.lexicon
    tokens = tokenize(fold(text))
    quick = lexicon.find(tokens)
    with (
        patch.object(lexicon, "_openings", _EveryWord(lexicon)),
        patch("forensics.analysis.lexicon.joined_places", _every_place),
    ):
        assert lexicon.find(tokens) == quick


def _rows() -> Iterator[tuple[str, int, str]]:
    for row in table(data_bytes("acts.csv")):
        yield row["act"], int(row["strength"]), row["phrase"]


@cache
def _every_act() -> tuple[Phrases, list[tuple[tuple[str, ...], str, int]]]:
    """The acts, and as plain rows: the longest phrases first."""
    plain = [(Phrases([row]).listed(), row[0], row[1]) for row in _rows()]
    rows = [(key, name, strength) for keys, name, strength in plain for key, *_ in keys]
    return Phrases.acts()[0], sorted(rows, key=lambda r: (-len(r[0]), r[1]))


def _ends(tokens: Sequence[Token], at: int, key: tuple[str, ...]) -> int:
    """The place behind the words of a phrase that begins here; 0 when they do not stand here."""
    for number, word in enumerate(key):
        while number and at < len(tokens) and tokens[at].text in {"'", "-", ".", "/"}:
            at += 1
        if at == len(tokens):
            return 0
        said = tokens[at].text
        if not (said[0].isdigit() if word == "#" else said == word):
            return 0
        at += 1
    return at


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(sorted({r[2] for r in _rows()})), max_size=5), TEXTS)
def test_acts_are_those_found_when_every_phrase_is_tried(phrases: list[str], text: str) -> None:
    quick, rows = _every_act()
    tokens = tokenize(fold(" ".join([*phrases, text])))
    slow, covered = [], dict[str, int]()
    for place in range(len(tokens)):
        for key, name, strength in rows:
            after = _ends(tokens, place, key) if covered.get(name, 0) <= place else 0
            if after:
                covered[name] = after
                slow.append((name, strength, place, after))
    assert [p[:4] for p in quick.find(tokens)] == slow


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("(28 (28\n€ ")
@example("€\n5 (28 (28")
@example("kittens wiet\n$20 ")
def test_tiers_are_those_found_when_every_line_is_read_for_prices(text: str) -> None:
    lexicon = built_in().reader.lexicon
    quick = read(text, lexicon)
    with (
        patch("forensics.analysis.menu.counts", lambda *_, **__: True),
        patch("forensics.analysis.menu.counts_nothing", lambda *_: False),
    ):
        assert read(text, lexicon) == quick


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("goedemorgen, tot straks!")
@example("Q / half / oz")
def test_small_talk_is_read_as_it_is_when_all_is_read_for_goods(text: str) -> None:
    lexicon = built_in().reader.lexicon
    quick = read(text, lexicon)
    with patch("forensics.analysis.menu.counts_nothing", lambda *_: False):
        assert read(text, lexicon) == quick


@settings(max_examples=400, deadline=None)
@given(TEXTS)
@example("ref 60239 om 5:34")
@example("kom om 8 uur = goed")
def test_tiers_are_those_found_when_lines_that_name_and_count_nothing_are_paired(text: str) -> None:
    lexicon = built_in().reader.lexicon
    quick = read(text, lexicon)
    with patch("forensics.analysis.menu._BARE", frozenset[str]()):
        assert read(text, lexicon) == quick


def test_what_no_message_of_the_validation_set_prices_is_not_paired() -> None:
    lexicon, texts = built_in().reader.lexicon, said()
    quick = [read(text, lexicon).tiers for text in texts]
    with patch("forensics.analysis.menu._BARE", frozenset[str]()):
        assert [read(text, lexicon).tiers for text in texts] == quick


# --- Conversations ------------------------------------------------------------------------------------------


def _slow_find(lines: Sequence[Line]) -> list[Finding]:
    """The lists and deals when every line that speaks is heard, and may lean on any before it."""
    window = built_in().conversation()
    state = window._state
    grouping, opinion = Grouping(built_in().rules, window.verdict), built_in().opinion()
    with (
        patch.object(state, "_means", lambda _: True),
        patch.object(state._answers, "listens", lambda _: True),
    ):
        for place, line in enumerate(lines):
            flags = built_in().speaks(line.text)
            speaking = [each for each in lines[:place] if built_in().speaks(each.text)]
            before = speaking[-built_in().rules.window["heard_lines"] :]
            if flags:
                opinion.hear(line, flags, window.hear(line, flags, before, is_near=True))
            elif place and speaking[-1:] == lines[place - 1 : place]:
                opinion.follow(line)
    for line, judged in opinion.rest():
        if built_in().speaks(line.text):
            grouping.take(line, judged)
        elif judged is not None:
            grouping.answer(line, judged)
    return list(grouping.rest())


_TALK = st.one_of(
    some_said_in_talk.map(lambda text: [text]),
    st.lists(some_trade_only, max_size=4),
    st.tuples(st.sampled_from(["50", "ik kom om 8 uur", "is goed"]), st.integers(1, 40)).map(
        lambda p: [p[0]] * p[1]
    ),
)


# A line that the rules do not hear, and in which only something against it could be found
_BESIDE_BREAD = [
    ["klanten klaagden ook ja", "ja man die ene pil was echt sterk", "tick it on the account pls"],
    ["Weißbrot 2,50€, Brötchen 10 Stk 3,00€, Brezel 0,80€", "niet meer dan 1 mg per kilo"],
]


@settings(max_examples=200, deadline=None)
@given(st.lists(_TALK, max_size=9), st.sampled_from([20_000, 60_000, 3_600_000]))
@example(_BESIDE_BREAD, 20_000)
def test_findings_are_those_made_when_every_line_is_heard(talk: list[list[str]], pace: int) -> None:
    texts = [text for part in talk for text in part]
    lines = [
        Line(id=f"m{n}", text=text, sent_at=n * pace, from_owner=n % 3 == 0) for n, text in enumerate(texts)
    ]
    quick = [found for found in find(lines, built_in()) if found.kind != "conversation"]
    assert sorted(map(str, quick)) == sorted(map(str, _slow_find(lines)))


def test_a_conversation_without_a_drug_cue_is_not_read_by_the_rules() -> None:
    """What is found there, learnt weights found."""
    lines = [Line(id=f"m{n}", text=text, sent_at=n) for n, text in enumerate(trade_only())]
    with patch.object(Window, "hear", side_effect=AssertionError):
        found = find(lines, built_in())
    assert {"learnt"} <= {hit.id for each in found for hit in each.rules}
    assert {hit.id.partition("-")[0] for each in found for hit in each.rules} == {"learnt"}


def test_what_comes_long_before_a_drug_cue_is_passed_over() -> None:
    lines = [Line(id=f"m{n}", text="50", sent_at=n) for n in range(100)]
    lines.append(Line(id="last", text="doe mij 5g wiet", sent_at=100))
    window = built_in().conversation()
    with (
        patch.object(window._state, "judge", wraps=window._state.judge) as judge,
        patch.object(Classifier, "conversation", lambda *_: window),
    ):
        assert [f.messages[-1] for f in find(lines, built_in())] == ["last"]
    assert judge.call_count == built_in().rules.window["lines"] + 1
