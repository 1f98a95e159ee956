"""Which messages of a page of an HTML export are in the ``result.json`` of the same export.

That lies beside the pages of one chat, or two folders above those of a whole account; what makes two messages
the same stands in telegram_html_shown. In the JSON of a chat messages stand in the order of their numbers, so
those of a page are found by halving, whatever the size of the file; a message that is not found that way is
none that the JSON has.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from forensics.parser import Document
from parsers.telegram_export import TelegramExport, is_one_chat
from parsers.telegram_export_stream import Object, entries, is_message
from parsers.telegram_html_shown import CHAT_FOLDER, RESULT, Content, Listed, Page, chats, told
from parsers.telegram_html_tree import Node

_MESSAGE = re.compile(rb'\{\s*"id"\s*:\s*(-?\d{1,19})\s*,\s*"type"\s*:\s*"(?:message|service|unsupported)"')
_NUMBER = re.compile(rb'\{\s*"id"\s*:\s*(-?\d{1,19})\s*,\s*"type"\s*:\s*"')
_LONGEST_NUMBER = 256
_HEAD = 4096
# Less than this is read from its start; a message is looked for in as much.
_NEAR = 1 << 20
# A page in chats/chat_<n> has its JSON so many folders above.
_ABOVE = 2
Span = tuple[int, int]


class Accounts:
    """The chats of the account whose pages were read last, since all pages of one ask for them, and whether
    the messages of the last chat stand in the order of their numbers."""

    def __init__(self) -> None:
        self._key: tuple[str, str] | None = None
        self._chats: list[Listed] = []
        self._order: tuple[tuple[str, str, Span], bool] | None = None

    def in_order(self, evidence_sha256: str, path: str, stream: BinaryIO, place: Span) -> bool:
        """Whether those that stand there do: only then are they found by halving, and only then does the
        reader of the JSON look at the pages."""
        key = (evidence_sha256, path, place)
        if self._order is None or self._order[0] != key:
            self._order = key, _in_order(stream, place)
        return self._order[1]

    def chats(self, evidence_sha256: str, path: str, stream: BinaryIO) -> list[Listed]:
        """Those of the export at that path."""
        if self._key != (evidence_sha256, path):
            stream.seek(0)
            self._key, self._chats = (evidence_sha256, path), chats(stream)
        return self._chats


class Beside:
    """The messages of one range of numbers in the JSON of a page; none where there is no JSON of its chat."""

    def __init__(self, document: Document, span: Span | None, title: str | None, accounts: Accounts) -> None:
        self._told: dict[int, list[Content]] = {}
        self._page = Page()
        # whether there is a result.json that may be of this export
        self.is_there = False
        opened = _opened(document) if span is not None else None
        if span is None or opened is None:
            return
        path, stream = opened
        self.is_there = True
        with stream:
            place = _place(document, title, accounts, path, stream)
            if place is None or not accounts.in_order(document.evidence_sha256, path, stream, place):
                return
            for value in _between(stream, place, span):
                number = value.get("id")
                if type(number) is int and is_message(value):
                    self._told.setdefault(number, []).append(told(value))

    def holds(self, number: int, node: Node) -> bool:
        """Whether the JSON has that message of the page; to be asked of each in turn."""
        shown = self._page.shown(node)
        return any(each.agrees(shown) for each in self._told.get(number, ()))


def _opened(document: Document) -> tuple[str, BinaryIO] | None:
    beside = document.open_media(RESULT)
    if beside is not None or CHAT_FOLDER.fullmatch(document.path.rpartition("/")[0]) is None:
        return beside
    return document.open_above(_ABOVE, RESULT)


def _place(
    document: Document, title: str | None, accounts: Accounts, path: str, stream: BinaryIO
) -> Span | None:
    """The bytes in which the messages of the page's chat stand; None where its chat is not in the file."""
    head = stream.read(_HEAD)
    if not TelegramExport().recognises(head, RESULT):
        return None
    folder = document.path.rpartition("/")[0]
    if is_one_chat(head):
        return (0, stream.seek(0, io.SEEK_END)) if path.rpartition("/")[0] == folder else None
    match = CHAT_FOLDER.fullmatch(folder)
    found = accounts.chats(document.evidence_sha256, path, stream) if match is not None else []
    number = int(match[1]) if match is not None else 0
    chat = found[number - 1] if 0 < number <= len(found) else None
    return (chat.start, chat.end) if chat is not None and chat.is_titled(title) else None


def _between(stream: BinaryIO, place: Span, span: Span) -> Iterator[Object]:
    """The messages from one number to another that stand there, as far as they can be read."""
    start = _start(stream, place, span[0])
    stream.seek(start)
    match = _MESSAGE.search(stream.read(min(_NEAR, place[1] - start)))
    if match is None:
        return
    stream.seek(start + match.start())
    for entry in entries(stream):
        number = entry.value.get("id") if entry.value is not None else None
        if entry.value is None or type(number) is not int:
            continue
        if number > span[1]:
            return
        if number >= span[0]:
            yield entry.value


def _start(stream: BinaryIO, place: Span, first: int) -> int:
    """A place there before the message of that number, and near to it."""
    low, high = place
    while high - low > _NEAR:
        middle = (low + high) // 2
        stream.seek(middle)
        match = _MESSAGE.search(stream.read(min(_NEAR, place[1] - middle)))
        if match is None or int(match[1]) >= first:
            high = middle
        else:
            low = middle
    return low


def _in_order(stream: BinaryIO, place: Span) -> bool:
    """Whether the numbers of the messages there never go down; reads through them once."""
    stream.seek(place[0])
    left, last, data = place[1] - place[0], -(1 << 63), b""
    while left and (more := stream.read(min(_NEAR, left))):
        left -= len(more)
        data += more
        end = 0
        for match in _NUMBER.finditer(data):
            if int(match[1]) < last:
                return False
            last, end = int(match[1]), match.end()
        data = data[max(end, len(data) - _LONGEST_NUMBER) :]
    return True
