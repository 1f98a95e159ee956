"""Text made to be slow: the time of the analysis grows with the length of a message and no faster."""

from __future__ import annotations

import sys
import time
from types import FrameType

import pytest

from forensics.analysis.findings import CUE_DRUG, CUE_TRADE, Line
from forensics.analysis.text import fold
from forensics.flag_work import built_in

_TAIL = " coke 1g 50"
# Each goes on and on until the message is long: what regular expressions, the folding of characters, the
# search for terms, phrases and amounts, and the weighing of hits may look at again and again.
_PIECES = [
    *("1", "1.", "1,", "1 ", "1=", "1/", "1x", "1k ", "1-2-", "1o", "5€ ", "½", "(5)", "5g", "kg50"),
    *("1️⃣", " 1️⃣", "\u200b", "e\u0301", "❄️", "🅰", "с", "ᴄ", "\n", " ", "\n1️⃣", "\u20e3"),
    *("a.", "a_", "a ", "_", "-", "'", "/", "|", "@", "c-", "c o k e ", "c@ke", "co", "cooo", "haaa "),
    *("cqx*", "md1g15", "md1g15md1q15", "kola 1 "),
    *("coke", "coke ", "wit ", "wiettaart ", "straat   ", "doe mij ", "heb je nog ", "per ", "g ", "q"),
    *("coke 5 ~ ", "wit 5g 50 ", "3 voor 50 ", "van 60 voor 50 ", "| 5 ", "vanaf 5g ", "min order ", "half "),
    *(
        "keta/3mmc/",
        "60 (1g) ",
        "4,8 ⭐ (5) ",
        "5+1 gratis ",
        "1/2/3 £4/£7/£9 ",
        "was 30 nu 20 ",
        "3 for 2 ",
        "1-4g 22 ",
        "q / half / oz\n",
        "cali 3,5g\ngelato 60\n",
    ),
    *("brood 2 euro ", "apotheek ", "coke zero ", "coke 1g 50\n", "prijs? ", "menu "),
]


def _seconds(text: str) -> float:
    """CPU seconds to read the message as far as one can be read."""
    classifier = built_in()
    before = time.process_time()
    classifier.speaks(text)
    classifier.conversation().read(Line("m", text, 0, flags=CUE_DRUG | CUE_TRADE))
    return time.process_time() - before


@pytest.mark.parametrize("piece", _PIECES)
def test_four_times_as_long_takes_about_four_times_as_long(piece: str) -> None:
    """Sixteen times as long would be the square."""
    _grows_as(*_long_of(piece, 1_250, 5_000), spare=0.04)


@pytest.mark.full
@pytest.mark.parametrize("piece", _PIECES)
def test_so_does_a_text_of_ten_thousand_characters(piece: str) -> None:
    _grows_as(*_long_of(piece, 2_500, 10_000))


def _long_of(piece: str, *sizes: int) -> list[str]:
    return [f"{(piece * size)[:size]}{_TAIL}" for size in sizes]


def _grows_as(short: str, long: str, spare: float = 0.15) -> None:
    """Whether a text of four times the length takes about four times as long, by this machine and hour."""
    most = 9 * min(_seconds(short), _seconds(short + ".")) + spare
    assert _seconds(long) < most or _seconds(long + ".") < most  # once more where others were at work


def _calls(text: str) -> int:
    """The calls of functions, our own and built-in, to read the message: the same on every machine."""
    classifier, calls = built_in(), 0

    def count(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        classifier.speaks(text)
        classifier.conversation().read(Line("m", text, 0, flags=CUE_DRUG | CUE_TRADE))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "7",
        "coke 1g 50\n",
        "brood 2 euro\n",
        "c\u0301\u0302o\u0316k\u0321e\u0334 ",
        "cоkе привет coke γεια ",
    ],
)
def test_four_times_as_long_is_four_times_the_work(piece: str) -> None:
    """One word, white space, digits, lists, letters under many marks, scripts by turns."""
    _once, short, long = map(_calls, _long_of(piece, 500, 1_500, 6_000))
    assert long < 4.6 * short + 1_000


def test_a_message_of_ten_megabytes_without_a_cue_takes_a_moment() -> None:
    text = "zullen we samen eten als je thuis bent " * 260_000
    before = time.process_time()
    assert not built_in().speaks(text) & CUE_DRUG
    assert time.process_time() - before < 10


def test_a_line_of_a_hundred_thousand_numbered_bullets_folds_in_a_moment() -> None:
    """What stands before a keycap on its line is not copied for each."""
    before = time.process_time()
    assert fold("1️⃣" * 100_000).text.startswith("1")
    assert time.process_time() - before < 10


def test_a_line_of_twenty_thousand_emoji_that_may_be_drugs_is_read_in_a_moment() -> None:
    """The beginning of its line is not sought for each, behind nothing but signs."""
    _grows_as(*("🍬 (" * count + _TAIL for count in (5_000, 20_000)))


def test_acts_and_names_apart_in_a_long_message_are_not_held_against_each_other() -> None:
    each = "per kilo\n", "lachgas tank 2kg 50, "
    _grows_as(*(each[0] * 24 * size + each[1] * 9 * size for size in (125, 500)))


def test_many_struck_prices_on_one_line_are_no_depth_of_recursion() -> None:
    verdict = built_in().conversation().read(Line("m", "coke 5 ~ " * 4_000 + "1g 50", 0))
    assert verdict.label != "none"
