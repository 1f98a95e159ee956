"""What a new case records: from the options of ``sporen new`` and from ``case.toml`` (docs/case-toml.md)."""

from __future__ import annotations

import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forensics.analysis.law_table import read_table
from forensics.authority import KINDS, checked_authority, keyed_hash, parse_authority, parse_date
from forensics.digest import sha256
from forensics.errors import WrongUse
from forensics.roles import checked_roles
from forensics.sealing_keys import checked_recipient
from forensics.times import zone

LANGUAGES = ("nl", "en")
LAW = "law"  # the setting that keeps the user's table of law
_STATE = frozenset(("locked", "airplane_mode", "clock_offset_seconds", "clock_compared_at", "time_zone"))
_DEVICE = frozenset(
    ("parent_exhibit", "seals", "make", "model", "serial", "imei", "iccid", "os_version", "owner_stated",
     "owner_stated_by")
)  # fmt: skip
# The tables and their keys (docs/case-toml.md): what is misspelt must not be passed over. Those of the roles
# and of an authority are checked where they are read.
_KEYS: dict[str, frozenset[str] | None] = {
    "case": frozenset(
        ("number", "organisation", "exhibit", "retain_until", "timezone", "language", "investigation",
         "requesting_authority", "offence_category")
    ),
    "examiner": frozenset(("name", "role", "qualification", "reviewer")),
    "reviewer": frozenset(("name",)),
    "device": _DEVICE | _STATE,
    "state": _STATE,
    "acquisition": frozenset(("tool", "version", "type", "operator", "place", "start", "end")),
    "report": frozenset(("status", "replaces", "classification")),
    "scope": frozenset(("from", "until", "apps", "persons")),
    "privilege": frozenset(("seal_for",)),
    "law": frozenset(("table",)),
    "roles": None,
    "authority": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The options of ``sporen new``; None or empty where not given."""

    number: str | None = None
    examiner: str | None = None
    organisation: str | None = None
    exhibit: str | None = None
    authorities: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    apps: Sequence[str] = ()
    retain_until: str | None = None
    reason: str | None = None
    privileged: Path | None = None
    seal_for: Sequence[str] = ()
    timezone: str | None = None
    language: str | None = None
    config: Path | None = None
    law: Path | None = None


def settings(options: Options) -> dict[str, object]:
    """The settings of a new case; an option wins over the file. WrongUse names what is missing or wrong."""
    config = _read_config(options.config) if options.config else {}
    case, scope = _table(config, "case"), _table(config, "scope")
    secret = secrets.token_hex(32)
    found: dict[str, object] = {
        "number": _needed(options.number or case.get("number"), "--number"),
        "examiner": _needed(options.examiner or _table(config, "examiner").get("name"), "--examiner"),
        "organisation": options.organisation or case.get("organisation"),
        "exhibit": options.exhibit or case.get("exhibit"),
        "authorities": _authorities(options, config),
        "retain_until": _day(options.retain_until or case.get("retain_until"), "--retain-until"),
        "period": _period(options.since or scope.get("from"), options.until or scope.get("until")),
        "apps": sorted(set(options.apps or _texts(scope, "apps"))),
        "timezone": options.timezone or case.get("timezone") or "Europe/Amsterdam",
        "language": options.language or case.get("language") or "nl",
        "config": config,
        "secret": secret,
        "secret_id": sha256(secret)[:16],
        "privileged": _privileged(options.privileged, secret) if options.privileged else [],
    }
    if roles := _table(config, "roles"):
        found["roles"] = checked_roles(roles)
    if recipients := [*options.seal_for, *_texts(_table(config, "privilege"), "seal_for")]:
        found["seal_for"] = sorted({checked_recipient(each) for each in recipients})
    if law := _law(options, config):
        found[LAW] = read_table(law).kept()
    zone(str(found["timezone"]))
    if found["language"] not in LANGUAGES:
        raise WrongUse(f"--language {found['language']}: choose {' or '.join(LANGUAGES)}")
    return found


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(f"{path}: this configuration cannot be read: {error}") from error
    unknown = sorted(set(config) - _KEYS.keys())
    if unknown:
        raise WrongUse(f"{path}: unknown table {', '.join(unknown)}; see docs/case-toml.md")
    for name, keys in _KEYS.items():
        if keys is None or (name == "reviewer" and isinstance(config.get(name), str)):
            continue
        if strange := sorted(set(_table(config, name)) - keys):
            raise WrongUse(f"{path}: {name}: unknown key {', '.join(strange)}; see docs/case-toml.md")
    plain: dict[str, Any] = _plain(config)
    return plain


def _law(options: Options, config: Mapping[str, Any]) -> Path | None:
    """The file of the table of law; in case.toml its place is told from that of case.toml."""
    named = _table(config, "law").get("table")
    if options.law or options.config is None or not named:
        return options.law
    if not isinstance(named, str):
        raise WrongUse('case.toml: law.table is no text; write table = "FILE.csv"')
    return options.config.parent / named


def _plain(value: Any) -> Any:
    """TOML's own dates and times as text: the case keeps JSON."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, bool)) else value.isoformat()


def _table(config: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = config.get(name, {})
    if not isinstance(found, Mapping):
        raise WrongUse(f"case.toml: {name} is not a table; see docs/case-toml.md")
    return found


def _needed(value: object, option: str) -> str:
    if not value:
        raise WrongUse(f"{option} is missing; give it as an option or in --config")
    return str(value)


def _day(text: object, option: str) -> str | None:
    return parse_date(str(text), option).isoformat() if text else None


def _period(since: object, until: object) -> dict[str, str | None]:
    """The first and last day; WrongUse when they are in the wrong order."""
    first, last = _day(since, "--from"), _day(until, "--until")
    if first and last and first > last:
        raise WrongUse(f"--from {first} is after --until {last}: nothing could be read; change one of them")
    return {"from": first, "until": last}


def _texts(table: Mapping[str, Any], name: str) -> list[str]:
    """A list of texts in case.toml; WrongUse when it is something else."""
    found = table.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise WrongUse(f'case.toml: {name} is no list of texts; write {name} = ["..."]')
    return found


def _authorities(options: Options, config: Mapping[str, Any]) -> list[dict[str, object]]:
    """All grounds; one of kind ``none`` where nothing is recorded."""
    found: list[dict[str, object]] = [parse_authority(each) for each in options.authorities]
    for ground in found:
        if ground["kind"] == "urgent" and options.reason:
            ground["reason"] = options.reason
    for each in config.get("authority", ()):
        if not isinstance(each, Mapping) or each.get("kind") not in KINDS:
            raise WrongUse(f"case.toml: an authority needs a kind: {', '.join(KINDS)}")
        found.append(checked_authority(each, "case.toml: authority"))
    if not found:
        found.append({"kind": "none"})
    return [{"reference": "", **each} for each in found]


def _privileged(path: Path, secret: str) -> list[str]:
    """The keyed hashes of the identifiers in a file; the identifiers themselves are not kept."""
    return sorted({keyed_hash(secret, each) for each in listed_identifiers(path)})


def listed_identifiers(path: Path) -> list[str]:
    """The identifiers in a file, one a line; # begins a remark. WrongUse when it cannot be read."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: the list of privileged contacts cannot be read: {error}") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
