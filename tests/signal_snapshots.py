"""New backups of Signal, made from the reference alone (2.1 to 2.5): records, keys, and a pool of files."""

from __future__ import annotations

import gzip
import hashlib
import hmac
import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from Crypto.Cipher import AES
from fixture_programs import load

MAKER = load("signal_android", "make_backup")
part, varint = MAKER.part, MAKER.varint

POOL = "fictitious0pool1of2sixty3four4characters5".ljust(64, "x")
OWNER, BRAM, CLEO = (bytes([0] * 15 + [number]) for number in (1, 2, 3))
BACKUP_ID = hashlib.sha256(b"overwritten below").digest()[:16]
SNAPSHOT = "signal-backup-2026-03-01-02-00-00"
_IV = bytes(range(16))


def hkdf(key: bytes, info: bytes, length: int, salt: bytes = bytes(32)) -> bytes:
    """RFC 5869 with SHA-256."""
    extracted, out, block = hmac.digest(salt, key, "sha256"), b"", b""
    for number in range(1, math.ceil(length / 32) + 1):
        block = hmac.digest(extracted, block + info + bytes([number]), "sha256")
        out += block
    return out[:length]


ROOT = hkdf(POOL.encode(), b"20240801_SIGNAL_BACKUP_KEY", 32)
BACKUP_ID = hkdf(ROOT, b"20241024_SIGNAL_BACKUP_ID:" + OWNER, 16)


def padded(data: bytes) -> bytes:
    """Zeros up to a size that says little (2.3)."""
    size = max(541, math.floor(1.05 ** math.ceil(math.log(max(len(data), 1), 1.05))))
    return data + bytes(max(size - len(data), 0))


def sealed(plain: bytes, cipher: bytes, mac: bytes) -> bytes:
    """IV, AES-256-CBC with PKCS7, HMAC-SHA256."""
    plain += bytes([16 - len(plain) % 16]) * (16 - len(plain) % 16)
    body = _IV + AES.new(cipher, AES.MODE_CBC, _IV).encrypt(plain)
    return body + hmac.digest(mac, body, "sha256")


def stream(records: Iterable[bytes]) -> bytes:
    """Records, each after its length."""
    return b"".join(varint(len(record)) + record for record in records)


def main(records: Iterable[bytes], *, token: bytes = b"", identifier: bytes = BACKUP_ID) -> bytes:
    """The file ``main``; with a token as remote backups are."""
    info = (
        b"20250708_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:"
        if token
        else (b"20241007_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:")
    )
    keys = hkdf(ROOT, info + identifier, 64, token or bytes(32))
    return packed(gzip.compress(stream(records), mtime=0), keys)


def packed(data: bytes, keys: bytes | None = None) -> bytes:
    """What was packed, sealed with the keys of a local backup."""
    info = b"20241007_SIGNAL_BACKUP_ENCRYPT_MESSAGE_BACKUP:" + BACKUP_ID
    keys = keys or hkdf(ROOT, info, 64)
    return sealed(padded(data), keys[32:], keys[:32])


def metadata() -> bytes:
    """The backup's id, sealed."""
    key = hkdf(ROOT, b"20241011_SIGNAL_LOCAL_BACKUP_METADATA_KEY", 32)
    iv = hashlib.sha256(b"metadata").digest()[:12]
    cipher = AES.new(key, AES.MODE_CTR, nonce=b"", initial_value=iv + bytes(4))
    return part(1, 1) + part(2, part(1, iv) + part(2, cipher.encrypt(BACKUP_ID)))


class Media:
    """A file of the pool with the pointer to it."""

    def __init__(self, plain: bytes, mime: str, name: str = "") -> None:
        self.key = hashlib.sha512(plain).digest()
        self.digest = hashlib.sha256(plain).digest()
        self.data = sealed(padded(plain), self.key[:32], self.key[32:])
        self.name = hashlib.sha256(self.digest + self.key).hexdigest()
        locator = part(1, b"k" * 64) + part(10, self.digest) + part(3, len(plain)) + part(9, self.key)
        self.pointer = part(4, mime) + (part(7, name) if name else b"") + part(13, locator)

    def attachment(self, flag: int = 0) -> bytes:
        """A MessageAttachment."""
        return part(1, self.pointer) + (part(2, flag) if flag else b"")


def write(root: Path, data: bytes, media: Sequence[Media] = (), snapshot: str = SNAPSHOT) -> Path:
    """The folder of a local backup."""
    folder = root / "SignalBackups" / snapshot
    folder.mkdir(parents=True)
    (folder / "main").write_bytes(data)
    (folder / "metadata").write_bytes(metadata())
    (folder / "files").write_bytes(stream(part(1, each.name) for each in media))
    for each in media:
        place = root / "SignalBackups/files" / each.name[:2]
        place.mkdir(parents=True, exist_ok=True)
        (place / each.name).write_bytes(each.data)
    return root / "SignalBackups"


# --- Records (2.5) ---
NOON = 1_772_362_800_000  # 2026-03-01T11:00:00Z
SELF_ID, BRAM_ID, CLEO_ID, GROUP_ID, LIST_ID, NOTES_ID, LINK_ID = range(1, 8)
BRAM_CHAT, GROUP_CHAT, OWN_CHAT, NEWS_CHAT = range(1, 5)


def text(body: str, *mentions: tuple[int, bytes]) -> bytes:
    """A Text with mentions."""
    ranges = (part(2, part(1, start) + part(2, 1) + part(3, aci)) for start, aci in mentions)
    return part(1, body) + b"".join(ranges)


def item(
    number: int, content: bytes, *, chat: int = BRAM_CHAT, author: int = BRAM_ID, more: bytes = b""
) -> bytes:
    """A received ChatItem, ``number`` minutes after noon."""
    sent = NOON + number * 60_000
    incoming = part(8, part(1, sent + 1000) + part(2, sent + 500) + part(3, 1))
    return part(1, chat) + part(2, author) + part(3, sent) + incoming + content + more


def sent(
    number: int, content: bytes, statuses: bytes = b"", *, chat: int = BRAM_CHAT, more: bytes = b""
) -> bytes:
    """A sent ChatItem."""
    at = NOON + number * 60_000
    outgoing = part(9, statuses + part(2, at))
    return part(1, chat) + part(2, SELF_ID) + part(3, at) + outgoing + content + more


def event(number: int, update: bytes, *, chat: int = BRAM_CHAT, author: int = BRAM_ID) -> bytes:
    """A directionless ChatItem."""
    at = NOON + number * 60_000
    return part(1, chat) + part(2, author) + part(3, at) + part(10, b"") + part(15, update)


def status(recipient: int, kind: int, at: int) -> bytes:
    """A SendStatus."""
    return part(1, part(1, recipient) + part(2, at) + part(kind, b""))


def reaction(emoji: str, author: int, at: int) -> bytes:
    """A Reaction."""
    return part(1, emoji) + part(2, author) + part(3, at) + part(4, 1)


def people() -> list[bytes]:
    """BackupInfo, account, recipients and chats, in the order of a backup."""
    bram = part(1, BRAM) + part(4, 31600000001) + part(11, "Bram") + part(12, "Bos")
    bram += part(18, "Bram") + part(19, "van de haven") + part(16, part(1, "Bosje"))
    cleo = part(1, CLEO) + part(3, "cleo.01") + part(11, "Cleo")
    members = b"".join(part(7, part(1, aci) + part(2, 1)) for aci in (OWNER, BRAM, CLEO))
    group = part(1, b"M" * 32) + part(5, part(2, part(1, "Havenploeg")) + members)
    recipients = [
        part(1, SELF_ID) + part(5, b""),
        part(1, BRAM_ID) + part(2, bram),
        part(1, CLEO_ID) + part(2, cleo),
        part(1, GROUP_ID) + part(3, group),
        part(1, LIST_ID) + part(4, part(1, bytes(16)) + part(3, part(1, "Mijn verhaal"))),
        part(1, NOTES_ID) + part(6, b""),
        part(1, LINK_ID) + part(7, part(1, b"r" * 16) + part(3, "Overleg")),
    ]
    chats = ((BRAM_CHAT, BRAM_ID), (GROUP_CHAT, GROUP_ID), (OWN_CHAT, SELF_ID), (NEWS_CHAT, NOTES_ID))
    return [
        part(1, 1) + part(2, NOON) + part(3, b"m" * 32) + part(4, "Android 8.1.2"),
        part(1, part(1, b"p" * 32) + part(2, "noor.99") + part(4, "Noor") + part(5, "Visser")),
        *(part(2, each) for each in recipients),
        *(part(3, part(1, chat) + part(2, recipient)) for chat, recipient in chats),
    ]


def items(*found: bytes) -> list[bytes]:
    """A whole backup with these messages."""
    return [*people(), *(part(4, each) for each in found)]
