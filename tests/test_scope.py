"""What the authority does not cover is counted, and is nowhere in the case folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from sporen_runs import (
    MSGSTORE,
    balance,
    change,
    done,
    everything,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    phone,
    refused,
    sporen,
    texts,
    verified,
)

BRAM, FLEUR = "31600000001", "31600000005"
EXPIRED = """
[[authority]]
kind = "prosecutor"
reference = "OLD-1"
date = "2020-01-01"
expires = "2020-02-01"
"""


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Groups, a channel, a status and direct chats on one day, 4 March 2024, from 10:02 UTC on."""
    return phone(tmp_path_factory.mktemp("evidence") / "phone", "modern_group")


def skipped(found: dict[str, object]) -> dict[str, int]:
    file = next(each for each in found["evidence"] if "message" in each["tables"])  # type: ignore[attr-defined]
    counts: dict[str, int] = file["tables"]["message"]["skipped"]
    return counts


def absent(case: Path, *words: str) -> None:
    """None of the words is in any file of the case, in any spelling of case, nor in a name of a file."""
    found = everything(case).lower()
    assert not [word for word in words if word.lower().encode() in found or word.encode("utf-16-le") in found]


# --- Refused as a whole -------------------------------------------------------------------------------------


def test_an_expired_authority_is_6_and_the_attempt_is_logged(tmp_path: Path, evidence: Path):
    (tmp_path / "case.toml").write_text(EXPIRED)
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    assert "OLD-1 (until 2020-02-01)" in refused(6, "ingest", case, evidence)
    assert log(case)[-1]["result"].startswith("refused: ")
    assert exported(case) == []


def test_one_authority_that_is_valid_is_enough(tmp_path: Path, evidence: Path):
    (tmp_path / "case.toml").write_text(EXPIRED)
    config = ("--config", tmp_path / "case.toml", "--authority", "consent:NEW-1:2026-01-01")
    ingest(new(tmp_path / "case", *config), evidence)


@pytest.mark.parametrize(
    "options",
    [("--from", "2025-01-01"), ("--until", "2023-12-31"), ("--app", "signal")],
    ids=lambda options: options[0],
)
def test_evidence_wholly_outside_the_scope_is_6_and_leaves_nothing(
    tmp_path: Path, evidence: Path, options: tuple[str, str]
):
    case = new(tmp_path / "case", *options)
    found = ingest(case, evidence, code=6)
    assert "nothing of it may be read under the authority" in found["problems"][0]["text"]
    assert exported(case) == []
    absent(case, "Welkom allemaal", "Kampeerders", BRAM, "Bram Kist", "Noor Vermeer")
    assert verified(case) == []


def test_without_messages_an_app_outside_the_scope_is_6_too(tmp_path: Path):
    case = new(tmp_path / "case", "--app", "signal")
    ingest(case, phone(tmp_path / "phone", "empty"), code=6)


# --- A period -----------------------------------------------------------------------------------------------


@pytest.fixture
def day_after(tmp_path: Path, evidence: Path) -> Path:
    """The same phone, of which the second half was sent a day later."""
    copy = phone(tmp_path / "phone", "modern_group")
    change(copy / MSGSTORE, "UPDATE message SET timestamp = timestamp + 86400000 WHERE _id > 15")
    return copy


def test_messages_outside_the_period_are_counted_and_nowhere(tmp_path: Path, day_after: Path):
    case = new(tmp_path / "case", "--from", "2024-03-05", "--until", "2024-03-05")
    found = ingest(case, day_after)
    balance(found)
    assert skipped(found)["scope"] > 5
    assert "Welkom allemaal" not in texts(case)
    absent(case, "Welkom allemaal", "Raad eens wie ik ben", "Hoi van Fleur", "Ik breng het vuur")
    assert [each["detail"]["count"] for each in log(case) if each["action"] == "scope.filter"] == [
        skipped(found)["scope"]
    ]
    assert verified(case, "--evidence", day_after) == []


def test_days_of_the_period_are_those_of_the_zone_of_the_case(tmp_path: Path, day_after: Path):
    for zone, day, is_read in [
        ("Pacific/Kiritimati", "2024-03-05", True),
        ("UTC", "2024-03-05", False),
        ("UTC", "2024-03-04", True),
    ]:
        case = new(tmp_path / f"{zone}{day}", "--until", day, "--from", day, "--timezone", zone)
        ingest(case, day_after)
        assert ("Welkom allemaal" in texts(case)) == is_read


def test_a_quotation_of_what_is_outside_the_period_is_nowhere(tmp_path: Path, evidence: Path):
    copy = phone(tmp_path / "phone", "modern_group")
    change(
        copy / MSGSTORE,
        "UPDATE message SET timestamp = timestamp + 86400000 WHERE text_data = 'Dat zag ik nog net'",
        "UPDATE message_quoted SET text_data = 'quoted secret'",
    )
    case = new(tmp_path / "case", "--from", "2024-03-05")
    ingest(case, copy)
    assert "Dat zag ik nog net" in texts(case)
    absent(case, "quoted secret")


# --- Privileged people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", [f"+{FLEUR}", f"{FLEUR}@s.whatsapp.net", f"00{FLEUR}", "+31 6 0000-0005", "Fleur"]
)
def test_a_privileged_person_is_counted_and_nowhere(tmp_path: Path, evidence: Path, line: str):
    (tmp_path / "list.txt").write_text(f"# lawyers\n{line}\n\n")
    case = new(tmp_path / "case", "--privileged", tmp_path / "list.txt")
    found = ingest(case, evidence)
    balance(found)
    assert skipped(found)["privilege"] >= 3
    assert "Welkom allemaal" in texts(case)
    absent(case, FLEUR, "Hier is Fleur", "Hoi van Fleur", "Fleur")
    assert [each["detail"]["count"] for each in log(case) if each["action"] == "privilege.exclude"]
    assert verified(case, "--evidence", evidence) == []


@pytest.mark.parametrize("number", [BRAM, "31600000003", "31600000004"])
def test_a_privileged_member_of_a_group_is_nowhere_but_in_what_others_typed(
    tmp_path: Path, evidence: Path, number: str
):
    (tmp_path / "list.txt").write_text(number)
    case = new(tmp_path / "case", "--privileged", tmp_path / "list.txt")
    ingest(case, evidence)
    absent(case, number)
    assert verified(case, "--evidence", evidence) == []


def test_a_privileged_person_is_nowhere_in_a_delivery(tmp_path: Path, evidence: Path):
    (tmp_path / "list.txt").write_text("31600000003")
    case = new(tmp_path / "case", "--privileged", tmp_path / "list.txt")
    ingest(case, evidence)
    done("report", case, "-o", case / "delivery", "--format", "html,csv,jsonl")
    absent(case, "31600000003", "dirkie", "Dirk vanaf een ander toestel")


def test_the_list_of_privileged_people_itself_is_not_in_the_case(tmp_path: Path):
    (tmp_path / "list.txt").write_text("mr. A. Advocaat\n+31201234567\n")
    case = new(tmp_path / "case", "--privileged", tmp_path / "list.txt")
    absent(case, "Advocaat", "31201234567", "201234567")


# --- An app -------------------------------------------------------------------------------------------------


def test_of_two_apps_only_the_one_within_the_scope_is_read(tmp_path: Path):
    both = phone(tmp_path / "phone", "modern_direct")
    phone(both, "business")
    whole, part = new(tmp_path / "whole"), new(tmp_path / "part", "--app", "whatsapp_business")
    ingest(whole, both)
    assert {each["app"] for each in messages(whole)} == {"whatsapp", "whatsapp_business"}
    found = ingest(part, both)
    balance(found)
    assert {each["app"] for each in exported(part) if each.get("app")} == {"whatsapp_business"}
    outside = {each["text"] for each in messages(whole) if each["app"] == "whatsapp" and each["text"]}
    inside = {each["text"] for each in messages(part)}
    absent(part, *(each for each in outside - inside if len(each) > 8))
    assert of(exported(part), "account")[0]["app"] == "whatsapp_business"


def test_a_scope_does_not_hide_what_may_be_read(tmp_path: Path, evidence: Path):
    whole, scoped = (
        new(tmp_path / "whole"),
        new(tmp_path / "scoped", "--app", "whatsapp", "--from", "2020-01-01"),
    )
    ingest(whole, evidence)
    ingest(scoped, evidence)
    assert messages(scoped) == messages(whole)
    assert sporen("search", scoped, "Welkom", "--json").exit_code == 0


def test_an_export_does_not_overwrite_the_log_of_the_evidence(tmp_path: Path) -> None:
    evidence = phone(tmp_path / "phone", "wal") / MSGSTORE
    case = new(tmp_path / "case")
    done("ingest", case, evidence)
    log = evidence.with_name("msgstore.db-wal")
    before = log.read_bytes()
    assert "into the evidence" in refused(2, "export", case, "--format", "csv", "-o", log)
    assert log.read_bytes() == before
