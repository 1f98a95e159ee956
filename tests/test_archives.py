"""Zips and tars with everything in them that an archive can have against its reader."""

from __future__ import annotations

import bz2
import hashlib
import io
import lzma
import random
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import DamagedEvidence, LimitExceeded, MachineFailed, SporenError
from forensics.evidence import Limits, open_evidence
from forensics.formats import unpacked

DATABASE = b"SQLite format 3\x00" + bytes(range(256)) * 40
LINK_MODE = 0o120777 << 16


def zip_bytes(*members, method=zipfile.ZIP_DEFLATED):
    """(name or ZipInfo, data) members; the same name may come twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            if info.filename in archive.NameToInfo:
                del archive.NameToInfo[info.filename]
            archive.writestr(info, data, method)
    return buffer.getvalue()


def zip_info(name, **attributes):
    info = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(info, key, value)
    return info


def tar_bytes(*members, mode="w", format=tarfile.PAX_FORMAT):
    """(name, data) files or ready TarInfo objects."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=format) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return buffer.getvalue()


def tar_info(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.fixture
def evidence_of(tmp_path):
    opened = []

    def make(data, limits=Limits()):  # noqa: B008
        path = tmp_path / f"evidence{len(opened)}"
        path.write_bytes(data)
        opened.append(open_evidence(path, limits))
        return opened[-1]

    yield make
    for evidence in opened:
        evidence.close()


def read(evidence, member):
    with evidence.open(member) as stream:
        return stream.read()


def contents(evidence):
    return {member.path: read(evidence, member) for member in evidence.members()}


def problems(evidence):
    return {problem.path: problem.text for problem in evidence.problems}


# --- zip ---


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


def test_two_members_of_one_name_are_both_kept(evidence_of):
    evidence = evidence_of(zip_bytes(("a", b"1"), ("a", b"2"), ("b", b"3"), ("a", b"4"), ("a#2", b"5")))
    assert contents(evidence) == {"a": b"1", "a#2": b"2", "b": b"3", "a#3": b"4", "a#2#2": b"5"}
    assert [member.index for member in evidence.members()] == [0, 1, 2, 3, 4]
    evidence = evidence_of(tar_bytes(("a", b"1"), ("./a", b"2")))
    assert contents(evidence) == {"a": b"1", "a#2": b"2"}


HOSTILE = {
    "../../etc/passwd": "%2E%2E/%2E%2E/etc/passwd",
    "a/../../b": "a/%2E%2E/%2E%2E/b",
    "..": "%2E%2E",
    "/etc/passwd": "etc/passwd",
    "//server/share": "server/share",
}
HARMLESS = {"./data/data/x": "data/data/x", "a//b": "a/b", "a/./b": "a/b", "..a/b..": "..a/b.."}


@pytest.mark.parametrize(
    ("name", "path"), [*HOSTILE.items(), ("C:\\evil", "C%3A/evil"), ("..\\x", "%2E%2E/x")]
)
def test_names_that_lead_out_are_read_as_harmless_ones_and_named(evidence_of, name, path):
    made = [zip_bytes((name, b"1"))] + ([] if "\\" in name else [tar_bytes((name, b"1"))])
    for data in made:
        evidence = evidence_of(data)
        assert contents(evidence) == {path: b"1"}
        (problem,) = evidence.problems
        assert problem.path == path
        assert repr(name.replace("\\", "/")) in problem.text
        assert not problem.unread


@pytest.mark.parametrize(("name", "path"), HARMLESS.items())
def test_names_that_stay_inside_are_cleaned_in_silence(evidence_of, name, path):
    for data in (zip_bytes((name, b"1")), tar_bytes((name, b"1"))):
        evidence = evidence_of(data)
        assert contents(evidence) == {path: b"1"}
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
    link = zip_info("lib", create_system=3, external_attr=LINK_MODE)
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
    assert problem.path == "secret.db"
    assert problem.encrypted
    assert problem.unread


@pytest.mark.parametrize(("method", "name"), [(9, "Deflate64"), (93, "Zstandard"), (200, "method 200")])
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


# --- tar ---

MODES = ["w", "w:gz", "w:bz2", "w:xz"]


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


@pytest.mark.parametrize("mode", MODES)
def test_a_member_is_opened_without_listing_first(evidence_of, mode):
    data = tar_bytes(("a", b"1"), ("b", DATABASE), mode=mode)
    member = list(evidence_of(data).members())[1]
    assert read(evidence_of(data), member) == DATABASE
    data = zip_bytes(("a", b"1"), ("b", DATABASE))
    member = list(evidence_of(data).members())[1]
    assert read(evidence_of(data), member) == DATABASE


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


# --- anything ---

SMALL = {
    "zip": zip_bytes(("a/b.db", b"content"), ("c", b"\x00" * 40)),
    "tar": tar_bytes(("a", b"content"), ("n" * 120, b"x"), format=tarfile.PAX_FORMAT)[:4096] + END,
    "tar.gz": tar_bytes(("a", b"content"), mode="w:gz"),
    "tar.xz": lzma.compress(tar_bytes(("a", b"content"))),
    "tar.bz2": bz2.compress(tar_bytes(("a", b"content"))),
    "lzma": zip_bytes(("a", b"content"), method=zipfile.ZIP_LZMA),
}


def read_all(path):
    """Everything in it, or the project's own error for it; anything else is a bug."""
    try:
        evidence = open_evidence(path)
    except SporenError:
        return
    with evidence:
        for member in evidence.members():
            try:
                read(evidence, member)
            except SporenError:
                assert evidence.damage(member)


@pytest.mark.parametrize("kind", SMALL)
def test_no_changed_byte_and_no_truncation_is_more_than_a_problem(tmp_path, kind):
    data = SMALL[kind]
    path = tmp_path / "e"
    for position in [at for at, byte in enumerate(data) if byte or at % 32 == 0]:
        for change in (0x01, 0xFF):
            changed = bytearray(data)
            changed[position] ^= change
            path.write_bytes(changed)
            read_all(path)
        path.write_bytes(data[:position])
        read_all(path)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_nothing_is_lost_in_silence(tmp_path, kind):
    """A changed byte in names or data is in the result or in the problems."""
    data = SMALL[kind]
    path = tmp_path / "e"
    path.write_bytes(data)
    with open_evidence(path) as evidence:
        whole = contents(evidence)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x01
        path.write_bytes(changed)
        try:
            with open_evidence(path) as evidence:
                if evidence.kind == "file":
                    continue  # of no known kind any more, which is said by whoever looks for a parser
                found = {}
                for member in evidence.members():
                    try:
                        found[member.path] = read(evidence, member)
                    except SporenError:
                        continue
                missing = sorted(whole.values()) != sorted(found.values())
                stored_without_check = kind == "tar" and len(found) == len(whole)
                assert not missing or evidence.problems or stored_without_check, position
        except SporenError:
            continue


@given(
    st.binary(max_size=1500), st.sampled_from([b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", b"tar"])
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_evidence_or_the_own_error(tmp_path, noise, start):
    data = noise[:257].ljust(257, b"\x00") + b"ustar\x00" + noise if start == b"tar" else start + noise
    (tmp_path / "e").write_bytes(data)
    read_all(tmp_path / "e")
