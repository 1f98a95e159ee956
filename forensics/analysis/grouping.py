"""Lists and deals of one conversation, out of its lines as they are judged one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from forensics.analysis.score import Rules
from forensics.analysis.verdicts import Finding, Line, Verdict, finding_of
from forensics.analysis.window import Judged

_HOUR = 3_600_000
_BETWEEN = 300_000  # milliseconds between the parts of one list
_LONGEST_PART = 80  # characters of one part
_PARTS, _MOST_PARTS = (
    3,
    50,
)  # priced goods in a row that are a list though none is one alone, and the longest list


class _Taken(NamedTuple):
    """A line that said something, with its outcome; ``place`` counts such lines. ``answers``: what says
    nothing and answers it."""

    place: int
    line: Line
    judged: Judged | None
    answers: list[Verdict]


class _Found(NamedTuple):
    """A finding with its place among all: that of its first message, its kind, when it was closed."""

    place: int
    kind: str
    number: int
    finding: Finding


class Grouping:
    """Collects the lists and deals of one conversation into findings, and keeps of the lines only those that
    a deal may still take in."""

    def __init__(self, rules: Rules, verdict: Callable[[Line, Judged | None], Verdict]) -> None:
        self._window = rules.window
        self._verdict = verdict
        self._deal: list[Verdict] = []
        self._places: list[
            int
        ] = []  # those of the lines of the deal, in the order in which they came into it
        self._last: int | None = None  # when the last line of the deal was sent
        self._before: deque[_Taken] = deque(maxlen=rules.window["answer_lines"])
        self._since = 0
        self._place = self._number = 0
        self._found: list[_Found] = []
        self._run: list[_Taken] = []  # the parts of what may be one list, sent in a row

    def take(self, line: Line, judged: Judged | None) -> None:
        """The next line that says something, with its outcome."""
        self._place += 1
        taken = _Taken(self._place, line, judged, [])
        if self._run and (len(self._run) >= _MOST_PARTS or not _continues(self._run[-1], taken)):
            self._end_run()
        if _is_part(taken):
            self._run.append(taken)
        else:
            self._group(taken)

    def answer(self, line: Line, judged: Judged) -> None:
        """A line that says nothing and answers the last one taken: it goes where that goes, and changes
        nothing else."""
        verdict = self._verdict(line, judged)
        if self._run:
            self._run[-1].answers.append(verdict)
        elif self._deal:
            self._deal.append(verdict)

    def _end_run(self) -> None:
        """The priced goods that one writer sent in a row are one list; a single one, or two that are no
        lists, stay what they are.
        """
        run, self._run = self._run, []
        menus = sum(each.judged is not None and each.judged.label == "menu" for each in run)
        if len(run) < (_PARTS if not menus else 2):
            for each in run:
                self._group(each)
            return
        self._add("menu", run[0].place, [verdict for each in run for verdict in self._verdicts(each)])
        self._since += len(run)
        self._before.extend(run)

    def _group(self, taken: _Taken) -> None:
        self._since += 1
        line, judged = taken.line, taken.judged
        if judged and judged.label == "menu":
            self._add("menu", taken.place, [self._verdict(line, judged)])
        elif judged and judged.label == "deal":
            self._take_deal(taken, judged.opener)
        self._before.append(taken)

    def _take_deal(self, taken: _Taken, opener: str | None) -> None:
        """The order that the line answers joins the deal."""
        if self._deal and not self._goes_on(taken.line):
            self._close()
        if opener is not None:
            # an order is answered so soon that the deal has it among its last lines or not at all
            late = self._places[-2 * (self._before.maxlen or 1) :]
            for before in self._before:
                if before.line.id == opener and before.place not in late:
                    self._join(before)
        self._join(taken)
        self._last = taken.line.sent_at
        self._since = 0

    def _join(self, taken: _Taken) -> None:
        self._deal += self._verdicts(taken)
        self._places.append(taken.place)

    def _verdicts(self, taken: _Taken) -> list[Verdict]:
        """That on a line, and those on what answers it."""
        return [self._verdict(taken.line, taken.judged), *taken.answers]

    def _goes_on(self, line: Line) -> bool:
        if self._since > self._window["lines"]:
            return False
        return (
            self._last is None
            or line.sent_at is None
            or line.sent_at - self._last <= self._window["hours"] * _HOUR
        )

    def _close(self) -> None:
        """Ends the open deal."""
        if self._deal:
            self._add("deal", self._places[0], self._deal)
        self._deal, self._places = [], []

    def _add(self, kind: str, place: int, verdicts: list[Verdict]) -> None:
        self._number += 1
        heappush(self._found, _Found(place, kind, self._number, finding_of(kind, verdicts)))

    def ready(self) -> Iterator[Finding]:
        """The findings before which no other can come any more, by their first message, then by kind."""
        if not self._found:
            return
        waiting = (*self._before, *self._run[:1])
        first = min([*self._places[:1], *[each.place for each in waiting]])
        while self._found and self._found[0].place < first:
            yield heappop(self._found).finding

    def rest(self) -> Iterator[Finding]:
        """The findings that are left at the end of the conversation."""
        self._end_run()
        self._close()
        while self._found:
            yield heappop(self._found).finding


def _is_part(taken: _Taken) -> bool:
    """Whether the line may be part of a list sent in several messages: a list, or goods with a price that
    nobody asked for, by a known writer."""
    judged, line = taken.judged, taken.line
    if judged is None or (line.sender is None and line.from_owner is None):
        return False
    if len(line.text) > _LONGEST_PART or "\n" in line.text.strip():
        return False  # a whole list
    if judged.label == "menu":
        return True
    asked = judged.anchor is not None or judged.opener is not None
    asked = asked or any(hit.id in ("asks-for-it", "role-customer") for hit in judged.hits)
    return judged.label == "deal" and not asked and any(good.price is not None for good in judged.goods)


def _continues(before: _Taken, taken: _Taken) -> bool:
    """Whether a line follows right behind a part of a list, by the same writer within minutes."""
    first, then = before.line, taken.line
    if not _is_part(taken) or first.text == then.text or taken.place != before.place + 1:
        return False
    if (first.sender, first.from_owner) != (then.sender, then.from_owner):
        return False
    if first.sent_at is None or then.sent_at is None:
        return first.sent_at is then.sent_at
    return 0 <= then.sent_at - first.sent_at <= _BETWEEN
