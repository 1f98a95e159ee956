"""The ground of a listing in words: every confidence has its own, and a source is no derivation."""

from __future__ import annotations

import csv

import pytest

from forensics.analysis.data_files import data_bytes
from forensics.words import WORDS


def test_every_confidence_of_the_table_has_words() -> None:
    rows = csv.DictReader(data_bytes("listings.csv").decode().splitlines())
    found = {row["confidence"] for row in rows} | {"none", "unknown"}
    assert [each for each in sorted(found) if each and f"law.{each}" not in WORDS] == []


@pytest.mark.parametrize(("place", "word"), [(0, "tweede hand"), (1, "secondary source")])
def test_a_secondary_source_is_called_one(place: int, word: str) -> None:
    assert word in WORDS["law.secondary"][place]
