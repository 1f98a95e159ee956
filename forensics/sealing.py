"""Privileged talk sealed for the examining magistrate: encrypted where it is read, to his public key alone.

The format is age (age-encryption.org/v1: X25519, HKDF-SHA256, ChaCha20-Poly1305 in chunks), so that he can
open it with the standard tool and without Sporen. The case has his public key; nobody who has only the case
can open what was sealed. Plain records are in memory only, at most a part at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import orjson
import pyrage

from forensics.digest import (
    account_dict,
    call_canonical,
    call_dict,
    conversation_dict,
    message_canonical,
    message_fields,
    participant_dict,
    rare_fields,
    sha256,
)
from forensics.errors import WrongKey, WrongUse
from forensics.model import Account, Call, Conversation, Message, Participant
from forensics.purged import Closed

RECORDS, PEOPLE = "records", "people"
# So much plain text makes a part, and the record that comes to it, however long.
_PART_BYTES = 4 << 20
_SECRET = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An age file of its own; inside are ``records`` JSON lines in the form of an export."""

    kind: str
    records: int
    sha256: str
    content: bytes


def checked_recipient(text: str) -> str:
    """A public key of age (``age1...``) or of SSH. WrongUse when it is none."""
    _recipient(text.strip())
    return text.strip()


def _recipient(text: str) -> pyrage.x25519.Recipient | pyrage.ssh.Recipient:
    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise WrongUse(f"{text}: no public key of age (age1...) or SSH; `sporen unseal --new-key`") from error


class Sealer:
    """Takes what is privileged and gives it in sealed parts; nothing where nobody may open it, and nothing of
    conversations that were purged."""

    def __init__(self, recipients: Iterable[str], purged: Closed) -> None:
        self._recipients = [_recipient(each) for each in recipients]
        self._purged = purged
        self._conversations: set[str | None] = set()
        self._people: set[str | None] = set()
        self._lines: list[bytes] = []
        self._size = 0
        self._full: list[Part] = []

    def message(self, message: Message, people: Iterable[str]) -> None:
        """Seal a message; ``people``: whom it names."""
        if self._takes(message.conversation, people):
            fields = message_fields(message, rare_fields(message))
            self._add(
                RECORDS, {**fields, "id": message.id, "record_sha256": sha256(message_canonical(message))}
            )

    def call(self, call: Call) -> None:
        """Seal a call."""
        if self._takes(call.conversation, (each for each in (call.sender, *call.participants) if each)):
            fields = {**call_dict(call), "id": call.id}
            self._add(RECORDS, fields | {"record_sha256": sha256(call_canonical(call))})

    def _takes(self, conversation: str | None, people: Iterable[str]) -> bool:
        if not self._recipients or conversation in self._purged:
            return False
        self._conversations.add(conversation)
        self._people.update(people)
        return True

    def _add(self, kind: str, fields: object) -> None:
        line = orjson.dumps(fields) + b"\n"
        self._lines.append(line)
        self._size += len(line)
        if self._size >= _PART_BYTES:
            self._close(kind)

    def take(self) -> list[Part]:
        """The parts that are full."""
        full, self._full = self._full, []
        return full

    def end(
        self,
        accounts: Iterable[Account],
        conversations: Mapping[str, Conversation],
        participants: Mapping[str, Participant],
    ) -> list[Part]:
        """The last parts, with the people and conversations that the sealed records name."""
        self._close(RECORDS)
        if not self._conversations:
            return self.take()
        talks = [each for key, each in conversations.items() if key in self._conversations]
        people = self._people.union(*(each.participants for each in talks))
        named = (each for key, each in participants.items() if key in people or each.is_owner)
        for fields in (
            *map(account_dict, accounts),
            *(conversation_dict(each, 0) | {"messages": None} for each in talks),
            *map(participant_dict, named),
        ):
            self._add(PEOPLE, fields)
        self._close(PEOPLE)
        return self.take()

    def _close(self, kind: str) -> None:
        if not self._lines:
            return
        content = pyrage.encrypt(b"".join(self._lines), self._recipients)
        part = Part(kind=kind, records=len(self._lines), sha256=sha256(content), content=content)
        self._full.append(part)
        self._lines, self._size = [], 0


def told(parts: Iterable[Part], info: Mapping[str, Any]) -> dict[str, Any]:
    """How much was sealed, for whom, and the SHA-256 of each part, as the log has it; nothing where nothing
    was. What was recovered is in it too."""
    found = list(parts)
    if not found:
        return {}
    return {
        "sealed": sum(each.records for each in found if each.kind == RECORDS),
        "parts": [each.sha256 for each in found],
        "recipients": list(info.get("seal_for") or ()),
    }


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
