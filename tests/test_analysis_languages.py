"""The language of a hit: said where the word lists know it, and nothing where they do not."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.findings import Line
from forensics.analysis.languages import Languages
from forensics.analysis.phrases import Phrases
from forensics.analysis.text import fold, tokenize
from forensics.flag_work import built_in
from forensics.hit_language import in_words
from forensics.words import WORDS, Words


def reasons(text: str) -> dict[str, str]:
    verdict = built_in().conversation().read(Line(id="1", text=text)).as_dict()
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


def test_the_phrases_that_begin_with_a_word_are_all_that_can_be_that_text() -> None:
    """Every phrase of the list, also in capitals and with its number: as if all were looked up at once."""
    rows = list(table(data_bytes("acts.csv")))
    whole = Phrases((row["language"], 1, row["phrase"]) for row in rows)
    languages = Languages(built_in().reader.lexicon)
    for phrase in {row["phrase"] for row in rows[::3]}:
        for text in {phrase, phrase.upper(), phrase.replace("#", "12,50"), f"{phrase} {phrase}"}:
            tokens = tokenize(fold(text))
            found = {p.name for p in whole.find(tokens) if (p.first, p.after) == (0, len(tokens))}
            said = tuple(sorted(found)) if not found & {"mul", "und", ""} else ()
            assert languages._languages(text, False) == said, text
    assert languages._languages("", False) == ()
