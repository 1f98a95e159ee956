"""Stories in Postbox: the owner's own and those of others that were loaded.

Source: StoryItemsTable and StoryTable (Postbox; t69 and t70 in Postbox.swift, two versions), Stories.swift
and MediaArea of TelegramCore, all of TelegramMessenger/Telegram-iOS ("from source", fixtures only). A key of
12 bytes is a PeerId and the number of a story. t70 holds an entry, t69 one between a mark with its length and
when it expires; an entry is a story (``d`` 0, in ``i``) or says only that there is one (``d`` 1); one that
the server has no more is empty. Stories of one poster are one conversation of kind status.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from forensics.fields import BLOB, Column, Row, Table
from forensics.formats.postbox import Node, Problem, read_bare
from forensics.formats.sqlite import Database
from forensics.identity import conversation_id
from forensics.model import Accounting, Conversation, Message, Notice, Reaction, System
from parsers.notes import raw_text
from parsers.telegram_media import Content
from parsers.telegram_people import stories_record
from parsers.telegram_postbox_context import Context
from parsers.telegram_postbox_media import Setting, content
from parsers.telegram_postbox_message import read_part
from parsers.telegram_postbox_numbers import moment
from parsers.telegram_postbox_parts import emoji
from parsers.telegram_postbox_rows import KeyedRows
from parsers.telegram_postbox_story_words import circumstances, place_of, place_problems
from parsers.telegram_postbox_text import formatting, mentions

TABLES = tuple(
    Table(name, (Column("key", BLOB), Column("value", BLOB)))
    for name in ("t69", "t70")  # those that are shown now, those that were loaded
)
MEANINGS = {
    "t65": "state of the lists of stories",
    "t78": "whose stories are followed",
    "t79": "how far stories were seen",
    "t80": "the newest story of each poster",
}
_key = struct.Struct(">qi")
# The mark of t69 with the length of what follows; later versions wrote one byte more at the end.
_head = struct.Struct("<Ii")
_MARKS = frozenset({0xABCD1234, 0xABCD1235})
_STORY, _PLACEHOLDER = 0, 1
# Another version of the client may have another table under these numbers.
_LOOKED_AT = 200
# So many versions that are not whole wait for a better one; further ones are told as they are.
_MOST_HELD = 1000


class _Place(NamedTuple):
    """Where a story stands, whose it is and its number."""

    table: str
    key: str
    peer: int
    number: int


class _Told(NamedTuple):
    """What is kept of a story that was told, to compare another version with: its text, and a hash of each of
    its fields."""

    text: str | None
    fields: dict[str, bytes]

    @classmethod
    def of(cls, item: Node) -> _Told:
        """That of a story."""
        return cls(item.text("text"), {key: _hash(value) for key, value in item.fields.items()})


def _hash(value: object) -> bytes:
    return hashlib.blake2b(repr(_plain(value)).encode("utf-8", "replace"), digest_size=8).digest()


def _plain(value: object) -> object:
    """A value with the objects in it as what they are made of."""
    if isinstance(value, Node):
        return value.type, sorted((key, _plain(each)) for key, each in value.fields.items())
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def story_tables(database: Database) -> list[str]:
    """The tables that hold stories, by their keys."""
    return [table.name for table in TABLES if _holds_stories(database, table.name)]


def _holds_stories(database: Database, table: str) -> bool:
    if not database.has(table, "key", "value"):
        return False
    rows = islice(database.rows(table, ("key",)), _LOOKED_AT)
    return any(type(key) is bytes and len(key) == _key.size for _rowid, key in rows)


def stories(context: Context) -> Iterator[Message | Conversation | Notice]:
    """The stories, each once, with the conversation of their poster before the first. Of two versions of
    a story the one that is whole is told."""
    telling = _Telling(context)
    present = [table for table in TABLES if table.name in story_tables(context.installation.database)]
    for table in present:
        rows = KeyedRows(context.installation, table, context.notes)
        for row in rows.rows():
            yield from telling.row(_Version(rows.accounting, table.name, row), is_last=table is present[-1])
        yield from rows.close()
    yield from telling.rest()


class _Version:
    """A row of a table of stories: where it stands, the story if it holds one, and what is wrong in it."""

    def __init__(self, accounting: Accounting, table: str, row: Row) -> None:
        self.accounting, self.table, self.row = accounting, table, row
        self.problems: list[Problem] = []
        self.place = _place(table, row)
        entry = _entry(row[2], self.problems) if row[2] else None
        kind = None if entry is None else entry.number("d")
        self.is_placeholder = not row[2] or kind == _PLACEHOLDER
        self.item = entry.child("i") if entry is not None and kind == _STORY else None


class _Telling:
    """What was told so far, and the versions that are not whole, which wait for a better one."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._seen: dict[tuple[int, int], _Told] = {}
        self._held: dict[tuple[int, int], tuple[_Version, _Place, Node]] = {}
        self._posters: set[int] = set()

    def row(self, version: _Version, *, is_last: bool) -> Iterator[Message | Conversation | Notice]:
        """What a row gives; ``is_last``: no other table follows that may have it better."""
        place, item, problems = version.place, version.item, version.problems
        if place is not None and version.is_placeholder:
            version.accounting.skip("placeholder")
        elif place is None or item is None:
            version.accounting.failed += 1
            yield _failed(self._context, version.table, version.row, problems)
        elif (place.peer, place.number) in self._seen:
            self._copy(version, place, item)
        elif problems and not is_last and self._may_wait(place):
            self._held[place.peer, place.number] = version, place, item
        else:
            yield from self._better(version, place, item)

    def _may_wait(self, place: _Place) -> bool:
        return len(self._held) < _MOST_HELD and (place.peer, place.number) not in self._held

    def _better(self, version: _Version, place: _Place, item: Node) -> Iterator[Message | Conversation]:
        held = self._held.pop((place.peer, place.number), None)
        if held is None:
            yield from self._tell(version, place, item)
        elif version.problems:  # neither is whole
            yield from self._tell(*held)
            self._copy(version, place, item)
        else:
            yield from self._tell(version, place, item)
            self._copy(*held)

    def rest(self) -> Iterator[Message | Conversation]:
        """The versions for which no better one came."""
        for held in self._held.values():
            yield from self._tell(*held)

    def _copy(self, version: _Version, place: _Place, item: Node) -> None:
        version.accounting.skip("copy")
        _doubts(self._context, place, version.problems, version.row[2])
        _compare(self._context, place, item, self._seen[place.peer, place.number], version.row[2])

    def _tell(self, version: _Version, place: _Place, item: Node) -> Iterator[Message | Conversation]:
        self._seen[place.peer, place.number] = _Told.of(item)
        version.accounting.messages += 1
        _doubts(self._context, place, version.problems, version.row[2])
        if place.peer not in self._posters:
            self._posters.add(place.peer)
            yield _conversation(self._context, place.peer)
        yield _story(self._context, place, item)


def _place(table: str, row: Row) -> _Place | None:
    if row[1] is None or len(row[1]) != _key.size:
        return None
    return _Place(table, row[1].hex(), *_key.unpack(row[1]))


def _entry(value: bytes, problems: list[Problem]) -> Node | None:
    """The entry of a row; None where what stands around it is not whole."""
    if len(value) < _head.size or _head.unpack_from(value)[0] not in _MARKS:
        return read_bare(value, problems)
    (_mark, length), start = _head.unpack_from(value), _head.size
    if not 0 <= length <= len(value) - start:
        problems.append(Problem(f"{length} bytes expected, {len(value) - start} are there", start))
        return None
    return read_bare(value[start : start + length], problems)


def _failed(context: Context, table: str, row: Row, problems: list[Problem]) -> Notice:
    key = row[1].hex() if row[1] is not None else None
    why = problems[0].text if problems else "it is neither a story nor the place of one"
    why = why if row[1] is None or len(row[1]) == _key.size else f"a key of {len(row[1])} bytes"
    text = f"row {key} of {table} cannot be read as a story: {why}"
    source = context.notes.source(table, row[0], key=key)
    return Notice(severity="failed", text=text, source=source, raw=raw_text(row[2]))


def _compare(context: Context, place: _Place, item: Node, told: _Told, raw: object) -> None:
    """A second version of a story: its text is shown where it is another one, the row where another
    field is."""
    which = f"row {place.key} of {place.table}: story {place.number} has"
    if item.text("text") != told.text:
        words = f"{which} another text here than before"
        context.notes.add("info", words, place.table, raw=item.text("text"), key=place.key)
    fields = _Told.of(item).fields
    changed = [
        key for key in sorted({*fields, *told.fields} - {"text"}) if fields.get(key) != told.fields.get(key)
    ]
    if changed:
        words = f"{which} something else here than before in: {', '.join(changed)}"
        context.notes.add("info", words, place.table, raw=raw, key=place.key)


def _doubts(context: Context, place: _Place, problems: Sequence[Problem], raw: object) -> None:
    for each in problems:
        text = f"row {place.key} of {place.table}: {each.text} at offset {each.offset}"
        context.notes.add(
            "doubt", text, place.table, raw=raw if each.raw is None else each.raw, key=place.key
        )


def _conversation(context: Context, peer: int) -> Conversation:
    account, person = context.people.account, context.people.person(peer)
    return stories_record(account, person, peer, person.handle)


def _story(context: Context, place: _Place, item: Node) -> Message:
    account, people = context.people.account, context.people
    text, entities = item.text("text") or None, item.children("entities")
    found = _content(context, place, item, text)
    for problem, raw in place_problems(item):
        _doubts(context, place, (problem,), raw)
    words = [
        *(each for each in (formatting(text or "", entities),) if each),
        *(said for _kind, said in found.remarks),
        *circumstances(item, people),
    ]
    is_own = item.flag("isMy") or place.peer == people.owner_key
    author, reaction = item.number("authorId"), item.child("myReaction")
    sender = people.id(place.peer if author is None else author)
    return Message(
        id=context.installation.place.message(place.table, place.key),
        app=account.app,
        platform=account.platform,
        account=account.id,
        conversation=conversation_id(account.id, f"stories {place.peer}"),
        conversation_kind="status",
        sender=people.owner.id if is_own else sender,
        from_owner=is_own,
        kind="story",
        text=text,
        sent_at=moment(item.number("timestamp")),
        mentions=mentions(people, text or "", entities),
        attachments=found.attachments,
        location=found.location or place_of(item),
        reactions=()
        if reaction is None
        else (Reaction(sender=people.owner.id, emoji=emoji(reaction), at=None),),
        system=System(type="story", code=None, detail="; ".join(words) or None),
        source=context.notes.source(place.table, app_id=str(place.number), key=place.key),
    )


def _content(context: Context, place: _Place, item: Node, text: str | None) -> Content:
    raw, found = item.raw("media"), Content("story", text)
    if raw is None:
        return found
    part = read_part(raw)
    _doubts(context, place, part.problems, raw)
    if part.node is None:
        found.remark("unknown", "a medium that cannot be read")
        return found
    medium = content(part.node, Setting(context.people, context.files, text))
    if medium is None:
        found.remark("unknown", f"a medium of type {part.node.type}, which is not known")
        words = f"row {place.key} of {place.table}: a medium of type {part.node.type} is not known"
        context.notes.add("doubt", words, place.table, raw=raw, key=place.key)
        return found
    return medium
