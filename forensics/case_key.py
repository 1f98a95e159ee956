"""The key of a case whose database is encrypted at rest, and the library that opens it (sqlcipher3).

``case.key`` in the case folder says whose: a passphrase (PBKDF2-HMAC-SHA512 with SQLCipher's own number of
rounds, so that any SQLCipher 4 opens the database with it), or a token that alone can unwrap a random key.
The folder may come from anybody: it names a token and the key on it, never the library that speaks to it.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import secrets
import sqlite3
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from forensics.case_passphrase import passphrase_of
from forensics.errors import CaseDamaged, MachineFailed, WrongKey, WrongUse
from forensics.tokens import know_library, require_library, unwrapped, without_library, wrapped

KEY = "case.key"
# SQLCipher 4: kdf_iter 256000, PBKDF2_HMAC_SHA512, key of 32 bytes, salt of 16 in the head of the file
# (from source: zetetic.net/sqlcipher/sqlcipher-api, PRAGMA key and cipher_default_kdf_iter)
_ROUNDS, _KEY_BYTES, _SALT_BYTES = 256_000, 32, 16
# Of case.key, which is a few hundred bytes, and a kilobyte with a key that a token wrapped.
_LONGEST = 1 << 16
_ERRORS = ("DatabaseError", "DataError", "IntegrityError", "InternalError", "NotSupportedError",
           "OperationalError", "ProgrammingError")  # fmt: skip


def is_encrypted(folder: Path) -> bool:
    """Whether the database of the case is encrypted."""
    return (folder / KEY).is_file()


def make(folder: Path, token: str | None) -> None:
    """Let a new case be encrypted: by a passphrase, or by a token named as a PKCS#11 URI.

    WrongUse without the extra, WrongKey without a passphrase or with another PIN. Nothing is made then.
    """
    _library()
    salt = secrets.token_hex(_SALT_BYTES)
    found: dict[str, str] = {"cipher": "SQLCipher 4", "salt": salt}
    if token is None:
        passphrase_of(salt, f"{folder}: a passphrase for the new case", is_new=True)
    else:
        found |= _wrapped(token)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / KEY).write_text(json.dumps(found, indent=2) + "\n", "ascii")
    except OSError as error:
        raise MachineFailed(f"{folder / KEY}: cannot be written: {error.strerror}") from error


def forget(folder: Path) -> None:
    """Remove the key of a case that does not exist, or no more: its making was broken off."""
    try:
        (folder / KEY).unlink(missing_ok=True)
    except OSError as error:
        raise MachineFailed(f"{folder / KEY}: cannot be removed: {error.strerror}") from error


def connect(path: Path, folder: Path, **options: Any) -> sqlite3.Connection:
    """A connection to an encrypted database under the key of the case in ``folder``. WrongKey where that does
    not open it; its errors are sqlite3's."""
    connection = _library().connect(path, **options)
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA key=\"x'{_key(folder)}'\"")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_NOTADB:
            raise
        connection.close()
        raise WrongKey(
            f"{folder}: the passphrase does not open this case: wrong key or changed file"
        ) from error
    return cast(sqlite3.Connection, connection)  # the same DB-API, compiled against SQLCipher


def _wrapped(token: str) -> dict[str, str]:
    """A new key for the token, as ``case.key`` keeps it."""
    named = without_library(token)
    know_library(token)
    require_library(named)
    pin = passphrase_of(named, f"PIN of {named}")
    return {"token": named, "wrapped": wrapped(named, pin, secrets.token_bytes(_KEY_BYTES)).hex()}


def _key(folder: Path) -> str:
    """Key and salt in hex, as PRAGMA key takes them."""
    salt, token, sealed = _read(folder / KEY)
    if token is None:
        key = _derived(passphrase_of(salt.hex(), f"Passphrase of {folder}"), salt)
    else:
        require_library(token)
        key = unwrapped(token, passphrase_of(token, f"PIN of {token}"), sealed)
    return (key + salt).hex()


def _read(path: Path) -> tuple[bytes, str | None, bytes]:
    """Salt, token and wrapped key; what the file says of a library on this machine is not taken over."""
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(_LONGEST))
        salt, token = bytes.fromhex(found["salt"]), found.get("token")
        sealed = bytes.fromhex(found.get("wrapped", ""))
        if len(salt) != _SALT_BYTES or not isinstance(token, str | None):
            raise ValueError("it has no salt or no token")
        return salt, token and without_library(token), sealed
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, WrongUse) as error:
        raise CaseDamaged(
            f"{path}: does not say how the case is encrypted; restore it from a copy"
        ) from error


@lru_cache(maxsize=4)
def _derived(secret: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ROUNDS, _KEY_BYTES)


@lru_cache(maxsize=1)
def _library() -> Any:
    try:
        library = importlib.import_module("sqlcipher3.dbapi2")
    except ImportError as error:
        raise WrongUse("an encrypted case needs the extra: pip install 'sporen[encryption]'") from error
    for name in _ERRORS:  # so that whoever handles sqlite3's errors handles these: they mean the same
        mine, theirs = getattr(library, name), getattr(sqlite3, name)
        if not issubclass(mine, theirs):
            mine.__bases__ = (*mine.__bases__, theirs)
    return library
