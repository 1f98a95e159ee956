"""The filter of the HTML: a form that its script shows. Without scripts there is none, and none is missed.

The script is the only one of a page and stands in it; the content security policy names its hash.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from html import escape
from importlib.resources import files

from forensics.digest import sha256
from forensics.words import Words

# Kinds of flags that a message can be part of, as an export names them.
KINDS = ("menu", "deal", "conversation")


@lru_cache(maxsize=1)
def script() -> str:
    """The script that stands in every page."""
    return (files("reports") / "templates" / "report.js").read_text("utf-8").strip()


def hash_of(text: str) -> str:
    """How a content security policy names a style sheet or a script that stands in the page."""
    return f"'sha256-{base64.b64encode(bytes.fromhex(sha256(text))).decode()}'"


def message_filter(words: Words, *, with_chats: bool) -> str:
    """The form for the messages of a page; ``with_chats``: they are of several conversations."""
    fields = [_select(words, "chat")] if with_chats else []
    fields += [_select(words, "person"), _date(words, "from"), _date(words, "until"), _flags(words)]
    return _form(words, "".join((*fields, _words(words))), words("filter.messages"), "filter.count")


def table_filter(words: Words, table: str) -> str:
    """The form for the rows of the table with that anchor."""
    attribute = f' data-table="{escape(table)}"'
    return _form(words, _words(words), words("filter.rows"), "filter.count_rows", attribute)


def _form(words: Words, fields: str, title: str, count: str, attribute: str = "") -> str:
    said = escape(words(count, shown="{shown}", all="{all}"))
    return (
        f'<form class="filter" role="search" aria-label="{escape(title)}" data-count="{said}"{attribute}'
        " hidden>"
        f"<b>{escape(title)}</b>{fields}"
        f'<button type="reset">{escape(words("filter.reset"))}</button><output></output></form>\n'
    )


def _label(words: Words, name: str, control: str) -> str:
    return f"<label>{escape(words(f'filter.{name}'))} {control}</label>"


def _select(words: Words, name: str) -> str:
    """A list that the script fills with what occurs on the page."""
    any_of = f'<option value="">{escape(words("filter.any"))}</option>'
    return _label(words, name, f'<select name="{name}" data-of="{name}">{any_of}</select>')


def _flags(words: Words) -> str:
    values = [("", words("filter.any")), ("*", words("filter.any_flag"))]
    values += [(kind, words.code("flag", kind)) for kind in KINDS]
    options = "".join(f'<option value="{value}">{escape(label)}</option>' for value, label in values)
    return _label(words, "flag", f'<select name="flag">{options}</select>')


def _date(words: Words, name: str) -> str:
    return _label(words, name, f'<input name="{name}" type="date">')


def _words(words: Words) -> str:
    return _label(words, "words", '<input name="words" type="search" autocomplete="off">')
