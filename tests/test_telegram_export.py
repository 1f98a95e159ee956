"""Telegram Desktop's JSON exports against their golden cases, and files that are not as the app writes
them."""

from __future__ import annotations

import hashlib
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telegram_installations import readable
from test_telegram_golden import differences
from whatsapp_installations import Reading

from forensics.formats import json_stream
from forensics.model import Conversation, Message, Notice, Participant
from forensics.parser import Document, Media
from parsers.telegram_export import TelegramExport
from parsers.telegram_export_stream import Entry, Fault, parts

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "telegram_export"
CASES = ("single", "account", "old", "faults")
ROWS = {
    "single": {"message": (16, 16, 0)},
    "account": {"message": (8, 8, 0), "story": (2, 2, 0)},
    "old": {"message": (4, 4, 0)},
    "faults": {"message": (8, 5, 3)},
}


def document(data: bytes, path: str = "result.json", folder: Path | None = None) -> Document:
    def find(name: str) -> Media | None:
        file = folder / name if folder is not None else None
        if file is None or ".." in name or not file.is_file():
            return None
        content = file.read_bytes()
        return Media(path=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())

    return Document(
        path=path, evidence_sha256="e" * 64, file_sha256=hashlib.sha256(data).hexdigest(), exhibit=None,
        media=find, size=len(data), stream=lambda: io.BytesIO(data), timezone="Europe/Amsterdam",
    )  # fmt: skip


def read(data: bytes, folder: Path | None = None) -> Reading:
    given = document(data, folder=folder)
    assert TelegramExport().recognises(data[:4096], "anything")
    records = list(TelegramExport().read(given))
    for accounting in given.accounting.values():
        assert accounting.balances()
    return Reading(records, given.accounting)


def messages(data: bytes) -> list[Message]:
    return [each for each in read(data).records if isinstance(each, Message)]


def notices(reading: Reading) -> list[str]:
    return [f"{each.text}\n{each.raw}" for each in reading.records if isinstance(each, Notice)]


def golden(case: str) -> Reading:
    return read((FOLDER / case / "result.json").read_bytes(), FOLDER / case)


def _place(record: dict[str, Any]) -> tuple[Any, ...]:
    match record["record"]:
        case "message":
            return "message", record["source"]["table"], record["source"]["rowid"]
        case "participant":
            return "participant", record["handle"] or record["names"]
        case "conversation":
            return "conversation", record["handle"], record["title"]
        case "call":
            return "call", record["at"]
    return (record["record"],)


@pytest.mark.parametrize("case", CASES)
def test_the_records_are_those_of_the_golden_case(case: str):
    reading = golden(case)
    found = readable(reading)
    lines = (FOLDER / case / "expected.jsonl").read_text("utf-8").splitlines()
    problems: list[str] = []
    for wanted in map(json.loads, lines):
        same = [each for each in found if _place(each) == _place(wanted)]
        if len(same) == 1:
            problems.extend(differences(wanted, same[0], str(_place(wanted))))
        else:
            problems.append(f"{_place(wanted)}: {len(same)} records")
    assert not problems, "\n".join(problems)
    kinds = [json.loads(line)["record"] for line in lines]
    for kind in ("message", "call"):
        assert sum(each["record"] == kind for each in found) == kinds.count(kind)
    assert {
        table: (each.rows, each.messages, each.failed) for table, each in reading.accounting.items()
    } == ROWS[case]


@pytest.mark.parametrize("case", CASES)
def test_every_message_is_found_again_at_its_offset(case: str):
    data = (FOLDER / case / "result.json").read_bytes()
    for each in golden(case).records:
        if isinstance(each, Message) and each.source.table == "message":
            assert re.match(rb'\{\s*"id": ' + (each.source.app_id or "").encode(), data[each.source.offset :])


@pytest.mark.parametrize("case", CASES)
def test_ids_are_given_once_and_people_come_before_what_names_them(case: str):
    records = golden(case).records
    ids = [each.id for each in records if isinstance(each, Message)]
    assert len(set(ids)) == len(ids)
    known: set[str | None] = {None}
    for each in records:
        if isinstance(each, Message):
            assert each.sender in known
        known.add(getattr(each, "id", None))


SAID = {
    "account": [
        r"public channels and groups .*: 2\ngroup -5 “Fietsers Groot” \(public_supergroup\)\nchannel -77",
        r"chats that the account had left: 1\nMenu Noord \(-77\)",
        r"sessions of the account: 1\n.*last_ip: 192\.0\.2\.7, last_country: Netherlands",
        r"frequent, with its rating: 1\nid: 100000101, category: people, .*rating: 2\.5",
        r"contacts of the account: 2\n.*phone_number: \+31 6 0000 0101",
        r"profile pictures of the account: 1\n.*SHA-256 " + hashlib.sha256(b"me").hexdigest(),
        r"what the account says of itself: 1\n.*bio: bloemen",
    ],
    "old": [
        r"times only by the clock of the exporting computer.* read as Europe/Amsterdam: 3 rows",
        r"entry 1: a time that the clocks showed twice",
        r"entry 4: date is no time\ngisteren",
    ],
    "faults": [
        r"mended: a control character written as \\xHH, read as \\u00HH: 1 row",
        r"mended: a text without quotation marks, read to the end of its line: 1 row",
        r"mended: the key text stands twice in one object: both values are kept: 1 row",
        r"mended: NaN, which JSON does not have, read as no value: 1 row",
        r"(?s)entry 4 at offset \d+: Invalid control character.*\n.*geen einde",
        r"entry 6 at offset \d+: an element of messages is no object\n7",
        r"entry 8 at offset \d+: Unterminated string",
        r"the file ends before its JSON does: it is truncated",
        r"entry 7 at offset \d+: a text that is not valid UTF-8",
        r"whose export it is stands nowhere in it",
    ],
}


@pytest.mark.parametrize("case", SAID)
def test_the_notices_say_what_the_case_asks(case: str):
    said = notices(golden(case))
    for pattern in SAID[case]:
        assert any(re.search(pattern, text) for text in said), (pattern, said)


HEAD = b'{"name": "B", "type": "personal_chat", "id": 5, "messages": [\n'


def one(number: int, words: str, /, **more: Any) -> bytes:
    known = {"id": number, "type": "message", "date_unixtime": "1769857200", "from": "B", "from_id": "user5"}
    return json.dumps({**known, "text": words, **more}, ensure_ascii=False).encode()


def export(*elements: bytes) -> bytes:
    return HEAD + b",\n".join(elements) + b"\n]}"


def test_every_cut_of_an_export_keeps_what_stands_before_it():
    data = export(*(one(number, "é🍀" * number) for number in range(1, 9)))
    ends = [
        data.index(one(number, "é🍀" * number)) + len(one(number, "é🍀" * number)) for number in range(1, 9)
    ]
    for cut in range(len(HEAD), len(data)):
        found = messages(data[:cut])
        assert len(found) == sum(end <= cut for end in ends)
        assert [each.text for each in found] == ["é🍀" * number for number in range(1, len(found) + 1)]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_reading_in_small_pieces_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch):
    data = (FOLDER / "account" / "result.json").read_bytes()
    whole = list(parts(io.BytesIO(data)))
    monkeypatch.setattr(json_stream, "_CHUNK", size)
    assert list(parts(io.BytesIO(data))) == whole


@pytest.mark.parametrize("size", [1, 5, 64])
def test_a_broken_export_in_small_pieces_loses_no_more(size: int, monkeypatch: pytest.MonkeyPatch):
    data = (FOLDER / "faults" / "result.json").read_bytes()
    whole = [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)]
    monkeypatch.setattr(json_stream, "_CHUNK", size)
    assert [each for each in parts(io.BytesIO(data)) if isinstance(each, Entry)] == whole


def long_text(megabytes: int) -> None:
    text = "kilo " * ((megabytes << 20) // 5)
    found = messages(export(one(1, "a"), one(2, text), one(3, "b")))
    assert [len(each.text or "") for each in found] == [1, len(text), 1]


def test_a_text_of_eight_megabytes_is_read():
    long_text(8)


@pytest.mark.full
def test_a_text_of_a_hundred_megabytes_is_read():
    long_text(100)


def test_a_message_that_nests_too_deep_costs_that_message():
    deep = b'{"id": 2, "type": "message", "text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    reading = read(export(one(1, "a"), deep, one(3, "b")))
    assert [each.text for each in reading.records if isinstance(each, Message)] == ["a", "b"]
    assert reading.accounting["message"].failed == 1
    assert any("nested too deep" in text for text in notices(reading))


def test_a_message_that_nests_deep_but_can_be_read_is_kept():
    value: Any = "x"
    for _ in range(200):
        value = [value]
    (found,) = messages(export(one(1, "a", odd=value)))
    assert found.system is not None
    assert "(nested deeper)" in (found.system.detail or "")


def test_a_number_of_thousands_of_digits_costs_that_message():
    huge = b'{"id": ' + b"9" * 10_000 + b', "type": "message", "text": "x"}'
    assert [each.text for each in messages(export(one(1, "a"), huge, one(3, "b")))] == ["a", "b"]


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_an_id_beyond_64_bits_is_no_id(number: int):
    (found,) = messages(export(one(number, "a")))
    assert (found.text, found.source.app_id) == ("a", None)


def test_values_of_another_kind_than_expected_are_read_without_an_error():
    odd: list[Any] = [None, True, 7, -1.5, "x", [], {}, [1, {"a": [None]}], {"list": {"text": 3}}]
    names = (
        *(
            "date",
            "date_unixtime",
            "edited",
            "from",
            "from_id",
            "actor_id",
            "forwarded_from",
            "photo",
            "file",
        ),
        *("file_name", "media_type", "text", "text_entities", "reactions", "poll", "contact_information"),
        *("location_information", "invoice_information", "inline_bot_buttons", "reply_to_message_id"),
        *("action", "members", "duration_seconds", "place_name", "self_destruct_period_seconds", "peers"),
    )
    for kind in ("message", "service"):
        made = [one(1, "a", **{"type": kind, name: value}) for name in names for value in odd]
        assert len(messages(export(*made))) == len(made)
    actions = ("create_group", "send_payment", "requested_peer", "group_call_scheduled", "phone_call")
    made = [
        one(1, "a", type="service", action=name, amount=v, members=v, peers=v, schedule_date=v, duration=v)
        for name in actions
        for v in odd
    ]
    assert len(messages(export(*made))) == len(made)


def test_broken_structure_between_chats_loses_no_message():
    chat = b'{"name": "%s", "type": "private_group", "id": %d, "messages": [\n%s'
    first, second = chat % (b"A", 1, one(1, "a")), chat % (b"C", 2, one(2, "c"))
    whole = b'{"about": "Telegram", "chats": {"list": [\n' + first + b"\n]},\n" + second + b"\n]}\n]}}"
    lost = (
        b'{"about": "Telegram", "chats": {"list": [\n'
        + first
        + b',\n {"id": 9, "type": "message", "tex\n'
        + (second + b"\n]}\n]}}")
    )
    for data in (whole, lost, whole.replace(b"]},", b"},"), whole.replace(b"]},", b"")):
        found = messages(data)
        assert [each.text for each in found] == ["a", "c"], data
        assert len({each.conversation for each in found}) == 2, data


def test_lists_of_messages_that_stand_twice_or_in_each_other_keep_their_chat():
    twice = HEAD + one(1, "a") + b'], "messages": [' + one(2, "b") + b"]}"
    assert [each.text for each in messages(twice)] == ["a", "b"]
    chat = b'{"name": "%s", "type": "private_group", "id": %d, "messages": [%s]%s}'
    doubled = b', "messages": [' + one(8, "c") + b"]"
    first, second = chat % (b"A", 1, one(1, "a"), doubled), chat % (b"C", 2, one(2, "b"), b"")
    data = b'{"about": "Telegram", "chats": {"list": [' + first + b", " + second + b"]}}"
    found = messages(data)
    assert [each.text for each in found] == ["a", "c", "b"]
    assert found[0].conversation == found[1].conversation != found[2].conversation
    both = HEAD + one(1, "a") + b'], "chats": {"list": [' + second + b"]}}"
    assert [each.text for each in messages(both)] == ["a", "b"]


def test_stories_that_stand_in_two_sections_are_counted_on():
    story = (
        b'{"date": "2024-05-01T12:00:00", "date_unixtime": "1714557600", "media": "s.jpg", "caption": "%s"}'
    )
    section = b'"stories": {"list": [' + story + b"]}, "
    chats = b'"chats": {"list": [{"name": "A", "type": "personal_chat", "id": 5, "messages": []}]}}'
    data = b'{"about": "Telegram", ' + section.replace(b"%s", b"a") + section.replace(b"%s", b"b") + chats
    found = messages(data)
    assert [(each.text, each.source.rowid) for each in found] == [("a", 1), ("b", 2)]
    assert len({each.id for each in found}) == 2


def changed(rounds: int) -> None:
    """Bytes of the golden cases changed, taken out, put in: whatever comes out belongs together."""
    chance = random.Random(5)
    originals = [(FOLDER / case / "result.json").read_bytes() for case in CASES]
    signs = [b'"', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\n", b"\xff", b"0", b"null", b"\\u"]
    for turn in range(rounds):
        data = bytearray(originals[turn % len(originals)])
        for _ in range(chance.randrange(1, 12)):
            place = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[place : place + 1] = chance.choice(signs)
                case 1:
                    del data[place : place + chance.randrange(1, 200)]
                case _:
                    data[place:place] = data[place // 2 : place // 2 + chance.randrange(1, 100)]
        given = document(bytes(data))
        records = list(TelegramExport().read(given))
        assert all(each.balances() for each in given.accounting.values())
        known = {None, *(each.id for each in records if isinstance(each, Conversation | Participant))}
        found = [each for each in records if isinstance(each, Message)]
        assert all(each.conversation in known and each.sender in known for each in found)
        assert len({each.id for each in found}) == len(found)
        for each in records:
            repr(each).encode()


def test_changed_exports_are_read():
    changed(250)


@pytest.mark.full
def test_twenty_thousand_changed_exports_are_read():
    changed(20_000)


def test_messages_out_of_order_are_found_by_their_number():
    found = messages(export(one(9, "a"), one(2, "b"), one(5, "c", reply_to_message_id=2)))
    assert found[2].reply_to is not None
    assert found[2].reply_to.id == found[1].id


@pytest.mark.parametrize(
    ("failed", "answered", "app_id"),
    [
        (one(2, "b", type="strange"), {"reply_to_message_id": 2}, "2"),
        (one(2, "b").replace(b'"text"', b"?"), {"reply_to_message_id": 2}, "2"),
        (b"7", {"reply_to_message_id": -(1 << 63)}, str(-(1 << 63))),
        (one(2, "b"), {"reply_to_message_id": 99}, "99"),
        (one(2, "b"), {"reply_to_message_id": 2, "reply_to_peer_id": "channel77"}, "2"),
        (one(2, "b"), {"reply_to_message_id": 2, "reply_to_peer_id": ["odd"]}, "2"),
        (one(2, "b"), {"reply_to_message_id": "two"}, "two"),
    ],
)
def test_an_answer_to_what_is_no_record_keeps_the_number_alone(failed: bytes, answered: Any, app_id: str):
    reply = messages(export(failed, one(5, "c", **answered)))[-1].reply_to
    assert reply is not None
    assert (reply.id, reply.app_id) == (None, app_id)


def test_what_is_no_export_is_not_taken_for_one():
    recognises = TelegramExport().recognises
    for head in (b"", b"[]", b'{"name": "x", "type": "module", "id": 3}', b'{"messages": []}', b"\x00" * 64,
                 b'{"about": "other program", "chats": {"list": []}}'):  # fmt: skip
        assert not recognises(head, "result.json")
    assert recognises(b"\xef\xbb\xbf" + HEAD, "x")


def test_a_file_of_nothing_but_its_head_is_read():
    reading = read(HEAD)
    assert not [each for each in reading.records if isinstance(each, Message)]
    assert any("truncated" in text for text in notices(reading))


def test_a_fault_names_its_offset():
    found = [
        each for each in parts(io.BytesIO(HEAD + one(1, "a") + b"]} trailing")) if isinstance(each, Fault)
    ]
    assert [each.offset for each in found] == [len(HEAD + one(1, "a")) + 3]


def test_the_same_export_gives_the_same_records_twice():
    make: Callable[[], list[str]] = lambda: [repr(each) for each in golden("account").records]  # noqa: E731
    assert make() == make()
