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
        f"{trade['rate']:.3f}",
        "{:.3f} - {:.3f}".format(*trade["interval"]),
    )
    assert wanted in rows
    assert not any("." in row[0] or "_" in row[0] for row in rows)


def test_the_set_that_guided_the_rules_least_comes_first_and_the_first_set_last(rules):
    case = small_case()
    case.rules = lambda: rules
    sets = [row[1] for row in tables_of(report(case))["C12.error_rates"].rows()]
    known = ("blind", "ordinary", "sixth", "fifth", "fourth", "third", "second", "built-in")
    ranks = [next(at for at, name in enumerate(known) if WORDS[f"set.{name}"][0] == each) for each in sets]
    assert ranks == sorted(ranks)
    assert ranks[-1] == len(known) - 1
    assert len(set(ranks)) > 2


def test_the_severity_of_a_notice_is_a_word_of_the_report():
    rows = tables_of(report(small_case()))["C10.notice_counts"].rows()
    assert {row[0] for row in rows} <= {
        words[0] for name, words in WORDS.items() if name.startswith("severity.")
    }
