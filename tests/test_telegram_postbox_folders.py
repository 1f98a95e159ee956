"""The folders of the list of chats in Postbox, as ChatListFilter of the client stores them."""

from __future__ import annotations

import struct
from typing import Any

from test_telegram_postbox_faults import ENCODING, OBJECTS, SCHEMA, Make, make  # noqa: F401  # a fixture

TABLE = "CREATE TABLE t35 (key BLOB PRIMARY KEY, value BLOB);"


def folder(number: int, title: str, categories: int, **more: Any) -> Any:
    fields = {
        "id": ENCODING.i32(number),
        "title": ENCODING.text(title),
        "emoticon": ENCODING.NIL,
        "categories": ENCODING.i32(categories),
        **{key: ENCODING.i32(more.get(key, 0)) for key in ("excludeMuted", "excludeRead", "excludeArchived")},
        **{key: ENCODING.i64s(*more.get(key, ())) for key in ("includePeers", "pinnedPeers", "excludePeers")},
    }
    return ENCODING.Obj("ChatListFilter", fields)


def settings(key: int, *folders: Any, cut: int = 0) -> str:
    state = ENCODING.Obj("ChatListFiltersState", {"filters": ENCODING.objs(*folders)})
    value = ENCODING.root(state)
    stored = value[: len(value) - cut].hex()
    return f"INSERT INTO t35 VALUES (X'{struct.pack('>i', key).hex()}', X'{stored}');"


def test_folders_say_what_they_show(make: Make):  # noqa: F811
    clients = folder(3, "Klanten", 0, includePeers=(OBJECTS.BRAM, OBJECTS.MENU), pinnedPeers=(OBJECTS.MENU,))
    work = folder(2, "Werk", 0x25, excludeMuted=1, excludePeers=(OBJECTS.DIRK,))
    reading = make(OBJECTS.base() + settings(20, work, clients) + settings(21, clients), SCHEMA + TABLE)
    (found,) = [each for each in reading.notices if "folders of the list of chats" in each.text]
    lines = (found.raw or "").split("\n")
    assert lines[0].startswith("“Werk” (2): contacts, groups, without muted ones, kinds 0x20; never Dirk")
    assert lines[1].startswith("“Klanten” (3): no kind of chats as such; with Bram")
    assert lines[1].endswith("(pinned)")
    assert len(lines) == 2
    (unread,) = [each for each in reading.notices if each.severity == "unread"]
    assert unread.raw == "t35 (settings of the account, of which the folders are read): 2"


def test_settings_that_are_cut_are_told_with_their_bytes(make: Make):  # noqa: F811
    reading = make(OBJECTS.base() + settings(20, folder(2, "Werk", 1), cut=9), SCHEMA + TABLE)
    assert any(each.severity == "doubt" and "of t35" in each.text for each in reading.notices)
