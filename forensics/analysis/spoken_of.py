"""Amounts of a clause that offers none: "vraag niet om een grammetje", "if you take two boxes we talk"."""

from __future__ import annotations

import re

_ENDS = re.compile(r"[.,;!?()\n]")
_IF = frozenset({"als", "daca", "eger", "falls", "if", "jesli", "se", "si", "wanneer", "wenn", "when"})
_ASKS = frozenset({
    "ask", "asking", "chiedere", "demande", "demander", "demandez", "frag", "fragen", "fragt", "pedir",
    "preguntar", "preguntes", "pyta", "pytac", "vraag", "vragen",
})  # fmt: skip
_NOT = frozenset(
    {"don't", "dont", "geen", "kein", "keine", "nicht", "nie", "niet", "no", "non", "not", "pas"}
)


def is_spoken_of(line: str, start: int) -> bool:
    """Whether the clause around a place of a line says "if", or tells not to ask."""
    before = _ENDS.split(line[:start])[-1]
    words = set((before + _ENDS.split(line[start:])[0]).casefold().split())
    return bool(words & _IF) or (bool(words & _ASKS) and bool(words & _NOT))
