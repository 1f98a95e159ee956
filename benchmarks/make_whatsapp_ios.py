"""Makes a large iPhone with WhatsApp out of the invented Android phone of ``make_whatsapp.py``.

    python benchmarks/make_whatsapp_ios.py OUT --messages 1000000

The same messages, chats, quotes, reactions and receipts stand in ChatStorage.sqlite as iOS keeps them, so
that both parsers are measured on the same content. OUT becomes a folder with the app's shared container.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from make_whatsapp import MESSAGES_PATH, make_whatsapp
from whatsapp_people import OWNER_NUMBER

CONTAINER = Path("AppGroup/group.net.whatsapp.WhatsApp.shared")
STORAGE_PATH = CONTAINER / "ChatStorage.sqlite"
MAC_EPOCH = 978_307_200
SCHEMA = Path(__file__).resolve().parent.parent / "fixtures" / "whatsapp_ios" / "schema" / "chatstorage.sql"
PLIST = f"""<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>OwnJabberID</key><string>{OWNER_NUMBER}@s.whatsapp.net</string>
<key>FullUserName</key><string>Evi Voorbeeld</string></dict></plist>
"""
# Android's types as those of iOS (WhatsApp reference 2.6 and 3.4); any other becomes a text.
TYPES = {0: 0, 1: 1, 2: 3, 3: 2, 4: 4, 5: 5, 7: 6, 9: 8, 13: 11, 15: 14, 20: 15, 24: 27, 66: 46, 90: 59}
EVENTS = {11: 12, 67: 2}
STATUS = {4: 1, 5: 6, 13: 8, 8: 8, 0: 0}
_GROUP, _EVENT = 1, 7
INDEXES = (
    "CREATE INDEX z_message_session ON ZWAMESSAGE (ZCHATSESSION, ZSORT)",
    "CREATE INDEX z_media_message ON ZWAMEDIAITEM (ZMESSAGE)",
    "CREATE INDEX z_info_message ON ZWAMESSAGEINFO (ZMESSAGE)",
)


Row = tuple[Any, ...]


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def part(number: int, value: int | str | bytes) -> bytes:
    """One field of a protobuf message (protobuf.dev, Encoding)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def packed(number: str) -> bytes:
    """A number as receipts keep it: 0x81, two digits a byte, F behind the last (reference 3.5)."""
    digits = number + "f" * (len(number) % 2)
    return b"\x81" + bytes.fromhex(digits)


class Converter:
    """Writes the rows of one Android database as those of iOS."""

    def __init__(self, source: sqlite3.Connection, target: sqlite3.Connection) -> None:
        self._source, self._target = source, target
        self._jids = dict(source.execute("SELECT _id, user || '@' || server FROM jid"))
        self._chats: dict[int, tuple[str, bool]] = {}
        self._members: dict[tuple[int, int], int] = {}
        self._media = 0

    def write(self) -> None:
        self._sessions()
        self._messages()
        self._infos()
        for index in INDEXES:
            self._target.execute(index)
        for entity, table in (
            ("WAMessage", "ZWAMESSAGE"),
            ("WAMediaItem", "ZWAMEDIAITEM"),
            ("WAMessageInfo", "ZWAMESSAGEINFO"),
            ("WAChatSession", "ZWACHATSESSION"),
        ):
            self._target.execute(
                f"INSERT INTO Z_PRIMARYKEY (Z_NAME, Z_MAX) SELECT ?, ifnull(max(Z_PK), 0) FROM {table}",
                (entity,),
            )

    def _sessions(self) -> None:
        for chat, jid, subject in self._source.execute("SELECT _id, jid_row_id, subject FROM chat"):
            handle = self._jids.get(jid, "")
            is_group = handle.endswith("@g.us")
            self._chats[chat] = handle, is_group
            self._target.execute(
                "INSERT INTO ZWACHATSESSION (Z_PK, ZCONTACTJID, ZPARTNERNAME, ZSESSIONTYPE) VALUES (?,?,?,?)",
                (chat, handle, subject, _GROUP if is_group else 0),
            )

    def _member(self, chat: int, sender: int) -> int:
        key = self._members.get((chat, sender))
        if key is None:
            key = self._members[chat, sender] = len(self._members) + 1
            self._target.execute(
                "INSERT INTO ZWAGROUPMEMBER (Z_PK, ZCHATSESSION, ZMEMBERJID, ZISACTIVE) VALUES (?,?,?,1)",
                (key, chat, self._jids.get(sender)),
            )
        return key

    def _messages(self) -> None:
        media = self._beside("message_media", "file_path, mime_type, file_length, media_name, file_hash")
        quotes = self._beside("message_quoted", "key_id, sender_jid_row_id, from_me, text_data, chat_row_id")
        codes = self._beside("message_system", "action_type")
        columns = (
            "_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp, received_timestamp,"
            " message_type, text_data, starred, origination_flags"
        )
        order: dict[int, int] = {}
        for row in self._source.execute(f"SELECT {columns} FROM message WHERE _id > 1 ORDER BY _id"):
            rowid, chat, from_me, key, sender, status, sent, received, kind, text, starred, flags = row
            order[chat] = order.get(chat, 0) + 1
            handle, is_group = self._chats.get(chat, ("", False))
            member = self._member(chat, sender) if is_group and not from_me and sender else None
            item = self._item(rowid, media.get(rowid), quotes.get(rowid), text)
            event = EVENTS.get(codes.get(rowid, (0,))[0], 3) if kind == _EVENT else None
            self._target.execute(
                "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZSTANZAID, ZGROUPMEMBER,"
                " ZMESSAGESTATUS, ZFLAGS, ZMESSAGETYPE, ZMESSAGEDATE, ZSENTDATE, ZTEXT, ZSTARRED,"
                " ZGROUPEVENTTYPE, ZMEDIAITEM, ZSORT, ZFROMJID, ZTOJID)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (rowid, chat, from_me, key, member, STATUS.get(status, 1) if from_me else 8,
                 0x1000000 | (0x180 if flags and flags & 1 else 0), TYPES.get(kind, 0), _seconds(sent),
                 _seconds(received) if received else None, text, starred or 0, event, item, order[chat],
                 None if from_me else handle, handle if from_me else None),
            )  # fmt: skip

    def _beside(self, table: str, columns: str) -> dict[int, Row]:
        rows = self._source.execute(f"SELECT message_row_id, {columns} FROM {table}")
        return {row[0]: row[1:] for row in rows}

    def _item(
        self,
        message: int,
        media: Row | None,
        quote: Row | None,
        text: str | None,
    ) -> int | None:
        """The media item of a message: its file, its quote, or none."""
        if media is None and quote is None:
            return None
        self._media += 1
        path, mime, size, name, digest = media or (None,) * 5
        metadata = None if quote is None else self._quote(*quote)
        self._target.execute(
            "INSERT INTO ZWAMEDIAITEM (Z_PK, ZMESSAGE, ZMEDIALOCALPATH, ZVCARDSTRING, ZFILESIZE, ZTITLE,"
            " ZVCARDNAME, ZLATITUDE, ZLONGITUDE, ZMETADATA) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (self._media, message, path, mime, size, name if media else text, digest, 0.0, 0.0, metadata),
        )
        return self._media

    def _quote(self, key: object, sender: object, from_me: object, text: object, chat: object) -> bytes:
        author = self._jids.get(sender) if sender else self._chats.get(int(str(chat)), ("", False))[0]
        found = part(5, str(key)) + (b"" if from_me else part(6, author or ""))
        return found + part(19, part(1, str(text or "")))

    def _infos(self) -> None:
        """Receipts of recipients, and reactions, one blob for each message."""
        blobs: dict[int, bytes] = {}
        rows = self._source.execute("SELECT message_row_id, receipt_user_jid_row_id FROM receipt_user")
        for message, jid in rows:
            number = self._jids.get(jid, "").partition("@")[0]
            if number.isdigit():
                one = part(2, part(1, packed(number)) + part(4, 2) + part(5, 30))
                blobs[message] = blobs.get(message, b"") + one
        rows = self._source.execute(
            "SELECT a.parent_message_row_id, a.from_me, a.sender_jid_row_id, a.key_id, r.reaction,"
            " r.sender_timestamp FROM message_add_on AS a JOIN message_add_on_reaction AS r"
            " ON r.message_add_on_row_id = a._id"
        )
        for message, from_me, sender, key, emoji, at in rows:
            own = part(2, part(1, key or "") + part(2, emoji or "") + part(3, at or 0))
            other = part(1, part(1, key or "") + part(2, self._jids.get(sender, ""))
                         + part(3, emoji or "") + part(4, at or 0))  # fmt: skip
            blobs[message] = blobs.get(message, b"") + part(7, own if from_me else other)
        self._target.executemany(
            "INSERT INTO ZWAMESSAGEINFO (Z_PK, ZMESSAGE, ZRECEIPTINFO) VALUES (?,?,?)",
            ((number, message, blobs[message]) for number, message in enumerate(sorted(blobs), 1)),
        )


def _seconds(millis: int) -> float:
    return millis / 1000 - MAC_EPOCH


@contextmanager
def new_storage(path: Path) -> Iterator[sqlite3.Connection]:
    """A new ChatStorage.sqlite with empty tables, filled in one transaction without a journal."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        connection.executescript(SCHEMA.read_text("utf-8"))
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")


def make_whatsapp_ios(out: Path, messages: int, chats: int) -> None:
    """Make the iPhone; raises FileExistsError when it is there already."""
    storage = out / STORAGE_PATH
    storage.parent.mkdir(parents=True)
    preferences = out / CONTAINER / "Library/Preferences/group.net.whatsapp.WhatsApp.shared.plist"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(PLIST, encoding="utf-8", newline="\n")
    with TemporaryDirectory(dir=out) as folder:
        make_whatsapp(Path(folder), messages, chats)
        uri = f"{(Path(folder) / MESSAGES_PATH).resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as source, new_storage(storage) as target:
            Converter(source, target).write()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, metavar="OUT", help="a new folder")
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--chats", type=int, help="default: one for every 500 messages, at least 40")
    asked = parser.parse_args()
    make_whatsapp_ios(asked.out, asked.messages, asked.chats or max(40, asked.messages // 500))


if __name__ == "__main__":
    main()
