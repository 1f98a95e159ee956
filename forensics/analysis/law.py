"""The Opiumwet lists by date: what a substance's status was on the day of a message.

The table ``data/listings.csv`` holds intervals with their source and confidence. An own row of the
substance that covers the day wins; else the default row (not named on a list up to 2015-11-29, unknown
from then on). A list IA group never gives plain "IA" except for 2-MMC, which the government named (list
IA rules, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from forensics.analysis.lexicon import data_bytes, table

_TO_CHECK = "to be checked"
_MIXTURES = frozenset({"lean", "pink-cocaine"})
_MIXTURE_NOTE = "a mixture: its parts decide, only a laboratory can tell; to be checked"
_IA_FROM = date(2025, 7, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The list (I, IA, II) or None, since when, by which decision, how sure, and what must be said beside
    it.
    """

    list: str | None
    decision: str
    valid_from: date | None
    confidence: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Interval:
    list: str
    first: date | None
    last: date | None
    decision: str
    confidence: str
    note: str

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def _intervals() -> dict[str, tuple[_Interval, ...]]:
    found: dict[str, list[_Interval]] = {}
    for row in table(data_bytes("listings.csv")):
        found.setdefault(row["substance_id"], []).append(
            _Interval(
                list=row["list"],
                first=_day(row["valid_from"]),
                last=_day(row["valid_to"]),
                decision=row["decision"],
                confidence=row["confidence"],
                note=row["note"],
            )
        )
    return {name: tuple(rows) for name, rows in found.items()}


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    return {row["id"]: row["ia_group"] for row in table(data_bytes("substances.csv")) if row["ia_group"]}


def status(substance: str, day: date) -> Status:
    """The status of a substance of the lexicon on a day of Dutch civil time."""
    if substance.endswith("-unspecified"):
        return Status(
            list=None, decision="", valid_from=None, confidence="none", note="no substance is named"
        )
    if substance in _MIXTURES:
        return Status(list=None, decision="", valid_from=None, confidence="unknown", note=_MIXTURE_NOTE)
    own = [i for i in _intervals().get(substance, ()) if i.covers(day)]
    listed = [i for i in own if i.list in ("I", "II")] or [i for i in own if i.list == "IA"] or own
    interval = listed[0] if listed else next(i for i in _intervals()["*"] if i.covers(day) or i.last is None)
    return _with_group(substance, day, interval, bool(own))


def _with_group(substance: str, day: date, interval: _Interval, own: bool) -> Status:
    notes = [interval.note] if own and interval.note else []
    confidence = interval.confidence or "unknown"
    if interval.list == "unknown":
        confidence, notes = "unknown", notes or ["the status on this day is not known"]
    elif interval.list == "none":
        notes = notes or ["not on a list by name on this day"]
    if confidence != "verified" and _TO_CHECK not in " ".join(notes):
        notes.append(_TO_CHECK)
    group = _groups().get(substance)
    if group and interval.list != "IA" and day >= _IA_FROM:
        notes.append(_group_note(group, interval.list in ("I", "II")))
    return Status(
        list=interval.list if interval.list in ("I", "IA", "II") else None,
        decision=interval.decision,
        valid_from=interval.first if interval.list in ("I", "IA", "II") else None,
        confidence=confidence,
        note="; ".join(notes),
    )


def _group_note(group: str, listed: bool) -> str:
    if group == "nitazene":
        return "group of nitazenes: planned for list IA, to be checked"
    if listed:
        return f"also in the candidate group {group} of list IA"
    return f"may fall under list IA (group {group}); needs chemical and legal assessment"
