"""Whose a recovered call was, where there are privileged contacts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forensics.model import Call, Conversation, Participant, Source
from forensics.recovered_attribution import Attribution

CALL = Call(
    id="k1", app="signal", account="a1", conversation=None, sender="p1", from_owner=False, at=None,
    seconds=9, video=False, result="answered", participants=("p1",),
    source=Source(evidence_sha256="e", file_sha256="f", path="a.db"),
)  # fmt: skip


def learnt() -> Attribution:
    """Knows the person p1 and the conversation c1."""
    attribution = Attribution()
    attribution.learn(
        Participant(id="p1", app="signal", handle=None, phone="+31600000001", names=(), is_owner=False)
    )
    attribution.learn(
        Conversation(
            id="c1", app="signal", platform="android", account="a1", kind="direct", title=None,
            handle="+31600000001", participants=("p1",),
        )
    )  # fmt: skip
    return attribution


@pytest.mark.parametrize(
    ("changed", "is_covered"),
    [
        ({}, True),
        ({"conversation": "c1"}, True),
        ({"conversation": "c2"}, False),
        ({"participants": ("p1", "p2")}, False),
        ({"sender": None}, True),
        ({"sender": "p2"}, False),
        ({"sender": None, "participants": ()}, False),
    ],
)
def test_a_call_without_a_conversation_is_judged_by_its_people(changed: dict, is_covered: bool):
    attribution = learnt()
    assert attribution.covers_call(replace(CALL, **changed)) == is_covered
    assert (attribution.refused, attribution.refused_calls) == (0, int(not is_covered))
