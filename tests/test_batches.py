"""Records go to the case in batches of bounded size, of whatever kind they are, and in their order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forensics import extract
from forensics.extract import BATCH, batched
from forensics.model import Notice


def notice(number: int) -> Notice:
    return Notice(severity="info", text=f"notice {number}")


def test_notices_alone_fill_batches_too() -> None:
    given_ = [notice(number) for number in range(2 * BATCH + 1)]
    batches = list(batched(iter(given_)))
    assert [len(each.notices) for each in batches] == [BATCH, BATCH, 1]
    assert [each for batch in batches for each in batch.notices] == given_


@given(kinds=st.lists(st.booleans(), max_size=60), size=st.sampled_from((1, 2, 7)))
def test_a_notice_never_comes_before_a_message_that_was_told_before_it(kinds, size) -> None:
    records = [notice(place) if is_notice else (place,) for place, is_notice in enumerate(kinds)]
    before, extract.BATCH = extract.BATCH, size
    try:
        batches = list(batched(iter(records)))
    finally:
        extract.BATCH = before
    assert [row for batch in batches for row in batch.messages] == [
        each for each in records if isinstance(each, tuple)
    ]
    told: set[int] = set()
    for batch in batches:
        told |= {place for (place,) in batch.messages}
        last = max((int(each.text.split()[1]) for each in batch.notices), default=-1)
        assert {place for place, is_notice in enumerate(kinds[: last + 1]) if not is_notice} <= told
