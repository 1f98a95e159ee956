"""Writes the records of a case as traces below the file they were read from.

Each trace carries its whole record as a line of JSON in its data stream ``text``, provenance and digest
included, whatever properties the Hansken at hand knows. Order: a conversation, then its messages, and so on:
traces are built parent before child.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forensics.case_reader import CaseReader, Record
from forensics.digest import canonical
from forensics.hansken_model import Model

_NAME_LENGTH = 80
_STREAM = "text"


class TraceWriter:
    """Records of one case, below one trace; ``uid`` is that trace's, which every record of it states."""

    def __init__(self, reader: CaseReader, model: Model, uid: str | None) -> None:
        self._reader = reader
        self._model = model
        self._uid = uid
        self._people = {each["id"]: each for each in reader.participants()}

    def write(self, trace: Any) -> dict[str, int]:
        """Build all traces; how many there are of each kind of record."""
        counts = {"conversation": 0, "message": 0, "participant": 0, "call": 0, "flag": 0, "notice": 0}
        for conversation in self._reader.conversations():
            counts["conversation"] += 1
            above = self._build(trace, conversation, _title(conversation))
            for message in self._reader.messages(conversation["id"]):
                counts["message"] += 1
                self._build(above, self._with_people(message, conversation), _title(message), conversation)
        for record in self._others():
            counts[record["record"]] += 1
            self._build(trace, record, _title(record))
        return counts

    def _others(self) -> Iterator[Record]:
        for person in self._people.values():
            yield {**person, "name": _label(person)}
        yield from self._reader.calls()
        yield from self._reader.flags()
        yield from self._reader.notices()

    def _build(self, above: Any, record: Record, name: str, group: Record | None = None) -> Any:
        builder = above.child_builder(name)
        builder.update(self._model.of(record))
        if group is not None:
            builder.add_tracelet("collection", {"name": _title(group), "type": "chatConversation"})
        told = {**record, "hansken": {"trace": self._uid}}
        builder.update(data={_STREAM: f"{canonical(told)}\n".encode()})
        builder.build()
        return builder

    def _with_people(self, message: Record, conversation: Record) -> Record:
        """The message with ``from`` and ``to`` in words: all others of its conversation."""
        sender = message["sender"]
        others = [self._people.get(each) for each in conversation["participants"] if each != sender]
        return {
            **message,
            "from": _label(self._people[sender]) if sender in self._people else None,
            "to": [label for each in others if each is not None and (label := _label(each)) is not None],
        }


def _label(person: Mapping[str, Any]) -> str | None:
    """The first name that is known, with the handle: a name alone may be anybody's."""
    handle = person["phone"] or person["handle"]
    name = next((each["name"] for each in person["names"] if each["name"]), None)
    return f"{name} ({handle})" if name and handle else name or handle


def _title(record: Mapping[str, Any]) -> str:
    """What a list of traces shows: never empty, never long, one line."""
    words = record.get("title") or record.get("name") or record.get("text") or record.get("handle")
    line = " ".join(str(words or "").split())[:_NAME_LENGTH]
    return line or f"{record['record']} {record.get('id') or ''}".strip()
