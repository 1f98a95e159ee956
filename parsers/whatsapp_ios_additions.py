"""What the protobuf columns add to a message on iOS: quotes, forwards, timers, reactions, receipts, polls.

Source: WhatsApp reference 3.5. What is not verified there (times of receipts, votes of polls) is counted in a
notice and not given as a fact.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

from forensics.copies import DELETED, EDITED, GONE, QUOTE
from forensics.fields import Row
from forensics.model import Copied, Forward, Poll, PollOption, Reaction, Receipt, Reply
from parsers.message_drafts import MessageDraft
from parsers.whatsapp_codes import countable
from parsers.whatsapp_context import Context
from parsers.whatsapp_conversations import Chat
from parsers.whatsapp_ios_beside import MediaRow
from parsers.whatsapp_ios_blobs import (
    Metadata,
    ReceiptInfo,
    StoredReaction,
    read_metadata,
    read_receipts,
    unpacked_number,
)
from parsers.whatsapp_ios_codes import FORWARDED_BITS, POLL, REVOKED, TEXT
from parsers.whatsapp_ios_content import quoted_text
from parsers.whatsapp_ios_survey import Survey, Target
from parsers.whatsapp_ios_tables import INFO, MEDIA, MESSAGE

_TABLE = MESSAGE.name
# Types whose whole text stands in ZTEXT: of others a quote holds a caption, a name or a title.
_PLAIN = frozenset({TEXT})
_NO_TEXT = (-1, 0)
NO_METADATA, NO_RECEIPTS = Metadata(), ReceiptInfo()


class MessageRow(NamedTuple):
    """A row of ZWAMESSAGE by its columns."""

    rowid: int
    session: int | None
    from_me: int | None
    key: str | None
    member: int | None
    status: int | None
    flags: int | None
    message_type: int | None
    sent: float | None
    received: float | None
    text: str | None
    starred: int | None
    event: int | None
    media: int | None
    parent: int | None
    from_jid: str | None
    to_jid: str | None


class Additions:
    """Puts what the protobuf columns hold into the draft of a message."""

    def __init__(self, context: Context, survey: Survey) -> None:
        self._context = context
        self._survey = survey
        self._owner = context.people.owner.id
        self._message_id = context.installation.place.message
        # by packed number: of a recipient nothing else is known, so the record of one is always the same
        self._receipts: dict[bytes, Receipt] = {}
        # the texts of quoted messages that were read: length and CRC-32, enough to tell whether one changed
        self._texts: dict[int, tuple[int, int]] = {}

    def keep_text(self, rowid: int, text: str | None) -> None:
        """Remember what a quoted message says now."""
        self._texts[rowid] = _mark(text)

    def read_metadata(self, media: MediaRow | None) -> Metadata:
        """ZMETADATA of a media item; what is wrong with it becomes a notice."""
        if media is None or not media.metadata:
            return NO_METADATA
        found = read_metadata(media.metadata)
        if found.problem is not None:
            text = f"row {media.rowid} of {MEDIA.name}, column ZMETADATA: {found.problem}"
            self._context.notes.add("doubt", text, MEDIA.name, media.rowid, media.metadata)
        return found

    def read_receipts(self, info: Row | None) -> ReceiptInfo:
        """ZRECEIPTINFO of a row; what is wrong with it becomes a notice."""
        if info is None or not info[2]:
            return NO_RECEIPTS
        found = read_receipts(info[2])
        if found.problem is not None:
            text = f"row {info[0]} of {INFO.name}, column ZRECEIPTINFO: {found.problem}"
            self._context.notes.add("doubt", text, INFO.name, info[0], info[2])
        return found

    def metadata(
        self, draft: MessageDraft, row: MessageRow, chat: Chat, metadata: Metadata, media: MediaRow | None
    ) -> None:
        """Forwarded, disappearing, answering what."""
        is_flagged = row.flags is not None and row.flags & FORWARDED_BITS == FORWARDED_BITS
        if is_flagged or metadata.forwards:
            forwarder = self._context.people.person(metadata.forwarder)
            times = countable(metadata.forwards)
            draft.forwarded = Forward(times=times, sender=None if forwarder is None else forwarder.id)
        if metadata.timer:
            draft.expires_after = countable(metadata.timer)
        if metadata.quoted_id is not None:
            place = 0 if media is None else media.rowid
            draft.reply_to = self._reply(draft, place, chat, metadata, metadata.quoted_id)
        elif row.parent is not None:
            draft.reply_to = self._parent(row.parent)

    def _reply(self, draft: MessageDraft, place: int, chat: Chat, metadata: Metadata, key: str) -> Reply:
        """The quote. It names its author, unless that is the owner; of a cut-off one nobody can be sure."""
        author = self._context.people.person(metadata.quoted_author)
        sender = None if author is None else author.id
        if metadata.quoted_author is None and metadata.problem is None:
            sender = self._owner
        quoted = self._context.chats.known(metadata.quoted_chat) if metadata.quoted_chat else chat
        target = self._survey.find(key, "" if quoted is None else quoted.id)
        if target is None:
            self._context.notes.count("quotes of a message that is gone; the answer keeps what was quoted")
        reply = Reply(
            id=None if target is None else self._message_id(_TABLE, target.rowid),
            app_id=key,
            text=quoted_text(metadata),
            sent_at=None,
            sender=sender,
        )
        conversation = None if quoted is None else quoted.id
        self._note_copy(reply, target, draft.id, conversation or draft.conversation, place)
        return reply

    def _note_copy(
        self, reply: Reply, target: Target | None, holder: str, conversation: str, place: int
    ) -> None:
        """Say that a quote keeps a text that its message no longer has. Where an edit is marked on iOS is not
        known: words that differ from those that the message has now are told as an edit, not as its mark."""
        reason = self._lost(reply.text, target)
        if reason is None or reply.text is None:
            return
        copied = Copied(
            text=reply.text,
            origin=QUOTE,
            reason=reason,
            is_normalised=False,
            message=reply.id,
            holder=holder,
            conversation=conversation,
            sender=reply.sender,
            from_owner=None if reply.sender is None else reply.sender == self._owner,
            sent_at=None,
            app_id=reply.app_id,
        )
        original = f"the message {reply.app_id}" if target is None else f"row {target.rowid} of {_TABLE}"
        self._context.notes.copy(copied, original, MEDIA.name, place)

    def _lost(self, text: str | None, target: Target | None) -> str | None:
        """What became of a text that is quoted; None where its message has it still."""
        if not text or (target is not None and target.message_type not in (*_PLAIN, REVOKED)):
            return None
        if target is None:
            return GONE
        if target.rowid not in self._texts:  # read after the message that answers it
            place = (target.rowid, target.rowid)
            row = next(self._context.installation.database.rows(_TABLE, ("ZTEXT",), where_rowid=place), None)
            self._texts[target.rowid] = _mark(row[1] if row is not None and isinstance(row[1], str) else None)
        now = self._texts[target.rowid]
        if now == _mark(text):
            return None
        return DELETED if target.message_type == REVOKED else None if now == _NO_TEXT else EDITED

    def _parent(self, rowid: int) -> Reply:
        """The message that ZPARENTMESSAGE names, where no quote is kept."""
        row = self._context.installation.database.row(_TABLE, rowid)
        key = None if row is None else row.get("ZSTANZAID")
        return Reply(
            id=None if row is None else self._message_id(_TABLE, rowid),
            app_id=key if isinstance(key, str) else None,
            text=None,
            sent_at=None,
            sender=None,
        )

    def receipts(self, draft: MessageDraft, row: MessageRow, receipts: ReceiptInfo) -> None:
        """Reactions, to whom it went, and a poll."""
        notes = self._context.notes
        draft.reactions = tuple(self._reaction(row, each) for each in receipts.reactions)
        known = self._receipts
        draft.receipts = tuple(known.get(each) or self._receipt(each) for each in receipts.recipients)
        if receipts.has_times:
            notes.count("receipts hold numbers that may be their times: not verified, so not read")
        if receipts.tallies:
            raw = ", ".join(f"{emoji} {count}" for emoji, count in receipts.tallies)
            words = f"row {row.rowid} of {_TABLE}: reactions in a channel, counted by emoji: {raw}"
            notes.add("info", words, _TABLE, row.rowid, raw)
        if receipts.is_poll or row.message_type == POLL:
            options = tuple(PollOption(text=text, votes=()) for text in receipts.options)
            draft.poll = Poll(question=receipts.question, options=options)
            draft.text = draft.text if draft.text is not None else receipts.question
            notes.count("polls whose votes were not read: how they are stored is not known")

    def _receipt(self, packed: bytes) -> Receipt:
        number = unpacked_number(packed)
        person = self._context.people.person(f"{number}@s.whatsapp.net") if number else None
        receipt = Receipt(
            participant=None if person is None else person.id, delivered_at=None, read_at=None, played_at=None
        )
        if person is None:
            self._context.notes.count("recipients in receipts in a form that is not known")
        else:
            self._receipts[packed] = receipt
        return receipt

    def _reaction(self, row: MessageRow, stored: StoredReaction) -> Reaction:
        person = self._context.people.person(stored.jid)
        sender = self._owner if stored.is_own else None if person is None else person.id
        at = self._context.notes.instant(stored.millis, INFO.name, row.rowid, "ZRECEIPTINFO")
        return Reaction(sender=sender, emoji=stored.emoji or None, at=at)


def _mark(text: str | None) -> tuple[int, int]:
    return _NO_TEXT if text is None else (len(text), crc32(text.encode("utf-8", "surrogatepass")))
