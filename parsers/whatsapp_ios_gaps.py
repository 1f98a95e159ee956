"""Traces of deleted rows on iOS: what Core Data counted against what is there.

Source: WhatsApp reference 3.2 (Z_PRIMARYKEY holds the largest key that each entity ever had; seen: a message
that is gone leaves a gap in Z_PK and one in the ZSORT of its conversation).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise

from forensics.model import Notice
from forensics.parser import Installation, gap_notices
from parsers.notes import Notes
from parsers.whatsapp_conversations import Chats
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_ios_tables import INFO, MEDIA, MESSAGE, PRIMARY_KEY, SESSION

# Tables beside that of the messages, by the name of their entity.
_ENTITIES = {"WAChatSession": SESSION.name, "WAMediaItem": MEDIA.name, "WAMessageInfo": INFO.name}
# More missing than this for each message that is there: then ZSORT does not count messages.
_MOST_MISSING_EACH = 100


def highest_keys(installation: Installation, notes: Notes) -> dict[str, int]:
    """Z_MAX by the name of the entity."""
    rows = all_rows(installation.database, PRIMARY_KEY, notes)
    return {name: highest for _rowid, name, highest in rows if name and highest is not None}


def beside_gaps(installation: Installation, highest: dict[str, int]) -> Iterator[Notice]:
    """Missing keys of sessions, media items and receipts."""
    database = installation.database
    for entity, table in _ENTITIES.items():
        if entity in highest and database.has(table):
            rowids = (row[0] for row in database.rows(table, ()) if row[0] is not None)
            yield from gap_notices(
                table,
                rowids,
                highest[entity],
                lambda rowid, table=table: installation.source(table, rowid),  # type: ignore[misc]  # bound now
            )


def order_gaps(installation: Installation, chats: Chats, order: dict[int, array[int]]) -> Iterator[Notice]:
    """One notice for each conversation in whose order numbers are missing."""
    for session in sorted(order):
        numbers = sorted(set(order[session]))
        ranges = [(before + 1, after - 1) for before, after in pairwise(numbers) if after > before + 1]
        missing = sum(last - first + 1 for first, last in ranges)
        if not missing:
            continue
        chat = chats.by_row.get(session)
        handle = chat.handle if chat is not None and chat.handle else f"session {session}"
        if missing > _MOST_MISSING_EACH * len(numbers):
            text = f"ZSORT does not count the messages of the conversation {handle}: no gaps are read from it"
            yield Notice(severity="info", text=text, source=installation.source(MESSAGE.name))
            continue
        ids = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
        text = (
            f"{missing} number{'s' if missing > 1 else ''} missing from ZSORT in the conversation {handle}: "
            f"{ids if len(ids) < 200 else f'{len(ranges)} ranges'}; messages were deleted, or never kept"
        )
        yield Notice(severity="gap", text=text, source=installation.source(MESSAGE.name), raw=ids)
