"""A case under a table of law of the user: kept, logged, printed, and analysed anew under another one."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import done, export_bytes, exported, ingest, log, new, of, refused, verified
from whatsapp_phones import Line, Phone

from forensics.case import Case
from forensics.errors import MachineFailed
from forensics.flag_rows import About, flag_rows
from forensics.flag_work import Part, law_file, packed, packed_flags, under_table, unpacked

HEAD = "substance_id,list,valid_from,valid_to,decision,confidence,note,jurisdiction,version\n"
BESIDE = HEAD + "cocaine,Anlage Z,2000-01-01,,Invented act,verified,,XX,2026-11\n"
HOME = HEAD + "cocaine,II,2000-01-01,,Invented decision,verified,,NL,mine 2\n"
MENU = "coke 1g 50 euro, 2g 90 euro, 3mmc 15 p/g, bezorging mogelijk"
BUYER = "31600000091"


def table(folder: Path, text: str, name: str = "law.csv") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = [
        Line(key=f"A{n}", minute=n, sender=BUYER, text=MENU, chat=f"{BUYER}@s.whatsapp.net") for n in (1, 9)
    ]
    return Phone(number="31600000090").write(tmp_path_factory.mktemp("law") / "phone", lines)


def cocaine(case: Path) -> list[dict[str, Any]]:
    return [
        law for flag in of(exported(case), "flag") for law in flag["laws"] if law["substance"] == "cocaine"
    ]


def runs(case: Path) -> list[dict[str, Any]]:
    return [entry for entry in log(case) if entry["action"] == "flag.run"]


def test_a_table_given_to_new_stands_beside_in_flags_log_and_settings(phone: Path, tmp_path: Path):
    file = table(tmp_path, BESIDE)
    digest = sha256(file.read_bytes()).hexdigest()
    case = new(tmp_path / "case", "--law", file)
    file.unlink()
    ingest(case, phone)
    assert {law["list"] for law in cocaine(case)} == {"I"}
    ((beside,),) = {json.dumps(law["beside"]): law["beside"] for law in cocaine(case)}.values()
    assert (beside["jurisdiction"], beside["list"], beside["table_sha256"]) == ("XX", "Anlage Z", digest)
    told = {"name": "law.csv", "version": "2026-11", "sha256": digest, "rows": 1, "jurisdictions": ["XX"]}
    assert [entry["detail"]["law"] for entry in runs(case)] == [told]
    with Case.open(case) as opened:
        assert opened.info["rules"]["law"] == told
        assert opened.info["law"]["table"] == BESIDE
    assert verified(case) == []


def test_a_table_given_to_run_is_that_of_its_case(phone: Path, tmp_path: Path):
    case = tmp_path / "case"
    done("run", phone, "--output", case, "--law", table(tmp_path, BESIDE))
    assert {each["list"] for law in cocaine(case) for each in law["beside"]} == {"Anlage Z"}


def test_another_table_later_makes_every_flag_anew_and_the_log_says_from_which_to_which(
    phone: Path, tmp_path: Path
):
    case = new(tmp_path / "case")
    ingest(case, phone)
    plain = export_bytes(case)
    ids = {flag["id"] for flag in of(exported(case), "flag")}
    done("decide", case, min(ids), "confirmed", "--reason", "read it")
    done("ingest", case, "--law", table(tmp_path, HOME))
    assert {law["list"] for law in cocaine(case)} == {"II"}
    assert {flag["id"] for flag in of(exported(case), "flag")} == ids, "decisions are made on these"
    done("ingest", case, "--law", table(tmp_path, BESIDE), phone)
    assert {(law["list"], law["beside"][0]["list"]) for law in cocaine(case)} == {("I", "Anlage Z")}
    first, home, beside = runs(case)
    assert "law" not in first["detail"]
    assert (home["detail"]["law"]["version"], home["detail"]["before"]) == ("mine 2", None)
    assert beside["detail"]["before"] == home["detail"]["law"]
    assert len({entry["detail"]["rules_sha256"] for entry in runs(case)}) == 3
    done("ingest", case, "--built-in-law")
    assert [line for line in export_bytes(case).splitlines() if b'"decision":{' not in line] == [
        line for line in plain.splitlines() if json.loads(line).get("id") != min(ids)
    ]
    assert runs(case)[-1]["detail"]["rules_sha256"] == first["detail"]["rules_sha256"]
    assert verified(case, "--evidence", phone) == []


def test_the_table_that_holds_already_changes_nothing(phone: Path, tmp_path: Path):
    file = table(tmp_path, HOME)
    case = new(tmp_path / "case", "--law", file)
    ingest(case, phone)
    before = export_bytes(case), len(runs(case))
    assert "nothing changed" in done("ingest", case, "--law", file).stderr
    assert (export_bytes(case), len(runs(case))) == before


def test_a_later_item_is_analysed_under_the_table_of_the_case(phone: Path, tmp_path: Path):
    case = new(tmp_path / "case")
    done("ingest", case, "--law", table(tmp_path, HOME))
    assert {"environment", "rules"}.isdisjoint(_info(case))
    ingest(case, phone)
    assert {law["list"] for law in cocaine(case)} == {"II"}
    assert _info(case)["rules"]["law"]["version"] == "mine 2"


def test_case_toml_names_the_table_beside_it(phone: Path, tmp_path: Path):
    table(tmp_path, HOME)
    (tmp_path / "case.toml").write_text('[law]\ntable = "law.csv"\n')
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    ingest(case, phone)
    assert {law["list"] for law in cocaine(case)} == {"II"}


def test_without_a_table_no_setting_entry_or_flag_speaks_of_one(phone: Path, tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, phone)
    assert "law" not in _info(case)
    assert "law" not in _info(case)["rules"]
    assert not any("law" in entry["detail"] for entry in log(case))
    assert not any("beside" in law for law in cocaine(case))


@pytest.mark.parametrize("command", ["new", "ingest", "classify"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read"),
        ("", "needs the columns"),
        ("substance_id,list\ncocaine,I\n", "needs the columns"),
        (HEAD + "cocaine,IIb,,,,,,,\n", "line 2: list 'IIb' is none of"),
        (HEAD + "cocaine,I,2020-01-02,2020-01-01,,,,,\n", "valid_to 2020-01-01 is before"),
        (HEAD + "*,none,,2020-01-01,,,,,\n", "leave out days"),
        (HEAD + f"cocaine,I,,,{'x' * 140_000},,,,\n", "no table of values"),
    ],
)
def test_a_bad_table_is_one_sentence_and_code_2(tmp_path: Path, command: str, text: str | None, said: str):
    file = tmp_path / "law.csv" if text is None else table(tmp_path, text)
    case = tmp_path / "case"
    if command == "ingest":
        new(case)
    before = sorted(case.iterdir()) if case.exists() else None
    named = {"new": ("new", case, "--number", "1", "--examiner", "T"), "ingest": ("ingest", case)}
    sentence = refused(2, *named.get(command, (command,)), "--law", file)
    assert said in sentence
    assert str(file) in sentence
    assert (sorted(case.iterdir()) if case.exists() else None) == before
    if command == "ingest":
        assert "law" not in _info(case)


def test_ingest_wants_evidence_or_a_table_and_one_of_two_tables(tmp_path: Path):
    case = new(tmp_path / "case")
    assert "EVIDENCE" in refused(2, "ingest", case)
    file = table(tmp_path, HOME)
    assert "either" in refused(2, "ingest", case, "--law", file, "--built-in-law")


def test_an_expired_authority_refuses_to_analyse_anew(tmp_path: Path):
    (tmp_path / "case.toml").write_text(
        '[[authority]]\nkind = "prosecutor"\nreference = "P-1"\ndate = "2020-01-01"\nexpires = "2020-02-01"\n'
    )
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    refused(6, "ingest", case, "--law", table(tmp_path, HOME))
    assert "law" not in _info(case)


def test_other_processes_read_under_the_same_table(tmp_path: Path):
    classifier = under_table(BESIDE, "law.csv")
    rows = [(bytes([n]), MENU, None, 1_700_000_000_000 + n, "p1", 0, 7, n, n) for n in range(3)]
    about = About(1, "c1", {})
    part = packed(Part(about, iter(rows)), tmp_path, law_file(classifier, tmp_path))
    flags = list(unpacked(packed_flags(part)))
    assert flags == list(flag_rows(about, rows, classifier))
    assert b"Anlage Z" in b"".join(row[-1] for row in flags)


@pytest.mark.parametrize("with_table", [True, False])
def test_the_report_says_which_table_was_used_and_what_stands_beside(
    phone: Path, tmp_path: Path, with_table: bool
):
    file = table(tmp_path, BESIDE)
    case = new(tmp_path / "case", *(("--law", file) if with_table else ()), "--language", "en")
    ingest(case, phone)
    done("report", case, "-o", tmp_path / "delivery", "--format", "html,csv")
    text = "".join(
        each.read_text("utf-8")
        for each in sorted((tmp_path / "delivery").rglob("*"))
        if each.suffix in (".html", ".csv")
    )
    digest = sha256(file.read_bytes()).hexdigest()
    said = f"law.csv, version 2026-11, SHA-256 {digest}, 1 rows, of: XX."
    assert (text.count(said) >= 2) is with_table
    assert ("XX: Anlage Z (verified" in text) is with_table
    assert "Invented act" in text or not with_table
    assert BESIDE not in text


def _info(case: Path) -> dict[str, Any]:
    with Case.open(case) as opened:
        return opened.info


def test_a_table_that_cannot_be_kept_for_another_process_is_7(tmp_path: Path):
    with pytest.raises(MachineFailed, match="cannot be kept there"):
        law_file(under_table(BESIDE, "law.csv"), tmp_path / "gone")
