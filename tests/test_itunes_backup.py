"""iTunes and Finder backups: plain and encrypted ones, their faults, and another program's view of them."""

from __future__ import annotations

import hashlib
import importlib.util
import plistlib
import sqlite3
import zipfile
from contextlib import closing

import pytest
from backup_files import PASSWORD, ItunesMaker, archived
from sporen_runs import balance, exported, ingest, log, new, of, snapshot, texts, verified
from whatsapp_ios_installations import BUILD

from forensics.errors import DamagedEvidence, WrongKey
from forensics.formats.keybag import class_keys, read_keybag
from forensics.formats.keyed_archive import root_fields
from forensics.formats.plist import PlistError

SHARED = "AppDomainGroup-group.net.whatsapp.WhatsApp.shared"


@pytest.fixture(scope="module")
def app_files(tmp_path_factory):
    root = BUILD.build("direct", tmp_path_factory.mktemp("ios"))
    return {path.name: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def make(folder, app_files, password=None, **options):
    maker = ItunesMaker(folder, password, **options)
    for name, data in app_files.items():
        maker.file(SHARED, name, data)
    maker.file("HomeDomain", "Library/Preferences/com.example.plist", b"x" * 100, protection=4)
    maker.row(hashlib.sha1(b"HomeDomain-Library").hexdigest(), "HomeDomain", "Library", 2)
    return maker


@pytest.fixture
def password_file(tmp_path):
    path = tmp_path / "password.txt"
    path.write_text(PASSWORD + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def plain_texts(tmp_path_factory, app_files):
    folder = tmp_path_factory.mktemp("plain")
    for name, data in app_files.items():
        path = folder / "phone" / SHARED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    case = new(folder / "case")
    ingest(case, folder / "phone")
    found = texts(case)
    assert len(found) > 2
    return found


def read_whole(folder, tmp_path, app_files, plain_texts, keys):
    """Ingest a backup: its messages are there, it is not touched and verifies; gives the case and what
    ``ingest`` printed."""
    before = snapshot(folder)
    case = new(tmp_path / "case")
    found = ingest(case, folder, *keys)
    balance(found)
    (file,) = [each for each in found["evidence"] if each["path"] == f"{SHARED}/ChatStorage.sqlite"]
    assert file["sha256"] == hashlib.sha256(app_files["ChatStorage.sqlite"]).hexdigest()
    assert (file["app"], file["platform"]) == ("whatsapp", "ios")
    assert texts(case) == plain_texts
    assert snapshot(folder) == before
    assert verified(case, "--evidence", folder, *keys) == []
    return case, found


@pytest.mark.parametrize("password", [None, PASSWORD])
@pytest.mark.parametrize("is_old", [False, True])
def test_the_files_are_found_by_domain_and_path(
    tmp_path, app_files, plain_texts, password_file, password, is_old
):
    folder = make(tmp_path / "backup", app_files, password, is_old=is_old).close()
    keys = ["--key", password_file] if password else []
    case, _found = read_whole(folder, tmp_path, app_files, plain_texts, keys)
    if password:
        (entry,) = [each for each in log(case) if each["action"] == "decrypt"]
        assert (entry["result"], entry["detail"]["form"]) == ("ok", "itunes-backup")
        assert PASSWORD not in (case / "custody.jsonl").read_text("utf-8")


def test_a_backup_in_a_zip_and_in_a_folder_steps_in(tmp_path, app_files, plain_texts, password_file):
    make(tmp_path / "all" / "00008030-0011", app_files, PASSWORD).close()
    case = new(tmp_path / "a")
    found = ingest(case, tmp_path / "all", "--key", password_file)
    assert f"00008030-0011!/{SHARED}/ChatStorage.sqlite" in [each["path"] for each in found["evidence"]]
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for path in sorted((tmp_path / "all").rglob("*")):
            if path.is_file():
                archive.write(path, "Backup Service/" + path.relative_to(tmp_path / "all").as_posix())
    case = new(tmp_path / "b")
    found = ingest(case, tmp_path / "x.zip", "--key", password_file)
    path = f"Backup Service/00008030-0011!/{SHARED}/ChatStorage.sqlite"
    assert path in [each["path"] for each in found["evidence"]]
    assert texts(case) == plain_texts


def test_a_wrong_password_and_none_are_code_4(tmp_path, app_files):
    folder = make(tmp_path / "backup", app_files, PASSWORD).close()
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another", "utf-8")
    assert "wrong password" in str(ingest(new(tmp_path / "a"), folder, "--key", wrong, code=4)["problems"])
    problems = str(ingest(new(tmp_path / "b"), folder, code=4)["problems"])
    assert "itunes-backup" in problems
    assert "name one with --key" in problems


def test_a_listed_file_that_is_not_there_is_code_3(tmp_path, app_files):
    maker = make(tmp_path / "backup", app_files)
    gone = hashlib.sha1(f"{SHARED}-CallHistory.sqlite".encode()).hexdigest()
    maker.row(gone, SHARED, "CallHistory.sqlite", 1)
    maker.row("0" * 40, "AppDomain-com.example", "data", 1)
    found = ingest(new(tmp_path / "case"), maker.close(), code=3)
    told = {each["path"]: each["text"] for each in found["problems"]}
    assert "is not in the backup" in told[f"{SHARED}/CallHistory.sqlite"]
    assert "2 files that the manifest lists are not in the backup" in told["Manifest.db"]
    assert "AppDomain-com.example/data" not in told


def test_a_file_that_only_the_phone_can_open_is_code_4(tmp_path, app_files, password_file):
    maker = make(tmp_path / "backup", app_files, PASSWORD)
    maker.file(SHARED, "Other.sqlite", b"SQLite format 3\x00" + bytes(600), protection=1)
    found = ingest(new(tmp_path / "case"), maker.close(), "--key", password_file, code=4)
    told = {each["path"]: each["text"] for each in found["problems"]}
    assert "protection class 1 (NSFileProtectionComplete)" in told[f"{SHARED}/Other.sqlite"]


def test_another_size_in_the_manifest_is_told_and_the_padding_believed(tmp_path, app_files, password_file):
    maker = ItunesMaker(tmp_path / "backup", PASSWORD)
    data = app_files["ChatStorage.sqlite"]
    maker.file(SHARED, "ChatStorage.sqlite", data, stated=len(data) + 5)
    found = ingest(new(tmp_path / "case"), maker.close(), "--key", password_file)
    (file,) = found["evidence"]
    assert file["sha256"] == hashlib.sha256(data).hexdigest()
    assert f"{len(data)} bytes, where its manifest says {len(data) + 5}" in str(found["problems"])


def test_names_that_lead_out_stay_inside(tmp_path, app_files):
    maker = make(tmp_path / "backup", app_files)
    maker.file("../../x", "../../whatsapp/y", b"1")
    found = ingest(new(tmp_path / "case"), maker.close())
    assert any("%2E%2E/%2E%2E/x" in each["path"] for each in found["problems"])
    assert not (tmp_path / "whatsapp").exists()


@pytest.mark.parametrize("damage", ["no table", "no database", "no properties", "no keybag"])
def test_a_damaged_manifest_is_told_and_the_files_are_read_by_content(tmp_path, app_files, damage):
    maker = make(tmp_path / "backup", app_files, PASSWORD if damage == "no keybag" else None)
    folder = maker.close()
    if damage == "no table":
        with closing(sqlite3.connect(folder / "Manifest.db")) as connection:
            connection.execute("DROP TABLE Files")
            connection.commit()
    elif damage == "no database":
        (folder / "Manifest.db").write_bytes(b"nothing")
    elif damage == "no properties":
        (folder / "Manifest.plist").write_bytes(b"nothing")
    else:
        (folder / "Manifest.plist").write_bytes(plistlib.dumps({"IsEncrypted": True}))
    found = ingest(new(tmp_path / "case"), folder, code=3)
    assert "Manifest" in str(found["problems"])
    if damage != "no keybag":
        assert len(found["evidence"]) >= 1


def test_every_truncation_of_the_keybag_is_damage_or_a_wrong_key(tmp_path, app_files):
    folder = make(tmp_path / "backup", app_files, PASSWORD).close()
    keybag = plistlib.loads((folder / "Manifest.plist").read_bytes())["BackupKeyBag"]
    assert set(class_keys(read_keybag(keybag), PASSWORD.encode())) == {3, 4}
    for length in range(0, len(keybag), 3):
        try:
            class_keys(read_keybag(keybag[:length]), PASSWORD.encode())
        except (DamagedEvidence, WrongKey):
            continue
        # what is cut off is a class key, or a part of one that is not read
        assert keybag[:length].count(b"WPKY") in (1, 2, 3)


def test_a_keybag_that_asks_for_too_many_rounds_is_refused(tmp_path, app_files):
    folder = make(tmp_path / "backup", app_files, PASSWORD).close()
    keybag = plistlib.loads((folder / "Manifest.plist").read_bytes())["BackupKeyBag"]
    for tag in (b"DPIC", b"ITER"):
        at = keybag.index(tag) + 8
        with pytest.raises(DamagedEvidence, match=r"rounds|damaged"):
            read_keybag(keybag[:at] + b"\x7f\xff\xff\xff" + keybag[at + 4 :])


def test_every_truncation_of_a_files_archive_is_an_error():
    data = archived(12345, b"\x03\x00\x00\x00" + bytes(40), 3)
    assert root_fields(data)["EncryptionKey"] == b"\x03\x00\x00\x00" + bytes(40)
    assert root_fields(data)["Size"] == 12345
    for length in range(len(data)):
        with pytest.raises(PlistError):
            root_fields(data[:length])


@pytest.mark.skipif(importlib.util.find_spec("iphone_backup_decrypt") is None, reason="needs the test extra")
def test_another_program_decrypts_the_same_bytes(tmp_path, app_files, password_file):
    from iphone_backup_decrypt import EncryptedBackup  # noqa: PLC0415

    folder = make(tmp_path / "backup", app_files, PASSWORD).close()
    other = EncryptedBackup(backup_directory=str(folder), passphrase=PASSWORD)
    data = other.extract_file_as_bytes("ChatStorage.sqlite", domain_like="%WhatsApp.shared")
    assert data == app_files["ChatStorage.sqlite"]
    case = new(tmp_path / "case")
    found = ingest(case, folder, "--key", password_file)
    (digest,) = [e["sha256"] for e in found["evidence"] if e["path"].endswith("ChatStorage.sqlite")]
    assert digest == hashlib.sha256(data).hexdigest()
    assert of(exported(case), "message")
