"""Where a message stands in the HTML: the file of its page, and its anchor; and how a page is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PER_PAGE = 2_000


def page_name(conversation: int, page: int = 1) -> str:
    """The HTML file of a page of a conversation, from the index page."""
    return f"chats/c{conversation:05}.html" if page == 1 else f"chats/c{conversation:05}-{page}.html"


def message_link(number: str) -> str:
    """The page and anchor of a message by its item number, such as 3-17, from the index page."""
    talk, _, place = number.partition("-")
    if not (talk.isdigit() and place.isdigit()):
        return "index.html"
    return f"{page_name(int(talk), (int(place) - 1) // PER_PAGE + 1)}#i{number}"


def write(path: Path, pieces: Iterable[str]) -> None:
    """Write a page, the same bytes on every machine."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(pieces)
