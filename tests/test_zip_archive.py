"""Zips: methods, names, times, and everything that can be wrong with a member."""

from __future__ import annotations

import hashlib
import io
import random
import struct
import zipfile
import zlib

import pytest
from archive_files import (
    DATABASE,
    contents,
    opener,
    problems,
    read,
    zip_bytes,
    zip_info,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import DamagedEvidence, LimitExceeded
from forensics.evidence import Limits, open_evidence
from forensics.formats import unpacked


@pytest.fixture
def evidence_of(tmp_path):
    with opener(tmp_path) as make:
        yield make


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_every_method_is_unpacked_and_sought_in(evidence_of, method):
    data = random.Random(7).randbytes(300_000) + bytes(900_000)
    evidence = evidence_of(zip_bytes(("data/x.db", data), ("empty", b""), ("folder/", b""), method=method))
    assert evidence.kind == "zip"
    member, empty = evidence.members()
    assert (member.path, member.size, member.modified) == ("data/x.db", len(data), None)
    assert read(evidence, member) == data
    assert read(evidence, empty) == b""
    with evidence.open(member) as stream:
        for position in (1_199_990, 5, 299_990, 0, 700_000):
            stream.seek(position)
            assert stream.read(20) == data[position : position + 20]
    assert evidence.member_sha256(member) == hashlib.sha256(data).hexdigest()
    assert evidence.problems == []


def test_backslashes_of_a_zip_are_steps(evidence_of):
    evidence = evidence_of(zip_bytes(("files\\Database\\msgstore.db", b"1"), ("folder\\", b"")))
    assert contents(evidence) == {"files/Database/msgstore.db": b"1"}


def test_a_name_without_any_name_is_read(evidence_of):
    evidence = evidence_of(zip_bytes(("./.", b"1")))
    assert contents(evidence) == {"(no name)": b"1"}


def patched(data, old, new, count=1):
    assert data.count(old) >= 1
    return data.replace(old, new, count)


def test_names_are_decoded_as_the_archive_says(evidence_of):
    made = zip_bytes(("café", b"1"))
    assert list(contents(evidence_of(made))) == ["café"]
    raw = zip_bytes((zip_info("cafXX", create_system=0), b"1"))
    assert list(contents(evidence_of(raw.replace(b"cafXX", b"caf\xc3\xa9")))) == ["caf├⌐"]
    raw = zip_bytes((zip_info("cafXX", create_system=3), b"1"))
    assert list(contents(evidence_of(raw.replace(b"cafXX", b"caf\xc3\xa9")))) == ["café"]
    assert list(contents(evidence_of(raw.replace(b"cafXX", b"caf\x82\x82")))) == ["caféé"]
    path = b"\x01" + zlib.crc32(b"cafXX").to_bytes(4, "little") + "café".encode()
    extra = struct.pack("<2H", 0x7075, len(path)) + path
    assert list(contents(evidence_of(zip_bytes((zip_info("cafXX", extra=extra), b"1"))))) == ["café"]
    broken = patched(made, b"caf\xc3\xa9", b"caf\xc3\xff", 2)
    assert list(contents(evidence_of(broken))) == ["caf/xc3/xff"]


def test_only_times_in_utc_are_times(evidence_of):
    unix = struct.pack("<2HBl", 0x5455, 5, 1, 1_700_000_000)
    ntfs = struct.pack(
        "<2HL2H3Q", 0x000A, 32, 0, 1, 24, (1_700_000_000 + 11_644_473_600) * 10**7 + 10_000, 0, 0
    )
    evidence = evidence_of(
        zip_bytes(
            (zip_info("unix", extra=unix), b""),
            (zip_info("ntfs", extra=ntfs), b""),
            (zip_info("dos", date_time=(2026, 1, 1, 0, 0, 0)), b""),
            (zip_info("cut", extra=unix[:7]), b""),
        )
    )
    assert [member.modified for member in evidence.members()] == [
        1_700_000_000_000,
        1_700_000_000_001,
        None,
        None,
    ]


def test_links_and_devices_in_a_zip_are_named_and_not_followed(evidence_of):
    link = zip_info("lib", create_system=3, external_attr=0o120777 << 16)
    device = zip_info("null", create_system=3, external_attr=0o020666 << 16)
    evidence = evidence_of(zip_bytes((link, b"/data/app"), (device, b""), ("x", b"1")))
    assert contents(evidence) == {"x": b"1"}
    assert problems(evidence) == {
        "lib": "a symbolic link, which is not followed",
        "null": "a device, which is not followed",
    }
    assert not any(problem.unread for problem in evidence.problems)


def test_an_encrypted_member_is_named(evidence_of):
    data = bytearray(zip_bytes(("secret.db", b"x"), ("open.db", b"y")))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    evidence = evidence_of(bytes(data))
    assert contents(evidence) == {"open.db": b"y"}
    (problem,) = evidence.problems
    assert (problem.path, problem.text) == ("evidence0", "1 encrypted members: their password is needed")
    assert problem.encrypted
    assert problem.unread


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (98, "PPMd"), (200, "method 200")])
def test_a_method_that_cannot_be_read_is_named(evidence_of, method, name):
    data = bytearray(zip_bytes(("a", b"x"), ("b", b"y")))
    data[data.index(b"PK\x01\x02") + 10] = method
    evidence = evidence_of(bytes(data))
    assert contents(evidence) == {"b": b"y"}
    assert name in problems(evidence)["a"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wrong_crc_is_found_when_the_member_is_read(evidence_of, method):
    made = zip_bytes(("a", DATABASE), ("b", b"y"), method=method)
    crc = zlib.crc32(DATABASE).to_bytes(4, "little")
    evidence = evidence_of(made.replace(crc, bytes(4)))
    first, second = evidence.members()
    assert evidence.problems == []
    assert read(evidence, first) == DATABASE
    assert read(evidence, second) == b"y"
    assert problems(evidence) == {"a": "its CRC-32 is not the stored one: the content is damaged"}
    assert "CRC-32" in evidence.damage(first)
    assert evidence.damage(second) is None


def test_the_crc_is_right_after_seeking_about(evidence_of):
    evidence = evidence_of(zip_bytes(("a", bytes(range(256)) * 2000)))
    (member,) = evidence.members()
    with evidence.open(member) as stream:
        stream.read(100)
        stream.seek(0)
        stream.read(300_000)
        stream.seek(200_000)
        stream.read()
    assert evidence.problems == []


def test_a_changed_byte_in_stored_data_is_a_wrong_crc(evidence_of):
    evidence = evidence_of(patched(zip_bytes(("a", b"AAAA"), method=0), b"AAAA", b"AABA"))
    assert contents(evidence) == {"a": b"AABA"}
    assert "CRC-32" in problems(evidence)["a"]


def test_damaged_data_give_what_is_whole_before_the_damage(evidence_of):
    data = random.Random(3).randbytes(3 << 20)
    made = bytearray(zip_bytes(("a", data), ("b", b"y")))
    made[2 << 20 : (2 << 20) + 64] = b"\xff" * 64
    evidence = evidence_of(bytes(made))
    found = contents(evidence)
    assert found["b"] == b"y"
    assert len(found["a"]) > 1 << 20
    assert data.startswith(found["a"][: 1 << 20])
    assert "a" in problems(evidence)


def test_sizes_that_lie_are_named(evidence_of):
    made = zip_bytes(("a", bytes(5000)))
    entry = made.index(b"PK\x01\x02")
    longer = made[: entry + 24] + struct.pack("<L", 6000) + made[entry + 28 :]
    evidence = evidence_of(longer)
    assert contents(evidence) == {"a": bytes(5000)}
    assert problems(evidence) == {"a": "5000 of 6000 bytes can be read: the rest is missing"}
    shorter = made[: entry + 24] + struct.pack("<L", 4000) + made[entry + 28 :]
    evidence = evidence_of(shorter)
    assert contents(evidence) == {"a": bytes(4000)}
    assert "CRC-32" in problems(evidence)["a"]
    crc = struct.pack("<L", zlib.crc32(bytes(4000)))
    right = shorter[: entry + 16] + crc + shorter[entry + 20 :]
    evidence = evidence_of(right)
    assert contents(evidence) == {"a": bytes(4000)}
    assert problems(evidence) == {"a": "unpacks to more than the 4000 bytes that are announced"}


def test_a_truncated_zip_is_called_that(tmp_path):
    made = zip_bytes(("a", DATABASE), ("b", b"y"))
    for length in (4, 100, len(made) - 23, len(made) - 1):
        (tmp_path / "cut.zip").write_bytes(made[:length])
        with pytest.raises(DamagedEvidence, match=r"cut\.zip: a zip, but its central directory is lost"):
            open_evidence(tmp_path / "cut.zip")


def test_bytes_before_and_a_comment_behind_a_zip_do_not_matter(evidence_of):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"1")
        archive.comment = b"PK\x05\x06" + b"c" * 5000
    made = buffer.getvalue()
    assert contents(evidence_of(made)) == {"a": b"1"}
    assert contents(evidence_of(b"PK\x03\x04 in front" + made)) == {"a": b"1"}


def test_a_damaged_entry_costs_that_entry(evidence_of):
    made = zip_bytes(("a", b"1"), ("b", b"2"), ("c", b"3"))
    second = made.index(b"PK\x01\x02", made.index(b"PK\x01\x02") + 1)
    evidence = evidence_of(made[:second] + b"XX" + made[second + 2 :])
    assert contents(evidence) == {"a": b"1", "c": b"3"}
    assert [problem.text for problem in evidence.problems] == [
        f"its central directory is damaged at offset {second}",
        "its end announces 3 members, but its directory lists 2",
    ]


def test_a_lost_local_header_is_an_error_of_that_member(evidence_of):
    made = zip_bytes(("a", b"1"), ("b", b"2"))
    evidence = evidence_of(b"PK\x03\x04" + b"PK\x00\x00" + made[8:])
    first = next(evidence.members())
    assert read(evidence, first) == b"1"
    second = made.index(b"PK\x03\x04", 4)
    evidence = evidence_of(made[:second] + b"XX" + made[second + 2 :])
    first, member = evidence.members()
    with pytest.raises(DamagedEvidence, match="b: its local header"):
        evidence.open(member)
    assert read(evidence, first) == b"1"
    assert "local header" in problems(evidence)["b"]


def test_a_local_header_with_another_name_is_named(evidence_of):
    evidence = evidence_of(patched(zip_bytes(("name", b"1")), b"name", b"eman"))
    assert contents(evidence) == {"name": b"1"}
    assert problems(evidence) == {"name": "its local header has another name"}


def test_zip64_is_read(evidence_of, monkeypatch):
    buffer = io.BytesIO()
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    with zipfile.ZipFile(buffer, "w") as archive:
        with archive.open(zipfile.ZipInfo("a"), "w", force_zip64=True) as member:
            member.write(DATABASE)
        archive.writestr("b", b"2")
        archive.writestr("c", bytes(50))
    made = buffer.getvalue()
    assert b"PK\x06\x06" in made
    assert contents(evidence_of(made)) == {"a": DATABASE, "b": b"2", "c": bytes(50)}
    assert contents(evidence_of(b"PK\x03\x04" + made)) == {"a": DATABASE, "b": b"2", "c": bytes(50)}
    assert evidence_of(made).problems == []


def test_a_bomb_stops_where_the_ratio_says(evidence_of, monkeypatch):
    monkeypatch.setattr(unpacked, "RATIO_FROM", 1 << 20)
    evidence = evidence_of(zip_bytes(("bomb", bytes(20 << 20)), ("ok", DATABASE)), Limits(ratio=100))
    bomb, fine = evidence.members()
    with (
        evidence.open(bomb) as stream,
        pytest.raises(LimitExceeded, match="bomb: unpacks to more than 100 times"),
    ):
        while stream.read(1 << 20):
            pass
    assert "more than 100 times" in problems(evidence)["bomb"]
    assert read(evidence, fine) == DATABASE


def test_a_member_that_announces_too_much_is_named(evidence_of):
    evidence = evidence_of(zip_bytes(("big", bytes(2000)), ("ok", b"1")), Limits(member_bytes=1000))
    assert contents(evidence) == {"ok": b"1"}
    assert problems(evidence) == {"big": "2000 bytes unpacked is more than the 1000 that are allowed"}
    evidence = evidence_of(zip_bytes(("big", bytes(2000)), method=0), Limits(member_bytes=1000))
    assert list(contents(evidence)) == ["big"]


def test_members_that_overlap_are_named(evidence_of):
    made = zip_bytes(("a", random.Random(1).randbytes(5000)), method=0)
    start = made.index(b"PK\x01\x02")
    entry, end = made[start:-22], made[-22:]
    entries = entry + entry.replace(b"a", b"b", 1) + entry.replace(b"a", b"c", 1)
    fields = list(struct.unpack("<4s4H2LH", end))
    fields[3:6] = 3, 3, len(entries)
    evidence = evidence_of(made[:start] + entries + struct.pack("<4s4H2LH", *fields))
    assert list(contents(evidence)) == ["a"]
    assert {path: text[:8] for path, text in problems(evidence).items()} == {"b": "overlaps", "c": "overlaps"}


def test_a_large_member_is_read_backwards_from_kept_states(evidence_of, monkeypatch):
    monkeypatch.setattr(unpacked, "_FIRST_STEP", 1 << 18)
    monkeypatch.setattr(unpacked, "_MOST_STATES", 4)
    data = random.Random(5).randbytes(1 << 20) * 8
    evidence = evidence_of(zip_bytes(("a", data)))
    (member,) = evidence.members()
    with evidence.open(member) as stream:
        for position in (len(data) - 10, 3, 5 << 20, (5 << 20) - 100_000, 1 << 20, 0, 7 << 20):
            stream.seek(position)
            assert stream.read(200_000) == data[position : position + 200_000]


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\\:"), min_size=1, max_size=12),
            st.binary(max_size=200),
            st.sampled_from([0, 8, 12, 14]),
        ),
        max_size=5,
        unique_by=lambda member: member[0],
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_zipfile_writes_is_read_as_zipfile_reads_it(evidence_of, members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data, method in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    with zipfile.ZipFile(buffer) as archive:
        expected = [archive.read(info) for info in archive.infolist() if not info.is_dir()]
    assert list(contents(evidence_of(buffer.getvalue())).values()) == expected


def test_the_last_part_of_a_split_zip_says_that_it_is_one(tmp_path):
    data = bytearray(zip_bytes(("a.txt", b"abc")))
    end = data.rindex(b"PK\x05\x06")
    data[end + 4 : end + 8] = b"\x02\x00\x02\x00"  # numbers of this disk and of the directory's (4.3.16)
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(DamagedEvidence, match="the last of 3 parts of a split one: join them"):
        open_evidence(path)


def test_the_first_part_of_a_split_zip_says_that_it_is_one(tmp_path):
    path = tmp_path / "x.z01"
    path.write_bytes(b"PK\x07\x08" + zip_bytes(("a.txt", b"abc" * 100))[:60])  # 8.5.3
    with pytest.raises(DamagedEvidence, match="the first part of a split one: join all parts"):
        open_evidence(path)


@pytest.mark.parametrize("marker", [b"PK00", b"PK\x07\x08"])
def test_a_zip_that_was_to_be_split_and_is_whole_is_read(evidence_of, marker):
    assert contents(evidence_of(marker + zip_bytes(("a.txt", b"abc")))) == {"a.txt": b"abc"}
