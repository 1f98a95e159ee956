"""A purged conversation is nowhere in the case folder, and the case is still right."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import (
    MSGSTORE,
    change,
    done,
    done_in,
    everything,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    refused,
    sporen,
    verified,
)
from whatsapp_phones import GROUP, Line, Phone

from forensics import selection
from forensics.case import Case

LAWYER, FRIEND, OWNER = "31600000071", "31600000072", "31600000070"
SECRETS = ("zwijgrecht vanmiddag", "verdedigingslijn besproken", "getuigenlijst doorgenomen")
LAWYER_CHAT, FRIEND_CHAT = f"{LAWYER}@s.whatsapp.net", f"{FRIEND}@s.whatsapp.net"
LINES = [
    Line(key="A1", minute=0, sender=LAWYER, text=SECRETS[0], chat=LAWYER_CHAT),
    Line(key="A2", minute=1, sender=None, text=SECRETS[1], chat=LAWYER_CHAT),
    Line(key="A3", minute=2, sender=LAWYER, text=f"coke 50 p/g, 3mmc 15 p/g {SECRETS[2]}", chat=LAWYER_CHAT),
    Line(key="B1", minute=3, sender=FRIEND, text="boodschappen doen", chat=FRIEND_CHAT),
    Line(key="B2", minute=4, sender=None, text="ik neem brood mee", chat=FRIEND_CHAT),
    Line(key="C1", minute=5, sender=FRIEND, text="wie komt er naar de buurtborrel", chat=GROUP),
]
CONTACTS = {LAWYER: "Meester Zwartjas", FRIEND: "Bo Vriend"}


def handset(folder: Path, lines: list[Line] | None = None, owner: str = OWNER) -> Path:
    return Phone(number=owner, contacts=CONTACTS).write(folder, lines or LINES)


def conversation(case: Path, handle: str) -> str:
    (found,) = (each["id"] for each in of(exported(case), "conversation") if each["handle"] == handle)
    return str(found)


def purged(case: Path, handle: str = LAWYER_CHAT, *more: object) -> dict[str, object]:
    wanted = ("--conversation", conversation(case, handle), "--reason", "talk with a lawyer")
    return dict(json.loads(done("purge", case, *wanted, "--json", *more).stdout))


def absent(case: Path, *words: str) -> None:
    found = everything(case).lower()
    assert not [word for word in words if word.lower().encode() in found or word.encode("utf-16-le") in found]


NOWHERE = (*SECRETS, *(word for each in SECRETS for word in each.split()), LAWYER, "Zwartjas")


def test_the_purged_text_is_in_no_file_of_the_case_folder(tmp_path: Path):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    ingest(case, evidence)
    with pytest.raises(AssertionError):
        absent(case, *NOWHERE)
    done("report", case, "-o", case / "delivery", "--format", "html,csv,jsonl")
    done("export", case, "--format", "csv", "-o", tmp_path / "elsewhere.csv")
    flag = next(each for each in of(exported(case), "flag"))
    done("decide", case, flag["id"], "rejected", "--reason", "not of this conversation")
    with Case.open(case) as opened:
        key = next(each["id"] for each in messages(case) if each["text"] == SECRETS[0])
        selection.add(opened, [key], "to be discussed", None)
    (case / "work").mkdir(exist_ok=True)
    (case / "work" / "copy.db").write_bytes(SECRETS[0].encode())
    found = purged(case)
    assert found["counts"] == {
        "conversations": 1, "decisions": 1, "flags": 1, "messages": 3, "people": 1, "selections": 1,
    }  # fmt: skip
    assert found["deleted"] == ["delivery"]
    copies = {Path(each["path"]).name: each["there"] for each in found["copies"]}  # type: ignore[attr-defined]
    assert copies == {"delivery": True, "elsewhere.csv": True}
    absent(case, *NOWHERE)
    assert sorted(each["text"] for each in messages(case)) == [
        "boodschappen doen", "ik neem brood mee", "wie komt er naar de buurtborrel",
    ]  # fmt: skip
    assert json.loads(done("search", case, "zwijgrecht", "--json").stdout)["count"] == 0
    assert json.loads(done("search", case, "brood", "--json").stdout)["count"] == 1


def test_the_case_verifies_after_a_purge_with_and_without_the_evidence(tmp_path: Path):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    ingest(case, evidence)
    purged(case)
    assert verified(case) == []
    result = sporen("verify", case, "--evidence", evidence, "--json")
    assert json.loads(result.stdout)["problems"] == []
    assert any("purged" in each for each in json.loads(result.stdout)["remarks"])
    done("report", case, "-o", tmp_path / "delivery", "--format", "html,csv,jsonl")
    assert verified(tmp_path / "delivery") == []
    absent(tmp_path / "delivery", *NOWHERE)


def test_a_purge_hides_no_change_of_what_stays(tmp_path: Path):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    ingest(case, evidence)
    key = conversation(case, LAWYER_CHAT)
    change(case / "case.db", "UPDATE message SET text = 'forged' WHERE text = 'ik neem brood mee'")
    sentence = refused(5, "purge", case, "--conversation", key, "--reason", "x")
    assert "a purge would hide that" in sentence
    assert len([each for each in log(case) if each["action"] == "purge"]) == 0


def test_after_a_purge_a_change_of_what_stays_is_still_found(tmp_path: Path):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    ingest(case, evidence)
    purged(case)
    change(case / "case.db", "DELETE FROM message WHERE text = 'ik neem brood mee'")
    assert any("records of" in each for each in verified(case, code=1))
    assert any("in the evidence and not in the case" in each
               for each in verified(case, "--evidence", evidence, code=1))  # fmt: skip


def test_the_tombstone_has_who_why_how_much_and_no_content(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, handset(tmp_path / "phone"))
    key = conversation(case, LAWYER_CHAT)
    purged(case, LAWYER_CHAT, "--by", "F. Filter")
    (entry,) = (each for each in log(case) if each["action"] == "purge")
    assert (entry["detail"]["reason"], entry["detail"]["by"]) == ("talk with a lawyer", "F. Filter")
    assert entry["detail"]["removed"]["messages"] == 3
    assert key not in json.dumps(entry), "the id can be made from the number of the lawyer"
    restated = [each for each in log(case) if each["result"] == "stated anew after a purge"]
    ingested = next(each for each in log(case) if each["action"] == "parse.end")
    assert [each["detail"]["records_sha256_before"] for each in restated] == [
        ingested["detail"]["records_sha256"]
    ]


def test_rows_are_still_accounted_for(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, handset(tmp_path / "phone"))
    purged(case)
    with closing(sqlite3.connect(case / "case.db")) as db:
        (tables,) = db.execute(
            "SELECT tables FROM file WHERE role = 'messages' OR tables LIKE '%message%'"
        ).fetchone()
    table = json.loads(tables)["message"]
    assert (table["rows"], table["messages"]) == (7, 3)
    assert table["skipped"] == {"privilege": 3, "sentinel": 1}


def test_the_same_and_further_evidence_does_not_bring_it_back(tmp_path: Path):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    ingest(case, evidence)
    purged(case)
    ingest(case, evidence)
    more = Line(key="A9", minute=9, sender=LAWYER, text="nog een geheim", chat=LAWYER_CHAT)
    late = Line(key="B9", minute=9, sender=FRIEND, text="tot morgen", chat=FRIEND_CHAT)
    newer = handset(tmp_path / "newer", [*LINES, more, late])
    document = ingest(case, newer)
    table = next(each for each in document["evidence"] if "message" in (each["tables"] or {}))["tables"][
        "message"
    ]
    assert table["skipped"]["privilege"] == 4
    absent(case, *NOWHERE, "nog een geheim")
    assert "tot morgen" in [each["text"] for each in messages(case)]
    assert verified(case, "--evidence", evidence, "--evidence", newer) == []


def test_a_purge_of_a_conversation_in_two_databases_of_one_account(tmp_path: Path):
    older, newer = handset(tmp_path / "older", LINES[:5]), handset(tmp_path / "newer")
    case = new(tmp_path / "case")
    ingest(case, older)
    ingest(case, newer)
    purged(case)
    absent(case, *NOWHERE)
    assert verified(case, "--evidence", older, "--evidence", newer) == []
    for each in (older, newer):
        assert verified(case, "--evidence", each) == []


def test_the_same_talk_on_another_phone_goes_with_it(tmp_path: Path):
    ours = handset(tmp_path / "phone")
    theirs = Phone(number=LAWYER, contacts={OWNER: "Client"}).write(
        tmp_path / "other",
        [
            Line(key="A1", minute=0, sender=None, text=SECRETS[0], chat=f"{OWNER}@s.whatsapp.net"),
            Line(key="A2", minute=1, sender=OWNER, text=SECRETS[1], chat=f"{OWNER}@s.whatsapp.net"),
            Line(key="D1", minute=2, sender=None, text="een ander gesprek", chat=FRIEND_CHAT),
        ],
    )
    case = new(tmp_path / "case")
    ingest(case, ours)
    ingest(case, theirs)
    found = purged(case)
    assert found["counts"]["conversations"] == 2  # type: ignore[index]
    absent(case, *SECRETS)
    assert "een ander gesprek" in [each["text"] for each in messages(case)]
    assert verified(case, "--evidence", ours, "--evidence", theirs) == []


def test_a_purged_group_does_not_come_back_with_another_phone(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, handset(tmp_path / "phone"))
    purged(case, GROUP)
    other = Phone(number=FRIEND).write(
        tmp_path / "other",
        [
            Line(key="C1", minute=5, sender=None, text="wie komt er naar de buurtborrel", chat=GROUP),
            Line(key="D1", minute=6, sender=None, text="een ander gesprek", chat=LAWYER_CHAT),
        ],
    )
    ingest(case, other)
    absent(case, "buurtborrel")
    assert "een ander gesprek" in [each["text"] for each in messages(case)]
    assert verified(case) == []
    assert verified(case, "--evidence", other) == []


@pytest.mark.parametrize("is_gone", [False, True], ids=["of a live message", "of a message that is gone"])
def test_a_quotation_in_another_conversation_loses_its_text(tmp_path: Path, is_gone: bool):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    _quote(evidence, is_gone)
    ingest(case, evidence)
    assert SECRETS[1].encode() in everything(case)
    assert purged(case)["counts"]["quotations"] == 1  # type: ignore[index]
    absent(case, *SECRETS)
    (answer,) = (each for each in messages(case) if each["text"] == "ik neem brood mee")
    assert (answer["reply_to"]["app_id"], answer["reply_to"]["text"]) == ("A2", None)
    assert verified(case, "--evidence", evidence) == []
    newer = handset(
        tmp_path / "newer", [*LINES, Line(key="B9", minute=9, sender=FRIEND, text="x", chat=FRIEND_CHAT)]
    )
    _quote(newer, False)
    ingest(case, newer)
    absent(case, *SECRETS)
    assert verified(case, "--evidence", evidence, "--evidence", newer) == []


@pytest.mark.parametrize("is_restated", [False, True], ids=["newer evidence", "the same, wider scope"])
def test_a_quotation_of_a_message_that_is_gone_does_not_bring_its_text_back(
    tmp_path: Path, is_restated: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("forensics.extract.BATCH", 1)  # the notice on it comes with the next batch
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case", "--from", "2026-03-02")
    _quote(evidence, True)
    ingest(case, evidence)
    purged(case)
    newer = evidence
    if is_restated:
        done("authority", case, "--add", "prosecutor:W-1:2026-03-01", "--from", "2026-03-01")
    else:
        newer = handset(
            tmp_path / "newer", [*LINES, Line(key="B9", minute=9, sender=FRIEND, text="x", chat=FRIEND_CHAT)]
        )
        _quote(newer, True)
    ingest(case, newer)
    absent(case, *SECRETS)
    assert verified(case, "--evidence", evidence, "--evidence", newer) == []


def test_a_quotation_that_only_an_older_database_has_loses_its_text(tmp_path: Path):
    older = handset(tmp_path / "older")
    late = Line(key="B9", minute=9, sender=FRIEND, text="x", chat=FRIEND_CHAT)
    newer = handset(tmp_path / "newer", [*LINES, late])
    _quote(older, False)
    _quote(newer, False)
    change(newer / MSGSTORE, "UPDATE message_quoted SET text_data = NULL")
    case = new(tmp_path / "case")
    ingest(case, older)
    ingest(case, newer)
    with closing(sqlite3.connect(case / "case.db")) as db:
        told = db.execute(
            "SELECT count(*) FROM difference WHERE form LIKE ?", (f"%{SECRETS[1]}%",)
        ).fetchone()
    assert told == (1,), "the older database says more of the quotation"
    assert purged(case)["counts"]["quotations"] == 1  # type: ignore[index]
    absent(case, *SECRETS)
    assert verified(case, "--evidence", older, "--evidence", newer) == []


def test_a_flag_elsewhere_that_rests_on_a_copy_of_a_purged_text_goes(tmp_path: Path):
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case")
    _quote(evidence, True, f"coke 50 p/g, 3mmc 15 p/g {SECRETS[1]}")
    ingest(case, evidence)
    theirs = conversation(case, FRIEND_CHAT)
    flags = [each for each in of(exported(case), "flag") if each["conversation"] == theirs]
    (copies,) = (each["copies"] for each in flags if each.get("copies"))
    assert SECRETS[1] in json.dumps(copies)
    purged(case)
    assert of(exported(case), "flag") == []
    absent(case, *SECRETS)
    assert verified(case, "--evidence", evidence) == []


def _quote(evidence: Path, is_gone: bool, text: str = SECRETS[1]) -> None:
    """In the chat with the friend the owner answers what he wrote to the lawyer."""
    rows = {key: 1000 + int(key, 36) for key in ("A2", "B2")}
    with closing(sqlite3.connect(evidence / MSGSTORE)) as db, db:
        (chat,) = db.execute("SELECT chat_row_id FROM message WHERE key_id = 'A2'").fetchone()
        (own,) = db.execute("SELECT chat_row_id FROM message WHERE key_id = 'B2'").fetchone()
        db.execute(
            "INSERT INTO message_quoted (message_row_id, chat_row_id, parent_message_chat_row_id, from_me,"
            " key_id, timestamp, message_type, text_data) VALUES (?,?,?,1,'A2',?,0,?)",
            (rows["B2"], own, chat, 1_772_445_660_000, text),
        )
        if is_gone:
            db.execute("DELETE FROM message WHERE key_id = 'A2'")


@pytest.mark.parametrize(
    "scope", [("--from", "2026-03-02"), ("--privileged", "list.txt")], ids=lambda each: each[0]
)
def test_a_purge_in_a_case_with_a_scope(
    tmp_path: Path, scope: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    Path("list.txt").write_text("31600000999")
    evidence, case = handset(tmp_path / "phone"), new(tmp_path / "case", *scope)
    _quote(evidence, True)
    ingest(case, evidence)
    purged(case)
    absent(case, *NOWHERE)
    assert verified(case, "--evidence", evidence) == []


@pytest.mark.parametrize("step", ["forensics.purge._delete_derived", "forensics.case.Case.rewrite"])
def test_a_process_killed_before_the_database_was_written_anew_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
):
    case = new(tmp_path / "case")
    ingest(case, handset(tmp_path / "phone"))
    key = conversation(case, LAWYER_CHAT)
    done("report", case, "-o", case / "delivery", "--format", "jsonl")
    monkeypatch.setattr(step, _killed)
    with pytest.raises(RuntimeError):
        sporen("purge", case, "--conversation", key, "--reason", "x")
    monkeypatch.undo()
    assert log(case)[-1]["action"] == "hash.verify"
    done("flags", case)
    assert [each["result"] for each in log(case) if each["action"] == "erase"] == [
        "the database was written anew: no free pages"
    ]
    absent(case, *NOWHERE)
    assert not (case / "delivery").exists()
    assert verified(case) == []


def test_what_cannot_be_deleted_keeps_nothing_else_and_the_purge_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    case = new(tmp_path / "case")
    ingest(case, handset(tmp_path / "phone"))
    key = conversation(case, LAWYER_CHAT)
    for name in ("a.txt", "z.txt"):
        (case / name).write_text(SECRETS[0])
    unlink = Path.unlink

    def stuck(path: Path, missing_ok: bool = False) -> None:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", stuck)
    sentence = refused(7, "purge", case, "--conversation", key, "--reason", "x")
    assert "a.txt (Permission denied): cannot be deleted" in sentence
    assert not (case / "z.txt").exists()
    assert [each for each in log(case) if each["action"] == "erase"] == []
    monkeypatch.undo()
    done("flags", case)
    assert [each["action"] for each in log(case)].count("erase") == 1
    absent(case, *NOWHERE)
    assert verified(case) == []


def _killed(case: object) -> None:
    raise RuntimeError("killed")


def test_wrong_use_is_2_and_changes_nothing(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, handset(tmp_path / "phone"))
    assert "no such conversation" in refused(2, "purge", case, "--conversation", "c00", "--reason", "x")
    key = conversation(case, LAWYER_CHAT)
    before = done_in(case)
    assert "--reason is empty" in refused(2, "purge", case, "--conversation", key, "--reason", "  ")
    assert done_in(case) == before
