"""The weights that are learnt from the validation sets: the same each time, of talk as it was held."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

import pytest
from validation_makers import FOLDER, maker

from forensics.analysis.validation import UNLEARNT, Case
from forensics.analysis.weights import Weights
from forensics.flag_work import built_in


def test_the_maker_learns_the_same_weights_every_time_and_none_of_the_blind_sets() -> None:
    made = maker("make_weights")
    example = made.Example
    given = [example(("a", "b"), True, 10), example(("a", "c"), False, 10)] * 5
    first, again = made.learnt(given), made.learnt(list(given))
    assert first == again
    # both kinds hold a; b and c part them: equal and opposite but for the last step of the descent
    assert first["b"] > 100
    assert abs(first["b"] + first["c"]) <= 2
    assert abs(first.get("a", 0)) <= 4
    blind = {case.id for name in UNLEARNT for case in made.cases(name)}
    assert (
        len(blind)
        == 2400
        + 3000
        + 2600
        + 1260
        + 1565
        + 3002
        + 2179
        + 1592
        + 1343
        + 550
        + 120
        + 1849
        + 1038
        + 1375
        + 2596
        + 1375
        + 1356
    )
    assert blind.isdisjoint(case.id for case in made.guiding())


def _case(number: int, label: str, *, part: str = "second", talk: str = "talk", text: str = "") -> Case:
    return Case(
        id=f"{talk}-{number}", part=part, category="x", language="nl", label=label, conversation=talk,
        text=text or f"regel {number} om {number} uur", sender="AB"[number % 2], items=None,
    )  # fmt: skip


def _examples(*cases: Case) -> list[tuple[tuple[str, ...], bool, int, bool]]:
    made = maker("make_weights")
    return [tuple(each) for each in made.examples(built_in(), cases, made.by_glance())]


def test_ordinary_lines_are_also_put_among_lines_of_other_talks_and_lines_of_trade_never() -> None:
    ordinary = [_case(n, "none", talk=f"plain {n // 3}") for n in range(12)]
    found = _examples(*ordinary, *(_case(n, "deal", talk="deal") for n in range(20, 24)))
    mixed = [(names, trade) for names, trade, _tenths, is_mixed in found if is_mixed]
    assert not any(trade for _names, trade in mixed)
    # six times each of the twelve lines; those that are cut 4 + 8 and so on hold every line once a time
    pairs = Counter(name for names, _ in mixed for name in names if name.startswith("glance:r"))
    assert len(mixed) == 12 and len({frozenset(names) for names, _trade in mixed}) > 6
    assert pairs["glance:regel"] == 12, "stretches of four and of eight lines, six times"


def test_talk_that_hardly_names_its_goods_weighs_less() -> None:
    usual = _examples(*(_case(n, "deal", talk="a") for n in range(5)))
    hardly = _examples(*(_case(n, "deal", talk="a", part="twentieth") for n in range(5)))
    assert [(trade, tenths) for _names, trade, tenths, _mixed in (*usual, *hardly)] == [(True, 10), (True, 3)]


def test_a_form_is_learnt_from_talk_as_it_was_held_not_from_what_was_put_together() -> None:
    made = maker("make_weights")
    example = made.Example
    given = [example(("a",), True, 10), example(("c",), False, 10)] * 5
    given += [example(("c", "mixed"), False, 10, True)] * 5
    assert "mixed" not in made.learnt(given)


def test_what_says_more_of_the_sets_than_of_trade_counts_in_lines_alone() -> None:
    weights = built_in().learnt
    kinds = ("length:", "strange:", "both:")
    assert not any(name.startswith(kinds) for name in weights.of)
    assert any(name.startswith(kinds) for name in weights.alone)
    assert set(weights.known) > {"length:to 1", "strange:to 0"}


def test_the_file_is_written_as_it_is_read() -> None:
    made = maker("make_weights")
    raw = made.written({"(base)": -5, 'word:"': 7, "word:#,": 9}, {"(line)": 3, "line:lines": -6})
    rows = [
        f"(version),{made.NUMBER}",
        "(base),-5",
        "(line),3",
        "line:lines,-6",
        '"word:""",7',
        '"word:#,",9',
    ]
    assert raw.decode().splitlines()[1:] == rows
    weights = Weights(raw)
    assert weights.of == {'word:"': 7, "word:#,": 9}
    assert weights.amid_total([["lines"], ["lines"]], 1) == 3 - 6


@pytest.mark.full
def test_the_weights_of_the_package_are_those_that_the_maker_made_at_its_commit(tmp_path: Path) -> None:
    """Needs the history of the project."""
    tree, file = tmp_path / "tree", tmp_path / "learnt.csv"
    root, commit = FOLDER.parents[1], maker("make_weights").MADE_AT
    if not (root / ".git").exists() or (root / ".git" / "shallow").exists():
        pytest.skip("the history of the project is not here")
    asked = ["git", "-C", str(root), "archive", "--format=tar", f"--output={tmp_path / 'tree.tar'}", commit]
    subprocess.run(asked, check=True)
    with tarfile.open(tmp_path / "tree.tar") as archive:
        archive.extractall(tree, filter="data")
    command = [sys.executable, str(tree / "fixtures" / "validation" / "make_weights.py"), str(file)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(tree)})
    assert Weights(file.read_bytes()).sha256 == built_in().learnt.sha256


def test_all_of_one_writer_lies_in_one_part_and_writers_of_one_set_may_lie_in_several() -> None:
    """Each wrote under letters of their own; the sixth and the ninth set are halves of one."""
    written = [
        _case(n, "deal", part=part, talk=writer)
        for part, writer in (
            *(("mixed", f"x{number}{letter}") for number in (9, 10, 11) for letter in "abcd"),
            ("sixth", "f"),
            ("ninth", "f"),
        )
        for n in range(3)
    ]
    parts = maker("make_weights").folds(written)
    assert sorted(case.id for part in parts for case in part) == sorted(case.id for case in written)
    places: dict[str, set[int]] = {}
    for place, part in enumerate(parts):
        for case in part:
            places.setdefault(case.id.partition("-")[0], set()).add(place)
    assert {len(where) for where in places.values()} == {1}
    assert len(set().union(*places.values())) == 4, "twelve writers of one set are in all of them"
