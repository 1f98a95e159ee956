"""The order of Telegram's records: who was first met in a message comes before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from forensics.model import Notice
from parsers.notes import Notes

Found = TypeVar("Found")
Met = TypeVar("Met")
Met_co = TypeVar("Met_co", covariant=True)


class _People(Protocol[Met_co]):
    @property
    def has_met(self) -> bool: ...
    def newly_met(self) -> Iterator[Met_co]: ...


class _Context(Protocol[Met_co]):
    @property
    def people(self) -> _People[Met_co]: ...
    @property
    def notes(self) -> Notes: ...


def with_news(found: Iterable[Found], context: _Context[Met]) -> Iterator[Found | Met | Notice]:
    """What was found, with the people whom it brought before it and the notices that it caused behind it."""
    people, notes = context.people, context.notes
    for each in found:
        if people.has_met:
            yield from people.newly_met()
        yield each
        if notes.is_pending:
            yield from notes.drain()
    yield from people.newly_met()
    yield from notes.drain()
