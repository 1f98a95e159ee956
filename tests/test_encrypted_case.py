"""A case that is encrypted at rest: the same to whoever has the passphrase, and nothing to anybody else."""

from __future__ import annotations

import importlib
import importlib.util
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from review_pages import Page
from sporen_runs import (
    done,
    everything,
    export_bytes,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    refused,
    sporen,
    texts,
    verified,
)
from test_signing_token import MODULE, TOOL
from whatsapp_phones import Line, Phone

from forensics import case_key
from forensics.destruction import CERTIFICATE

pytest.importorskip("sqlcipher3", reason="the extra encryption is not installed (sqlcipher3)")

FRIEND = "31600000042"
SECRET = "zeldzaamwoord"
LINES = [
    Line(key="A1", minute=0, sender=FRIEND, text=f"hallo {SECRET}", chat=f"{FRIEND}@s.whatsapp.net"),
    Line(key="A2", minute=1, sender=None, text="3 gram coke 150 euro", chat=f"{FRIEND}@s.whatsapp.net"),
]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Phone(number="31600000040").write(tmp_path_factory.mktemp("encrypted") / "phone", LINES)


@pytest.fixture
def passphrase(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "een lange zin")
    return "een lange zin"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPOREN_CASE_PASSPHRASE", "een lange zin")
        case = new(tmp_path_factory.mktemp("made") / "case", "--encrypt")
        ingest(case, evidence)
    return case


@pytest.fixture
def case(tmp_path: Path, made: Path, passphrase: str) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def test_no_text_name_or_number_is_in_any_file_of_the_case(case: Path):
    found = everything(case).lower()
    for word in (SECRET, FRIEND, "coke"):
        assert word.encode() not in found
        assert word.encode("utf-16-le") not in found
    assert not (case / "case.db").read_bytes().startswith(b"SQLite format 3")
    assert sorted(each.name for each in case.iterdir()) == ["case.db", "case.key", "custody.jsonl", "work"]
    assert list((case / "work").iterdir()) == []


def test_everything_works_as_in_a_plain_case(case: Path, evidence: Path, tmp_path: Path):
    plain = new(tmp_path / "plain")
    ingest(plain, evidence)
    assert export_bytes(case) == export_bytes(plain)
    assert json.loads(done("search", case, SECRET, "--json").stdout)["count"] == 1
    done("show", case, messages(case)[0]["id"])
    flag = of(exported(case), "flag")[0]["id"]
    done("decide", case, flag, "confirmed", "--reason", "x")
    for form in ("csv", "xlsx"):
        done("export", case, "--format", form, "-o", tmp_path / f"all.{form}")
    done("report", case, "-o", tmp_path / "delivery", "--format", "html,jsonl")
    assert verified(tmp_path / "delivery") == []
    assert verified(case, "--evidence", evidence) == []
    for command in ("flags", "differences", "authority", "privilege", "key", "log"):
        done(command, case)
    assert "cannot be read" in refused(2, "search", case, '"')
    assert ingest(case, evidence)["known"]


def test_a_purge_and_a_destruction_work_too(case: Path):
    (key,) = {each["id"] for each in of(exported(case), "conversation")}
    done("purge", case, "--conversation", key, "--reason", "late discovery")
    assert texts(case) == []
    assert verified(case) == []
    done("erase", case, "--reason", "x", "--confirm", "T-1")
    assert sorted(each.name for each in case.iterdir()) == [CERTIFICATE, "custody.jsonl"]


def test_a_handed_over_case_stays_encrypted_and_opens_with_its_passphrase(case: Path, tmp_path: Path):
    done("handover", case, "--to", "Unit 9", "-o", tmp_path / "copy")
    assert SECRET.encode() not in everything(tmp_path / "copy")
    done("receive", tmp_path / "copy", "-o", tmp_path / "taken", "--by", "B. Taker")
    assert SECRET.encode() not in everything(tmp_path / "taken")
    assert texts(tmp_path / "taken") == texts(case)
    assert verified(tmp_path / "taken") == []


@pytest.mark.parametrize("given", ["een andere zin", ""])
def test_another_passphrase_or_none_is_4_and_the_attempt_is_logged_later(
    case: Path, given: str, monkeypatch: pytest.MonkeyPatch
):
    before = (case / "custody.jsonl").read_bytes()
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", given)
    said = refused(4, "flags", case)
    assert ("wrong key or changed file" if given else "SPOREN_CASE_PASSPHRASE") in said
    refused(4, "verify", case)
    assert (case / "custody.jsonl").read_bytes() == before
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "een lange zin")
    done("flags", case)
    found = [each for each in log(case) if each["action"] == "attempt"]
    assert [each["object"]["command"] for each in found] == ["flags", "verify"]
    assert {each["result"] for each in found} == {"refused: WrongKey"}


def test_a_passphrase_from_a_file_and_by_option(
    case: Path, tmp_path: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("SPOREN_CASE_PASSPHRASE")
    (tmp_path / "passphrase.txt").write_text(f"{passphrase}\n")
    done("--case-passphrase", tmp_path / "passphrase.txt", "flags", case)
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE_FILE", str(tmp_path / "passphrase.txt"))
    done("flags", case)
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE_FILE", str(tmp_path / "gone.txt"))
    assert "cannot be read" in refused(2, "flags", case)


def test_without_a_passphrase_no_case_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPOREN_CASE_PASSPHRASE", raising=False)
    refused(4, "new", tmp_path / "case", "--number", "1", "--examiner", "E", "--encrypt")
    assert not (tmp_path / "case").exists()


def test_a_changed_page_is_found(case: Path):
    data = bytearray((case / "case.db").read_bytes())
    for place in range(4096 * 3 + 100, len(data), 4096):
        data[place] ^= 1
    (case / "case.db").write_bytes(data)
    result = sporen("verify", case)
    assert result.exit_code in (1, 5), result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"salt": "00"}', b'{"salt": 1, "token": 2}'])
def test_a_damaged_key_file_is_5(case: Path, content: bytes):
    (case / "case.key").write_bytes(content)
    assert "restore it from a copy" in refused(5, "flags", case)


def test_any_sqlcipher_opens_it_with_the_passphrase(case: Path, passphrase: str):
    """Without Sporen: the library alone, with its defaults."""
    dbapi2 = importlib.import_module("sqlcipher3.dbapi2")
    with closing(dbapi2.connect(str(case / "case.db"))) as db:
        db.execute(f"PRAGMA key = '{passphrase}'")
        assert db.execute("SELECT count(*) FROM message").fetchone() == (2,)


def test_verify_says_in_words_what_is_not_encrypted(case: Path):
    remarks = json.loads(done("verify", case, "--json").stdout)["remarks"]
    for covered, words in (
        ("encrypted: ", ("case.db", "search index", "journal", "nothing else")),
        ("not encrypted: ", ("custody.jsonl", "attempts.*.jsonl", "queries as they were typed", "case.key")),
        ("not encrypted: ", ("deliveries and exports",)),
        ("not encrypted: ", ("work/", "deleted when it ends")),
        ("not encrypted by this: ", ("the key that signs the log", "SPOREN_KEY_PASSPHRASE", "token")),
    ):
        assert any(each.startswith(covered) and all(word in each for word in words) for each in remarks), (
            words
        )
    assert not (case / "case.key").read_text().count("een lange zin")


def test_the_review_page_opens_it(case: Path):
    assert SECRET in Page(case).enter().get("/search?q=" + SECRET).text


def test_a_plain_case_has_no_key_file(tmp_path: Path):
    case = new(tmp_path / "case")
    assert not (case / "case.key").exists()
    with closing(sqlite3.connect(case / "case.db")) as db:
        assert db.execute("SELECT count(*) FROM setting").fetchone()[0]


def test_without_the_library_it_is_said_what_to_install(case: Path, monkeypatch: pytest.MonkeyPatch):
    case_key._library.cache_clear()
    monkeypatch.setitem(sys.modules, "sqlcipher3.dbapi2", None)
    assert "sporen[encryption]" in refused(2, "flags", case)


# --- A token ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token with an RSA key for the case; its PIN is 1234. Its settings are read once a process."""
    if MODULE is None or TOOL is None or importlib.util.find_spec("pkcs11") is None:
        pytest.skip("SoftHSM 2 or python-pkcs11 is not installed")
    pkcs11 = importlib.import_module("pkcs11")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        patch.setenv("SPOREN_TOKEN_LIBRARY", str(MODULE))
        start = [TOOL, "--module", str(MODULE), "--init-token", "--free", "--label", "unit 3"]
        subprocess.run([*start, "--so-pin", "5678", "--pin", "1234"], check=True, capture_output=True)
        library = pkcs11.lib(str(MODULE))
        library.reinitialize()
        with library.get_token(token_label="unit 3").open(rw=True, user_pin="1234") as session:
            session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="case")
        yield f"pkcs11:token=unit%203;object=case?module-path={MODULE}"


def test_a_token_opens_it_and_its_key_never_leaves_it(
    token: str, tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "1234")
    case = new(tmp_path / "case", "--encrypt-token", token)
    ingest(case, evidence)
    assert SECRET.encode() not in everything(case)
    assert json.loads(done("search", case, SECRET, "--json").stdout)["count"] == 1
    assert verified(case) == []
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "4321")
    assert "does not take this PIN" in refused(4, "flags", case)


def test_another_token_or_none_is_4(token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "1234")
    case = new(tmp_path / "case", "--encrypt-token", token)
    kept = json.loads((case / "case.key").read_text())
    for change in ({"token": token.replace("unit", "other")}, {"wrapped": "00" * 256}):
        (case / "case.key").write_text(json.dumps(kept | change))
        refused(4, "flags", case)
    (case / "case.key").write_text(json.dumps(kept))
    done("flags", case)


def test_what_names_no_token_is_2(tmp_path: Path, passphrase: str):
    refused(2, "new", tmp_path / "c", "--number", "1", "--examiner", "E", "--encrypt-token", "pkcs11:x")
    assert not (tmp_path / "c").exists()
