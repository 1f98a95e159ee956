"""Units in the words of reports and review pages."""

from __future__ import annotations

import pytest

from forensics.words import Words


@pytest.mark.parametrize(
    ("unit", "quantity", "told"),
    [
        ("g", 2.0, "g"),
        ("piece", 1.0, Words("nl")("amount.1.piece")),
        ("piece", 3.0, Words("nl")("amount.piece")),
        (None, 3.0, None),
        ("g", None, None),
        ("piece", None, None),
    ],
)
def test_a_unit_needs_its_quantity(unit: str | None, quantity: float | None, told: str | None) -> None:
    assert Words("nl").unit(unit, quantity) == told


@pytest.mark.parametrize(("language", "told"), [("nl", "2,5"), ("en", "2.5")])
def test_a_figure_has_the_decimal_sign_of_its_language(language: str, told: str) -> None:
    assert Words(language).figure(2.5) == told
    assert Words(language).figure(1000) == "1000"
