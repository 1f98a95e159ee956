"""The built-in validation set and its intervals."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from forensics.analysis.findings import Classifier
from forensics.analysis.validation import ORDINARY, cases, others, validate, wilson


@cache
def _result() -> dict[str, Any]:
    return validate(Classifier.load())


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


def test_lists_and_deals_are_found_and_their_items_read() -> None:
    result = _result()
    assert result["labels"]["menu"]["recall"]["rate"] >= 0.95
    assert result["labels"]["deal"]["recall"]["rate"] >= 0.88
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
    result = json.loads(json.dumps(_result()))
    assert result["version"].endswith(result["sha256"][:12])
    assert len(result["cautions"]) == 3
    assert result["messages"] == len(cases())


_OF_MENUS = ("menus", "menus-2")  # nothing else is in it


@pytest.mark.parametrize("name", others())
def test_the_other_sets_are_counted_apart(name: str) -> None:
    other = cases(name)
    assert len(other) >= 250
    assert not {c.id for c in other} & {c.id for c in cases()}
    assert name in _OF_MENUS or sum(c.label in ("talk", "none") for c in other) >= 250
    assert name not in ORDINARY or {c.label for c in other} <= {"talk", "none"}
    figures = json.loads(json.dumps(_result()[name]))
    assert figures["messages"] == len(other)
    part = "false_flags" if name in ORDINARY else "recall"
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
