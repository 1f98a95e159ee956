"""The custody log signed with a key that stays on a token, tried with SoftHSM 2."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sporen_runs import done, log, new, refused, verified
from test_signing_token import MODULE, TOOL

from forensics.keys import examiner_key, signature_holds

pytestmark = [
    pytest.mark.skipif(MODULE is None or TOOL is None, reason="SoftHSM 2 is not installed (softhsm2)"),
    pytest.mark.skipif(
        importlib.util.find_spec("pkcs11") is None, reason="the extra tokens is not installed (python-pkcs11)"
    ),
]


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A token with an Ed25519 key and an RSA key; its PIN is 1234."""
    pkcs11 = importlib.import_module("pkcs11")
    curves = importlib.import_module("pkcs11.util.ec")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        start = [str(TOOL), "--module", str(MODULE), "--init-token", "--free", "--label", "examiner 7"]
        subprocess.run([*start, "--so-pin", "5678", "--pin", "1234"], check=True, capture_output=True)
        library = pkcs11.lib(str(MODULE))
        library.reinitialize()
        with library.get_token(token_label="examiner 7").open(rw=True, user_pin="1234") as session:
            parameters = session.create_domain_parameters(
                pkcs11.KeyType.EC_EDWARDS,
                {pkcs11.Attribute.EC_PARAMS: curves.encode_named_curve_parameters("1.3.101.112")},
                local=True,
            )
            try:
                parameters.generate_keypair(
                    mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label="log"
                )
            except pkcs11.PKCS11Error as error:
                pytest.skip(f"this SoftHSM has no Ed25519: {error!r}")
            session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label="case")
        yield f"pkcs11:token=examiner%207;object=log?module-path={MODULE}"


@pytest.fixture
def named(uri: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SPOREN_KEY_TOKEN", uri)
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "1234")
    return uri


def test_a_log_is_signed_on_the_token(named: str, tmp_path: Path):
    case = new(tmp_path / "case")
    done("flags", case)
    key = examiner_key()
    assert {each["key"] for each in log(case)} == {key.key_id}
    assert signature_holds(key.public, bytes(32), key.sign(bytes(32)))
    assert verified(case) == []


def test_another_pin_is_4_and_the_attempt_waits(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    case = new(tmp_path / "case")
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "4321")
    assert "does not take this PIN" in refused(4, "flags", case)
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "1234")
    done("flags", case)
    assert [each["object"]["command"] for each in log(case) if each["action"] == "attempt"] == ["flags"]


def test_what_is_no_ed25519_key_is_2(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SPOREN_KEY_TOKEN", named.replace("object=log", "object=case"))
    assert "no Ed25519 key" in refused(2, "new", tmp_path / "case", "--number", "1", "--examiner", "E")


def test_a_key_on_a_token_is_not_rotated_here(named: str, tmp_path: Path):
    case = new(tmp_path / "case")
    assert "on the token" in refused(2, "key", case, "--rotate", "--reason", "old")
