"""Encrypted evidence: without a key, with a wrong one, of another account, tampered with, and opened."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from sporen_runs import (
    MSGSTORE,
    done,
    everything,
    export_bytes,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    phone,
    refused,
    sporen,
    verified,
)
from whatsapp_backups import AES_KEY, ROOT_FILE, ROOT_KEY, crypt12, crypt14, crypt15, key_file

KEYS = {"crypt12": key_file(), "crypt14": key_file(), "crypt15": ROOT_FILE}
MAKERS: dict[str, Callable[[bytes], bytes]] = {"crypt12": crypt12, "crypt14": crypt14, "crypt15": crypt15}
OTHERS = {
    "crypt12": key_file(google_id=b"\x07" * 16, aes=bytes(range(32))),
    "crypt14": key_file(salt=bytes(32)),
    "crypt15": hashlib.sha256(b"another root key").digest().hex().encode(),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return (phone(tmp_path_factory.mktemp("plain") / "phone") / MSGSTORE).read_bytes()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new(tmp_path / "case")


def backup(folder: Path, form: str, plain: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"msgstore.db.{form}"
    file.write_bytes(MAKERS[form](zlib.compress(plain)))
    return file


def key(folder: Path, data: bytes, name: str = "opens") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("form", MAKERS)
def test_first_without_and_then_with_its_key(form: str, case: Path, tmp_path: Path, plain: bytes):
    file, opener = backup(tmp_path, form, plain), key(tmp_path, KEYS[form])
    found = ingest(case, file, code=4)
    assert "no key for it is at hand" in found["problems"][0]["text"]
    assert exported(case) == []
    ingest(case, file, "--key", opener)
    assert len(messages(case)) == 49
    assert {each["source"]["path"] for each in messages(case)} == {f"msgstore.db.{form}!/msgstore.db"}
    before = export_bytes(case)
    assert ingest(case, file)["known"] == [str(file)]
    assert export_bytes(case) == before
    assert verified(case, "--evidence", file, "--key", opener) == []


@pytest.mark.parametrize("form", MAKERS)
def test_a_key_that_is_none_of_the_form_is_not_told_as_missing(
    form: str, case: Path, tmp_path: Path, plain: bytes
):
    file, other = backup(tmp_path, form, plain), key(tmp_path, b"0123456789 no key of anything", "other")
    (problem,) = ingest(case, file, "--key", other, code=4)["problems"]
    assert "none of the keys given" in problem["text"]
    assert "at hand" not in problem["text"]


@pytest.mark.parametrize("form", MAKERS)
def test_a_key_of_another_account_is_4_and_logged(form: str, case: Path, tmp_path: Path, plain: bytes):
    file, wrong = backup(tmp_path, form, plain), key(tmp_path, OTHERS[form], "wrong")
    ingest(case, file, "--key", wrong, code=4)
    attempts = [each for each in log(case) if each["action"] == "decrypt" and each["result"] != "ok"]
    assert {each["detail"]["key_sha256"] for each in attempts} == {hashlib.sha256(OTHERS[form]).hexdigest()}
    assert exported(case) == []


def test_a_key_that_fits_no_form_is_4_and_logged(case: Path, tmp_path: Path, plain: bytes):
    file, wrong = backup(tmp_path, "crypt15", plain), key(tmp_path, b"not a key at all", "wrong")
    ingest(case, file, "--key", wrong, code=4)
    assert [each["object"] for each in log(case) if each["result"] == "opened nothing"] == [{"key": "wrong"}]


def test_a_key_that_opens_nothing_is_logged_and_no_error(case: Path, tmp_path: Path):
    ingest(case, phone(tmp_path / "phone"), "--key", key(tmp_path, ROOT_FILE, "spare"))
    entry = next(each for each in log(case) if each["result"] == "opened nothing")
    assert entry["detail"]["key_sha256"] == hashlib.sha256(ROOT_FILE).hexdigest()


@pytest.mark.parametrize("form", MAKERS)
def test_the_log_says_which_key_opened_what_and_no_key_is_in_the_case(
    form: str, case: Path, tmp_path: Path, plain: bytes
):
    ingest(case, backup(tmp_path, form, plain), "--key", key(tmp_path, KEYS[form]))
    opened = [each for each in log(case) if each["action"] == "decrypt" and each["result"] == "ok"]
    assert [each["detail"]["key_sha256"] for each in opened] == [hashlib.sha256(KEYS[form]).hexdigest()]
    assert opened[0]["object"] == {"path": f"msgstore.db.{form}"}
    found = everything(case)
    for secret in (ROOT_KEY, AES_KEY):
        assert secret not in found
        assert secret.hex().encode() not in found.lower()


@pytest.mark.parametrize("form", MAKERS)
@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_a_backup_that_was_tampered_with_is_4_and_gives_nothing(
    form: str, place: float, case: Path, tmp_path: Path, plain: bytes
):
    file = backup(tmp_path, form, plain)
    data = bytearray(file.read_bytes())
    data[int(len(data) * place)] ^= 1
    file.write_bytes(data)
    found = ingest(case, file, "--key", key(tmp_path, KEYS[form]), code=4)
    assert "wrong key or changed file" in found["problems"][0]["text"]
    assert exported(case) == []


@pytest.mark.parametrize("form", MAKERS)
def test_a_backup_that_was_cut_off_is_no_traceback_and_gives_nothing(
    form: str, case: Path, tmp_path: Path, plain: bytes
):
    file = backup(tmp_path, form, plain)
    data = file.read_bytes()
    for length in (0, 1, 60, 200, len(data) // 2, len(data) - 20, len(data) - 1):
        file.write_bytes(data[:length])
        result = sporen("ingest", case, file, "--key", key(tmp_path, KEYS[form]))
        assert result.exit_code in (3, 4), (length, result.output)
        assert "msgstore.db" in result.stderr
    assert exported(case) == []


def test_a_backup_of_what_is_no_database_is_3(case: Path, tmp_path: Path):
    file = backup(tmp_path, "crypt15", b"no database " * 100)
    found = ingest(case, file, "--key", key(tmp_path, ROOT_FILE), code=3)
    assert "of no kind read here" in found["problems"][0]["text"]


@pytest.mark.parametrize("name", ["missing", "folder", "huge"])
def test_a_key_file_that_cannot_be_read_is_2(case: Path, tmp_path: Path, plain: bytes, name: str):
    (tmp_path / "folder").mkdir()
    (tmp_path / "huge").write_bytes(bytes(1 << 20))
    sentence = refused(2, "ingest", case, backup(tmp_path, "crypt15", plain), "--key", tmp_path / name)
    assert name in sentence


def test_a_key_beside_its_database_is_found(case: Path, tmp_path: Path, plain: bytes):
    backup(tmp_path / "phone", "crypt15", plain)
    key(tmp_path / "phone", ROOT_FILE, "encrypted_backup.key")
    ingest(case, tmp_path / "phone")
    assert len(messages(case)) == 49
    assert verified(case, "--evidence", tmp_path / "phone") == []


def test_beside_an_encrypted_file_the_rest_is_read_and_the_code_stays_4(
    case: Path, tmp_path: Path, plain: bytes
):
    folder = phone(tmp_path / "phone", "modern_group")
    backup(folder / "backup", "crypt15", plain)
    found = ingest(case, folder, code=4)
    assert found["messages"] > 10
    assert ingest(case, folder, code=4)["known"] == [str(folder)]
    more = ingest(case, folder, "--key", key(tmp_path, ROOT_FILE))
    assert more["messages"] == found["messages"] + 49
    ids = [each["id"] for each in messages(case)]
    assert len(ids) == len(set(ids)) == more["messages"]
    assert ingest(case, folder)["known"] == [str(folder)]
    assert len(of(exported(case), "account")) <= 2
    assert verified(case, "--evidence", folder, "--key", tmp_path / "opens") == []


def test_verify_of_encrypted_evidence_without_its_key_is_4(case: Path, tmp_path: Path, plain: bytes):
    file = backup(tmp_path, "crypt15", plain)
    ingest(case, file, "--key", key(tmp_path, ROOT_FILE))
    assert sporen("verify", case, "--evidence", file).exit_code == 4


def test_verify_of_encrypted_evidence_that_was_changed_is_1(case: Path, tmp_path: Path, plain: bytes):
    file = backup(tmp_path, "crypt15", plain)
    ingest(case, file, "--key", key(tmp_path, ROOT_FILE))
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    assert "changed since" in verified(case, "--evidence", file, "--key", tmp_path / "opens", code=1)[0]


def test_show_reads_a_row_of_encrypted_evidence_with_its_key(case: Path, tmp_path: Path, plain: bytes):
    file = backup(tmp_path, "crypt15", plain)
    ingest(case, file, "--key", key(tmp_path, ROOT_FILE))
    message = next(each for each in messages(case) if each["text"])
    shown = done("show", case, message["id"], "--key", tmp_path / "opens").stdout
    assert message["text"] in shown
    assert "name its key with --key" in done("show", case, message["id"]).stdout
