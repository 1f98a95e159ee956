"""HTML from blocks and bubbles: everything that comes from a case is escaped here, and nowhere else."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from importlib.resources import files
from itertools import islice

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
    Part,
    Prose,
    Quotation,
    Row,
    Section,
    Table,
)
from reports.bubbles import Bubble, Thumbnail
from reports.content import Document
from reports.filtering import hash_of, script, table_filter
from reports.shortening import shortened

# Rows of a table on the page it belongs to; a longer table gets pages of its own.
ROWS_SHOWN = 200
# Rows from which on a table has a filter.
FILTERED = 20
_LONG_RUN = re.compile(r"\S{25}")
_SIDES = {"owner": "b o", "other": "b x", "system": "b s", "unknown": "b"}


@lru_cache(maxsize=1)
def style() -> str:
    """The style sheet that stands in every page."""
    return (files("reports") / "templates" / "report.css").read_text("utf-8").strip()


@lru_cache(maxsize=1)
def policy() -> str:
    """The content security policy: nothing is loaded; only this style sheet counts and this script runs."""
    return (
        f"default-src 'none'; style-src {hash_of(style())}; script-src {hash_of(script())}; "
        "img-src 'self' data:; base-uri 'none'; form-action 'none'"
    )


def page(words: Words, title: str, header: str, body: Iterable[str]) -> Iterable[str]:
    """A whole HTML page, piece by piece; ``body`` is markup, the rest is text."""
    yield (
        f'<!DOCTYPE html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy(), quote=False)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="no-referrer"><title>{shown(title)}</title>'
        f"<style>{style()}</style></head>"
        f'<body><div class="top" dir="auto">{shown(header)}</div><main>\n'
    )
    yield from body
    yield f'</main><div class="top">{shown(words("end_of_report"))}</div>'
    yield f"<script>{script()}</script></body></html>\n"


def shown(text: str) -> str:
    """Text of a case or of the words, safe to see and escaped for elements and attributes."""
    return escape(visible(text))


def side_by_side(text: str) -> str:
    """The attribute that fixes the direction of an element with this text."""
    return ' dir="rtl"' if direction(text) == "rtl" else ""


def bubble(each: Bubble) -> str:
    """One message; the visible number is what a reader quotes, the id is what the data files use."""
    labels = _labels(each.labels) if each.labels else ""
    text = f'<p lang="" dir="{each.direction}">{escape(visible(each.text))}</p>' if each.text else ""
    flags = f' data-f="{" ".join(each.flags)}"' if each.flags else ""
    pictures = "".join([_thumbnail(every) for every in each.pictures]) if each.pictures else ""
    details = ""
    if each.details:
        pairs = [f"<dt>{_name(name)}<dd{side_by_side(value)}>{shown(value)}" for name, value in each.details]
        details = f"<dl>{''.join(pairs)}</dl>"
    number, separator = each.number, " · " if each.status else ""
    return (
        f'<article class="{_SIDES[each.side]}" id="{each.id}"{flags}><header>'
        f"{_person(each.sender, each.identifier)} {each.time} "
        f'<a id="i{number}" href="#{each.id}">{number}</a></header>{labels}{text}{pictures}'
        f"{details}<small>{escape(f'{each.status}{separator}{visible(each.source)}')}</small></article>\n"
    )


@lru_cache(maxsize=8192)
def _person(name: str, identifier: str) -> str:
    return f"<b{side_by_side(name)}><bdi>{shown(name)}</bdi></b> <bdi>{shown(identifier)}</bdi>"


def _thumbnail(each: Thumbnail) -> str:
    """A picture within the page: nothing is loaded, and what it shows is in its bytes."""
    coded = base64.b64encode(each.picture.jpeg).decode()
    size = f'width="{each.picture.width}" height="{each.picture.height}"'
    return f'<img {size} alt="{shown(each.alternative)}" src="data:image/jpeg;base64,{coded}">'


@lru_cache(maxsize=1024)
def _labels(labels: tuple[str, ...]) -> str:
    return "".join([f"<i>{escape(label)}</i>" for label in labels])


@lru_cache(maxsize=8192)
def _name(text: str) -> str:
    return escape(visible(text))


def document(words: Words, report: Document) -> Iterable[str]:
    """The body of the index page."""
    yield f'<h1>{shown(report.title)}</h1><section class="box"><h2>{shown(words("first_page"))}</h2>'
    yield fields(words, report.key_facts, "first")
    for statement in report.statements:
        yield _prose(statement)
    yield f'<h3 id="missing">{shown(words("missing_title"))}</h3>'
    if report.missing:
        items = "".join(
            f'<li class="missing">{shown(key)} {shown(label)}</li>' for key, label in report.missing
        )
        yield f'<ul class="lots">{items}</ul>'
    else:
        yield f"<p>{shown(words('missing_none'))}</p>"
    yield "</section>"
    yield _contents(words, report.parts)
    for part in report.parts:
        yield f'<section class="part-{part.key}" id="{part.key}"><h2>{shown(part.title)}</h2>\n'
        for section in part.sections:
            yield from _section(words, section)
        yield "</section>\n"


def table(words: Words, each: Table, limit: int = ROWS_SHOWN, prefix: str = "") -> Iterable[str]:
    """A table of at most ``limit`` rows, with a link to the whole one when it is longer."""
    if each.title:
        yield f"<h4>{shown(each.title)}</h4>"
    if not each.count:
        yield _nothing(words, each)
        return
    if each.count >= FILTERED:
        yield table_filter(words, each.key)
    yield from rows(words, each, islice(each.rows(), limit), prefix)
    if each.count > limit:
        target = escape(f"tables/{each.key}.html")
        yield f'<p><a href="{target}">{shown(words("whole_table", count=each.count))}</a></p>\n'


def rows(words: Words, each: Table, found: Iterable[Row], prefix: str = "") -> Iterable[str]:
    """A table's head and these rows; figures of the column of bars are drawn beside themselves."""
    shown_rows, most = found, 0
    if each.bars is not None:
        shown_rows = list(found)
        most = max((_figure(row[each.bars]) for row in shown_rows), default=0)
    head = "".join(f'<th scope="col">{shown(column)}</th>' for column in each.columns)
    yield f'<div class="wide"><table id="{escape(each.key)}"><thead><tr>{head}</tr></thead><tbody>\n'
    for row in shown_rows:
        texts = [shortened(words, cell) for cell in row]
        cells = [*map(_cell, texts)]
        if each.links:
            cells[0] = f'<td><a href="{escape(prefix + each.links(row))}">{shown(texts[0])}</a></td>'
        if each.bars is not None:
            cells[each.bars] = _bar(row[each.bars], most)
        yield f"<tr>{''.join(cells)}</tr>\n"
    yield "</tbody></table></div>\n"


def _figure(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _bar(text: str, most: int) -> str:
    width = round(100 * _figure(text) / most, 1) if most else 0
    drawing = f'<svg viewBox="0 0 100 10" width="100" height="10"><rect width="{width}" height="10"/></svg>'
    return f'<td class="bar">{shown(text)} {drawing}</td>'


def _cell(text: str) -> str:
    """A cell; one with a long unbroken run (a hash, a path) may break anywhere."""
    breaks = ' class="w"' if _LONG_RUN.search(text) else ""
    return f"<td{breaks}{side_by_side(text)}>{shown(text)}</td>"


def _quotation(block: Quotation) -> str:
    """Text of the evidence with the stretches marked that a rule matched."""
    marked = "".join(
        f"<mark>{shown(text)}</mark>" if is_marked else shown(text)
        for text, is_marked in marked_pieces(block.text, block.spans)
    )
    return (
        f'<blockquote id="{escape(block.key)}"><header>{shown(block.head)}</header>'
        f'<p lang="" dir="{direction(block.text)}">{marked}</p></blockquote>\n'
    )


def _nothing(words: Words, each: Table) -> str:
    key = "not_recorded" if each.is_mandatory else "no_rows"
    mark = ' class="missing"' if each.is_mandatory else ""
    return f'<p id="{escape(each.key)}"{mark}>{shown(words(key))}</p>\n'


def _contents(words: Words, parts: Iterable[Part]) -> str:
    items = "".join(f'<li><a href="#{part.key}">{shown(part.title)}</a></li>' for part in parts)
    return f"<nav><h2>{shown(words('contents'))}</h2><ul>{items}</ul></nav>\n"


def _section(words: Words, section: Section) -> Iterable[str]:
    yield f'<section id="{section.key}"><h3>{section.key} {shown(section.title)}</h3>\n'
    for block in section.blocks:
        yield from _block(words, block)
    yield "</section>\n"


def _block(words: Words, block: Block, depth: int = 0) -> Iterable[str]:
    if isinstance(block, Fields):
        yield fields(words, block.fields, block.key)
    elif isinstance(block, Table):
        yield from table(words, block)
    elif isinstance(block, Prose):
        yield _prose(block)
    elif isinstance(block, Quotation):
        yield _quotation(block)
    elif isinstance(block, Group):
        level = "h5" if depth else "h4"
        yield f'<section class="g" id="{escape(block.key)}"><{level}>{shown(block.title)}</{level}>\n'
        for each in block.blocks:
            yield from _block(words, each, depth + 1)
        yield "</section>\n"
    elif isinstance(block, Chart):
        yield f'<figure id="{escape(block.key)}"><figcaption><h4>{shown(block.title)}</h4></figcaption>'
        yield block.svg
        yield from table(words, block.table)
        yield "</figure>\n"
    elif isinstance(block, Blanks):
        yield "".join(f'<div class="blank">{shown(label)}:</div>' for label in block.labels)
    elif isinstance(block, Excerpts):
        raise TypeError("excerpts belong to the PDF: the HTML shows every conversation in full")


def fields(words: Words, fields: Iterable[Field], key: str) -> str:
    pairs = "".join(_field(words, each) for each in fields)
    return f'<dl class="f" id="f-{escape(key)}">{pairs}</dl>\n'


def _field(words: Words, each: Field) -> str:
    mark = f' data-field="{escape(each.key)}"'
    if each.is_missing:
        return f'<dt>{shown(each.label)}</dt><dd class="missing"{mark}>{shown(words("not_recorded"))}</dd>'
    values = [shortened(words, value) for value in each.values]
    value = values[0] if len(values) == 1 else joined(*values, separator="\n") or "-"
    return f"<dt>{shown(each.label)}</dt><dd{mark}{side_by_side(value)}>{shown(value)}</dd>"


def _prose(block: Prose) -> str:
    return f'<p class="{escape(block.tone)}" data-field="{escape(block.key)}">{shown(block.text)}</p>\n'
