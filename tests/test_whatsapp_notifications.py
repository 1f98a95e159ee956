"""Texts that survive in the phone's notifications: tied by name and time, or not at all."""

from __future__ import annotations

import hashlib
import plistlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyed_archives import Array, Fields, archived
from sporen_runs import change, done, exported, ingest, messages, new, of, verified
from test_copies import copies
from test_union import ANNA, BRAM, CHAT, DAY, changed
from whatsapp_backups import part, varint
from whatsapp_ios_installations import BUILD
from whatsapp_phones import GROUP, START, Line, Phone

from forensics.formats.keyed_archive import root_dictionary, root_list
from forensics.formats.plist import PlistError
from parsers import whatsapp_notifications
from parsers.whatsapp_notifications import Notifications, is_notifications

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


def counted(case: Path) -> list[str]:
    """Notices on notifications that are only counted."""
    return [
        each["text"] for each in of(exported(case), "notice") if each["text"].startswith("notifications ")
    ]


@pytest.mark.parametrize("at", [2**50, 2**64 - 1])
def test_a_time_outside_the_calendar_is_counted_and_costs_its_notification(at: int, tmp_path: Path):
    far = part(3, part(1, b"com.whatsapp") + part(9, at) + part(10, b"Bram") + part(11, b"x"))
    case = case_of(tmp_path, [KEPT, REVOKED], far, posted(10, "Bram", "Gooi alles weg"))
    assert [each["text"] for each in copies(case)] == ["Gooi alles weg"]
    assert counted(case) == ["notifications whose time is outside the calendar: 1 row"]


def title_of(tmp_path: Path, lines: list[Line]) -> str:
    """What the group of these lines is called."""
    case = new(tmp_path / "named")
    ingest(case, PHONE.write(tmp_path / "group", lines))
    (title,) = [each["title"] for each in of(exported(case), "conversation") if each["kind"] == "group"]
    return str(title)


IN_GROUP = [
    Line(key="GA", minute=0, sender=BRAM, text="Hoi", chat=GROUP),
    Line(key="GB", minute=1, sender=CLEO, text="Dag", chat=GROUP),
]


def test_who_said_what_is_gone_in_a_group_is_read_from_its_beginning(tmp_path: Path):
    case = case_of(tmp_path, IN_GROUP, posted(30, title_of(tmp_path, IN_GROUP), "Cleo: Ruim op"))
    people = {each["id"]: each["handle"] for each in of(exported(case), "participant")}
    assert [(each["text"], people[each["sender"]]) for each in copies(case)] == [
        ("Cleo: Ruim op", f"{CLEO}@s.whatsapp.net")
    ]


def test_what_a_privileged_member_said_in_a_group_and_is_gone_is_not_read(tmp_path: Path):
    (tmp_path / "privileged.txt").write_text(f"+{CLEO}\n")
    title = title_of(tmp_path, IN_GROUP)
    case = case_of(tmp_path, IN_GROUP, posted(30, title, "Cleo: Ruim op"), posted(40, title, "Bram: Goed"),
                   options=("--privileged", tmp_path / "privileged.txt"))  # fmt: skip
    assert [each["text"] for each in copies(case)] == ["Bram: Goed"]
    assert b"Ruim op" not in done("export", case, "--format", "jsonl", "-o", "-").stdout_bytes


def test_words_for_an_image_that_is_there_are_not_told_as_gone(tmp_path: Path):
    image = Line(key="AI", minute=20, sender=BRAM, text=None, chat=CHAT, kind=1)
    case = case_of(tmp_path, [KEPT, image], posted(25, "Bram", "📷 Photo"))
    assert copies(case) == []
    assert counted(case) == ["notifications whose text could not be tied to one message: 1 row"]


def test_a_file_is_hashed_once_and_only_messages_of_that_time_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    digests, looked = [], []
    is_named = Notifications._is_named

    def looking(self: Notifications, message: Any, title: str) -> bool:
        looked.append(title)
        return is_named(self, message, title)

    class Counted:
        @staticmethod
        def sha256(data: bytes) -> Any:
            digests.append(len(data))
            return hashlib.sha256(data)

    monkeypatch.setattr(Notifications, "_is_named", looking)
    monkeypatch.setattr(whatsapp_notifications, "hashlib", Counted)
    lines = [changed(KEPT, key=f"K{each}", minute=60 * each) for each in range(40)]
    case_of(tmp_path, lines, *(posted(60 * each, "Bram", "Ik ben er zo") for each in range(40)))
    assert (len(digests), len(looked)) == (1, 40)


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


def array(*entries: dict[str, Any]) -> bytes:
    """An array of dictionaries; a number with a fraction in them is a date."""
    return archived(
        Array(
            {
                key: Fields({"NS.time": each}) if isinstance(each, float) else each
                for key, each in entry.items()
            }
            for entry in entries
        )
    )


def delivered(at: float, title: str, text: str) -> dict[str, Any]:
    names = ("CreationDate", "Title", "Message")
    return {f"AppNotification{name}": each for name, each in zip(names, (at, title, text), strict=True)}


def deleted_on_an_iphone(tmp_path: Path) -> tuple[Path, dict[str, Any], bytes]:
    """An iPhone with a received message that was deleted, that message, and a notification of its text."""
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
    return folder, deleted, array(delivered(at, name, "Ruim de schuur leeg"))


RANDOM = "5C0B2A9E-0000-4000-8000-0000000000AA"
LIBRARY = "private/var/mobile/Library/UserNotificationsServer/Library.plist"


@pytest.mark.parametrize(
    ("folder", "listed", "expected"),
    [
        ("net.whatsapp.WhatsApp", None, 1),
        (RANDOM, {"net.whatsapp.WhatsApp": RANDOM, "org.example.news": RANDOM.replace("A", "B")}, 1),
        (RANDOM, {"org.example.news": RANDOM}, 0),
        (RANDOM, None, 0),
    ],
    ids=["by its bundle", "by the phone's list", "of another app", "of nobody known"],
)
def test_a_deleted_text_in_a_notification_of_ios_is_a_copy_of_its_message(
    folder: str, listed: dict[str, Any] | None, expected: int, tmp_path: Path
):
    root, deleted, data = deleted_on_an_iphone(tmp_path)
    place = DELIVERED.replace("net.whatsapp.WhatsApp", folder)
    for path, content in ((place, data), (LIBRARY, None if listed is None else archived(listed))):
        if content is not None:
            (root / path).parent.mkdir(parents=True)
            (root / path).write_bytes(content)
    case = new(tmp_path / "second")
    ingest(case, root)
    found = [each for each in copies(case) if each["origin"] == "notification"]
    assert [(each["text"], each["app_id"]) for each in found] == [
        ("Ruim de schuur leeg", deleted["source"]["app_id"])
    ] * expected
    said = [each for each in of(exported(case), "notice") if "no list explains" in each["text"]]
    assert len(said) == (folder == RANDOM and listed is None)


def test_a_list_of_folders_that_cannot_be_read_is_told(tmp_path: Path):
    root, _deleted, data = deleted_on_an_iphone(tmp_path)
    for path, content in ((DELIVERED, data), (LIBRARY, b"bplist00 and no more")):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_bytes(content)
    case = new(tmp_path / "second")
    ingest(case, root)
    assert [each["origin"] for each in copies(case)].count("notification") == 1
    assert any("whose notifications lie where" in each["text"] for each in of(exported(case), "notice"))


def test_an_array_of_dictionaries_is_read_out_of_its_archive():
    entry, listed = delivered(1.5, "Bram", "Hoi"), {"net.whatsapp.WhatsApp": RANDOM}
    assert root_list(array(entry, {})) == [entry, {}]
    assert root_list(array()) == []
    empty = {"$objects": ["$null"], "$top": {"root": plistlib.UID(0)}}
    assert root_list(plistlib.dumps(empty, fmt=plistlib.FMT_BINARY)) == []
    assert root_dictionary(archived(listed)) == listed
    assert root_dictionary(array(entry)) == {}


@given(st.data())
def test_any_changed_byte_of_an_archive_gives_its_own_error(data: st.DataObject):
    whole = bytearray(array(delivered(1.5, "Bram", "Hoi"), delivered(2.5, "Cleo", "Dag")))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    for spoilt in (bytes(whole), bytes(whole[:place])):
        for read, kind in ((root_list, list), (root_dictionary, dict)):
            try:
                assert isinstance(read(spoilt), kind)
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
        (LIBRARY, True),
        (LIBRARY.replace("Server", ""), False),
    ],
)
def test_where_notifications_lie(path: str, expected: bool):
    assert is_notifications(path) is expected
