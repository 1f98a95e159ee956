"""Android backups: every form opens as the phone it came from, and a wrong password is exit code 4."""

from __future__ import annotations

import hashlib
import importlib.util
import pickle
import tarfile

import pytest
from backup_files import PASSWORD, android_backup
from sporen_runs import balance, exported, ingest, log, new, of, phone, texts, verified

from forensics.containers.android_backup import device_path
from forensics.errors import DamagedEvidence, WrongKey
from forensics.formats.android_backup import as_java_text, master_key, read_head


@pytest.fixture(scope="module")
def app_files(tmp_path_factory):
    root = phone(tmp_path_factory.mktemp("phone") / "phone")
    app = root / "data/data/com.whatsapp"
    return {
        "apps/com.whatsapp/_manifest": b"1\ncom.whatsapp\n",
        "apps/com.whatsapp/db/msgstore.db": (app / "databases/msgstore.db").read_bytes(),
        "apps/com.whatsapp/db/wa.db": (app / "databases/wa.db").read_bytes(),
        "apps/com.whatsapp/sp/com.whatsapp_preferences_light.xml": (
            app / "shared_prefs/com.whatsapp_preferences_light.xml"
        ).read_bytes(),
    }


@pytest.fixture(scope="module")
def plain_texts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain")
    case = new(folder / "case")
    ingest(case, phone(folder / "phone"))
    return texts(case), of(exported(case), "account")[0]


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"version": 1},
        {"password": PASSWORD},
        {"password": PASSWORD, "version": 1, "legacy_checksum": True},
        {"password": PASSWORD, "version": 4, "legacy_checksum": True},
    ],
)
def test_every_form_gives_the_messages_of_the_phone(tmp_path, app_files, plain_texts, form, compressed):
    backup = tmp_path / "backup.ab"
    backup.write_bytes(android_backup(*app_files.items(), compressed=compressed, **form))
    key = tmp_path / "password.txt"
    key.write_text(PASSWORD + "\n", "utf-8")
    case = new(tmp_path / "case")
    found = ingest(case, backup, *(["--key", key] if "password" in form else []))
    balance(found)
    database = app_files["apps/com.whatsapp/db/msgstore.db"]
    path = "backup.ab!/apps/com.whatsapp/db/msgstore.db"
    (file,) = [each for each in found["evidence"] if each["path"] == path]
    assert file["sha256"] == hashlib.sha256(database).hexdigest()
    assert texts(case) == plain_texts[0]
    account = of(exported(case), "account")[0]
    assert (account["phone"], account["handle"]) == (plain_texts[1]["phone"], plain_texts[1]["handle"])
    if "password" in form:
        (entry,) = [each for each in log(case) if each["action"] == "decrypt"]
        assert entry["result"] == "ok"
        assert entry["detail"]["form"] == "android-backup-aes256"
        assert PASSWORD not in (case / "custody.jsonl").read_text("utf-8")
        assert verified(case, "--evidence", backup, "--key", key) == []


def test_a_wrong_password_and_none_are_code_4(tmp_path, app_files):
    backup = tmp_path / "backup.ab"
    backup.write_bytes(android_backup(*app_files.items(), password=PASSWORD))
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("another", "utf-8")
    assert "wrong password" in str(ingest(new(tmp_path / "a"), backup, "--key", wrong, code=4)["problems"])
    sentence = str(ingest(new(tmp_path / "b"), backup, code=4)["problems"])
    assert "name one with --key" in sentence


def test_a_backup_in_a_folder_with_another_name_is_found_by_its_content(tmp_path, app_files, plain_texts):
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "dump.bin").write_bytes(android_backup(*app_files.items()))
    case = new(tmp_path / "case")
    ingest(case, folder)
    assert texts(case) == plain_texts[0]


def test_a_cut_backup_gives_what_is_left_and_says_so(tmp_path, app_files):
    data = android_backup(*app_files.items(), compressed=False)
    (tmp_path / "cut.ab").write_bytes(data[: data.index(b"apps/com.whatsapp/db/wa.db") + 2000])
    found = ingest(new(tmp_path / "case"), tmp_path / "cut.ab", code=3)
    assert any("msgstore.db" in each["path"] for each in found["evidence"])
    assert any("cut off" in each["text"] or "missing" in each["text"] for each in found["problems"])


@pytest.mark.parametrize(
    "data",
    [
        b"ANDROID BACKUP\n",
        b"ANDROID BACKUP\n9\n0\nnone\n",
        b"ANDROID BACKUP\n5\n2\nnone\nx",
        b"ANDROID BACKUP\n5\n1\nDES\nx",
        b"ANDROID BACKUP\n5\n1\nAES-256\nzz\nzz\n1\nzz\nzz\n",
        b"ANDROID BACKUP\n5\n1\nAES-256\naa\naa\n9999999\n" + b"00" * 16 + b"\n" + b"00" * 16 + b"\n",
        b"ANDROID BACKUP\n5\n1\nAES-256\naa\naa\n1\n" + b"00" * 16 + b"\n\n",
    ],
)
def test_a_damaged_head_is_one_sentence(tmp_path, data):
    with pytest.raises(DamagedEvidence):
        read_head(data)
    path = tmp_path / "x.ab"
    path.write_bytes(data)
    document = ingest(new(tmp_path / "case"), path, code=3)
    assert "Android backup" in str(document["problems"])


def test_the_key_as_java_wrote_it():
    # sign-extended: 0x80 is the char 0xFF80, in UTF-8 EF BE 80; 0xFF is 0xFFFF, EF BF BF
    assert as_java_text(b"\x00\x7f\x80\xbf\xc0\xff") == bytes.fromhex("007f efbe80 efbebf efbf80 efbfbf")


def test_every_truncation_of_the_master_key_is_a_wrong_key():
    data = android_backup(("a", b"1"), password="x", compressed=False)
    seal = read_head(data).seal
    assert seal is not None
    assert len(master_key(seal, b"x")[0]) == 32
    for length in range(16, len(seal.master_key), 16):
        cut = type(seal)(
            user_salt=seal.user_salt, checksum_salt=seal.checksum_salt, rounds=seal.rounds, iv=seal.iv,
            master_key=seal.master_key[:length],
        )  # fmt: skip
        with pytest.raises(WrongKey):
            master_key(cut, b"x")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("x.ab!/apps/com.whatsapp/db/msgstore.db", "x.ab!/data/data/com.whatsapp/databases/msgstore.db"),
        ("apps/com.whatsapp/sp/a.xml", "/data/data/com.whatsapp/shared_prefs/a.xml"),
        ("apps/a.b/f/x/y", "/data/data/a.b/files/x/y"),
        ("apps/a.b/r/app_x/y", "/data/data/a.b/app_x/y"),
        ("apps/a.b/d_db/y", "/data/user_de/0/a.b/databases/y"),
        ("apps/a.b/ef/y", "/data/media/0/Android/data/a.b/files/y"),
        ("shared/0/WhatsApp/Media/y", "/data/media/0/WhatsApp/Media/y"),
        ("apps/a.b/_manifest", "apps/a.b/_manifest"),
    ],
)
def test_where_a_member_was_on_the_phone(path, place):
    assert device_path(path) == place


def test_a_file_that_only_says_it_is_one(tmp_path):
    (tmp_path / "x.ab").write_bytes(b"no backup at all")
    found = ingest(new(tmp_path / "case"), tmp_path / "x.ab", code=3)
    assert "nothing here is of a kind" in str(found["problems"])


needs_other_program = pytest.mark.skipif(
    importlib.util.find_spec("android_backup") is None, reason="needs the test extra"
)


@needs_other_program
@pytest.mark.filterwarnings("ignore:PBKDF2 without:DeprecationWarning")  # of the other program
@pytest.mark.parametrize("compressed", [False, True])
def test_another_program_opens_what_the_maker_writes(tmp_path, app_files, compressed):
    from android_backup import AndroidBackup  # noqa: PLC0415

    path = tmp_path / "backup.ab"
    path.write_bytes(android_backup(*app_files.items(), password=PASSWORD, compressed=compressed))
    with AndroidBackup(str(path), password=PASSWORD.encode(), stream=False) as other:
        tar = other.read_data()
        found = {each.name: tar.extractfile(each).read() for each in tar.getmembers()}
    assert found == app_files


@needs_other_program
@pytest.mark.filterwarnings("ignore:PBKDF2 without:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the other program leaves its files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_backup_that_another_program_wrote_is_read(tmp_path, app_files, plain_texts, monkeypatch):
    from android_backup import AndroidBackup, CompressionType, EncryptionType  # noqa: PLC0415

    monkeypatch.chdir(tmp_path)  # it changes into the folder that it packs
    members = []
    for name, data in app_files.items():
        file = tmp_path / "source" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        member = tarfile.TarInfo(name)
        member.size = len(data)
        members.append(member)
    (tmp_path / "members").write_bytes(pickle.dumps(members))
    other = AndroidBackup()
    other.version, other.encryption = 5, EncryptionType.AES256
    other.compression = CompressionType.ZLIB  # it cannot encrypt what is not compressed
    backup = tmp_path / "other.ab"
    other.pack(
        str(backup), str(tmp_path / "source"), password="Fietsbel 7", pickle_fname=str(tmp_path / "members")
    )
    key = tmp_path / "password.txt"
    key.write_text("Fietsbel 7", "utf-8")
    case = new(tmp_path / "case")
    found = ingest(case, backup, "--key", key)
    digests = {each["path"].rpartition("!/")[2]: each["sha256"] for each in found["evidence"]}
    path = "apps/com.whatsapp/db/msgstore.db"
    assert digests[path] == hashlib.sha256(app_files[path]).hexdigest()
    assert texts(case) == plain_texts[0]
