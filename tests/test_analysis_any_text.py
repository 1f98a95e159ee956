"""Whatever a message holds, it is read to its end: goods, numbers and signs in any order stop nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics.analysis.findings import Line
from forensics.analysis.talk import verdicts
from forensics.flag_work import built_in

_NUMBERS = [
    "0",
    "00",
    "0,0",
    "0g",
    "0ket",
    "1",
    "2",
    "4",
    "5g",
    "10",
    "1,5",
    "½",
    "20",
    "75",
    "100mg",
    "999999999",
]
_GOODS = ["wit", "wiet", "ket", "coke", "snoepjes", "3mmc", "Netflix", "oma", "xtc", "tusi", "los", "p/st"]
_SIGNS = ["→", "=", "/", "-", ":", "|", "(", ")", ",", ";", "€", "x", "•", "+", "%", "..", "~"]
_EMOJI = ["🔥", "🐴", "❄️", "💊", "4️⃣", "🍋🍋", "⭐"]
_WORDS = [
    "voor",
    "per",
    "de",
    "en",
    "of",
    "geen",
    "UITVERKOCHT",
    "op",
    "samen",
    "vanaf",
    "korting",
    "halve",
    "each",
]
_FRAGMENTS = st.sampled_from([*_NUMBERS, *_NUMBERS, *_GOODS, *_SIGNS, *_EMOJI, *_WORDS, "\n", "\n"])


def _label(text: str) -> str:
    (verdict,) = verdicts([(None, Line("m", text, 0, "A"))], built_in())
    return verdict.label


@pytest.mark.parametrize(
    "text",
    [
        "2 2 → 4 0",  # nothing for a price
        "C 30€ 50€ (0g / 1g)\nKeta 30€ 130€",
        "4 voor 70\n0ket 25 → 4 voor 85",
        "0🔥\nNetflix0mg UITVERKOCHT",  # a line of what is gone, below one that opens with an emoji
        "🐴 40\nwiet UITVERKOCHT",
    ],
)
def test_what_once_stopped_the_analysis_is_read(text: str) -> None:
    assert _label(text) in ("menu", "deal", "mention", "none")


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.tuples(_FRAGMENTS, st.sampled_from(["", " ", " "])), min_size=1, max_size=24))
def test_any_order_of_goods_numbers_and_signs_is_read(fragments: list[tuple[str, str]]) -> None:
    text = "".join(fragment + space for fragment, space in fragments)
    assert _label(text) in ("menu", "deal", "mention", "none")
