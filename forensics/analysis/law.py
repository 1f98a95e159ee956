"""The Opiumwet lists by date: what a substance's status was on the day of a message.

A user's table (``Laws.load``) has the same columns and may have ``jurisdiction``: its rows for NL take the
place of the built-in rows of the same substance, the tables of other countries are laid beside.

The table ``data/listings.csv`` holds intervals with their source and confidence. An own row of the
substance that covers the day wins; else the default row (not named on a list up to 2015-11-29, unknown
from then on). A list IA group never gives plain "IA" except for 2-MMC, which the government named (list
IA rules, section 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.law_table import HOME, LawTable, civil_day, jurisdiction, read_table

_TO_CHECK = "to be checked"
_MIXTURES = frozenset({"lean", "pink-cocaine"})
_MIXTURE_NOTE = "a mixture: its parts decide, only a laboratory can tell; to be checked"
_IA_FROM = date(2025, 7, 1)
# A substance with a listing of its own that the government names as an example of a group: both are shown.
_ALSO_NAMED = "also named as an example of a group of list IA from 2025-07-01, to be checked"
# The classes whose members are candidates for a group (list IA rules, section 4).
_GROUP_OF_CLASS = {
    "cathinone-unspecified": "phenethylamine",
    "stimulant-unspecified": "phenethylamine",
    "fentanyl-unspecified": "4-aminopiperidine",
    "spice-unspecified": "cannabimimetic",
    "nitazene-unspecified": "nitazene",
}
_NOT_NAMED = "no substance is named"
# What may apply besides the lists, by the kinds of ``other_laws.csv``; recalled, so each is to be checked.
_UNKNOWN_CONTENT = "content unknown, counterfeits occur; to be checked"
_OTHER_LAWS = {
    "medicine": "may fall under the Geneesmiddelenwet too (prescription-only medicine, trade without a "
    f"licence); {_UNKNOWN_CONTENT}",
    "when-medicine": f"may fall under the Geneesmiddelenwet too, where it is a medicine; {_UNKNOWN_CONTENT}",
    "precursor": "may fall under the law on drug precursors (Wet voorkoming misbruik chemicaliën, EU "
    "regulations); to be checked",
    "for-ghb": "art. 10a Opiumwet may be relevant where it is meant for making GHB; to be checked",
}
# The government aimed at this day for nitazenes as a group; no decision was found, so no list is given.
_NITAZENES_PLANNED = date(2026, 7, 1)


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


@lru_cache(maxsize=1)
def _intervals() -> dict[str, tuple[_Interval, ...]]:
    return _by_substance(table(data_bytes("listings.csv")))


def _by_substance(rows: Iterable[Mapping[str, str]]) -> dict[str, tuple[_Interval, ...]]:
    found: dict[str, list[_Interval]] = {}
    for row in rows:
        found.setdefault(row["substance_id"], []).append(
            _Interval(
                list=row["list"],
                first=civil_day(row["valid_from"]),
                last=civil_day(row["valid_to"]),
                decision=row["decision"],
                confidence=row["confidence"],
                note=row["note"],
            )
        )
    return {name: tuple(rows) for name, rows in found.items()}


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    return {row["id"]: row["ia_group"] for row in table(data_bytes("substances.csv")) if row["ia_group"]}


@lru_cache(maxsize=1)
def other_laws() -> Mapping[str, str]:
    """What may apply to a substance besides the lists, by its id: a kind of ``other_laws.csv``."""
    return {row["substance_id"]: row["law"] for row in table(data_bytes("other_laws.csv"))}


def status(substance: str, day: date, intervals: Mapping[str, tuple[_Interval, ...]] | None = None) -> Status:
    """The status of a substance on a day of Dutch civil time, by the built-in table or another."""
    found = _on_lists(substance, day, _intervals() if intervals is None else intervals)
    kind = other_laws().get(substance)
    if kind is None:
        return found
    other = _OTHER_LAWS[kind]
    note = found.note.removesuffix(_TO_CHECK).removesuffix("; ")  # it is said at the end
    return replace(found, note=f"{note}; {other}" if note else other)


def _on_lists(substance: str, day: date, intervals: Mapping[str, tuple[_Interval, ...]]) -> Status:
    if substance.endswith("-unspecified"):
        return _of_class(substance, day)
    if substance in _MIXTURES:
        return Status(list=None, decision="", valid_from=None, confidence="unknown", note=_MIXTURE_NOTE)
    own = [i for i in intervals.get(substance, ()) if i.covers(day)]
    listed = [i for i in own if i.list in ("I", "II")] or [i for i in own if i.list == "IA"] or own
    interval = listed[0] if listed else next(i for i in intervals["*"] if i.covers(day) or i.last is None)
    found = _with_group(substance, day, interval, bool(own))
    if interval.list in ("I", "II") and any(i.list == "IA" for i in own):
        return replace(found, note="; ".join(filter(None, (found.note, _ALSO_NAMED))))
    return found


def _of_class(substance: str, day: date) -> Status:
    """No list, for no one substance is named; what a whole family may fall under is said."""
    group = _GROUP_OF_CLASS.get(substance) if day >= _IA_FROM else None
    notes = [_NOT_NAMED, _group_note(group, False, day)] if group else [_NOT_NAMED]
    return Status(list=None, decision="", valid_from=None, confidence="none", note="; ".join(notes))


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
        notes.append(_group_note(group, interval.list in ("I", "II"), day))
    return Status(
        list=interval.list if interval.list in ("I", "IA", "II") else None,
        decision=interval.decision,
        valid_from=interval.first if interval.list in ("I", "IA", "II") else None,
        confidence=confidence,
        note="; ".join(notes),
    )


def _group_note(group: str, listed: bool, day: date) -> str:
    if group == "nitazene":
        when = "before that day" if day < _NITAZENES_PLANNED else "whether it took effect was not found"
        return f"group of nitazenes: planned for list IA from {_NITAZENES_PLANNED}, {when}, to be checked"
    if listed:
        return f"also in the candidate group {group} of list IA"
    return f"may fall under list IA (group {group}); needs chemical and legal assessment"


class Laws:
    """The tables of law of one run: the built-in one, and what the user laid over it or beside it."""

    def __init__(self, table: LawTable | None = None) -> None:
        self.table = table
        self.sha256 = table.sha256 if table else ""
        rows = table.rows if table else ()
        home = _by_substance(row for row in rows if jurisdiction(row) == HOME)
        self._home = {**_intervals(), **home}
        elsewhere = sorted({jurisdiction(row) for row in rows} - {HOME})
        self._beside = {
            name: _by_substance(row for row in rows if jurisdiction(row) == name) for name in elsewhere
        }

    @classmethod
    def load(cls, path: Path | None) -> Laws:
        """The built-in table with that of a file; raises WrongUse for a file that is no such table."""
        return cls(read_table(path) if path else None)

    def status(self, substance: str, day: date) -> Status:
        """The status on a day of Dutch civil time."""
        return status(substance, day, self._home)

    def beside(self, substance: str, day: date) -> tuple[dict[str, object], ...]:
        """What the tables of other countries say of the substance on that day."""
        found: list[dict[str, object]] = []
        for name, intervals in self._beside.items():
            rows = [i for i in intervals.get(substance, ()) if i.covers(day)]
            found.extend(
                {
                    "jurisdiction": name,
                    "list": i.list,
                    "decision": i.decision,
                    "confidence": i.confidence,
                    "note": i.note,
                    "table_sha256": self.sha256,
                }
                for i in rows
            )
        return tuple(found)
