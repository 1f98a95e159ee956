"""Blocks and bubbles as data for the typst template: every text in it can be printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from forensics.signs import marked_pieces
from forensics.textual import direction, joined, visible
from forensics.words import Words
from reports.blocks import (
    Blanks,
    Block,
    Chart,
    Excerpts,
    Field,
    Fields,
    Group,
    Prose,
    Quotation,
    Section,
    Table,
)
from reports.bubbles import Bubble, Detail, Thumbnail
from reports.excerpts import Excerpt, Gap, Heading
from reports.shortening import shortened

# A line may break inside long unbroken runs: hashes and addresses, and anything that fills pages, because
# PDF/A-2 allows no string of more than 32,767 bytes. Never inside an emoji sequence.
_LONG_RUN = re.compile(r"[!-~]{25,}|\S{2000,}")
_CHUNK = re.compile(r"[!-~]{1,8}|.{1,500}(?:[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|(?<=\u200d).)*")
# Characters of a table's type that fit on a line.
PAGE_WIDTH = 115
# The longest side of a picture in print, in points.
WIDEST = 100

Data = dict[str, Any]
# A text, or its direction and pieces between which a line may break.
Text = str | list[object]


class Setter:
    """Turns content into data; ``refused`` are characters that the typesetter would not print.

    ``rows``: the most rows of any table; without it each table says how many a summary prints.
    """

    def __init__(self, words: Words, refused: frozenset[str], rows: int | None = None) -> None:
        self._words = words
        self._refused = refused
        self._rows = rows
        self._pictures: dict[bytes, int] = {}

    def plain(self, text: str) -> str:
        """A text that can be printed; tabs become spaces, which a page does not have otherwise."""
        return visible(text, printed=True, refused=self._refused).replace("\t", "    ")

    def text(self, text: str) -> Text:
        """A text with its direction."""
        shown = self.plain(text)
        is_rtl = direction(text) == "rtl"
        if is_rtl or _LONG_RUN.search(shown):
            return ["rtl" if is_rtl else "ltr", _pieces(shown)]
        return shown

    def inline(self, text: str) -> Text:
        """A text that stands in a line with others: it keeps its direction to itself."""
        shown = self.plain(joined(text))
        return ["ltr", _pieces(shown)] if _LONG_RUN.search(shown) else shown

    def _cell(self, text: str) -> Text:
        """A text in a field or table: of one that fills pages the beginning, which says so."""
        return self.text(shortened(self._words, text))

    def fields(self, found: Iterable[Field]) -> list[Data]:
        """Labels and values."""
        return [
            {
                "label": each.label,
                "values": [*map(self._cell, each.values)] or ["-"],
                "missing": each.is_missing,
            }
            for each in found
        ]

    def table(self, each: Table) -> Data:
        """A table of at most as many rows as are printed, or one more where only that one would be left;
        cells are numbered, because rows are flattened.
        """
        limit = each.printed if self._rows is None else self._rows
        found = list(islice(each.rows(), limit + (each.count == limit + 1)))
        cells: list[Any] = [[*map(self._cell, row)] for row in found]
        columns, widths = list(each.columns), _widths(each, found)
        if each.bars is not None:
            shares = _shares([row[each.bars] for row in found])
            for row, share in zip(cells, shares, strict=True):
                row.insert(each.bars + 1, share)
            columns.insert(each.bars + 1, "")
            widths.insert(each.bars + 1, 18)
        left = each.count - len(found)
        flat = [cell for row in cells for cell in row]
        return {
            "type": "table",
            "title": self.plain(each.title),
            "columns": columns,
            "cells": flat,
            "rows": list(range(len(flat))),
            "widths": widths,
            "mandatory": each.is_mandatory,
            "more": self._words("more_rows", count=left) if left > 0 else "",
        }

    def section(self, section: Section) -> Data:
        """A section with its blocks."""
        return {"key": section.key, "title": section.title, "blocks": [*map(self.block, section.blocks)]}

    def block(self, block: Block) -> Data:
        """Any block."""
        if isinstance(block, Fields):
            return {"type": "fields", "fields": self.fields(block.fields)}
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, Prose):
            return self.prose(block)
        if isinstance(block, Quotation):
            return self._quotation(block)
        if isinstance(block, Chart):
            shown: Data = {"title": block.title, "svg": block.svg, "alternative": block.alternative}
            shown |= {"is-tall": block.is_tall}
            return {"type": "chart", **shown, "table": self.table(block.table)}
        if isinstance(block, Group):
            return self._group(block)
        if isinstance(block, Blanks):
            return {"type": "blanks", "labels": list(block.labels)}
        assert isinstance(block, Excerpts)
        return {"type": "excerpts"}

    def prose(self, block: Prose) -> Data:
        """A paragraph."""
        return {"type": "prose", "text": self.plain(block.text), "tone": block.tone}

    def _quotation(self, block: Quotation) -> Data:
        pieces = [
            [is_marked, _pieces(self.plain(text))]
            for text, is_marked in marked_pieces(block.text, block.spans)
        ]
        is_rtl = direction(block.text) == "rtl"
        return {"type": "quotation", "head": self.inline(block.head), "rtl": is_rtl, "pieces": pieces}

    def _group(self, block: Group) -> Data:
        return {
            "type": "group",
            "title": self.plain(block.title),
            "blocks": [*map(self.block, block.blocks)],
        }

    def excerpt(self, each: Excerpt) -> Data:
        """A heading, a gap or a bubble."""
        if isinstance(each, Gap):
            return {"type": "gap", "text": self._words("gap", count=each.count)}
        if isinstance(each, Heading):
            title = self.plain(f"{each.number}. ") + self.plain(each.title)
            return {"type": "heading", "title": title, "fields": self.fields(each.fields)}
        return self._bubble(each)

    def _bubble(self, each: Bubble) -> Data:
        pictures = {"pictures": [*map(self._thumbnail, each.pictures)]} if each.pictures else {}
        return {
            **pictures,
            "type": "bubble",
            "side": each.side,
            "sender": self.inline(each.sender),
            "head": self.inline(joined(each.identifier, each.time, each.number)),
            "labels": list(each.labels),
            "text": self.text(each.text),
            "details": [[name, self.inline(value)] for name, value in _merged(each.details)],
            "source": self.inline(joined(each.status, each.source)),
        }

    def _thumbnail(self, each: Thumbnail) -> Data:
        """A picture with its width on paper, in points of 1/72 inch."""
        longest = max(each.picture.width, each.picture.height)
        width = round(each.picture.width * min(1.0, WIDEST / longest), 1)
        number = self._pictures.setdefault(each.picture.jpeg, len(self._pictures))
        return {"jpeg": number, "width": width, "alternative": each.alternative}

    @property
    def pictures(self) -> list[list[int]]:
        """The bytes of every picture of the bubbles made so far, each once."""
        return [list(each) for each in self._pictures]


def _merged(details: Iterable[Detail]) -> Iterator[Detail]:
    """Details of one kind that follow each other, in one line."""
    for name, group in groupby(details, itemgetter(0)):
        values = [value for _, value in group]
        yield name, values[0] if len(values) == 1 else joined(*values, separator="; ")


def _shares(figures: Sequence[str]) -> list[float]:
    """The figures as parts of the largest."""
    numbers = [int(each) if each.isascii() and each.isdigit() else 0 for each in figures]
    most = max(numbers, default=0) or 1
    return [round(each / most, 4) for each in numbers]


def _pieces(text: str) -> list[str]:
    """The text cut up inside its long unbroken runs."""
    pieces, end = [""], 0
    for run in _LONG_RUN.finditer(text):
        pieces[-1] += text[end : run.start()]
        first, *others = _CHUNK.findall(run.group())
        pieces[-1] += first
        pieces += others
        end = run.end()
    pieces[-1] += text[end:]
    return pieces


def _widths(table: Table, found: Iterable[tuple[str, ...]]) -> list[int]:
    """Shares of the page width, in characters: room for the longest word, then by the longest line."""
    columns = [
        [line for cell in column for line in cell.split("\n")]
        for column in zip(table.columns, *found, strict=True)
    ]
    least = [
        min(16, max(len(word) for line in column for word in (line.split() or [""]))) + 3
        for column in columns
    ]
    most = 45 if len(columns) > 2 else 90
    wanted = [min(most, max(map(len, column))) for column in columns]
    wish = [max(0, want - low) for want, low in zip(wanted, least, strict=True)]
    spare = max(0, PAGE_WIDTH - sum(least))
    return [low + spare * each // max(sum(wish), spare, 1) for low, each in zip(least, wish, strict=True)]
