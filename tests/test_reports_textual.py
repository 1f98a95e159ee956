"""Text of unknown origin, made safe to print."""

from __future__ import annotations

import json
import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.digest import sha256
from forensics.textual import code_points, direction, joined, visible

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b", "a⟨U+0000⟩b"),
        ("\ue000", "⟨U+E000⟩"),
        ("abc\u202etxt.exe", "abc⟨U+202E⟩txt.exe"),
        ("\ud800", "⟨U+D800⟩"),
        ("a\u200bb\ufeffc\u00add", "a⟨U+200B⟩b⟨U+FEFF⟩c⟨U+00AD⟩d"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("a\ufe0f", "a⟨U+FE0F⟩"),
        ("\uffff", "⟨U+FFFF⟩"),
        ("\U0010ffff", "⟨U+10FFFF⟩"),
        ("x\U000e0067", "x⟨U+E0067⟩"),
        ("a\rb", "a⟨U+000D⟩b"),
        ("a\x85b\x7f", "a⟨U+0085⟩b⟨U+007F⟩"),
    ],
)
def test_what_cannot_be_seen_becomes_a_token(text, shown):
    assert visible(text) == shown
    assert visible(text, printed=True) == shown


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧‍👦",
        "1️⃣ #️⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "👍🏽",
        "❤️‍🔥",
        "🏳️‍🌈",
        "☎️",
        "می‌خواهم",
        "क्‍ष",
        "one\n\ttwo",
        "İstanbul ışık Zażółć 你好 𝗠𝗘𝗡𝗨 Ⓜ ጀ",
    ],
)
def test_emoji_sequences_and_ordinary_spelling_stay_as_they_are(text):
    assert visible(text) == text
    assert visible(text, printed=True) == text


def test_a_windows_line_end_is_a_line_end():
    assert visible("a\r\nb") == "a\nb"


def test_a_character_without_a_glyph_is_a_token_in_print_only():
    vai = "\ua500"
    assert visible(vai) == vai
    assert visible(vai, printed=True) == "⟨U+A500⟩"


def test_a_refused_character_is_a_token():
    assert visible("aé", printed=True, refused=frozenset("é")) == "a⟨U+00E9⟩"


@settings(deadline=None)
@given(ANY_TEXT)
def test_nothing_invisible_is_left_and_nothing_is_lost(text):
    for printed in (False, True):
        shown = visible(text, printed=printed)
        shown.encode()
        assert visible(shown, printed=printed) == shown
        assert not any(
            unicodedata.category(each) in ("Cc", "Co", "Cs") for each in shown if each not in "\n\t"
        )
        assert not any(
            each in shown for each in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
        )
        back = shown
        for each in set(text):
            back = back.replace(f"⟨U+{ord(each):04X}⟩", each)
        assert back == text.replace("\r\n", "\n") or "⟨" in text or "\r" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", "ltr"), ("123 😀", "ltr"), ("123 مرحبا ok", "rtl"), ("ok مرحبا", "ltr"), ("😀 שלום", "rtl")],
)
def test_the_first_strong_character_gives_the_direction(text, expected):
    assert direction(text) == expected


def test_joined_texts_keep_their_direction_to_themselves():
    line = joined("+31600000001", "", None, "مرحبا", "b\u2069\u202e")
    assert line == "+31600000001 · مرحبا · b\u2069\u202e"
    assert visible(line) == "+31600000001 · \u2068مرحبا\u2069 · \u2068b⟨U+2069⟩⟨U+202E⟩\u2069"
    assert direction(line) == "ltr"


def test_emoji_are_named_in_words_once():
    assert code_points("🍬 3x 🍬") == "U+1F36C CANDY"


def test_the_fonts_are_those_of_the_list():
    folder = files("reports") / "fonts"
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert {"OFL.txt", "NotoColorEmoji.ttf"} <= set(listed)
    for name, digest in listed.items():
        assert sha256((folder / name).read_bytes()) == digest, name
    assert json.loads((files("forensics") / "data" / "coverage.json").read_text())["unicode"]
