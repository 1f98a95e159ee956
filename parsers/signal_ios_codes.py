"""What the numbers in Signal's database on iOS mean.

Source: Signal reference 4.2 (SDSRecordType, TSInfoMessage.h, storedMessageState); of calls the app's source:
signalapp/Signal-iOS, CallRecord+CallStatus.swift at 36504393 and TSCall.h at 1041070d.
"""

from __future__ import annotations

INCOMING, OUTGOING, INFO, ERROR, CALL, GROUP_CALL, TIMER, VERIFICATION = 19, 21, 10, 9, 20, 65, 28, 13
OUTGOING_PAYMENT, INCOMING_PAYMENT = 68, 75
CONTACT_THREAD, GROUP_THREAD, STORY_THREAD = 27, 26, 72
# Rows that only mark a place in a conversation: unread from here on, offers to add or block somebody.
MARKERS = frozenset({4, 5, 7, 22, 25})
EVENTS = {
    1: "safety number changed",
    17: "safety number changed",
    23: "safety number changed",
    ERROR: "error",
    VERIFICATION: "verification changed",
    TIMER: "disappearing messages changed",
    54: "message of an unknown protocol",
    70: "message that could not be decrypted",
    76: "payments activated",
    77: "request to activate payments",
    78: "payment restored from a backup",
    79: "payment restored from a backup",
}
INFO_TYPES = dict(
    enumerate(
        (
            *("session ended by the owner", "not registered", "unsupported message", "group updated"),
            *(
                "group left",
                "disappearing messages changed",
                "offer to add a contact",
                "verification changed",
            ),
            *("offer to share the profile", "offer to share the profile with a group", "unknown protocol"),
            *("contact joined Signal", "conversation synchronised", "profile change", "number changed"),
            *("recipient hidden", "request to activate payments", "payments activated"),
            *("conversations merged", "session switched to another number", "reported as spam"),
            *("profile name learned", "user blocked", "group blocked", "user unblocked", "group unblocked"),
            *("message request accepted", "session ended by the other"),
        )
    )
)
# TSOutgoingMessage.h ("from source"): 2 and 3 are of older versions. The reference, which marks it as of one
# source, has 4 as pending.
STATES = {0: "pending", 1: "failed", 2: "sent", 3: "delivered", 4: "sent", 5: "pending"}
CALL_TYPES = {
    1: "incoming",
    2: "outgoing",
    3: "missed",
    4: "outgoing, not connected",
    5: "incoming, not connected",
    6: "missed: the safety number had changed",
    7: "declined",
    8: "outgoing, not answered",
    9: "answered on another device",
    10: "declined on another device",
    11: "busy on another device",
    12: "missed: do not disturb",
    13: "missed: from a blocked contact",
}
OUTGOING_CALLS = frozenset({2, 4, 8})
CALL_STATUS = {
    0: "pending",
    1: "accepted",
    2: "not accepted",
    3: "missed",
    4: "group call",
    5: "joined",
    6: "accepted",
    7: "declined",
    8: "missed",
    9: "ringing",
    10: "missed: not let through by the notification profile",
    11: "call by link",
    12: "joined",
}
TALKED = frozenset({1, 5, 6, 12})
AUDIO, VIDEO = 0, 1
PAST_REVISION = 2
# StoryMessageAttachmentReference.ownerType: what a story shows (1 is the picture of a preview).
STORY_MEDIA = 0
# MessageAttachmentReference.ownerType and renderingFlag.
BODY, LONG_TEXT, QUOTE, STICKER = 0, 1, 3, 4
# model_TSAttachment.attachmentType has the same numbers ("from source": TSAttachment.h).
VOICE, LOOP = 1, 3
