"""What everything that reads one account's database works with."""

from __future__ import annotations

from dataclasses import dataclass, field

from forensics.model import Call
from forensics.parser import Installation
from parsers.notes import Notes
from parsers.telegram_blobs import BlobReader
from parsers.telegram_chats import Chats
from parsers.telegram_events import Surroundings
from parsers.telegram_files import Files
from parsers.telegram_index import Index
from parsers.telegram_people import People


@dataclass(frozen=True, slots=True)
class Context:
    """One installation with its account's people, conversations and files, and the notices that come up.
    ``messages`` are the rows of the message tables, ``copies`` those of the tables that repeat them."""

    installation: Installation
    blobs: BlobReader
    people: People
    chats: Chats
    files: Files
    notes: Notes
    messages: Index
    copies: Index
    around: Surroundings
    canned: dict[int, str]
    calls: list[Call] = field(default_factory=list)
