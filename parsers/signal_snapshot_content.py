"""What a message of a new backup of Signal holds, by its kind.

Source: Signal reference 2.5. What is not there stays empty; nothing is made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forensics.model import Attachment, Contact, Poll, PollOption, System
from parsers.notes import Notes
from parsers.signal_codes import SPECIALS
from parsers.signal_parts import Parts
from parsers.signal_people import joined
from parsers.signal_snapshot_files import SnapshotFiles
from parsers.signal_snapshot_people import SnapshotDirectory
from parsers.signal_snapshot_tables import (
    CONTACT,
    GIFT,
    ITEM,
    PAYMENT,
    POLL,
    STANDARD,
    STICKER,
    STORY_REPLY,
    VIEW_ONCE,
)

_GIFT_STATES = {0: "unopened", 1: "opened", 2: "redeemed", 3: "failed"}
_REACTIONS = {STANDARD: 6, CONTACT: 2, STICKER: 2, VIEW_ONCE: 2, STORY_REPLY: 3, POLL: 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content of one version of a message."""

    kind: str = "unknown"
    text: str | None = None
    quote: Parts | None = None
    mentions: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    contacts: tuple[Contact, ...] = ()
    poll: Poll | None = None
    system: System | None = None
    reactions: tuple[Parts, ...] = ()


class ContentReader:
    """Reads the content of messages; every method raises ProtobufError."""

    def __init__(self, directory: SnapshotDirectory, files: SnapshotFiles, notes: Notes) -> None:
        self._directory, self._files, self._notes = directory, files, notes

    def content(self, rowid: int, kind: int | None, parts: Parts) -> Content:
        """The content of a message of that kind; an empty one for kinds that hold none."""
        reactions = tuple(parts.all(_REACTIONS[kind])) if kind in _REACTIONS else ()
        if kind == STANDARD:
            return self._standard(rowid, parts, reactions)
        if kind == CONTACT:
            contact = _contact(parts.part(1))
            return Content(kind="contact", text=contact.name, contacts=(contact,), reactions=reactions)
        if kind == STICKER:
            file = self._files.file(rowid, parts.part(1).part(5), is_sticker=True)
            return Content(kind="sticker", attachments=(file.attachment,), reactions=reactions)
        if kind == VIEW_ONCE:
            files = [self._files.attachment(rowid, each).attachment for each in parts.all(1)]
            shown = files[0].kind if files else "unknown"
            return Content(kind=shown, attachments=tuple(files), reactions=reactions)
        if kind == POLL:
            return self._poll(rowid, parts, reactions)
        if kind == STORY_REPLY:
            return self._story_reply(rowid, parts, reactions)
        return (
            Content(kind="payment", text=parts.text(3), system=_payment(parts))
            if kind == PAYMENT
            else (_gift(parts) if kind == GIFT else Content())
        )

    def _standard(self, rowid: int, parts: Parts, reactions: tuple[Parts, ...]) -> Content:
        files = [self._files.attachment(rowid, each).attachment for each in parts.all(3)]
        links = [_link(each) for each in parts.all(4)]
        text = self._text(rowid, parts.part(2), parts.part(5) if 5 in parts else None)
        return Content(
            kind=files[0].kind if files else "text" if text is not None else "unknown",
            text=text,
            quote=parts.part(1) if 1 in parts else None,
            mentions=self._mentions(parts.part(2)),
            attachments=(*files, *links),
            reactions=reactions,
        )

    def _text(self, rowid: int, text: Parts, long_text: Parts | None) -> str | None:
        """The text, or the whole of it that a file holds."""
        if long_text is not None:
            whole = self._files.file(rowid, long_text, keep=True).text
            if whole is not None:
                return whole
            words = "its text is longer than what is stored in it, and the rest is not there"
            self._notes.add("doubt", f"row {rowid} of {ITEM.name}: {words}", ITEM.name, rowid)
        return text.text(1)

    def _mentions(self, text: Parts) -> tuple[str, ...]:
        ranges = sorted(text.all(2), key=lambda one: one.integer(1) or 0)
        people = [self._directory.by_aci(each.content(3)) for each in ranges]
        return tuple(dict.fromkeys(person.id for person in people if person is not None))

    def _poll(self, rowid: int, parts: Parts, reactions: tuple[Parts, ...]) -> Content:
        options = tuple(
            PollOption(text=option.text(1), votes=tuple(self._voters(rowid, option)))
            for option in parts.all(3)
        )
        question = parts.text(1)
        ended = System(type=SPECIALS[0xC], code=None, detail=None) if parts.integer(4) else None
        poll = Poll(question=question, options=options)
        return Content(kind="poll", text=question, poll=poll, system=ended, reactions=reactions)

    def _voters(self, rowid: int, option: Parts) -> Iterator[str]:
        for vote in option.all(2):
            voter = vote.integer(1)
            person = self._directory.person(voter)
            if person is not None:
                yield person.id
                continue
            text = f"row {rowid} of {ITEM.name}: a vote is of recipient {voter}, who is gone"
            self._notes.add("doubt", text, ITEM.name, rowid, voter)

    def _story_reply(self, rowid: int, parts: Parts, reactions: tuple[Parts, ...]) -> Content:
        """An answer to a story; which one is not stored."""
        if 2 in parts:
            system = System(type=SPECIALS[1], code=2, detail=None)
            return Content(kind="text", text=parts.text(2), system=system, reactions=reactions)
        reply = parts.part(1)
        return Content(
            kind="text",
            text=self._text(rowid, reply.part(1), reply.part(2) if 2 in reply else None),
            mentions=self._mentions(reply.part(1)),
            system=System(type="reply to a story", code=1, detail=None),
            reactions=reactions,
        )


def _contact(parts: Parts) -> Contact:
    name = parts.part(1)
    full = joined(*(name.text(each) for each in (3, 1, 5, 2, 4)))
    numbers = tuple(number for each in parts.all(3) if (number := each.text(1)) is not None)
    return Contact(name=full or name.text(6) or parts.text(7), phones=numbers)


def _link(parts: Parts) -> Attachment:
    return Attachment(kind="link", filename=parts.text(2), path=parts.text(1), caption=parts.text(4))


def _payment(parts: Parts) -> System:
    found = [(words, parts.text(number)) for words, number in (("amount", 1), ("fee", 2))]
    detail = ", ".join(f"{words} {value} MOB" for words, value in found if value is not None)
    return System(type=SPECIALS[3], code=None, detail=detail or None)


def _gift(parts: Parts) -> Content:
    state = parts.code(2)
    detail = _GIFT_STATES.get(state, f"unknown ({state})")
    return Content(system=System(type=SPECIALS[2], code=state, detail=detail))
