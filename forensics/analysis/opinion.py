"""A second opinion on the lines of a conversation beside that of the rules: learnt weights (analysis.learnt).

A message is weighed alone: enough makes it one of a trade, little takes a list back, or a deal without lines
around. Lines are weighed with those before and behind them: where such a stretch weighs enough, or something
in it is of a trade already, the lines that speak for it themselves belong to that deal; a stretch that speaks
clearly against a deal of the rules takes it back, unless a list lies in it. What is of a trade is a list
where it weighs as one. A glance (analysis.glance) says cheaply what is worth weighing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.glance import Glance, Marks, Seen
from forensics.analysis.goods import listed, named
from forensics.analysis.kinds import address
from forensics.analysis.learnt import LONGEST, LONGEST_ALONE, Forms, amid
from forensics.analysis.offered import is_list
from forensics.analysis.reasons import Reasons
from forensics.analysis.score import Hit, Rules, weigh
from forensics.analysis.statement import Reader
from forensics.analysis.sums import Sums, Weighed
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged

_HOUR = 3_600_000
_LIST, _DEAL = _TRADE = ("menu", "deal")
_ALONE, _AMID, _LINE = "alone", "amid", "line"  # what speaks against a deal or a list: see _is_denied
_FEWEST = 3  # lines of a stretch: fewer say nothing together
_SUBJECTS = 2  # words of other subjects in a line that is of no deal then


@dataclass
class _Kept:
    """A line that says something, its outcome by the rules, and what was worked out for it since."""

    line: Line
    flags: int
    judged: Judged | None
    marks: Marks  # what weighs anything at a glance
    near: bool  # a line with an opening cue is within reach
    glanced: int = field(default=0, init=False)  # what the lines around weigh at a glance
    seen: bool = field(default=False, init=False)  # that is enough without an opening cue
    sighted: bool = field(default=False, init=False)  # a line that is seen is within reach
    names: tuple[str, ...] | None = field(default=None, init=False)
    weighed: Weighed | None = field(default=None, init=False)
    total: int | None = field(default=None, init=False)
    few: bool = field(default=False, init=False)  # hardly any lines lie around it
    # what the total is less because no line around has an opening cue
    unnamed: int = field(default=0, init=False)
    told: bool | None = field(default=None, init=False)  # of a trade by what it weighs alone
    # what speaks against a deal or list of the rules; empty for nothing
    denied: str | None = field(default=None, init=False)
    opens_deal: bool | None = field(default=None, init=False)
    # how many lines before it, and from it on, are near
    reach: tuple[int, int] | None = field(default=None, init=False)

    def is_trade(self) -> bool:
        return self.judged is not None and self.judged.label in _TRADE

    def is_deal(self) -> bool:
        return self.judged is not None and self.judged.label == _DEAL

    def writer(self) -> tuple[str | None, bool | None]:
        return self.line.sender, self.line.from_owner

    def opens(self) -> bool:
        """Whether it has an opening cue."""
        return self.flags & CUE_OPENS != 0

    def is_counted(self) -> bool:
        return len(self.line.text) <= LONGEST


class Opinion:
    """Goes over the lines of one conversation; each comes out when all that it may depend on was read."""

    def __init__(self, reader: Reader, rules: Rules, sums: Sums, forms: Forms, glance: Glance) -> None:
        self._reader = reader
        self._rules = rules
        self._weights = sums.weights
        self._forms = forms
        self._sums = sums
        self._reasons = Reasons(rules, sums.weights, forms)
        self._glance = glance
        self._seen = Seen(glance)  # of the last lines, as many as lie around one
        self._reach = rules.window["learnt_lines"]
        self._least = rules.thresholds["learnt"]
        self._lines: list[_Kept] = []
        self._next = 0  # the first line that has not come out
        self._since = self._reach + 1  # lines since one with an opening cue

    def take(self, line: Line, flags: int, judged: Judged | None) -> Iterator[tuple[Line, Judged | None]]:
        """The next line that says something; gives those of which the outcome is known now."""
        self.hear(line, flags, judged)
        # a line leans on others as far behind it, those on what lies around them, and that on a glance around
        if len(self._lines) - self._next > 3 * self._reach:
            yield self._out()
        if self._next > 8 * self._reach:
            done = self._next - 2 * self._reach
            del self._lines[:done]
            self._next -= done

    def rest(self) -> Iterator[tuple[Line, Judged | None]]:
        """The lines that are left when no further ones come."""
        self._see_last()
        while self._next < len(self._lines):
            yield self._out()

    def hear(self, line: Line, flags: int, judged: Judged | None) -> None:
        """The next line that says something, without anything coming out."""
        self._since = 0 if flags & CUE_OPENS else self._since + 1
        if not self._since:
            for before in self._lines[-self._reach :]:
                before.near = True
        kept = _Kept(line, flags, judged, self._glance.of(line.text), self._since <= self._reach)
        self._lines.append(kept)
        self._see(kept)

    def _out(self) -> tuple[Line, Judged | None]:
        place = self._next
        self._next += 1
        kept = self._lines[place]
        if kept.judged is not None and self._is_denied(place):
            return kept.line, self._denied(place, kept.judged)
        if kept.judged is not None and kept.is_trade():
            return kept.line, self._relabelled(place, kept.judged)
        if self._is_told(place):
            sums = self._alone(kept), self._doubts(kept), self._must_weigh(place)
            return kept.line, self._found(place, self._reasons.alone(kept.line, *sums))
        return kept.line, self._joined(place) or kept.judged

    def _joined(self, place: int) -> Judged | None:
        """The outcome of a line that belongs to the deal around it; None for another."""
        kept = self._lines[place]
        if not kept.is_counted() or not (kept.near or kept.sighted):
            return None
        opener = self._opener(place)  # few lines have one: only then the lines around are weighed
        total = self._total(place) if opener else None
        if opener is None or total is None or total < self._least["joins"]:
            return None
        own, subjects = self._own(place), self._reader.read(kept.line.text).subjects
        if own < self._least["line"] or len(subjects) >= _SUBJECTS:
            return None
        first, weight = opener
        sums = total, kept.unnamed, own
        return self._found(place, self._reasons.joins(kept.line, sums, (first.line, weight)))

    def _is_told(self, place: int) -> bool:
        """Whether a line is of a trade by what it weighs alone. It holds a word that may speak of a drug, or
        its words say enough at a glance."""
        kept = self._lines[place]
        if kept.told is None:
            may = not kept.is_trade() and self._may_tell(kept)
            weight = self._alone(kept) if may else -inf
            kept.told = weight >= self._least["among"] and weight >= self._must_weigh(place)
        return kept.told

    def _must_weigh(self, place: int) -> float:
        """What a line must weigh alone: less where those around weigh what joins a deal; nothing is enough
        where they speak clearly against a trade."""
        total, kept = self._total(place), self._lines[place]
        if total is None or kept.few or self._least["amid"] <= total < self._least["joins"]:
            return self._least["alone"]
        return self._least["among"] if total >= self._least["joins"] else inf

    def _may_tell(self, kept: _Kept) -> bool:
        """Whether a line is worth weighing alone: it holds a word that may speak of a drug, or its words say
        enough at a glance, which says nothing of one that is longer than what is counted."""
        if len(kept.line.text) > LONGEST_ALONE:
            return False
        return kept.opens() or kept.marks.weight >= self._least["glance_alone"]

    def _alone(self, kept: _Kept) -> int:
        """What a line weighs alone, less what speaks for a doubt."""
        return self._weights.alone_total(self._of_line(kept)) - self._doubts(kept)

    def _doubts(self, kept: _Kept) -> int:
        """What is taken off alone where no word may speak of a drug, and where one is of another subject."""
        subjects = self._reader.read(kept.line.text).subjects
        return ((not kept.opens()) + bool(subjects)) * self._least["unnamed"]

    def _see(self, kept: _Kept) -> None:
        """A further line: of one so many lines before it, all that lie around were heard now."""
        self._seen.add(kept.marks.found)
        if len(self._lines) > 2 * self._reach + 1:
            self._seen.drop(self._lines[-2 * self._reach - 2].marks.found)
        if len(self._lines) > self._reach:
            self._mark(len(self._lines) - self._reach - 1, self._seen)

    def _mark(self, place: int, seen: Seen) -> None:
        """The lines around one weigh so much at a glance."""
        self._lines[place].glanced = seen.total
        if seen.total >= self._least["glance"]:
            self._lines[place].seen = True
            for each in self._lines[max(place - self._reach, 0) : place + self._reach + 1]:
                each.sighted = True

    def _see_last(self) -> None:
        """Of the last lines: none come behind them."""
        seen = self._seen.copy()
        for place in range(max(len(self._lines) - self._reach, 0), len(self._lines)):
            if place > self._reach:
                seen.drop(self._lines[place - self._reach - 1].marks.found)
            self._mark(place, seen)

    def _places(self, place: int) -> range:
        """The places of the lines around one, its own too, as far as they are near in lines and in time."""
        kept = self._lines[place]
        if kept.reach is None:
            first, end = max(place - self._reach, 0), min(place + self._reach + 1, len(self._lines))
            sent_at = kept.line.sent_at
            before = self._near(reversed(self._lines[first:place]), sent_at)
            kept.reach = before, self._near(self._lines[place:end], sent_at)
        before, behind = kept.reach
        return range(place - before, place + behind)

    def _near(self, lines: Iterable[_Kept], sent_at: int | None) -> int:
        """How many of the lines, from the first on, were sent near a moment."""
        count, most = 0, self._rules.window["hours"] * _HOUR
        for kept in lines:
            other = kept.line.sent_at
            if other is not None and sent_at is not None and abs(other - sent_at) > most:
                break
            count += 1
        return count

    def _stretch(self, place: int) -> Sequence[_Kept]:
        """The lines at these places."""
        around = self._places(place)
        return self._lines[around.start : around.stop]

    def _total(self, place: int) -> int | None:
        """What the stretch around a line weighs; None where too few lines are counted or none opens."""
        kept = self._lines[place]
        if kept.total is None and (kept.near or kept.sighted):
            stretch = self._stretch(place)
            counted = [each for each in stretch if each.is_counted()]
            names = any(each.flags & CUE_OPENS for each in stretch)
            kept.few = len(counted) < _FEWEST
            if names or (kept.sighted and not kept.few):
                kept.unnamed = 0 if names else self._least["unnamed"]
                kept.total = self._sum(counted) - kept.unnamed
        return kept.total

    def _sum(self, counted: Sequence[_Kept]) -> int:
        writers = {each.writer() for each in counted}
        lines = [each.weighed or self._weigh(each) for each in counted]
        return self._sums.total(lines, of_two=len(writers) > 1)

    def _weigh(self, kept: _Kept) -> Weighed:
        kept.weighed = self._sums.weighed(self._of_line(kept))
        return kept.weighed

    def _own(self, place: int) -> int:
        """What a line weighs by itself, with the kinds of forms right before and behind it."""
        kept = self._lines[place]
        counted = [each for each in self._stretch(place) if each.is_counted()]
        near = next(at for at, each in enumerate(counted) if each is kept)
        return self._weights.line_total(amid([self._of_line(each) for each in counted], near))

    def _of_line(self, kept: _Kept) -> tuple[str, ...]:
        """The forms of one line."""
        if kept.names is None:
            kept.names = self._forms.names(kept.line.text)
        return kept.names

    def _opener(self, place: int) -> tuple[_Kept, int | None] | None:
        """The line that opens the deal: one of trade by the rules or by itself, else the first whose stretch
        weighs enough, with that weight.
        """
        around = self._places(place)
        for other in around:
            kept = self._lines[other]
            if kept.opens_deal is None:
                kept.opens_deal = self._is_told(other) or (kept.is_trade() and not self._is_denied(other))
            if kept.opens_deal:
                return kept, None
        for other in around:
            kept = self._lines[other]
            near = kept.near and kept.glanced >= self._least["glance_near"]
            total = self._total(other) if near or kept.seen else None
            if total is None or kept.few or total < self._least["opens"]:
                continue
            if kept.seen or not kept.unnamed:
                return kept, total
        return None

    def _is_denied(self, place: int) -> bool:
        """Whether what the rules took for a deal or a list is none by the learnt weights."""
        kept = self._lines[place]
        if kept.denied is None:
            tests = (
                (_ALONE, self._is_denied_alone),
                (_AMID, self._is_denied_amid),
                (_LINE, self._is_no_part),
            )
            kept.denied = next((name for name, test in tests if kept.is_trade() and test(place)), "")
        return kept.denied != ""

    def _is_denied_alone(self, place: int) -> bool:
        """Whether a list, or a deal in a message without any others around, weighs too little alone."""
        kept = self._lines[place]
        if len(kept.line.text) > LONGEST_ALONE or (kept.is_deal() and len(self._places(place)) > 1):
            return False
        return self._alone(kept) < self._least["alone_denies"]

    def _is_denied_amid(self, place: int) -> bool:
        """Whether its stretch speaks against a deal."""
        kept = self._lines[place]
        total = self._total(place) if kept.is_deal() and kept.is_counted() else None
        against = total is not None and not kept.few and total < self._least["denies"]
        return against and self._has_no_list(place)

    def _is_no_part(self, place: int) -> bool:
        """Whether a line that the rules took into a deal for what came before says nothing of that itself."""
        kept = self._lines[place]
        leans = kept.is_deal() and kept.judged is not None and kept.judged.anchor is not None
        total = self._total(place) if leans and kept.is_counted() else None
        return total is not None and not kept.few and self._own(place) < self._least["line"]

    def _has_no_list(self, place: int) -> bool:
        return not any(
            each.judged is not None and each.judged.label == _LIST for each in self._stretch(place)
        )

    def _denied(self, place: int, judged: Judged) -> Judged:
        """The line without its deal or list, with what speaks against it and what would change that."""
        kept = self._lines[place]
        hits = (*judged.hits, *self._against(place))
        if not self._reader.read(kept.line.text).terms:
            return replace(judged, label="none", score=weigh(hits), hits=hits, goods=(), targets=())
        return replace(judged, label="mention", score=weigh(hits), hits=hits)

    def _against(self, place: int) -> Iterator[Hit]:
        """What speaks against the deal or list of a line."""
        kept = self._lines[place]
        if kept.denied == _ALONE:
            return self._reasons.denies_alone(kept.line, self._alone(kept))
        if kept.denied == _LINE:
            return self._reasons.no_part(kept.line, self._own(place))
        return self._reasons.denies(kept.line, kept.total or 0)

    def _found(self, place: int, hits: Iterable[Hit]) -> Judged:
        """The outcome of a line that the weights take for one of trade."""
        statement = self._reader.read(self._lines[place].line.text)
        deal = Judged(
            label=_DEAL,
            score=0,
            hits=tuple(hits),
            goods=named(statement, self._reader),
            targets=(),
        )
        if is_list(statement):
            deal = replace(deal, label=_LIST, goods=listed(statement, _LIST, ()))
        found = self._relabelled(place, deal)
        return replace(found, score=weigh(found.hits))

    def _relabelled(self, place: int, judged: Judged) -> Judged:
        """A line of a deal as a list where it weighs as one; not what the rules drew in for one before, nor
        what comes right behind one of another."""
        kept = self._lines[place]
        is_of_others = judged.anchor is not None or judged.label != _DEAL or self._answers(place)
        if is_of_others or len(kept.line.text) > LONGEST_ALONE:
            return judged
        weight = self._weights.list_total(self._of_line(kept))
        if weight < self._least["lists"]:
            return judged
        statement = self._reader.read(kept.line.text)
        is_note = any(hit.id == "delivery-note" for hit in judged.hits)
        goods = listed(statement, _LIST, (), address(statement, self._rules) if is_note else None)
        hits = (*judged.hits, *self._reasons.lists(kept.line, weight))
        return replace(judged, label=_LIST, hits=hits, goods=goods)

    def _answers(self, place: int) -> bool:
        """Whether a line comes right behind one that another wrote."""
        follows = self._places(place).start < place
        return follows and self._lines[place - 1].writer() != self._lines[place].writer()
