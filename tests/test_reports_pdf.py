"""The PDF form: PDF/A-2a and PDF/UA-1, the same bytes every time, and no character that stops it."""

# ruff: noqa: E501  # lists and expected texts: easier to compare unbroken

from __future__ import annotations

import re

import pikepdf
import pytest
from test_reports_cases import FakeCase, conversation, flag, message, person, small_case

from forensics.words import Words
from reports import pdf
from reports.content import compose
from reports.setter import Setter
from reports.typesetting import Unprintable, compiled, refused_characters


def written(case, folder, language="nl", printed=None):
    pdf.FORM.write(case, folder, compose(case, language, "0.1", printed))
    return folder / "report.pdf"


class Text(str):
    """The text of a page without spaces: where a line ends is not what is tested here."""

    def __contains__(self, phrase):
        return super().__contains__("".join(phrase.split()))

    def count(self, phrase):
        return super().count("".join(phrase.split()))


def first_page_text(path):
    with pikepdf.open(path) as document:
        return page_text(document.pages[0])


def whole_text(document):
    return Text("".join(page_text(page) for page in document.pages))


def page_text(page):
    """The text of a page, through the fonts' own maps (ToUnicode)."""
    fonts = {name: to_unicode(font) for name, font in page.Resources.Font.items()}
    text, width, current = [], 2, {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            width, current = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            for piece in operands[0] if str(operator) == "TJ" else [operands[0]]:
                if isinstance(piece, pikepdf.String):
                    data = bytes(piece)
                    codes = (
                        int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width)
                    )
                    text += [current.get(code, "") for code in codes]
    return Text("".join("".join(text).split()))


def to_unicode(font):
    """The bytes of a code, and what the codes stand for; a font of pictures (type 3) has one-byte codes."""
    table = {}
    found = bytes(font.ToUnicode.read_bytes()) if "/ToUnicode" in font else b""
    for code, value in re.findall(rb"<([0-9a-fA-F]{2,4})> <([0-9a-fA-F]+)>", found):
        table[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be", "replace")
    return 1 if font.Subtype == "/Type3" else 2, table


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return written(small_case(), tmp_path_factory.mktemp("small"))


def test_it_claims_pdf_a_2a_and_pdf_ua_1_and_is_tagged(report):
    with pikepdf.open(report) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert str(document.Root.Lang) == "nl"
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo["/Title"]) == "Rapport digitaal onderzoek: chatberichten"


def test_its_date_is_that_of_the_case(report):
    with pikepdf.open(report) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20260301100000")


def test_every_font_is_embedded(report):
    with pikepdf.open(report) as document:
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        assert {str(font.Subtype) for font in fonts} == {"/Type0", "/Type3"}
        for font in fonts:
            if font.Subtype == "/Type0":
                descriptor = font.DescendantFonts[0].FontDescriptor
                assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys()), descriptor.FontName
            assert "/ToUnicode" in font


def test_nothing_runs_and_nothing_leads_outside(report):
    data = report.read_bytes()
    with pikepdf.open(report) as document:
        assert "/OpenAction" not in document.Root and "/AA" not in document.Root
        assert "/JavaScript" not in document.Root.get("/Names", {})
        assert not [page for page in document.pages if "/Annots" in page]
    assert data.endswith(b"%%EOF\n")


def test_two_reports_are_the_same_bytes(report, tmp_path):
    assert written(small_case(), tmp_path).read_bytes() == report.read_bytes()


def test_the_first_page_lists_what_is_not_recorded(tmp_path):
    case = small_case()
    case.info["config"]["device"]["imei"] = None
    case.info["authorities"] = []
    text = first_page_text(written(case, tmp_path))
    assert "A3 IMEI" in text and "A5 Soort, Kenmerk" in text
    assert "GEEN wettelijke grondslag" in text
    assert "Een account is geen persoon" in text


def test_the_first_page_says_when_nothing_is_missing(report):
    text = first_page_text(report)
    assert "Alle verplichte gegevens zijn vastgelegd." in text
    assert "2026-0001" in text and "pagina 1 van" in text


def test_every_page_has_case_exhibit_report_and_number(report):
    with pikepdf.open(report) as document:
        total = len(document.pages)
        for number, page in enumerate(document.pages, 1):
            text = page_text(page)
            assert "zaak 2026-0001" in text and "goed EX001" in text and "rapport 2026-0001-" in text
            assert f"pagina {number} van {total}" in text
        assert "Einde van het rapport" in page_text(document.pages[-1])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_nasty_text_is_printed_whole(tmp_path, language):
    case = small_case()
    path = written(case, tmp_path, language, printed=[talk["id"] for talk, _ in case.talks])
    with pikepdf.open(path) as document:
        text = whole_text(document)
        assert str(document.Root.Lang) == language
    assert "a⟨U+0000⟩b⟨U+E000⟩c⟨U+202E⟩d <script>alert(1)</script> =1+1 #panic() *b*" in text
    assert text.count("x") > 60_000
    assert "İstanbul ışık" in text and "Zażółć gęślą jaźń" in text and "你好" in text
    assert "⟨U+FEFF⟩⟨U+200B⟩" in text
    assert text.count("😀") >= 500
    for sign in ("👨‍👩‍👧‍👦", "❤️‍🔥", "👍🏽", "🇳🇱"):
        assert sign in text, sign


def test_many_messages_go_into_volumes(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "PER_VOLUME", 200)
    talks = []
    for each in (1, 2):
        talk = conversation(each, 160)
        talks.append(
            (
                talk,
                [message(1000 * each + place, talk["id"], f"Tekst {each}.{place}") for place in range(160)],
            )
        )
    case = FakeCase(talks)
    path = written(case, tmp_path, printed=[talk["id"] for talk, _ in talks])
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "messages-01.pdf",
        "messages-02.pdf",
        "report.pdf",
    ]
    texts = {}
    for each in tmp_path.iterdir():
        with pikepdf.open(each) as document:
            texts[each.name] = whole_text(document)
            assert document.open_metadata()["pdfuaid:part"] == "1"
    assert "Tekst 2.39F1" in texts["messages-01.pdf"] and "Tekst 2.40F1" not in texts["messages-01.pdf"]
    assert "Tekst 2.40F1" in texts["messages-02.pdf"] and "Tekst 2.159F1" in texts["messages-02.pdf"]
    assert texts["messages-02.pdf"].count("Eerste en laatste bericht") == 1
    assert "messages-01.pdf, messages-02.pdf" in texts["report.pdf"]
    assert "Berichten afgedrukt 320" in texts["report.pdf"]
    assert path.name == "report.pdf"


def test_the_summary_of_a_large_case_has_at_most_twelve_pages(tmp_path):
    talks = []
    for each in range(1, 41):
        talk = conversation(each, 30, title=f"Groep met een wat langere naam, nummer {each}", kind="group")
        talks.append((talk, [message(100 * each + place, talk["id"], "x") for place in range(30)]))
    flags = [
        flag(talk["id"], [found[place]["id"] for place in range(5, 20)])
        for talk, found in talks
        for _ in "1234"
    ]
    case = FakeCase(talks, flags)
    case.notice_list = [
        {
            "record": "notice",
            "severity": "warning",
            "text": f"row {each}: gap in ids " * 3,
            "source": None,
            "raw": None,
        }
        for each in range(500)
    ]
    case.participants = lambda: (
        person(f"p{each:024x}", f"Naam {each}", f"+3160000{each:04}") for each in range(900)
    )
    case.info["config"] = {}
    case.info["authorities"] = [case.info["authorities"][0] | {"scope": "alle chats " * 20}] * 3
    with pikepdf.open(written(case, tmp_path)) as document:
        assert len(document.pages) <= 12
        text = whole_text(document)
    assert "Nog 896 regels" in text
    assert (tmp_path / "messages-01.pdf").exists()


def test_a_character_that_the_typesetter_refuses_becomes_a_token(monkeypatch):
    setter_words, seen = Words("nl"), []

    def make(refused):
        seen.append(refused)
        title = Setter(setter_words, refused).plain("ok \ufeff") if refused else "ok \ufeff"
        return {
            "language": "nl", "fonts": ["Noto Sans"], "title": title, "header": "h", "end": "e", "first": None,
            "parts": [], "excerpts": [], "pictures": [], "words": {"page": "p", "of": "o"},
        }  # fmt: skip

    assert compiled(make, 0).startswith(b"%PDF")
    assert seen == [frozenset(), frozenset("\ufeff")]


def test_what_the_typesetter_refuses_for_another_reason_is_an_error():
    with pytest.raises(Unprintable):
        compiled(lambda refused: {"language": "nl"}, 0)


@pytest.mark.parametrize(
    ("message_text", "expected"),
    [
        ('PDF/A-2a error: the text `"ጀ"` could not be displayed with font `"Noto Sans"`', "ጀ"),
        ('PDF/A-2a error: the text contains the disallowed codepoint `"\\u{feff}"`', "\ufeff"),
        ('the text `"a\\u{34f}"` could not be displayed', "\u034f"),
        ("skipped from heading level 1 to 3", ""),
    ],
)
def test_the_refused_characters_are_read_from_the_message(message_text, expected):
    assert refused_characters(message_text) == frozenset(expected)
