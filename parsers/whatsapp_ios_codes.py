"""What the numbers in WhatsApp's databases on iOS mean (WhatsApp reference 3.4 and 3.6).

The types are not Android's. Grounds: ``tools``: IPED and WHAPA agree; ``tool``: IPED alone; ``disputed``:
tools disagree. A code that stands in no table here stays a number and is shown as "unknown (n)".
"""

from __future__ import annotations

from forensics.digest import LARGEST_INTEGER
from parsers.whatsapp_actions import Action
from parsers.whatsapp_codes import MessageType

_T = MessageType
TEXT, LOCATION, GROUP_EVENT, LINK, CHAT_EVENT, REVOKED, TIMER, POLL, CALL = 0, 5, 6, 7, 10, 14, 28, 46, 59
MESSAGE_TYPES: dict[int, MessageType] = {
    0: _T("text", "text", "tools"),
    1: _T("image", "image", "tools"),
    2: _T("video", "video", "tools"),
    3: _T("audio", "audio", "tools"),
    4: _T("contact", "contact card", "tools"),
    5: _T("location", "location", "tools"),
    6: _T("system", "event", "tools"),
    7: _T("text", "text with a link", "tools"),
    8: _T("document", "document", "tools"),
    10: _T("system", "event", "tools"),
    11: _T("gif", "GIF", "tools"),
    12: _T("unknown", "waiting for this message: not decrypted yet", "tools", False),
    14: _T("unknown", "deleted for everyone", "tools"),
    15: _T("sticker", "sticker", "tools"),
    **dict.fromkeys((19, 20, 23, 24, 30, 32, 41, 42), _T("text", "template of a business", "tools", False)),
    **dict.fromkeys((25, 31, 34), _T("text", "text", "tools")),
    26: _T("product", "product of a catalogue", "tools"),
    27: _T("invite", "invitation to a group", "tools"),
    28: _T("system", "disappearing messages", "tools", False),
    38: _T("image", "view-once image", "tools"),
    39: _T("video", "view-once video", "tools"),
    46: _T("poll", "poll", "tools"),
    53: _T("voice", "view-once voice message", "tools"),
    54: _T("video_note", "video note", "tools"),
    55: _T("system", "event of a channel", "tools", False),
    58: _T("unknown", "feedback on Meta AI", "tools", False),
    59: _T("call", "call", "tools"),
    62: _T("system", "channel created", "tools", False),
    63: _T("invite", "event", "tools", False),
    66: _T("system", "album (one tool: a vote in a poll)", "disputed", False),
    68: _T("system", "mention in a status", "tools", False),
    73: _T("system", "advanced chat privacy switched", "tools", False),
}
EVENT_TYPES = frozenset({GROUP_EVENT, CHAT_EVENT})
# Nobody is said to have sent these: the member that they name is the one whom they concern.
UNSENT_TYPES = EVENT_TYPES | {28, 55, 62, 73}
VIEW_ONCE_TYPES = frozenset({38, 39, 53})
CARD_TYPES = frozenset({4})
# ZFLAGS: bits 7 and 8, both (IPED). No other bit has a known meaning.
FORWARDED_BITS = 0x180

# ZMESSAGESTATUS of the owner's own messages (IPED); of received ones 8 was seen for "read by the owner".
OWN_STATUS: dict[int | None, str] = {1: "sent", 6: "delivered", 8: "read", 9: "failed"}

_A = Action
# ZGROUPEVENTTYPE of type 6 (IPED). {who} is the member that the row names, {actor} and {people} are in ZTEXT.
GROUP_EVENTS: dict[int, Action] = {
    1: _A("subject changed", "the subject was changed to {new}{named}", "tool"),
    2: _A("participant added", "{actor} added {people}", "tool"),
    3: _A("participant left", "{who} left", "tool"),
    4: _A("group photo changed", "the photo of the group was changed{named}", "tool"),
    5: _A("group photo removed", "the photo of the group was removed{named}", "tool"),
    7: _A("participant removed", "{actor} removed {people}", "tool"),
    9: _A("phone number changed", "{who} changed the phone number", "tool"),
    10: _A("owner became admin", "the owner of this phone became an admin", "tool"),
    11: _A("owner no longer admin", "the owner of this phone is no longer an admin", "tool"),
    12: _A("group created", "the group was created{named}", "tool"),
    13: _A("community unavailable", "the community is no longer available", "tool"),
    15: _A("joined by link", "{who} joined with an invitation link", "tool"),
    17: _A("description changed", "the description was changed{named}", "tool"),
    18: _A("only admins may edit", "only admins may edit the group's data{named}", "tool"),
    19: _A("all may edit", "all may edit the group's data{named}", "tool"),
    20: _A("only admins may send", "only admins may send messages{named}", "tool"),
    21: _A("all may send", "all may send messages{named}", "tool"),
    22: _A("description deleted", "the description was deleted{named}", "tool"),
    23: _A("joined by invitation", "{who} joined by invitation", "tool"),
    26: _A("disappearing messages", "the timer of disappearing messages was set to {timer}{named}", "tool"),
    30: _A("joined via community", "{who} joined from the community", "tool"),
    31: _A("group added to community", "a group was added to the community{named}", "tool"),
    33: _A("group removed from community", "a group was removed from the community{named}", "tool"),
    39: _A("participant is admin", "{who} is an admin", "tool"),
    42: _A("only admins may add", "only admins may add members{named}", "tool"),
    43: _A("not part of community", "the group is not part of a community any more", "tool"),
    50: _A("participant added", "{who} was added", "tool"),
    51: _A("community management", "management of the community", "tool"),
    56: _A("name changed", "the name was changed to {new}{named}", "tool"),
    57: _A("community description", "the description of the community was changed{named}", "tool"),
    60: _A("community welcome", "welcome to the community", "tool"),
    61: _A("group added to community", "a group was added to the community{named}", "tool"),
    64: _A("add permission", "who may add members was changed (1: all): {new}{named}", "tool"),
}
# ZGROUPEVENTTYPE of type 10 (IPED).
CHAT_EVENTS: dict[int, Action] = {
    **dict.fromkeys((1, 21, 45), _A("missed voice call", "missed voice call", "tool")),
    **dict.fromkeys((4, 22, 46), _A("missed video call", "missed video call", "tool")),
    2: _A("encryption notice", "the conversation is end-to-end encrypted", "tool"),
    **dict.fromkeys((3, 36), _A("security code changed", "the security code changed{named}", "tool")),
    **dict.fromkeys((5, 6), _A("phone number changed", "a phone number changed{named}", "tool")),
    **dict.fromkeys((25, 38), _A("official business account", "an official business account", "tool")),
    26: _A("business account", "the other side is a business account", "tool"),
    29: _A("business renamed", "the business was renamed", "tool"),
    30: _A("standard account", "the other side is a standard account again", "tool"),
    **dict.fromkeys((34, 35), _A("contact blocked", "the contact was blocked or unblocked", "tool")),
    **dict.fromkeys((40, 41), _A("video call", "video call", "tool")),
    47: _A("message kept", "a disappearing message was kept{named}", "tool"),
    51: _A("privacy notice", "a notice about privacy was added", "tool"),
    56: _A("sender added to contacts", "the sender was added to the contacts", "tool"),
}
# ZGROUPEVENTTYPE of type 55.
CHANNEL_EVENTS: dict[int, str] = {1: "channel created", 4: "privacy notice of a channel"}
PEOPLE_IN_TEXT = frozenset({2, 7})
TIMER_EVENT = 26

# ZWACDCALLEVENT.ZOUTCOME.
OUTCOMES: dict[int, str] = {0: "answered or ended", 1: "missed", 2: "failed", 4: "rejected"}

COMMUNITY_SESSION = 4


def size(number: int | None) -> int | None:
    """A size in bytes; None for 0, which says that none is known."""
    return number if number is not None and 0 < number <= LARGEST_INTEGER else None
