"""Tars: packings, formats, sparse files, and headers that are damaged or hostile."""

from __future__ import annotations

import io
import random
import tarfile

import pytest
from archive_files import (
    DATABASE,
    MODES,
    contents,
    opener,
    problems,
    read,
    tar_bytes,
    tar_info,
)

from forensics.errors import LimitExceeded, MachineFailed
from forensics.evidence import Limits
from forensics.formats import unpacked


@pytest.fixture
def evidence_of(tmp_path):
    with opener(tmp_path) as make:
        yield make


@pytest.mark.parametrize("mode", MODES)
def test_every_packing_of_a_tar_is_read_in_any_order(evidence_of, mode):
    source = random.Random(2)
    files = {f"data/{number}": source.randbytes(200_000) for number in range(8)}
    evidence = evidence_of(tar_bytes(*files.items(), mode=mode))
    assert evidence.kind == "tar"
    assert contents(evidence) == files
    members = list(evidence.members())
    streams = [(evidence.open(member), files[member.path]) for member in reversed(members)]
    for position in (199_990, 0, 100_000):
        for stream, data in streams:
            stream.seek(position)
            assert stream.read(1000) == data[position : position + 1000]
    for stream, _ in streams:
        stream.close()
    assert evidence.problems == []


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_format_of_tar_is_read(evidence_of, format):
    long = "/".join(["folder"] * 20) + "/msgstore.db"
    files = {long: DATABASE, "b": b""}
    if format != tarfile.USTAR_FORMAT:
        files["é" * 200 + "/x"] = b"1"
    evidence = evidence_of(tar_bytes(*files.items(), format=format))
    assert contents(evidence) == files
    assert evidence.problems == []


def test_times_and_large_sizes_of_a_tar(evidence_of):
    info = tarfile.TarInfo("a")
    info.mtime = 1_700_000_000.25
    assert next(evidence_of(tar_bytes(info)).members()).modified == 1_700_000_000_250
    assert (
        next(evidence_of(tar_bytes(info, format=tarfile.GNU_FORMAT)).members()).modified == 1_700_000_000_000
    )
    info.size = 10 << 30
    evidence = evidence_of(tar_bytes(info, format=tarfile.GNU_FORMAT))
    (member,) = evidence.members()
    assert member.size == 10 << 30
    with evidence.open(member) as stream:
        assert len(stream.read()) < 20_000
    assert "can be read: the rest is missing" in evidence.damage(member)
    assert "cut off" in problems(evidence)[evidence.name]


def test_what_is_no_file_in_a_tar_is_named(evidence_of):
    evidence = evidence_of(
        tar_bytes(
            ("a", b"1"),
            tar_info("lib", tarfile.SYMTYPE, "/data/app/lib"),
            tar_info("twin", tarfile.LNKTYPE, "a"),
            tar_info("null", tarfile.CHRTYPE),
            tar_info("pipe", tarfile.FIFOTYPE),
            tar_info("folder", tarfile.DIRTYPE),
        )
    )
    assert contents(evidence) == {"a": b"1"}
    assert problems(evidence) == {
        "lib": "a symbolic link, which is not followed: it leads to /data/app/lib",
        "twin": "a hard link, which is not followed: it leads to a",
        "null": "a device, which is not followed",
        "pipe": "a named pipe, which is not followed",
    }
    assert not any(problem.unread for problem in evidence.problems)


@pytest.mark.parametrize("mode", MODES)
def test_a_truncated_tar_gives_what_is_there_and_says_so(evidence_of, mode):
    # bzip2 packs blocks of 900 kB: of a smaller archive nothing would be left
    files = {"a": DATABASE, "b": random.Random(9).randbytes(2_000_000)}
    made = tar_bytes(*files.items(), mode=mode)
    evidence = evidence_of(made[: len(made) // 2])
    found = contents(evidence)
    for path, data in found.items():
        assert files[path].startswith(data)
    assert evidence.name in problems(evidence)
    assert all(problem.unread for problem in evidence.problems)


def test_a_tar_cut_between_members_is_cut(evidence_of):
    made = tar_bytes(("a", b"1"), ("b", b"2"))
    evidence = evidence_of(made[:1024])
    assert contents(evidence) == {"a": b"1"}
    assert problems(evidence) == {evidence.name: "the end marker is missing: the archive is cut off"}


def test_a_damaged_header_costs_its_member(evidence_of):
    made = bytearray(tar_bytes(("a", b"1"), ("b", DATABASE), ("c", b"3")))
    made[1024 + 10] ^= 1
    evidence = evidence_of(bytes(made))
    assert contents(evidence) == {"a": b"1", "c": b"3"}
    assert problems(evidence) == {evidence.name: "damaged at offset 1024: the checksum of a header is wrong"}
    made[5] ^= 1
    assert contents(evidence_of(bytes(made))) == {"c": b"3"}


def test_tars_one_behind_the_other_are_all_read(evidence_of):
    evidence = evidence_of(tar_bytes(("a", b"1")) + tar_bytes(("b", b"2")))
    assert contents(evidence) == {"a": b"1", "b": b"2"}
    assert evidence.problems == []
    evidence = evidence_of(tar_bytes(("a", b"1"), mode="w:gz") + tar_bytes(("b", b"2"), mode="w:gz"))
    assert contents(evidence) == {"a": b"1", "b": b"2"}
    evidence = evidence_of(tar_bytes(("a", b"1")) + b"x" * 700)
    assert contents(evidence) == {"a": b"1"}
    assert len(evidence.problems) == 1


def header(kind, size, name=b"h", rest=b""):
    block = bytearray(512)
    block[: len(name)] = name
    block[124:136] = b"%011o\x00" % size
    block[136:148] = b"%011o\x00" % 0
    block[156:157] = kind
    block[257:265] = b"ustar  \x00"
    block[386 : 386 + len(rest)] = rest
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\x00 " % sum(block)
    return bytes(block)


END = bytes(1024)


def padded(data):
    return data + bytes(-len(data) % 512)


def records(**values):
    out = b""
    for key, value in values.items():
        line = f" {key.replace('__', '.')}={value}\n".encode()
        length = len(line) + 1
        while len(str(length)) + len(line) != length:
            length += 1
        out += str(length).encode() + line
    return header(b"x", len(out)) + padded(out)


SPARSE = bytes(1000) + b"A" * 600 + bytes(400) + b"B" * 100 + bytes(900)


def old_sparse(pairs, extended=()):
    digits = b"".join(b"%011o\x00%011o\x00" % pair for pair in pairs).ljust(96, b"\x00")
    more = b"".join(b"%011o\x00%011o\x00" % pair for pair in extended)
    head = header(b"S", 700, b"s", digits + bytes([bool(extended)]) + b"%011o\x00" % 3000)
    return head + (more.ljust(512, b"\x00") if extended else b"")


def test_sparse_files_are_filled_up(evidence_of):
    data = padded(b"A" * 600 + b"B" * 100)
    version_1 = b"2\n1000\n600\n2000\n100\n"
    made = {
        "old": old_sparse([(1000, 600), (2000, 100), (3000, 0)]) + data,
        "old, extended": old_sparse([(1000, 600)], [(2000, 100), (3000, 0)]) + data,
        "0.1": records(GNU__sparse__map="1000,600,2000,100", GNU__sparse__size=3000)
        + header(b"0", 700)
        + data,
        "1.0": records(GNU__sparse__major=1, GNU__sparse__realsize=3000)
        + header(b"0", 512 + 700)
        + padded(version_1)
        + data,
    }
    for name, archive in made.items():
        evidence = evidence_of(archive + header(b"0", 1, b"next") + padded(b"n") + END)
        found = list(contents(evidence).values())
        assert found == [SPARSE, b"n"], name
        assert evidence.problems == []
        member = next(evidence.members())
        with evidence.open(member) as stream:
            stream.seek(1590)
            assert stream.read(420) == SPARSE[1590:2010]


@pytest.mark.parametrize(
    "archive",
    [
        old_sparse([(1000, 600), (900, 100)]),
        old_sparse([(1000, 9000)]),
        records(GNU__sparse__map="0,600,600,600", GNU__sparse__size=3000) + header(b"0", 700),
        records(GNU__sparse__map="a,b", GNU__sparse__size=3000) + header(b"0", 700),
        records(GNU__sparse__major=1) + header(b"0", 700) + b"99999\n",
        header(b"L", 1 << 40),
        header(b"x", 1 << 30),
        header(b"x", 10) + padded(b"99 a=b\n"),
        header(b"x", 10) + padded(b"xx a=b\n"),
        header(b"x", 10) + padded(b"0 a=bc\n\n"),
        records(size="9" * 30) + header(b"0", 1),
        header(b"0", 1)[:124] + b"zzzzzzzzzzz\x00" + header(b"0", 1)[136:],
    ],
)
def test_hostile_headers_cost_only_themselves(evidence_of, archive):
    good = tar_bytes(("good", b"1"))
    evidence = evidence_of(archive + bytes(-len(archive) % 512) + good)
    assert contents(evidence)["good"] == b"1"
    assert evidence.problems


def test_a_thousand_extensions_are_no_recursion(evidence_of):
    evidence = evidence_of((header(b"L", 2) + padded(b"x\x00")) * 5000 + header(b"0", 1) + padded(b"1") + END)
    assert contents(evidence) == {"x": b"1"}


def test_a_bomb_in_a_packed_tar_stops_and_leaves_the_rest(evidence_of, monkeypatch):
    monkeypatch.setattr(unpacked, "RATIO_FROM", 1 << 20)
    noise = random.Random(4).randbytes(20_000)
    for mode in MODES[1:]:
        evidence = evidence_of(
            tar_bytes(("a", noise), ("bomb", bytes(30 << 20)), ("b", b"lost"), mode=mode), Limits(ratio=100)
        )
        members = list(evidence.members())
        assert [member.path for member in members] == ["a", "bomb"]
        assert read(evidence, members[0]) == noise
        with pytest.raises(LimitExceeded):
            read(evidence, members[1])
        assert set(problems(evidence)) == {evidence.name, "bomb"}
    evidence = evidence_of(tar_bytes(("big", bytes(2000)), mode="w:gz"), Limits(member_bytes=1000))
    assert list(evidence.members()) == []
    assert problems(evidence) == {"big": "2000 bytes is more than the 1000 that are allowed"}


def test_no_room_to_unpack_is_this_machines_failure(evidence_of, monkeypatch):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    evidence = evidence_of(tar_bytes(("a", DATABASE), mode="w:xz"))
    monkeypatch.setattr(unpacked.tempfile, "TemporaryFile", Full)
    with pytest.raises(MachineFailed, match=r"no room to unpack \(No space left on device\)"):
        list(evidence.members())
    assert evidence.problems == []
