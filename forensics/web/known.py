"""What was read of a case once and holds until evidence is added: kept between requests, in memory only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from forensics import case_overview
from forensics.case import Case
from forensics.case_flags import FlagForms
from forensics.case_overview import Extent, FlagPlace, Listed, Person
from forensics.case_reader import CaseReader
from forensics.case_thread import Order
from forensics.device_clock import offset_of
from forensics.message_row import FilePlace
from forensics.textual import joined
from forensics.web.showing import told_time
from forensics.words import Words

# Flags of conversations, and tables of the whole case, that are kept.
_KEPT = 40

Value = TypeVar("Value")


class _Recent:
    """The values of the conversations that were last asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[tuple[str, int], object] = OrderedDict()

    def get(self, name: str, number: int, make: Callable[[], Value]) -> Value:
        key = (name, number)
        with self._lock:
            if key not in self._found:
                self._found[key] = make()
            self._found.move_to_end(key)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
            return self._found[key]  # type: ignore[return-value]  # what `make` of this name gave


class Known:
    """A case as it was at one state; what is asked for later is read from the case that asks."""

    def __init__(self, case: Case) -> None:
        self.conversations: Sequence[Listed] = case_overview.conversations(case.db)
        self.people: Mapping[str, Person] = case_overview.people(case.db)
        self.flags: Sequence[FlagPlace] = case_overview.flag_places(case.db)
        self.files: dict[int, FilePlace] = CaseReader(case).files
        self.zone = str(case.info["timezone"])
        # the recorded offset of the device's clock, in seconds as written
        self.clock_offset = offset_of(case.db, case.info.get("config"))
        self._recent = _Recent()
        self._extents: dict[int, Extent] = {}

    @cached_property
    def by_number(self) -> Mapping[int, Listed]:
        """The conversations by their number in the case."""
        return {each.n: each for each in self.conversations}

    @cached_property
    def by_key(self) -> Mapping[str, Listed]:
        """The conversations by their id."""
        return {each.key: each for each in self.conversations}

    @cached_property
    def flag_numbers(self) -> Mapping[str, int]:
        """The number of every flag, as reports print it."""
        return {each.id: number for number, each in enumerate(self.flags, 1)}

    def once(self, name: str, make: Callable[[], Value]) -> Value:
        """What is made of the whole case, at the first question."""
        return self._recent.get(name, 0, make)

    def extent(self, case: Case, conversation: int) -> Extent:
        """How many messages a conversation has, and from when to when."""
        found = self._extents.get(conversation)
        if found is None:
            found = self._extents[conversation] = case_overview.extent(case.db, conversation)
        return found

    def order(self, case: Case, conversation: int) -> Order:
        """The reading order of a conversation's messages."""
        return Order(case.db, conversation, self.extent(case, conversation).messages)

    def forms(self, case: Case, conversation: int) -> FlagForms:
        """The flags of a conversation with their reasons."""
        return self._recent.get("forms", conversation, lambda: FlagForms(case.db, conversation))

    def name(self, participant: str | None, words: Words) -> str:
        """What a person is called here."""
        if participant is None:
            return words("sender_unknown")
        person = self.people.get(participant)
        if person is None:
            return participant
        return person.name or (words("owner") if person.is_owner else participant)

    def stored_time(self, text: str | None, words: Words) -> str:
        """A time that an app of the device stored, in the zone of the case, with the recorded offset of its
        clock behind it; empty for None."""
        told = told_time(text, self.zone)
        if not told or self.clock_offset is None:
            return told
        return f"{told} {words('clock.mark', seconds=self.clock_offset)}"

    def title(self, each: Listed, words: Words) -> str:
        """The title of a conversation as stored, else the other people in it, else its identifier."""
        if each.title:
            return each.title
        others = [key for key in each.participants if key not in self.people or not self.people[key].is_owner]
        return (
            joined(*(self.name(key, words) for key in others[:4]), separator=", ") or each.handle or each.key
        )

    def identifier(self, each: Listed, title: str) -> str:
        """Number or handle of the other one in a direct conversation, where the title does not say it."""
        others = [self.people[key] for key in each.participants if key in self.people]
        found = [person.identifier for person in others if not person.is_owner]
        return found[0] if each.kind == "direct" and len(found) == 1 and found[0] != title else ""


class Shelf:
    """The one Known of a server; replaced when evidence was added."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[object, ...] | None = None
        self._known: Known | None = None

    def known(self, case: Case) -> Known:
        """What holds for the case as it is now."""
        state = case_overview.state_of(case.db)
        with self._lock:
            if self._known is None or state != self._state:
                self._known, self._state = Known(case), state
            return self._known
