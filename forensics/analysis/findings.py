"""From messages to verdicts and findings, one conversation at a time.

A verdict is about one message, given what was said before it (contract, section 5); a finding groups
messages: a list of goods, the messages of one deal, or a conversation that holds several. All are
indications.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from forensics.analysis.cues import CUE_CODED, CUE_DRUG, CUE_OPENS, CUE_TRADE, Cues
from forensics.analysis.data_files import data_bytes
from forensics.analysis.faults import FAULTS, Faults, Raised
from forensics.analysis.glance import Glance
from forensics.analysis.goods import Good
from forensics.analysis.grouping import Grouping
from forensics.analysis.languages import Languages
from forensics.analysis.law import Laws, Status
from forensics.analysis.lexicon import Lexicon, Substance
from forensics.analysis.opinion import Opinion, Weighing
from forensics.analysis.phrases import Phrases
from forensics.analysis.score import Hit, Rules
from forensics.analysis.statement import Reader
from forensics.analysis.stretches import LONGEST_READ, telling
from forensics.analysis.sums import Sums
from forensics.analysis.verdicts import MARKETS, Finding, Item, Line, Verdict, conversation_of
from forensics.analysis.weights import Forms, Weights
from forensics.analysis.window import Judged, WindowState
from forensics.times import local, now

__all__ = [
    "CONVERSATION_FROM",
    "CUE_CODED",
    "CUE_DRUG",
    "CUE_TRADE",
    "Classifier",
    "Finding",
    "Item",
    "Line",
    "Verdict",
    "Window",
    "find",
    "stream",
]

CONVERSATION_FROM = 3  # findings in one conversation that make a finding of their own
_ZONE = "Europe/Amsterdam"  # the law changes at midnight there


class Scales(NamedTuple):
    """What weighs: the rules, and the weights that were learnt."""

    rules: Rules
    learnt: Weights


class Classifier:
    """The vocabularies, rules and weights of one version."""

    def __init__(self, scales: Scales, reader: Reader, cues: Cues, digests: bytes, laws: Laws) -> None:
        """``digests``: those of everything but the user's table of law, one behind the other."""
        self.reader = reader
        self.rules, self.learnt = scales
        self._cues = cues
        self.speaks, self.forget = cues.speaks, cues.forget
        self.laws = laws
        self._forms = Forms(reader, self.learnt)
        self._sums = Sums(self.learnt)
        self._glance = Glance(self.learnt)
        self.languages = Languages(reader.lexicon)
        self._today: date | None = None
        self._digests = digests
        # without the user's table of law, on which no label, item or rule depends
        self.rules_sha256 = hashlib.sha256(digests).hexdigest()
        further = hashlib.sha256(laws.sha256.encode()).digest() if laws.sha256 else b""
        self.sha256 = hashlib.sha256(digests + further).hexdigest()
        self.version = f"{self.rules.version}+{self.sha256[:12]}"

    @classmethod
    def load(cls, overlay: Path | None = None, law: Path | None = None) -> Classifier:
        """Reads the data of the package, and local tables of words and law; raises WrongUse for a bad one."""
        lexicon, lexicon_hash = Lexicon.load(overlay)
        acts, acts_raw = Phrases.acts()
        subjects, subjects_raw = Phrases.subjects()
        rules, rules_raw = Rules.load()
        learnt, learnt_raw = Weights.load()
        laws = Laws.load(law)
        parts = (
            lexicon_hash.encode(),
            acts_raw,
            subjects_raw,
            rules_raw,
            learnt_raw,
            data_bytes("amounts.toml"),
            data_bytes("listings.csv"),
            data_bytes("other_laws.csv"),
        )
        digests = b"".join(hashlib.sha256(p).digest() for p in parts)
        reader = Reader(lexicon, acts, subjects, rules.elsewhere)
        return cls(Scales(rules, learnt), reader, Cues(lexicon, acts, rules), digests, laws)

    def under(self, laws: Laws) -> Classifier:
        """The same vocabularies and rules with other tables of law."""
        return Classifier(Scales(self.rules, self.learnt), self.reader, self._cues, self._digests, laws)

    def weighing(self, learnt: Weights) -> Classifier:
        """The same vocabularies and rules with other learnt weights: for measuring these."""
        return Classifier(Scales(self.rules, learnt), self.reader, self._cues, self._digests, self.laws)

    def flags(self, line: Line) -> int:
        """Whether the line can contribute to a finding (see cues)."""
        return self.speaks(line.text) if line.flags is None else line.flags

    def read_of(self, line: Line) -> Line:
        """What is read of a line: the line itself, or a stretch of a message too long to be read whole."""
        if len(line.text) <= LONGEST_READ:
            return line
        found = telling(line.text, lambda text: bool(self.speaks(text) & CUE_OPENS))
        return line._replace(text=found.text, offset=found.start)

    def today(self) -> date:
        """The day for messages without a date (contract, section 5), the same for the whole run."""
        if self._today is None:
            self._today = local(now(), _ZONE).date()
        return self._today

    def conversation(self, faults: Faults | None = None) -> Window:
        """The state of a conversation of which nothing was read yet; without ``faults`` they are raised."""
        return Window(self, faults)

    def opinion(self, faults: Faults | None = None) -> Opinion:
        """The second opinion on a conversation of which nothing was read yet; ``faults`` as before."""
        scales = Weighing(self._sums, self._forms, self._glance)
        return Opinion(self.reader, self.rules, scales, faults or Raised())


class Window:
    """Reads the lines of one conversation in order."""

    def __init__(self, classifier: Classifier, faults: Faults | None = None) -> None:
        self._classifier = classifier
        self._faults = faults or Raised()
        self._state = WindowState(classifier.reader, classifier.rules)
        self._before: deque[Line] = deque(maxlen=classifier.rules.window["heard_lines"])

    def read(self, line: Line) -> Verdict:
        """The verdict of the rules for this line, given the lines before it."""
        line, flags = self.flagged(line)
        return self.verdict(line, self.heard(line, flags))

    def flagged(self, line: Line) -> tuple[Line, int]:
        """What is read of a line, and what that can contribute; nothing where there is a fault in it."""
        try:
            line = self._classifier.read_of(line)
            return line, self._classifier.flags(line)
        except FAULTS as error:
            self._faults.note(line.id, error)
            return line._replace(text=""), 0

    def heard(self, line: Line, flags: int) -> Judged | None:
        """The outcome of a line by the rules, given the lines before it; both as ``flagged`` gives them."""
        if not flags:
            return None
        judged = self._judge(line, flags, self._before)
        self._before.append(line)
        return judged

    def hear(self, line: Line, flags: int, before: Sequence[Line], *, is_near: bool) -> Judged | None:
        """The outcome for a line that says something; None when it can be none but ``none``.

        ``before``: the lines right before it. ``is_near``: the line has a drug cue, or one comes so soon that
        it may look back at this line.
        """
        if is_near or self._state.listens():
            return self._judge(line, flags, before)
        self._state.pass_over()
        return None

    def _judge(self, line: Line, flags: int, before: Sequence[Line]) -> Judged | None:
        """The outcome for a line; none where there is a fault in it."""
        writer = (line.sender, line.from_owner)
        try:
            return self._state.judge(line.id, line.text, line.sent_at, flags, writer, before=before)
        except FAULTS as error:
            self._faults.note(line.id, error)
            return None

    def verdict(self, line: Line, judged: Judged | None) -> Verdict:
        """The outcome for a line, with the status in law of what it speaks of."""
        if judged is not None:
            try:
                return self._verdict(line, judged)
            except FAULTS as error:
                self._faults.note(line.id, error)
        return Verdict(id=line.id, label="none", score=0, rules=(), items=(), markets=())

    def _verdict(self, line: Line, judged: Judged) -> Verdict:
        items = self._items(judged, line) if judged.goods else ()
        markets = self._markets(judged, items) if judged.label != "none" else ()
        return Verdict(
            id=line.id,
            label=judged.label,
            score=judged.score,
            rules=self._classifier.languages.told(_placed(judged.hits, line.offset)),
            items=items,
            markets=markets,
            named_in=judged.named_in if judged.label != "none" else None,
        )

    def _items(self, judged: Judged, line: Line) -> tuple[Item, ...]:
        day = self._classifier.today() if line.sent_at is None else local(line.sent_at, _ZONE).date()
        substances = self._classifier.reader.lexicon.substances
        laws = self._classifier.laws
        return tuple(_item(good, line.text, day, substances, laws) for good in judged.goods)

    def _markets(self, judged: Judged, items: Iterable[Item]) -> tuple[str, ...]:
        substances = self._classifier.reader.lexicon.substances
        named = {i.substance for i in items if i.substance} | set(judged.targets)
        found = {substances[n].market for n in named}
        return tuple(m for m in MARKETS if m in found)


def _placed(hits: Sequence[Hit], offset: int) -> Sequence[Hit]:
    """The hits with their places in the whole message, of which a stretch was read."""
    if not offset:
        return hits
    return [replace(hit, start=hit.start + offset, end=hit.end + offset) if hit.end else hit for hit in hits]


def _item(good: Good, text: str, day: date, units: Mapping[str, Substance], laws: Laws) -> Item:
    substance = good.candidates[0] if good.candidates else None
    found = laws.status(substance, day) if substance else None
    beside = laws.beside(substance, day) if substance else ()
    unit = good.unit
    if unit is None and substance and good.quantity is not None:
        unit = units[substance].unit or None  # what is not counted has no unit that goes without saying
    return Item(
        substance=substance,
        candidates=good.candidates,
        text=text[good.start : good.end],
        quantity=good.quantity,
        unit=unit,
        price=good.price,
        currency=good.currency,
        list=found.list if found else None,
        law=(_law(found) | ({"beside": beside} if beside else {})) if found else {},
    )


def _law(found: Status) -> dict[str, object]:
    return {
        "list": found.list,
        "decision": found.decision,
        "valid_from": found.valid_from.isoformat() if found.valid_from else None,
        "confidence": found.confidence,
        "note": found.note,
    }


def find(lines: Iterable[Line], classifier: Classifier) -> list[Finding]:
    """The findings of one conversation whose lines are in order, and the conversation when it has several."""
    found = list(stream(lines, classifier))
    if len(found) >= CONVERSATION_FROM:
        found.append(conversation_of(found))
    return found


def stream(lines: Iterable[Line], classifier: Classifier, faults: Faults | None = None) -> Iterator[Finding]:
    """The lists and deals of one conversation whose lines are in order, each as soon as none can come before
    it; lines are kept only as far as others may look back at them, however many there are.

    Lines that do not speak change nothing: neither the window nor the grouping counts them. The one right
    behind a line that speaks may answer it (analysis.right_behind); no other needs to be given. Of the others
    the window hears only those that can matter. Without an earlier line that was read and said something, a
    line is read for a drug cue of its own only; so nothing begins there before the first drug cue, and what
    comes before a drug cue matters as far back as the window reaches. The second opinion hears them all.

    Faults in single lines go into ``faults``; without them they are raised.
    """
    window = classifier.conversation(faults)
    grouping = Grouping(classifier.rules, window.verdict)
    opinion = classifier.opinion(faults)
    has_begun = False
    for line, flags, before, is_near in _spoken(map(window.flagged, lines), classifier.rules):
        if not flags:
            opinion.follow(line)
            continue
        has_begun = has_begun or is_near
        judged = window.hear(line, flags, before, is_near=is_near) if has_begun else None
        _group(opinion.take(line, flags, judged), grouping)
        yield from grouping.ready()
    _group(opinion.rest(), grouping)
    yield from grouping.rest()


def _group(known: Iterable[tuple[Line, Judged | None]], grouping: Grouping) -> None:
    """Give the lines of which the outcome is known; those that say nothing only where they answer one."""
    for line, judged in known:
        if line.flags != 0:
            grouping.take(line, judged)
        elif judged is not None:
            grouping.answer(line, judged)


class _Spoken(NamedTuple):
    """A line that says something, the lines before it, and whether it has a cue or one follows soon; or one
    right behind such a line that says nothing, without flags."""

    line: Line
    flags: int
    before: tuple[Line, ...]
    is_near: bool


def _spoken(lines: Iterable[tuple[Line, int]], rules: Rules) -> Iterator[_Spoken]:
    """The lines that say something, and what is right behind each. One without a drug cue waits until it is
    known whether one of the next lines that say something has one, which may look back at it.
    """
    reach = rules.window["lines"]
    before: deque[Line] = deque(maxlen=rules.window["heard_lines"])
    waiting: deque[_Spoken] = deque()
    speaking, spoke = 0, False  # how many wait that say something; whether the last line did
    for line, flags in lines:
        if flags & CUE_OPENS:
            yield from (each._replace(is_near=True) for each in waiting)
            waiting.clear()
            speaking = 0
            yield _Spoken(line, flags, tuple(before), True)
        elif flags or spoke:
            waiting.append(_Spoken(line, flags, tuple(before) if flags else (), False))
            speaking += bool(flags)
        while speaking > reach:
            speaking -= bool(waiting[0].flags)
            yield waiting.popleft()
        spoke = bool(flags)
        if flags:
            before.append(line)
    yield from waiting
