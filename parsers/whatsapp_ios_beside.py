"""Media items, receipts and links, read beside the messages of iOS in the order of the message they name.

Source: WhatsApp reference 3.3. A message and its media item name each other; one of both may not.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from forensics.fields import Follow, Row, Table
from parsers.side_rows import NOTHING_MORE, Orphans
from parsers.whatsapp_context import Context
from parsers.whatsapp_ios_tables import INFO, LINK, MEDIA
from parsers.whatsapp_side_tables import SideTable
from parsers.whatsapp_sides import ordered_rows


class MediaRow(NamedTuple):
    """A row of ZWAMEDIAITEM by its columns."""

    rowid: int
    message: int | None
    path: str | None
    size: int | None
    title: str | None
    card_name: str | None
    card: str | None
    latitude: float | None
    longitude: float | None
    url: str | None
    metadata: bytes | None


class Beside:
    """The side rows of messages, in the order of ZMESSAGE; a media item also by the Z_PK that is named."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._orphans = {
            MEDIA.name: Orphans(MEDIA, "media item"),
            INFO.name: Orphans(INFO, "receipts and reactions"),
            LINK.name: Orphans(LINK, "link"),
        }
        # media items that name no message themselves: the message may name them
        self._unbound = array("q")
        self._taken: set[int] = set()
        self.media = self._follow(MEDIA)
        self.info = self._follow(INFO)
        self.links = self._follow(LINK)
        self._media_rows = MEDIA.bind(context.installation.database, context.notes.doubt(MEDIA.name))

    def _follow(self, table: Table) -> Follow:
        side = SideTable(table, "")
        rows = ordered_rows(self._context.installation.database, side, self._context.notes)
        return Follow(rows, 1, self._unclaimed_media if table is MEDIA else self._orphans[table.name])

    def _unclaimed_media(self, row: Row) -> None:
        if row[1] is None:
            self._unbound.append(row[0])
        else:
            self._orphans[MEDIA.name](row)

    @property
    def upcoming(self) -> int:
        """The smallest message that any of them will speak of next."""
        found = (self.media.upcoming, self.info.upcoming, self.links.upcoming)
        return min((each for each in found if each is not None), default=NOTHING_MORE)

    def has_only_info(self, rowid: int) -> bool:
        """Whether nothing but receipts and reactions stands beside that message and those before it."""
        media, links = self.media.upcoming, self.links.upcoming
        return (media is None or media > rowid) and (links is None or links > rowid)

    def media_of(self, rowid: int, named: int | None) -> MediaRow | None:
        """The media item of a message: the one that it names, else the one that names it."""
        rows = self.media.take(rowid)
        for row in rows:
            if named is None or row[0] == named:
                return MediaRow(*row)
        if named is not None and self._media_rows is not None:
            for row in self._media_rows.rows(where_rowid=(named, named)):
                self._taken.add(named)
                return MediaRow(*row)
        return MediaRow(*rows[0]) if rows else None

    def close(self) -> None:
        """Note the rows whose message is gone."""
        for follow in (self.media, self.info, self.links):
            follow.close()
        if self._media_rows is not None:
            for rowid in self._unbound:
                if rowid not in self._taken:
                    for row in self._media_rows.rows(where_rowid=(rowid, rowid)):
                        self._orphans[MEDIA.name](row)
        for orphans in self._orphans.values():
            orphans.note(self._context.notes)
