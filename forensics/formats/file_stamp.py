"""What a container says of a file on the phone beside its name and bytes: times, owner, inode, protection.

Sources: containers reference 3, from source (the public README of the tool "gkls": the extra fields that
GrayKey writes into local headers), Info-ZIP's extra fields (proginfo/extrafld.txt), reference 1, vendor's
text (CLBX 0.3.0), and reference 4, from source (fox-it/dissect.target: the archived MBFile of an iTunes
backup). Only in our own fixtures until a real one has been read.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forensics import times

# Extra fields of a zip: Info-ZIP's times and owners, inode and class of protection as GrayKey writes them.
TIMES, OWNERS, INODE, PROTECTION = 0x5455, 0x7875, 0x4E49, 0x4B47
FIELDS = (TIMES, OWNERS, INODE, PROTECTION)
_FOUR_TIMES, _INODE_AND_DEVICE = 17, 12
_CLASS_FOLLOWS, _ATTRIBUTES_FOLLOW = 1, 2
_LONGEST_NAME, _LONGEST_VALUE, _MOST_ATTRIBUTES = 200, 32, 50
_LAST = times.parse_rfc3339("9999-12-31T23:59:59Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStamp:
    """Times in milliseconds since 1970, UTC; None where none is stored. ``attributes``: extended attributes,
    each in words with its name and its value."""

    modified: int | None = None
    accessed: int | None = None
    changed: int | None = None
    created: int | None = None
    uid: int | None = None
    gid: int | None = None
    inode: int | None = None
    protection: int | None = None
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(self._words())

    def _words(self) -> Iterator[str]:
        for name in ("modified", "accessed", "changed", "created"):
            if getattr(self, name) is not None:
                yield f"{name} {times.rfc3339(getattr(self, name))}"
        for name in ("uid", "gid", "inode"):
            if getattr(self, name) is not None:
                yield f"{name} {getattr(self, name)}"
        if self.protection is not None:
            yield f"protection class {self.protection}"
        if self.attributes:
            yield f"extended attributes {' '.join(self.attributes)}"


def stamp_of_extras(extras: Mapping[int, bytes]) -> FileStamp:
    """By the extra fields of a local header; what is cut off or of another size is left out."""
    found = _times(extras.get(TIMES, b""))
    uid, gid = _owners(extras.get(OWNERS, b""))
    inode = extras.get(INODE, b"")
    protection, attributes = _protection(extras.get(PROTECTION, b""))
    return FileStamp(
        **found,
        uid=uid,
        gid=gid,
        inode=int.from_bytes(inode[:8], "little") if len(inode) == _INODE_AND_DEVICE else None,
        protection=protection,
        attributes=attributes,
    )


def _times(data: bytes) -> dict[str, int]:
    """GrayKey writes four times, whatever the flags say; the usual field has those that its flags name."""
    if len(data) == _FOUR_TIMES:
        names: tuple[str, ...] = ("modified", "accessed", "changed", "created")
        values = struct.unpack("<4L", data[1:])
    else:
        flags = data[0] if data else 0
        names = tuple(name for bit, name in ((1, "modified"), (2, "accessed"), (4, "created")) if flags & bit)
        is_whole = len(data) == 1 + 4 * len(names)
        values = struct.unpack(f"<{len(names)}l", data[1:]) if is_whole else ()
    return {name: value * 1000 for name, value in zip(names, values, strict=False)}


def _owners(data: bytes) -> tuple[int | None, int | None]:
    """Version, then size and value of each."""
    found: list[int | None] = []
    at = 1
    while len(found) < 2 and at < len(data):
        size = data[at]
        value = data[at + 1 : at + 1 + size]
        found.append(int.from_bytes(value, "little") if size and len(value) == size else None)
        at += 1 + size
    found += [None] * (2 - len(found))
    return found[0], found[1]


def _protection(data: bytes) -> tuple[int | None, tuple[str, ...]]:
    """Version and flags; then the class of protection, then extended attributes as name, zero, value."""
    if len(data) < 2:
        return None, ()
    flags, at = data[1], 2
    protection = None
    if flags & _CLASS_FOLLOWS and len(data) >= at + 4:
        protection = int.from_bytes(data[at : at + 4], "little")
        at += 4
    names: list[str] = []
    if flags & _ATTRIBUTES_FOLLOW and len(data) >= at + 4:
        count = int.from_bytes(data[at : at + 4], "little")
        at += 4
        while len(names) < min(count, _MOST_ATTRIBUTES) and at + 4 <= len(data):
            length = int.from_bytes(data[at : at + 4], "little")
            if at + 4 + length > len(data):
                break
            name, _, value = data[at + 4 : at + 4 + length].partition(b"\0")
            names.append(_attribute(name, value))
            at += 4 + length
        names += [f"and {count - len(names)} more"] if count > len(names) else []
    return protection, tuple(names)


def _attribute(name: str | bytes, value: object) -> str:
    """Name and value, in hexadecimal digits as far as it is short, else by its size and digest; the name
    alone where the value is of no form that a reference gives."""
    raw = name.encode("utf-8", "surrogatepass") if isinstance(name, str) else name
    told = raw[:_LONGEST_NAME].decode("utf-8", "backslashreplace")
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    if not isinstance(data, bytes):
        return told
    if len(data) <= _LONGEST_VALUE:
        return f"{told}={data.hex()}"
    return f"{told} ({len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()})"


def stamp_of_metadata(said: Mapping[str, object]) -> FileStamp:
    """By an entry of the list of a CLBX container: times in nanoseconds, ``prot`` the class of protection."""
    moments, numbers = ("mtime", "atime", "ctime", "btime"), ("uid", "gid", "inode", "prot")
    return _stamp(said, 1_000_000, moments, numbers, _listed_attributes(said.get("xattr")))


def _listed_attributes(said: object) -> tuple[str, ...]:
    """The specification names ``xattr`` and, as far as the reference knows it, no form of it: a map is taken
    for names with values; of anything else it is said that it is there."""
    if not said:
        return ()
    if not isinstance(said, Mapping):
        return ("(stored in a form that is not read)",)
    named = [(name, value) for name, value in said.items() if isinstance(name, str | bytes)]
    words = [_attribute(name, value) for name, value in named[:_MOST_ATTRIBUTES]]
    left = len(said) - len(words)
    return (*words, f"and {left} more") if left else tuple(words)


def stamp_of_archive(said: Mapping[str, object]) -> FileStamp:
    """By the archived MBFile of an iTunes backup: times in seconds."""
    names = ("LastModified", "", "LastStatusChange", "Birth")
    return _stamp(said, None, names, ("UserID", "GroupID", "InodeNumber", "ProtectionClass"))


def _stamp(
    said: Mapping[str, object],
    divisor: int | None,
    moments: tuple[str, ...],
    numbers: tuple[str, ...],
    attributes: tuple[str, ...] = (),
) -> FileStamp:
    found = [_instant(said.get(name), divisor) for name in moments]
    others = [value if isinstance(value := said.get(name), int) else None for name in numbers]
    return FileStamp(
        modified=found[0], accessed=found[1], changed=found[2], created=found[3],
        uid=others[0], gid=others[1], inode=others[2], protection=others[3], attributes=attributes,
    )  # fmt: skip


def _instant(value: object, divisor: int | None) -> int | None:
    """None also for what no calendar has."""
    if not isinstance(value, int):
        return None
    instant = value // divisor if divisor else value * 1000
    return instant if 0 <= instant <= _LAST else None
