"""Part C as a reader sees it: error rates in words, and no code of the program where a word belongs."""

from __future__ import annotations

import pytest
from test_reports_cases import small_case
from test_reports_content import report, tables_of

from forensics.case_analysis import built_in, rules_record
from forensics.words import WORDS, Words


@pytest.fixture(scope="module")
def rules():
    return rules_record(built_in(), "2026-10-15T08:00:00.000Z")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_error_rates_are_told_in_words_with_their_set_count_and_interval(language, rules):
    case = small_case()
    case.rules = lambda: rules
    rows = list(tables_of(report(case, language))["C12.error_rates"].rows())
    words, trade = Words(language), rules["validation"]["trade"]["recall"]
    wanted = (
        words("measure.trade.recall"),
        words("set.built-in"),
        f"{trade['count']} / {trade['of']}",
        f"{trade['count'] / trade['of']:.3f}",
        "{:.3f} - {:.3f}".format(*trade["interval"]),
    )
    assert wanted in rows
    assert not any("." in row[0] or "_" in row[0] for row in rows)


def test_the_set_that_guided_the_rules_least_comes_first_and_the_first_set_last(rules):
    case = small_case()
    case.rules = lambda: rules
    sets = [row[1] for row in tables_of(report(case))["C12.error_rates"].rows()]
    known = (
        "blind-fair",
        "blind-plain",
        "blind",
        "blind-mixed",
        "blind-ordinary",
        "price-lists",
        "prose",
        "ordinary-9",
        "ordinary-8",
        "ordinary-7",
        "ordinary-6",
        "ordinary-5",
        "ordinary-4",
        "ordinary-3",
        "ordinary-2",
        "everyday",
        "ordinary",
        "menus-2",
        "menus",
        "singles",
        "mixed",
        "forty-sixth",
        "forty-fifth",
        "forty-fourth",
        "forty-third",
        "forty-second",
        "forty-first",
        "fortieth",
        "thirty-ninth",
        "thirty-eighth",
        "thirty-seventh",
        "thirty-sixth",
        "thirty-fifth",
        "thirty-fourth",
        "thirty-third",
        "thirty-second",
        "thirty-first",
        "thirtieth",
        "twenty-ninth",
        "twenty-eighth",
        "twenty-seventh",
        "twenty-sixth",
        "twenty-fifth",
        "twenty-fourth",
        "twenty-third",
        "twenty-second",
        "twenty-first",
        "twentieth",
        "nineteenth",
        "eighteenth",
        "seventeenth",
        "sixteenth",
        "fifteenth",
        "fourteenth",
        "thirteenth",
        "twelfth",
        "eleventh",
        "tenth",
        "ninth",
        "eighth",
        "seventh",
        "sixth",
        "fifth",
        "fourth",
        "third",
        "second",
        "built-in",
    )
    ranks = [next(at for at, name in enumerate(known) if WORDS[f"set.{name}"][0] == each) for each in sets]
    assert ranks == sorted(ranks)
    assert ranks[-1] == len(known) - 1
    assert len(set(ranks)) > 2


def test_how_much_is_found_of_what_is_disguised_is_printed_per_set_and_per_kind(rules):
    case, words = small_case(), Words("en")
    rates = {"menu-obf-leet": _rate(3, 4), "obf-zw": _rate(1, 1)}
    fourth = {"obfuscated": {"obf-leet": _rate(2, 4), "brand_new": _rate(0, 1)}}
    validation = {**rules["validation"], "obfuscated": {}, "fifth": {"obfuscated": rates}, "fourth": fourth}
    case.rules = lambda: rules | {"validation": {**_without_obfuscated(validation)}}
    tables = tables_of(report(case, "en"))
    found = [row for row in tables["C12.error_rates"].rows() if row[0] == words("measure.obfuscated")]
    assert [row[1:4] for row in found] == [
        (words("set.fifth"), "4 / 5", "0.800"),
        (words("set.fourth"), "2 / 5", "0.400"),
    ]
    assert [row[:3] for row in tables["C12.obfuscated"].rows()] == [
        ("brand_new", "0 / 1", "0.000"),
        ("digits and signs as letters", "5 / 8", "0.625"),
        ("invisible characters", "1 / 1", "1.000"),
    ]
    assert {row[0]: row[3] for row in tables["C12.obfuscated"].rows()}["brand_new"] == "0.000 - 0.793"


def _rate(count: int, of: int) -> dict[str, object]:
    return {"count": count, "of": of, "rate": count / of, "interval": [0.0, 1.0]}


def _without_obfuscated(validation: dict[str, object]) -> dict[str, object]:
    """The same, with the disguises of the fifth and the fourth set only."""
    kept = {"fifth", "fourth"}
    return {
        name: {key: rate for key, rate in each.items() if key != "obfuscated"}
        if isinstance(each, dict) and name not in kept
        else each
        for name, each in validation.items()
    }


def test_the_figures_of_this_version_have_those_of_disguises(rules):
    case = small_case()
    case.rules = lambda: rules
    tables = tables_of(report(case))
    assert Words("nl")("measure.obfuscated") in {row[0] for row in tables["C12.error_rates"].rows()}
    kinds = [row[0] for row in tables["C12.obfuscated"].rows()]
    named = {words[0] for key, words in WORDS.items() if key.startswith("obfuscation.")}
    assert kinds and set(kinds) <= named


def test_the_severity_of_a_notice_is_a_word_of_the_report():
    rows = tables_of(report(small_case()))["C10.notice_counts"].rows()
    assert {row[0] for row in rows} <= {
        words[0] for name, words in WORDS.items() if name.startswith("severity.")
    }
