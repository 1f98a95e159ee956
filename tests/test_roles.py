"""Who filters sees no content, who sees content does not filter; each action has its person and reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sporen_runs import done, ingest, log, new, refused, sporen
from whatsapp_phones import Line, Phone

from forensics.actor import ROLES as ROLE_NAMES
from forensics.cli.group import COMMANDS
from forensics.roles import MAY

FRIEND = "31600000042"
LINES = [Line(key="A1", minute=0, sender=FRIEND, text="hallo", chat=f"{FRIEND}@s.whatsapp.net")]
ROLES = """
[roles]
enforced = true
filter = ["F. Ilter"]
investigator = ["I. Vestigator"]
reviewer = ["R. Viewer", "I. Vestigator"]
"""
AS_FILTER = ("--by", "F. Ilter", "--role", "filter", "--reason", "order 7")
AS_INVESTIGATOR = ("--by", "I. Vestigator", "--role", "investigator", "--reason", "tip 7")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return Phone(number="31600000040").write(tmp_path / "phone", LINES)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    (tmp_path / "case.toml").write_text(ROLES)
    return new(tmp_path / "case", "--config", tmp_path / "case.toml")


@pytest.mark.parametrize("command", ["flags", "search", "show", "export", "report", "review", "differences"])
def test_who_filters_sees_no_content_in_any_case(tmp_path: Path, evidence: Path, command: str):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    arguments: dict[str, tuple[object, ...]] = {
        "search": ("hallo",), "show": ("m0",), "export": ("--format", "jsonl", "-o", "-"),
        "report": ("-o", tmp_path / "delivery"),
    }  # fmt: skip
    said = refused(6, *AS_FILTER, command, case, *arguments.get(command, ()))
    assert "whoever filters does not see content" in said
    entry = log(case)[-1]
    assert (entry["action"], entry["object"]["command"], entry["result"], entry["detail"]["role"]) == (
        "attempt",
        command,
        "refused: Refused",
        "filter",
    )
    done(*AS_FILTER, "privilege", case)
    assert "hallo" not in done(*AS_FILTER, "privilege", case, "--json").stdout


def test_an_action_without_person_role_or_reason_is_refused(case: Path, evidence: Path):
    assert "--by, --role, --reason" in refused(6, "ingest", case, evidence)
    assert "give --reason" in refused(6, *AS_FILTER[:4], "ingest", case, evidence)
    assert "give --role" in refused(6, "--by", "F. Ilter", "--reason", "x", "log", case)
    done(*AS_FILTER, "ingest", case, evidence)
    done(*AS_INVESTIGATOR, "search", case, "hallo")
    entry = log(case)[-1]
    assert entry["actor"].startswith("I. Vestigator (")
    assert (entry["action"], entry["detail"]["role"], entry["detail"]["reason"]) == (
        "search",
        "investigator",
        "tip 7",
    )


def test_a_role_is_of_those_who_were_named(case: Path):
    assert "is not named as filter" in refused(
        6, "--by", "I. Vestigator", "--role", "filter", "--reason", "x", "privilege", case
    )
    assert "is not named as investigator" in refused(
        6, "--by", "S. Tranger", "--role", "investigator", "--reason", "x", "flags", case
    )
    done("--by", "R. Viewer", "--role", "reviewer", "--reason", "second reading", "flags", case)


def test_who_investigates_does_not_filter(case: Path, evidence: Path):
    done(*AS_FILTER, "ingest", case, evidence)
    assert "only whoever filters" in refused(6, *AS_INVESTIGATOR, "privilege", case)
    records = done(*AS_INVESTIGATOR, "export", case, "--format", "jsonl", "-o", "-").stdout.splitlines()
    key = next(each["id"] for each in map(json.loads, records) if each["record"] == "conversation")
    purge = ("purge", case, "--conversation", key, "--reason", "late discovery")
    assert "only whoever filters" in refused(6, *AS_INVESTIGATOR, *purge)
    done(*AS_FILTER, *purge)


def test_the_reason_of_a_command_itself_is_one(case: Path, evidence: Path):
    done(*AS_FILTER, "ingest", case, evidence)
    result = sporen(*AS_INVESTIGATOR[:4], "decide", case, "f0", "confirmed", "--reason", "seen")
    assert result.exit_code == 2, "there is no such flag, and it was not refused before that"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[roles]\nfilter = ["A"]\nreviewer = ["A"]\n', "A filters and investigates"),
        ('[roles]\nfilter = "A"\n', "no list of texts"),
        ("[roles]\nenforced = 1\n", "true or false"),
        ("[roles]\nboss = []\n", "unknown key boss"),
    ],
)
def test_roles_that_are_none_are_2(tmp_path: Path, text: str, said: str):
    (tmp_path / "case.toml").write_text(text)
    assert said in refused(
        2, "new", tmp_path / "c", "--number", "1", "--examiner", "E", "--config", tmp_path / "case.toml"
    )


def test_in_a_case_without_roles_nothing_is_asked(tmp_path: Path, evidence: Path):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    done("flags", case)
    done("--role", "investigator", "flags", case)
    done("privilege", case)  # without a role nobody is held back: the README says so


def test_each_command_is_somebodys():
    assert set(MAY) == set(ROLE_NAMES)
    assert set().union(*MAY.values()) == set(COMMANDS) - {"unseal"}


@pytest.mark.parametrize("command", ["handover", "log", "run", "recover", "redact"])
def test_who_filters_gets_content_by_no_other_way(tmp_path: Path, evidence: Path, command: str):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    made = tmp_path / "made"
    arguments: dict[str, tuple[object, ...]] = {
        "handover": (case, "--to", "X", "-o", made), "log": (case,), "run": (evidence, "-o", made),
        "recover": (case / "case.db",), "redact": (case, "-o", made),
    }  # fmt: skip
    said = refused(6, *AS_FILTER, command, *arguments[command])
    assert "whoever filters does not see content" in said
    assert not made.exists()


@pytest.mark.parametrize("role", ["investigator", "reviewer"])
def test_a_role_that_sees_content_filters_and_unseals_in_no_case(tmp_path: Path, evidence: Path, role: str):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    for options in ((), ("--seal-for", "age1x"), ("--sealed", tmp_path / "s.zip", "--to", "X")):
        assert f"and no {role}" in refused(6, "--role", role, "privilege", case, *options)
    assert [each["action"] for each in log(case)[-3:]] == ["attempt"] * 3
    assert f"no {role} does this" in refused(
        6, "--role", role, "unseal", tmp_path / "s.zip", "--key", tmp_path / "k", "-o", "-"
    )


def test_a_destruction_wants_person_role_and_reason_too(case: Path):
    erase = ("erase", case, "--reason", "order 3", "--confirm", "T-1")
    assert "give --by, --role" in refused(6, *erase)
    assert "is not named as reviewer" in refused(
        6, "--by", "S. Tranger", "--role", "reviewer", "--reason", "x", *erase
    )
    assert (case / "case.db").is_file()
    assert [each["object"].get("command") for each in log(case)[-2:]] == ["erase", "erase"]
    done(*AS_INVESTIGATOR, *erase)
    assert not (case / "case.db").exists()
