"""The same message in several databases of one account, on a case's own tables."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator

import pytest

from forensics import case_schema, twins
from forensics.case_writer import CaseWriter
from forensics.digest import written
from forensics.identity import Place
from forensics.message_row import SELECT, FilePlace, packed, stored_fields
from forensics.model import (
    Account,
    Attachment,
    Conversation,
    Message,
    Participant,
    Reaction,
    Receipt,
    Reply,
    Source,
)

EVIDENCE = "e" * 64
ACCOUNT, CHAT, OTHER_CHAT = "a" + "1" * 24, "c" + "1" * 24, "c" + "2" * 24
OWNER, BRAM = "p" + "1" * 24, "p" + "2" * 24
LIVE, BACKUP, DATED = "db/msgstore.db", "b/msgstore.db.crypt15!/msgstore.db", "b/msgstore-2026-01-31.1.db"


class Case:
    """A case with one item that holds databases of one account."""

    def __init__(self, *paths: str) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.executescript(case_schema.TABLES)
        self.speaks = lambda text: 1 if "koop" in text else 0
        self.writer = CaseWriter(self.db, self.speaks)
        self.number = self.writer.evidence(
            {
                "sha256": EVIDENCE, "path": "phone", "kind": "folder", "size": 1, "sha256_after": None,
                "expected": None, "exhibit": None, "at": "", "problems": "[]", "unread": "[]", "unopened": 0,
                "records_sha256": None,
            }
        )  # fmt: skip
        self.files = {path: self._file(path) for path in paths}
        self.writer.account(
            Account(id=ACCOUNT, app="whatsapp", platform="android", handle=None, phone=None, name=None,
                    exhibit=None)
        )  # fmt: skip
        for chat in (CHAT, OTHER_CHAT):
            self.writer.conversation(
                Conversation(id=chat, app="whatsapp", platform="android", account=ACCOUNT, kind="direct",
                             title=None, handle=None, participants=(OWNER, BRAM))
            )  # fmt: skip
        for person in (OWNER, BRAM):
            self.writer.participant(
                Participant(id=person, app="whatsapp", handle=None, phone=None, names=(),
                            is_owner=person == OWNER)
            )  # fmt: skip

    def _file(self, path: str) -> int:
        return self.writer.file(
            {
                "path": path, "size": 1, "sha256": hashlib.sha256(path.encode()).hexdigest(),
                "app": "whatsapp", "platform": "android", "role": "messages", "schema": "",
                "companions": "[]", "opened_by": "{}" if "crypt" in path else None, "tables": "{}",
            }
        )  # fmt: skip

    def add(self, path: str, rowid: int, app_id: str | None = "K", **given: object) -> Message:
        message = Message(
            **{
                "id": Place(EVIDENCE, path).message("message", rowid), "app": "whatsapp",
                "platform": "android", "account": ACCOUNT, "conversation": CHAT,
                "conversation_kind": "direct", "sender": BRAM, "from_owner": False, "kind": "text",
                "text": "hallo", "sent_at": 1_700_000_000_000,
                "source": Source(
                    evidence_sha256=EVIDENCE, file_sha256=hashlib.sha256(path.encode()).hexdigest(),
                    path=path, table="message", rowid=rowid, app_id=app_id,
                ),
                **given,
            }
        )  # fmt: skip
        self.writer.messages([packed(message)])
        return message

    def merge(self) -> int:
        """Merge; gives how many records were given up."""
        for path, number in self.files.items():
            count = self.db.execute("SELECT count(*) FROM message WHERE file = ?", (number,)).fetchone()[0]
            tables = {"message": {"rows": count, "messages": count, "skipped": {}, "failed": 0}}
            self.writer.update("file", number, {"tables": json.dumps(tables)})
            assert path
        self.writer.finish()
        self.again()
        self._check()
        sql = "SELECT count(*) FROM twin WHERE n <> message"
        return int(self.db.execute(sql).fetchone()[0])

    def again(self) -> None:
        twins.merge(self.db, self.number, self.speaks)

    def differences(self) -> list[tuple[str, str, dict]]:
        return [
            (scope, kind, json.loads(form))
            for scope, kind, form in self.db.execute("SELECT scope, kind, form FROM difference ORDER BY n")
        ]

    def records(self) -> list[dict]:
        places = {n: FilePlace(EVIDENCE, digest, path)
                  for n, digest, path in self.db.execute("SELECT n, sha256, path FROM file")}  # fmt: skip
        rows = self.db.execute(f"{SELECT} ORDER BY m.n").fetchall()
        found = []
        for row in rows:
            fields = stored_fields(row, places)
            assert hashlib.sha256(written(fields)).digest() == row[1], "the digest is that of the record"
            found.append({"id": f"m{row[0].hex()}", **fields})
        return found

    def _check(self) -> None:
        """Every row is accounted for, and the search index holds what the messages hold."""
        for file, stored in self.db.execute("SELECT n, tables FROM file"):
            counted = json.loads(stored)["message"]
            left = self.db.execute("SELECT count(*) FROM message WHERE file = ?", (file,)).fetchone()[0]
            assert counted["messages"] == left
            assert counted["rows"] == left + sum(counted["skipped"].values())
        texts = self.db.execute("SELECT count(*) FROM searchable").fetchone()[0]
        assert self.db.execute("SELECT count(*) FROM message_text_docsize").fetchone()[0] == texts
        self.db.execute("INSERT INTO message_text (message_text) VALUES ('integrity-check')")


@pytest.fixture
def case() -> Iterator[Case]:
    made = Case(DATED, BACKUP, LIVE)
    yield made
    made.db.close()


def test_one_record_with_several_sources_and_the_live_database_in_source(case: Case):
    for path, rowid in ((DATED, 3), (BACKUP, 4), (LIVE, 5)):
        case.add(path, rowid)
    merged = case.merge()
    (record,) = case.records()
    assert merged == 2
    assert record["source"]["path"] == LIVE
    assert record["id"] == Place(EVIDENCE, LIVE).message("message", 5)
    assert [(each["path"], each["rowid"]) for each in record["also"]] == [(DATED, 3), (BACKUP, 4)]
    (stored,) = case.db.execute("SELECT tables FROM file WHERE n = ?", (case.files[DATED],)).fetchone()
    assert json.loads(stored)["message"]["skipped"] == {"copy": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"sent_at": 1_700_000_001_000},
        {"sender": OWNER},
        {"from_owner": True},
        {"conversation": OTHER_CHAT},
        {"app_id": "L"},
        {"app_id": None},
        {"status": "draft", "sent_at": None},
    ],
    ids=str,
)
def test_what_is_not_the_same_message_stays_a_record_of_its_own(case: Case, changed: dict):
    case.add(LIVE, 1)
    case.add(BACKUP, 1, **changed)
    assert case.merge() == 0
    assert len(case.records()) == 2


THUMB = {"sender": BRAM, "emoji": "👍", "at": "1970-01-01T00:00:00.001Z"}


@pytest.mark.parametrize(
    ("changed", "kind", "fields"),
    [
        ({"text": "iets anders"}, "edited", [{"field": "text", "kept": "hallo", "other": "iets anders"}]),
        ({"state": "hidden"}, "changed", [{"field": "state", "kept": "live", "other": "hidden"}]),
        ({"starred": True}, "changed", [{"field": "starred", "kept": False, "other": True}]),
        (
            {"reactions": (Reaction(sender=BRAM, emoji="👍", at=1),)},
            "changed",
            [{"field": "reactions", "kept": [], "other": [THUMB]}],
        ),
        ({"status": "read"}, "changed", [{"field": "status", "kept": None, "other": "read"}]),
    ],
    ids=str,
)
def test_what_a_backup_says_otherwise_is_listed(case: Case, changed: dict, kind: str, fields: list):
    case.add(LIVE, 1)
    case.add(BACKUP, 1, **changed)
    assert case.merge() == 1
    ((scope, found, form),) = case.differences()
    assert (scope, found, form["fields"]) == ("copies", kind, fields)
    assert form["source"]["path"] == BACKUP


def test_the_text_of_a_message_that_was_deleted_since_is_an_older_text(case: Case):
    case.add(LIVE, 1, state="deleted_for_everyone", text=None, deleted_at=1_700_000_060_000)
    case.add(BACKUP, 1, text="te koop")
    assert case.merge() == 1
    (record,) = case.records()
    assert (record["text"], record["state"]) == (None, "deleted_for_everyone")
    assert record["edits"] == [{"at": None, "text": "te koop"}]
    ((_, kind, _),) = case.differences()
    assert kind == "deleted"
    found = case.db.execute("SELECT rowid FROM message_text WHERE message_text MATCH 'koop'").fetchall()
    assert len(found) == 1
    assert case.db.execute("SELECT count(*) FROM cue").fetchone() == (1,)


def test_older_texts_stand_in_the_order_of_the_databases(case: Case):
    case.add(LIVE, 1, text="drie")
    case.add(BACKUP, 1, text="twee")
    case.add(DATED, 1, text="een")
    assert case.merge() == 2
    (record,) = case.records()
    assert [each["text"] for each in record["edits"]] == ["een", "twee"]


def test_taken_apart_every_record_is_as_it_was_read(case: Case):
    case.add(LIVE, 1, text="drie")
    old = case.add(BACKUP, 1, text="twee koop")
    case.add(BACKUP, 2, "K2", reply_to=Reply(id=old.id, app_id="K", text=None, sent_at=None, sender=None))
    before = case.db.execute("SELECT * FROM message ORDER BY n").fetchall()
    cues = case.db.execute("SELECT * FROM cue ORDER BY message").fetchall()
    assert case.merge() == 1
    twins.take_apart(case.db, case.speaks, case.number)
    case._check()
    assert case.db.execute("SELECT * FROM message ORDER BY n").fetchall() == before
    assert case.db.execute("SELECT * FROM cue ORDER BY message").fetchall() == cues
    for table in ("twin", "difference"):
        assert case.db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_the_live_record_may_know_more(case: Case):
    receipt = Receipt(participant=BRAM, delivered_at=1, read_at=None, played_at=None)
    read = Receipt(participant=BRAM, delivered_at=1, read_at=2, played_at=None)
    reaction = Reaction(sender=BRAM, emoji="👍", at=1)
    case.add(BACKUP, 1, status="delivered", receipts=(receipt,), delivered_at=1)
    case.add(LIVE, 1, status="read", receipts=(read,), delivered_at=1, read_at=2, reactions=(reaction,))
    assert case.merge() == 1
    (record,) = case.records()
    assert (record["status"], record["source"]["path"]) == ("read", LIVE)
    assert case.differences() == []


def test_media_that_only_one_place_has(case: Case):
    absent = Attachment(kind="image", filename="a.jpg", size=10, path="Media/a.jpg")
    present = Attachment(
        kind="image", filename="a.jpg", size=9, path="x/a.jpg", sha256="1" * 64, present=True
    )
    case.add(BACKUP, 1, attachments=(absent,))
    case.add(LIVE, 1, attachments=(present,))
    case.add(BACKUP, 2, "K2", attachments=(present,))
    case.add(LIVE, 2, "K2", attachments=(absent,))
    assert case.merge() == 2
    ((_, kind, form),) = case.differences()
    assert (kind, form["fields"][0]["field"]) == ("changed", "attachments")


def test_answers_name_the_record_that_is_left(case: Case):
    old = case.add(BACKUP, 1)
    new = case.add(LIVE, 7)
    reply = Reply(id=old.id, app_id="K", text="hallo", sent_at=None, sender=BRAM)
    case.add(BACKUP, 2, "only in the backup", text="antwoord", reply_to=reply)
    assert case.merge() == 1
    answer = next(each for each in case.records() if each["text"] == "antwoord")
    assert answer["reply_to"]["id"] == new.id


def test_answers_of_both_places_are_the_same_answer(case: Case):
    old, new = case.add(BACKUP, 1), case.add(LIVE, 7)
    for path, rowid, target in ((BACKUP, 2, old), (LIVE, 8, new)):
        reply = Reply(id=target.id, app_id="K", text="hallo", sent_at=None, sender=BRAM)
        case.add(path, rowid, "K2", text="antwoord", reply_to=reply)
    assert case.merge() == 2
    answer = next(each for each in case.records() if each["text"] == "antwoord")
    assert answer["reply_to"]["id"] == new.id


def test_rows_without_the_apps_id_are_one_where_place_and_content_are_the_same(case: Case):
    for path in (LIVE, BACKUP):
        case.add(path, 1, None)
        case.add(path, 2, None, text=path)
    assert case.merge() == 1
    assert [each["text"] for each in case.records()] == ["hallo", LIVE, BACKUP]


def test_rows_of_one_database_are_never_merged(case: Case):
    case.add(LIVE, 1)
    case.add(LIVE, 2)
    assert case.merge() == 0


def test_cues_and_search_lose_the_copies(case: Case):
    case.add(BACKUP, 1, text="te koop")
    case.add(LIVE, 1, text="te koop")
    case.merge()
    assert case.db.execute("SELECT count(*) FROM cue").fetchone() == (1,)
    found = case.db.execute("SELECT rowid FROM message_text WHERE message_text MATCH 'koop'").fetchall()
    assert len(found) == 1


def test_merging_twice_changes_nothing(case: Case):
    case.add(BACKUP, 1)
    case.add(LIVE, 1)
    case.merge()
    before = case.records()
    case.again()
    assert case.records() == before
