"""Privileged talk sealed for the examining magistrate: encrypted where it is read, to his public key alone.

The format is age (age-encryption.org/v1: X25519, HKDF-SHA256, ChaCha20-Poly1305 in chunks), so that he can
open it with the standard tool and without Sporen. The case has his public key; nobody who has only the case
can open what was sealed. Plain records are in memory only, at most a part at a time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
from forensics.errors import EvidenceUnreadable, WrongKey
from forensics.ground import is_between_two
from forensics.media_bytes import MediaBytes, NoWay
from forensics.model import Account, Attachment, Call, Conversation, Message, Participant
from forensics.purged import CONVERSATIONS, GROUPS, Closed, Purged, mark
from forensics.sealing_keys import recipient

# Messages and calls; their people, conversations and list of files; the bytes of attachments.
RECORDS, PEOPLE, FILE = "records", "people", "file"
# So much plain text makes a part, and the record that comes to it, however long.
_PART_BYTES = 4 << 20
# Telegram takes files of 4 GB at most, WhatsApp of 2 GB; a larger one stays in the evidence, which is told.
LARGEST_FILE = 4 << 30
# Why the file of a sealed message is not sealed, as the log has it; the report has words for each.
OPENED_ONCE, UNREADABLE, CHANGED = "in a form that is opened once", "unreadable", "not the same twice"
TOO_LARGE, NO_PLACE = "too large", "without a place"
# The mark of a talk between two people; nothing else has it.
PAIRS = "pairs"
# A conversation and the account that it is of, as far as they are known.
Named: TypeAlias = tuple[Conversation | None, Account | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An age file of its own, of one conversation; inside are ``records`` JSON lines in the form of an
    export, or a piece of an attachment: those with the same ``file`` make it, in their order. ``marks``:
    keyed hashes (purged) by which it is known of which conversation a part is, though nobody can open it."""

    kind: str
    marks: Mapping[str, str]
    records: int
    sha256: str
    content: bytes
    file: str | None = None


class Sealer:
    """Takes what is privileged and gives it in sealed parts, those of each conversation by themselves;
    nothing where nobody may open it, and nothing of conversations that were purged.

    ``left_out``: files of sealed messages that could not be sealed, by the reason.
    """

    def __init__(self, recipients: Iterable[str], secret: str, purged: Purged) -> None:
        self._recipients = [recipient(each) for each in recipients]
        self._secret = secret
        self._purged = purged
        self._closed = Closed(purged)
        self._people: dict[str | None, set[str]] = {}
        self._marks: dict[str | None, Mapping[str, str]] = {}
        self._lines: dict[tuple[str | None, str], list[bytes]] = {}
        self._sizes: Counter[tuple[str | None, str]] = Counter()
        self._size = 0  # of all of them
        self._full: list[Part] = []
        self._wanted: list[tuple[str | None, Attachment]] = []
        self.left_out: Counter[str] = Counter()

    def __bool__(self) -> bool:
        """Whether anybody may open what is privileged."""
        return bool(self._recipients)

    def message(self, message: Message, people: Iterable[str], named: Named) -> None:
        """Seal a message; ``people``: whom it names. Its files wait for ``files``."""
        if self._takes(message.conversation, people, named):
            fields = message_fields(message, rare_fields(message))
            fields |= {"id": message.id, "record_sha256": sha256(message_canonical(message))}
            self._add(message.conversation, RECORDS, fields)
            self._wanted += [(message.conversation, each) for each in message.attachments if each.present]

    def call(self, call: Call, named: Named) -> None:
        """Seal a call."""
        people = (each for each in (call.sender, *call.participants) if each)
        if self._takes(call.conversation, people, named):
            fields = {**call_dict(call), "id": call.id}
            fields |= {"record_sha256": sha256(call_canonical(call))}
            self._add(call.conversation, RECORDS, fields)

    def _takes(self, conversation: str | None, people: Iterable[str], named: Named) -> bool:
        if not self._recipients or conversation in self._closed:
            return False
        if conversation not in self._marks:
            self._marks[conversation] = marks_of(self._secret, conversation, *named)
        if self._marks[conversation].get(GROUPS) in self._purged.groups:
            return False
        self._people.setdefault(conversation, set()).update(people)
        return True

    def _add(self, conversation: str | None, kind: str, fields: object) -> None:
        line, key = orjson.dumps(fields) + b"\n", (conversation, kind)
        self._lines.setdefault(key, []).append(line)
        self._sizes[key] += len(line)
        self._size += len(line)
        if self._size >= _PART_BYTES:
            self._close(*max(self._sizes, key=self._sizes.__getitem__))

    def take(self) -> list[Part]:
        """The parts that are full."""
        full, self._full = self._full, []
        return full

    def files(self, media: MediaBytes) -> Iterator[Part]:
        """The files of the messages since the last time, part by part, each once for its conversation. Raises
        nothing: what cannot be read is in ``left_out``, and its message is sealed all the same."""
        wanted, self._wanted = self._wanted, []
        for conversation, each in wanted:
            if not each.path or not each.sha256:
                self.left_out[NO_PLACE] += 1
                continue
            key = mark(self._secret, FILE, conversation, each.sha256)
            if not media.is_first(key):
                continue
            if (each.size or 0) > LARGEST_FILE:
                self.left_out[TOO_LARGE] += 1
            else:
                yield from self._file(conversation, each, key, media.pieces(each.path, each.sha256))

    def _file(
        self, conversation: str | None, file: Attachment, key: str, pieces: Iterator[bytes]
    ) -> Iterator[Part]:
        digest, size, problem = hashlib.sha256(), 0, None
        held = bytearray()
        try:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                held += piece
                if len(held) >= _PART_BYTES:
                    yield self._part(conversation, FILE, bytes(held), file=key)
                    held.clear()
        except NoWay:
            problem = OPENED_ONCE
        except (EvidenceUnreadable, WrongKey, OSError, ValueError):
            # ValueError: what a parser decrypted before is not there or not right any more
            problem = UNREADABLE
        else:
            if digest.hexdigest() != file.sha256:
                problem = CHANGED
        if problem is not None:
            self.left_out[problem] += 1
        if held or (not size and problem is None):
            yield self._part(conversation, FILE, bytes(held), file=key)
        if problem is None or size:
            fields = {"record": FILE, "file": key, "sha256": file.sha256, "size": size, "mime": file.mime}
            fields |= {"filename": file.filename, "path": file.path, "is_whole": problem is None}
            self._add(conversation, PEOPLE, fields)

    def end(
        self,
        accounts: Iterable[Account],
        conversations: Mapping[str, Conversation],
        participants: Mapping[str, Participant],
    ) -> list[Part]:
        """The last parts, with the people and conversations that the sealed records name."""
        accounts = list(accounts)
        for key, found in self._people.items():
            talk = conversations.get(key or "")
            people = found.union(talk.participants if talk else ())
            named = (each for name, each in participants.items() if name in people or each.is_owner)
            for fields in (
                *map(account_dict, accounts),
                *([conversation_dict(talk, 0) | {"messages": None}] if talk else []),
                *map(participant_dict, named),
            ):
                self._add(key, PEOPLE, fields)
        for each in list(self._lines):
            self._close(*each)
        return self.take()

    def _close(self, conversation: str | None, kind: str) -> None:
        lines = self._lines.pop((conversation, kind), [])
        self._size -= self._sizes.pop((conversation, kind))
        if lines:
            self._full.append(self._part(conversation, kind, b"".join(lines), records=len(lines)))

    def _part(
        self, conversation: str | None, kind: str, plain: bytes, *, records: int = 0, file: str | None = None
    ) -> Part:
        content = pyrage.encrypt(plain, self._recipients)
        return Part(
            kind=kind, marks=self._marks[conversation], records=records, sha256=sha256(content),
            content=content, file=file,
        )  # fmt: skip


def marks_of(
    secret: str, key: str | None, talk: Conversation | None = None, account: Account | None = None
) -> dict[str, str]:
    """By what a sealed conversation is known: its id; a group by the app's own name of it, which is the same
    on every phone; a direct one, of which two people have one, by the handles of both."""
    found = {CONVERSATIONS: mark(secret, CONVERSATIONS, key)}
    if talk is None:
        return found
    return found | shared_marks(secret, talk.app, talk.kind, talk.handle, account.handle if account else None)


def shared_marks(secret: str, app: str, kind: str, handle: str | None, owner: str | None) -> dict[str, str]:
    """The mark that a conversation has on whichever phone; ``owner``: the handle of its account there."""
    if not handle or kind == "self":
        return {}
    if not is_between_two(kind):
        return {GROUPS: mark(secret, GROUPS, app, handle)}
    if kind == "direct" and owner:
        return {PAIRS: mark(secret, PAIRS, app, *sorted((owner, handle)))}
    return {}


def told(parts: Iterable[Part], left_out: Mapping[str, int], info: Mapping[str, Any]) -> dict[str, Any]:
    """How much was sealed, for whom, and the SHA-256 of each part, as the log has it; nothing where nothing
    was. What was recovered is in it too. Of the parts of files there may be very many: the log has the
    SHA-256 of their digests, a line each, in their order."""
    found = list(parts)
    if not found:
        return {}
    files = [each for each in found if each.kind == FILE]
    lines = "".join(f"{each.sha256}\n" for each in files)
    of_files: dict[str, Any] = {}
    if files:
        of_files |= {"files": len({each.file for each in files}), "file_parts": len(files)}
        of_files |= {"file_parts_sha256": sha256(lines.encode())}
    if left_out:
        of_files |= {"files_not_sealed": dict(sorted(left_out.items()))}
    return {
        "sealed": sum(each.records for each in found if each.kind == RECORDS),
        "parts": [each.sha256 for each in found if each.kind != FILE],
        **of_files,
        "recipients": list(info.get("seal_for") or ()),
    }
