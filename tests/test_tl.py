"""TL primitives: the examples of core.telegram.org/mtproto/serialize, and what must be refused."""

from __future__ import annotations

import struct

import pytest

from forensics.formats.tl import (
    TlError,
    read_bool,
    read_bytes,
    read_string,
    vector_count,
    word,
)


@pytest.mark.parametrize(
    ("data", "text", "end"),
    [
        (b"\0\0\0\0", "", 4),
        (b"\x01a\0\0", "a", 4),
        (b"\x03abc", "abc", 4),
        (b"\x04abcd\0\0\0", "abcd", 8),
        (b"\xfd" + b"x" * 253 + b"\0\0", "x" * 253, 256),
        (b"\xfe\xfe\0\0" + b"x" * 254 + b"\0\0", "x" * 254, 260),
    ],
)
def test_strings_are_padded_to_four_bytes(data: bytes, text: str, end: int):
    assert read_string(data, 0, []) == (text, end)
    assert read_bytes(data, 0) == (text.encode(), end)
    for length in range(len(data)):
        with pytest.raises(TlError):
            read_string(data[:length], 0, [])


def test_a_string_that_is_not_utf8_is_kept_as_bytes_beside_its_replacement():
    damaged: list = []
    assert read_string(b"\x03a\xffb", 0, damaged) == ("a�b", 4)
    assert damaged == [(1, b"a\xffb")]


@pytest.mark.parametrize("data", [b"\xff\0\0\0", b"\xfe\xff\xff\xff\0\0\0\0", b"\xfd\0\0\0"])
def test_lengths_that_cannot_be_are_refused(data: bytes):
    with pytest.raises(TlError, match="offset 0"):
        read_bytes(data, 0)


def test_bools_and_words():
    assert read_bool(struct.pack("<I", 0x997275B5), 0) == (True, 4)
    assert read_bool(struct.pack("<I", 0xBC799737), 0) == (False, 4)
    with pytest.raises(TlError, match="0x00000001"):
        read_bool(struct.pack("<I", 1), 0)
    assert word(b"\x15\xc4\xb5\x1c", 0) == 0x1CB5C415
    with pytest.raises(TlError, match="3 are there"):
        word(b"\x15\xc4\xb5", 0)


def test_a_vector_holds_no_more_than_there_are_bytes_for():
    assert vector_count(struct.pack("<IIqq", 0x1CB5C415, 2, 1, 2), 0, 8) == (2, 8)
    with pytest.raises(TlError, match="2147483648 items"):
        vector_count(struct.pack("<II", 0x1CB5C415, 1 << 31), 0, 4)
    with pytest.raises(TlError, match="a vector expected"):
        vector_count(struct.pack("<II", 0x1CB5C416, 0), 0, 4)
