"""Whether a message speaks of anything that can be handed over."""

from __future__ import annotations

from forensics.analysis.statement import Statement

_NAMES = 2  # the grade of a word that hardly means anything but a drug


def is_tangible(statement: Statement) -> bool:
    """Whether it counts or prices something, or names a drug by a word that hardly means anything else."""
    return bool(statement.reading.tiers) or any(t.entry.grade >= _NAMES for t in statement.terms)
