"""The flags of one conversation with their reasons: a form is read when somebody looks at it, and no sooner.

Reasons can be long: all that rules matched in a chat of years stands in one flag. Which flags a message is
named in is found by looking for its id in the forms as they are stored.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import orjson

Form = Mapping[str, Any]

_MESSAGE = re.compile(r'"(m[0-9a-f]+)"')


class Head(NamedTuple):
    """What a list of flags shows of one."""

    kind: str
    score: int


class FlagForms(Mapping[str, Form]):
    """The flags of a conversation by id, in their order."""

    def __init__(self, db: sqlite3.Connection, conversation: int) -> None:
        """Fetches them as they are stored."""
        rows = db.execute(
            "SELECT id, kind, score, form FROM flag WHERE conversation = ? ORDER BY n", (conversation,)
        ).fetchall()
        self.heads = {key: Head(kind, score) for key, kind, score, _ in rows}
        self._stored: dict[str, str] = {key: form for key, _, _, form in rows}
        self._read: dict[str, Form] = {}

    def __getitem__(self, key: str) -> Form:
        """One flag in full."""
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = orjson.loads(self._stored[key])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def __contains__(self, key: object) -> bool:
        """Without reading it."""
        return key in self._stored

    def naming(self, messages: Collection[str]) -> list[str]:
        """The flags in whose forms one of these ids stands, in their order: those that name the message,
        and at times one that has it elsewhere."""
        found = {key for each in messages for key in self._by_message.get(each, ())}
        return [key for key in self._stored if key in found]

    @cached_property
    def _by_message(self) -> Mapping[str, Collection[str]]:
        found: dict[str, list[str]] = {}
        for key, form in self._stored.items():
            for message in set(_MESSAGE.findall(form)):
                found.setdefault(message, []).append(key)
        return found
