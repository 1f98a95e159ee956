"""Texts that survive in the phone's notifications: tied by name and time, or not at all."""

from __future__ import annotations

import plistlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import change, done, exported, ingest, messages, new, of, verified
from test_copies import copies
from test_union import ANNA, BRAM, CHAT, DAY, changed
from whatsapp_backups import part, varint
from whatsapp_ios_installations import BUILD
from whatsapp_phones import START, Line, Phone

from forensics.formats.keyed_archive import root_list
from forensics.formats.plist import PlistError
from parsers.whatsapp_notifications import is_notifications

CLEO = "31600000203"
PHONE = Phone(number=ANNA, contacts={BRAM: "Bram", CLEO: "Cleo"})
HISTORY = f"data/system_ce/0/notification_history/history/{START}"
DELIVERED = "private/var/mobile/Library/UserNotifications/net.whatsapp.WhatsApp/DeliveredNotifications.plist"
MINUTE = 60_000
KEPT = Line(key="AA", minute=0, sender=BRAM, text="Ik ben er zo", chat=CHAT)
REVOKED = changed(Line(key="AB", minute=10, sender=BRAM, text="", chat=CHAT), revoked=11)


def posted(minute: float, title: str, text: str, *, package: bytes = part(2, 2)) -> bytes:
    """One notification of Android: 1 package or 2 its place, 9 milliseconds, 10 title, 11 text."""
    at = START + int(minute * MINUTE) + 2000
    return part(3, package + part(9, at) + part(10, title.encode()) + part(11, text.encode()))


def history(*notifications: bytes) -> bytes:
    """One file: 1 the strings (1 their number, 2 each), 2 the version, 3 the notifications."""
    pool = part(1, part(1, 2) + part(2, b"org.example.news") + part(2, b"com.whatsapp"))
    return pool + part(2, 1) + b"".join(notifications)


def phone(folder: Path, lines: list[Line], data: bytes) -> Path:
    PHONE.write(folder, lines)
    path = folder / HISTORY
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return folder


def case_of(
    tmp_path: Path, lines: list[Line], *notifications: bytes, options: tuple[object, ...] = ()
) -> Path:
    case = new(tmp_path / "case", *options)
    ingest(case, phone(tmp_path / "phone", lines, history(*notifications)))
    return case


def test_a_deleted_text_in_a_notification_is_a_copy_of_its_message(tmp_path: Path):
    case = case_of(
        tmp_path, [KEPT, REVOKED], posted(0, "Bram", "Ik ben er zo"), posted(10, "Bram", "Gooi alles weg")
    )
    (copy,) = copies(case)
    (message,) = [each for each in messages(case) if each["source"]["app_id"] == "AB"]
    assert (message["text"], message["state"]) == (None, "deleted_for_everyone")
    assert (copy["text"], copy["origin"], copy["reason"]) == (
        "Gooi alles weg", "notification", "deleted for everyone"
    )  # fmt: skip
    assert (copy["copy_of"], copy["app_id"], copy["at"]) == (message["id"], "AB", ("notification", 2))
    (notice,) = [each for each in of(exported(case), "notice") if each["severity"] == "copy"]
    assert notice["source"]["path"] == HISTORY
    assert "the only one by name and time" in notice["text"]
    assert "a copy, not the original" in notice["text"]
    assert "Gooi alles weg" in done("show", case, message["id"]).stdout
    assert verified(case, "--evidence", tmp_path / "phone") == []


def test_a_text_of_a_message_that_is_gone_stands_under_the_name_of_the_notification(tmp_path: Path):
    case = case_of(tmp_path, [KEPT], posted(30, "Bram", "Dit is helemaal weg"))
    (copy,) = copies(case)
    (talk,) = {each["conversation"] for each in messages(case)}
    people = {each["id"]: each["handle"] for each in of(exported(case), "participant")}
    assert (copy["reason"], copy["copy_of"]) == ("gone", None)
    assert copy["conversation"] == talk or people[copy["sender"]] == CHAT
    assert copy["sent_at"] == "2026-03-02T10:30:02.000Z"


@pytest.mark.parametrize(
    ("lines", "notification"),
    [
        ([KEPT, REVOKED, changed(REVOKED, key="AC", minute=10.1)], posted(10.2, "Bram", "Een van twee")),
        ([KEPT, REVOKED], posted(10, "Dora", "Van een ander")),
        ([KEPT], posted(0, "Bram", "2 nieuwe berichten")),
    ],
    ids=["two deleted ones", "another name", "a live message of that time"],
)
def test_what_cannot_be_tied_to_one_message_is_counted_and_not_told(
    lines: list[Line], notification: bytes, tmp_path: Path
):
    case = case_of(tmp_path, lines, notification)
    assert copies(case) == []
    assert any(
        each["text"] == "notifications whose text could not be tied to one message: 1 row"
        for each in of(exported(case), "notice")
    )


@pytest.mark.parametrize(
    "notification",
    [
        posted(0, "Bram", "Ik ben er zo"),
        posted(5, "Bram", "Ik ben er zo"),  # posted again with a later one
        posted(10, "Bram", "Van een andere app", package=part(1, b"org.example.news")),
        posted(10, "Bram", "Van een andere app", package=part(2, 1)),
        posted(10, "Bram", "Van geen app", package=part(2, 9)),
    ],
)
def test_what_a_message_says_and_what_other_apps_say_is_no_copy(notification: bytes, tmp_path: Path):
    case = case_of(tmp_path, [KEPT, REVOKED], notification)
    assert copies(case) == []
    assert not any("could not be tied" in each["text"] for each in of(exported(case), "notice"))


def test_a_notification_outside_the_period_is_not_read(tmp_path: Path):
    later = changed(KEPT, key="AZ", minute=3 * DAY)
    case = case_of(
        tmp_path,
        [KEPT, REVOKED, later],
        posted(10, "Bram", "Gooi alles weg"),
        options=("--from", "2026-03-04"),
    )
    assert len(messages(case)) == 1
    assert b"Gooi alles weg" not in done("export", case, "--format", "jsonl", "-o", "-").stdout_bytes


def test_a_notification_of_a_privileged_contact_is_not_read(tmp_path: Path):
    (tmp_path / "privileged.txt").write_text(f"+{BRAM}\n")
    for number, minute in enumerate((10, 30)):  # a deleted message, and one that is gone
        folder = tmp_path / str(number)
        folder.mkdir()
        case = case_of(folder, [KEPT, REVOKED], posted(minute, "Bram", "Gooi alles weg"),
                       options=("--privileged", tmp_path / "privileged.txt"))  # fmt: skip
        assert b"Gooi alles weg" not in done("export", case, "--format", "jsonl", "-o", "-").stdout_bytes


def test_a_damaged_history_is_a_notice_and_costs_nothing_else(tmp_path: Path):
    case = new(tmp_path / "case")
    data = history(posted(10, "Bram", "Gooi alles weg")) + varint(3 << 3 | 2) + b"\x7f"
    ingest(case, phone(tmp_path / "phone", [KEPT, REVOKED], data))
    assert len(copies(case)) == 1
    assert any("expected at offset" in each["text"] for each in of(exported(case), "notice"))


def test_another_users_notifications_are_not_read(tmp_path: Path):
    PHONE.write(tmp_path / "phone", [KEPT, REVOKED])
    path = tmp_path / "phone" / HISTORY.replace("/0/", "/10/")
    path.parent.mkdir(parents=True)
    path.write_bytes(history(posted(10, "Bram", "Gooi alles weg")))
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "phone")
    assert copies(case) == []


# --- iOS ----------------------------------------------------------------------------------------------


def archived(*entries: dict[str, Any]) -> bytes:
    """An array of dictionaries as NSKeyedArchiver writes it."""
    objects: list[Any] = ["$null"]

    def put(value: Any) -> plistlib.UID:
        objects.append(value)
        return plistlib.UID(len(objects) - 1)

    members = []
    for entry in entries:
        keys = [put(key) for key in entry]
        values = [put({"NS.time": each} if isinstance(each, float) else each) for each in entry.values()]
        members.append(put({"NS.keys": keys, "NS.objects": values}))
    root = put({"NS.objects": members})
    return plistlib.dumps(
        {"$archiver": "NSKeyedArchiver", "$objects": objects, "$top": {"root": root}, "$version": 100_000},
        fmt=plistlib.FMT_BINARY,
    )


def delivered(at: float, title: str, text: str) -> dict[str, Any]:
    names = ("CreationDate", "Title", "Message")
    return {f"AppNotification{name}": each for name, each in zip(names, (at, title, text), strict=True)}


def test_a_deleted_text_in_a_notification_of_ios_is_a_copy_of_its_message(tmp_path: Path):
    folder = BUILD.build("direct", tmp_path / "phone")
    storage = next(folder.rglob("ChatStorage.sqlite"))
    change(
        storage,
        "UPDATE ZWAMESSAGE SET ZMESSAGETYPE = 14, ZTEXT = NULL, ZMEDIAITEM = NULL WHERE Z_PK ="
        " (SELECT max(Z_PK) FROM ZWAMESSAGE WHERE ZISFROMME = 0 AND ZMESSAGETYPE = 0)",
    )
    case = new(tmp_path / "first")
    ingest(case, folder)
    (deleted,) = [each for each in messages(case) if each["state"] == "deleted_for_everyone"
                  and each["from_owner"] is False and each["source"]["table"] == "ZWAMESSAGE"
                  and each["text"] is None][-1:]  # fmt: skip
    people = {each["id"]: each for each in of(exported(case), "participant")}
    name = people[deleted["sender"]]["names"][0]["name"]
    stamp = deleted["received_at"] or deleted["sent_at"]
    at = datetime.fromisoformat(stamp).timestamp() - datetime(2001, 1, 1, tzinfo=UTC).timestamp() + 1.5
    path = tmp_path / "phone" / DELIVERED
    path.parent.mkdir(parents=True)
    path.write_bytes(archived(delivered(at, name, "Ruim de schuur leeg")))
    case = new(tmp_path / "second")
    ingest(case, folder)
    found = [each for each in copies(case) if each["origin"] == "notification"]
    assert [(each["text"], each["app_id"]) for each in found] == [
        ("Ruim de schuur leeg", deleted["source"]["app_id"])
    ]


def test_an_array_of_dictionaries_is_read_out_of_its_archive():
    entry = delivered(1.5, "Bram", "Hoi")
    assert root_list(archived(entry, {})) == [entry, {}]
    assert root_list(archived()) == []
    empty = {"$objects": ["$null"], "$top": {"root": plistlib.UID(0)}}
    assert root_list(plistlib.dumps(empty, fmt=plistlib.FMT_BINARY)) == []


@given(st.data())
def test_any_changed_byte_of_an_archive_gives_its_own_error(data: st.DataObject):
    whole = bytearray(archived(delivered(1.5, "Bram", "Hoi"), delivered(2.5, "Cleo", "Dag")))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    for spoilt in (bytes(whole), bytes(whole[:place])):
        try:
            assert isinstance(root_list(spoilt), list)
        except PlistError:
            continue


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (HISTORY, True),
        ("x/system_ce/0/notification_history/history/readme", False),
        (DELIVERED, True),
        (f"backup/HomeDomain/{DELIVERED.partition('mobile/')[2]}", True),
        (DELIVERED.replace("Delivered", "Pending"), False),
    ],
)
def test_where_notifications_lie(path: str, expected: bool):
    assert is_notifications(path) is expected
