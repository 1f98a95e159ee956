"""Which recovered rows become messages: those that tell something which no live message tells.

A recovered message is compared with the live ones of the same key (conversation, direction, the app's id),
and without such an id with the live one of its row id. What says the same is no record; what says something
else is an older version; the same message found several times is one record.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.message_row import Packed, PackedRow
from forensics.model import Message
from forensics.recovered_rows import Recovered, RowPlace

Row = tuple[str, int]  # table and row id; in the private database where it is of a recovered row
Key = tuple[str, bool | None, str]  # conversation, direction, the app's own id

# What becomes of a recovered row of a table of messages.
KEPT, OLDER, SAME, REPEATED, PARTIAL = "kept", "older", "same", "repeated", "partial"
INDEXED = "indexed"  # a text alone, of the full-text index
# Places in a packed message.
_APP_ID, _TABLE, _ROW_ID = map(Packed._fields.index, ("app_id", "table_name", "row_id"))


class Live(NamedTuple):
    """A live message that a recovered row may be of."""

    id: str
    table: str | None
    rowid: int | None
    text: bytes | None


@dataclass(slots=True)
class _Candidate:
    row: Row
    place: RowPlace
    key: Key | None
    text: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A recovered row that becomes a message: its further rows, and the live message it is a version of."""

    place: RowPlace
    also: list[RowPlace] = field(default_factory=list)
    live: Live | None = None


def _digest(text: str | None) -> bytes | None:
    data = text and text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).digest() if data else None


class Plan:
    """First every recovered message, then every live one, then ``decide``."""

    def __init__(self, recovered: Recovered) -> None:
        self._places = recovered.places
        self._texts = recovered.texts
        self._candidates: list[_Candidate] = []
        self._app_ids: set[str] = set()
        self._rows: set[Row] = set()
        self._live: dict[Key, list[Live]] = {}
        self._live_rows: dict[Row, Live] = {}
        # id of a message in the private database -> its row there
        self._ids: dict[str, Row] = {}
        self._keys: dict[Row, Key] = {}
        self.verdicts: dict[Row, Verdict] = {}
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, message: Message) -> None:
        """A recovered message, as the parser gave it of the private database."""
        row = (message.source.table or "", message.source.rowid or 0)
        place = self._places.get(row)
        if place is None:
            return  # made of what is live: a draft
        app_id = message.source.app_id
        key = (message.conversation, message.from_owner, app_id) if app_id else None
        self._candidates.append(_Candidate(row, place, key, _digest(message.text)))
        self._ids[message.id] = row
        if key is not None:
            self._keys[row] = key
            self._app_ids.add(key[2])
        elif place.rowid is not None:
            self._rows.add((row[0], place.rowid))

    @property
    def is_empty(self) -> bool:
        """Whether no live message needs to be watched for."""
        return not self._app_ids and not self._rows

    def watch(self, messages: Iterable[PackedRow]) -> None:
        """Live messages on their way into the case."""
        app_ids, rows = self._app_ids, self._rows
        if self.is_empty:
            return
        for each in messages:
            if each[_APP_ID] in app_ids or (rows and (each[_TABLE], each[_ROW_ID]) in rows):
                self._note(Packed._make(each))

    def _note(self, each: Packed) -> None:
        live = Live(f"m{each.id.hex()}", each.table_name, each.row_id, _digest(each.text))
        key = (each.conversation, each.from_owner, each.app_id or "")
        self._live.setdefault(key, []).append(live)
        self._live_rows[each.table_name or "", each.row_id or 0] = live

    def decide(self) -> None:
        """Fill ``verdicts`` and ``counts``."""
        self.counts.update((each.table, INDEXED) for each in self._texts)
        first: dict[tuple[Key, bytes | None], Verdict] = {}
        # one of which row id and end are known is the better place
        for each in sorted(self._candidates, key=lambda one: (not one.place.is_whole, one.row)):
            what, live = self._judged(each)
            again = first.get((each.key, each.text)) if each.key else None
            if what in (KEPT, OLDER):
                if again is not None:
                    again.also.append(each.place)
                    what = REPEATED
                else:
                    verdict = self.verdicts[each.row] = Verdict(place=each.place, live=live)
                    if each.key is not None:
                        first[each.key, each.text] = verdict
            self.counts[each.row[0], what] += 1

    def _judged(self, each: _Candidate) -> tuple[str, Live | None]:
        lives = self._of(each)
        if lives and (each.text is None or any(live.text == each.text for live in lives)):
            return SAME, None
        if not each.place.is_whole and (each.key is None or each.text is None):
            return PARTIAL, None
        return (OLDER, lives[0]) if lives else (KEPT, None)

    def _of(self, each: _Candidate) -> list[Live]:
        if each.key is not None:
            return self._live.get(each.key, [])
        live = None if each.place.rowid is None else self._live_rows.get((each.row[0], each.place.rowid))
        return [live] if live else []

    def place(self, row: Row) -> RowPlace | None:
        """Where a row of the private database really lies."""
        return self._places.get(row)

    def target(self, private_id: str) -> Row | Live | None:
        """What an id of the private database means: a row that became a message, a live message, nothing."""
        row = self._ids.get(private_id)
        if row is None or row in self.verdicts:
            return row
        lives = self._live.get(self._keys[row]) if row in self._keys else None
        return lives[0] if lives else None
