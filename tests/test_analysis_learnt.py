"""The second opinion: weights that were learnt add up by hand, and what they say is told with its place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_weights import classifier_of, on_balance

from forensics.analysis.findings import Classifier, Line, find
from forensics.analysis.glance import Glance, Marks, Seen
from forensics.analysis.learnt import amid, form_names, forms, shape, together
from forensics.analysis.score import Hit
from forensics.analysis.sums import Sums
from forensics.analysis.talk import verdicts
from forensics.analysis.validation import cases
from forensics.analysis.verdicts import Verdict
from forensics.analysis.weights import Forms, Weights
from forensics.errors import WrongUse
from forensics.flag_work import built_in

_ROWS = b"""form,thousandths
(version),3
(base),-200
(line),300
line:word:hoeveel,200
line:word:kom,150
behind:question,-90
word:nog,400
word:kom,350
word:oma,-400
word:tante,-300
name:2,300
twice:question,60
writers:two,50
"""
_SMALL = _ROWS + on_balance("stretch", deal=600)
_SEEN_ROWS = (
    _SMALL.replace(b"(base),-200", b"(base),500")
    + b"(glance),-10\nglance:kom,300\nglance:minuten,90\nglance:ja kom,120\n"
)
_SEEN = Weights(_SEEN_ROWS)
_TALK = ("heb je nog wiet?", "ja hoeveel?", "dan kom je langs de andere kant met mijn broer en zijn hond")
_AGAINST = (*_TALK[:2], "de oma en tante van mijn broer en zijn hond gaan mee")


@cache
def _small() -> Classifier:
    """The rules with a handful of weights, and thresholds of their own."""
    least = {"balance": 100, "solitary": 0, "listed": 100, "glance": 500, "glance_near": -100_000}
    never = 100_000  # weighs any line for what it says alone, or tells lists from deals
    least |= {
        "glance_alone": never,
        "worth": never,
        "lists": never,
        "alone": never,
        "unnamed": 150,
        "otherwise": 600,
    }
    least |= {"ruled": 2 * never, "hidden": 0, "price": 0, "prices": 0, "rows": 0}
    return classifier_of(_SMALL, least)


def _lines(*texts: str) -> list[Line]:
    return [Line(f"m{n}", text, n * 60_000, "AB"[n % 2]) for n, text in enumerate(texts)]


def _told(*texts: str, weights: Weights | None = None) -> list[Verdict]:
    classifier = _small() if weights is None else _small().weighing(weights)
    return list(verdicts((("talk", line) for line in _lines(*texts)), classifier))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", "#0"), ("3", "#3"), ("7", "#6-9"), ("15", "#x5"), ("17", "#10-24"), ("60", "#x10"),
        ("250", "#x50"), ("43", "#25-99"), ("825", "#100-999"), ("2024", "#1000+"), ("2,50", "#,"),
        ("1234567890", "#?"),
    ],
)  # fmt: skip
def test_a_number_counts_as_its_kind(text: str, kind: str) -> None:
    assert shape(text) == kind


def test_the_forms_of_a_line_have_their_places() -> None:
    text = "Heb je nog 5g beste?"
    found = {form.name: text[form.start : form.end] for form in forms(built_in().reader.read(text))}
    assert found["word:heb"] == "Heb"
    assert found["pair:heb je"] == "Heb je"
    assert (found["word:#5"], found["word:g"], found["pair:#5 g"]) == ("5", "g", "5g")
    assert "g" in found["amount:g"]
    assert found["pair:? $"] == "?"
    assert found["act:request.2"].startswith("Heb je nog")
    assert found["question"] == ""
    assert not any(name.startswith("begins:") for name in found)


def test_a_word_counts_by_four_letters_each_with_its_ends() -> None:
    text = "ok 2 Wietjes wietjes b4d"
    found = {form.name: text[form.start : form.end] for form in forms(built_in().reader.read(text))}
    letters = ("<wie", "wiet", "ietj", "etje", "tjes", "jes>")
    assert {name for name in found if name.startswith("letters:")} == {f"letters:{each}" for each in letters}
    assert found["letters:tjes"] == "Wietjes"
    of_others = amid([["word:ok"], list(found)], 0)
    assert not any("letters:" in name for name in of_others)
    assert not any(name.startswith("letters:") for name in form_names(built_in().reader.read("a" * 40)))


def test_names_of_forms_are_made_without_their_places() -> None:
    """As many lines as there are kinds of them: every thirtieth message of the set."""
    reader, learnt = built_in().reader, built_in().learnt
    kept = Forms(reader, learnt)
    for case in islice(cases(), 0, None, 30):
        found = [form.name for form in forms(reader.read(case.text))]
        assert set(form_names(reader.read(case.text))) == set(found)
        assert sorted(kept.names(case.text)) == sorted(form.name for form in kept.of(case.text))
        assert set(kept.names(case.text)) == learnt.known.keys() & set(found)


def test_forms_of_several_lines_count_once_and_by_how_often() -> None:
    lines = [["word:a", "question"], ["word:a", "question"], ["word:b"], ["word:b"], ["word:c"]]
    assert set(together(lines, of_two=True)) == {
        *("word:a", "word:b", "word:c", "question", "twice:question", "quarter:question", "writers:two")
    }


def test_the_sum_is_that_of_the_file_by_hand() -> None:
    weights = Weights(_SMALL)
    assert weights.total(["word:nog", "word:kom", "word:nowhere", "twice:question"]) == -200 + 400 + 350 + 60
    assert set(weights.known) == {
        "word:nog",
        "word:hoeveel",
        "word:kom",
        "word:oma",
        "word:tante",
        "name:2",
        "question",
        "writers:two",
        "subject:any",
    }
    assert weights.version == 3


_NAMES = st.sampled_from(["word:nog", "word:oma", "word:x", "question", "act:price.2", "name:2", "amount:g"])


@given(st.lists(st.lists(_NAMES, max_size=6), min_size=1, max_size=17), st.booleans())
def test_the_sum_of_a_stretch_is_that_of_the_names_of_its_forms(lines: list[list[str]], of_two: bool) -> None:
    ways = ("twice", "often", "quarter", "half")
    again = (f"{often}:{name}" for often in ways for name in ("name:2", "amount:g", "act:price.2"))
    rows = [*_SMALL.decode().split(), *(f"{name},{7**n}" for n, name in enumerate(again, 3))]
    weights = Weights("\n".join(rows).encode())
    sums = Sums(weights)
    total = sums.total([sums.weighed(names) for names in lines], of_two=of_two)
    assert total == weights.total(together(lines, of_two=of_two))


def _of(hits: tuple[Hit, ...], rule: str) -> list[Hit]:
    return [hit for hit in hits if hit.id == rule]


def test_a_line_that_the_weights_find_says_its_sum_and_what_lies_on_the_balance() -> None:
    found = _told(*_TALK)
    assert [verdict.label for verdict in found] == ["deal", "deal", "deal"]
    joined = found[2]
    # base -200, nog 400, kom 350, two questions 60, two writers 50: 660, in the step from 600
    (learnt,) = _of(joined.rules, "learnt")
    assert learnt.weight == joined.score == 6
    (less,) = _of(joined.rules, "learnt-less")
    assert less.reason.endswith("(-501)")
    told = "rules:none +0, score:0 +0, alone:0 +0, amid:400 +0, stretch:600 +600, around:0 +0, most:0 +0"
    beside = "before:0 +0, behind:none +0, close:0 +0, earlier:0 +0, later:none +0"
    assert f"(+600 = +0, {told}, {beside}; v3, sha256 " in learnt.reason


def test_what_speaks_against_in_what_it_weighs_alone_is_listed_with_its_sign() -> None:
    weights = Weights(
        _SMALL + b"alone:word:oma,-400\nalone:word:kom,350\nalone:word:dan,99\nbalance:stretch:0,100\n"
    )
    found = _told(*_TALK[:2], _TALK[2].replace("broer", "zus en oma"), weights=weights)[2]
    (against,) = _of(found.rules, "learnt-against")
    assert (against.text, against.thousandths, against.sign) == ("oma", -400, "-")
    assert against.as_dict()["thousandths"] == -400
    (word,) = _of(found.rules, "learnt-for")
    assert (word.text, word.start, word.end, word.thousandths, word.sign) == ("kom", 4, 7, 350, "+")
    assert (found.label, found.score) == ("deal", 1)  # 660 - 400, in the step from 0, which weighs 100 here


def test_without_the_form_that_weighs_the_line_is_no_deal() -> None:
    """What the reason says would change the result does."""
    without = _TALK[2].replace("broer", "oma").replace("kom", "loop")
    assert _told(*_TALK[:2], without)[2].label == "none"  # -200 + 400 + 60 + 50 - 400


def test_a_deal_by_the_rules_is_none_where_the_weights_speak_clearly_against_it() -> None:
    denied = _told(*_AGAINST)
    assert [verdict.label for verdict in denied] == ["mention", "none", "none"]
    first = denied[0]
    # base -200, nog 400, oma -400, writers 50, two questions 60, aunts -300: -390, in the step from -600
    (against,) = _of(first.rules, "learnt-denies")
    assert against.reason.endswith(f"; v3, sha256 {Weights(_SMALL).sha256[:12]})")
    assert "(+0 = +0, rules:deal +600, " in against.reason
    assert ", stretch:-600 -600, " in against.reason
    assert (against.weight, first.score) == (0, sum(hit.weight for hit in first.rules))
    (change,) = _of(first.rules, "learnt-more")
    assert "(+100; alone +" in change.reason
    assert {hit.id for hit in _told(*_TALK)[0].rules} <= {hit.id for hit in first.rules}


def test_less_against_it_leaves_the_rules_their_deal() -> None:
    """What the reason says would change the result does."""
    without = _told(*_AGAINST[:2], _AGAINST[2].replace("tante", "zus"))  # -90, in the step from -300
    assert [verdict.label for verdict in without[:2]] == ["deal", "deal"]


_UNNAMED = ("kom je nog?", "kom nog even", "ja kom, nog 10 minuten?")


def test_where_no_line_has_an_opening_cue_nothing_is_weighed() -> None:
    assert {v.label for v in _told(*_UNNAMED)} == {"none"}


def test_without_an_opening_cue_lines_are_weighed_that_weigh_enough_at_a_glance() -> None:
    told = _told(*_UNNAMED, weights=_SEEN)
    # base 500, nog 400, kom 350, two writers 50 and two questions 60: 1360, in the step from 1200
    assert [v.label for v in told] == ["deal"] * 3
    (learnt,) = _of(told[0].rules, "learnt")
    assert "(+1200 = +0, " in learnt.reason
    assert "stretch:1200 +1200" in learnt.reason
    assert learnt.weight == told[0].score == 12


def test_what_is_seen_at_a_glance_must_weigh_as_much_as_the_rules_say() -> None:
    """-10 + 300 + 90 + 120 = 500, each word and pair once: with one less in the base nothing is weighed."""
    less = Weights(_SEEN_ROWS.replace(b"(glance),-10", b"(glance),-11"))
    assert {v.label for v in _told(*_UNNAMED, weights=less)} == {"none"}


def test_a_glance_takes_words_and_pairs_whatever_signs_and_capitals_they_have() -> None:
    glance = Glance(_SEEN)
    assert _names(glance.of("Ja, KOM! 10 (minuten)")) == ["ja kom", "kom", "minuten"]
    assert _names(glance.of("kom kom, ja kom")) == ["ja kom", "kom"], "each once"
    assert _names(glance.of("ja maar kom")) == ["kom"]
    assert _names(glance.of("kom " * 15)) == _names(glance.of("kom " * 30)) == ["kom"]
    assert glance.of("kom " * 100) == Marks((), -10), "a line so long is not counted"


def _names(marks: Marks) -> list[str]:
    """The words and pairs by their marks."""
    seen = _SEEN.seen
    numbers = {number: word for word, number in seen.words.items()}
    named = {mark: numbers[number] for number, mark in enumerate(seen.mark_of) if mark}
    for key, mark in seen.pairs.items():
        first, second = divmod(key, seen.PAIRED)
        named[mark] = f"{numbers[first]} {numbers[second]}"
    assert marks.weight == -10 + sum(seen.worth[mark] for mark in marks.found)
    return sorted(named[mark] for mark in marks.found)


_PIECES = st.sampled_from(["kom", "ja kom", "minuten", "ja"])


@given(st.lists(st.lists(_PIECES, max_size=4).map(" ".join), max_size=30), st.integers(1, 6))
def test_lines_that_came_first_go_first_and_leave_what_is_left(texts: list[str], most: int) -> None:
    """However often a word is said: what is left weighs what it weighs alone."""
    glance, seen = Glance(_SEEN), Seen(Glance(_SEEN))
    for place, text in enumerate(texts):
        seen.add(glance.of(text).found)
        if place >= most:
            seen.drop(glance.of(texts[place - most]).found)
        alone = Seen(glance)
        for each in texts[max(0, place - most + 1) : place + 1]:
            alone.add(glance.of(each).found)
        assert seen.total == alone.total == seen.copy().total


@given(st.lists(st.sampled_from(["kom", "ja kom", "minuten", "ja", "nog"]), max_size=60))
def test_what_lines_weigh_at_a_glance_is_that_of_those_around(texts: list[str]) -> None:
    """Of every line as of itself, the eight before and the eight behind."""
    glance = Glance(_SEEN)
    heard = _small().weighing(_SEEN).opinion()
    for line in _lines(*texts):
        heard.hear(line, 1, None)
    heard.end()
    for place, kept in enumerate(heard._lines):
        around = {mark for text in texts[max(place - 8, 0) : place + 9] for mark in glance.of(text).found}
        weight = -10 + sum(_SEEN.seen.worth[mark] for mark in around)
        assert (kept.glanced, kept.sighted or weight < 500) == (weight, True)


def test_messages_by_themselves_that_weigh_little_are_left_to_the_rules() -> None:
    asked = [(None, line) for line in _lines(*_TALK)]
    rules = [built_in().conversation().read(line) for line in _lines(*_TALK)]
    assert [v.label for v in verdicts(asked, _small())] == [v.label for v in rules]


def test_the_answers_come_in_the_order_asked_also_where_some_must_wait() -> None:
    lines = _lines(*(_TALK * 20))
    asked = [(f"talk {n % 3}" if n % 4 else None, line) for n, line in enumerate(lines)]
    for most in (1, 7, 10_000):
        assert [v.id for v in verdicts(asked, built_in(), most)] == [line.id for line in lines]


def test_a_case_finds_what_classify_says() -> None:
    lines = _lines(*_TALK, "ok", *_TALK[1:])
    said = [v.id for v in verdicts((("talk", line) for line in lines), _small()) if v.label == "deal"]
    (deal,) = find(lines, _small())
    assert sorted(deal.messages) == said


def test_lines_take_a_time_that_grows_with_their_number() -> None:
    def seconds(times: int) -> float:
        lines = _lines(*(_TALK * times))
        before = time.process_time()
        find(lines, built_in())
        return time.process_time() - before

    seconds(20)
    assert seconds(800) < 8 * seconds(200) + 0.3


def test_a_line_that_is_none_is_told_behind_the_verdicts_on_those_before_it() -> None:
    def asked() -> Iterator[tuple[str | None, Line]]:
        yield from (("talk", line) for line in _lines(*_TALK))
        raise WrongUse("line 4 is no JSON")

    found = verdicts(asked(), _small())
    assert [next(found).label for _ in _TALK] == ["deal", "deal", "deal"]
    with pytest.raises(WrongUse, match="line 4"):
        next(found)


def test_a_line_that_weighs_too_little_amid_others_is_none_though_the_stretch_weighs_enough() -> None:
    """The same line twice: amid others it weighs 300 and 320, less 90 for a question right behind the first:
    steps from 300 and from 600. Both have the stretch of all lines, in the step from 600."""
    balance = on_balance("stretch", "amid").replace(b"(balance),0", b"(balance),-1000")
    rows = _ROWS.replace(b"line:word:kom,150", b"line:word:kom,320")
    found = _told(*_TALK, "wat doe je?", _TALK[2], weights=Weights(rows + balance))
    assert [v.label for v in found] == ["mention", "none", "none", "none", "deal"]


@given(st.lists(st.lists(_NAMES, max_size=6), min_size=1, max_size=9), st.data())
def test_what_a_line_weighs_amid_others_is_that_of_the_names_of_its_forms(
    lines: list[list[str]], data: st.DataObject
) -> None:
    kinds = ("question", "act:price.2", "name:2", "amount:g")
    own = {f"line:{name}": 3**n for n, name in enumerate(("word:oma", *kinds))}
    beside = {f"{where}:{name}" for where in ("earlier", "before", "behind", "later") for name in kinds}
    worth = own | {name: 7 + 11**n for n, name in enumerate(sorted(beside))}
    rows = ["form,thousandths", "(version),1", "(line),-5", *(f"{name},{w}" for name, w in worth.items())]
    place = data.draw(st.integers(0, len(lines) - 1))
    total = Weights("\n".join(rows).encode()).amid_total(lines, place)
    assert total == -5 + sum(worth.get(name, 0) for name in amid(lines, place))


def test_a_line_amid_others_counts_its_own_forms_and_the_kinds_beside_it() -> None:
    lines = [["question"], ["word:a", "length:to 2"], ["word:b", "question"], ["name:2"], [], ["act:offer.2"]]
    assert list(amid(lines, 1)) == [
        *("line:word:a", "line:length:to 2", "before:question"),
        *("behind:question", "later:name:2"),
    ]
