"""Messages that count nothing and name no drug, and words of another subject that settle it."""

from __future__ import annotations

import re

import pytest

from forensics.analysis.findings import Line
from forensics.analysis.talk import verdicts
from forensics.analysis.tangible import is_tangible
from forensics.analysis.validation import TRADE
from forensics.analysis.verdicts import Verdict
from forensics.flag_work import built_in


@pytest.mark.parametrize(
    ("text", "tangible"),
    [
        ("3 for 50", True),
        ("2g", True),
        ("got any ketamine", True),
        ("got any speed", True),
        ("got any white", False),  # a colour too
        ("see you at the station", False),
        ("come at 7", False),
    ],
)
def test_what_counts_prices_or_names(text: str, tangible: bool) -> None:
    assert is_tangible(built_in().reader.read(text)) is tangible


def _label(text: str) -> str:
    (verdict,) = verdicts([(None, Line("m", text, sender="A"))], built_in())
    return verdict.label


def _told(*said: str) -> list[Verdict]:
    """What the lines of a talk of two are taken for."""
    talk = [("talk", Line(f"m{n}", text, n * 60_000, "AB"[n % 2])) for n, text in enumerate(said)]
    return list(verdicts(talk, built_in()))


_GOODS = (
    "brown sugar 0.5 20 1g 35, white 50",
    "brown sugar and coke, 1g 40",
    "light brown sugar 1g 40",
    "got any light brown sugar",
    "hash 10g 50, add caster sugar",
    "edibles with vanilla extract frosting, 10mg thc 5 each",
    "got some dob for the weekend 5 a tab",
    "get your dob tabs 5 each",
    "5g speed 50 a bag",
    "speed 5g 20, 200 feet from the park",
    "1g speed at 15, we do 100 mph on the road",
    "coke 50 a gram, send me a sms",
    "menu vandaag: wit 50, bruin 20, bestellen pro sms",
)


@pytest.mark.parametrize(
    "text",
    [
        "Balance of 300 pounds on your account, send WIN to 80000, only 150p/msg. CC: 06-0000 0001 BOX 9/14",
        "The nicest girls right on your mobile, wanting you. Text HOT to 80000 now, txt costs 100p each 18+",
        "We need some posh people to test soap. I need your address and dob asap",
        "The cake wants half a cup more of brown sugar.",
        "need 1 lb brown sugar and 2 lb flour for saturday",
        "you go fast!",
        "hey sam. there were a couple of guys looking for you.",
    ],
)
def test_ordinary_messages_are_of_no_trade(text: str) -> None:
    assert _label(text) not in TRADE


@pytest.mark.parametrize("text", _GOODS)
def test_the_same_words_of_goods(text: str) -> None:
    assert _label(text) in TRADE


def test_the_reasons_say_how_much_must_be_weighed_around() -> None:
    told = _told(
        "they sent me to talk to you, 50 a gram",
        "i want my money back, all that i gave you",
        "come on, we meet around the corner",
        "he is just off somewhere working with 5g",
    )
    hits = [hit for verdict in told for hit in verdict.rules if hit.id == "learnt-less"]
    assert any(re.search(r"; peak -\d+", hit.reason) for hit in hits)


def test_talk_without_goods_is_of_no_trade_where_no_line_weighs_much() -> None:
    """Threats and plans, as in films: many lines weigh a little."""
    told = _told(
        "they sent me to talk to you",
        "i want my money back, all that i gave you",
        "do not ask me anything, i tell you what i am going to do",
        "and you think i will let you",
        "something must come of it, the rent is not paid",
        "come on, we meet around the corner",
        "we are looking for your friend",
        "he is just off somewhere working",
    )
    assert [verdict.label for verdict in told] == ["none"] * 8
