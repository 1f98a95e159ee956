"""The names of the substances of the word list, for people."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from forensics.analysis.data_files import data_bytes, table


@cache
def substance_names(language: str) -> Mapping[str, str]:
    """By id the name in that language (``nl`` or ``en``); the other one, or the id, where it has none."""
    rows = table(data_bytes("substances.csv"))
    return {
        row["id"]: row[f"name_{language}"] or row["name_en"] or row["name_nl"] or row["id"] for row in rows
    }
