"""Signed deliveries: what stands in them, what verification says of them, and what goes wrong."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import certificates
import pikepdf
import pytest
from asn1crypto import algos, tsp
from certificates import PASSPHRASE, p12, time_stamp_server
from deliveries import TAGS, listing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from sporen_runs import done, ingest, log, new, phone, refused, sporen

from forensics import signatures
from forensics.cli import report_signing
from forensics.verify import Report
from reports import signing

REPORT, SIGNATURE = "data/report.pdf", f"{TAGS}.p7s"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case, an unsigned delivery, and what is needed to sign."""
    folder = tmp_path_factory.mktemp("signing")
    case = new(folder / "case", "--exhibit", "EX.01")
    ingest(case, phone(folder / "phone"))
    done("report", case, "-o", folder / "unsigned", "--format", "pdf,jsonl")
    p12(folder)
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n", "utf-8")
    (folder / "root.pem").write_bytes(certificates.root().pem)
    (folder / "other.der").write_bytes(certificates.root("Another Root").der)
    (folder / "revoked.pem").write_bytes(certificates.revocations())
    return folder


def sign(made: Path, name: str, *options: object) -> Path:
    """A signed delivery."""
    if not (made / name).exists():
        arguments = ("--sign", made / "seal.p12", "--passphrase-file", made / "passphrase", *options)
        done("report", made / "case", "-o", made / name, "--format", "pdf,jsonl", *arguments)
    return made / name


def archived(made: Path) -> Path:
    """A delivery of level B-LTA."""
    roots = ("--trust", made / "root.pem", "--revocations", made / "revoked.pem")
    with time_stamp_server() as address:
        return sign(made, "archived", "--timestamp", address, *roots)


def verify(folder: Path, *options: object, code: int = 0) -> dict[str, Any]:
    result = sporen("verify", folder, *options, "--json")
    assert result.exit_code == code, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def states(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each["where"], each["state"], each["level"]) for each in report["signatures"]]


def sealed_again(folder: Path) -> None:
    """The manifests of a changed delivery, made as whoever changed it would make them."""
    names = sorted(p.relative_to(folder).as_posix() for p in (folder / "data").rglob("*") if p.is_file())
    size = sum((folder / name).stat().st_size for name in names)
    info = re.sub(
        r"Payload-Oxum: .*", f"Payload-Oxum: {size}.{len(names)}", (folder / "bag-info.txt").read_text()
    )
    (folder / "bag-info.txt").write_bytes(info.encode())
    (folder / "manifest-sha256.txt").write_bytes(listing(folder, names))
    tags = sorted(p.name for p in folder.iterdir() if p.is_file() and p.name not in (TAGS, SIGNATURE))
    (folder / TAGS).write_bytes(listing(folder, tags))


# What a signed delivery is.


def test_a_signed_report_begins_with_the_unsigned_one_which_every_run_makes_the_same(made: Path):
    unsigned = (made / "unsigned" / REPORT).read_bytes()
    first, second = sign(made, "signed"), sign(made, "again")
    for folder in (first, second):
        data = (folder / REPORT).read_bytes()
        assert data.startswith(unsigned) and len(data) > len(unsigned)
        digest = hashlib.sha256(unsigned).hexdigest()
        assert (
            f"Report-Unsigned-SHA256: {digest} ({len(unsigned)} bytes)\n"
            in (folder / "bag-info.txt").read_text()
        )
    for name in ("data/messages.jsonl", "data/custody.jsonl", "VERIFY.txt", "verify_delivery.py"):
        assert (first / name).read_bytes() == (made / "unsigned" / name).read_bytes()


def test_a_signed_report_says_by_whom_and_the_log_says_it_too(made: Path):
    folder = sign(made, "signed")
    digest = hashlib.sha256(certificates.examiner().der).hexdigest()
    line = f"Report-Signature: PAdES B-B, Common Name: A. Examiner, certificate SHA-256 {digest}\n"
    assert line in (folder / "bag-info.txt").read_text()
    entry = next(each for each in log(made / "case") if each["action"] == "report.sign")
    assert entry["detail"] == {
        "certificate_sha256": digest, "level": "B-B", "signer": "Common Name: A. Examiner",
        "unsigned_sha256": hashlib.sha256((made / "unsigned" / REPORT).read_bytes()).hexdigest(),
        "signed_sha256": hashlib.sha256((folder / REPORT).read_bytes()).hexdigest(),
    }  # fmt: skip


def test_no_passphrase_stands_in_the_case_or_the_delivery(made: Path):
    sign(made, "signed")
    for path in (*(made / "case").rglob("*"), *(made / "signed").rglob("*")):
        assert not path.is_file() or PASSPHRASE.encode() not in path.read_bytes(), path


def test_a_signed_report_is_still_pdf_a_and_ends_in_a_line(made: Path):
    for folder in (sign(made, "signed"), archived(made)):
        data = (folder / REPORT).read_bytes()
        assert data.endswith(b"%%EOF\n")
        with pikepdf.open(folder / REPORT) as pdf, pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert pdf.Root.Perms.DocMDP.SubFilter == "/ETSI.CAdES.detached"
            assert pdf.Root.MarkInfo.Marked
        unsigned = (made / "unsigned" / REPORT).read_bytes()
        assert data[len(unsigned) - 6 : len(unsigned)] == b"%%EOF\n"


def test_the_levels_are_what_was_asked_for(made: Path):
    with time_stamp_server() as address:
        stamped = sign(made, "stamped", "--timestamp", address)
    trust = ("--trust", made / "root.pem")
    both = lambda level, over: [(REPORT, "valid", level), (SIGNATURE, "valid", over)]  # noqa: E731  # a pair
    assert states(verify(sign(made, "signed"), *trust)) == both("B-B", "B-B")
    assert states(verify(stamped, *trust)) == both("B-T", "B-T")
    found = verify(archived(made), *trust)
    assert states(found) == both("B-LTA", "B-T")
    assert any("archive time stamp" in each for each in found["remarks"])
    assert [each["time_by"] for each in found["signatures"]] == ["authority", "authority"]


def test_a_delivery_without_a_signature_is_verified_as_before(made: Path):
    assert verify(made / "unsigned")["signatures"] == []


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="pdfsig (poppler-utils) is not installed")
@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
def test_pdfsig_finds_the_signature_valid_and_a_change_not(made: Path, tmp_path: Path, level: str):
    folder = sign(made, "signed") if level == "B-B" else archived(made)
    answer = subprocess.run(["pdfsig", folder / REPORT], capture_output=True, text=True, check=False).stdout
    assert "Signer Certificate Common Name: A. Examiner" in answer
    assert "Signature Type: ETSI.CAdES.detached" in answer
    assert "Signature Validation: Signature is Valid." in answer
    data = bytearray((folder / REPORT).read_bytes())
    data[data.index(b"stream\n") + 20] ^= 1
    (tmp_path / "changed.pdf").write_bytes(data)
    answer = subprocess.run(
        ["pdfsig", tmp_path / "changed.pdf"], capture_output=True, text=True, check=False
    ).stdout
    assert "Signature is Valid" not in answer


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_accepts_the_signature_over_the_whole_delivery(made: Path, tmp_path: Path):
    folder = sign(made, "signed")
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / SIGNATURE,
               "-CAfile", made / "root.pem", "-purpose",
               "any", "-out", tmp_path / "out", "-content"]  # fmt: skip
    assert subprocess.run([*command, folder / TAGS], capture_output=True, check=False).returncode == 0
    (tmp_path / "changed").write_bytes((folder / TAGS).read_bytes().replace(b"a", b"b", 1))
    assert subprocess.run([*command, tmp_path / "changed"], capture_output=True, check=False).returncode != 0


# What verification says.


def test_without_a_trusted_certificate_the_signer_is_named_and_not_judged(made: Path):
    found = verify(sign(made, "signed"))
    assert states(found) == [(REPORT, "unknown", "B-B"), (SIGNATURE, "unknown", "B-B")]
    said = next(each for each in found["remarks"] if each.startswith(REPORT))
    assert "signed by Common Name: A. Examiner" in said and "--trust" in said


def test_a_signer_whom_the_trusted_certificates_do_not_vouch_for_is_a_difference(made: Path):
    found = verify(sign(made, "signed"), "--trust", made / "other.der", code=1)
    assert states(found) == [(REPORT, "unknown", "B-B"), (SIGNATURE, "unknown", "B-B")]
    assert found["problems"][0]["text"].startswith("signed by an unknown signer: Common Name: A. Examiner")


def test_a_changed_report_is_found_by_its_signature_though_all_manifests_fit(made: Path, tmp_path: Path):
    folder = tmp_path / "changed"
    shutil.copytree(sign(made, "signed"), folder)
    data = bytearray((folder / REPORT).read_bytes())
    data[data.index(b"stream\n") + 20] ^= 1
    (folder / REPORT).write_bytes(data)
    sealed_again(folder)
    found = verify(folder, "--trust", made / "root.pem", code=1)
    texts = {each["where"]: each["text"] for each in found["problems"]}
    assert states(found) == [(REPORT, "changed", "B-B"), (SIGNATURE, "changed", "B-B")]
    assert "does not begin with the unsigned report" in json.dumps(found)
    assert "the signature does not hold" in texts[SIGNATURE]


def test_a_page_added_behind_the_signature_is_found(made: Path, tmp_path: Path):
    folder = tmp_path / "longer"
    shutil.copytree(sign(made, "signed"), folder)
    with (folder / REPORT).open("rb+") as stream:
        writer = IncrementalPdfFileWriter(stream)
        writer.root["/Pages"]["/Kids"].pop(0)
        writer.update_container(writer.root["/Pages"]["/Kids"])
        writer.write_in_place()
    sealed_again(folder)
    found = verify(folder, code=1)
    assert states(found)[0] == (REPORT, "changed", "B-B")


def test_a_signature_that_was_taken_away_is_missed(made: Path, tmp_path: Path):
    folder = tmp_path / "unsigned"
    shutil.copytree(sign(made, "signed"), folder)
    shutil.copy(made / "unsigned" / REPORT, folder / REPORT)
    sealed_again(folder)
    found = verify(folder, code=1)
    assert {"where": REPORT, "text": "should be signed, says bag-info.txt, and has no signature"} in found[
        "problems"
    ]


def test_an_expired_certificate_is_told_and_no_difference_where_it_held_when_signing(made: Path):
    trust = signatures.trusted([made / "root.pem"], certificates.UNTIL.replace(year=2091))
    report = Report()
    signatures.check_signatures(sign(made, "signed"), report, trust)
    assert [each["state"] for each in report.signatures] == ["expired", "expired"]
    assert "has expired on 2090-01-01" in report.remarks[0] and report.problems == []


def test_signing_with_an_expired_certificate_is_refused(made: Path, tmp_path: Path):
    seal = p12(tmp_path, certificates.examiner("E. Expired", until=certificates.EXPIRED))
    said = refused(
        2,
        "report",
        made / "case",
        "-o",
        tmp_path / "out",
        "--sign",
        seal,
        "--passphrase-file",
        made / "passphrase",
    )
    assert said == "Common Name: E. Expired: the certificate expired on 2021-01-01"
    assert not (tmp_path / "out").exists()


def test_a_signature_of_after_the_certificate_is_a_difference(made: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(signing, "check_certificate", lambda *_: None)
    seal = p12(tmp_path, certificates.examiner("E. Expired", until=certificates.EXPIRED))
    out = tmp_path / "out"
    done(
        "report",
        made / "case",
        "-o",
        out,
        "--format",
        "pdf",
        "--sign",
        seal,
        "--passphrase-file",
        made / "passphrase",
    )
    found = verify(out, "--trust", made / "root.pem", code=1)
    assert states(found) == [(REPORT, "expired", "B-B"), (SIGNATURE, "expired", "B-B")]
    assert found["problems"][0]["text"].startswith("signed with an expired certificate")


def test_an_archive_time_stamp_of_an_unknown_authority_is_a_difference(made: Path, tmp_path: Path):
    folder = tmp_path / "restamped"
    shutil.copytree(archived(made), folder)
    trust = signatures.trusted([made / "root.pem"])
    before = Report()
    signatures.check_signatures(folder, before, trust)
    assert before.problems == []
    writer = IncrementalPdfFileWriter(io.BytesIO((folder / REPORT).read_bytes()))
    own = certificates.stamper(issued=certificates.authority("Another TSA", "Another Root"))
    stamped = signers.PdfTimeStamper(own).timestamp_pdf(writer, "sha256")
    (folder / REPORT).write_bytes(stamped.getvalue())
    after = Report()
    signatures.check_signatures(folder, after, trust)
    (found,) = [str(each) for each in after.problems]
    assert REPORT in found and "its archive time stamp is of an unknown authority" in found
    assert "Another TSA" in found
    unjudged = Report()
    signatures.check_signatures(folder, unjudged, signatures.trusted([]))
    assert unjudged.problems == []


def test_what_is_no_revocation_list_is_wrong_use_and_leaves_nothing(made: Path, tmp_path: Path):
    (tmp_path / "text.crl").write_text("no list")
    (tmp_path / "empty.pem").write_text("-----BEGIN X509 CRL-----\n-----END X509 CRL-----\n")
    seal = ("--sign", p12(tmp_path, passphrase=""), "--timestamp", "http://127.0.0.1:1/")
    for file in (tmp_path / "text.crl", tmp_path / "empty.pem", made / "root.pem"):
        options = (*seal, "--trust", made / "root.pem", "--revocations", file)
        assert report(made, tmp_path, 2, *options) == f"{file}: holds no revocation list (PEM or DER)"


def test_a_revoked_certificate_cannot_be_archived(made: Path, tmp_path: Path):
    (tmp_path / "revoked.pem").write_bytes(certificates.revocations(certificates.examiner()))
    with time_stamp_server() as address:
        said = refused(
            2, "report", made / "case", "-o", tmp_path / "out", "--format", "pdf",
            "--sign", made / "seal.p12", "--passphrase-file", made / "passphrase",
            "--timestamp", address, "--trust", made / "root.pem", "--revocations", tmp_path / "revoked.pem",
        )  # fmt: skip
    assert "cannot be signed at level B-LTA" in said and "revoked" in said
    assert not (tmp_path / "out").exists()


@given(st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_byte_of_a_signed_report_is_found_and_none_is_a_crash(made: Path, data: st.DataObject):
    signed = sign(made, "signed")
    whole = (signed / REPORT).read_bytes()
    start = (made / "unsigned" / REPORT).stat().st_size
    place = data.draw(st.one_of(st.integers(0, len(whole) - 1), st.integers(start, len(whole) - 1)))
    changed = bytearray(whole)
    changed[place] ^= data.draw(st.integers(1, 255))
    folder = made / "flipped"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copy(signed / "bag-info.txt", folder)
    (folder / REPORT).write_bytes(changed)
    report = Report()
    signatures.check_signatures(folder, report, signatures.trusted([made / "root.pem"]))
    padding = whole[whole.index(b"/Contents <", start) : whole.rindex(b">", start)]
    tail = whole.index(padding) + len(padding.rstrip(b"0"))
    is_padding = tail <= place < whole.index(padding) + len(padding)
    assert report.problems or is_padding, place


# Time stamps that are carried.


def test_a_time_stamp_is_asked_for_and_put_in_later(made: Path, tmp_path: Path):
    request, reply = made / "stamp.tsq", tmp_path / "stamp.tsr"
    signed = sign(made, "waiting", "--timestamp-request", request)
    reply.write_bytes(certificates.answer(request.read_bytes()))
    out = tmp_path / "out"
    done(
        "report",
        made / "case",
        "-o",
        out,
        "--format",
        "pdf,jsonl",
        "--signed",
        signed,
        "--timestamp-reply",
        reply,
    )
    assert states(verify(signed, "--trust", made / "root.pem"))[0] == (REPORT, "valid", "B-B")
    assert states(verify(out, "--trust", made / "root.pem")) == [(REPORT, "valid", "B-T")]
    before, after = (signed / REPORT).read_bytes(), (out / REPORT).read_bytes()
    assert len(before) == len(after) and before != after
    if shutil.which("openssl"):
        shown = subprocess.run(
            ["openssl", "ts", "-query", "-in", request, "-text"], capture_output=True, check=True
        )
        assert b"Hash Algorithm: sha256" in shown.stdout
    for other, words in (
        (b"no reply", "not a reply"),
        (certificates.answer(_other_request()), "something else"),
    ):
        reply.write_bytes(other)
        said = refused(
            2, "report", made / "case", "-o", tmp_path / "no", "--signed", signed, "--timestamp-reply", reply
        )
        assert words in said


def _other_request() -> bytes:
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256"})
    imprint = tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": b"\0" * 32})
    made: bytes = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True}).dump()
    return made


def test_a_report_of_a_case_that_has_changed_since_takes_no_time_stamp(made: Path, tmp_path: Path):
    request, reply = tmp_path / "stamp.tsq", tmp_path / "stamp.tsr"
    case = tmp_path / "case"
    shutil.copytree(made / "case", case)
    seal = ("--sign", made / "seal.p12", "--passphrase-file", made / "passphrase")
    done("report", case, "-o", tmp_path / "first", "--format", "pdf", *seal, "--timestamp-request", request)
    reply.write_bytes(certificates.answer(request.read_bytes()))
    ingest(case, phone(tmp_path / "more", "modern_group"))
    later = ("--signed", tmp_path / "first", "--timestamp-reply", reply)
    said = refused(2, "report", case, "-o", tmp_path / "second", "--format", "pdf", *later)
    assert "not that of the case as it is now" in said
    assert not (tmp_path / "second").exists()


# What goes wrong.


def report(made: Path, tmp_path: Path, code: int, *options: object) -> str:
    said = refused(code, "report", made / "case", "-o", tmp_path / "out", "--format", "pdf", *options)
    assert not (tmp_path / "out").exists()
    return said


def test_a_wrong_or_missing_passphrase_is_no_key(made: Path, tmp_path: Path, monkeypatch):
    assert "needs its passphrase" in report(made, tmp_path, 4, "--sign", made / "seal.p12")
    (tmp_path / "wrong").write_text("wrong")
    said = report(made, tmp_path, 4, "--sign", made / "seal.p12", "--passphrase-file", tmp_path / "wrong")
    assert "the passphrase does not open it" in said
    monkeypatch.setenv("SPOREN_SIGN_PASSPHRASE", "wrong too")
    assert "does not open it" in report(made, tmp_path, 4, "--sign", made / "seal.p12")


def test_the_passphrase_may_stand_in_the_environment_or_be_empty(made: Path, tmp_path: Path, monkeypatch):
    options = ("report", made / "case", "--format", "pdf", "--sign")
    done(*options, p12(tmp_path, passphrase="", name="open.p12"), "-o", tmp_path / "open")
    monkeypatch.setenv("SPOREN_SIGN_PASSPHRASE", PASSPHRASE)
    done(*options, made / "seal.p12", "-o", tmp_path / "named")
    assert len(verify(tmp_path / "named", "--trust", made / "root.pem")["signatures"]) == 2


def test_what_is_no_seal_is_wrong_use(made: Path, tmp_path: Path):
    (tmp_path / "text.p12").write_text("no certificate")
    assert "cannot be read" in report(made, tmp_path, 2, "--sign", tmp_path / "none.p12")
    assert "not a PKCS#12 file" in report(made, tmp_path, 2, "--sign", tmp_path / "text.p12")
    server = p12(tmp_path, certificates.server(), passphrase="")
    assert "not made for signing" in report(made, tmp_path, 2, "--sign", server)
    assert "name the token as" in report(made, tmp_path, 2, "--sign", "pkcs11:nothing")


def test_options_that_do_not_go_together_are_wrong_use(made: Path, tmp_path: Path):
    seal = ("--sign", p12(tmp_path, passphrase=""))
    assert "go with --sign" in report(made, tmp_path, 2, "--timestamp", "http://127.0.0.1/")
    assert "go with --timestamp" in report(made, tmp_path, 2, *seal, "--trust", made / "root.pem")
    assert "address of an authority" in report(made, tmp_path, 2, *seal, "--timestamp", "ftp://x")
    assert "go together" in report(made, tmp_path, 2, "--signed", made / "unsigned")
    (tmp_path / "there.tsq").write_text("")
    assert "exists already" in report(made, tmp_path, 2, *seal, "--timestamp-request", tmp_path / "there.tsq")
    said = refused(2, "report", made / "case", "-o", tmp_path / "out", "--format", "jsonl", *seal)
    assert said == "a signature stands in report.pdf: add pdf to --format"
    assert "holds no certificate" in refused(
        2, "verify", made / "unsigned", "--trust", tmp_path / "there.tsq"
    )


@pytest.mark.parametrize("status", [404, None])
def test_an_authority_that_does_not_answer_fails_the_machine_and_leaves_nothing(
    made: Path, tmp_path: Path, status
):
    seal = ("--sign", p12(tmp_path, passphrase=""))
    with time_stamp_server(status=status or 200) as address:
        if status:
            assert "gives no time stamp" in report(made, tmp_path, 7, *seal, "--timestamp", address)
    if not status:  # the server is gone
        assert "gives no time stamp" in report(made, tmp_path, 7, *seal, "--timestamp", address)


def test_a_passphrase_is_asked_for_on_a_terminal_only(made: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(report_signing.sys, "stdin", _Terminal())
    monkeypatch.setattr(report_signing.click, "prompt", lambda *_, **__: PASSPHRASE)
    assert report_signing._signer(str(made / "seal.p12"), None).signing_cert is not None


class _Terminal:
    def isatty(self) -> bool:
        return True
