"""What the same work costs without any meaning: the yardsticks that ingest is held against.

python benchmarks/yardsticks.py MSGSTORE          measures all three (of iOS: ChatStorage.sqlite)
python benchmarks/yardsticks.py MSGSTORE hash     does one: hash, select or copy
python benchmarks/yardsticks.py CASE/case.db      the same of a case: (b) is a bare loop over its messages
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from figures import FIGURE_HEAD, figure_row, plain_table
from measure import Figure, measure, repeated

SELECT = (
    "SELECT message._id, message.chat_row_id, chat_jid.raw_string, message.from_me, sender.raw_string, "
    "message.key_id, message.timestamp, message.message_type, message.status, message.text_data FROM message "
    "LEFT JOIN chat ON chat._id = message.chat_row_id "
    "LEFT JOIN jid AS chat_jid ON chat_jid._id = chat.jid_row_id "
    "LEFT JOIN jid AS sender ON sender._id = message.sender_jid_row_id ORDER BY message._id"
)
SELECT_IOS = (
    "SELECT message.Z_PK, message.ZCHATSESSION, session.ZCONTACTJID, message.ZISFROMME, member.ZMEMBERJID, "
    "message.ZSTANZAID, message.ZMESSAGEDATE, message.ZMESSAGETYPE, message.ZMESSAGESTATUS, message.ZTEXT "
    "FROM ZWAMESSAGE AS message LEFT JOIN ZWACHATSESSION AS session ON session.Z_PK = message.ZCHATSESSION "
    "LEFT JOIN ZWAGROUPMEMBER AS member ON member.Z_PK = message.ZGROUPMEMBER ORDER BY message.Z_PK"
)
SELECT_CASE = (
    "SELECT m.n, m.conversation, c.handle, m.from_owner, p.handle, m.app_id, m.sent_at, m.kind, m.status, "
    "m.text "
    "FROM message AS m LEFT JOIN conversation AS c ON c.n = m.conversation "
    "LEFT JOIN participant AS p ON p.n = m.sender ORDER BY m.n"
)
COPY = (
    "CREATE TABLE message (id INTEGER PRIMARY KEY, chat INTEGER, chat_jid TEXT, from_me INTEGER, "
    "sender TEXT, key_id TEXT, sent_at INTEGER, kind INTEGER, status INTEGER, text TEXT)",
    "CREATE VIRTUAL TABLE message_text USING fts5(text, content='message', content_rowid='id')",
)
INDEX = "INSERT INTO message_text (message_text) VALUES ('rebuild')"
NAMES = {
    "hash": "(a) SHA-256 of the file",
    "select": "(b) SELECT of all messages with sender",
    "copy": "(c) the same rows copied, with FTS5",
}


def messages(path: Path) -> Iterator[tuple[object, ...]]:
    """All messages with their sender; SQLite reads the file without writing beside it."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as source:
        tables = {name for (name,) in source.execute("SELECT name FROM sqlite_master")}
        of_phone = SELECT_IOS if "ZWAMESSAGE" in tables else SELECT
        yield from source.execute(SELECT_CASE if "participant" in tables else of_phone)


def hash_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def count_messages(path: Path) -> int:
    return sum(1 for _ in messages(path))


def copy_messages(path: Path, target: Path) -> int:
    """Copy the rows into a new database in one transaction, then index their text; gives the rows."""
    with closing(sqlite3.connect(target)) as connection, connection:
        for statement in COPY:
            connection.execute(statement)
        copied = connection.executemany(f"INSERT INTO message VALUES ({','.join('?' * 10)})", messages(path))
        connection.execute(INDEX)
        return copied.rowcount


def measure_yardsticks(path: Path, scratch: Path) -> dict[str, Figure]:
    """Measure all three, each in a child process of its own; the copy is made in `scratch`."""
    program, options = [sys.executable, str(Path(__file__).resolve()), str(path)], ["--scratch", str(scratch)]
    return {key: repeated(name, partial(measure, [*program, key, *options])) for key, name in NAMES.items()}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, metavar="MSGSTORE")
    parser.add_argument("yardstick", nargs="?", choices=tuple(NAMES))
    parser.add_argument("--scratch", type=Path, help="folder for the copy; default: the system's own")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    if asked.yardstick == "hash":
        print(hash_file(asked.path))
    elif asked.yardstick == "select":
        print(count_messages(asked.path))
    elif asked.yardstick == "copy":
        with TemporaryDirectory(dir=asked.scratch) as folder:
            print(copy_messages(asked.path, Path(folder) / "copy.db"))
    else:
        figures = measure_yardsticks(asked.path, asked.scratch or Path(gettempdir()))
        print(plain_table(FIGURE_HEAD, [figure_row(figure) for figure in figures.values()]))


if __name__ == "__main__":
    main()
