"""The same call in several databases of one account, and on two phones."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sporen_runs import balance, change, done, export_bytes, exported, ingest, new, of, verified
from test_union import ANNA, BRAM, CHAT, FIRST, LAST, ORDERS, PHONE
from whatsapp_phones import GROUP, MINUTE, MSGSTORE, START, Line, Phone

OLDER = "msgstore-2026-03-03.1.db"
BRAMS = Phone(number=BRAM, contacts={ANNA: "Anna"})
IN_GROUP = Line(key="AB", minute=1, sender=None, text="Wie komt er", chat=GROUP)


def call(database: Path, row: int, key: str, minute: int, *, seconds: int = 60, partner: str = BRAM,
         from_me: int = 1) -> None:  # fmt: skip
    """A row of call_log."""
    change(
        database,
        (
            "INSERT INTO call_log (_id, jid_row_id, from_me, call_id, timestamp, video_call, duration,"
            " call_result) VALUES (?, (SELECT _id FROM jid WHERE user = ?), ?, ?, ?, 0, ?, 5)",
            (row, partner, from_me, f"call:{key}", START + minute * MINUTE, seconds),
        ),
    )


def calls(case: Path) -> dict[str, dict[str, Any]]:
    found = of(exported(case), "call")
    by_key = {each["source"]["app_id"]: each for each in found}
    assert len(by_key) == len(found)
    return by_key


def phone(root: Path) -> tuple[Path, Path]:
    """A live database with two calls, and an older one by itself with one of them, one that is gone since,
    and one of which the two say otherwise."""
    live = PHONE.write(root / "live", [FIRST, LAST])
    older = PHONE.database(root / OLDER, [FIRST])
    for database in (live / MSGSTORE, older):
        call(database, 1, "A", 5)
        call(database, 2, "B", 6, seconds=10 if database == older else 12)
    call(older, 3, "C", 7)
    call(live / MSGSTORE, 4, "D", 8000)
    return live, older


def test_a_call_in_two_databases_is_one_record_and_the_other_row_a_copy(tmp_path: Path):
    live, older = phone(tmp_path)
    case = new(tmp_path / "case")
    document = ingest(case, live, older)
    balance(document)
    found = calls(case)
    assert {key: each["source"]["path"] for key, each in found.items()} == {
        "call:A": MSGSTORE, "call:B": MSGSTORE, "call:C": OLDER, "call:D": MSGSTORE,
    }  # fmt: skip
    assert len({each["account"] for each in found.values()}) == 1
    (counted,) = [each["tables"]["call_log"] for each in document["evidence"] if each["path"] == OLDER]
    assert counted == {"rows": 3, "messages": 1, "skipped": {"copy": 2}, "failed": 0}
    told = {each["text"]: each["raw"] for each in of(exported(case), "notice")}
    assert f"2 calls of {MSGSTORE} stand in {OLDER} too: told once" in told
    raw = told[f"1 call of {OLDER}: not all is as in the record that is kept"]
    assert raw == f"{found['call:B']['id']}: seconds: 12, there 10"
    assert verified(case, "--evidence", live, "--evidence", older) == []


def test_calls_are_the_same_in_any_order_of_the_databases(tmp_path: Path):
    live, older = phone(tmp_path)
    third = PHONE.database(tmp_path / "msgstore-2026-03-05.1.db", [FIRST])
    call(third, 1, "A", 5)
    items = (live, older, third)
    first: bytes | None = None
    for number, order in enumerate(ORDERS):
        case = new(tmp_path / f"case{number}")
        for place in order:
            ingest(case, items[place])
        assert sorted(calls(case)) == ["call:A", "call:B", "call:C", "call:D"]
        first = first or export_bytes(case)
        assert export_bytes(case) == first


def test_another_time_or_direction_is_another_call(tmp_path: Path):
    live = PHONE.write(tmp_path / "live", [FIRST, LAST])
    older = PHONE.database(tmp_path / OLDER, [FIRST])
    call(live / MSGSTORE, 1, "A", 5)
    call(older, 1, "A", 6)
    call(live / MSGSTORE, 2, "B", 5)
    call(older, 2, "B", 5, from_me=0)
    case = new(tmp_path / "case")
    balance(ingest(case, live, older))
    assert len(of(exported(case), "call")) == 4


def test_a_copy_of_a_call_that_was_changed_is_found(tmp_path: Path):
    live, older = phone(tmp_path)
    case = new(tmp_path / "case")
    ingest(case, live, older)
    change(case / "case.db", "UPDATE call SET form = replace(form, '\"seconds\":10', '\"seconds\":11')")
    assert verified(case, code=1) != []


def test_a_call_on_two_phones_is_told_of_both(tmp_path: Path):
    mine = PHONE.write(tmp_path / "anna", [FIRST, IN_GROUP])
    other = BRAMS.write(
        tmp_path / "bram",
        [Line(key="AA", minute=0, sender=ANNA, text="Hoi", chat=f"{ANNA}@s.whatsapp.net")],
    )
    call(mine / MSGSTORE, 1, "A", 5)
    call(mine / MSGSTORE, 2, "B", 6)
    call(other / MSGSTORE, 1, "A", 5, partner=ANNA, from_me=0)
    case = new(tmp_path / "case")
    ingest(case, mine, other)
    found = of(exported(case), "call")
    assert len(found) == 3
    (pair,) = json.loads(done("differences", case, "--json").stdout)["devices"]
    both = {each["id"] for each in found if each["source"]["app_id"] == "call:A"}
    assert [set(each.values()) for each in pair["calls"]] == [both]
    assert "calls on both devices: 1" in done("differences", case).stdout
    assert CHAT.startswith(BRAM)


def test_a_purged_conversation_takes_all_places_of_its_calls_along(tmp_path: Path):
    live, older = phone(tmp_path)
    case = new(tmp_path / "case")
    ingest(case, live, older)
    (talk,) = {each["conversation"] for each in calls(case).values()}
    wanted = ("--conversation", talk, "--reason", "talk with a lawyer")
    done("purge", case, *wanted, "--json")
    assert of(exported(case), "call") == []
    with closing(sqlite3.connect(case / "case.db")) as db:
        rows = db.execute("SELECT path, tables FROM file WHERE tables LIKE '%call_log%'").fetchall()
    counted = {path: json.loads(tables)["call_log"] for path, tables in rows}
    assert counted == {
        MSGSTORE: {"rows": 3, "messages": 0, "skipped": {"privilege": 3}, "failed": 0},
        OLDER: {"rows": 3, "messages": 0, "skipped": {"privilege": 3}, "failed": 0},
    }
    assert verified(case) == []
