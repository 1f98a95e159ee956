"""Exports of Telegram Desktop as HTML: ``messages.html``, ``messages2.html`` and so on, and lists beside
them.

Files (Telegram reference 6.2): of one chat in its own folder, or in ``chats/chat_<n>`` of a whole account.
Pages have no ids of people, chats or accounts: identity is a display name, so that two people of one name
are one here, and a direct chat cannot be told from a group. Where the same export was written as JSON too
(``result.json``), what both have is told from there (telegram_html_beside).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from forensics.model import Name, Notice, Record
from forensics.parser import Document
from parsers.notes import Notes, raw_text
from parsers.telegram_export_people import APP, PLATFORM, phone_of
from parsers.telegram_html_beside import Accounts, Beside, Span
from parsers.telegram_html_messages import TABLE, MessageMaker, Spot
from parsers.telegram_html_people import Names, shown_name
from parsers.telegram_html_shown import IDENTIFIER, RESULT, element, title_of
from parsers.telegram_html_tree import Node, Piece, pieces, tree

_TITLE = b"<title>Exported Data</title>"
_FROM = re.compile(rb'<div class="from_name">\s*([^<]*)')
_IS_EVENT = re.compile(rb'<div class="message service[ "]')
_SHOWN = 4096
_WHOSE = (
    "a page that Telegram Desktop wrote for its user, from the cloud: no ids of people, so that a name is all"
    " there is; no kind of chat; no times of events; what was deleted before is not in it"
)


_COPIES = (
    f"messages of this page are in {RESULT} of the same export and are told from there: of the same number,"
    " time, name and text, or events of the same number"
)


class TelegramHtml:
    """See ``forensics.parser.DocumentParser``."""

    name = "telegram_html"
    app = APP
    platform = PLATFORM

    def __init__(self) -> None:
        self._accounts = Accounts()

    def recognises(self, head: bytes, path: str) -> bool:
        """The title and the frame that every page of an export has."""
        return _TITLE in head and b'<div class="page_wrap">' in head

    def schema(self, head: bytes) -> str:
        """A page of messages, or a list."""
        return f"HTML export of Telegram Desktop, {'messages' if _is_chat(head) else 'a list'}"

    def read(self, document: Document) -> Iterator[Record]:
        """All records of one page."""
        names, notes = Names(document), Notes(document.source())
        numbers, span, head, is_whole = _survey(document, names)
        page = tree(_decoded(head.data))
        if numbers or _is_chat(head.data):
            title = title_of(page)
            beside = Beside(document, span, title, self._accounts)
            told = _messages(document, names, notes, numbers, beside)
            first = next(told, None)
            if first is not None or not document.account_for(TABLE).skipped.get("copy"):
                yield names.account_record()
                yield names.owner_record()
                yield from _people(names, notes, title, beside)
            if first is not None:
                yield first
            yield from told
        else:
            yield names.account_record()
            yield from _list(names, notes, page)
        if not is_whole:
            notes.add("damage", "the page ends before its HTML does: it is truncated", TABLE)
        yield from notes.close()


def _is_chat(head: bytes) -> bool:
    return b'<div class="history">' in head or b'<div class="message' in head


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _survey(document: Document, names: Names) -> tuple[dict[int, int], Span | None, Piece, bool]:
    """Who writes on the page, which message stands where, from which number to which (separators of days
    count down from -1), what stands before them, and whether the page ends."""
    numbers: dict[int, int] = {}
    span: Span | None = None
    head = Piece(0, b"")
    end = b""
    with document.stream() as stream:
        for number, piece in enumerate(pieces(stream)):
            if not number:
                head = piece
            for match in _FROM.finditer(piece.data):
                names.id(shown_name(unescape(_decoded(match[1])))[0])
            found = IDENTIFIER.search(_decoded(piece.data[:_SHOWN].partition(b">")[0]))
            if number and found is not None:
                identifier = int(found[1])
                numbers.setdefault(identifier, number)
                if identifier > 0 or _IS_EVENT.match(piece.data) is None:
                    low, high = span or (identifier, identifier)
                    span = min(low, identifier), max(high, identifier)
            end = piece.data[-_SHOWN:]
    return numbers, span, head, b"</html>" in end


def _people(names: Names, notes: Notes, title: str | None, beside: Beside) -> Iterator[Record]:
    yield from names.newly_met()
    yield names.conversation_record(title)
    notes.add("info", _WHOSE, None)
    if beside.is_there:
        notes.add("info", f"the same export holds {RESULT}, which does not tell of all messages here", None)
    yield from notes.drain()


def _messages(
    document: Document, names: Names, notes: Notes, numbers: dict[int, int], beside: Beside
) -> Iterator[Record]:
    maker = MessageMaker(document, names, notes, numbers)
    counted = document.account_for(TABLE)
    with document.stream() as stream:
        for number, piece in enumerate(pieces(stream)):
            if not number:
                continue
            counted.rows += 1
            found = element(piece)
            if found is None:
                counted.failed += 1
                yield _failed(document, piece, number)
            elif maker.is_separator(*found):
                counted.skip("separator")
            elif beside.holds(*found):
                counted.skip("copy")
                maker.pass_over(found[1])
                continue
            else:
                counted.messages += 1
                _check_text(piece, number, notes)
                message = maker.message(found[1], Spot(piece.offset, number, str(found[0])))
                yield from names.newly_met()
                yield message
            yield from notes.drain()
    yield from maker.calls
    if counted.skipped.get("copy"):
        notes.add("info", f"{counted.skipped['copy']} {_COPIES}", TABLE)


def _check_text(piece: Piece, number: int, notes: Notes) -> None:
    try:
        piece.data.decode()
    except UnicodeDecodeError:
        text = f"message {number} at offset {piece.offset}: text that is not valid UTF-8"
        notes.add("doubt", text, TABLE, number, piece.data)


def _failed(document: Document, piece: Piece, number: int) -> Notice:
    why = "its id is no message's" if piece.is_whole else "it is too large to be held"
    text = f"message {number} at offset {piece.offset}: {why}"
    source = document.source(TABLE, number, offset=piece.offset)
    return Notice(severity="failed", text=text, source=source, raw=raw_text(piece.data[:_SHOWN]))


def _list(names: Names, notes: Notes, page: Node) -> Iterator[Record]:
    """A page without messages: what the account says of itself, and one notice for its entries."""
    header = page.first("page_header")
    rows = dict(_rows(page))
    name = " ".join(rows[each] for each in ("First name", "Last name") if each in rows)
    shown = [Name(name=name, source="profile name, in the export")] if name else []
    if "Username" in rows:
        shown.append(Name(name=rows["Username"], source="username"))
    yield names.owner_record(tuple(shown), phone_of(rows.get("Phone number")))
    lines = [f"{label}: {value}" for label, value in rows.items()]
    for entry in page.every():
        if {"entry", "section"} & set(entry.classes):
            lines.append(" | ".join(" ".join(each.text().split()) for each in _parts(entry)))
    title = " ".join(header.text().split()) if header is not None else "a page"
    notes.listing(f"“{title}” of an export", "entry", lines)


def _rows(page: Node) -> Iterator[tuple[str, str]]:
    """The rows of what an account says of itself: label and value."""
    for row in page.every():
        label, value = row.own("label"), row.own("value")
        if "row" in row.classes and label is not None and value is not None:
            yield label.text(), value.text()


def _parts(entry: Node) -> Iterator[Node]:
    """The parts of an entry of a list that say something."""
    wanted = {"name", "subname", "details_entry", "info", "text", "counter", "label"}
    return (each for each in entry.every() if wanted & set(each.classes))
