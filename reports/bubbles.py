"""One message as a reader sees it: who, when, what, what became of it, and where the evidence holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from forensics.mentions import with_names
from forensics.pictures import MOST, Picture, Reason
from forensics.textual import direction, joined
from reports.background import Background
from reports.reader import Record
from reports.seen_twice import account_name, said
from reports.shortening import MOST_TEXT

Detail = tuple[str, str]
# Times of a message that are printed when they are stored; ``sent_at`` stands at the top of the bubble.
_TIMES = ("received_at", "delivered_at", "read_at", "edited_at", "deleted_at")
_RECEIPTS = ("delivered", "read", "played")
# Receipts of one message that are printed one by one; the HTML and the data files have them all.
MOST_RECEIPTS = 3
_UNSENT = frozenset(("draft", "scheduled", "failed"))
_MARKS = ("edited", "forwarded", "view_once", "starred")
_SIDES = {True: "owner", False: "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A small picture, and what is said instead of it to whoever cannot see it."""

    picture: Picture
    alternative: str


@dataclass(slots=True, unsafe_hash=True, kw_only=True)
class Bubble:
    """Never changed; not frozen, because there are millions of them and each would take longer.

    ``side``: owner, other, system or unknown. ``labels`` say in words what a colour would say; ``flags``:
    the kinds of machine flags that name the message."""

    number: str
    id: str
    side: str
    sender: str
    identifier: str
    time: str
    text: str
    direction: str
    labels: tuple[str, ...]
    details: tuple[Detail, ...]
    status: str
    source: str
    flags: tuple[str, ...] = ()
    pictures: tuple[Thumbnail, ...] = ()


class Presenter:
    """Makes bubbles; one for a whole report, because it remembers the names it has put together.

    It is called a million times: what most messages do not have costs one look each.
    """

    def __init__(self, background: Background, *, is_brief: bool = False) -> None:
        """``is_brief``: in print, where many receipts of one message are put together."""
        self.background = background
        self._is_brief = is_brief
        self._words = background.words
        self._senders: dict[str | None, tuple[str, str]] = {}
        self._labels: dict[tuple[object, ...], tuple[str, ...]] = {}
        self._statuses: dict[str | None, str] = {}
        # the conversation whose messages were last looked up among those that were seen more than once
        self._compared: tuple[str, Mapping[str, Record]] = "", {}
        words, self._clock = background.words, background.stored_clock
        self._times = tuple((name, words(f"detail.{name}")) for name in _TIMES)
        self._receipt, self._reaction = words("detail.receipt"), words("detail.reaction")
        self._received_words = tuple((f"{name}_at", words.code("status_of", name)) for name in _RECEIPTS)

    def bubble(self, number: str, message: Record) -> Bubble:
        """The bubble of a message; ``number`` is its item number, such as 3-17."""
        sender, identifier = self._sender(message["sender"])
        text, sent_at, flag_kinds = message["text"], message["sent_at"], self.background.flag_kinds
        if message["mentions"]:
            text = with_names(message, self.background.name)
        if text is None:
            system = message["system"]
            text = self._words.sentence((system and system["detail"]) or "")
        if len(text) > MOST_TEXT:
            text = self.background.shortened(text)
        return Bubble(
            number=number,
            id=message["id"],
            side="system" if message["kind"] == "system" else _SIDES.get(message["from_owner"], "unknown"),
            sender=sender,
            identifier=identifier,
            time=self._clock.shown(sent_at) if sent_at else self._words("no_time"),
            text=text,
            direction="ltr" if text.isascii() else direction(text),
            labels=self._label(message),
            details=self.details(message),
            status=self._status(message),
            source=self.background.place(message["source"]),
            flags=flag_kinds.get(message["id"], ()) if flag_kinds else (),
            pictures=tuple(self._thumbnails(message["attachments"])) if message["attachments"] else (),
        )

    def compare(self, conversation: str, found: Mapping[str, Record]) -> None:
        """What was seen more than once of the conversation whose messages come next."""
        self._compared = conversation, found

    def details(self, message: Record) -> tuple[Detail, ...]:
        """What a message has beside its text, each under its name."""
        found = list(self._details(message))
        for place, (name, value) in enumerate(found):
            if len(value) > MOST_TEXT:
                found[place] = name, self.background.shortened(value)
        return tuple(found)

    def sender(self, participant: str | None) -> str:
        """The name that a bubble has at its top."""
        return self._sender(participant)[0]

    def _sender(self, participant: str | None) -> tuple[str, str]:
        found = self._senders.get(participant)
        if found is None:
            name, identifier = self.background.name(participant), self.background.identifier(participant)
            person = self.background.people.get(participant or "", {})
            owner = self._words("owner") if person.get("is_owner") else ""
            identity = " · ".join(each for each in (identifier, owner) if each and each != name)
            found = self._senders[participant] = (name, identity)
        return found

    def _label(self, message: Record) -> tuple[str, ...]:
        """The labels of a message; only few combinations occur, so they are kept."""
        key = (
            message["kind"],
            message["state"],
            message["status"],
            message["edited_at"] is not None or bool(message["edits"]),
            message["forwarded"] is not None,
            message["view_once"],
            message["starred"],
        )
        found = self._labels.get(key)
        if found is None:
            found = self._labels[key] = tuple(self._put_together(*key))
        return found

    def _put_together(self, kind: str, state: str, status: str | None, *marks: bool) -> Iterator[str]:
        words = self._words
        if kind != "text":
            yield words.code("kind", kind)
        if state != "live":
            yield words.code("state", state)
        if status in _UNSENT:
            yield words.code("status_of", status)
        for name, is_so in zip(_MARKS, marks, strict=True):
            if is_so:
                yield words(f"label.{name}")

    def _details(self, message: Record) -> Iterator[Detail]:
        words = self._words
        reply = message["reply_to"]
        if reply is not None:
            yield words("detail.quote"), self._quote(reply)
        if message["attachments"]:
            yield from self._attachments(message["attachments"], message["text"])
        if message["deleted_by"] is not None:
            yield words("detail.deleted_by"), self.background.name(message["deleted_by"])
        yield from self._rare(message)
        for copy in self.background.copies.get(message["id"], ()) if self.background.copies else ():
            place = self.background.place(copy["source"])
            yield self._words("detail.copy"), joined(self.background.copy_kind(copy), place, copy["text"])
        if self.background.is_compared:
            yield from self._seen_again(message)

    def _status(self, message: Record) -> str:
        """What became of the message, with the times that are stored."""
        status = message["status"]
        said = self._statuses.get(status)
        if said is None:
            is_said = status is not None and status not in _UNSENT
            said = self._statuses[status] = self._words.code("status_of", status) if is_said else ""
        parts = [said] if said else []
        for name, word in self._times:
            if message[name]:
                parts.append(f"{word} {self._clock.shown(message[name])}")
        return " · ".join(parts)

    def _quote(self, reply: Record) -> str:
        parts = [self.background.stored_time(reply["sent_at"])]
        if reply["sender"]:
            parts.append(self.sender(reply["sender"]))
        parts.append(reply["text"] or ("" if reply["id"] else self._words("detail.quote_missing")))
        return joined(*parts)

    def _attachments(self, attachments: Iterable[Record], text: str | None) -> Iterator[Detail]:
        words = self._words
        presence: str | None
        for each in attachments:
            if each["present"]:
                presence = words("attachment.present", sha256=each["sha256"])
            elif each["sha256"]:
                presence = words("attachment.absent_hash", sha256=each["sha256"])
            elif each["kind"] == "link":  # a preview is no file: what it leads to stands here
                presence = each["path"] if each["filename"] else None
            else:
                presence = words("attachment.absent")
            size = f"{each['size']} {words('unit.bytes')}" if each["size"] is not None else None
            name = each["filename"] or each["path"]
            parts = (words.code("kind", each["kind"]), name, each["mime"], size, presence)
            yield words("detail.attachment"), joined(*parts)
            why = self._picture(each)
            if isinstance(why, str):
                yield words("detail.picture"), words(f"picture.{why}", most=MOST)
            if each["caption"] and each["caption"] != text:
                yield words("detail.caption"), each["caption"]

    def _picture(self, attachment: Record) -> Picture | Reason | None:
        """The thumbnail of an attachment, or why there is none; None for what is no picture in evidence."""
        if attachment["kind"] != "image" or not attachment["present"]:
            return None
        return self.background.pictures.found.get(attachment["sha256"])

    def _thumbnails(self, attachments: Iterable[Record]) -> Iterator[Thumbnail]:
        words, mode = self._words, self.background.pictures.mode
        for each in attachments:
            picture = self._picture(each)
            if isinstance(picture, Picture):
                said = words(f"picture.alt.{mode}", sha256=each["sha256"])
                parts = (said, words("picture.alt.first") if picture.is_first else None)
                yield Thumbnail(picture=picture, alternative="; ".join(filter(None, parts)))

    def _rare(self, message: Record) -> Iterator[Detail]:
        """What few messages have."""
        if message["forwarded"] is not None:
            yield from self._forwarded(message["app"], message["forwarded"])
        if message["edits"]:
            for edit in message["edits"]:
                yield (
                    self._words("detail.edit"),
                    joined(self.background.stored_time(edit["at"]), edit["text"]),
                )
        if message["reactions"]:
            yield from self._reactions(message["reactions"])
        if message["receipts"]:
            yield from self._receipts(message["receipts"])
        if message["mentions"]:
            names = joined(*map(self.background.name, message["mentions"]), separator=", ")
            yield self._words("detail.mention"), names
        if message["location"] or message["contacts"] or message["poll"] or message["system"]:
            yield from self._content(message)
        if message["expires_after"] is not None:
            yield self._words("detail.expires"), str(message["expires_after"])
        for source in message["also"]:
            yield self._words("detail.also"), self.background.place(source)

    def _seen_again(self, message: Record) -> Iterator[Detail]:
        """The same message on other phones, and what databases and phones say otherwise."""
        if self._compared[0] != message["conversation"]:
            found = self.background.case.seen_again(message["conversation"])
            self.compare(message["conversation"], found)
        again = self._compared[1].get(message["id"])
        for each in again["devices"] if again else ():
            account = account_name(self.background, each["account"])
            yield (
                self._words("detail.both_devices"),
                joined(account, self._words.code("ground", each["ground"])),
            )
        for each in again["differences"] if again else ():
            yield self._words("detail.difference"), said(self.background, each)

    def _forwarded(self, app: str, forwarded: Record) -> Iterator[Detail]:
        if forwarded["times"] is not None:
            yield self._words("detail.forwarded_times"), self._words.forwards(app, forwarded["times"])
        origin = joined(
            forwarded["from"] and self.background.name(forwarded["from"]),
            self.background.stored_time(forwarded["at"]),
        )
        if origin:
            yield self._words("detail.forwarded_from"), origin

    def _reactions(self, reactions: Iterable[Record]) -> Iterator[Detail]:
        for each in reactions:
            sign = each["emoji"] or self._words("detail.reaction_removed")
            name = self.sender(each["sender"])
            yield self._reaction, joined(sign, name, self.background.stored_time(each["at"]))

    def _receipts(self, receipts: Sequence[Record]) -> Iterator[Detail]:
        if self._is_brief and len(receipts) > MOST_RECEIPTS:
            yield self._words("detail.receipt"), self._received(receipts)
            return
        for each in receipts:
            parts = [self.sender(each["participant"])]
            for name, word in self._received_words:
                if each[name]:
                    parts.append(f"{word} {self._clock.shown(each[name])}")
            yield self._receipt, joined(*parts)

    def _received(self, receipts: Sequence[Record]) -> str:
        """Many receipts in one line: how many of each sort, and the first and last time."""
        parts = [self._words("receipts.count", count=len(receipts))]
        for name in _RECEIPTS:
            times = sorted(each[f"{name}_at"] for each in receipts if each[f"{name}_at"])
            if times:
                ends = " - ".join(dict.fromkeys(map(self.background.time, (times[0], times[-1]))))
                parts.append(f"{self._words.code('status_of', name)} {len(times)}x ({ends})")
        return " · ".join(parts)

    def _content(self, message: Record) -> Iterator[Detail]:
        location, poll, system = message["location"], message["poll"], message["system"]
        if location:
            place = (f"{location[axis]}" for axis in ("latitude", "longitude") if location[axis] is not None)
            yield (
                self._words("detail.location"),
                joined(", ".join(place), location["name"], location["address"]),
            )
        for contact in message["contacts"]:
            yield self._words("detail.contact"), joined(contact["name"], ", ".join(contact["phones"]))
        if poll:
            yield self._words("detail.poll"), poll["question"] or ""
            for option in poll["options"]:
                voters = map(self.background.name, option["votes"])
                votes = f"({len(option['votes'])})"
                yield self._words("detail.poll"), joined(option["text"], votes, *voters)
        if system:
            code = None if system["code"] is None else str(system["code"])
            detail = system["detail"] if message["text"] is not None else None
            kind, said = (self._words.sentence(each or "") for each in (system["type"], detail))
            yield self._words("detail.system"), joined(kind, code, said)
