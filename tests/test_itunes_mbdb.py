"""Backups of iOS before 10 (Manifest.mbdb), written from the layout that their sources agree on."""

from __future__ import annotations

import hashlib
import io
import struct

import pytest
from backup_files import PASSWORD, ItunesMaker, mbdb_record, mbdb_string
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import ingest, new, texts
from test_itunes_backup import SHARED, app_files, make, password_file, plain_texts, read_whole

from forensics.containers.itunes_manifest import OldManifest
from forensics.formats.mbdb import MAGIC, MbdbError, Record, record_at, records
from forensics.formats.source import StreamSource

__all__ = ["app_files", "password_file", "plain_texts"]


def source(data):
    return StreamSource(io.BytesIO(data))


# --- Bytes and values ---------------------------------------------------------------------------------------

WHOLE = (
    MAGIC
    + mbdb_record(b"HomeDomain", b"Library", 0o40755)
    + mbdb_record(
        b"AppDomain-net.whatsapp.WhatsApp", b"Documents/ChatStorage.sqlite", key=bytes(44), size=1 << 40,
        protection=3, properties=((b"com.apple.x", b"\x00\xff"), (b"n", b"v")),
    )
    + mbdb_record(b"HomeDomain", b"l", 0o120777, target=b"/private/var")
)  # fmt: skip


def test_a_record_byte_for_byte():
    """Written without the maker: five strings, 40 bytes of numbers, properties."""
    data = (
        b"\x00\x01D" b"\x00\x03a/b" b"\xff\xff" b"\x00\x02hh" b"\x00\x00"
        b"\x81\xa4" b"\x00\x00\x00\x00\x00\x00\x12\x67" b"\x00\x00\x01\xf5" b"\x00\x00\x01\xf6"
        b"\x53\x72\x4e\x00" b"\x53\x72\x4e\x01" b"\x53\x72\x4e\x02"
        b"\x00\x00\x00\x00\x00\x00\x10\x00" b"\x04" b"\x01" b"\x00\x01n\xff\xff"
    )  # fmt: skip
    found, following = record_at(source(MAGIC + data), len(MAGIC))
    assert found == Record(
        domain=b"D", path=b"a/b", key=b"", mode=0o100644, inode=4711, uid=501, gid=502,
        modified=1_400_000_000, size=4096, protection=4, position=6,
    )  # fmt: skip
    assert following == len(MAGIC) + len(data)
    assert found.file_id == hashlib.sha1(b"D-a/b").hexdigest()


def test_the_records_of_a_manifest():
    found = list(records(source(WHOLE)))
    assert [(each.domain, each.path, each.is_file, each.is_folder) for each in found] == [
        (b"HomeDomain", b"Library", False, True),
        (b"AppDomain-net.whatsapp.WhatsApp", b"Documents/ChatStorage.sqlite", True, False),
        (b"HomeDomain", b"l", False, False),
    ]
    assert (found[1].key, found[1].size, found[1].protection) == (bytes(44), 1 << 40, 3)
    assert [record_at(source(WHOLE), each.position)[0] for each in found] == found


def test_the_id_of_a_known_file():
    """As the references give it for ChatStorage.sqlite in the group of WhatsApp."""
    record = mbdb_record(SHARED.encode(), b"ChatStorage.sqlite")
    (found,) = records(source(MAGIC + record))
    assert found.file_id == "7c7fba66680ef796b916b067077cc246adacf01d"


def test_every_truncation_is_fewer_records_or_the_own_error():
    whole = list(records(source(WHOLE)))
    ends = [*(each.position for each in whole), len(WHOLE)]  # the first begins behind the mark
    for length in range(len(WHOLE)):
        found = []
        if length in ends:
            found = list(records(source(WHOLE[:length])))
        else:
            with pytest.raises(MbdbError):
                found.extend(records(source(WHOLE[:length])))
        assert found == whole[: sum(end <= length for end in ends[1:])]


@given(st.binary(max_size=300))
def test_any_bytes_are_records_or_the_own_error(noise):
    try:
        found = list(records(source(MAGIC + noise)))
    except MbdbError:
        found = []
    assert all(len(each.file_id) == 40 for each in found)
    listed = list(OldManifest(io.BytesIO(MAGIC + noise)).listed())
    assert all(isinstance(each.path, str) for each in listed)


NAMES = st.binary(max_size=40)


@given(
    st.lists(
        st.tuples(NAMES, NAMES, st.integers(0, 0xFFFF), st.none() | NAMES, st.integers(0, 2**64 - 1),
                  st.lists(st.tuples(NAMES, NAMES), max_size=4))
    )
)  # fmt: skip
def test_what_was_written_is_read(rows):
    data = MAGIC + b"".join(
        mbdb_record(domain, path, mode, key=key, size=size, properties=tuple(more))
        for domain, path, mode, key, size, more in rows
    )
    assert [(each.domain, each.path, each.mode, each.key, each.size) for each in records(source(data))] == [
        (domain, path, mode, key or b"", size) for domain, path, mode, key, size, _more in rows
    ]


# --- Backups ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_the_files_are_found_by_domain_and_path(tmp_path, app_files, plain_texts, password_file, password):
    folder = make(tmp_path / "backup", app_files, password, is_flat=True).close()
    assert not (folder / "Manifest.db").exists()
    keys = ["--key", password_file] if password else []
    _case, found = read_whole(folder, tmp_path, app_files, plain_texts, keys)
    stamps = {each["source"]: each["value"] for each in found["acquisition"] if each["name"] == "file"}
    # of the three times only the first: the sources differ on the others
    assert stamps[f"{SHARED}/ChatStorage.sqlite"] == (
        "modified 2014-05-13T16:53:20.000Z, uid 501, gid 502, inode 4711, protection class 3"
    )


def test_a_wrong_password_and_none_are_code_4(tmp_path, app_files):
    folder = make(tmp_path / "backup", app_files, PASSWORD, is_flat=True).close()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another", "utf-8")
    assert "wrong password" in str(ingest(new(tmp_path / "a"), folder, "--key", wrong, code=4)["problems"])
    assert "itunes-backup" in str(ingest(new(tmp_path / "b"), folder, code=4)["problems"])


def test_what_stands_behind_damage_is_looked_at_by_its_content(tmp_path, app_files, plain_texts):
    folder = make(tmp_path / "backup", app_files, is_flat=True).close()
    manifest = folder / "Manifest.mbdb"
    manifest.write_bytes(manifest.read_bytes()[: len(MAGIC) + 3])
    case = new(tmp_path / "case")
    found = ingest(case, folder, code=3)
    said = [each["text"] for each in found["problems"] if each["path"] == "Manifest.mbdb"]
    assert "it is cut off or damaged at offset 8: what is listed behind that is missing" in said
    name = hashlib.sha1(f"{SHARED}-ChatStorage.sqlite".encode()).hexdigest()
    assert name in {each["path"] for each in found["evidence"]}
    assert texts(case) == plain_texts


def test_a_file_that_no_manifest_lists_is_told_and_looked_at(tmp_path, app_files, plain_texts):
    for is_flat in (True, False):
        maker = ItunesMaker(tmp_path / f"backup-{is_flat}", None, is_flat=is_flat)
        maker.file("HomeDomain", "x.txt", b"nothing")
        folder = maker.close()
        name = hashlib.sha1(f"{SHARED}-ChatStorage.sqlite".encode()).hexdigest()
        place = folder / name if is_flat else folder / name[:2] / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(app_files["ChatStorage.sqlite"])
        case = new(tmp_path / f"case-{is_flat}")
        found = ingest(case, folder)
        assert [each["path"] for each in found["evidence"]] == [place.relative_to(folder).as_posix()]
        assert "1 files are in the backup that the manifest does not list" in str(found["problems"])


def test_a_listed_file_that_is_not_there_links_and_odd_modes(tmp_path, app_files):
    maker = make(tmp_path / "backup", app_files, is_flat=True)
    gone = hashlib.sha1(f"{SHARED}-CallHistory.sqlite".encode()).hexdigest()
    maker.row(gone, SHARED, "CallHistory.sqlite", 1)
    maker.row("0" * 40, SHARED, "link.sqlite", 4)
    folder = maker.close()
    with (folder / "Manifest.mbdb").open("ab") as file:
        file.write(mbdb_record(b"RootDomain", b"pipe", 0o10644))
        file.write(mbdb_record(SHARED.encode(), b"../../whatsapp/\xff.txt"))
    found = ingest(new(tmp_path / "case"), folder, code=3)
    said = {each["path"]: each["text"] for each in found["problems"]}
    assert said[f"{SHARED}/CallHistory.sqlite"].endswith(f"its file {gone} is not in the backup")
    assert "symbolic link" in said[f"{SHARED}/link.sqlite"]
    assert "1 entries are neither files, folders nor links" in str(found["problems"])
    odd = f"{SHARED}/%2E%2E/%2E%2E/whatsapp/\\xff.txt"
    assert "is not in the backup" in said[odd]


def test_a_large_manifest_is_a_stream():
    data = MAGIC + b"".join(
        mbdb_record(b"CameraRollDomain", b"Media/DCIM/100APPLE/IMG_%07d.JPG" % n) for n in range(20_000)
    )
    reads = []

    class _Counting:
        def read_at(self, offset, length):
            reads.append(length)
            return data[offset : offset + length]

    assert sum(1 for _ in records(_Counting())) == 20_000
    assert max(reads) <= 1 << 20
    assert len(reads) < 20


def test_a_hostile_length_is_damage_and_reserves_nothing():
    with pytest.raises(MbdbError, match="offset 8"):
        list(records(source(MAGIC + struct.pack(">H", 0xFFFE) + b"x")))
    with pytest.raises(MbdbError):
        list(records(source(MAGIC + mbdb_string(None))))
    with pytest.raises(MbdbError, match="does not begin"):
        list(records(source(b"mbdb\x06\x00")))


def test_a_manifest_without_its_properties_is_told_and_its_files_are_looked_at(
    tmp_path, app_files, plain_texts
):
    make(tmp_path / "backup", app_files, is_flat=True).close()
    (tmp_path / "backup" / "Manifest.plist").unlink()
    case = new(tmp_path / "case")
    outcome = ingest(case, tmp_path / "backup", code=3)
    told = [each["text"] for each in outcome["problems"] if each["path"].endswith("Manifest.mbdb")]
    assert any("Manifest.plist" in each for each in told)
    assert texts(case) == plain_texts
