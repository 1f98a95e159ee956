"""The export, key by key as the contract writes it, over the whole demonstration phone; show and decide."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import rfc8785
import sporen_runs
from contract_schema import RECORDS, record
from jsonschema import Draft202012Validator
from source_tree import ROOT
from sporen_runs import (
    MSGSTORE,
    balance,
    change,
    done,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    refused,
    verified,
)

ORDER = ["account", "conversation", "participant", "message", "call", "notice", "flag"]


FLAG_KEYS = {
    "record",
    "id",
    "kind",
    "conversation",
    "messages",
    "score",
    "rules",
    "items",
    "laws",
    "decision",
}


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "phone"
    maker = [sys.executable, str(ROOT / "fixtures" / "demo" / "make_demo.py"), str(folder)]
    subprocess.run(maker, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def made(phone: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    case = new(tmp_path_factory.mktemp("demo-case") / "case")
    return case, ingest(case, phone)


@pytest.fixture(scope="module")
def case(made: tuple[Path, dict[str, Any]]) -> Path:
    return made[0]


@pytest.fixture(scope="module")
def records(case: Path) -> list[dict[str, Any]]:
    return exported(case)


def test_the_kinds_of_record_come_in_their_order(records: list[dict[str, Any]]):
    places = [ORDER.index(record["record"]) for record in records]
    assert places == sorted(places)
    assert set(places) == set(range(len(ORDER)))


@pytest.mark.parametrize("kind", RECORDS)
def test_every_record_has_exactly_the_keys_and_types_of_the_contract(
    kind: str, records: list[dict[str, Any]]
):
    validator = Draft202012Validator(record({"record": {"const": kind}, **RECORDS[kind]}))
    for found in of(records, kind):
        assert not [error.message for error in validator.iter_errors(found)], found


def test_a_flag_has_the_keys_of_the_contract(records: list[dict[str, Any]]):
    ids = {each["id"] for each in of(records, "message")}
    for flag in of(records, "flag"):
        assert flag.keys() >= FLAG_KEYS
        assert set(flag["messages"]) <= ids
        assert flag["messages"] and flag["rules"]


def test_every_digest_is_that_of_the_canonical_form(records: list[dict[str, Any]]):
    for found in [*of(records, "message"), *of(records, "call")]:
        kept = {name: value for name, value in found.items() if name not in ("id", "record_sha256")}
        assert hashlib.sha256(rfc8785.dumps(kept)).hexdigest() == found["record_sha256"]


def test_every_reference_has_its_record_and_every_id_is_there_once(records: list[dict[str, Any]]):
    ids = {kind: [each["id"] for each in of(records, kind)] for kind in ORDER if kind != "notice"}
    for kind, found in ids.items():
        assert len(found) == len(set(found)), kind
    people, chats, accounts = (set(ids[kind]) for kind in ("participant", "conversation", "account"))
    for message in of(records, "message"):
        assert message["conversation"] in chats
        assert message["account"] in accounts
        named = [message["sender"], message["deleted_by"], *message["mentions"]]
        named += [each["sender"] for each in message["reactions"]]
        named += [each["participant"] for each in message["receipts"]]
        assert {each for each in named if each} <= people
    for chat in of(records, "conversation"):
        assert set(chat["participants"]) <= people


def test_messages_come_by_conversation_and_time_and_are_counted(records: list[dict[str, Any]]):
    chats = {chat["id"]: chat for chat in of(records, "conversation")}
    order = list(chats)
    found = of(records, "message")
    places = [(order.index(each["conversation"]), each["sent_at"] or "") for each in found]
    assert places == sorted(places)
    for key, chat in chats.items():
        assert chat["messages"] == sum(each["conversation"] == key for each in found)
        kinds = {each["conversation_kind"] for each in found if each["conversation"] == key}
        assert kinds <= {chat["kind"]}


def test_there_is_one_owner_for_each_account_and_his_messages_are_his(records: list[dict[str, Any]]):
    owners = [each["id"] for each in of(records, "participant") if each["is_owner"]]
    assert len(owners) == len(of(records, "account"))
    assert {
        each["sender"] for each in of(records, "message") if each["from_owner"] and each["kind"] != "system"
    } == set(owners)


def test_every_row_is_accounted_for(made: tuple[Path, dict[str, Any]], records: list[dict[str, Any]]):
    found = made[1]
    balance(found)
    tables = [table for file in found["evidence"] for table in file["tables"].values()]
    live = [each for each in of(records, "message") if each["source"]["page"] is None]
    assert sum(table["messages"] for table in tables) == len(live) + len(of(records, "call"))
    assert {"path", "sha256", "app", "platform", "tables"} == set(found["evidence"][0])


def test_ids_and_sources_point_into_the_evidence(case: Path, phone: Path, records: list[dict[str, Any]]):
    for source in {json.dumps(each["source"]["path"]) for each in of(records, "message")}:
        assert (phone / json.loads(source)).is_file()
    (digest,) = {each["source"]["evidence_sha256"] for each in of(records, "message")}
    lines = sorted(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(phone).as_posix()}\n"
        for path in phone.rglob("*")
        if path.is_file()
    )
    assert hashlib.sha256("".join(lines).encode()).hexdigest() == digest


def test_show_reads_the_source_row_again(case: Path, records: list[dict[str, Any]], phone: Path):
    plain = [each for each in of(records, "message") if each["kind"] == "text" and each["text"]]
    for message in (plain[0], plain[-1]):
        shown = json.loads(done("show", case, message["id"], "--json").stdout)
        assert shown["message"] == message
        assert shown["source_row"]["values"]["text_data"] == message["text"]
        assert message["id"] in [each["id"] for each in shown["context"]]


def test_show_says_when_the_evidence_is_elsewhere_or_another(
    case: Path, records: list[dict[str, Any]], tmp_path: Path
):
    key = of(records, "message")[0]["id"]
    (tmp_path / "other.db").write_bytes(b"x")
    for place in (tmp_path / "gone", tmp_path / "other.db"):
        row = json.loads(done("show", case, key, "--evidence", place, "--json").stdout)["source_row"]
        assert "values" not in row
        assert str(place) in row["status"]


def test_a_decision_is_appended_logged_and_the_newest_counts(case: Path, records: list[dict[str, Any]]):
    flag = of(records, "flag")[0]["id"]
    for decision, reason in (("uncertain", "first look"), ("confirmed", "read again")):
        done("decide", case, flag, decision, "--reason", reason, "--by", "B. Reader")
    made = next(each["decision"] for each in of(exported(case), "flag") if each["id"] == flag)
    assert (made["decision"], made["reason"], made["by"]) == ("confirmed", "read again", "B. Reader")
    reviews = [each for each in log(case) if each["action"] == "flag.review"]
    assert [each["result"] for each in reviews] == ["uncertain", "confirmed"]
    assert refused(2, "decide", case, flag, "confirmed", "--reason", " ")
    assert verified(case) == []


def test_validate_prints_rates_with_intervals():
    """Of one set; of all in test_analysis_validation, where they are run."""
    found = json.loads(done("validate", "--set", "built-in", "--json").stdout)
    assert "blind" not in found
    for rate in found["trade"].values():
        assert 0 <= rate["interval"][0] <= rate["rate"] <= rate["interval"][1] <= 1


# --- Values that do not belong ------------------------------------------------------------------------------


def test_odd_values_in_rows_cost_no_other_row(tmp_path: Path):
    evidence = sporen_runs.phone(tmp_path / "phone")
    rows: list[tuple[str, tuple[object, ...]]] = []
    odd: list[tuple[str, object]] = [
        ("text_data", None),
        ("text_data", b"\xff\xfebytes"),
        ("text_data", 12345),
        ("timestamp", 0),
        ("timestamp", -1_000),
        ("timestamp", 4_292_000_000_000),
        ("timestamp", 1_709_546_400),
        ("timestamp", 2**62),
        ("timestamp", "soon"),
        ("timestamp", None),
        ("message_type", 4711),
        ("message_type", "x"),
        ("key_id", b"\x00"),
        ("from_me", 7),
        ("chat_row_id", 99999),
        ("sender_jid_row_id", 99999),
    ]
    for number, (column, value) in enumerate(odd):
        values: dict[str, object] = {
            "_id": 5000 + number,
            "chat_row_id": 1,
            "from_me": 0,
            "key_id": f"K{number}",
        }
        values |= {"text_data": "hallo", "timestamp": 1_709_546_400_000 + number, "message_type": 0}
        values |= {"sender_jid_row_id": 0}
        values[column] = value
        places = ",".join("?" * len(values))
        rows.append((f"INSERT INTO message ({','.join(values)}) VALUES ({places})", tuple(values.values())))
    rows.append(
        ("INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)"
         " VALUES (6000, 1, 0, 'UTF', 1709546500000, 0, CAST(x'68ff69' AS TEXT))", ())
    )  # fmt: skip
    change(evidence / MSGSTORE, "DROP TRIGGER IF EXISTS message_bd_for_deleted_messages_trigger", *rows)
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    balance(found)
    table = next(file["tables"]["message"] for file in found["evidence"] if "message" in file["tables"])
    assert table["rows"] == 50 + len(rows)
    assert table["messages"] + table["failed"] == 49 + len(rows)
    by_row = {each["source"]["rowid"]: each for each in messages(case)}
    assert by_row[6000]["text"] == "h\ufffdi"
    assert by_row[5003]["sent_at"] in (None, "1970-01-01T00:00:00.000Z")
    assert by_row[5005]["sent_at"] == "2106-01-03T22:13:20.000Z"
    assert by_row[5010]["kind"] == "unknown"
    notices = of(exported(case), "notice")
    raw = [each for each in notices if each["raw"] and "ff69" in each["raw"]]
    assert raw, "the bytes that are no UTF-8 stand in a notice"
    assert table["failed"] == sum(each["severity"] == "failed" for each in notices)
    assert verified(case, "--evidence", evidence) == []


@pytest.mark.parametrize("size", [5_000_000, pytest.param(100_000_000, marks=pytest.mark.full)])
def test_a_flood_of_text_in_one_message_is_read_whole(size: int, tmp_path: Path):
    evidence = sporen_runs.phone(tmp_path / "phone")
    flood = "vloed " * (size // 6)
    change(evidence / MSGSTORE, ("UPDATE message SET text_data = ? WHERE _id = 5", (flood,)))
    case = new(tmp_path / "case")
    assert ingest(case, evidence)["messages"] == 49
    assert flood in [each["text"] for each in messages(case)]
