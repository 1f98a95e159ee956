"""What was purged from a case must not come back: how it is known without keeping what it was.

A purge keeps keyed hashes only (HMAC-SHA256 under the secret of the case) of the conversations, people and
notices that it removed. With them further evidence is read without those conversations, and verification
knows what the evidence still holds and the case rightly does not.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from forensics.digest import source_dict, written
from forensics.model import Call, Notice

CONVERSATIONS, GROUPS, PEOPLE, NOTICES, QUOTES = "conversations", "groups", "people", "notices", "quotes"
KINDS = (CONVERSATIONS, GROUPS, PEOPLE, NOTICES, QUOTES)
SETTING = "purged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """The marks of one case. ``quotes``: ids of messages of others whose quoted text was taken out."""

    secret: str = ""
    conversations: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything was ever purged."""
        return bool(self.conversations)

    def holds(self, kind: str, *parts: str | None) -> bool:
        """Whether the mark of that is among those of its kind."""
        marks: frozenset[str] = getattr(self, kind)
        return bool(marks) and mark(self.secret, kind, *parts) in marks

    def holds_notice(self, row: tuple[str | None, ...]) -> bool:
        """Whether a notice (severity, text, source as the case stores it) was removed."""
        return self.holds(NOTICES, *row[:3])


def mark(secret: str, kind: str, *parts: str | None) -> str:
    """The keyed hash of what is named by these parts."""
    text = json.dumps([kind, *parts], ensure_ascii=True)
    return hmac.new(bytes.fromhex(secret), text.encode(), hashlib.sha256).hexdigest()


def purged_of(info: Mapping[str, Any]) -> Purged:
    """What the settings of a case record."""
    stored = info.get(SETTING) or {}
    return Purged(secret=str(info["secret"]), **{kind: frozenset(stored.get(kind, ())) for kind in KINDS})


def quoted_id(rare: str) -> str | None:
    """The id of the message that a message with these rare fields answers."""
    if '"reply_to":{' not in rare:
        return None
    found: str | None = orjson.loads(rare)["reply_to"]["id"]
    return found


def without_quote(rare: str) -> str:
    """The rare fields of a message without the text that it quotes; the reference stays."""
    fields = orjson.loads(rare)
    if fields.get("reply_to"):
        fields["reply_to"]["text"] = None
    return written(dict(sorted(fields.items()))).decode()


def notice_row(notice: Notice) -> tuple[str | None, ...]:
    """A notice as its row in the case (case_writer)."""
    source = None
    if notice.source is not None:
        source = json.dumps(source_dict(notice.source), ensure_ascii=False, sort_keys=True)
    return notice.severity, notice.text, source, notice.raw


class Closed:
    """Asked of each record that is read: whether its conversation was purged."""

    def __init__(self, purged: Purged) -> None:
        self._purged = purged
        self._known: dict[str | None, bool] = {None: False}

    def __contains__(self, conversation: str | None) -> bool:
        """By the id of the conversation, as it was read or as the case calls it."""
        found = self._known.get(conversation)
        if found is None:
            found = self._known[conversation] = self._purged.holds(CONVERSATIONS, conversation)
        return found

    def calls(self, calls: list[Call]) -> Iterator[Call]:
        """The calls of purged conversations."""
        return (each for each in calls if each.conversation in self)
