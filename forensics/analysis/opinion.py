"""A second opinion on the lines of a conversation beside that of the rules: learnt weights (analysis.learnt).

A line is weighed by itself, amid the lines around it, and with them; all that and the outcome of the rules
lies on one balance (analysis.balance), by which the line is one of a trade or none. A message with hardly any
others around, and a long one, is one by what it weighs alone. What is of a trade, and no list of the rules,
is a list where it weighs as one. A glance (analysis.glance) says cheaply what is worth weighing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile
from typing import NamedTuple

from forensics.analysis.added import Added, priced
from forensics.analysis.balance import Offer, Sides, list_steps, steps
from forensics.analysis.cues import CUE_OPENS
from forensics.analysis.faults import FAULTS, Faults
from forensics.analysis.glance import Glance, Marks, Seen
from forensics.analysis.goods import listed, named
from forensics.analysis.heard_line import DEAL, LIST, HeardLine
from forensics.analysis.kinds import address
from forensics.analysis.learnt import SUBJECT
from forensics.analysis.neighbours import Neighbours, Outcome
from forensics.analysis.offered import is_list
from forensics.analysis.reasons import Reasons
from forensics.analysis.right_behind import may_answer
from forensics.analysis.score import Hit, Rules, weigh
from forensics.analysis.statement import Reader
from forensics.analysis.sums import Sums, Weighed
from forensics.analysis.tangible import is_tangible
from forensics.analysis.verdicts import Line
from forensics.analysis.weights import BALANCE_BASE, LISTS_BASE, Forms
from forensics.analysis.window import Judged

_FEWEST = 3  # lines that say something together


class Weighing(NamedTuple):
    """What lines are weighed by."""

    sums: Sums
    forms: Forms
    glance: Glance


class Opinion:
    """Goes over the lines of one conversation; each comes out when all that it may depend on was read."""

    def __init__(self, reader: Reader, rules: Rules, weighing: Weighing, faults: Faults) -> None:
        sums, forms, glance = weighing
        self._reader = reader
        self._rules = rules
        self._faults = faults
        self._weights = sums.weights
        self._forms = forms
        self._sums = sums
        self._reasons = Reasons(rules, sums.weights, forms)
        self._glance = glance
        self._seen = Seen(glance)  # of the last lines, as many as lie around one
        self._reach = rules.window["learnt_lines"]
        self._least = rules.thresholds["learnt"]
        self._added = Added(reader, self._least)
        # no method: it would keep this alive in a ring
        self._neighbours = Neighbours(rules, partial(_is_tangible, reader, faults))
        self._lines: list[HeardLine] = []
        self._next = 0  # the first line that has not come out
        self._since = self._reach + 1  # lines since one with an opening cue

    def take(self, line: Line, flags: int, judged: Judged | None) -> Iterator[tuple[Line, Judged | None]]:
        """The next line that says something; gives those of which the outcome is known now, each with what
        ``follow`` put behind it."""
        self.hear(line, flags, judged)
        # a line leans on others as far behind it, and those on a glance as far around them
        if len(self._lines) - self._next > 2 * self._reach:
            yield from self._neighbours.take(self._out())
        if self._next > 8 * self._reach:
            done = self._next - self._reach
            del self._lines[:done]
            self._next -= done

    def follow(self, silent: Line) -> bool:
        """A line that says nothing, right behind the last one taken: whether it may answer that, and comes
        out with it."""
        if self._next >= len(self._lines):
            return False
        last = self._lines[-1]
        if last.behind is None and may_answer(last.line, silent, self._rules):
            last.behind = silent._replace(flags=0)
            return True
        return False

    def rest(self) -> Iterator[tuple[Line, Judged | None]]:
        """The lines that are left when no further ones come."""
        self.end()
        while self._next < len(self._lines):
            yield from self._neighbours.take(self._out())
        yield from self._neighbours.rest()

    def hear(self, line: Line, flags: int, judged: Judged | None) -> None:
        """The next line that says something, without anything coming out."""
        self._since = 0 if flags & CUE_OPENS else self._since + 1
        if not self._since:
            for before in self._lines[-self._reach :]:
                before.near = True
        kept = HeardLine(line, flags, judged, self._marks(line), self._since <= self._reach)
        self._lines.append(kept)
        self._see(kept)

    def _marks(self, line: Line) -> Marks:
        """What weighs anything at a glance; of a line with a fault in it nothing does."""
        try:
            return self._glance.of(line.text)
        except FAULTS as error:
            self._faults.note(line.id, error)
            return self._glance.of("")

    def end(self) -> None:
        """No further lines come: the last ones have none behind them."""
        seen = self._seen.copy()
        for place in range(max(len(self._lines) - self._reach, 0), len(self._lines)):
            if place > self._reach:
                seen.drop(self._lines[place - self._reach - 1].marks.found)
            self._mark(place, seen)

    def sides(self, place: int) -> Sides | None:
        """What lies on the balance for the line that was heard at this place, of those that are kept, when
        all around it were heard too; None for one that is too long, or has hardly any others around it."""
        each = self._each_side(place)
        return None if each is None else self._all_sides(place, each)

    def _each_side(self, place: int) -> Sides | None:
        """The same without what the lines weigh amid each other and together."""
        kept, around = self._lines[place], self._places(place)
        if not kept.is_counted() or len(around) < _FEWEST:
            return None
        return Sides(
            kept.label(),
            kept.score(),
            SUBJECT in self._of_line(kept),
            self._alone(kept),
            None,
            None,
            self._each_alone(reversed(range(around.start, place))),
            self._each_alone(range(place + 1, around.stop)),
        )

    def _all_sides(self, place: int, sides: Sides) -> Sides:
        around = self._places(place)
        counted = [each for each in self._lines[around.start : around.stop] if each.is_counted()]
        amid = self._amid(self._lines[place], counted)
        return sides._replace(amid=amid, stretch=self._together(counted))

    def _each_alone(self, places: Iterable[int]) -> list[int | None]:
        """What the lines at these places weigh alone; None for one that is too long."""
        lines = (self._lines[place] for place in places)
        return [self._alone(each) if each.is_weighed_alone() else None for each in lines]

    def _out(self) -> Outcome:
        """The next line; where there is a fault in it, with its outcome by the rules."""
        kept = self._lines[self._next]
        self._next += 1
        ruled = Outcome(kept, kept.judged, None)
        try:
            found = self._outcome(self._next - 1)
        except FAULTS as error:
            self._faults.note(kept.line.id, error)
            return ruled
        return ruled if kept.failed else found

    def _outcome(self, place: int) -> Outcome:
        kept = self._lines[place]
        if not self._is_worth(kept):
            return Outcome(kept, kept.judged, None)
        each = self._each_side(place)
        if each is None:
            return Outcome(kept, self._by_itself(place), None)
        if not kept.is_trade() and self._weighs_too_little(each):
            return Outcome(kept, kept.judged, None)
        return self._amid_others(place, self._all_sides(place, each))

    def _weighs_too_little(self, each: Sides) -> bool:
        """Whether a line is none of a trade, beside one neither, whatever the lines weigh together."""
        return self._weights.most_on_balance(steps(each)) < min(self._least["beside"], self._least["balance"])

    def _amid_others(self, place: int, sides: Sides) -> Outcome:
        """The outcome of a line by the balance, which denies nothing that the rules took for one of a trade
        and that speaks for itself: small talk may lie around it."""
        kept, on_balance, reasons = self._lines[place], tuple(steps(sides)), self._reasons
        total = self._weights.balance_total(on_balance)
        is_trade, beside = total >= self._least["balance"], None
        if (
            kept.judged is not None
            and kept.is_trade()
            and sides.alone >= self._least["stays"]
            and not is_trade
        ):
            stays = reasons.stays(kept.line, on_balance, sides.alone)
            found = self._relabelled(place, replace(kept.judged, hits=(*kept.judged.hits, *stays)))
            return Outcome(kept, found, total)
        against = reasons.denies(kept.line, on_balance, sides.alone)
        judged = self._decided(place, reasons.found(kept.line, on_balance), against, is_trade=is_trade)
        may = kept.is_trade() or sides.alone >= self._least["beside_alone"]
        if may and self._least["beside"] <= total < self._least["balance"]:
            beside = self._beside(place, on_balance, sides.alone)
        return Outcome(kept, judged, total, beside)

    def _beside(self, place: int, on_balance: Sequence[str], alone: int) -> Judged:
        """The outcome of a line that weighs enough beside one of a trade only."""
        kept = self._lines[place]
        weighs = self._reasons.beside(kept.line, on_balance, alone, is_ruled=kept.is_trade())
        if kept.judged is None or not kept.is_trade():
            return self._found(place, weighs)
        return self._relabelled(place, replace(kept.judged, hits=(*kept.judged.hits, *weighs)))

    def _by_itself(self, place: int) -> Judged | None:
        """The outcome of a line with hardly any others around it, or that is long: by what it weighs alone. A
        deal of the rules with any other line near it stays."""
        kept = self._lines[place]
        alone, added = self._alone(kept), self._added.of(kept, self._of_line(kept))
        is_kept = kept.label() == DEAL and len(self._places(place)) > 1
        is_trade = is_kept or alone + sum(added.values()) >= self._least["alone"]
        found = self._reasons.alone(kept.line, alone, added)
        against = self._reasons.denies_alone(kept.line, alone, added)
        return self._decided(place, found, against, is_trade=is_trade)

    def _decided(
        self, place: int, found: Iterator[Hit], against: Iterator[Hit], *, is_trade: bool
    ) -> Judged | None:
        """The outcome of a line that is of a trade or of none. ``found`` and ``against`` are reasons: those
        that the outcome needs are worked out."""
        kept = self._lines[place]
        if kept.judged is None or not kept.is_trade():
            return self._found(place, found) if is_trade else kept.judged
        if is_trade:
            return self._relabelled(place, kept.judged)
        return self._denied(kept.line, kept.judged, against)

    def _is_worth(self, kept: HeardLine) -> bool:
        """Whether a line is worth weighing with all around it: it is not too long, and the rules found
        something, the words around say enough at a glance, or it weighs enough alone."""
        if self._weights.base_of(BALANCE_BASE) is None or not kept.is_weighed_alone():
            return False
        if kept.is_trade():
            return True
        if (kept.sighted or kept.near) and kept.glanced >= self._least["glance_near"]:
            return True
        may = kept.opens() or kept.marks.weight >= self._least["glance_alone"]
        return may and self._alone(kept) >= self._least["worth"]

    def _alone(self, kept: HeardLine) -> int:
        """What a line weighs alone."""
        if kept.alone is None:
            kept.alone = self._weights.alone_total(self._of_line(kept))
        return kept.alone

    def _see(self, kept: HeardLine) -> None:
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
            for each in self._lines[max(place - self._reach, 0) : place + self._reach + 1]:
                each.sighted = True

    def _places(self, place: int) -> range:
        """The places of the lines around one, its own too, as far as they are near in lines and in time."""
        kept = self._lines[place]
        if kept.reach is None:
            first, end = max(place - self._reach, 0), min(place + self._reach + 1, len(self._lines))
            before = self._near(reversed(self._lines[first:place]), kept.line)
            kept.reach = before, self._near(self._lines[place:end], kept.line)
        before, behind = kept.reach
        return range(place - before, place + behind)

    def _near(self, lines: Iterable[HeardLine], line: Line) -> int:
        """How many of the lines, from the first on, were sent near one."""
        hours = self._rules.window["hours"]
        return sum(1 for _ in takewhile(lambda kept: kept.line.is_within(hours, line), lines))

    def _together(self, counted: Sequence[HeardLine]) -> int:
        """What some lines weigh together."""
        writers = {each.writer() for each in counted}
        lines = [each.weighed or self._weigh(each) for each in counted]
        return self._sums.total(lines, of_two=len(writers) > 1)

    def _weigh(self, kept: HeardLine) -> Weighed:
        kept.weighed = self._sums.weighed(self._of_line(kept))
        return kept.weighed

    def _amid(self, kept: HeardLine, counted: Sequence[HeardLine]) -> int:
        """What a line weighs amid others, with the kinds of forms right before and behind it."""
        near = next(at for at, each in enumerate(counted) if each is kept)
        return self._weights.amid_total([self._of_line(each) for each in counted], near)

    def _of_line(self, kept: HeardLine) -> tuple[str, ...]:
        """The forms of one line; none where there is a fault in it."""
        if kept.names is None:
            kept.names = ()
            try:
                kept.names = self._forms.names(kept.line.text)
            except FAULTS as error:
                kept.failed = True
                self._faults.note(kept.line.id, error)
        return kept.names

    def _denied(self, line: Line, judged: Judged, against: Iterable[Hit]) -> Judged:
        """The line without its deal or list, with what speaks against it and what would change that."""
        hits = (*judged.hits, *against)
        if not self._reader.read(line.text).terms:
            return replace(judged, label="none", score=weigh(hits), hits=hits, goods=(), targets=())
        return replace(judged, label="mention", score=weigh(hits), hits=hits)

    def _found(self, place: int, hits: Iterable[Hit]) -> Judged:
        """The outcome of a line that the weights take for one of trade."""
        statement = self._reader.read(self._lines[place].line.text)
        deal = Judged(
            label=DEAL,
            score=0,
            hits=tuple(hits),
            goods=named(statement, self._reader, self._rules.hint_terms),
            targets=(),
        )
        found = self._relabelled(place, deal)
        return replace(found, score=weigh(found.hits))

    def _relabelled(self, place: int, judged: Judged) -> Judged:
        """A line of a deal as a list where it weighs as one; not what the rules drew in for one before, which
        names the goods."""
        kept = self._lines[place]
        is_asked = judged.label == DEAL and judged.anchor is None
        if not is_asked or self._weights.base_of(LISTS_BASE) is None:
            return judged
        on_balance = tuple(list_steps(self.offer(place)))
        if self._weights.lists_total(on_balance) < self._least["lists"]:
            return judged
        statement = self._reader.read(kept.line.text)
        is_note = any(hit.id == "delivery-note" for hit in judged.hits)
        goods = listed(statement, LIST, (), address(statement) if is_note else None)
        goods = goods or named(statement, self._reader, self._rules.hint_terms)
        hits = (*judged.hits, *self._reasons.lists(kept.line, on_balance))
        return replace(judged, label=LIST, hits=hits, goods=goods)

    def offer(self, place: int) -> Offer:
        """What says whether the line that was heard at this place is a list, when all around were too."""
        kept = self._lines[place]
        statement = self._reader.read(kept.line.text)
        prices = priced(statement)
        return Offer(
            kept.label(),
            self._weights.list_total(self._of_line(kept)),
            self._answers(place),
            len(prices),
            sum(tier.quantity is not None for tier in prices),
            is_list(statement),
        )

    def _answers(self, place: int) -> bool:
        """Whether a line comes right behind one that another wrote."""
        follows = self._places(place).start < place
        return follows and self._lines[place - 1].writer() != self._lines[place].writer()


def _is_tangible(reader: Reader, faults: Faults, kept: HeardLine) -> bool:
    """Whether a line counts something or names a drug; one with a fault in it does not."""
    if kept.tangible is None:
        try:
            kept.tangible = not kept.failed and is_tangible(reader.read(kept.line.text))
        except FAULTS as error:
            kept.tangible = False
            faults.note(kept.line.id, error)
    return kept.tangible
