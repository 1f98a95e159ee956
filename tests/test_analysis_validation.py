"""The built-in validation set and its intervals."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any
from unittest.mock import patch

import pytest
from sporen_runs import done, sporen

from forensics.analysis import measured as measuring
from forensics.analysis import validation
from forensics.analysis.data_files import data_bytes
from forensics.analysis.measured import figures, measured
from forensics.analysis.validation import (
    BUILT_IN,
    ORDINARY,
    TRADE,
    Case,
    cases,
    figures_of,
    others,
    validate,
    wilson,
)
from forensics.flag_work import built_in

# Lists, decoys and disguises; lines without a conversation, those with one, and the last set.
_RUN_HERE = (BUILT_IN, "fifth", "sixteenth", "eighteenth", "fortieth")


@cache
def _result() -> dict[str, Any]:
    """Of some sets: to run all takes ten minutes."""
    return _plain(validate(built_in(), _RUN_HERE))


@cache
def _all() -> dict[str, Any]:
    return _plain(validate(built_in()))


@cache
def _figures() -> dict[str, Any]:
    return json.loads(data_bytes("figures.json"))


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(found))


def test_the_figures_that_are_kept_are_of_these_rules_and_sets() -> None:
    """When this or the next fails, run fixtures/validation/make_figures.py."""
    classifier, kept = built_in(), _figures()
    assert (kept["rules_sha256"], kept["sets_sha256"]) == (classifier.sha256, measuring.sets_sha256())
    assert measured(classifier, "now") == {"measured_at": kept["measured_at"], **kept["figures"]}
    parts = {
        "trade",
        "labels",
        "conversations",
        "items",
        "item_parts",
        "messages",
        "obfuscated",
        "ten_thousand",
    }
    assert {*others(), *parts, "prevalences"} == set(kept["figures"])


@pytest.mark.parametrize("name", _RUN_HERE)
def test_the_figures_that_are_kept_are_those_that_a_set_gives(name: str) -> None:
    kept, found = _figures()["figures"], _result()
    if name != BUILT_IN:
        kept, found = kept[name], found[name]
    for part in (
        "messages",
        "labels",
        "trade",
        "conversations",
        "items",
        "item_parts",
        "obfuscated",
        "ten_thousand",
    ):
        assert kept[part] == found[part]


@pytest.mark.full
def test_the_figures_that_are_kept_are_those_that_all_sets_give() -> None:
    with patch.object(measuring, "validate", lambda *_: _all()):
        assert _figures()["figures"] == figures(built_in())


@pytest.mark.full
def test_the_command_prints_those_of_all_sets() -> None:
    with patch.object(validation, "validate", lambda _, chosen: _all() if not chosen else {}):
        found = json.loads(done("validate", "--json").stdout)
        assert found == _all()
        told = done("validate").output
    assert "First set: " in told and all(f"{name.capitalize()} set: " in told for name in others())


def test_the_command_runs_the_sets_that_are_asked_for_and_no_others() -> None:
    found = json.loads(done("validate", "--set", "sixteenth", "--set", "fifth", "--json").stdout)
    names = {"version", "sha256", "cautions", "sixteenth", "fifth"}
    assert set(found) == names
    for name in ("sixteenth", "fifth"):
        assert found[name] == _result()[name]
    told = done("validate", "--set", "sixteenth").output
    assert "Sixteenth set: " in told and "First set: " not in told
    assert json.loads(done("validate", "--set", BUILT_IN, "--json").stdout)["messages"] == len(cases())


def test_a_set_that_is_not_there_is_named_with_those_that_are() -> None:
    refused = sporen("validate", "--set", "hundredth")
    assert refused.exit_code == 2
    assert "no set hundredth; there are: built-in, second, " in refused.stderr
    assert sporen("validate", "--case", "gone", "--set", "second").exit_code == 2


@pytest.mark.parametrize(
    ("successes", "total", "interval"),
    [(0, 0, (0.0, 1.0)), (0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (5, 10, (0.2366, 0.7634))],
)
def test_the_wilson_interval_has_its_known_values(
    successes: int, total: int, interval: tuple[float, float]
) -> None:
    assert wilson(successes, total) == interval


def test_the_set_is_large_and_its_ids_are_unique() -> None:
    labelled = cases()
    assert len(labelled) >= 250
    assert max(Counter(c.id for c in labelled).values()) == 1
    assert {c.label for c in labelled} == {"menu", "deal", "open", "talk", "none"}
    assert len({c.category for c in labelled}) >= 15


def test_items_are_compared_whole_and_by_parts() -> None:
    case = Case(
        id="a",
        part="own",
        category="menu",
        language="nl",
        label="menu",
        text="wit 1g 60\nket 2g 40",
        conversation=None,
        sender=None,
        items=(("cocaine", 1, "g", 60, "EUR"), ("ketamine", 3, "g", 40, None)),
    )
    found = _plain(figures_of([case], built_in()))
    right = {name: each["recall"]["count"] for name, each in found["item_parts"].items()}
    assert found["items"]["recall"]["count"] == 0
    assert right == {"without the currency": 1, "substance": 2, "amount and price": 1}
    assert found["item_parts"]["substance"]["precision"]["of"] == 2


def test_lists_and_deals_are_found_and_their_items_read() -> None:
    result = _result()
    assert result["labels"]["menu"]["recall"]["rate"] >= 0.95
    assert result["labels"]["deal"]["recall"]["rate"] >= 0.92
    assert result["trade"]["precision"]["rate"] >= 0.98
    assert result["items"]["recall"]["rate"] >= 0.97
    assert result["items"]["precision"]["rate"] >= 0.97


@pytest.mark.parametrize(
    "category", sorted({c.category for c in cases() if c.label in ("talk", "none")} - {"window"})
)
def test_no_decoy_is_taken_for_trade(category: str) -> None:
    labels = _result()["categories"][category]["labels"]
    assert not {"menu", "deal"} & set(labels), labels


def test_the_result_is_json_and_names_its_version_and_cautions() -> None:
    result = _result()
    assert result["version"].endswith(result["sha256"][:12])
    assert len(result["cautions"]) == 3
    assert result["messages"] == len(cases())


_OF_MENUS = ("menus", "menus-2", "forty-first", "forty-second")  # nothing else is in it


@pytest.mark.parametrize("name", others())
def test_the_other_sets_are_counted_apart(name: str) -> None:
    other = cases(name)
    assert len(other) >= (120 if name in _OF_MENUS else 250)
    assert not {c.id for c in other} & {c.id for c in cases()}
    assert name in _OF_MENUS or sum(c.label in ("talk", "none") for c in other) >= 250
    assert name not in ORDINARY or {c.label for c in other} <= {"talk", "none"}
    figures = _figures()["figures"][name]
    assert figures["messages"] == len(other)
    part = "recall" if any(c.label in TRADE for c in other) else "false_flags"
    rate = figures["conversations" if any(c.conversation for c in other) else "trade"][part]
    low, high = rate["interval"]
    assert 0 <= low <= rate["rate"] <= high <= 1


def test_what_flags_are_worth_where_trade_is_rare_is_worked_out() -> None:
    figures = _result()["fifth"]
    trade, many = figures["trade"], figures["ten_thousand"]
    false = trade["false_flags"]
    assert many["of"] == false["of"]
    assert many["false_flags"] == pytest.approx(1e4 * false["count"] / false["of"], abs=0.05)
    assert set(figures["prevalences"]) == {"0.01", "0.001", "0.0001"}
    for share, each in figures["prevalences"].items():
        found = trade["recall"]["rate"] * float(share)
        wrong = false["count"] / false["of"] * (1 - float(share))
        assert each["precision"] == pytest.approx(found / (found + wrong), abs=2e-4)
        assert each["least"] < each["precision"]


def test_each_obfuscation_has_its_own_figure() -> None:
    figures = _result()["fifth"]["obfuscated"]
    assert {"menu-obf-homoglyph", "menu-obf-zerowidth", "menu-obf-spaced", "menu-obf-leet"} <= set(figures)
    assert all(each["of"] > 0 for each in figures.values())
