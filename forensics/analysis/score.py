"""Rules with their weights, and hits: why a message was scored as it was. Everything adds up by hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from forensics.analysis.data_files import data_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One reason: a rule, the place in the text of a message, what stands there, and what it weighs."""

    id: str
    version: str
    message: str
    start: int
    end: int
    text: str
    reason: str
    weight: int
    dimension: str = ""
    thousandths: int = 0  # of a learnt weight, which counts in the sum of such only

    @property
    def sign(self) -> str:
        """``+`` speaks for trade, ``-`` against it."""
        return "+" if self.weight + self.thousandths >= 0 else "-"

    def as_dict(self) -> dict[str, object]:
        """As a finding shows it."""
        return {
            "id": self.id,
            "version": self.version,
            "message": self.message,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "reason": self.reason,
            "weight": self.weight,
            "sign": self.sign,
        } | ({"thousandths": self.thousandths} if self.thousandths else {})


class Rule(NamedTuple):
    """A rule as data: its weight, what it speaks of, how often it counts in one message."""

    id: str
    weight: int
    dimension: str
    most: int
    en: str
    nl: str


class Rules:
    """The rules, thresholds and window, from ``data/rules.toml``."""

    def __init__(self, raw: bytes) -> None:
        data = tomllib.loads(raw.decode("utf-8"))
        self.version: str = data["version"]
        self.thresholds: Mapping[str, Mapping[str, int]] = data["thresholds"]
        window = data["window"]
        self.hint_terms = frozenset(window.pop("hint_terms"))
        self.opening_terms = self.hint_terms | frozenset(window.pop("opening_terms"))
        self.exchange_terms = frozenset(window.pop("exchange_terms"))
        self.asked_terms = frozenset(window.pop("asked_terms"))
        self.colour_terms = frozenset(window.pop("colour_terms"))
        self.common_terms = frozenset(window.pop("common_terms"))
        self.elsewhere = {term: frozenset(subjects) for term, subjects in data["elsewhere"].items()}
        endings = "|".join(window.pop("street_endings"))
        self.address = re.compile(rf"(?:{endings})\s+\d", re.IGNORECASE)  # a street and the number of a house
        self.window: Mapping[str, int] = window
        self.parts = {name: frozenset(said) for name, said in data["parts"].items()}  # see analysis.parts
        self.rules: Mapping[str, Rule] = {
            name: Rule(name, r["weight"], r["dimension"], r["most"], r["en"], r["nl"])
            for name, r in data["rules"].items()
        }

    @classmethod
    def load(cls) -> tuple[Rules, bytes]:
        """The rules, and the bytes they were made from."""
        raw = data_bytes("rules.toml")
        return cls(raw), raw


class Sheet:
    """Collects the hits of one message; a rule counts at most as often as it says."""

    def __init__(self, rules: Rules, message: str, text: str) -> None:
        self._rules = rules
        self._message = message
        self._text = text
        self._counts: dict[str, int] = {}
        self.hits: list[Hit] = []
        self.asks = ""  # the act by which it is asked for, ordered or offered

    def hit(self, rule_id: str, start: int, end: int, detail: str = "") -> bool:
        """Records a hit at a place; False when the rule has counted as often as it may."""
        rule = self._rules.rules[rule_id]
        count = self._counts.get(rule_id, 0)
        if count >= rule.most:
            return False
        self._counts[rule_id] = count + 1
        reason = f"{rule.en} ({detail})" if detail else rule.en
        self.hits.append(
            Hit(
                id=rule_id,
                version=self._rules.version,
                message=self._message,
                start=start,
                end=end,
                text=self._text[start:end],
                reason=reason,
                weight=rule.weight,
                dimension=rule.dimension,
            )
        )
        return True

    def back_to(self, size: int) -> None:
        """Takes back every hit after the first ``size``."""
        for hit in self.hits[size:]:
            self._counts[hit.id] -= 1
            if not self._counts[hit.id]:
                del self._counts[hit.id]
        del self.hits[size:]

    def has(self, *rule_ids: str) -> bool:
        """Whether one of the rules has counted."""
        return not self._counts.keys().isdisjoint(rule_ids)

    def first(self, rule_id: str) -> Hit | None:
        """The first hit of the rule; None where it has not counted."""
        return next((hit for hit in self.hits if hit.id == rule_id), None)

    def total(self, *dimensions: str) -> int:
        """The sum of the weights, of all hits or of these dimensions."""
        weight = 0
        for hit in self.hits:
            if not dimensions or hit.dimension in dimensions:
                weight += hit.weight
        return weight

    def count(self, rule_ids: Iterable[str]) -> int:
        """How many of these rules have counted."""
        return sum(1 for r in rule_ids if r in self._counts)


def weigh(hits: Iterable[Hit]) -> int:
    """The sum of the weights."""
    return sum(h.weight for h in hits)
