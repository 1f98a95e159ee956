"""CLBX containers: what their list says was on the phone, and what of it was not extracted."""

from __future__ import annotations

import io
import stat

import msgpack
import pytest
from archive_files import zip_bytes
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import MSGSTORE, ingest, new, phone, texts

from forensics.formats.clbx import ClbxError, ListedFile, content_folder, listed_files, mount_point

FILE, FOLDER = stat.S_IFREG | 0o600, stat.S_IFDIR | 0o700
KEPT = "/data/data/com.whatsapp/databases/msgstore.db"
LOCKED = "/data/user/10/com.whatsapp/databases/msgstore.db"


def listing(extra=None):
    said = {
        KEPT: {"mode": FILE, "size": 4096, "uid": 10100, "mtime": 1_700_000_000_000_000_000},
        LOCKED: {"mode": FILE, "size": 8192, "prot": 1},
        "/data/user/10/com.whatsapp/databases": {"mode": FOLDER, "size": 4096},
        "/data/user/10/com.whatsapp/databases/empty.db": {"mode": FILE, "size": 0},
        "/data/user/10/com.example.game/big.bin": {"mode": FILE, "size": 9},
    }
    return msgpack.packb(said | (extra or {}))


@pytest.fixture
def extraction(tmp_path):
    database = (phone(tmp_path / "phone") / MSGSTORE).read_bytes()

    def make(metadata):
        path = tmp_path / "x.clbx"
        path.write_bytes(
            zip_bytes(
                ("version", b"CLBX-0.3.0"),
                (f"filesystem{KEPT}", database),
                (f"filesystem{LOCKED}", b""),
                ("metadata/metadata.msgpack", metadata),
                ("metadata/filesystem.msgpack", msgpack.packb({"mount_point": "/"})),
            )
        )
        return path

    return make


def test_a_database_whose_content_is_missing_is_named(tmp_path, extraction):
    case = new(tmp_path / "case")
    found = ingest(case, extraction(listing()))
    said = [each["text"] for each in found["problems"] if "not extracted" in each["text"]]
    assert said == [f"{LOCKED} was on the phone; its content was not extracted"]
    assert texts(case)
    facts = {(each["value"], each["source"]) for each in found["acquisition"]}
    assert {("container CLBX-0.3.0", "version"), ("mount point /", "metadata/filesystem.msgpack")} <= facts


def test_of_many_the_first_are_named_and_the_others_counted(tmp_path, extraction):
    many = {f"/data/data/com.whatsapp/files/{n}": {"mode": FILE, "size": 1} for n in range(30)}
    found = ingest(new(tmp_path / "case"), extraction(listing(many)))
    said = [each["text"] for each in found["problems"] if "not extracted" in each["text"]]
    assert len(said) == 21
    assert said[-1].startswith("11 more files")


def test_a_damaged_list_is_code_3_and_the_rest_is_read(tmp_path, extraction):
    case = new(tmp_path / "case")
    found = ingest(case, extraction(listing()[:-20]), code=3)
    assert any("no whole list of files" in each["text"] for each in found["problems"])
    assert any(LOCKED in each["text"] for each in found["problems"])
    assert texts(case)


def test_where_the_content_of_a_list_stands():
    assert content_folder("metadata/metadata.msgpack") == "filesystem/"
    assert content_folder("x.zip!/metadata2/metadata.msgpack") == "x.zip!/filesystem2/"
    assert content_folder("other/metadata.msgpack") is None


def test_every_truncation_of_a_list_is_the_own_error():
    data = listing()
    whole = list(listed_files(io.BytesIO(data)))
    assert whole[:2] == [ListedFile(KEPT, 4096), ListedFile(LOCKED, 8192)]
    for length in range(len(data)):
        with pytest.raises(ClbxError):
            list(listed_files(io.BytesIO(data[:length])))


@given(st.binary(max_size=60))
def test_any_bytes_are_a_list_or_the_own_error(noise):
    try:
        found = list(listed_files(io.BytesIO(noise)))
    except ClbxError:
        found = []
    assert all(isinstance(each.path, str) for each in found)
    assert mount_point(noise) is None or isinstance(mount_point(noise), str)
