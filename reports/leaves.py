"""The tree over the records of a case whose messages.jsonl is not delivered, grown by several processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.packed_messages import Unpacking
from forensics.record_tree import Growing, Leaves, leaf_of, salt_of
from forensics.workers import in_order
from reports import jsonl
from reports.reader import CaseReader

_AT_ONCE = 5_000
_LEAF = 32

# The place of the first of some messages among the records, and these messages.
Block = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class _Leaves:
    key: bytes
    unpacking: Unpacking

    def of(self, block: Block) -> bytes:
        """The leaves of a block behind each other."""
        first, messages = block
        return b"".join(
            leaf_of(salt_of(self.key, place, line), line)
            for place, line in enumerate(self.unpacking.lines(messages), first)
        )


def tree_of(case: CaseReader, workers: int) -> Growing:
    """The tree over all records of a case, as over the lines of its messages.jsonl."""
    found = Leaves(case.tree_key())
    if workers < 2:
        jsonl.write(case, found)
        return found.tree
    found.writelines(jsonl.before(case))
    blocks = _blocks(case, found.tree.size)
    for leaves in in_order(_Leaves(case.tree_key(), case.unpacking).of, blocks, workers):
        grow(found.tree, leaves)
    found.writelines(jsonl.after(case))
    return found.tree


def grow(tree: Growing, leaves: bytes) -> None:
    """Put leaves that stand behind each other to the tree."""
    for at in range(0, len(leaves), _LEAF):
        tree.add(leaves[at : at + _LEAF])


def _blocks(case: CaseReader, first: int) -> Iterator[Block]:
    """All messages in export order, with the place of each block among the records."""
    counts = {each["id"]: each["messages"] for each in case.conversations()}
    for key, count in counts.items():
        for number, messages in enumerate(case.packed(key, _AT_ONCE)):
            yield first + number * _AT_ONCE, messages
        first += count
