"""Spreadsheets: CSV for scripts, XLSX for people. A text is a text: nothing becomes a formula or a link."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import BinaryIO

from forensics.cells import guarded
from forensics.textual import token
from reports.background import Background
from reports.blocks import Prose, Table
from reports.bubbles import Presenter
from reports.content import CaseReader, Content
from reports.facts import calls, conversations, participants
from reports.indications import explained, flags
from reports.method import notice_row
from reports.reader import Record
from reports.shares import shares
from reports.trade import Trade
from reports.workbook import Cell, Workbook

# Messages whose rows are kept for the next form: some 60 MB.
MOST_KEPT = 30_000
# Limit of the XLSX format: UTF-16 units in a cell (32,767, less a margin for tokens).
CELL_LIMIT = 32_000
# A token is that many units long at most, and so much is left for the statement that a cell was cut.
_TOKEN, _STATEMENT = 8, 500
# What no XML and few CSV readers accept; the raw text is in messages.jsonl.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
COLUMNS = (
    *("record", "item", "id", "app", "platform", "account", "conversation", "conversation_title"),
    *(
        "conversation_kind",
        "sender",
        "sender_identifier",
        "recipients",
        "from_owner",
        "status",
        "state",
        "kind",
    ),
    *(
        "sent_at",
        "sent_at_local",
        "received_at",
        "delivered_at",
        "read_at",
        "edited_at",
        "deleted_at",
        "part",
    ),
    *("text", "details", "evidence_sha256", "path", "table", "rowid", "page", "offset", "app_id"),
    "record_sha256",
)
# Not in the workbook: what is the same for a whole conversation stands in the sheet of conversations, and a
# million of such cells would only cost time.
_IN_CONVERSATIONS = frozenset(
    ("record", "platform", "account", "conversation", "conversation_kind", "evidence_sha256")
)
_SHOWN = tuple(place for place, name in enumerate(COLUMNS) if name not in _IN_CONVERSATIONS)
# What other people wrote or named; the rest is made of digits, hex and words of this program.
_FOREIGN = tuple(
    COLUMNS.index(name)
    for name in (
        *("conversation_title", "sender", "sender_identifier", "recipients", "text", "details", "path"),
        *("table", "rowid", "app_id"),
    )
)
_TEXT_COLUMN, _PART_COLUMN = COLUMNS.index("text"), COLUMNS.index("part")
_DETAILS_COLUMN = COLUMNS.index("details")


def write_csv(case: CaseReader, stream: BinaryIO) -> None:
    """Messages and calls as CSV (RFC 4180, UTF-8).

    A cell that a spreadsheet program would take for a formula has an apostrophe in front.
    """
    background = Background(case, str(case.info["language"]), "")
    _csv(chain([COLUMNS], _messages(background), _calls(background)), stream)


def write_xlsx(case: CaseReader, path: Path) -> None:
    """A workbook with the conversations, participants, messages, calls, notices and flags."""
    _workbook(Background(case, str(case.info["language"]), ""), path)


class Csv:
    """The form ``csv`` of a delivery: messages.csv."""

    name = "csv"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write messages.csv into ``folder``."""
        background = content.background
        with (folder / "messages.csv").open("wb") as stream:
            _csv(chain([COLUMNS], _messages(background), _calls(background)), stream)


class Xlsx:
    """The form ``xlsx`` of a delivery: messages.xlsx."""

    name = "xlsx"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write messages.xlsx into ``folder``."""
        _workbook(content.background, folder / "messages.xlsx")


def storable(text: str) -> str:
    """The text with those characters as tokens that a spreadsheet file cannot hold."""
    return text if text.isprintable() else _UNSTORABLE.sub(lambda match: token(match.group()), text)


def pieces(text: str) -> list[str]:
    """The text in pieces that fit into a cell (counted in UTF-16 units, as the format does)."""
    if len(text) * 2 <= CELL_LIMIT or (len(text) <= CELL_LIMIT and text.isascii()):
        return [text]
    units = text.encode("utf-16-le", "surrogatepass")
    found, start = [], 0
    while start < len(units):
        end = start + 2 * CELL_LIMIT
        if end < len(units) and 0xD8 <= units[end - 1] <= 0xDB:
            end -= 2  # never between the two halves of a character beyond U+FFFF
        found.append(units[start:end].decode("utf-16-le", "surrogatepass"))
        start = end
    return found


def _messages(background: Background) -> Iterable[tuple[Cell, ...]]:
    """The messages as rows; those of a case that is not large are made once for both spreadsheets."""
    if background.rows is None:
        if sum(each["messages"] for each in background.conversations) > MOST_KEPT:
            return _made(background)
        background.rows = list(_made(background))
    return background.rows


def _made(background: Background) -> Iterator[tuple[Cell, ...]]:
    presenter = Presenter(background)
    for number, conversation in enumerate(background.conversations, 1):
        title = background.conversation_title(conversation)
        for place, message in enumerate(background.case.messages(conversation["id"]), 1):
            yield _message(presenter, conversation, (f"{number}-{place}", title), message)


def _message(
    presenter: Presenter, conversation: Record, place: tuple[str, str], message: Record
) -> tuple[Cell, ...]:
    """A message as a row; ``place`` is its item number and its conversation's title."""
    background, (item, title) = presenter.background, place
    source = message["source"]
    details = "\n".join([f"{name}: {value}" for name, value in presenter.details(message)])
    return (
        *("message", item, message["id"], message["app"], message["platform"], message["account"]),
        *(message["conversation"], title, message["conversation_kind"]),
        presenter.sender(message["sender"]),
        *(background.identifier(message["sender"]), _recipients(background, conversation, message)),
        *(_truth(message["from_owner"]), message["status"], message["state"], message["kind"]),
        *(message["sent_at"], background.stored_time(message["sent_at"]), message["received_at"]),
        *(message["delivered_at"], message["read_at"], message["edited_at"], message["deleted_at"], 1),
        *(message["text"], details, source["evidence_sha256"], source["path"], source["table"]),
        *(source["rowid"] if source["rowid_key"] is None else source["rowid_key"], source["page"]),
        *(source["offset"], source["app_id"], message["record_sha256"]),
    )


def _recipients(background: Background, conversation: Record, message: Record) -> str | None:
    """The other person of a direct conversation; of others the conversation's title says it."""
    if conversation["kind"] != "direct" or message["sender"] is None:
        return None
    others = [each for each in conversation["participants"] if each != message["sender"]]
    return ", ".join(background.identifier(each) or background.name(each) for each in others)


def _calls(background: Background) -> Iterator[tuple[Cell, ...]]:
    titles = {each["id"]: background.conversation_title(each) for each in background.conversations}
    for call in background.case.calls():
        source = call["source"]
        seconds, video = call["seconds"], _truth(call["video"])
        details = f"seconds: {seconds}\nvideo: {video}\nresult: {call['result']}"
        found: dict[str, Cell] = {
            "record": "call",
            "sender": background.name(call["sender"]),
            "sender_identifier": background.identifier(call["sender"]),
            "from_owner": _truth(call["from_owner"]),
            "kind": "call",
            "sent_at": call["at"],
            "sent_at_local": background.stored_time(call["at"]),
            "part": 1,
            "details": details,
            "conversation_title": titles.get(call["conversation"]),
        }
        same = ("id", "app", "account", "conversation", "record_sha256")
        found |= {name: call[name] for name in same} | {
            name: source[name] for name in COLUMNS if name in source
        }
        yield tuple(found.get(name) for name in COLUMNS)


def _truth(value: bool | None) -> str | None:
    return None if value is None else "true" if value else "false"


def _csv(rows: Iterable[tuple[Cell, ...]], stream: BinaryIO) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        cells = list(row)
        for place in _FOREIGN:
            cell = cells[place]
            if isinstance(cell, str):
                cells[place] = harmless(cell)
        writer.writerow(cells)
        if text.tell() > 1 << 16:
            _flush(text, stream)
    _flush(text, stream)


def _flush(text: io.StringIO, stream: BinaryIO) -> None:
    stream.write(text.getvalue().encode("utf-8"))
    text.seek(0)
    text.truncate()


def harmless(text: str) -> str:
    """The text as a cell of a CSV file that no program takes for a formula."""
    return guarded(text if text.isprintable() else storable(text))


def _workbook(background: Background, path: Path) -> None:
    title, created = background.words("title"), str(background.info["changed_at"])
    with Workbook(path, title, background.report_id, created) as book:
        for name, rows in _sheets(background):
            stored = (_storable_row(background, row) for row in rows)
            book.sheet(name, stored, width=90 if name == "about" else 18)


def _storable_row(background: Background, row: Sequence[Cell]) -> list[Cell]:
    return [cell if _is_plain(cell) else _fitting(background, str(cell)) for cell in row]


def _fitting(background: Background, text: str) -> str:
    """The text as a cell can hold it; of one that is too long the beginning, with a statement of what is not
    shown. Texts and details of messages never are: they were split."""
    stored = storable(text)
    if len(pieces(stored)) == 1:
        return stored
    short = storable(background.shortened(text, CELL_LIMIT // 2 - _STATEMENT))
    if len(pieces(short)) == 1:
        return short
    return storable(background.shortened(text, (CELL_LIMIT - _STATEMENT) // _TOKEN))


def _is_plain(cell: Cell) -> bool:
    """Whether a cell needs no second look: a number, nothing, or a text that fits and can be stored."""
    return not isinstance(cell, str) or (len(cell) < CELL_LIMIT // 2 and cell.isprintable())


def _sheets(background: Background) -> Iterator[tuple[str, Iterable[tuple[Cell, ...]]]]:
    """The sheets of a workbook: names and rows."""
    words = background.words
    about = (words("account_is_not_a_person"), words("sheet.split"), words("sheet.signs"))
    report = f"{words('report')} {background.report_id}"
    yield "about", [(text,) for text in (words("title"), report, *about)]
    for name, table in (
        ("conversations", conversations(background)),
        ("participants", participants(background)),
    ):
        yield name, chain([table.columns], table.rows())
    rows = chain([COLUMNS], _split(_messages(background)))
    yield "messages", (tuple(row[place] for place in _SHOWN) for row in rows)
    called = calls(background)
    yield "calls", chain([called.columns], called.rows())
    notices = (notice_row(background, each) for each in background.case.notices())
    yield "notices", chain([("severity", "text", "source")], notices)
    yield "figures", _figures(background)
    for name, table in (("flags", flags(background)), ("flag rules", explained(Trade(background)))):
        yield name, chain([(words("flag_sentence"),), table.columns], table.rows())


def _figures(background: Background) -> Iterator[tuple[Cell, ...]]:
    """The figures on the flagged trade: by app, kind of chat, list and period, and all of them together."""
    yield (background.words("flag_sentence"),)
    for block in shares(Trade(background)) if background.flags else ():
        if isinstance(block, Prose):
            yield (block.text,)
        elif isinstance(block, Table):
            yield ()
            yield (block.title,)
            yield block.columns
            yield from (
                tuple(int(each) if each.isdecimal() else each for each in row) for row in block.rows()
            )


def _split(rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """The rows; one whose text or details do not fit into a cell goes on in further rows."""
    for row in rows:
        text, details = row[_TEXT_COLUMN], row[_DETAILS_COLUMN]
        parts = [_parts(text), _parts(details)]
        if parts == [(text,), (details,)]:
            yield row
            continue
        for part, (of_text, of_details) in enumerate(zip_longest(*parts), 1):
            cells = list(row)
            cells[_PART_COLUMN], cells[_TEXT_COLUMN], cells[_DETAILS_COLUMN] = part, of_text, of_details
            yield tuple(cells)


def _parts(cell: Cell) -> tuple[Cell, ...]:
    """The pieces of what is stored of a text; of a short one no pieces are looked for."""
    if not isinstance(cell, str) or len(cell) * _TOKEN <= CELL_LIMIT:
        return (cell,)
    return tuple(pieces(storable(cell)))


CSV = Csv()
XLSX = Xlsx()
