"""A workbook (XLSX) through XlsxWriter, row by row: a text is a text, nothing is a formula or a link.

The same rows give the same bytes: the date in it is that of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType

import xlsxwriter  # type: ignore[import-untyped]  # the library has no types
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]

from forensics.times import local, parse_rfc3339

Cell = str | int | None
# Rows of a sheet by the format.
ROW_LIMIT = 1_048_576
# Whole numbers beyond this lose digits in a spreadsheet program; they are written as text.
_EXACT = 2**53
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Workbook:
    """Use as a context: sheets are written one after the other, the rest at the end."""

    def __init__(self, path: Path, title: str, comments: str, created: str) -> None:
        """``created``: RFC 3339, the date of the case and not of the clock."""
        self._name = path.name
        self._stream = path.open("wb")
        self._book = xlsxwriter.Workbook(self._stream, _OPTIONS)
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
        except FileCreateError as fault:
            raise OSError(f"{self._name}: {fault}") from fault
        finally:
            self._stream.close()

    def sheet(self, name: str, rows: Iterable[Sequence[Cell]], width: int = 18) -> None:
        """A sheet whose first row is a head; what does not fit goes on in a further, numbered one."""
        sheet, number, place = self._add(name, width), 1, 0
        for row in rows:
            if place == ROW_LIMIT:
                number += 1
                sheet, place = self._add(f"{name} {number}", width), 0
            style = self._head if place == 0 else self._text
            for column, cell in enumerate(row):
                if isinstance(cell, int) and -_EXACT <= cell <= _EXACT:
                    sheet.write_number(place, column, cell, style)
                elif cell is not None and cell != "":
                    sheet.write_string(place, column, str(cell), style)
            place += 1

    def _add(self, name: str, width: int) -> xlsxwriter.worksheet.Worksheet:
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 63, width)
        return sheet
