"""Cells of CSV files that no spreadsheet program takes for a formula."""

from __future__ import annotations

import re

# What such programs take a formula by, full-width forms included, behind what nobody sees and some pass over:
# blanks, marks of direction, a mark of byte order.
_FORMULA = re.compile(
    "[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\u2212]|[\t\r\n]"
)


def guarded(text: str) -> str:
    """The text, with an apostrophe in front where it could be taken for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
