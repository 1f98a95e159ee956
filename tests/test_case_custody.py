"""The custody of a case: every command is on record, and verify finds what was changed, and says which."""

from __future__ import annotations

import gc
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import (
    MSGSTORE,
    change,
    done,
    exported,
    ingest,
    log,
    messages,
    new,
    of,
    phone,
    refused,
    sporen,
    verified,
)

from forensics import case_schema, custody
from forensics.case import Case

DRUGS = "500.000 euro is te veel, coke 50 p/g, 3mmc 15 p/g, ketamine 25 p/g, stuur een bericht"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phone with calls and something that raises a flag."""
    folder = phone(tmp_path_factory.mktemp("evidence") / "phone", "calls")
    database = folder / MSGSTORE
    with closing(sqlite3.connect(database)) as connection:
        chat, timestamp = connection.execute(
            "SELECT chat_row_id, timestamp FROM message WHERE chat_row_id > 0 ORDER BY _id DESC LIMIT 1"
        ).fetchone()
    change(
        database,
        (
            "INSERT INTO message (_id, chat_row_id, from_me, key_id, sender_jid_row_id, timestamp,"
            " message_type, text_data) VALUES (9000, ?, 0, 'DRUGS', 0, ?, 0, ?)",
            (chat, timestamp + 1000, DRUGS),
        ),
    )
    return folder


@pytest.fixture(scope="module")
def made(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with all that a case can hold."""
    case = new(tmp_path_factory.mktemp("made") / "case")
    ingest(case, evidence)
    flag = of(exported(case), "flag")[0]["id"]
    done("decide", case, flag, "confirmed", "--reason", "read it")
    return case


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return Path(shutil.copytree(made, tmp_path / "case"))


def test_nothing_differs_in_a_case_as_it_was_made(case: Path, evidence: Path):
    assert verified(case) == []
    assert verified(case, "--evidence", evidence) == []


def test_nothing_differs_in_a_case_in_which_nothing_is_yet(tmp_path: Path):
    assert verified(new(tmp_path / "case")) == []


# --- Every command is on record -----------------------------------------------------------------------------


def test_every_command_is_on_record(tmp_path: Path, evidence: Path):
    case = new(tmp_path / "case")
    ingest(case, evidence)
    ingest(case, evidence)
    ingest(case, tmp_path / "gone", code=3)
    message = messages(case)[0]["id"]
    flag = of(exported(case), "flag")[0]["id"]
    commands: list[tuple[tuple[object, ...], str]] = [
        (("flags", case), "view"),
        (("search", case, "coke"), "search"),
        (("show", case, message), "view"),
        (("decide", case, flag, "rejected", "--reason", "a list of groceries"), "hash.verify"),
        (("export", case, "--format", "csv", "-o", tmp_path / "case.csv"), "export"),
        (("report", case, "-o", tmp_path / "delivery", "--format", "jsonl"), "report.write"),
        (("verify", case), "hash.verify"),
    ]
    for arguments, action in commands:
        before = len(log(case))
        done(*arguments)
        assert len(log(case)) > before, arguments
        assert log(case)[-1]["action"] == action
    actions = {each["action"] for each in log(case)}
    assert {"case.open", "evidence.add", "parse.start", "parse.end", "flag.run", "flag.review"} <= actions
    assert "already in the case" in {each["result"] for each in log(case)}
    assert verified(case, "--evidence", evidence) == []


def test_log_prints_the_entries_as_they_stand(case: Path):
    printed = done("log", case, "--json").stdout_bytes
    assert printed == (case / "custody.jsonl").read_bytes()
    assert len(done("log", case).stdout.splitlines()) == len(log(case))


# --- The log ------------------------------------------------------------------------------------------------


def _edited(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b"Europe/Amsterdam", b"Europe/Rotterdam"), *lines[2:]]


LOG_CHANGES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "edited": (_edited, "line 2"),
    "removed": (lambda lines: lines[:3] + lines[4:], "line 4"),
    "inserted": (lambda lines: [*lines[:3], lines[1], *lines[3:]], "line 4"),
    "reordered": (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "line 3"),
    "truncated by one": (lambda lines: lines[:-1], "line"),
    "truncated by half": (lambda lines: lines[: len(lines) // 2], "line"),
    "torn": (lambda lines: [*lines[:-1], lines[-1][:-20]], "line"),
    "empty": (lambda lines: [], "line 1"),
    "garbage": (lambda lines: [b"\xff\xfe not a log\n"], "line 1"),
}


@pytest.mark.parametrize("name", LOG_CHANGES)
def test_verify_finds_a_log_that_was(name: str, case: Path):
    tamper, place = LOG_CHANGES[name]
    path = case / "custody.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(tamper(lines)))
    found = verified(case, code=1)
    assert any(each.startswith("custody.jsonl: ") and place in each for each in found), found


def test_verify_finds_a_log_that_is_gone(case: Path):
    (case / "custody.jsonl").unlink()
    assert any("missing" in each for each in verified(case, code=1))


@pytest.mark.parametrize("cut", [1, 3])
def test_no_command_goes_on_behind_a_truncated_log(case: Path, cut: int):
    """The next entry would hide that something was cut off."""
    path = case / "custody.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-cut]))
    assert "custody.jsonl" in refused(5, "search", case, "coke")
    assert path.read_bytes() == b"".join(lines[:-cut])
    assert verified(case, code=1)


def test_no_command_goes_on_with_an_older_database(made: Path, case: Path, tmp_path: Path):
    done("search", case, "coke")
    shutil.copyfile(made / "case.db", case / "case.db")
    refused(5, "search", case, "coke")


def test_a_damaged_log_is_no_traceback_for_any_command(case: Path):
    (case / "custody.jsonl").write_bytes(b"\xff\n")
    for arguments in (("log", case), ("search", case, "x"), ("log", case, "--json")):
        assert sporen(*arguments).exit_code in (0, 5)


# --- The database -------------------------------------------------------------------------------------------

# What is changed of each table: a statement, and a word that the difference must name.
ROW_CHANGES = {
    "setting": "UPDATE setting SET value = '\"Another\"' WHERE name = 'examiner'",
    "setting removed": "DELETE FROM setting WHERE name = 'organisation'",
    "setting added": "INSERT INTO setting VALUES ('more', '1')",
    "setting changed_seq": "UPDATE setting SET value = '1' WHERE name = 'changed_seq'",
    "setting changed_at": "UPDATE setting SET value = '\"2020-01-01T00:00:00.000Z\"'"
    " WHERE name = 'changed_at'",
    "setting head": "UPDATE setting SET value = replace(value, '\"seq\": ', '\"seq\": 1')"
    " WHERE name = 'head'",
    "evidence": "UPDATE evidence SET path = 'elsewhere'",
    "evidence sha256": "UPDATE evidence SET sha256 = replace(sha256, substr(sha256, 1, 1), 'f')||'0'",
    "file": "UPDATE file SET tables = '{}'",
    "account": "UPDATE account SET form = replace(form, 'whatsapp', 'telegram')",
    "conversation": "UPDATE conversation SET title = 'Another'",
    "conversation removed": "DELETE FROM conversation WHERE n = 1",
    "said": "UPDATE said SET place = place + 1",
    "participant": "UPDATE participant SET phone = '31600000999' WHERE n = 1",
    "message text": "UPDATE message SET text = 'something else' WHERE n = 3",
    "message sender": "UPDATE message SET sender = NULL WHERE sender IS NOT NULL",
    "message sent_at": "UPDATE message SET sent_at = sent_at + 1 WHERE n = 3",
    "message id": "UPDATE message SET id = x'00112233445566778899aabb' WHERE n = 3",
    "message removed": "DELETE FROM message WHERE n = 3",
    "message digest": "UPDATE message SET sha256 = zeroblob(32) WHERE n = 3",
    "message doubled": "INSERT INTO message SELECT 99999, id, conversation, sender, from_owner, kind, status,"
    " state, sent_at, received_at, text, file, table_name, row_id, app_id, place, rare, sha256, words"
    " FROM message WHERE n = 3",
    "message words": "UPDATE message SET words = 'nothing' WHERE n = 3",
    "call": "UPDATE call SET form = replace(form, '\"video\":false', '\"video\":true')",
    "call removed": "DELETE FROM call WHERE n = 1",
    "notice": "UPDATE notice SET text = 'nothing'",
    "notice removed": "DELETE FROM notice",
    "flag": "UPDATE flag SET score = 1",
    "flag removed": "DELETE FROM flag",
    "decision": "UPDATE decision SET decision = 'rejected'",
    "decision removed": "DELETE FROM decision",
    "cue": "UPDATE cue SET flags = 0",
    "cue removed": "DELETE FROM cue",
    "search index word removed": "INSERT INTO message_text (message_text, rowid, text)"
    " SELECT 'delete', n, text FROM message WHERE text LIKE '%3mmc%'",
    "search index word added": "INSERT INTO message_text (rowid, text) VALUES (77777, 'invented')",
    "search index emptied": "DELETE FROM message_text_data",
    "search index configuration": "INSERT INTO message_text (message_text, rank) VALUES ('pgsz', 2000)",
    "trigger": "CREATE TRIGGER t AFTER INSERT ON notice BEGIN DELETE FROM notice; END",
    "table": "CREATE TABLE hidden (n)",
}


# Tables that are empty in a case of one database, changed in test_two_phones, test_union, test_acquisition,
# test_selected, test_sealing.
ELSEWHERE = {
    "alias",
    "twin",
    "difference",
    "pair",
    "link",
    "contact",
    "acquisition",
    "comparison",
    "sealed",
    "selected",
}


@pytest.mark.parametrize("name", ROW_CHANGES)
def test_verify_finds_a_change_of(name: str, case: Path):
    change(case / "case.db", ROW_CHANGES[name])
    found = verified(case, code=1)
    assert found, name
    table = name.split(maxsplit=1)[0]
    wanted = {"search": "search index", "trigger": "sqlite_master", "table": "sqlite_master"}.get(
        table, table
    )
    wanted = {
        "search index configuration": "message_text_config",
        "setting head": "noted",
        "search index emptied": "message_text",
    }.get(name, wanted)
    assert any(wanted in each or "records of" in each for each in found), found


def test_every_table_of_a_case_has_a_change_in_the_test_above(case: Path):
    with closing(sqlite3.connect(case / "case.db")) as connection:
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in names - {"outbox", *ELSEWHERE}:
            assert connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0], f"{name} is empty here"
    tables = {name for name in names if not name.startswith("message_text")}
    assert tables - {"outbox", *ELSEWHERE} <= {name.split()[0] for name in ROW_CHANGES}


@pytest.mark.parametrize(
    "table",
    [each for each in case_schema.DIGESTED if "_" not in each and each not in ELSEWHERE] + ["message"],
)
def test_no_value_in_a_changed_case_ends_in_a_traceback(table: str, case: Path):
    whole = (case / "case.db").read_bytes()
    for value in ("NULL", "x'ff00'", "CAST(x'ff41' AS TEXT)", "1e999"):
        gc.collect()
        (case / "case.db").write_bytes(whole)
        if not _spoil(case / "case.db", table, value):
            continue
        gc.collect()  # what an error holds on to would lock the database for the next command
        assert sporen("verify", case).exit_code in (1, 5), (table, value)
        for command in (
            ("flags", case),
            ("search", case, "coke"),
            ("export", case, "--format", "jsonl", "-o", "-"),
        ):
            gc.collect()
            assert sporen(*command).exit_code in (0, 5), (table, value, command)


def _spoil(database: Path, table: str, value: str) -> bool:
    """Put the value into every column that takes it; tells whether any did."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if not row[5]]
        for column in list(columns):
            try:
                connection.execute(f"UPDATE {table} SET {column} = {value}")
            except sqlite3.IntegrityError:
                columns.remove(column)  # the table itself refuses it
    return bool(columns)


def test_a_row_in_the_outbox_that_the_log_does_not_know_is_found(case: Path):
    change(case / "case.db", ("INSERT INTO outbox VALUES (3, ?)", (b"{}\n",)))
    refused(5, "verify", case)


def _free_pages(data: bytes) -> set[int]:
    """The pages that hold nothing, from 0, by the list of them (sqlite.org/fileformat2.html, 1.5)."""
    found: set[int] = set()
    trunk = int.from_bytes(data[32:36])
    while trunk:
        start = (trunk - 1) * 4096
        numbers = [int.from_bytes(data[start + 4 * place : start + 4 * place + 4]) for place in range(1024)]
        found |= {trunk - 1, *(number - 1 for number in numbers[2 : 2 + numbers[1]])}
        trunk = numbers[0]
    return found


def test_pages_of_the_database_that_were_overwritten_are_no_traceback(case: Path):
    path = case / "case.db"
    whole = path.read_bytes()
    for page in sorted(set(range(0, len(whole) // 4096, 3)) - _free_pages(whole)):
        path.write_bytes(whole[: page * 4096] + b"\x5a" * 4096 + whole[(page + 1) * 4096 :])
        result = sporen("verify", case)
        assert result.exit_code in (1, 5), (page, result.output)
        for command in (("flags", case), ("search", case, "coke")):
            assert sporen(*command).exit_code in (0, 5), (page, command)


# --- The evidence -------------------------------------------------------------------------------------------


def test_verify_finds_evidence_that_was_changed(case: Path, evidence: Path, tmp_path: Path):
    copy = Path(shutil.copytree(evidence, tmp_path / "phone"))
    assert verified(case, "--evidence", copy) == []
    change(copy / MSGSTORE, "UPDATE message SET text_data = 'changed' WHERE text_data LIKE '%3mmc%'")
    (found,) = verified(case, "--evidence", copy, code=1)
    assert str(copy) in found
    assert "not evidence of this case, or changed since" in found


def test_verify_of_a_case_without_evidence_says_that_it_has_none(evidence: Path, tmp_path: Path):
    (found,) = verified(new(tmp_path / "empty"), "--evidence", evidence, code=1)
    assert found.endswith("not evidence of this case, or changed since (the case has no evidence)")


def test_verify_finds_evidence_that_was_swapped(case: Path, tmp_path: Path):
    other = phone(tmp_path / "other", "modern_group")
    (found,) = verified(case, "--evidence", other, code=1)
    assert str(other) in found
    (tmp_path / "no.db").write_bytes(b"no database at all")
    assert "no.db" in verified(case, "--evidence", tmp_path / "no.db", code=1)[0]


def test_verify_of_missing_evidence_is_3(case: Path, tmp_path: Path):
    result = sporen("verify", case, "--evidence", tmp_path / "gone", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["unread"][0]["text"].endswith("gone: no such file or folder")


FORGERIES = {
    "message": "UPDATE message SET sha256 = zeroblob(32) WHERE n = 3",
    "call": "UPDATE call SET sha256 = zeroblob(32) WHERE n = 1",
    "account": "UPDATE account SET form = replace(form, 'android', 'ios')",
    "conversation": "UPDATE conversation SET title = 'forged'",
    "participant": "UPDATE participant SET names = '[]'",
    "participant added": "INSERT INTO participant VALUES (999, 'p1', 'whatsapp', '', '', '[]', 0, 9)",
    "notice": "UPDATE notice SET raw = 'forged'",
    "notice removed": "DELETE FROM notice",
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_case_with_a_fresh_seal_does_not_agree_with_its_evidence(
    name: str, case: Path, evidence: Path
):
    """Whoever has the examiner's key can seal anything; the evidence still says what it says."""
    change(case / "case.db", FORGERIES[name])
    with Case.open(case) as opened, opened.change() as forged:
        forged.log("flag.run", {"case": "forged"}, changes_case=True)
    found = verified(case, "--evidence", evidence, code=1)
    assert any(each.startswith(str(evidence)) or "records of" in each for each in found), found


def test_what_is_read_again_counts_every_kind_of_record(case: Path, evidence: Path):
    records = exported(case)
    compared = json.loads(done("verify", case, "--evidence", evidence, "--json").stdout)["checked"]
    kinds = ("account", "conversation", "participant", "message", "call", "notice")
    assert compared["records compared"] == sum(len(of(records, kind)) for kind in kinds)


# --- The outbox ---------------------------------------------------------------------------------------------


def test_a_change_killed_before_its_entries_are_written_is_finished_by_the_next_command(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    count = len(log(case))
    with monkeypatch.context() as patch:
        patch.setattr(custody, "append", _killed)
        with pytest.raises(KeyboardInterrupt), Case.open(case) as opened, opened.change() as changed:
            changed.log("view", {"message": "one"})
            changed.log("view", {"message": "two"})
    assert len(log(case)) == count
    done("search", case, "coke")
    assert [each["action"] for each in log(case)[count:]] == ["view", "view", "search"]
    assert verified(case) == []


def test_a_change_killed_in_the_middle_of_a_line_is_finished_by_the_next_command(case: Path):
    whole = (case / "custody.jsonl").read_bytes()
    append = custody.append
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(custody, "append", _killed)
        with pytest.raises(KeyboardInterrupt), Case.open(case) as opened, opened.change() as changed:
            changed.log("view", {"message": "one"})
    with closing(sqlite3.connect(case / "case.db")) as connection:
        (line,) = connection.execute("SELECT line FROM outbox").fetchone()
    assert append is custody.append
    (case / "custody.jsonl").write_bytes(whole + line[: len(line) // 2])
    done("search", case, "coke")
    assert (case / "custody.jsonl").read_bytes().startswith(whole + line)
    assert verified(case) == []


def test_a_change_leaves_the_patience_of_the_case_as_it_was(case: Path):
    with Case.open(case) as opened:
        opened.db.execute("PRAGMA busy_timeout=1234")
        with opened.change() as changed:
            changed.log("view", {"case": "x"})
        assert opened.db.execute("PRAGMA busy_timeout").fetchone() == (1234,)


def test_entries_of_another_process_are_not_struck_from_the_outbox(case: Path):
    with Case.open(case) as opened:
        change(case / "case.db", ("INSERT INTO outbox VALUES (9999, ?)", (b"another's",)))
        opened._send([(case / "custody.jsonl").read_bytes().splitlines(keepends=True)[-1]])
        assert [bytes(row[0]) for row in opened.db.execute("SELECT line FROM outbox")] == [b"another's"]


def _killed(path: Path, line: bytes) -> None:
    raise KeyboardInterrupt


# --- A delivery ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def delivered(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("delivered")
    copy = shutil.copytree(made, folder / "case")
    done("report", copy, "-o", folder / "delivery", "--format", "jsonl,csv")
    return folder / "delivery"


@pytest.fixture
def delivery(delivered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(delivered, tmp_path / "delivery"))


def test_a_delivery_as_it_was_written_agrees_with_itself_and_the_evidence(delivery: Path, evidence: Path):
    assert verified(delivery) == []
    assert verified(delivery, "--evidence", evidence) == []


def test_every_file_of_a_delivery_that_is_changed_or_missing_is_named(delivered: Path, tmp_path: Path):
    names = [path.relative_to(delivered) for path in sorted(delivered.rglob("*")) if path.is_file()]
    for name in names:
        for tamper in (lambda p: p.write_bytes(p.read_bytes() + b" "), lambda p: p.unlink()):
            folder = Path(shutil.copytree(delivered, tmp_path / "delivery"))
            tamper(folder / name)
            if name.as_posix() in ("bagit.txt", "tagmanifest-sha256.txt"):
                assert verified(folder, code=1)
            else:
                assert any(each.startswith(name.as_posix()) for each in verified(folder, code=1)), name
            shutil.rmtree(folder)


def test_a_file_added_to_a_delivery_is_named(delivery: Path):
    (delivery / "data" / "more.txt").write_text("added")
    assert any("more.txt" in each and "added" in each for each in verified(delivery, code=1))


def test_a_delivery_with_other_evidence_is_1(delivery: Path, tmp_path: Path):
    assert verified(delivery, "--evidence", phone(tmp_path / "other", "modern_group"), code=1)
