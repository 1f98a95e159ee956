"""Blocks and bubbles as data for the typst template, and the compiler that never gives up on a character."""

from __future__ import annotations

import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import typst

from reports.blocks import Blanks, Block, Chart, Excerpts, Field, Fields, Prose, Section, Table
from reports.bubbles import Bubble
from reports.excerpts import Excerpt, Gap, Heading
from reports.textual import direction, joined, visible
from reports.words import Words

# Noto Sans first keeps digits as text; the emoji font stands before the symbols and before CJK, which would
# otherwise turn ☎️ into a plain sign. Rare scripts come last: every font before them is tried first.
_SCRIPTS = (
    *("Hebrew", "Armenian", "Georgian", "Ethiopic", "Devanagari", "Bengali", "Gurmukhi", "Tamil", "Sinhala"),
    *("Thai", "Lao", "Khmer", "Myanmar", "Tifinagh", "Cherokee", "CanAborig"),
)
_SIGNS = ("Noto Color Emoji", "Noto Sans Symbols", "Noto Sans Symbols2", "Noto Sans Math", "Noto Sans CJK SC")
FONTS = ("Noto Sans", "Noto Sans Arabic", *_SIGNS, *(f"Noto Sans {script}" for script in _SCRIPTS))
# Rows of a table that a PDF prints; the whole table is in the HTML and the data files.
ROWS_PRINTED = 12
ROWS_OF = {
    "E17.flags": 20,
    "E17.explained": 20,
    "G20.glossary": 50,
    "G19.limits": 50,
    "D14.timeline_figures": 15,
}
# A line may break inside long unbroken runs: hashes and addresses, and anything that fills pages, because
# PDF/A-2 allows no string of more than 32,767 bytes. Never inside an emoji sequence.
_LONG_RUN = re.compile(r"[!-~]{25,}|\S{2000,}")
_CHUNK = re.compile(r"[!-~]{1,8}|.{1,500}(?:[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|(?<=\u200d).)*")
_REFUSED = re.compile(r"(?:the text|disallowed codepoint) `\"(.*?)\"`", re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_ATTEMPTS = 40
# Characters of a table's type that fit on a line.
PAGE_WIDTH = 115

Data = dict[str, Any]


class Setter:
    """Turns content into data; ``refused`` are characters that the typesetter would not print."""

    def __init__(self, words: Words, refused: frozenset[str]) -> None:
        self._words = words
        self._refused = refused

    def plain(self, text: str) -> str:
        """A text that can be printed; tabs become spaces, which a page does not have otherwise."""
        return visible(text, printed=True, refused=self._refused).replace("\t", "    ")

    def text(self, text: str) -> str | list[object]:
        """A text with its direction, or in pieces between which a line may break."""
        shown = self.plain(text)
        is_rtl = direction(text) == "rtl"
        if is_rtl or _LONG_RUN.search(shown):
            return ["rtl" if is_rtl else "ltr", _pieces(shown)]
        return shown

    def inline(self, text: str) -> str | list[object]:
        """A text that stands in a line with others: it keeps its direction to itself."""
        shown = self.plain(joined(text))
        return ["ltr", _pieces(shown)] if _LONG_RUN.search(shown) else shown

    def fields(self, found: Iterable[Field]) -> list[Data]:
        """Labels and values."""
        return [
            {
                "label": each.label,
                "values": [*map(self.text, each.values)] or ["-"],
                "missing": each.is_missing,
            }
            for each in found
        ]

    def table(self, each: Table) -> Data:
        """A table of at most as many rows as a PDF prints; cells are numbered, because rows are flattened."""
        limit = ROWS_OF.get(each.key, ROWS_PRINTED)
        found = list(islice(each.rows(), limit))
        cells = [self.text(cell) for row in found for cell in row]
        left = each.count - len(found)
        return {
            "type": "table",
            "title": each.title,
            "columns": list(each.columns),
            "cells": cells,
            "rows": list(range(len(cells))),
            "widths": _widths(each, found),
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
        if isinstance(block, Chart):
            shown = {"title": block.title, "svg": block.svg, "alternative": block.alternative}
            return {"type": "chart", **shown, "table": self.table(block.table)}
        if isinstance(block, Blanks):
            return {"type": "blanks", "labels": list(block.labels)}
        assert isinstance(block, Excerpts)
        return {"type": "excerpts"}

    def prose(self, block: Prose) -> Data:
        """A paragraph."""
        return {"type": "prose", "text": self.plain(block.text), "tone": block.tone}

    def excerpt(self, each: Excerpt) -> Data:
        """A heading, a gap or a bubble."""
        if isinstance(each, Gap):
            key = "gap.1" if each.count == 1 else "gap.n"
            return {"type": "gap", "text": self._words(key, count=each.count)}
        if isinstance(each, Heading):
            title = self.plain(f"{each.number}. ") + self.plain(each.title)
            return {"type": "heading", "title": title, "fields": self.fields(each.fields)}
        return self._bubble(each)

    def _bubble(self, each: Bubble) -> Data:
        return {
            "type": "bubble",
            "side": each.side,
            "sender": self.inline(each.sender),
            "head": self.inline(joined(each.identifier, each.time, each.number)),
            "labels": list(each.labels),
            "text": self.text(each.text),
            "details": [[name, self.inline(value)] for name, value in each.details],
            "source": self.inline(each.source),
        }


class Unprintable(RuntimeError):
    """The typesetter refuses the document; the message says why."""


def compiled(
    make: Callable[[frozenset[str]], Mapping[str, Any]], timestamp: int, *, is_large: bool = False
) -> bytes:
    """The PDF of the data that ``make`` gives for a set of refused characters.

    PDF/A refuses characters that no font can draw: those that the typesetter names are shown as tokens.
    ``is_large``: typeset in a process of its own, because the typesetter keeps its memory until it ends.
    """
    refused: frozenset[str] = frozenset()
    for _ in range(_ATTEMPTS):
        try:
            return _compile(make(refused), timestamp, is_large)
        except Unprintable as error:
            further = refused_characters(str(error)) - refused
            if not further:
                raise
            refused |= further
    raise Unprintable(f"the typesetter refuses more than {_ATTEMPTS} characters")


def refused_characters(message: str) -> frozenset[str]:
    """The characters that the typesetter's message names; of a cluster only the marks, if it has any."""
    match = _REFUSED.search(message)
    if not match:
        return frozenset()
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), match[1])
    marks = {each for each in text if unicodedata.category(each)[0] in "MC"}
    return frozenset(marks or {each for each in text if not each.isascii()})


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(False, False, [str(files("reports") / "fonts")])


def _compile(data: Mapping[str, Any], timestamp: int, is_large: bool) -> bytes:
    with tempfile.TemporaryDirectory(prefix="sporen-") as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(data), "utf-8")
        (folder / "report.typ").write_bytes((files("reports") / "templates" / "report.typ").read_bytes())
        if is_large:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                pool.submit(_typeset, folder, timestamp).result()
        else:
            _typeset(folder, timestamp)
        made = (folder / "made.pdf").read_bytes()
    # Without a newline after %%EOF a later signature would break PDF/A-2, clause 6.1.9.
    return made if made.endswith(b"\n") else made + b"\n"


def _typeset(folder: Path, timestamp: int) -> None:
    """Make made.pdf of report.typ and data.json."""
    compiler = typst.Compiler(
        folder / "report.typ", root=folder, font_paths=_fonts(), ignore_system_fonts=True
    )
    try:
        compiler.compile(
            output=folder / "made.pdf", format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=timestamp
        )
    except typst.TypstError as error:
        raise Unprintable(str(error.message)) from error


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
    wanted = [min(45, max(map(len, column))) for column in columns]
    wish = [max(0, want - low) for want, low in zip(wanted, least, strict=True)]
    spare = max(0, PAGE_WIDTH - sum(least))
    return [low + spare * each // max(sum(wish), spare, 1) for low, each in zip(least, wish, strict=True)]
