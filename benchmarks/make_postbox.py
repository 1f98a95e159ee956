"""Makes a large Mac or phone with Telegram's Postbox: db_sqlite, all invented, plain.

    python benchmarks/make_postbox.py OUT --messages 1000000 --chats 400

OUT becomes a folder as extracted from a phone. The same numbers give the same bytes with the same SQLite. The
mix is that of make_telegram.py: one in ten answers another, one in thirty is a photo, one in a hundred has
buttons; one row in five hundred is removed again. About 1 % is trade talk.
"""

from __future__ import annotations

import argparse
import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from sentences import LANGUAGES, Talker

GOLDEN = Path(__file__).resolve().parent.parent / "fixtures" / "telegram_postbox"


def load(name: str) -> ModuleType:
    """A module of the fixtures that imports no other one of them."""
    specification = importlib.util.spec_from_file_location(f"postbox_{name}", GOLDEN / f"{name}.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


encoding = load("encoding")
Obj, i32, i64, text, objs = encoding.Obj, encoding.i32, encoding.i64, encoding.text, encoding.objs
FOLDER = Path("private/var/mobile/Containers/Shared/AppGroup/B0/telegram-data/account-1/postbox")
DATABASE = FOLDER / "db/db_sqlite"
SCHEMA = GOLDEN / "schema" / "tables.sql"
OWNER, FIRST_USER, FIRST_CHANNEL, START = 900000001, 910000001, 1600000001, 1_700_000_000
INCOMING = 4
DELETED_EVERY = 500


class Stream:
    """The rows of t7, in the order in which they were written."""

    def __init__(self, random: Random, chats: int) -> None:
        self.random = random
        self.talker = Talker(random)
        self.languages = tuple(LANGUAGES)
        self.chats = [
            encoding.peer(encoding.USER, FIRST_USER + each)
            if each % 4
            else encoding.peer(encoding.CHANNEL, FIRST_CHANNEL + each)
            for each in range(chats)
        ]
        self.numbers = dict.fromkeys(self.chats, 0)
        self.account_number = 0

    def rows(self, count: int) -> Iterator[tuple[bytes, bytes]]:
        """So many keys and values."""
        for turn in range(count):
            place = int(self.random.random() ** 3 * len(self.chats))
            yield self.row(self.chats[place], START + turn * 7, turn)

    def row(self, peer: int, date: int, turn: int) -> tuple[bytes, bytes]:
        is_channel = peer >> 32 == encoding.CHANNEL
        if is_channel:
            number = self.numbers[peer] = self.numbers[peer] + 1
        else:
            number = self.account_number = self.account_number + 1
        out = self.random.random() < 0.45
        sender = OWNER if out else FIRST_USER + turn % 40 if is_channel else peer
        return encoding.message_key(peer, 0, date, number), self.value(peer, number, sender, out=out)

    def value(self, peer: int, number: int, sender: int, *, out: bool) -> bytes:
        draw = self.random.random()
        words = self.talker.trade() if draw > 0.99 else self.talker.text(self.languages[number % 3])
        attributes, media = [], []
        if draw < 0.1:
            fields = {"i": i64(max(1, number - 3) << 32), "p": i64(peer), "qu": encoding.NIL}
            attributes.append(Obj("ReplyMessageAttribute", fields))
        elif draw < 0.133:
            media.append(photo(number))
        elif draw < 0.143:
            button = Obj("ReplyMarkupButton", {".t": text(self.talker.trade()[:60]), "v": i32(0)})
            row = Obj("ReplyMarkupRow", {"b": objs(button)})
            attributes.append(Obj("ReplyMarkupMessageAttribute", {"r": objs(row), "f": i32(8)}))
        options = {"unique": number} if out else {}
        flags = 0 if out else INCOMING
        message: bytes = encoding.message(words, sender, flags, attributes=attributes, media=media, **options)
        return message


def photo(number: int) -> Any:
    """A photo of two sizes."""
    sizes = []
    for size, width in (("m", 320), ("y", 1280)):
        resource = {"d": i32(2), "i": i64(number), "h": i64(1), "s": text(size), "n": i32(9000)}
        resource["fr"] = encoding.raw(bytes(25))
        fields = {"dx": i32(width), "dy": i32(width), "ps": encoding.i32s()}
        fields["r"] = encoding.obj(Obj("CloudPhotoSizeMediaResource", resource))
        sizes.append(Obj("TelegramMediaImageRepresentation", fields))
    thumbnail = encoding.raw(bytes(300))
    fields = {"i": encoding.media_id(0, number), "r": objs(*sizes), "itd": thumbnail, "fl": i32(0)}
    return Obj("TelegramMediaImage", fields)


def people(chats: list[int]) -> Iterator[tuple[int, bytes]]:
    """The owner, the users and the supergroups of t2."""
    owner = {"fn": text("Evi"), "ln": text("Voorbeeld"), "p": text("31600000100")}
    yield OWNER, encoding.root(Obj("TelegramUser", {"i": i64(OWNER), **owner}))
    for place in range(len(chats)):
        user = FIRST_USER + place
        fields = {"i": i64(user), "fn": text(f"Persoon {place}")}
        yield user, encoding.root(Obj("TelegramUser", fields))
    for peer in chats:
        if peer >> 32 == encoding.CHANNEL:
            fields = {"i": i64(peer), "t": text(f"Groep {peer & 0xFFFF}"), "i.t": i32(1)}
            yield peer, encoding.root(Obj("TelegramChannel", fields))


def make_postbox(out: Path, messages: int, chats: int) -> None:
    """Write the phone."""
    (out / DATABASE).parent.mkdir(parents=True, exist_ok=True)
    stream = Stream(Random(messages), chats)
    state = encoding.root(Obj("AuthorizedAccountState", {"peerId": i64(OWNER)}))
    with closing(sqlite3.connect(out / DATABASE, isolation_level=None)) as database:
        database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA.read_text('utf-8')}"
        )
        database.execute("BEGIN")
        database.execute("INSERT INTO t0 VALUES (2, ?)", (state,))
        database.executemany("INSERT INTO t2 VALUES (?, ?)", people(stream.chats))
        listed = [(encoding.list_key(peer, START, 1), b"") for peer in stream.chats]
        database.executemany("INSERT INTO t9 VALUES (?, ?)", listed)
        database.executemany("INSERT INTO t7 VALUES (?, ?)", stream.rows(messages))
        database.execute(f"DELETE FROM t7 WHERE rowid % {DELETED_EVERY} = 0")
        database.execute("COMMIT")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--chats", type=int, default=400)
    options = parser.parse_args()
    make_postbox(options.out, options.messages, options.chats)
