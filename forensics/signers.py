"""The keys that sign a case's log: which there are, a new one, one that is revoked."""

from __future__ import annotations

from typing import Any

from forensics import custody
from forensics.case import Case
from forensics.custody_entry import key_ring, revocations
from forensics.errors import WrongUse
from forensics.keys import rotate


def signers(case: Case) -> list[dict[str, Any]]:
    """The keys that the log announces, in its order."""
    entries = list(custody.entries(case.log_path))
    ring = key_ring(entries)
    revoked = revocations(entries, ring)
    return [
        {
            "key": key,
            "public_key": each.public.hex(),
            "announced": each.seq,
            "vouched_for": not each.introduced_itself,
            "revoked": revoked.get(key),
            "entries": sum(entry.key == key for entry in entries),
        }
        for key, each in ring.items()
    ]


def rotate_key(case: Case, reason: str) -> str:
    """Make a new examiner's key and let it take over in this case: the old one vouches for it and is revoked
    here. In other cases the old one vouches for it when they are next written to. Gives the new key's id."""
    _needs(reason)
    before = case.key.key_id
    case.use(rotate())
    with case.change() as change:
        change.log("key.revoke", {"key": before}, reason=reason, revoked_key=before)
    return case.key.key_id


def revoke(case: Case, key: str, reason: str) -> None:
    """Record that a key is not to be trusted from now on. WrongUse when it is none of this log, or the
    examiner's own: that is rotated."""
    _needs(reason)
    if key == case.key.key_id:
        raise WrongUse(f"key {key} is your own: `sporen key --rotate` makes a new one and revokes this one")
    if key not in {each["key"] for each in signers(case)}:
        raise WrongUse(f"{key}: no key of this log; `sporen key CASE` lists them")
    with case.change() as change:
        change.log("key.revoke", {"key": key}, reason=reason, revoked_key=key)


def _needs(reason: str) -> None:
    if not reason.strip():
        raise WrongUse("--reason is missing: a key is changed or revoked for a reason")
