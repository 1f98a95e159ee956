"""The HTML report in a real browser, opened as a file: filters, search, no script, dark, wide, accessible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from review_browser import Visit, browser
from sporen_runs import done, ingest, new
from test_demo import make

from reports import search_pages


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML of the demonstration, with small pages so that filters cross them."""
    folder = tmp_path_factory.mktemp("html")
    make(folder / "phone")
    case = new(folder / "case", "--language", "en")
    ingest(case, folder / "phone")
    before, search_pages.PER_PAGE = search_pages.PER_PAGE, 1_500
    try:
        done("report", case, "-o", folder / "delivery", "--format", "html")
    finally:
        search_pages.PER_PAGE = before
    (found,) = (folder / "delivery").rglob("index.html")
    return found.parent


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as found:
        yield found


def visible(page: Page, what: str = ".hit") -> list[str]:
    return page.locator(f"{what}:not([hidden])").all_text_contents()


def counted(page: Page) -> str:
    return page.locator("form.filter output").inner_text()


def test_words_person_date_and_flag_filter_all_messages(html: Path, opened: Browser):
    visit = Visit(opened)
    page = visit.page
    page.goto((html / "messages.html").as_uri())
    assert counted(page) == "1500 of 1500 messages"
    page.fill("[name=words]", "MÓRGEN")
    found = visible(page)
    assert found and all("morgen" in each.lower() for each in found)
    assert counted(page) == f"{len(found)} of 1500 messages"
    page.fill("[name=words]", "")
    page.select_option("[name=flag]", "menu")
    menus = page.locator(".hit:not([hidden])")
    assert menus.count() > 0
    assert {each.get_attribute("data-f") for each in menus.all()} <= {
        "menu",
        "conversation menu",
        "deal menu",
    }
    page.click("button[type=reset]")
    # the page counts once the browser has emptied the form, which is after the click
    expect(page.locator("form.filter output")).to_have_text("1500 of 1500 messages")
    assert visit.complaints == []
    assert {address.partition(":")[0] for address in visit.asked} == {"file"}


def test_days_are_those_of_the_case_and_both_ends_count(html: Path, opened: Browser):
    page = Visit(opened).page
    page.goto((html / "messages.html").as_uri())
    days = [each[:10] for each in page.locator(".hit .t").all_text_contents()]
    day = sorted(days)[len(days) // 2]
    page.fill("[name=from]", day)
    page.fill("[name=until]", day)
    assert counted(page) == f"{days.count(day)} of 1500 messages"


def test_one_conversation_and_one_sender(html: Path, opened: Browser):
    page = Visit(opened).page
    page.goto((html / "messages.html").as_uri())
    chat = page.locator(".hit .c").first.inner_text()
    sender = page.locator(".hit b").first.inner_text()
    page.select_option("[name=chat]", chat)
    page.select_option("[name=person]", sender)
    rows = page.locator(".hit:not([hidden])")
    assert rows.count() > 0
    assert set(rows.locator(".c").all_text_contents()) == {chat}
    assert set(rows.locator("b").all_text_contents()) == {sender}


def test_a_filter_goes_along_to_the_next_page_and_a_hit_leads_to_its_message(html: Path, opened: Browser):
    page = Visit(opened).page
    page.goto((html / "messages.html").as_uri())
    page.fill("[name=words]", "de")
    page.click("a.step >> nth=0")
    page.wait_for_url("**/messages-2.html#*")
    assert page.input_value("[name=words]") == "de"
    assert not counted(page).startswith("0 ")
    number = page.locator(".hit:not([hidden]) a").first.inner_text()
    page.click(".hit:not([hidden]) a >> nth=0")
    page.wait_for_url("**/chats/*.html#i*")
    assert page.locator(":target").inner_text() == number


def test_the_messages_of_one_conversation_and_the_rows_of_a_table(html: Path, opened: Browser):
    page = Visit(opened).page
    page.goto((html / "index.html").as_uri())
    form = page.locator("form.filter[data-table='D15.list']")
    form.locator("[name=words]").fill("telegram")
    assert form.locator("output").inner_text().startswith("0 of ")
    form.locator("[name=words]").fill("")
    page.click("#D15\\.list a >> nth=0")
    page.wait_for_url("**/chats/*.html")
    everything = page.locator(".b").count()
    page.fill("[name=words]", "nergens-in-dit-gesprek")
    assert counted(page) == f"0 of {everything} messages"
    assert visible(page, ".b") == []


def test_without_scripts_everything_is_there_and_no_control_is(html: Path, opened: Browser):
    context = opened.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((html / "messages.html").as_uri())
    assert page.locator(".hit:visible").count() == 1500
    assert page.locator("form:visible").count() == 0


@pytest.mark.parametrize(
    ("dark", "width"),
    [
        pytest.param(False, 1280, id="light"),
        pytest.param(True, 1920, id="dark"),
        pytest.param(False, 1920, id="light-wide", marks=pytest.mark.full),
        pytest.param(True, 1280, id="dark-narrow", marks=pytest.mark.full),
    ],
)
def test_it_is_accessible_and_nothing_runs_off_the_page(
    html: Path, opened: Browser, dark: bool, width: int, tmp_path: Path
):
    visit = Visit(opened, dark=dark, width=width)
    page = visit.page
    parts = {
        "index.html": (".top", "section.box", "form.filter", "figure"),
        "messages-2.html": ("nav", "form.filter", ".hit"),
        "chats/c00001.html": (),
    }
    for name, within in parts.items():
        page.goto((html / name).as_uri())
        assert visit.violations(*within) == [], name
        too_wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert not too_wide, name
        picture = page.screenshot(path=tmp_path / f"{Path(name).stem}.png")
        assert picture.startswith(b"\x89PNG") and len(picture) > 10_000, name
