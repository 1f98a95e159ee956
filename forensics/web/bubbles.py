"""A message as people know it from the app: who, when, what it answers, what became of it, what hangs on
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from forensics.case import Case
from forensics.textual import joined
from forensics.web.hits import Hits
from forensics.web.known import Known
from forensics.web.showing import marked, side
from forensics.web.words import PageWords

Record = Mapping[str, Any]
_UNSENT = frozenset({"draft", "scheduled", "failed"})
_TIMES = ("received_at", "delivered_at", "read_at", "edited_at", "deleted_at")
_SIDES = {True: "owner", False: "other"}


class Bubbles:
    """Makes what a template shows of messages of one conversation."""

    def __init__(
        self,
        case: Case,
        known: Known,
        words: PageWords,
        *,
        place: int,
        hits: Hits,
        copies: Mapping[str, Any],
    ) -> None:
        """``place`` is the number of the conversation; ``copies``: copies of texts by message."""
        self._known, self._words, self._place = known, words, place
        self._hits, self._copies = hits, copies
        self._at_hand = _at_hand(case)

    def bubble(self, position: int, message: Record) -> dict[str, Any]:
        """The message at that position, counted from 0."""
        person = self._known.people.get(message["sender"] or "")
        name = self._known.name(message["sender"], self._words)
        identifier = person.identifier if person and person.identifier != name else ""
        return {
            "id": message["id"],
            "number": f"{self._place}-{position + 1}",
            "position": position,
            "side": "system" if message["kind"] == "system" else _SIDES.get(message["from_owner"], "unknown"),
            "sender": name,
            "identifier": identifier,
            "time": self._known.stored_time(message["sent_at"], self._words) or self._words("no_time"),
            "text": self._text(message),
            "direction": side(message["text"] or ""),
            "state": message["state"],
            "labels": tuple(self._labels(message)),
            "quote": self._quote(message["reply_to"]),
            "edits": [self._edit(message, each) for each in message["edits"]],
            "copies": [self._copy(message, each) for each in self._copies.get(message["id"], ())],
            "reactions": [self._reaction(each) for each in message["reactions"]],
            "attachments": [
                self._attachment(message, n, each) for n, each in enumerate(message["attachments"])
            ],
            "details": tuple(self._details(message)),
            "status": self._status(message),
            "flags": self._hits.flags_of(message["id"]),
            "is_in_hand": self._hits.is_in_hand(message["id"]),
        }

    def _text(self, message: Record) -> Markup:
        text = message["text"]
        if text is None:
            said = self._words.sentence((message["system"] and message["system"]["detail"]) or "")
            return marked(said, (), (), self._words)
        return self._marked(message, text)

    def _marked(self, message: Record, text: str, *, copy: bool = False) -> Markup:
        return marked(text, *self._hits.spans(message["id"], text, copy=copy), self._words)

    def _labels(self, message: Record) -> Iterator[tuple[str, str]]:
        """Name of the mark, and its words; a state has a mark of its own and is never told by colour
        alone."""
        words = self._words
        if message["state"] != "live":
            yield message["state"], words.code("state", message["state"])
        if message["kind"] != "text":
            yield "kind", words.code("kind", message["kind"])
        if message["status"] in _UNSENT:
            yield "unsent", words.code("status_of", message["status"])
        if message["edited_at"] is not None or message["edits"]:
            yield "edited", words("label.edited")
        for name in ("forwarded", "view_once", "starred"):
            if message[name]:
                yield name, words(f"label.{name}")

    def _quote(self, reply: Record | None) -> dict[str, Any] | None:
        if reply is None:
            return None
        head = joined(
            self._known.name(reply["sender"], self._words) if reply["sender"] else None,
            self._known.stored_time(reply["sent_at"], self._words),
            None if reply["id"] else self._words("detail.quote_missing"),
        )
        text = reply["text"] or ""
        return {"id": reply["id"], "head": head, "text": text[:600], "direction": side(text)}

    def _edit(self, message: Record, edit: Record) -> dict[str, Any]:
        text = edit["text"] or ""
        return {
            "at": self._known.stored_time(edit["at"], self._words),
            "text": self._marked(message, text),
            "direction": side(text),
        }

    def _copy(self, message: Record, copy: Record) -> dict[str, Any]:
        kind = self._words("copy.normalised" if copy["normalised"] else "copy.as_it_was")
        return {
            "head": joined(
                self._words("detail.copy"),
                kind,
                self._words.code("copy", copy["origin"]),
                self._words.code("why_copy", copy["reason"]),
            ),
            "text": self._marked(message, copy["text"], copy=True),
            "direction": side(copy["text"]),
        }

    def _reaction(self, each: Record) -> dict[str, str]:
        sign = each["emoji"] or self._words("detail.reaction_removed")
        at = self._known.stored_time(each["at"], self._words)
        return {"sign": sign, "who": joined(self._known.name(each["sender"], self._words), at)}

    def _attachment(self, message: Record, number: int, each: Record) -> dict[str, Any]:
        size = f"{each['size']} {self._words('unit.bytes')}" if each["size"] is not None else None
        is_here = each["present"] and message["source"]["evidence_sha256"] in self._at_hand
        return {
            "number": number,
            "kind": each["kind"],
            "what": joined(
                self._words.code("kind", each["kind"]),
                each["filename"] or each["path"],
                each["path"] if each["kind"] == "link" and each["filename"] else None,
                each["mime"],
                size,
            ),
            "caption": each["caption"] if each["caption"] != message["text"] else None,
            "sha256": each["sha256"],
            "presence": "here" if is_here else "away" if each["present"] else _absence(each),
        }

    def _details(self, message: Record) -> Iterator[tuple[str, str]]:
        words, name = self._words, self._known.name
        if message["deleted_by"] is not None:
            yield words("detail.deleted_by"), name(message["deleted_by"], words)
        forwarded = message["forwarded"]
        if forwarded is not None and forwarded["times"] is not None:
            yield words("detail.forwarded_times"), words.forwards(message["app"], forwarded["times"])
        if forwarded is not None and forwarded["from"]:
            yield words("detail.forwarded_from"), name(forwarded["from"], words)
        if message["mentions"]:
            yield words("detail.mention"), joined(*(name(each, words) for each in message["mentions"]))
        place = message["location"]
        if place:
            axes = (str(place[axis]) for axis in ("latitude", "longitude") if place[axis] is not None)
            yield words("detail.location"), joined(", ".join(axes), place["name"], place["address"])
        for contact in message["contacts"]:
            yield words("detail.contact"), joined(contact["name"], ", ".join(contact["phones"]))
        yield from self._poll(message["poll"])
        system = message["system"]
        if system:
            code = None if system["code"] is None else str(system["code"])
            kind, said = (
                words.sentence(each or "")
                for each in (system["type"], system["detail"] if message["text"] else None)
            )
            yield words("detail.system"), joined(kind, code, said)
        if message["expires_after"] is not None:
            yield words("detail.expires"), str(message["expires_after"])

    def _poll(self, poll: Record | None) -> Iterator[tuple[str, str]]:
        if poll is None:
            return
        yield self._words("detail.poll"), poll["question"] or ""
        for option in poll["options"]:
            voters = (self._known.name(each, self._words) for each in option["votes"])
            yield self._words("detail.poll"), joined(option["text"], f"({len(option['votes'])})", *voters)

    def _status(self, message: Record) -> tuple[str, ...]:
        status = message["status"]
        parts = [] if status is None or status in _UNSENT else [self._words.code("status_of", status)]
        parts += [
            f"{self._words(f'detail.{name}')} {self._known.stored_time(message[name], self._words)}"
            for name in _TIMES
            if message[name]
        ]
        return tuple(parts)


def _absence(attachment: Record) -> str:
    """A file that is named and not there; a preview is no file."""
    return "link" if attachment["kind"] == "link" and not attachment["sha256"] else "absent"


def _at_hand(case: Case) -> frozenset[str]:
    """The items of evidence that lie where they lay when they were read."""
    rows = case.db.execute("SELECT sha256, path FROM evidence").fetchall()
    return frozenset(digest for digest, path in rows if _is_there(Path(path)))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # a name that this file system cannot have, or a folder that may not be looked into


def copies_by_message(copies: Sequence[Record]) -> dict[str, list[Record]]:
    """Copies of texts by the message that they stand beside."""
    found: dict[str, list[Record]] = {}
    for each in copies:
        if each["message"]:
            found.setdefault(each["message"], []).append(each)
    return found
