"""Pages of Telegram Desktop's HTML exports as pieces, one for each message, and a piece as a small tree.

Source: Telegram reference 6.2, export_output_html.cpp of tdesktop: a message is ``<div class="message
...">``, and in what people wrote ``<`` is always ``&lt;``, so that no text can look like the start of a
message. Each piece is read by the standard library's parser; a ``<`` that begins no tag as the app writes
them is made a text first: what is left takes time in proportion to its length, however it was made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import BinaryIO

START = re.compile(rb'<div class="message[ "]')
_CHUNK, _LARGEST = 1 << 20, 256 << 20
_STRAY = re.compile(r'<(?!/?[A-Za-z][A-Za-z0-9]*(?:\s+[\w:-]+\s*=\s*"[^"<>]*")*\s*/?>)')
# A block's content ends with a line end and the indentation of its closing tag.
_LAYOUT = re.compile(r"\n *\Z")
_EMPTY = frozenset({"br", "img", "meta", "link", "input", "hr"})
# Deeper than anything that the app nests; what is deeper stands beside each other.
_MOST_NESTED = 24


@dataclass(slots=True)
class Piece:
    """Bytes of a page from ``offset`` on: what stands before the first message, or one message."""

    offset: int
    data: bytes
    is_whole: bool = True


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """The page's head, then its messages, the last one with the page's end."""
    offset, data, looked = 0, b"", 1
    is_whole = True
    while True:
        match = START.search(data, looked)
        if match is not None:
            yield Piece(offset, data[: match.start()], is_whole)
            offset, data, looked, is_whole = offset + match.start(), data[match.start() :], 1, True
            continue
        more = stream.read(max(_CHUNK, len(data)))
        if not more:
            yield Piece(offset, data, is_whole)
            return
        looked = max(1, len(data) - 32)
        data += more
        if len(data) > _LARGEST:
            # only its beginning is kept; the search goes on in what follows
            is_whole, data, looked = False, data[:_CHUNK] + data[-_CHUNK:], _CHUNK


@dataclass(slots=True)
class Node:
    """An element: its tag, classes, attributes, and what is in it."""

    tag: str
    classes: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def nodes(self) -> Iterator[Node]:
        """The elements directly in it."""
        return (each for each in self.inside if isinstance(each, Node))

    def every(self) -> Iterator[Node]:
        """All elements in it, in the order in which they begin."""
        for each in self.nodes():
            yield each
            yield from each.every()

    def first(self, name: str) -> Node | None:
        """The first element in it, at any depth, with that class."""
        return next((each for each in self.every() if name in each.classes), None)

    def own(self, name: str) -> Node | None:
        """The first element directly in it with that class."""
        return next((each for each in self.nodes() if name in each.classes), None)

    def text(self, without: str | None = None) -> str:
        """Its text with line ends for ``br``, without what the page's layout puts around it; elements with
        the class ``without`` are left out."""
        return _LAYOUT.sub("", "".join(self._texts(without)).removeprefix("\n"))

    def _texts(self, without: str | None) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            elif each.tag == "br":
                yield "\n"
            elif without is None or without not in each.classes:
                yield from each._texts(without)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self._open = [self.root]

    def set_cdata_mode(self, elem: str, *, escapable: bool = False) -> None:
        """Never: what looks like a script or a style sheet in a message is text like any other."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        node = Node(tag, tuple(attributes.get("class", "").split()), attributes)
        self._open[-1].inside.append(node)
        if tag not in _EMPTY and len(self._open) <= _MOST_NESTED:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def tree(text: str) -> Node:
    """A piece as a tree, what is not closed closed at its end."""
    builder = _Builder()
    builder.feed(_STRAY.sub("&lt;", text))
    builder.close()
    return builder.root
