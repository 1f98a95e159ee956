"""What others add to a message: reactions, votes in a poll, receipts, mentions.

Source: WhatsApp reference 2.3 (message_add_on and its detail tables, receipt_user, message_mentions). The
detail tables are keyed by the add-on, not by the message: they are kept as sorted columns of numbers, in
which a detail is found by halving.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from forensics.digest import written
from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS, Row
from forensics.formats.sqlite import Database
from forensics.model import Poll, PollOption, Reaction, Receipt
from forensics.times import rfc3339
from parsers.notes import Notes
from parsers.side_rows import Found
from parsers.whatsapp_codes import ADD_ONS, MENTION_OF_PERSON, POLL_VOTE, REACTION
from parsers.whatsapp_context import Context
from parsers.whatsapp_side_tables import ADD_ON, MENTION, POLL_OPTION, RECEIPT, SideTable
from parsers.whatsapp_sides import ordered_rows, rows_of
from parsers.whatsapp_tables import ADD_ON_REACTION, ADD_ON_VOTE

_NO_TIME = -1


class Details:
    """The details of the add-ons: which emoji, which option, when."""

    def __init__(self, database: Database, notes: Notes) -> None:
        self._emojis: list[str | None] = []
        self._reactions, self._emoji, self._at = array("q"), array("l"), array("q")
        self._votes, self._options = array("q"), array("q")
        numbers: dict[str | None, int] = {}
        for _rowid, add_on, emoji, at in ordered_rows(database, SideTable(ADD_ON_REACTION, "emoji"), notes):
            if add_on is None:
                continue
            if emoji not in numbers:
                numbers[emoji] = len(self._emojis)
                self._emojis.append(emoji)
            self._reactions.append(add_on)
            self._emoji.append(numbers[emoji])
            self._at.append(_NO_TIME if at is None else at)
        for _rowid, add_on, option in ordered_rows(database, SideTable(ADD_ON_VOTE, "vote"), notes):
            if add_on is not None and option is not None:
                self._votes.append(add_on)
                self._options.append(option)

    def reaction(self, add_on: int) -> tuple[str | None, int] | None:
        """The emoji and the time of a reaction; None where there is no detail."""
        place = bisect_left(self._reactions, add_on)
        if place == len(self._reactions) or self._reactions[place] != add_on:
            return None
        return self._emojis[self._emoji[place]], self._at[place]

    def of(self, add_on: int) -> dict[str, object]:
        """What is stored of an add-on whose message is gone."""
        reaction, options = self.reaction(add_on), list(self.options(add_on))
        found: dict[str, object] = {} if reaction is None else {"reaction": reaction[0]}
        return {**found, "options": options} if options else found

    def note_alone(self, database: Database, notes: Notes) -> None:
        """Note the reactions and votes whose add-on is gone: whose they are and on what is not known."""
        for table, keys in ((ADD_ON_REACTION, self._reactions), (ADD_ON_VOTE, self._votes)):
            alone = dict.fromkeys(keys) if keys else {}
            if alone and database.has(ADD_ON.table.name):
                for row in database.rows(ADD_ON.table.name, ()):
                    alone.pop(row[0], None)
            lines = [f"add-on {each}: {self.of(each)}" for each in alone]
            words = f"rows of {table.name} without their row in {ADD_ON.table.name}"
            notes.listing(words, table.name, lines)

    def options(self, add_on: int) -> Iterator[int]:
        """The options that a vote chose."""
        place = bisect_left(self._votes, add_on)
        while place < len(self._votes) and self._votes[place] == add_on:
            yield self._options[place]
            place += 1


def reactions(context: Context, details: Details, partner: str | None, found: Found) -> tuple[Reaction, ...]:
    """The reactions to a message; a removed one has no emoji (an empty text in the database)."""
    return tuple(_reactions(context, details, partner, rows_of(found, ADD_ON)))


def _reactions(
    context: Context, details: Details, partner: str | None, rows: Sequence[Row]
) -> Iterator[Reaction]:
    for rowid, _message, _chat, from_me, sender_row, timestamp, kind in rows:
        if kind not in ADD_ONS:
            context.notes.unknown("add-on type", kind)
        if kind != REACTION:
            continue
        detail = details.reaction(rowid)
        if detail is None:
            text = f"reaction {rowid} has no row in {ADD_ON_REACTION.name}: which emoji is not known"
            context.notes.add("doubt", text, ADD_ON.table.name, rowid)
            continue
        emoji, at = detail
        stored = at if at > 0 else timestamp
        yield Reaction(
            sender=context.sender(from_me, sender_row, partner),
            emoji=emoji or None,
            at=context.notes.instant(stored, ADD_ON.table.name, rowid, "timestamp"),
        )


def poll(context: Context, details: Details, partner: str | None, question: str | None, found: Found) -> Poll:
    """The poll with each person's votes."""
    options = rows_of(found, POLL_OPTION)
    votes: dict[int, dict[str, None]] = {row[0]: {} for row in options}
    for rowid, _message, _chat, from_me, sender_row, _timestamp, kind in rows_of(found, ADD_ON):
        if kind != POLL_VOTE:
            continue
        voter = context.sender(from_me, sender_row, partner)
        for option in details.options(rowid):
            if voter is None or option not in votes:
                whom = "a person" if voter is None else "an option of this poll"
                text = f"vote {rowid} for option {option} cannot be given to {whom}"
                context.notes.add("doubt", text, ADD_ON.table.name, rowid, option)
            else:
                votes[option][voter] = None
    return Poll(
        question=question,
        options=tuple(PollOption(text=row[2], votes=tuple(votes[row[0]])) for row in options),
    )


def receipts(context: Context, rows: Sequence[Row]) -> tuple[Receipt, ...]:
    """Who received, read and played a message, as far as receipts were sent; 0 and -1 mean none."""
    people, time = context.people.by_row, context.notes.instant
    table = RECEIPT.table.name
    found = [
        Receipt(
            participant=people.get(user),
            delivered_at=time(delivered, table, rowid, "receipt_timestamp") if delivered else None,
            read_at=time(read, table, rowid, "read_timestamp") if read else None,
            played_at=time(played, table, rowid, "played_timestamp") if played else None,
        )
        for rowid, _message, user, delivered, read, played in rows
    ]
    return tuple(found)


def packed_receipts(people: Mapping[int, str], rows: Sequence[Row], is_of_message: bool) -> str | None:
    """What ``rare_fields`` writes of a message with these receipts and nothing else; ``is_of_message``: one
    alone is that of the message too. None where a time is not a plain one."""
    found = []
    for _rowid, _message, user, *times in rows:
        if not all(BEFORE_CHAT_APPS <= at < AFTER_CHAT_APPS for at in times if at):
            return None
        delivered, read, played = (rfc3339(at or None) for at in times)
        found.append(
            {
                "delivered_at": delivered,
                "participant": people.get(user),
                "played_at": played,
                "read_at": read,
            }
        )
    fields: dict[str, object] = {}
    if is_of_message and len(found) == 1:
        fields = {name: found[0][name] for name in ("delivered_at", "read_at") if found[0][name] is not None}
    return written({**fields, "receipts": found}).decode()


def mentions(context: Context, found: Found) -> tuple[str, ...]:
    """The people mentioned, each once; a mention of the group or of everyone names no person."""
    named: dict[str, None] = {}
    for _rowid, _message, jid_row, kind in rows_of(found, MENTION):
        person = context.people.at(jid_row) if kind in (None, MENTION_OF_PERSON) else None
        if person is not None:
            named[person.id] = None
    return tuple(named)
