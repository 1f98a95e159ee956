"""The messages of Signal for iOS: rows of model_TSInteraction with what belongs to them.

Source: Signal reference 4.2 and 4.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.digest import LARGEST_INTEGER
from forensics.fields import Row
from forensics.model import Attachment, Contact, Edit, Message, Reaction, Receipt, Reply, System
from forensics.parser import Installation
from parsers import signal_archive, signal_cards, signal_json
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_archive import ArchiveError
from parsers.signal_codes import spoken
from parsers.signal_ios_beside import Sides, last_versions, send_states
from parsers.signal_ios_codes import (
    CALL,
    CALL_TYPES,
    EVENTS,
    GROUP_CALL,
    INCOMING,
    INCOMING_PAYMENT,
    INFO,
    INFO_TYPES,
    OUTGOING,
    OUTGOING_CALLS,
    OUTGOING_PAYMENT,
    PAST_REVISION,
    STATES,
    TIMER,
)
from parsers.signal_ios_events import details
from parsers.signal_ios_files import FilesOfMessage, IosFiles
from parsers.signal_ios_mentions import NOT_PLACED, in_order
from parsers.signal_ios_people import IosDirectory
from parsers.signal_ios_tables import EDIT_RECORD, INTERACTION, MENTION, REACTION
from parsers.signal_json import Object
from parsers.signal_people import APP, Chat
from parsers.signal_sides import all_rows
from parsers.signal_updates import timer_words

_TABLE = INTERACTION.name
_WRITTEN = frozenset({INCOMING, OUTGOING})
_PAYMENTS = frozenset({INCOMING_PAYMENT, OUTGOING_PAYMENT})


class IosRow(NamedTuple):
    """A row of ``model_TSInteraction`` by its columns."""

    rowid: int
    kind: int | None
    key: str | None
    thread: str | None
    sent: int | None
    received: int | None
    aci: str | None
    phone: str | None
    body: str | None
    call_type: int | None
    info_type: int | None
    error_type: int | None
    expires_in: int | None
    is_view_once: int | None
    state: int | None
    is_deleted: int | None
    edit_state: int | None
    quoted: bytes | None
    preview: bytes | None
    card: bytes | None
    sticker: bytes | None
    story_sent: int | None
    story_author: str | None
    send_states: bytes | None
    info: bytes | None
    server: int | None
    ranges: bytes | None
    story_emoji: str | None


class IosMessages:
    """Makes the messages of one installation."""

    def __init__(
        self, installation: Installation, directory: IosDirectory, files: IosFiles, notes: Notes
    ) -> None:
        self._installation = installation
        self._directory = directory
        self._files = files
        self._notes = notes
        self._place = installation.place
        self._reactions = Sides(installation, REACTION, notes)
        self._mentions = Sides(installation, MENTION, notes)
        self.past: dict[int, IosRow] = {}
        self._newest: dict[int, int] = {}
        self._versions: dict[int, list[int]] = {}
        self._by_time: dict[int, list[tuple[int, str | None]]] = {}

    def survey(self, rows: Iterator[Row]) -> None:
        """One pass before reading: older versions of edited messages, and what is quoted."""
        columns = ("quotedMessage", "storyTimestamp")
        wanted: set[int] = set()
        for rowid, blob, story in self._installation.database.rows(_TABLE, columns):
            if isinstance(story, int) and story > 0:
                wanted.add(story)
            if isinstance(blob, bytes) and blob:
                wanted.update(each for each in [self._quoted_at(rowid, blob)] if each is not None)
        for values in rows:
            row = IosRow(*values)
            if row.edit_state == PAST_REVISION:
                self.past[row.rowid] = row
            if row.sent in wanted and row.sent is not None:
                self._by_time.setdefault(row.sent, []).append((row.rowid, row.thread))
        records = all_rows(self._installation.database, EDIT_RECORD, self._notes)
        later = {past: newest for _rowid, newest, past in records if newest is not None and past is not None}
        self._newest = last_versions(later, self.past)
        for past, newest in self._newest.items():
            self._versions.setdefault(newest, []).append(past)

    def is_past(self, row: IosRow) -> bool:
        """Whether the row is an older version of a message."""
        return row.rowid in self.past

    def message(self, row: IosRow) -> Message:
        """The message of a row."""
        chat = self._chat(row)
        from_owner = self._direction(row)
        sender = self._sender(row, chat, from_owner)
        versions = self._older(row)
        files = self._files.of_message(row.rowid, row.key)
        contacts = self._contacts(row)
        written = row.kind in _WRITTEN
        deleted = bool(row.is_deleted)
        receipts, reached = self._receipts(row) if row.kind == OUTGOING else ((), None)
        only = receipts[0] if len(receipts) == 1 and chat.kind == "direct" else None
        mentions, is_placed = self._mentioned(row)
        return Message(
            id=self._place.message(_TABLE, row.rowid),
            app=APP,
            platform="ios",
            account=self._directory.people.account_id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=None if sender is None else sender.id,
            from_owner=from_owner,
            kind=self._kind(row, files, contacts, deleted=deleted),
            source=self._installation.source(_TABLE, row.rowid, str(row.sent) if row.sent else None),
            status=reached or (self._status(row) if from_owner and written else None),
            sent_at=versions[0].at if versions else self._instant(row, "timestamp", row.sent),
            received_at=self._instant(row, "receivedAtTimestamp", row.received),
            delivered_at=None if only is None else only.delivered_at,
            read_at=None if only is None else only.read_at,
            edited_at=self._instant(row, "timestamp", row.sent) if versions else None,
            text=_text(row, files, contacts),
            state="deleted_for_everyone" if deleted else "live",
            deleted_by=sender.id if deleted and sender is not None else None,
            reply_to=self._reply(row),
            reactions=tuple(self._reaction(row, each) for each in self._reactions.take(row.key)),
            edits=tuple(versions),
            receipts=receipts,
            mentions=mentions,
            attachments=(*files.attachments, *self._preview(row)),
            contacts=contacts,
            system=(None if is_placed else NOT_PLACED) if written else self._system(row),
            expires_after=_seconds(row.expires_in) if written else None,
            view_once=bool(row.is_view_once),
        )

    def close(self) -> None:
        """Say what belongs to no message, and keep the texts of versions whose newest is gone."""
        self._reactions.close(self._notes)
        self._mentions.close(self._notes)
        row_of = self._installation.database.row
        shown = {each for each in self._versions if each not in self.past and row_of(_TABLE, each)}
        used = {past for newest in shown for past in self._versions[newest]}
        for row in self.past.values():
            if row.rowid not in used:
                text = (
                    f"row {row.rowid} of {_TABLE} is an older version of a message whose newest version is "
                    f"gone; its text was: {row.body!r}"
                )
                self._notes.add("doubt", text, _TABLE, row.rowid, row.body)

    def _instant(self, row: IosRow, column: str, value: int | None) -> int | None:
        return self._notes.instant(value, _TABLE, row.rowid, column)

    def _note(self, row: IosRow, column: str, error: ArchiveError, raw: bytes | None) -> None:
        text = f"row {row.rowid} of {_TABLE}: {column} cannot be read: {error}"
        self._notes.add("doubt", text, _TABLE, row.rowid, raw)

    def _object(self, row: IosRow, column: str, data: bytes | None) -> Object:
        try:
            return signal_archive.object_in(data)
        except ArchiveError as error:
            self._note(row, column, error, data)
            return {}

    def _chat(self, row: IosRow) -> Chat:
        if not self._directory.knows_chat(row.thread):
            text = f"row {row.rowid} of {_TABLE}: its conversation, {row.thread}, is gone"
            self._notes.add("doubt", text, _TABLE, row.rowid, row.thread)
        return self._directory.chat(row.thread)

    @staticmethod
    def _direction(row: IosRow) -> bool | None:
        if row.kind == CALL and row.call_type in CALL_TYPES:
            return row.call_type in OUTGOING_CALLS
        directions = {INCOMING: False, OUTGOING: True, INCOMING_PAYMENT: False, OUTGOING_PAYMENT: True}
        return directions.get(row.kind or 0)

    def _sender(self, row: IosRow, chat: Chat, from_owner: bool | None) -> Person | None:
        if from_owner:
            return self._directory.people.owner
        person = self._directory.person(row.aci, row.phone)
        return person or (chat.partner if from_owner is False else None)

    def _receipts(self, row: IosRow) -> tuple[tuple[Receipt, ...], str | None]:
        states = self._object(row, "recipientAddressStates", row.send_states)
        return send_states(states, self._directory, self._notes, _TABLE, row.rowid)

    def _status(self, row: IosRow) -> str | None:
        if row.state not in STATES:
            if row.state is not None:
                self._notes.unknown("state of a sent message", row.state)
            return None
        return STATES[row.state]

    def _kind(
        self, row: IosRow, files: FilesOfMessage, contacts: tuple[Contact, ...], *, deleted: bool
    ) -> str:
        if row.kind in (CALL, GROUP_CALL):
            return "call"
        if row.kind in _PAYMENTS:
            return "payment"
        if row.kind == INFO or row.kind in EVENTS:
            return "system"
        if row.kind not in _WRITTEN:
            return "unknown"
        if files.kind is not None:
            return files.kind
        if row.sticker:
            return "sticker"
        if contacts:
            return "contact"
        return "unknown" if deleted or not (row.body or row.story_emoji) else "text"

    def _system(self, row: IosRow) -> System | None:
        kind = row.kind
        if kind == CALL:
            return System(
                type=CALL_TYPES.get(row.call_type or 0),
                code=row.call_type,
                detail=_unless(CALL_TYPES, row.call_type),
            )
        if kind == GROUP_CALL:
            return System(type="group call", code=None, detail=None)
        if kind in _PAYMENTS:
            return System(type="payment", code=None, detail=row.body)
        if kind == INFO:
            if row.info_type not in INFO_TYPES:
                self._notes.unknown("info message type", row.info_type)
            words = INFO_TYPES.get(row.info_type) if row.info_type is not None else None
            said = _unless(INFO_TYPES, row.info_type) or self._details(row) or row.body
            return System(type=words, code=row.info_type, detail=said)
        if kind not in EVENTS:
            self._notes.unknown("record type", kind)
            return System(type=None, code=kind, detail=spoken({}, kind))
        if kind == TIMER and row.expires_in is not None:
            return System(type=EVENTS[TIMER], code=None, detail=timer_words(row.expires_in))
        return System(type=EVENTS[kind or 0], code=row.error_type, detail=row.body)

    def _details(self, row: IosRow) -> str | None:
        info = self._object(row, "infoMessageUserInfo", row.info)
        try:
            return details(info, self._directory.speak)
        except ArchiveError as error:
            self._note(row, "infoMessageUserInfo", error, row.info)
            return None

    def _older(self, row: IosRow) -> list[Edit]:
        """The older versions, the oldest first."""
        rows = [self.past[each] for each in self._versions.get(row.rowid, ()) if each in self.past]
        return [
            Edit(text=each.body, at=self._instant(each, "timestamp", each.sent))
            for each in sorted(rows, key=lambda one: (one.sent or 0, one.rowid))
        ]

    def _quoted_at(self, rowid: int, blob: bytes) -> int | None:
        try:
            return signal_json.integer_of(signal_archive.object_in(blob), "timestamp", "quotedTimestamp")
        except ArchiveError:
            return None  # said when the message is read

    def _reply(self, row: IosRow) -> Reply | None:
        quote = self._object(row, "quotedMessage", row.quoted)
        if quote:
            sent = signal_json.integer_of(quote, "timestamp", "quotedTimestamp")
            named = next(
                (found for key in _AUTHORS if (found := signal_archive.service_id(quote.get(key)))), None
            )
            return self._reference(row, sent, named, signal_json.text_of(quote, "body"))
        if row.story_sent:
            return self._reference(row, row.story_sent, row.story_author, None)
        return None

    def _reference(self, row: IosRow, sent: int | None, named: str | None, text: str | None) -> Reply:
        is_number = named is not None and named.startswith("+")
        author = self._directory.person(None if is_number else named, named if is_number else None)
        found = self._by_time.get(sent, []) if sent is not None else []
        here = [rowid for rowid, thread in found if thread == row.thread] or [
            rowid for rowid, _thread in found
        ]
        targets = {self._newest.get(rowid, rowid) for rowid in here}
        return Reply(
            id=self._place.message(_TABLE, targets.pop()) if len(targets) == 1 else None,
            app_id=None if sent is None else str(sent),
            text=text,
            sent_at=self._instant(row, "quotedMessage", sent),
            sender=None if author is None else author.id,
        )

    def _reaction(self, row: IosRow, side: Row) -> Reaction:
        _rowid, _key, emoji, aci, phone, sent = side
        person = self._directory.person(aci, phone)
        return Reaction(
            sender=None if person is None else person.id,
            emoji=emoji or None,
            at=self._instant(row, "reaction", sent),
        )

    def _mentioned(self, row: IosRow) -> tuple[tuple[str, ...], bool]:
        """Who is mentioned, each once; and whether they are in the order of their places in the text."""
        found = [self._directory.person(aci) for aci in in_order(self._object(row, "bodyRanges", row.ranges))]
        placed = dict.fromkeys(each.id for each in found if each is not None)
        listed = [self._directory.person(side[2]) for side in self._mentions.take(row.key)]
        everyone = placed | dict.fromkeys(each.id for each in listed if each is not None)
        is_placed = len(everyone) < 2 or len(placed) == len(everyone)
        if not is_placed:
            self._notes.count("message with mentions of which is not known who stands where in its text")
        return tuple(everyone), is_placed

    def _contacts(self, row: IosRow) -> tuple[Contact, ...]:
        value = self._object(row, "contactShare", row.card)
        return signal_cards.cards([value]) if value else ()

    def _preview(self, row: IosRow) -> Iterator[Attachment]:
        value = self._object(row, "linkPreview", row.preview)
        url, title = signal_json.text_of(value, "urlString", "url"), signal_json.text_of(value, "title")
        if url or title:
            caption = signal_json.text_of(value, "previewDescription", "description")
            yield Attachment(kind="link", filename=title, path=url, caption=caption)


_AUTHORS = ("authorAddress", "authorAci", "authorUuid", "authorServiceId", "authorId")


def _unless(known: dict[int, str], code: int | None) -> str | None:
    """The code in words where it has no meaning known here."""
    return None if code in known else spoken(known, code)


def _text(row: IosRow, files: FilesOfMessage, contacts: tuple[Contact, ...]) -> str | None:
    """What was written; of a record whose type is not known what stands in its row, too. An answer to a story
    can be an emoji alone."""
    if row.kind in _WRITTEN:
        name = contacts[0].name if contacts else None
        return files.long_text or row.body or row.story_emoji or name or None
    is_known = row.kind in EVENTS or row.kind in _PAYMENTS or row.kind in (INFO, CALL, GROUP_CALL)
    return None if is_known else row.body or None


def _seconds(value: int | None) -> int | None:
    return value if value is not None and 0 < value <= LARGEST_INTEGER else None
