"""Signatures of a delivery, checked again: valid, changed, by an unknown signer, expired.

Nothing is fetched: what the PDF carries (certificates, revocation lists) and the certificates that are named
as trusted decide. Without any of those the signer is named and not judged.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms, crl, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SignedDataCerts, ValueErrorWithMessage, extract_certificate_info
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    SignatureCoverageLevel,
    async_validate_detached_cms,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError

from forensics.errors import MachineFailed, WrongUse
from forensics.verify import Report
from forensics.verify_delivery import SIGNATURE

TAGS = "tagmanifest-sha256.txt"
_SIGNED = re.compile(r"^Report-Signature: ", re.MULTILINE)
_UNSIGNED = re.compile(r"^Report-Unsigned-SHA256: ([0-9a-f]{64}) \((\d{1,15}) bytes\)$", re.MULTILINE)
_FOR_SIGNING = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
# What the libraries raise for bytes that are no signature.
_ODD = (PdfError, ValueErrorWithMessage, ValueError, TypeError, LookupError, AttributeError, AssertionError,
        NotImplementedError, RecursionError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The certificates that are trusted, and the moment of checking."""

    roots: tuple[x509.Certificate, ...] = ()
    now: datetime

    def path_problem(self, certificate: x509.Certificate, others: Sequence[Any], at: datetime) -> str | None:
        """Why no trusted certificate vouches for this one at that moment; None when one does."""
        held = [each for each in others if isinstance(each, x509.Certificate)]
        revocations = [each for each in others if isinstance(each, bytes)]
        context = ValidationContext(
            trust_roots=list(self.roots), other_certs=held, moment=at, crls=revocations, allow_fetching=False
        )
        validator = CertificateValidator(certificate, intermediate_certs=held, validation_context=context)
        try:
            asyncio.run(validator.async_validate_usage(set()))  # type: ignore[no-untyped-call]  # of the library
        except (PathError, *_ODD) as error:
            return str(error)
        return None


def trusted(paths: Sequence[Path], now: datetime | None = None) -> Trust:
    """The certificates in these files, PEM or DER. Raises WrongUse where a file holds none."""
    found = tuple(each for path in paths for each in certificates(path))
    return Trust(roots=found, now=now or datetime.now(UTC))


def certificates(path: Path) -> list[x509.Certificate]:
    """The certificates in a file, PEM or DER. Raises WrongUse where there is none."""
    try:
        made = [x509.Certificate.load(each, strict=True) for each in _ders(path)]
        _ = [each.subject.native for each in made]  # read now, so that what is none is told here
    except (ValueError, TypeError) as error:
        raise WrongUse(f"{path}: holds no certificate (PEM or DER)") from error
    return made


def revocation_lists(path: Path) -> list[crl.CertificateList]:
    """The lists of revoked certificates in a file, PEM or DER. Raises WrongUse where there is none."""
    try:
        made = [crl.CertificateList.load(each, strict=True) for each in _ders(path)]
        _ = [each.issuer.native for each in made]
    except (ValueError, TypeError) as error:
        raise WrongUse(f"{path}: holds no revocation list (PEM or DER)") from error
    return made


def _ders(path: Path) -> list[bytes]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror}") from error
    return [each for _, _, each in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]


def check_signatures(folder: Path, report: Report, trust: Trust) -> None:
    """Check the signatures of a delivery: that of its report, and that of its tag manifest."""
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        info = _text(folder / "bag-info.txt")
        _check_pdf(folder / "data" / "report.pdf", bool(_SIGNED.search(info)), report, trust)
        _check_unsigned(folder / "data" / "report.pdf", info, report)
        _check_cms(folder, report, trust)
    except OSError as error:
        raise MachineFailed(f"{error.filename or folder}: cannot be read: {error.strerror}") from error


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""


def _check_unsigned(path: Path, info: str, report: Report) -> None:
    """The signed report begins with the unsigned one, whose digest bag-info.txt has."""
    found = _UNSIGNED.search(info)
    if found is None or not path.is_file():
        return
    with path.open("rb") as stream:
        beginning = stream.read(int(found[2]))
    if hashlib.sha256(beginning).hexdigest() != found[1]:
        report.problem("data/report.pdf", "does not begin with the unsigned report that bag-info.txt names")


def _check_pdf(path: Path, is_expected: bool, report: Report, trust: Trust) -> None:
    data = path.read_bytes() if path.is_file() else b""
    if not is_expected and b"/ByteRange" not in data:
        return
    where = "data/report.pdf"
    try:
        found = list(PdfFileReader(io.BytesIO(data)).embedded_signatures)
        if not found:
            report.problem(where, "should be signed, says bag-info.txt, and has no signature")
        for each in found:
            report.count("signatures")
            if each.sig_object_type == "/DocTimeStamp":
                _check_archive(each, report, trust, where, _stored(each.reader))
            else:
                _check_signature(each, report, trust, where, _stored(each.reader))
    except _ODD as error:
        report.problem(where, f"its signature cannot be read: changed since it was signed ({error})")


def _stored(reader: PdfFileReader) -> list[Any]:
    """Certificates and revocation lists that a PDF of level B-LT or B-LTA carries."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return []  # levels B-B and B-T carry none
    certificates = [x509.Certificate.load(each.get_object().data) for each in store.certs.values()]
    return [*certificates, *(each.get_object().data for each in store.crls)]


def _check_archive(signature: Any, report: Report, trust: Trust, where: str, stored: Sequence[Any]) -> None:
    """A time stamp over the whole document."""
    status = asyncio.run(async_validate_pdf_timestamp(signature, _nobody(), skip_diff=False))
    if not (status.intact and status.valid):
        report.problem(where, "its archive time stamp is not that of these bytes: changed")
        return
    authority: x509.Certificate = status.signing_cert
    by = authority.subject.human_friendly
    others = [*signature.other_embedded_certs, *stored]
    why = trust.path_problem(authority, others, status.timestamp) if trust.roots else None
    if why is not None:
        report.problem(where, f"its archive time stamp is of an unknown authority: {by} ({why})")
        return
    report.remarks.append(f"{where}: archive time stamp of {_shown(status.timestamp)} by {by}")


def _nobody() -> ValidationContext:
    """No certificate is trusted: whose it is, is judged apart."""
    return ValidationContext(trust_roots=[], allow_fetching=False)


def _check_signature(signature: Any, report: Report, trust: Trust, where: str, stored: Sequence[Any]) -> None:
    checking = async_validate_pdf_signature(signature, _nobody(), key_usage_settings=_FOR_SIGNING)
    status = asyncio.run(checking)
    others = [*signature.other_embedded_certs, *stored]
    is_covered = status.coverage in _COVERED
    is_whole = status.intact and status.valid and bool(status.docmdp_ok) and is_covered
    is_archived = any(
        each.sig_object_type == "/DocTimeStamp" for each in signature.reader.embedded_signatures
    )
    level = "B-LTA" if is_archived else _level(status)
    _judge(status, is_whole, Signer(where=where, level=level, others=others), report, trust)


def _level(status: Any) -> str:
    return "B-B" if status.timestamp_validity is None else "B-T"


# All bytes up to the end of the signed revision, or of the file.
_COVERED = (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)


def _check_cms(folder: Path, report: Report, trust: Trust) -> None:
    path = folder / SIGNATURE
    if not path.is_file():
        return
    report.count("signatures")
    try:
        content = cms.ContentInfo.load(path.read_bytes(), strict=True)["content"]
        held: SignedDataCerts = extract_certificate_info(content)
        data = (folder / TAGS).read_bytes() if (folder / TAGS).is_file() else b""
        checking = async_validate_detached_cms(data, content, _nobody(), key_usage_settings=_FOR_SIGNING)
        status = asyncio.run(checking)
    except _ODD as error:
        report.problem(SIGNATURE, f"is no signature that can be read ({error})")
        return
    signer = Signer(where=SIGNATURE, level=_level(status), others=list(held.other_certs))
    _judge(status, status.intact and status.valid, signer, report, trust)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Where a signature stands, its level, and the certificates and revocation lists beside it."""

    where: str
    level: str
    others: Sequence[Any]


def _judge(status: Any, is_whole: bool, signer: Signer, report: Report, trust: Trust) -> None:
    """Tell what a signature is worth, in words and as a record."""
    certificate: x509.Certificate = status.signing_cert
    stamp = status.timestamp_validity
    is_stamped = stamp is not None and stamp.intact and stamp.valid
    signed = stamp.timestamp if is_stamped else status.signer_reported_dt
    record = {
        "where": signer.where,
        "state": "valid",
        "level": signer.level,
        "signer": certificate.subject.human_friendly,
        "certificate_sha256": certificate.sha256.hex(),
        "signed_at": _shown(signed),
        "time_by": "authority" if is_stamped else "signer",
        "expires": _shown(certificate.not_valid_after),
    }
    for state, is_problem, text in _findings(status, is_whole, signer, trust, signed or trust.now):
        record["state"] = state
        if is_problem:
            report.problem(signer.where, text)
        else:
            report.remarks.append(f"{signer.where}: {text}")
        break
    else:
        report.remarks.append(f"{signer.where}: {_by(record)}; the signature is valid and the signer trusted")
    report.signatures.append(record)


def _by(record: dict[str, Any]) -> str:
    clock = "says a time-stamp authority" if record["time_by"] == "authority" else "by the signer's own clock"
    return f"signed by {record['signer']} on {record['signed_at']} ({clock}), level {record['level']}"


def _findings(
    status: Any, is_whole: bool, signer: Signer, trust: Trust, signed: datetime
) -> Iterator[tuple[str, bool, str]]:
    """State, whether it is a difference, and the text; the first one counts."""
    certificate: x509.Certificate = status.signing_cert
    stamp = status.timestamp_validity
    name = f"{certificate.subject.human_friendly}, certificate SHA-256 {certificate.sha256.hex()}"
    until = f"{certificate.not_valid_after:%Y-%m-%d}"
    if not is_whole:
        yield "changed", True, f"changed since {name} signed it: the signature does not hold"
    if stamp is not None and not (stamp.intact and stamp.valid):
        yield "changed", True, "its time stamp is not that of this signature"
    if not certificate.not_valid_before <= signed <= certificate.not_valid_after:
        yield (
            "expired",
            True,
            f"signed with an expired certificate, or one not valid yet ({name}, to {until})",
        )
    if not trust.roots:
        text = f"intact, signed by {name}, level {signer.level}"
        yield (
            "unknown",
            False,
            f"{text}; whether that is the right signer is not known here: name its certificate with --trust",
        )
    why = trust.path_problem(certificate, signer.others, signed)
    if why is not None:
        yield "unknown", True, f"signed by an unknown signer: {name} ({why})"
    if stamp is not None:
        unknown = trust.path_problem(stamp.signing_cert, signer.others, stamp.timestamp)
        if unknown is not None:
            by = stamp.signing_cert.subject.human_friendly
            yield "unknown", True, f"its time stamp is of an unknown authority: {by} ({unknown})"
    if trust.now > certificate.not_valid_after and stamp is None:
        text = f"the certificate has expired on {until}; when it was signed rests on the signer's own clock"
        yield "expired", False, f"{text} ({name})"


def _shown(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
