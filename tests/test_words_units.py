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
