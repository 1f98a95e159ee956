"""Which messages t7 has, by chat, namespace and number, in sixteen bytes each: to find what a reply speaks of
and the message that holds a medium, and to see what is missing."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from operator import le
from typing import NamedTuple

from forensics.formats.sqlite import Database
from parsers.telegram_postbox_ids import MESSAGE_KEY, MessageKey
from parsers.telegram_postbox_tables import MESSAGES

_NO_ROWID = -1


class _Rows(NamedTuple):
    """The messages of one chat and namespace, side by side: number, time, row id."""

    numbers: array[int]
    times: array[int]
    rowids: array[int]


class MessageIndex:
    """The messages of one database, made from their keys alone."""

    def __init__(self, database: Database) -> None:
        self._rows: dict[tuple[int, int], _Rows] = {}
        self._spaces: dict[int, list[int]] = {}
        self._dropped: set[MessageKey] = set()
        if database.has(MESSAGES.name, "key"):
            for rowid, key in database.rows(MESSAGES.name, ("key",)):
                if type(key) is bytes and len(key) == MESSAGE_KEY.size:
                    self._add(rowid if type(rowid) is int else _NO_ROWID, *MESSAGE_KEY.unpack(key))
        self._seal()

    def _add(self, rowid: int, peer: int, namespace: int, time: int, number: int) -> None:
        rows = self._rows.get((peer, namespace))
        if rows is None:
            rows = self._rows[peer, namespace] = _Rows(array("i"), array("i"), array("q"))
            self._spaces.setdefault(peer, []).append(namespace)
        rows.numbers.append(number)
        rows.times.append(time)
        rows.rowids.append(rowid)

    def _seal(self) -> None:
        for place, rows in self._rows.items():
            if not all(map(le, rows.numbers, islice(rows.numbers, 1, None))):
                ordered = sorted(zip(*rows, strict=True))
                self._rows[place] = _Rows(
                    array("i", (each[0] for each in ordered)),
                    array("i", (each[1] for each in ordered)),
                    array("q", (each[2] for each in ordered)),
                )

    def peers(self) -> list[int]:
        """The chats that have messages, sorted."""
        return sorted(self._spaces)

    def numbers(self, peer: int, namespace: int) -> Sequence[int]:
        """The numbers of a chat's messages, sorted."""
        rows = self._rows.get((peer, namespace))
        if rows is None:
            return ()
        dropped = {each.number for each in self._dropped if each[:2] == (peer, namespace)}
        return [each for each in rows.numbers if each not in dropped] if dropped else rows.numbers

    def drop(self, key: MessageKey) -> None:
        """A row that turned out to be no message; its number is not one of ``numbers``."""
        self._dropped.add(key)

    def count(self, peer: int) -> int:
        """How many messages a chat has."""
        return sum(len(self._rows[peer, namespace].numbers) for namespace in self._spaces.get(peer, ()))

    def latest(self, peer: int) -> int:
        """The time of the newest message of a chat that has some."""
        return max(max(self._rows[peer, namespace].times) for namespace in self._spaces[peer])

    def find(self, peer: int, namespace: int, number: int) -> MessageKey | None:
        """The key of a message; None where there is none of that number."""
        place = self._place(peer, namespace, number)
        if place is None:
            return None
        return MessageKey(peer, namespace, self._rows[peer, namespace].times[place], number)

    def rowid(self, peer: int, namespace: int, number: int) -> int | None:
        """The row id of a message; None where there is no such row, or none with a row id."""
        place = self._place(peer, namespace, number)
        found = None if place is None else self._rows[peer, namespace].rowids[place]
        return None if found == _NO_ROWID else found

    def _place(self, peer: int, namespace: int, number: int) -> int | None:
        rows = self._rows.get((peer, namespace))
        if rows is None:
            return None
        place = bisect_left(rows.numbers, number)
        return place if place < len(rows.numbers) and rows.numbers[place] == number else None
