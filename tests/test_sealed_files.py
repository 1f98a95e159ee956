"""Files of privileged messages sealed with them: whole at the magistrate's, in the clear nowhere else."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
import test_sealing
import test_signal_evidence
import test_telegram_sealed
from sporen_runs import (
    change,
    done,
    everything,
    export_bytes,
    exported,
    ingest,
    log,
    new,
    of,
    refused,
    verified,
)
from test_sealing import AT_FRIEND, AT_LAWYER, FRIEND, LAWYER, PRIVILEGED
from whatsapp_phones import GROUP, MSGSTORE, Line, Phone

from forensics import sealing
from forensics.errors import EvidenceUnreadable
from forensics.media_bytes import MediaBytes
from forensics.model import Attachment
from forensics.purged import Purged

key, signal_phone = test_sealing.key, test_signal_evidence.phone
MEDIA = "sdcard/Android/media/com.whatsapp/WhatsApp"
PLAIN = b"\xff\xd8\xff\xe0 vertrouwelijkbeeld " + hashlib.sha256(b"a picture").digest() * 40
VIDEO = b"vertrouwelijkfilm " * 150_000
FILES = {"B1": ("brief.jpg", PLAIN), "B2": ("film.mp4", VIDEO), "C1": ("kopie.jpg", PLAIN),
         "A1": ("ander.jpg", b"\xff\xd8 of a friend")}  # fmt: skip
LINES = [
    Line(key="A1", minute=0, sender=FRIEND, text=None, chat=AT_FRIEND, kind=1),
    Line(key="B1", minute=1, sender=LAWYER, text=None, chat=AT_LAWYER, kind=1),
    Line(key="B2", minute=2, sender=None, text=None, chat=AT_LAWYER, kind=3),
    Line(key="B3", minute=3, sender=LAWYER, text=PRIVILEGED[0], chat=AT_LAWYER),
    Line(key="C1", minute=4, sender=LAWYER, text=None, chat=GROUP, kind=1),
    Line(key="C2", minute=5, sender=FRIEND, text="dag allemaal", chat=GROUP),
]


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = Phone(number="31600000040", contacts={LAWYER: "A. Raadsvrouw"}).write(tmp_path / "phone", LINES)
    for line, (name, data) in FILES.items():
        path = folder / MEDIA / "Media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        sql = (
            "INSERT INTO message_media (message_row_id, file_path, file_size, mime_type) VALUES (?, ?, ?, ?)"
        )
        values = (1000 + int(line, 36) % 100_000, f"Media/{name}", len(data), "image/jpeg")
        change(folder / MSGSTORE, (sql, values))
    return folder


def case_for(tmp_path: Path, key: Path, *privileged: str) -> Path:
    """A case in which these people are privileged, sealed for the owner of the key."""
    (tmp_path / "list.txt").write_text("\n".join(privileged or (f"+{LAWYER}",)))
    public = key.with_suffix(".pub").read_text().strip()
    return new(tmp_path / "case", "--privileged", tmp_path / "list.txt", "--seal-for", public)


def others(tmp_path: Path, evidence: Path, *options: object) -> list[str]:
    """What everybody in it but its owner is called, and every conversation."""
    whole = new(tmp_path / "whole")
    done("ingest", whole, evidence, *options)
    records = exported(whole)
    people = [each for each in of(records, "participant") if not each["is_owner"]]
    names = [name for each in people for name in (each["handle"], each["phone"])]
    return [str(name) for name in (*names, *(each["handle"] for each in of(records, "conversation"))) if name]


def unsealed(case: Path, key: Path, folder: Path) -> tuple[list[dict[str, object]], dict[str, bytes]]:
    """The records, and the files by name."""
    folder.mkdir()
    done("privilege", case, "--sealed", folder / "sealed.zip", "--to", "X")
    done("unseal", folder / "sealed.zip", "--key", key, "-o", folder / "r.jsonl", "--files", folder / "files")
    records = [json.loads(line) for line in (folder / "r.jsonl").read_bytes().splitlines()]
    return records, {each.name: each.read_bytes() for each in (folder / "files").iterdir()}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def excluded(case: Path) -> dict[str, object]:
    """What the log has of what was sealed."""
    found = [
        each for each in log(case) if each["action"] == "privilege.exclude" and "sealed" in each["detail"]
    ]
    return dict(found[-1]["detail"])


def test_the_magistrate_gets_every_file_whole(
    evidence: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sealing, "_PART_BYTES", 10_000)  # so that files come in several parts
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    records, files = unsealed(case, key, tmp_path / "out")
    assert files == {f"{digest(PLAIN)}.jpg": PLAIN, f"{digest(VIDEO)}.mp4": VIDEO}
    named = {each["sha256"] for message in of(records, "message") for each in message["attachments"]}
    assert named == {digest(PLAIN), digest(VIDEO)}
    listed = of(records, "file")
    assert [each["is_whole"] for each in listed] == [True] * 3, "each conversation has its own"
    assert verified(case, "--evidence", evidence) == []


def test_the_bytes_are_in_the_clear_nowhere(evidence: Path, key: Path, tmp_path: Path):
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    done("privilege", case, "--sealed", tmp_path / "sealed.zip", "--to", "X")
    done("report", case, "-o", tmp_path / "delivery", "--format", "html,jsonl")
    for found in (
        everything(case), export_bytes(case), (tmp_path / "sealed.zip").read_bytes(),
        everything(tmp_path / "delivery"),
    ):  # fmt: skip
        for word in (
            b"vertrouwelijkbeeld",
            b"vertrouwelijkfilm",
            digest(PLAIN).encode(),
            digest(VIDEO).encode(),
            b"brief.jpg",
        ):
            assert word not in found


def test_while_they_are_sealed_no_file_holds_them(
    evidence: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Not in work/, not where the system keeps temporary files: looked at with each part."""
    case, looked = case_for(tmp_path, key), []
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(sealing, "_PART_BYTES", 10_000)
    part = sealing.Sealer._part

    def watched(self: sealing.Sealer, *arguments: object, **named: object) -> sealing.Part:
        found = part(self, *arguments, **named)
        if found.kind == sealing.FILE:
            looked.append(found)
            for folder in (case, tmp_path / "temporary"):
                assert b"vertrouwelijkbeeld" not in everything(folder)
                assert b"vertrouwelijkfilm" not in everything(folder)
        return found

    monkeypatch.setattr(sealing.Sealer, "_part", watched)
    ingest(case, evidence)
    assert len(looked) > 4


def test_the_log_has_how_many_and_their_digests(evidence: Path, key: Path, tmp_path: Path):
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    told = excluded(case)
    assert (told["sealed"], told["files"], told["file_parts"]) == (4, 3, 3)
    done("privilege", case, "--sealed", tmp_path / "sealed.zip", "--to", "X")
    given = log(case)[-1]["detail"]
    assert (given["records"], given["files"]) == (4, 3)
    with zipfile.ZipFile(tmp_path / "sealed.zip") as made:
        listed = json.loads(made.read("parts.json"))["parts"]
    lines = "".join(f"{each['sha256']}\n" for each in listed if each["kind"] == "file")
    assert told["file_parts_sha256"] == digest(lines.encode())


def test_without_files_the_records_come_and_the_files_are_told(evidence: Path, key: Path, tmp_path: Path):
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    done("privilege", case, "--sealed", tmp_path / "sealed.zip", "--to", "X")
    result = done("unseal", tmp_path / "sealed.zip", "--key", key, "-o", tmp_path / "r.jsonl")
    assert "0 of 3 files were unsealed" in result.stderr
    assert "--files FOLDER" in result.stderr


def test_a_changed_file_leaves_neither_files_nor_records(evidence: Path, key: Path, tmp_path: Path):
    """The list is changed along with it, so that only what is inside can tell."""
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    done("privilege", case, "--sealed", tmp_path / "sealed.zip", "--to", "X")
    public = pyrage.x25519.Recipient.from_str(key.with_suffix(".pub").read_text().strip())
    with zipfile.ZipFile(tmp_path / "sealed.zip") as made:
        members = {each: made.read(each) for each in made.namelist()}
    part = next(each for each in members if each.endswith("-file.age"))
    members[part] = pyrage.encrypt(b"another picture", [public])
    listed = json.loads(members["parts.json"])
    for each in listed["parts"]:
        each["sha256"] = digest(members[each["name"]])
    members["parts.json"] = json.dumps(listed).encode()
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    out = ("-o", tmp_path / "r.jsonl", "--files", tmp_path / "files")
    assert "another SHA-256" in refused(4, "unseal", tmp_path / "changed.zip", "--key", key, *out)
    assert not (tmp_path / "files").exists()
    assert not (tmp_path / "r.jsonl").exists()
    (tmp_path / "files").mkdir()
    assert "exists already" in refused(2, "unseal", tmp_path / "sealed.zip", "--key", key, *out)


@pytest.mark.parametrize(("language", "words"), [
    ("en", b"that are not sealed and stay in the evidence: larger than 4 GiB"),
    ("nl", b"niet verzegeld zijn en in het bewijs blijven: groter dan 4 GiB"),
])  # fmt: skip
def test_a_file_that_is_too_large_is_told_in_log_and_report(
    evidence: Path, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: bytes
):
    monkeypatch.setattr(sealing, "LARGEST_FILE", 1_000_000)
    case = case_for(tmp_path, key)
    ingest(case, evidence)
    assert (excluded(case)["files"], excluded(case)["files_not_sealed"]) == (2, {"too large": 1})
    done("report", case, "-o", tmp_path / "delivery", "--format", "html", "--language", language)
    assert words in everything(tmp_path / "delivery")


def test_files_that_signal_keeps_encrypted_are_sealed_decrypted(
    signal_phone: Path, key: Path, tmp_path: Path
):
    secrets = test_signal_evidence.secrets(tmp_path)
    case = case_for(tmp_path, key, *others(tmp_path, signal_phone, "--key", secrets))
    ingest(case, signal_phone, "--key", secrets)
    _records, files = unsealed(case, key, tmp_path / "out")
    assert test_signal_evidence.PICTURE in files.values()
    assert "files_not_sealed" not in excluded(case)
    assert verified(case, "--evidence", signal_phone, "--key", secrets) == []


def test_files_that_telegram_keeps_encrypted_are_sealed_decrypted(key: Path, tmp_path: Path):
    evidence = test_telegram_sealed.phone(tmp_path, test_telegram_sealed.WHOLE)
    case = case_for(tmp_path, key, *others(tmp_path, evidence))
    ingest(case, evidence)
    _records, files = unsealed(case, key, tmp_path / "out")
    assert sorted(files.values()) == sorted((test_telegram_sealed.VIDEO, test_telegram_sealed.PHOTO))


def test_files_within_a_backup_of_signal_are_told_not_to_be_sealed(key: Path, tmp_path: Path):
    """They pass once, while the backup is opened."""
    plain = test_signal_evidence.plain_database(tmp_path / "plain.db", "backup/rows.sql")
    maker = test_signal_evidence.MAKER
    data, _places = maker.write(plain, 1, {("attachment", 1, 0): test_signal_evidence.PICTURE})
    backup = tmp_path / "signal-2024-03-04-10-00-00.backup"
    backup.write_bytes(data)
    (tmp_path / "pass.txt").write_text(maker.PASSPHRASE)
    case = case_for(tmp_path, key, *others(tmp_path, backup, "--key", tmp_path / "pass.txt"))
    ingest(case, backup, "--key", tmp_path / "pass.txt")
    assert excluded(case)["files_not_sealed"] == {sealing.OPENED_ONCE: 1}
    assert "files" not in excluded(case)


# --- What can go wrong between the first reading and the second -----------------------------------------


def sealer(key: Path) -> sealing.Sealer:
    public = key.with_suffix(".pub").read_text().strip()
    made = sealing.Sealer([public], "00" * 32, Purged())
    made._takes("k1", (), (None, None))
    return made


def picture(data: bytes) -> Attachment:
    return Attachment(kind="image", path="a.jpg", sha256=digest(data), size=len(data), present=True)


class Broken(MediaBytes):
    """Gives these pieces, and then what is raised."""

    def __init__(self, pieces: list[bytes], error: Exception | None) -> None:
        super().__init__()
        self._all, self._error = pieces, error

    def pieces(self, path: str, sha256: str) -> Iterator[bytes]:
        yield from self._all
        if self._error is not None:
            raise self._error


@pytest.mark.parametrize(("pieces", "error", "reason"), [
    ([b"ab"], EvidenceUnreadable("gone"), sealing.UNREADABLE),
    ([], EvidenceUnreadable("gone"), sealing.UNREADABLE),
    ([b"ab"], ValueError("its code is wrong"), sealing.UNREADABLE),
    ([b"ab", b"xx"], None, sealing.CHANGED),
    ([], None, sealing.CHANGED),
])  # fmt: skip
def test_a_file_that_is_not_whole_a_second_time_is_never_given_as_whole(
    key: Path, pieces: list[bytes], error: Exception | None, reason: str
):
    made = sealer(key)
    made._wanted = [("k1", picture(b"abcd"))]
    parts = list(made.files(Broken(pieces, error)))
    assert made.left_out == {reason: 1}
    assert len(parts) == bool(pieces)
    lines = [json.loads(each) for each in made._lines.get(("k1", sealing.PEOPLE), [])]
    assert [each["is_whole"] for each in lines] == [False] * bool(pieces)


def test_an_empty_file_is_a_file(key: Path):
    made = sealer(key)
    made._wanted = [("k1", picture(b""))]
    (part,) = made.files(Broken([], None))
    assert (part.kind, made.left_out) == (sealing.FILE, {})


def test_a_file_is_a_part_at_a_time_in_memory(key: Path, monkeypatch: pytest.MonkeyPatch):
    """However large: what was sealed is given before the next piece is read."""
    monkeypatch.setattr(sealing, "_PART_BYTES", 1000)
    read: list[int] = []

    class Endless(MediaBytes):
        def pieces(self, path: str, sha256: str) -> Iterator[bytes]:
            for number in range(50):
                read.append(number)
                yield bytes(500)

    made = sealer(key)
    made._wanted = [("k1", picture(bytes(25_000)))]
    for count, _part in enumerate(made.files(Endless()), 1):
        assert len(read) <= 2 * count
    assert made.left_out == {}
