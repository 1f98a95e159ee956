from __future__ import annotations

import json
from pathlib import Path

import pytest
import rfc8785
from custody_logs import (
    COLLEAGUE,
    EXAMINER,
    FIVE,
    OPENING,
    STRANGER,
    WHOLE,
    add_key,
    found,
    head_of,
    line_after,
    log_of,
    resealed,
    split,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import custody
from forensics.custody import GENESIS


def line_of_offset(offset: int) -> int:
    return WHOLE[:offset].count(b"\n") + 1


# What the check finds.


def test_a_whole_log_has_no_problems():
    assert found(FIVE) == []
    assert found(FIVE, anchor=head_of(FIVE[4])) == []
    assert found(FIVE, anchor=head_of(FIVE[2])) == []


@pytest.mark.parametrize("mask", [0x01, 0x20])
def test_every_byte_flip_is_found_and_its_line_named_first(mask: int):
    for offset in range(mask % 3, len(WHOLE), 3):  # the property test below takes the rest
        assert_flip_is_found(offset, mask)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_any_single_byte_change_is_found_and_its_line_named_first(offset: int, mask: int):
    assert_flip_is_found(offset, mask)


def assert_flip_is_found(offset: int, mask: int) -> None:
    changed = bytearray(WHOLE)
    changed[offset] ^= mask
    problems = custody.check(split(bytes(changed)))
    assert problems, (offset, mask)
    assert problems[0].line == line_of_offset(offset), (offset, mask, problems)
    assert not problems[0].is_remark


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_removed_line_is_named_where_it_is_missing(number: int):
    lines = FIVE[: number - 1] + FIVE[number:]
    assert (number, "removed") in found(lines)
    assert {line for line, _kind in found(lines)} == {number}


@given(st.integers(6, 12), st.data())
@settings(max_examples=40, deadline=None)
def test_a_removed_stretch_is_named_where_it_is_missing(count: int, data: st.DataObject):
    lines = log_of(count)
    start = data.draw(st.integers(1, count - 2))
    end = data.draw(st.integers(start + 1, count - 1))
    assert found(lines[:start] + lines[end:]) == [(start + 1, "removed")]


@pytest.mark.parametrize("kept", [1, 2, 3, 4])
def test_a_cut_tail_is_seen_with_the_anchor_only(kept: int):
    assert found(FIVE[:kept]) == []
    assert found(FIVE[:kept], anchor=head_of(FIVE[4])) == [(kept + 1, "truncated")]


@given(st.integers(0, 4), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_a_copied_line_is_named_wherever_it_is_put(source: int, place: int):
    lines = [*FIVE[:place], FIVE[source], *FIVE[place:]]
    expected = source + 2 if place in (source, source + 1) else place + 1
    assert found(lines) == [(expected, "inserted")]


@given(st.integers(4, 10), st.data())
@settings(max_examples=80, deadline=None)
def test_two_swapped_lines_are_named(count: int, data: st.DataObject):
    lines = log_of(count)
    first = data.draw(st.integers(0, count - 2))
    second = data.draw(st.integers(first + 1, count - 1))
    lines[first], lines[second] = lines[second], lines[first]
    problems = found(lines)
    assert problems
    assert {kind for _line, kind in problems} == {"reordered"}
    assert {line for line, _kind in problems} <= {first + 1, second + 1}
    if second - first > 1:
        assert {line for line, _kind in problems} == {first + 1, second + 1}


def test_an_edit_by_someone_who_only_hashes_again_is_a_bad_signature():
    edited = json.loads(resealed(FIVE[2], actor="Iemand Anders")) | {"sig": json.loads(FIVE[2])["sig"]}
    assert found([*FIVE[:2], rfc8785.dumps(edited) + b"\n", *FIVE[3:]]) == [(3, "bad-signature")]


def test_an_edit_by_the_key_holder_is_found_in_the_line_that_he_changed():
    assert found([*FIVE[:2], resealed(FIVE[2], actor="Iemand Anders"), *FIVE[3:]]) == [(3, "edited")]


def test_a_log_that_the_key_holder_wrote_again_is_found_with_the_anchor_only():
    again = [FIVE[0]]
    while len(again) < 5:
        again.append(line_after(head_of(again[-1]), actor="Iemand Anders"))
    assert found(again) == []
    assert found(again, anchor=head_of(FIVE[4])) == [(5, "anchor")]
    assert found(again, anchor=head_of(FIVE[2])) == [(3, "anchor")]


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_an_entry_of_a_stranger_is_named_by_its_unknown_key(place: int):
    foreign = line_after(head_of(FIVE[place - 1]), key=STRANGER)
    assert found([*FIVE[:place], foreign, *FIVE[place:]]) == [(place + 1, "unknown-key")]


@pytest.mark.parametrize("place", [2, 3, 4])
def test_an_entry_that_the_key_holder_put_in_between_is_named(place: int):
    extra = line_after(head_of(FIVE[place - 1]), actor="Iemand Anders")
    assert found([*FIVE[:place], extra, *FIVE[place:]], anchor=head_of(FIVE[4])) == [(place + 1, "inserted")]


def test_a_missing_or_empty_log_is_a_problem(tmp_path: Path):
    assert found([]) == [(1, "truncated")]
    assert [problem.kind for problem in custody.check(tmp_path / "log")] == ["truncated"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"\n", "not-json"),
        (b"\xff\n", "not-json"),
        (b"[" * 100_000 + b"\n", "not-json"),
        (b"9" * 5000 + b"\n", "not-json"),
        (b"NaN\n", "not-json"),
        (b"1.5\n", "not-json"),
        (b'{"a":1,"a":1}\n', "not-canonical"),
        (b"[]\n", "form"),
        (FIVE[2].replace(b'"v":1', b'"v": 1'), "not-canonical"),
        (FIVE[2].replace(b"\n", b"\r\n"), "not-canonical"),
        (resealed(FIVE[2], extra=1), "form"),
        (resealed(FIVE[2], v=2), "form"),
        (resealed(FIVE[2], v=True), "form"),
        (resealed(FIVE[2], seq=0), "form"),
        (resealed(FIVE[2], action="look"), "form"),
        (resealed(FIVE[2], time="2026-03-01T09:00:00.000+00:00"), "form"),
        (resealed(FIVE[2], prev="A" * 64), "form"),
    ],
)
def test_a_line_that_is_no_entry_is_one_problem_and_hides_no_other(line: bytes, kind: str):
    assert found([*FIVE[:2], line, *FIVE[3:]]) == [(3, kind)]
    assert found([*FIVE[:2], line, FIVE[4]]) == [(3, kind), (4, "removed")]


def test_a_number_far_too_large_costs_no_memory():
    far = resealed(FIVE[4], seq=2**53 - 1)
    assert found([*FIVE[:4], far]) == [(5, "removed")]


def test_a_torn_last_line_is_named():
    assert found([*FIVE[:4], FIVE[4][:-1]]) == [(5, "torn")]


def test_a_clock_that_went_back_is_a_remark():
    lines = [*FIVE, line_after(head_of(FIVE[4]), time="2026-02-28T09:00:00.000Z")]
    (problem,) = custody.check(lines)
    assert (problem.line, problem.kind, problem.is_remark) == (6, "clock", True)
    assert found([*FIVE, line_after(head_of(FIVE[4]), time=json.loads(FIVE[4])["time"])]) == []


def test_a_damaged_last_line_is_not_also_a_cut_tail():
    damaged = FIVE[4].replace(b"werkstation-1", b"werkstation-2")
    assert found([*FIVE[:4], damaged], anchor=head_of(FIVE[4])) == [(5, "edited")]
    assert found([*FIVE[:3], damaged], anchor=head_of(FIVE[4])) == [(4, "edited"), (5, "truncated")]


def test_a_first_entry_that_opens_no_case_announces_no_key():
    assert found([line_after(GENESIS, action="view", detail=OPENING)]) == [(1, "unknown-key")]
    assert found([line_after(GENESIS, action="case.open", detail={})]) == [(1, "unknown-key")]
    other = OPENING | {"public_key": STRANGER.public.hex()}
    assert found([line_after(GENESIS, action="case.open", detail=other)]) == [(1, "unknown-key")]


# Further keys.


def test_a_key_that_an_announced_key_vouches_for_may_sign():
    lines = [*FIVE, add_key(head_of(FIVE[4]), EXAMINER, COLLEAGUE)]
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    assert found(lines) == []


def test_a_key_that_introduces_itself_may_sign_and_is_remarked_on():
    lines = [*FIVE, add_key(head_of(FIVE[4]), COLLEAGUE, COLLEAGUE)]
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    lines.append(line_after(head_of(lines[-1])))
    (problem,) = custody.check(lines)
    assert (problem.line, problem.kind, problem.is_remark) == (6, "introduced", True)


def test_a_key_may_not_sign_before_it_is_announced():
    lines = [*FIVE, line_after(head_of(FIVE[4]), key=COLLEAGUE)]
    lines.append(add_key(head_of(lines[-1]), EXAMINER, COLLEAGUE))
    assert found(lines) == [(6, "unknown-key")]


def test_only_the_first_entry_announces_a_key_by_opening_the_case():
    again = {"case": "case-1", "public_key": STRANGER.public.hex()}
    lines = [*FIVE, line_after(head_of(FIVE[4]), key=STRANGER, action="case.open", detail=again)]
    assert found(lines) == [(6, "unknown-key")]


def test_a_key_that_a_stranger_vouches_for_stays_unknown():
    lines = [*FIVE, add_key(head_of(FIVE[4]), STRANGER, COLLEAGUE)]
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    assert found(lines) == [(6, "unknown-key"), (7, "unknown-key")]
