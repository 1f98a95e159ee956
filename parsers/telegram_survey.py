"""One look at all message tables before they are read: which messages there are, and where else.

Source: Telegram reference 2.1 (two generations may stand side by side), 2.4 (topics, the media index and the
notifications repeat messages).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.formats.sqlite import Database
from parsers.telegram_ids import dialog_id, message_id
from parsers.telegram_index import Index
from parsers.telegram_tables import MEDIA, MESSAGES, PUSHED, TOPICS

# In the order in which a message that only they hold is taken from them.
COPIES = (*TOPICS, *MEDIA, *PUSHED)


def index_of(database: Database, tables: Sequence[str]) -> Index:
    """The messages of these tables."""
    index = Index(tables)
    for place, table in enumerate(tables):
        for rowid, mid, uid in _numbers(database, table):
            if type(mid) is int and type(uid) is int and type(rowid) is int:
                index.add(dialog_id(uid), message_id(mid), place, rowid)
    index.seal()
    return index


def _numbers(database: Database, table: str) -> Iterator[tuple[object, ...]]:
    return database.rows(table, ("mid", "uid")) if database.has(table, "mid", "uid") else iter(())


def survey(database: Database) -> tuple[Index, Index]:
    """The messages, and their copies."""
    return index_of(database, MESSAGES), index_of(database, COPIES)
