"""No text of any message may stop the PDF: signs of every plane, in batches, through the real typesetter."""

from __future__ import annotations

import random
import sys
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.signs import coverage, is_drawable, marked_pieces, whole_signs
from forensics.textual import visible
from forensics.words import Words
from reports.setter import Setter
from reports.typesetting import FONTS, _compile, _encoded

WORDS = Words("nl")
NAMES = ("page", "of", "not_recorded", "no_rows", "missing_title", "missing_none", "first_page")
JOINERS = ("\u200d", "\u200c", "\ufe0f", "\ufe0e", "\u20e3", "\U0001f3fd", "\U000e0067", "\U000e007f")
MARKS = [chr(each) for each in range(0x10000) if unicodedata.category(chr(each))[0] == "M"]
DRAWN = [code for first, last in coverage()["drawn"] for code in range(first, last + 1)]
PICTURES = [chr(code) for code in DRAWN if 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF]


def printed(texts, *, apart=False):
    """The PDF of a bubble for each text, with the text as sender and detail too; raises when refused."""
    setter = Setter(WORDS, frozenset())
    bubbles = [
        {
            "type": "bubble", "side": "other", "sender": setter.inline(text[:20]), "head": "h", "labels": [],
            "text": setter.text(text), "details": [["d", setter.inline(text)]], "source": "s",
        }
        for text in texts
    ]  # fmt: skip
    data = {
        "language": "nl", "fonts": list(FONTS), "title": "t", "header": "h", "end": "e", "first": None,
        "parts": [], "excerpts": bubbles, "pictures": [], "words": {name: WORDS(name) for name in NAMES},
    }  # fmt: skip
    return _compile(_encoded(data), 0, apart)


def test_every_character_that_some_font_draws_can_be_printed():
    assert printed([chr(code) for code in DRAWN[::7]]).startswith(b"%PDF")


@pytest.mark.full
def test_every_character_there_is_can_be_printed():
    for start in range(0, sys.maxunicode + 1, 40_000):
        codes = range(start, min(start + 40_000, sys.maxunicode + 1))
        texts = ["".join(map(chr, codes[at : at + 40])) for at in range(0, len(codes), 40)]
        assert printed(texts, apart=True).startswith(b"%PDF")


@pytest.mark.parametrize("seed", range(4))
def test_random_signs_of_every_plane_can_be_printed(seed):
    assert printed(random_texts(random.Random(seed), 300)).startswith(b"%PDF")


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 130))
def test_many_more_random_signs_can_be_printed(seed):
    assert printed(random_texts(random.Random(seed), 1500), apart=True).startswith(b"%PDF")


def random_texts(chance, count):
    pools = (
        lambda: chr(chance.choice(DRAWN)),
        lambda: chance.choice(MARKS),
        lambda: chance.choice(PICTURES),
        lambda: chance.choice(JOINERS),
        lambda: chr(chance.randrange(sys.maxunicode + 1)),
        lambda: chance.choice("0123#*aé \n\t"),
    )
    return ["".join(chance.choice(pools)() for _ in range(chance.randrange(1, 9))) for _ in range(count)]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=30), min_size=1, max_size=40))
def test_any_text_can_be_printed(texts):
    assert printed(texts).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("⏨̃", "⏨⟨U+0303⟩"),
        ("\u0353٪", "⟨U+0353⟩٪"),
        ("z̃", "z̃"),
        ("क̃", "क⟨U+0303⟩"),
        ("👩‍👩", "👩‍👩"),
    ],
)
def test_marks_that_no_font_draws_on_their_letter_are_tokens_in_print(text, shown):
    assert visible(text, printed=True) == shown
    assert visible(text) == text or "⟨" in visible(text)


def test_a_sign_is_drawable_only_by_one_font():
    assert is_drawable("é") and is_drawable("1\ufe0f\u20e3") and not is_drawable("𝐳\u0328")


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-3, 50), st.integers(-3, 50)), max_size=5))
def test_marked_pieces_join_to_the_text(text, spans):
    pieces = marked_pieces(text, spans)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(one[1] != other[1] for one, other in pairwise(pieces))


def test_a_mark_never_cuts_a_sign():
    assert marked_pieces("a👍🏽b", [(1, 2)]) == [("a", False), ("👍🏽", True), ("b", False)]
    assert marked_pieces("coke 1g", [(0, 4), (5, 7)]) == [("coke", True), (" ", False), ("1g", True)]


@pytest.mark.parametrize(
    ("text", "most", "kept"), [("abc", 5, "abc"), ("abcdef", 3, "abc"), ("ab👨‍👩‍👧x", 3, "ab👨‍👩‍👧")]
)
def test_a_cut_never_falls_inside_a_sign(text, most, kept):
    assert whole_signs(text, most) == kept
