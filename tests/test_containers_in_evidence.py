"""What a file is by its content, containers in containers, and how far that goes."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile

import pytest

from forensics.errors import (
    LimitExceeded,
    UnknownKind,
)
from forensics.evidence import (
    Limits,
    nested,
    nested_stream,
    open_evidence,
)

DATABASE = b"SQLite format 3\x00" + bytes(range(256)) * 40


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def tarred(*members, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def contents(evidence):
    found = {}
    for member in evidence.members():
        with evidence.open(member) as stream:
            found[member.path] = stream.read()
    return found


def problems(evidence):
    return [(problem.path, problem.text, problem.unread) for problem in evidence.problems]


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "phone"
    for name, data in {"b/msgstore.db": DATABASE, "b.txt": b"two", "a/z": b"", "a/é": b"one"}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "file"),
        (DATABASE, "file"),
        (b"\x1f\x8b not gzip", "file"),
        (b"BZh9 not bzip2", "file"),
        (b"\xfd7zXZ\x00 not xz", "file"),
        (zipped(), "zip"),
        (zipped(("a", b"")), "zip"),
        (b"PK\x05\x06" + bytes(18), "zip"),
        (tarred(("a", b"1")), "tar"),
        (tarred(("a", b"1"), mode="w:gz"), "tar"),
        (tarred(("a", b"1"), mode="w:bz2"), "tar"),
        (tarred(("a", b"1"), mode="w:xz"), "tar"),
    ],
    # not by their bytes: a gzip holds the time at which it was made
    ids=[
        "empty",
        "database",
        "no-gzip",
        "no-bzip2",
        "no-xz",
        "zip",
        "zip-of-one",
        "end-of-zip",
        "tar",
        "gz",
        "bz2",
        "xz",
    ],
)
def test_the_kind_is_told_by_the_content(tmp_path, data, kind):
    path = tmp_path / "msgstore.db"
    path.write_bytes(data)
    with open_evidence(path) as evidence:
        assert evidence.kind == kind
        assert evidence.root == path
        assert evidence.sha256() == sha256(data)
        if kind == "file":
            assert contents(evidence) == {"msgstore.db": data}


def test_a_zip_in_a_zip_and_a_tar_in_a_folder_are_stepped_into(tmp_path):
    inner = zipped(("Dump/msgstore.db", DATABASE))
    (tmp_path / "case.zip").write_bytes(zipped(("x/FFS.zip", inner), ("note.txt", b"n")))
    with open_evidence(tmp_path / "case.zip") as outer:
        member = next(outer.members())
        with nested(outer, member) as found:
            assert (found.kind, found.depth, found.name) == ("zip", 1, "x/FFS.zip")
            assert contents(found) == {"x/FFS.zip!/Dump/msgstore.db": DATABASE}
            assert found.sha256() == sha256(inner) == outer.member_sha256(member)
            assert found.root == tmp_path / "case.zip"
    (tmp_path / "case.zip").write_bytes(tarred(("f", b"1"), mode="w:gz"))
    with open_evidence(tmp_path) as outer, nested(outer, next(outer.members())) as found:
        assert contents(found) == {"case.zip!/f": b"1"}


def test_a_member_that_is_no_container_is_not_stepped_into(folder):
    evidence = open_evidence(folder)
    with pytest.raises(UnknownKind, match="a/z: neither a zip nor a tar"):
        nested(evidence, next(evidence.members()))


def test_containers_go_only_so_deep(tmp_path):
    data = zipped(("f", b"1"))
    for number in range(3):
        data = zipped((f"{number}.zip", data))
    (tmp_path / "e.zip").write_bytes(data)
    evidence = open_evidence(tmp_path / "e.zip")
    opened = [evidence]
    for _ in range(3):
        opened.append(nested(opened[-1], next(opened[-1].members())))
    assert contents(opened[-1]) == {"2.zip!/1.zip!/0.zip!/f": b"1"}
    with pytest.raises(LimitExceeded, match="more than 3 containers in each other"):
        nested(opened[-1], next(opened[-1].members()))
    for found in reversed(opened):
        found.close()


def test_a_container_out_of_a_decrypted_stream_has_the_path_it_is_given(folder):
    evidence = open_evidence(folder)
    stream = io.BytesIO(zipped(("messages.bin", b"1")))
    with nested_stream(evidence, stream, "b/increment.crypt15!/payload") as found:
        assert list(contents(found)) == ["b/increment.crypt15!/payload!/messages.bin"]


def test_more_members_than_allowed_is_an_error(tmp_path, folder):
    limits = Limits(members=3)
    with pytest.raises(LimitExceeded, match="more than the 3 members"):
        list(open_evidence(folder, limits).members())
    path = tmp_path / "e"
    path.write_bytes(zipped(*[(str(n), b"") for n in range(4)]))
    with pytest.raises(LimitExceeded, match="more than the 3 members"):
        open_evidence(path, limits)
    path.write_bytes(tarred(*[(str(n), b"") for n in range(4)]))
    with (
        open_evidence(path, limits) as evidence,
        pytest.raises(LimitExceeded, match="more than the 3 members"),
    ):
        list(evidence.members())
