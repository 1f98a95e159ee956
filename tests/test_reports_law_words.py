"""The ground of a listing in words: every confidence has its own, and a source is no derivation."""

from __future__ import annotations

import csv

import pytest
from test_reports_cases import FakeCase, conversation, flag, message, small_case
from test_reports_trade import tables

from forensics.analysis.lexicon import data_bytes
from forensics.words import WORDS, Words
from reports.content import compose
from reports.goods import quantity


def test_every_confidence_of_the_table_has_words() -> None:
    rows = csv.DictReader(data_bytes("listings.csv").decode().splitlines())
    found = {row["confidence"] for row in rows} | {"none", "unknown"}
    assert [each for each in sorted(found) if each and f"law.{each}" not in WORDS] == []


@pytest.mark.parametrize(("place", "word"), [(0, "tweede hand"), (1, "secondary source")])
def test_a_secondary_source_is_called_one(place: int, word: str) -> None:
    assert word in WORDS["law.secondary"][place]


@pytest.mark.parametrize("column", ["note", "decision"])
def test_what_the_table_says_stands_in_dutch(column: str) -> None:
    dutch, english = Words("nl"), Words("en")
    rows = csv.DictReader(data_bytes("listings.csv").decode().splitlines())
    for said in sorted({row[column] for row in rows} - {""}):
        assert dutch.of_law(said) != said
        assert english.of_law(said) == said


def test_what_a_table_of_a_user_says_stays_as_it_is() -> None:
    for said in ("not named; see the file", "decision of 2015, number 7", "Anna left"):
        assert Words("nl").of_law(said) == said


def test_the_dutch_report_has_the_notes_in_dutch() -> None:
    law = {
        "substance": "mdma",
        "list": "I",
        "decision": "not found",
        "confidence": "verified",
        "note": "not named",
    }
    talk = conversation(1, 1)
    one = message(1, talk["id"], "x")
    for language, said in (
        ("nl", "besluit: niet gevonden; grond: nagegaan; aantekening van de tabel: niet genoemd"),
        ("en", "decision: not found; ground: verified; note of the table: not named"),
    ):
        case = FakeCase([(talk, [one])], [flag(talk["id"], [one["id"]], laws=[law])])
        (row,) = tables(case, language=language)["E17.laws"]
        assert said in row[1]


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", ["1 strip", "2 strips", "1 doos", "0.5 stuks", "1 g", "3"]),
     ("en", ["1 strip", "2 strips", "1 box", "0.5 pieces", "1 g", "3"])],
)  # fmt: skip
def test_one_of_a_thing_is_said_in_the_singular(language: str, said: list[str]) -> None:
    found = [(1, "strip"), (2, "strip"), (1, "box"), (0.5, "piece"), (1, "g"), (3, None)]
    known = compose(small_case(), language, "0").background
    assert [quantity(known, {"quantity": number, "unit": unit}) for number, unit in found] == said
