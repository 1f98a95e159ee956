"""What everything that reads one account's Postbox works with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from forensics.model import Call
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.telegram_postbox_chats import Chats
from parsers.telegram_postbox_files import Files
from parsers.telegram_postbox_index import MessageIndex
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_postbox_shared import SharedMedia
from parsers.telegram_postbox_tables import MESSAGES
from parsers.telegram_postbox_words import Words

# Of a type that is not known so many rows are shown with their bytes; all are counted.
_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Context:
    """One installation with its account's people, conversations and files, and the notices that come up."""

    installation: Installation
    people: PostboxPeople
    chats: Chats
    files: Files
    notes: Notes
    index: MessageIndex
    shared: SharedMedia
    words: Words
    # titles of topics by chat and topic
    topics: dict[tuple[int, int], str]
    calls: list[Call] = field(default_factory=list)
    _strange: Counter[str] = field(default_factory=Counter)

    def topic_words(self, peer: int, topic: int) -> str:
        """A topic by its title, or by its number where none is stored."""
        title = self.topics.get((peer, topic))
        return f"topic {topic}" if title is None else f"topic “{title}”"

    def doubt(self, key: str, text: str, raw: object = None) -> None:
        """A notice on a row of t7."""
        self.notes.add("doubt", f"{MESSAGES.name} {key}: {text}", MESSAGES.name, raw=raw, key=key)

    def strange(self, key: str, what: str, raw: bytes) -> None:
        """Something of a type that is not known: a notice with its bytes, and a count of all of the type."""
        self._strange[what] += 1
        self.notes.count(what)
        if self._strange[what] <= _MOST_SHOWN:
            self.doubt(key, what, raw)
