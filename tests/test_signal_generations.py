"""Every generation of Signal's schemas gives the records of the newest one (reference 3.3 and 5.3).

The golden cases are built, their columns renamed and moved as they were before a version, and read again.
"""

from __future__ import annotations

from contextlib import closing

import pytest
from signal_golden import Golden, read
from unsynced import unsynced

from parsers.signal_android import SignalAndroid
from parsers.signal_desktop import SignalDesktop

ANDROID = Golden(SignalAndroid(), "signal.db", {"message": "message", "call": "call"})
DESKTOP = Golden(SignalDesktop(), "db.sqlite", {"message": "messages", "call": "callsHistory"})


def renamed(table: str, **names: str) -> str:
    return "".join(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old};" for new, old in names.items())


RECIPIENT = renamed(
    "recipient",
    aci="uuid",
    e164="phone",
    system_joined_name="system_display_name",
    profile_given_name="signal_profile_name",
    type="group_type",
)
RECEIPTS = renamed(
    "message",
    has_delivery_receipt="delivery_receipt_count",
    has_read_receipt="read_receipt_count",
    viewed="viewed_receipt_count",
)
PART = "ALTER TABLE attachment RENAME TO part; ALTER TABLE part ADD COLUMN unique_id;" + renamed(
    "part",
    message_id="mid",
    content_type="ct",
    data_file="_data",
    transfer_state="pending_push",
    data_hash_end="data_hash",
)
MEMBERS = """
ALTER TABLE groups ADD COLUMN members TEXT;
UPDATE groups SET members = (SELECT group_concat(recipient_id, ',') FROM group_membership
  WHERE group_membership.group_id = groups.group_id);
DROP TABLE group_membership;
"""
RECIPIENT_IDS = renamed("thread", recipient_id="recipient_ids")
PREVIEWS = renamed("message", link_previews="previews", view_once="reveal_duration")
GENERATIONS = {
    "before 211: counted receipts": RECEIPTS,
    "before 201: uuid and phone": RECIPIENT,
    "before 215: part": PART,
    "before 172: members in a list": MEMBERS,
    "before 166: thread_recipient_id": renamed("thread", recipient_id="thread_recipient_id"),
    "before 108: recipient_ids": RECIPIENT_IDS,
    "before 166: previews": PREVIEWS,
    "all of them": RECEIPTS
    + RECIPIENT
    + PART
    + MEMBERS
    + PREVIEWS
    + renamed("thread", recipient_id="recipient_ids"),
}


def reading(golden: Golden, case: str, script: str, tmp_path):
    root = golden.build.build(case, tmp_path / "root")
    (main,) = root.rglob(golden.main)
    with closing(unsynced(main)) as connection:
        connection.executescript(script)
    return read(golden.parser, main, root, tmp_path / "work")


@pytest.mark.parametrize(
    ("generation", "case"), [*((each, "modern") for each in GENERATIONS), ("all of them", "stories")]
)
def test_android_reads_the_same_in_every_generation(generation, case, tmp_path):
    found = reading(ANDROID, case, GENERATIONS[generation], tmp_path)
    assert ANDROID.problems(case, found) == []
    assert all(each.balances() for each in found.accounting.values())


ODD_LIST = MEMBERS + "UPDATE groups SET members = members || ',abc,999999';"
ODD_ROW = """
INSERT INTO group_membership (group_id, recipient_id) SELECT group_id, 999999 FROM groups LIMIT 1;
INSERT INTO group_membership (group_id, recipient_id) VALUES ('no such group', 1);
"""


@pytest.mark.parametrize(
    ("script", "left_out"), [(ODD_LIST, ["abc", "999999"]), (ODD_ROW, ["999999", "1"]), ("", [])]
)
def test_a_member_of_a_group_who_is_not_there_is_a_notice_and_costs_no_other(script, left_out, tmp_path):
    found = reading(ANDROID, "modern", script, tmp_path)
    told = [each for each in found.notices if "left out" in each.text]
    assert [each.raw for each in told] == left_out
    assert ANDROID.problems("modern", found) == []


SMS_AND_MMS = renamed("sms", date="date_received", address="recipient_id") + renamed(
    "mms", date="date_sent", address="recipient_id", msg_box="type", previews="link_previews"
)


def test_sms_and_mms_are_read_under_the_names_of_version_166(tmp_path):
    found = reading(ANDROID, "legacy", SMS_AND_MMS, tmp_path)
    assert ANDROID.problems("legacy", found) == []


UUIDS = renamed("messages", sourceServiceId="sourceUuid") + renamed("conversations", serviceId="uuid")


def test_the_desktop_is_read_under_the_names_before_version_88(tmp_path):
    found = reading(DESKTOP, "modern", UUIDS, tmp_path)
    assert DESKTOP.problems("modern", found) == []


TIMES_IN_JSON = """
UPDATE messages SET json = json_set(json, '$.received_at_ms', received_at_ms)
  WHERE received_at_ms IS NOT NULL;
ALTER TABLE messages DROP COLUMN received_at_ms;
"""


def test_the_desktop_takes_from_json_what_was_no_column_yet(tmp_path):
    found = reading(DESKTOP, "modern", TIMES_IN_JSON, tmp_path)
    assert DESKTOP.problems("modern", found) == []
