"""What every CASE/UCO graph of one case draws on: people, items of evidence, and who read them when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.case_nodes import Names
from reports.reader import CaseReader, Record


@dataclass(frozen=True, slots=True)
class Reading:
    """What the custody log says of the reading of an item."""

    started: str | None
    ended: str | None
    actor: str
    tool: str


class Known:
    """What all graphs of one case draw on; read once."""

    def __init__(self, case: CaseReader) -> None:
        self.case = case
        self.info = case.info
        self.names = Names(str(case.info["number"]))

    @cached_property
    def people(self) -> dict[str, Record]:
        return {each["id"]: each for each in self.case.participants()}

    @cached_property
    def accounts(self) -> dict[str, Record]:
        return {each["id"]: each for each in self.case.accounts()}

    @cached_property
    def items(self) -> dict[str, Record]:
        """The items of evidence by their SHA-256."""
        return {each["sha256"]: each for each in self.case.evidence()}

    @cached_property
    def sizes(self) -> dict[tuple[str, str], int]:
        """The sizes of the files that were read, by item and path."""
        return {
            (digest, file["path"]): file["size"]
            for digest, item in self.items.items()
            for file in item["files"]
        }

    @cached_property
    def readings(self) -> dict[str, Reading]:
        """The last reading of each item, by its SHA-256."""
        found: dict[str, Reading] = {}
        for line in self.case.log_lines():
            entry = json.loads(line)
            subject = entry["object"]
            digest = subject.get("sha256") if isinstance(subject, Mapping) else None
            if not digest or entry["action"] not in ("parse.start", "parse.end"):
                continue
            started = entry["time"] if entry["action"] == "parse.start" else found[digest].started
            ended = entry["time"] if entry["action"] == "parse.end" else None
            found[digest] = Reading(started, ended, str(entry["actor"]), str(entry["tool"]))
        return found
