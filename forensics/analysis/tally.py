"""An exchange whose lines say little one by one: an ordinary word that can mean a drug, and around it asking,
counting, a sum and a meeting ("miauw?" - "20 per, 5 voor 80" - "5 dan").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from forensics.analysis.exchange import only_names_sum, sum_in
from forensics.analysis.kinds import address
from forensics.analysis.listener import Listener
from forensics.analysis.past import Past, within
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import Reader, Statement, foreign_words, is_definite, is_modifier

_LONGEST = 80  # characters of a line of such an exchange
_MOST_WORDS = 12
_STRANGE = 1  # words in such a line that are neither of trade nor small talk
_KINDS = {
    "asks-for-it": "asks",
    "bare-request": "asks",
    "request": "asks",
    "order": "asks",
    "price-asked": "asks",
    "offer": "asks",
    "quantity": "counts",
    "bare-amount": "counts",
    "place": "meets",
    "payment": "meets",
    "credit": "meets",
    "delivery": "meets",
    "security": "meets",
    "handover": "meets",
    "complaint": "asks",
}
_NO_SUM = frozenset({"price-asked", "payment"})  # a sum in such a line is no answer to an order
_NEAR = 5  # how many lines later the exchange must have come about
_ENOUGH = 3
_CHEAP = 5  # a smaller number is what is counted, not a price


class Tally(Listener):
    """Adds up the ``recent`` lines of a conversation after a line that holds such a word."""

    def __init__(
        self, reader: Reader, rules: Rules, recent: deque[Past], trade_of: Callable[[Past], frozenset[str]]
    ) -> None:
        super().__init__(reader, rules, recent, trade_of)
        self._hinted = -rules.window["answer_lines"] - 1  # the place of the last line with such a word

    def listens(self, place: int) -> bool:
        """Whether a line at this place is near enough to one with such a word."""
        return place - self._hinted <= self._rules.window["answer_lines"]

    def remember(self, past: Past, statement: Statement) -> None:
        """Whether the line holds such a word and nothing strange, and asks, counts or says little more."""
        cheap = any((t.price or t.quantity or 0) < (t.quantity or 0) for t in statement.reading.tiers)
        said = sum(t.kind == "w" for t in statement.reading.tokens)
        if past.innocent < 0 or cheap or said > _MOST_WORDS or foreign_words(statement):
            return
        words = [t for t in statement.terms if t.entry.term in self._rules.exchange_terms]
        colours = self._rules.colour_terms
        words = [w for w in words if not (w.entry.term in colours and is_modifier(statement, w))]
        if any(not is_definite(statement, word) for word in words):
            past.hinted = True
            self._hinted = past.place

    def weigh(self, now: Past, statement: Statement, sheet: Sheet) -> Past | None:
        """The line with the word, when what was said since makes an exchange; enters the hits that say so."""
        if sheet.total("innocent") < 0 or len(now.text) > _LONGEST or not self._kinds(now, statement):
            return None
        if foreign_words(statement):
            return None
        lines = list(self._lines(now))
        near = (past for past in lines if past.hinted and now.place - past.place <= _NEAR)
        hinted = next((past for past in near if self._is_exchange(past, lines)), None)
        if hinted is None:
            return None
        before = len(sheet.hits)
        sheet.hit("context-counted", 0, 0, f"message {hinted.id}")
        sheet.hit("exchange", 0, len(now.text))
        deal = self._rules.thresholds["deal"]
        if sheet.total("drug") >= deal["drug"] and sheet.total() >= deal["score"]:
            return hinted
        sheet.back_to(before)
        return None

    def _lines(self, now: Past) -> Iterator[Past]:
        """This line and those before it that may belong to one exchange, the latest first."""
        yield now
        for past in reversed(self._recent):
            if not within(past, now, self._rules.window["answer_hours"], self._rules.window["answer_lines"]):
                return
            yield past

    def _is_exchange(self, hinted: Past, lines: list[Past]) -> bool:
        """Whether the lines since that word, and the question right before it, make an exchange of two."""
        if not self._kinds(hinted, self._reader.read(hinted.text)):
            return False
        since = [past for past in lines if past.place >= hinted.place - 1]
        kinds: set[str] = set()
        for past in since:
            statement = self._reader.read(past.text)
            found = self._kinds(past, statement)
            if past.innocent < 0:
                return False
            if foreign_words(statement) > _STRANGE:
                return False
            kinds |= found if past.place >= hinted.place else found & {"asks"}
        enough = len(kinds) >= _ENOUGH and not kinds.isdisjoint({"counts", "prices"})
        return enough and self._is_answered([past for past in since if past.place >= hinted.place])

    def _is_answered(self, lines: list[Past]) -> bool:
        """Whether one asks or counts and another names a sum, or the other way round."""
        priced = [past for past in lines if "prices" in self._kinds(past, self._reader.read(past.text))]
        return any(
            past.is_other(other, surely=False) for past in priced for other in lines if past is not other
        )

    def _kinds(self, past: Past, statement: Statement) -> set[str]:
        """What a line adds to an exchange."""
        trade = self._trade_of(past)
        found = {_KINDS[rule] for rule in trade if rule in _KINDS}
        if not trade.isdisjoint(_NO_SUM) or not (past.hinted or only_names_sum(statement)):
            return found
        for tier in statement.reading.tiers:
            found |= {"counts"} if tier.quantity or (tier.price or _CHEAP) < _CHEAP else set()
            found |= {"prices"} if (tier.price or 0) >= _CHEAP else set()
        if sum_in(statement):
            found.add("prices")
        if address(statement):
            found.add("meets")
        if past.hinted and statement.reading.tokens[-1].text == "?":
            found.add("asks")
        return found
