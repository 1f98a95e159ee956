"""Time stamps (RFC 3161) without a network: the request is carried to a connected machine, the reply back.

A signature made for this keeps room in the PDF; the token in the reply is put there, which makes B-T of B-B
and changes no byte that the signature covers.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from forensics.errors import WrongUse
from forensics.places import write_new
from reports.signing import Signed, read

_GRANTED = frozenset(("granted", "granted_with_mods"))
REPORT = "data/report.pdf"


class Later:
    """The seal of a delivery that was signed before and whose time stamp has come now."""

    def __init__(self, earlier: Path, reply: Path) -> None:
        """``earlier``: the signed delivery. Raises WrongUse where the reply is not that of its signature."""
        self._earlier = read(earlier / REPORT)
        self._made = stamped(self._earlier, read(reply), str(reply))

    def sign(self, path: Path) -> Signed:
        """The signed report in place of the unsigned one, which must be the one that was signed."""
        unsigned = path.read_bytes()
        if not self._earlier.startswith(unsigned):
            raise WrongUse(
                "the report that was signed is not that of the case as it is now: sign again with --sign"
            )
        path.write_bytes(self._made)
        certificate = next(iter(PdfFileReader(io.BytesIO(self._made)).embedded_signatures)).signer_cert
        return Signed(
            level="B-T",
            subject=certificate.subject.human_friendly,
            certificate_sha256=certificate.sha256.hex(),
            unsigned_sha256=hashlib.sha256(unsigned).hexdigest(),
            unsigned_bytes=len(unsigned),
            sha256=hashlib.sha256(self._made).hexdigest(),
        )

    def cover(self, tags: Path) -> None:
        """Nothing: the key is not at hand any more. The signed report lists the files before it."""


def write_request(report: Path, file: Path) -> None:
    """Ask for a time stamp of the signature in a report; WrongUse where a file stands already."""
    message = {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"})}
    imprint = tsp.MessageImprint(message | {"hashed_message": _imprint(_signature(report.read_bytes())[1])})
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True})
    write_new(file, request.dump())


def stamped(signed: bytes, reply: bytes, name: str) -> bytes:
    """The signed PDF with the token of a reply in the room that was kept. Raises WrongUse."""
    token = _token(reply, name)
    (start, end), content = _signature(signed)
    signer = content["content"]["signer_infos"][0]
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    if imprint["hashed_message"].native != _imprint(content):
        raise WrongUse(f"{name}: is the time stamp of something else than this signature")
    if not isinstance(signer["unsigned_attrs"], core.Void) and len(signer["unsigned_attrs"]):
        raise WrongUse("the signature has its time stamp already")
    attribute = {"type": "signature_time_stamp_token", "values": (token,)}
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(attribute)])
    made: bytes = content.dump(force=True).hex().encode()
    if len(made) > end - start:
        raise WrongUse("the signed report has no room for a time stamp: sign it with --timestamp-request")
    return signed[:start] + made.ljust(end - start, b"0") + signed[end:]


def _token(reply: bytes, name: str) -> cms.ContentInfo:
    try:
        response = tsp.TimeStampResp.load(reply, strict=True)
        status = response["status"]["status"].native
        if status not in _GRANTED:
            raise WrongUse(f"{name}: the time-stamp authority refused the request ({status})")
        token = response["time_stamp_token"]
        if token["content"]["encap_content_info"]["content_type"].native != "tst_info":
            raise ValueError("no time stamp in it")
    except (ValueError, TypeError, KeyError) as error:
        raise WrongUse(f"{name}: not a reply of a time-stamp authority (RFC 3161)") from error
    return token


def _signature(signed: bytes) -> tuple[tuple[int, int], cms.ContentInfo]:
    """Where the hexadecimal digits of the first signature stand in the file, and what they hold."""
    try:
        found = next(iter(PdfFileReader(io.BytesIO(signed)).embedded_signatures))
        first, length, second, _ = (int(each) for each in found.byte_range)
        content = cms.ContentInfo.load(found.pkcs7_content)
    except (StopIteration, PdfError, ValueError, TypeError, KeyError) as error:
        raise WrongUse("the report has no signature that could be time-stamped") from error
    # the byte range leaves out the digits with < and > around them
    return (first + length + 1, second - 1), content


def _imprint(content: cms.ContentInfo) -> bytes:
    """What is time-stamped: the SHA-256 of the signature's value (ETSI EN 319 122-1, 5.3)."""
    signature: bytes = content["content"]["signer_infos"][0]["signature"].native
    return hashlib.sha256(signature).digest()
