"""What the numbers in WhatsApp's Android databases mean, each with its ground.

Grounds, from best to least (WhatsApp reference, section 2.6 to 2.8): ``seen`` in a real database;
``tools``: two or more independent tools agree; ``tool``: one tool's code or notes; ``disputed``: tools
disagree. Tools: IPED, WhatsApp-Chat-Exporter, ALEAPP, WHAPA, WAInsight, amberkeep. A code that stands in no
table here stays a number and is shown as "unknown (n)".
"""

from __future__ import annotations

from typing import NamedTuple

from forensics.digest import LARGEST_INTEGER


class MessageType(NamedTuple):
    """The contract's kind of a ``message_type`` (to 20 also ``media_wa_type``), and the app's meaning."""

    kind: str
    words: str
    ground: str
    is_plain: bool = True  # the kind says it all; otherwise the words stand in ``system`` as well


_T = MessageType
MESSAGE_TYPES: dict[int, MessageType] = {
    0: _T("text", "text", "tools"),
    1: _T("image", "image", "tools"),
    2: _T("audio", "audio", "tools"),
    3: _T("video", "video", "tools"),
    4: _T("contact", "contact card", "tools"),
    5: _T("location", "location", "tools"),
    7: _T("system", "event", "tools"),
    8: _T("call", "call", "tools"),
    9: _T("document", "document", "tools"),
    10: _T("call", "missed call", "tools"),
    11: _T(
        "unknown", "waiting for this message: not decrypted yet (one tool reads a call)", "disputed", False
    ),
    13: _T("gif", "GIF", "tools"),
    14: _T("contact", "several contact cards", "tools"),
    15: _T("unknown", "deleted for everyone by the sender", "tools"),
    16: _T("live_location", "live location", "tools"),
    20: _T("sticker", "sticker", "tools"),
    23: _T("product", "product of a catalogue", "tools"),
    24: _T("invite", "invitation to a group", "tools"),
    25: _T("text", "list or template of a business", "tools", False),
    26: _T("text", "reply to a list", "tools", False),
    27: _T("text", "message with buttons or a one-time code", "tools", False),
    28: _T("text", "template of WhatsApp or an official account", "tools", False),
    32: _T("text", "reply to a template", "tools", False),
    36: _T("system", "disappearing messages set", "tools"),
    42: _T("image", "view-once image", "tools"),
    43: _T("video", "view-once video", "tools"),
    44: _T("order", "order", "tools"),
    45: _T("text", "interactive message", "tool", False),
    46: _T("text", "reply to an interactive message", "tool", False),
    49: _T("text", "reply to an interactive message", "tool", False),
    55: _T("text", "interactive message", "tool", False),
    56: _T("system", "disappearing messages changed", "tool"),
    57: _T("text", "interactive message", "tool", False),
    62: _T("unknown", "product message by one tool, unknown to another", "disputed", False),
    64: _T("unknown", "deleted for everyone by an admin of the group", "tools"),
    66: _T("poll", "poll", "tools"),
    81: _T("video_note", "video note", "tools"),
    82: _T("voice", "view-once voice message", "tools"),
    85: _T("text", "message with elements of an interface", "tools", False),
    88: _T("unknown", "feedback on Meta AI", "tools", False),
    90: _T("call", "call", "tools"),
    92: _T("invite", "event", "tools", False),
    94: _T("invite", "invitation to be admin of a channel", "tools", False),
    99: _T("system", "album", "tools"),
    103: _T("system", "mention in a status", "tools"),
    106: _T("poll", "poll, second encoding", "tools"),
    112: _T("system", "advanced chat privacy switched", "tools"),
    116: _T("unknown", "not shown by the app (one tool: an update of a status)", "disputed", False),
}
TEXT, EVENT, LEGACY_CALL, MISSED_CALL, REVOKED = 0, 7, 8, 10, 15
TIMER_SET, TIMER_CHANGED, REVOKED_BY_ADMIN, CALL_ENTRY, ALBUM = 36, 56, 64, 90, 99
LOCATION_TYPES = frozenset({5, 16})
CARD_TYPES = frozenset({4, 14})
CALL_TYPES = frozenset({LEGACY_CALL, MISSED_CALL, CALL_ENTRY})
REVOKED_TYPES = frozenset({REVOKED, REVOKED_BY_ADMIN})
VIEW_ONCE_TYPES = frozenset({42, 43, 82})
AUDIO = 2
# origin 1: recorded in the app (tools). Other origins are not known.
RECORDED_IN_APP = 1
# origination_flags, legacy forwarded: bit 0 (tools).
FORWARDED_BIT = 1

# message.status of the owner's own messages (tools); 6 marks an event or a call, whoever caused it. Codes of
# received messages (0 received, 9 and 10 played, 16 and 17 seen on a linked device) say nothing that the
# contract's ``status`` holds: it is null there.
OWN_STATUS: dict[int | None, str] = {
    0: "pending",
    1: "pending",
    4: "sent",
    5: "delivered",
    8: "played",
    13: "read",
}
CONTROL_STATUS = 6

# message_add_on.message_add_on_type (ALEAPP, WHAPA; counts of amberkeep for 56 and 67).
REACTION, POLL_VOTE, KEEP, EDIT, PIN, EVENT_RESPONSE = 56, 67, 68, 74, 79, 93
ADD_ONS: dict[int, str] = {
    REACTION: "reaction",
    POLL_VOTE: "vote in a poll",
    KEEP: "disappearing message kept",
    EDIT: "edit",
    PIN: "pin",
    EVENT_RESPONSE: "response to an event",
}

# call_log.call_result: 0, 3 and 7 are disputed. A duration says "answered" before any code does.
CALL_RESULTS: dict[int, str] = {
    0: "unknown or cancelled",
    2: "missed or not answered",
    3: "unavailable",
    4: "rejected",
    5: "connected",
    7: "busy or cancelled",
    8: "joined a voice chat",
}
# messages.media_size of a legacy call (seen, two rows).
LEGACY_CALL_RESULTS: dict[int, str] = {1: "answered", 2: "not answered"}

# message_view_once_media.state (WAInsight).
VIEW_ONCE_STATES: dict[int, str] = {0: "not opened", 1: "opened", 2: "expired"}

# chat.group_type (WAInsight).
COMMUNITY_PARENT = 3
MENTION_OF_PERSON = 0


def countable(code: int | None) -> int | None:
    """A number as a record can hold it: RFC 8785 knows no integer beyond 2**53 - 1."""
    return code if code is not None and abs(code) <= LARGEST_INTEGER else None


def spoken(meanings: dict[int, str], code: int | None) -> str:
    """A code in words with its number, "unknown (99)" where it has none."""
    if code is None:
        return "not stored"
    return f"{meanings.get(code, 'unknown')} ({code})"
