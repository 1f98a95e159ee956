"""``sporen link``: what cases share, what they do not, who is left out, and that every case logs it."""

from __future__ import annotations

import csv
import hashlib
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
import sporen_runs
from sporen_runs import MSGSTORE, change, done, ingest, log, new, refused, verified

from forensics.case import Case

MENU = "MENU 🍬 3 pillen 20 euro, wiet 5 gram 40 euro, coke 1 gram 50 euro, ketamine 1 gram 25 euro"
IBAN = "NL91ABNA0417164300"
HOSTILE = "paypal.me/voorbeeld"
TEXTS = {
    "one": [MENU, f"maak over naar {IBAN}", "bel +31 6 0000 0777", "alleen hier +44 7700 900111", HOSTILE],
    "two": [
        MENU.upper(),
        "NL91 ABNA 0417 1643 00 graag",
        "0600000777?",
        "alleen daar +44 7700 900222",
        HOSTILE,
    ],
}


def phone(folder: Path, name: str) -> Path:
    """The small phone with other people in it and the texts of that name."""
    evidence = sporen_runs.phone(folder)
    statements = [
        (
            "UPDATE jid SET user = ? || substr(user, 3), raw_string = ? || substr(raw_string, 3)",
            (prefix, prefix),
        )
        for prefix in [{"one": "31", "two": "44"}[name]]
    ]
    rows = [
        (
            "INSERT INTO message (_id, chat_row_id, from_me, key_id, timestamp, message_type, text_data)"
            " VALUES (?, 1, 0, ?, ?, 0, ?)",
            (7000 + place, f"K{place}", 1_709_546_400_000 + place, text),
        )
        for place, text in enumerate(TEXTS[name])
    ]
    change(evidence / MSGSTORE, *statements, *rows)
    return evidence


def made(folder: Path, name: str, *options: object) -> Path:
    case = folder / name
    done("new", case, "--number", f"L-{name}", "--examiner", "T. Tester", *options)
    ingest(case, phone(folder / f"phone-{name}", name))
    return case


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("link")
    return made(folder, "one"), made(folder, "two")


def linked(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(done("link", *arguments, "--json").stdout)
    return found


def values(found: dict[str, Any], kind: str) -> list[str]:
    return [each["value"] for each in found["shared"] if each["kind"] == kind]


def test_what_both_have_is_found_and_what_one_has_is_not(cases: tuple[Path, Path]):
    found = linked(*cases)
    assert "+31600000777" in values(found, "number")
    assert values(found, "payment") == [IBAN, HOSTILE]
    assert len(values(found, "menu")) == 1 and "ketamine" in values(found, "menu")[0]
    assert not {"+447700900111", "+447700900222"} & set(values(found, "number"))
    assert [each["case"] for each in found["cases"]] == ["L-one", "L-two"]
    (iban,) = [each for each in found["shared"] if each["value"] == IBAN]
    assert [(each["case"], each["count"], each["as"]) for each in iban["cases"]] == [
        ("L-one", 1, {"text": 1}), ("L-two", 1, {"text": 1}),
    ]  # fmt: skip
    key = iban["cases"][0]["records"][0]
    assert IBAN in json.loads(done("show", cases[0], key, "--json").stdout)["message"]["text"]


def test_the_order_of_the_cases_makes_no_difference(cases: tuple[Path, Path]):
    assert linked(*cases) == linked(*reversed(cases))


def test_every_case_logs_with_which_others_and_stays_whole(cases: tuple[Path, Path], tmp_path: Path):
    done("link", *cases, "-o", tmp_path / "graph.json")
    digest = hashlib.sha256((tmp_path / "graph.json").read_bytes()).hexdigest()
    for case, other in zip(cases, ("L-two", "L-one"), strict=True):
        entry = log(case)[-1]
        assert (entry["action"], entry["object"]) == ("view", "link")
        assert entry["detail"]["cases"] == [other]
        assert entry["detail"]["sha256"] == digest
        assert entry["detail"]["kinds"]["payment"] == 2
        assert verified(case) == []


def test_the_three_forms_of_the_graph_say_the_same(cases: tuple[Path, Path], tmp_path: Path):
    for form in ("json", "graphml", "csv"):
        done("link", *cases, "-o", tmp_path / f"graph.{form}")
    found = json.loads((tmp_path / "graph.json").read_bytes())
    edges = {
        (each["value"], edge["case"], str(edge["count"]))
        for each in found["shared"]
        for edge in each["cases"]
    }
    with (tmp_path / "graph.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["value"].removeprefix("'"), row["case"], row["count"]) for row in rows} == edges
    assert all(row["value"].startswith("'+") for row in rows if row["kind"] == "number")
    tree = ElementTree.parse(tmp_path / "graph.graphml").getroot()
    space = "{http://graphml.graphdrawing.org/xmlns}"
    labels = {
        node.get("id"): next(each.text for each in node if each.get("key") == "node-label")
        for node in tree.iter(f"{space}node")
    }
    drawn = {
        (labels[edge.get("target")], labels[edge.get("source")],
         next(each.text for each in edge if each.get("key") == "edge-count"))
        for edge in tree.iter(f"{space}edge")
    }  # fmt: skip
    assert drawn == edges


def test_a_privileged_contact_of_one_case_is_told_of_none(cases: tuple[Path, Path], tmp_path: Path):
    (tmp_path / "list.txt").write_text("+31600000777\n")
    third = made(tmp_path, "one", "--privileged", tmp_path / "list.txt")
    found = linked(cases[0], cases[1], third)
    assert "+31600000777" not in values(found, "number")
    assert found["privileged"] >= 1
    assert IBAN in values(found, "payment")


def test_a_case_whose_authority_has_lapsed_is_refused_and_logs_it(cases: tuple[Path, Path], tmp_path: Path):
    (tmp_path / "case.toml").write_text(
        '[case]\nnumber = "L-3"\n[examiner]\nname = "T"\n[[authority]]\nkind = "prosecutor"\n'
        'reference = "R-3"\ndate = "2020-01-01"\nexpires = "2020-02-01"\n'
    )
    done("new", tmp_path / "lapsed", "--config", tmp_path / "case.toml")
    assert "has lapsed" in refused(6, "link", cases[0], tmp_path / "lapsed")
    assert log(tmp_path / "lapsed")[-1]["result"].startswith("refused")


def test_two_cases_with_one_number_are_told_apart_by_their_folders(cases: tuple[Path, Path], tmp_path: Path):
    again = new(tmp_path / "again", "--number", "L-one")
    assert [each["case"] for each in linked(cases[0], again)["cases"]] == ["L-one (again)", "L-one (one)"]


def test_wrong_use_is_said(cases: tuple[Path, Path], tmp_path: Path):
    assert "at least two" in refused(2, "link", cases[0])
    assert "named twice" in refused(2, "link", cases[0], cases[0])
    assert ".graphml" in refused(2, "link", *cases, "-o", tmp_path / "graph.png")
    (tmp_path / "graph.json").symlink_to(cases[0] / "case.db")
    assert "overwrite the case" in refused(2, "link", *cases, "-o", tmp_path / "graph.json")


def test_the_table_names_value_and_cases(cases: tuple[Path, Path]):
    said = done("link", *cases)
    (row,) = [line.split("│") for line in said.stdout.splitlines() if IBAN in line]
    assert [each.strip() for each in row[1:4]] == ["payment", IBAN, "L-one: text 1"]
    assert "L-two: text 1" in said.stdout
    assert "for a person to say" in said.stderr


def lapsing(folder: Path, limit: str) -> Path:
    """A case of which one authority has that limit, and another, with none, has lapsed since."""
    folder.mkdir(exist_ok=True)
    (folder / "case.toml").write_text(
        '[case]\nnumber = "L-4"\n[examiner]\nname = "T"\n'
        '[[authority]]\nkind = "prosecutor"\nreference = "R-4"\ndate = "2024-01-01"\n'
        f"{limit}\n"
        '[[authority]]\nkind = "prosecutor"\nreference = "R-5"\ndate = "2024-01-01"\nexpires = "2099-01-01"\n'
    )
    done("new", folder / "case", "--config", folder / "case.toml")
    ingest(folder / "case", phone(folder / "phone", "two"))
    return folder / "case"


def lapse(case: Path) -> None:
    with Case.open(case) as opened, opened.change() as changed:
        authorities = opened.info["authorities"]
        authorities[1]["expires"] = "2024-02-01"
        opened.set(authorities=authorities)
        changed.log("authority.set", {"authority": "R-5"}, changes_case=True)


def test_what_only_a_lapsed_authority_covers_is_passed_over(cases: tuple[Path, Path], tmp_path: Path):
    case = lapsing(tmp_path, 'apps = ["telegram"]')
    assert IBAN in values(linked(cases[0], case), "payment")
    lapse(case)
    found = linked(cases[0], case)
    assert values(found, "payment") == [] and values(found, "menu") == []


def test_people_whom_only_a_lapsed_authority_covers_are_passed_over(cases: tuple[Path, Path], tmp_path: Path):
    case = lapsing(tmp_path, 'conversations = ["+44600000001"]')
    people = {"+31600000100", "+44600000001", "+44600000002", "+44600000006"}
    assert people <= set(values(linked(cases[1], case), "number"))
    lapse(case)
    found = linked(cases[1], case)
    assert people & set(values(found, "number")) == {"+31600000100", "+44600000001"}
