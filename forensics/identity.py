"""Ids: of a place in the evidence (messages, calls) and of what an app names (accounts, chats, people).

The id of a message or a call comes from the evidence's SHA-256 and the place in it, so that it is the same
in every run and on every machine. An account, a conversation and a participant are the same thing in two
copies of one phone's data, so theirs come from the app's own identifiers within the account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

_LENGTH = 24


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def account_id(app: str, platform: str, handle: str | None, file_sha256: str) -> str:
    """Of the owner's handle; where that is unknown, of the SHA-256 of the (decrypted) database.

    The exhibit is no part of it: a case decides how that is called, and ids are the same in every case.
    """
    return "a" + _digest("account", app, platform, handle or f"unknown:{file_sha256}")


def conversation_id(account: str, key: str) -> str:
    """``key`` is the app's own identifier of the conversation (a jid, a dialog id ...)."""
    return "c" + _digest("conversation", account, key)


def participant_id(account: str, key: str) -> str:
    """``key``: the app's own identifier of the person or bot; the owner of the account has ``owner``."""
    return "p" + _digest("participant", account, key)


class Place:
    """Makes the ids of rows of one file; cheap, because it is called once for every row."""

    __slots__ = ("_base",)

    def __init__(self, evidence_sha256: str, path: str) -> None:
        self._base = hashlib.sha256(f"{evidence_sha256}\0{path}\0".encode("utf-8", "surrogatepass"))

    def message(self, table: str, rowid: int | str) -> str:
        """The id of the message in that row."""
        return "m" + self._row(table, rowid)

    def digests(self, table: str) -> Callable[[int], bytes]:
        """Makes the digests that the ids of messages in that table are written from."""
        base = self._base.copy()
        base.update(f"{table}\0".encode("utf-8", "surrogatepass"))
        copy, size = base.copy, _LENGTH // 2

        def digest(rowid: int) -> bytes:
            made = copy()
            made.update(b"%d" % rowid)
            return made.digest()[:size]

        return digest

    def call(self, table: str, rowid: int | str) -> str:
        """The id of the call in that row."""
        return "k" + self._row(table, rowid)

    def _row(self, table: str, rowid: int | str) -> str:
        digest = self._base.copy()
        digest.update(f"{table}\0{rowid}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:_LENGTH]


def flag_id(kind: str, conversation: str, messages: tuple[str, ...]) -> str:
    """The id of a flag: of what it points at, so that a decision keeps its flag when rules change."""
    return "f" + _digest("flag", kind, conversation, *messages)
