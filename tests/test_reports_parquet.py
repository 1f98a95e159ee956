"""The form ``parquet``: every record whole, one schema, the same bytes, and a sentence without its extra."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from test_reports_cases import FakeCase, conversation, message, small_case

from forensics import registry
from forensics.errors import WrongUse
from forensics.times import parse_rfc3339, rfc3339
from reports import delivery, parquet
from reports.parquet_schema import FIELDS

KINDS = ["account", "conversation", "participant", "message", "call", "notice", "flag"]
SOURCE = (
    *("evidence_sha256", "file_sha256", "path", "table", "rowid", "rowid_key", "page", "offset", "app_id"),
)
FLAG_JSON = ("rules", "items", "laws", "decision")


def with_notice() -> FakeCase:
    case = small_case()
    from_where = next(case.messages())["source"]
    case.notice_list = [
        {"record": "notice", "severity": "failed", "text": "row 9", "source": from_where, "raw": "ff"},
        {"record": "notice", "severity": "note", "text": "all", "source": None, "raw": None},
    ]
    return case


def written(case: FakeCase) -> bytes:
    stream = io.BytesIO()
    parquet.write(case, stream)
    return stream.getvalue()


def read(data: bytes) -> list[dict[str, Any]]:
    return pq.read_table(io.BytesIO(data)).to_pylist()


def as_texts(value: Any) -> Any:
    """Times as the export writes them."""
    if isinstance(value, list):
        return [as_texts(each) for each in value]
    if isinstance(value, dict):
        return {name: as_texts(each) for name, each in value.items()}
    return rfc3339(parse_rfc3339(value.isoformat())) if hasattr(value, "isoformat") else value


def record(row: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """The record that a row was made from, with the names that its kind of record has."""
    row = as_texts(row)
    if row["record"] == "flag":
        further = orjson.loads(row["further"])
        row |= {name: row[name] and orjson.loads(row[name]) for name in FLAG_JSON}
        row |= further | {"messages": row["message_ids"]}
    found = {name: row[name] for name in like if name != "source"}
    if "source" in like:
        place = {name: row[name] for name in SOURCE}
        found["source"] = place if place["evidence_sha256"] is not None else None
    return found


def test_every_record_can_be_had_back_whole():
    case = with_notice()
    expected = [
        each
        for records in (case.accounts, case.conversations, case.participants, case.messages, case.calls,
                        case.notices, case.flags)
        for each in records()
    ]  # fmt: skip
    rows = read(written(case))
    assert [each["record"] for each in rows] == [each["record"] for each in expected]
    for row, like in zip(rows, expected, strict=True):
        assert record(row, like) == like
    assert {each["case_number"] for each in rows} == {"2026-0001"}


def test_every_field_of_every_record_has_a_column():
    case = with_notice()
    names = {each.name for each in FIELDS} | {"source"}
    for records in (
        case.accounts,
        case.conversations,
        case.participants,
        case.messages,
        case.calls,
        case.notices,
    ):
        for each in records():
            assert set(each) <= names


def test_a_folder_is_split_as_hive_does_with_one_schema(tmp_path: Path):
    parquet.write_folder(with_notice(), tmp_path)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.parquet"))
    assert files == [f"record={kind}/part-00000.parquet" for kind in sorted(KINDS)]
    schemas = [pq.ParquetFile(tmp_path / name).schema_arrow for name in files]
    assert all(each == schemas[0] for each in schemas)
    assert [each.name for each in schemas[0]] == [each.name for each in FIELDS if each.name != "record"]
    whole = pq.read_table(tmp_path).to_pylist()
    ordered = sorted(whole, key=lambda row: KINDS.index(row["record"]))
    assert ordered == [{**each} for each in read(written(with_notice()))]


def test_two_cases_side_by_side_are_one_table(tmp_path: Path):
    for number in ("1", "2"):
        case = with_notice()
        case.info["number"] = number
        folder = tmp_path / f"case={number}"
        folder.mkdir()
        parquet.write_folder(case, folder)
    table = pq.read_table(tmp_path, filters=[("record", "=", "message"), ("case_number", "=", "2")])
    assert table.num_rows == 79


def test_a_kind_without_records_is_an_empty_table_and_not_a_missing_one(tmp_path: Path):
    case = FakeCase([])
    parquet.write_folder(case, tmp_path)
    assert pq.ParquetFile(tmp_path / "record=message/part-00000.parquet").metadata.num_rows == 0


def test_many_rows_go_into_several_groups_and_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 10)
    monkeypatch.setattr(parquet, "ROWS_PER_FILE", 30)
    talk = "c" + f"{1:024x}"
    case = FakeCase([(conversation(1, 75), [message(each, talk, f"{each}") for each in range(75)])])
    parquet.write_folder(case, tmp_path)
    parts = sorted((tmp_path / "record=message").iterdir())
    assert [pq.ParquetFile(each).metadata.num_rows for each in parts] == [30, 30, 15]
    assert [pq.ParquetFile(each).num_row_groups for each in parts] == [3, 3, 2]
    texts = [text for each in parts for text in pq.ParquetFile(each).read().column("text").to_pylist()]
    assert texts == [str(each) for each in range(75)]


def test_another_process_writes_the_same_bytes():
    program = (
        "import sys; from test_reports_parquet import with_notice, written;"
        "sys.stdout.buffer.write(written(with_notice()))"
    )
    root = Path(__file__).parents[1]
    environment = {"PYTHONPATH": f"{root}:{root / 'tests'}", "PYTHONHASHSEED": "4711", "TZ": "Asia/Kolkata"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout == written(with_notice())


def test_a_delivery_has_it_as_a_folder_of_tables(tmp_path: Path):
    delivery.write(small_case(), tmp_path / "out", ("parquet",), language="nl", version="0.1")
    messages = tmp_path / "out/data/parquet/record=message/part-00000.parquet"
    assert pq.ParquetFile(messages).metadata.num_rows == 79


def test_without_its_library_it_is_wrong_use_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    for name in [each for each in sys.modules if each.startswith("reports.parquet")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for name in ("parquet", "parquet_folder"):
        with pytest.raises(WrongUse, match=r"parquet: .* pip install 'sporen\[parquet\]'"):
            registry.report_form(name)
    with pytest.raises(WrongUse, match="needs the extra"):
        delivery.write(small_case(), tmp_path / "out", ("parquet", "csv"), language="nl", version="0.1")
    assert not (tmp_path / "out").exists()
