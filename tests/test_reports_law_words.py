"""The ground of a listing in words: every confidence has its own, and a source is no derivation."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from test_reports_cases import FakeCase, conversation, flag, message, small_case
from test_reports_trade import tables

from forensics.analysis.data_files import data_bytes
from forensics.analysis.law import status
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
    [("nl", ["1 strip", "2 strips", "1 doos", "0,5 stuks", "1 g", "3"]),
     ("en", ["1 strip", "2 strips", "1 box", "0.5 pieces", "1 g", "3"])],
)  # fmt: skip
def test_one_of_a_thing_is_said_in_the_singular(language: str, said: list[str]) -> None:
    found = [(1, "strip"), (2, "strip"), (1, "box"), (0.5, "piece"), (1, "g"), (3, None)]
    known = compose(small_case(), language, "0").background
    assert [quantity(known, {"quantity": number, "unit": unit}) for number, unit in found] == said


def test_what_the_program_says_beside_the_table_stands_in_dutch_too() -> None:
    ids = [row["id"] for row in csv.DictReader(data_bytes("substances.csv").decode().splitlines())]
    days = [date(year, month, 2) for year in (2006, 2008, 2014, 2022, 2025, 2026) for month in (1, 8)]
    notes = {status(each, day).note for each in ids for day in days}
    assert [each for each in sorted(notes) if each and Words("nl").of_law(each) == each] == []
    said = "not named; later status not found; to be checked"
    assert Words("nl").of_law(said) == "niet genoemd; latere status niet gevonden; na te gaan"
    assert Words("nl").of_law(f"{said}; as Anna says") == f"{said}; as Anna says"
    assert Words("nl").of_law("; " * 500) == "; " * 500


@pytest.mark.parametrize(("language", "said"), [("nl", "map"), ("en", "folder")])
def test_the_kind_of_an_item_is_said_in_the_language(language: str, said: str) -> None:
    assert Words(language).code("container", "folder") == said
    assert Words(language).code("container", "a kind of tomorrow") == "a kind of tomorrow"
