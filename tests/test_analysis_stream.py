"""A conversation is read line by line: the same findings as with all lines in memory, and no more memory for
more lines."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from said_lines import said_in_talk, some_said_in_talk, some_trade_only
from whole_conversations import whole, whole_rows

from forensics import flag_work
from forensics.analysis.cues import CUE_DRUG, CUE_TRADE
from forensics.analysis.findings import Classifier, Line, find, stream
from forensics.errors import MachineFailed
from forensics.flag_rows import About, flag_rows
from forensics.flag_work import Part, built_in, packed, packed_flags, unpacked

_HOUR = 3_600_000
_MENU = "🔥 MENU 🔥\n❄️ coke 1g €50 / 3g €140\n🌿 wiet 5g €50\n🍬 xtc 10 st €30\nBezorgd tot 02:00"


# Lines that end a long conversation after a list: implicit products, answers, orders of a few words.
_LEANING = [
    "doe er maar 2",
    "zelfde",
    "5 dan",
    "hoeveel voor 3",
    "50",
    "45",
    "Dorpsstraat 12",
    "is goed",
    "wit?",
]
_SILENT = ["ok", "top", "👍", " ", "welke kant", "ja" * 40]
_TALK = st.one_of(
    some_said_in_talk.map(lambda text: [text]),
    st.lists(some_trade_only, max_size=4),
    st.lists(st.sampled_from(_LEANING), max_size=6),
    st.lists(st.sampled_from(_SILENT), max_size=2),
    # a list sent again and again, and one far back: within its reach and beyond it
    st.integers(1, 3).map(lambda times: [_MENU] * times),
    st.tuples(
        st.sampled_from(["50", "ik kom om 8 uur", "tot straks"]), st.sampled_from([1, 29, 31, 199, 205, 605])
    ).map(lambda p: [p[0]] * p[1]),
)
_CONVERSATIONS = st.tuples(
    st.lists(_TALK, max_size=12), st.sampled_from([1_000, 60_000, _HOUR, 7 * _HOUR]), st.integers(0, 4)
)


def _lines(talk: list[list[str]], pace: int, turns: int) -> list[Line]:
    texts = [text for part in talk for text in part]
    return [
        Line(
            f"m{n:05d}",
            text,
            None if n % 11 == 7 and pace == 1_000 else n * pace,
            f"p{n % (turns + 1)}",
            n % 3 == 0,
        )
        for n, text in enumerate(texts)
    ]


@settings(max_examples=150, deadline=None)
@given(_CONVERSATIONS)
def test_findings_line_by_line_are_those_of_the_whole_conversation(conversation) -> None:
    lines = _lines(*conversation)
    assert find(iter(lines), built_in()) == whole(lines, built_in())


def _row(line: Line) -> tuple[object, ...]:
    key = line.id if "+" in line.id else bytes.fromhex(line.id[1:].rjust(24, "0"))
    return (key, line.text, None, line.sent_at, line.sender, line.from_owner, None, line.sent_at, 0)


def _named(row: tuple[object, ...]) -> Line:
    key, text, _rare, sent_at, sender, owner, flags, *_place = row
    return Line(key if isinstance(key, str) else f"m{key.hex()}", text, sent_at, sender, owner, flags)


@settings(max_examples=100, deadline=None)
@given(_CONVERSATIONS, st.lists(st.integers(0, 60), max_size=3, unique=True))
def test_flags_written_piece_by_piece_are_those_of_one_object(conversation, copied: list[int]) -> None:
    """Copies stand beside the message before them, as texts that were found in a quotation do."""
    rows = [_row(line) for line in _lines(*conversation)]
    copies = {}
    for number, place in enumerate(sorted(copied, reverse=True), 1):
        if place < len(rows):
            message = f"m{rows[place][0].hex()}"
            copies[f"{message}+{number}"] = {
                "message": message,
                "origin": "quoted",
                "text": "doe mij 5g wiet",
            }
            rows.insert(place + 1, (f"{message}+{number}", "doe mij 5g wiet", None, *rows[place][3:]))
    about = About(7, "c1", copies)
    assert list(flag_rows(about, rows, built_in())) == whole_rows(list(map(_named, rows)), about, built_in())


@pytest.mark.parametrize("at_once", [5, 100_000])
def test_lines_through_a_file_give_the_same_flags_and_leave_no_file(tmp_path: Path, at_once: int) -> None:
    random = Random(3)
    texts = random.choices([*said_in_talk(), _MENU, *_LEANING], k=400)
    rows = list(map(_row, _lines([texts], 60_000, 1)))
    about = About(7, "c1", {})
    with patch.object(flag_work, "_AT_ONCE", at_once), patch.object(flag_work, "_BLOCK", 9_000):
        part = packed(Part(about, iter(rows)), tmp_path)
        assert bool(part.file) is (at_once == 5)
        blocks = packed_flags(part)
    assert list(unpacked(blocks)) == list(flag_rows(about, rows, built_in()))
    assert len(blocks) > 3
    assert list(tmp_path.iterdir()) == []


def test_no_line_stands_in_plain_in_the_file_of_a_long_conversation(tmp_path: Path) -> None:
    rows = [_row(line) for line in _lines([["3 gram coke voor 150"] * 40], 60_000, 1)]
    with patch.object(flag_work, "_AT_ONCE", 5):
        part = packed(Part(About(7, "c1", {}), iter(rows)), tmp_path)
    assert part.file is not None
    kept = Path(part.file).read_bytes()
    assert len(kept) > 1_000
    assert b"coke" not in kept
    assert list(flag_work._lines(part)) == rows


def test_a_long_conversation_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    rows = [_row(line) for line in _lines([["3 gram coke voor 150"] * 40], 60_000, 1)]
    with patch.object(flag_work, "_AT_ONCE", 5), pytest.raises(MachineFailed, match="cannot be kept"):
        packed(Part(About(7, "c1", {}), iter(rows)), tmp_path / "gone")


def test_the_id_of_a_copy_that_begins_as_that_of_another_is_told_whole() -> None:
    message = "m" + "0" * 24
    copies = {
        f"{message}+{n}": {"message": message, "origin": "quoted", "text": "doe mij 5g wiet"} for n in (1, 12)
    }
    rows = [
        (bytes(12), _MENU, None, 0, "p1", False, None, 0, 0),
        *((key, "doe mij 5g wiet", None, 1_000, "p2", False, None, 1_000, 0) for key in copies),
    ]
    forms = b"".join(row[-1] for row in flag_rows(About(1, "c1", copies), rows, built_in()))
    assert message.encode() in forms
    assert f"{message}2".encode() not in forms
    assert b"+1" not in forms.replace(b'"+"', b"")


# --- Memory -------------------------------------------------------------------------------------------------


def _cued(count: int, deals: int) -> Iterator[Line]:
    """Lines that all carry a cue; a list and an order now and then, the same number whatever the length."""
    every = count // deals
    for n in range(count):
        text = (
            _MENU
            if n % every == 0
            else "doe mij 5g wiet"
            if n % every == 9
            else f"{n % 7} euro om {n % 24} uur"
        )
        flags = CUE_DRUG | CUE_TRADE if n % every in (0, 9) else CUE_TRADE
        yield Line(f"m{n:05d}", text, n * 60_000, f"p{n % 2}", n % 2 == 0, flags)


def _peak(count: int, classifier: Classifier) -> int:
    tracemalloc.start()
    try:
        assert len([each.kind for each in stream(_cued(count, 5), classifier)]) == 10
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_lines_of_a_conversation() -> None:
    """What is kept of words and texts is there before it is measured, and is bounded. The classifier
    that tests share keeps what others said, and lets go of it on the way. A table that earlier tests have
    nearly filled may grow once while it is measured; what lines hold is there each time.
    """
    classifier = Classifier.load()
    list(stream(_cued(1_000, 5), classifier))
    small = _peak(700, classifier)
    assert min(_peak(2_100, classifier) for _ in range(2)) < 1.2 * small + 50_000


def test_what_was_read_is_let_go_at_once_and_not_when_rings_are_looked_for() -> None:
    """In a process that holds much, Python looks for rings of objects rarely, and what they hold adds up."""
    classifier = Classifier.load()
    list(stream(_cued(200, 5), classifier))
    gc.collect()
    # not what lines hold, and not what the conversation itself does: a case has thousands
    assert (_rings(5, classifier), _rings(50, classifier)) == (0, 0)


def _rings(deals: int, classifier: Classifier) -> int:
    """How many objects only a search for rings frees, when a conversation has been read."""
    gc.disable()
    try:
        list(stream(_cued(20 * deals, deals), classifier))
        return gc.collect()
    finally:
        gc.enable()
