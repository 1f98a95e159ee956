"""The HTML form: opens from a USB stick, loads nothing, shows every conversation whole, with a filter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from forensics.textual import joined
from forensics.words import Words
from reports import filtering, markup, pages
from reports.blocks import Table, every_block
from reports.content import CaseReader, Content, Document, Record
from reports.edition import Edition
from reports.excerpts import Heading
from reports.search_pages import SearchPages

ROWS_PER_PAGE = 5_000


class Html:
    """The HTML form of a report: html/index.html and a page or more per conversation."""

    name = "html"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write html/ into ``folder``."""
        target = folder / "html"
        (target / "chats").mkdir(parents=True)
        search = SearchPages(target, content)
        for conversation in content.background.conversations:
            self._conversation(target, content, conversation, search)
        search.close()
        report = content.document(Edition(form=self.name))
        words = content.background.words
        _write(
            target / "index.html",
            markup.page(words, report.title, report.header, _index(words, report, search)),
        )
        for table in _long_tables(report):
            _write_table(target, content, report, table)

    def _conversation(
        self, target: Path, content: Content, conversation: Record, search: SearchPages
    ) -> None:
        number = content.background.conversation_numbers[conversation["id"]]
        heading = content.selection.heading(conversation)
        title = joined(f"{number}.", heading.title, separator=" ")
        bubbles = iter(content.selection.bubbles(conversation["id"]))
        chunk, place = list(islice(bubbles, pages.PER_PAGE)), 1
        while chunk or place == 1:
            following = list(islice(bubbles, pages.PER_PAGE))
            for each in chunk:
                search.put(each, title)
            body = [markup.bubble(each) for each in chunk]
            pieces = _page(content, heading, body, place, bool(following))
            _write(target / pages.page_name(number, place), pieces)
            chunk, place = following, place + 1


def _index(words: Words, report: Document, search: SearchPages) -> Iterator[str]:
    yield search.link
    yield from markup.document(words, report)


def _page(
    content: Content, heading: Heading, body: Iterable[str], place: int, has_next: bool
) -> Iterator[str]:
    words = content.background.words
    links = _links(content, heading.number, place, has_next)
    title = joined(f"{heading.number}.", heading.title, separator=" ")
    yield from markup.page(words, title, content.header, _framed(content, heading, title, links, body))


def _framed(content: Content, heading: Heading, title: str, links: str, body: Iterable[str]) -> Iterator[str]:
    words = content.background.words
    yield f"{links}<h1{markup.side_by_side(heading.title)}>{markup.shown(title)}</h1>"
    yield markup.fields(words, heading.fields, "D15")
    yield f'<p class="strong">{markup.shown(words("account_is_not_a_person"))}</p>'
    yield f"<p>{markup.shown(words('D15.recipients'))}</p>"
    yield filtering.message_filter(words, with_chats=False)
    yield from body
    yield links


def _links(content: Content, number: int, place: int, has_next: bool) -> str:
    words = content.background.words
    links = [('../index.html#D15"', words("back"))]
    if place > 1:
        links.append((f'../{pages.page_name(number, place - 1)}" class="step"', words("previous")))
    if has_next:
        links.append((f'../{pages.page_name(number, place + 1)}" class="step"', words("next")))
    shown = " · ".join(f'<a href="{target}>{markup.shown(label)}</a>' for target, label in links)
    return f"<nav>{shown} · {words('page')} {place}</nav>\n"


def _long_tables(report: Document) -> Iterator[Table]:
    for part in report.parts:
        for section in part.sections:
            for block in every_block(section.blocks):
                if isinstance(block, Table) and block.count > markup.ROWS_SHOWN:
                    yield block


def _write_table(target: Path, content: Content, report: Document, table: Table) -> None:
    (target / "tables").mkdir(exist_ok=True)
    words = content.background.words
    found, last = iter(table.rows()), -(-table.count // ROWS_PER_PAGE)
    for place in range(1, last + 1):
        links = ['<a href="../index.html">' + markup.shown(words("back")) + "</a>"]
        if place < last:
            links.append(f'<a href="{_table_page(table, place + 1)}">{markup.shown(words("next"))}</a>')
        nav = f"<nav>{' · '.join(links)} · {words('page')} {place} {words('of')} {last}</nav>"
        body = [nav, f"<h1>{markup.shown(table.title)}</h1>"]
        body.append(filtering.table_filter(words, table.key))
        body += markup.rows(table, islice(found, ROWS_PER_PAGE), "../")
        _write(
            target / "tables" / _table_page(table, place),
            markup.page(words, table.title, report.header, body),
        )


def _table_page(table: Table, place: int) -> str:
    return f"{table.key}.html" if place == 1 else f"{table.key}-{place}.html"


def _write(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)


FORM = Html()
