"""WhatsApp's text exports against their golden cases, and lines that are meant to mislead."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model import Conversation, Message, Notice, Participant, Record
from forensics.parser import Document, Media
from forensics.times import parse_rfc3339
from parsers.whatsapp_text import WhatsAppText
from parsers.whatsapp_text_content import read_content
from parsers.whatsapp_text_lines import Broken, DateOrder, entries, moment, prefix, split_sender

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "whatsapp_text"
specification = importlib.util.spec_from_file_location("whatsapp_text_cases", FOLDER / "cases.py")
assert specification is not None
assert specification.loader is not None
MAKER = importlib.util.module_from_spec(specification)
specification.loader.exec_module(MAKER)
CASES = sorted(MAKER.EXPORTS)


def document(data: bytes, path: str = "chat.txt", media: dict[str, bytes] | None = None) -> Document:
    def find(name: str) -> Media | None:
        found = (media or {}).get(name)
        if found is None:
            return None
        return Media(path=name, size=len(found), sha256=hashlib.sha256(found).hexdigest())

    return Document(
        path=path, evidence_sha256="e" * 64, file_sha256="f" * 64, exhibit=None, media=find, size=len(data),
        stream=lambda: io.BytesIO(data), timezone="Europe/Amsterdam",
    )  # fmt: skip


def read(data: bytes, path: str = "chat.txt", media: dict[str, bytes] | None = None) -> list[Record]:
    given_document = document(data, path, media)
    records = list(WhatsAppText().read(given_document))
    for accounting in given_document.accounting.values():
        assert accounting.balances()
    return records


def of(records: list[Record], kind: type) -> list[Any]:
    return [record for record in records if isinstance(record, kind)]


def names(records: list[Record]) -> dict[str | None, str | None]:
    found: dict[str | None, str | None] = {None: None}
    for person in of(records, Participant):
        found[person.id] = person.phone or (person.names[0].name if person.names else "owner")
    return found


def instant(text: str | None) -> int | None:
    return None if text is None else parse_rfc3339(text)


@pytest.mark.parametrize("case", CASES)
def test_the_files_are_those_of_the_maker(case: str):
    name, _ = MAKER.EXPORTS[case]
    assert (FOLDER / case / name).read_bytes() == MAKER.text(case).encode()


@pytest.mark.parametrize("case", CASES)
def test_the_messages_are_those_of_the_golden_case(case: str):
    name, _ = MAKER.EXPORTS[case]
    data = (FOLDER / case / name).read_bytes()
    assert WhatsAppText().recognises(data[:4096], name)
    records = read(data, name)
    people = names(records)
    lines = (FOLDER / case / "expected.jsonl").read_text("utf-8").split("\n")
    wanted = [json.loads(line) for line in lines if line]
    found = of(records, Message)
    assert len(found) == len(wanted)
    for one, message in zip(wanted, found, strict=True):
        assert message.source.rowid == one["line"]
        assert message.sent_at == instant(one["at"]), one
        assert people[message.sender] == one["sender"], one
        assert message.kind == one.get("kind", "text"), one
        assert message.text == one["text"], one
        assert message.state == one.get("state", "live"), one
        assert [[a.kind, a.filename, a.present] for a in message.attachments] == one.get("attachments", [])
        assert len(message.edits) == one.get("edits", 0)
        place = message.location
        assert (None if place is None else [place.latitude, place.longitude]) == one.get("location"), one
        start = data[message.source.offset :].decode().lstrip("\ufeff\u200e")
        assert start.startswith(("[", "0", "1", "2", "3"))


@pytest.mark.parametrize("case", [case for case in CASES if (FOLDER / case / "expected.json").exists()])
def test_the_chat_and_the_notices_are_those_of_the_golden_case(case: str):
    name, _ = MAKER.EXPORTS[case]
    asked = json.loads((FOLDER / case / "expected.json").read_text("utf-8"))
    records = read((FOLDER / case / name).read_bytes(), name)
    (chat,) = of(records, Conversation)
    if "conversation" in asked:
        assert (chat.kind, chat.title) == (asked["conversation"], asked["title"])
        (owner,) = [person for person in of(records, Participant) if person.is_owner]
        assert owner.names[0].name == asked["owner"]
    said = [notice.text for notice in of(records, Notice)]
    for pattern in asked["notices"]:
        assert any(re.search(pattern, text) for text in said), (pattern, said)


def test_who_is_written_as_you_is_the_owner_and_gives_the_direction():
    name, _ = MAKER.EXPORTS["nl_android"]
    found = of(read(MAKER.text("nl_android").encode(), name), Message)
    assert [message.from_owner for message in found[:3]] == [None, False, True]
    assert found[5].deleted_by == found[5].sender
    assert found[6].deleted_by is None


def test_attachments_in_the_zip_are_found():
    data = b"31-01-2026 21:05 - Bram: a\n31-01-2026 21:06 - Bram: a.pdf (bestand bijgevoegd)\n"
    found = of(read(data, media={"a.pdf": b"bytes"}), Message)
    (attachment,) = found[1].attachments
    assert (attachment.present, attachment.size) == (True, 5)
    assert attachment.sha256 == hashlib.sha256(b"bytes").hexdigest()


def test_lines_of_another_program_are_no_export():
    recognises = WhatsAppText().recognises
    assert not recognises(b"[2026-01-31 21:05:07] INFO: started\n[2026-01-31 21:05:08] WARN: x\n", "app.log")
    assert not recognises(b"2026-01-31 21:05 - started\n", "app.log")
    assert not recognises(b"hello\n31-01-2026 21:05 - Bram: a\n", "notes.txt")
    assert not recognises(b"", "_chat.txt")
    assert not recognises(bytes(range(256)) * 16, "WhatsApp Chat with Bram.txt")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_line_separators_in_texts(end: str):
    data = f"31-01-2026 21:05 - Bram: een\u2028twee\x85drie\x0bvier{end}31-01-2026 21:06 - Bram: b{end}"
    found = of(read(data.encode()), Message)
    assert [message.text for message in found] == ["een\u2028twee\x85drie\x0bvier", "b"]


def test_invalid_bytes_become_a_notice_with_their_raw_value():
    records = read(b"31-01-2026 21:05 - Bram: a\xffb\n31-01-2026 21:06 - Bram: c\n")
    assert of(records, Message)[0].text == "a\ufffdb"
    (notice,) = [each for each in of(records, Notice) if "UTF-8" in each.text]
    assert "ff" in notice.raw


def test_a_line_of_the_app_with_a_colon_in_quotes_has_no_sender():
    assert split_sender('Noor created group "Tent: 2026"') == (None, 'Noor created group "Tent: 2026"')
    assert split_sender("Bram:") == ("Bram", "")
    assert split_sender("x" * 200 + ": text")[0] is None


def test_polls_keep_their_text():
    data = (
        "31-01-2026 21:05 - Bram: PEILING:\nWelke dag?\nOPTIE: Vrijdag (2)\nOPTIE: Zaterdag (0)\n"
        "31-01-2026 21:06 - Bram: b\n"
    )
    message = of(read(data.encode()), Message)[0]
    assert message.kind == "poll"
    assert message.poll.question == "Welke dag?"
    assert [option.text for option in message.poll.options] == ["Vrijdag (2)", "Zaterdag (0)"]


def test_impossible_dates_and_times():
    assert prefix("31-01-2026 25:05 - Bram: a") is None
    assert prefix("1/31/26, 13:05 PM - Bram: a") is None
    assert prefix("[31-01-2026, 21:05:07 Bram: a") is None
    found = of(read(b"30-02-2026 21:05 - Bram: a\n31-01-2026 21:06 - Bram: b\n"), Message)
    assert found[0].sent_at is None
    order = DateOrder()
    for text in ("13/1/26, 9:00 - A: b", "1/13/26, 9:00 - A: b"):
        order.see(prefix(text)[0])
    assert order.decide(speaks_english=False)[0] is None


def test_a_file_of_one_endless_line_comes_in_pieces():
    data = b"31-01-2026 21:05 - Bram: " + b"x" * (3 << 20)
    (message,) = of(read(data), Message)
    assert len(message.text) == 3 << 20


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error(data: bytes):
    found = list(entries(io.BytesIO(b"31-01-2026 21:05 - Bram: " + data)))
    assert found
    assert all(isinstance(each, Broken) or each.line >= 1 for each in found)


@given(st.integers(0, 200), st.integers(0, 255))
def test_any_cut_and_any_changed_byte_of_an_export_are_read(place: int, byte: int):
    data = MAKER.text("nl_ios").encode()
    changed = bytearray(data)
    changed[place % len(data)] = byte
    for each in (data[:place], bytes(changed)):
        read(each)


def test_marks_before_points_take_no_time_by_the_square_of_their_number():
    text, before = "\u200e" * 30_000 + ".a" * 30_000, time.process_time()
    assert read_content(text, is_bracket=False).text == text
    assert time.process_time() - before < 2
    assert read_content("\u200e\u200eIMG-1.jpg (file attached)", is_bracket=False).file == (
        "image",
        "IMG-1.jpg",
    )


def test_moments_of_two_readings():
    stamp = prefix("2/3/26, 9:00 - A: b")[0]
    assert moment(stamp, None) is None
    assert moment(stamp, True).month == 3
    assert moment(stamp, False).month == 2
