"""The bytes of an attachment out of the evidence, where they can be read without a key and are still the
same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

from forensics.errors import EvidenceUnreadable, SporenError, UnknownKind
from forensics.evidence import STEP_INTO, Evidence, Member, nested, open_evidence

# Larger files are not shown on a page.
MOST = 64 * 1024 * 1024


# Files that a backup by iTunes or Finder has; its other files lie under digests of their names.
_MANIFESTS = ("Manifest.db", "Manifest.mbdb")


class Unreadable(SporenError):
    """The bytes are not there, or no longer those of the record."""


class BehindKey(Unreadable):
    """They lie encrypted, or in a backup of a phone: no key is kept to read them again with."""


class TooLarge(Unreadable):
    """More bytes than a page shows."""


# What reading a file again gives: its bytes, or why there are none.
Found = bytes | Unreadable


def attachment_bytes(evidence: Path, path: str, sha256: str | None) -> bytes:
    """The bytes at a path of the evidence (``!/`` steps into containers). Raises Unreadable, BehindKey,
    TooLarge."""
    ((_, found),) = attachments(evidence, (path,))
    if isinstance(found, Unreadable):
        raise found
    if hashlib.sha256(found).hexdigest() != sha256:
        raise Unreadable(f"{path}: its bytes are not those of the record")
    return found


def attachments(evidence: Path, paths: Collection[str]) -> Iterator[tuple[str, Found]]:
    """What is at each of these paths, in the order of the evidence, which is listed once; whether the bytes
    are those of a record is for the caller to see."""
    return _opened(partial(open_evidence, evidence), str(evidence), frozenset(paths))


def _opened(opens: Callable[[], Evidence], name: str, paths: frozenset[str]) -> Iterator[tuple[str, Found]]:
    left = set(paths)
    try:
        with opens() as evidence:
            for path, found in _each(evidence, paths):
                left.discard(path)
                yield path, found
    except Unreadable as error:
        yield from ((path, error) for path in sorted(left))
    except (EvidenceUnreadable, OSError) as error:
        why = Unreadable(f"{name}: cannot be read again: {error}")
        yield from ((path, why) for path in sorted(left))


def _each(evidence: Evidence, paths: frozenset[str]) -> Iterator[tuple[str, Found]]:
    left, has_manifest = set(paths), False
    containers = {container for path in paths for container in _containers(path)}
    for member in evidence.members():
        if not left:
            return
        has_manifest |= member.path.endswith(_MANIFESTS)
        if member.path in left:
            left.discard(member.path)
            yield member.path, _bytes(evidence, member)
        elif member.path in containers:
            inside = frozenset(path for path in left if path.startswith(member.path + STEP_INTO))
            left -= inside
            yield from _opened(partial(_inside, evidence, member), member.path, inside)
    for path in sorted(left):
        yield path, _missing(evidence, path, has_manifest=has_manifest)


def _containers(path: str) -> Iterator[str]:
    """The containers on the way to a path."""
    at = path.find(STEP_INTO)
    while at >= 0:
        yield path[:at]
        at = path.find(STEP_INTO, at + 1)


def _bytes(evidence: Evidence, member: Member) -> Found:
    try:
        if evidence.exact(member).size > MOST:
            return TooLarge(f"{member.path}: larger than {MOST} bytes")
        with evidence.open(member) as stream:
            return stream.read()
    except (EvidenceUnreadable, OSError) as error:
        return Unreadable(f"{member.path}: cannot be read again: {error}")


def _missing(evidence: Evidence, path: str, *, has_manifest: bool) -> Unreadable:
    """Why a path is not among the members."""
    if has_manifest:
        return BehindKey(f"{path}: in a backup of a phone, which is not opened again")
    if any(problem.encrypted for problem in evidence.problems):
        return BehindKey(f"{path}: not among the members that need no password")
    return Unreadable(f"{path}: not in the evidence")


def _inside(evidence: Evidence, member: Member) -> Evidence:
    """The zip or tar that a member is. BehindKey for any other: only a key made a step into it."""
    try:
        return nested(evidence, member)
    except UnknownKind as error:
        raise BehindKey(f"{member.path}: neither a zip nor a tar; it was opened with a key") from error
