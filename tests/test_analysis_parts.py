"""A list of prices that is sent in several messages in a row is one finding."""

from __future__ import annotations

import pytest

from forensics.analysis.findings import Classifier, Line, find
from forensics.flag_work import built_in

_MINUTE = 60_000
_LIST = ("coke 1g 50", "ketamine 1g 25", "mdma 1g 20", "xtc 1 stuk 3 euro, 10 stuks 20 euro")


def _lines(texts: tuple[str, ...], *, senders: str = "AAAA", apart: int = 1) -> list[Line]:
    return [
        Line(id=str(place), text=text, sent_at=1_700_000_000_000 + place * apart * _MINUTE, sender=sender)
        for place, (text, sender) in enumerate(zip(texts, senders, strict=False))
    ]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return built_in()


def test_the_parts_of_a_list_are_one_menu_with_all_items(classifier: Classifier) -> None:
    found = [f for f in find(_lines(_LIST), classifier) if f.kind != "conversation"]
    assert [f.kind for f in found] == ["menu"]
    assert found[0].messages == ("0", "1", "2", "3")
    sold = [(i.substance, i.quantity, i.price) for i in found[0].items]
    assert sold == [
        ("cocaine", 1, 50),
        ("ketamine", 1, 25),
        ("mdma", 1, 20),
        ("xtc-tablet", 1, 3),
        ("xtc-tablet", 10, 20),
    ]


def _parts_of_menus(lines: list[Line], classifier: Classifier) -> int:
    return max((len(f.messages) for f in find(lines, classifier) if f.kind == "menu"), default=0)


def test_another_writer_or_a_pause_ends_the_list(classifier: Classifier) -> None:
    assert _parts_of_menus(_lines(_LIST, senders="ABAB"), classifier) <= 1
    assert _parts_of_menus(_lines(_LIST, apart=10), classifier) <= 1


def test_without_known_writers_nothing_is_joined(classifier: Classifier) -> None:
    lines = [line._replace(sender=None) for line in _lines(_LIST)]
    assert _parts_of_menus(lines, classifier) <= 1
