"""Spreadsheets and JSON lines: a text stays a text."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_reports_cases import FakeCase, conversation, message, sealed, small_case
from xlsxwriter.exceptions import FileSizeError

from forensics.errors import MachineFailed
from reports import delivery, jsonl, sheets, workbook
from reports.content import compose

DANGEROUS = ["=1+1", "+31600000001", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")', "http://example.org/"]


def case_of(texts):
    talk = conversation(1, len(texts), title="=Titel")
    return FakeCase([(talk, [message(place, talk["id"], text) for place, text in enumerate(texts, 1)])])


def book_of(case, tmp_path):
    sheets.write_xlsx(case, tmp_path / "x.xlsx")
    return openpyxl.load_workbook(tmp_path / "x.xlsx")


def columns(sheet):
    rows = list(sheet.iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def csv_rows(case):
    stream = io.BytesIO()
    sheets.write_csv(case, stream)
    return list(csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8"), newline="")))


def test_a_workbook_holds_texts_and_no_formulas_or_links(tmp_path):
    book = book_of(case_of(DANGEROUS), tmp_path)
    assert [row["text"] for row in columns(book["messages"])] == DANGEROUS
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr"), (sheet.title, cell.value)
                assert cell.hyperlink is None


def test_a_text_that_looks_like_markup_or_an_escape_is_read_back_as_it_is_stored(tmp_path):
    """XlsxWriter writes a text between <r> and </r> as markup: the first would show other words, the second
    makes a file that no program opens."""
    texts = [
        *("<r><t>iets anders</t></r>", "<r></x>&</r>", " voor en na ", "_x0041_x0042_", "_x005F_", "a\rb"),
        *('1 < 2 & "3" > 0', "regel\n", "\ttab", "é😀", "</t></is></c>", "'=1"),
        *("koop _x0041\rvandaag", "_x0041\r\n", "_x005F\r", "_x005F_x0041_", "\rx0041_", "_x0041_\r"),
    ]
    sheets.write_xlsx(case_of(texts), tmp_path / "x.xlsx")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as file:
        page = ElementTree.fromstring(file.read("xl/worksheets/sheet4.xml"))
    cells = page.findall(".//{*}c[@t='inlineStr']")
    named = next(each.get("r", "").rstrip("1") for each in cells if each.findtext(".//{*}t") == "text")
    found = [each.findtext(".//{*}t") for each in cells if each.get("r", "").rstrip("0123456789") == named]
    shown = [re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), each or "") for each in found]
    assert shown == ["text", *map(sheets.storable, texts)]
    keep = "{http://www.w3.org/XML/1998/namespace}space"
    kept = [
        each.findtext(".//{*}t") for each in cells if each.find(f".//{{*}}t[@{keep}='preserve']") is not None
    ]
    assert kept == [" voor en na ", "regel\n", "\ttab", "_x0041_x000D_\n".replace("_x0041", "_x005F_x0041"),
                    "_x005F_x005F_x000D_", "_x000D_x0041_", "_x005F_x0041__x000D_"]  # fmt: skip


@given(st.text(st.sampled_from("_x0041FfD\r\n\t&< é"), max_size=40))
def test_whatever_a_text_is_its_cell_is_read_back_as_it(text):
    element = workbook._element(text)
    found = ElementTree.fromstring(element).text or ""
    assert re.sub("_x([0-9a-fA-F]{4})_", lambda match: chr(int(match[1], 16)), found) == text


def test_a_csv_cell_never_begins_like_a_formula():
    found = csv_rows(case_of(DANGEROUS))
    assert [row["text"] for row in found[: len(DANGEROUS)]] == [
        "'=1+1", "'+31600000001", "'-1", "'@SUM(A1)", "'\tx", "'=HYPERLINK(\"http://x\")", "http://example.org/",
    ]  # fmt: skip
    for row in found:
        assert not [value for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_csv_file_has_a_row_for_each_message_and_each_call():
    case = small_case()
    found = csv_rows(case)
    assert [row["record"] for row in found] == ["message"] * 79 + ["call"]
    first = found[0]
    assert first["item"] == "1-1" and first["id"] == f"m{1:024x}" and first["text"] == "Bericht 1 😀"
    assert (
        first["sent_at"] == "2026-02-01T20:16:04.250Z"
        and first["sent_at_local"] == "2026-02-01 21:16:04 +01:00"
    )
    assert (first["table"], first["rowid"], first["path"]) == ("message", "1", "msgstore.db")
    assert first["recipients"] == "'+31600000000" and first["from_owner"] == "false"
    assert found[60]["text"] == "a⟨U+0000⟩b\ue000c\u202ed <script>alert(1)</script> =1+1 #panic() *b* 𝗠"
    assert found[-1]["details"] == "seconds: 61\nvideo: false\nresult: answered"


def test_a_long_text_goes_on_in_further_rows_and_nothing_is_lost(tmp_path):
    long = "😀" * 20_000 + "x" * 30_000
    rows = columns(book_of(case_of([long, "kort"]), tmp_path)["messages"])
    assert [(row["item"], row["part"]) for row in rows] == [("1-1", 1), ("1-1", 2), ("1-1", 3), ("1-2", 1)]
    assert "".join(row["text"] for row in rows[:3]) == long


def test_a_long_text_of_characters_that_no_sheet_holds_goes_on_too(tmp_path):
    rows = columns(book_of(case_of(["\x01" * 5_000 + "END"]), tmp_path)["messages"])
    assert [row["part"] for row in rows] == [1, 2]
    assert "".join(row["text"] for row in rows) == "⟨U+0001⟩" * 5_000 + "END"


@pytest.mark.parametrize(
    ("text", "kept", "shown"),
    [
        ("n" * 40_000, 15_500, "n" * 15_500),
        ("😀" * 40_000, 15_500, "😀" * 15_500),
        ("\x01" * 9_000, 3_937, "⟨U+0001⟩" * 3_937),
    ],
)
def test_a_cell_of_another_sheet_that_is_cut_says_so(tmp_path, text, kept, shown):
    case = small_case()
    case.notice_list = [
        {"record": "notice", "severity": "warning", "text": text, "source": None, "raw": None}
    ]
    (row,) = columns(book_of(case, tmp_path)["notices"])
    beginning, _, said = row["text"].partition("\n")
    assert beginning == shown
    assert said.startswith(f"[Hier afgebroken: nog {len(text) - kept} tekens niet weergegeven.")
    assert hashlib.sha256(text.encode()).hexdigest() in said
    assert len(row["text"].encode("utf-16-le")) // 2 <= sheets.CELL_LIMIT


@given(st.text(st.sampled_from("aé😀"), max_size=200))
def test_pieces_fit_and_join_again(text):
    whole = text * 400
    found = sheets.pieces(whole)
    assert "".join(found) == whole
    assert all(len(each.encode("utf-16-le")) // 2 <= sheets.CELL_LIMIT for each in found)


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "ROW_LIMIT", 50)
    book = book_of(case_of([f"t{each}" for each in range(120)]), tmp_path)
    assert [name for name in book.sheetnames if name.startswith("messages")] == [
        "messages",
        "messages 2",
        "messages 3",
    ]
    assert sum(book[name].max_row for name in ("messages", "messages 2", "messages 3")) == 121


def test_more_bytes_than_a_file_of_a_workbook_can_have_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "BYTE_LIMIT", 60_000)
    texts = [f"{each} é" * 200 for each in range(120)]
    book = book_of(case_of(texts), tmp_path)
    names = [name for name in book.sheetnames if name.startswith("messages")]
    assert len(names) > 2
    assert sum(book[name].max_row for name in names) == 121
    with zipfile.ZipFile(tmp_path / "x.xlsx") as file:
        sizes = [each.file_size for each in file.infolist() if each.filename.startswith("xl/worksheets/")]
    assert 60_000 < max(sizes) < 70_000


def test_a_workbook_beyond_the_first_limit_of_zips_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 2_000)
    book = book_of(case_of(["a", "b"]), tmp_path)
    assert [row["text"] for row in columns(book["messages"])] == ["a", "b"]


def test_what_the_library_cannot_write_is_an_error_in_a_sentence_and_leaves_no_delivery(
    tmp_path, monkeypatch
):
    def too_large(*_):
        raise FileSizeError("Filesize would require ZIP64 extensions.")

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(workbook.tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(workbook.xlsxwriter.Workbook, "_store_workbook", too_large)
    with pytest.raises(
        MachineFailed, match=r"bag: the delivery could not be written: messages\.xlsx: Filesize"
    ):
        delivery.write(small_case(), tmp_path / "bag", ("xlsx",), language="nl", version="0.1")
    assert [each.name for each in tmp_path.rglob("*")] == ["temporary"]


def test_rows_are_the_bytes_that_the_library_writes_for_the_same_cells(tmp_path):
    rows = [("kop", "é😀"), ("a & b < c", 12), (None, " voor"), (-3, "x\ny"), ("", 2**53)]
    with workbook.Workbook(tmp_path / "a.xlsx", "t", "c", "2026-01-01T00:00:00.000Z") as book:
        book.sheet("s", rows)
    with workbook.Workbook(tmp_path / "b.xlsx", "t", "c", "2026-01-01T00:00:00.000Z") as book:
        sheet = book._add("s", 18)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                style = book._head if place == 0 else book._text
                if cell not in (None, ""):
                    sheet.write(place, column, cell, style)
    parts = []
    for name in ("a.xlsx", "b.xlsx"):
        with zipfile.ZipFile(tmp_path / name) as file:
            parts.append(file.read("xl/worksheets/sheet1.xml"))
    assert parts[0].partition(b"<sheetData>")[2] == parts[1].partition(b"<sheetData>")[2].replace(
        b"9.00719925474099E+15", b"9007199254740992"
    )


def test_a_workbook_tells_flags_apart_and_gives_no_score(tmp_path):
    book = book_of(small_case(), tmp_path)
    assert book.sheetnames == [
        "about",
        "conversations",
        "participants",
        "messages",
        "calls",
        "notices",
        "figures",
        "flags",
        "flag rules",
    ]
    assert book["flags"]["A1"].value.startswith("Dit is een automatische aanwijzing")
    assert "4.5" not in str(list(book["flags"].values))


def test_the_sheet_of_figures_counts_the_flagged_trade_by_app_kind_list_and_period(tmp_path):
    rows = list(book_of(small_case(), tmp_path)["figures"].values)
    titles = [row[0] for row in rows if row[0] and not any(row[1:])]
    assert titles[0].startswith("Dit is een automatische aanwijzing")
    assert titles[-5:] == [
        "Per app",
        "Per soort gesprek",
        "Per lijst van de Opiumwet",
        "Per periode",
        "App, soort gesprek, lijst en kwartaal",
    ]
    (cross,) = [row for row in rows if row[0] == "whatsapp" and row[3] == "2026-Q1"]
    assert cross[:6] == ("whatsapp", "een-op-een", "I", "2026-Q1", 1, "1 van 1")
    case = small_case()
    case.flag_list = []
    assert len(list(book_of(case, tmp_path)["figures"].values)) == 1


def test_two_workbooks_are_the_same_bytes_and_carry_the_date_of_the_case(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        sheets.write_xlsx(small_case(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    created = openpyxl.load_workbook(tmp_path / "a.xlsx").properties.created
    assert created.isoformat() == "2026-03-01T10:00:00"


def test_a_workbook_that_cannot_be_written_is_an_operating_system_error(tmp_path):
    with pytest.raises(OSError, match=r"x\.xlsx"):
        sheets.write_xlsx(small_case(), tmp_path / "absent" / "x.xlsx")


def test_json_lines_hold_every_record_in_the_order_of_the_contract():
    case, stream = small_case(), io.BytesIO()
    case.notice_list = [{"record": "notice", "severity": "warning", "text": "x", "source": None, "raw": None}]
    jsonl.write(case, stream)
    records = [json.loads(line) for line in stream.getvalue().splitlines()]
    kinds = list(dict.fromkeys(record["record"] for record in records))
    assert kinds == ["account", "conversation", "participant", "message", "call", "notice", "flag"]
    assert [record for record in records if record["record"] == "message"] == list(case.messages())
    for record in records:
        if "record_sha256" in record:
            assert sealed(record) == record


def test_the_forms_of_a_delivery_write_the_same_as_the_exports(tmp_path):
    case = small_case()
    content = compose(case, "nl", "0")
    for form in (sheets.CSV, jsonl.FORM):
        form.write(case, tmp_path, content)
    for name, write in (("messages.csv", sheets.write_csv), ("messages.jsonl", jsonl.write)):
        stream = io.BytesIO()
        write(case, stream)
        assert (tmp_path / name).read_bytes() == stream.getvalue()
