"""A line as the second opinion keeps it while those around it are heard."""

from __future__ import annotations

from dataclasses import dataclass, field

from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.glance import Marks
from forensics.analysis.learnt import LONGEST, LONGEST_ALONE
from forensics.analysis.sums import Weighed
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged

LIST, DEAL = "menu", "deal"
_TRADE = frozenset({LIST, DEAL})


def is_trade(judged: Judged | None) -> bool:
    """Whether an outcome is one of a trade."""
    return judged is not None and judged.label in _TRADE


@dataclass
class HeardLine:
    """A line that says something, its outcome by the rules, and what was worked out for it since."""

    line: Line
    flags: int
    judged: Judged | None
    marks: Marks  # what weighs anything at a glance
    near: bool  # a line with an opening cue is within reach
    glanced: int = field(default=0, init=False)  # what the lines around weigh at a glance
    sighted: bool = field(default=False, init=False)  # of a line within reach that is enough
    names: tuple[str, ...] | None = field(default=None, init=False)
    failed: bool = field(default=False, init=False)  # its forms could not be read
    behind: Line | None = field(default=None, init=False)  # a line that says nothing and may answer it
    weighed: Weighed | None = field(default=None, init=False)
    alone: int | None = field(default=None, init=False)  # what it weighs alone
    tangible: bool | None = field(default=None, init=False)  # see analysis.tangible
    # how many lines before it, and from it on, are near
    reach: tuple[int, int] | None = field(default=None, init=False)

    def label(self) -> str:
        return self.judged.label if self.judged is not None else "none"

    def score(self) -> int:
        """What the rules found weighs; nothing where they found nothing, whatever is against the line: they
        do not hear all such lines.
        """
        return self.judged.score if self.judged is not None and self.label() != "none" else 0

    def is_trade(self) -> bool:
        return is_trade(self.judged)

    def writer(self) -> tuple[str | None, bool | None]:
        return self.line.sender, self.line.from_owner

    def opens(self) -> bool:
        """Whether it has an opening cue."""
        return self.flags & CUE_OPENS != 0

    def is_counted(self) -> bool:
        return len(self.line.text) <= LONGEST

    def is_weighed_alone(self) -> bool:
        return len(self.line.text) <= LONGEST_ALONE
