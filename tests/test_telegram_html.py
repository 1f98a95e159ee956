"""Telegram Desktop's HTML exports against their golden case, and pages that are meant to mislead."""

from __future__ import annotations

import json
import random
import re
import time

import pytest
from telegram_installations import readable
from test_telegram_export import FOLDER, document, notices
from test_telegram_export import _place as place
from test_telegram_golden import differences
from whatsapp_installations import Reading

from forensics.model import Conversation, Message, Participant
from parsers import telegram_html_tree
from parsers.telegram_html import TelegramHtml
from parsers.telegram_html_content import local

CASE = FOLDER / "html"
PAGES = ("messages.html", "messages2.html")


def read(data: bytes, path: str = "messages.html", *, with_media: bool = False) -> Reading:
    given = document(data, path, CASE if with_media else None)
    records = list(TelegramHtml().read(given))
    for accounting in given.accounting.values():
        assert accounting.balances()
    return Reading(records, given.accounting)


def golden(page: str) -> Reading:
    data = (CASE / page).read_bytes()
    assert TelegramHtml().recognises(data[:4096], "anything")
    return read(data, page, with_media=True)


def test_the_records_are_those_of_the_golden_case():
    found = [each for page in PAGES for each in readable(golden(page))]
    wanted = [json.loads(line) for line in (CASE / "expected.jsonl").read_text("utf-8").splitlines()]
    problems: list[str] = []
    for record in wanted:
        path = record.get("source", {}).get("path")
        same = [
            each
            for each in found
            if place(each) == place(record) and path in (None, each.get("source", {}).get("path"))
        ]
        if same:
            problems.extend(differences(record, same[0], f"{path} {place(record)}"))
        else:
            problems.append(f"{place(record)} is not there")
    assert not problems, "\n".join(problems)
    for kind in ("message", "call"):
        assert sum(each["record"] == kind for each in found) == sum(each["record"] == kind for each in wanted)


def test_every_element_is_accounted_for():
    first, second = (golden(page).accounting["message"] for page in PAGES)
    assert (first.rows, first.messages, first.skipped, first.failed) == (9, 8, {"separator": 1}, 0)
    assert (second.rows, second.messages, second.skipped, second.failed) == (4, 3, {}, 1)


def test_every_message_is_found_again_at_its_offset():
    for page in PAGES:
        data = (CASE / page).read_bytes()
        for each in golden(page).records:
            if isinstance(each, Message):
                start = data[each.source.offset :].partition(b">")[0]
                assert start.startswith(b'<div class="message')
                assert start.endswith(f'id="message{each.source.app_id}"'.encode())


def test_the_notices_say_what_is_not_known_and_what_is_missing():
    first, second = ("\n".join(notices(golden(page))) for page in PAGES)
    assert "a name is all there is" in first
    assert re.search(r"times only by the clock of the exporting computer.*: 1 row", first)
    assert re.search(r"message 9: no time in the form that is known\ngisteren", first)
    assert "truncated" not in first
    assert re.search(r"message 2 at offset \d+: its id is no message's", second)
    assert "the page ends before its HTML does: it is truncated" in second
    assert re.search(r"answers to a message on messages\.html, .*: 1 row", second)


def test_pages_of_one_folder_are_one_conversation_and_people_of_one_account_are_one():
    def of(path: str) -> tuple[str, set[str]]:
        records = read((CASE / "messages2.html").read_bytes(), path).records
        (chat,) = [each for each in records if isinstance(each, Conversation)]
        return chat.id, {each.id for each in records if isinstance(each, Participant)}

    first, again, other = (
        of("D/chats/chat_1/messages.html"),
        of("D/chats/chat_1/messages2.html"),
        of("D/chats/chat_2/messages.html"),
    )
    assert first == again
    assert other[0] != first[0]
    assert other[1] == first[1]


def test_links_are_paths_from_the_pages_own_folder():
    assert local("photos/a%20b.jpg", "x") == "photos/a b.jpg"
    assert local("../../chats/chat_1/photos/a.jpg", "D/chats/chat_1") == "photos/a.jpg"
    assert local("../../../etc/passwd", "D/chats/chat_1") == "../../../etc/passwd"


HEAD = b'<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap">'
LIST = HEAD + (
    b'<div class="page_header"><div class="text bold">Exported Data</div></div><div class="personal_info">'
    b'<div class="row"><div class="label details">First name</div><div class="value bold">Noor</div></div>'
    b'<div class="row"><div class="label details">Phone number</div><div class="value bold">+31 6 0000 0100'
    b'</div></div></div><div class="entry clearfix"><div class="body"><div class="name bold">Bram</div>'
    b'<div class="details_entry details">+31 6 0000 0101</div></div></div></div></body></html>'
)


def test_a_list_becomes_a_notice_and_the_account_its_owner():
    reading = read(LIST, "export_results.html")
    (owner,) = [each for each in reading.records if isinstance(each, Participant)]
    assert (owner.is_owner, owner.phone, owner.names[0].name) == (True, "+31600000100", "Noor")
    assert any("Bram | +31 6 0000 0101" in text for text in notices(reading))
    assert not reading.accounting


def page(*messages: bytes) -> bytes:
    return HEAD + b'<div class="history">' + b"\n".join(messages) + b"</div></div></body></html>"


def message(number: int, inside: bytes) -> bytes:
    return b'<div class="message default clearfix" id="message%d"><div class="body">%s</div></div>' % (
        number,
        inside,
    )


def text(words: bytes) -> bytes:
    return b'<div class="from_name">B</div><div class="text">' + words + b"</div>"


def texts(data: bytes) -> list[str | None]:
    return [each.text for each in read(data).records if isinstance(each, Message)]


@pytest.mark.parametrize(
    "hostile",
    [
        b"<a" * 20_000,
        b"<!--" * 10_000,
        b"<![CDATA[" * 6_000,
        b"</a" * 20_000,
        b"<a x=" * 12_000,
        b'<a x="' * 12_000,
        b"<div>" * 12_000,
        b"<b><i>" * 6_000 + b"</b></i>" * 6_000,
        b"&#" * 20_000,
        b"&" * 40_000,
        b"<script>" * 6_000,
        b"<?x " * 10_000,
        b"<div " + b"a " * 20_000,
    ],
)
def test_hostile_html_costs_no_other_message_and_no_time(hostile: bytes):
    started = time.perf_counter()
    found = texts(page(message(1, text(b"a")), message(2, text(hostile)), message(3, text(b"b"))))
    assert (found[0], found[-1], len(found)) == ("a", "b", 3)
    assert time.perf_counter() - started < 20


def test_scripts_and_comments_in_a_text_are_text_or_nothing_but_no_loss_of_what_follows():
    (found,) = texts(page(message(1, text(b"x <script>alert(1)</script> y <!-- z --> w"))))
    assert (found or "").startswith("x alert(1) y ")
    assert (found or "").endswith(" w")


def long_text(megabytes: int) -> None:
    words = b"kilo " * ((megabytes << 20) // 5)
    found = texts(page(message(1, text(b"a")), message(2, text(words)), message(3, text(b"b"))))
    assert [len(each or "") for each in found] == [1, len(words), 1]


def test_a_text_of_four_megabytes_is_read():
    long_text(4)


@pytest.mark.full
def test_a_text_of_a_hundred_megabytes_is_read():
    long_text(100)


def test_every_cut_of_a_page_is_read():
    data = (CASE / "messages.html").read_bytes()
    for cut in range(700, len(data), 37):
        read(data[:cut])


def test_changed_bytes_are_read():
    chance = random.Random(7)
    data = (CASE / "messages.html").read_bytes()
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(chance.randrange(1, 30)):
            changed[chance.randrange(len(changed))] = chance.choice(b'<>"&=/ \xff\x00ad')
        read(bytes(changed))


@pytest.mark.parametrize("size", [1, 50, 333])
def test_reading_in_small_pieces_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch):
    data = (CASE / "messages.html").read_bytes()
    whole = [repr(each) for each in read(data).records]
    monkeypatch.setattr(telegram_html_tree, "_CHUNK", size)
    assert [repr(each) for each in read(data).records] == whole


def test_another_page_is_no_export():
    recognises = TelegramHtml().recognises
    assert not recognises(b"<!DOCTYPE html><html><title>Exported Data</title>", "messages.html")
    assert not recognises(b'<div class="page_wrap">', "messages.html")
