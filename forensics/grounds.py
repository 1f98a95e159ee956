"""A further authority, or another retention date, for a case that is there: recorded, never taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forensics.authority import KINDS, checked_authority, is_valid, parse_authority, parse_date
from forensics.case import Case
from forensics.errors import WrongUse
from forensics.ingest import today


def add_authority(case: Case, text: str, further: Mapping[str, Any], by: str | None) -> dict[str, object]:
    """Record a further authority (KIND:REFERENCE:DATE and what else it says); evidence that was read under a
    narrower one is read anew by the next ingest of it. WrongUse where something of it is missing."""
    given: dict[str, object] = {
        **parse_authority(text), **{name: value for name, value in further.items() if value}
    }  # fmt: skip
    if given["kind"] == "none" or not given["reference"]:
        kinds = ", ".join(each for each in KINDS if each != "none")
        raise WrongUse(f"--add {text}: an authority has a kind ({kinds}) and a reference")
    found = checked_authority(given, "--add")
    with case.change() as change:
        recorded = [each for each in case.info["authorities"] if each["kind"] != "none"]
        if any(each["reference"] == found["reference"] for each in recorded):
            raise WrongUse(
                f"{found['reference']}: an authority with this reference is recorded; none is changed"
            )
        case.set(authorities=[*recorded, found])
        person = by or str(case.info["examiner"])
        change.log("authority.set", {"authority": str(found["reference"])}, by=person, recorded=found,
                   changes_case=True)  # fmt: skip
    return found


def retain_until(case: Case, day: str, reason: str | None, by: str | None) -> str:
    """Record the last day on which the case may be kept. WrongUse without a reason."""
    if not (reason or "").strip():
        raise WrongUse("--retain-until needs --reason: who decided so, and why")
    found = parse_date(day, "--retain-until").isoformat()
    with case.change() as change:
        before = case.info.get("retain_until")
        case.set(retain_until=found)
        person = by or str(case.info["examiner"])
        change.log("authority.set", {"retain_until": found}, reason=reason, by=person, before=before,
                   changes_case=True)  # fmt: skip
    return found


def listed(case: Case) -> list[dict[str, object]]:
    """The recorded authorities, each with whether it is valid today."""
    day = today(case)
    return [
        {**each, "valid": is_valid(each, day)} for each in case.info["authorities"] if each["kind"] != "none"
    ]
