"""The key of a case whose database is encrypted at rest, and the library that opens it (sqlcipher3).

``case.key`` in the case folder says whose: a passphrase (PBKDF2-HMAC-SHA512 with SQLCipher's own number of
rounds, so that any SQLCipher 4 opens the database with it), or a token that alone can unwrap a random key.
The passphrase or PIN comes from SPOREN_CASE_PASSPHRASE, from the file that SPOREN_CASE_PASSPHRASE_FILE names,
or from whoever sits at the terminal; it is never stored.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from forensics.errors import CaseDamaged, MachineFailed, WrongKey, WrongUse
from forensics.tokens import unwrapped, wrapped

KEY = "case.key"
VARIABLE, FILE_VARIABLE = "SPOREN_CASE_PASSPHRASE", "SPOREN_CASE_PASSPHRASE_FILE"
# SQLCipher 4: kdf_iter 256000, PBKDF2_HMAC_SHA512, key of 32 bytes, salt of 16 in the head of the file
# (from source: zetetic.net/sqlcipher/sqlcipher-api, PRAGMA key and cipher_default_kdf_iter)
_ROUNDS, _KEY_BYTES, _SALT_BYTES = 256_000, 32, 16
_ERRORS = ("DatabaseError", "DataError", "IntegrityError", "InternalError", "NotSupportedError",
           "OperationalError", "ProgrammingError")  # fmt: skip

Ask = Callable[[str], str | None]


def _nobody(question: str) -> str | None:
    """Without a terminal nobody is asked."""
    return None


_ASK: ContextVar[Ask] = ContextVar("ask", default=_nobody)


def ask_with(ask: Ask) -> None:
    """From now on a missing passphrase is asked for in this way."""
    _ASK.set(ask)


def is_encrypted(folder: Path) -> bool:
    """Whether the database of the case is encrypted."""
    return (folder / KEY).is_file()


def make(folder: Path, token: str | None) -> None:
    """Let a new case be encrypted: by a passphrase, or by a token named as a PKCS#11 URI.

    WrongUse without the extra, WrongKey without a passphrase or with another PIN. Nothing is made then.
    """
    _library()
    found: dict[str, str] = {"cipher": "SQLCipher 4", "salt": secrets.token_hex(_SALT_BYTES)}
    secret = _secret(f"{folder}: a passphrase for the new case" if token is None else f"PIN of {token}")
    if token is not None:
        key = secrets.token_bytes(_KEY_BYTES)
        found |= {"token": token, "wrapped": wrapped(token, secret, key).hex()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / KEY).write_text(json.dumps(found, indent=2) + "\n", "ascii")
    except OSError as error:
        raise MachineFailed(f"{folder / KEY}: cannot be written: {error.strerror}") from error


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


def _key(folder: Path) -> str:
    """Key and salt in hex, as PRAGMA key takes them."""
    path = folder / KEY
    try:
        found = json.loads(path.read_bytes())
        salt, token = bytes.fromhex(found["salt"]), found.get("token")
        sealed = bytes.fromhex(found.get("wrapped", ""))
        if len(salt) != _SALT_BYTES or not isinstance(token, str | None):
            raise ValueError("it has no salt or no token")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise CaseDamaged(
            f"{path}: does not say how the case is encrypted; restore it from a copy"
        ) from error
    secret = _secret(f"Passphrase of {folder}" if token is None else f"PIN of {token}")
    key = _derived(secret, salt) if token is None else unwrapped(token, secret, sealed)
    return (key + salt).hex()


@lru_cache(maxsize=4)
def _derived(secret: str, salt: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ROUNDS, _KEY_BYTES)


def _secret(question: str) -> str:
    given = os.environ.get(VARIABLE)
    file = os.environ.get(FILE_VARIABLE)
    if not given and file:
        try:
            given = (Path(file).read_text("utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeDecodeError) as error:
            raise WrongUse(f"{file}: the passphrase of the case cannot be read: {error}") from error
    given = given or _ASK.get()(question)
    if not given:
        raise WrongKey(f"{question}: is missing; set {VARIABLE} or {FILE_VARIABLE}")
    return given


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
