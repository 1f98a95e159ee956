"""Messages of an HTML page that result.json beside it has too are told once (Telegram reference 6)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import exported, ingest, new, of, verified
from test_telegram_html import HEAD

from forensics.formats import json_stream
from parsers import telegram_html_beside

Record = dict[str, Any]
SECONDS = 1_714_557_600  # 2024-05-01T10:00:00Z, twelve o'clock in Amsterdam


def told(number: int, text: str, name: str = "Noor", **more: Any) -> Record:
    return {
        "id": number, "type": "message", "date": f"2024-05-01T12:{number:02}:00",
        "date_unixtime": str(SECONDS + 60 * number), "from": name, "from_id": f"user{len(name)}",
        "text": text, "text_entities": [{"type": "plain", "text": text}] if text else [], **more,
    }  # fmt: skip


def event(number: int) -> Record:
    made = told(number, "", actor="Noor", actor_id="user4", action="clear_history")
    return {key: value for key, value in made.items() if not key.startswith("from")} | {"type": "service"}


def shown(number: int, text: str, name: str | None = "Noor", minute: int | None = None) -> str:
    named = "" if name is None else f'<div class="from_name">{name}</div>'
    at = number if minute is None else minute
    return (
        f'<div class="message default clearfix" id="message{number}"><div class="body">'
        f'<div class="pull_right date details" title="01.05.2024 12:{at:02}:00 UTC+02:00">12:00</div>'
        f'{named}<div class="text">\n{text}\n</div></div></div>'
    )


def shown_event(number: int) -> str:
    return (
        f'<div class="message service" id="message{number}"><div class="body details">Noor cleared history'
        "</div></div>"
    )


DAY = '<div class="message service" id="message-1"><div class="body details">1 May 2024</div></div>'


def case(tmp_path: Path, messages: list[Record], *pages: list[str], cut: int = 0) -> list[Record]:
    """The records of a folder with both forms."""
    folder = tmp_path / "ChatExport_2024-05-02"
    folder.mkdir()
    chat = {"name": "Noor", "type": "personal_chat", "id": 4, "messages": messages}
    data = json.dumps(chat, ensure_ascii=False, indent=1)
    (folder / "result.json").write_text(data[: len(data) - cut], "utf-8")
    for place, elements in enumerate(pages, 1):
        name = f"messages{place if place > 1 else ''}.html"
        body = f'<div class="history">{DAY}{"".join(elements)}</div></div></body></html>'
        (folder / name).write_text(HEAD.decode() + body, "utf-8")
    made = new(tmp_path / "case")
    ingest(made, folder, code=3 if cut else 0)
    assert verified(made, "--evidence", folder) == []
    return exported(made)


def texts(records: list[Record]) -> list[tuple[str, str | None]]:
    """Where each message was read, and its text."""
    return sorted((each["source"]["path"], each["text"]) for each in of(records, "message"))


def test_what_both_forms_have_is_told_from_the_json(tmp_path: Path):
    messages = [
        told(1, "a"),
        told(2, "b & <c>\nd"),
        told(3, "", photo="photos/x.jpg"),
        event(4),
        told(5, "e"),
    ]
    first = [shown(1, "a"), shown(2, "b &amp; &lt;c&gt;<br>d", None), shown(3, "", None)]
    records = case(tmp_path, messages, first, [shown_event(4), shown(5, "e")])
    found = of(records, "message")
    assert {each["source"]["path"] for each in found} == {"result.json"}
    assert len(found) == 5
    places = {each["source"]["app_id"]: [(o["path"], o["rowid"]) for o in each["also"]] for each in found}
    # the first element of a page shows the day
    assert places == {
        "1": [("messages.html", 2)],
        "2": [("messages.html", 3)],
        "3": [("messages.html", 4)],
        "4": [("messages2.html", 2)],
        "5": [("messages2.html", 3)],
    }
    digests = {each["file_sha256"] for message in found for each in message["also"]}
    pages = [tmp_path / "ChatExport_2024-05-02" / name for name in ("messages.html", "messages2.html")]
    assert digests == {hashlib.sha256(each.read_bytes()).hexdigest() for each in pages}
    assert len(of(records, "conversation")) == 1
    assert len(of(records, "account")) == 1
    told_so = [
        each["text"] for each in of(records, "notice") if "in result.json of the same export" in each["text"]
    ]
    assert [text.split()[0] for text in told_so] == ["3", "2"]


@pytest.mark.parametrize(
    ("element", "why"),
    [
        (shown(1, "another text"), "text"),
        (shown(1, "a", "Bram"), "name"),
        (shown(1, "a", minute=9), "time"),
        (shown(6, "a"), "number"),
        (shown_event(1), "an event"),
    ],
)
def test_what_differs_is_told_twice(tmp_path: Path, element: str, why: str):
    records = case(tmp_path, [told(1, "a"), told(2, "b")], [element, shown(2, "b")])
    pages = [path for path, _text in texts(records)]
    assert pages == ["messages.html", "result.json", "result.json"], why
    also = {each["source"]["app_id"]: len(each["also"]) for each in of(records, "message")}
    assert {number for number, count in also.items() if count} == {"2"}, why


def test_the_name_that_follows_a_copy_is_still_its_senders(tmp_path: Path):
    records = case(tmp_path, [told(1, "a", "Bram")], [shown(1, "a", "Bram"), shown(2, "only here", None)])
    (alone,) = [each for each in of(records, "message") if each["source"]["path"] == "messages.html"]
    names = {each["id"]: each["names"] for each in of(records, "participant")}
    assert [each["name"] for each in names[alone["sender"]]] == ["Bram"]


def test_of_a_json_that_ends_too_soon_the_page_has_the_rest(tmp_path: Path):
    messages = [told(number, f"text {number}") for number in range(1, 9)]
    page = [shown(number, f"text {number}") for number in range(1, 9)]
    records = case(tmp_path, messages, page, cut=500)
    paths = [path for path, _text in texts(records)]
    assert sorted(text or "" for _path, text in texts(records)) == [f"text {each}" for each in range(1, 9)]
    assert 1 <= paths.count("messages.html") < 8
    assert any("truncated" in each["text"] for each in of(records, "notice"))


def test_messages_of_a_page_are_found_in_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(telegram_html_beside, "_NEAR", 600)
    messages = [
        told(number % 60, f"text {number} " + "x" * 40) | {"id": number} for number in range(3, 400, 3)
    ]
    wanted = [each for each in messages if 200 <= each["id"] <= 230]
    page = [shown(each["id"], each["text"], minute=each["id"] % 60) for each in wanted]
    records = case(tmp_path, messages, page)
    assert {each["source"]["path"] for each in of(records, "message")} == {"result.json"}


@pytest.mark.parametrize("chunk", [1, 100, 257])
def test_messages_behind_what_is_read_at_once_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
):
    monkeypatch.setattr(json_stream, "_CHUNK", chunk)
    messages = [told(number, f"text {number}") for number in range(1, 20)]
    records = case(tmp_path, messages, [shown(each["id"], each["text"]) for each in messages])
    assert {each["source"]["path"] for each in of(records, "message")} == {"result.json"}
    assert len(of(records, "message")) == 19


def test_an_account_beside_a_page_is_not_looked_into(tmp_path: Path):
    folder = tmp_path / "DataExport"
    folder.mkdir()
    chats = {"list": [{"name": "Noor", "type": "personal_chat", "id": 4, "messages": [told(1, "a")]}]}
    account = {"about": "Here is the data you requested from Telegram.", "chats": chats}
    (folder / "result.json").write_text(json.dumps(account), "utf-8")
    (folder / "messages.html").write_text(
        f'{HEAD.decode()}<div class="history">{shown(1, "a")}</div></div></body></html>', "utf-8"
    )
    made = new(tmp_path / "case")
    ingest(made, folder)
    assert [path for path, _text in texts(exported(made))] == ["messages.html", "result.json"]
