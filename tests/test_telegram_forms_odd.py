"""Odd accounts of Telegram beside their pages: nothing is lost, and no copy of what is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import exported, ingest, new, of
from test_telegram_both_forms import ABOUT, page
from test_telegram_html_beside import shown, told

from parsers.ufdr_contacts import number_of

Record = dict[str, Any]
PAGE = page("Menu", shown(1, "menu"), shown(2, "hasj"), shown(5, "wiet"))
HTML = "chats/chat_1/messages.html"


def account(folder: Path, messages: list[Record] | None) -> str:
    """Writes the page and the JSON of an account with one chat, or none; gives the text of the JSON."""
    listed = (
        [] if messages is None else [{"name": "Menu", "type": "private_group", "id": 9, "messages": messages}]
    )
    text = json.dumps(
        {"about": ABOUT, "personal_information": {"user_id": 4}, "chats": {"list": listed}}, indent=1
    )
    (folder / HTML).parent.mkdir(parents=True)
    (folder / HTML).write_text(PAGE, "utf-8")
    (folder / "result.json").write_text(text, "utf-8")
    return text


def read(tmp_path: Path, folder: Path) -> tuple[list[tuple[str, str | None]], int, int]:
    """The messages with their file, how many rows of the page were copies, and how many places stand in
    ``also``."""
    case = new(tmp_path / "case")
    result = ingest_any(case, folder)
    copies = sum(
        table["skipped"].get("copy", 0)
        for file in result["evidence"]
        for table in (file["tables"] or {}).values()
    )
    messages = of(exported(case), "message")
    found = [(each["source"]["path"].rpartition("/")[2], each["text"]) for each in messages]
    return found, copies, sum(len(each["also"]) for each in messages)


def ingest_any(case: Path, folder: Path) -> dict[str, Any]:
    """An ingest that may be of damaged evidence."""
    try:
        return ingest(case, folder)
    except AssertionError:
        return ingest(new(case.with_name("damaged")), folder, code=3)


@pytest.mark.parametrize(
    "order",
    [
        [told(1, "menu"), told(2, "hasj"), told(5, "wiet")],
        [told(1, "menu"), told(5, "wiet"), told(2, "hasj")],
        [told(1, "menu"), told(2, "hasj") | {"type": "other"}, told(5, "wiet")],
        [told(1, "menu"), told(2, "hasj"), told(2, "anders"), told(5, "wiet")],
    ],
    ids=["in order", "out of order", "an unknown type", "a number twice"],
)
def test_copies_of_the_page_and_places_in_also_are_the_same_number(tmp_path: Path, order: list[Record]):
    account(tmp_path / "phone", order)
    found, copies, places = read(tmp_path, tmp_path / "phone")
    assert copies == places
    assert {text for _file, text in found} >= {"menu", "hasj", "wiet"}


@pytest.mark.parametrize("messages", [None, []])
def test_an_account_without_chats_leaves_the_page_to_be_told(tmp_path: Path, messages: list[Record] | None):
    account(tmp_path / "phone", messages)
    found, copies, _places = read(tmp_path, tmp_path / "phone")
    assert ({text for _file, text in found}, copies) == ({"menu", "hasj", "wiet"}, 0)


@pytest.mark.parametrize("part", [0.3, 0.45, 0.6, 0.75, 0.9])
def test_a_json_that_is_cut_off_anywhere_costs_no_message_of_the_page(tmp_path: Path, part: float):
    text = account(tmp_path / "phone", [told(1, "menu"), told(2, "hasj"), told(5, "wiet")])
    (tmp_path / "phone" / "result.json").write_text(text[: int(len(text) * part)], "utf-8")
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "phone", code=3)
    assert {each["text"] for each in of(exported(case), "message")} == {"menu", "hasj", "wiet"}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+31 (0)6 00000123", "+31600000123"),
        ("+31 6-0000.0123", "+31600000123"),
        ("+31600000123 ext. 12", None),
        ("+31600000123;12", None),
        ("0600000123", None),
        ("+٣١٦٠٠٠٠٠١٢٣", None),
    ],
)
def test_a_number_of_another_tool_is_taken_only_as_it_is_dialled(written: str, number: str | None):
    assert number_of(written) == number
