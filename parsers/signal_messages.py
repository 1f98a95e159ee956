"""The messages of Signal for Android: one ordered pass over a message table, its side tables beside it.

Source: Signal reference 3.4, 3.5, 3.6 and 3.9. The generations have the same meanings under other names
(signal_tables): in sms and mms a sent row names its addressee, not its author.
"""

from __future__ import annotations

from dataclasses import dataclass

from forensics.digest import LARGEST_INTEGER
from forensics.formats.protobuf import ProtobufError
from forensics.model import Attachment, Contact, Edit, Message, Poll, Reaction, Receipt, Reply
from parsers import signal_cards, signal_updates
from parsers.person import Person
from parsers.side_rows import Found
from parsers.signal_cards import CardError
from parsers.signal_codes import (
    BASE,
    CALLS,
    DELIVERED,
    DRAFT_BOX,
    FAILED,
    GIFT_BADGE,
    INBOX,
    LONG_TEXT,
    OUTGOING,
    PAYMENT,
    PAYMENT_TOMBSTONE,
    PENDING,
    READ,
    RECEIPTS,
    VIEWED,
    event_words,
    is_user_message,
    special,
)
from parsers.signal_context import Context
from parsers.signal_events import Events
from parsers.signal_files import attachment, kind_of
from parsers.signal_people import APP, Chat
from parsers.signal_polls import Polls
from parsers.signal_row import NO_TIME, MessageRow, Revision
from parsers.signal_sides import rows_of
from parsers.signal_tables import ATTACHMENT, GROUP_RECEIPTS, MENTION, PART, REACTION


@dataclass(frozen=True, slots=True)
class _Files:
    """The attachments of a message, the kind that its first one gives it, and its long text."""

    attachments: tuple[Attachment, ...] = ()
    kind: str | None = None
    long_text: str | None = None


class MessageReader:
    """Makes the messages of one table, in rising order of their row ids."""

    def __init__(self, context: Context, table: str, polls: Polls) -> None:
        self._context = context
        self._table = table
        self._polls = polls
        self._events = Events(context, table)
        self._people = context.directory.people
        self._place = context.installation.place

    def message(self, row: MessageRow, found: Found, revisions: list[Revision]) -> Message:
        """The message of a row with its side rows and its older versions."""
        kind = row.kind
        from_owner = _direction(kind)
        is_user = kind is not None and is_user_message(kind)
        is_event = kind is None or not (is_user or kind in CALLS)
        chat = self._chat(row)
        author = self._author(row, from_owner)
        files = self._files(row, found) if found else _Files()
        contacts, links = self._cards(row)
        deleted = bool(row.remote_deleted) or bool(row.deleted_by)
        system = self._events.system(row, is_event=is_event)
        scheduled = row.scheduled if row.scheduled not in NO_TIME else None
        first = revisions[0] if revisions else None
        unsent = scheduled is not None or (kind is not None and kind & BASE == DRAFT_BOX and not is_event)
        poll = self._polls.poll(row.rowid) if self._polls.has(row.rowid) else None
        return Message(
            id=self._place.message(self._table, row.rowid),
            app=APP,
            platform="android",
            account=self._people.account_id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=None if author is None else author.id,
            from_owner=from_owner,
            kind=self._kind(row, files, contacts, poll, is_event=is_event, deleted=deleted),
            source=self._context.source(
                self._table, row.rowid, None if row.sent in NO_TIME else str(row.sent)
            ),
            status="scheduled" if scheduled is not None else self._status(row, is_event=is_event),
            sent_at=None if unsent else self._instant(row, "date_sent", first.sent if first else row.sent),
            received_at=None
            if unsent
            else self._instant(row, "date_received", first.received if first else row.received),
            edited_at=self._instant(row, "date_sent", row.sent) if revisions else None,
            text=self._text(row, files, contacts, poll, is_event=is_event),
            state="deleted_for_everyone" if deleted else "live",
            deleted_by=self._deleted_by(row, author) if deleted else None,
            reply_to=self._reply(row),
            reactions=self._reactions(row, found),
            edits=tuple(
                Edit(text=each.text, at=self._instant(row, "date_sent", each.sent)) for each in revisions
            ),
            receipts=self._receipts(found) if found else (),
            mentions=self._mentions(found) if found else (),
            attachments=(*files.attachments, *links),
            contacts=contacts,
            poll=poll,
            system=system,
            expires_after=None if is_event else _seconds(row.expires_in),
            view_once=bool(row.view_once),
            starred=bool(row.starred),
        )

    def _instant(self, row: MessageRow, column: str, value: int | None) -> int | None:
        return self._context.notes.instant(value, self._table, row.rowid, column)

    def _note(self, row: MessageRow, text: str, raw: object = None) -> None:
        self._context.notes.add(
            "doubt", f"row {row.rowid} of {self._table}{text}", self._table, row.rowid, raw
        )

    def _chat(self, row: MessageRow) -> Chat:
        """The conversation; a story that was not posted in a group is in none of the chats (3.4)."""
        directory = self._context.directory
        chat = directory.chat(row.thread)
        if not directory.has_thread(row.thread):
            self._note(row, f": its thread, {row.thread}, is gone", row.thread)
        if row.story_type and chat.kind != "group":
            return self._people.stories()
        return chat

    def _author(self, row: MessageRow, from_owner: bool | None) -> Person | None:
        """A sent row is the owner's; else who is named. Old events name the other one of the conversation."""
        if from_owner:
            return self._people.owner
        directory = self._context.directory
        person = directory.person(row.author)
        if person is None and row.author is not None and not directory.knows(row.author):
            self._note(row, f": its author, recipient {row.author}, is gone", row.author)
        return person

    def _status(self, row: MessageRow, *, is_event: bool) -> str | None:
        if row.kind is None or is_event or row.kind in CALLS:
            return None
        base = row.kind & BASE
        if base == DRAFT_BOX:
            return "draft"
        if base == FAILED:
            return "failed"
        if base in PENDING:
            return "pending"
        if base not in OUTGOING:
            return None
        if row.viewed:
            return "played"
        return "read" if row.has_read else "delivered" if row.has_delivery else "sent"

    def _kind(
        self,
        row: MessageRow,
        files: _Files,
        contacts: tuple[Contact, ...],
        poll: Poll | None,
        *,
        is_event: bool,
        deleted: bool,
    ) -> str:
        if row.kind is None:
            return "unknown"
        if is_event:
            return "system"
        if row.kind in CALLS:
            return "call"
        if row.story_type:
            return "story"
        if special(row.kind) in (PAYMENT, PAYMENT_TOMBSTONE):
            return "payment"
        if poll is not None:
            return "poll"
        if files.kind is not None:
            return files.kind
        if contacts:
            return "contact"
        is_written = bool(row.body) and special(row.kind) != GIFT_BADGE
        return "unknown" if deleted or not is_written else "text"

    def _text(
        self,
        row: MessageRow,
        files: _Files,
        contacts: tuple[Contact, ...],
        poll: Poll | None,
        *,
        is_event: bool,
    ) -> str | None:
        """What a person wrote: of an event and a payment the body holds its details instead. Of an event that
        is not known nothing says so."""
        if row.kind is not None and is_event and event_words(row.kind) is None:
            return row.body or None
        if row.kind is not None and (
            is_event or special(row.kind) in (PAYMENT, PAYMENT_TOMBSTONE, GIFT_BADGE) or row.kind in CALLS
        ):
            return None
        if row.story_type and row.body and not files.attachments:
            try:
                return signal_updates.story_text(row.body) or row.body
            except ProtobufError:
                return row.body  # no packed text: then it is the text itself
        name = contacts[0].name if contacts else None
        return files.long_text or row.body or (poll.question if poll is not None else None) or name or None

    def _deleted_by(self, row: MessageRow, author: Person | None) -> str | None:
        person = self._context.directory.person(row.deleted_by) if row.deleted_by else None
        person = person or author
        return None if person is None else person.id

    def _reply(self, row: MessageRow) -> Reply | None:
        if row.quote_id is not None and row.quote_id > 0:
            return self._quote(row, row.quote_id)
        if row.parent_story:
            return self._story_reply(row, abs(row.parent_story))
        return None

    def _quote(self, row: MessageRow, sent: int) -> Reply:
        """The quoted message by time and author; the quotation keeps a text that the target may have lost."""
        author = self._context.directory.person(row.quote_author)
        # where the owner is not known, a quoted author who is nobody's addressee may be the owner
        is_owner = author is not None and (author.is_owner or self._people.owner.handle is None)
        target = self._context.survey.target(sent, row.thread, row.quote_author, is_owner=is_owner)
        return Reply(
            id=None if target is None else self._place.message(target.table, target.rowid),
            app_id=str(sent),
            text=row.quote_body,
            sent_at=self._instant(row, "quote_id", sent),
            sender=None if author is None else author.id,
        )

    def _story_reply(self, row: MessageRow, story: int) -> Reply:
        database = self._context.installation.database
        found = database.row(self._table, story)
        if found is None:
            return Reply(id=None, app_id=None, text=None, sent_at=None, sender=None)
        sent, kind, author = found.get("date_sent"), found.get("type"), found.get("from_recipient_id")
        is_own = isinstance(kind, int) and _direction(kind) is True
        person = self._people.owner if is_own else None
        if person is None and isinstance(author, int):
            person = self._context.directory.person(author)
        return Reply(
            id=self._place.message(self._table, story),
            app_id=None if not isinstance(sent, int) else str(sent),
            text=None,
            sent_at=self._instant(row, "parent_story_id", sent) if isinstance(sent, int) else None,
            sender=None if person is None else person.id,
        )

    def _reactions(self, row: MessageRow, found: Found) -> tuple[Reaction, ...]:
        rows = [(each[3], each[2], each[4]) for each in rows_of(found, REACTION)] if found else []
        if row.reactions:
            try:
                rows += signal_updates.reactions(row.reactions)
            except ProtobufError as error:
                self._note(row, f": its reactions cannot be read: {error}", row.reactions)
        return tuple(self._reaction(row, *each) for each in rows)

    def _reaction(self, row: MessageRow, emoji: str | None, author: int | None, at: int | None) -> Reaction:
        person = self._context.directory.person(author)
        sender = None if person is None else person.id
        return Reaction(sender=sender, emoji=emoji or None, at=self._instant(row, "reaction", at))

    def _receipts(self, found: Found) -> tuple[Receipt, ...]:
        """The receipts of the members of a group; a status that says nothing of a time is none."""
        kept: dict[str, dict[int, int | None]] = {}
        notes = self._context.notes
        for rowid, _message, recipient, status, timestamp in rows_of(found, GROUP_RECEIPTS):
            if status not in RECEIPTS:
                notes.unknown("status of a receipt", status)
            person = self._context.directory.person(recipient)
            if person is not None and status in (DELIVERED, READ, VIEWED):
                at = notes.instant(timestamp, GROUP_RECEIPTS.name, rowid, "timestamp")
                kept.setdefault(person.id, {})[status] = at
        return tuple(
            Receipt(
                participant=key,
                delivered_at=times.get(DELIVERED),
                read_at=times.get(READ),
                played_at=times.get(VIEWED),
            )
            for key, times in kept.items()
        )

    def _mentions(self, found: Found) -> tuple[str, ...]:
        rows = sorted(rows_of(found, MENTION), key=lambda row: row[3] if type(row[3]) is int else -1)
        people = [self._context.directory.person(each[2]) for each in rows]
        return tuple(dict.fromkeys(person.id for person in people if person is not None))

    def _files(self, row: MessageRow, found: Found) -> _Files:
        """The media; quoted thumbnails belong to the quotation, pictures of previews and cards to those."""
        table = ATTACHMENT.name if ATTACHMENT.name in found else PART.name
        kept, kind, text = [], None, None
        others = {
            each
            for value in (row.link_previews, row.shared_contacts)
            for each in signal_cards.attachment_ids(self._items(value))
        }
        for each in rows_of(found, ATTACHMENT, PART):
            if each[9] == 1:
                continue
            content = self._context.files.content(table, each)
            if each[2] == LONG_TEXT:
                text = text or (content.text if content is not None else None)
                if text is None:
                    self._note(
                        row, ": its text is longer than what is stored in it, and the rest is not there"
                    )
                continue
            kept.append(attachment(each, content))
            if kind is None and each[0] not in others:
                kind = kind_of(each)
        return _Files(tuple(kept), kind, text)

    def _cards(self, row: MessageRow) -> tuple[tuple[Contact, ...], tuple[Attachment, ...]]:
        if not row.shared_contacts and not row.link_previews:
            return (), ()
        for column, value in (("shared_contacts", row.shared_contacts), ("link_previews", row.link_previews)):
            try:
                signal_cards.items(value)
            except CardError as error:
                self._note(row, f": {column} cannot be read: {error}", value)
        contacts = signal_cards.cards(self._items(row.shared_contacts))
        return contacts, tuple(signal_cards.previews(self._items(row.link_previews)))

    @staticmethod
    def _items(value: str | None) -> list[dict[str, object]]:
        try:
            return signal_cards.items(value)
        except CardError:
            return []  # _cards has said so


def _direction(kind: int | None) -> bool | None:
    """The direction as stored; None for a kind of row that has none."""
    if kind is None:
        return None
    if kind in CALLS:
        return CALLS[kind][1]
    base = kind & BASE
    return True if base in OUTGOING else False if base == INBOX else None


def _seconds(millis: int | None) -> int | None:
    """After how many seconds a message disappears; the column holds milliseconds (3.4)."""
    if millis is None or not 0 < millis <= LARGEST_INTEGER:
        return None
    return millis // 1000
