"""What a .ufd says of the digests of the delivered files, compared with what they are here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forensics.acquisition import StatedHash
from forensics.errors import EvidenceUnreadable
from forensics.evidence import Evidence, Member
from forensics.formats.source import CHUNK
from forensics.items import Item

_NEW = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256}


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedHash:
    """``found`` is None where the file is not in the evidence of this command, or cannot be read."""

    source: str
    file: str
    path: str | None
    algorithm: str
    stated: str
    found: str | None

    @property
    def result(self) -> str:
        """match, mismatch or missing."""
        if self.found is None:
            return "missing"
        return "match" if self.found == self.stated else "mismatch"


def compared(item: Item, items: Sequence[Item]) -> Iterator[ComparedHash]:
    """Every hash that a file of the item states; the files lie in the item or are other items by name."""
    if not item.stated:
        return
    names = {_name(each.file) for each in item.stated}
    inside = [
        (evidence, member)
        for evidence in (item.evidence, *item.containers)
        for member in evidence.members()
        if _name(member.path) in names
    ]
    for stated in item.stated:
        yield _compared(stated, inside, items)


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _compared(
    stated: StatedHash, inside: Sequence[tuple[Evidence, Member]], items: Sequence[Item]
) -> ComparedHash:
    name = _name(stated.file)
    folder = _folder(stated.source)
    fitting = [each for each in inside if _name(each[1].path) == name]
    # the one beside it before others of that name
    fitting.sort(
        key=lambda each: (each[1].path.rpartition("/")[0] != folder, len(each[1].path), each[1].path)
    )
    path, found = None, None
    if fitting:
        evidence, member = fitting[0]
        path, found = member.path, _digest(evidence, member, stated.algorithm)
    else:
        for other in items:
            if other.path.name == name and other.evidence.kind != "folder" and stated.algorithm == "sha256":
                path, found = str(other.path.name), other.sha256
                break
    return ComparedHash(
        source=stated.source,
        file=stated.file,
        path=path,
        algorithm=stated.algorithm,
        stated=stated.digest,
        found=found,
    )


def _digest(evidence: Evidence, member: Member, algorithm: str) -> str | None:
    try:
        if algorithm == "sha256":
            return evidence.member_sha256(member)
        digest = _NEW[algorithm](usedforsecurity=False)
        with evidence.open(member) as stream:
            while data := stream.read(CHUNK):
                digest.update(data)
        return digest.hexdigest()
    except EvidenceUnreadable:
        return None  # reading has put it among the evidence's problems
