"""Invented phones with WhatsApp that write to each other, and what became of their databases since."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from source_tree import ROOT
from unsynced import unsynced

MSGSTORE = "data/data/com.whatsapp/databases/msgstore.db"
WA = "data/data/com.whatsapp/databases/wa.db"
PREFERENCES = "data/data/com.whatsapp/shared_prefs/com.whatsapp_preferences_light.xml"
_SCHEMA = ROOT / "fixtures" / "whatsapp_android" / "schema"
# 2026-03-02 10:00 UTC; a line's minute is counted from here
START = 1_772_445_600_000
MINUTE = 60_000
GROUP = "120363000000000077@g.us"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message as one phone has it. ``minute``: of its time; ``sender``: a number, None for the owner's;
    ``late``: milliseconds after which this phone received it."""

    key: str
    minute: float
    sender: str | None
    text: str | None
    chat: str
    late: int = 1000
    kind: int = 0
    revoked: int | None = None


@dataclass(kw_only=True)
class Phone:
    """One phone: its number, and its address book."""

    number: str
    contacts: dict[str, str] = field(default_factory=dict)
    has_preferences: bool = True

    def write(self, folder: Path, lines: Iterable[Line]) -> Path:
        """The evidence of the phone as it is with these messages."""
        for path in (MSGSTORE, WA, PREFERENCES):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
        self.database(folder / MSGSTORE, lines)
        if self.contacts:
            self.address_book(folder / WA)
        if self.has_preferences:
            text = f"<map><string name='x'/><string name=\"registration_jid\">{self.number}</string></map>"
            (folder / PREFERENCES).write_text(text, "utf-8")
        return folder

    def address_book(self, path: Path) -> Path:
        """Its ``wa.db``."""
        rows = [(f"{number}@s.whatsapp.net", name) for number, name in self.contacts.items()]
        with closing(_made(path, "wa.sql")) as db, db:
            db.executemany("INSERT INTO wa_contacts (jid, display_name) VALUES (?,?)", rows)
        return path

    def database(self, path: Path, lines: Iterable[Line]) -> Path:
        """A ``msgstore.db`` with these messages; the same message has the same row whatever else is there."""
        lines = list(lines)
        jids = {f"{self.number}@s.whatsapp.net": 1, GROUP: 2}
        for line in lines:
            for each in (line.chat, f"{line.sender}@s.whatsapp.net" if line.sender else line.chat):
                jids.setdefault(each, len(jids) + 1)
        with closing(_made(path, "modern.sql")) as db, db:
            for jid, row in jids.items():
                user, server = jid.split("@")
                db.execute("INSERT INTO jid (_id, user, server, raw_string) VALUES (?,?,?,?)",
                           (row, user, server, jid))  # fmt: skip
            for chat in dict.fromkeys(line.chat for line in lines):
                subject = "Kring" if chat == GROUP else None
                db.execute("INSERT INTO chat (_id, jid_row_id, subject) VALUES (?,?,?)",
                           (jids[chat], jids[chat], subject))  # fmt: skip
            for line in lines:
                self._insert(db, line, jids)
        return path

    def _insert(self, db: sqlite3.Connection, line: Line, jids: dict[str, int]) -> None:
        sent = START + int(line.minute * MINUTE)
        row = 1000 + int(line.key, 36) % 100_000
        sender = 0 if line.sender is None else jids[f"{line.sender}@s.whatsapp.net"]
        db.execute(
            "INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, status, timestamp,"
            " received_timestamp, message_type, text_data) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (row, jids[line.chat], line.sender is None, line.key, sender, 5 if line.sender is None else 0,
             sent, sent + line.late, 15 if line.revoked is not None else line.kind,
             None if line.revoked is not None else line.text),
        )  # fmt: skip
        if line.revoked is not None:
            db.execute(
                "INSERT INTO message_revoked (message_row_id, revoked_key_id, revoke_timestamp)"
                " VALUES (?,?,?)",
                (row, line.key, START + line.revoked * MINUTE),
            )


def _made(path: Path, schema: str) -> sqlite3.Connection:
    path.unlink(missing_ok=True)
    db = unsynced(path)
    db.executescript((_SCHEMA / schema).read_text("utf-8"))
    return db
