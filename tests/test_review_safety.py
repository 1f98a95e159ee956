"""The review page is opened by one browser on this machine, and by nobody else; no message becomes a page."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import pytest
from review_pages import ARABIC, HOST, SCRIPT, Page, hostile_case
from sporen_runs import done_in, log, verified

from forensics.web import media
from forensics.web.access import POLICY

PATHS = (
    *("/", "/conversations/1", "/conversations/1/messages?block=0", "/search?q=coke", "/selection"),
    *("/agreement", "/overviews/timeline", "/assets/review.css", "/nowhere"),
)
HOSTS = ("localhost:5000", "evil.example:5000", "127.0.0.1", "127.0.0.1:5001", "[::1]:5000")
CHANGES = (
    "/flags/{}/decision",
    "/flags/{}/withdrawal",
    "/withdrawal",
    "/selection",
    "/selection/1",
    "/reason",
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_case(tmp_path_factory.mktemp("review"))


@pytest.mark.parametrize("path", PATHS)
def test_without_the_cookie_nothing_is_shown(case: Path, path: str):
    answer = Page(case).get(path)
    assert answer.status_code == 403
    assert "coke" not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", ["localhost:5000", "evil.example:5000", "127.0.0.1", "127.0.0.1:5001", "[::1]:5000"]
)
def test_another_name_for_this_machine_is_refused(case: Path, path: str, host: str):
    page = Page(case).enter()
    page.client.set_cookie(
        page.session.cookie_name, page.session.cookie, domain=host.rpartition(":")[0] or host
    )
    assert page.get(path, host=host).status_code == 403
    assert Page(case).get(f"/enter?token={page.session.entrance}", host=host).status_code == 403


def test_the_address_opens_once_and_only_with_its_token(case: Path):
    page = Page(case)
    token = page.session.entrance
    for wrong in ("", "x", f"{token}x", str(token)[:-1], "ü"):
        assert page.get(f"/enter?token={wrong}").status_code == 403
    answer = page.get(f"/enter?token={token}")
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= {each.strip() for each in cookie.split(";")}
    assert str(token) not in cookie
    assert page.get("/").status_code == 200
    assert Page(case).get(f"/enter?token={token}").status_code == 403
    assert page.get(f"/enter?token={token}").status_code == 403


def test_each_review_has_secrets_of_its_own(case: Path):
    one, other = Page(case).enter(), Page(case)
    other.client.set_cookie(other.session.cookie_name, one.session.cookie, domain="127.0.0.1")
    assert other.get("/").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:5000"},
        {"Origin": f"https://{HOST}"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/flags/{}/decision", "/flags/{}/withdrawal", "/withdrawal", "/selection", "/reason"]
)
def test_a_change_from_another_page_is_refused(case: Path, path: str, headers: dict[str, str]):
    page = Page(case).enter()
    before = done_in(case)
    sent = {"decision": "confirmed", "reason": "x", "place": "1"}
    origin = {"Origin": f"http://{HOST}"} | headers
    given = {"token": page.session.form, **sent}
    named = {name.replace("_", "-"): value for name, value in origin.items() if value}
    target = path.format("f" + "0" * 24)
    answer = page.client.post(target, base_url=f"http://{HOST}", data=given, headers=named)
    assert answer.status_code == 403
    assert done_in(case) == before


def test_a_change_without_the_token_of_the_form_is_refused(case: Path):
    page = Page(case).enter()
    (flag, *_) = page.flags()
    for token in ("", "x", page.session.cookie, "ü"):
        sent = {"token": token, "decision": "confirmed", "reason": "x"}
        assert page.post(f"/flags/{flag}/decision", sent).status_code == 403
    assert all(each["action"] != "flag.review" for each in log(case))


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_change_nothing(case: Path, method: str):
    page = Page(case).enter()
    answer = getattr(page.client, method)("/", base_url=f"http://{HOST}")
    assert answer.status_code in (403, 405)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_forbids_scripts_and_others(case: Path, path: str):
    page = Page(case).enter()
    for answer in (page.get(path), Page(case).get(path)):
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "unsafe" not in POLICY
    assert "http:" not in POLICY
    assert "default-src 'none'" in POLICY


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_a_script_or_a_style_of_its_own(case: Path, path: str):
    tags = Tags(Page(case).enter().get(path).text).found
    for name, given in tags:
        assert name not in ("style", "iframe", "object", "embed", "base", "meta http-equiv"), name
        assert not [each for each in given if each.startswith("on") or each == "style"], given
        for each in ("src", "href", "action", "formaction", "data"):
            assert re.match(r"/(?!/)|#|$", given.get(each) or ""), given
    scripts = [given for name, given in tags if name == "script"]
    assert scripts in ([], [{"src": "/assets/review.js", "defer": None}])


class Tags(HTMLParser):
    """The start tags of a page with their attributes, as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", ["/conversations/1", "/conversations/1/messages?block=0", "/search?q=owned"])
def test_a_message_is_never_read_as_a_page(case: Path, path: str):
    text = Page(case).enter().get(path).text
    assert "<script>document" not in text
    assert "<img" not in text
    assert "owned" in text
    assert "&lt;script&gt;" in text


def test_what_cannot_be_seen_is_shown_and_directions_are_kept(case: Path):
    text = Page(case).enter().get("/conversations/1").text
    assert "\u202e" not in text
    assert "⟨U+202E⟩gnirts⟨U+2069⟩" in text
    assert f'dir="rtl">{ARABIC}' in text
    plain = re.sub(r"</?mark[^>]*>", "", text)  # a rule may match any of it
    assert "{{ 7 * 7 }} &amp;amp;" in plain
    assert "49" not in plain.partition("{{ 7")[2][:40]


def test_what_is_typed_stays_text(case: Path):
    page = Page(case).enter()
    for path in (
        f"/search?q={SCRIPT}",
        f"/?text={SCRIPT}&person={SCRIPT}",
        "/conversations/1?flag=<script>&at=x",
    ):
        text = page.get(path).text
        assert "<script>document" not in text
        assert "onerror=" not in text.replace("onerror=&#34;", "")
    for query in ("%22", "AND", "(", "a*+OR", "%00", "%ED%A0%80", "NEAR(", "x" * 5000, "*+*", "-", "%22%22"):
        assert page.get(f"/search?q={query}").status_code in (200, 400), query
        assert page.get(f"/search/typed?q={query}").status_code in (200, 400), query


@pytest.mark.parametrize(
    "path",
    ["/conversations/0", "/conversations/99", "/conversations/1?at=99999999", "/conversations/1?message=mzz",
     "/conversations/1/messages?block=99999", "/flags/f00", "/messages/mff", "/messages/x/source",
     "/messages/m00/media/0", "/overviews/none", "/?since=gisteren", "/?from=99999", "/assets/../app.py"],
)  # fmt: skip
def test_an_odd_address_is_an_answer(case: Path, path: str):
    assert Page(case).enter().get(path).status_code in (200, 303, 400, 404)


def test_opening_a_conversation_is_on_record_with_who_and_why(case: Path):
    page = Page(case, by="Iris").enter()
    before = len(log(case))
    for path in ("/conversations/1", "/conversations/1?at=3", "/conversations/1/messages?block=0"):
        assert page.get(path).status_code == 200
    (opened,) = (each for each in log(case)[before:] if each["action"] == "view")
    assert set(opened["object"]) == {"conversation"}
    assert opened["detail"] == {"by": "Iris", "reason": "why not", "what": "consultation"}
    assert page.post("/reason", {"reason": "zitting"}).status_code == 303
    page.get("/conversations/1")
    assert log(case)[-1]["detail"]["reason"] == "zitting"
    assert verified(case) == []


def test_a_search_is_on_record_before_it_is_shown(case: Path):
    page = Page(case).enter()
    assert "mark>coke" in page.get("/search?q=coke").text
    assert (log(case)[-1]["action"], log(case)[-1]["object"]) == ("search", {"query": '"coke"'})
    assert page.get("/search/typed?q=cok").status_code == 200
    assert log(case)[-1]["object"] == {"query": '"cok"*'}


def test_a_query_that_cannot_be_read_stays_in_its_box(case: Path):
    answer = Page(case).enter().get('/search?q="coke')
    assert answer.status_code == 400
    assert 'value="&#34;coke"' in answer.text


def test_a_search_in_one_conversation_is_on_record_with_it(case: Path):
    page = Page(case).enter()
    page.get("/search?q=coke")
    page.get("/search?q=coke&in=1")
    entry = log(case)[-1]
    assert (entry["action"], set(entry["object"])) == ("search", {"query", "conversation"})
    entries = len(log(case))
    page.get("/search?q=coke&in=1")
    assert len(log(case)) == entries


def test_an_attachment_that_is_not_that_of_the_record_is_told_so(case: Path, monkeypatch: pytest.MonkeyPatch):
    with closing(sqlite3.connect(case / "case.db")) as db:
        (digest,) = db.execute("SELECT sha256 FROM evidence").fetchone()
    attachment = {"present": True, "path": "picture.jpg", "sha256": "0" * 64}
    record = {"attachments": [attachment], "source": {"evidence_sha256": digest}}

    def odd(*arguments: object) -> bytes:
        raise media.Unreadable("its SHA-256 differs")

    monkeypatch.setattr(media, "_message", lambda at, key: record)
    monkeypatch.setattr(media, "attachment_bytes", odd)
    answer = Page(case).enter().get("/messages/m00/media/0")
    assert (answer.status_code, "are not those of the attachment" in answer.text) == (410, True)
