"""The ids and keys of Postbox: peers, messages, media, and how they are written for a person.

Source: Telegram reference 5.2 (PeerId, keys of the tables; "from source"), and MessageHistoryHoleIndexTable,
ChatListTable and MessageHistoryTextIndexTable of TelegramMessenger/Telegram-iOS for t56, t9 and ft41. Keys
are big-endian, so that they sort.
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

USER, GROUP, CHANNEL, SECRET = range(4)
# Namespaces of messages (5.2, and SyncCore_Namespaces.swift for 5 and 6).
CLOUD, LOCAL, SECRET_INCOMING, SCHEDULED, SCHEDULED_LOCAL, QUICK_REPLY, QUICK_REPLY_LOCAL = range(7)
PLANNED = frozenset({SCHEDULED, SCHEDULED_LOCAL})
CANNED = frozenset({QUICK_REPLY, QUICK_REPLY_LOCAL})

_LOW, _ALL = 0xFFFFFFFF, (1 << 64) - 1
_KIND_AT, _HIGH_AT = 32, 35
# Telegram for Android writes a secret chat's dialog so; the same handle makes the two comparable.
_SECRET_DIALOG = 1 << 62
_WORDS_ITEM = re.compile(r"p(\d{1,20})a(\d{1,10})b(\d{1,10})")

MESSAGE_KEY = struct.Struct(">qiii")
_MEDIA_KEY = struct.Struct(">iq")
_LIST_KEY = struct.Struct(">iHibiqb")
_LIST_TOP = struct.Struct("<iii")
_HOLE_KEY = struct.Struct(">qiIi")
_HOLE_FIRST = struct.Struct("<i")


class MessageKey(NamedTuple):
    """The key of t7."""

    peer: int
    namespace: int
    time: int
    number: int

    @property
    def written(self) -> bytes:
        """As it stands in the table."""
        return MESSAGE_KEY.pack(*self)


class Listed(NamedTuple):
    """A row of t9: a chat in the list of chats, or the place from which on the list was not loaded. ``top``
    is namespace and number of its last message, where the row names one."""

    group: int
    peer: int
    time: int
    is_hole: bool
    top: tuple[int, int] | None


class Hole(NamedTuple):
    """A row of t56: a range of numbers of a chat that was never downloaded; ``tag`` is 0 for the whole chat,
    else it holds for one index of media only."""

    peer: int
    namespace: int
    tag: int
    first: int
    last: int


def kind_of(peer: int) -> int:
    """Whether a peer is a user, a basic group, a channel or supergroup, or a secret chat; 7 is none."""
    return peer >> _KIND_AT & 7


def number_of(peer: int) -> int:
    """The id within its kind; that of a secret chat has 32 bits with a sign."""
    low, high = peer & _LOW, (peer & _ALL) >> _HIGH_AT
    if kind_of(peer) == SECRET and not high and low >> 31:
        return low - (1 << 32)
    return high << 32 | low


def handle_of(peer: int) -> str:
    """A peer for a person: a user's id, the negated id of a group or channel, the dialog of a secret chat."""
    kind, number = kind_of(peer), number_of(peer)
    if kind == USER:
        return str(number)
    if kind in (GROUP, CHANNEL):
        return str(-number)
    return str(_SECRET_DIALOG | number & _LOW) if kind == SECRET else str(peer)


def app_id(namespace: int, number: int) -> str:
    """A message's number, with its namespace where that is not the cloud's: they count apart."""
    return str(number) if namespace == CLOUD else f"{namespace}:{number}"


def message_key(data: bytes) -> MessageKey | None:
    """A key of t7; None for one of another length."""
    return MessageKey(*MESSAGE_KEY.unpack(data)) if len(data) == MESSAGE_KEY.size else None


def media_key(data: bytes) -> tuple[int, int] | None:
    """Namespace and id of a medium, from a key of t6."""
    if len(data) != _MEDIA_KEY.size:
        return None
    namespace, number = _MEDIA_KEY.unpack(data)
    return namespace, number


def listed(key: bytes, value: bytes) -> Listed | None:
    """A row of t9; None for what is none."""
    if len(key) != _LIST_KEY.size:
        return None
    group, _pinned, time, _namespace, _number, peer, kind = _LIST_KEY.unpack(key)
    top = None
    if len(value) >= _LIST_TOP.size:
        namespace, number, _time = _LIST_TOP.unpack_from(value)
        top = namespace, number
    return Listed(group, peer, time, kind != 1, top)


def hole(key: bytes, value: bytes) -> Hole | None:
    """A row of t56; None for what is none."""
    if len(key) != _HOLE_KEY.size or len(value) < _HOLE_FIRST.size:
        return None
    peer, namespace, tag, last = _HOLE_KEY.unpack(key)
    (first,) = _HOLE_FIRST.unpack_from(value)
    return Hole(peer, namespace, tag, first, last) if 0 <= first <= last else None


def words_item(text: str) -> tuple[int, int, int] | None:
    """Peer, namespace and number of a message in the index of words, whose ids are unsigned there."""
    match = _WORDS_ITEM.fullmatch(text)
    if match is None:
        return None
    peer, namespace, number = (int(each) for each in match.groups())
    if peer > _ALL or namespace > _LOW or number > _LOW:
        return None
    return _signed(peer, 64), _signed(namespace, 32), _signed(number, 32)


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value
