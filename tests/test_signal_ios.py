"""The parser of Signal for iOS against its golden cases, as fixtures/signal_ios/README.md says."""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import plistlib
import re
import sqlite3

import pytest
from Crypto.Cipher import AES
from signal_golden import FIXTURES, expected, problems, read
from whatsapp_installations import Reading

from parsers import signal_archive
from parsers.signal_archive import ArchiveError
from parsers.signal_ios import SignalIos

FOLDER = FIXTURES / "signal_ios"
TABLES = {"message": "model_TSInteraction", "call": "CallRecord"}


def load_build():
    specification = importlib.util.spec_from_file_location("signal_ios_build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


BUILD = load_build()
CASES = BUILD.cases()
every_case = pytest.mark.parametrize("case", CASES)


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    made: dict[str, Reading] = {}

    def reading(case: str) -> Reading:
        if case not in made:
            root = BUILD.build(case, tmp_path_factory.mktemp(case))
            (main,) = root.rglob("signal.sqlite")
            made[case] = read(SignalIos(), main, root, tmp_path_factory.mktemp("work"))
        return made[case]

    return reading


@every_case
def test_the_records_are_those_of_the_golden_case(case, readings):
    found = list(problems(readings(case), expected(FOLDER / case), TABLES))
    assert not found, "\n".join(found)


@every_case
def test_no_other_message_or_call_comes_out(case, readings):
    wanted = [each for each in expected(FOLDER / case) if each["record"] in ("message", "call")]
    assert len(readings(case).messages) + len(readings(case).calls) == len(wanted)


@every_case
def test_every_row_is_accounted_for(case, readings):
    accounting = readings(case).accounting
    assert all(each.balances() for each in accounting.values())
    for table, counts in BUILD.describe(case)["tables"].items():
        for key, value in counts.items():
            assert getattr(accounting[table], key) == value, (table, key)


@every_case
def test_the_notices_are_given(case, readings):
    texts = [f"{each.text} {each.raw or ''}" for each in readings(case).notices]
    for pattern in BUILD.describe(case)["notices"]:
        assert any(re.search(pattern, text) for text in texts), (pattern, texts)


def test_all_numbers_are_fictitious():
    for path in FOLDER.rglob("*"):
        if path.suffix in {".sql", ".json", ".jsonl"}:
            for number in re.findall(r"(?<![\w.])\+?316\d{8}(?!\d)", path.read_text("utf-8")):
                assert number.lstrip("+").startswith("31600000"), (path, number)


KEY = hashlib.sha512(b"fictitious key of a file").digest()


def with_new_attachments(tmp_path, change=lambda data: data):
    """Message 11 with a sealed picture, message 6 with a long text, both of the new kind."""
    root = BUILD.build("modern", tmp_path / "root")
    (main,) = root.rglob("signal.sqlite")
    whole = "\ufffc kom je? dan vertel ik het hele verhaal"
    contents = {1: (b"een plaat", "image/png"), 2: (whole.encode(), "text/x-signal-plain")}
    connection = sqlite3.connect(main)
    for number, (data, mime) in contents.items():
        folder = root / "attachment_files" / f"a{number}"
        folder.mkdir(parents=True)
        (folder / f"file{number}").write_bytes(change(sealed(data)))
        values = (number, mime, KEY, len(data), f"a{number}/file{number}", hashlib.sha256(data).digest())
        connection.execute(
            "INSERT INTO Attachment (id, mimeType, encryptionKey, unencryptedByteCount, "
            " localRelativeFilePath, sha256ContentHash) VALUES (?, ?, ?, ?, ?, ?)",
            values,
        )
    rows = [(0, 11, 1, 0), (3, 11, 1, 0), (1, 6, 2, 0), (0, 16, 99, 1)]
    connection.executemany(
        "INSERT INTO MessageAttachmentReference (ownerType, ownerRowId, attachmentRowId, renderingFlag)"
        " VALUES (?, ?, ?, ?)",
        rows,
    )
    connection.commit()
    connection.close()
    reading = read(SignalIos(), main, root, tmp_path / "work")
    return reading, whole


def sealed(plain: bytes) -> bytes:
    padded = plain + bytes(-len(plain) % 541)
    padded += bytes([16 - len(padded) % 16]) * (16 - len(padded) % 16)
    iv = hashlib.md5(plain).digest()
    body = iv + AES.new(KEY[:32], AES.MODE_CBC, iv).encrypt(padded)
    return body + hmac.digest(KEY[32:], body, "sha256")


def test_sealed_attachments_are_decrypted_and_hashed(tmp_path):
    reading, whole = with_new_attachments(tmp_path)
    (picture,) = reading.message(11, "model_TSInteraction").attachments
    assert (picture.kind, picture.present, picture.size) == ("image", True, 9)
    assert picture.sha256 == hashlib.sha256(b"een plaat").hexdigest()
    assert picture.path == "attachment_files/a1/file1!/decrypted"
    assert reading.message(11, "model_TSInteraction").kind == "image"
    assert reading.message(6, "model_TSInteraction").text == whole
    assert reading.message(6, "model_TSInteraction").attachments == ()
    old = reading.message(16, "model_TSInteraction")
    assert [each.kind for each in old.attachments] == ["voice", "image"]
    assert any("its attachment, row 99, is gone" in each.text for each in reading.notices)


def test_changed_attachments_are_not_present_and_noticed(tmp_path):
    reading, _whole = with_new_attachments(tmp_path, lambda data: data[:40] + b"?" + data[41:])
    (picture,) = reading.message(11, "model_TSInteraction").attachments
    assert (picture.present, picture.sha256, picture.size) == (False, None, 9)
    assert sum("cannot be decrypted" in each.text for each in reading.notices) == 2


@pytest.mark.parametrize(
    "data", [b"bplist00", b"bplist00\xff", b"{", b"\xff", b"[1]", b"bplist00" + bytes(40)]
)
def test_an_archive_that_cannot_be_read_says_so(data):
    with pytest.raises(ArchiveError):
        signal_archive.object_in(data)


def test_archives_that_turn_in_circles_or_point_nowhere_end():
    for objects, top in (
        ([plistlib.UID(0)], 0),
        (["$null", {"a": plistlib.UID(1)}], 1),
        (["$null", {"a": plistlib.UID(9)}], 1),
    ):
        data = plistlib.dumps(
            {"$objects": objects, "$top": {"root": plistlib.UID(top)}}, fmt=plistlib.FMT_BINARY
        )
        with pytest.raises(ArchiveError):
            signal_archive.object_in(data)
    assert signal_archive.object_in(None) == {}
    assert signal_archive.service_id({"a": b"\0" * 16}) == "00000000-0000-0000-0000-000000000000"
