"""Names in the place of mentions, for showing a text; the record's own text stays as it is stored.

Signal stores a mention as one U+FFFC, and who is meant apart from the text (reference, sections 2 and 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

PLACE = "\ufffc"
# What ``system.type`` is where mentions do not stand in the order of their places.
UNPLACED = "mentions"


def with_names(message: Mapping[str, Any], name: Callable[[str], str]) -> str | None:
    """The text with "@" and the name of each who is mentioned in his place; as it is stored where it is not
    certain who stands where: one is mentioned twice, or the message says that the order is not known (an
    event of its own, "mentions")."""
    text, people = message["text"], message["mentions"]
    if not people or text is None or message["app"] != "signal" or text.count(PLACE) != len(people):
        return None if text is None else str(text)
    if len(people) > 1 and (message.get("system") or {}).get("type") == UNPLACED:
        return str(text)
    first, *others = str(text).split(PLACE)
    return first + "".join(f"@{name(each)}{rest}" for each, rest in zip(people, others, strict=True))
