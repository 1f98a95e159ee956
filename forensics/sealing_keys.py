"""The keys of what is sealed: public ones, for which it is sealed, and private ones, which open it.

They are those of age (age-encryption.org) or SSH. A private key is never in a case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pyrage

from forensics.errors import WrongKey, WrongUse

_SECRET = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.MULTILINE)


def checked_recipient(text: str) -> str:
    """A public key of age (``age1...``) or of SSH. WrongUse when it is none."""
    recipient(text.strip())
    return text.strip()


def recipient(text: str) -> pyrage.x25519.Recipient | pyrage.ssh.Recipient:
    """The public key in a text. WrongUse when it is none."""
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise WrongUse(f"{text}: no public key of age (age1...) or SSH; `sporen unseal --new-key`") from error


# pyrage.x25519.Identity or pyrage.ssh.Identity: the library has no types of its own
Identity: TypeAlias = Any


def identities(path: Path) -> Sequence[Identity]:
    """The private keys in a file: of age, one a line, or one of SSH. WrongUse when there is none."""
    try:
        data = path.read_bytes()
        found = _SECRET.findall(data.decode("ascii", "replace"))
        if found:
            return [pyrage.x25519.Identity.from_str(each) for each in found]
        return [pyrage.ssh.Identity.from_buffer(data)]
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror}") from error
    except pyrage.IdentityError as error:
        raise WrongUse(f"{path}: no private key of age or SSH") from error


def opened(content: bytes, keys: Sequence[Identity], where: str) -> bytes:
    """The JSON lines of a part. WrongKey: of another key, or a changed file."""
    try:
        return bytes(pyrage.decrypt(content, keys))
    except pyrage.DecryptError as error:
        raise WrongKey(f"{where}: not opened ({error}): wrong key or changed file") from error


def new_key() -> tuple[str, str]:
    """A fresh private key as an identity file of age, and its public key."""
    made = pyrage.x25519.Identity.generate()
    public = str(made.to_public())
    return f"# public key: {public}\n{made}\n", public
