"""Calls and people as another tool decoded them beside those that were read here: counts and differences.

A call has no id of the app in such a report: calls are the same by app, second and direction, the first with
the first where there are several. People are the same by identifier, else by telephone number. Nothing is
merged, changed or preferred.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from forensics.case_comparison import LISTED, compare
from forensics.identity import participant_id
from forensics.parser import SEVERAL_APPS

_SECOND = 1000
# The parts of a second that one side has are no difference.
_ROUNDED = 1

_FILE = "LEFT JOIN file AS f ON f.evidence = c.evidence AND f.path = json_extract(c.form, '$.source.path')"
_CALLS = f"""
SELECT json_extract(c.form, '$.app'), c.at / {_SECOND}, json_extract(c.form, '$.from_owner'),
  json_extract(c.form, '$.seconds'), c.id, f.app = '{SEVERAL_APPS}'
FROM call AS c {_FILE} WHERE c.evidence = ? AND c.stands_for IS NULL ORDER BY c.n
"""
_ACCOUNTS = (
    "SELECT DISTINCT t.account FROM message AS m LEFT JOIN file AS f ON f.n = m.file"
    f" LEFT JOIN conversation AS t ON t.n = m.conversation WHERE f.evidence = ? AND f.app = '{SEVERAL_APPS}'"
    f" UNION SELECT json_extract(c.form, '$.account') FROM call AS c {_FILE}"
    f" WHERE c.evidence = ? AND f.app = '{SEVERAL_APPS}' ORDER BY 1"
)


@dataclass(frozen=True, slots=True)
class _Call:
    id: str
    seconds: int | None


def comparisons(db: sqlite3.Connection, evidence: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """All that is compared of an item, each with its kind: messages (records), calls, people; nothing where
    no other tool decoded any of it."""
    wanted = "SELECT 1 FROM file WHERE evidence = ? AND app = ?"
    if db.execute(wanted, (evidence, SEVERAL_APPS)).fetchone() is None:
        return
    for kind, compared in (("records", compare), ("calls", compare_calls), ("people", compare_people)):
        for form in compared(db, evidence):
            yield kind, form


def compare_calls(db: sqlite3.Connection, evidence: int) -> Iterator[dict[str, Any]]:
    """For each app of whose calls another tool decoded any in this item."""
    sides: dict[str, tuple[dict[Any, list[_Call]], dict[Any, list[_Call]]]] = {}
    for app, second, from_owner, seconds, key, is_other in db.execute(_CALLS, (evidence,)):
        # a call without a time is the same as no other
        place = (second, from_owner) if second is not None else key
        side = sides.setdefault(app, ({}, {}))[bool(is_other)]
        side.setdefault(place, []).append(_Call(f"k{key.hex()}", seconds))
    for app, (own, other) in sorted(sides.items()):
        if other:
            yield {"app": app, **_compared_calls(own, other)}


def _compared_calls(own: Mapping[Any, list[_Call]], other: Mapping[Any, list[_Call]]) -> dict[str, Any]:
    pairs: list[tuple[_Call, _Call]] = []
    left: dict[str, list[str]] = {"only_own": [], "only_other": []}
    for place in dict.fromkeys((*own, *other)):
        ours, theirs = own.get(place, []), other.get(place, [])
        pairs += zip(ours, theirs, strict=False)
        left["only_own"] += (each.id for each in ours[len(theirs) :])
        left["only_other"] += (each.id for each in theirs[len(ours) :])
    left["seconds_differ"] = [
        theirs.id
        for ours, theirs in pairs
        if ours.seconds is not None and theirs.seconds is not None
        and abs(ours.seconds - theirs.seconds) > _ROUNDED
    ]  # fmt: skip
    counts = {"own": sum(map(len, own.values())), "other": sum(map(len, other.values())), "same": len(pairs)}
    return {**counts, **_listed(left)}


def _listed(found: Mapping[str, list[str]]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, ids in found.items():
        told[name], told[f"{name}_ids"] = len(ids), ids[:LISTED]
    return told


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    keys: frozenset[str]
    names: frozenset[str]


def compare_people(db: sqlite3.Connection, evidence: int) -> Iterator[dict[str, Any]]:
    """For each app of which another tool decoded chats or calls in this item: the people but the owner."""
    accounts = [account for (account,) in db.execute(_ACCOUNTS, (evidence, evidence)) if account]
    sides: dict[str, tuple[list[_Person], list[_Person]]] = {}
    said = "SELECT form FROM said WHERE evidence = ? AND record = 'participant' ORDER BY place"
    for (form,) in db.execute(said, (evidence,)) if accounts else ():
        person = json.loads(form)
        if not person["is_owner"]:
            sides.setdefault(person["app"], ([], []))[_is_other(person, accounts)].append(_person(person))
    for app, (own, other) in sorted(sides.items()):
        if other:
            yield {"app": app, **_compared_people(own, other)}


def _is_other(person: Mapping[str, Any], accounts: Iterable[str]) -> bool:
    """Whether a person belongs to an account that the other tool decoded: an id is made of both."""
    keys = [person["handle"], *(each["name"] for each in person["names"])]
    return any(person["id"] == participant_id(account, key) for account in accounts for key in keys if key)


def _person(person: Mapping[str, Any]) -> _Person:
    keys = frozenset(filter(None, (person["handle"], person["phone"])))
    return _Person(person["id"], keys, frozenset(each["name"] for each in person["names"]))


def _compared_people(own: list[_Person], other: list[_Person]) -> dict[str, Any]:
    by_key = {key: each for each in reversed(own) for key in each.keys}
    found: dict[str, list[str]] = {"only_own": [], "only_other": [], "names_differ": []}
    same: Counter[str] = Counter()
    for theirs in other:
        ours = next((by_key[key] for key in sorted(theirs.keys) if key in by_key), None)
        if ours is None:
            found["only_other"].append(theirs.id)
            continue
        same[ours.id] += 1
        if ours.names and theirs.names and not ours.names & theirs.names:
            found["names_differ"].append(theirs.id)
    found["only_own"] = [each.id for each in own if each.id not in same]
    return {"own": len(own), "other": len(other), "same": same.total(), **_listed(found)}
