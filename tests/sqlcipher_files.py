"""SQLCipher databases made by SQLCipher itself, with invented keys, for every profile that is read."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from forensics.formats.sqlcipher_key import Secret

sqlcipher3 = pytest.importorskip("sqlcipher3")

RAW = hashlib.sha256(b"fictitious sqlcipher key").digest()
SALT = hashlib.sha256(b"fictitious salt").digest()[:16]
HEX = RAW.hex()
ROWS = 300


class Profile(NamedTuple):
    """The pragmas before and after the key, and the secret that opens it."""

    key: str
    after: tuple[str, ...]
    secret: Secret
    page_size: int = 4096


def text(passphrase: str) -> Secret:
    return Secret(kind="text", value=passphrase.encode())


RAW_SECRET = Secret(kind="raw", value=RAW)
SPEC_SECRET = Secret(kind="spec", value=RAW + SALT)
RAW_KEY = f"x''{HEX}''"
SPEC_KEY = f"x''{HEX}{SALT.hex()}''"
V3 = ("cipher_compatibility=3",)


def hashes(name: str) -> tuple[str, ...]:
    return (f"cipher_hmac_algorithm=HMAC_{name}", f"cipher_kdf_algorithm=PBKDF2_HMAC_{name}")


PROFILES = {
    "desktop": Profile(RAW_KEY, (), RAW_SECRET),
    "raw 3": Profile(RAW_KEY, V3, RAW_SECRET, 1024),
    "android": Profile(HEX, (*V3, "kdf_iter=1", "cipher_page_size=4096"), text(HEX)),
    "ios": Profile(SPEC_KEY, ("cipher_plaintext_header_size=32",), SPEC_SECRET),
    "key and salt": Profile(SPEC_KEY, (), SPEC_SECRET),
    "passphrase 4": Profile("a fictitious passphrase", (), text("a fictitious passphrase")),
    "passphrase 3": Profile("een verzonnen zin", V3, text("een verzonnen zin"), 1024),
    "passphrase 2": Profile("zin", ("cipher_compatibility=2",), text("zin"), 1024),
    "sha256": Profile(RAW_KEY, hashes("SHA256"), RAW_SECRET),
    "sha1": Profile(RAW_KEY, hashes("SHA1"), RAW_SECRET),
    "sha512, one iteration": Profile("zin", ("kdf_iter=1",), text("zin")),
    "sha256, one iteration": Profile("zin", (*hashes("SHA256"), "kdf_iter=1"), text("zin")),
    **{
        f"pages of {size}": Profile(RAW_KEY, (f"cipher_page_size={size}",), RAW_SECRET, size)
        for size in (1024, 2048, 8192, 16384, 32768, 65536)
    },
    "ios, pages of 1024": Profile(
        SPEC_KEY, ("cipher_plaintext_header_size=32", "cipher_page_size=1024"), SPEC_SECRET, 1024
    ),
}


def connect(path: Path, profile: Profile):
    connection = sqlcipher3.connect(str(path), isolation_level=None)
    connection.execute(f"PRAGMA key='{profile.key}'")
    for pragma in profile.after:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def make(folder: Path, profile: Profile, *, log: bool = False) -> Path:
    """A database of ROWS rows; with ``log`` its -wal holds as many again and a deletion."""
    work, path = folder / "work.db", folder / "made.db"
    with contextlib.closing(connect(work, profile)) as first:
        if log:
            first.execute("PRAGMA journal_mode=WAL")
            first.execute("PRAGMA wal_autocheckpoint=0")
        first.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)")
        insert(first, 1)
        if log:
            first.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            insert(first, ROWS + 1)
            first.execute("DELETE FROM note WHERE id = 7")
        shutil.copyfile(work, path)
        if log:
            shutil.copyfile(f"{work}-wal", f"{path}-wal")
    for left in folder.glob("work.db*"):
        left.unlink()
    return path


def insert(connection, start: int) -> None:
    rows = [(number, words(number)) for number in range(start, start + ROWS)]
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO note VALUES (?, ?)", rows)
    connection.execute("COMMIT")


def words(number: int) -> str:
    return f"row {number} " + hashlib.sha256(str(number).encode()).hexdigest()


def seal(plain: Path, path: Path, profile: Profile, *, late: str | None = None) -> None:
    """Write a plain database as a SQLCipher one; ``late``: statements that stand only in its -wal."""
    work = path.with_name("sealing.db")
    with contextlib.closing(connect(work, profile)) as connection:
        connection.execute(f"ATTACH DATABASE '{plain}' AS plain KEY ''")
        connection.execute("SELECT sqlcipher_export('main', 'plain')")
        (version,) = connection.execute("PRAGMA plain.user_version").fetchone()
        connection.execute(f"PRAGMA main.user_version={version}")
        connection.execute("DETACH DATABASE plain")
        if late is not None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.executescript(late)
            shutil.copyfile(f"{work}-wal", f"{path}-wal")
        shutil.copyfile(work, path)
    for left in path.parent.glob("sealing.db*"):
        left.unlink()
