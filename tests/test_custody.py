from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from custody_logs import (
    COLLEAGUE,
    EXAMINER,
    FIVE,
    OPENING,
    STRANGER,
    WHOLE,
    add_key,
    found,
    head_of,
    line_after,
    log_of,
    resealed,
    split,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import custody
from forensics.custody import GENESIS, DamagedLog, Head
from forensics.errors import CaseDamaged, MachineFailed
from forensics.keys import SigningKey

# The form of an entry.


def test_an_entry_has_the_fields_of_the_reference_and_every_value_as_given():
    fields = json.loads(FIVE[0])
    names = "action actor authority detail hash host key object prev result seq sig time tool tz v"
    assert " ".join(sorted(fields)) == names
    assert fields["v"] == 1
    assert fields["seq"] == 1
    assert fields["prev"] == "0" * 64
    assert fields["key"] == "21fe31dfa154a261"  # the start of the SHA-256 of the RFC's public key
    assert fields["detail"] == OPENING


def test_hash_and_signature_can_be_made_again_by_hand():
    fields = json.loads(FIVE[1])
    signature = bytes.fromhex(fields.pop("sig"))
    digest = fields.pop("hash")
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == digest
    Ed25519PublicKey.from_public_bytes(EXAMINER.public).verify(signature, bytes.fromhex(digest))
    assert fields["prev"] == json.loads(FIVE[0])["hash"]


def test_the_same_entry_is_the_same_bytes():
    assert log_of(5) == FIVE


@pytest.mark.parametrize(
    "change",
    [
        {"detail": {"score": 0.5}},
        {"detail": {"deep": [{"score": 1.0}]}},
        {"detail": {"large": 2**53}},
        {"detail": {1: "a number as a name"}},
        {"detail": []},
        {"object": None},
        {"authority": 7},
        {"time": "2026-03-01T09:00:00Z"},
        {"time": "2026-03-01T10:00:00.000+01:00"},
        {"action": "look"},
    ],
)
def test_a_value_that_the_log_cannot_hold_is_refused(change: dict[str, Any]):
    with pytest.raises(ValueError):
        line_after(GENESIS, **({"action": "view"} | change))


def test_a_file_name_that_is_no_utf8_is_written_visibly():
    name = b"foto-\xff.jpg".decode("utf-8", "surrogateescape")
    assert json.loads(line_after(GENESIS, object={"path": name}))["object"] == {"path": "foto-\\udcff.jpg"}


def test_line_separators_inside_a_text_do_not_split_an_entry(tmp_path: Path):
    text = "een\ntwee\r\u2028drie\x85vier\x00"
    line = line_after(head_of(FIVE[0]), detail={"text": text})
    write(tmp_path, [FIVE[0], line])
    assert [entry.detail.get("text") for entry in custody.entries(tmp_path / "log")] == [None, text]


@given(
    st.dictionaries(
        st.text(max_size=4),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        max_size=4,
    )
)
@settings(max_examples=100, deadline=None)
def test_any_detail_comes_back_as_it_was_given(detail: dict[str, object]):
    line = line_after(head_of(FIVE[0]), detail=detail)
    assert json.loads(line)["detail"] == detail
    assert found([FIVE[0], line]) == []


# The file.


def write(folder: Path, lines: Sequence[bytes]) -> Path:
    path = folder / "log"
    path.write_bytes(b"".join(lines))
    return path


def test_appending_line_by_line_gives_the_log(tmp_path: Path):
    path = tmp_path / "log"
    for number, line in enumerate(FIVE, start=1):
        custody.append(path, line)
        assert custody.read_head(path) == head_of(line)
        assert path.read_bytes() == b"".join(FIVE[:number])
    assert [entry.seq for entry in custody.entries(path)] == [1, 2, 3, 4, 5]
    assert custody.check(path) == []


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_line_that_stands_in_the_log_already_is_left_alone(tmp_path: Path, number: int):
    path = write(tmp_path, FIVE)
    custody.append(path, FIVE[number - 1])
    assert path.read_bytes() == WHOLE


@pytest.mark.parametrize("line", [FIVE[0], FIVE[4]])
def test_a_line_torn_anywhere_is_completed(tmp_path: Path, line: bytes):
    before = FIVE[: FIVE.index(line)]
    for length in range(0, len(line), 29):
        path = write(tmp_path, [*before, line[:length]])
        custody.append(path, line)
        assert path.read_bytes() == b"".join([*before, line])


def test_a_torn_line_that_is_no_part_of_the_entry_is_refused(tmp_path: Path):
    path = write(tmp_path, [*FIVE[:4], b'{"torn'])
    with pytest.raises(DamagedLog, match="torn"):
        custody.append(path, FIVE[4])
    assert path.read_bytes() == b"".join([*FIVE[:4], b'{"torn'])


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        (FIVE[:3], FIVE[4]),
        (FIVE, line_after(head_of(FIVE[3]), actor="Iemand Anders")),
        (FIVE, line_after(Head(seq=5, hash="1" * 64))),
        (FIVE, line_after(head_of(FIVE[4]), key=STRANGER)),
        ([*FIVE[:4], FIVE[4].replace(b"ok", b"no")], line_after(head_of(FIVE[4]))),
        ([*FIVE[:4], resealed(FIVE[4], STRANGER)], line_after(head_of(resealed(FIVE[4], STRANGER)))),
        ([], FIVE[1]),
        (FIVE, b"{}\n"),
        (FIVE, line_after(head_of(FIVE[4]))[:-1]),
    ],
    ids=[
        "gap",
        "other",
        "unlinked",
        "stranger",
        "edited-tail",
        "foreign-tail",
        "empty",
        "no-entry",
        "no-end",
    ],
)
def test_a_line_that_does_not_follow_is_refused_and_nothing_is_written(tmp_path: Path, lines, line):
    path = write(tmp_path, lines)
    with pytest.raises(DamagedLog):
        custody.append(path, line)
    assert path.read_bytes() == b"".join(lines)


def test_a_lost_log_is_not_made_again_by_a_later_line(tmp_path: Path):
    with pytest.raises(DamagedLog, match="missing"):
        custody.append(tmp_path / "log", FIVE[1])
    assert list(tmp_path.iterdir()) == []


def test_the_head_of_a_log_of_several_keys_verifies(tmp_path: Path):
    path = write(tmp_path, [*FIVE, add_key(head_of(FIVE[4]), EXAMINER, COLLEAGUE)])
    custody.append(path, line_after(custody.read_head(path), key=COLLEAGUE))
    custody.append(path, line_after(custody.read_head(path), key=COLLEAGUE))
    custody.append(path, add_key(custody.read_head(path), STRANGER, STRANGER))
    custody.append(path, line_after(custody.read_head(path), key=STRANGER))
    assert custody.read_head(path).seq == 10
    assert found(split(path.read_bytes())) == [(9, "introduced")]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        WHOLE[:-1],
        WHOLE + b"x",
        WHOLE + b"\n",
        WHOLE.replace(b"werkstation-1", b"werkstation-2"),
        b"".join([*FIVE[:4], resealed(FIVE[4], STRANGER)]),
        b"".join([FIVE[0].replace(b"case-1", b"case-2"), *FIVE[1:]]),
    ],
    ids=["empty", "torn", "longer", "empty line", "edited", "stranger", "edited opening"],
)
def test_the_head_of_a_damaged_log_is_refused(tmp_path: Path, data: bytes):
    path = tmp_path / "log"
    path.write_bytes(data)
    with pytest.raises(DamagedLog) as caught:
        custody.read_head(path)
    assert isinstance(caught.value, CaseDamaged)
    assert caught.value.exit_code == 5
    assert str(path) in str(caught.value)


def test_the_head_of_a_missing_log_is_refused(tmp_path: Path):
    with pytest.raises(DamagedLog, match="missing"):
        custody.read_head(tmp_path / "log")


def test_a_line_longer_than_a_block_is_read_from_the_end(tmp_path: Path):
    long_line = line_after(head_of(FIVE[4]), detail={"text": "x" * 200_000})
    path = write(tmp_path, [*FIVE, long_line])
    assert custody.read_head(path) == head_of(long_line)
    custody.append(path, line_after(head_of(long_line)))
    assert custody.check(path) == []


def test_a_path_that_cannot_be_read_is_a_failure_of_the_machine(tmp_path: Path):
    for refused in (custody.read_head, custody.check, lambda path: custody.append(path, FIVE[0])):
        with pytest.raises(MachineFailed):
            refused(tmp_path)


def test_a_full_disk_leaves_a_line_that_the_next_command_completes(tmp_path: Path, monkeypatch):
    path = write(tmp_path, FIVE[:4])
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        real(descriptor, data[:40])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(MachineFailed, match="No space left"):
            custody.append(path, FIVE[4])
    assert path.read_bytes() == b"".join(FIVE[:4]) + FIVE[4][:40]
    custody.append(path, FIVE[4])
    assert path.read_bytes() == WHOLE


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    custody.append(tmp_path / "log", FIVE[0])
    assert (tmp_path / "log").read_bytes() == FIVE[0]


def _append_until_it_follows(path: Path, key_bytes: bytes, count: int) -> None:
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(key_bytes))
    written = 0
    while written < count:
        try:
            custody.append(path, line_after(custody.read_head(path), key=key, actor=key.key_id))
        except DamagedLog:
            continue  # the other process was first
        written += 1


def test_two_processes_never_write_over_each_other(tmp_path: Path):
    path = write(tmp_path, [FIVE[0], add_key(head_of(FIVE[0]), EXAMINER, COLLEAGUE)])
    context = multiprocessing.get_context("spawn")
    keys = (
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        bytes(range(32)),
    )
    workers = [context.Process(target=_append_until_it_follows, args=(path, key, 10)) for key in keys]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert [problem.line for problem in custody.check(path) if not problem.is_remark] == []
    assert custody.read_head(path).seq == 22


def test_an_append_waits_for_the_one_who_holds_the_log(tmp_path: Path):
    fcntl = pytest.importorskip("fcntl")  # the lock of Windows is another one
    path = write(tmp_path, FIVE[:4])
    waiting = threading.Thread(target=custody.append, args=(path, FIVE[4]))
    with path.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        assert path.read_bytes() == b"".join(FIVE[:4])
    waiting.join(20)
    assert path.read_bytes() == WHOLE


def test_a_delivery_gets_the_log_up_to_the_entry_asked_for(tmp_path: Path):
    path = write(tmp_path, FIVE)
    assert custody.cut(path, 3) == b"".join(FIVE[:3])
    assert custody.cut(path, 5) == WHOLE
    with pytest.raises(DamagedLog, match="ends before entry 6"):
        custody.cut(path, 6)


def test_a_cut_of_a_log_out_of_order_is_refused(tmp_path: Path):
    with pytest.raises(DamagedLog, match="line 2 is not entry 2"):
        custody.cut(write(tmp_path, [FIVE[0], FIVE[2], FIVE[1]]), 3)


def test_reading_entries_names_the_line_that_is_none(tmp_path: Path):
    with pytest.raises(DamagedLog, match="line 3"):
        list(custody.entries(write(tmp_path, [*FIVE[:2], b"{}\n"])))
