"""Custody logs for the tests: five entries, their makers and what the check says of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics import custody
from forensics.custody import GENESIS, Head
from forensics.keys import SigningKey

# RFC 8032, section 7.1, test 1: a published key, of no use to anyone.
EXAMINER = SigningKey(
    Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
)
COLLEAGUE = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x99" * 32))
OPENING = {"case": "case-1", "public_key": EXAMINER.public.hex(), "tool": "0" * 64}


def line_after(head: Head, *, key: SigningKey = EXAMINER, action: str = "view", **changes: Any) -> bytes:
    second = head.seq % 60
    given: dict[str, Any] = {
        "time": f"2026-03-01T09:00:{second:02d}.000Z",
        "tz": "Europe/Amsterdam",
        "actor": "T. de Tester (0000)",
        "host": "werkstation-1",
        "object": {"conversation": "c-1"},
        "authority": None,
        "result": "ok",
        "detail": OPENING if action == "case.open" else {"note": "regel één", "count": head.seq},
        "tool": "sporen 0.1",
    }
    return custody.prepare(head, key=key, action=action, **(given | changes))


def head_of(line: bytes) -> Head:
    fields = json.loads(line)
    return Head(seq=fields["seq"], hash=fields["hash"])


def log_of(count: int, *, key: SigningKey = EXAMINER) -> list[bytes]:
    lines = [line_after(GENESIS, action="case.open", key=key)]
    while len(lines) < count:
        lines.append(line_after(head_of(lines[-1]), key=key))
    return lines


FIVE = log_of(5)
WHOLE = b"".join(FIVE)


def found(lines: Sequence[bytes], **options: Any) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in custody.check(lines, **options)]


def split(data: bytes) -> list[bytes]:
    return [part + b"\n" for part in data.split(b"\n")[:-1]] + [
        part for part in [data.split(b"\n")[-1]] if part
    ]


def resealed(line: bytes, key: SigningKey = EXAMINER, **changes: Any) -> bytes:
    """The line with other fields, hashed and signed again: what the holder of a key can do."""
    fields = json.loads(line) | changes
    bound = {name: value for name, value in fields.items() if name not in ("hash", "sig")} | {
        "key": key.key_id
    }
    digest = hashlib.sha256(rfc8785.dumps(bound)).hexdigest()
    return rfc8785.dumps(bound | {"hash": digest, "sig": key.sign(bytes.fromhex(digest)).hex()}) + b"\n"


def add_key(head: Head, signer: SigningKey, added: SigningKey) -> bytes:
    return line_after(head, key=signer, action="key.add", detail={"public_key": added.public.hex()})
