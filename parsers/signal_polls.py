"""The polls of Signal for Android with each person's votes.

Source: Signal reference 3.7 (poll, poll_option, poll_vote). Polls are few: they are read at once.
"""

from __future__ import annotations

from collections.abc import Callable

from forensics.formats.sqlite import Database
from forensics.model import Poll, PollOption
from parsers.notes import Notes
from parsers.person import Person
from parsers.signal_sides import all_rows
from parsers.signal_tables import POLL, POLL_OPTION, POLL_VOTE


class Polls:
    """The polls of one database by the row id of their message."""

    def __init__(
        self, database: Database, person: Callable[[int | None], Person | None], notes: Notes
    ) -> None:
        self._person = person
        self._notes = notes
        self._polls = {row[1]: row for row in all_rows(database, POLL, notes)}
        self._options: dict[int, list[tuple[int, int, str | None]]] = {}
        self._votes: dict[int, list[tuple[int, int | None]]] = {}
        for rowid, poll, text, place in all_rows(database, POLL_OPTION, notes):
            self._options.setdefault(poll, []).append((place or 0, rowid, text))
        for rowid, _poll, option, voter in all_rows(database, POLL_VOTE, notes):
            self._votes.setdefault(option, []).append((rowid, voter))

    def has(self, message: int) -> bool:
        """Whether that message is a poll."""
        return message in self._polls

    def poll(self, message: int) -> Poll:
        """The poll of a message that is one."""
        rowid, _message, question = self._polls[message]
        options = sorted(self._options.get(rowid, ()), key=lambda each: each[:2])
        return Poll(
            question=question,
            options=tuple(
                PollOption(text=text, votes=self._voters(option)) for _place, option, text in options
            ),
        )

    def _voters(self, option: int) -> tuple[str, ...]:
        voters: dict[str, None] = {}
        for rowid, voter in self._votes.get(option, ()):
            person = self._person(voter)
            if person is None:
                text = f"vote {rowid} is of recipient {voter}, who is gone"
                self._notes.add("doubt", text, POLL_VOTE.name, rowid, voter)
            else:
                voters[person.id] = None
        return tuple(voters)
