"""What ``flags --json`` says of a flag beside what the case stores of it: kind of trade and of conversation,
what is known of the service, and which provisions it may be relevant to. Exports hold what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from forensics.platforms import PublicNames, service
from forensics.provisions import Provision, may_concern
from forensics.trades import trades

Record = dict[str, Any]
_UNKNOWN = {"app": None, "kind": None, "handle": None}


class Reader(Protocol):
    """What is read of a case for it."""

    def conversations(self) -> Iterator[Record]: ...

    def participants(self) -> Iterator[Record]: ...

    def message(self, key: str) -> Record | None: ...


def with_law(reader: Reader, flags: Iterable[Record]) -> Iterator[Record]:
    """The flags with ``trade``, ``service`` and ``may_concern``, in English."""
    talks = {each["id"]: each for each in reader.conversations()}
    public = PublicNames(reader.participants())
    for flag in flags:
        first = reader.message(flag["messages"][0])
        found = may_concern(flag, first["sent_at"] if first else None)
        talk = talks.get(flag["conversation"], _UNKNOWN)
        yield {
            **flag,
            "trade": list(trades(flag)),
            "service": _service(talk, public.of(talk)),
            "may_concern": [_told(each) for each in found],
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


def _told(provision: Provision) -> Record:
    said = provision.said["en"]
    return {"id": provision.id, "provision": said["text"], "because": said["by"], "ground": said["ground"]}
