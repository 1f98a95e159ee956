"""A workbook (Office Open XML, ECMA-376) written row by row: texts are inline strings, nothing is a formula.

Written here and not by a library because a million rows pass through it: a cell is one piece of text, no
object. The same rows give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from types import TracebackType
from typing import IO

Cell = str | int | None
# Rows of a sheet by the format; characters after which a sheet goes on in the next (a zip member without
# 64-bit sizes holds less than 4 GiB).
ROW_LIMIT = 1_048_576
SIZE_LIMIT = 1_000_000_000
# Whole numbers beyond this lose digits in a spreadsheet program; they are written as text.
_EXACT = 2**53
# "_x0041_" in a text would be read as the character U+0041 (ECMA-376, 22.9.2.19, ST_Xstring).
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_SPACE = 'xmlns="http://schemas.openxmlformats.org/'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PACKAGE = "application/vnd.openxmlformats-package"
_CONTENT_TYPES = (
    f'<Types {_SPACE}package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{_PACKAGE}.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_TYPES}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{_PACKAGE}.core-properties+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships {_SPACE}package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
    'core-properties" Target="docProps/core.xml"/></Relationships>'
)
# Cell style 1 is bold on grey, for the first row; style 2 wraps lines, for all others.
_STYLES = (
    f'<styleSheet {_SPACE}spreadsheetml/2006/main">'
    '<fonts count="2"><font><sz val="10"/><name val="Calibri"/></font>'
    '<font><b/><sz val="10"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EDF3"/></patternFill></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf fontId="1" fillId="2" applyFont="1" applyFill="1"/>'
    '<xf applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_HEAD = (
    f'<worksheet {_SPACE}spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<sheetFormatPr defaultRowHeight="13"/><cols><col min="1" max="64" width="{width}" '
    'customWidth="1"/></cols><sheetData>\n'
)
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Workbook:
    """Use as a context: sheets are written one after the other, the rest at the end."""

    def __init__(self, path: Path, title: str, comments: str, created: str) -> None:
        """``created``: RFC 3339, the date of the case and not of the clock."""
        self._about = (title, comments, created)
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._names: list[str] = []
        self._part("[Content_Types].xml", _CONTENT_TYPES)
        self._part("_rels/.rels", _RELATIONS)

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._archive.close()

    def sheet(self, name: str, rows: Iterable[Sequence[Cell]], width: int = 18) -> None:
        """A sheet whose first row is a head; what does not fit goes on in a further, numbered one."""
        number, found = 1, iter(rows)
        row = next(found, None)
        while row is not None or number == 1:
            row = self._rows(name if number == 1 else f"{name} {number}", row, found, width)
            number += 1

    def _rows(
        self, name: str, row: Sequence[Cell] | None, found: Iterable[Sequence[Cell]], width: int
    ) -> Sequence[Cell] | None:
        """Write one sheet from ``row`` on; gives the first row that did not fit."""
        self._names.append(name)
        with self._archive.open(_member(f"xl/worksheets/sheet{len(self._names)}.xml"), "w") as stream:
            size = _put(stream, _DECLARATION + _HEAD.format(width=width))
            place, lines = 0, list[str]()
            while row is not None and place < ROW_LIMIT and size < SIZE_LIMIT:
                place += 1
                lines.append(_row(place, row))
                if len(lines) == 200:
                    size += _put(stream, "".join(lines))
                    lines.clear()
                row = next(iter(found), None)
            _put(stream, "".join(lines) + "</sheetData></worksheet>")
        return row

    def _finish(self) -> None:
        title, comments, created = map(escape, self._about)
        sheets = "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in enumerate(self._names, 1)
        )
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number in range(1, len(self._names) + 1)
        )
        self._part(
            "xl/workbook.xml",
            f'<workbook {_SPACE}spreadsheetml/2006/main" xmlns:r="{_OFFICE}">'
            f"<sheets>{sheets}</sheets></workbook>",
        )
        self._part(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships {_SPACE}package/2006/relationships">{relations}'
            f'<Relationship Id="styles" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        )
        self._part("xl/styles.xml", _STYLES)
        self._part(
            "docProps/core.xml",
            f'<cp:coreProperties xmlns:cp="{_CORE}" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{title}</dc:title><dc:description>{comments}</dc:description>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created></cp:coreProperties>',
        )

    def _part(self, name: str, text: str) -> None:
        with self._archive.open(_member(name), "w") as stream:
            _put(stream, _DECLARATION + text)


def _member(name: str) -> zipfile.ZipInfo:
    """A member without the clock and the machine in it."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o600 << 16
    return info


def _put(stream: IO[bytes], text: str) -> int:
    stream.write(text.encode("utf-8"))
    return len(text)


def _row(place: int, row: Sequence[Cell]) -> str:
    style = 1 if place == 1 else 2
    cells = [
        _cell(f"{letters}{place}", cell, style)
        for letters, cell in zip(_LETTERS, row, strict=False)
        if cell is not None and cell != ""
    ]
    return f'<row r="{place}">{"".join(cells)}</row>\n'


def _cell(place: str, cell: str | int, style: int) -> str:
    if isinstance(cell, int) and -_EXACT <= cell <= _EXACT:
        return f'<c r="{place}" s="{style}"><v>{cell:d}</v></c>'
    text = str(cell)
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _letters(column: int) -> str:
    first, second = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


_LETTERS = tuple(map(_letters, range(200)))
