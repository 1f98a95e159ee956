"""Whether a message of an HTML page and one of ``result.json`` beside it are the same.

Both forms of one export hold the same messages (Telegram reference 6), the JSON with ids of people and times
of events. A message of a page is the same as one of the JSON that has its number, was sent at the same time
by the clock of the exporting computer, by the same name, with the same text; of an event, which the page
gives no time and in words of its own, the number has to do. Whatever else differs is another message.
"""

from __future__ import annotations

import re
from typing import BinaryIO, NamedTuple

from parsers.telegram_export_stream import Object, mend
from parsers.telegram_export_words import plain
from parsers.telegram_html_messages import STAMP
from parsers.telegram_html_people import shown_name
from parsers.telegram_html_tree import Node, Piece, tree

RESULT = "result.json"
IDENTIFIER = re.compile(r"message(-?\d{1,18})")
# The folder of a chat in a whole account: the number of the chat in the order of chats and left_chats, from
# one, as wide as the largest needs (Data::FinalizeDialogsInfo of tdesktop).
CHAT_FOLDER = re.compile(r"(?:.*/)?chats/chat_0*(\d{1,9})")
# Found from its beginning: what it consists of cannot begin another, so that no byte is looked at many times.
_HEADER = re.compile(
    rb'\{\s*(?:"name"\s*:\s*(?:null|"[^"\\\n]*(?:\\.[^"\\\n]*)*")\s*,\s*)?'
    rb'"type"\s*:\s*(?:null|"[a-z_]*")\s*,\s*"id"\s*:\s*-?\d+\s*,\s*(?P<messages>"messages")\s*:\s*\['
)
_CHUNK, _LONGEST_HEADER = 8 << 20, 8192
# Chats whose name is not exported; the page has one of its own for them.
_NAMELESS = frozenset({"saved_messages", "replies", "verification_codes"})


class Content(NamedTuple):
    """What both forms tell of a message: whether it is an event, local time, the sender's name, its text."""

    is_event: bool
    time: object
    name: object
    text: str

    def agrees(self, other: Content) -> bool:
        """Whether these are one message, of one number."""
        return self.is_event == other.is_event and (self.is_event or self[1:] == other[1:])


def told(value: Object) -> Content:
    """What the JSON tells."""
    text = _folded(plain(value.get("text")) or "")
    return Content(value.get("type") == "service", value.get("date"), value.get("from") or None, text)


class Page:
    """What the elements of a page show, each in turn: one that is joined has the sender of the one before."""

    def __init__(self) -> None:
        self._name: str | None = None

    def shown(self, node: Node) -> Content:
        """What an element shows."""
        body = node.own("body") or node
        named = body.own("from_name")
        if named is not None:
            self._name = shown_name(named.text())[0]
        if "service" in node.classes:
            return Content(True, None, None, "")
        inner = next((each for each in body.nodes() if {"forwarded", "body"} <= set(each.classes)), body)
        text, date = inner.own("text"), body.own("date")
        stamp = STAMP.search(date.attributes.get("title", "")) if date is not None else None
        time = f"{stamp[3]}-{stamp[2]}-{stamp[1]}T{stamp[4]}" if stamp is not None else ""
        return Content(False, time, self._name, _folded(text.text()) if text is not None else "")


def element(piece: Piece) -> tuple[int, Node] | None:
    """The number and the element of a piece; None where it is no message, or not whole."""
    node = next(tree(piece.data.decode("utf-8", "replace")).nodes(), None) if piece.is_whole else None
    match = IDENTIFIER.fullmatch(node.attributes.get("id", "")) if node is not None else None
    return None if node is None or match is None else (int(match[1]), node)


class Listed(NamedTuple):
    """A chat of a whole account: the bytes of its messages, what is said before them."""

    start: int
    end: int
    header: Object

    def is_titled(self, title: str | None) -> bool:
        """Whether a page with that title may be its."""
        if title is None:
            return False
        name = self.header.get("name")
        if name is None and self.header.get("type") not in _NAMELESS:
            return shown_name(title)[0] is None
        return name is None or (isinstance(name, str) and _folded(name) == _folded(title))


def chats(stream: BinaryIO) -> list[Listed]:
    """The chats of a whole account in their order. No text can look like the start of one: within texts
    quotation marks have a backslash before them."""
    found: list[tuple[int, Object]] = []
    base, data = 0, b""
    while more := stream.read(_CHUNK):
        data += more
        for header in _HEADER.finditer(data):
            at = base + header.end()
            is_short = header.start("messages") - header.start() <= _LONGEST_HEADER
            if is_short and (not found or at > found[-1][0]):
                value, _mended = mend(header[0].decode("utf-8", "replace") + "]}")
                found.append((at, value if isinstance(value, dict) else {}))
        kept = min(len(data), 2 * _LONGEST_HEADER)
        base, data = base + len(data) - kept, data[len(data) - kept :]
    ends = [*(at for at, _header in found[1:]), base + len(data)][: len(found)]  # an account may have no chat
    return [Listed(at, end, header) for (at, header), end in zip(found, ends, strict=True)]


def title_of(page: Node) -> str | None:
    """The name of the chat that a page is of."""
    header = page.first("page_header")
    return (" ".join(header.text().split()) if header is not None else "") or None


def _folded(text: str) -> str:
    return " ".join(text.split())
