"""An iPhone and an Android phone in one case that wrote to each other: messages have one id on both."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from source_tree import ROOT
from sporen_runs import done, ingest, messages, new, of
from test_union import ANNA, BRAM, CHAT, PHONE
from unsynced import unsynced
from whatsapp_phones import START, Line

SCHEMA = ROOT / "fixtures" / "whatsapp_ios" / "schema" / "chatstorage.sql"
CONTAINER = "private/var/mobile/Containers/Shared/AppGroup/5E/group.net.whatsapp.WhatsApp.shared"
MAC_EPOCH = 978_307_200
PLIST = f"""<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>OwnJabberID</key><string>{BRAM}@s.whatsapp.net</string></dict></plist>
"""
LINES = [
    Line(key="AA", minute=0, sender=None, text="Ben je thuis", chat=CHAT),
    Line(key="AB", minute=1, sender=BRAM, text="Ja, kom maar", chat=CHAT),
    Line(key="AC", minute=2, sender=None, text="Vergeet dit", chat=CHAT),
    Line(key="AD", minute=3, sender=BRAM, text="Tot zo", chat=CHAT),
]


def iphone(folder: Path) -> Path:
    """Bram's iPhone: the same conversation from the other side, one message deleted for everyone there."""
    storage = folder / CONTAINER / "ChatStorage.sqlite"
    preferences = folder / CONTAINER / "Library/Preferences/group.net.whatsapp.WhatsApp.shared.plist"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(PLIST, "utf-8")
    with closing(unsynced(storage)) as db, db:
        db.executescript(SCHEMA.read_text("utf-8"))
        db.execute(
            "INSERT INTO ZWACHATSESSION (Z_PK, ZCONTACTJID, ZSESSIONTYPE) VALUES (1, ?, 0)",
            (f"{ANNA}@s.whatsapp.net",),
        )
        for number, line in enumerate(LINES, 1):
            sent = (START + int(line.minute * 60_000)) / 1000 - MAC_EPOCH
            is_deleted, is_own = line.key == "AC", line.sender == BRAM
            db.execute(
                "INSERT INTO ZWAMESSAGE (Z_PK, ZCHATSESSION, ZISFROMME, ZSTANZAID, ZMESSAGESTATUS,"
                " ZMESSAGETYPE, ZMESSAGEDATE, ZTEXT, ZSORT) VALUES (?, 1, ?, ?, 8, ?, ?, ?, ?)",
                (number, is_own, line.key, 14 if is_deleted else 0, sent,
                 None if is_deleted else line.text, number),
            )  # fmt: skip
    return folder


def test_messages_of_an_iphone_and_an_android_phone_are_linked_by_their_id(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, PHONE.write(tmp_path / "android", LINES), iphone(tmp_path / "iphone"))
    found = messages(case)
    assert sorted((each["platform"], each["source"]["app_id"]) for each in found) == [
        (platform, key) for platform in ("android", "ios") for key in ("AA", "AB", "AC", "AD")
    ]
    told = json.loads(done("differences", case, "--json").stdout)
    (pair,) = told["devices"]
    assert pair["links"] == {"id": 4}
    (difference,) = told["differences"]
    assert (difference["scope"], difference["kind"]) == ("devices", "deleted")
    key = {each["id"]: each["source"]["app_id"] for each in found}
    assert (key[difference["message"]], key[difference["other"]]) == ("AC", "AC")
    assert "on both devices" in done("show", case, difference["message"]).stdout
    assert of(found, "message") == found
