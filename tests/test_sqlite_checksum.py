"""The checksum of the log, compared with its definition in the file format (section 4.2)."""

from __future__ import annotations

import struct
import sys

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.formats import sqlite_checksum
from forensics.formats.sqlite_checksum import checksum, frame_sums, side_by_side, weighted

WORDS = st.integers(0, 0xFFFFFFFF)


def defined(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    """s0 += x[i] + s1; s1 += x[i+1] + s0, for each pair of words."""
    s0, s1 = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        s0 = (s0 + words[at] + s1) % (1 << 32)
        s1 = (s1 + words[at + 1] + s0) % (1 << 32)
    return s0, s1


@given(st.integers(0, 700), st.randoms(use_true_random=False), st.booleans(), st.tuples(WORDS, WORDS))
def test_it_is_what_the_file_format_defines(pairs, chance, little, sums):
    data = chance.randbytes(8 * pairs)
    assert checksum(data, little, sums) == defined(data, "<" if little else ">", sums)


@pytest.mark.parametrize("pairs", [1, 31, 32, 33, 64, 512, 1024, 8192])
def test_the_largest_words_do_not_run_over(pairs):
    data = b"\xff" * (8 * pairs)
    assert checksum(data, True, (0xFFFFFFFF, 0xFFFFFFFF)) == defined(data, "<", (0xFFFFFFFF, 0xFFFFFFFF))


def test_half_a_pair_is_refused():
    with pytest.raises(ValueError, match="whole pairs"):
        checksum(bytes(12), True)


@given(st.integers(1, 9), st.integers(1, 90), st.randoms(use_true_random=False), st.booleans())
def test_both_ways_of_summing_many_are_what_the_file_format_defines(count, pairs, chance, little):
    frames = [chance.choice([chance.randbytes(8 * pairs), b"\xff" * (8 * pairs)]) for _ in range(count)]
    sums = [defined(frame, "<" if little else ">", (0, 0)) for frame in frames]
    assert weighted(numpy, frames, little) == sums
    assert side_by_side(frames, little) == sums


def test_many_frames_are_summed_by_numpy_and_without_it_to_the_same(monkeypatch):
    frames = [bytes([number]) * 4104 for number in range(200)]
    sums = [defined(frame, "<", (0, 0)) for frame in frames]
    ways = []
    monkeypatch.setattr(sqlite_checksum, "weighted", lambda *each: ways.append("numpy") or weighted(*each))
    assert frame_sums(frames, True) == sums
    assert frame_sums(frames[:2], True) == sums[:2]  # of few, numpy is not loaded
    assert ways == ["numpy"]
    monkeypatch.setitem(sys.modules, "numpy", None)
    sqlite_checksum._numpy.cache_clear()
    assert frame_sums(frames, True) == sums
    assert ways == ["numpy"]
    sqlite_checksum._numpy.cache_clear()
