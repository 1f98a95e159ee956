"""RFC 3161 time stamps on the head of a custody log: a request to carry away, a reply to check.

Nothing here uses a network: an offline workstation writes the request, a connected one sends it, and the
reply is read back. What is stamped is a line of text, so that ``openssl ts -verify -data`` checks it as well.
Needs the extra ``timestamps`` (rfc3161-client).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from types import ModuleType
from typing import Any

from cryptography import x509

from forensics.custody_entry import Head
from forensics.errors import WrongUse

rfc3161_client: ModuleType | None
try:
    import rfc3161_client
except ImportError:
    rfc3161_client = None  # the extra is not installed: `_client` says so to whoever asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a reply says: the authority's time (RFC 3339, UTC), its serial number, its name if any."""

    time: str
    serial: str
    authority: str | None


def stamped_text(head: Head) -> bytes:
    """What is stamped: the number and the hash of the log's last entry, as one line."""
    return f"Sporen custody log, entry {head.seq}, SHA-256 {head.hash}\n".encode()


def request(head: Head) -> tuple[bytes, str]:
    """The request (DER) with a nonce, and that nonce in hex."""
    from_extra = _client()
    built = (
        from_extra.TimestampRequestBuilder()
        .data(stamped_text(head))
        .hash_algorithm(from_extra.HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    return built.as_bytes(), f"{built.nonce:x}"


def check_reply(reply: bytes, head: Head, nonce: str | None, roots: Sequence[bytes]) -> Stamp:
    """Whether an authority whose certificate leads to one of these roots (PEM) stamped this head.

    WrongUse, with the reason, when it did not: another head, another request, a changed byte, another root.
    """
    found = _decoded(reply)
    certificates = [each for pem in roots for each in _certificates(pem)]
    anchors = [each for each in certificates if each.issuer == each.subject]
    if not anchors:
        raise WrongUse(
            "the certificates given hold no root (self-signed) certificate of the time-stamp authority"
        )
    builder = _client().VerifierBuilder(
        roots=anchors,
        intermediates=[each for each in certificates if each not in anchors],
        nonce=int(nonce, 16) if nonce else None,
    )
    try:
        builder.build().verify(found, hashlib.sha256(stamped_text(head)).digest())
    except (_client().VerificationError, ValueError) as error:
        raise WrongUse(f"the time stamp does not hold for entry {head.seq} of this log: {error}") from error
    info = found.tst_info
    time = info.gen_time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Stamp(time=time, serial=f"{info.serial_number:x}", authority=_signer(found))


def _signer(found: Any) -> str | None:
    """The subject of the certificate in the reply that may stamp times."""
    for der in sorted(found.signed_data.certificates):
        certificate = x509.load_der_x509_certificate(der)
        try:
            usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            continue  # a certificate of the chain
        if x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in usage:
            return certificate.subject.rfc4514_string()
    return None


def is_reply(data: bytes) -> bool:
    """Whether these bytes look like DER of a reply: the checks come later."""
    return data[:1] == b"\x30"


def _decoded(reply: bytes) -> Any:
    try:
        return _client().decode_timestamp_response(reply)
    except ValueError as error:
        raise WrongUse(f"this is no RFC 3161 reply: {error}") from error


def _certificates(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise WrongUse(f"the certificate of the time-stamp authority is no PEM: {error}") from error


def is_available() -> bool:
    """Whether the extra is installed."""
    return rfc3161_client is not None


def _client() -> ModuleType:
    if rfc3161_client is None:
        raise WrongUse("time stamps need the extra `timestamps`: pip install 'sporen[timestamps]'")
    return rfc3161_client
