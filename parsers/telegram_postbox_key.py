"""The encrypted Postbox (on the Mac, at times on the phone), and the file that holds its key.

Source: Telegram reference 5.1 (checked on constructed files, one of which SQLCipher opened): SQLCipher 4
behind 32 plain bytes of SQLite's header, with a raw key and its salt. ``.tempkeyEncrypted`` holds both,
sealed with the local passcode, or with a constant where there is none. The older ``.tempkey`` holds them
plain (BuildConfig.m of the Mac's client, "from source").
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Iterator, Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from forensics.formats.murmur3 import murmur3
from forensics.formats.postbox import SEED
from forensics.formats.sqlcipher_key import KEY, PLAIN_HEADER, SALT
from forensics.formats.sqlite_header import MAGIC
from forensics.parser import EncryptedForm
from parsers.sqlcipher_form import SqlCipherOpener, is_noise

_SEALED = 64
_SPEC = KEY + SALT
# The passcode of the client where the owner set none, and none at all.
_NO_PASSCODE = (b"no-matter-key", b"")
_LONGEST_PASSCODE = 256
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HEX = re.compile(rb"\s*(?:x')?([0-9a-fA-F]{96})'?\s*")


class PostboxForm(SqlCipherOpener):
    """A Postbox that is a SQLCipher database; see ``forensics.parser.EncryptedForm``."""

    key_files = frozenset({".tempkeyencrypted", ".tempkey"})
    usual_names = frozenset({"db_sqlite"})
    name = "telegram-sqlcipher"

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """SQLite's header with noise behind it; the name only says which of several forms comes first."""
        return head.startswith(MAGIC) and is_noise(head[PLAIN_HEADER:])

    def keys(self, material: bytes) -> list[bytes]:
        """Key and salt: out of their file as long as no passcode seals it, plain, or as 96 hex digits."""
        found = [key for passcode in _NO_PASSCODE if (key := unsealed(material, passcode)) is not None]
        if len(material) == _SPEC:
            found.append(material)
        match = _HEX.fullmatch(material)
        if match is not None:
            found.append(binascii.unhexlify(match[1]))
        return [b"spec:" + key for key in dict.fromkeys(found)]

    def joined_keys(self, sealed: bytes, secret: bytes) -> list[bytes]:
        """Key and salt out of their file, with a passcode from another one."""
        found = (unsealed(sealed, passcode) for passcode in _passcodes(secret))
        return [b"spec:" + key for key in dict.fromkeys(found) if key is not None]


def unsealed(sealed: bytes, passcode: bytes) -> bytes | None:
    """The 48 bytes of key and salt in a ``.tempkeyEncrypted``; None where the passcode does not fit."""
    if len(sealed) != _SEALED:
        return None
    secret = hashlib.sha512(passcode).digest()
    decryptor = Cipher(algorithms.AES256(secret[:32]), modes.CBC(secret[48:])).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    check = int.from_bytes(plain[_SPEC : _SPEC + 4], "little", signed=True)
    return plain[:_SPEC] if murmur3(plain[:_SPEC], SEED) == check else None


def _passcodes(secret: bytes) -> Iterator[bytes]:
    """What a person may mean by a file with a passcode: its bytes, without the end of the line."""
    if 0 < len(secret) <= _LONGEST_PASSCODE:
        text = secret.removeprefix(_BYTE_ORDER_MARK)
        yield from dict.fromkeys((text, text.rstrip(b"\r\n"), text.strip()))


FORMS: Sequence[EncryptedForm] = (PostboxForm(),)
