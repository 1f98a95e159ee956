"""Conversations in which a trade is done and the goods are never named.

The turns of an ordinary sale say what is sold: a bicycle, tickets, a cake. In a coded one the same turns
(asking, counting, a sum, a meeting, paying) come with few words of anything else, and with turns of phrase
that are seldom said outside such trade: on credit, another phone, who sent you, a sample, the usual. Each of
both kinds counts once; every word that is of no trade and no small talk counts against it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from forensics.analysis.cues import CUE_CODED, CUE_DRUG, CUE_HINT, TELLING
from forensics.analysis.exchange import sum_in
from forensics.analysis.listener import Listener
from forensics.analysis.past import Past, within
from forensics.analysis.phrases import Phrase
from forensics.analysis.score import Rules, Sheet
from forensics.analysis.statement import (
    Reader,
    Statement,
    foreign_words,
    is_definite,
    is_modifier,
    is_small_talk,
)

_STEPS = {
    "request": "asks",
    "order": "asks",
    "price": "prices",
    "place": "meets",
    "handover": "meets",
    "delivery": "meets",
    "payment": "pays",
}
_HINT = CUE_HINT | CUE_DRUG
_DIGIT = re.compile(r"\d")
_HINTED = "double-meaning"
_LONGEST = 120  # characters of a line that is weighed
_MOST_STRANGE = 3  # words of one line that count against it


class Coded(Listener):
    """Adds up the ``recent`` lines of a conversation in which such turns of phrase are heard."""

    def __init__(
        self, reader: Reader, rules: Rules, recent: deque[Past], trade_of: Callable[[Past], frozenset[str]]
    ) -> None:
        super().__init__(reader, rules, recent, trade_of)
        self._marked: deque[int] = deque(maxlen=2)  # the places of the last lines with such a turn
        self._counted: deque[int] = deque(maxlen=2)  # and of those with a number

    def hears(self, past: Past) -> None:
        """Keeps the place of a line that may hold such a turn of phrase or a number; nothing is read."""
        if past.flags & CUE_CODED or past.flags & _HINT == _HINT:
            self._marked.append(past.place)
        if len(past.text) <= _LONGEST and _DIGIT.search(past.text):
            self._counted.append(past.place)

    def listens(self, place: int) -> bool:
        """Whether such turns and numbers stand so near that a line here may be of their exchange: two of one
        and one of the other.
        """
        reach = self._rules.window["coded_lines"]
        marked = sum(place - each <= reach for each in self._marked)
        if not marked:
            return False
        counted = sum(place - each <= reach for each in self._counted)
        return counted > 0 and marked + counted > 2

    def weigh(self, now: Past, statement: Statement, sheet: Sheet) -> Past | None:
        """The line of the first sign, when what was said makes a coded exchange; enters the hits."""
        if sheet.total("innocent") < 0 or len(now.text) > _LONGEST:
            return None
        lines = list(self._lines(now))
        signs: dict[str, Past] = {}
        steps: dict[str, Past] = {}
        strange = 0
        for past in lines:
            read = statement if past is now else self._reader.read(past.text)
            for kind in self._signs(past, read):
                signs.setdefault(kind, past)
            for kind in self._steps(past, read):
                steps.setdefault(kind, past)
            strange += min(foreign_words(read), _MOST_STRANGE) + (_MOST_STRANGE if past.innocent < 0 else 0)
        if not signs or not {"counts", "prices"} & steps.keys() or not _of_two(lines):
            return None
        return self._entered(sheet, signs, steps, strange)

    def _entered(
        self, sheet: Sheet, signs: dict[str, Past], steps: dict[str, Past], strange: int
    ) -> Past | None:
        """Enters the hits, or takes them back when they do not weigh enough."""
        before = len(sheet.hits)
        sheet.hit("coded-exchange", 0, 0)
        for kind, past in sorted(signs.items()):
            sheet.hit("coded-sign", 0, 0, f"message {past.id}: {kind}")
        for kind, past in sorted(steps.items()):
            sheet.hit("coded-step", 0, 0, f"message {past.id}: {kind}")
        for _ in range(strange):
            sheet.hit("coded-strange", 0, 0)
        least = self._rules.thresholds["coded"]
        entered = sum(h.weight for h in sheet.hits[before:])
        told = sum(kind != _HINTED for kind in signs)  # an ordinary word alone is none
        if told >= least["signs"] and entered >= least["score"]:
            return min(signs.values(), key=lambda past: past.place)
        sheet.back_to(before)
        return None

    def _lines(self, now: Past) -> Iterator[Past]:
        """This line and those before it that may belong to one exchange, the latest first."""
        yield now
        for past in reversed(self._recent):
            if not within(past, now, self._rules.window["coded_hours"], self._rules.window["coded_lines"]):
                return
            if len(past.text) <= _LONGEST:
                yield past

    def _signs(self, past: Past, statement: Statement) -> Iterator[str]:
        """The turns of phrase of such trade that a line holds."""
        if past.flags & CUE_CODED:
            for act in statement.acts:
                if act.name in TELLING and act.strength >= 2:
                    yield _sign(act, statement)
                    break  # one phrase may be of two kinds: a line is one sign
        if past.flags & CUE_HINT and self._hints(statement):
            yield _HINTED

    def _hints(self, statement: Statement) -> bool:
        """Whether the line holds an ordinary word that can mean a drug, and says of nothing how it is."""
        rules = self._rules
        words = [t for t in statement.terms if t.entry.term in rules.exchange_terms]
        kept = (w for w in words if not (w.entry.term in rules.colour_terms and is_modifier(statement, w)))
        return any(not is_definite(statement, word) for word in kept)

    def _steps(self, past: Past, statement: Statement) -> set[str]:
        """The turns of a sale that a line holds."""
        found = {
            _STEPS[act.name]
            for act in statement.acts
            if act.name in _STEPS and act.strength >= 2 and not is_small_talk(statement, act)
        }
        trade = self._trade_of(past)
        if not trade.isdisjoint(("quantity", "bare-amount")):
            found.add("counts")
        if "price" in trade or sum_in(statement):
            found.add("prices")
        return found | ({"meets"} if "place" in trade else set())


def _sign(act: Phrase, statement: Statement) -> str:
    """What a turn of phrase is called in the reasons; those of one kind count once, the free ones each."""
    said = statement.reading.text[act.start : act.end].lower()
    return f"{act.name}: {said}" if act.name == "coded" else act.name


def _of_two(lines: Sequence[Past]) -> bool:
    """Whether two persons wrote the lines, where the writers are known."""
    writers = {past.writer for past in lines}
    return len(writers) > 1 or (None, None) in writers
