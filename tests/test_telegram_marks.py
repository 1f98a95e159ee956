"""What flags and rarer fields of a message say: each stands in ``system``, of old and of new layers."""

from __future__ import annotations

from typing import Any

import pytest
from test_telegram_faults import Make, make, row, text, tl  # noqa: F401

from forensics.digest import message_canonical

FACT = {"country": "NL", "hash": 1}
MARKED = {
    "pinned": {"pinned": True},
    "of a kind that the app was too old for: what it stored may not be what was sent": {"legacy": True},
    "pinned; of a kind that the app was too old for: what it stored may not be what was sent": {
        "legacy": True,
        "pinned": True,
    },
    "25 stars were paid to send it": {"paid_message_stars": 25},
    "a suggested post that is paid in TON": {"paid_suggested_post_ton": True},
}


@pytest.mark.parametrize("words", MARKED)
def test_flags_and_payments_are_said(make: Make, words: str):  # noqa: F811
    (message,) = make([row(1, text(1, "hallo", **MARKED[words]))]).messages
    assert message.system is not None
    assert (message.text, message.system.detail) == ("hallo", words)
    message_canonical(message)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"price": ("starsAmount#bbb6b4a3", {"amount": 50, "nanos": 0}), "accepted": True},
            "a suggested post for 50 stars, accepted",
        ),
        (
            {"price": ("starsTonAmount#74aee3e0", {"amount": 1_500_000_000}), "rejected": True},
            "a suggested post for 1.5 TON, rejected",
        ),
        (
            {"schedule_date": 1709546400},
            "a suggested post for no price, to be posted at 2024-03-04T10:00:00.000Z",
        ),
    ],
)
def test_an_offer_to_post_for_a_price(make: Make, fields: dict[str, Any], words: str):  # noqa: F811
    built = {key: tl.obj(value[0], **value[1]) if key == "price" else value for key, value in fields.items()}
    offer = tl.obj("suggestedPost#0e8e37e5", **built)
    reading = make([row(1, text(1, "hallo", suggested_post=offer))])
    (message,) = reading.messages
    assert message.system is not None
    assert (message.system.type, message.system.detail) == ("payment", words)
    assert not [each for each in reading.notices if each.severity == "doubt"]


def test_a_check_of_facts_is_shown(make: Make):  # noqa: F811
    found = tl.obj(
        "factCheck#b89bfccf", text=tl.obj("textWithEntities", text="Klopt niet", entities=[]), **FACT
    )
    (message,) = make([row(1, text(1, "hallo", factcheck=found))]).messages
    assert message.system is not None
    assert message.system.detail == "fact check: “Klopt niet”"


def story_row(replydata: str) -> str:
    return f"UPDATE messages_v2 SET replydata = X'{replydata}' WHERE mid = 1;"


def test_an_answer_to_a_story_has_the_copy_of_it(make: Make):  # noqa: F811
    peer = tl.obj("peerUser#59511722", user_id=5)
    header = tl.obj("messageReplyStoryHeader#0e5af939", peer=peer, story_id=9)
    empty = tl.obj("messageMediaEmpty#3ded6320")
    story = tl.obj(
        "storyItem#af6365a1", id=9, date=1709540000, expire_date=1, caption="kaart van nu", media=empty
    )
    rows = [row(1, text(1, "doe mij er 2", reply_to=header))]
    answers = []
    for data in (story, story[:-2], tl.obj("storyItemDeleted#51e6ee4f", id=9)):
        reading = make(rows, story_row(data.hex()))
        (message,) = reading.messages
        assert message.reply_to is not None
        assert (message.reply_to.app_id, message.reply_to.id) == ("story 9", None)
        doubts = [each.raw for each in reading.notices if each.severity == "doubt"]
        answers.append((message.reply_to.text, message.reply_to.sent_at, doubts))
    assert answers == [
        ("kaart van nu", 1_709_540_000_000, []),
        ("kaart van nu", 1_709_540_000_000, [story[:-2].hex()]),
        (None, None, []),
    ]


def test_a_message_without_them_says_nothing(make: Make):  # noqa: F811
    (message,) = make([row(1, text(1, "hallo"))]).messages
    assert message.system is None
