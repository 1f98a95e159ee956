"""Legal basis and scope: what may be read at all, decided before anything is stored.

Court report reference, sections 1.3 and 2. Privileged contacts are kept as keyed hashes only: the list of
them is itself sensitive.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from forensics.errors import Refused, WrongUse
from forensics.ground import LIMITS, Ground, Talk, checked_limits, ground_of, normalised, own_limits
from forensics.purged import Purged, purged_of

KINDS = ("prosecutor", "examining-magistrate", "consent", "urgent", "none")
# What an authority says besides its limits.
_WORDS = ("kind", "reference", "issuer", "date", "expires", "scope", "limits", "reason")


def parse_authority(text: str) -> dict[str, object]:
    """``KIND:REFERENCE:DATE``, split at the first and the last colon; WrongUse when it is not that."""
    kind, first, rest = text.partition(":")
    reference, last, day = rest.rpartition(":")
    if not first or not last or kind not in KINDS:
        raise WrongUse(f"--authority {text}: give KIND:REFERENCE:DATE, KIND one of {', '.join(KINDS)}")
    parse_date(day, "--authority")
    return {"kind": kind, "reference": reference, "date": day}


def checked_authority(given: Mapping[str, Any], where: str) -> dict[str, object]:
    """An authority as the case records it. WrongUse names the key that is wrong; urgency needs its reason."""
    unknown = sorted(set(given) - {*_WORDS, *LIMITS})
    if unknown:
        raise WrongUse(f"{where}: unknown key {', '.join(unknown)}; see docs/case-toml.md")
    for name in ("date", "expires"):
        if given.get(name):
            parse_date(str(given[name]), f"{where}.{name}")
    if given["kind"] == "urgent" and not str(given.get("reason") or "").strip():
        raise WrongUse(f"{where}: urgency needs its reason; give reason")
    return {
        **{name: str(given[name]) for name in _WORDS if given.get(name)},
        **checked_limits(given, where),
    }


def parse_date(text: str, option: str) -> date:
    """An ISO date; WrongUse naming the option when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WrongUse(f"{option} {text}: give a date as YYYY-MM-DD") from error


def keyed_hash(secret: str, identifier: str) -> str:
    """HMAC-SHA256 of a normalised identifier, under the secret of the case."""
    return hmac.new(bytes.fromhex(secret), normalised(identifier).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What may be read: what any of the ``grounds`` covers, else the limits of the case, and nobody who is
    privileged. ``since`` and ``until`` are instants, the second one exclusive."""

    apps: frozenset[str]
    since: int | None
    until: int | None
    privileged: frozenset[str]
    secret: str
    purged: Purged = field(default_factory=Purged)
    grounds: tuple[Ground, ...] = ()
    # public keys for which privileged talk is sealed; none: it is left out
    recipients: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Ground, ...]:
        """The grounds; of a scope without any, its own limits."""
        return self.grounds or (Ground(apps=self.apps, since=self.since, until=self.until),)

    @property
    def is_whole(self) -> bool:
        """Whether the authority leaves nothing out; what was purged since is left out all the same."""
        return not self.privileged and any(each.is_whole for each in self.every)

    def covers_app(self, app: str) -> bool:
        """Whether anything of that app may be read."""
        return any(each.covers_app(app) for each in self.every)

    def covers(self, talk: Talk) -> bool:
        """Whether a record may be read."""
        return any(each.covers(talk) for each in self.every)

    def is_privileged(self, identifiers: Iterable[str | None]) -> bool:
        """Whether one of these is on the list of privileged contacts."""
        if not self.privileged:
            return False
        return any(keyed_hash(self.secret, each) in self.privileged for each in identifiers if each)

    def contains(self, other: Scope) -> bool:
        """Whether nothing more may be read under the other, nor sealed for anybody else."""
        is_sealed = not other.privileged or set(other.recipients) <= set(self.recipients)
        return (
            is_sealed
            and self.privileged <= other.privileged
            and all(any(own.contains(each) for own in self.every) for each in other.every)
        )


def scope_of(info: Mapping[str, Any], today: date | None = None) -> Scope:
    """The scope that the settings of a case record, of the authorities valid ``today`` (None: of all)."""
    return scope_from(limits_now(info, today), info)


def limits_now(info: Mapping[str, Any], today: date | None = None) -> dict[str, Any]:
    """What is kept with an item of evidence of the scope under which it is read (see ``scope_from``)."""
    period = info.get("period") or {}
    case = {"from": period.get("from"), "until": period.get("until"), "apps": list(info.get("apps") or ())}
    recorded = [each for each in info.get("authorities", ()) if each["kind"] != "none"]
    valid = [each for each in recorded if today is None or is_valid(each, today)]
    grounds = [_limits_of(each, case) for each in valid]
    unique = {json.dumps(each, sort_keys=True): each for each in grounds or [case]}
    found = {"grounds": list(unique.values()), "privileged": list(info.get("privileged") or ())}
    return found | ({"seal_for": list(info["seal_for"])} if info.get("seal_for") else {})


def _limits_of(authority: Mapping[str, Any], case: Mapping[str, Any]) -> dict[str, Any]:
    """Its own limits, and the apps and the period of the case where it says nothing of those itself. One day
    is a period of its own: the other end is then open."""
    own = own_limits(authority)
    own_period = {"from", "until"} & own.keys()
    return {name: case[name] for name in case if name == "apps" or not own_period} | own


def scope_from(limits: Mapping[str, Any], info: Mapping[str, Any]) -> Scope:
    """The scope of stored limits, in a case with these settings."""
    grounds = tuple(ground_of(each, str(info["timezone"])) for each in limits["grounds"])
    first = grounds[0]
    return Scope(
        apps=first.apps,
        since=first.since,
        until=first.until,
        privileged=frozenset(limits["privileged"]),
        secret=str(info["secret"]),
        purged=purged_of(info),
        grounds=grounds,
        recipients=tuple(limits.get("seal_for") or ()),
    )


def is_valid(authority: Mapping[str, Any], today: date) -> bool:
    """Whether an authority has not lapsed."""
    return not authority.get("expires") or date.fromisoformat(str(authority["expires"])) >= today


def check_validity(authorities: Iterable[Mapping[str, Any]], today: date) -> None:
    """Refused when every recorded authority has lapsed; without a recorded authority reading is possible."""
    grounds = [each for each in authorities if each["kind"] != "none"]
    lapsed = [each for each in grounds if not is_valid(each, today)]
    if grounds and len(lapsed) == len(grounds):
        named = ", ".join(f"{each['reference']} (until {each['expires']})" for each in lapsed)
        raise Refused(f"the authority has lapsed: {named}; record a new one")
