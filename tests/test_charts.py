"""Drawings of figures: what stands where."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest

from forensics.charts import Series, lines
from forensics.words import Words

_FLOOR = 196.0  # where the base line is drawn


@pytest.mark.parametrize("prices", [[10, 10, 10, 200], [200] * 6, [0, 0, 0], [200, 0]])
def test_numbers_of_lines_stand_apart_and_above_the_dates(prices: list[float]) -> None:
    days = date(2026, 1, 1), date(2026, 3, 1)
    series = [
        Series(label=str(number), points=((days[0], price), (days[1], price)))
        for number, price in enumerate(prices, 901)
    ]
    drawn = lines(series, "prices", str)
    heights = sorted(float(each) for each in re.findall(r'y="([0-9.]+)"[^>]*>90\d<', drawn))
    assert len(heights) == len(prices)
    assert heights[-1] < _FLOOR
    assert min((b - a for a, b in pairwise(heights)), default=11) >= 11


@pytest.mark.parametrize(
    ("language", "price", "scale"),
    [("nl", 15.0, ["7,5", "15"]), ("en", 15.0, ["7.5", "15"]), ("nl", 1_500_000.0, ["750000", "1500000"])],
)
def test_the_scale_of_prices_is_written_as_the_language_has_it(
    language: str, price: float, scale: list[str]
) -> None:
    series = [Series(label="1", points=((date(2026, 1, 1), price), (date(2026, 3, 1), price)))]
    drawn = lines(series, "prices", Words(language).figure)
    assert re.findall(r'text-anchor="end"[^>]*>([0-9.,]+)<', drawn) == scale
