"""The messages of a new backup of Signal: one record each, older versions and calls with them.

Source: Signal reference 2.5 (ChatItem). Older versions of a message stand within the newest.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.digest import LARGEST_INTEGER
from forensics.fields import Row
from forensics.model import Call, Edit, Message, Reaction, Receipt, Reply, System
from forensics.parser import Installation
from parsers.message_calls import seconds_between
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_clock import Clocks
from parsers.signal_parts import Parts
from parsers.signal_people import APP, Chat, others
from parsers.signal_snapshot_content import Content, ContentReader
from parsers.signal_snapshot_events import (
    CALL,
    GROUP_CALL,
    UPDATES,
    CallParts,
    event,
    group_call,
    individual_call,
)
from parsers.signal_snapshot_files import SnapshotFiles
from parsers.signal_snapshot_people import SnapshotDirectory
from parsers.signal_snapshot_survey import SnapshotSurvey
from parsers.signal_snapshot_tables import (
    CONTENT,
    DELETED,
    DELETED_BY_ADMIN,
    ITEM,
    KNOWN,
    NAMES,
    PINNED,
    UPDATE,
    VIEW_ONCE,
    UnknownFields,
)

_INCOMING, _OUTGOING = 8, 9
# SendStatus: how far it came (the field of its "oneof"), and that it was not sent to somebody at all.
_STATUS = {9: "failed", 3: "pending", 4: "sent", 5: "delivered", 6: "read", 7: "played"}
_ORDER = ("failed", "pending", "sent", "delivered", "read", "played")
_STATUSES = range(3, 10)
_SKIPPED = 8
_SMS = System(type="SMS or MMS", code=None, detail="not sent through Signal")


class SnapshotMessages:
    """Makes the messages of one backup, in their order."""

    def __init__(
        self, installation: Installation, directory: SnapshotDirectory, files: SnapshotFiles, notes: Notes
    ) -> None:
        self._installation, self._directory, self._notes = installation, directory, notes
        self._content = ContentReader(directory, files, notes)
        self._survey = SnapshotSurvey(installation.database, notes)
        self._unknown = UnknownFields()
        self._clocks = Clocks(ITEM.name)
        self._calls: list[Call] = []

    def message(self, row: Row) -> Message:
        """The message of a record. Raises ProtobufError where it cannot be understood."""
        rowid, offset, data = row
        parts = Parts(data or b"")
        kind = next((each for each in parts if each in CONTENT and each != PINNED), None)
        inner = parts.part(kind) if kind is not None else Parts(b"")
        self._look(rowid, parts, kind, inner)
        self._clocks.look(rowid, parts.integer(3), parts.part(_INCOMING).integer(2))
        chat, author = self._chat(rowid, parts), self._author(rowid, parts)
        call = _call(inner) if kind == UPDATE else None
        from_owner = call.from_owner if call is not None else _direction(parts)
        content = self._content.content(rowid, kind, inner)
        revisions = list(parts.all(6))
        first = revisions[0] if revisions else parts
        is_deleted = kind in (DELETED, DELETED_BY_ADMIN)
        receipts, status = self._receipts(rowid, parts)
        sent = self._instant(rowid, "dateSent", first.integer(3))
        message = Message(
            id=self._installation.place.message(ITEM.name, rowid),
            app=APP,
            platform=self._directory.people.platform,
            account=self._directory.people.account_id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=self._sender(author, chat, call, from_owner),
            from_owner=from_owner,
            kind="call" if call is not None else "system" if kind == UPDATE else content.kind,
            source=self._installation.source(ITEM.name, rowid, _app_id(parts), offset),
            status=status,
            sent_at=sent,
            received_at=self._received(rowid, first),
            delivered_at=receipts[0].delivered_at if len(receipts) == 1 else None,
            read_at=receipts[0].read_at if len(receipts) == 1 else None,
            edited_at=self._instant(rowid, "dateSent", parts.integer(3)) if revisions else None,
            text=content.text,
            state="deleted_for_everyone" if is_deleted else "live",
            deleted_by=self._deleted_by(kind, inner, author),
            reply_to=None if content.quote is None else self._reply(rowid, parts, content.quote),
            reactions=tuple(self._reaction(rowid, each) for each in content.reactions),
            edits=tuple(self._edit(rowid, each) for each in revisions),
            receipts=receipts if chat.kind == "group" else (),
            mentions=content.mentions,
            attachments=content.attachments,
            contacts=content.contacts,
            poll=content.poll,
            system=self._system(kind, inner, parts, content, call),
            expires_after=_seconds(parts.integer(5)),
            view_once=kind == VIEW_ONCE,
        )
        if call is not None:
            self._calls.append(self._call_record(message, chat, call))
        return message

    def drain_calls(self) -> Iterator[Call]:
        """The calls that messages since the last time stand for."""
        calls, self._calls = self._calls, []
        yield from calls

    def close(self) -> None:
        """What of the messages has no meaning here."""
        self._unknown.note(self._notes)
        self._clocks.note(self._notes)

    def _look(self, rowid: int, parts: Parts, kind: int | None, inner: Parts) -> None:
        self._unknown.look(rowid, "ChatItem", parts, KNOWN["ChatItem"])
        if PINNED in parts:
            self._notes.count("message that is pinned in its conversation")
        if kind is None:
            self._notes.count("message of a kind that has no meaning known to this parser, or of none")
        else:
            self._unknown.look(rowid, NAMES[kind], inner, KNOWN[kind])

    def _instant(self, rowid: int, field: str, value: int | None) -> int | None:
        return self._notes.instant(value, ITEM.name, rowid, field)

    def _note(self, rowid: int, text: str, raw: object) -> None:
        self._notes.add("doubt", f"row {rowid} of {ITEM.name}: {text}", ITEM.name, rowid, raw)

    def _chat(self, rowid: int, parts: Parts) -> Chat:
        number = parts.integer(1)
        if not self._directory.knows_chat(number):
            self._note(rowid, f"its conversation, {number}, is gone", number)
        return self._directory.chat(number)

    def _author(self, rowid: int, parts: Parts) -> Person | None:
        """Who wrote it; conversations that nobody writes in (Signal's own) have no person as author."""
        number = parts.integer(2)
        person = self._directory.person(number)
        if person is None and self._directory.chat_of(number) is None:
            self._note(rowid, f"its author, recipient {number}, is gone", number)
        return person

    def _sender(
        self, author: Person | None, chat: Chat, call: CallParts | None, from_owner: bool | None
    ) -> str | None:
        if from_owner:
            return self._directory.people.owner.id
        if call is not None:
            caller = self._directory.person(call.caller)
            author = caller or (chat.partner if from_owner is False else None)
        return None if author is None else author.id

    def _received(self, rowid: int, parts: Parts) -> int | None:
        for direction, field in ((_INCOMING, 1), (_OUTGOING, 2)):
            if direction in parts:
                return self._instant(rowid, "dateReceived", parts.part(direction).integer(field))
        return None

    def _receipts(self, rowid: int, parts: Parts) -> tuple[tuple[Receipt, ...], str | None]:
        """What became of a sent message with each of those it went to, and the furthest it came."""
        if _OUTGOING not in parts:
            return (), None
        kept, reached = [], []
        for each in parts.part(_OUTGOING).all(1):
            kind = each.number_among(_STATUSES)
            if kind == _SKIPPED:
                continue
            status = _STATUS.get(kind or 3, "pending")
            reached.append(status)
            person = self._directory.person(each.integer(1))
            at = self._instant(rowid, "timestamp", each.integer(2))
            if status in ("delivered", "read", "played"):
                kept.append(
                    Receipt(
                        participant=None if person is None else person.id,
                        delivered_at=at if status == "delivered" else None,
                        read_at=at if status == "read" else None,
                        played_at=at if status == "played" else None,
                    )
                )
        nobody = "failed" if 1 in parts.part(_OUTGOING) else "sent"
        return tuple(kept), max(reached, key=_ORDER.index, default=nobody)

    def _deleted_by(self, kind: int | None, inner: Parts, author: Person | None) -> str | None:
        if kind == DELETED_BY_ADMIN:
            admin = self._directory.person(inner.integer(1))
            return None if admin is None else admin.id
        return author.id if kind == DELETED and author is not None else None

    def _reply(self, rowid: int, parts: Parts, quote: Parts) -> Reply:
        """The quoted message by time and author; the quotation keeps a text that the target may have lost."""
        sent, author = quote.integer(1), quote.integer(2)
        target = None if sent is None else self._survey.target(sent, author, parts.integer(1))
        person = self._directory.person(author)
        return Reply(
            id=None if target is None else self._installation.place.message(ITEM.name, target),
            app_id=None if sent is None else str(sent),
            text=quote.part(3).text(1),
            sent_at=self._instant(rowid, "targetSentTimestamp", sent),
            sender=None if person is None else person.id,
        )

    def _reaction(self, rowid: int, parts: Parts) -> Reaction:
        person = self._directory.person(parts.integer(2))
        return Reaction(
            sender=None if person is None else person.id,
            emoji=parts.text(1),
            at=self._instant(rowid, "sentTimestamp", parts.integer(3)),
        )

    def _edit(self, rowid: int, revision: Parts) -> Edit:
        kind = revision.number_among(CONTENT)
        inner = revision.part(kind) if kind is not None else Parts(b"")
        text = self._content.content(rowid, kind, inner).text
        return Edit(text=text, at=self._instant(rowid, "dateSent", revision.integer(3)))

    def _system(
        self, kind: int | None, inner: Parts, parts: Parts, content: Content, call: CallParts | None
    ) -> System | None:
        if call is not None:
            if not call.is_known:
                self._notes.count(f"state of a call: {call.result}")
            number = inner.number_among(UPDATES)
            return System(type=call.words, code=number, detail=call.result)
        if kind == UPDATE:
            found = event(inner, self._directory)
            if found.type is None:
                self._notes.count(f"event {found.detail} has no meaning known to this parser")
            return found
        return content.system or (_SMS if parts.integer(7) else None)

    def _call_record(self, message: Message, chat: Chat, call: CallParts) -> Call:
        rowid = message.source.rowid or 0
        at = self._instant(rowid, "startedCallTimestamp", call.at)
        ended = self._instant(rowid, "endedCallTimestamp", call.ended)
        return Call(
            id=self._installation.place.call(ITEM.name, rowid),
            app=APP,
            account=message.account,
            conversation=message.conversation,
            sender=message.sender,
            from_owner=message.from_owner,
            at=at,
            seconds=seconds_between(at, ended),
            video=call.video,
            result=call.result,
            participants=others(chat.partner, self._directory.person(call.caller)),
            source=message.source,
        )


def _direction(parts: Parts) -> bool | None:
    return False if _INCOMING in parts else True if _OUTGOING in parts else None


def _seconds(millis: int | None) -> int | None:
    """A timer in seconds; none where it is switched off or is no time."""
    seconds = (millis or 0) // 1000
    return seconds if 0 < seconds <= LARGEST_INTEGER else None


def _app_id(parts: Parts) -> str | None:
    sent = parts.integer(3)
    return str(sent) if sent else None


def _call(update: Parts) -> CallParts | None:
    kind = update.number_among(UPDATES)
    if kind == CALL:
        return individual_call(update.part(kind))
    return group_call(update.part(kind)) if kind == GROUP_CALL else None
