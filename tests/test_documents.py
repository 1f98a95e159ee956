"""Documents: files that are no database, recognised by content and read like installations."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics import registry
from forensics.authority import Scope
from forensics.events import Event, FileOpened, FileRead, ItemFailed, ItemRead
from forensics.evidence import Limits
from forensics.extract import Batch
from forensics.identity import account_id, conversation_id, participant_id
from forensics.message_row import Packed
from forensics.model import Account, Attachment, Conversation, Message, Participant, Record
from forensics.parser import Document
from forensics.reading import Request, read

CONTENT = b"DIARY 1\nhello\nphoto.jpg\n"


class Diary:
    """An invented form: one line a message; a line that names a file has it as attachment."""

    name = "diary"
    app = "diary"
    platform = "export"

    def recognises(self, head: bytes, path: str) -> bool:
        return head.startswith(b"DIARY 1\n")

    def schema(self, head: bytes) -> str:
        return "first form"

    def read(self, document: Document) -> Iterator[Record]:
        account = account_id(self.app, self.platform, None, document.file_sha256)
        chat, owner = conversation_id(account, "all"), participant_id(account, "owner")
        yield Account(
            id=account, app=self.app, platform=self.platform, handle=None, phone=None, name=None,
            exhibit=document.exhibit,
        )  # fmt: skip
        yield Participant(id=owner, app=self.app, handle=None, phone=None, names=(), is_owner=True)
        yield Conversation(
            id=chat, app=self.app, platform=self.platform, account=account, kind="direct", title=None,
            handle=None, participants=(owner,),
        )  # fmt: skip
        offset = 0
        with document.stream() as stream:
            for number, line in enumerate(stream, 1):
                counted = document.account_for("line")
                counted.rows += 1
                if number == 1:
                    counted.skip("header")
                else:
                    counted.messages += 1
                    text = line.decode().rstrip("\n")
                    media = document.media(text)
                    yield Message(
                        id=document.place.message("line", number), app=self.app, platform=self.platform,
                        account=account, conversation=chat, conversation_kind="direct", sender=owner,
                        from_owner=True, kind="text", text=text, sent_at=number * 1000,
                        source=document.source("line", number, offset=offset),
                        attachments=() if media is None else (
                            Attachment(kind="image", path=media.path, sha256=media.sha256, present=True),
                        ),
                    )  # fmt: skip
                offset += len(line)


@pytest.fixture(autouse=True)
def _diaries(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registry, "document_parsers", lambda: (Diary(),))


def events(path: Path, work: Path, scope: Scope) -> list[Event]:
    request = Request(
        paths=(path,), keys=(), scope=scope, exhibit=None, expected=(), known={}, work=work,
        limits=Limits(),
    )  # fmt: skip
    return list(read(request))


def of(found: list[Event], kind: type) -> list:
    return [each for each in found if isinstance(each, kind)]


def messages(found: list[Event]) -> list:
    return [Packed._make(row) for batch in of(found, Batch) for row in batch.messages]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def whole() -> Scope:
    return Scope(apps=frozenset(), since=None, until=None, privileged=frozenset(), secret="")


def test_a_file_that_no_one_else_claims_is_offered_to_the_document_parsers(tmp_path, work, whole):
    file = tmp_path / "anything.bin"
    file.write_bytes(CONTENT)
    found = events(file, work, whole)
    (opened,) = of(found, FileOpened)
    assert opened.record["path"] == "anything.bin"
    assert opened.record["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert (opened.record["app"], opened.record["platform"]) == ("diary", "export")
    assert (opened.record["role"], opened.record["schema"]) == ("document", "first form")
    first, second = messages(found)
    assert (first.text, first.table_name, first.row_id, first.path) == ("hello", "line", 2, "anything.bin")
    assert first.place == "[null,null,8]"
    assert second.text == "photo.jpg"
    (accounted,) = of(found, FileRead)
    assert accounted.tables == {"line": {"rows": 3, "messages": 2, "skipped": {"header": 1}, "failed": 0}}
    assert of(found, ItemRead)


def test_a_document_in_a_zip_finds_the_media_of_its_own_folder_only(tmp_path, work, whole):
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.writestr("diary.txt", CONTENT)
        inner.writestr("photo.jpg", b"the right one")
    with zipfile.ZipFile(tmp_path / "phone.zip", "w") as outer:
        outer.write(tmp_path / "inner.zip", "Download/inner.zip")
        outer.writestr("Download/photo.jpg", b"another one")
        outer.writestr("Elsewhere/diary.txt", CONTENT)
    found = messages(events(tmp_path / "phone.zip", work, whole))
    assert [each.path for each in found if each.rare] == ["Download/inner.zip!/diary.txt"]
    (message,) = [each for each in found if each.rare]
    assert hashlib.sha256(b"the right one").hexdigest() in message.rare
    assert len(found) == 4


def test_what_is_outside_the_authority_is_left_out_of_documents_too(tmp_path, work):
    file = tmp_path / "diary.txt"
    file.write_bytes(CONTENT)
    scope = Scope(apps=frozenset(), since=2500, until=None, privileged=frozenset(), secret="")
    found = events(file, work, scope)
    assert [each.text for each in messages(found)] == ["photo.jpg"]
    (accounted,) = of(found, FileRead)
    assert accounted.tables["line"]["skipped"] == {"header": 1, "scope": 1}


def test_a_damaged_member_is_named_and_what_is_left_of_it_is_read(tmp_path, work, whole):
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("diary.txt", CONTENT)
    inner.write_bytes(inner.read_bytes().replace(b"hello", b"hallo"))
    with zipfile.ZipFile(tmp_path / "phone.zip", "w") as outer:
        outer.write(inner, "inner.zip")
    found = events(tmp_path / "phone.zip", work, whole)
    assert [each.text for each in messages(found)] == ["hallo", "photo.jpg"]
    (end,) = of(found, ItemRead)
    assert any("CRC-32" in each.text and each.code == 3 for each in end.troubles)


def test_a_file_of_no_form_is_still_of_no_known_kind(tmp_path, work, whole):
    file = tmp_path / "other.txt"
    file.write_bytes(b"not a diary")
    (failed,) = of(events(file, work, whole), ItemFailed)
    assert failed.error.exit_code == 3
