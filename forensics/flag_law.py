"""What ``flags --json`` says of a flag beside what the case stores of it: kind of trade and of conversation,
and what is known of the service. Exports hold what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from forensics.platforms import PublicNames, service
from forensics.trades import trades

Record = dict[str, Any]
_UNKNOWN = {"app": None, "kind": None, "handle": None}


class Reader(Protocol):
    """What is read of a case for it."""

    def conversations(self) -> Iterator[Record]: ...

    def participants(self) -> Iterator[Record]: ...


def with_law(reader: Reader, flags: Iterable[Record]) -> Iterator[Record]:
    """The flags with ``trade`` and ``service``, in English."""
    talks = {each["id"]: each for each in reader.conversations()}
    public = PublicNames(reader.participants())
    for flag in flags:
        talk = talks.get(flag["conversation"], _UNKNOWN)
        yield {
            **flag,
            "trade": list(trades(flag)),
            "service": _service(talk, public.of(talk)),
        }


def _service(talk: Record, public_names: tuple[str, ...]) -> Record:
    known = service(talk, public_names)
    return {
        "app": talk["app"],
        "conversation_kind": talk["kind"],
        "public_names": list(public_names),
        "platform": known.standing,
        "note": known.said["en"],
    }
