"""The messages of Signal Desktop, each from the columns of its row and the JSON beside them.

Source: Signal reference 5.3 (received_at is a counter, received_at_ms the time; editHistory is sorted by its
times to be safe).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.digest import LARGEST_INTEGER
from forensics.model import Call, Edit, Message, Poll, PollOption, Reaction, Receipt, Reply, System
from forensics.parser import Installation
from parsers import signal_cards, signal_json
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_clock import Clocks
from parsers.signal_desktop_calls import call_of_message, stored_direction
from parsers.signal_desktop_files import DesktopFiles, previews_and_cards
from parsers.signal_desktop_people import DesktopDirectory
from parsers.signal_desktop_survey import DesktopSurvey
from parsers.signal_desktop_tables import MESSAGES
from parsers.signal_json import JsonError, Object
from parsers.signal_people import APP, Chat
from parsers.signal_updates import timer_words

_TABLE = MESSAGES.name
_USER = frozenset({"incoming", "outgoing", "story"})
_CALL = "call-history"
# Events by their name in the app (5.3); a type that stands nowhere here is shown as it is stored.
_EVENTS = frozenset(
    {
        *("group-v2-change", "group-v1-migration", "keychange", "profile-change", "timer-notification"),
        *(
            "verified-change",
            "change-number-notification",
            "conversation-merge",
            "contact-removed-notification",
        ),
        *("message-history-unsynced", "message-request-response-event", "title-transition-notification"),
        *(
            "phone-number-discovery",
            "universal-timer-notification",
            "delivery-issue",
            "chat-session-refreshed",
        ),
        *("poll-terminate", "pinned-message-notification"),
    }
)
# How far a message came, the least first.
_RANK = ("Skipped", "Failed", "Pending", "Sent", "Delivered", "Read", "Viewed")
_STATUS = dict(zip(_RANK, (None, "failed", "pending", "sent", "delivered", "read", "played"), strict=True))


class DesktopRow(NamedTuple):
    """A row of ``messages`` by its columns."""

    rowid: int
    key: str | None
    conversation: str | None
    kind: str | None
    body: str | None
    sent: int | None
    timestamp: int | None
    received: int | None
    service: str | None
    source: str | None
    timer: int | None
    is_view_once: int | None
    is_erased: int | None
    story: str | None
    json: str | None
    server: int | None


class DesktopMessages:
    """Makes the messages of table ``messages``."""

    def __init__(
        self, installation: Installation, directory: DesktopDirectory, files: DesktopFiles, notes: Notes
    ) -> None:
        self._installation = installation
        self._directory = directory
        self._files = files
        self._notes = notes
        self._survey = DesktopSurvey(installation.database, notes)
        self._place = installation.place
        self.clocks = Clocks(_TABLE)
        # Directions of calls by their id: a call's row among the messages has none.
        self.call_directions: dict[str, bool | None] = {}
        self.calls: list[Call] = []

    def message(self, row: DesktopRow) -> Message:
        """The message of a row; a call that stands in no history is kept in ``calls``."""
        value = self._object(row)
        message = self._message(row, value)
        if message.kind == "call" and signal_json.text_of(value, "callId") not in self.call_directions:
            chat = self._directory.chat(row.conversation)
            self.calls.append(call_of_message(self._installation, self._notes, message, value, chat))
        return message

    def _message(self, row: DesktopRow, value: Object) -> Message:
        kind = row.kind or signal_json.text_of(value, "type")
        chat = self._chat(row, kind)
        server = row.server or signal_json.integer_of(value, "serverTimestamp")
        self.clocks.look(row.rowid, row.sent, server)
        sender, from_owner = self._who(row, kind, value)
        edits = list(self._edits(row, value))
        sent = row.sent if row.sent is not None else signal_json.integer_of(value, "sent_at", "timestamp")
        files = self._files.of_message(_TABLE, row.rowid, row.key, value)
        links, cards = previews_and_cards(value)
        contacts = signal_cards.cards([*cards])
        poll = self._poll(value)
        deleted = value.get("deletedForEveryone") is True
        receipts = self._receipts(row, value, chat)
        status = self._status(value, chat) if from_owner and kind == "outgoing" else None
        only = receipts[0] if len(receipts) == 1 and chat.kind == "direct" else None
        # the history of edits may keep what a deleted message said
        said = edits[-1].text if edits else None
        text = files.long_text or row.body or signal_json.text_of(value, "body") or said
        is_event = kind not in _USER
        kinds = [files.kind, "contact" if contacts else None, _sticker(value)]
        return Message(
            id=self._place.message(_TABLE, row.rowid),
            app=APP,
            platform="desktop",
            account=self._directory.people.account_id,
            conversation=chat.id,
            conversation_kind=chat.kind,
            sender=None if sender is None else sender.id,
            from_owner=from_owner,
            kind=self._kind(kind, kinds, poll, text, deleted=deleted),
            source=self._installation.source(_TABLE, row.rowid, None if sent is None else str(sent)),
            status=status,
            sent_at=self._instant(row, "sent_at", edits[0].at if len(edits) > 1 else sent),
            received_at=self._received(row, value),
            delivered_at=None if only is None else only.delivered_at,
            read_at=None if only is None else only.read_at,
            edited_at=edits[-1].at if len(edits) > 1 else None,
            deleted_at=self._deleted_at(row, value),
            text=None
            if kind in _EVENTS or kind == _CALL
            else text or (poll.question if poll else None) or _name(contacts),
            state="deleted_for_everyone" if deleted else "live",
            deleted_by=self._deleted_by(value, sender) if deleted else None,
            reply_to=self._reply(row, value),
            reactions=tuple(self._reactions(row, value)),
            edits=tuple(edits[:-1]),
            receipts=receipts,
            mentions=tuple(dict.fromkeys(self._mentions(value))),
            attachments=(*files.attachments, *signal_cards.previews([*links])),
            contacts=contacts,
            poll=poll,
            system=self._system(kind, value) if is_event else None,
            expires_after=None if is_event else _seconds(row.timer, value),
            view_once=bool(row.is_view_once) or value.get("isViewOnce") is True,
        )

    def _object(self, row: DesktopRow) -> Object:
        try:
            return signal_json.parsed(row.json)
        except JsonError as error:
            text = f"row {row.rowid} of {_TABLE}: its json cannot be read: {error}"
            self._notes.add("doubt", text, _TABLE, row.rowid, row.json)
            return {}

    def _instant(self, row: DesktopRow, column: str, value: int | None) -> int | None:
        return self._notes.instant(value, _TABLE, row.rowid, column)

    def _received(self, row: DesktopRow, value: Object) -> int | None:
        stored = row.received
        if stored is None:
            stored = signal_json.integer_of(value, "received_at_ms")
        return self._instant(row, "received_at_ms", stored)

    def _deleted_at(self, row: DesktopRow, value: Object) -> int | None:
        column = "deletedForEveryoneTimestamp"
        return self._instant(row, column, signal_json.integer_of(value, column))

    def _chat(self, row: DesktopRow, kind: str | None) -> Chat:
        if row.conversation is not None and not self._directory.knows_chat(row.conversation):
            text = f"row {row.rowid} of {_TABLE}: its conversation, {row.conversation}, is gone"
            self._notes.add("doubt", text, _TABLE, row.rowid, row.conversation)
        chat = self._directory.chat(row.conversation)
        return self._directory.people.stories() if kind == "story" and chat.kind != "group" else chat

    def _who(self, row: DesktopRow, kind: str | None, value: Object) -> tuple[Person | None, bool | None]:
        """The sender and the direction as stored; a call has that of its entry in the history."""
        directory = self._directory
        owner = directory.people.owner
        text_of = signal_json.text_of
        service = row.service or text_of(value, "sourceServiceId", "sourceUuid")
        person = directory.person(service or row.source or text_of(value, "source"))
        if kind == "outgoing":
            return owner, True
        if kind == "incoming":
            return person or directory.chat(row.conversation).partner, False
        if kind == "story":
            return person, None if person is None else person.is_owner
        if kind == _CALL:
            direction = self.call_directions.get(text_of(value, "callId") or "", stored_direction(value))
            if direction is None:
                return None, None
            return (owner if direction else directory.chat(row.conversation).partner), direction
        update = signal_json.object_of(value, "expirationTimerUpdate")
        change = signal_json.object_of(value, "groupV2Change")
        named = text_of(change, "from") or text_of(update, "sourceServiceId", "sourceUuid")
        return directory.person(named or text_of(value, "key_changed", "changedId")) or person, None

    @staticmethod
    def _kind(
        kind: str | None, kinds: list[str | None], poll: Poll | None, text: str | None, *, deleted: bool
    ) -> str:
        if kind == _CALL:
            return "call"
        if kind in _EVENTS:
            return "system"
        if kind not in _USER:
            return "unknown"
        if kind == "story":
            return "story"
        if poll is not None:
            return "poll"
        found = next((each for each in kinds if each is not None), None)
        if found is not None:
            return found
        return "unknown" if deleted or not text else "text"

    def _system(self, kind: str | None, value: Object) -> System:
        if kind not in _EVENTS and kind != _CALL:
            self._notes.count(f"message type {kind} has no meaning known to this parser")
        return System(type=kind, code=None, detail=self._detail(value))

    def _detail(self, value: Object) -> str | None:
        """An event in words: its own terms, with the people by their names."""
        update = signal_json.object_of(value, "expirationTimerUpdate")
        if update:
            return timer_words(signal_json.integer_of(update, "expireTimer") or 0)
        change = signal_json.object_of(value, "groupV2Change")
        parts = []
        author = signal_json.text_of(change, "from")
        if author is not None:
            parts.append(f"by {self._directory.speak(author)}")
        parts += [self._change(each) for each in signal_json.objects_of(change, "details")]
        profile = signal_json.object_of(value, "profileChange")
        if profile:
            old, new = (signal_json.text_of(profile, key) for key in ("oldName", "newName"))
            parts.append(f"profile name: {old!r} before, {new!r} now")
        return "; ".join(parts) or None

    def _change(self, detail: Object) -> str:
        words = [
            self._directory.speak(each) if self._directory.person(each) is not None else f"{key} {each}"
            for key, each in detail.items()
            if key != "type" and isinstance(each, str | int)
            for each in (str(each),)
        ]
        kind = signal_json.text_of(detail, "type") or "change"
        return f"{kind}: {', '.join(words)}" if words else kind

    def _edits(self, row: DesktopRow, value: Object) -> Iterator[Edit]:
        """All versions, the oldest first."""
        found = list(signal_json.objects_of(value, "editHistory"))
        for each in sorted(found, key=lambda one: signal_json.integer_of(one, "timestamp") or 0):
            at = self._instant(row, "editHistory", signal_json.integer_of(each, "timestamp"))
            yield Edit(text=signal_json.text_of(each, "body"), at=at)

    def _deleted_by(self, value: Object, sender: Person | None) -> str | None:
        named = self._directory.person(signal_json.text_of(value, "deletedForEveryoneByAdminAci"))
        person = named or sender
        return None if person is None else person.id

    def _reply(self, row: DesktopRow, value: Object) -> Reply | None:
        quote = signal_json.object_of(value, "quote")
        if quote:
            return self._quote(row, quote)
        story = self._survey.story(row.story) if row.story else None
        if not row.story:
            return None
        sent = story.sent if story is not None and isinstance(story.sent, int) else None
        person = self._directory.person(str(story.author)) if story is not None and story.author else None
        return Reply(
            id=None if story is None else self._place.message(_TABLE, story.rowid),
            app_id=None if sent is None else str(sent),
            text=None,
            sent_at=self._instant(row, "storyId", sent),
            sender=None if person is None else person.id,
        )

    def _quote(self, row: DesktopRow, quote: Object) -> Reply:
        sent = signal_json.integer_of(quote, "id")
        named = signal_json.text_of(quote, "authorAci", "authorUuid", "author")
        author = self._directory.person(named)
        is_owner = author is not None and author.is_owner
        key = None if author is None else author.handle
        target = None if sent is None else self._survey.quoted(sent, row.conversation, key, is_owner=is_owner)
        return Reply(
            id=None if target is None else self._place.message(_TABLE, target.rowid),
            app_id=None if sent is None else str(sent),
            text=signal_json.text_of(quote, "text"),
            sent_at=self._instant(row, "quote.id", sent),
            sender=None if author is None else author.id,
        )

    def _reactions(self, row: DesktopRow, value: Object) -> Iterator[Reaction]:
        for each in signal_json.objects_of(value, "reactions"):
            person = self._directory.person(signal_json.text_of(each, "fromId"))
            yield Reaction(
                sender=None if person is None else person.id,
                emoji=signal_json.text_of(each, "emoji"),
                at=self._instant(row, "reactions", signal_json.integer_of(each, "timestamp")),
            )

    def _mentions(self, value: Object) -> Iterator[str]:
        ranges = signal_json.objects_of(value, "bodyRanges")
        for each in sorted(ranges, key=lambda one: signal_json.integer_of(one, "start") or 0):
            person = self._directory.person(signal_json.text_of(each, "mentionAci", "mentionUuid"))
            if person is not None:
                yield person.id

    def _states(self, value: Object, chat: Chat) -> Iterator[tuple[Person, str, int | None]]:
        """Who received it and how far it came; the owner's own only in the note to self."""
        states = signal_json.object_of(value, "sendStateByConversationId")
        for key, state in states.items():
            person = self._directory.person(key)
            if (
                isinstance(state, dict)
                and person is not None
                and (not person.is_owner or chat.kind == "self")
            ):
                word = signal_json.text_of(state, "status")
                if word is not None:
                    yield person, word, signal_json.integer_of(state, "updatedAt")

    def _status(self, value: Object, chat: Chat) -> str | None:
        words = [word for _person, word, _at in self._states(value, chat)]
        for word in words:
            if word not in _RANK:
                self._notes.count(f"send state {word} has no meaning known to this parser")
        known = [word for word in words if word in _RANK]
        if known:
            return _STATUS[max(known, key=_RANK.index)]
        return "failed" if signal_json.list_of(value, "errors") else None

    def _receipts(self, row: DesktopRow, value: Object, chat: Chat) -> tuple[Receipt, ...]:
        if chat.kind == "self":
            return ()
        found = []
        for person, word, updated in self._states(value, chat):
            if word in ("Delivered", "Read", "Viewed"):
                at = self._instant(row, "sendStateByConversationId", updated)
                found.append(
                    Receipt(
                        participant=person.id,
                        delivered_at=at if word == "Delivered" else None,
                        read_at=at if word == "Read" else None,
                        played_at=at if word == "Viewed" else None,
                    )
                )
        return tuple(found)

    def _poll(self, value: Object) -> Poll | None:
        """The poll; of several votes of one person the last counts."""
        poll = signal_json.object_of(value, "poll")
        if not poll:
            return None
        chosen: dict[str, tuple[int, list[object]]] = {}
        for vote in signal_json.objects_of(poll, "votes"):
            person = self._directory.person(signal_json.text_of(vote, "fromConversationId"))
            count = signal_json.integer_of(vote, "voteCount") or 0
            if person is not None and count >= chosen.get(person.id, (0, []))[0]:
                chosen[person.id] = (count, signal_json.list_of(vote, "optionIndexes"))
        options = []
        for place, option in enumerate(signal_json.list_of(poll, "options")):
            votes = tuple(key for key, (_count, places) in chosen.items() if place in places)
            options.append(PollOption(text=option if isinstance(option, str) else None, votes=votes))
        return Poll(question=signal_json.text_of(poll, "question"), options=tuple(options))


def _sticker(value: Object) -> str | None:
    return "sticker" if signal_json.object_of(value, "sticker") else None


def _name(contacts: tuple[object, ...]) -> str | None:
    name = getattr(contacts[0], "name", None) if contacts else None
    return name if isinstance(name, str) else None


def _seconds(timer: int | None, value: Object) -> int | None:
    seconds = timer if timer is not None else signal_json.integer_of(value, "expireTimer")
    return seconds if seconds is not None and 0 < seconds <= LARGEST_INTEGER else None
