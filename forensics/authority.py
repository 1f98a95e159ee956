"""Legal basis and scope: what may be read at all, decided before anything is stored.

Court report reference, sections 1.3 and 2. Privileged contacts are kept as keyed hashes only: the list of
them is itself sensitive.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forensics.errors import Refused, WrongUse
from forensics.purged import Purged, purged_of
from forensics.times import day_bounds

KINDS = ("prosecutor", "examining-magistrate", "consent", "urgent", "none")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_NUMBER = re.compile(r"\+?\d{6,15}")


def parse_authority(text: str) -> dict[str, object]:
    """``KIND:REFERENCE:DATE``, split at the first and the last colon; WrongUse when it is not that."""
    kind, first, rest = text.partition(":")
    reference, last, day = rest.rpartition(":")
    if not first or not last or kind not in KINDS:
        raise WrongUse(f"--authority {text}: give KIND:REFERENCE:DATE, KIND one of {', '.join(KINDS)}")
    parse_date(day, "--authority")
    return {"kind": kind, "reference": reference, "date": day}


def parse_date(text: str, option: str) -> date:
    """An ISO date; WrongUse naming the option when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{option} {text}: give a date as YYYY-MM-DD") from error


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


def keyed_hash(secret: str, identifier: str) -> str:
    """HMAC-SHA256 of a normalised identifier, under the secret of the case."""
    return hmac.new(bytes.fromhex(secret), normalised(identifier).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the authority covers. ``since`` and ``until`` are instants, the second one exclusive."""

    apps: frozenset[str]
    since: int | None
    until: int | None
    privileged: frozenset[str]
    secret: str
    purged: Purged = field(default_factory=Purged)

    @property
    def is_whole(self) -> bool:
        """Whether the authority leaves nothing out; what was purged since is left out all the same."""
        return not (self.apps or self.privileged) and self.since is None and self.until is None

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

    def is_privileged(self, identifiers: Iterable[str | None]) -> bool:
        """Whether one of these is on the list of privileged contacts."""
        if not self.privileged:
            return False
        return any(keyed_hash(self.secret, each) in self.privileged for each in identifiers if each)


def scope_of(info: Mapping[str, Any]) -> Scope:
    """The scope that the settings of a case record."""
    period = info.get("period") or {}
    first, last = (period.get(name) for name in ("from", "until"))
    since, until = day_bounds(
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
        str(info["timezone"]),
    )
    return Scope(
        apps=frozenset(info.get("apps") or ()),
        since=since,
        until=until,
        privileged=frozenset(info.get("privileged") or ()),
        secret=str(info["secret"]),
        purged=purged_of(info),
    )


def check_validity(authorities: Iterable[Mapping[str, Any]], today: date) -> None:
    """Refused when every recorded authority has lapsed; without a recorded authority reading is possible."""
    grounds = [each for each in authorities if each["kind"] != "none"]
    lapsed = [
        each for each in grounds if each.get("expires") and date.fromisoformat(str(each["expires"])) < today
    ]
    if grounds and len(lapsed) == len(grounds):
        named = ", ".join(f"{each['reference']} (until {each['expires']})" for each in lapsed)
        raise Refused(f"the authority has lapsed: {named}; record a new one")
