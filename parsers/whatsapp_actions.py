"""The events of a conversation: ``message_system.action_type`` (``messages.media_size`` of a legacy event).

Source: WhatsApp reference 2.8 (IPED as base, WhatsApp-Chat-Exporter, WHAPA, amberkeep's counts, WAInsight).
Those with the ground ``disputed`` are read differently by different tools; a code that is not here is shown
as "unknown (n)" with whatever its side tables hold.
"""

from __future__ import annotations

from typing import NamedTuple


class Action(NamedTuple):
    """What an event is called, the sentence that says it, and its ground.

    In the sentence ``{actor}`` is who did it, ``{people}`` whom it was done to, ``{old}`` and ``{new}`` the
    value before and after.
    """

    type: str
    sentence: str
    ground: str = "tools"


_A = Action
ACTIONS: dict[int, Action] = {
    1: _A("subject changed", "{actor} changed the subject from {old} to {new}"),
    4: _A("participant added", "{actor} added {people}"),
    5: _A("participant left", "{people_or_actor} left"),
    6: _A("group photo changed", "{actor} changed the photo of the group"),
    7: _A("participant removed", "{actor} removed {people}"),
    9: _A("broadcast list created", "a broadcast list was created"),
    10: _A("phone number changed", "{people_or_actor} changed the phone number from {old} to {new}"),
    11: _A("group created", "{actor} created the group or community {new}"),
    12: _A("participant added", "{actor} added {people}"),
    13: _A("participant left", "{people_or_actor} left"),
    14: _A("participant removed", "{actor} removed {people}"),
    15: _A("owner became admin", "the owner of this phone became an admin"),
    16: _A("owner no longer admin", "the owner of this phone is no longer an admin"),
    18: _A("security code changed", "the security code of {people_or_actor} changed"),
    19: _A("encryption notice", "the conversation is end-to-end encrypted (older notice)"),
    20: _A("joined by link", "{people_or_actor} joined with an invitation link"),
    21: _A("invitation link reset", "{actor} reset the invitation link"),
    27: _A("description changed", "{actor} changed the description of the group"),
    28: _A("phone number changed", "{people_or_actor} changed the phone number from {old} to {new}"),
    29: _A("only admins may edit", "{actor} set that only admins may edit the group's data"),
    30: _A("all may edit", "{actor} set that all may edit the group's data"),
    31: _A("only admins may send", "{actor} set that only admins may send messages"),
    32: _A("all may send", "{actor} set that all may send messages"),
    33: _A("all may send", "{actor} set that all may send messages"),
    46: _A("business account", "the other side is a business account"),
    47: _A("official business account", "the other side is an official business account"),
    50: _A("standard account", "the other side is a standard account again"),
    52: _A("joined by invitation", "{people_or_actor} joined by invitation"),
    56: _A("disappearing messages", "{actor} set disappearing messages{timer}"),
    57: _A("linked devices changed", "the linked devices or the identity of {people_or_actor} changed"),
    58: _A("contact blocked", "the owner of this phone {blocked} the contact"),
    59: _A("disappearing messages", "{actor} changed or switched off disappearing messages{timer}"),
    60: _A("timer not applied", "the timer of disappearing messages was not applied"),
    63: _A("business notice", "notice about a business account"),
    67: _A("encryption notice", "the conversation is end-to-end encrypted"),
    68: _A(
        "default timer", "the default timer of disappearing messages applies to this new conversation{timer}"
    ),
    69: _A("business notice", "notice about the secure service of a business"),
    70: _A("group call", "{actor} started a group call"),
    75: _A("group in community", "{actor} added the group to a community"),
    78: _A("group out of community", "{actor} removed the group from a community"),
    79: _A("joined via community", "{people_or_actor} joined through the community"),
    80: _A("message kept", "{actor} kept a disappearing message"),
    81: _A("community admin changed", "{actor} changed an admin of the community"),
    83: _A("request to join", "a request to join", "disputed"),
    84: _A("admin approval on", "{actor} set that admins approve new participants"),
    85: _A("admin approval off", "{actor} set that admins need not approve new participants"),
    91: _A("all may add", "{actor} set that all may add participants"),
    92: _A("only admins may add", "{actor} set that only admins may add participants"),
    99: _A("community notice", "the community was joined, or its welcome", "disputed"),
    108: _A("group in community", "{actor} added the group to a community"),
    118: _A("message pinned", "{actor} pinned a message"),
    120: _A("participant added", "{actor} added {people}, with approval"),
    129: _A("contact notice", "notice whether the sender is in the contacts", "disputed"),
    132: _A("channel created", "{actor} created the channel"),
    133: _A("channel deleted", "the channel was deleted"),
    134: _A("channel privacy", "notice about privacy in channels"),
    136: _A("joined WhatsApp", "{people_or_actor} joined WhatsApp"),
    142: _A("large group", "the group has more than 256 participants"),
    155: _A("AI notice", "notice about AI"),
    158: _A("advertisement", "the conversation started from an advertisement"),
    165: _A("username changed", "{people_or_actor} changed the username from {old} to {new}"),
    2: _A(
        "participants changed", "the group was created by {actor}, or its participants changed", "disputed"
    ),
    **{
        code: _A("community managed", "{actor} managed the community")
        for code in (87, 88, 95, 109, 110, 111, 115, 116)
    },
    **{
        code: _A("community notice", "the community was joined, or its welcome")
        for code in (90, 123, 124, 125, 131, 144)
    },
}
