"""Which conversations a list shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from forensics import times
from forensics.case_overview import Listed, has_message_within, lists_by_conversation
from forensics.errors import WrongUse
from forensics.review import DECISIONS
from forensics.web.desk import Desk

STATES = ("unreviewed", *DECISIONS)
LISTS = ("I", "IA", "II")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a person chose, as texts; empty where nothing was chosen. ``flag`` is a kind of flag or
    ``any``."""

    text: str = ""
    app: str = ""
    kind: str = ""
    person: str = ""
    since: str = ""
    until: str = ""
    flag: str = ""
    list: str = ""
    decision: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filters:
        """From the parameters of an address; anything else in it is left alone."""
        return cls(**{each.name: given.get(each.name, "").strip() for each in fields(cls)})

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, for the address of another page of the list."""
        named = {each.name: str(getattr(self, each.name)) for each in fields(self)}
        return {name: value for name, value in named.items() if value}


def chosen(desk: Desk, filters: Filters) -> Iterator[Listed]:
    """The conversations that fit, in export order. WrongUse for a day that is none."""
    known, case = desk.known, desk.case
    since, until = _days(filters, known.zone)
    lists = known.once("lists", lambda: lists_by_conversation(case.db)) if filters.list else {}
    decided = _decided(desk, filters) if filters.decision else frozenset[int]()
    for each in known.conversations:
        if (
            (not filters.app or each.app == filters.app)
            and (not filters.kind or each.kind == filters.kind)
            and (not filters.flag or filters.flag in each.flags or (filters.flag == "any" and each.flags))
            and (not filters.list or filters.list in lists.get(each.n, ()))
            and (not filters.decision or each.n in decided)
            and (not filters.text or filters.text.casefold() in known.title(each, desk.words).casefold())
            and (not filters.person or _names(desk, each, filters.person.casefold()))
            and ((since is None and until is None) or has_message_within(case.db, each.n, since, until))
        ):
            yield each


def _names(desk: Desk, each: Listed, wanted: str) -> bool:
    """Whether the name or number of somebody in it has this text."""
    found = (desk.known.people.get(key) for key in each.participants)
    return any(
        wanted in person.name.casefold() or wanted in person.identifier.casefold()
        for person in found
        if person
    )


def _decided(desk: Desk, filters: Filters) -> frozenset[int]:
    """The conversations with a flag on which this stands, for this reviewer."""
    return frozenset(
        each.conversation for each in desk.known.flags if desk.state(each.id) == filters.decision
    )


def _days(filters: Filters, zone: str) -> tuple[int | None, int | None]:
    return times.day_bounds(_day(filters.since), _day(filters.until), zone)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WrongUse(f"{text} is no day; write a day as 2026-01-31") from error
