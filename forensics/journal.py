"""The custody log as it is asked for: chosen entries, and what a supervisory authority asks of it.

Directive (EU) 2016/680, article 25: collection, alteration, consultation, disclosure, combination, erasure;
of consultation and disclosure the justification, date and time, who, and to whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from forensics.case import Case
from forensics.custody_entry import Entry
from forensics.digest import sha256
from forensics.errors import WrongUse
from forensics.places import check_target, write_new

# Which of the operations of article 25(1) an action of the log is; the others are of the log itself.
OPERATIONS = {
    "authority.set": "alteration",
    "case.open": "collection",
    "copy.work": "collection",
    "decrypt": "collection",
    "disclose": "disclosure",
    "erase": "erasure",
    "evidence.add": "collection",
    "export": "disclosure",
    "flag.review": "alteration",
    "flag.run": "combination",
    "parse.end": "collection",
    "parse.start": "collection",
    "privilege.exclude": "erasure",
    "purge": "erasure",
    "receive": "collection",
    "recover": "collection",
    "report.select": "alteration",
    "report.sign": "alteration",
    "report.write": "disclosure",
    "scope.filter": "erasure",
    "search": "consultation",
    "view": "consultation",
    "case.close": "erasure",
}
COLUMNS = (
    *("seq", "time", "operation", "action", "object", "justification", "person", "role", "workstation"),
    *("recipient", "result", "hash"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which entries are wanted; None or empty: all. Days are inclusive, in UTC, as the log has its times."""

    actions: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    actor: str | None = None

    def wants(self, entry: Entry) -> bool:
        """Whether an entry is one of them."""
        day = entry.time[:10]
        named = " ".join((entry.actor, str(entry.detail.get("by", "")))).casefold()
        return (
            (not self.actions or entry.action in self.actions)
            and (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (self.actor is None or self.actor.casefold() in named)
        )


def chosen(entries: Iterable[Entry], choice: Choice) -> Iterator[Entry]:
    """The entries that are wanted, in their order."""
    return (each for each in entries if choice.wants(each))


def article_25(entry: Entry) -> dict[str, str]:
    """An entry in the terms of article 25."""
    detail = entry.detail
    grounds = (entry.authority, detail.get("reason"))
    recipient = detail.get("to") or (_object(entry) if entry.action in ("export", "report.write") else "")
    return {
        "seq": str(entry.seq),
        "time": entry.time,
        "operation": OPERATIONS.get(entry.action, "log"),
        "action": entry.action,
        "object": _object(entry),
        "justification": "; ".join(str(each) for each in grounds if each) or "none recorded",
        "person": "; ".join(dict.fromkeys(str(each) for each in (detail.get("by"), entry.actor) if each)),
        "role": str(detail.get("role", "")),
        "workstation": entry.host,
        "recipient": str(recipient or ""),
        "result": entry.result,
        "hash": entry.hash,
    }


def _object(entry: Entry) -> str:
    return told(entry.object)


def told(subject: object) -> str:
    """What an entry is about, in a line."""
    return ", ".join(map(str, subject.values())) if isinstance(subject, dict) else str(subject)


def checked_day(text: str | None, option: str) -> str | None:
    """A day as the log writes it. WrongUse when it is none."""
    from_iso = _day(text) if text else None
    if text and from_iso is None:
        raise WrongUse(f"{option} {text}: give a date as YYYY-MM-DD")
    return from_iso


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None  # the caller names the option


def write_log(case: Case, file: Path, text: str) -> str:
    """Write entries for somebody else to a new file, which the log names then; gives its SHA-256. WrongUse
    when the file exists; MachineFailed, and no file."""
    check_target(case, file)
    data = text.encode()
    write_new(file, data)
    digest = sha256(data)
    with case.change() as change:
        change.log("export", {"file": str(file)}, form="log, Directive 2016/680, art. 25", sha256=digest)
    return digest
