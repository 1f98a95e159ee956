"""Folding and tokens: what is read, and the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analysis.text import fold, number, skeleton, tokenize, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Cocaïne", ["cocaine"]),
        ("Ｃｏｋｅ", ["coke"]),
        ("𝗖𝗼𝗸𝗲 𝟭𝗴", ["coke", "1g"]),
        ("ᴄᴏᴋᴇ", ["coke"]),
        ("🅲🅾🅺🅴", ["coke"]),
        ("w\u200bi\u200bet", ["wiet"]),
        ("kеta", ["keta"]),  # the first e is Cyrillic
        ("zioło łódź", ["ziolo", "lodz"]),
        ("ışık", ["isik"]),
        ("❄️ 1g", ["❄", "1g"]),
        ("2,5g 1.200,50", ["2,5", "g", "1.200,50"]),
        ("1️⃣ wiet", ["•", "wiet"]),
        ("½ gram", ["½", "gram"]),
        ("٦٠ ۳۰g", ["60", "30g"]),
    ],
)
def test_text_is_folded_to_tokens(written: str, read: list[str]) -> None:
    assert [t.text for t in tokenize(fold(written))] == read


def test_a_russian_word_keeps_its_letters_and_has_an_alias_only_when_all_of_it_looks_latin() -> None:
    tokens = tokenize(fold("хор жук"))
    assert [(t.text, t.alias) for t in tokens] == [("хор", "xop"), ("жук", None)]


def test_skeleton_needs_every_letter_to_look_latin() -> None:
    assert skeleton("сос") == "coc"
    assert skeleton("жук") is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5", 5.0),
        ("2,5", 2.5),
        ("2.50", 2.5),
        ("1.200", 1200.0),
        ("1,200", 1200.0),
        ("1.200,50", 1200.5),
        ("0,125", 0.125),
        ("½", 0.5),
        ("1½", 1.5),
        ("", None),
        ("x", None),
        ("1234567890123", None),
        ("²½", None),
        pytest.param("9" * 400 + "½", None, id="more than a float holds, and a half"),
        pytest.param("9" * 5000 + "½", None, id="more digits than Python reads, and a half"),
    ],
)
def test_written_numbers_have_their_value(written: str, value: float | None) -> None:
    assert number(written) == value


def test_words_of_a_term_leave_signs_out_unless_it_has_nothing_else() -> None:
    assert words("3-MMC") == ("3", "mmc")
    assert words("❄️") == ("❄",)


@given(st.text(max_size=60))
def test_every_token_lies_at_its_place_in_order(text: str) -> None:
    last = 0
    for token in tokenize(fold(text)):
        assert 0 <= token.start < token.end <= len(text)
        assert token.start >= last or token.start >= last - 1
        last = token.end


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_ascii_tokens_are_the_lower_case_of_their_place(text: str) -> None:
    for token in tokenize(fold(text)):
        assert text[token.start : token.end].lower() == token.text
