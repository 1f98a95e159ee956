"""Texts written to break a reader: every form is written, nothing is obeyed, and the data stay whole."""

from __future__ import annotations

import hashlib
import json
import re
import time

import pikepdf
import pytest
from test_reports_cases import FakeCase, conversation, message, person, small_case
from test_reports_pdf import whole_text

from forensics.errors import MachineFailed
from forensics.words import Words
from reports import delivery, markup, pdf, shortening, typesetting
from reports.blocks import Field, fixed_table
from reports.content import compose
from reports.setter import Setter
from reports.typesetting import Unprintable, compiled

NAMES = (
    "../../etc/passwd",
    "C:\\CON",
    "a\nb\r\nc",
    "=cmd|'/c calc'!A0",
    "\u202egnp.exe",
    "<b>",
    "#eval(1)",
    "\x00",
)


def long_case(text):
    talk = conversation(1, 2, title="Lang")
    return FakeCase([(talk, [message(1, talk["id"], text), message(2, talk["id"], "kort")])])


def delivered(case, folder, forms=("pdf", "html", "xlsx", "csv", "jsonl")):
    delivery.write(case, folder, forms, language="nl", version="0")
    return folder / "data"


def check_long(text, folder):
    data = delivered(long_case(text), folder)
    lines = [json.loads(line) for line in (data / "messages.jsonl").read_bytes().splitlines()]
    assert [each["text"] for each in lines if each["record"] == "message"] == [text, "kort"]
    digest = hashlib.sha256(text.encode()).hexdigest()
    statement = f"nog {len(text) - shortening.MOST_TEXT} tekens niet weergegeven"
    page = (data / "html/chats/c00001.html").read_text("utf-8")
    assert statement in page and digest in page and "kort" in page
    with pikepdf.open(data / "report.pdf") as document:
        printed = whole_text(document)
    assert statement in printed and digest in printed and "kort" in printed


def test_a_text_of_megabytes_is_cut_on_pages_with_a_statement_and_whole_in_the_data(tmp_path):
    check_long("0123456789" * 300_000, tmp_path / "out")


@pytest.mark.full
def test_a_text_of_100_megabytes_too(tmp_path):
    start = time.monotonic()
    check_long("abc def 😀x" * 10_000_000, tmp_path / "out")
    assert time.monotonic() - start < 120


@pytest.mark.parametrize("sign", ["😀", "👨‍👩‍👧‍👦", "ש"])
def test_sixty_thousand_signs_are_printed(tmp_path, sign):
    case = long_case(sign * 60_000)
    pdf.FORM.write(case, tmp_path, compose(case, "nl", "0"))
    with pikepdf.open(tmp_path / "report.pdf") as document:
        assert whole_text(document).count(sign.strip()) >= min(60_000, shortening.MOST_TEXT // len(sign))


def test_names_that_look_like_paths_formulas_or_markup_stay_names(tmp_path):
    case = small_case()
    case.participants = lambda: (
        # the PDF prints the first six
        person(f"p{each:024x}", name, f"+3160000{each:04}")
        for each, name in enumerate(reversed(NAMES))
    )
    for (talk, _), name in zip(case.talks, NAMES, strict=False):
        talk["title"] = name
    case.info["number"] = case.info["exhibit"] = "../<x>\n=1"
    data = delivered(case, tmp_path / "out")
    assert not [path for path in (tmp_path / "out").rglob("*") if not re.fullmatch(r"[\w.-]+", path.name)]
    index = (data / "html/index.html").read_text("utf-8")
    assert "<b>" not in index.partition("<main>")[2].replace("<b></b>", "") and "=cmd|" in index
    with pikepdf.open(data / "report.pdf") as document:
        text = whole_text(document)
    assert "⟨U+202E⟩gnp.exe" in text and "#eval(1)" in text and "⟨U+0000⟩" in text


def test_a_name_of_a_megabyte_is_cut_wherever_it_stands(tmp_path):
    case = small_case()
    case.participants = lambda: (person("p" + "1" * 24, "n" * 1_000_000, "+31600000001") for _ in "1")
    data = delivered(case, tmp_path / "out", ("html", "csv"))
    assert sum(path.stat().st_size for path in data.rglob("*.html")) < 2_000_000


_MEGABYTE = "M" * 1_000_000


def test_a_fact_of_a_megabyte_is_cut_with_a_statement(tmp_path):
    case = small_case()
    fact = {
        "name": "model",
        "source": "build.prop",
        "field": "ro.product.model",
        "at": None,
        "exhibit": "E-1",
    }
    other = {**fact, "source": "other.prop", "value": "N" * 1_000_000}
    case.acquisition = lambda: [{**fact, "value": _MEGABYTE}, other]
    data = delivered(case, tmp_path / "out", ("html", "pdf"))
    assert (data / "html/index.html").stat().st_size < 1_000_000
    with pikepdf.open(data / "report.pdf") as document:
        printed = whole_text(document)
    left = len(_MEGABYTE) - shortening.MOST_NAME
    assert printed.count(f"nog {left} tekens niet weergegeven") >= 4  # stated, and contradicted
    assert hashlib.sha256(_MEGABYTE.encode()).hexdigest() in printed


@pytest.mark.parametrize("field", ["phone", "handle"])
def test_an_identifier_of_a_megabyte_is_cut_wherever_it_stands(tmp_path, field):
    case = small_case()
    people = list(case.participants())
    case.participants = lambda: ({**each, "phone": None, "names": [], field: _MEGABYTE} for each in people)
    data = delivered(case, tmp_path / "out", ("html", "pdf"))
    assert sum(path.stat().st_size for path in data.rglob("*.html")) < 2_000_000
    assert (data / "report.pdf").is_file()


def test_a_cell_and_a_field_that_fill_pages_are_cut_in_every_form():
    words, text = Words("nl"), "M " * 100_000
    statement = f"nog {len(text) - shortening.MOST_TEXT} tekens niet weergegeven"
    table = fixed_table("T", "t", ("a", "b"), [("1", text)])
    field = Field(key="K", label="k", values=(text,))
    setter = Setter(words, frozenset())
    for shown in (json.dumps(setter.table(table)), json.dumps(setter.fields([field]))):
        assert statement in shown and len(shown) < 70_000
    for shown in ("".join(markup.table(words, table)), markup.fields(words, [field], "K")):
        assert statement in shown and len(shown) < 70_000


def test_when_the_typesetter_names_no_character_all_doubtful_ones_become_tokens(monkeypatch):
    seen = []

    def compile_(data, timestamp, is_large):
        seen.append(json.loads(data)["text"])
        if "ش" in seen[-1]:
            raise Unprintable("the PDF contains text with missing codepoints")
        return b"%PDF"

    monkeypatch.setattr(typesetting, "_compile", compile_)
    make = lambda refused: {"text": "".join("?" if each in refused else each for each in "é ش 😀")}  # noqa: E731
    assert compiled(make, 0) == b"%PDF"
    assert seen == ["é ش 😀", "é ? ?"]


def test_a_typesetter_that_is_ended_by_the_system_is_a_failure_of_the_machine(monkeypatch, tmp_path):
    class Ended:
        returncode, stderr = -9, b""

    monkeypatch.setattr(typesetting.subprocess, "run", lambda *_, **__: Ended())
    with pytest.raises(MachineFailed, match="ended with code -9"):
        typesetting._compile(b"{}", 0, True)
