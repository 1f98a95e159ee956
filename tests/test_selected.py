"""What persons selected is sealed by the log as every other table of a case is."""

from __future__ import annotations

from pathlib import Path

from sporen_runs import change, ingest, new, phone, verified


def test_a_selection_that_the_log_does_not_know_is_found(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone"))
    assert verified(case) == []
    change(
        case / "case.db",
        "INSERT INTO selected (item, action, form, by, at, seq) VALUES (1, 'added', '{}', 'A', '', 1)",
    )
    assert any("table selected" in each for each in verified(case, code=1))
