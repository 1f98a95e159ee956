"""A workbook (XLSX) through XlsxWriter, row by row: a text is a text, nothing is a formula or a link.

The same rows give the same bytes: the date in it is that of the case. Rows are written here, not cell by cell
through the library (XlsxWriter 3.3.1): that takes four times the processor time for 160,000 short texts, and
``Worksheet._write_cell`` takes a text that begins with ``<r>`` and ends with ``</r>`` for markup, so that a
message could show another text than the one that is stored, or make the file one that no program opens.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from types import TracebackType

import xlsxwriter  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.exceptions import XlsxFileError  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from forensics.times import local, parse_rfc3339

Cell = str | int | None
# Rows of a sheet by the format.
ROW_LIMIT = 1_048_576
# Whole numbers beyond this lose digits in a spreadsheet program; they are written as text.
_EXACT = 2**53
# Bytes of XML in a sheet: without its 64 bit extension, which not every program reads, a zip has files of
# 2 GiB less some.
BYTE_LIMIT = 1_900_000_000
# What a cell holds as an escape, _xHHHH_: controls, and what would be read as one (ECMA-376, part 1,
# 22.9.2.19: ST_Xstring), also where only the escape of the control behind it would end it. One pass over the
# text: what is written for one sign is never looked at as text again.
_CONTROLS = r"[\x00-\x08\x0b-\x1f\ufffe\uffff]"
_ESCAPED = re.compile(rf"_(?=x[0-9a-fA-F]{{4}}(?:_|{_CONTROLS}))|{_CONTROLS}")
# What cannot stand in an element as it is: that, XML's own signs, and space at the ends.
_ODD = re.compile(rf"[&<>]|{_ESCAPED.pattern}|\A\s|\s\Z")
_COLUMNS = tuple(xl_col_to_name(column) for column in range(64))
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "use_zip64": True,  # only where it is needed: the bytes of others stay as they were
}


class Workbook:
    """Use as a context: sheets are written one after the other, the rest at the end."""

    def __init__(self, path: Path, title: str, comments: str, created: str) -> None:
        """``created``: RFC 3339, the date of the case and not of the clock."""
        self._name = path.name
        self._stream = path.open("wb")
        self._folder = tempfile.TemporaryDirectory(prefix="sporen-xlsx-")
        self._book = xlsxwriter.Workbook(self._stream, {**_OPTIONS, "tmpdir": self._folder.name})
        moment = local(parse_rfc3339(created), "UTC").replace(tzinfo=None)
        self._book.set_properties({"title": title, "created": moment, "comments": comments})
        self._head = self._book.add_format({"bold": True, "bg_color": "#E8EDF3"})
        self._text = self._book.add_format({"text_wrap": True, "valign": "top"})

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._book.close()
        except XlsxFileError as fault:
            raise OSError(f"{self._name}: {fault}") from fault
        finally:
            for sheet in self._book.worksheets():
                sheet.row_data_fh.close()
            self._folder.cleanup()  # also of what a failure leaves: it holds texts of the case
            self._stream.close()

    def sheet(self, name: str, rows: Iterable[Sequence[Cell]], width: int = 18) -> None:
        """A sheet whose first row is a head; what does not fit goes on in a further, numbered one."""
        sheet, number, place, size = self._add(name, width), 1, 0, 0
        for row in rows:
            if place == ROW_LIMIT or size >= BYTE_LIMIT:
                number += 1
                sheet, place, size = self._add(f"{name} {number}", width), 0, 0
            size += sheet.put(place, row, self._head if place == 0 else self._text)
            place += 1

    def _add(self, name: str, width: int) -> _Sheet:
        sheet: _Sheet = self._book.add_worksheet(name, _Sheet)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 63, width)
        return sheet


class _Sheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet of the library that is put together in constant memory, and written a row at a time."""

    def put(self, place: int, row: Sequence[Cell], style: xlsxwriter.format.Format) -> int:
        """The next row; a cell that is None or empty is left out. Gives the bytes that it takes."""
        number, form = place + 1, style._get_xf_index()
        written, columns = [], []
        for column, cell in enumerate(row):
            if cell is None or cell == "":
                continue
            columns.append(column)
            head = f'<c r="{_COLUMNS[column]}{number}" s="{form}"'
            if isinstance(cell, int) and -_EXACT <= cell <= _EXACT:
                written.append(f"{head}><v>{cell:.16G}</v></c>")
            else:
                written.append(f'{head} t="inlineStr"><is>{_element(str(cell))}</is></c>')
        if not columns:
            return 0
        for column in (columns[0], columns[-1]):
            self._check_dimensions(place, column)
        whole = f'<row r="{number}">{"".join(written)}</row>'
        self.fh.write(whole)
        return len(whole) if whole.isascii() else len(whole.encode("utf-8"))


def _element(text: str) -> str:
    """The element of a text in a cell."""
    if not _ODD.search(text):
        return f"<t>{text}</t>"
    keep = ' xml:space="preserve"' if text[:1].isspace() or text[-1:].isspace() else ""
    text = _ESCAPED.sub(lambda match: f"_x{ord(match.group()):04X}_", text)
    return f"<t{keep}>{escape(text, quote=False)}</t>"
