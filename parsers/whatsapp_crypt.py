"""WhatsApp's encrypted Android backups: crypt12, crypt14 and crypt15, opened only when their tag is right.

Source: WhatsApp reference 4 (ElDavoo/wa-crypt-tools, jferrl/amberkeep; checked on a 2.22.5 backup in all
three forms). All are AES-256-GCM with a 16-byte nonce and no associated data: the header stands outside the
tag, and only the MD5 at the end, where there is one, covers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from forensics.errors import DamagedEvidence, WrongKey
from forensics.formats import protobuf
from forensics.formats.protobuf import ProtobufError
from forensics.parser import EncryptedForm, Opened
from parsers.whatsapp_keys import account_keys, compare_account, crypt15_key, root_keys
from parsers.whatsapp_payload import WRONG_KEY, Details, Seal, unseal

_IV = 16
# Headers seen have 98 to 336 bytes: one that does not fit in the head of a file is none.
_HEAD = 4096

# crypt12 (reference 4.2): cipher version 2, key version 1, server salt 32, google id 16, IV 16, ciphertext,
# tag 16, MD5 16, "--" and the last two digits of the phone number.
_CRYPT12_BODY = 67
_CRYPT12_SUFFIX = 4
_CRYPT12_START = re.compile(rb"\x00\x01[\x01-\x03]")
_CRYPT12_END = re.compile(rb"--[0-9]{2}\Z")

# BackupPrefix (reference 4.3).
_KEY_TYPE, _CIPHER_14, _IV_15, _EXPIRY, _PASSKEY, _NEW_KEY_TYPE = range(1, 7)
_KNOWN_FIELDS = range(_KEY_TYPE, _NEW_KEY_TYPE + 1)
_KEY_TYPE_END_TO_END = 1
# BackupExpiry: 1 app version, 3 jid suffix, 4 backup version, the booleans are migration features.
_FEATURES = (*range(5, 38), 39)

_PASSKEY_ONLY = "a passkey backup: its key is not on the phone, so it can only be opened through WhatsApp"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    """Where the ciphertext starts and what stands in front of it."""

    form: str
    iv: bytes
    body: int
    server_salt: bytes | None = None
    google_id: bytes | None = None
    details: Details


def _crypt12_envelope(head: bytes) -> _Envelope:
    if not _CRYPT12_START.match(head) or len(head) < _CRYPT12_BODY:
        raise DamagedEvidence("the crypt12 header is damaged or cut off")
    return _Envelope(
        form="crypt12",
        iv=head[51:67],
        body=_CRYPT12_BODY,
        server_salt=head[3:35],
        google_id=head[35:51],
        details={"cipher_version": head[:2].hex(), "key_version": str(head[2])},
    )


def _backup_prefix(head: bytes) -> _Envelope:
    """The crypt14 or crypt15 header; raises ProtobufError when ``head`` starts with neither."""
    length, start = protobuf.varint(head)
    prefix = head[start : start + length]
    if len(prefix) != length:
        raise ProtobufError(f"a header of {length} bytes expected, {len(prefix)} are there")
    fields = {entry.number: entry for entry in protobuf.fields(prefix)}
    key_type = _number(fields, _KEY_TYPE)
    details: Details = {
        "header_bytes": length,
        "key_type": key_type,
        "new_key_type": _number(fields, _NEW_KEY_TYPE),
        "passkey": _PASSKEY in fields,
        "unknown_fields": _list(number for number in fields if number not in _KNOWN_FIELDS),
        **_expiry(fields.get(_EXPIRY)),
    }
    if _CIPHER_14 in fields and not (_IV_15 in fields and key_type == _KEY_TYPE_END_TO_END):
        return _crypt14_envelope(fields[_CIPHER_14].content(), start + length, details)
    if _IV_15 in fields:
        iv = {entry.number: entry for entry in protobuf.fields(fields[_IV_15].content())}
        return _Envelope(form="crypt15", iv=_iv(iv, 1), body=start + length, details=details)
    if _PASSKEY in fields and _EXPIRY in fields and fields[_PASSKEY].content():
        return _Envelope(form="crypt15", iv=b"", body=start + length, details=details)
    raise ProtobufError("the header names no cipher")


def _crypt14_envelope(message: bytes, body: int, details: Details) -> _Envelope:
    cipher = {entry.number: entry for entry in protobuf.fields(message)}
    cipher_version, key_version = _bytes(cipher, 1), _bytes(cipher, 2)
    return _Envelope(
        form="crypt14",
        iv=_iv(cipher, 5),
        body=body,
        server_salt=_bytes(cipher, 3),
        google_id=_bytes(cipher, 4),
        details={
            **details,
            "cipher_version": None if cipher_version is None else cipher_version.hex(),
            "key_version": None if key_version is None else key_version.decode("utf-8", "backslashreplace"),
        },
    )


def _iv(fields: dict[int, protobuf.Field], number: int) -> bytes:
    iv = _bytes(fields, number)
    if iv is None or len(iv) != _IV:
        raise ProtobufError("the header has no 16-byte IV")
    return iv


def _expiry(field_of_prefix: protobuf.Field | None) -> Details:
    """App version, jid suffix, backup version, features: for the report, so never a reason to stop."""
    details: Details = dict.fromkeys(("app_version", "jid_suffix", "backup_version", "features"))
    if field_of_prefix is None:
        return details
    try:
        fields = {entry.number: entry for entry in protobuf.fields(field_of_prefix.content())}
    except ProtobufError:
        return {**details, "features": "unreadable"}
    return {
        "app_version": _text(fields, 1),
        "jid_suffix": _text(fields, 3),
        "backup_version": _number(fields, 4),
        "features": _list(number for number in _FEATURES if _number(fields, number)),
    }


def _bytes(fields: dict[int, protobuf.Field], number: int) -> bytes | None:
    value = fields[number].value if number in fields else None
    return value if isinstance(value, bytes) else None


def _number(fields: dict[int, protobuf.Field], number: int) -> int | None:
    value = fields[number].value if number in fields else None
    return value if isinstance(value, int) else None


def _text(fields: dict[int, protobuf.Field], number: int) -> str | None:
    value = _bytes(fields, number)
    return None if value is None else value.decode("utf-8", "backslashreplace")


def _list(numbers: Iterator[int]) -> str:
    return ",".join(str(number) for number in sorted(numbers))


class Crypt12:
    """``msgstore.db.crypt12``: opened by the 158-byte ``key`` file of the same account."""

    name = "whatsapp-crypt12"

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """By its first three bytes and its last four; a cut-off file only when its name says so as well."""
        if len(head) < _CRYPT12_BODY or not _CRYPT12_START.match(head):
            return False
        return _CRYPT12_END.search(tail) is not None or ".crypt12" in name.lower()

    def keys(self, material: bytes) -> list[bytes]:
        """The payload of a ``key`` file, or a bare AES key."""
        return account_keys(material)

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """See EncryptedForm; "key of another account" when the server salts differ."""
        envelope = _crypt12_envelope(_head(source))
        source.seek(max(0, size - _CRYPT12_SUFFIX))
        suffix = source.read(_CRYPT12_SUFFIX)
        if not _CRYPT12_END.fullmatch(suffix):
            raise DamagedEvidence("cut off or damaged: a crypt12 backup ends in -- and two digits")
        aes, checks = compare_account(key, envelope.server_salt, envelope.google_id)
        checks["jid_suffix"] = suffix[2:].decode()
        seal = Seal(key=aes, iv=envelope.iv, start=envelope.body, suffix=_CRYPT12_SUFFIX, md5_always=True)
        return _opened(envelope, checks, unseal(source, size, seal, target, limit))


class Crypt14:
    """``msgstore.db.crypt14``: opened by the 158-byte ``key`` file of the same account."""

    name = "whatsapp-crypt14"

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """By the header: a length, and a message that holds server salt and IV."""
        return _recognised(head, "crypt14")

    def keys(self, material: bytes) -> list[bytes]:
        """The payload of a ``key`` file, or a bare AES key."""
        return account_keys(material)

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """See EncryptedForm; "key of another account" when the server salts differ."""
        envelope = _read_prefix(source, "crypt14")
        aes, checks = compare_account(key, envelope.server_salt, envelope.google_id)
        seal = Seal(key=aes, iv=envelope.iv, start=envelope.body, suffix=0, md5_always=False)
        return _opened(envelope, checks, unseal(source, size, seal, target, limit))


class Crypt15:
    """``msgstore.db.crypt15``: end-to-end encrypted, opened by the root key in ``encrypted_backup.key``."""

    name = "whatsapp-crypt15"

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """By the header: a length, and a message that holds the IV of an end-to-end backup."""
        return _recognised(head, "crypt15")

    def keys(self, material: bytes) -> list[bytes]:
        """The root key: from the 59-byte file, 64 hex digits as the phone shows them, base64 or bare."""
        return root_keys(material)

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """See EncryptedForm."""
        envelope = _read_prefix(source, "crypt15")
        if not envelope.iv:
            raise WrongKey(_PASSKEY_ONLY)
        seal = Seal(key=crypt15_key(key), iv=envelope.iv, start=envelope.body, suffix=0, md5_always=False)
        try:
            return _opened(envelope, {}, unseal(source, size, seal, target, limit))
        except WrongKey as error:
            raise WrongKey(
                f"{WRONG_KEY}; {_PASSKEY_ONLY}" if envelope.details["passkey"] else WRONG_KEY
            ) from error


FORMS: tuple[EncryptedForm, ...] = (Crypt12(), Crypt14(), Crypt15())


def _head(source: BinaryIO) -> bytes:
    source.seek(0)
    return source.read(_HEAD)


def _recognised(head: bytes, form: str) -> bool:
    try:
        return _backup_prefix(head[:_HEAD]).form == form
    except ProtobufError:
        return False


def _read_prefix(source: BinaryIO, form: str) -> _Envelope:
    try:
        envelope = _backup_prefix(_head(source))
    except ProtobufError as error:
        raise DamagedEvidence(f"the {form} header is damaged or cut off: {error}") from error
    if envelope.form != form:
        raise DamagedEvidence(f"the header is that of a {envelope.form} backup, not of {form}")
    return envelope


def _opened(envelope: _Envelope, checks: Details, payload: Opened) -> Opened:
    salt = None if envelope.server_salt is None else envelope.server_salt.hex()
    details = {"form": envelope.form, "iv": envelope.iv.hex(), "server_salt": salt}
    return replace(payload, details={**details, **envelope.details, **checks, **payload.details})
