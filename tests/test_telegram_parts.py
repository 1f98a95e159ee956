"""The parts of the Telegram parser by themselves: text units, tails, gaps, indexes, amounts, buttons."""

from __future__ import annotations

import struct

import pytest
import tl_encoding as tl
from hypothesis import given
from hypothesis import strategies as st

from parsers.telegram_blobs import BlobReader, MessageBlob, read_custom_params, split_attach_path
from parsers.telegram_gaps import missing
from parsers.telegram_ids import dialog_id, is_folder, is_secret, message_id, secret_dialog
from parsers.telegram_index import Index
from parsers.telegram_markup import buttons, preview, rich_text
from parsers.telegram_remains import text_after_date
from parsers.telegram_text import Units
from parsers.telegram_tl_schema import schema
from parsers.telegram_words import amount

PEER = tl.obj("peerUser#59511722", user_id=5)


@pytest.fixture(scope="module")
def blobs() -> BlobReader:
    return BlobReader(schema())


def message(**more: object) -> bytes:
    return tl.obj("message#9815cec8", **{"id": 1, "peer_id": PEER, "date": 9, "message": "x", **more})


@given(st.text(max_size=30), st.integers(0, 40), st.integers(0, 40))
def test_parts_of_a_text_are_counted_in_utf16_units(text: str, start: int, length: int):
    text = text.encode("utf-8", "replace").decode()
    wanted = text.encode("utf-16-le")[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
    assert Units(text).slice(start, length) == wanted


def test_a_part_outside_the_text_is_empty():
    assert Units("a😀b").slice(1, 2) == "😀"
    assert Units("a😀b").slice(3, 9) == "b"
    assert Units("a😀b").slice(-1, 1) == Units("a😀b").slice(0, -1) == Units("abc").slice(9, 1) == ""


@pytest.mark.parametrize(
    ("stored", "path", "params"),
    [
        (" ", None, {}),
        ("/sdcard/a.jpg", "/sdcard/a.jpg", {}),
        ("||groupId|=|5||final|=|1||/sdcard/a.jpg", "/sdcard/a.jpg", {"groupId": "5", "final": "1"}),
        ("||legacy_layer|=|220||", None, {"legacy_layer": "220"}),
        ("||odd||", None, {"odd": ""}),
    ],
)
def test_the_attach_path_and_the_clients_parameters(stored: str, path: str | None, params: dict[str, str]):
    assert split_attach_path(stored) == (path, params)


@pytest.mark.parametrize(
    ("tail", "path", "problem"),
    [
        (b"", None, None),
        (tl.string(" "), None, None),
        (tl.string(""), None, None),
        (tl.string("/a"), "/a", None),
        (tl.string("/a") + b"\0" * 4, "/a", "4 bytes are left at offset"),
        (b"\x09ab\0", None, "a string of 9 bytes expected"),
    ],
)
def test_a_message_is_read_to_the_last_byte(
    blobs: BlobReader, tail: bytes, path: str | None, problem: str | None
):
    found = blobs.message(message() + tail)
    assert type(found) is MessageBlob
    assert (found.value["message"], found.attach_path) == ("x", path)
    assert problem is None if found.problem is None else problem and problem in found.problem


def test_a_local_forward_has_a_number_after_its_path(blobs: BlobReader):
    header = tl.obj("messageFwdHeader#4e4df4bb", date=1)
    data = message(id=-5, fwd_from=header) + tl.string("/a") + struct.pack("<i", 77)
    found = blobs.message(data)
    assert (found.problem, found.value.number("id")) == (None, -5)


def test_custom_params_are_read_to_the_last_byte(blobs: BlobReader):
    yes, no = struct.pack("<I", 0x997275B5), struct.pack("<I", 0xBC799737)
    text = tl.obj("textWithEntities", text="hello", entities=[])
    data = (
        struct.pack("<II", 1, 0b1011101)
        + tl.string("hallo")
        + yes + no + no + struct.pack("<q", 3) + no
        + tl.string("nl") + tl.string("en") + text + struct.pack("<q", 9)
    )  # fmt: skip
    found = read_custom_params(blobs, data)
    assert (found.transcription, found.translation, found.problem) == ("hallo", "hello", None)
    assert (found.original_language, found.translated_to) == ("nl", "en")
    assert read_custom_params(blobs, data + b"\0" * 4).problem == f"4 bytes are left at offset {len(data)}"
    assert "version 2" in (read_custom_params(blobs, struct.pack("<II", 2, 0)).problem or "")
    for length in range(len(data)):
        assert read_custom_params(blobs, data[:length]).problem is not None


@pytest.mark.parametrize(
    ("numbers", "holes", "wanted"),
    [
        ([], [], []),
        ([5], [], []),
        ([1, 2, 3], [], []),
        ([1, 5], [], [(2, 4)]),
        ([1, 5, 9], [(2, 3), (6, 8)], [(4, 4)]),
        ([1, 9], [(0, 20)], []),
        ([1, 9], [(3, 4), (4, 6)], [(2, 2), (7, 8)]),
        ([-3, -1], [], [(-2, -2)]),
        ([1, 1, 3], [], [(2, 2)]),
    ],
)
def test_what_is_missing(numbers: list[int], holes: list[tuple[int, int]], wanted: list[tuple[int, int]]):
    found = list(missing(((each, 7) for each in numbers), holes))
    assert [(each.first, each.last) for each in found] == wanted


def test_a_gap_within_one_dialog_names_it():
    found = missing([(1, 5), (3, 5), (5, -6)], [(7, 8)])
    assert [each.words for each in found] == ["2 (between messages of 5)", "4", "6"]


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.integers(-9, 9), st.integers(0, 1), st.integers(-(2**63), 2**63 - 1))
    )
)
def test_an_index_finds_every_row(rows: list[tuple[int, int, int, int]]):
    index = Index(("new", "old"))
    for row in rows:
        index.add(*row)
    index.seal()
    for dialog, number, _table, _rowid in rows:
        same = sorted((t, r) for d, n, t, r in rows if (d, n) == (dialog, number))
        assert index.all(dialog, number) == [(("new", "old")[t], r) for t, r in same]
        assert index.first(dialog, number) == index.all(dialog, number)[0]
    assert index.first(1, 100) is None
    assert index.first(9, 1) is None
    assert bool(index) is bool(rows)


def test_dialog_ids_of_both_generations():
    assert dialog_id(0x12345678 << 32) == secret_dialog(0x12345678) == 1 << 62 | 0x12345678
    assert dialog_id(-5 << 32) == secret_dialog(-5)
    assert [dialog_id(each) for each in (5, -5, 0, 5_000_000_003)] == [5, -5, 0, 5_000_000_003]
    assert is_secret(secret_dialog(-1)) and not is_secret(5_000_000_003) and not is_secret(-1)
    assert is_folder(1 << 61 | 1) and not is_folder(secret_dialog(1))
    assert [message_id(each) for each in (7, -7, 1500000001 << 32 | 7)] == [7, -7, 7]


@pytest.mark.parametrize(
    ("currency", "units", "words"),
    [
        ("EUR", 12550, "125.50 EUR"),
        ("EUR", -5, "-0.05 EUR"),
        ("JPY", 500, "500 JPY"),
        ("TON", 1500000000, "1.5 TON"),
        ("XTR", 9, "9 XTR"),
        (None, 100, "1.00 currency not stored"),
        ("EUR", None, "an amount that is not stored"),
    ],
)
def test_amounts(currency: str | None, units: int | None, words: str):
    assert amount(currency, units) == words


def test_buttons_of_the_newest_layer_say_where_they_lead(blobs: BlobReader):
    style = tl.obj("keyboardButtonStyle")
    row = tl.obj("keyboardButtonRow", buttons=[
        tl.obj("keyboardButtonUrl#d80c25ec", style=style, text="Shop", url="https://example.org"),
        tl.obj("keyboardButtonCopy#bcc4af10", text="Copy", copy_text="ABC"),
        tl.obj("keyboardButton#7d170cff", text="Plain"),
    ])  # fmt: skip
    markup, _ = blobs.part(tl.obj("replyInlineMarkup#48a30254", rows=[row]), 0, [])
    assert buttons(markup) == "buttons: [Shop: https://example.org] [Copy: ABC] [Plain]"
    hidden, _ = blobs.part(tl.obj("replyKeyboardHide#a03e5b85"), 0, [])
    assert buttons(hidden) is buttons(None) is None


def test_a_page_gives_its_words_where_it_has_no_description(blobs: BlobReader):
    plain = tl.obj("textConcat", texts=[tl.obj("textPlain", text="ten"), tl.obj("textPlain", text="grams")])
    blocks = [tl.obj("pageBlockTitle", text=tl.obj("textPlain", text="Menu")),
              tl.obj("pageBlockParagraph", text=plain), tl.obj("pageBlockDivider")]  # fmt: skip
    page = tl.obj("page#98657f0d", url="u", blocks=blocks, photos=[], documents=[])
    value, _ = blobs.part(page, 0, [])
    assert rich_text(value) == "Menu\nten grams"
    web = tl.obj(
        "webPage#e89c45b2", id=1, url="https://example.org", display_url="x", hash=0, cached_page=page
    )
    media, _ = blobs.part(tl.obj("messageMediaWebPage#ddf10c3b", webpage=web), 0, [])
    link = preview(media)
    assert link is not None
    assert (link.path, link.caption) == ("https://example.org", "Menu\nten grams")
    pending = tl.obj("messageMediaWebPage#ddf10c3b", webpage=tl.obj("webPageEmpty#eb1477e8", id=1))
    assert preview(blobs.part(pending, 0, [])[0]) is None


def test_the_text_after_a_date_is_found_only_where_there_is_one():
    data = struct.pack("<III", 1, 2, 1709546400) + tl.string("what was said")
    assert text_after_date(data, 1709546400) == "what was said"
    assert text_after_date(b"\0" + data, 1709546400) is None
    assert text_after_date(data[:14], 1709546400) is None
    assert text_after_date(data, None) is text_after_date(data, 0) is None
