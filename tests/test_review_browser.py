"""A whole review in a real browser: reading, deciding by keys, hostile messages, two persons, a dropped
server."""

from __future__ import annotations

import io
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from PIL import Image, ImageStat
from review_browser import Visit, browser
from review_pages import CHAT, TEXTS, Page, hostile_case
from sporen_runs import done, exported, ingest, log, new, of, verified
from test_demo import make
from test_review_decisions import start
from test_review_media import SENTENCES, sealed_case
from whatsapp_phones import Line, Phone


@contextmanager
def reviewing(case: Path, *options: str) -> Iterator[tuple[str, object]]:
    """The address of a review that ends with the test."""
    process, address = start(case, *options)
    try:
        yield address, process
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def base(address: str) -> str:
    return address.partition("/enter")[0]


def decisions(case: Path) -> list[tuple[str, str]]:
    return [(each["result"], each["detail"]["by"]) for each in log(case) if each["action"] == "flag.review"]


def test_a_session_by_keys_with_hostile_messages(tmp_path: Path):
    case = hostile_case(tmp_path)
    with browser() as opened, reviewing(case, "--by", "Iris", "--language", "en") as (address, _):
        visit = Visit(opened)
        page = visit.page
        page.goto(address)
        assert page.title().startswith("Conversations")
        assert visit.violations() == []
        page.click("table.list a")
        visit.loaded(".b")
        assert "owned" not in page.title()
        assert page.locator(".thread img, .thread script").count() == 0
        page.keyboard.press("n")
        visit.loaded("#decide")
        assert page.locator(".b.hand mark.hand").count() > 0
        assert visit.violations() == []
        page.keyboard.press("c")
        page.keyboard.type("price and amount")
        page.keyboard.press("Enter")
        visit.loaded(".is.confirmed")
        assert decisions(case) == [("confirmed", "Iris")]
        page.keyboard.press("z")
        visit.loaded(".is.withdrawn")
        assert decisions(case) == [("confirmed", "Iris"), ("withdrawn", "Iris")]
        page.keyboard.press("u")
        page.keyboard.type("too little context")
        page.keyboard.press("Enter")
        visit.loaded(".is.uncertain")
        assert decisions(case)[-1] == ("uncertain", "Iris")
        page.keyboard.press("j")
        page.keyboard.press("m")
        page.fill("#note", "a note")
        page.click("#pick button")
        page.wait_for_selector(".b footer .tag:has-text('In the selection')")
        page.keyboard.press("/")
        page.keyboard.type("cok")
        page.wait_for_selector("#typed .results mark")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        assert page.locator("#help[open]").count() == 1
        page.keyboard.press("Escape")
        page.locator(".b a.source").first.click()
        page.wait_for_selector(".b .row dd")
        assert visit.complaints == []
        assert {each.partition("//")[2].partition("/")[0] for each in visit.asked} == {
            base(address).partition("//")[2]
        }
    assert verified(case) == []


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of the demonstration phone; its evidence lies beside it."""
    folder = tmp_path_factory.mktemp("demonstration")
    make(folder / "phone")
    case = new(folder / "case", "--language", "nl")
    ingest(case, folder / "phone")
    return case


def lightness(picture: bytes) -> float:
    """How light a picture is on the whole, from 0 to 255."""
    with Image.open(io.BytesIO(picture)) as image:
        return float(ImageStat.Stat(image.convert("L")).mean[0])


# What nobody may see: text or a control that reaches out of its place, or lies over another.
_OUT_OF_PLACE = """() => {
  const all = (names) => [...document.querySelectorAll(names)].filter((each) => each.checkVisibility());
  const wide = document.documentElement.scrollWidth > innerWidth ? ["wider than the window"] : [];
  const cut = all("th, button, .tag, h1, h2").filter((each) => each.scrollWidth > each.clientWidth + 1
    && getComputedStyle(each).display !== "inline").map((each) => "cut: " + each.textContent);
  const broken = all("th").filter((each) => {
    const range = document.createRange();
    range.selectNodeContents(each);
    const lines = new Set([...range.getClientRects()].map((line) => Math.round(line.top)));
    return !/\\s/.test(each.textContent.trim()) && lines.size > 1;
  }).map((each) => "broken: " + each.textContent);
  const labels = all("figure svg text").map((each) => each.getBoundingClientRect());
  const over = labels.filter((one, n) => labels.slice(n + 1).some((other) => one.left < other.right - 2
    && other.left < one.right - 2 && one.top < other.bottom - 4 && other.top < one.bottom - 4));
  return [...wide, ...cut, ...broken, ...over.map(() => "one label over another")];
}"""
# Text that reaches out of its box or of the window, unless the box cuts it off with a sign or scrolls.
_OVER_THE_EDGE = """() => [...document.querySelectorAll("main :is(h1, h2, p, li, dd, button, article)")]
  .filter((each) => each.checkVisibility() && getComputedStyle(each).overflow === "visible"
    && (each.scrollWidth > each.clientWidth + 2 && getComputedStyle(each).display !== "inline"
      || each.getBoundingClientRect().right > innerWidth + 1))
  .map((each) => each.tagName + ": " + each.textContent.trim().slice(0, 60))"""
_PICTURES = ("/", "/conversations/7", "/overviews/prices", "/overviews/map", "/overviews/network")


@pytest.mark.parametrize(
    ("dark", "width"),
    [
        (False, 1280),
        (True, 1920),
        pytest.param(True, 1280, marks=pytest.mark.full),
        pytest.param(False, 1920, marks=pytest.mark.full),
    ],
)
def test_pictures_of_the_pages_are_light_or_dark_and_nothing_lies_over_another(
    demonstration: Path, tmp_path: Path, dark: bool, width: int
):
    with browser() as opened, reviewing(demonstration, "--language", "en") as (address, _):
        visit = Visit(opened, dark=dark, width=width)
        visit.page.goto(address)
        for number, path in enumerate(_PICTURES):
            visit.page.goto(base(address) + path)
            visit.page.wait_for_load_state("networkidle")
            assert visit.page.evaluate(_OUT_OF_PLACE) == [], path
            file = tmp_path / f"{number}.png"
            picture = visit.page.screenshot(path=str(file))
            with Image.open(file) as image:
                assert image.size == (width, 900), path
            assert lightness(picture) < 80 if dark else lightness(picture) > 200, path
        # a label of a drawing is as dark or light as the page wants it, the one behind a point too
        inks = visit.page.evaluate(
            "[...document.querySelectorAll('figure svg text')].map(e => getComputedStyle(e).fill)"
        )
        assert set(inks) == {"rgb(26, 26, 26)"}, "numbers in white circles"
        visit.page.goto(base(address) + "/overviews/prices")
        inks = visit.page.evaluate(
            "[...document.querySelectorAll('figure svg text')].map(e => getComputedStyle(e).fill)"
        )
        assert set(inks) == {"rgb(238, 238, 238)" if dark else "rgb(26, 26, 26)"}
        assert visit.complaints == []


LONG = "Mohammed-Abdelkarim van der Groenendaal-Oosterhuis " * 4 + "x" * 150
ARABIC_NAME = "محمد عبد الكريم"


@pytest.fixture(scope="module")
def odd_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Names as long as somebody wants and from right to left, a selection, and two reviewers who differ."""
    folder = tmp_path_factory.mktemp("names")
    talks = (("R", TEXTS[0][0], CHAT), ("Q", "31600000503", "31600000503@s.whatsapp.net"))
    texts = [*TEXTS, (None, "Menu: wiet 5g 50 euro, coke 1g 50 euro"), (TEXTS[0][0], "w" * 400)]
    lines = [
        Line(key=f"{key}{n}", minute=n, sender=sender and who, text=text, chat=chat)
        for key, who, chat in talks
        for n, (sender, text) in enumerate(texts)
    ]
    owner = Phone(number="31600000501", contacts={TEXTS[0][0]: LONG, "31600000503": ARABIC_NAME})
    case = new(folder / "case", "--language", "nl")
    ingest(case, owner.write(folder / "phone", lines))
    page, other = (Page(case, by=name).enter() for name in ("Iris", "Joost " + "van der Langenaam" * 4))
    for number, flag in enumerate(page.flags()):
        page.decide(flag, "confirmed", "gelezen " * 30)
        other.decide(flag, ("confirmed", "rejected")[number % 2], "anders")
    keys = [each["id"] for each in of(exported(case), "message")]
    assert page.post("/selection", {"place": "1", "message": keys[:6], "note": "n" * 300}).status_code == 303
    assert page.post("/selection", {"place": "2", "message": keys[-1]}).status_code == 303
    return case


_WAYS = [
    ("nl", False, 1280),
    *(
        pytest.param(*way, marks=pytest.mark.full)
        for way in (("nl", True, 1920), ("en", False, 1280), ("en", True, 1920))
    ),
]


@pytest.mark.parametrize(("language", "dark", "width"), _WAYS)
def test_names_of_any_length_and_direction_stay_in_their_place(
    odd_names: Path, language: str, dark: bool, width: int
):
    with browser() as opened, reviewing(odd_names, "--language", language) as (address, _):
        visit = Visit(opened, dark=dark, width=width)
        visit.page.goto(address)
        for path in (
            "/",
            "/conversations/1",
            "/conversations/2",
            "/selection",
            "/agreement",
            "/search?q=coke",
        ):
            visit.page.goto(base(address) + path)
            visit.page.wait_for_load_state("networkidle")
            assert visit.page.evaluate(_OUT_OF_PLACE) == [], path
            assert visit.page.evaluate(_OVER_THE_EDGE) == [], path
            assert visit.violations() == [], path
        visit.page.goto(base(address) + "/conversations/1")
        name = visit.page.locator(".b header b").first
        assert name.get_attribute("title") == LONG
        assert name.bounding_box()["height"] < 60
        assert "+31600000502" in visit.page.inner_text(".talk > header")
        visit.page.goto(base(address) + "/conversations/2")
        way = "getComputedStyle(document.querySelector('#talk-title bdi')).direction"
        assert visit.page.evaluate(way) == "rtl"
        assert visit.complaints == []


@pytest.mark.full
@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 1920)])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_page_of_the_demonstration_is_accessible(
    demonstration: Path, language: str, dark: bool, width: int
):
    with browser() as opened, reviewing(demonstration, "--language", language) as (address, _):
        visit = Visit(opened, dark=dark, width=width)
        visit.page.goto(address)
        at = base(address)
        paths = [
            *(
                "/",
                "/?flag=menu",
                "/?person=niemand",
                "/search?q=lijst",
                "/search?q=xqzwv",
                "/conversations/3",
            ),
            *("/conversations/7", "/selection", "/agreement", "/conversations/999"),
            *(f"/overviews/{name}" for name in ("timeline", "hours", "network", "prices", "map")),
        ]
        for path in paths:
            visit.page.goto(at + path)
            visit.page.wait_for_load_state("networkidle")
            assert visit.page.get_attribute("html", "lang") == language
            assert visit.violations() == [], path
            assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        visit.page.goto(at + "/conversations/7")
        visit.page.keyboard.press("n")
        visit.page.wait_for_selector("#decide")
        visit.page.locator(".b a.source").first.click()
        visit.page.wait_for_selector(".b .row dd")
        assert visit.violations() == []
        where = visit.page.locator(".b a.source").first.get_attribute("href")
        visit.page.goto(urljoin(visit.page.url, where or ""))
        assert visit.violations() == []
        visit.page.keyboard.press("?")
        visit.page.wait_for_selector("#help[open]")
        assert visit.violations("#help") == []
        assert [each for each in visit.complaints if "404" not in each] == []


@pytest.mark.full
def test_a_whole_session_on_the_demonstration_case(demonstration: Path, tmp_path: Path):
    """From the list to the report: filtered, read, decided, taken back, selected, compared, printed."""
    case = Path(shutil.copytree(demonstration, tmp_path / "case"))
    with browser() as opened, reviewing(case, "--by", "Iris", "--language", "nl") as (address, _):
        visit = Visit(opened)
        page = visit.page
        page.goto(address)
        page.select_option("#f-flag", "menu")
        page.click(".filters button")
        assert page.locator("table.list tbody tr").count() < 50
        page.locator("table.list td a").first.click()
        page.wait_for_selector(".b")
        page.keyboard.press("o")
        for key, decision in (("c", "confirmed"), ("r", "rejected"), ("u", "uncertain")):
            page.wait_for_selector("#decide")
            flag = page.get_attribute("#decide", "action").split("/")[2]
            page.keyboard.press(key)
            page.keyboard.type(f"gelezen {key}")
            page.keyboard.press("Enter")  # on to the next flag, as it is ticked
            page.wait_for_function(
                "flag => !document.querySelector('#decide')?.action.includes(flag)", arg=flag
            )
            assert decisions(case)[-1] == (decision, "Iris")
        page.keyboard.press("p")
        visit.loaded(".is.uncertain")
        page.keyboard.press("z")
        visit.loaded(".is.withdrawn")
        assert [each for each, _ in decisions(case)] == ["confirmed", "rejected", "uncertain", "withdrawn"]
        page.locator(".b").first.focus()
        page.keyboard.press("j")
        chosen = page.evaluate("document.activeElement.id")
        page.keyboard.press("m")
        page.keyboard.press("s")
        page.wait_for_selector(f"#{chosen} .row dd")
        page.fill("#note", "het aanbod")
        page.click("#pick button")
        page.wait_for_selector(f"#{chosen} footer .tag:has-text('In de selectie')")
        page.goto(base(address) + "/selection")
        assert page.input_value(".items input[name=note]") == "het aanbod"
        for name in ("timeline", "hours", "network", "prices", "map"):
            page.goto(f"{base(address)}/overviews/{name}")
            page.locator("table a.cell").first.click()
            page.wait_for_selector(".b, table.list")
        page.goto(base(address) + "/agreement")
        assert "1 / 2 = 0.500" in page.inner_text("main")
        page.goto(base(address) + "/?decision=confirmed")
        assert page.locator("table.list tbody tr").count() >= 1
        assert "beoordeeld" in page.inner_text("table.list")
        assert visit.complaints == []
        assert {each.partition("//")[2].partition("/")[0] for each in visit.asked} == {
            base(address).partition("//")[2]
        }
    assert verified(case) == []
    done("report", case, "-o", tmp_path / "delivery", "--format", "html", "--language", "nl")
    report = (tmp_path / "delivery/data/html/index.html").read_text("utf-8")
    assert "het aanbod" in report
    assert "gelezen c" in report


def test_without_a_browser_these_tests_are_skipped_with_a_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("review_browser.shutil.which", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match="no browser: none of chromium"), browser():
        raise AssertionError("there is none")


@pytest.mark.full
def test_a_picture_is_shown_when_asked_for_and_only_then(tmp_path: Path):
    make(tmp_path / "phone")
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "phone")
    shown = next(
        each
        for each in of(exported(case), "message")
        if any(file["present"] and file["mime"] == "image/jpeg" for file in each["attachments"])
    )
    with browser() as opened, reviewing(case, "--language", "en") as (address, _):
        visit = Visit(opened)
        visit.page.goto(address)
        visit.page.goto(f"{base(address)}/messages/{shown['id']}")
        bubble = visit.page.locator(f"#{shown['id']}")
        assert not [each for each in visit.asked if "/media/" in each]
        bubble.locator("a[data-media]").click()
        bubble.locator("img").wait_for()
        assert visit.page.evaluate(f"document.querySelector('#{shown['id']} img').naturalWidth") > 0
        bubble.locator("a[data-media]").click()
        assert bubble.locator("img").count() == 0
        bubble.focus()
        visit.page.keyboard.press("v")
        bubble.locator("img").wait_for()
        visit.page.keyboard.press("v")
        assert bubble.locator("img").count() == 0
        assert visit.complaints == []


@pytest.mark.full
def test_media_by_keys_and_a_sentence_where_it_lies_behind_a_key(tmp_path: Path):
    case, key = sealed_case(tmp_path)
    with browser() as opened, reviewing(case, "--language", "en") as (address, _):
        visit = Visit(opened)
        page = visit.page
        page.goto(address)
        page.goto(f"{base(address)}/messages/{key}")
        bubble = page.locator(f"#{key}")
        page.wait_for_function(f"document.activeElement.id === '{key}'")
        assert not [each for each in visit.asked if "/media/" in each]
        page.keyboard.press("v")
        page.wait_for_selector("#said.failed")
        assert SENTENCES["en"] in page.inner_text("#said")
        assert bubble.locator("img").count() == 0
        assert bubble.locator(".blur").is_visible()
        assert bubble.locator("a[data-media]").inner_text() == "Show"


@pytest.mark.full
def test_a_long_conversation_scrolls_from_end_to_end(tmp_path: Path):
    lines = [
        Line(key=f"L{n}", minute=n, sender=None if n % 3 else TEXTS[0][0], text=f"regel {n}", chat=CHAT)
        for n in range(3_000)
    ]
    case = new(tmp_path / "case")
    ingest(case, Phone(number="31600000501").write(tmp_path / "phone", lines))
    with browser() as opened, reviewing(case, "--language", "en") as (address, _):
        visit = Visit(opened)
        page = visit.page
        page.goto(address)
        page.goto(f"{base(address)}/conversations/1")
        page.wait_for_selector(".b:has-text('regel 0')")
        page.evaluate("document.querySelector('#thread').scrollTop = 1e9")
        page.wait_for_selector(".b:has-text('regel 2999')")
        page.evaluate("document.querySelector('#thread').scrollTop = 0")
        page.wait_for_selector(".b:has-text('regel 0')")
        assert page.locator(".b").count() <= 50 * 16
        page.goto(f"{base(address)}/conversations/1?at=1500")
        page.wait_for_selector(".b:has-text('regel 1499')")
        assert page.evaluate("document.activeElement.textContent.includes('regel 1499')")
        assert visit.complaints == []


@pytest.mark.full
def test_two_reviewers_one_blind_and_a_dropped_server(tmp_path: Path):
    case = hostile_case(tmp_path)
    with browser() as opened:
        for person, key, options in (("Iris", "c", ()), ("Joost", "r", ("--blind",))):
            with reviewing(case, "--by", person, "--language", "en", *options) as (address, _):
                page = Visit(opened).page
                page.goto(address)
                page.goto(f"{base(address)}/conversations/1")
                page.keyboard.press("n")
                page.wait_for_selector("#decide")
                assert "Iris" not in page.inner_text(".flags") or person == "Iris"
                page.keyboard.press(key)
                page.keyboard.type(f"as {person} reads it")
                page.keyboard.press("Enter")
                page.wait_for_selector(".history .is, #decide")
        assert decisions(case) == [("confirmed", "Iris"), ("rejected", "Joost")]
        with reviewing(case, "--by", "Iris", "--language", "en") as (address, process):
            visit = Visit(opened)
            visit.page.goto(address)
            visit.page.goto(f"{base(address)}/agreement")
            assert "0 of 1 the same" in visit.page.inner_text("main")
            visit.page.goto(f"{base(address)}/conversations/1")
            process.kill()
            process.wait()
            visit.page.locator(".b a.source").first.click()
            visit.page.wait_for_selector("#said.failed")
            assert "Start it again" in visit.page.inner_text("#said")
    assert verified(case) == []
