"""Texts of the validation sets to draw from, read when a test first asks."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from forensics.analysis.cues import CUE_TRADE
from forensics.analysis.validation import BUILT_IN, cases
from forensics.flag_work import built_in


@cache
def said(*parts: str) -> list[str]:
    """The texts of some sets, of the first when none is named."""
    return [case.text for part in parts or (BUILT_IN,) for case in cases(part)]


@cache
def said_in_talk() -> list[str]:
    """Those of the four sets with the most talk of customers and couriers."""
    return said(BUILT_IN, "second", "third", "fourth")


@cache
def trade_only() -> list[str]:
    """Those of them that may be of trade by their words, and name no drug."""
    return [text for text in said_in_talk() if built_in().speaks(text) == CUE_TRADE]


some_said = st.deferred(lambda: st.sampled_from(said()))
some_said_in_talk = st.deferred(lambda: st.sampled_from(said_in_talk()))
some_trade_only = st.deferred(lambda: st.sampled_from(trade_only()))
