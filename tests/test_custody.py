from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from forensics import custody
from forensics.custody import GENESIS, DamagedLog, Head
from forensics.errors import CaseDamaged, MachineFailed
from forensics.keys import KeyDamaged, KeyLocked, SigningKey, examiner_key, key_id_of, signature_holds

# RFC 8032, section 7.1, test 1: a published key, of no use to anyone.
EXAMINER = SigningKey(
    Ed25519PrivateKey.from_private_bytes(
        bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    )
)
COLLEAGUE = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x99" * 32))
OPENING = {"case": "case-1", "public_key": EXAMINER.public.hex(), "tool": "0" * 64}


def line_after(head: Head, *, key: SigningKey = EXAMINER, action: str = "view", **changes: Any) -> bytes:
    second = head.seq % 60
    given: dict[str, Any] = {
        "time": f"2026-03-01T09:00:{second:02d}.000Z",
        "tz": "Europe/Amsterdam",
        "actor": "T. de Tester (0000)",
        "host": "werkstation-1",
        "object": {"conversation": "c-1"},
        "authority": None,
        "result": "ok",
        "detail": OPENING if action == "case.open" else {"note": "regel één", "count": head.seq},
        "tool": "sporen 0.1",
    }
    return custody.prepare(head, key=key, action=action, **(given | changes))


def head_of(line: bytes) -> Head:
    fields = json.loads(line)
    return Head(seq=fields["seq"], hash=fields["hash"])


def log_of(count: int, *, key: SigningKey = EXAMINER) -> list[bytes]:
    lines = [line_after(GENESIS, action="case.open", key=key)]
    while len(lines) < count:
        lines.append(line_after(head_of(lines[-1]), key=key))
    return lines


FIVE = log_of(5)
WHOLE = b"".join(FIVE)


def found(lines: Sequence[bytes], **options: Any) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in custody.check(lines, **options)]


def split(data: bytes) -> list[bytes]:
    return [part + b"\n" for part in data.split(b"\n")[:-1]] + [
        part for part in [data.split(b"\n")[-1]] if part
    ]


def line_of_offset(offset: int) -> int:
    return WHOLE[:offset].count(b"\n") + 1


def resealed(line: bytes, key: SigningKey = EXAMINER, **changes: Any) -> bytes:
    """The line with other fields, hashed and signed again: what the holder of a key can do."""
    fields = json.loads(line) | changes
    bound = {name: value for name, value in fields.items() if name not in ("hash", "sig")} | {
        "key": key.key_id
    }
    digest = hashlib.sha256(rfc8785.dumps(bound)).hexdigest()
    return rfc8785.dumps(bound | {"hash": digest, "sig": key.sign(bytes.fromhex(digest)).hex()}) + b"\n"


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


# What the check finds.


def test_a_whole_log_has_no_problems():
    assert found(FIVE) == []
    assert found(FIVE, anchor=head_of(FIVE[4])) == []
    assert found(FIVE, anchor=head_of(FIVE[2])) == []


@pytest.mark.parametrize("mask", [0x01, 0x20])
def test_every_byte_flip_is_found_and_its_line_named_first(mask: int):
    for offset in range(mask % 3, len(WHOLE), 3):  # the property test below takes the rest
        assert_flip_is_found(offset, mask)


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
@settings(max_examples=300, deadline=None)
def test_any_single_byte_change_is_found_and_its_line_named_first(offset: int, mask: int):
    assert_flip_is_found(offset, mask)


def assert_flip_is_found(offset: int, mask: int) -> None:
    changed = bytearray(WHOLE)
    changed[offset] ^= mask
    problems = custody.check(split(bytes(changed)))
    assert problems, (offset, mask)
    assert problems[0].line == line_of_offset(offset), (offset, mask, problems)
    assert not problems[0].is_remark


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_removed_line_is_named_where_it_is_missing(number: int):
    lines = FIVE[: number - 1] + FIVE[number:]
    assert (number, "removed") in found(lines)
    assert {line for line, _kind in found(lines)} == {number}


@given(st.integers(6, 12), st.data())
@settings(max_examples=40, deadline=None)
def test_a_removed_stretch_is_named_where_it_is_missing(count: int, data: st.DataObject):
    lines = log_of(count)
    start = data.draw(st.integers(1, count - 2))
    end = data.draw(st.integers(start + 1, count - 1))
    assert found(lines[:start] + lines[end:]) == [(start + 1, "removed")]


@pytest.mark.parametrize("kept", [1, 2, 3, 4])
def test_a_cut_tail_is_seen_with_the_anchor_only(kept: int):
    assert found(FIVE[:kept]) == []
    assert found(FIVE[:kept], anchor=head_of(FIVE[4])) == [(kept + 1, "truncated")]


@given(st.integers(0, 4), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_a_copied_line_is_named_wherever_it_is_put(source: int, place: int):
    lines = [*FIVE[:place], FIVE[source], *FIVE[place:]]
    expected = source + 2 if place in (source, source + 1) else place + 1
    assert found(lines) == [(expected, "inserted")]


@given(st.integers(4, 10), st.data())
@settings(max_examples=80, deadline=None)
def test_two_swapped_lines_are_named(count: int, data: st.DataObject):
    lines = log_of(count)
    first = data.draw(st.integers(0, count - 2))
    second = data.draw(st.integers(first + 1, count - 1))
    lines[first], lines[second] = lines[second], lines[first]
    problems = found(lines)
    assert problems
    assert {kind for _line, kind in problems} == {"reordered"}
    assert {line for line, _kind in problems} <= {first + 1, second + 1}
    if second - first > 1:
        assert {line for line, _kind in problems} == {first + 1, second + 1}


def test_an_edit_by_someone_who_only_hashes_again_is_a_bad_signature():
    edited = json.loads(resealed(FIVE[2], actor="Iemand Anders")) | {"sig": json.loads(FIVE[2])["sig"]}
    assert found([*FIVE[:2], rfc8785.dumps(edited) + b"\n", *FIVE[3:]]) == [(3, "bad-signature")]


def test_an_edit_by_the_key_holder_is_found_in_the_line_that_he_changed():
    assert found([*FIVE[:2], resealed(FIVE[2], actor="Iemand Anders"), *FIVE[3:]]) == [(3, "edited")]


def test_a_log_that_the_key_holder_wrote_again_is_found_with_the_anchor_only():
    again = [FIVE[0]]
    while len(again) < 5:
        again.append(line_after(head_of(again[-1]), actor="Iemand Anders"))
    assert found(again) == []
    assert found(again, anchor=head_of(FIVE[4])) == [(5, "anchor")]
    assert found(again, anchor=head_of(FIVE[2])) == [(3, "anchor")]


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_an_entry_of_a_stranger_is_named_by_its_unknown_key(place: int):
    foreign = line_after(head_of(FIVE[place - 1]), key=STRANGER)
    assert found([*FIVE[:place], foreign, *FIVE[place:]]) == [(place + 1, "unknown-key")]


@pytest.mark.parametrize("place", [2, 3, 4])
def test_an_entry_that_the_key_holder_put_in_between_is_named(place: int):
    extra = line_after(head_of(FIVE[place - 1]), actor="Iemand Anders")
    assert found([*FIVE[:place], extra, *FIVE[place:]], anchor=head_of(FIVE[4])) == [(place + 1, "inserted")]


def test_a_missing_or_empty_log_is_a_problem(tmp_path: Path):
    assert found([]) == [(1, "truncated")]
    assert [problem.kind for problem in custody.check(tmp_path / "log")] == ["truncated"]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"\n", "not-json"),
        (b"\xff\n", "not-json"),
        (b"[" * 100_000 + b"\n", "not-json"),
        (b"9" * 5000 + b"\n", "not-json"),
        (b"NaN\n", "not-json"),
        (b"1.5\n", "not-json"),
        (b'{"a":1,"a":1}\n', "not-canonical"),
        (b"[]\n", "form"),
        (FIVE[2].replace(b'"v":1', b'"v": 1'), "not-canonical"),
        (FIVE[2].replace(b"\n", b"\r\n"), "not-canonical"),
        (resealed(FIVE[2], extra=1), "form"),
        (resealed(FIVE[2], v=2), "form"),
        (resealed(FIVE[2], v=True), "form"),
        (resealed(FIVE[2], seq=0), "form"),
        (resealed(FIVE[2], action="look"), "form"),
        (resealed(FIVE[2], time="2026-03-01T09:00:00.000+00:00"), "form"),
        (resealed(FIVE[2], prev="A" * 64), "form"),
    ],
)
def test_a_line_that_is_no_entry_is_one_problem_and_hides_no_other(line: bytes, kind: str):
    assert found([*FIVE[:2], line, *FIVE[3:]]) == [(3, kind)]
    assert found([*FIVE[:2], line, FIVE[4]]) == [(3, kind), (4, "removed")]


def test_a_number_far_too_large_costs_no_memory():
    far = resealed(FIVE[4], seq=2**53 - 1)
    assert found([*FIVE[:4], far]) == [(5, "removed")]


def test_a_torn_last_line_is_named():
    assert found([*FIVE[:4], FIVE[4][:-1]]) == [(5, "torn")]


def test_a_clock_that_went_back_is_a_remark():
    lines = [*FIVE, line_after(head_of(FIVE[4]), time="2026-02-28T09:00:00.000Z")]
    (problem,) = custody.check(lines)
    assert (problem.line, problem.kind, problem.is_remark) == (6, "clock", True)
    assert found([*FIVE, line_after(head_of(FIVE[4]), time=json.loads(FIVE[4])["time"])]) == []


def test_a_damaged_last_line_is_not_also_a_cut_tail():
    damaged = FIVE[4].replace(b"werkstation-1", b"werkstation-2")
    assert found([*FIVE[:4], damaged], anchor=head_of(FIVE[4])) == [(5, "edited")]
    assert found([*FIVE[:3], damaged], anchor=head_of(FIVE[4])) == [(4, "edited"), (5, "truncated")]


def test_a_first_entry_that_opens_no_case_announces_no_key():
    assert found([line_after(GENESIS, action="view", detail=OPENING)]) == [(1, "unknown-key")]
    assert found([line_after(GENESIS, action="case.open", detail={})]) == [(1, "unknown-key")]
    other = OPENING | {"public_key": STRANGER.public.hex()}
    assert found([line_after(GENESIS, action="case.open", detail=other)]) == [(1, "unknown-key")]


# Further keys.


def add_key(head: Head, signer: SigningKey, added: SigningKey) -> bytes:
    return line_after(head, key=signer, action="key.add", detail={"public_key": added.public.hex()})


def test_a_key_that_an_announced_key_vouches_for_may_sign():
    lines = [*FIVE, add_key(head_of(FIVE[4]), EXAMINER, COLLEAGUE)]
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    assert found(lines) == []


def test_a_key_that_introduces_itself_may_sign_and_is_remarked_on():
    lines = [*FIVE, add_key(head_of(FIVE[4]), COLLEAGUE, COLLEAGUE)]
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    lines.append(line_after(head_of(lines[-1])))
    (problem,) = custody.check(lines)
    assert (problem.line, problem.kind, problem.is_remark) == (6, "introduced", True)


def test_a_key_may_not_sign_before_it_is_announced():
    lines = [*FIVE, line_after(head_of(FIVE[4]), key=COLLEAGUE)]
    lines.append(add_key(head_of(lines[-1]), EXAMINER, COLLEAGUE))
    assert found(lines) == [(6, "unknown-key")]


def test_only_the_first_entry_announces_a_key_by_opening_the_case():
    again = {"case": "case-1", "public_key": STRANGER.public.hex()}
    lines = [*FIVE, line_after(head_of(FIVE[4]), key=STRANGER, action="case.open", detail=again)]
    assert found(lines) == [(6, "unknown-key")]


def test_a_key_that_a_stranger_vouches_for_stays_unknown():
    lines = [*FIVE, add_key(head_of(FIVE[4]), STRANGER, COLLEAGUE)]
    lines.append(line_after(head_of(lines[-1]), key=COLLEAGUE))
    assert found(lines) == [(6, "unknown-key"), (7, "unknown-key")]


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


# The key file.


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path):
    folder = tmp_path / "new" / "home"
    key = examiner_key(folder)
    (path,) = folder.iterdir()
    assert examiner_key(folder).public == key.public
    assert key.key_id == hashlib.sha256(key.public).hexdigest()[:16]
    if os.name != "nt":
        assert path.stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700


def test_the_key_folder_comes_from_the_environment(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SPOREN_HOME", str(tmp_path))
    assert examiner_key().public == examiner_key(tmp_path).public


def test_a_passphrase_encrypts_the_key_and_is_asked_for_again(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "fictief")
    key = examiner_key(tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert examiner_key(tmp_path).public == key.public
    for wrong in ("anders", ""):
        monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", wrong)
        with pytest.raises(KeyLocked, match="SPOREN_KEY_PASSPHRASE") as caught:
            examiner_key(tmp_path)
        assert "fictief" not in str(caught.value)


def test_a_passphrase_set_later_encrypts_the_key_that_is_there(tmp_path: Path, monkeypatch):
    key = examiner_key(tmp_path)
    monkeypatch.setenv("SPOREN_KEY_PASSPHRASE", "fictief")
    assert examiner_key(tmp_path).public == key.public
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert path.stat().st_mode & 0o777 == 0o600 or os.name == "nt"


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_is_no_key_is_kept_and_named(tmp_path: Path, content: bytes):
    examiner_key(tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    with pytest.raises(KeyDamaged, match="examiner-ed25519"):
        examiner_key(tmp_path)
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made_is_a_failure_of_the_machine(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MachineFailed):
        examiner_key(tmp_path / "file" / "home")


@pytest.mark.parametrize("name", ["hardlink_to", "exists"])
def test_of_two_processes_that_make_a_key_the_first_decides(tmp_path: Path, monkeypatch, name: str):
    first = examiner_key(tmp_path)
    answers: dict[str, Callable[..., bool]] = {"exists": lambda *_: False}
    if name == "hardlink_to":  # and a file system without hard links moves it
        (path,) = tmp_path.iterdir()
        path.unlink()

        def no_links(*_: object) -> bool:
            raise PermissionError

        answers = {"hardlink_to": no_links}
    for method, answer in answers.items():
        monkeypatch.setattr(Path, method, answer)
    second = examiner_key(tmp_path)
    assert (second.public == first.public) is (name == "exists")
    assert [path.name for path in tmp_path.iterdir()] == ["examiner-ed25519.pem"]


def test_a_signature_is_over_a_hash_only():
    digest = hashlib.sha256(b"").digest()
    assert signature_holds(EXAMINER.public, digest, EXAMINER.sign(digest))
    assert not signature_holds(COLLEAGUE.public, digest, EXAMINER.sign(digest))
    assert not signature_holds(EXAMINER.public[:31], digest, EXAMINER.sign(digest))
    assert key_id_of(EXAMINER.public) == EXAMINER.key_id
    with pytest.raises(ValueError, match="32 bytes"):
        EXAMINER.sign(b"no hash")
