"""The language of a hit: said where the word lists know it, and nothing where they do not."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

import pytest

from forensics.analysis.findings import Classifier, Line
from forensics.hit_language import in_words
from forensics.words import WORDS, Words


@cache
def _classifier() -> Classifier:
    return Classifier.load()


def reasons(text: str) -> dict[str, str]:
    verdict = _classifier().conversation().read(Line(id="1", text=text)).as_dict()
    rules: list[dict[str, str]] = verdict["rules"]  # type: ignore[assignment]  # the JSON of the contract
    assert all(list(each) == ["id", "version", "start", "end", "text", "reason"] for each in rules)
    return {each["id"]: each["reason"] for each in rules}


@pytest.mark.parametrize(
    ("text", "rule", "language"),
    [
        ("heb je nog coke? ik wil 2 gram", "asks-for-it", "nl"),
        ("heb je nog coke? ik wil 2 gram", "order", "nl"),
        ("haste noch weed, 5 g?", "asks-for-it", "de"),
        ("do you have coke", "asks-for-it", "en"),
        ("c0ke 1g 50, 2g 90, lieferung möglich", "delivery", "de"),
    ],
)
def test_the_reason_of_a_phrase_says_its_language(text: str, rule: str, language: str) -> None:
    assert reasons(text)[rule].endswith(f" [language: {language}]")


def test_a_word_of_several_languages_has_all_of_them_disguised_too() -> None:
    said = reasons("c0ke 1g 50, 2g 90")
    assert said["street-name"] == "street name of a drug (cocaine) [language: en, fr, nl]"
    assert said["disguise"].endswith("(leet) [language: en, fr, nl]")


def test_nothing_is_said_of_amounts_nor_of_a_name_that_is_the_same_everywhere() -> None:
    said = reasons("3mmc 1g 20, 5g 80")
    assert not any("language" in reason for reason in said.values())
    assert said["drug-name"] == "names a drug (3-mmc)"


def test_every_language_of_the_lists_has_its_name_in_both_languages_of_the_report() -> None:
    data = resources.files("forensics.analysis") / "data"
    held: set[str] = set()
    for name, column in (("acts.csv", "language"), ("lexicon.csv", "languages")):
        for row in csv.DictReader((data / name).read_text("utf-8").splitlines()):
            held.update(row[column].split("|"))
    assert not {each for each in held - {"mul", "und"} if f"language.{each}" not in WORDS}


def test_a_report_names_the_languages_in_its_own() -> None:
    reason = "street name of a drug (cocaine) [language: de, nl]"
    assert in_words(reason, Words("nl")) == "street name of a drug (cocaine) [taal: Duits, Nederlands]"
    assert in_words(reason, Words("en")).endswith("[language: German, Dutch]")
    assert in_words("a price", Words("nl")) == "a price"
