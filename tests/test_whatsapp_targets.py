"""What quotes name: found by conversation, direction and key, in the order in which it was stored."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parsers.whatsapp_targets import Numbers, Target, Targets, digest_of, sender_digest

_KEYS = st.tuples(
    st.sampled_from(("a", "b")), st.sampled_from((0, 1, None)), st.sampled_from(("k", "", 1, b"k", None))
)
_TARGETS = st.builds(
    Target,
    table=st.sampled_from(("message", "messages")),
    rowid=st.integers(-(1 << 63), (1 << 63) - 1),
    sender=st.builds(sender_digest, st.sampled_from((None, 7, "7"))),
    message_type=st.none() | st.integers(-(1 << 63), (1 << 63) - 1),
    is_edited=st.booleans(),
)


@given(added=st.lists(st.tuples(_KEYS, _TARGETS)), asked=_KEYS, later=st.lists(st.tuples(_KEYS, _TARGETS)))
def test_the_targets_of_a_key_are_those_that_were_added_under_it(added, asked, later) -> None:
    targets = Targets(("message", "messages"))
    for part in (added, later):
        for key, target in part:
            targets.add(key, target)
        known = [*added, *(later if part is later else ())]
        assert targets.of(asked) == [target for key, target in known if key == asked]


@given(values=st.lists(st.one_of(st.text(), st.binary(), st.integers(), st.none())), other=st.text())
def test_a_set_of_digests_holds_what_was_put_into_it(values, other) -> None:
    kept = Numbers(map(digest_of, values))
    assert all(digest_of(each) in kept for each in values)
    assert (digest_of(other) in kept) == (other in values)


def test_digests_are_the_same_in_every_run() -> None:
    assert digest_of("3EB0A1") == 0xF27AD4E0F5E1DB0B
    assert digest_of(None) != digest_of("None")
