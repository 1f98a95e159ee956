"""What is spoken of right before a message: words of another subject take the meaning from what only hints.

A drug that is named keeps its name whatever is spoken of around it. An ordinary word, a name that is as often
something else ("coke" among drinks), a medicine at the pharmacy's and a line that names nothing do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from forensics.analysis.past import Past
from forensics.analysis.plain import is_prescribed
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement

_HOUR = 3_600_000
_CERTAIN = 3  # the weight of a drug named in an earlier line
_PHARMACY = frozenset({"pharmacy"})


class Heard(Protocol):
    """A line before the message that can contribute to a finding (cues); others are not heard."""

    @property
    def id(self) -> str:
        """What the line is called by."""

    @property
    def text(self) -> str:
        """What was written."""

    @property
    def sent_at(self) -> int | None:
        """When, in milliseconds since 1970 UTC."""


class Surroundings:
    """Weighs the lines before a message against its verdict."""

    def __init__(self, reader: Reader, rules: Rules) -> None:
        self._reader = reader
        self._rules = rules

    def contradicts(
        self, sheet: Sheet, statement: Statement, now: Past, leans: Past | None, before: Sequence[Heard]
    ) -> bool:
        """Whether the lines before speak of what the message may mean instead; enters a hit that says so."""
        if leans is not None and (
            (leans.firm and now.trade) or leans.label == "menu" or (leans.explicit and leans.drug >= _CERTAIN)
        ):
            return False
        subjects = None if leans is not None else self._elsewhere(statement)
        if subjects is not None and not subjects:
            return False
        for heard in reversed(before):
            if self._is_far(heard, now):
                return False
            spoken = self._reader.read(heard.text)
            certain = (
                t.entry.grade >= 2 and t.entry.term not in self._reader.elsewhere for t in spoken.terms
            )
            if subjects is not _PHARMACY and any(certain):
                continue  # what names a drug itself is no other subject; a pharmacy names medicines
            found = next((s for s in spoken.subjects if subjects is None or s.name in subjects), None)
            if found is not None:
                sheet.hit("context-other", 0, 0, f"message {heard.id}: {found.name}")
                return True
        return False

    def _elsewhere(self, statement: Statement) -> frozenset[str] | None:
        """The subjects that would take the meaning from the drugs named; None for any, empty for none."""
        named = [t for t in statement.terms if t.entry.grade >= 2 and self._reader.is_drug(t)]
        if not named:
            return None
        if all(is_prescribed(t, self._reader) for t in named):
            return _PHARMACY
        elsewhere = [self._reader.elsewhere.get(t.entry.term, frozenset[str]()) for t in named]
        return frozenset[str]().union(*elsewhere) if all(elsewhere) else frozenset()

    def _is_far(self, heard: Heard, now: Past) -> bool:
        if heard.sent_at is None or now.sent_at is None:
            return False
        return now.sent_at - heard.sent_at > self._rules.window["heard_hours"] * _HOUR
