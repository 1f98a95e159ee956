"""``sporen run``: from evidence to a verified delivery in one go, and what stands beside it in a case."""

from __future__ import annotations

import json
from pathlib import Path

from sporen_runs import MSGSTORE, done, export_bytes, ingest, log, messages, new, of, phone, sporen


def test_run_makes_case_delivery_and_verification_in_one_go(tmp_path: Path):
    evidence, case = phone(tmp_path / "phone"), tmp_path / "case"
    done("run", evidence, "-o", case)
    assert messages(case)
    first_page = (case / "delivery" / "data" / "html" / "index.html").read_text("utf-8")
    assert "report.pdf" in {each.name for each in (case / "delivery" / "data").iterdir()}
    assert 'lang="nl"' in first_page
    assert log(case)[0]["action"] == "case.open"
    done("verify", case, "--evidence", evidence)
    done("verify", case / "delivery")


def test_the_exhibit_of_the_command_goes_before_that_of_the_case_and_into_the_export(tmp_path: Path):
    case = new(tmp_path / "case", "--exhibit", "CASE.01")
    ingest(case, phone(tmp_path / "phone"), "--exhibit", "ITEM.07")
    records = [json.loads(line) for line in export_bytes(case).splitlines()]
    assert {each["exhibit"] for each in of(records, "account")} == {"ITEM.07"}


def test_the_exhibit_of_the_case_is_that_of_items_without_one(tmp_path: Path):
    case = new(tmp_path / "case", "--exhibit", "CASE.01")
    ingest(case, phone(tmp_path / "phone"))
    records = [json.loads(line) for line in export_bytes(case).splitlines()]
    assert {each["exhibit"] for each in of(records, "account")} == {"CASE.01"}


def test_a_log_that_cannot_be_used_is_3_and_the_database_is_read_without_it(tmp_path: Path):
    evidence = phone(tmp_path / "phone")
    plain, case = new(tmp_path / "plain"), new(tmp_path / "case")
    ingest(plain, evidence)
    (evidence / f"{MSGSTORE}-wal").write_bytes(bytes(range(1, 251)) * 40)
    found = ingest(case, evidence, code=3)
    assert "the write-ahead log was not used" in found["problems"][0]["text"]
    assert len(messages(case)) == len(messages(plain)) > 0


def test_verify_reads_the_evidence_again_and_says_which_record_differs(tmp_path: Path):
    evidence, case = phone(tmp_path / "phone"), new(tmp_path / "case")
    ingest(case, evidence)
    done("verify", case, "--evidence", evidence)
    (evidence / MSGSTORE).write_bytes((evidence / MSGSTORE).read_bytes() + bytes(4096))
    result = sporen("verify", case, "--evidence", evidence)
    assert result.exit_code == 1 and "phone" in result.output
