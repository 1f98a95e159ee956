"""The HTML form: nothing is loaded, nothing of the case runs or stands unescaped, one script filters."""

# ruff: noqa: E501, SIM905  # lists and expected texts: easier to compare unbroken

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from test_reports_cases import ARABIC, FakeCase, conversation, message, small_case

from forensics import charts
from forensics.words import Words
from reports import markup, web
from reports.blocks import fixed_table
from reports.content import compose

ALLOWED = set(
    "html head meta title style body div main section nav h1 h2 h3 h4 p b i bdi small ul li a dl dt dd table "
    "thead tbody tr th td article header figure figcaption svg text rect line path circle blockquote mark h5 "
    "script form label select option input button output ol span".split()
)


class Reader(HTMLParser):
    """Collects tags, attributes and text, and the texts of elements by id."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.texts = set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module", params=["nl", "en"])
def pages(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    case = small_case()
    web.FORM.write(case, folder, compose(case, request.param, "0.1"))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.html")}


def test_there_is_an_index_and_a_page_for_each_conversation(pages):
    assert sorted(pages) == [
        "html/chats/c00001.html",
        "html/chats/c00002.html",
        "html/chats/c00003.html",
        "html/index.html",
        "html/messages.html",
    ]


def digest_of(tag: str, page: str) -> str:
    (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_forbids_everything_but_this_style_sheet_and_this_script(pages):
    for page in pages.values():
        style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
        css, script = digest_of("style", page), digest_of("script", page)
        policy = next(each["content"] for tag, each in Reader(page).attributes if "http-equiv" in each)
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{css}'; script-src 'sha256-{script}'; img-src 'self' data:; "
            "base-uri 'none'; form-action 'none'"
        )
        assert "url(" not in style and "@import" not in style


def test_only_harmless_elements_and_attributes_occur(pages):
    for page in pages.values():
        found = Reader(page)
        assert found.tags <= ALLOWED
        for _, attributes in found.attributes:
            assert not [
                name for name in attributes if name.startswith("on") or name in ("style", "src", "srcdoc")
            ]
            target = attributes.get("href", "")
            assert not re.match(r"[a-z]+:|//", target), target


def test_every_link_leads_somewhere(pages):
    for name, page in pages.items():
        folder = name.rpartition("/")[0]
        for _, attributes in Reader(page).attributes:
            path, _, anchor = attributes.get("href", "").partition("#")
            if not attributes.get("href"):
                continue
            target = name if not path else f"{folder}/{path}"
            target = re.sub(r"[^/]+/\.\./", "", target)
            assert target in pages, target
            assert not anchor or f'id="{anchor}"' in pages[target], anchor


def test_no_anchor_stands_twice(pages):
    for page in pages.values():
        anchors = re.findall(r' id="([^"]+)"', page)
        assert len(anchors) == len(set(anchors)), sorted(
            {each for each in anchors if anchors.count(each) > 1}
        )


def test_text_of_the_case_is_escaped_and_shown_as_it_is(pages):
    page = pages["html/chats/c00002.html"]
    assert page.count("<script") == 1, "the one of the program"
    assert "a⟨U+0000⟩b⟨U+E000⟩c⟨U+202E⟩d &lt;script&gt;alert(1)&lt;/script&gt; =1+1 #panic() *b*" in page
    assert "Groep ⟨U+202E⟩ &lt;b&gt;&amp;" in page
    assert "x" * 60_000 in page and "😀" * 500 in page
    assert "line one\nline two\n\tthree" in page
    assert "Dealer? &lt;b&gt;nee&lt;/b&gt;" in pages["html/index.html"]


def test_every_bubble_has_its_own_direction(pages):
    page = pages["html/chats/c00002.html"]
    assert f'<p lang="" dir="rtl">{ARABIC}</p>' in page
    assert '<p lang="" dir="ltr">İstanbul ışık</p>' in page


def test_names_in_a_line_do_not_turn_it_around(pages):
    page = pages["html/chats/c00003.html"]
    assert 'data-field="D15.participants">+31600000000, \u2068ياسمين 🌸' in page.replace(
        "\u2068\u2068", "\u2068"
    )


def test_every_message_has_its_anchor_its_number_and_its_source(pages):
    page = pages["html/chats/c00001.html"]
    assert page.count("<article") == 60
    assert f'id="m{30:024x}"' in page and ">1-30</a>" in page and "<small>F1 message r" in page


def test_deleted_and_unsent_messages_say_so_in_words(pages):
    page = pages["html/chats/c00003.html"]
    assert "DELETED FOR EVERYONE" in page or "GEWIST VOOR IEDEREEN" in page
    assert "DRAFT, NOT SENT" in page or "CONCEPT, NIET VERZONDEN" in page


def test_the_sections_of_the_checklist_are_in_the_index(pages):
    page = pages["html/index.html"]
    for section in "A1 A5 B6 B8 C9 C12 D13 D14 D15 D16 E17 F18 G19 G20 G21 G22".split():
        assert f'<section id="{section}">' in page
    assert 'data-field="A3.imei">test imei<' in page
    assert page.count("<figure ") == page.count("<figcaption>") == page.count(' role="img" ')


def test_a_missing_item_is_red_and_listed_before_the_parts():
    case = small_case()
    case.info["config"]["device"]["imei"] = ""
    document = compose(case, "nl", "0").document(web.Edition(form="html"))
    page = "".join(markup.document(compose(case, "nl", "0").background.words, document))
    assert page.index('<li class="missing">A3 IMEI</li>') < page.index('id="A"')
    assert '<dd class="missing" data-field="A3.imei">niet vastgelegd</dd>' in page


def test_a_long_conversation_goes_on_over_pages(tmp_path, monkeypatch):
    monkeypatch.setattr("reports.pages.PER_PAGE", 20)
    talk = conversation(1, 45)
    case = FakeCase([(talk, [message(each, talk["id"], f"Bericht {each}") for each in range(1, 46)])])
    web.FORM.write(case, tmp_path, compose(case, "nl", "0"))
    counts = [
        (path.name, path.read_text("utf-8").count("<article"))
        for path in sorted((tmp_path / "html/chats").iterdir())
    ]
    assert counts == [("c00001-2.html", 20), ("c00001-3.html", 5), ("c00001.html", 20)]
    middle = (tmp_path / "html/chats/c00001-2.html").read_text("utf-8")
    assert 'href="../chats/c00001.html"' in middle and 'href="../chats/c00001-3.html"' in middle


def test_a_conversation_without_messages_has_a_page(tmp_path):
    case = FakeCase([(conversation(1, 0), [])])
    web.FORM.write(case, tmp_path, compose(case, "nl", "0"))
    assert (tmp_path / "html/chats/c00001.html").exists()


def test_a_long_table_has_pages_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(web, "ROWS_PER_PAGE", 150)
    case = FakeCase([(conversation(1, 0), [])])
    case.notice_list = [
        {"record": "notice", "severity": "warning", "text": f"row <{each}>", "source": None, "raw": None}
        for each in range(301)
    ]
    web.FORM.write(case, tmp_path, compose(case, "nl", "0"))
    names = sorted(path.name for path in (tmp_path / "html/tables").iterdir())
    assert names == ["C10.notices-2.html", "C10.notices-3.html", "C10.notices.html"]
    whole = "".join((tmp_path / "html/tables" / name).read_text("utf-8") for name in names)
    assert whole.count("row &lt;") == 301
    index = (tmp_path / "html/index.html").read_text("utf-8")
    assert index.count("row &lt;") == markup.ROWS_SHOWN
    assert 'href="tables/C10.notices.html"' in index


@pytest.mark.parametrize(
    ("daily", "expected"),
    [
        ([], []),
        ([("2026-02-01", 3), ("2026-02-03", 1)], [("2026-02-01", 3), ("2026-02-02", 0), ("2026-02-03", 1)]),
        ([("2026-01-01", 1), ("2027-01-01", 2)], 53),
        ([("2020-01-31", 1), ("2023-02-01", 2)], 38),
        ([("1990-01-01", 1), ("2026-01-01", 2)], 37),
        ([("0001-01-01", 1), ("2026-01-01", 2), ("9999-12-31", 4)], [("0001", 1), ("2026", 2), ("9999", 4)]),
    ],
)
def test_the_chart_chooses_days_weeks_months_or_years(daily, expected):
    found = charts.periods(daily)
    assert (len(found) if isinstance(expected, int) else found) == expected
    assert sum(count for _, count in found) == sum(count for _, count in daily)
    assert len(found) <= charts.MOST_BARS


def test_the_bars_are_as_long_as_the_figures():
    drawn = charts.timeline([("a", 4), ("b", 2), ("c", 0)], "x")
    heights = [float(each) for each in re.findall(r'<rect [^>]*height="([\d.]+)"', drawn)]
    assert heights[1] == heights[0] / 2 and heights[2] == 0


def test_a_chart_holds_no_text_of_the_case(pages):
    drawn = "".join(re.findall(r"<svg.*?</svg>", pages["html/index.html"], re.DOTALL))
    words = {word for text in re.findall(r"<text[^>]*>([^<]*)<", drawn) for word in text.split()}
    assert words and all(re.fullmatch(r"[0-9:.,WQ-]+", word) for word in words), words


def test_a_figure_in_a_table_is_drawn_as_a_bar_beside_itself():
    table = fixed_table("t", "", ("a", "b"), [("x", "4"), ("y", "1"), ("z", "-")], bars=1)
    page = "".join(markup.rows(Words("nl"), table, table.rows()))
    assert re.findall(r'<rect width="([\d.]+)"', page) == ["100.0", "25.0", "0.0"]
