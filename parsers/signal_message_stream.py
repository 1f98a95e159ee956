"""The stream of a new backup of Signal: authenticated, decrypted, unpacked, and cut into its records.

Source: Signal reference 2.3 (checked by decrypting libsignal's own files). IV, AES-256-CBC, HMAC-SHA256
behind; within it gzip with zeros behind; within that records, each after its length as a varint.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from forensics.errors import WrongKey
from forensics.formats import protobuf
from forensics.formats.protobuf import ProtobufError
from parsers.signal_entropy_pool import MessageKeys

MAGIC = b"SBACKUP\x01"
WRONG_KEY = "wrong key or changed file: the authentication code of the backup does not match"
_IV = _BLOCK = 16
_MAC = 32
_CHUNK = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
# No record of Signal comes near this; a larger one is damage, and is not held in memory.
_LONGEST_RECORD = 64 << 20
_LONGEST_VARINT = 10
_MOST_EMPTY = 1_000  # records of nothing in a row: a few bytes are unpacked to millions of them


class StreamBroken(ValueError):
    """The stream cannot be read further; everything before was read."""


class Record(NamedTuple):
    """One record; ``offset`` is where its length stands in the unpacked stream."""

    offset: int
    data: bytes


def start_of_stream(source: BinaryIO) -> int:
    """Where the IV stands: behind the plain prefix of remote backups, where there is one."""
    source.seek(0)
    head = source.read(len(MAGIC) + _LONGEST_VARINT)
    if not head.startswith(MAGIC):
        return 0
    try:
        length, offset = protobuf.varint(head, len(MAGIC))
    except ProtobufError as error:
        raise WrongKey(f"{WRONG_KEY} (its prefix is damaged)") from error
    return offset + length


def authenticate(source: BinaryIO, start: int, size: int, keys: MessageKeys) -> None:
    """Raises WrongKey unless the code over all of the stream is right."""
    if size - start < _IV + _BLOCK + _MAC or (size - start) % _BLOCK:
        raise WrongKey(f"{WRONG_KEY} (no whole blocks)")
    code = HMAC(keys.mac, hashes.SHA256())
    source.seek(start)
    left = size - start - _MAC
    while left:
        chunk = source.read(min(left, _CHUNK))
        if not chunk:
            raise WrongKey(f"{WRONG_KEY} ({left} bytes fewer than the file should have)")
        code.update(chunk)
        left -= len(chunk)
    if not hmac.compare_digest(code.finalize(), source.read(_MAC)):
        raise WrongKey(WRONG_KEY)


def records(source: BinaryIO, start: int, size: int, keys: MessageKeys) -> Iterator[Record]:
    """The records of an authenticated stream. Raises StreamBroken where it cannot be read further."""
    held, offset, empty = b"", 0, 0
    for data in _unpacked(source, start, size, keys):
        held += data
        at = 0
        while (found := _record(held, at, offset)) is not None:
            end, record = found
            offset += end - at
            at = end
            empty = 0 if record.data else empty + 1
            if empty > _MOST_EMPTY:
                raise StreamBroken(f"at byte {offset} end more than {_MOST_EMPTY} records of nothing")
            yield record
        held = held[at:]
    if held:
        raise StreamBroken(f"its last record, at byte {offset}, is cut off after {len(held)} bytes")


def _record(held: bytes, at: int, offset: int) -> tuple[int, Record] | None:
    """The next whole record with its end, None where more bytes are needed."""
    try:
        length, begin = protobuf.varint(held, at)
    except ProtobufError as error:
        if len(held) - at < _LONGEST_VARINT:
            return None
        raise StreamBroken(f"at byte {offset} stands no length of a record") from error
    if length > _LONGEST_RECORD:
        raise StreamBroken(f"at byte {offset} stands a record of {length} bytes, more than any has")
    end = begin + length
    return None if end > len(held) else (end, Record(offset, held[begin:end]))


def _unpacked(source: BinaryIO, start: int, size: int, keys: MessageKeys) -> Iterator[bytes]:
    """The plain stream, at most a mebibyte at a time whatever it was packed to."""
    unpacker = zlib.decompressobj(_GZIP)
    for clear in _clear(source, start, size, keys):
        pending = clear
        while pending and not unpacker.eof:
            try:
                data = unpacker.decompress(pending, _CHUNK)
            except zlib.error as error:
                raise StreamBroken(f"it cannot be unpacked: {error}") from error
            pending = unpacker.unconsumed_tail
            if data:
                yield data
        if unpacker.eof:
            return  # zeros that hide the size, and the padding of the last block
    raise StreamBroken("it ends within what was packed")


def _clear(source: BinaryIO, start: int, size: int, keys: MessageKeys) -> Iterator[bytes]:
    source.seek(start)
    decryptor = Cipher(algorithms.AES256(keys.cipher), modes.CBC(source.read(_IV))).decryptor()
    left = size - start - _IV - _MAC
    while left > 0 and (chunk := source.read(min(left, _CHUNK))):
        left -= len(chunk)
        yield decryptor.update(chunk)
