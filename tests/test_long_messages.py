"""A message longer than any app sends: what is read of it, that this is said, and what it takes in memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, change, done, exported, ingest, new, of, phone

from forensics.analysis.findings import CUE_DRUG, Line, stream
from forensics.analysis.stretches import LONGEST_READ, telling, windows
from forensics.analysis.talk import verdicts
from forensics.flag_work import built_in

_MENU = "MENU coke 1g 50 / 3g 140\nwiet 5g 50\nxtc 10 st 30"


def _long(before: int, behind: int) -> str:
    """A list amid white space, which costs nothing to read."""
    return f"{' ' * before} {_MENU} {' ' * behind}"


@pytest.mark.parametrize(
    "text",
    [
        "a" * LONGEST_READ,
        "a" * (LONGEST_READ + 1),
        "drie woorden hier " * 90_000,
        "x" * 70_000 + "\n" + "y z" * 900_000,
    ],
)
def test_windows_hold_the_whole_text_and_one_that_can_be_read_is_one(text: str):
    found = list(windows(text))
    assert "".join(each.text for each in found) == text
    assert all(text.startswith(each.text, each.start) for each in found)
    assert (len(found) == 1) == (len(text) <= LONGEST_READ)


def test_no_word_is_cut_where_there_is_white_space():
    pieces = "samen eten " * 200_000
    assert {word for each in windows(pieces) for word in each.text.split()} == {"samen", "eten"}


def test_of_a_long_text_the_stretch_in_which_most_windows_open_is_read():
    text = "nee " * 500_000 + "ja " * 30_000 + "nee " * 500_000 + "ja " * 60_000 + "nee " * 300_000
    found = telling(text, lambda window: "ja" in window)
    assert len(found.text) <= LONGEST_READ
    assert text.startswith(found.text, found.start)
    assert found.text.count("ja ") == 60_000
    assert telling("nee " * 600_000, lambda window: "ja" in window).start == 0


@pytest.mark.parametrize(("before", "behind"), [(3_000_000, 10), (10, 3_000_000), (2_000_000, 2_000_000)])
def test_a_list_anywhere_in_a_long_message_is_found_at_its_place(before: int, behind: int):
    text = _long(before, behind)
    (verdict,) = verdicts([(None, Line("m", text, 0))], built_in())
    (plain,) = verdicts([(None, Line("m", _MENU, 0))], built_in())
    assert (verdict.label, len(verdict.items)) == (plain.label, len(plain.items)) == ("menu", 4)
    assert [text[hit.start : hit.end] for hit in verdict.rules] == [hit.text for hit in verdict.rules]
    (found,) = stream([Line("m", text, 0)], built_in())
    assert [text[hit.start : hit.end] for hit in found.rules] == [hit.text for hit in found.rules]
    assert any(hit.start >= before for hit in found.rules if hit.text)


@pytest.mark.parametrize("piece", ["a", "samen eten als je thuis bent ", "haaai ", "per kilo 5 "])
def test_looking_for_cues_takes_no_memory_that_grows_with_the_message(piece: str):
    """What is taken is that of a window, which is a sixteenth of the longest text that is read whole."""
    text = piece * (1_500_000 // len(piece))
    built_in().speaks(text[:100_000])
    tracemalloc.start()
    built_in().speaks(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6_000_000


def test_a_run_of_a_million_same_letters_is_squeezed_without_keeping_each():
    built_in().speaks("a" * 1_000)
    tracemalloc.start()
    built_in().speaks("a" * 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_that_a_part_is_read_stands_in_the_case_and_verifies(tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    text = _long(2_000_000, 10)
    change(evidence / MSGSTORE, ("UPDATE message SET text_data = ? WHERE _id = 5", (text,)))
    case = new(tmp_path / "case")
    ingest(case, evidence)
    records = exported(case)
    (message,) = (each for each in of(records, "message") if each["source"]["rowid"] == 5)
    assert message["text"] == text
    (notice,) = (each for each in of(records, "notice") if "the analysis reads" in each["text"])
    assert str(len(text)) in notice["text"] and str(LONGEST_READ) in notice["text"]
    assert notice["source"] == message["source"]
    (flag,) = (each for each in of(records, "flag") if message["id"] in each["messages"])
    own = [each for each in flag["rules"] if each["message"] == message["id"] and each["text"]]
    assert all(text[each["start"] : each["end"]] == each["text"] for each in own)
    done("verify", case, "--evidence", evidence)


def test_a_line_with_a_drug_far_from_its_amount_still_speaks():
    assert built_in().speaks(_long(3_000_000, 3_000_000)) & CUE_DRUG
