from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from custody_logs import (
    COLLEAGUE,
    EXAMINER,
)

from forensics.errors import MachineFailed
from forensics.keys import KeyDamaged, KeyLocked, examiner_key, key_id_of, signature_holds


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path):
    folder = tmp_path / "new" / "home"
    key = examiner_key(folder)
    (path,) = folder.iterdir()
    assert examiner_key(folder).public == key.public
    assert key.key_id == hashlib.sha256(key.public).hexdigest()[:16]
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_key_folder_comes_from_the_environment(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path))
    assert examiner_key().public == examiner_key(tmp_path).public


def test_a_passphrase_encrypts_the_key_and_is_asked_for_again(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "fictief")
    key = examiner_key(tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert examiner_key(tmp_path).public == key.public
    for wrong in ("anders", ""):
        monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", wrong)
        with pytest.raises(KeyLocked, match="SPOREN_KEY_PASSPHRASE") as caught:
            examiner_key(tmp_path)
        assert "fictief" not in str(caught.value)


def test_a_passphrase_set_later_encrypts_the_key_that_is_there(tmp_path: Path, monkeypatch):
    key = examiner_key(tmp_path)
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "fictief")
    assert examiner_key(tmp_path).public == key.public
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_kept_and_named(tmp_path: Path, content: bytes):
    examiner_key(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    with pytest.raises(KeyDamaged, match="examiner-ed25519"):
        examiner_key(tmp_path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_a_failure_of_the_machine(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MachineFailed):
        examiner_key(tmp_path / "file" / "home")


@pytest.mark.parametrize("name", ["hardlink_to", "exists"])
def test_of_two_processes_that_make_a_key_the_first_decides(tmp_path: Path, monkeypatch, name: str):
    first = examiner_key(tmp_path)
    answers: dict[str, Callable[..., bool]] = {"exists": lambda *_: False}
    if name == "hardlink_to":  # and a file system without hard links moves it
        (path,) = tmp_path.iterdir()
        path.unlink()

        def no_links(*_: object) -> bool:
            raise PermissionError

        answers = {"hardlink_to": no_links}
    for method, answer in answers.items():
        monkeypatch.setattr(Path, method, answer)
    second = examiner_key(tmp_path)
    assert (second.public == first.public) is (name == "exists")
    assert [path.name for path in tmp_path.iterdir()] == ["examiner-ed25519.pem"]


def test_a_signature_is_over_a_hash_only():
    digest = hashlib.sha256(b"").digest()
    assert signature_holds(EXAMINER.public, digest, EXAMINER.sign(digest))
    assert not signature_holds(COLLEAGUE.public, digest, EXAMINER.sign(digest))
    assert not signature_holds(EXAMINER.public[:31], digest, EXAMINER.sign(digest))
    assert key_id_of(EXAMINER.public) == EXAMINER.key_id
    with pytest.raises(ValueError, match="32 bytes"):
        EXAMINER.sign(b"no hash")
