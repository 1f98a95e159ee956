"""Times, owners and classes of protection that containers store of a file: facts, never applied."""

from __future__ import annotations

import hashlib
import io
import struct

import msgpack
import pytest
from archive_files import zip_bytes, zip_info
from backup_files import ItunesMaker
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import MSGSTORE, exported, ingest, messages, new, phone, verified
from test_itunes_backup import SHARED
from whatsapp_ios_installations import BUILD

from forensics.formats.clbx import ClbxError, stamps
from forensics.formats.file_stamp import (
    INODE,
    OWNERS,
    PROTECTION,
    TIMES,
    FileStamp,
    stamp_of_archive,
    stamp_of_extras,
    stamp_of_metadata,
)

# containers reference 3: four times in seconds (modified, accessed, changed, created), owners, inode and
# device, class of protection and extended attributes
FOUR = struct.pack("<B4L", 7, 1_700_000_001, 1_700_000_002, 1_700_000_003, 1_700_000_004)
OWNED = bytes([1, 4]) + struct.pack("<L", 10_100) + bytes([4]) + struct.pack("<L", 10_101)
PLACED = struct.pack("<QL", 123_456, 7)
ATTRIBUTE = b"com.apple.cprotect\0value"
PROTECTED = bytes([1, 3]) + struct.pack("<LLL", 3, 1, len(ATTRIBUTE)) + ATTRIBUTE
WHOLE = {TIMES: FOUR, OWNERS: OWNED, INODE: PLACED, PROTECTION: PROTECTED}
SAID = (
    "modified 2023-11-14T22:13:21.000Z, accessed 2023-11-14T22:13:22.000Z, changed 2023-11-14T22:13:23.000Z,"
    " created 2023-11-14T22:13:24.000Z, uid 10100, gid 10101, inode 123456, protection class 3,"
    " extended attributes com.apple.cprotect=76616c7565"
)


def extra(fields):
    return b"".join(struct.pack("<2H", number, len(data)) + data for number, data in fields.items())


def facts(found):
    return [
        (each["value"], each["source"], each["field"])
        for each in found["acquisition"]
        if each["name"] == "file"
    ]


def test_the_extra_fields_of_a_local_header(tmp_path):
    database = (phone(tmp_path / "phone") / MSGSTORE).read_bytes()
    # zipfile writes one extra to both headers; that of the directory is then emptied by its length
    data = bytearray(zip_bytes((zip_info(MSGSTORE, extra=extra(WHOLE)), database)))
    entry = data.rindex(b"PK\x01\x02")
    size = len(extra(WHOLE))
    name_end = entry + 46 + len(MSGSTORE)
    del data[name_end : name_end + size]
    data[entry + 30 : entry + 32] = b"\0\0"
    end = data.rindex(b"PK\x05\x06")
    data[end + 12 : end + 16] = struct.pack("<L", end - entry)
    path = tmp_path / "00008030_files_full.zip"
    path.write_bytes(data)
    case = new(tmp_path / "case")
    found = ingest(case, path)
    assert facts(found) == [(SAID, MSGSTORE, "container")]
    plain = new(tmp_path / "plain")
    ingest(plain, tmp_path / "phone")
    assert [each["sent_at"] for each in messages(case)] == [each["sent_at"] for each in messages(plain)]
    assert verified(case, "--evidence", path) == []


def test_the_usual_field_has_the_times_that_its_flags_name():
    assert stamp_of_extras({TIMES: struct.pack("<Bl", 1, 5)}) == FileStamp(modified=5000)
    assert stamp_of_extras({TIMES: struct.pack("<B2l", 5, 5, -6)}) == FileStamp(modified=5000, created=-6000)
    assert str(FileStamp(created=-6000)) == "created 1969-12-31T23:59:54.000Z"
    assert stamp_of_extras({TIMES: struct.pack("<B3l", 7, 5, 6, 7)}) == FileStamp(
        modified=5000, accessed=6000, created=7000
    )
    assert stamp_of_extras({}) == FileStamp()


@pytest.mark.parametrize("number", [TIMES, OWNERS, INODE, PROTECTION])
def test_every_truncation_of_a_field_is_less_of_it(number):
    whole = str(stamp_of_extras({number: WHOLE[number]})).split(", ")
    for length in range(len(WHOLE[number])):
        cut = str(stamp_of_extras({number: WHOLE[number][:length]}))
        assert cut != ", ".join(whole)


@given(st.dictionaries(st.sampled_from([TIMES, OWNERS, INODE, PROTECTION]), st.binary(max_size=40)))
def test_any_bytes_are_a_stamp(fields):
    assert isinstance(str(stamp_of_extras(fields)), str)


ENTRY = {
    "mode": 0o100600, "size": 4096, "uid": 10_100, "gid": 10_101, "inode": 5, "prot": 3,
    "mtime": 1_700_000_001_000_000_000, "ctime": 1_700_000_003_000_000_000,
}  # fmt: skip


def clbx(folder, entries):
    """A container with the messages of a phone and a list of these entries."""
    database = (phone(folder / "phone") / MSGSTORE).read_bytes()
    path = folder / "x.clbx"
    path.write_bytes(
        zip_bytes(("version", b"CLBX-0.3.0"), (f"filesystem/{MSGSTORE}", database),
                  ("metadata/metadata.msgpack", msgpack.packb(entries)))
    )  # fmt: skip
    return path


def test_the_list_of_a_clbx_container(tmp_path):
    entries = {f"/{MSGSTORE}": ENTRY, "/data/data/com.whatsapp/files/x": ENTRY}
    path, listing = clbx(tmp_path, entries), msgpack.packb(entries)
    found = ingest(new(tmp_path / "case"), path)
    assert facts(found) == [
        (
            "modified 2023-11-14T22:13:21.000Z, changed 2023-11-14T22:13:23.000Z, uid 10100, gid 10101,"
            " inode 5, protection class 3",
            "metadata/metadata.msgpack",
            f"/{MSGSTORE}",
        )
    ]
    for length in range(0, len(listing), 7):
        with pytest.raises(ClbxError):
            list(stamps(io.BytesIO(listing[:length]), {f"/{MSGSTORE}"}))


@pytest.mark.parametrize("value", [-1, 1 << 90, "x", None, 1.5, b""])
def test_a_time_that_no_calendar_has_is_none(value):
    assert stamp_of_metadata({"mtime": value, "uid": "x"}) == FileStamp()
    assert stamp_of_archive({"Birth": value}) == FileStamp()


def test_the_manifest_of_an_itunes_backup(tmp_path):
    root = BUILD.build("direct", tmp_path / "ios")
    maker = ItunesMaker(tmp_path / "backup", None)
    for path in sorted(root.rglob("*.sqlite")):
        maker.file(SHARED, path.name, path.read_bytes())
    folder = maker.close()
    case = new(tmp_path / "case")
    told = {source.rpartition("/")[2]: value for value, source, _field in facts(ingest(case, folder))}
    assert told["ChatStorage.sqlite"].startswith(
        "modified 2023-11-14T22:15:00.000Z, created 2023-11-14T22:13:20.000Z, protection class"
    )
    assert exported(case)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"a": b"\x01\xff"}, "extended attributes a=01ff"),
        ({"a": "x", "b": b""}, "extended attributes a=78 b="),
        ({b"a\xff": b"x"}, "extended attributes a\\xff=78"),
        ({"a": 5}, "extended attributes a"),
        ({5: b"x"}, "extended attributes and 1 more"),
        ({"a": bytes(33)},
         f"extended attributes a (33 bytes, SHA-256 {hashlib.sha256(bytes(33)).hexdigest()})"),
        ([["a", b"x"]], "extended attributes (stored in a form that is not read)"),
        ({}, ""), (None, ""), ([], ""),
    ],
)  # fmt: skip
def test_extended_attributes_of_a_clbx_list(stored, said):
    assert str(stamp_of_metadata({"xattr": stored})) == said


def test_of_many_attributes_the_first_are_given_and_the_others_counted():
    many = {f"n{number}": b"" for number in range(60)}
    assert str(stamp_of_metadata({"xattr": many})).endswith(" n49= and 10 more")
    entries = [b"n%d\0" % number for number in range(60)]
    body = b"".join(struct.pack("<L", len(each)) + each for each in entries)
    field = bytes([1, 2]) + struct.pack("<L", 60) + body
    assert str(stamp_of_extras({PROTECTION: field})).endswith(" n49= and 10 more")


def test_extended_attributes_of_a_file_in_a_container_are_a_fact(tmp_path):
    path = clbx(tmp_path, {f"/{MSGSTORE}": {"mode": 0o100600, "xattr": {"com.apple.x": b"\x02"}}})
    found = ingest(new(tmp_path / "case"), path)
    assert facts(found) == [
        ("extended attributes com.apple.x=02", "metadata/metadata.msgpack", f"/{MSGSTORE}")
    ]
