"""What a decision seals: as little as it writes, and nothing that was changed behind the log's back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from review_pages import TEXTS, Page, hostile_case
from sporen_runs import change, done, exported, log, of, refused, verified

from forensics import case_schema
from forensics.case import Case
from forensics.review import decide
from forensics.selection import add


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a decision, and an item that is selected."""
    menu = (None, "Menu: wiet 5g 50 euro, hasj 10g 80 euro, coke 1g 50 euro")
    case = hostile_case(tmp_path_factory.mktemp("sealed"), [*TEXTS, menu])
    page = Page(case, by="Iris").enter()
    page.decide(page.flags()[0], "confirmed", "prijs genoemd")
    key = of(exported(case), "message")[0]["id"]
    assert page.post("/selection", {"place": "1", "message": key, "note": "x"}).status_code == 303
    return case


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "case"))


def flags(case: Path) -> list[str]:
    return [each["id"] for each in of(exported(case), "flag")]


def sealed(case: Path) -> dict[str, str]:
    return next(each for each in log(case)[::-1] if each["result"] == "sealed")["detail"]["tables"]


def said_of(case: Path) -> list[str]:
    """The statements that a decision and a selection run."""
    flag, message = flags(case)[0], of(exported(case), "message")[1]["id"]
    said: list[str] = []
    with Case.open(case) as opened:
        opened.db.set_trace_callback(said.append)
        decide(opened, flag, "uncertain", "nog eens", "Joost")
        add(opened, [message], "", "Joost")
    return said


def test_a_decision_reads_no_table_whole_but_those_it_writes(case: Path):
    said = said_of(case)
    whole = {
        name for name in case_schema.DIGESTED if any(f" FROM {name} ORDER BY 1" in each for each in said)
    }
    assert whole == {"decision", "selected", "setting"}
    assert verified(case) == []


def test_each_seal_names_every_table_and_only_what_was_written_differs(case: Path):
    before = sealed(case)
    done("decide", case, flags(case)[0], "uncertain", "--reason", "nog eens")
    after = sealed(case)
    assert after.keys() == before.keys() == case_schema.DIGESTED.keys()
    assert {name for name in after if after[name] != before[name]} == {"decision"}
    assert verified(case) == []


BEHIND = {
    "flag": "UPDATE flag SET score = 1",
    "notice": "DELETE FROM notice",
    "conversation": "UPDATE conversation SET title = 'Another'",
    "participant": "UPDATE participant SET phone = '31600000999' WHERE n = 1",
    "evidence": "UPDATE evidence SET path = 'elsewhere'",
    "sqlite_master": "CREATE TABLE hidden (n)",
}


@pytest.mark.parametrize("table", BEHIND)
def test_a_decision_does_not_hide_what_was_changed_before_it(table: str, case: Path):
    flag = flags(case)[0]
    change(case / "case.db", BEHIND[table])
    done("decide", case, flag, "rejected", "--reason", "toch niet")
    assert any(f"table {table} is not as entry" in each for each in verified(case, code=1))


WRITTEN = {
    "edited": "UPDATE decision SET reason = 'iets anders'",
    "decided otherwise": "UPDATE decision SET decision = 'rejected'",
    "removed": "DELETE FROM decision",
    "inserted": "INSERT INTO decision (flag, decision, reason, by, at, seq, form)"
    " SELECT flag, 'rejected', reason, by, at, seq, form FROM decision",
    "given to another": "UPDATE decision SET by = 'Joost'",
    "a setting": "UPDATE setting SET value = '\"Another\"' WHERE name = 'examiner'",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_no_decision_is_put_upon_decisions_that_were_changed(name: str, case: Path):
    flag = flags(case)[0]
    change(case / "case.db", WRITTEN[name])
    table = "setting" if name == "a setting" else "decision"
    said = refused(5, "decide", case, flag, "rejected", "--reason", "toch niet")
    assert f"table {table} is not as entry" in said
    assert len([each for each in log(case) if each["action"] == "flag.review"]) == 1
    assert any(f"table {table} is not as entry" in each for each in verified(case, code=1))


def test_nothing_is_selected_upon_a_selection_that_was_changed(case: Path):
    page = Page(case).enter()
    change(case / "case.db", "DELETE FROM selected")
    answer = page.post("/selection", {"place": "1", "message": of(exported(case), "message")[1]["id"]})
    assert answer.status_code == 500
    assert "table selected is not as entry" in answer.text
    assert any("table selected" in each for each in verified(case, code=1))


@pytest.mark.parametrize("what", ["the seal", "its number"])
def test_no_decision_is_put_upon_a_seal_that_does_not_hold(what: str, case: Path):
    flag = flags(case)[0]
    path = case / "custody.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    last = max(n for n, line in enumerate(lines) if b'"result":"sealed"' in line)
    if what == "the seal":
        lines[last] = lines[last].replace(b'"result":"sealed"', b'"result":"sealed","extra":1')
        path.write_bytes(b"".join(lines))
    else:
        change(case / "case.db", "UPDATE setting SET value = '2' WHERE name = 'changed_seq'")
    with closing(sqlite3.connect(case / "case.db")) as connection:
        (before,) = connection.execute("SELECT count(*) FROM decision").fetchone()
    refused(5, "decide", case, flag, "rejected", "--reason", "toch niet")
    with closing(sqlite3.connect(case / "case.db")) as connection:
        assert connection.execute("SELECT count(*) FROM decision").fetchone()[0] == before
    assert verified(case, code=1)
