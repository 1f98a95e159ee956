"""Calls of a UFDR report: models of another tool's decoding, with the values that it gives.

Source of the names of the fields: sepinf-inc/IPED (UfedXmlReader: Call, TimeStamp, Parties) and a public
project's notes on packages of report version 8.5 (Source, Direction, Status, Duration as a TimeSpan,
VideoCall, Parties). Only in our own fixtures until a real package has been read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from forensics.formats.ufdr import Model
from forensics.model import Call
from forensics.parser import Document
from parsers.notes import Notes
from parsers.ufdr_places import AccountPlace, instant_of, is_true

CALL = "Call"
PARTIES = "Parties"
_FROM_OWNER = {"outgoing": True, "incoming": False}
# days.hours:minutes:seconds.ticks, days and ticks where they are not zero
_TIME_SPAN = re.compile(r"(?:(\d{1,6})\.)?(\d{1,2}):(\d\d):(\d\d)(?:\.\d{1,7})?")
_INTACT = "intact"


class CallReader:
    """Makes records of the models of calls. ``place_of``: whose account a call is."""

    def __init__(self, document: Document, notes: Notes, place_of: Callable[[Model], AccountPlace]) -> None:
        self._document, self._notes, self._place_of = document, notes, place_of

    def call(self, model: Model, number: int) -> Call:
        """The record of a call; what is doubtful about it becomes a notice."""
        place = self._place_of(model)
        direction = model.text("Direction")
        from_owner = _FROM_OWNER.get((direction or "").lower())
        if from_owner is None:
            self._notes.count(f"the direction {direction} of a call has no certain meaning")
        video = model.text("VideoCall")
        self._tell_state(model, number)
        return Call(
            id=self._document.place.call(CALL, number),
            app=place.app,
            account=place.account,
            conversation=None,
            sender=place.owner if from_owner else None if from_owner is None else _caller(model, place),
            from_owner=from_owner,
            at=instant_of(model, "TimeStamp", CALL, number, self._notes),
            seconds=self._seconds(model, number),
            video=None if video is None else is_true(video),
            result=model.text("Status"),
            participants=_others(model, place),
            source=self._document.source(CALL, number, offset=model.offset),
        )

    def _seconds(self, model: Model, number: int) -> int | None:
        """Whole seconds; the parts of a second that the report has are left out."""
        text = model.text("Duration")
        if text is None:
            return None
        found = _TIME_SPAN.fullmatch(text.strip())
        if found is None:
            self._notes.add("doubt", f"call {number}: Duration is no time span", CALL, number, text)
            return None
        days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds

    def _tell_state(self, model: Model, number: int) -> None:
        """A record of a call has no room for how the other tool came by it."""
        state = model.attributes.get("deleted_state", _INTACT)
        if state.lower() != _INTACT:
            self._notes.add("info", f"call {number}: the report gives it as {state}", CALL, number)


def _others(model: Model, place: AccountPlace) -> tuple[str, ...]:
    found = (place.person(party) for party in _named(model))
    return tuple(dict.fromkeys(each for each in found if each != place.owner))


def _caller(model: Model, place: AccountPlace) -> str | None:
    """The one party that the report calls the caller."""
    callers = [each for each in _named(model) if (each.text("Role") or "").lower() == "from"]
    found = {place.person(each) for each in callers}
    return found.pop() if len(found) == 1 else None


def _named(model: Model) -> Iterator[Model]:
    """The parties that the report says anything of."""
    return (each for each in model.models.get(PARTIES, ()) if each.text("Identifier") or each.text("Name"))
