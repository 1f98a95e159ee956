"""Calls on iOS: every row of CallHistory.sqlite, and those messages that are calls without a row there.

Source: WhatsApp reference 3.6. Nothing is joined away: a call whose group or participants are gone stays.
A message of type 59 is the call of CallHistory that has its key as call id, or that was with the same person
at the same time within ten seconds; another one is a call of its own.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from forensics.digest import LARGEST_INTEGER
from forensics.fields import Row, readable_mac_instant
from forensics.model import Call, Message, Notice
from forensics.parser import Installation
from parsers.message_calls import call_from
from parsers.notes import Notes
from parsers.person import Person
from parsers.table_rows import TableRows
from parsers.whatsapp_codes import spoken
from parsers.whatsapp_conversations import Chats
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_ios_codes import OUTCOMES
from parsers.whatsapp_ios_gaps import highest_keys
from parsers.whatsapp_ios_tables import CALL, CALL_GROUP, CALL_PARTICIPANT, JOINABLE_CALL
from parsers.whatsapp_people import People

CALLS_ROLE = "calls"
_NEAR = 10_000
_ENTITY = "WACDCallEvent"


class Calls:
    """The calls of one installation; ``notes`` are those of CallHistory's own file."""

    def __init__(self, main: Installation, people: People, chats: Chats, notes: Notes) -> None:
        self._main = main
        self._people = people
        self._chats = chats
        self._beside = main.beside(CALLS_ROLE)
        self._notes = notes if self._beside is None else Notes(self._beside.source())
        self._groups: dict[int, Row] = {}
        self._participants: dict[int, dict[str, Person]] = defaultdict(dict)
        self._ids: set[str] = set()
        self._times: dict[str | None, list[int]] = defaultdict(list)
        self._from_messages: list[Call] = []
        if self._beside is None:
            notes.add("info", "no CallHistory.sqlite was found: calls are those that are messages", None)
        else:
            self._survey(self._beside)

    def _survey(self, beside: Installation) -> None:
        """Make everybody known before the first message is read."""
        database, notes = beside.database, self._notes
        self._groups = {row[0]: row for row in all_rows(database, CALL_GROUP, notes)}
        for _rowid, call, jid in all_rows(database, CALL_PARTICIPANT, notes):
            person = self._people.person(jid)
            if person is not None and call is not None:
                self._participants[call][person.id] = person
        calls, used, differs = set[int](), set[int](), False
        for row in all_rows(database, CALL, notes):
            rowid, group, _outcome, at, _seconds, call_id, creator, _group_jid = row
            calls.add(rowid)
            used.add(group)
            differs = differs or group != rowid
            self._people.person(creator)
            if call_id:
                self._ids.add(call_id)
            instant, _doubt = readable_mac_instant(at)
            if instant is not None:
                self._times[self._conversation(row)].append(instant)
        for times in self._times.values():
            times.sort()
        self._note_orphans(database.has(JOINABLE_CALL.name), calls, used, differs)

    def _note_orphans(self, has_joinable: bool, calls: set[int], used: set[int], differs: bool) -> None:
        notes = self._notes
        lines = [
            f"{person.handle}: call {call}"
            for call in sorted(self._participants.keys() - calls)
            for person in self._participants[call].values()
        ]
        notes.listing("participants of calls that are gone", CALL_PARTICIPANT.name, lines)
        columns = [column.name for column in CALL_GROUP.columns]
        lines = [
            str(dict(zip(["Z_PK", *columns], self._groups[group], strict=True)))
            for group in sorted(self._groups.keys() - used)
        ]
        text = f"rows of {CALL_GROUP.name} without a call: it was deleted, or never kept"
        notes.listing(text, CALL_GROUP.name, lines)
        if differs and self._participants:
            text = f"{CALL_PARTICIPANT.name}.Z1PARTICIPANTS is read as the Z_PK of a call: not verified"
            notes.add("info", text, CALL_PARTICIPANT.name)
        if has_joinable:
            notes.add("info", f"{JOINABLE_CALL.name} is there and is not read", JOINABLE_CALL.name)

    def add_message(self, message: Message, partner: str | None, seconds: int | None) -> None:
        """A message of type 59, which need not stand in CallHistory."""
        rowid = message.source.rowid
        if rowid is None or message.source.app_id in self._ids or self._is_near(message):
            return
        person = partner if message.from_owner is True else message.sender
        result = None if seconds is None else "answered" if seconds else "missed"
        self._from_messages.append(
            call_from(
                self._main.place,
                message,
                seconds=seconds if seconds is not None and seconds <= LARGEST_INTEGER else None,
                video=None,
                result=result,
                participants=() if person is None else (person,),
            )
        )

    def _is_near(self, message: Message) -> bool:
        times, at = self._times.get(message.conversation, []), message.sent_at
        if at is None:
            return False
        place = bisect_left(times, at - _NEAR)
        return place < len(times) and times[place] <= at + _NEAR

    def records(self) -> Iterator[Call | Notice]:
        """The calls of CallHistory by row id, then those of the messages."""
        if self._beside is not None and CALLS_ROLE in self._main.shared:
            text = f"the calls of {self._beside.path} are given with the database that lies nearer to it"
            self._notes.add("info", text, CALL.name)
            yield from self._notes.close()
        elif self._beside is not None:
            highest = highest_keys(self._beside, self._notes).get(_ENTITY)
            table = TableRows(self._beside, CALL, self._notes, highest)
            for row in table.rows():
                table.accounting.messages += 1
                yield self._call(self._beside, row)
                yield from self._notes.drain()
            yield from table.close()
            yield from self._notes.close()
        yield from self._from_messages

    def _call(self, beside: Installation, row: Row) -> Call:
        rowid, group_row, outcome, at, seconds, call_id, creator_jid, _group_jid = row
        group = self._groups.get(group_row)
        is_incoming, _missed, video = (None, None, None) if group is None else group[1:4]
        people = self._participants.get(rowid, {})
        from_owner = {0: True, 1: False}.get(is_incoming)
        if group is None:
            text = f"row {rowid} of {CALL.name} names row {group_row} of {CALL_GROUP.name}, which is gone"
            self._notes.add("doubt", text, CALL.name, rowid)
        if outcome not in OUTCOMES:
            self._notes.unknown("ZOUTCOME", outcome)
        return Call(
            id=beside.place.call(CALL.name, rowid),
            app=self._people.account.app,
            account=self._people.account.id,
            conversation=self._conversation(row),
            sender=self._sender(from_owner, creator_jid, people),
            from_owner=from_owner,
            at=self._instant(rowid, at),
            seconds=int(seconds) if seconds is not None and 0 <= seconds <= LARGEST_INTEGER else None,
            video={0: False, 1: True}.get(video),
            result=spoken(OUTCOMES, outcome),
            participants=tuple(people),
            source=beside.source(CALL.name, rowid, call_id),
        )

    def _sender(
        self, from_owner: bool | None, creator_jid: str | None, people: dict[str, Person]
    ) -> str | None:
        """Who called: the owner, the creator of a group call, or the only other one."""
        if from_owner is True:
            return self._people.owner.id
        creator = self._people.person(creator_jid)
        if creator is not None:
            return creator.id
        return next(iter(people)) if from_owner is False and len(people) == 1 else None

    def _conversation(self, row: Row) -> str | None:
        """The conversation of the group, or with the only participant."""
        people = self._participants.get(row[0], {})
        handle = row[7] or (next(iter(people.values())).handle if len(people) == 1 else None)
        chat = self._chats.known(handle)
        return None if chat is None else chat.id

    def _instant(self, rowid: int, value: float | None) -> int | None:
        instant, doubt = readable_mac_instant(value)
        if doubt is not None:
            text = f"row {rowid} of {CALL.name}, time in column ZDATE: {doubt}"
            self._notes.add("doubt", text, CALL.name, rowid, value)
        return instant
