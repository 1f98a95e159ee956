"""The tables of Postbox that are read: t<N>, each with a key and a value.

Source: Telegram reference 5.2 (numbers; "from source"). t18 (what is known of people and chats: members, what
they say of themselves) and t56 (ranges that were not downloaded) stand in Postbox.swift of the client, and
ft41_content is SQLite's own table beside a full-text index of four columns (SqliteValueBox.swift).
"""

from __future__ import annotations

from forensics.fields import BLOB, TEXT, Column, Table


def _numbered(name: str) -> Table:
    return Table(name, (Column("key"), Column("value", BLOB)))


def _keyed(name: str) -> Table:
    return Table(name, (Column("key", BLOB), Column("value", BLOB)))


STATE = _numbered("t0")
# The key of t0 whose value says whose account this is.
ACCOUNT_KEY = 2
PEERS = _numbered("t2")
SHARED_MEDIA = _keyed("t6")
MESSAGES = _keyed("t7")
CHAT_LIST = _keyed("t9")
READ_STATES = _numbered("t14")
CONTACTS = _numbered("t16")
DETAILS = _numbered("t18")
# Of the settings of the account only the folders are read.
SETTINGS = _keyed("t35")
ADDRESS_BOOK = _keyed("t54")
HOLES = _keyed("t56")
# What is being written in a chat, and in a topic of one (67 and 68 in Postbox.swift).
DRAFTS = _numbered("t67")
TOPIC_DRAFTS = _keyed("t68")
KNOWN_TABLES = frozenset(
    each.name
    for each in (
        STATE,
        PEERS,
        SHARED_MEDIA,
        MESSAGES,
        CHAT_LIST,
        READ_STATES,
        CONTACTS,
        DETAILS,
        ADDRESS_BOOK,
        HOLES,
        DRAFTS,
        TOPIC_DRAFTS,
    )
)
# What recovered messages need to be read: whose account it is, people, chats and shared media.
CONTEXT_TABLES = frozenset(
    each.name
    for each in (STATE, PEERS, SHARED_MEDIA, CHAT_LIST, READ_STATES, CONTACTS, DETAILS, ADDRESS_BOOK)
)
WORDS = Table(
    "ft41_content",
    (
        Column("c0", TEXT),
        Column("c1", TEXT),
        Column("c2", TEXT),
    ),
)
# SQLite's own tables beside the index of words, and what the store keeps of it.
READ_TABLES = KNOWN_TABLES | {
    "__meta_tables",
    "__meta_fulltext_tables",
    *(f"ft41_{part}" for part in ("config", "content", "data", "docsize", "idx")),
}
# What stands in tables that are not read, as far as reference 5.2 says it.
MEANINGS = {
    "t3": "messages by their global number",
    "t4": "index of messages",
    "t12": "index of messages by tag",
    "t20": "when people were seen last",
    "t32": "messages by their unique number",
    "t35": "settings of the account, of which the folders are read",
}
