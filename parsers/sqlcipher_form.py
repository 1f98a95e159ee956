"""SQLCipher databases as an encrypted form, whichever app they are of: how a key that is given opens one.

Source: Signal reference 6 and Telegram reference 5.1. Such a file has no mark of its own: it is known by its
noise, or by SQLite's plain header before the noise; which profile it has, the code of its first page decides.
What a key file may hold, and where such a file lies, is the business of each app's form.
"""

from __future__ import annotations

from typing import BinaryIO

from forensics.errors import DamagedEvidence, LimitExceeded, SporenError, WrongKey
from forensics.formats.sqlcipher import PageCipher, decrypt
from forensics.formats.sqlcipher_key import LARGEST_PAGE, Parameters, Secret, SecretKind, fitting
from forensics.formats.sqlcipher_log import decrypt_log
from forensics.formats.sqlite import ReadProblem
from forensics.formats.sqlite_wal import WalError
from forensics.parser import Opened

WRONG_KEY = "wrong key or changed file: the authentication code of the first page does not match"
_KINDS: tuple[SecretKind, ...] = ("raw", "spec", "text")
# Pearson's chi-square of 255 degrees of freedom: noise has 255 +- 23, eight deviations above is no noise.
_NOISE = 440.0
_LEAST = 512


class SqlCipherOpener:
    """The part of an encrypted form that opens; a key has the kind of its secret in front (``spec:...``)."""

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """See EncryptedForm. A page whose code is wrong is zeros in the target and named in the problems."""
        if size > limit:
            raise LimitExceeded(f"holds more than the {limit} bytes that are allowed")
        source.seek(0)
        parameters = fitting(_whole(source, LARGEST_PAGE), _secret(key))
        if parameters is None:
            raise WrongKey(WRONG_KEY)
        cipher = PageCipher(parameters)
        try:
            read = decrypt(source, size, cipher, target)
        except (SporenError, OSError):
            target.seek(0)
            target.truncate()
            raise
        return Opened(
            kind="sqlite",
            details={
                **_words(parameters),
                "pages": read.pages,
                "pages_verified": read.verified,
                "pages_unused": read.unused,
                "pages_wrong": read.pages - read.verified - read.unused,
            },
            problems=read.problems(),
            open_log=_LogOpener(parameters).open,
        )


class _LogOpener:
    """Opens the log beside a database that was opened."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def open(self, source: BinaryIO, size: int, target: BinaryIO) -> Opened:
        """The plain log; one whose header cannot be read is a problem, and is left out."""
        try:
            read = decrypt_log(source, PageCipher(self._parameters), target)
        except WalError as error:
            text = f"the encrypted write-ahead log of {size} bytes was not used: {error}"
            return Opened(kind="log", details={}, problems=(ReadProblem(kind="wal", text=text),))
        details: dict[str, str | int | bool | None] = {
            "frames": read.frames,
            "frames_verified": read.verified,
            "frames_in_chain": read.in_chain,
        }
        return Opened(kind="log", details=details, problems=read.problems())


def _secret(key: bytes) -> Secret:
    prefix, _, value = key.partition(b":")
    for kind in _KINDS:
        if kind.encode() == prefix:
            return Secret(kind=kind, value=value)
    raise DamagedEvidence("a key of no kind that SQLCipher takes")


def _words(parameters: Parameters) -> dict[str, str | int | bool | None]:
    derived = "not derived" if parameters.iterations is None else f"PBKDF2-HMAC-{parameters.hash.upper()}"
    return {
        "cipher": "SQLCipher, AES-256-CBC",
        "page_code": f"HMAC-{parameters.hash.upper()}",
        "key": derived,
        "iterations": parameters.iterations,
        "page_size": parameters.page_size,
        "plain_header": parameters.has_plain_header,
    }


def _whole(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    while len(data) < length and (more := source.read(length - len(data))):
        data += more
    return data


def is_noise(data: bytes) -> bool:
    """Whether the bytes are spread as evenly as those of a cipher."""
    if len(data) < _LEAST:
        return False
    expected = len(data) / 256
    counts = [0] * 256
    for byte in data:
        counts[byte] += 1
    return sum((count - expected) ** 2 for count in counts) / expected < _NOISE
