"""PAdES signatures (ETSI EN 319 142): the report is signed, and the number that covers the delivery.

A signature is appended to the PDF: the first bytes of a signed report are the unsigned one, which stays the
same in every run. The levels: B-B a signature, B-T with a time stamp (RFC 3161), B-LTA with what is needed to
check it when certificates have expired, and a second time stamp over all of that.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from asn1crypto import keys, x509
from asn1crypto import pkcs12 as pkcs12_form
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from forensics.errors import MachineFailed, WrongKey, WrongUse
from forensics.signatures import certificates, revocation_lists

FIELD = "Signature"
ARCHIVE_FIELD = "Archive"
CMS = "tagmanifest-sha256.txt.p7s"
# Bytes kept free for the answer of a time-stamp authority that arrives later: a token has 2 to 8 kB.
RESERVED = 32_768
PATIENCE = 30  # seconds for an answer of the authority
_SIGNS = frozenset(("digital_signature", "non_repudiation"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What was signed: the report before and after it, by which certificate, at which level."""

    level: str
    subject: str
    certificate_sha256: str
    unsigned_sha256: str
    unsigned_bytes: int
    sha256: str

    def bag_info(self) -> tuple[tuple[str, str], ...]:
        """Lines for bag-info.txt."""
        by = f"PAdES {self.level}, {self.subject}, certificate SHA-256 {self.certificate_sha256}"
        unsigned = f"{self.unsigned_sha256} ({self.unsigned_bytes} bytes)"
        return ("Report-Signature", by), ("Report-Unsigned-SHA256", unsigned)

    def logged(self) -> dict[str, object]:
        """What the custody log says of it."""
        return {
            "level": self.level,
            "signer": self.subject,
            "certificate_sha256": self.certificate_sha256,
            "unsigned_sha256": self.unsigned_sha256,
            "signed_sha256": self.sha256,
        }


class Seal:
    """A certificate with its key, and how to sign with them."""

    def __init__(
        self,
        signer: signers.Signer,
        *,
        authority: str | None = None,
        trusted: Sequence[Path] = (),
        revocations: Sequence[Path] = (),
        is_stamped_later: bool = False,
    ) -> None:
        """``authority``: the address of a time-stamp authority; with ``trusted`` (root certificates) the
        level is B-LTA. ``is_stamped_later``: room is left for a time stamp that is fetched elsewhere.

        Raises WrongUse for a certificate that is not valid now or not made for signing.
        """
        self._signer, self._authority, self._is_stamped_later = signer, authority, is_stamped_later
        self._stamper = HTTPTimeStamper(authority, timeout=PATIENCE) if authority else None
        self.certificate = certificate_of(signer)
        check_certificate(self.certificate, datetime.now(UTC))
        self._roots = [each for path in trusted for each in certificates(path)]
        self._revocations = [each for path in revocations for each in revocation_lists(path)]

    @property
    def level(self) -> str:
        """The level that is asked for."""
        if self._stamper is None:
            return "B-B"
        return "B-LTA" if self._roots else "B-T"

    def sign(self, path: Path) -> Signed:
        """Sign the PDF in its place. Raises WrongUse; MachineFailed without an answer of the authority."""
        unsigned = path.read_bytes()
        made = self._told(self._signature(unsigned))
        path.write_bytes(made)
        return Signed(
            level=self.level,
            subject=self.certificate.subject.human_friendly,
            certificate_sha256=self.certificate.sha256.hex(),
            unsigned_sha256=hashlib.sha256(unsigned).hexdigest(),
            unsigned_bytes=len(unsigned),
            sha256=hashlib.sha256(made).hexdigest(),
        )

    def cover(self, tags: Path) -> None:
        """Sign the tag manifest, which covers every file, beside it: a detached CMS signature."""
        data = tags.read_bytes()
        algorithm = "sha512" if self.certificate.public_key.algorithm == "ed25519" else "sha256"
        made = self._signer.async_sign_general_data(
            data, algorithm, use_cades=True, timestamper=self._stamper
        )
        tags.with_name(CMS).write_bytes(self._told(made).dump())

    async def _signature(self, unsigned: bytes) -> bytes:
        is_archived = self.level == "B-LTA"
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            # validation data and a second time stamp are further revisions of the file
            docmdp_permissions=fields.MDPPerm.FILL_FORMS if is_archived else fields.MDPPerm.NO_CHANGES,
            embed_validation_info=is_archived,
            use_pades_lta=is_archived,
            timestamp_field_name=ARCHIVE_FIELD if is_archived else None,
            validation_context=self._context() if is_archived else None,
            signer_key_usage=set(),
        )
        signer = signers.PdfSigner(metadata, self._signer, timestamper=self._stamper)
        reserved = RESERVED if self._is_stamped_later else None
        made = io.BytesIO()
        await signer.async_sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(unsigned)), bytes_reserved=reserved, output=made
        )
        return made.getvalue()

    def _context(self) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(self._roots),
            crls=self._revocations,
            allow_fetching=True,
            revocation_mode="require",
        )

    def _told(self, work: Any) -> Any:
        """What the work gives; its errors in one sentence."""
        logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
        try:
            return asyncio.run(work)
        except TimestampRequestError as error:
            text = f"{self._authority}: the time-stamp authority gives no time stamp"
            raise MachineFailed(
                f"{text} ({error.__cause__ or error}); leave --timestamp out, or try later"
            ) from error
        except (SigningError, PathError, PdfError) as error:
            why = f"{error} ({error.__cause__})" if error.__cause__ else str(error)
            raise WrongUse(f"the report cannot be signed at level {self.level}: {why}") from error


def pkcs12_signer(path: Path, passphrase: bytes | None) -> signers.Signer:
    """The signer in a PKCS#12 file. Raises WrongUse for another file, WrongKey for another passphrase."""
    data = read(path)
    try:
        is_pkcs12 = pkcs12_form.Pfx.load(data, strict=True)["version"].native == "v3"
    except (ValueError, TypeError):
        is_pkcs12 = False
    if not is_pkcs12:
        raise WrongUse(f"{path}: not a PKCS#12 file (.p12, .pfx)")
    key, certificate, others = _opened(path, data, passphrase)
    if key is None or certificate is None:
        raise WrongUse(f"{path}: holds no certificate with its private key")
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = [x509.Certificate.load(_der(each)) for each in others]
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(_der(certificate)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore.from_certs(chain),  # type: ignore[no-untyped-call]  # of the library
    )


def _opened(path: Path, data: bytes, passphrase: bytes | None) -> Any:
    """Key, certificate and further certificates. Without a passphrase none and the empty one are tried."""
    for each in (passphrase,) if passphrase else (None, b""):
        try:
            return pkcs12.load_key_and_certificates(data, each)
        except ValueError:
            continue  # the next passphrase; of the last one WrongKey tells
    said = "the passphrase does not open it" if passphrase else "needs its passphrase"
    raise WrongKey(f"{path}: {said}; give it with --passphrase-file or SPOREN_SIGN_PASSPHRASE")


def _der(certificate: Any) -> bytes:
    made: bytes = certificate.public_bytes(serialization.Encoding.DER)
    return made


def certificate_of(signer: signers.Signer) -> x509.Certificate:
    """The certificate that a signer signs with."""
    found = signer.signing_cert
    if found is None:
        raise WrongUse("the key has no certificate")
    return found


def check_certificate(certificate: x509.Certificate, now: datetime) -> None:
    """Raises WrongUse for a certificate that is not valid now or is not made for signing."""
    name = certificate.subject.human_friendly
    if now > certificate.not_valid_after:
        raise WrongUse(f"{name}: the certificate expired on {certificate.not_valid_after:%Y-%m-%d}")
    if now < certificate.not_valid_before:
        raise WrongUse(f"{name}: the certificate is valid from {certificate.not_valid_before:%Y-%m-%d} on")
    usage = certificate.key_usage_value
    if usage is not None and _SIGNS.isdisjoint(usage.native):
        raise WrongUse(f"{name}: the certificate is not made for signing documents")


def read(path: Path) -> bytes:
    """The file's bytes; WrongUse without it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror}") from error
