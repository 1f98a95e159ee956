"""From messages to verdicts and findings, one conversation at a time.

A verdict is about one message, given what was said before it (contract, section 5); a finding groups
messages: a list of goods, the messages of one deal, or a conversation that holds several. All are
indications.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from forensics.analysis.cues import CUE_CODED, CUE_DRUG, CUE_HINT, CUE_TRADE, Cues
from forensics.analysis.goods import Good
from forensics.analysis.law import Laws, Status
from forensics.analysis.lexicon import Lexicon, Substance, data_bytes
from forensics.analysis.phrases import Phrases
from forensics.analysis.score import Hit, Rules, weigh
from forensics.analysis.statement import Reader
from forensics.analysis.window import Judged, WindowState
from forensics.times import local, now

__all__ = [
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
]

_MARKETS = ("soft", "hard", "medicine", "designer")
_HOUR = 3_600_000
_ZONE = "Europe/Amsterdam"  # the law changes at midnight there
_CONVERSATION_FROM = 3  # findings in one conversation that make a finding of their own


class Line(NamedTuple):
    """One message of a conversation; ``sent_at`` in milliseconds since 1970 UTC.

    ``flags`` is what ``cues`` said of the text, where that is known already.
    """

    id: str
    text: str
    sent_at: int | None = None
    sender: str | None = None
    from_owner: bool | None = None
    flags: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One amount of one product for one price, with its status in law on the day of the message."""

    substance: str | None
    candidates: tuple[str, ...]
    text: str
    quantity: float | None
    unit: str | None
    price: float | None
    currency: str | None
    list: str | None
    law: dict[str, object]

    def as_dict(self) -> dict[str, object]:
        """The JSON object of the contract, section 5."""
        return {
            "substance": self.substance,
            "candidates": list(self.candidates),
            "text": self.text,
            "quantity": _whole(self.quantity),
            "unit": self.unit,
            "price": _whole(self.price),
            "currency": self.currency,
            "list": self.list,
            "law": self.law,
        }


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one message is taken for, and why."""

    id: str
    label: str
    score: int
    rules: tuple[Hit, ...]
    items: tuple[Item, ...]
    markets: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """The JSON object of the contract, section 5."""
        names = ("id", "version", "start", "end", "text", "reason")
        return {
            "id": self.id,
            "label": self.label,
            "score": self.score,
            "rules": [{n: getattr(h, n) for n in names} for h in self.rules],
            "items": [i.as_dict() for i in self.items],
            "markets": list(self.markets),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Messages to read: a list of goods, a deal, or a conversation; with every reason."""

    kind: str
    messages: tuple[str, ...]
    score: int
    rules: tuple[Hit, ...]
    items: tuple[Item, ...]
    laws: tuple[dict[str, object], ...]
    markets: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        return {
            "kind": self.kind,
            "messages": list(self.messages),
            "score": self.score,
            "rules": [h.as_dict() for h in self.rules],
            "items": [i.as_dict() for i in self.items],
            "laws": list(self.laws),
            "markets": list(self.markets),
        }


class Classifier:
    """The vocabularies, rules and weights of one version."""

    def __init__(self, reader: Reader, rules: Rules, cues: Cues, sha256: str, laws: Laws) -> None:
        self.reader = reader
        self.rules = rules
        self.speaks = cues.speaks
        self.laws = laws
        self._today: date | None = None
        self.version = f"{rules.version}+{sha256[:12]}"
        self.sha256 = sha256

    @classmethod
    def load(cls, overlay: Path | None = None, law: Path | None = None) -> Classifier:
        """Reads the data of the package, and local tables of words and law; raises WrongUse for a bad one."""
        lexicon, lexicon_hash = Lexicon.load(overlay)
        acts, acts_raw = Phrases.acts()
        subjects, subjects_raw = Phrases.subjects()
        rules, rules_raw = Rules.load()
        laws = Laws.load(law)
        parts = (
            lexicon_hash.encode(),
            acts_raw,
            subjects_raw,
            rules_raw,
            data_bytes("amounts.toml"),
            data_bytes("listings.csv"),
            *((laws.sha256.encode(),) if laws.sha256 else ()),
        )
        sha256 = hashlib.sha256(b"".join(hashlib.sha256(p).digest() for p in parts)).hexdigest()
        reader = Reader(lexicon, acts, subjects, rules.elsewhere)
        return cls(reader, rules, Cues(lexicon, acts, rules), sha256, laws)

    def flags(self, line: Line) -> int:
        """Whether the line can contribute to a finding (see cues)."""
        return self.speaks(line.text) if line.flags is None else line.flags

    def today(self) -> date:
        """The day for messages without a date (contract, section 5), the same for the whole run."""
        if self._today is None:
            self._today = local(now(), _ZONE).date()
        return self._today

    def conversation(self) -> Window:
        """The state of a conversation of which nothing was read yet."""
        return Window(self)


class Window:
    """Reads the lines of one conversation in order."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._state = WindowState(classifier.reader, classifier.rules)
        self._before: deque[Line] = deque(maxlen=classifier.rules.window["heard_lines"])

    def read(self, line: Line) -> Verdict:
        """The verdict for this line, given the lines before it."""
        flags = self._classifier.flags(line)
        judged = self._judge(line, flags, self._before) if flags else None
        self._before.append(line)
        return self.verdict(line, judged)

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
        writer = (line.sender, line.from_owner)
        return self._state.judge(line.id, line.text, line.sent_at, flags, writer, before=before)

    def verdict(self, line: Line, judged: Judged | None) -> Verdict:
        """The outcome for a line, with the status in law of what it speaks of."""
        if judged is None:
            return Verdict(id=line.id, label="none", score=0, rules=(), items=(), markets=())
        items = self._items(judged, line) if judged.goods else ()
        markets = self._markets(judged, items) if judged.label != "none" else ()
        return Verdict(
            id=line.id,
            label=judged.label,
            score=judged.score,
            rules=tuple(judged.hits),
            items=items,
            markets=markets,
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
        return tuple(m for m in _MARKETS if m in found)


def _item(good: Good, text: str, day: date, units: Mapping[str, Substance], laws: Laws) -> Item:
    substance = good.candidates[0] if good.candidates else None
    found = laws.status(substance, day) if substance else None
    beside = laws.beside(substance, day) if substance else ()
    unit = good.unit
    if unit is None and good.quantity is not None and substance:
        unit = units[substance].unit or None
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


class _Grouping:
    """Collects the lists and deals of one conversation into findings."""

    def __init__(self, rules: Rules, window: Window) -> None:
        self._rules = rules
        self._verdict = window.verdict
        self.findings: list[Finding] = []
        self._deal: list[tuple[Line, Verdict]] = []
        self._before: deque[tuple[Line, Judged | None]] = deque(maxlen=rules.window["answer_lines"])
        self._since = 0

    def take(self, line: Line, judged: Judged | None) -> None:
        """The next line that says something, with its outcome."""
        self._since += 1
        if judged and judged.label == "menu":
            self.findings.append(_finding("menu", [self._verdict(line, judged)]))
        elif judged and judged.label == "deal":
            self._take_deal(line, judged)
        self._before.append((line, judged))

    def _take_deal(self, line: Line, judged: Judged) -> None:
        """The order that the line answers joins the deal."""
        if self._deal and not self._goes_on(line):
            self.close()
        if judged.opener not in {kept.id for kept, _ in self._deal}:
            self._deal += [(k, self._verdict(k, j)) for k, j in self._before if k.id == judged.opener]
        self._deal.append((line, self._verdict(line, judged)))
        self._since = 0

    def _goes_on(self, line: Line) -> bool:
        last = self._deal[-1][0].sent_at
        window = self._rules.window
        if self._since > window["lines"]:
            return False
        return last is None or line.sent_at is None or line.sent_at - last <= window["hours"] * _HOUR

    def close(self) -> None:
        """Ends the open deal."""
        if self._deal:
            self.findings.append(_finding("deal", [v for _, v in self._deal]))
        self._deal = []


def _finding(kind: str, verdicts: Sequence[Verdict]) -> Finding:
    rules = tuple(h for v in verdicts for h in v.rules)
    items = tuple(i for v in verdicts for i in v.items)
    return Finding(
        kind=kind,
        messages=tuple(v.id for v in verdicts),
        score=weigh(rules),
        rules=rules,
        items=items,
        laws=_laws(items),
        markets=tuple(m for m in _MARKETS if any(m in v.markets for v in verdicts)),
    )


def _laws(items: Iterable[Item]) -> tuple[dict[str, object], ...]:
    """The status in law of each substance of the items, once each."""
    found: dict[tuple[object, ...], dict[str, object]] = {}
    for item in items:
        if item.substance:
            key = (item.substance, *item.law.values())
            found.setdefault(key, {"substance": item.substance, **item.law})
    return tuple(found[k] for k in sorted(found, key=str))


def find(lines: Sequence[Line], classifier: Classifier) -> list[Finding]:
    """The findings of one conversation whose lines are in order.

    Lines that do not speak change nothing: neither the window nor the grouping counts them. Of the others
    only those are heard that can matter. Without an earlier line that was read and said something, a line
    is read for a drug cue of its own only; so nothing begins before the first drug cue, and what comes
    before a drug cue matters as far back as the window reaches.
    """
    speaking = [(p, line, flags) for p, line in enumerate(lines) if (flags := classifier.flags(line))]
    limits = classifier.rules.window
    near = _near([flags for _, _, flags in speaking], limits["lines"], limits["coded_lines"])
    if not any(near):
        return []
    window = classifier.conversation()
    grouping = _Grouping(classifier.rules, window)
    reach = classifier.rules.window["heard_lines"]
    for (place, line, flags), is_near in zip(speaking, near, strict=True):
        before = lines[max(0, place - reach) : place]
        grouping.take(line, window.hear(line, flags, before, is_near=is_near))
    grouping.close()
    if not grouping.findings:
        return []
    order = {line.id: place for place, line in enumerate(lines)}
    found = sorted(grouping.findings, key=lambda f: (order[f.messages[0]], f.kind))
    if len(found) >= _CONVERSATION_FROM:
        found.append(_conversation(found))
    return found


def _near(flags: Sequence[int], reach: int, coded_reach: int) -> list[bool]:
    """Of each line whether it has a drug cue, or one of the next ``reach`` lines, which may look back; or a
    turn of phrase of street trade, or one of the next ``coded_reach`` lines, which add up with it.
    """
    near: list[bool] = []
    ahead = 0
    for each in reversed(flags):
        ahead -= 1
        if each & (CUE_DRUG | CUE_HINT):
            ahead = reach + 1
        elif each & CUE_CODED:
            ahead = max(ahead, coded_reach + 1)
        near.append(ahead > 0)
    near.reverse()
    return near


def _conversation(found: Sequence[Finding]) -> Finding:
    """The conversation as a whole: its messages in order, every reason once."""
    rules = tuple(h for f in found for h in f.rules)
    return Finding(
        kind="conversation",
        messages=tuple(dict.fromkeys(m for f in found for m in f.messages)),
        score=weigh(rules),
        rules=rules,
        items=tuple(i for f in found for i in f.items),
        laws=_laws(i for f in found for i in f.items),
        markets=tuple(m for m in _MARKETS if any(m in f.markets for f in found)),
    )
