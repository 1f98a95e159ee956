"""Which line answers a short order (see exchange): the lines it may answer, and the reasons entered."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator

from forensics.analysis.exchange import (
    LEAST,
    SOON,
    Sum,
    names_place,
    only_names_sum,
    opens_barely,
    sum_in,
)
from forensics.analysis.listener import Listener
from forensics.analysis.past import Past, within
from forensics.analysis.phrases import Phrase
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement

_LONGEST_ANSWER = 60
_SHORT_LINE = 40
_SUM = re.compile(r"\d[05](?!\d)")  # a sum that answers is a round one


class Answers(Listener):
    """Looks for the short order that a line answers among the ``recent`` lines of a conversation."""

    def __init__(
        self, reader: Reader, rules: Rules, recent: deque[Past], trade_of: Callable[[Past], frozenset[str]]
    ) -> None:
        super().__init__(reader, rules, recent, trade_of)
        self.opened = -SOON["context-drug"]  # the place of the last line that opens an exchange
        self.history: Past | None = None  # the last list, or deal that named its drug

    def listens(self, place: int) -> bool:
        """Whether a line at this place is near enough to one that it may answer or lean on."""
        window, history = self._rules.window, self.history
        if place - self.opened <= max(SOON["context-drug"], window["answer_lines"]):
            return True
        return history is not None and place - history.place <= window["history_lines"]

    def may_answer(self, now: Past) -> bool:
        """Whether the line may answer a short order: cheap, before anything is read."""
        if self.history is None and now.place - self.opened > SOON["context-drug"]:
            return False
        if len(now.text) > _LONGEST_ANSWER:
            return False
        named = _SUM.search(now.text) is not None
        bare = self._lasts(now)
        if not named and (len(now.text) > _SHORT_LINE or not bare):
            return False
        return any((p.opens and named) or (bare and self._may_open(p, now)) for p in self._openings(now))

    @staticmethod
    def _may_open(past: Past, now: Past) -> bool:
        return len(past.text) <= _SHORT_LINE and now.place - past.place <= SOON["context-history"]

    def _lasts(self, now: Past) -> bool:
        window = self._rules.window
        return self.history is not None and within(
            self.history, now, window["history_days"] * 24, window["history_lines"]
        )

    def _openings(self, now: Past) -> Iterator[Past]:
        """The lines that this one may answer, the latest first."""
        for past in reversed(self._recent):
            if not within(past, now, self._rules.window["answer_hours"], self._rules.window["answer_lines"]):
                return
            yield past

    def answer(self, now: Past, statement: Statement, sheet: Sheet) -> Past | None:
        """The short order that this line answers with a sum or a place; enters the hits that say so."""
        if sheet.total("innocent") < 0:
            return None
        total = sum_in(statement)
        place = names_place(statement) if total is None and self._lasts(now) else None
        replied = asked = False
        for past in self._openings(now) if total or place else ():
            kind = self._opens(past, now, replied=replied, asked=asked)
            if past.is_other(now, surely=True):
                replied, asked = True, asked or "price-asked" in self._trade_of(past)
            if not kind or now.place - past.place > SOON[kind]:
                continue
            if place and kind == "context-history":
                return self._answered(past, now, sheet, kind, place)
            if total and total.value >= LEAST[kind]:
                return self._answered(past, now, sheet, kind, total)
        return None

    def _answered(self, past: Past, now: Past, sheet: Sheet, kind: str, spot: Sum | Phrase) -> Past | None:
        """The line leaned on when order and answer weigh enough; enters the hits, or takes them back."""
        before = len(sheet.hits)
        about = self.history if kind == "context-history" and self.history else past
        sheet.hit(kind, 0, 0, f"message {about.id}")
        rule = _rule(past, now, spot)
        sheet.hit(rule, spot.start, spot.end, f"message {past.id}")
        self._innocent_before(now, sheet)
        deal = self._rules.thresholds["deal"]
        if sheet.total("drug") >= deal["drug"] and sheet.total() >= deal["score"]:
            now.answered, now.answers_by = past.id, rule
            return past if past.targets else about
        sheet.back_to(before)
        return None

    def _opens(self, past: Past, now: Past, *, replied: bool, asked: bool) -> str:
        """The rule by which an earlier line opened an exchange that this one answers; or nothing."""
        if past.label == "menu" or past.innocent < 0 or not (replied or past.is_other(now, surely=False)):
            return ""
        kind = past.opens
        if kind == "context-drug":
            return kind
        if not only_names_sum(self._reader.read(now.text)):
            return ""
        other = past.is_other(now, surely=True)
        if kind or not (self._lasts(now) and (other or replied)):
            return kind if other or asked else ""
        self._trade_of(past)
        if past.innocent < 0 or not opens_barely(self._reader.read(past.text)):
            return ""
        return "context-history"

    def _innocent_before(self, now: Past, sheet: Sheet) -> None:
        """Words of other subjects in the lines that the sum might answer."""
        for past in self._openings(now):
            self._trade_of(past)
            if past.innocent < 0 and past.label == "none":
                sheet.hit("context-innocent", 0, 0, f"message {past.id}")


def _rule(past: Past, now: Past, spot: Sum | Phrase) -> str:
    """What the line does with the order: a sum for an order of one's own, or against the sum that answered
    it, is what the buyer wants to pay.
    """
    if not isinstance(spot, Sum):
        return "answers-place"
    is_own = past.writer == now.writer != (None, None)
    bids = not past.offers if is_own else past.answers_by == "answers-order"
    return "counter-offer" if bids else "answers-order"
