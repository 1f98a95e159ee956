"""What the numbers in Signal's databases mean.

Source: Signal reference 3.5 and 3.7 (Android: MessageTypes, CallTable; signalbackup-tools), 4.2 (iOS), 5.3
(Desktop). A code that stands in no table here stays a number and is shown as "unknown (n)".
"""

from __future__ import annotations

LONG_TEXT = "text/x-signal-plain"

# --- Android: the bits of message.type (3.5) ---
BASE = 0x1F
INBOX, SENT, FAILED, DRAFT_BOX = 20, 23, 24, 27
PENDING = frozenset({21, 22, 25, 26})
OUTGOING = frozenset({21, 22, 23, 24, 25, 26, 27})
USER_BASES = frozenset(range(20, 28))
KEY_EXCHANGE, GROUP, END_SESSION, ENCRYPTION = 0xFF00, 0xF0000, 0x400000, 0xFF000000
SPECIAL = 0xF00000000
PUSH = 0x200000
# Special values (shifted) that make an event of a row; of the others a person is the author (3.5).
STORY_REACTION, GIFT_BADGE, PAYMENT, PAYMENT_TOMBSTONE = 1, 2, 3, 9
EVENT_SPECIALS = frozenset({4, 5, 6, 8, 0xA, 0xB, 0xC, 0xD})
SPECIALS = {
    1: "reaction to a story",
    2: "gift badge",
    3: "payment",
    4: "request to activate payments",
    5: "reported as spam",
    6: "message request accepted",
    8: "payments activated",
    9: "payment, details gone",
    0xA: "blocked",
    0xB: "unblocked",
    0xC: "poll ended",
    0xD: "message pinned",
}
# Whole values: (words, whether the owner called, whether it had video); None where it is not said.
CALLS: dict[int, tuple[str, bool | None, bool | None, str | None]] = {
    1: ("incoming audio call", False, False, "incoming"),
    2: ("outgoing audio call", True, False, "outgoing"),
    3: ("missed audio call", False, False, "missed"),
    8: ("missed video call", False, True, "missed"),
    10: ("incoming video call", False, True, "incoming"),
    11: ("outgoing video call", True, True, "outgoing"),
    12: ("group call", None, None, None),
}
GROUP_CALL, PROFILE_CHANGE, GROUP_MIGRATION, THREAD_MERGE, SWITCHOVER = 12, 7, 9, 16, 18
EVENTS = {
    4: "contact joined Signal",
    5: "unsupported message",
    6: "invalid message",
    7: "profile change",
    9: "group migrated",
    13: "message that could not be decrypted",
    14: "number changed",
    15: "donation request of Signal",
    16: "conversations merged",
    17: "SMS export",
    18: "session switched to another number",
}
GROUP_UPDATE, GROUP_LEFT, TIMER_UPDATE, GROUP_2_UPDATE = 0x10000, 0x20000, 0x40000, 0x80000
BITS = {
    0x8000: "key exchange",
    0x4000: "safety number marked as verified",
    0x2000: "safety number marked as not verified",
    0x1000: "corrupted key exchange",
    0x800: "key exchange of an invalid version",
    0x400: "key bundle",
    0x200: "safety number changed",
    GROUP_LEFT: "group left",
    TIMER_UPDATE: "disappearing messages changed",
    GROUP_UPDATE: "group updated",
    END_SESSION: "session ended",
    0x20000000: "message of another encryption, not decrypted",
    0x10000000: "session refreshed, a message could not be decrypted",
    0x08000000: "no session, a message could not be decrypted",
    0x04000000: "duplicate message",
    0x02000000: "message of an old encryption",
}


def special(kind: int) -> int:
    """The number in the special bits, 0 for none."""
    return (kind & SPECIAL) >> 32


def is_user_message(kind: int) -> bool:
    """Whether a person wrote it; everything else is an event (3.5)."""
    return (
        kind & BASE in USER_BASES
        and not kind & (KEY_EXCHANGE | GROUP | END_SESSION | ENCRYPTION)
        and special(kind) not in EVENT_SPECIALS
    )


def event_words(kind: int) -> str | None:
    """What an event is called; None for a type whose meaning is not known."""
    if kind in EVENTS:
        return EVENTS[kind]
    if special(kind):
        return SPECIALS.get(special(kind))
    for bit, words in BITS.items():
        if kind & bit:
            return words
    return EVENTS.get(kind & BASE)


# --- Android: recipient.type, group_receipts.status, call (3.7) ---
INDIVIDUAL, MMS_GROUP, GROUP_1, GROUP_2, DISTRIBUTION_LIST, CALL_LINK = range(6)
GROUP_KINDS = frozenset({MMS_GROUP, GROUP_1, GROUP_2})
DELIVERED, READ, VIEWED = 1, 2, 3
RECEIPTS = {
    -1: "unknown",
    0: "undelivered",
    DELIVERED: "delivered",
    READ: "read",
    VIEWED: "viewed",
    4: "skipped",
}
CALL_EVENTS = {
    0: "ongoing",
    1: "accepted",
    2: "not accepted",
    3: "missed",
    4: "deleted from the call log",
    5: "group call",
    6: "joined",
    7: "ringing",
    8: "declined",
    9: "ringing out",
    10: "missed: not let through by the notification profile",
}
CALL_AUDIO, CALL_VIDEO, CALL_GROUP, CALL_AD_HOC = 0, 1, 3, 4
# Placeholders in attachment.message_id: chosen but not sent, and wallpapers (3.7).
NO_MESSAGE = frozenset({-8675309, -8675308})
VIEWED_ONCE = "application/x-signal-view-once"


def spoken(meanings: dict[int, str], code: int | None) -> str:
    """A code in words with its number, "unknown (99)" where it has none."""
    if code is None:
        return "not stored"
    return f"{meanings.get(code, 'unknown')} ({code})"
