"""The folders of the list of chats in Postbox, one notice for all.

Source: ChatListFiltersState and ChatListFilter of TelegramCore, PreferencesKeys (TelegramMessenger/
Telegram-iOS, "from source", fixtures only); that t35 holds the settings: Telegram reference 5.2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from forensics.formats.postbox import Node
from parsers.notes import Notes
from parsers.telegram_postbox_directory import Directory
from parsers.telegram_postbox_people import PostboxPeople
from parsers.telegram_postbox_tables import SETTINGS

# Which setting the folders are (chatListFilters).
_KEY = struct.pack(">i", 20)
_KINDS = ("contacts", "no contacts", "groups", "channels", "bots")
_WITHOUT = {
    "excludeMuted": "without muted ones",
    "excludeRead": "without read ones",
    "excludeArchived": "without archived ones",
}


def folders(directory: Directory, people: PostboxPeople, notes: Notes) -> None:
    """The notice, where there are folders."""
    lines: list[str] = []
    for _rowid, key, value in directory.rows(SETTINGS):
        state = directory.node(SETTINGS.name, _KEY.hex(), value) if key == _KEY else None
        lines += [_folder(each, people) for each in state.children("filters")] if state is not None else []
    notes.listing("folders of the list of chats", SETTINGS.name, lines)


def _folder(node: Node, people: PostboxPeople) -> str:
    def named(key: str) -> Iterator[str]:
        return (people.person(each).spoken for each in node.numbers(key))

    pinned = list(named("pinnedPeers"))
    shown = [f"{each} (pinned)" if each in pinned else each for each in named("includePeers")]
    parts = [f"“{node.text('title') or ''}” ({node.number('id')}): {', '.join(_kinds(node))}"]
    parts += [f"with {', '.join(shown)}"] if shown else []
    hidden = list(named("excludePeers"))
    return "; ".join([*parts, *([f"never {', '.join(hidden)}"] if hidden else [])])


def _kinds(node: Node) -> list[str]:
    """What kinds of chats a folder shows; bits without a known meaning as a number."""
    bits = node.number("categories") or 0
    rest = bits >> len(_KINDS) << len(_KINDS)
    named = [words for place, words in enumerate(_KINDS) if bits >> place & 1]
    named += [words for key, words in _WITHOUT.items() if node.flag(key)]
    return [*named, *([f"kinds {rest:#x}"] if rest else [])] or ["no kind of chats as such"]
