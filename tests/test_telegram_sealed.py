"""Media of secret chats that the phone keeps encrypted, with the key in a file of its own."""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import tl_encoding as tl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sporen_runs import exported, ingest, new, of, verified
from test_telegram_faults import SCHEMA
from unsynced import unsynced

from parsers import counter_mode

FILES = "data/data/org.telegram.messenger/files"
KEYS = "data/data/org.telegram.messenger/cache"
CACHE = "sdcard/Android/data/org.telegram.messenger/cache"
SECRET = 1 << 62 | 0x12345678
VIDEO, PHOTO = bytes(range(256)) * 20 + b"end", b"\xff\xd8 a picture"
KEY, COUNTER = bytes(range(100, 132)), bytes(range(1, 17))


def sealed(clear: bytes) -> bytes:
    """Encrypted block by block, as the client does: the number of the block in the last four bytes."""
    encryptor = Cipher(algorithms.AES256(KEY), modes.ECB()).encryptor()
    made = bytearray()
    for place in range(0, len(clear), 16):
        stream = encryptor.update(COUNTER[:12] + (place // 16).to_bytes(4, "big"))
        block = clear[place : place + 16]
        made += bytes(a ^ b for a, b in zip(block, stream, strict=False))
    return bytes(made)


def whisper(number: int, media: bytes) -> bytes:
    peer = tl.obj("peerUser#9db1bc6d", user_id=6)
    known = {
        "id": number,
        "ttl": 30,
        "from_id_user_id": 5,
        "date": 1709546400,
        "message": "",
        "peer_id": peer,
    }
    made: bytes = tl.obj("message_secret", **known, media=media, entities=[])
    return made + tl.string("")


def video() -> bytes:
    size = tl.obj("photoSizeEmpty#e17e23c", type="s")
    known = {"id": 77, "access_hash": 1, "date": 1, "mime_type": "video/mp4", "size": len(VIDEO), "dc_id": 2}
    attributes = [tl.obj("documentAttributeVideo#5910cccb", duration=3, w=9, h=9)]
    document = tl.obj(
        "documentEncrypted", **known, thumb=size, attributes=attributes, key=bytes(32), iv=bytes(32)
    )
    made: bytes = tl.obj("messageMediaDocument#9cb070d7", document=document, ttl_seconds=30)
    return made


def photo() -> bytes:
    def size(kind: str, number: int, count: int) -> bytes:
        place = tl.obj("fileEncryptedLocation", dc_id=2, volume_id=-2147483648, local_id=number, secret=0,
                       key=bytes(32), iv=bytes(32))  # fmt: skip
        made: bytes = tl.obj("photoSize#77bfb61b", type=kind, location=place, w=9, h=9, size=count)
        return made

    sizes = [size("s", -1, 3), size("x", -2, len(PHOTO))]
    made: bytes = tl.obj(
        "photo#d07504a5", id=78, access_hash=1, file_reference=b"", date=1, sizes=sizes, dc_id=2
    )
    return tl.obj("messageMediaPhoto#695150d7", photo=made, ttl_seconds=30)  # type: ignore[no-any-return]


def phone(tmp_path: Path, files: dict[str, bytes]) -> Path:
    root = tmp_path / "phone"
    (root / FILES).mkdir(parents=True)
    with closing(unsynced(root / FILES / "cache4.db", isolation_level=None)) as database:
        database.executescript(SCHEMA)
        for number, media in ((-210001, video()), (-210002, photo())):
            values = (number, SECRET, 3, 0, 1709546400, whisper(number, media), 0, 30)
            database.execute(
                "INSERT INTO messages_v2(mid, uid, read_state, send_state, date, data, out, ttl)"
                " VALUES (?,?,?,?,?,?,?,?)",
                values,
            )
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


WHOLE = {
    f"{CACHE}/2_77.mp4.enc": sealed(VIDEO),
    f"{KEYS}/2_77.mp4.enc.key": KEY + COUNTER,
    f"{CACHE}/-2147483648_-2.jpg.enc": sealed(PHOTO),
    f"{KEYS}/-2147483648_-2.jpg.enc.key": KEY + COUNTER,
}


def found(tmp_path: Path, files: dict[str, bytes]) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The attachments by kind, and what the notices say."""
    evidence, case = phone(tmp_path, files), new(tmp_path / "case")
    ingest(case, evidence)
    assert verified(case, "--evidence", evidence) == []
    records = exported(case)
    attachments = [each for message in of(records, "message") for each in message["attachments"]]
    return {each["kind"]: each for each in attachments}, [each["text"] for each in of(records, "notice")]


def test_a_file_is_opened_by_the_key_that_is_kept_apart_from_it(tmp_path: Path):
    attachments, _notices = found(tmp_path, WHOLE)
    for kind, name, clear in (("video", "2_77.mp4", VIDEO), ("image", "-2147483648_-2.jpg", PHOTO)):
        each = attachments[kind]
        assert each["present"] is True
        assert (each["size"], each["sha256"]) == (len(clear), hashlib.sha256(clear).hexdigest())
        assert each["path"] == f"{CACHE}/{name}.enc!/decrypted"


UNVERIFIED = "the file has no authentication code: nothing shows that it was decrypted to what it was"


def test_each_record_and_a_notice_say_that_decryption_cannot_be_verified(tmp_path: Path):
    clear = {path: data for path, data in WHOLE.items() if "mp4" in path} | {
        f"{CACHE}/-2147483648_-2.jpg": PHOTO
    }
    evidence, case = phone(tmp_path, clear), new(tmp_path / "case")
    ingest(case, evidence)
    records = exported(case)
    said = {message["kind"]: (message["system"] or {}).get("detail") for message in of(records, "message")}
    assert UNVERIFIED in (said["video"] or "")
    assert UNVERIFIED not in (said["image"] or "")  # that one lies there in the clear
    (notice,) = [each["text"] for each in of(records, "notice") if UNVERIFIED in each["text"]]
    assert notice == f"encrypted media (.enc) that were decrypted: {UNVERIFIED}: 1 row"


@pytest.mark.parametrize("key", [None, b"", KEY, KEY + COUNTER[:-1]])
def test_without_a_whole_key_the_file_is_absent_and_counted(tmp_path: Path, key: bytes | None):
    files = {path: data for path, data in WHOLE.items() if not path.endswith("77.mp4.enc.key")}
    if key is not None:
        files[f"{KEYS}/2_77.mp4.enc.key"] = key
    attachments, notices = found(tmp_path, files)
    assert (attachments["video"]["present"], attachments["video"]["sha256"]) == (False, None)
    assert attachments["image"]["present"] is True
    (said,) = [each for each in notices if "encrypted media (.enc) whose key file" in each]
    assert said.endswith(": 1 row")


def test_a_file_of_another_size_than_its_message_states_is_not_taken_for_it(tmp_path: Path):
    attachments, notices = found(tmp_path, WHOLE | {f"{CACHE}/2_77.mp4.enc": sealed(VIDEO)[:-1]})
    assert (attachments["video"]["present"], attachments["video"]["sha256"]) == (False, None)
    assert attachments["video"]["size"] == len(VIDEO)
    words = f"decrypted it has {len(VIDEO) - 1} bytes, its message states {len(VIDEO)}: it is not whole"
    assert any(words in each for each in notices)


def test_a_photo_that_is_only_there_in_a_smaller_size_is_that_size(tmp_path: Path):
    files = {
        f"{CACHE}/-2147483648_-1.jpg.enc": sealed(PHOTO[:3]),
        f"{KEYS}/-2147483648_-1.jpg.enc.key": KEY + COUNTER,
    }
    attachments, _notices = found(tmp_path, files)
    assert (attachments["image"]["size"], attachments["image"]["present"]) == (3, True)


def test_a_file_that_lies_there_in_the_clear_comes_first(tmp_path: Path):
    attachments, _notices = found(tmp_path, WHOLE | {f"{CACHE}/2_77.mp4": VIDEO})
    assert attachments["video"]["path"] == f"{CACHE}/2_77.mp4"


@pytest.mark.parametrize("chunk", [1, 15, 16, 1000])
def test_reading_in_small_pieces_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chunk: int):
    monkeypatch.setattr(counter_mode, "_CHUNK", chunk)
    file = tmp_path / "sealed"
    file.write_bytes(sealed(VIDEO))
    with file.open("rb") as stream:
        assert b"".join(counter_mode.decrypted(stream, KEY, COUNTER[:12] + bytes(4))) == VIDEO
