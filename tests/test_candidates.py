"""Candidates for privilege are told by what they are called, and no message is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sporen_runs import change, done, everything, ingest, log, messages, new, texts, verified
from whatsapp_phones import GROUP, Line, Phone

from forensics.candidates import _reasons

LAWYER, DOCTOR, FRIEND, OFFICE = "31600000061", "31600000062", "31600000063", "31600000064"
OWNER = "31600000060"
CONTACTS = {LAWYER: "mr. Zwartjas", DOCTOR: "Huisarts Pil", FRIEND: "Marc Artsen", OFFICE: "Jan de Vries"}


def chat(number: str) -> str:
    return f"{number}@s.whatsapp.net"


LINES = [
    Line(key="A1", minute=0, sender=LAWYER, text="geheim een", chat=chat(LAWYER)),
    Line(key="B1", minute=1, sender=DOCTOR, text="geheim twee", chat=chat(DOCTOR)),
    Line(key="C1", minute=2, sender=FRIEND, text="lekker weer", chat=chat(FRIEND)),
    Line(key="D1", minute=3, sender=OFFICE, text="als uw raadsman zeg ik", chat=chat(OFFICE)),
    Line(key="E1", minute=4, sender=LAWYER, text="iedereen hallo", chat=GROUP),
]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return Phone(number=OWNER, contacts=CONTACTS).write(tmp_path / "phone", LINES)


@pytest.fixture
def case(tmp_path: Path, evidence: Path) -> Path:
    made = new(tmp_path / "case")
    ingest(made, evidence)
    return made


def found(case: Path, *more: object) -> dict[str, list[str]]:
    """By handle, the reasons."""
    document = json.loads(done("privilege", case, *more, "--json").stdout)
    return {each["handle"]: each["reasons"] for each in document["candidates"]}


def test_people_are_told_by_name_and_conversations_by_the_words_in_them(case: Path):
    reasons = found(case)
    assert reasons[chat(LAWYER)] == ["lawyer: mr."]
    assert reasons[chat(DOCTOR)] == ["doctor: huisarts"]
    assert reasons[chat(OFFICE)] == ["1 messages have words of the trade"]
    assert chat(FRIEND) not in reasons
    assert GROUP not in reasons


def test_numbers_of_offices_are_told_too(case: Path, tmp_path: Path):
    (tmp_path / "offices.txt").write_text("# bar register\n+31 6 0000 0063\n")
    assert found(case, "--numbers", tmp_path / "offices.txt")[chat(FRIEND)] == ["on the list given"]


def test_no_message_is_shown_and_the_look_is_on_record(case: Path):
    result = done("privilege", case)
    shown = result.stdout + result.stderr
    assert "geheim" not in shown
    assert "als uw" not in shown
    assert "mr. Zwartjas" in shown
    assert (log(case)[-1]["action"], log(case)[-1]["object"]) == ("view", "privilege")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("Advocatenkantoor De Wit", ["lawyer"]),
        ("ADVOCAAT", ["lawyer"]),
        ("mr. J. Jansen", ["lawyer"]),
        ("mrs Jones", []),
        ("Kandidaat-notaris Bos", ["notary"]),
        ("tandarts", ["doctor"]),
        ("Dr. No", ["doctor"]),
        ("Lawrence", []),
        ("Artsen", []),
        ("Imam Ali", ["clergy"]),
        ("Pizza Roma", []),
    ],
)
def test_words_of_a_name(name: str, kinds: list[str]):
    assert [each.partition(":")[0] for each in _reasons(name)] == kinds


def test_who_is_added_to_the_list_is_kept_out_from_then_on(case: Path, tmp_path: Path, evidence: Path):
    (tmp_path / "more.txt").write_text(f"+{LAWYER}\n")
    document = json.loads(
        done("privilege", case, "--add", tmp_path / "more.txt", "--by", "F. Filter", "--json").stdout
    )
    (theirs,) = document["list"]["conversations"]
    assert document["list"]["added"] == 1
    entry = next(each for each in log(case) if each["action"] == "privilege.exclude")
    assert (entry["detail"]["by"], entry["detail"]["added"]) == ("F. Filter", 1)
    assert LAWYER not in json.dumps(entry)
    assert "geheim een" in texts(case), "what was read stays until it is purged"
    assert verified(case, "--evidence", evidence) == []
    done("purge", case, "--conversation", theirs, "--reason", "a lawyer")
    newer = Phone(number=OWNER, contacts=CONTACTS).write(
        tmp_path / "newer",
        [*LINES, Line(key="A2", minute=9, sender=LAWYER, text="geheim drie", chat=chat(LAWYER)),
         Line(key="C2", minute=9, sender=FRIEND, text="tot morgen", chat=chat(FRIEND))],
    )  # fmt: skip
    ingest(case, newer)
    assert "tot morgen" in [each["text"] for each in messages(case)]
    stored = everything(case)
    assert b"geheim een" not in stored
    assert b"geheim drie" not in stored
    assert verified(case) == []


def test_an_owner_on_the_list_makes_no_conversation_of_his_phone_privileged(case: Path, tmp_path: Path):
    (tmp_path / "more.txt").write_text(f"+{OWNER}\n")
    document = json.loads(done("privilege", case, "--add", tmp_path / "more.txt", "--json").stdout)
    assert (document["list"]["added"], document["list"]["conversations"]) == (1, [])


def test_the_list_is_sealed_by_the_log(case: Path, tmp_path: Path):
    (tmp_path / "more.txt").write_text(f"+{LAWYER}\n")
    done("privilege", case, "--add", tmp_path / "more.txt")
    change(case / "case.db", "UPDATE setting SET value = '[]' WHERE name = 'privileged'")
    assert verified(case, code=1)
