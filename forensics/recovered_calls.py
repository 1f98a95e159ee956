"""Recovered rows of a table of calls: read by the parser as live ones are, told apart from them.

A call has no state in the export, so that a recovered one beside the live ones could not be told from them:
each is a notice instead, with the place of its row, and with what the parser made of it as raw value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from forensics.digest import call_dict
from forensics.model import Call, Notice, Source
from forensics.recovered_rows import RowPlace
from forensics.recovered_words import of_call

_OF_THE_PLACE = ("source", "participants")  # these are of other rows, or of where the row lies


class RecoveredCalls:
    """Compares the calls of the private database with the live ones; ``places`` are those of its rows."""

    def __init__(self, places: dict[tuple[str, int], RowPlace]) -> None:
        self._places = places
        self._live: set[bytes] = set()
        self._rows: dict[tuple[str, int], str] = {}
        self._told: set[bytes] = set()

    def watch(self, calls: Iterable[Call]) -> None:
        """Live calls on their way into the case."""
        if not self._places:
            return
        for call in calls:
            self._live.add(_content(call))
            self._rows[call.source.table or "", call.source.rowid or 0] = call.id

    def is_one(self, call: Call) -> bool:
        """Whether the call is of a recovered row, and says what no live call and no other one says."""
        place = self._places.get((call.source.table or "", call.source.rowid or 0))
        content = _content(call)
        if place is None or content in self._live or content in self._told:
            return False
        if call.at is None and not place.is_whole:
            return False  # nothing by which it could be placed is left
        self._told.add(content)
        return True

    def notices(self, calls: Iterable[Call], source: Source, paths: dict[str, Source]) -> Iterator[Notice]:
        """A notice for each; ``paths`` has the file of each kind that a row can lie in."""
        for call in calls:
            place = self._places[call.source.table or "", call.source.rowid or 0]
            yield self._notice(call, place, paths.get(place.at[0].file, source))

    def _notice(self, call: Call, place: RowPlace, file: Source) -> Notice:
        at, table = place.at[0], call.source.table or ""
        where = Source(
            evidence_sha256=file.evidence_sha256,
            file_sha256=file.file_sha256,
            path=file.path,
            table=table,
            rowid=place.rowid,
            page=at.page,
            offset=at.offset,
            app_id=call.source.app_id,
        )
        state = "recovered" if place.state == "deleted" else place.state
        told = {key: value for key, value in call_dict(call).items() if key != "source"}
        raw = orjson.dumps({**told, "state": state}).decode()
        live = None if place.rowid is None else self._rows.get((table, place.rowid))
        return of_call(place.at, place.is_whole, None if live is None else (place.rowid, live), where, raw)


def _content(call: Call) -> bytes:
    told = call_dict(call)
    told["app_id"] = call.source.app_id
    for name in _OF_THE_PLACE:
        del told[name]
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
