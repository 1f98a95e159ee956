"""A salted tree over the records of a delivery (RFC 6962): one record is proven without showing another.

A leaf is SHA-256(0x00, salt, line), the line of messages.jsonl without its line feed; a node is SHA-256(0x01,
left, right). Salts of 32 bytes keep short records from being guessed from their hash; they come from the
secret of the case, the place and the line, so that the same case gives the same tree, and a salt in one
delivery says nothing of another record that stands in that place in another one. ``record-tree.txt`` has a
line for each leaf, in the order of the records: ``salt HEX`` for a record that is in messages.jsonl,
``leaf HEX`` for one that is withheld.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

RECORDS, TREE = "data/messages.jsonl", "data/record-tree.txt"
BAG_INFO = "Record-Tree"
# What a line of messages.jsonl, or a proof, that is none raises.
ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
_SALT, _LEAF = b"salt ", b"leaf "


class DamagedTree(ValueError):
    """record-tree.txt is not what a delivery holds."""


def salt_of(key: bytes, index: int, line: bytes) -> bytes:
    """The 32 bytes of salt of one record: of its place and its line without the line feed."""
    return hmac.digest(key, index.to_bytes(8, "big") + line, "sha256")


def leaf_of(salt: bytes, line: bytes) -> bytes:
    """The leaf of a record: of its line without the line feed."""
    return hashlib.sha256(b"\0" + salt + line).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """The node above two others."""
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass(slots=True)
class Growing:
    """A tree that takes leaves one by one and keeps only what its root needs."""

    size: int = 0
    _peaks: list[bytes] = field(default_factory=list)

    def add(self, leaf: bytes) -> None:
        """The next leaf."""
        self.size += 1
        full = self.size
        while not full & 1:  # each trailing zero of the number of leaves is a subtree that is full now
            leaf = node_of(self._peaks.pop(), leaf)
            full >>= 1
        self._peaks.append(leaf)

    @property
    def root(self) -> bytes:
        """The root: of no leaves the SHA-256 of nothing (RFC 6962, 2.1)."""
        if not self._peaks:
            return hashlib.sha256().digest()
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_of(peak, root)
        return root

    @property
    def bag_info(self) -> str:
        """What stands in bag-info.txt."""
        return f"{self.root.hex()} ({self.size} records)"


def write_tree(records: Iterable[bytes], key: bytes, stream: BinaryIO) -> Growing:
    """The tree over these lines; its salts are written to ``stream``."""
    tree = Growing()
    for index, line in enumerate(records):
        text = line.rstrip(b"\n")
        salt = salt_of(key, index, text)
        tree.add(leaf_of(salt, text))
        stream.write(b"salt %s\n" % salt.hex().encode())
    return tree


class Leaves:
    """Takes the lines of an export as a stream does, and grows the tree over them."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.tree = Growing()

    def write(self, line: bytes) -> int:
        """One record with its line feed."""
        text = line.rstrip(b"\n")
        self.tree.add(leaf_of(salt_of(self._key, self.tree.size, text), text))
        return len(line)

    def writelines(self, lines: Iterable[bytes]) -> None:
        """Records, each with its line feed."""
        for line in lines:
            self.write(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One leaf of a delivery, with its record where that is delivered."""

    leaf: bytes
    salt: bytes | None = None
    line: bytes | None = None


def leaves(folder: Path) -> Iterator[Leaf]:
    """The leaves of a delivery in their order. Raises DamagedTree where the two files do not fit."""
    with (folder / TREE).open("rb") as tree, (folder / RECORDS).open("rb") as records:
        for number, row in enumerate(tree, 1):
            value = _digest(row[5:], number)
            if row.startswith(_LEAF):
                yield Leaf(leaf=value)
                continue
            line = records.readline()
            if not row.startswith(_SALT) or not line:
                raise DamagedTree(f"line {number} has no record in messages.jsonl")
            line = line.rstrip(b"\n")
            yield Leaf(leaf=leaf_of(value, line), salt=value, line=line)
        if records.readline():
            raise DamagedTree("messages.jsonl has more records than the tree")


def _digest(text: bytes, number: int) -> bytes:
    try:
        value = bytes.fromhex(text.decode("ascii").strip())
    except ValueError as error:
        raise DamagedTree(f"line {number} is no line of a tree") from error
    if len(value) != 32:
        raise DamagedTree(f"line {number} is no line of a tree")
    return value


def path_of(index: int, nodes: Sequence[bytes]) -> list[bytes]:
    """The audit path of a leaf (RFC 6962, 2.1.1): the hashes beside its way to the root, from below."""
    path, level = [], list(nodes)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        pairs = [node_of(*level[at : at + 2]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
        index //= 2
    return path


def root_by(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf and its path lead to (RFC 9162, 2.1.3.2); None for a path of another length."""
    if not 0 <= index < size:
        return None
    place, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_of(beside, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_of(found, beside)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None
