"""Stories that the phone holds: the owner's own and those of others that were loaded.

Source: the client's tables ``stories`` and ``profile_stories`` (dialog_id, story_id, data), before
user_version 128 also ``archived_stories`` (story_id, data: the owner's): read in several copies of its
source, not seen in data. ``data`` is a StoryItem. Stories of one poster are one conversation of kind status.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forensics.fields import BLOB, Column, Table
from forensics.identity import conversation_id
from forensics.model import Conversation, Message, Notice, System
from forensics.times import rfc3339
from parsers.table_rows import TableRows
from parsers.telegram_context import Context
from parsers.telegram_media import Content, Setting, content
from parsers.telegram_people import peer_key, stories_record
from parsers.telegram_remarks import instant
from parsers.telegram_tables import STORIES
from parsers.telegram_text import formatting, mentions
from parsers.telegram_tl_value import Value

_COLUMNS = (Column("dialog_id"), Column("story_id"), Column("data", BLOB))
# What the client writes where it has no story: that it was deleted, or was not loaded.
_EMPTY = frozenset({"storyItemDeleted", "storyItemSkipped"})


class _Row(NamedTuple):
    table: str
    rowid: int
    number: int


def stories(context: Context) -> Iterator[Message | Conversation | Notice]:
    """The stories, each once, with the conversation of their poster before the first."""
    seen: set[tuple[int, int]] = set()
    told: set[int] = set()
    for table in STORIES:
        rows = TableRows(context.installation, Table(table, _COLUMNS), context.notes, has_gaps=False)
        for rowid, stored, number, data in rows.rows():
            dialog = stored if stored is not None else context.people.owner_key
            value = _item(context, table, rowid, data)
            if dialog is None or number is None or value is None:
                rows.accounting.failed += 1
                text = f"row {rowid} of {table}: no poster, number or story"
                context.notes.add("failed", text, table, rowid, data)
            elif value.name in _EMPTY:
                rows.accounting.skip("placeholder")
            elif (dialog, number) in seen:
                rows.accounting.skip("copy")
            else:
                seen.add((dialog, number))
                rows.accounting.messages += 1
                if dialog not in told:
                    told.add(dialog)
                    yield _conversation(context, dialog)
                yield _story(context, _Row(table, rowid, number), dialog, value)
        yield from rows.close()


def _item(context: Context, table: str, rowid: int, data: bytes | None) -> Value | None:
    if not data:
        return None
    blob = context.blobs.whole(data)
    if blob.problem is not None:
        context.notes.add("doubt", f"row {rowid} of {table}: {blob.problem}", table, rowid, data)
    for each in blob.damaged:
        text = f"row {rowid} of {table}: text at offset {each.offset} is not valid UTF-8"
        context.notes.add("doubt", text, table, rowid, each.raw)
    is_story = blob.value is not None and blob.value.constructor.type == "StoryItem"
    return blob.value if is_story else None


def _conversation(context: Context, dialog: int) -> Conversation:
    account, person = context.people.account, context.people.person(dialog)
    return stories_record(account, person, dialog, str(dialog))


def _story(context: Context, row: _Row, dialog: int, value: Value) -> Message:
    account, people = context.people.account, context.people
    caption, media = value.text("caption"), value.child("media")
    found = Content("story", caption)
    if media is not None:
        found = content(media, Setting(people, context.files, caption, None))
    entities = value.children("entities")
    words = [
        *(each for each in (formatting(caption or "", entities),) if each),
        *(each for _type, each in found.remarks),
        *_circumstances(context, value),
    ]
    key = peer_key(value.child("from_id"))
    is_own = value.has("out") or dialog == people.owner_key
    return Message(
        id=context.installation.place.message(row.table, row.rowid),
        app=account.app,
        platform=account.platform,
        account=account.id,
        conversation=conversation_id(account.id, f"stories {dialog}"),
        conversation_kind="status",
        sender=people.owner.id if is_own else people.id(dialog if key is None else key),
        from_owner=is_own,
        kind="story",
        text=caption,
        sent_at=instant(value.number("date")),
        mentions=mentions(people, caption or "", entities),
        attachments=found.attachments,
        location=found.location,
        system=System(type="story", code=None, detail="; ".join(words) or None),
        source=context.installation.source(row.table, row.rowid, str(row.number)),
    )


def _circumstances(context: Context, value: Value) -> Iterator[str]:
    """How long a story is shown, where it comes from, how often it was seen."""
    expires = instant(value.number("expire_date"))
    if expires is not None:
        yield f"expires at {rfc3339(expires)}"
    if value.has("pinned"):
        yield "kept on the profile"
    origin = value.child("fwd_from")
    if origin is not None:
        key = peer_key(origin.child("from"))
        name = context.people.person(key).spoken if key is not None else origin.text("from_name")
        yield f"taken from {name or 'somebody who is not stored'}"
    views = value.child("views")
    if views is not None and views.number("views_count"):
        yield f"{views.number('views_count')} views"
