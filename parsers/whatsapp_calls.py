"""Calls: every row of ``call_log``, and those rows of the messages that are calls without a row there.

Source: WhatsApp reference 2.3 (call_log, call_log_participant_v2, message_call_log, missed_call_logs) and
2.6. Most calls have no message, and a caller need be in no list of contacts: nothing is joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from forensics.digest import LARGEST_INTEGER
from forensics.fields import Row
from forensics.model import Call, Message
from parsers.message_calls import call_from
from parsers.person import Person
from parsers.side_rows import Found, Orphans
from parsers.table_rows import TableRows
from parsers.whatsapp_codes import CALL_RESULTS, spoken
from parsers.whatsapp_codes import MISSED_CALL as MISSED_TYPE
from parsers.whatsapp_context import Context, owner_flag
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_side_tables import CALL_LINK, MISSED_CALL
from parsers.whatsapp_sides import first
from parsers.whatsapp_tables import CALL_LOG, CALL_LOG_PARTICIPANT


class CallLog:
    """The calls of one installation."""

    def __init__(self, context: Context) -> None:
        self._context = context
        database = context.installation.database
        self._participants: dict[int, dict[str, None]] = defaultdict(dict)
        self._ids: set[str] = set()
        self._rows: set[int] = set()
        self._from_messages: list[Call] = []
        if database.has(CALL_LOG.name):
            for rowid, call_id in database.rows(CALL_LOG.name, ("call_id",)):
                self._ids.add(call_id)
                self._rows.add(rowid)
        orphans = Orphans(CALL_LOG_PARTICIPANT, "participant of a call")
        for row in all_rows(database, CALL_LOG_PARTICIPANT, context.notes):
            _rowid, call, jid_row, _result = row
            person = context.people.at(jid_row)
            if call not in self._rows:
                orphans(row)
            elif person is not None:
                self._participants[call][person.id] = None
            else:
                self._doubt(CALL_LOG_PARTICIPANT.name, _rowid, "participant", jid_row)
        orphans.note(context.notes)

    def _doubt(self, table: str, rowid: int, what: str, jid_row: int | None) -> None:
        """Say that who or what is named there is not known."""
        words = self._context.people.words(jid_row) or "nobody"
        text = f"row {rowid} of {table} names as {what} {words}: who that is, is not known"
        self._context.notes.add("doubt", text, table, rowid, jid_row)

    def _note_unknown(self, row: Row) -> None:
        """Doubts on a call whose peer, group or caller is stored and not known."""
        handles = self._context.people.handles
        for what, jid_row in (("peer", row[1]), ("group", row[8]), ("caller", row[9])):
            if jid_row is not None and jid_row > 0 and not handles.get(jid_row):
                self._doubt(CALL_LOG.name, row[0], what, jid_row)

    def add_message(
        self, message: Message, partner: str | None, message_type: int | None, found: Found
    ) -> None:
        """A message row of kind call: a call of its own only where ``call_log`` has no row for it."""
        link, missed = first(found, CALL_LINK), first(found, MISSED_CALL)
        if message.source.app_id in self._ids or (link is not None and link[2] in self._rows):
            return
        video = None if missed is None else {0: False, 1: True}.get(missed[2])
        result = "missed" if missed is not None or message_type == MISSED_TYPE else None
        self.add(message, partner, video=video, seconds=None, result=result)

    def add(
        self,
        message: Message,
        partner: str | None,
        *,
        video: bool | None,
        seconds: int | None,
        result: str | None,
    ) -> None:
        """A call that only a message row speaks of."""
        table, rowid = message.source.table, message.source.rowid
        if message.source.app_id in self._ids or table is None or rowid is None:
            return
        person = partner if message.from_owner is True else message.sender
        self._from_messages.append(
            call_from(
                self._context.installation.place,
                message,
                seconds=seconds,
                video=video,
                result=result,
                participants=() if person is None else (person,),
            )
        )

    def taken(self) -> list[Call]:
        """The calls that messages spoke of since the last time; they are not kept here."""
        found, self._from_messages = self._from_messages, []
        return found

    def take(self, calls: list[Call]) -> None:
        """Take over calls that messages spoke of."""
        self._from_messages += calls

    def records(self, table: TableRows) -> Iterator[Call]:
        """The calls of ``call_log`` in the order of its row ids, then those of the messages."""
        for row in table.rows():
            table.accounting.messages += 1
            yield self._call(row)
        yield from self._from_messages

    def _call(self, row: Row) -> Call:
        rowid, peer_row, from_me, call_id, at, video, duration, result, group_row, creator_row = row
        context = self._context
        self._note_unknown(row)
        peer = context.people.at(peer_row)
        creator = context.people.at(creator_row) if group_row and creator_row else None
        is_answered = duration is not None and duration > 0
        return Call(
            id=context.installation.place.call(CALL_LOG.name, rowid),
            app=context.people.account.app,
            account=context.people.account.id,
            conversation=self._conversation(group_row if group_row else peer_row),
            sender=self._sender(from_me, creator or peer),
            from_owner=owner_flag(from_me),
            at=context.notes.instant(at, CALL_LOG.name, rowid, "timestamp"),
            seconds=duration if duration is not None and 0 <= duration <= LARGEST_INTEGER else None,
            video={0: False, 1: True}.get(video),
            result=("answered: " if is_answered else "") + spoken(CALL_RESULTS, result),
            participants=self._people(rowid, None if peer is None else peer.id, is_group=bool(group_row)),
            source=context.installation.source(CALL_LOG.name, rowid, call_id),
        )

    def _conversation(self, jid_row: int | None) -> str | None:
        handle = self._context.people.handles.get(jid_row) if jid_row is not None else None
        chat = self._context.chats.known(handle)
        return None if chat is None else chat.id

    def _sender(self, from_me: int | None, caller: Person | None) -> str | None:
        """Who called; nobody where no direction is stored."""
        if from_me == 1:
            return self._context.people.owner.id
        return caller.id if from_me == 0 and caller is not None else None

    def _people(self, rowid: int, peer: str | None, *, is_group: bool) -> tuple[str, ...]:
        """Who took part; of a group call the peer only where nobody else is named."""
        people = dict(self._participants.get(rowid, {}))
        if peer is not None and not (is_group and people):
            people.setdefault(peer)
        return tuple(people)
