"""A statement that stays readable on its own: a JSON object with its SHA-256, signed with an examiner's key.

What a case leaves with whoever takes it (handover, receipt) or behind itself (certificate of destruction).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import rfc8785

from forensics.errors import MachineFailed
from forensics.keys import SigningKey, signature_holds

# What signing adds to the content.
SIGNATURE = ("sha256", "public_key", "signature")


def signed(content: dict[str, Any], key: SigningKey) -> dict[str, Any]:
    """The statement with the SHA-256 of its RFC 8785 form, and that digest signed."""
    digest = hashlib.sha256(rfc8785.dumps(content)).digest()
    signature = key.sign(digest).hex()
    return {**content, "sha256": digest.hex(), "public_key": key.public.hex(), "signature": signature}


def signer(found: dict[str, Any]) -> tuple[bytes, bool]:
    """The public key that a statement names, and whether its signature holds. ValueError, KeyError, TypeError
    or AttributeError for what is no such statement."""
    digest = hashlib.sha256(rfc8785.dumps({n: v for n, v in found.items() if n not in SIGNATURE})).digest()
    public, signature = bytes.fromhex(found["public_key"]), bytes.fromhex(found["signature"])
    return public, digest.hex() == found["sha256"] and signature_holds(public, digest, signature)


def write_statement(path: Path, statement: dict[str, Any]) -> None:
    """As a file that a person can read. MachineFailed where it cannot be written."""
    try:
        path.write_text(json.dumps(statement, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be written ({error.strerror})") from error
