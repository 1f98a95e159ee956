"""A second opinion on the lines of a conversation that the rules do not take for trade: learnt weights.

Lines that say something are counted with those before and behind them (analysis.learnt). Where such a stretch
weighs enough, or the rules found trade in it, the lines whose own stretch speaks for trade belong to that
deal. A deal by the rules whose stretch speaks clearly against trade is none, unless a list of goods lies in
that; lists stay lists. Where no line has an opening cue, only a stretch is counted that weighs enough at a
glance (analysis.glance), and those around it when it opens a deal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.glance import Glance, Marks, Seen
from forensics.analysis.goods import listed, named
from forensics.analysis.learnt import LONGEST, Form, Forms, amid
from forensics.analysis.offered import is_list
from forensics.analysis.score import Hit, Rules, weigh
from forensics.analysis.statement import Reader, Statement
from forensics.analysis.sums import Sums, Weighed
from forensics.analysis.verdicts import Line
from forensics.analysis.window import Judged

_HOUR = 3_600_000
_LIST, _DEAL = _TRADE = ("menu", "deal")
_POINT = 100  # thousandths that are one point of a score
FEWEST = 3  # lines of a stretch: fewer say nothing together
_SUBJECTS, _SUBJECTS_ALONE = 2, 1  # words of other subjects in a line that is of no deal then; one alone
_DIGITS = 12  # of a digest that are named in a reason


@dataclass(slots=True)
class _Kept:
    """A line that says something, its outcome by the rules, and what was worked out for it since."""

    line: Line
    flags: int
    judged: Judged | None
    glance: Marks = ()  # what weighs anything at a glance
    seen: bool = False  # the lines around weigh enough so
    sighted: bool = False  # a line that is seen is within reach
    near: bool = False  # a line with an opening cue is within reach
    names: tuple[str, ...] | None = None
    weighed: Weighed | None = None
    total: int | None = None
    few: bool = False  # hardly any lines lie around it
    unnamed: int = 0  # what the total is less because no line around has an opening cue
    denied: bool | None = None  # a deal by the rules that the stretch speaks against
    reach: tuple[int, int] | None = None  # how many lines before it, and from it on, are near

    def is_trade(self) -> bool:
        return self.judged is not None and self.judged.label in _TRADE

    def is_deal(self) -> bool:
        return self.judged is not None and self.judged.label == _DEAL

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
        if len(self._lines) - self._next > 2 * self._reach:
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
        kept = _Kept(line, flags, judged, self._glance.of(line.text))
        self._lines.append(kept)
        self._see(kept)
        self._since += 1
        if kept.flags & CUE_OPENS:
            self._since = 0
            for before in self._lines[-self._reach - 1 :]:
                before.near = True
        kept.near = self._since <= self._reach

    def _out(self) -> tuple[Line, Judged | None]:
        place = self._next
        self._next += 1
        kept = self._lines[place]
        if kept.judged is not None and self._is_denied(place):
            return kept.line, self._denied(kept, kept.judged)
        if kept.is_trade() or not kept.is_counted() or not (kept.near or kept.sighted):
            return kept.line, kept.judged
        # where few lines open anything, the others are weighed only near one that does
        total = self._total(place) if kept.near or self._opener(place) else None
        if total is None or total < self._least["joins"]:
            return kept.line, kept.judged
        opener = self._opener(place)
        if opener is None:
            return kept.line, kept.judged
        own, statement = self._own(place), self._reader.read(kept.line.text)
        if own < self._least["line"] or len(statement.subjects) >= (
            _SUBJECTS_ALONE if kept.few else _SUBJECTS
        ):
            return kept.line, kept.judged
        return kept.line, self._joined(statement, tuple(self._hits(kept, total, own, opener)))

    def _see(self, kept: _Kept) -> None:
        """A further line: of one so many lines before it, all that lie around were heard now."""
        self._seen.add(kept.glance)
        if len(self._lines) > 2 * self._reach + 1:
            self._seen.drop(self._lines[-2 * self._reach - 2].glance)
        if len(self._lines) > self._reach:
            self._mark(len(self._lines) - self._reach - 1, self._seen)

    def _mark(self, place: int, seen: Seen) -> None:
        """The lines around one weigh so much at a glance."""
        if seen.total >= self._least["glance"]:
            self._lines[place].seen = True
            for each in self._lines[max(place - self._reach, 0) : place + self._reach + 1]:
                each.sighted = True

    def _see_last(self) -> None:
        """Of the last lines: none come behind them."""
        seen = self._seen.copy()
        for place in range(max(len(self._lines) - self._reach, 0), len(self._lines)):
            if place > self._reach:
                seen.drop(self._lines[place - self._reach - 1].glance)
            self._mark(place, seen)

    def _places(self, place: int) -> range:
        """The places of the lines around one, its own too, as far as they are near in lines and in time."""
        kept = self._lines[place]
        if kept.reach is None:
            first, after = place, place + 1
            while first > max(place - self._reach, 0) and self._is_near(first - 1, kept):
                first -= 1
            end = min(place + self._reach + 1, len(self._lines))
            while after < end and self._is_near(after, kept):
                after += 1
            kept.reach = place - first, after - place
        before, behind = kept.reach
        return range(place - before, place + behind)

    def _stretch(self, place: int) -> Sequence[_Kept]:
        """The lines at these places."""
        around = self._places(place)
        return self._lines[around.start : around.stop]

    def _is_near(self, place: int, kept: _Kept) -> bool:
        one, other = self._lines[place].line.sent_at, kept.line.sent_at
        return one is None or other is None or abs(one - other) <= self._rules.window["hours"] * _HOUR

    def _total(self, place: int) -> int | None:
        """What the stretch around a line weighs; None where too few lines are counted or none opens."""
        kept = self._lines[place]
        if kept.total is None and (kept.near or kept.sighted):
            stretch = self._stretch(place)
            counted = [each for each in stretch if each.is_counted()]
            names = any(each.flags & CUE_OPENS for each in stretch)
            kept.few = len(counted) < FEWEST
            if names or (kept.sighted and not kept.few):
                kept.unnamed = 0 if names else self._least["unnamed"]
                kept.total = self._sum(counted) - kept.unnamed
        return kept.total

    def _sum(self, counted: Sequence[_Kept]) -> int:
        writers = {(each.line.sender, each.line.from_owner) for each in counted}
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
        """The line that opens the deal: one of trade by the rules, else the first whose stretch weighs
        enough, with that weight.
        """
        around = self._places(place)
        for other in around:
            if self._lines[other].is_trade() and not self._is_denied(other):
                return self._lines[other], None
        for other in around:
            kept = self._lines[other]
            total = self._total(other) if kept.near or kept.seen else None
            least = self._least["alone" if kept.few else "opens"]
            if total is not None and total >= least and (kept.seen or not kept.unnamed):
                return kept, total
        return None

    def _is_denied(self, place: int) -> bool:
        """Whether the rules took a line for one of a deal against which its stretch speaks."""
        kept = self._lines[place]
        if kept.denied is None:
            total = self._total(place) if kept.is_deal() and kept.is_counted() else None
            against = total is not None and not kept.few and total < self._least["denies"]
            kept.denied = against and self._has_no_list(place)
        return kept.denied

    def _has_no_list(self, place: int) -> bool:
        return not any(
            each.judged is not None and each.judged.label == _LIST for each in self._stretch(place)
        )

    def _denied(self, kept: _Kept, judged: Judged) -> Judged:
        """The line without its deal, with what speaks against it and what would change that."""
        hits = (*judged.hits, *self._against(kept))
        if not self._reader.read(kept.line.text).terms:
            return replace(judged, label="none", score=weigh(hits), hits=hits, goods=(), targets=())
        return replace(judged, label="mention", score=weigh(hits), hits=hits)

    def _against(self, kept: _Kept) -> Iterator[Hit]:
        total = kept.total or 0
        denied = self._hit("learnt-denies", kept, f"{total:+d}; {self._source()}")
        yield replace(denied, weight=-(-total // _POINT))
        yield self._hit("learnt-more", kept, f"{self._least['denies'] - total:+d}")
        yield from self._forms_of(kept)

    def _joined(self, statement: Statement, hits: tuple[Hit, ...]) -> Judged:
        label = _LIST if is_list(statement) else _DEAL
        goods = listed(statement, label, ()) if label == _LIST else named(statement, self._reader)
        return Judged(label=label, score=weigh(hits), hits=hits, goods=goods, targets=())

    def _hits(self, kept: _Kept, total: int, own: int, opener: tuple[_Kept, int | None]) -> Iterator[Hit]:
        """The sum in points, what it is made of, and what would change the outcome."""
        weights, least, listed = self._weights, self._least, list(self._forms_of(kept))
        here = sum(hit.thousandths for hit in listed)
        rest = total + kept.unnamed - weights.base - here
        made = f"{total:+d} = {weights.base:+d} {here:+d} {rest:+d}"
        made += f" {-kept.unnamed:+d}" if kept.unnamed else ""
        yield replace(self._hit("learnt", kept, f"{made}; {self._source()}"), weight=total // _POINT)
        yield self._hit("learnt-line", kept, f"{own:+d}; {least['line'] - own - 1:+d}")
        line, weight = opener
        change = f"{least['joins'] - total - 1:+d}; {line.line.id}"
        if weight is not None:
            change += f": {least['opens'] - weight - 1:+d}"
        yield self._hit("learnt-change", kept, change)
        yield from listed

    def _source(self) -> str:
        return f"v{self._weights.version}, sha256 {self._weights.sha256[:_DIGITS]}"

    def _forms_of(self, kept: _Kept) -> Iterator[Hit]:
        """The forms of a line that weigh much, with their weights."""
        for form in self._forms.of(kept.line.text):
            value = self._weights.of.get(form.name, 0)
            if abs(value) >= self._least["listed"]:
                yield self._listed(kept, form, value)

    def _listed(self, kept: _Kept, form: Form, value: int) -> Hit:
        """A form of the line with what it weighs."""
        hit = self._hit("learnt-for" if value > 0 else "learnt-against", kept, f"{form.name} {value:+d}")
        text = kept.line.text[form.start : form.end]
        return replace(hit, start=form.start, end=form.end, text=text, thousandths=value)

    def _hit(self, rule_id: str, kept: _Kept, detail: str) -> Hit:
        rule = self._rules.rules[rule_id]
        return Hit(
            id=rule_id,
            version=self._rules.version,
            message=kept.line.id,
            start=0,
            end=0,
            text="",
            reason=f"{rule.en} ({detail})",
            weight=rule.weight,
            dimension=rule.dimension,
        )
