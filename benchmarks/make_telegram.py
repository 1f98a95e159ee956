"""Makes a large phone with Telegram for Android: cache4.db and the owner's preferences, all invented.

    python benchmarks/make_telegram.py OUT --messages 1000000 --chats 400

OUT becomes a folder as extracted from a phone. The same numbers give the same bytes with the same SQLite. A
third of the messages is of an older layer; one in ten answers another, one in thirty is a photo, one in a
hundred has buttons; one row in five hundred is removed again. About 1 % is trade talk.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

from sentences import LANGUAGES, Talker

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
_specification = importlib.util.spec_from_file_location(
    "telegram_tl_encoding", FIXTURES / "telegram_tl" / "encoding.py"
)
assert _specification is not None
assert _specification.loader is not None
_encoding = importlib.util.module_from_spec(_specification)
_specification.loader.exec_module(_encoding)
obj, string = _encoding.obj, _encoding.string

PACKAGE = Path("data/data/org.telegram.messenger")
DATABASE = PACKAGE / "files/cache4.db"
PREFERENCES = PACKAGE / "shared_prefs/userconfing.xml"
SCHEMA = FIXTURES / "telegram_android" / "schema" / "modern.sql"
OWNER, FIRST_USER, FIRST_CHANNEL, START = 900000001, 910000001, 1600000001, 1_700_000_000
LAYOUTS = ("message#9815cec8", "message#9815cec8", "message#38116ee0")
COLUMNS = "mid, uid, read_state, send_state, date, data, out, ttl, is_channel"
DELETED_EVERY = 500


class Stream:
    """The rows of the messages, in the order in which they were written."""

    def __init__(self, random: Random, chats: int) -> None:
        self.random = random
        self.talker = Talker(random)
        self.languages = tuple(LANGUAGES)
        self.chats = [FIRST_USER + each if each % 4 else -(FIRST_CHANNEL + each) for each in range(chats)]
        self.numbers = dict.fromkeys(self.chats, 0)
        self.account_number = 0

    def rows(self, count: int) -> Iterator[tuple[Any, ...]]:
        """So many rows of messages_v2."""
        for turn in range(count):
            place = int(self.random.random() ** 3 * len(self.chats))
            yield self.row(self.chats[place], START + turn * 7, turn)

    def row(self, dialog: int, date: int, turn: int) -> tuple[Any, ...]:
        is_channel = dialog < 0
        if is_channel:
            number = self.numbers[dialog] = self.numbers[dialog] + 1
        else:
            number = self.account_number = self.account_number + 1
        out = self.random.random() < 0.45
        peer = (
            obj("peerChannel#a2a5371e", channel_id=-dialog)
            if is_channel
            else obj("peerUser#59511722", user_id=dialog)
        )
        sender = OWNER if out else FIRST_USER + turn % 40 if is_channel else dialog
        data = self.message(number, peer, sender, date, out=out)
        return number, dialog, 3, 0, date, data, int(out), 0, -dialog if is_channel else 0

    def message(self, number: int, peer: bytes, sender: int, date: int, *, out: bool) -> bytes:
        draw = self.random.random()
        text = self.talker.trade() if draw > 0.99 else self.talker.text(self.languages[number % 3])
        more: dict[str, Any] = {}
        if draw < 0.1:
            more["reply_to"] = obj("messageReplyHeader#a6d57763", reply_to_msg_id=max(1, number - 3))
        elif draw < 0.133:
            sizes = [obj("photoSize#75c78e60", type=kind, w=9, h=9, size=9000) for kind in "my"]
            photo = obj(
                "photo#fb197a65",
                id=number,
                access_hash=1,
                file_reference=b"",
                date=date,
                sizes=sizes,
                dc_id=2,
            )
            more["media"] = obj("messageMediaPhoto#695150d7", photo=photo)
        elif draw < 0.143:
            button = obj("keyboardButtonCallback#35bbdb6b", text=self.talker.trade()[:60], data=b"x")
            row = obj("keyboardButtonRow", buttons=[button])
            more["reply_markup"] = obj("replyInlineMarkup#48a30254", rows=[row])
        return obj(
            LAYOUTS[number % 3],
            id=number,
            from_id=obj("peerUser#59511722", user_id=sender),
            peer_id=peer,
            date=date,
            message=text,
            out=out or None,
            **more,
        ) + string(" ")


def user(number: int, name: str, **more: Any) -> bytes:
    """A User of the newest layer."""
    return obj("user#020b1422", id=number, first_name=name, **more)


def make_telegram(out: Path, messages: int, chats: int) -> None:
    """Write the phone."""
    for path in (DATABASE, PREFERENCES):
        (out / path).parent.mkdir(parents=True, exist_ok=True)
    stream = Stream(Random(messages), chats)
    owner = user(OWNER, "Evi", last_name="Voorbeeld", phone="31600000100", self=True)
    text = base64.encodebytes(owner).decode().replace("\n", "&#10;")
    (out / PREFERENCES).write_text(f'<map>\n    <string name="user">{text}</string>\n</map>\n', "utf-8")
    with closing(sqlite3.connect(out / DATABASE, isolation_level=None)) as database:
        database.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA.read_text('utf-8')}"
        )
        database.execute("BEGIN")
        people = (
            (FIRST_USER + each, "", user(FIRST_USER + each, f"Persoon {each}")) for each in range(chats)
        )
        database.executemany("INSERT INTO users(uid, name, data) VALUES (?,?,?)", people)
        photo = obj("chatPhotoEmpty")
        groups = (
            (
                -each,
                "",
                obj("channel#fe685355", id=-each, title=f"Groep {each}", photo=photo, date=1, megagroup=True),
            )
            for each in stream.chats
            if each < 0
        )
        database.executemany("INSERT INTO chats(uid, name, data) VALUES (?,?,?)", groups)
        marks = ",".join("?" * 9)
        database.executemany(f"INSERT INTO messages_v2({COLUMNS}) VALUES ({marks})", stream.rows(messages))
        database.execute(f"DELETE FROM messages_v2 WHERE rowid % {DELETED_EVERY} = 0")
        database.execute("COMMIT")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--chats", type=int, default=400)
    options = parser.parse_args()
    make_telegram(options.out, options.messages, options.chats)
