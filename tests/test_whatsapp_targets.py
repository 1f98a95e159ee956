"""What quotes name: found by conversation, direction and key, in the order in which it was stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import whatsapp_targets
from parsers.whatsapp_targets import Key, Numbers, Target, Targets, digest_of

_KEYS = st.sampled_from([("a", 1, "k"), ("a", 1, b"k"), ("b", 0, None)])
_SENDERS = st.sampled_from([None, 7, "7", "", b"7", "x" * 200])
_TARGETS = st.builds(
    Target,
    table=st.sampled_from(("message", "messages")),
    rowid=st.integers(-(1 << 63), (1 << 63) - 1),
    message_type=st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
    is_edited=st.booleans(),
)
_ADDED = st.lists(st.tuples(_KEYS, _SENDERS, _TARGETS), min_size=5)
Added = list[tuple[Key, object, Target]]


def named(known: Added, asked: Key, wanted: object) -> Target | None:
    """What ``find`` promises, the long way."""
    some = [(sender, target) for key, sender, target in known if key == asked]
    some = [each for each in some if each[1].table == "message"] or some
    if len(some) == 1:
        return some[0][1]
    return next((target for sender, target in some if sender == wanted), None)


def check(added: Added, later: Added) -> None:
    targets, known = Targets(("message", "messages")), []
    for part in (added, later):
        for each in part:
            targets.add(*each)
        known += part
        for key, sender, _target in known:
            assert targets.find(key, sender) == named(known, key, sender)
    assert targets.find(("nowhere", 1, "k"), 7) is None


@given(added=_ADDED, later=_ADDED, part=st.sampled_from((1, 3, 1 << 16)))
def test_the_target_of_a_quote_is_the_one_that_was_stored_for_it(added, later, part) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whatsapp_targets, "_PART", part)
        check(added, later)


@given(added=_ADDED, later=_ADDED)
def test_keys_that_are_alike_in_half_of_their_digest_are_told_apart(added, later) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whatsapp_targets, "_halves", lambda key: (5, digest_of(*key)))
        check(added, later)


def test_many_messages_under_one_key_cost_no_more_than_few(monkeypatch: pytest.MonkeyPatch) -> None:
    targets, steps = Targets(("message", "messages")), [0]
    for rowid in range(50_000):
        targets.add(("c", 1, "k"), rowid, Target("message", rowid, 0, False))
    targets.find(("c", 1, "k"), 3)
    real = whatsapp_targets._equal

    def counted(places: range, value_at: Callable[[int], int], value: int) -> range:
        def looked(place: int) -> int:
            steps[0] += 1
            return value_at(place)

        return real(places, looked, value)

    monkeypatch.setattr(whatsapp_targets, "_equal", counted)
    assert targets.find(("c", 1, "k"), 49_999) == Target("message", 49_999, 0, False)
    assert 0 < steps[0] < 120


@given(values=st.lists(st.one_of(st.text(), st.binary(), st.integers(), st.none())), other=st.text())
def test_a_set_of_digests_holds_what_was_put_into_it(values, other) -> None:
    kept = Numbers(map(digest_of, values))
    assert len(kept) == len({(type(each), each) for each in values})
    assert all(digest_of(each) in kept for each in values)
    assert (digest_of(other) in kept) == (other in values)


def test_digests_are_the_same_in_every_run() -> None:
    assert digest_of("3EB0A1") == 0x2E87FC52F0A7CC13
    assert digest_of(None) != digest_of("None")
    assert digest_of(1.0) == digest_of(1) != digest_of("1")
