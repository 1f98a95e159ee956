"""Signing with a token, tried with SoftHSM 2, which stands in for one."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import certificates
import pytest
from sporen_runs import done, ingest, new, phone, refused
from test_signing import verify

PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib/pkcs11/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so")  # fmt: skip
MODULE = os.environ.get("SOFTHSM2_MODULE") or next((each for each in PLACES if Path(each).exists()), None)
TOOL = shutil.which("softhsm2-util")

pytestmark = [
    pytest.mark.skipif(MODULE is None or TOOL is None, reason="SoftHSM 2 is not installed (softhsm2)"),
    pytest.mark.skipif(
        importlib.util.find_spec("pkcs11") is None, reason="the extra tokens is not installed (python-pkcs11)"
    ),
]


@pytest.fixture
def uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token with the examiner's key and certificate; its PIN is 1234."""
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    assert TOOL is not None
    pins = ("--so-pin", "5678", "--pin", "1234")
    module = ("--module", str(MODULE))
    start = [TOOL, *module, "--init-token", "--free", "--label", "examiner", *pins]
    subprocess.run(start, check=True, capture_output=True)
    own = certificates.examiner()
    pkcs11 = pytest.importorskip("pkcs11")
    x509 = pytest.importorskip("pkcs11.util.x509")
    keys = pytest.importorskip("pkcs11.util.rsa")
    with pkcs11.lib(str(MODULE)).get_token(token_label="examiner").open(rw=True, user_pin="1234") as session:
        for made in (x509.decode_x509_certificate(own.der), keys.decode_rsa_private_key(_traditional(own))):
            session.create_object({**made, pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.ID: b"1",
                                   pkcs11.Attribute.TOKEN: True})  # fmt: skip
    return f"pkcs11:token=examiner;object=seal?module-path={MODULE}"


def _traditional(own: certificates.Issued) -> bytes:
    serialization = certificates.serialization
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return own.key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())


def test_a_report_is_signed_with_a_key_that_stays_on_its_token(uri: str, tmp_path: Path, monkeypatch):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone"))
    monkeypatch.setenv("SPOREN_SIGN_PASSPHRASE", "4321")
    wrong = ("report", case, "-o", tmp_path / "no", "--format", "pdf", "--sign", uri)
    assert "does not take this PIN" in refused(4, *wrong)
    monkeypatch.setenv("SPOREN_SIGN_PASSPHRASE", "1234")
    (tmp_path / "root.pem").write_bytes(certificates.root().pem)
    done("report", case, "-o", tmp_path / "out", "--format", "pdf", "--sign", uri)
    found = verify(tmp_path / "out", "--trust", tmp_path / "root.pem")
    assert [each["state"] for each in found["signatures"]] == ["valid", "valid"]
    other = uri.replace("examiner", "another")
    assert "No token" in refused(2, "report", case, "-o", tmp_path / "no", "--format", "pdf", "--sign", other)
