"""What WhatsApp on Android keeps of conversations, groups, messages and calls beside their records, as lists:
locked and archived conversations, admins, pins, kept messages, answers to events, who answered a call, and
what quotes hold of places and cards.

Source: WhatsApp reference 2.3. The names of ranks are WAInsight's; those of states stand in no source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.fields import INTEGER, Column, Follow, Row, Table
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
# The details of add-ons that are no reactions and no votes; their key names the row id of the add-on.
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
    alone: dict[str, list[str]] = {}
    marks = list(_marks(context, alone))
    notes.listing("messages that were kept or pinned, and answers to events", ADD_ON.table.name, marks)
    for table, lines in alone.items():
        words = f"rows of {table} that no add-on of their kind claims, as they are stored"
        notes.listing(words, table, lines)
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


def _marks(context: Context, alone: dict[str, list[str]]) -> Iterator[str]:
    """A line for each add-on of these kinds; details that none claimed go to ``alone``, by table."""
    database = context.installation.database
    details = {kind: _Details(database, table, alone) for kind, table in MARKS.items()}
    for rowid, message, chat, from_me, sender, at, kind in all_rows(database, ADD_ON.table, context.notes):
        if kind in MARKS:
            who = _actor(context, from_me, sender, chat)
            more = details[kind].of(rowid)
            yield f"row {message} of message: {ADD_ONS[kind]} by {who} at {spoken_time(at)}{more}"
    for each in details.values():
        each.close()


def _actor(context: Context, from_me: int | None, sender: int | None, chat_row: int | None) -> str:
    """Who added it, as ``Context.sender`` has it: the other one only where the conversation is direct."""
    if from_me == 1:
        return context.people.owner.spoken
    chat = context.chats.by_row.get(chat_row) if chat_row is not None and from_me == 0 else None
    other = context.people.person(chat.handle) if chat is not None and chat.partner else None
    return context.people.words(sender) or (other.spoken if other else "nobody stored")


class _Details:
    """The rows of one table of details, read once in the order of the add-on that each names."""

    def __init__(self, database: Database, table: str, alone: dict[str, list[str]]) -> None:
        self._names: list[str] = []
        self._table, self._alone = table, alone
        self._rows = Follow(self._read(database, table), 1, self._keep)

    def _read(self, database: Database, table: str) -> Iterator[Row]:
        """Row id, the add-on where it is a whole number, then every column as it is stored."""
        self._names = stored_names(database, table)
        if self._names:
            for rowid, key, *values in database.rows(table, (_MARK_KEY, *self._names), order_by=_MARK_KEY):
                yield (rowid, key if isinstance(key, int) else None, *values)

    def of(self, add_on: int | None) -> str:
        """The columns beside the key of the rows that name this add-on."""
        rows = () if add_on is None else self._rows.take(add_on)
        found = (each for row in rows for each in _filled(self._names, row[2:], leave_out=_MARK_KEY))
        return "".join(f", {each}" for each in found)

    def close(self) -> None:
        """Give the rest to those that no add-on claimed."""
        self._rows.close()

    def _keep(self, row: Row) -> None:
        self._alone.setdefault(self._table, []).append("; ".join(_filled(self._names, row[2:])))


def _participants(context: Context) -> Iterator[str]:
    table = CALL_LOG_PARTICIPANT
    for _rowid, call, jid_row, result in all_rows(context.installation.database, table, context.notes):
        who = context.people.words(jid_row) or "nobody stored"
        yield f"row {call} of call_log: {who}, {spoken(CALL_RESULTS, result)}"


def as_stored(database: Database, table: str) -> list[str]:
    """Every row of a table with all its columns that hold something; none where it is absent."""
    names = stored_names(database, table)
    return ["; ".join(_filled(names, row[1:])) for row in database.rows(table, names)] if names else []


def stored_names(database: Database, table: str) -> list[str]:
    """The columns of a table that are stored and not computed; none where it is absent."""
    infos = (info for name, info in database.tables().items() if name.lower() == table)
    return [each.name for info in infos for each in info.columns if not each.is_computed]


def _filled(names: Sequence[str], values: Sequence[object], leave_out: str | None = None) -> Iterator[str]:
    for name, value in zip(names, values, strict=True):
        if value is not None and name.lower() != leave_out:
            yield f"{name} {raw_text(value)}"
