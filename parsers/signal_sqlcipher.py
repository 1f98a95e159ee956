"""Signal's SQLCipher databases on Android, iOS and the desktop as encrypted forms.

Source: Signal reference 0 (recognition), 3.1, 4.1, 5.2 and 6. Such a file has no mark of its own: it is known
by its noise, by SQLite's plain header before the noise (iOS), and by where it lies; which profile it has, the
code of its first page decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from forensics.errors import DamagedEvidence, LimitExceeded, SporenError, WrongKey
from forensics.formats.sqlcipher import PageCipher, decrypt
from forensics.formats.sqlcipher_key import (
    LARGEST_PAGE,
    PLAIN_HEADER,
    Parameters,
    Secret,
    SecretKind,
    fitting,
)
from forensics.formats.sqlcipher_log import decrypt_log
from forensics.formats.sqlite import ReadProblem
from forensics.formats.sqlite_header import MAGIC
from forensics.formats.sqlite_wal import WalError
from forensics.parser import EncryptedForm, Opened
from parsers.signal_keys import database_keys, safe_storage_keys

WRONG_KEY = "wrong key or changed file: the authentication code of the first page does not match"
_KINDS: tuple[SecretKind, ...] = ("raw", "spec", "text")
_EXTENSIONS = frozenset({".db", ".db3", ".sqlite", ".sqlite3", ".sqlitedb"})
_KEY_FILES = frozenset({"config.json", "secrets.json", "org.thoughtcrime.securesms_preferences.xml"})
_PACKAGES = ("org.thoughtcrime.securesms/databases/", "im.molly.app/databases/")
# Databases of the app that hold no messages (reference 0): jobs, announcements, its own log, measurements.
_WITHOUT_MESSAGES = frozenset(
    {"signal-jobmanager.db", "signal-megaphone.db", "signal-logs.db", "signal-local-metrics.db"}
)
# Pearson's chi-square of 255 degrees of freedom: noise has 255 +- 23, eight deviations above is no noise.
_NOISE = 440.0
_LEAST = 512


class SqlCipherForm:
    """A SQLCipher database of Signal; see ``forensics.parser.EncryptedForm``."""

    key_files = _KEY_FILES
    name = "signal-sqlcipher"

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """Noise, in a database by its place and extension; or SQLite's header with noise behind it."""
        if head.startswith(MAGIC):
            return is_noise(head[PLAIN_HEADER:])
        return _is_named_so(name) and is_noise(head)

    def keys(self, material: bytes) -> list[bytes]:
        """Every secret that the file may hold, each behind the kind of it."""
        found = [kind.encode() + b":" + value for kind, value in database_keys(material)]
        return list(dict.fromkeys(found))

    def joined_keys(self, sealed: bytes, secret: bytes) -> list[bytes]:
        """The desktop's key, sealed in config.json with a secret of the system."""
        return [b"raw:" + key for key in safe_storage_keys(sealed, secret)]

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


def _is_named_so(name: str) -> bool:
    """A database's extension, and Signal in its path; or no path at all: a file that a person named."""
    path = PurePosixPath(name.replace("\\", "/").lower())
    if path.suffix not in _EXTENSIONS or path.name in _WITHOUT_MESSAGES:
        return False
    return (
        path.name == path.as_posix()
        or path.name in {"signal.db", "signal.sqlite", "db.sqlite"}
        or path.name.startswith("signal")
        or any(package in path.as_posix() for package in _PACKAGES)
        or any("signal" in folder for folder in path.parts)
    )


def is_noise(data: bytes) -> bool:
    """Whether the bytes are spread as evenly as those of a cipher."""
    if len(data) < _LEAST:
        return False
    expected = len(data) / 256
    counts = [0] * 256
    for byte in data:
        counts[byte] += 1
    return sum((count - expected) ** 2 for count in counts) / expected < _NOISE


FORM = SqlCipherForm()
FORMS: Sequence[EncryptedForm] = (FORM,)
