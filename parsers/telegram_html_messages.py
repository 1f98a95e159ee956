"""The messages of a page of an HTML export: one element as a record.

Source: Telegram reference 6.2, export_output_html.cpp of tdesktop. A message that is ``joined`` has the
sender of the one before it; an event has no time, only the day of the last separator before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import unquote

from forensics import times
from forensics.model import Call, Forward, Message, Reply, System
from forensics.parser import Document
from parsers.message_calls import call_from
from parsers.notes import Notes
from parsers.telegram_export_content import Content
from parsers.telegram_export_people import APP, FORWARD, PLATFORM
from parsers.telegram_html_content import call_of, content
from parsers.telegram_html_people import Names, shown_name
from parsers.telegram_html_tree import Node

TABLE = "message"
_TARGET = re.compile(r"([^#]*)#go_to_message(-?\d{1,19})")
_DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{1,4}")
# The form changed over versions; the offset is in newer ones only.
STAMP = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}:\d{2}:\d{2})(?: UTC([+-]\d{2}:\d{2}))?")


class Spot(NamedTuple):
    """Where a message stands: its byte, its place on the page, its id as written."""

    offset: int
    number: int
    app_id: str


@dataclass(slots=True)
class _Before:
    """What a message takes over from what stands before it."""

    sender: str | None = None
    forwarded: Forward | None = None
    day: str | None = None


class MessageMaker:
    """Makes the messages and calls of one page; ``numbers`` says at which place a message stands."""

    def __init__(self, document: Document, names: Names, notes: Notes, numbers: dict[int, int]) -> None:
        self._document = document
        self._names = names
        self._notes = notes
        self._numbers = numbers
        self._before = _Before()
        self.calls: list[Call] = []

    def is_separator(self, number: int, node: Node) -> bool:
        """Whether an element only shows the day of what follows; its day is kept."""
        if "service" not in node.classes or number >= 0:
            return False
        words = " ".join(node.text().split())
        if _DATE.fullmatch(words) is None:
            return False
        self._before = _Before(day=words)
        return True

    def pass_over(self, node: Node) -> None:
        """Keep what the messages that follow take over from this one, which is not told."""
        if "service" in node.classes:
            self._before = _Before(day=self._before.day)
            return
        body = node.own("body") or node
        self._named(body)
        inner = _inner(body)
        self._before.forwarded = self._forward(inner, 0) if inner is not None else None

    def message(self, node: Node, spot: Spot) -> Message:
        """The message of one element."""
        return self._event(node, spot) if "service" in node.classes else self._written(node, spot)

    def _event(self, node: Node, spot: Spot) -> Message:
        body = node.first("body")
        found, picture = Content("system"), node.first("userpic_link")
        if picture is not None:
            wrapped = Node("a", ("photo_wrap",), picture.attributes)
            medium = Node("div", inside=[Node("div", ("media_wrap",), inside=[wrapped])])
            found = content(medium, self._document.media, self._names.folder)
            found.kind = "system"
        found.remarks.insert(0, ("event", " ".join((body or node).text().split())))
        self._before = _Before(day=self._before.day)
        if self._before.day is not None:
            found.remarks.append(("day", f"on {self._before.day}, no time is exported"))
        links = (each for each in node.every() if each.tag == "a")
        target = next((each for each in map(self._target, links) if each is not None), None)
        return self._made(found, spot, reply=target)

    def _written(self, node: Node, spot: Spot) -> Message:
        body = node.own("body") or node
        inner, via = _inner(body), self._named(body)
        forwarded = self._forward(inner, spot.number) if inner is not None else None
        self._before.forwarded = forwarded
        part = inner or body
        found = content(part, self._document.media, self._names.folder)
        if inner is not None:
            # the signature and the buttons of a forward may stand beside it
            outer = Node(body.tag, inside=[each for each in body.inside if each is not inner])
            found.remarks.extend(content(outer, self._document.media, self._names.folder).remarks)
        if via is not None:
            found.remarks.append(("via bot", f"via bot @{via}"))
        if self._before.sender is None:
            found.remarks.append(("sender", "of an account that was deleted, or not named on this page"))
        answered = self._answered(part.own("reply_to") or body.own("reply_to"), found)
        date = body.own("date")
        at = self._instant(date.attributes.get("title", ""), spot.number) if date is not None else None
        message = self._made(
            found, spot, sender=self._before.sender, at=at, reply=answered, forwarded=forwarded
        )
        if found.kind == "call":
            self._add_call(message, found)
        return message

    def _named(self, body: Node) -> str | None:
        """Take over the sender's name where the message has one; gives the bot through which was written."""
        named = body.own("from_name")
        if named is None:
            return None
        name, via = shown_name(named.text())
        self._before = _Before(name, None, self._before.day)
        return via

    def _made(
        self,
        found: Content,
        spot: Spot,
        *,
        sender: str | None = None,
        at: int | None = None,
        reply: Reply | None = None,
        forwarded: Forward | None = None,
    ) -> Message:
        words = "; ".join(words for _kind, words in found.remarks if words)
        kind = found.remarks[0][0] if found.remarks else None
        return Message(
            id=self._document.place.message(TABLE, spot.number),
            app=APP,
            platform=PLATFORM,
            account=self._names.account,
            conversation=self._names.conversation,
            conversation_kind="unknown",
            sender=self._names.id(sender),
            from_owner=None,
            kind=found.kind,
            text=found.text,
            sent_at=at,
            reply_to=reply,
            forwarded=forwarded,
            attachments=tuple(found.attachments),
            location=found.location,
            contacts=found.contacts,
            poll=found.poll,
            system=System(type=kind, code=None, detail=words or None) if kind is not None else None,
            source=self._document.source(TABLE, spot.number, spot.app_id, spot.offset),
        )

    def _forward(self, inner: Node, number: int) -> Forward:
        """From whom, by name, and when that was sent; taken over where the page does not repeat it."""
        named = inner.own("from_name")
        if named is None:
            return self._before.forwarded or Forward(times=None)
        name, _via = shown_name(named.text(without="date"))
        stamp = named.first("date")
        title = (stamp.attributes.get("title") or stamp.text()) if stamp is not None else ""
        at = self._instant(title, number) if title else None
        return Forward(times=None, sender=self._names.id(name, FORWARD), at=at)

    def _answered(self, node: Node | None, found: Content) -> Reply | None:
        if node is None:
            return None
        links = (each for each in node.every() if each.tag == "a")
        target = next((each for each in map(self._target, links) if each is not None), None)
        if target is None:
            found.remarks.append(("reply", " ".join(node.text().split())))
            return Reply(id=None, app_id=None, text=None, sent_at=None, sender=None)
        return target

    def _target(self, link: Node) -> Reply | None:
        match = _TARGET.fullmatch(link.attributes.get("href", ""))
        if match is None:
            return None
        page, number = unquote(match[1]), int(match[2])
        is_here = page in ("", self._document.path.rpartition("/")[2])
        entry = self._numbers.get(number) if is_here else None
        identifier = None if entry is None else self._document.place.message(TABLE, entry)
        if not is_here:
            self._notes.count(f"answers to a message on {page}, which is named by its number only")
        return Reply(id=identifier, app_id=str(number), text=None, sent_at=None, sender=None)

    def _instant(self, title: str, number: int) -> int | None:
        match = STAMP.search(title)
        moment = _moment(match) if match is not None else None
        try:
            if match is not None and moment is not None and match[5] is not None:
                return times.parse_rfc3339(f"{moment.isoformat()}{match[5]}")
        except ValueError:  # no such offset, or one that leads out of the calendar
            moment = None
        if moment is None:
            text = f"message {number}: no time in the form that is known"
            self._notes.add("doubt", text, TABLE, number, title)
            return None
        self._notes.count(
            "times only by the clock of the exporting computer, whose zone is not known: read as"
            f" {self._document.timezone}"
        )
        instant, doubt = times.from_local(moment, self._document.timezone)
        if doubt is not None:
            self._notes.add("doubt", f"message {number}: {doubt}", TABLE, number, title)
        return instant

    def _add_call(self, message: Message, found: Content) -> None:
        seconds, result = call_of(found)
        self.calls.append(
            call_from(
                self._document.place,
                message,
                seconds=seconds,
                video=None,
                result=result,
                participants=(),
            )
        )


def _inner(body: Node) -> Node | None:
    """What was forwarded, within a message."""
    return next((each for each in body.nodes() if {"forwarded", "body"} <= set(each.classes)), None)


def _moment(match: re.Match[str]) -> datetime | None:
    """The local time of a stamp; None where there is no such day or hour."""
    day, month, year, clock, _offset = match.groups()
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{clock}")
    except ValueError:
        return None
