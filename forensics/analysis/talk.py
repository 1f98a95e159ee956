"""Verdicts on messages of many conversations, in the order in which they are asked for.

What a line means may show in the lines that follow it: its verdict waits until those were read, at most for
``most`` messages, and comes out in its turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from forensics.analysis.faults import Faults
from forensics.analysis.findings import Classifier, Window
from forensics.analysis.opinion import Opinion
from forensics.analysis.verdicts import Line, Verdict
from forensics.analysis.window import Judged
from forensics.errors import WrongUse

MOST = 10_000  # messages that wait at most


class _Turn:
    """The place of one message in the order, and its verdict once it is known."""

    __slots__ = ("talk", "verdict")

    def __init__(self, talk: _Talk) -> None:
        self.talk = talk
        self.verdict: Verdict | None = None


class _Talk:
    """One conversation: the rules read each line at once, the second opinion when others followed."""

    def __init__(self, classifier: Classifier, faults: Faults | None) -> None:
        self._window: Window = classifier.conversation(faults)
        self._opinion: Opinion = classifier.opinion(faults)
        self._waiting: deque[_Turn] = deque()
        self._spoke = False  # the line before

    def read(self, line: Line, turn: _Turn) -> None:
        """The next line."""
        line, flags = self._window.flagged(line)
        judged = self._window.heard(line, flags)
        follows, self._spoke = self._spoke and not flags, bool(flags)
        if flags or (follows and self._opinion.follow(line)):
            self._waiting.append(turn)
        else:
            turn.verdict = self._window.verdict(line, judged)
        if flags:
            self._answer(self._opinion.take(line, flags, judged))

    def end(self) -> None:
        """Nothing more comes, or is waited for: every line has its verdict."""
        self._answer(self._opinion.rest())

    def _answer(self, known: Iterable[tuple[Line, Judged | None]]) -> None:
        for line, judged in known:
            self._waiting.popleft().verdict = self._window.verdict(line, judged)


def verdicts(
    asked: Iterable[tuple[str | None, Line]],
    classifier: Classifier,
    most: int = MOST,
    faults: Faults | None = None,
) -> Iterator[Verdict]:
    """The verdict on each message, in order; each comes with the name of its conversation, None for a message
    by itself. Raises what ``asked`` raises as WrongUse, behind the verdicts on what came before; faults in
    single messages go into ``faults``, without them they are raised."""
    talks: dict[str, _Talk] = {}
    turns: deque[_Turn] = deque()
    failed: WrongUse | None = None
    try:
        for name, line in asked:
            talk = _Talk(classifier, faults) if name is None else talks.get(name)
            if talk is None:
                talk = talks[str(name)] = _Talk(classifier, faults)
            turns.append(_Turn(talk))
            talk.read(line, turns[-1])
            if name is None:
                talk.end()
            if len(turns) > most:
                turns[0].talk.end()
            yield from _known(turns)
    except WrongUse as error:
        failed = error  # what was asked before the line that is none is answered first
    for talk in talks.values():
        talk.end()
    yield from _known(turns)
    if failed is not None:
        raise failed


def _known(turns: deque[_Turn]) -> Iterator[Verdict]:
    """The verdicts at the head of the order that are there."""
    while turns and turns[0].verdict is not None:
        found = turns.popleft().verdict
        if found is not None:
            yield found
