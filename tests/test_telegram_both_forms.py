"""A whole account of Telegram exported as JSON and as HTML: each message once, with all its places."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import exported, ingest, new, of, verified
from test_telegram_html import HEAD
from test_telegram_html_beside import DAY, event, shown, shown_event, told

from parsers import telegram_html_shown

Record = dict[str, Any]
ABOUT = "Here is the data you requested from Telegram."
MENU = [told(1, "menu"), told(2, "hasj & wiet", name="Menu"), event(3)]
NOOR = [told(1, "hoi", name="Noor"), told(4, "tot zo", name="Noor")]


def page(title: str, *elements: str) -> str:
    header = f'<div class="page_header"><div class="text bold">\n{title}\n</div></div>'
    return f'{HEAD.decode()}{header}<div class="history">{DAY}{"".join(elements)}</div></div></body></html>'


MENU_PAGE = page("Menu", shown(1, "menu"), shown(2, "hasj &amp; wiet", "Menu"), shown_event(3))
NOOR_PAGE = page("Noor", shown(1, "hoi"), shown(4, "tot zo", None))


def account(folder: Path, pages: dict[str, str], cut: int = 0) -> Path:
    """The folder of an export of two chats, one of which was left."""
    chats = {"list": [{"name": "Menu", "type": "private_supergroup", "id": 9, "messages": MENU}]}
    left = {"list": [{"name": "Noor", "type": "private_channel", "id": 4, "messages": NOOR}]}
    owner = {"user_id": 4, "first_name": "Evi", "last_name": "Kist"}
    text = json.dumps(
        {"about": ABOUT, "personal_information": owner, "chats": chats, "left_chats": left},
        ensure_ascii=False,
        indent=1,
    )
    for path, html in pages.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(html, "utf-8")
    (folder / "result.json").write_text(text[: len(text) - cut], "utf-8")
    return folder


def records_of(tmp_path: Path, evidence: Path, code: int = 0) -> list[Record]:
    made = new(tmp_path / "case")
    ingest(made, evidence, code=code)
    assert verified(made, "--evidence", evidence) == []
    return exported(made)


def places(records: list[Record]) -> list[tuple[str, str | None, list[str]]]:
    """Path, text and further paths of each message, without the folders that all share."""
    return sorted(
        (_short(each["source"]["path"]), each["text"] or "", [_short(one["path"]) for one in each["also"]])
        for each in of(records, "message")
    )


def _short(path: str) -> str:
    return path.rpartition("!/")[2].removeprefix("DataExport/")


BOTH = {"chats/chat_1/messages.html": MENU_PAGE, "chats/chat_2/messages.html": NOOR_PAGE}
ONCE = [
    ("result.json", "", ["chats/chat_1/messages.html"]),
    ("result.json", "hasj & wiet", ["chats/chat_1/messages.html"]),
    ("result.json", "hoi", ["chats/chat_2/messages.html"]),
    ("result.json", "menu", ["chats/chat_1/messages.html"]),
    ("result.json", "tot zo", ["chats/chat_2/messages.html"]),
]


@pytest.mark.parametrize("form", ["folder", "zip", "zip in a folder"])
def test_each_message_of_an_account_is_told_once_with_both_places(tmp_path: Path, form: str):
    evidence = account(tmp_path / "evidence" / "DataExport", BOTH)
    if form != "folder":
        archive = shutil.make_archive(str(tmp_path / "export"), "zip", evidence.parent)
        shutil.rmtree(evidence.parent)
        evidence = Path(archive)
        if form == "zip in a folder":
            (tmp_path / "outer").mkdir()
            evidence.rename(tmp_path / "outer" / "export.zip")
            evidence = tmp_path / "outer"
    records = records_of(tmp_path, evidence)
    assert places(records) == ONCE
    assert len(of(records, "account")) == 1
    assert {each["title"] for each in of(records, "conversation")} == {"Menu", "Noor"}
    (said,) = [each["text"] for each in of(records, "notice") if "with both places" in each["text"]]
    assert said.endswith(": 5")


def test_the_number_of_a_folder_may_have_leading_zeros(tmp_path: Path):
    pages = {path.replace("chat_", "chat_00"): text for path, text in BOTH.items()}
    records = records_of(tmp_path, account(tmp_path / "DataExport", pages))
    wanted = [(path, text, [one.replace("chat_", "chat_00") for one in also]) for path, text, also in ONCE]
    assert places(records) == wanted


def test_pages_of_a_later_chat_alone_are_found(tmp_path: Path):
    pages = {path: text for path, text in BOTH.items() if "chat_2" in path}
    found = places(records_of(tmp_path, account(tmp_path / "DataExport", pages)))
    assert {text: also for _path, text, also in found if also} == {
        "hoi": ["chats/chat_2/messages.html"],
        "tot zo": ["chats/chat_2/messages.html"],
    }
    assert len(found) == 5


@pytest.mark.parametrize(
    "path",
    [
        "chats/chat_2/messages.html",  # the folder of another chat
        "chats/chat_7/messages.html",  # of none
        "other/chat_1/messages.html",  # not one that the app makes
    ],
)
def test_a_page_in_another_place_is_told_apart(tmp_path: Path, path: str):
    records = records_of(tmp_path, account(tmp_path / "DataExport", {path: MENU_PAGE}))
    assert [each for each in places(records) if each[0] == path] == [
        (path, "", []),
        (path, "hasj & wiet", []),
        (path, "menu", []),
    ]
    assert all(not also for _path, _text, also in places(records))


def test_a_page_of_another_name_is_told_apart(tmp_path: Path):
    other = page("Menu van morgen", shown(1, "menu"))
    records = records_of(tmp_path, account(tmp_path / "DataExport", {"chats/chat_1/messages.html": other}))
    assert ("chats/chat_1/messages.html", "menu", []) in places(records)
    assert any("does not tell of all messages here" in each["text"] for each in of(records, "notice"))


def test_of_an_account_that_ends_too_soon_the_pages_have_the_rest(tmp_path: Path):
    found = places(records_of(tmp_path, account(tmp_path / "DataExport", BOTH, cut=120), code=3))
    assert sorted(text for _path, text, _also in found) == sorted(text for _path, text, _also in ONCE)
    assert ("chats/chat_2/messages.html", "tot zo", []) in found


@pytest.mark.parametrize("chunk", [1, 50, 333])
def test_chats_are_found_whatever_is_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
):
    path = account(tmp_path, {}) / "result.json"
    with path.open("rb") as stream:
        whole = telegram_html_shown.chats(stream)
    monkeypatch.setattr(telegram_html_shown, "_CHUNK", chunk)
    with path.open("rb") as stream:
        assert telegram_html_shown.chats(stream) == whole
    assert [each.header["name"] for each in whole] == ["Menu", "Noor"]
    data = path.read_bytes()
    assert [data[each.start - 1 : each.start] for each in whole] == [b"[", b"["]
    assert [each.end for each in whole] == [whole[1].start, len(data)]


def test_a_text_that_looks_like_a_chat_is_none(tmp_path: Path):
    hostile = '{ "name": "x", "type": "private_group", "id": 1, "messages": ['
    text = json.dumps({"about": ABOUT, "chats": {"list": [
        {"name": hostile, "type": "personal_chat", "id": 4, "messages": [told(1, hostile)]},
    ]}})  # fmt: skip
    (tmp_path / "result.json").write_text(text, "utf-8")
    with (tmp_path / "result.json").open("rb") as stream:
        (chat,) = telegram_html_shown.chats(stream)
    assert chat.header["name"] == hostile
    assert chat.is_titled(hostile)


@pytest.mark.parametrize(
    ("header", "title", "is_its"),
    [
        ({"name": "Noor", "type": "personal_chat"}, "Noor", True),
        ({"name": " Noor  Vos ", "type": "personal_chat"}, "Noor Vos", True),
        ({"name": "Noor", "type": "personal_chat"}, "Bram", False),
        ({"name": "Noor", "type": "personal_chat"}, None, False),
        ({"name": None, "type": "personal_chat"}, "Deleted Account", True),
        ({"name": None, "type": "personal_chat"}, "Noor", False),
        ({"type": "saved_messages"}, "Saved Messages", True),
        ({"name": 3, "type": "personal_chat"}, "3", False),
    ],
)
def test_the_title_of_a_page_is_the_name_of_its_chat(header: Record, title: str | None, is_its: bool):
    assert telegram_html_shown.Listed(0, 1, header).is_titled(title) is is_its
