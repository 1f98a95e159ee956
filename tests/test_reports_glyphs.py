"""The report says which characters stand in it as tokens, and in how many texts."""

from __future__ import annotations

import pytest
from test_reports_cases import small_case

from reports.content import compose
from reports.edition import Edition
from reports.glyphs import token_rows, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gewoon, één 😀 مرحبا 你好", []),
        ("regel\nregel\ttab\r\n", []),
        ("a\x00b", [0]),
        ("a\u202eb\u202e", [0x202E]),
        ("\ue000\U0001000c", [0xE000, 0x1000C]),
        ("👨‍👩‍👧 ❤️ 1️⃣", []),
        ("a\u200db", [0x200D]),
        ("getypt: ⟨U+202E⟩", []),
        ("getypt: ⟨U+202E⟩ en \u202e", [0x202E]),
    ],
)
def test_a_character_counts_when_it_is_printed_as_a_token(text: str, found: list[int]):
    assert sorted(tokens([text])) == sorted(found)


def test_a_character_counts_once_for_each_text():
    assert tokens(["\u202e\u202e", "\u202e", "x"]) == {0x202E: 2}
    assert token_rows(tokens(["\u202e\x00", "\u202e", "\ue000"])) == [
        ("⟨U+202E⟩", "RIGHT-TO-LEFT OVERRIDE", "2"),
        ("⟨U+0000⟩", "(Cc)", "1"),
        ("⟨U+E000⟩", "(Co)", "1"),
    ]


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_the_report_lists_them_with_its_limits(form: str):
    document = compose(small_case(), "nl", "0.1").document(Edition(form=form))
    (table,) = [
        block
        for part in document.parts
        for section in part.sections
        for block in section.blocks
        if block.key == "G19.tokens"
    ]
    found = {row[0]: row[2] for row in table.rows()}
    assert found["⟨U+202E⟩"] == "2"  # a message and a title
    assert found["⟨U+0000⟩"] == "1" and found["⟨U+E000⟩"] == "1"
    assert "⟨U+1F600⟩" not in found
