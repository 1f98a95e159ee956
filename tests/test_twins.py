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
        self.writer = CaseWriter(self.db, lambda text: 1 if "koop" in text else 0)
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

    def merge(self) -> twins.Merged:
        for path, number in self.files.items():
            count = self.db.execute("SELECT count(*) FROM message WHERE file = ?", (number,)).fetchone()[0]
            tables = {"message": {"rows": count, "messages": count, "skipped": {}, "failed": 0}}
            self.writer.update("file", number, {"tables": json.dumps(tables)})
            assert path
        self.writer.finish()
        merged = twins.merge(self.db, self.number)
        self._check()
        return merged

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
    assert record["source"]["path"] == LIVE
    assert record["id"] == Place(EVIDENCE, LIVE).message("message", 5)
    assert [(each["path"], each["rowid"]) for each in record["also"]] == [(DATED, 3), (BACKUP, 4)]
    assert merged.count == 2
    assert merged.touched == {case.number}
    assert merged.copies == {case.files[DATED]: {"message": 1}, case.files[BACKUP]: {"message": 1}}
    (stored,) = case.db.execute("SELECT tables FROM file WHERE n = ?", (case.files[DATED],)).fetchone()
    assert json.loads(stored)["message"]["skipped"] == {"copy": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "iets anders"},
        {"sent_at": 1_700_000_001_000},
        {"state": "hidden"},
        {"state": "deleted_for_everyone", "text": None},
        {"sender": OWNER},
        {"from_owner": True},
        {"conversation": OTHER_CHAT},
        {"app_id": "L"},
        {"app_id": None},
        {"starred": True},
        {"reactions": (Reaction(sender=BRAM, emoji="👍", at=1),)},
        {"attachments": (Attachment(kind="image", filename="a.jpg"),)},
    ],
    ids=str,
)
def test_what_differs_stays_a_record_of_its_own(case: Case, changed: dict):
    case.add(LIVE, 1)
    case.add(BACKUP, 1, **changed)
    assert case.merge().count == 0
    assert len(case.records()) == 2


def test_the_live_record_may_know_more(case: Case):
    receipt = Receipt(participant=BRAM, delivered_at=1, read_at=None, played_at=None)
    read = Receipt(participant=BRAM, delivered_at=1, read_at=2, played_at=None)
    reaction = Reaction(sender=BRAM, emoji="👍", at=1)
    case.add(BACKUP, 1, status="delivered", receipts=(receipt,), delivered_at=1)
    case.add(LIVE, 1, status="read", receipts=(read,), delivered_at=1, read_at=2, reactions=(reaction,))
    assert case.merge().count == 1
    (record,) = case.records()
    assert (record["status"], record["source"]["path"]) == ("read", LIVE)


def test_the_live_record_may_not_know_less(case: Case):
    case.add(LIVE, 1, status="sent")
    case.add(BACKUP, 1, status="read")
    assert case.merge().count == 0


def test_media_that_only_one_place_has(case: Case):
    absent = Attachment(kind="image", filename="a.jpg", size=10, path="Media/a.jpg")
    present = Attachment(
        kind="image", filename="a.jpg", size=9, path="x/a.jpg", sha256="1" * 64, present=True
    )
    case.add(BACKUP, 1, attachments=(absent,))
    case.add(LIVE, 1, attachments=(present,))
    case.add(BACKUP, 2, "K2", attachments=(present,))
    case.add(LIVE, 2, "K2", attachments=(absent,))
    assert case.merge().count == 1


def test_answers_name_the_record_that_is_left(case: Case):
    old = case.add(BACKUP, 1)
    new = case.add(LIVE, 7)
    reply = Reply(id=old.id, app_id="K", text="hallo", sent_at=None, sender=BRAM)
    case.add(BACKUP, 2, "only in the backup", text="antwoord", reply_to=reply)
    assert case.merge().count == 1
    answer = next(each for each in case.records() if each["text"] == "antwoord")
    assert answer["reply_to"]["id"] == new.id


def test_answers_of_both_places_are_the_same_answer(case: Case):
    old, new = case.add(BACKUP, 1), case.add(LIVE, 7)
    for path, rowid, target in ((BACKUP, 2, old), (LIVE, 8, new)):
        reply = Reply(id=target.id, app_id="K", text="hallo", sent_at=None, sender=BRAM)
        case.add(path, rowid, "K2", text="antwoord", reply_to=reply)
    assert case.merge().count == 2
    answer = next(each for each in case.records() if each["text"] == "antwoord")
    assert answer["reply_to"]["id"] == new.id


def test_of_three_two_that_are_alike_are_merged(case: Case):
    case.add(LIVE, 1, text="bewerkt")
    case.add(BACKUP, 1, text="eerst")
    case.add(DATED, 1, text="eerst")
    assert case.merge().count == 1
    assert [each["text"] for each in case.records()] == ["bewerkt", "eerst"]


def test_rows_of_one_database_are_never_merged(case: Case):
    case.add(LIVE, 1)
    case.add(LIVE, 2)
    assert case.merge().count == 0


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
    assert twins.merge(case.db, case.number).count == 0
    assert case.records() == before
