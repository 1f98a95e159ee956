"""The messages of WhatsApp's incremental backups: HistorySync, the form that its web client is sent too.

Source: WhatsApp reference 4.4 (messages.bin is a sequence of length-delimited HistorySync messages) for the
file; the numbers of the fields from two independent libraries of the web protocol (tulir/whatsmeow
waHistorySync, waWeb, waE2E; WhiskeySockets/Baileys WAProto), seen in no real increment by this project. What
is not named here is read over; the content of a quoted message agrees with reference 3.5, which was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from forensics.formats.protobuf import Field, ProtobufError, double, readable_fields, varint
from parsers.whatsapp_wire import children_of, number_of, text_of

# HistorySync: 1 type, 2 conversations, 3 status posts, 7 push names, 15 LIDs with their numbers.
_SYNC_TYPE, _CONVERSATION, _STATUS_POST, _PUSH_NAME, _LID_MAPPING = 1, 2, 3, 7, 15
_MOST_SYNC_TYPE = 6
# A jid with one of the servers of WhatsApp reference 2.4, whose words random bytes do not form.
_JID = re.compile(rb"[0-9A-Za-z]@(?:s\.whatsapp\.net|c\.us|g\.us|lid|hosted|broadcast|newsletter|bot)")
_LONGEST_ENTRY = 256 << 20
# The kinds of Message by field: (kind, MIME type, caption, SHA-256, length, name of the file).
_FILES = {
    3: ("image", 2, 3, 4, 5, None),
    7: ("document", 2, 20, 4, 5, 8),
    8: ("audio", 2, None, 3, 4, None),
    9: ("video", 2, 7, 3, 4, None),
    26: ("sticker", 5, None, 2, 9, None),
    66: ("video_note", 2, 7, 3, 4, None),
}
_TEXT, _CARD, _PLACE, _LONG_TEXT, _PROTOCOL, _CARDS, _LIVE_PLACE = 1, 4, 5, 6, 12, 13, 18
_REACTION, _POLLS = 46, (49, 60, 64)
# Messages that wrap another one in their field 1: view once (37, 55), disappearing (40), captioned (53).
_WRAPPED = {37: True, 55: True, 40: False, 53: False}
_AUDIO, _PTT, _CONTEXT, _MOST_WRAPPED = 8, 6, 17, 8
_VIDEO, _GIF = 9, 8


class HistoryError(ValueError):
    """The bytes are no entry of an increment."""


@dataclass(slots=True)
class Body:
    """What a message holds."""

    kind: str = "unknown"
    text: str | None = None
    mime: str | None = None
    sha256: bytes | None = None
    size: int | None = None
    filename: str | None = None
    caption: str | None = None
    cards: list[tuple[str | None, str]] = field(default_factory=list)
    place: tuple[float | None, float | None, str | None, str | None] | None = None
    options: list[str | None] = field(default_factory=list)
    quoted_key: str | None = None
    quoted_author: str | None = None
    quoted: Body | None = None
    mentioned: list[str] = field(default_factory=list)
    forwards: int | None = None
    is_forwarded: bool = False
    is_view_once: bool = False
    event: str | None = None
    target_key: str | None = None


@dataclass(slots=True)
class StoredMessage:
    """One WebMessageInfo. ``seconds`` since 1970; ``stub`` is the code of an event."""

    chat: str | None
    from_me: bool | None = None
    key: str | None = None
    participant: str | None = None
    seconds: int | None = None
    status: int | None = None
    starred: bool = False
    push_name: str | None = None
    stub: int | None = None
    parameters: list[str] = field(default_factory=list)
    timer: int | None = None
    reactions: list[tuple[str | None, bool | None, str | None, int | None]] = field(default_factory=list)
    # who, and the seconds since 1970 of delivery, reading and playing
    receipts: list[tuple[str | None, int | None, int | None, int | None]] = field(default_factory=list)
    body: Body | None = None
    problem: str | None = None


@dataclass(slots=True)
class StoredChat:
    """One conversation of an entry."""

    jid: str | None = None
    name: str | None = None
    number: str | None = None
    lid: str | None = None
    members: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """One HistorySync: where it starts in the file, its number, and what stands in it."""

    number: int
    offset: int
    chats: list[StoredChat] = field(default_factory=list)
    names: list[tuple[str | None, str | None]] = field(default_factory=list)
    lids: list[tuple[str | None, str | None]] = field(default_factory=list)
    problem: str | None = None


def looks_like(head: bytes) -> bool:
    """Whether bytes begin as an increment does: a length, the type of the sync, and then a conversation with
    a jid or a push name."""
    try:
        length, start = varint(head)
        part = head[start : start + length]
        found, _problem = readable_fields(part)
    except ProtobufError:
        return False
    if not found or (found[0].number, found[0].wire_type) != (_SYNC_TYPE, 0):
        return False
    is_type = isinstance(found[0].value, int) and found[0].value <= _MOST_SYNC_TYPE
    rest = part[len(part) - len(part.removeprefix(b"\x08")) :]
    has_jid = _JID.search(part, 0, 512) is not None
    return is_type and len(rest) > 1 and has_jid and part[2:3] in (b"\x12", b"\x1a", b"\x3a")


def entries(stream: BinaryIO) -> Iterator[Entry]:
    """All entries of messages.bin; raises HistoryError where the file is cut off or is none."""
    number = 0
    while True:
        offset = stream.tell()
        head = stream.read(10)
        if not head:
            return
        try:
            length, size = varint(head)
        except ProtobufError as error:
            raise HistoryError(f"no entry begins at byte {offset}: {error}") from error
        if length > _LONGEST_ENTRY:
            raise HistoryError(f"the entry at byte {offset} would have {length} bytes")
        stream.seek(offset + size)
        data = stream.read(length)
        if len(data) < length:
            text = f"the entry at byte {offset} is cut off: {length - len(data)} of {length} bytes"
            raise HistoryError(f"{text} are not there")
        number += 1
        yield _entry(number, offset, data)


def _entry(number: int, offset: int, data: bytes) -> Entry:
    entry = Entry(number, offset)
    found, entry.problem = readable_fields(data)
    for each in found:
        if each.number == _CONVERSATION:
            entry.chats.append(_chat(each))
        elif each.number == _STATUS_POST and isinstance(each.value, bytes):
            entry.chats.append(StoredChat(jid="status@broadcast", messages=[each.value]))
        elif each.number in (_PUSH_NAME, _LID_MAPPING):
            parts = _by_number(each)
            pair = text_of(parts.get(1)), text_of(parts.get(2))
            (entry.names if each.number == _PUSH_NAME else entry.lids).append(pair)
    return entry


def _chat(stored: Field) -> StoredChat:
    chat = StoredChat()
    for each in children_of(stored):
        if each.number == 1:
            chat.jid = text_of(each)
        elif each.number == 2:
            info = next((child.value for child in children_of(each) if child.number == 1), None)
            chat.messages.append(info if isinstance(info, bytes) else b"")
        elif each.number in (13, 38):
            chat.name = chat.name or text_of(each)
        elif each.number == 20:
            member = text_of(_by_number(each).get(1))
            chat.members += [member] if member else []
        elif each.number == 39:
            chat.number = text_of(each)
        elif each.number == 42:
            chat.lid = text_of(each)
    return chat


def read_message(data: bytes, chat: str | None) -> StoredMessage:
    """One WebMessageInfo of that conversation."""
    message = StoredMessage(chat)
    found, message.problem = readable_fields(data)
    for each in found:
        value = each.value
        match each.number:
            case 1:
                _read_key(message, each)
            case 2:
                message.body = read_body(each)
            case 3:
                message.seconds = number_of(each)
            case 4:
                message.status = number_of(each)
            case 5:
                message.participant = text_of(each) or message.participant
            case 17:
                message.starred = value == 1
            case 19:
                message.push_name = text_of(each)
            case 24:
                message.stub = number_of(each)
            case 26:
                message.parameters.append(text_of(each) or "")
            case 33:
                message.timer = number_of(each)
            case 40:
                message.receipts.append(_receipt(each))
            case 41:
                message.reactions.append(_reaction(each))
    if not found and message.problem is None:
        message.problem = "empty"
    return message


def _read_key(message: StoredMessage, stored: Field) -> None:
    """MessageKey: 1 chat, 2 direction, 3 id, 4 sender in a group."""
    parts = _by_number(stored)
    message.chat = text_of(parts.get(1)) or message.chat
    message.from_me = number_of(parts[2]) == 1 if 2 in parts else False
    message.key = text_of(parts.get(3))
    message.participant = text_of(parts.get(4)) or message.participant


def _receipt(stored: Field) -> tuple[str | None, int | None, int | None, int | None]:
    """UserReceipt: 1 jid, and the times at which it was 2 delivered, 3 read and 4 played."""
    parts = _by_number(stored)
    delivered, read, played = (number_of(parts.get(number)) for number in (2, 3, 4))
    return text_of(parts.get(1)), delivered, read, played


def _reaction(stored: Field) -> tuple[str | None, bool | None, str | None, int | None]:
    """Who (a jid, or the owner), the emoji, and when in milliseconds."""
    parts = _by_number(stored)
    key = _by_number(parts[1]) if 1 in parts else {}
    who = text_of(key.get(4)) or text_of(key.get(1))
    return who, number_of(key[2]) == 1 if 2 in key else False, text_of(parts.get(2)), number_of(parts.get(4))


def read_body(stored: Field, depth: int = 0) -> Body:
    """A Message; what wraps another one is read through."""
    body = Body()
    for each in children_of(stored):
        if each.number in _WRAPPED and depth < _MOST_WRAPPED:
            inner = _by_number(each).get(1)
            if inner is not None:
                body = read_body(inner, depth + 1)
                body.is_view_once = body.is_view_once or _WRAPPED[each.number]
        elif each.number == _TEXT:
            body.kind, body.text = "text", text_of(each)
        else:
            _read_kind(body, each, depth)
    return body


def _read_kind(body: Body, each: Field, depth: int) -> None:
    parts = _by_number(each)
    if each.number in _FILES:
        kind, mime, caption, digest, size, name = _FILES[each.number]
        body.kind, body.mime, body.size = kind, text_of(parts.get(mime)), number_of(parts.get(size))
        body.caption = text_of(parts.get(caption)) if caption else None
        body.text, body.filename = body.caption, text_of(parts.get(name)) if name else None
        stored = parts[digest].value if digest in parts else None
        body.sha256 = stored if isinstance(stored, bytes) and len(stored) == 32 else None
        if each.number == _AUDIO and number_of(parts.get(_PTT)) == 1:
            body.kind = "voice"
        elif each.number == _VIDEO and number_of(parts.get(_GIF)) == 1:
            body.kind = "gif"
    elif each.number == _LONG_TEXT:
        body.kind, body.text = "text", text_of(parts.get(1))
    elif each.number == _CARD:
        body.kind, body.text = "contact", text_of(parts.get(1))
        body.cards = [(body.text, text_of(parts.get(16)) or "")]
    elif each.number == _CARDS:
        body.kind, body.text = "contact", text_of(parts.get(1))
        cards = (_by_number(child) for child in children_of(each) if child.number == 2)
        body.cards = [(text_of(card.get(1)), text_of(card.get(16)) or "") for card in cards]
    elif each.number in (_PLACE, _LIVE_PLACE):
        is_live = each.number == _LIVE_PLACE
        body.kind = "live_location" if is_live else "location"
        where, address = (None, None) if is_live else (text_of(parts.get(3)), text_of(parts.get(4)))
        body.place = _degrees(parts.get(1)), _degrees(parts.get(2)), where, address
    elif each.number in _POLLS:
        body.kind, body.text = "poll", text_of(parts.get(2))
        options = (child for child in children_of(each) if child.number == 3)
        body.options = [text_of(_by_number(option).get(1)) for option in options]
    elif each.number == _REACTION:
        body.kind, body.event, body.text = "system", "reaction", text_of(parts.get(2))
        body.target_key = text_of(_by_number(parts[1]).get(3)) if 1 in parts else None
    elif each.number == _PROTOCOL:
        _read_protocol(body, parts, depth)
    if _CONTEXT in parts and each.number not in (_PROTOCOL, _REACTION):
        _read_context(body, parts[_CONTEXT], depth)


def _read_protocol(body: Body, parts: dict[int, Field], depth: int) -> None:
    """1 key, 2 type (0 deletes, 14 edits), 14 the new content."""
    code = number_of(parts[2]) if 2 in parts else 0
    body.kind, body.event = "system", {0: "deletion", 14: "edit"}.get(code or 0, f"protocol {code}")
    body.target_key = text_of(_by_number(parts[1]).get(3)) if 1 in parts else None
    if 14 in parts and depth < _MOST_WRAPPED:
        body.text = read_body(parts[14], depth + 1).text


def _read_context(body: Body, stored: Field, depth: int) -> None:
    """1 id and 2 sender of the quoted message, 3 its content, 15 who is mentioned, 21 and 22 forwarded."""
    for each in children_of(stored):
        if each.number == 1:
            body.quoted_key = text_of(each)
        elif each.number == 2:
            body.quoted_author = text_of(each)
        elif each.number == 3 and depth < _MOST_WRAPPED:
            body.quoted = read_body(each, depth + 1)
        elif each.number == 15:
            who = text_of(each)
            body.mentioned += [who] if who else []
        elif each.number == 21:
            body.forwards = number_of(each)
        elif each.number == 22:
            body.is_forwarded = each.value == 1


def _by_number(stored: Field) -> dict[int, Field]:
    return {each.number: each for each in children_of(stored)}


def _degrees(stored: Field | None) -> float | None:
    value = double(stored.value) if stored is not None and isinstance(stored.value, int) else None
    return value if value is not None and abs(value) <= 180 else None
