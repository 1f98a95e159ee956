"""Signal's SQLCipher databases on Android, iOS and the desktop as encrypted forms.

Source: Signal reference 0 (recognition), 3.1, 4.1, 5.2 and 6. Such a file has no mark of its own: it is known
by its noise, by SQLite's plain header before the noise (iOS), and by where it lies; which profile it has, the
code of its first page decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from forensics.formats.sqlcipher_key import PLAIN_HEADER
from forensics.formats.sqlite_header import MAGIC
from forensics.parser import EncryptedForm
from parsers.signal_keys import database_keys, safe_storage_keys
from parsers.sqlcipher_form import SqlCipherOpener, is_noise

_EXTENSIONS = frozenset({".db", ".db3", ".sqlite", ".sqlite3", ".sqlitedb"})
_KEY_FILES = frozenset({"config.json", "secrets.json", "org.thoughtcrime.securesms_preferences.xml"})
_PACKAGES = ("org.thoughtcrime.securesms/databases/", "im.molly.app/databases/")
# Databases of the app that hold no messages (reference 0): jobs, announcements, its own log, measurements.
_WITHOUT_MESSAGES = frozenset(
    {"signal-jobmanager.db", "signal-megaphone.db", "signal-logs.db", "signal-local-metrics.db"}
)


class SqlCipherForm(SqlCipherOpener):
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


FORM = SqlCipherForm()
FORMS: Sequence[EncryptedForm] = (FORM,)
