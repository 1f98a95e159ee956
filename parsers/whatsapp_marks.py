"""What WhatsApp on Android keeps of conversations, groups, messages and calls beside their records, as lists:
locked and archived conversations, admins, pins, kept messages, answers to events, who answered a call, and
what quotes hold of places and cards.

Source: WhatsApp reference 2.3. The names of ranks are WAInsight's; those of states stand in no source.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import INTEGER, Column, Table
from forensics.formats.sqlite import Database
from parsers.notes import raw_text
from parsers.whatsapp_codes import ADD_ONS, CALL_RESULTS, EVENT_RESPONSE, KEEP, PIN, spoken
from parsers.whatsapp_context import Context
from parsers.whatsapp_directory import all_rows
from parsers.whatsapp_events import spoken_seconds, spoken_time
from parsers.whatsapp_side_tables import ADD_ON
from parsers.whatsapp_tables import CALL_LOG_PARTICIPANT, CHAT, GROUP_PARTICIPANT_USER

_LIST = Table(
    CHAT.name,
    tuple(
        Column(name, INTEGER)
        for name in ("jid_row_id", "chat_lock", "archived", "hidden", "ephemeral_expiration")
    ),
)
_RANKS = Table(
    GROUP_PARTICIPANT_USER.name,
    tuple(Column(name, INTEGER) for name in ("group_jid_row_id", "user_jid_row_id", "rank")),
)
_RANK_WORDS = {1: "admin", 2: "creator or first admin"}
# The details of add-ons that are no reactions and no votes; the key is the row id of the add-on.
MARKS = {
    KEEP: "message_add_on_keep_in_chat",
    PIN: "message_add_on_pin_in_chat",
    EVENT_RESPONSE: "message_add_on_event_response",
}
_MARK_KEY = "message_add_on_row_id"
# What a quote keeps of a message that was no text; it survives the deletion of that message.
QUOTED_CONTENT = (
    "message_quoted_location",
    "message_quoted_vcard",
    "message_quoted_mentions",
    "message_quoted_group_invite",
    "message_quoted_order",
    "message_quoted_product",
)


def list_marks(context: Context) -> None:
    """One notice for each kind of them, with a line for each row."""
    database, notes = context.installation.database, context.notes
    notes.listing(
        "conversations that are locked, archived, not shown in the list, or whose messages disappear",
        CHAT.name,
        list(_settings(context)),
    )
    notes.listing(
        "admins and creators of groups, by the rank that is stored",
        GROUP_PARTICIPANT_USER.name,
        list(_admins(context)),
    )
    notes.listing(
        "messages that were kept or pinned, and answers to events", ADD_ON.table.name, list(_marks(context))
    )
    notes.listing(
        "what each participant of a call did", CALL_LOG_PARTICIPANT.name, list(_participants(context))
    )
    for table in QUOTED_CONTENT:
        notes.listing(f"rows of {table} as they are stored", table, as_stored(database, table))


def _settings(context: Context) -> Iterator[str]:
    for _rowid, jid_row, lock, archived, hidden, seconds in all_rows(
        context.installation.database, _LIST, context.notes
    ):
        flags = ((lock, "locked"), (archived, "archived"), (hidden, "not shown in the list"))
        words = [each for flag, each in flags if flag]
        if seconds is not None and seconds > 0:
            words.append(f"messages disappear after {spoken_seconds(seconds)}")
        if words:
            handle = context.people.handles.get(jid_row) or f"jid row {jid_row}"
            yield f"{handle}: {', '.join(words)}"


def _admins(context: Context) -> Iterator[str]:
    people = context.people
    for _rowid, group, user, rank in all_rows(context.installation.database, _RANKS, context.notes):
        if rank:
            who = people.words(user) or "nobody stored"
            yield f"{people.handles.get(group, f'jid row {group}')}: {who}, {spoken(_RANK_WORDS, rank)}"


def _marks(context: Context) -> Iterator[str]:
    database = context.installation.database
    if not any(database.has(name) and database.count(name) != 0 for name in MARKS.values()):
        return
    for row in all_rows(database, ADD_ON.table, context.notes):
        rowid, message, chat, from_me, sender, at, kind = row
        if kind in MARKS:
            who = _actor(context, from_me, sender, chat)
            details = _details(database, MARKS[kind], rowid)
            yield f"row {message} of message: {ADD_ONS[kind]} by {who} at {spoken_time(at)}{details}"


def _actor(context: Context, from_me: int | None, sender: int | None, chat_row: int | None) -> str:
    """Who added it, as ``Context.sender`` has it: the other one only where the conversation is direct."""
    if from_me == 1:
        return context.people.owner.spoken
    chat = context.chats.by_row.get(chat_row) if chat_row is not None and from_me == 0 else None
    other = context.people.person(chat.handle) if chat is not None and chat.partner else None
    return context.people.words(sender) or (other.spoken if other else "nobody stored")


def _details(database: Database, table: str, add_on: int) -> str:
    """The columns of the row that belongs to an add-on, as they are stored."""
    row = database.row(table, add_on) if database.has(table, _MARK_KEY) else None
    if row is None or row[_MARK_KEY] != add_on:
        return ""
    found = (
        f"{name} {raw_text(value)}" for name, value in row.items() if name != _MARK_KEY and value is not None
    )
    return "".join(f", {each}" for each in found)


def _participants(context: Context) -> Iterator[str]:
    table = CALL_LOG_PARTICIPANT
    for _rowid, call, jid_row, result in all_rows(context.installation.database, table, context.notes):
        who = context.people.words(jid_row) or "nobody stored"
        yield f"row {call} of call_log: {who}, {spoken(CALL_RESULTS, result)}"


def as_stored(database: Database, table: str) -> list[str]:
    """Every row of a table with all its columns that hold something; none where it is absent."""
    if not database.has(table):
        return []
    info = next(each for name, each in database.tables().items() if name.lower() == table)
    names = [each.name for each in info.columns if not each.is_computed]
    return [
        "; ".join(
            f"{name} {raw_text(value)}"
            for name, value in zip(names, row[1:], strict=True)
            if value is not None
        )
        for row in database.rows(table, names)
    ]
