"""Which messages of a page of an HTML export are in the ``result.json`` beside it.

Both forms of one export hold the same messages (Telegram reference 6), the JSON with ids of people and times
of events. A message of the page is a copy where the JSON has one of its number that was sent at the same
time by the clock of the exporting computer, by the same name, with the same text; of an event, which the
page gives no time and in words of its own, the number has to do. Whatever else differs is no copy.

In the JSON of one chat messages stand in the order of their numbers, so those of a page are found by halving,
whatever the size of the file; a message that is not found that way is none that the JSON has.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from forensics.formats.json_stream import JsonError, JsonStream
from forensics.parser import Document
from parsers.telegram_export import TelegramExport, is_one_chat
from parsers.telegram_export_stream import Object
from parsers.telegram_export_words import plain
from parsers.telegram_html_messages import STAMP
from parsers.telegram_html_people import shown_name
from parsers.telegram_html_tree import Node

RESULT = "result.json"
_MESSAGE = re.compile(rb'\{\s*"id"\s*:\s*(-?\d{1,19})\s*,\s*"type"\s*:\s*"(?:message|service|unsupported)"')
_OTHER = re.compile(r"[^{]")
_HEAD = 4096
# Less than this is read from its start; a message is looked for in as much.
_NEAR = 1 << 20


class _Told(NamedTuple):
    """What the JSON says of a message: whether it is an event, local time, the sender's name, its text."""

    is_event: bool
    time: object
    name: object
    text: str


class Beside:
    """The messages of one range of numbers in the JSON beside a page; none where that is not of one chat."""

    def __init__(self, document: Document, numbers: dict[int, int]) -> None:
        self._told: dict[int, _Told] = {}
        self._name: str | None = None
        if not numbers or document.media(RESULT) is None:
            return
        opened = document.open_media(RESULT)
        if opened is None:
            return
        with opened[1] as stream:
            head = stream.read(_HEAD)
            if TelegramExport().recognises(head, RESULT) and is_one_chat(head):
                for value in _between(stream, min(numbers), max(numbers)):
                    self._tell(value)

    def _tell(self, value: Object) -> None:
        number = value["id"]
        if type(number) is int:
            text = _folded(plain(value.get("text")) or "")
            self._told[number] = _Told(value["type"] == "service", value.get("date"), value.get("from"), text)

    def holds(self, number: int, node: Node) -> bool:
        """Whether the JSON has that message of the page; to be asked of each in turn."""
        body = node.own("body") or node
        named = body.own("from_name")
        if named is not None:
            self._name = shown_name(named.text())[0]
        told = self._told.get(number)
        is_event = "service" in node.classes
        if told is None or told.is_event != is_event:
            return False
        if is_event:
            return True
        inner = next((each for each in body.nodes() if {"forwarded", "body"} <= set(each.classes)), body)
        text, date = inner.own("text"), body.own("date")
        stamp = STAMP.search(date.attributes.get("title", "")) if date is not None else None
        if stamp is None or told.time != f"{stamp[3]}-{stamp[2]}-{stamp[1]}T{stamp[4]}":
            return False
        said = _folded(text.text()) if text is not None else ""
        return told.text == said and (told.name or None) == self._name


def _folded(text: str) -> str:
    return " ".join(text.split())


def _between(stream: BinaryIO, first: int, last: int) -> Iterator[Object]:
    """The messages from one number to another, as far as they can be read."""
    start = _start(stream, first)
    stream.seek(start)
    match = _MESSAGE.search(stream.read(_NEAR))
    if match is None:
        return
    stream.seek(start + match.start())
    for value in _elements(JsonStream(stream)):
        if not isinstance(value, dict) or type(value.get("id")) is not int or "type" not in value:
            return
        if value["id"] > last:
            return
        if value["id"] >= first:
            yield value


def _elements(text: JsonStream) -> Iterator[object]:
    """The objects from here on, until something else stands there or one cannot be read."""
    while True:
        for _offset, value in text.elements(_OTHER):
            yield value
        found = text.peek()
        if found == ",":
            text.take()
        elif found == "{":  # cut by the end of what was held
            try:
                value = text.value()
            except JsonError:
                return  # the page tells what is not found here
            yield value
        else:
            return


def _start(stream: BinaryIO, first: int) -> int:
    """A place in the file before the message of that number, and near to it."""
    low, high = 0, stream.seek(0, io.SEEK_END)
    while high - low > _NEAR:
        middle = (low + high) // 2
        stream.seek(middle)
        match = _MESSAGE.search(stream.read(_NEAR))
        if match is None or int(match[1]) >= first:
            high = middle
        else:
            low = middle
    return low
