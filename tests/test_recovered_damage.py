"""A damaged database in an ingest: what the live read tells the search for deleted rows does not repeat."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, exported, ingest, new, of, phone

from forensics.sentences import translated

LONG = 1200  # the message that goes on in overflow pages
INDEX = "sqlite_autoindex_message_1"


class Msgstore:
    """The bytes of a msgstore.db with deleted rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = phone(folder)
        self.path = self.folder / MSGSTORE
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=OFF")
            _fill(connection)
            self.roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema"))
            (self.size,) = connection.execute("PRAGMA page_size").fetchone()
        self.data = bytearray(self.path.read_bytes())

    def start(self, page: int) -> int:
        return (page - 1) * self.size

    def child(self, name: str) -> int:
        """The second page below a root."""
        start = self.start(self.roots[name])
        (pointer,) = struct.unpack_from(">H", self.data, start + 12 + 2)
        (page,) = struct.unpack_from(">I", self.data, start + pointer)
        return int(page)


def _fill(connection: sqlite3.Connection) -> None:
    """Copies of the last message with texts of their own, of which some are deleted."""
    names = [row[1] for row in connection.execute("PRAGMA table_info(message)")]
    last = connection.execute("SELECT * FROM message ORDER BY _id DESC LIMIT 1").fetchone()
    connection.execute("BEGIN")
    for number in range(1000, 1400):
        text = f"bericht {number} " + "lang " * (3000 if number == LONG else 20)
        row = dict(zip(names, last, strict=True)) | {
            "_id": number, "sort_id": number, "key_id": f"KEY{number:010}", "text_data": text,
        }  # fmt: skip
        row = {name: row[name] for name in names}
        connection.execute(f"INSERT INTO message VALUES({','.join('?' * len(row))})", [*row.values()])
    connection.execute("COMMIT")
    connection.execute("DELETE FROM message WHERE _id BETWEEN 1100 AND 1120 OR _id = 1300")


def leaf(store: Msgstore) -> None:
    store.data[store.start(store.child("message"))] = 0x77


def cells(store: Msgstore) -> None:
    struct.pack_into(">HH", store.data, store.start(store.child("message")) + 8, store.size + 9, 3)


def zeros(store: Msgstore) -> None:
    start = store.start(store.child("message"))
    store.data[start : start + store.size] = bytes(store.size)


def cut(store: Msgstore) -> None:
    del store.data[-3 * store.size :]


def chain(store: Msgstore) -> None:
    starts = range(store.size, len(store.data), store.size)
    start = next(at for at in starts if not store.data[at] and b"lang lang" in store.data[at + 4 :][:20])
    struct.pack_into(">I", store.data, start, 99_999)


def index(store: Msgstore) -> None:
    store.data[store.start(store.child(INDEX))] = 0x77


def free_pages(store: Msgstore) -> None:
    struct.pack_into(">I", store.data, 36, 9)


def read(store: Msgstore, folder: Path, code: int) -> tuple[list[str], list[str]]:
    """The problems that an ingest prints, and the notices on damage in its case."""
    store.path.write_bytes(store.data)
    case = new(folder / "case")
    problems = [each["text"].split(": ", 1)[1] for each in ingest(case, store.folder, code=code)["problems"]]
    notices = [each for each in of(exported(case), "notice") if each["severity"] in ("damage", "database")]
    return problems, [each["text"] for each in notices]


@pytest.mark.parametrize("hurt", [leaf, cells, zeros, cut, chain], ids=lambda each: each.__name__)
def test_what_the_live_read_tells_is_told_once(hurt: Callable[[Msgstore], None], tmp_path: Path) -> None:
    store = Msgstore(tmp_path / "phone")
    hurt(store)
    problems, notices = read(store, tmp_path, 0 if hurt is chain else 3)
    assert notices
    assert len(notices) == len(set(notices))
    own = ("demands: ", "yet are not free: ", "that is for cells", "overflow pages cannot")
    assert not [text for text in (*problems, *notices) if any(words in text for words in own)]


@pytest.mark.parametrize(
    ("hurt", "sentence"),
    [
        (index, "pages that are not what their place in a table or an index demands: 1 ("),
        (free_pages, "pages by which the list of free pages cannot be followed: 1 (1)"),
    ],
)
def test_what_only_the_search_for_deleted_rows_meets_is_told_by_it(
    hurt: Callable[[Msgstore], None], sentence: str, tmp_path: Path
) -> None:
    store = Msgstore(tmp_path / "phone")
    hurt(store)
    problems, notices = read(store, tmp_path, 3)
    assert [text.startswith(sentence) for text in problems] == [True]
    assert notices == problems
    assert translated(notices[0], "nl") != notices[0]


def test_a_sound_database_says_nothing(tmp_path: Path) -> None:
    assert read(Msgstore(tmp_path / "phone"), tmp_path, 0) == ([], [])
