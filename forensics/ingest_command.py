"""What an ingest is asked for: the request for reading and what stays the same for all its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forensics.authority import limits_now, scope_from
from forensics.case import Case
from forensics.evidence import Limits
from forensics.ingest import Run, check_authority, known_items, today, widened_items
from forensics.key_ring import read_key_file
from forensics.places import check_case_folder
from forensics.reading import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The items and the options of one ingest. ``expected``: SHA-256 in lower case hexadecimal digits,
    one for each item."""

    evidence: Sequence[Path]
    environment: Mapping[str, str]
    workers: int
    keys: Sequence[Path] = ()
    exhibit: str | None = None
    expected: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)
    recover: bool = True


def prepare(case: Case, asked: Asked) -> tuple[Request, Run]:
    """What reading and storing need. Refused when no authority is valid today; WrongUse when the case lies in
    the evidence or a key file cannot be read."""
    check_case_folder(case.folder, asked.evidence)
    check_authority(case)
    limits = limits_now(case.info, today(case))
    scope = scope_from(limits, case.info)
    widened = widened_items(case, scope)
    exhibit = asked.exhibit or case.info.get("exhibit")
    request = Request(
        paths=tuple(asked.evidence),
        keys=tuple(read_key_file(each) for each in asked.keys),
        scope=scope,
        exhibit=exhibit,
        expected=tuple(asked.expected),
        known=known_items(case, widened),
        work=case.work_folder(),
        limits=asked.limits,
        timezone=str(case.info["timezone"]),
        recover=asked.recover,
    )
    run = Run(
        environment=asked.environment, exhibit=exhibit, workers=asked.workers, recover=asked.recover,
        limits=limits, widened=widened,
    )  # fmt: skip
    return request, run
