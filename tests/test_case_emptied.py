"""A case whose database was emptied is damaged (5); evidence that is not there makes no case changed (3)."""

from __future__ import annotations

from pathlib import Path

from sporen_runs import done, ingest, new, phone, refused, sporen, verified


def test_an_emptied_database_beside_a_log_is_5(tmp_path: Path):
    case = new(tmp_path / "case")
    (case / "case.db").write_bytes(b"")
    for command in ("verify", "flags", "log"):
        assert "damaged" in refused(5, command, case)


def test_evidence_that_is_not_there_does_not_make_the_case_another(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone"))
    result = sporen("verify", case, "--evidence", tmp_path / "nothing")
    assert result.exit_code == 3
    assert "NOT ALL WAS READ" in result.stderr and "NOT AS IT WAS" not in result.stderr


def test_a_database_that_is_gone_from_beside_its_log_is_5(tmp_path: Path):
    case = new(tmp_path / "case")
    (case / "case.db").unlink()
    for command in ("verify", "flags", "log"):
        assert "case.db is gone" in refused(5, command, case)


def test_an_erased_case_is_not_damaged(tmp_path: Path):
    case = new(tmp_path / "case")
    done("erase", case, "--reason", "decision P-9", "--confirm", "T-1")
    assert verified(case) == []
    assert "no case here" in refused(2, "flags", case)
