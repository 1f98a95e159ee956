"""Invented certificates for signatures: an authority, examiners, and a time-stamp authority that answers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
EXPIRED = datetime(2021, 1, 1, tzinfo=UTC)
PASSPHRASE = "zegel één"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """One key for each name in a run: making them takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    name: str
    certificate: x509.Certificate

    @property
    def key(self) -> rsa.RSAPrivateKey:
        return private_key(self.name)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_der(self) -> bytes:
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())


def subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def usage(*names: str) -> x509.KeyUsage:
    all_of = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
              "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{each: each in names for each in all_of})


@cache
def root(name: str = "Sporen Test Root") -> Issued:
    builder = _builder(name, name, UNTIL).add_extension(x509.BasicConstraints(True, None), True)
    builder = builder.add_extension(usage("key_cert_sign", "crl_sign"), True)
    return Issued(name, builder.sign(private_key(name), hashes.SHA256()))


@cache
def examiner(name: str = "A. Examiner", issuer: str = "Sporen Test Root", until: datetime = UNTIL) -> Issued:
    """A certificate for signing."""
    builder = _builder(name, issuer, until).add_extension(
        usage("digital_signature", "content_commitment"), True
    )
    return Issued(name, builder.sign(private_key(issuer), hashes.SHA256()))


@cache
def authority(name: str = "Sporen Test TSA", issuer: str = "Sporen Test Root") -> Issued:
    """A time-stamp authority."""
    builder = _builder(name, issuer, UNTIL).add_extension(usage("digital_signature"), True)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = builder.add_extension(purpose, True).sign(private_key(issuer), hashes.SHA256())
    return Issued(name, made)


@cache
def server() -> Issued:
    """A certificate that is not made for signing documents."""
    builder = _builder("Server", "Sporen Test Root", UNTIL).add_extension(usage("key_encipherment"), True)
    return Issued("Server", builder.sign(private_key("Sporen Test Root"), hashes.SHA256()))


def _builder(name: str, issuer: str, until: datetime) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject(name)).issuer_name(subject(issuer))
    builder = builder.public_key(private_key(name).public_key()).not_valid_before(FROM).not_valid_after(until)
    serial = int.from_bytes(f"{name} {until:%Y}".encode()[:16])
    identifier = x509.SubjectKeyIdentifier.from_public_key(private_key(name).public_key())
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(private_key(issuer).public_key())
    return builder.serial_number(serial).add_extension(identifier, False).add_extension(issued_by, False)


def revocations(*revoked: Issued) -> bytes:
    """The root's list of revoked certificates, in PEM."""
    issuer = root()
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
    builder = builder.last_update(FROM).next_update(UNTIL).add_extension(x509.CRLNumber(1), False)
    for each in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(FROM).build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def p12(
    folder: Path, issued: Issued | None = None, passphrase: str = PASSPHRASE, name: str = "seal.p12"
) -> Path:
    """A PKCS#12 file; without encryption where the passphrase is empty."""
    issued = issued or examiner()
    algorithm = (
        serialization.BestAvailableEncryption(passphrase.encode())
        if passphrase
        else serialization.NoEncryption()
    )
    data = pkcs12.serialize_key_and_certificates(
        issued.name.encode(), issued.key, issued.certificate, [root().certificate], algorithm
    )
    (folder / name).write_bytes(data)
    return folder / name


def stamper(moment: datetime | None = None, issued: Issued | None = None) -> DummyTimeStamper:
    """Answers requests for time stamps."""
    own = issued or authority()
    return DummyTimeStamper(
        asn1_x509.Certificate.load(own.der), asn1_keys.PrivateKeyInfo.load(own.key_der), fixed_dt=moment
    )


def answer(request: bytes, moment: datetime | None = None) -> bytes:
    """What the authority answers to an RFC 3161 request."""
    made: bytes = stamper(moment).request_tsa_response(tsp.TimeStampReq.load(request)).dump()
    return made


@contextmanager
def time_stamp_server(moment: datetime | None = None, status: int = 200) -> Iterator[str]:
    """The address of an authority on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = answer(self.rfile.read(int(self.headers["Content-Length"])), moment)
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Nothing on the screen."""

    with HTTPServer(("127.0.0.1", 0), Handler) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{served.server_port}/"
        finally:
            served.shutdown()
            thread.join()
