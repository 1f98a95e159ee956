"""The HTML form: opens from a USB stick, loads nothing, shows every conversation whole, with a filter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from forensics.record_tree import Growing, Leaves
from forensics.words import Words
from forensics.workers import in_order
from reports import filtering, jsonl, markup, pages
from reports.blocks import Table, every_block
from reports.bubbles import Presenter
from reports.content import CaseReader, Content, Document
from reports.edition import Edition
from reports.leaves import grow
from reports.message_pages import Page, Writer
from reports.search_pages import SearchPages

ROWS_PER_PAGE = 5_000


class Html:
    """The HTML form of a report: html/index.html and a page or more per conversation."""

    name = "html"

    def write(self, case: CaseReader, folder: Path, content: Content) -> None:
        """Write html/ into ``folder``; those of conversations unless ``tree`` did."""
        target = folder / "html"
        if not content.has_pages:
            _write_conversations(case, target, content, None)
        link = SearchPages(target, content).link
        report = content.document(Edition(form=self.name))
        words = content.background.words
        pages.write(
            target / "index.html",
            markup.page(words, report.title, report.header, _index(words, report, link)),
        )
        for table in _long_tables(report):
            _write_table(target, content, report, table)

    def tree(self, case: CaseReader, folder: Path, content: Content) -> Growing:
        """Write the pages of conversations, and grow the tree over all records of the case on the way: for a
        delivery without messages.jsonl, where nothing else reads every message."""
        found = Leaves(case.tree_key())
        found.writelines(jsonl.before(case))
        _write_conversations(case, folder / "html", content, found.tree)
        found.writelines(jsonl.after(case))
        return found.tree


def _write_conversations(case: CaseReader, target: Path, content: Content, tree: Growing | None) -> None:
    """The pages of all conversations, and those with every message in short; ``tree`` gets the leaves."""
    (target / "chats").mkdir(parents=True)
    search = SearchPages(target, content)
    writer = Writer(
        target=target,
        header=content.header,
        presenter=Presenter(content.background),
        unpacking=case.unpacking,
        is_searched=search.is_wanted,
        key=None if tree is None else case.tree_key(),
    )
    found = _pages(case, content, 0 if tree is None else tree.size)
    for hits, leaves in in_order(writer.write, found, content.workers):
        search.put(hits)
        if tree is not None:
            grow(tree, leaves)
    search.close()


def _pages(case: CaseReader, content: Content, index: int) -> Iterator[Page]:
    """Every page of every conversation; of one without messages the first. ``index``: the place of the first
    message among the records."""
    background, size = content.background, pages.PER_PAGE
    for conversation in background.conversations:
        key = conversation["id"]
        heading = content.selection.heading(conversation)
        seen = case.seen_again(key) if background.is_compared else {}
        blocks = case.packed(key, size)
        block, place = next(blocks, b""), 1
        while block or place == 1:
            following = next(blocks, b"")
            before = (place - 1) * size
            yield Page(key, heading, place, before + 1, index + before, bool(following), block, seen)
            block, place = following, place + 1
        index += conversation["messages"]


def _index(words: Words, report: Document, link: str) -> Iterator[str]:
    yield link
    yield from markup.document(words, report)


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
        body += markup.rows(words, table, islice(found, ROWS_PER_PAGE), "../")
        pages.write(
            target / "tables" / _table_page(table, place),
            markup.page(words, table.title, report.header, body),
        )


def _table_page(table: Table, place: int) -> str:
    return f"{table.key}.html" if place == 1 else f"{table.key}-{place}.html"


FORM = Html()
