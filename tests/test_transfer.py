"""A case goes to another unit: one chain tells both sides, and a changed copy is not taken."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import change, done, exported, ingest, log, new, refused, snapshot, verified
from whatsapp_phones import Line, Phone

from forensics import transfer
from forensics.case import Case
from forensics.keys import examiner_key
from forensics.signed_statement import SIGNATURE, signed, write_statement

FRIEND = "31600000052"
LINES = [Line(key="A1", minute=0, sender=FRIEND, text="hallo", chat=f"{FRIEND}@s.whatsapp.net")]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    return Phone(number="31600000050").write(tmp_path / "phone", LINES)


@pytest.fixture
def giver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evidence: Path) -> Path:
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "giver"))
    case = new(tmp_path / "case")
    ingest(case, evidence)
    return case


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, giver: Path) -> str:
    """The other unit's key; its home is used from here on by whoever calls ``there``."""
    with monkeypatch.context() as patch:
        patch.setenv("SPOREN_HOME", str(tmp_path / "other"))
        return str(json.loads(done("key", "--json").stdout)["public_key"])


def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "other"))


def test_the_chain_goes_on_at_the_other_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, giver: Path, other: str, evidence: Path
):
    copy, taken, receipt = tmp_path / "copy", tmp_path / "taken", tmp_path / "receipt.json"
    done("handover", giver, "--to", "Unit North", "-o", copy, "--recipient-key", other, "--by", "G. Giver")
    assert sorted(each.name for each in copy.iterdir()) == ["case.db", "custody.jsonl", "handover.json"]
    assert (giver / "custody.jsonl").read_bytes() == (copy / "custody.jsonl").read_bytes()
    there(tmp_path, monkeypatch)
    before = snapshot(copy)
    assert verified(copy) == []
    assert {name: each[2] for name, each in snapshot(copy).items()} == {n: e[2] for n, e in before.items()}
    done("receive", copy, "-o", taken, "--by", "T. Taker", "--receipt", receipt)
    assert verified(taken) == []
    assert verified(taken, "--evidence", evidence) == []
    given = {each["action"]: each for each in log(taken)}
    assert (given["disclose"]["detail"]["to"], given["disclose"]["detail"]["by"]) == (
        "Unit North",
        "G. Giver",
    )
    assert (given["receive"]["detail"]["by"], given["receive"]["detail"]["giver"]) == ("T. Taker", "G. Giver")
    lines = (taken / "custody.jsonl").read_bytes()
    assert lines.startswith((copy / "custody.jsonl").read_bytes())
    keys = json.loads(done("key", taken, "--json").stdout)
    assert [each["vouched_for"] for each in keys] == [True, True]
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "giver"))
    done("handover", giver, "--receipt", receipt)
    entry = log(giver)[-2]
    assert (entry["action"], entry["result"], entry["detail"]["to"]) == (
        "disclose", "receipt of the other side", "T. Taker",
    )  # fmt: skip
    assert entry["detail"]["log_there"]["seq"] > len(before)
    assert verified(giver) == []


@pytest.mark.parametrize(
    "what", ["case.db", "custody.jsonl", "handover.json", "log cut", "statement of another"]
)
def test_a_copy_that_was_changed_on_the_way_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, giver: Path, what: str
):
    copy, statement = tmp_path / "copy", tmp_path / "copy" / "handover.json"
    done("handover", giver, "--to", "Unit North", "-o", copy)
    if what == "case.db":
        change(copy / "case.db", "UPDATE message SET text = 'hello'")
    elif what == "handover.json":
        statement.write_text(statement.read_text().replace("Unit North", "Unit South"))
    elif what == "statement of another":
        monkeypatch.setenv("SPOREN_HOME", str(tmp_path / "thief"))
        stranger = new(tmp_path / "stranger")
        done("handover", stranger, "--to", "Unit North", "-o", tmp_path / "theirs")
        statement.write_text((tmp_path / "theirs" / "handover.json").read_text())
    else:
        path = copy / "custody.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:-1] if what == "log cut" else [*lines[:-1], lines[-1] + b"x"]))
    assert verified(copy, code=1)
    there(tmp_path, monkeypatch)
    sentence = refused(5, "receive", copy, "-o", tmp_path / "taken", "--by", "T. Taker")
    assert "not the copy that was handed over" in sentence
    assert not (tmp_path / "taken").exists()


def resealed(copy: Path, **changes: object) -> None:
    """The statement with these changes, signed by the giver."""
    found = json.loads((copy / "handover.json").read_bytes())
    content = {name: each for name, each in found.items() if name not in SIGNATURE}
    write_statement(copy / "handover.json", signed({**content, **changes}, examiner_key()))


def test_a_statement_of_no_file_vouches_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, giver: Path
):
    copy = tmp_path / "copy"
    done("handover", giver, "--to", "Unit North", "-o", copy)
    resealed(copy, files={})
    (difference,) = verified(copy, code=1)
    assert "does not have the SHA-256 of case.db" in difference
    there(tmp_path, monkeypatch)
    refused(5, "receive", copy, "-o", tmp_path / "taken", "--by", "T. Taker")
    assert not (tmp_path / "taken").exists()


def test_a_copy_that_is_not_as_its_log_says_leaves_no_case_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, giver: Path
):
    copy = tmp_path / "copy"
    done("handover", giver, "--to", "Unit North", "-o", copy)
    change(copy / "case.db", "UPDATE message SET text = 'hello'")
    digests = {n: hashlib.sha256((copy / n).read_bytes()).hexdigest() for n in ("case.db", "custody.jsonl")}
    resealed(copy, files=digests)
    there(tmp_path, monkeypatch)
    sentence = refused(5, "receive", copy, "-o", tmp_path / "taken", "--by", "T. Taker")
    assert "not as its log says" in sentence
    assert not (tmp_path / "taken").exists()


def test_the_statement_names_the_head_of_the_copy_whatever_is_logged_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, giver: Path
):
    copy = transfer._copy

    def copied(case: Case, folder: Path) -> None:
        copy(case, folder)
        with case.change() as changed:
            changed.log("view", {"case": "T-1"})

    monkeypatch.setattr(transfer, "_copy", copied)
    done("handover", giver, "--to", "Unit North", "-o", tmp_path / "copy")
    assert verified(tmp_path / "copy") == []
    statement = json.loads((tmp_path / "copy" / "handover.json").read_bytes())
    assert statement["log"]["seq"] == len((tmp_path / "copy" / "custody.jsonl").read_bytes().splitlines())


def test_a_case_that_was_changed_does_not_leave(tmp_path: Path, giver: Path):
    change(giver / "case.db", "UPDATE message SET text = 'hello'")
    assert "not as its log says" in refused(
        5, "handover", giver, "--to", "Unit North", "-o", tmp_path / "copy"
    )
    assert not (tmp_path / "copy").exists()


def test_wrong_use_is_2(tmp_path: Path, giver: Path):
    for arguments in (
        ("--to", " ", "-o", tmp_path / "copy"),
        ("--to", "Unit North"),
        ("--to", "Unit North", "-o", giver),
        ("--to", "Unit North", "-o", tmp_path / "copy", "--recipient-key", "abc"),
        ("--receipt", giver / "custody.jsonl"),
    ):
        refused(2, "handover", giver, *arguments)
    assert not [each for each in log(giver) if each["action"] == "disclose"]
    assert verified(giver) == []


def test_the_copy_holds_no_free_pages_of_what_was_purged(tmp_path: Path, giver: Path):
    (key,) = (each["id"] for each in exported(giver) if each["record"] == "conversation")
    done("purge", giver, "--conversation", key, "--reason", "a lawyer")
    done("handover", giver, "--to", "Unit North", "-o", tmp_path / "copy")
    assert b"hallo" not in (tmp_path / "copy" / "case.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "copy" / "case.db")) as db:
        assert db.execute("PRAGMA freelist_count").fetchone()[0] < 10
