"""What a user's table of law says, as reports and the review page print it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics.textual import joined
from forensics.words import Words


def beside(law: Mapping[str, Any], words: Words) -> Iterator[str]:
    """What the tables of other countries say of a substance on the day: whose, its list, how sure and why."""
    for each in law.get("beside") or ():
        ground = joined(words.code("law", each.get("confidence")), each.get("decision"), each.get("note"))
        yield f"{each['jurisdiction']}: {each['list']}" + (f" ({ground})" if ground else "")


def sentence(rules: Mapping[str, Any], words: Words) -> str | None:
    """That another table than the built-in one was used, and which; None where none was."""
    table = rules.get("law")
    if not table:
        return None
    whose = ", ".join(table["jurisdictions"])
    return words("law.table", **{**table, "jurisdictions": whose})
