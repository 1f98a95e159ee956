"""The frames of an Android backup of Signal: sealed one by one, read as far as they are whole.

Source: Signal reference 1.1 to 1.7 (checked by building such files). A frame's place in the file and its turn
of the counter are all that decrypting it needs, so a frame that is damaged costs that frame: what follows is
tried where the frame says it ends.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from forensics.errors import DamagedEvidence, WrongKey
from forensics.formats import protobuf
from forensics.formats.protobuf import ProtobufError
from forensics.formats.side_hash import SideHasher

WRONG_PASSPHRASE = (
    "wrong passphrase or changed file: the authentication code of the first frame does not match"
)
NEWEST_VERSION = 1
_LENGTH = 4
_MAC = 10
_IV, _SALT = 16, 32
_HEADER_LENGTHS = range(2, 10_241)
_LENGTHS = range(_MAC + 1, 115_343_361)
_ROUNDS = 250_000
_INFO = b"Backup Export"
_CHUNK = 1 << 20
# The longest text that is kept of an attachment; Signal's own limit is 64 KiB.
_MOST_KEPT = 4 << 20
_COUNTER_MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The plain first frame; ``end``: where the encrypted frames start."""

    iv: bytes
    salt: bytes
    version: int
    end: int


def read_header(head: bytes) -> Header:
    """Raises ProtobufError for what is no header of a backup."""
    length = int.from_bytes(head[:_LENGTH])
    frame = head[_LENGTH : _LENGTH + length]
    if length not in _HEADER_LENGTHS or len(frame) != length or frame[:1] != b"\x0a":
        raise ProtobufError("no header frame")
    outer = {each.number: each for each in protobuf.fields(frame)}
    inner = {each.number: each for each in protobuf.fields(outer[1].content())}
    iv = inner[1].content() if 1 in inner else b""
    salt = inner[2].content() if 2 in inner else b""
    if len(iv) != _IV or len(salt) not in (0, _SALT):
        raise ProtobufError("a header without IV of 16 and salt of 32 bytes")
    version = inner[3].integer() if 3 in inner else 0
    return Header(iv=iv, salt=salt, version=version, end=_LENGTH + length)


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys of a backup."""

    cipher: bytes = field(repr=False)
    mac: bytes = field(repr=False)


def derive(passphrase: bytes, salt: bytes) -> Keys:
    """The keys of 30 digits (1.2): 250,000 rounds of SHA-512, then HKDF."""
    digest = hashlib.sha512(salt + passphrase + passphrase).digest()
    for _ in range(_ROUNDS - 1):
        digest = hashlib.sha512(digest + passphrase).digest()
    okm = HKDF(algorithm=hashes.SHA256(), length=64, salt=None, info=_INFO).derive(digest[:32])
    return Keys(okm[:32], okm[32:])


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame, decrypted; ``offset`` is where its length stands in the file."""

    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Payload:
    """What follows a frame: an attachment, an avatar, a sticker. ``sha256`` is that of the plain bytes.

    ``content``: these bytes, where they were to be kept.
    """

    offset: int
    length: int
    sha256: str | None
    is_right: bool
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A frame as it stands in the file: decrypted, with the place behind it."""

    offset: int
    end: int
    data: bytes
    is_right: bool


class _Unreadable(Exception):
    """There is no frame at a place: the file ends there, or the length is none. Never leaves this module."""


# How many bytes of payload follow a frame, None when none do.
Announced = Callable[[bytes], int | None]


class FrameReader:
    """Reads frames and payloads in turn; ``damage`` names what could not be read, with its offset.

    ``hasher`` takes the hashes of payloads while their codes are summed.
    """

    def __init__(
        self,
        source: BinaryIO,
        size: int,
        header: Header,
        keys: Keys,
        announced: Announced,
        *,
        hasher: SideHasher,
    ) -> None:
        if header.version > NEWEST_VERSION:
            raise DamagedEvidence(f"unsupported backup version {header.version}: made by a newer Signal")
        self._source = source
        self._size = size
        self._is_sealed_length = header.version == 1
        self._keys = keys
        self._cipher = algorithms.AES256(keys.cipher)
        self._iv_rest = header.iv[4:]
        self._counter = int.from_bytes(header.iv[:4])
        self._announced = announced
        self._hasher = hasher
        self.position = header.end
        self.damage: list[str] = []

    def frames(self) -> Iterator[Frame]:
        """The frames up to the end of the file, or of what can be read. WrongKey when the first fails."""
        is_first = True
        if self.position >= self._size:
            raise DamagedEvidence(f"cut off at byte {self._size}: no frame follows the header")
        while self.position < self._size:
            try:
                sealed = self._sealed(self.position, self._counter)
            except _Unreadable as error:
                if is_first:
                    raise WrongKey(f"{WRONG_PASSPHRASE} ({error})") from error
                self._give_up(str(error))
                return
            if not sealed.is_right and is_first:
                raise WrongKey(WRONG_PASSPHRASE)
            if not sealed.is_right:
                if not self._step_over(sealed):
                    return
                continue
            is_first = False
            self._counter = (self._counter + 1) & _COUNTER_MASK
            self.position = sealed.end
            yield Frame(sealed.offset, sealed.data)

    @property
    def left(self) -> int:
        """Bytes of the file behind what was read."""
        return self._size - self.position

    def payload(self, length: int, *, keep: bool = False) -> Payload:
        """Read the payload that the last frame announced; a wrong code is told in it, not raised."""
        offset = self.position
        iv = self._iv(self._counter)
        self._counter = (self._counter + 1) & _COUNTER_MASK
        self.position = min(offset + length + _MAC, self._size)
        if offset + length + _MAC > self._size:
            self.damage.append(
                f"cut off at byte {self._size}, in a payload of {length} bytes that starts at {offset}"
            )
            return Payload(offset, length, None, is_right=False)
        code = hmac.new(self._keys.mac, iv, "sha256")
        digest = self._hasher.sha256()
        decryptor = Cipher(self._cipher, modes.CTR(iv)).decryptor()
        kept: bytes | None = b""
        left = length
        while left:
            chunk = self._exactly(min(left, _CHUNK))
            left -= len(chunk)
            clear = decryptor.update(chunk)
            digest.update(clear)  # first, so that it is hashed while the code is summed
            code.update(chunk)
            if keep and kept is not None:
                kept = kept + clear if len(kept) + len(clear) <= _MOST_KEPT else None
        is_right = hmac.compare_digest(code.digest()[:_MAC], self._exactly(_MAC))
        if not is_right:
            return Payload(offset, length, None, is_right=False)
        return Payload(offset, length, digest.hexdigest(), is_right=True, content=kept if keep else None)

    def _iv(self, counter: int) -> bytes:
        return counter.to_bytes(4) + self._iv_rest

    def _sealed(self, offset: int, counter: int) -> _Sealed:
        """The frame at a place; leaves the source behind it. Raises _Unreadable."""
        self._source.seek(offset)
        stored = self._read(_LENGTH)
        if len(stored) < _LENGTH:
            raise _Unreadable(f"the file ends at byte {self._size}, within a length")
        decryptor: CipherContext = Cipher(self._cipher, modes.CTR(self._iv(counter))).decryptor()
        length = int.from_bytes(decryptor.update(stored) if self._is_sealed_length else stored)
        if length not in _LENGTHS:
            raise _Unreadable(f"{length} is no length of a frame")
        if offset + _LENGTH + length > self._size:
            raise _Unreadable(f"the file ends at byte {self._size}, within a frame of {length} bytes")
        body = self._read(length)
        if len(body) < length:
            raise _Unreadable(f"only {len(body)} bytes of a frame of {length} could be read")
        signed = stored + body[:-_MAC] if self._is_sealed_length else body[:-_MAC]
        right = hmac.digest(self._keys.mac, signed, "sha256")[:_MAC]
        is_right = hmac.compare_digest(right, body[-_MAC:])
        return _Sealed(offset, offset + _LENGTH + length, decryptor.update(body[:-_MAC]), is_right)

    def _step_over(self, bad: _Sealed) -> bool:
        """Go on behind a frame whose code is wrong, if the next frame is right there, or behind the payload
        that the bad one seems to announce."""
        places = [(bad.end, 1)]
        length = self._announced(bad.data)
        if length is not None:
            places.append((bad.end + length + _MAC, 2))
        for end, turns in places:
            counter = (self._counter + turns) & _COUNTER_MASK
            if end == self._size or self._is_right_at(end, counter):
                self.damage.append(
                    f"the frame at byte {bad.offset} has a wrong authentication code and was not read "
                    f"({end - bad.offset} bytes)"
                )
                self.position, self._counter = end, counter
                return True
        self._give_up("its authentication code is wrong, and no frame follows where it says it ends")
        return False

    def _is_right_at(self, offset: int, counter: int) -> bool:
        try:
            return offset < self._size and self._sealed(offset, counter).is_right
        except _Unreadable:
            return False

    def _give_up(self, reason: str) -> None:
        left = self._size - self.position
        self.damage.append(
            f"the frame at byte {self.position} cannot be read: {reason}; "
            f"everything before it was read, the {left} bytes from there on were not"
        )
        self.position = self._size

    def _read(self, length: int) -> bytes:
        data = self._source.read(length)
        while len(data) < length and (more := self._source.read(length - len(data))):
            data += more
        return data

    def _exactly(self, length: int) -> bytes:
        data = self._read(length)
        if len(data) < length:
            raise DamagedEvidence(f"{length - len(data)} bytes fewer than the file should have")
        return data
