"""Containers inside evidence: known by content, stepped into to a stated depth, opened by a password."""

from __future__ import annotations

import io
import tarfile
import zipfile
from functools import partial

import pytest
from archive_files import aes_zip_bytes, contents, opener, tar_bytes, zip_bytes, zipcrypto_bytes
from sporen_runs import MSGSTORE, exported, ingest, log, new, of, phone, texts, verified

from forensics import looking
from forensics.containers import kinds
from forensics.containers.locked import passwords
from forensics.errors import EvidenceUnreadable

PASSWORD = "Kaas 12 é".encode()


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return (phone(tmp_path_factory.mktemp("phone")) / MSGSTORE).read_bytes()


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "zip-password.txt"
    path.write_bytes(PASSWORD)
    return path


def tar_zst(*members):
    zstd = pytest.importorskip("backports.zstd")
    return zstd.compress(tar_bytes(*members))


@pytest.mark.parametrize("name", ["dump.bin", "noname", "photo.jpg"])
@pytest.mark.parametrize(
    "make",
    [
        zip_bytes,
        tar_bytes,
        lambda *members: tar_bytes(*members, mode="w:gz"),
        lambda *members: tar_bytes(*members, mode="w:xz"),
        tar_zst,
    ],
)
def test_a_container_is_known_by_its_content(tmp_path, database, name, make):
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / name).write_bytes(make((MSGSTORE, database)))
    case = new(tmp_path / "case")
    found = ingest(case, folder)
    assert [each["path"] for each in found["evidence"]] == [f"{name}!/{MSGSTORE}"]
    assert len(texts(case)) > 2


def test_a_tar_zst_is_evidence_of_its_own(tmp_path, database):
    (tmp_path / "ffs.tar.zst").write_bytes(tar_zst((MSGSTORE, database)))
    found = ingest(new(tmp_path / "case"), tmp_path / "ffs.tar.zst")
    assert [each["path"] for each in found["evidence"]] == [MSGSTORE]


def test_what_is_only_named_like_an_archive_is_told(tmp_path, database):
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "msgstore.db").write_bytes(database)
    (folder / "phone.zip").write_bytes(b"XX\x03\x04 damaged")
    found = ingest(new(tmp_path / "case"), folder)
    assert [(each["path"], each["text"]) for each in found["problems"]] == [
        ("phone.zip", "named like an archive, but it begins as none: looked at as a plain file")
    ]


def test_packages_of_apps_are_not_looked_into_and_named(tmp_path, database):
    folder = tmp_path / "evidence"
    folder.mkdir()
    package = zip_bytes(("AndroidManifest.xml", b"x"), ("assets/msgstore.db", database))
    (folder / "base.apk").write_bytes(package)
    (folder / "letter.docx").write_bytes(zip_bytes(("[Content_Types].xml", b"x")))
    (folder / "msgstore.db").write_bytes(database)
    found = ingest(new(tmp_path / "a"), folder)
    (problem,) = found["problems"]
    assert "not looked into: base.apk, letter.docx" in problem["text"]
    assert [each["path"] for each in found["evidence"]] == ["msgstore.db"]
    # named as an archive by a person, it is one
    (folder / "base.apk").rename(folder / "base.zip")
    found = ingest(new(tmp_path / "b"), folder)
    assert "base.zip!/assets/msgstore.db" in [each["path"] for each in found["evidence"]]


def test_many_small_archives_do_not_use_up_the_open_files(tmp_path, database):
    folder = tmp_path / "evidence"
    folder.mkdir()
    for number in range(1200):
        (folder / f"{number:04}.bin").write_bytes(zip_bytes(("a.txt", b"1")))
    (folder / "zz.bin").write_bytes(zip_bytes(("msgstore.db", database)))
    found = ingest(new(tmp_path / "case"), folder)
    assert [each["path"] for each in found["evidence"]] == ["zz.bin!/msgstore.db"]


@pytest.mark.parametrize(
    ("make", "is_nested"),
    [
        (aes_zip_bytes, False),
        (aes_zip_bytes, True),
        (partial(aes_zip_bytes, method=zipfile.ZIP_STORED), False),
        (partial(aes_zip_bytes, method=zipfile.ZIP_STORED), True),
        (zipcrypto_bytes, True),
        pytest.param(zipcrypto_bytes, False, marks=pytest.mark.full),  # ten seconds
    ],
)
def test_an_encrypted_zip_opens_with_its_password(tmp_path, database, password_file, make, is_nested):
    data = make(PASSWORD, (MSGSTORE, database), ("note.txt", b"hello"), ("empty", b""))
    evidence = tmp_path / "x.zip"
    evidence.write_bytes(zip_bytes(("in/ffs.bin", data)) if is_nested else data)
    case = new(tmp_path / "case")
    found = ingest(case, evidence, "--key", password_file)
    assert [each["path"] for each in found["evidence"]] == [
        f"in/ffs.bin!/{MSGSTORE}" if is_nested else MSGSTORE
    ]
    (entry,) = [each for each in log(case) if each["action"] == "decrypt"]
    assert (entry["result"], entry["detail"]["form"]) == ("ok", "zip-encryption")
    assert found["problems"] == []
    assert verified(case, "--evidence", evidence, "--key", password_file) == []
    assert of(exported(case), "message")[0]["source"]["path"].endswith(MSGSTORE)


@pytest.mark.parametrize("make", [zipcrypto_bytes, aes_zip_bytes])
def test_a_wrong_password_and_none_are_code_4_and_the_rest_is_read(tmp_path, database, make):
    evidence = tmp_path / "x.zip"
    evidence.write_bytes(make(PASSWORD, ("secret/wa.db", b"SQLite format 3\x00" + bytes(4000))))
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(b"no")
    found = ingest(new(tmp_path / "a"), evidence, "--key", wrong, code=4)
    assert "wrong password, or changed file" in str(found["problems"])
    assert "1 encrypted members" in str(ingest(new(tmp_path / "b"), evidence, code=4)["problems"])
    folder = tmp_path / "both"
    folder.mkdir()
    evidence.rename(folder / "x.zip")
    (folder / "msgstore.db").write_bytes(database)
    found = ingest(new(tmp_path / "c"), folder, code=4)
    assert [each["path"] for each in found["evidence"]] == ["msgstore.db"]


def test_a_changed_byte_of_an_encrypted_member_is_told(tmp_path):
    data = bytearray(aes_zip_bytes(PASSWORD, ("a.bin", b"x" * 5000), method=zipfile.ZIP_STORED))
    data[data.index(b"a.bin") + 300] ^= 1
    with opener(tmp_path) as evidence_of:
        evidence = evidence_of(bytes(data))
        assert contents(evidence) == {}
        evidence.password = PASSWORD
        (member,) = evidence.encrypted_members()
        with pytest.raises(EvidenceUnreadable), evidence.open(member) as stream:
            stream.read()
        assert evidence.damage(member) is not None


@pytest.mark.parametrize(
    ("material", "found"),
    [
        (b"secret\r\n", [b"secret"]),
        (b"\xef\xbb\xbfsecret ", [b"secret "]),
        ("é€".encode(), ["é€".encode()]),
        (b"two\nlines", []),
        (b"\xff\xfe", []),
        (b"", []),
        (b"\n", []),
        (b"x" * 1025, []),
        (b"\x00" * 32, []),
    ],
)
def test_what_may_be_a_password(material, found):
    assert passwords(material) == found


def test_in_a_large_archive_only_what_matters_is_looked_into_and_the_rest_counted(
    tmp_path, database, monkeypatch
):
    monkeypatch.setattr(looking, "BROAD", 5)
    others = [(f"Dump/data/data/com.example/files/{n}.bin", database) for n in range(6)]
    inner = zip_bytes(("msgstore.db", database))
    evidence = tmp_path / "ffs.zip"
    evidence.write_bytes(
        zip_bytes(*others, (f"Dump/{MSGSTORE}", database), ("Dump/data/media/0/Download/x.zip", inner))
    )
    found = ingest(new(tmp_path / "case"), evidence)
    paths = ["Dump/data/media/0/Download/x.zip!/msgstore.db", f"Dump/{MSGSTORE}"]
    assert sorted(each["path"] for each in found["evidence"]) == sorted(paths)
    assert any(each["text"].startswith("6 members were not looked into") for each in found["problems"])


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"PK\x03\x04", "archive"),
        (b"PK\x05\x06", "archive"),
        (b"PK\x06\x06", "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"BZh9", "archive"),
        (b"\xfd7zXZ\x00", "archive"),
        (b"\x28\xb5\x2f\xfd", "archive"),
        (bytes(257) + b"ustar\x00", "archive"),
        (b"ANDROID BACKUP\n5\n", "android backup"),
        (b"EVF\t\r\n\xff\x00", "ewf"),
        (b"SQLite format 3\x00", None),
        (b"PK", None),
        (b"", None),
    ],
)
def test_kinds_by_their_first_bytes(head, kind):
    assert kinds.kind(head) == kind


def test_a_gzip_that_is_no_tar_is_a_plain_file(tmp_path, database):
    folder = tmp_path / "evidence"
    folder.mkdir()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz"):
        pass
    (folder / "log.gz").write_bytes(b"\x1f\x8b\x08\x00 and then nothing")
    (folder / "msgstore.db").write_bytes(database)
    assert ingest(new(tmp_path / "case"), folder)["problems"] == []
