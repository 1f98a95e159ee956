"""Short lines that say nothing to the analysis, right behind a line of a trade: "ok", "which side", a thumb.

Such a line holds no word that is listened to, and changes nothing that is decided of others. Where it comes
right behind a line of a deal, by the other party and soon, and that line has another of a trade beside it,
it is an answer to it and belongs to the deal.
"""

from __future__ import annotations

from forensics.analysis.score import Hit, Rules
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged

_RULE = "right-behind"


def may_answer(line: Line, silent: Line, rules: Rules) -> bool:
    """Whether a line that says nothing may be an answer to the one right before it, if that is of a deal."""
    if not silent.text.strip() or len(silent.text) > rules.window["behind_longest"]:
        return False
    return _are_two(line, silent) and silent.is_within(rules.window["answer_hours"], line)


def _are_two(line: Line, silent: Line) -> bool:
    """Whether two lines are surely by two writers."""
    if line.from_owner and silent.from_owner:
        return False
    if line.sender is not None and silent.sender is not None:
        return line.sender != silent.sender
    return {line.from_owner, silent.from_owner} == {True, False}


def answer(line: Line, silent: Line, rules: Rules) -> Judged:
    """The outcome of a line that answers one of a deal; its ``anchor`` is that one."""
    rule = rules.rules[_RULE]
    hit = Hit(
        id=_RULE,
        version=rules.version,
        message=silent.id,
        start=0,
        end=0,
        text="",
        reason=f"{rule.en} (message {line.id})",
        weight=rule.weight,
        dimension=rule.dimension,
    )
    return Judged(label="deal", score=rule.weight, hits=(hit,), goods=(), targets=(), anchor=line.id)
