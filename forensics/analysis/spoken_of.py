"""Amounts of a clause that offers none: "vraag niet om een grammetje", "if you take two boxes we talk"."""

from __future__ import annotations

import re

from forensics.analysis.text import fold

_ENDS = re.compile(r"[.,;!?()\n]")
_IF = frozenset({"als", "daca", "eger", "falls", "if", "jesli", "wanneer", "wenn", "when"})
# mean "if" only where they open a clause, and there not before a verb: "se vende", "si 10g hasis" of Romanian
_OPENING_IF = frozenset({"se", "si"})
_ASKS = frozenset({
    "ask", "asking", "chiedere", "demande", "demander", "demandez", "frag", "fragen", "fragt", "pedir",
    "preguntar", "preguntes", "pyta", "pytac", "vraag", "vragen",
})  # fmt: skip
_NOT = frozenset(
    {"don't", "dont", "geen", "kein", "keine", "nicht", "nie", "niet", "no", "non", "not", "pas"}
)


def is_spoken_of(line: str, start: int) -> bool:
    """Whether the clause of an amount, at a place of its line, says "if" before it, or tells not to ask."""
    before = fold(_ENDS.split(line[:start])[-1]).text.split()
    behind = fold(_ENDS.split(line[start:])[0]).text.split()
    if not _IF.isdisjoint(before) or (len(before) > 1 and before[0] in _OPENING_IF and before[1].isalpha()):
        return not (before[1:] and before[1].startswith("vend"))
    words = {*before, *behind}
    return not _ASKS.isdisjoint(words) and not _NOT.isdisjoint(words)
