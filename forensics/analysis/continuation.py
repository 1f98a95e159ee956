"""What belongs to a deal that goes on: lines of price, amount, place, payment, arrival or complaint, and
short answers to such lines.

A deal that was recognised stays open for hours. A line joins it when it says something of trade, counts,
names goods, or answers such a line of the other party. Counter-evidence ends it: lines that speak of another
subject, or long lines without a word of trade.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from forensics.analysis.exchange import is_free
from forensics.analysis.implicit import implicit
from forensics.analysis.listener import Listener
from forensics.analysis.past import Past, within
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement, foreign_words

_NOT_OF_DEAL = frozenset({"confirm", "quality", "offer", "hours"})  # said of everything
_ASKS = frozenset({"asks-for-it", "bare-request", "request", "order", "price-asked", "offer"})
_STRANGE = 3  # words of another kind that a line with words of trade may hold
_STRANGE_ANSWER = 2  # and a short answer
_LONG = 4  # this many strange words without one of trade: another subject
_STRIKES = 2  # such lines that end a deal
_ANSWERS = 2  # how many lines later a question is still answered
_FEW = 8  # words of an answer
_SAID, _BEHIND = 4, 2  # words of a line that leans on one of the deal at most so many lines before
_CERTAIN = 3  # the weight of a drug by its name
_ONE_WORD = -3  # what one word of another subject weighs: in a deal it may be a place


class Continuation(Listener):
    """The deal that goes on in a conversation, and which lines belong to it."""

    def __init__(
        self, reader: Reader, rules: Rules, recent: deque[Past], trade_of: Callable[[Past], frozenset[str]]
    ) -> None:
        super().__init__(reader, rules, recent, trade_of)
        self._last: Past | None = None  # the latest line of the deal
        self._strikes = 0
        self._root: Past | None = None  # the latest that named its drug or asked for it
        self._firm = False  # the deal named its drug; after a list alone talk of anything else is just that

    def listens(self, place: int) -> bool:
        """Whether a line at this place is near enough to the deal."""
        return self._last is not None and place - self._last.place <= self._rules.window["deal_lines"]

    def joins(self, now: Past, statement: Statement, sheet: Sheet) -> Past | None:
        """The line of the deal that this one goes on from; enters the hits that say so."""
        window, last = self._rules.window, self._last
        if last is None or not within(last, now, window["deal_hours"], window["deal_lines"]):
            return None
        if self._root is None or not within(self._root, now, window["hours"], window["lines"]):
            return None  # no talk goes on for ever by its sums and places alone
        before = len(sheet.hits)
        implicit(sheet, statement)
        if not self._belongs(now, statement, sheet):
            sheet.back_to(before)
            return None
        kind = "context-menu" if last.label == "menu" else "context-deal"
        sheet.hit(kind, 0, 0, f"message {last.id}")
        sheet.hit("goes-on", 0, len(now.text), f"message {last.id}")
        deal = self._rules.thresholds["deal"]
        if sheet.total() < deal["score"]:
            sheet.back_to(before)
            return None
        return last

    def _belongs(self, now: Past, statement: Statement, sheet: Sheet) -> bool:
        strange = foreign_words(statement)
        said = self._said_of_it(statement, sheet)
        if strange <= min(said, _STRANGE) and said > 0 and not self._is_elsewhere(sheet):
            return True
        if sheet.total("innocent") < 0:
            return False
        return (strange <= _STRANGE_ANSWER and self._is_answer(now, statement)) or (
            strange <= 1 and self._follows(now, statement)
        )

    def _follows(self, now: Past, statement: Statement) -> bool:
        """Whether the line says something, in words that fit any talk, right behind one of the deal."""
        said = sum(t.kind in "wn" for t in statement.reading.tokens)
        return self._last is not None and now.place - self._last.place <= _BEHIND and said >= _SAID

    @staticmethod
    def _is_elsewhere(sheet: Sheet) -> bool:
        """Whether another subject is what the line sells or reports; one word of it may be a place."""
        if sheet.total("innocent") < _ONE_WORD:
            return True
        return sheet.total("innocent") < 0 and sheet.has("goods", "innocent-goods", "report", "use")

    def _said_of_it(self, statement: Statement, sheet: Sheet) -> int:
        """How much the line says of trade: acts, goods named, numbers that count or pay."""
        acts = len({h.start for h in sheet.hits if h.dimension == "trade" and h.id not in _NOT_OF_DEAL})
        hints = self._rules.hint_terms
        goods = sum(t.entry.grade >= 2 or t.entry.term in hints for t in statement.terms)
        tokens = statement.reading.tokens
        free = any(t.kind == "n" and is_free(tokens, p) for p, t in enumerate(tokens))
        return acts + goods + free

    def _is_answer(self, now: Past, statement: Statement) -> bool:
        """Whether the other party asked something of trade right before, and this is a few words."""
        if sum(t.kind in "wn" for t in statement.reading.tokens) > _FEW:
            return False
        for past in reversed(self._recent):
            if now.place - past.place > _ANSWERS:
                return False
            if past.is_other(now, surely=True):
                asked = past.label in ("menu", "deal") and not self._trade_of(past).isdisjoint(_ASKS)
                return asked or (past.label == "deal" and past.text.rstrip().endswith("?"))
        return False

    def heard(self, now: Past, statement: Statement) -> None:
        """Keeps what the line means for the deal: it goes on, or another subject is spoken of."""
        if now.label in ("menu", "deal"):
            self._last, self._strikes = now, 0
            self._firm = self._firm or (now.label == "deal" and now.drug >= _CERTAIN)
            now.firm = self._firm
            if now.label == "menu" or now.explicit or now.drug >= _CERTAIN or self._root is None:
                self._root = now
        elif self._last is not None and (now.innocent < 0 or foreign_words(statement) >= _LONG):
            self._strikes += 1
            if self._strikes >= _STRIKES:
                self._last, self._root, self._firm = None, None, False
