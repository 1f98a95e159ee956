"""Links and pipes where a database should lie: what is not followed is not read, and the code is 3."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import MSGSTORE, done, ingest, new, phone

_LIB = "data/data/com.whatsapp/lib"
_FOLDER = MSGSTORE.rpartition("/")[0]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are those of POSIX")


def told(found: dict[str, Any]) -> list[str]:
    """The paths of what was told of the evidence."""
    return [each["path"] for each in found["problems"]]


@pytest.mark.parametrize("name", ["msgstore.db-wal", "msgstore.db-journal", "axolotl.db"])
def test_a_link_where_a_database_or_its_log_should_lie_is_not_read(tmp_path: Path, name: str):
    evidence = phone(tmp_path / "phone")
    (tmp_path / "secret").write_bytes(b"secret")
    (evidence / _FOLDER / name).symlink_to(tmp_path / "secret")
    found = ingest(new(tmp_path / "case"), evidence, code=3)
    assert told(found) == [f"{_FOLDER}/{name}"]
    assert str(tmp_path / "secret") in str(found["problems"])


def test_a_pipe_where_the_names_should_lie_is_not_read(tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    (evidence / _FOLDER / "wa.db").unlink()
    os.mkfifo(evidence / _FOLDER / "wa.db")
    assert told(ingest(new(tmp_path / "case"), evidence, code=3)) == [f"{_FOLDER}/wa.db"]


def test_beside_a_named_database_a_link_for_its_log_is_not_read(tmp_path: Path):
    database = phone(tmp_path / "phone") / MSGSTORE
    database.with_name("msgstore.db-wal").symlink_to(tmp_path / "secret")
    assert told(ingest(new(tmp_path / "case"), database, code=3)) == ["msgstore.db-wal"]


def test_in_a_folder_of_databases_alone_too(tmp_path: Path):
    folder = (phone(tmp_path / "phone") / MSGSTORE).parent
    (folder / "msgstore.db-wal").symlink_to("nowhere")
    assert told(ingest(new(tmp_path / "case"), folder, code=3)) == ["msgstore.db-wal"]


def test_links_that_every_phone_has_stay_notes(tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    (evidence / _LIB).symlink_to("/data/app/lib")
    (evidence / "data/other.db").symlink_to("/data/other/other.db")
    case = new(tmp_path / "case")
    assert sorted(told(ingest(case, evidence))) == [_LIB, "data/other.db"]
    done("verify", case, "--evidence", evidence)


@pytest.mark.parametrize(
    ("kind", "name", "target", "code"),
    [
        (tarfile.SYMTYPE, f"{MSGSTORE}-wal", "../../../../etc/passwd", 3),
        (tarfile.LNKTYPE, f"{MSGSTORE}-wal", "/etc/passwd", 3),
        (tarfile.LNKTYPE, f"{MSGSTORE}-wal", f"{MSGSTORE}-wal", 3),
        (tarfile.LNKTYPE, f"{_FOLDER}/copy.db", f"./{MSGSTORE}", 0),  # which is read under that name
    ],
)
def test_in_a_tar_too(tmp_path: Path, kind: bytes, name: str, target: str, code: int):
    evidence = phone(tmp_path / "phone")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        archive.add(evidence, ".")
        link = tarfile.TarInfo(name)
        link.type, link.linkname = kind, target
        archive.addfile(link)
    (tmp_path / "phone.tar").write_bytes(packed.getvalue())
    assert told(ingest(new(tmp_path / "case"), tmp_path / "phone.tar", code=code)) == [name]
