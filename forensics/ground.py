"""What one authority lets be read: apps, a period, persons, conversations, kinds of data.

An authority without a scope of its own has that of the case. Of several authorities that are valid, what any
of them covers may be read (court report reference 2.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from forensics.errors import WrongUse
from forensics.times import day_bounds

# The keys of an authority that limit it; lists of texts but the first two.
LIMITS = ("from", "until", "apps", "persons", "conversations", "data_types")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_NUMBER = re.compile(r"\+?\d{6,15}")


def normalised(identifier: str) -> str:
    """How identifiers are compared: a number by its digits, a WhatsApp id by its user part, else folded."""
    plain = identifier.strip().casefold()
    user = plain.partition("@")[0] if plain.endswith(("@s.whatsapp.net", "@c.us")) else plain
    compact = _SEPARATORS.sub("", user)
    if not _NUMBER.fullmatch(compact):
        return plain
    digits = compact.lstrip("+").removeprefix("00")
    # Dutch numbers as people write them: 06... is +316...
    return f"31{digits[1:]}" if digits.startswith("0") and len(digits) == 10 else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What is asked of a record: where it stands, between whom, of which kind; identifiers normalised.

    ``persons``: whoever sent it, and the other side where it is a conversation of two.
    """

    app: str
    at: int | None
    conversation: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The limits of one authority; an empty set is no limit. ``until`` is exclusive."""

    apps: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    persons: frozenset[str] = frozenset()
    conversations: frozenset[str] = frozenset()
    data_types: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == Ground()

    @property
    def names_people(self) -> bool:
        """Whether it asks who a record is of, or where it stands."""
        return bool(self.persons or self.conversations)

    def covers_app(self, app: str) -> bool:
        """Whether that app may be read."""
        return not self.apps or app in self.apps

    def covers_time(self, instant: int | None) -> bool:
        """Whether that moment may be read; no known moment is outside a period that is set."""
        if self.since is None and self.until is None:
            return True
        if instant is None:
            return False
        return (self.since is None or instant >= self.since) and (self.until is None or instant < self.until)

    def covers(self, talk: Talk) -> bool:
        """Whether a record may be read."""
        return (
            self.covers_app(talk.app)
            and self.covers_time(talk.at)
            and (not self.data_types or talk.kind in self.data_types)
            and (not self.conversations or not self.conversations.isdisjoint(talk.conversation))
            and (not self.persons or not self.persons.isdisjoint(talk.persons))
        )

    def contains(self, other: Ground) -> bool:
        """Whether everything that the other covers is covered here too."""
        sets = ("apps", "persons", "conversations", "data_types")
        inside = all(
            not getattr(self, name) or (getattr(other, name) and getattr(other, name) <= getattr(self, name))
            for name in sets
        )
        starts = self.since is None or (other.since is not None and other.since >= self.since)
        ends = self.until is None or (other.until is not None and other.until <= self.until)
        return inside and starts and ends


def is_between_two(kind: str) -> bool:
    """Whether a conversation of that kind has one other side."""
    return kind in ("direct", "secret")


def ground_of(limits: Mapping[str, Any], timezone: str) -> Ground:
    """The limits as the case records them."""
    first, last = (limits.get(name) for name in ("from", "until"))
    since, until = day_bounds(
        date.fromisoformat(str(first)) if first else None,
        date.fromisoformat(str(last)) if last else None,
        timezone,
    )
    return Ground(
        apps=frozenset(limits.get("apps") or ()),
        since=since,
        until=until,
        persons=frozenset(normalised(each) for each in limits.get("persons") or ()),
        conversations=frozenset(normalised(each) for each in limits.get("conversations") or ()),
        data_types=frozenset(limits.get("data_types") or ()),
    )


def own_limits(authority: Mapping[str, Any]) -> dict[str, Any]:
    """The limits that an authority itself records; empty where it has those of the case."""
    return {name: authority[name] for name in LIMITS if authority.get(name)}


def checked_limits(given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The limits of an authority as they are stored. WrongUse names the key that is wrong."""
    found: dict[str, Any] = {}
    for name in LIMITS:
        value = given.get(name)
        if not value:
            continue
        found[name] = _day(value, where, name) if name in ("from", "until") else _texts(value, where, name)
    if found.get("from", "") > found.get("until", "9999"):
        raise WrongUse(
            f"{where}: from {found['from']} is after until {found['until']}: nothing could be read"
        )
    return found


def _day(value: object, where: str, name: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise WrongUse(f"{where}: {name} {value}: give a date as YYYY-MM-DD") from error


def _texts(value: object, where: str, name: str) -> list[str]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise WrongUse(f'{where}: {name} is no list of texts; write {name} = ["..."]')
    return sorted(set(value))
