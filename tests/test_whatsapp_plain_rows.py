"""The short way of a plain message of WhatsApp: whatever a row holds, it gives what the long way gives.

Reading in ``whatsapp_installations`` compares both ways with each other, for every database of every test.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_whatsapp_android_rows import DATABASES, LOOSE, PEOPLE, TIME, Make, database, make, text
from whatsapp_installations import open_installation, read

from forensics.fields import AFTER_CHAT_APPS, BEFORE_CHAT_APPS
from parsers.whatsapp_android import WhatsAppAndroid

__all__ = ["make"]

TIMES = st.sampled_from(
    [TIME, None, 0, -1, -5, BEFORE_CHAT_APPS - 1, BEFORE_CHAT_APPS, AFTER_CHAT_APPS - 1, AFTER_CHAT_APPS, "x"]
)
USUAL_TIMES = st.integers(BEFORE_CHAT_APPS, AFTER_CHAT_APPS - 1) | TIMES
CODES = st.sampled_from([0, 0, 0, 1, 2, 7, 15, 36, 56, 64, 90, 999, None, "0", 0.0])
COLUMNS = {
    "chat_row_id": st.sampled_from([1, 2, 3, None, "1"]),
    "from_me": st.sampled_from([0, 1, 2, None, "1"]),
    "key_id": st.sampled_from(["KEY", None, "", 5]),
    "sender_jid_row_id": st.sampled_from([0, -1, -7, 1, 2, 3, 4, 99, None]),
    "status": st.sampled_from([0, 4, 5, 6, 8, 13, 99, None]),
    "origination_flags": st.sampled_from([0, 0, 1, 2, None]),
    "origin": st.sampled_from([0, 1, None]),
    "timestamp": USUAL_TIMES,
    "received_timestamp": USUAL_TIMES,
    "message_type": CODES,
    "text_data": st.sampled_from(["hoi", "", None, 7, b"blob", "\u202eom\U0001f600"]),
    "starred": st.sampled_from([0, 0, 1, None]),
}
# message, who, and when it was received, read and played
RECEIPTS = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from([1, 2, 3, 99]), USUAL_TIMES, USUAL_TIMES, USUAL_TIMES),
    max_size=30,
)
INTO_RECEIPTS = (
    "INSERT INTO receipt_user (message_row_id, receipt_user_jid_row_id, receipt_timestamp, read_timestamp,"
    " played_timestamp) VALUES (?, ?, ?, ?, ?)"
)


# to shrink an example of files takes longer than to read it
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.fixed_dictionaries(COLUMNS), min_size=20, max_size=60), st.booleans(), RECEIPTS)
def test_both_ways_give_the_same_records_of_any_rows(rows, is_being_deleted, receipts):
    with TemporaryDirectory() as folder:
        root = Path(folder) / "evidence"
        job = "INSERT INTO deleted_chat_job (chat_row_id, deleted_message_row_id) VALUES (1, 30);"
        database(root / DATABASES / "msgstore.db", "modern", PEOPLE + LOOSE + job * is_being_deleted)
        with closing(sqlite3.connect(root / DATABASES / "msgstore.db", isolation_level=None)) as connection:
            marks = ",".join("?" * len(COLUMNS))
            sql = f"INSERT INTO message ({','.join(COLUMNS)}) VALUES ({marks})"
            connection.executemany(sql, [tuple(row[name] for name in COLUMNS) for row in rows])
            connection.executemany(INTO_RECEIPTS, receipts)
        reading = read(root, Path(folder))
        assert len(reading.messages) == len(rows)


def test_a_plain_text_takes_the_short_way_and_no_other_message_does(make: Make, tmp_path: Path) -> None:
    common = {"chat_row_id": 1, "sender_jid_row_id": 0}
    make(
        PEOPLE
        + text(2, **common, text_data="plain")
        + text(3, **common, from_me=1, status=5, text_data="my own")
        + text(4, **common, starred=1)
        + text(5, **common, message_type=1)
        + text(6, **common, origination_flags=1)
        + text(7, chat_row_id=9, sender_jid_row_id=0)
        + text(8, **common, from_me=1, status=5, text_data="received")
        + text(9, **common, from_me=1, status=5, text_data="received at no time that is one")
        + f"INSERT INTO receipt_user (message_row_id, receipt_user_jid_row_id, receipt_timestamp)"
        f" VALUES (8, 2, {TIME}), (9, 2, 5);"
    )
    with open_installation(tmp_path / "evidence", tmp_path / "again") as installation:
        rows = [each for each in WhatsAppAndroid().read_rows(installation) if isinstance(each, tuple)]
    assert [row[9] for row in rows] == ["plain", "my own", "received"]
