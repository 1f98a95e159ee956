"""The golden cases of WhatsApp on Android are sound in themselves: nothing here runs a parser."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fixture_programs import load

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "whatsapp_android"
OPENED: dict[Path, sqlite3.Connection] = {}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXT_COLUMNS = {"message": ("text_data",), "messages": ("data", "media_caption", "media_name")}


BUILD = load("whatsapp_android")
MAKE_EXPECTED = load("whatsapp_android", "make_expected")
CASES = BUILD.cases()


def expected(case: str, kind: str | None = None) -> list[dict]:
    lines = (FOLDER / case / "expected.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [record for record in records if kind in (None, record["record"])]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    root = tmp_path_factory.mktemp("whatsapp")
    yield {case: BUILD.build(case, root / case) for case in CASES}
    while OPENED:
        OPENED.popitem()[1].close()


def open_database(path: Path) -> sqlite3.Connection:
    """A view in memory: opening the evidence itself would fold its -wal into it."""
    if path in OPENED:
        return OPENED[path]
    memory = OPENED[path] = sqlite3.connect(":memory:")
    with tempfile.TemporaryDirectory() as temporary:
        for file in (path, Path(f"{path}-wal")):
            if file.exists():
                shutil.copyfile(file, Path(temporary) / file.name)
        with closing(sqlite3.connect(Path(temporary) / path.name)) as connection:
            connection.backup(memory)
    memory.row_factory = sqlite3.Row
    memory.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return memory


def find_row(root: Path, source: dict) -> sqlite3.Row | None:
    query = f'SELECT * FROM "{source["table"]}" WHERE rowid = ?'
    row: sqlite3.Row | None = (
        open_database(root / source["path"]).execute(query, (source["rowid"],)).fetchone()
    )
    return row


def as_instant(milliseconds: int) -> str:
    instant = EPOCH + timedelta(milliseconds=milliseconds)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_all_cases_are_found() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("case", CASES)
def test_the_expected_records_are_those_written_by_hand(case: str) -> None:
    assert MAKE_EXPECTED.expand_case(FOLDER / case) == (FOLDER / case / "expected.jsonl").read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_every_source_names_an_existing_row_with_that_key(case: str, evidence: dict[str, Path]) -> None:
    for record in expected(case, "message"):
        for source in (record["source"], *record.get("also", [])):
            row = find_row(evidence[case], source)
            assert row is not None, source
            if "app_id" in source:
                assert row["key_id"] == source["app_id"], source


@pytest.mark.parametrize("case", CASES)
def test_times_and_texts_are_those_of_the_row(case: str, evidence: dict[str, Path]) -> None:
    for record in expected(case, "message"):
        source = record["source"]
        row = find_row(evidence[case], source)
        assert row is not None
        if record.get("sent_at"):
            assert record["sent_at"] == as_instant(row["timestamp"]), source
        if record.get("received_at"):
            assert record["received_at"] == as_instant(row["received_timestamp"]), source
        stored = [row[column] for column in TEXT_COLUMNS[source["table"]]]
        stored = [value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in stored]
        if record.get("text") and record["kind" if "kind" in record else "record"] != "document":
            assert record["text"] in stored, source


@pytest.mark.parametrize("case", CASES)
def test_no_two_records_share_a_row_and_answers_name_records(case: str) -> None:
    records = expected(case, "message")
    places = [f"{record['source']['table']}:{record['source']['rowid']}" for record in records]
    assert len(set(places)) == len(places)
    answers = {record["reply_to"]["id"] for record in records if (record.get("reply_to") or {}).get("id")}
    assert answers <= set(places)
    calls = [record["at"] for record in expected(case, "call")]
    assert len(set(calls)) == len(calls)


@pytest.mark.parametrize("case", CASES)
def test_conversations_and_people_that_records_name_are_known(case: str) -> None:
    handles = {record["handle"] for record in expected(case, "conversation")}
    for record in expected(case, "message"):
        assert record.get("conversation") is None or record["conversation"] in handles, record["source"]
    jids = set(MAKE_EXPECTED.json.loads((FOLDER / "people.json").read_text("utf-8")).values())
    named = {record["sender"] for record in expected(case) if record.get("sender")}
    assert named <= jids


@pytest.mark.parametrize("case", CASES)
def test_the_accounting_adds_up_and_counts_the_rows(case: str, evidence: dict[str, Path]) -> None:
    tables = json.loads((FOLDER / case / "expected_tables.json").read_text("utf-8"))
    complete = BUILD.describe(case)["complete"]
    found = Counter(
        (r["record"], r["source"]["table"]) for r in expected(case) if "table" in r.get("source", {})
    )
    for database, counts in tables.items():
        connection = open_database(next(evidence[case].rglob(database)))
        for table, count in counts.items():
            assert connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] == count["rows"]
            if complete and "messages" in count:
                kind = "call" if table == "call_log" else "message"
                assert found[kind, table] == count["messages"], table
                assert count["rows"] == sum((count["messages"], *count["skipped"].values(), count["failed"]))


@pytest.mark.parametrize("case", CASES)
def test_attachments_that_are_present_are_in_the_evidence(case: str, evidence: dict[str, Path]) -> None:
    files = {}
    for path in evidence[case].rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            files[hashlib.sha256(content).hexdigest()] = len(content)
    for record in expected(case, "message"):
        for attachment in record.get("attachments", []):
            if attachment.get("present") and "sha256" in attachment:
                assert files[attachment["sha256"]] == attachment["size"], record["source"]


@pytest.mark.parametrize("case", CASES)
def test_notices_are_regular_expressions(case: str) -> None:
    for pattern in json.loads((FOLDER / case / "expected_notices.json").read_text("utf-8")):
        re.compile(pattern)


def test_all_numbers_are_fictitious() -> None:
    for path in FOLDER.rglob("*"):
        if path.suffix in {".sql", ".json", ".jsonl", ".xml"}:
            for number in re.findall(r"(?<![\w.])31\d{9}(?!\d)", path.read_text("utf-8")):
                assert number.startswith("31600000"), (path, number)


def test_the_newest_rows_of_the_wal_case_stand_only_in_the_wal(evidence: dict[str, Path]) -> None:
    database = evidence["wal"] / MAKE_EXPECTED.DATABASE
    assert b"hoofdbestand" in database.read_bytes()
    assert b"alleen in de wal" not in database.read_bytes()
    assert b"alleen in de wal" in Path(f"{database}-wal").read_bytes()
