"""One quick pass over the messages before they are read: who and what is named, quoted, and kept twice.

Source: WhatsApp reference 2.1 (a database in transition holds messages in both tables: the same chat,
direction and key are the same message), 2.2 and 2.3. Nothing of a message is kept but the row ids of those
that some row quotes (whatsapp_targets) and of those that stand in both tables.
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.fields import INTEGER, TEXT, Row
from forensics.formats.sqlite import Database
from parsers.whatsapp_conversations import Chat, Chats
from parsers.whatsapp_people import People
from parsers.whatsapp_side_tables import EDITED, QUOTED
from parsers.whatsapp_tables import MESSAGE, MESSAGES, MESSAGES_QUOTES, RECEIPTS
from parsers.whatsapp_targets import Key, Numbers, Target, Targets, digest_of

# What WhatsApp's first row holds (reference 2.1): a row with a text, or of a real chat, is none.
_SENTINELS: dict[str, dict[str, object]] = {
    MESSAGE.name: {"chat_row_id": -1, "key_id": "-1", "text_data": None},
    MESSAGES.name: {"key_remote_jid": "-1", "key_id": "-1", "data": None},
}
_MODERN_COLUMNS = ("chat_row_id", "key_id", "from_me", "sender_jid_row_id", "message_type")
_LEGACY_COLUMNS = ("key_remote_jid", "key_id", "key_from_me", "remote_resource", "media_wa_type")


class Survey:
    """What the messages name: it makes known all conversations and people before a message is read."""

    def __init__(self, database: Database, people: People, chats: Chats) -> None:
        self._database = database
        self._people = people
        self._chats = chats
        self._targets = Targets((MESSAGE.name, MESSAGES.name))
        self._quoted = Numbers(_quoted_keys(database))
        self._edited = Numbers(_edited_rows(database) if self._quoted else (), "q")
        # row id in ``message`` -> row id in ``messages`` of the same message
        self.copies: dict[int, int] = {}
        # the tables whose row 1 is no message
        self.sentinels = {table for table in _SENTINELS if _has_sentinel(database, table)}
        if database.has(MESSAGE.name, "key_id"):
            self._pass_modern()
        if database.has(MESSAGES.name, "key_remote_jid"):
            self._pass_legacy()
            self._pair()

    def _pass_modern(self) -> None:
        """Most messages lie in a known chat and are quoted by none: SQLite passes over them."""
        known, quoted = self._chats.by_row, self._quoted
        sentinel = 1 if MESSAGE.name in self.sentinels else None
        if any(chat_row not in known for chat_row in self._database.distinct(MESSAGE.name, "chat_row_id")):
            for rowid, chat_row in self._database.rows(MESSAGE.name, ("chat_row_id",)):
                if chat_row not in known and rowid != sentinel:
                    self._chats.at(_integer(chat_row))
        for row in self._quoted_rows():
            if digest_of(row[2]) in quoted:
                self._keep(MESSAGE.name, self._modern_chat(row), row)
        self._keep_edited()

    def _keep_edited(self) -> None:
        """A message that was edited has the key of its edit; what quoted it before names the original one."""
        if not self._quoted or not self._database.has(EDITED.table.name, EDITED.key, "original_key_id"):
            return
        columns = (EDITED.key, "original_key_id")
        for _rowid, message, original in self._database.rows(EDITED.table.name, columns):
            number = _integer(message)
            if number is None or digest_of(original) not in self._quoted:
                continue
            for row in self._database.rows(MESSAGE.name, _MODERN_COLUMNS, where_rowid=(number, number)):
                if row[2] != original:
                    self._keep(MESSAGE.name, self._modern_chat(row), (*row[:2], original, *row[3:]))

    def _quoted_rows(self) -> Iterator[Row]:
        """The messages that may be quoted, those that are among them."""
        if not self._quoted:
            return iter(())
        if self._database.has(MESSAGES_QUOTES.name, "key_id"):  # both generations quote
            return self._database.rows(MESSAGE.name, _MODERN_COLUMNS)
        by = (QUOTED.table.name, "key_id")
        return self._database.rows_named(MESSAGE.name, _MODERN_COLUMNS, "key_id", by)

    def _modern_chat(self, row: Row) -> Chat:
        return self._chats.at(_integer(row[1]))

    def _pass_legacy(self) -> None:
        quoted, chats, people = self._quoted, set[object](), set[object]()
        sentinel = 1 if MESSAGES.name in self.sentinels else None
        for row in self._database.rows(MESSAGES.name, _LEGACY_COLUMNS):
            rowid, jid, key, _from_me, resource, _type = row
            if rowid == sentinel:
                continue
            if jid not in chats:
                chats.add(jid)
                self._chats.with_jid(_text(jid))
            if resource not in people:
                people.add(resource)
                self._people.person(_text(resource))
            if quoted and digest_of(key) in quoted:
                self._keep(MESSAGES.name, self._chats.with_jid(_text(jid)), row)
        self._name_others()

    def _name_others(self) -> None:
        """People that only quotes, receipts and mentions of the legacy tables name."""
        for table, column in (
            (MESSAGES_QUOTES.name, "remote_resource"),
            (RECEIPTS.name, "remote_resource"),
            (MESSAGES.name, "mentioned_jids"),
        ):
            if self._database.has(table, column):
                named = {value for _rowid, value in self._database.rows(table, (column,))}
                for text in sorted(filter(None, map(_text, named))):
                    for jid in text.split(","):
                        self._people.person(jid)

    def _keep(self, table: str, chat: Chat, row: Row) -> None:
        rowid, _chat, key, from_me, sender, message_type = row
        if rowid is None:
            return  # a table without row ids is not read (parsers.table_rows)
        target = Target(table, rowid, type_code(message_type), rowid in self._edited)
        self._targets.add((chat.id, from_me, key), self._person(chat, from_me, sender), target)

    def _person(self, chat: Chat, from_me: object, sender: object) -> object:
        """Who a sender is, whichever of his jids names him: by row of ``jid`` or as text; in a direct
        conversation the other one where nobody is named."""
        if from_me == 1:
            return None
        if isinstance(sender, int) and sender > 0:
            return self._people.by_row.get(sender, sender)
        person = self._people.person(_text(sender)) if isinstance(sender, str) else None
        return chat.partner if person is None else person.id

    def _pair(self) -> None:
        """Find the messages that stand in both tables, holding the keys of the smaller one."""
        if not self._database.has(MESSAGE.name, "key_id"):
            return
        modern, legacy = self._database.count(MESSAGE.name), self._database.count(MESSAGES.name)
        is_modern_smaller = (modern or 0) <= (legacy or 0)
        small, large = (self._modern_keys, self._legacy_keys)
        if not is_modern_smaller:
            small, large = large, small
        keys: dict[Key, int] = {}
        for key, rowid in small():
            keys.setdefault(key, rowid)
        for key, rowid in large() if keys else ():
            other = keys.pop(key, None)
            if other is not None:
                message, messages = (other, rowid) if is_modern_smaller else (rowid, other)
                self.copies[message] = messages

    def _modern_keys(self) -> Iterator[tuple[Key, int]]:
        for row in self._database.rows(MESSAGE.name, _MODERN_COLUMNS):
            if row[0] != 1 or MESSAGE.name not in self.sentinels:
                yield (self._modern_chat(row).id, row[3], row[2]), row[0]

    def _legacy_keys(self) -> Iterator[tuple[Key, int]]:
        for rowid, jid, key, from_me, *_rest in self._database.rows(MESSAGES.name, _LEGACY_COLUMNS):
            if rowid != 1 or MESSAGES.name not in self.sentinels:
                yield (self._chats.with_jid(_text(jid)).id, from_me, key), rowid

    def find(self, chat: Chat | None, from_me: int | None, key: str | None, sender: object) -> Target | None:
        """The message that is quoted: of one in both tables the newer row, of several that of the sender."""
        if chat is None:
            return None
        return self._targets.find((chat.id, from_me, key), self._person(chat, from_me, sender))


def _has_sentinel(database: Database, table: str) -> bool:
    wanted = {name: value for name, value in _SENTINELS[table].items() if database.has(table, name)}
    if not database.has(table):
        return False
    row = next(database.rows(table, tuple(wanted), where_rowid=(1, 1)), None)
    return row is not None and row[1:] == tuple(wanted.values())


def _quoted_keys(database: Database) -> Iterator[int]:
    for table in (QUOTED.table.name, MESSAGES_QUOTES.name):
        if database.has(table, "key_id"):
            for _rowid, key in database.rows(table, ("key_id",)):
                yield digest_of(key)


def _edited_rows(database: Database) -> Iterator[int]:
    name, key = EDITED.table.name, EDITED.key
    if database.has(name, key):
        for _row, edited in database.rows(name, (key,)):
            number = _integer(edited)
            if number is not None:
                yield number


def _text(value: object) -> str | None:
    """A value as a bound table would give it for a text column."""
    return value if value is None or isinstance(value, str) else str(TEXT.mend(value)[0])


def _integer(value: object) -> int | None:
    """A value as a bound table would give it for an integer column."""
    mended = value if value is None or isinstance(value, int) else INTEGER.mend(value)[0]
    return mended if isinstance(mended, int) else None


def type_code(value: object) -> int | None:
    """A type code, which the legacy table holds as a text of digits."""
    if isinstance(value, int):
        return value
    is_number = (
        isinstance(value, str) and value.removeprefix("-").isascii() and value.removeprefix("-").isdigit()
    )
    return int(str(value)) if is_number and len(str(value)) < 10 else None
