"""Numbers that are missing, and other signs of rows that are gone.

Source: Telegram reference 2.2 (which messages share a counter), 2.4 (messages_holes: ranges that were never
downloaded), 4.3 (what a deletion leaves behind). Chats between two and basic groups share one counter for the
account, so what is missing there need not be of a chat that is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import NamedTuple

from forensics.formats.sqlite import Database
from forensics.model import Notice
from parsers.telegram_context import Context
from parsers.telegram_directory import Directory
from parsers.telegram_ids import dialog_id, is_folder, is_secret, message_id
from parsers.telegram_remarks import when
from parsers.telegram_tables import DIALOGS, HOLES, ORPHANS, SHARED_PLACES, TIMERS

# How many ranges one notice lists.
_MOST_RANGES = 500
Span = tuple[int, int]


class Missing(NamedTuple):
    """Numbers that are missing, and the dialogs of the messages before and after them (0: a hole)."""

    first: int
    last: int
    before: int
    after: int

    @property
    def words(self) -> str:
        """The numbers; and whose neighbours they are, where both are of one dialog."""
        numbers = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
        return f"{numbers} (between messages of {self.before})" if self.before == self.after != 0 else numbers


def missing(numbers: Iterable[tuple[int, int]], holes: Iterable[Span]) -> Iterator[Missing]:
    """The ranges between sorted numbers (each with its dialog) that neither they nor the holes cover."""
    before: int | None = None
    owner = 0
    spans = ((low, high, 0) for low, high in sorted(holes))
    for low, high, dialog in merge(((each, each, dialog) for each, dialog in numbers), spans):
        if before is not None and low > before + 1:
            yield Missing(before + 1, low - 1, owner, dialog)
        if before is None or high >= before:
            before, owner = high, dialog


def listed(numbers: Iterable[tuple[int, int]], holes: Iterable[Span]) -> Iterator[tuple[list[str], int]]:
    """The missing ranges in words, and how many numbers they hold; as many as one notice lists at a time."""
    ranges, count = [], 0
    for each in missing(numbers, holes):
        ranges.append(each.words)
        count += each.last - each.first + 1
        if len(ranges) == _MOST_RANGES:
            yield ranges, count
            ranges, count = [], 0
    if ranges:
        yield ranges, count


class Gaps:
    """The notices on missing numbers of one database."""

    def __init__(self, context: Context, directory: Directory) -> None:
        self._context = context
        self._holes: dict[int, list[Span]] = {}
        self._directory = directory
        for _rowid, dialog, start, end in directory.rows(HOLES):
            if None not in (dialog, start, end) and 0 <= start <= end:
                self._holes.setdefault(dialog_id(dialog), []).append((start, end))

    def notices(self, table: str) -> Iterator[Notice]:
        """One notice for each counter with its missing ranges, and for each last message that is gone."""
        index, chats = self._context.messages, self._context.chats
        shared, local = [], []
        for dialog in sorted(index.dialogs()):
            numbers = index.numbers(dialog)
            if numbers[0] < 0:
                local.append(_with(dialog, [each for each in numbers if each < 0]))
            if chats.at(dialog).has_own_numbers:
                own, holes = _positive(numbers), self._holes.get(dialog, ())
                yield from self._one(table, f"messages of {dialog}", _with(0, own), holes)
            elif not is_secret(dialog):
                shared.append(dialog)
        counters = merge(*(_with(each, _positive(index.numbers(each))) for each in shared))
        holes = [span for each in shared for span in self._holes.get(each, ())]
        yield from self._one(
            table, "messages of chats and basic groups, which share one counter", counters, holes
        )
        words = "local numbers, of secret chats and of messages that were not yet sent"
        yield from self._one(table, words, merge(*local), ())
        yield from self._last(table)

    def _one(
        self, table: str, what: str, numbers: Iterable[tuple[int, int]], holes: Iterable[Span]
    ) -> Iterator[Notice]:
        for ranges, count in listed(numbers, holes):
            yield self._notice(table, what, ranges, count)

    def _notice(self, table: str, what: str, ranges: list[str], count: int) -> Notice:
        text = (
            f"{count} number{'s' if count > 1 else ''} missing from {table}, {what}: rows were deleted, or "
            "were never downloaded without messages_holes saying so"
        )
        source = self._context.installation.source(table)
        return Notice(severity="gap", text=text, source=source, raw="; ".join(ranges))

    def _last(self, table: str) -> Iterator[Notice]:
        for rowid, dialog, last, _outbox, _folder in self._directory.rows(DIALOGS):
            if dialog is None or not last or is_folder(dialog):
                continue
            number = message_id(last)
            if not self._context.messages.has(dialog_id(dialog), number):
                text = (
                    f"the last message {number} of dialog {dialog_id(dialog)} is not in {table}: "
                    "it was removed"
                )
                source = self._context.installation.source(DIALOGS.name, rowid)
                yield Notice(severity="gap", text=text, source=source, raw=str(number))


def _positive(numbers: Iterable[int]) -> Iterable[int]:
    return (each for each in numbers if each > 0)


def _with(dialog: int, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    return ((each, dialog) for each in numbers)


def timers(context: Context, directory: Directory) -> None:
    """When messages of secret chats will be deleted on this phone."""
    lines = [f"message {mid} of {uid}: {when(date)}" for _rowid, mid, uid, date in directory.rows(TIMERS)]
    context.notes.listing("messages that wait for their own deletion", TIMERS.name, lines)


def shared_places(context: Context, directory: Directory) -> None:
    """Live locations that the owner was sharing."""
    lines = [
        f"message {mid} of {uid}: since {when(date)}, for {period} s"
        for _rowid, uid, mid, date, period in directory.rows(SHARED_PLACES)
    ]
    context.notes.listing("live locations that were being shared", SHARED_PLACES.name, lines)


def orphans(context: Context, database: Database) -> None:
    """Rows of small tables whose message is gone."""
    for table in ORPHANS:
        if not database.has(table, "mid", "uid"):
            continue
        lines = [
            f"message {mid} of {uid}"
            for _rowid, mid, uid in database.rows(table, ("mid", "uid"))
            if type(mid) is int
            and type(uid) is int
            and not context.messages.has(dialog_id(uid), message_id(mid))
        ]
        context.notes.listing(f"rows of {table} whose message is gone", table, lines)
