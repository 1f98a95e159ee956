"""What is said of messages: a line of a conversation, the verdict on one message, the finding on several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from forensics.analysis.score import Hit, weigh

_HOUR = 3_600_000
MARKETS = ("soft", "hard", "medicine", "designer")


class Line(NamedTuple):
    """One message of a conversation; ``sent_at`` in milliseconds since 1970 UTC.

    ``flags`` is what ``cues`` said of the text, where that is known already. ``offset``: where in the message
    the text begins, when that is a stretch of a message too long to be read whole.
    """

    id: str
    text: str
    sent_at: int | None = None
    sender: str | None = None
    from_owner: bool | None = None
    flags: int | None = None
    offset: int = 0

    def is_within(self, hours: int, other: Line) -> bool:
        """Whether both were sent within so many hours, as far as that is known."""
        if self.sent_at is None or other.sent_at is None:
            return True
        return abs(other.sent_at - self.sent_at) <= hours * _HOUR


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
    # the earlier message that names what this one does not name itself
    named_in: str | None = None

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
    # messages before these that name goods which these take over without naming them
    goods_from: tuple[str, ...] = ()

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
        } | ({"goods_from": list(self.goods_from)} if self.goods_from else {})


def finding_of(kind: str, verdicts: Sequence[Verdict]) -> Finding:
    """The messages of these verdicts as one list or one deal."""
    rules = tuple(h for v in verdicts for h in v.rules)
    items = tuple(i for v in verdicts for i in v.items)
    messages = tuple(v.id for v in verdicts)
    return Finding(
        kind=kind,
        messages=messages,
        score=weigh(rules),
        rules=rules,
        items=items,
        laws=_laws(items),
        markets=tuple(m for m in MARKETS if any(m in v.markets for v in verdicts)),
        goods_from=before(messages, (v.named_in for v in verdicts if v.named_in)),
    )


def before(messages: Iterable[str], named_in: Iterable[str]) -> tuple[str, ...]:
    """Those messages that are none of a finding's own, in their order, once each."""
    own = frozenset(messages)
    return tuple(each for each in dict.fromkeys(named_in) if each not in own)


def _laws(items: Iterable[Item]) -> tuple[dict[str, object], ...]:
    """The status in law of each substance of the items, once each."""
    found: dict[str, dict[str, object]] = {}
    for item in items:
        if item.substance:
            key = str((item.substance, *item.law.values()))  # what stands beside it are records
            found.setdefault(key, {"substance": item.substance, **item.law})
    return tuple(found[k] for k in sorted(found))


def conversation_of(found: Sequence[Finding]) -> Finding:
    """The conversation as a whole: its messages in order, every reason once."""
    rules = tuple(h for f in found for h in f.rules)
    messages = dict.fromkeys(m for f in found for m in f.messages)
    return Finding(
        kind="conversation",
        messages=tuple(messages),
        score=weigh(rules),
        rules=rules,
        items=tuple(i for f in found for i in f.items),
        laws=_laws(i for f in found for i in f.items),
        markets=tuple(m for m in MARKETS if any(m in f.markets for f in found)),
        goods_from=before(messages, (m for f in found for m in f.goods_from)),
    )
