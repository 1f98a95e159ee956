"""Ordinary talks with a deal in them, put together of the sets for the weights to learn from."""

from __future__ import annotations

from itertools import groupby

from validation_makers import maker

from forensics.analysis.validation import Case

_NAMED = "wiet"


def _case(talk: str, number: int, text: str, label: str, language: str = "nl") -> Case:
    return Case(
        id=f"{talk}-{number}", part="second", category="x", language=language, label=label, text=text,
        conversation=talk or None, sender="AB"[number % 2], items=None,
    )  # fmt: skip


def _ordinary(count: int, language: str = "nl") -> list[Case]:
    return [
        _case(f"o{language}{n}", k, f"regel {k} van {n}", "none", language)
        for n in range(count)
        for k in range(6)
    ]


def _deal(name: str, language: str = "nl") -> list[Case]:
    said = ("ben je er", "heb je nog wiet", "hoeveel", "doe maar 5 wiet", "ok", "20 minuten", "top")
    labels = ("deal", "deal", "deal", "deal", "open", "deal", "open")
    return [
        _case(name, n, text, label, language)
        for n, (text, label) in enumerate(zip(said, labels, strict=True))
    ]


_SINGLES = [_case("", n, f"{text} {n} per gram", "menu") for n, text in enumerate(("wiet", "wiet", "niks"))]


def _interrupted(given: list[Case]) -> list[list[Case]]:
    lines = maker("mixing").interrupted(given, lambda text: _NAMED in text)
    return [list(group) for _, group in groupby(lines, key=lambda case: case.conversation)]


def test_an_ordinary_talk_stays_whole_around_lines_of_one_deal_in_their_order() -> None:
    given = [*_ordinary(240), *_deal("d1"), *_deal("d2")]
    talks = _interrupted(given)
    assert len(talks) == 80, "every other one; each third would get a message that stands alone"
    lengths, named, where = set(), set(), set()
    for lines in talks:
        own = [case for case in lines if case.id.startswith("o")]
        put = [case for case in lines if case.id.startswith("d")]
        assert [case.text for case in own] == [case.text for case in given if case.id[:-2] == own[0].id[:-2]]
        places = [n for n, case in enumerate(lines) if case in put]
        assert places == list(range(places[0], places[0] + len(put)))
        numbers = [int(case.id[-1]) for case in put]
        assert numbers == list(range(numbers[0], numbers[0] + len(put))), "as they stand in the deal"
        assert any(_NAMED in case.text for case in put)
        assert {case.sender for case in put} <= {"A", "B"}
        lengths.add(len(put))
        where.add(places[0])
        named |= {place for place, case in enumerate(put) if _NAMED in case.text}
    assert lengths == set(range(1, 7))
    assert named == set(range(4)), "the second and the fourth line of the deal name it"
    assert where == set(range(7)), "before the first line, behind the last, and everywhere between"


def test_labels_stay_and_two_who_talk_in_the_deal_stay_two() -> None:
    labels = {case.id: case.label for case in (*_ordinary(24), *_deal("d1"))}
    for lines in _interrupted([*_ordinary(24), *_deal("d1")]):
        assert [case.label for case in lines] == [labels[case.id] for case in lines]
        put = [case for case in lines if case.id.startswith("d")]
        assert len({case.sender for case in put}) == min(len(put), 2)


def test_a_message_that_stands_alone_is_put_in_too_and_only_one_that_may_speak_of_a_drug() -> None:
    talks = _interrupted([*_ordinary(24), *_SINGLES, *_deal("d1")])
    single = [case.text for lines in talks for case in lines if case.id.startswith("-")]
    assert sorted(single) == ["wiet 0 per gram"] * 2 + ["wiet 1 per gram"] * 2, "one in three talks of twelve"


def test_no_language_is_put_into_another_and_what_names_nothing_is_not_put_in() -> None:
    unnamed = [case for case in _deal("d1") if _NAMED not in case.text]
    assert _interrupted([*_ordinary(6), *_deal("d2", "de"), *unnamed]) == []


def test_the_same_sets_in_another_order_give_the_same_talks() -> None:
    given = [*_ordinary(24), *_SINGLES, *_deal("d1"), *_deal("d2")]
    groups = [list(group) for _, group in groupby(given, key=lambda case: case.conversation or case.id)]
    assert _interrupted(given) == _interrupted([case for group in groups[::-1] for case in group])
