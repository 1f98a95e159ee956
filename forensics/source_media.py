"""The bytes of an attachment out of the evidence, where they can be read without a key and are still the
same."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from pathlib import Path

from forensics.errors import EvidenceUnreadable, SporenError
from forensics.evidence import STEP_INTO, Evidence, Member, nested, open_evidence

# Larger files are not shown on a page.
MOST = 64 * 1024 * 1024


class Unreadable(SporenError):
    """The bytes are not there, behind a key, too many, or no longer those of the record."""


def attachment_bytes(evidence: Path, path: str, sha256: str | None) -> bytes:
    """The bytes at a path of the evidence (``!/`` steps into containers). Raises Unreadable."""
    try:
        with ExitStack() as stack:
            data = _read(stack, evidence, path)
    except (EvidenceUnreadable, OSError) as error:
        raise Unreadable(f"{path}: cannot be read again: {error}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unreadable(f"{path}: its bytes are not those of the record")
    return data


def _read(stack: ExitStack, place: Path, path: str) -> bytes:
    evidence: Evidence = stack.enter_context(open_evidence(place))
    member = _member(evidence, path)
    while member.path != path:  # a container on the way
        evidence = stack.enter_context(nested(evidence, member))
        member = _member(evidence, path)
    if evidence.exact(member).size > MOST:
        raise Unreadable(f"{path}: larger than {MOST} bytes")
    with evidence.open(member) as stream:
        return stream.read()


def _member(evidence: Evidence, path: str) -> Member:
    """The member of that path, else the container that it lies in."""
    for member in evidence.members():
        if path == member.path or path.startswith(member.path + STEP_INTO):
            return member
    raise Unreadable(f"{path}: not in the evidence")
