"""Whether a message says of what a trade may be."""

from __future__ import annotations

from forensics.analysis.statement import Statement


def is_tangible(statement: Statement) -> bool:
    """Whether it counts or prices anything, or names a drug by a word that hardly means anything else."""
    return bool(statement.reading.tiers or statement.named)
