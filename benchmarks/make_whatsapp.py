"""Makes a large phone with WhatsApp for Android: msgstore.db, wa.db and the preferences, all invented.

    python benchmarks/make_whatsapp.py OUT --messages 1000000 --chats 2000

OUT becomes a folder as extracted from a phone. The same numbers give the same bytes with the same SQLite.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from whatsapp_messages import DELETED_EVERY, Stream
from whatsapp_people import OWNER_NUMBER, Population, Store
from whatsapp_tables import CONTACT_TABLES, FULL_TEXT, INDEXES, TABLES

PACKAGE = Path("data/data/com.whatsapp")
MESSAGES_PATH = PACKAGE / "databases/msgstore.db"
CONTACTS_PATH = PACKAGE / "databases/wa.db"
PREFERENCES_PATH = PACKAGE / "shared_prefs/com.whatsapp_preferences_light.xml"
PREFERENCES = f"""<?xml version='1.0' encoding='utf-8' standalone='yes' ?>
<map>
    <string name="cc">31</string>
    <string name="ph">{OWNER_NUMBER[2:]}</string>
    <string name="push_name">Evi Voorbeeld</string>
    <string name="my_current_status">Hoi, dit is verzonnen.</string>
    <string name="registration_jid">{OWNER_NUMBER}@s.whatsapp.net</string>
    <string name="version">2.25.14.80</string>
</map>
"""
PROPS = (("user_push_name", "Evi Voorbeeld"), ("fts_ready", "5"), ("jid_ready", "1"), ("call_log_ready", "1"))
FILL_FULL_TEXT = (
    "INSERT INTO message_ftsv2 (docid, content, fts_jid, fts_namespace) "
    "SELECT _id, lower(text_data), chat_row_id, 'm' FROM message WHERE text_data IS NOT NULL"
)


@contextmanager
def new_database(path: Path, tables: dict[str, str]) -> Iterator[sqlite3.Connection]:
    """A new SQLite file with empty tables, filled in one transaction without a journal."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA auto_vacuum = 1; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = 1"
    )
    connection.execute("BEGIN")
    for name, columns in tables.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
    yield connection
    connection.execute("COMMIT")
    connection.close()


def execute_all(connection: sqlite3.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def make_whatsapp(out: Path, messages: int, chats: int, seed: int = 20_240_229) -> None:
    """Make the phone; `messages` is the number of rows in the message table besides the sentinel.

    Raises FileExistsError when the databases are there already.
    """
    for path in (MESSAGES_PATH, CONTACTS_PATH, PREFERENCES_PATH):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        if (out / path).exists():
            raise FileExistsError(out / path)
    numbers = random.Random(seed)
    with new_database(out / MESSAGES_PATH, TABLES) as connection:
        population = fill(connection, numbers, messages, chats)
    with new_database(out / CONTACTS_PATH, CONTACT_TABLES) as connection:
        contacts = Store(connection)
        population.write_contacts(contacts)
        contacts.flush()
    (out / PREFERENCES_PATH).write_text(PREFERENCES, encoding="utf-8", newline="\n")


def fill(connection: sqlite3.Connection, numbers: random.Random, messages: int, chats: int) -> Population:
    """Write the rows, remove one in some hundreds, then make the indexes and the full-text table."""
    store = Store(connection)
    # the sentinel row that WhatsApp itself writes (WhatsApp reference 2.1)
    store.add("message", "_id, chat_row_id, from_me, key_id", (1, -1, 0, "-1"))
    for prop in PROPS:
        store.add("props", "key, value", prop)
    population = Population(numbers, store, chats)
    store.flush()
    Stream(numbers, population, store, messages).write()
    store.flush()
    connection.execute(f"DELETE FROM message WHERE _id > 1 AND _id % {DELETED_EVERY} = 0")
    execute_all(connection, INDEXES)
    execute_all(connection, (FULL_TEXT, FILL_FULL_TEXT))
    point_at_last_messages(connection)
    return population


def point_at_last_messages(connection: sqlite3.Connection) -> None:
    """Fill the columns of chat that point at its newest message."""
    newest = "SELECT max(_id), chat_row_id FROM message WHERE _id > 1 GROUP BY chat_row_id"
    columns = (
        "display_message_row_id",
        "last_message_row_id",
        "last_read_message_row_id",
        "display_message_sort_id",
    )
    assignments = ", ".join(
        f"{column} = ?1" for column in (*columns, "last_message_sort_id", "last_read_message_sort_id")
    )
    connection.executemany(
        f"UPDATE chat SET {assignments} WHERE _id = ?2", connection.execute(newest).fetchall()
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="a new folder")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--chats", type=int, help="default: one for every 500 messages, at least 40")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    make_whatsapp(asked.out, asked.messages, asked.chats or max(40, asked.messages // 500))


if __name__ == "__main__":
    main()
