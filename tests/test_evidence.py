"""Evidence as it arrives: files, folders and containers in containers; what is wrong is named, never lost."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import socket
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from forensics import evidence as module
from forensics.errors import (
    EvidenceMismatch,
    EvidenceMissing,
    EvidenceUnreadable,
    UnknownKind,
)
from forensics.evidence import (
    companions,
    open_evidence,
    sha256_stream,
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


def test_a_file_brings_its_own_companions_and_nothing_else(tmp_path):
    for name in ("msgstore.db", "msgstore.db-wal", "msgstore.db-journal", "wa.db", "msgstore.db-wal2"):
        (tmp_path / name).write_bytes(name.encode())
    path = tmp_path / "msgstore.db"
    assert companions(path) == [tmp_path / "msgstore.db-wal", tmp_path / "msgstore.db-journal"]
    with open_evidence(path) as evidence:
        assert evidence.kind == "file"
        assert contents(evidence) == {
            name: name.encode() for name in ("msgstore.db", "msgstore.db-wal", "msgstore.db-journal")
        }
        assert [member.index for member in evidence.members()] == [0, 1, 2]
        assert evidence.sha256() == sha256(b"msgstore.db")
        assert evidence.problems == []
    assert companions(tmp_path / "wa.db") == []


def test_a_link_beside_a_file_is_named_and_not_followed(tmp_path):
    (tmp_path / "msgstore.db").write_bytes(DATABASE)
    (tmp_path / "secret").write_bytes(b"outside")
    (tmp_path / "msgstore.db-wal").symlink_to(tmp_path / "secret")
    evidence = open_evidence(tmp_path / "msgstore.db")
    assert contents(evidence) == {"msgstore.db": DATABASE}
    assert problems(evidence) == [
        ("msgstore.db-wal", f"a symbolic link, which is not followed: it leads to {tmp_path}/secret", False)
    ]


def test_a_link_that_a_person_names_is_followed(tmp_path, folder):
    link = tmp_path / "link"
    link.symlink_to(folder / "b.txt")
    evidence = open_evidence(link)
    assert contents(evidence) == {"link": b"two"}
    assert evidence.sha256() == sha256(b"two")
    link.unlink()
    link.symlink_to(folder)
    assert open_evidence(link).sha256() == open_evidence(folder).sha256()


def test_a_folder_is_walked_in_one_order(folder):
    evidence = open_evidence(folder)
    members = list(evidence.members())
    assert evidence.kind == "folder"
    assert [member.path for member in members] == ["a/z", "a/é", "b/msgstore.db", "b.txt"]
    assert [member.index for member in members] == [0, 1, 2, 3]
    assert [member.size for member in members] == [0, 3, len(DATABASE), 3]
    os.utime(folder / "b.txt", ns=(5, 1_600_000_000_123_456_789))
    assert list(evidence.members())[3].modified == 1_600_000_000_123
    assert contents(evidence)["a/é"] == b"one"
    assert evidence.problems == []


def test_the_digest_of_a_folder_is_that_of_its_sorted_lines(folder):
    lines = sorted(
        f"{sha256(p.read_bytes())}  {p.relative_to(folder)}\n" for p in folder.rglob("*") if p.is_file()
    )
    steps = []
    evidence = open_evidence(folder)
    assert evidence.sha256(steps.append) == sha256("".join(lines).encode())
    assert sum(steps) == len(DATABASE) + 6
    assert evidence.sha256(steps.append) == evidence.sha256()
    assert sum(steps) == len(DATABASE) + 6


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_digest_of_a_folder_can_be_made_by_hand(folder):
    (folder / "line\nend").write_bytes(b"x")
    (folder / "back\\slash").write_bytes(b"y")
    command = "find . -type f -printf '%P\\0' | xargs -0 sha256sum | LC_ALL=C sort | sha256sum"
    printed = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=True).stdout
    assert open_evidence(folder).sha256() == printed.split()[0].decode()


def test_each_file_is_read_for_its_digest_once(folder, monkeypatch):
    opened = []
    real = module._open
    monkeypatch.setattr(module, "_open", lambda path, extra: (opened.append(str(path)), real(path, extra))[1])
    evidence = open_evidence(folder)
    evidence.sha256()
    digests = {member.path: evidence.member_sha256(member) for member in evidence.members()}
    assert digests["b/msgstore.db"] == sha256(DATABASE)
    assert len(opened) == len(set(opened)) == 4


def test_what_is_no_file_in_a_folder_is_named(folder):
    (folder / "link").symlink_to("b")
    (folder / "loop").symlink_to("loop")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket"))
        evidence = open_evidence(folder)
        assert "link" not in contents(evidence)
    assert problems(evidence) == [
        ("link", "a symbolic link, which is not followed: it leads to b", False),
        ("loop", "a symbolic link, which is not followed: it leads to loop", False),
        ("pipe", "a named pipe, which is not followed", False),
        ("socket", "a socket, which is not followed", False),
    ]
    list(evidence.members())
    assert len(evidence.problems) == 4


def test_a_name_that_is_no_utf8_is_read_and_named(folder):
    name = os.fsdecode(b"caf\xe9.db")
    (folder / name).write_bytes(b"odd")
    (folder / "caf\\xe9.db").write_bytes(b"plain")
    evidence = open_evidence(folder)
    found = contents(evidence)
    assert (found["caf\\xe9.db"], found["caf\\xe9.db#2"]) == (b"plain", b"odd")
    assert [(path, unread) for path, _, unread in problems(evidence)] == [("caf\\xe9.db#2", False)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(folder):
    (folder / "b.txt").chmod(0)
    (folder / "a").chmod(0)
    evidence = open_evidence(folder)
    try:
        assert evidence.sha256() == sha256(f"{sha256(DATABASE)}  b/msgstore.db\n".encode())
        assert [(path, unread) for path, _, unread in problems(evidence)] == [("a", True), ("b.txt", True)]
    finally:
        (folder / "a").chmod(0o700)


def test_a_place_that_cannot_be_looked_at_is_named(folder, monkeypatch):
    real = Path.lstat

    def lstat(path):
        if path.name in {"b", "b.txt"}:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    evidence = open_evidence(folder)
    assert [member.path for member in evidence.members()] == ["a/z", "a/é"]
    assert problems(evidence) == [
        ("b", "cannot be read: Permission denied", True),
        ("b.txt", "cannot be read: Permission denied", True),
    ]


def test_a_folder_that_cannot_be_listed_is_named(folder, monkeypatch):
    real = module._names

    def names(path):
        if path.name == "b":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(module, "_names", names)
    evidence = open_evidence(folder)
    assert [member.path for member in evidence.members()] == ["a/z", "a/é", "b.txt"]
    assert problems(evidence) == [("b", "this folder cannot be listed: Permission denied", True)]


def test_evidence_that_may_not_be_opened_is_unreadable(folder, monkeypatch):
    def refuse(path, flags):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module.os, "open", refuse)
    with pytest.raises(EvidenceUnreadable, match=r"b\.txt: cannot be read: Permission denied"):
        open_evidence(folder / "b.txt")


def test_a_file_that_fails_is_named_and_left_out_of_the_digest(folder, monkeypatch):
    class Failing(io.FileIO):
        def read(self, size=-1):
            if str(self.name).endswith("b.txt"):
                raise OSError(5, "Input/output error")
            return super().read(size)

    rest = [("a/z", b""), ("a/é", b"one"), ("b/msgstore.db", DATABASE)]
    monkeypatch.setattr(module, "_open", lambda path, extra: Failing(path))
    evidence = open_evidence(folder)
    lines = sorted(f"{sha256(data)}  {path}\n".encode() for path, data in rest)
    assert evidence.sha256() == sha256(b"".join(lines))
    assert problems(evidence) == [("b.txt", "cannot be read at offset 0: Input/output error", True)]


def test_a_file_that_vanishes_after_it_was_listed_is_named(folder):
    evidence = open_evidence(folder)
    (member,) = [member for member in evidence.members() if member.path == "b.txt"]
    (folder / "b.txt").unlink()
    with pytest.raises(EvidenceUnreadable, match=r"b\.txt: cannot be opened"):
        evidence.open(member)
    assert evidence.damage(member) == "cannot be opened: No such file or directory"


def test_a_file_that_shrinks_after_it_was_listed_is_named(folder):
    evidence = open_evidence(folder)
    (member,) = [member for member in evidence.members() if member.path == "b.txt"]
    (folder / "b.txt").write_bytes(b"t")
    with evidence.open(member) as stream:
        assert stream.read() == b"t"
    assert evidence.damage(member) == "1 of 3 bytes can be read: the rest is missing"


def test_a_file_swapped_for_a_link_is_not_followed(folder):
    evidence = open_evidence(folder)
    (member,) = [member for member in evidence.members() if member.path == "b.txt"]
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to("b/msgstore.db")
    with pytest.raises(EvidenceUnreadable):
        evidence.open(member)


@pytest.mark.parametrize("kind", ["file", "zip"])
def test_evidence_that_changes_while_it_is_hashed_is_an_error(tmp_path, kind):
    path = tmp_path / "evidence"
    path.write_bytes(DATABASE if kind == "file" else zipped(("a", DATABASE)))
    with open_evidence(path) as evidence, pytest.raises(EvidenceMismatch, match="changed while it was read"):
        evidence.sha256(lambda _: os.utime(path, ns=(1, 1)))


def test_nothing_is_written_and_no_time_is_touched(folder):
    paths = [folder, *folder.rglob("*")]
    old = 1_000_000_000_000_000_000
    for path in paths:
        os.utime(path, ns=(old, old))
    evidence = open_evidence(folder)
    contents(evidence)
    evidence.sha256()
    after = [path.stat() for path in paths]
    assert {info.st_mtime_ns for info in after} == {old}
    if hasattr(os, "O_NOATIME"):
        assert {info.st_atime_ns for info in after} == {old}
    assert [folder, *folder.rglob("*")] == paths


def test_streams_can_be_sought_and_not_written(folder):
    (folder / "b.zip").write_bytes(zipped(("in", DATABASE)))
    with open_evidence(folder) as files, open_evidence(folder / "b.zip") as archive:
        for evidence, path in ((files, "b/msgstore.db"), (archive, "in")):
            (member,) = [member for member in evidence.members() if member.path == path]
            with evidence.open(member) as stream:
                assert stream.seekable()
                assert not stream.writable()
                assert stream.seek(-10, os.SEEK_END) == len(DATABASE) - 10
                assert stream.read() == DATABASE[-10:]
                assert stream.seek(16) == 16
                assert stream.read(4) == DATABASE[16:20]
                assert stream.seek(2, os.SEEK_CUR) == 22
                assert stream.read(2) == DATABASE[22:24]
                assert stream.seek(len(DATABASE) + 5) == len(DATABASE) + 5
                assert stream.read() == b""
                with pytest.raises((OSError, ValueError)):
                    stream.seek(-1)
                with pytest.raises(io.UnsupportedOperation):
                    stream.write(b"x")


def test_what_is_not_there_is_missing(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for path in (tmp_path / "none", tmp_path / "file" / "below"):
        with pytest.raises(EvidenceMissing, match="no such file or folder"):
            open_evidence(path)


def test_what_is_no_file_and_no_folder_is_of_no_known_kind(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnknownKind, match="neither a file nor a folder"):
        open_evidence(tmp_path / "pipe")


def test_sha256_of_a_stream_counts_what_it_read():
    steps = []
    data = bytes(3 << 20) + b"1"
    assert sha256_stream(io.BytesIO(data), steps.append) == sha256(data)
    assert steps == [1 << 20, 1 << 20, 1 << 20, 1]
