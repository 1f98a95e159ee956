"""Who may do what in a case: whoever filters privileged talk sees no content, and whoever sees content does
not filter (court report reference 2.3: filtering is done outside the investigation team).

A role that is given is held to in every case; who gives none, in a case that does not want one, is not held
back. A case whose ``case.toml`` has ``[roles]`` with
``enforced = true`` wants name, role and reason of every action, and names who has which role. What cannot be
known: whether the name that was given is that of who sits there; the log has the account of the machine too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forensics.actor import ROLES
from forensics.errors import Refused, WrongUse

FILTER = "filter"
# Commands that decide what is kept from the investigation, or show who it is about.
FILTERING = frozenset(("privilege", "purge"))
_CASE = frozenset(("anchor", "authority", "erase", "ingest", "key", "new", "receive", "verify"))
# Commands that show or give out what people wrote or what others looked for, or judge it.
_CONTENT = frozenset(
    ("classify", "decide", "differences", "export", "flags", "handover", "link", "log", "prove", "recover",
     "redact", "report", "review", "run", "search", "show", "validate")
)  # fmt: skip
# What each role may do; what is not named here it may not. To unseal is for whom it was sealed, who has none.
MAY: dict[str, frozenset[str]] = {
    FILTER: _CASE | FILTERING,
    "investigator": _CASE | _CONTENT,
    "reviewer": _CASE | _CONTENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A command, and who gave it in which role and why, as far as that was said."""

    command: str
    by: str | None
    role: str | None
    reason: str | None


def checked_roles(given: Mapping[str, Any]) -> dict[str, Any]:
    """``[roles]`` as the case records it. WrongUse for an unknown key, or a person on both sides."""
    unknown = sorted(set(given) - {"enforced", *ROLES})
    if unknown:
        raise WrongUse(f"case.toml: roles: unknown key {', '.join(unknown)}; see docs/case-toml.md")
    if not isinstance(given.get("enforced", False), bool):
        raise WrongUse("case.toml: roles.enforced is true or false")
    people = {name: _people(given.get(name, []), name) for name in ROLES}
    both = set(people[FILTER]) & {each for name in ROLES if name != FILTER for each in people[name]}
    if both:
        raise WrongUse(f"case.toml: roles: {', '.join(sorted(both))} filters and investigates; name others")
    return {"enforced": bool(given.get("enforced", False)), **people}


def _people(value: object, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WrongUse(f'case.toml: roles.{name} is no list of texts; write {name} = ["..."]')
    return sorted(set(value))


def check_command(command: str, role: str | None) -> None:
    """Refused where the role that was given does not do that, in whatever case; without a role nothing is."""
    if role is None or command in MAY[role]:
        return
    if role == FILTER:
        raise Refused(f"{command}: whoever filters does not see content; others in the team do this")
    if command in FILTERING:
        raise Refused(f"{command}: only whoever filters does this (--role filter), and no {role}")
    raise Refused(f"{command}: no {role} does this; a container is opened by whom it was sealed for")


def check(roles: Mapping[str, Any], action: Action) -> None:
    """Refused where this person, in this role, does not do that in this case."""
    check_command(action.command, action.role)
    if not roles.get("enforced"):
        return
    missing = [name for name in ("by", "role", "reason") if not str(getattr(action, name) or "").strip()]
    if missing:
        options = ", ".join(f"--{name}" for name in missing)
        raise Refused(f"{action.command}: this case wants who acts, in which role and why: give {options}")
    people = roles.get(str(action.role)) or []
    if people and action.by not in people:
        raise Refused(f"{action.command}: {action.by} is not named as {action.role} in this case")
