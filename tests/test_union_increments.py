"""Increments beside the databases of their account, and rows that a newer database lost and still holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sporen_runs import balance, change, exported, ingest, messages, new, of, verified
from test_union import ANNA, BRAM, CHAT, DAY, FIRST, GROUP, LAST, PHONE, changed, differences
from test_whatsapp_backups import backup, conversation, increment, info, zipped
from whatsapp_backups import part
from whatsapp_phones import MSGSTORE, START, Line

JID = f"{BRAM}@s.whatsapp.net".encode()
ANNAS = f"{ANNA}@s.whatsapp.net".encode()
INCREMENT = "Databases/msgstore-increment-1-2026-03-04.db.crypt15"
# The owner's clock has milliseconds, which an increment does not keep.
SENT = Line(key="AH", minute=3 + 0.1234 / 60, sender=None, text="Tot straks", chat=CHAT)
GONE = Line(key="AK", minute=5, sender=BRAM, text="Alleen nog in de aanvulling", chat=CHAT)


def stored(line: Line, *, more: bytes = b"", text: str | None = None) -> bytes:
    """A line as WebMessageInfo, whose time is in seconds."""
    seconds = (START + int(line.minute * 60_000)) // 1000
    written = info(JID, line.key.encode(), part(1, (text or line.text or "").encode()),
                   from_me=int(line.sender is None))  # fmt: skip
    base = info(JID, b"", b"")
    assert base
    return written.replace(part(3, 1_770_000_000), part(3, seconds)) + more


RECEIPT = part(40, part(1, JID) + part(2, START // 1000 + 60) + part(3, START // 1000 + 90))


def write(folder: Path, lines: list[Line], *infos: bytes) -> Path:
    """A phone with its live database and an increment of the day before."""
    PHONE.write(folder, lines)
    entry = increment(conversation(JID, *infos))
    backup(folder, INCREMENT, zipped(messages__bin=entry))
    return folder


def by_key(case: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in messages(case):
        found.setdefault(each["source"]["app_id"], []).append(each)
    return found


def test_an_increment_is_of_the_account_that_sent_its_messages(tmp_path: Path):
    evidence = write(
        tmp_path / "phone", [FIRST, SENT, LAST], stored(FIRST), stored(SENT, more=RECEIPT), stored(GONE)
    )
    case = new(tmp_path / "case")
    balance(ingest(case, evidence))
    records, found = exported(case), by_key(case)
    (account,) = of(records, "account")
    assert account["phone"] == f"+{ANNA}"
    owners = [each for each in of(records, "participant") if each["is_owner"]]
    assert [each["phone"] for each in owners] == [f"+{ANNA}"]
    assert {key: len(each) for key, each in found.items()} == {"AA": 1, "AH": 1, "AK": 1, "AG": 1}
    (sent,) = found["AH"]
    assert sent["source"]["path"] == MSGSTORE
    assert [each["table"] for each in sent["also"]] == ["WebMessageInfo"]
    assert sent["sent_at"] == "2026-03-02T10:03:00.123Z"
    assert found["AK"][0]["account"] == account["id"]
    assert verified(case, "--evidence", evidence) == []


def test_what_only_an_increment_still_has_is_listed_as_gone_and_what_it_lacks_is_not(tmp_path: Path):
    evidence = write(
        tmp_path / "phone", [FIRST, SENT, LAST], stored(FIRST), stored(SENT, more=RECEIPT), stored(GONE)
    )
    case = new(tmp_path / "case")
    ingest(case, evidence)
    keys = {each["id"]: each["source"]["app_id"] for each in messages(case)}
    found = {keys[each["message"]]: each for each in differences(case)}
    assert {key: each["kind"] for key, each in found.items() if key != "AH"} == {"AK": "gone"}
    assert found["AK"]["in"]["date"] == "2026-03-04"
    assert found["AK"]["not_in"]["path"] == MSGSTORE
    # the database has no receipt of this one: that the increment has is a difference
    assert [each["field"] for each in found["AH"]["fields"]] == ["receipts"]


def test_another_text_in_an_increment_is_an_older_text(tmp_path: Path):
    evidence = write(tmp_path / "phone", [FIRST, SENT], stored(FIRST), stored(SENT, text="Tot morgen"))
    case = new(tmp_path / "case")
    ingest(case, evidence)
    (sent,) = by_key(case)["AH"]
    assert (sent["text"], sent["edits"]) == ("Tot straks", [{"at": None, "text": "Tot morgen"}])
    (found,) = differences(case)
    assert (found["kind"], found["fields"]) == (
        "edited", [{"field": "text", "kept": "Tot straks", "other": "Tot morgen"}]
    )  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        [changed(SENT, minute=30)],  # another time
        [changed(SENT, key="ZZ")],  # another id
        [changed(SENT, sender=BRAM)],  # received here, sent there
    ],
    ids=["time", "id", "direction"],
)
def test_an_increment_of_which_nothing_shows_whose_it_is_stays_apart_and_says_so(
    lines: list[Line], tmp_path: Path
):
    evidence = write(tmp_path / "phone", lines, stored(SENT))
    case = new(tmp_path / "case")
    ingest(case, evidence)
    records = exported(case)
    assert len(of(records, "account")) == 2
    assert len(of(records, "message")) == 2
    assert any("it stays one of its own unless" in each["text"] for each in of(records, "notice"))


def test_receipts_of_an_increment(tmp_path: Path):
    more = RECEIPT + part(40, part(1, f"{BRAM}99@lid".encode()))
    (tmp_path / "increment.zip").write_bytes(
        zipped(messages__bin=increment(conversation(JID, stored(SENT, more=more))))
    )
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "increment.zip")
    (message,) = messages(case)
    people = {each["id"]: each["handle"] for each in of(exported(case), "participant")}
    assert [
        (people[each["participant"]], each["delivered_at"], each["read_at"], each["played_at"])
        for each in message["receipts"]
    ] == [
        (JID.decode(), "2026-03-02T10:01:00.000Z", "2026-03-02T10:01:30.000Z", None),
        (f"{BRAM}99@lid", None, None, None),
    ]


# --- What a newer database lost and its pages still hold ----------------------------------------------

OLDER = "msgstore-2026-03-03.1.db"
LOST = Line(key="AB", minute=1, sender=BRAM, text="Dit bericht is straks nergens meer te zien", chat=CHAT)
LOST_IN_GROUP = Line(key="AC", minute=2, sender=BRAM, text="Ook in de groep is dit gewist", chat=GROUP)


def lost(folder: Path, *statements: str) -> Path:
    """A live database whose row was deleted and still lies in its page, and a backup that has it."""
    PHONE.write(folder, [FIRST, LOST, LOST_IN_GROUP, changed(LAST, minute=5 * DAY)])
    PHONE.database(folder / MSGSTORE.replace("msgstore.db", OLDER), [FIRST, LOST, LOST_IN_GROUP])
    change(
        folder / MSGSTORE,
        "PRAGMA secure_delete = OFF",
        *statements,
        "DELETE FROM message WHERE key_id IN ('AB', 'AC')",
    )
    return folder


def test_a_message_that_was_lost_and_recovered_is_told_once(tmp_path: Path):
    evidence = lost(tmp_path / "phone")
    case = new(tmp_path / "case")
    document = ingest(case, evidence)
    balance(document)
    found = by_key(case)
    assert {key: len(each) for key, each in found.items()} == {"AA": 1, "AB": 1, "AC": 1, "AG": 1}
    (message,) = found["AB"]
    assert (message["state"], message["text"]) == ("live", LOST.text)
    assert message["source"]["path"].endswith(OLDER)
    (remains,) = message["also"]
    assert (remains["path"], remains["page"] is not None) == (MSGSTORE, True)
    gone = {each["message"]: each for each in differences(case) if each["kind"] == "gone"}
    assert gone[message["id"]]["recovered"] == {
        "path": MSGSTORE, "page": remains["page"], "offset": remains["offset"]
    }  # fmt: skip
    (notice,) = [each["text"] for each in of(exported(case), "notice") if "and not in" in each["text"]]
    assert notice.endswith("(2 of them recovered there)")
    assert verified(case, "--evidence", evidence) == []


def test_a_recovered_row_that_says_something_else_stays_a_message_of_its_own(tmp_path: Path):
    text = "Eerst stond hier een heel andere tekst, die langer is"
    evidence = lost(tmp_path / "phone", f"UPDATE message SET text_data = '{text}' WHERE key_id = 'AB'")
    case = new(tmp_path / "case")
    ingest(case, evidence)
    found = {each["text"]: each for each in by_key(case)["AB"]}
    assert found[text]["state"] == "recovered"
    assert found[str(LOST.text)]["also"] == [] or found[str(LOST.text)]["also"][0]["page"] is not None
    assert verified(case, "--evidence", evidence) == []
