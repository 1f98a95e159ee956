"""What quotes name: found by conversation, direction and key, in the order in which it was stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.whatsapp_targets import Key, Numbers, Target, Targets, digest_of, sender_digest

_KEYS = st.tuples(
    st.sampled_from(("a", "b")), st.sampled_from((0, 1, None)), st.sampled_from(("k", "", 1, b"k", None))
)
_SENDERS = st.builds(sender_digest, st.sampled_from((None, 7, "7")))
_TARGETS = st.builds(
    Target,
    table=st.sampled_from(("message", "messages")),
    rowid=st.integers(-(1 << 63), (1 << 63) - 1),
    sender=_SENDERS,
    message_type=st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
    is_edited=st.booleans(),
)


def named(known: list[tuple[Key, Target]], asked: Key, sender: int) -> Target | None:
    """What ``find`` promises, the long way."""
    some = [target for key, target in known if key == asked]
    some = [target for target in some if target.table == "message"] or some
    return some[0] if len(some) == 1 else next((each for each in some if each.sender == sender), None)


@given(
    added=st.lists(st.tuples(_KEYS, _TARGETS)),
    asked=_KEYS,
    sender=_SENDERS,
    later=st.lists(st.tuples(_KEYS, _TARGETS)),
)
def test_the_target_of_a_quote_is_the_one_that_was_stored_for_it(added, asked, sender, later) -> None:
    targets, known = Targets(("message", "messages")), []
    for part in (added, later):
        for key, target in part:
            targets.add(key, target)
        known += part
        assert targets.find(asked, sender) == named(known, asked, sender)


def test_many_messages_under_one_key_cost_no_more_than_few() -> None:
    targets = Targets(("message", "messages"))
    for rowid in range(50_000):
        targets.add(("c", 1, "k"), Target("message", rowid, rowid, 0, False))
    steps = []
    targets.find(("c", 1, "k"), 3)
    targets._table = lambda place: steps.append(place) or 0  # type: ignore[method-assign, func-returns-value]
    assert targets.find(("c", 1, "k"), 49_999) == Target("message", 49_999, 49_999, 0, False)
    assert len(steps) < 100


@given(values=st.lists(st.one_of(st.text(), st.binary(), st.integers(), st.none())), other=st.text())
def test_a_set_of_digests_holds_what_was_put_into_it(values, other) -> None:
    kept = Numbers(map(digest_of, values))
    assert all(digest_of(each) in kept for each in values)
    assert (digest_of(other) in kept) == (other in values)


def test_digests_are_the_same_in_every_run() -> None:
    assert digest_of("3EB0A1") == 0x1E50C1B214EDE2F0
    assert digest_of(None) != digest_of("None")
    assert digest_of(1.0) == digest_of(1) == sender_digest(1) == sender_digest(1.0) != digest_of("1")
