"""The review page of cases of every kind: with roles, encrypted, with privileged contacts, with a clock; and
its overviews."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest
from review_pages import BRAM, TEXTS, Page, hostile_case
from sporen_runs import MSGSTORE, done, everything, exported, ingest, log, new, of, phone, refused, verified
from test_review_decisions import ask, start
from whatsapp_phones import Line, Phone

from forensics import case_overview
from forensics.case import Case
from forensics.case_thread import Order, keys_of
from forensics.message_row import BY_TIME, reading_order

LAWYER = "31600000077"
OVERVIEWS = ("timeline", "hours", "network", "prices", "map")


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with two databases: one with locations, one with trade."""
    folder = tmp_path_factory.mktemp("talks")
    menus = [(None, f"Menu: coke 1g {price} euro, keta 1g 25 euro, xtc 10 st 30 euro") for price in (50, 55)]
    case = hostile_case(folder, [*TEXTS, *menus])
    ingest(case, phone(folder / "modern", "modern_direct") / MSGSTORE)
    return case


@pytest.mark.parametrize("name", OVERVIEWS)
def test_an_overview_has_its_drawing_its_table_and_ways_into_the_conversations(talks: Path, name: str):
    page = Page(talks).enter()
    text = page.get(f"/overviews/{name}").text
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = body.split("<tr>")[1:]
    assert rows
    assert "<svg" in text
    linked = [row for row in rows if "<a " in row]
    assert linked if name == "hours" else len(linked) == len(rows)  # hours without a flag lead nowhere
    for address in dict.fromkeys(re.findall(r'<a class="cell" href="([^"]+)"', body)):
        answer = page.get(address.replace("&amp;", "&"))
        assert answer.status_code in (200, 303), address


def test_the_figures_of_the_overviews_are_those_of_the_records(talks: Path):
    page = Page(talks).enter()
    sent = [each["sent_at"] for each in of(exported(talks), "message") if each["sent_at"]]
    for name in ("timeline", "hours"):
        body = page.get(f"/overviews/{name}").text.partition("<tbody>")[2]
        cells = [
            re.findall(r"<td[^>]*>(?:<bdi>)?(\d+)(?:</bdi>)?</td>", row) for row in body.split("<tr>")[1:]
        ]
        assert sum(int(each[-2]) for each in cells) == len(sent), name
    prices = page.get("/overviews/prices").text
    assert re.search(r"cocaine, 1 g.*?: 50 EUR.*?: 55 EUR", prices, re.DOTALL)


def test_the_list_counts_the_messages_of_the_conversations_that_it_shows_and_no_others(
    talks: Path, monkeypatch: pytest.MonkeyPatch
):
    records = exported(talks)
    page = Page(talks).enter()
    rows = page.get("/").text.partition("<tbody>")[2].split("<tr>")[1:]
    counted = [re.findall(r'class="figure">(\d+)<', row)[1] for row in rows]
    assert counted == [str(each["messages"]) for each in of(records, "conversation")]
    times: dict[str, list[str]] = {}
    for each in of(records, "message"):
        if each["sent_at"]:
            times.setdefault(each["conversation"], []).append(each["sent_at"])
    for row, each in zip(rows, of(records, "conversation"), strict=True):
        first, last = re.findall(r'<td class="when">(\d{4}-\d\d-\d\d)( \d\d:\d\d)?</td>', row)
        assert (first[0], last[0]) == (min(times[each["id"]])[:10], max(times[each["id"]])[:10])
    monkeypatch.setattr("forensics.web.reading.PER_PAGE", 1)
    asked: list[int] = []
    counting = case_overview.extent
    monkeypatch.setattr(
        "forensics.case_overview.extent", lambda db, number: asked.append(number) or counting(db, number)
    )
    assert Page(talks).enter().get("/").status_code == 200
    assert len(asked) == 1 < len(rows)


def test_the_map_asks_nobody_for_anything(talks: Path):
    text = Page(talks).enter().get("/overviews/map").text
    svg = text.partition("<figure>")[2].partition("</figure>")[0]
    assert "<path" in svg
    assert ">1</text>" in svg
    assert "52.378901, 4.900272" in text
    assert not re.search(r"(?:href|src|url)\s*[=(]", svg.replace("xmlns", ""))
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', text)
    assert all(each.startswith(("/", "#")) and not each.startswith("//") for each in addresses)


def test_a_further_block_does_not_go_through_the_whole_conversation_again(
    talks: Path, monkeypatch: pytest.MonkeyPatch
):
    page = Page(talks).enter()
    assert page.get("/conversations/1").status_code == 200

    def never(*arguments: object) -> None:
        raise AssertionError("this takes as long as the conversation is")

    monkeypatch.setattr("forensics.web.known.FlagForms", never)
    monkeypatch.setattr("forensics.web.reading.copies", never)
    for path in ("/conversations/1/messages?block=0", "/conversations/1?at=3"):
        assert page.get(path).status_code == 200


@pytest.fixture(scope="module")
def tied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two copies of one phone with one group; many of its messages are of one time, some of none."""
    folder = tmp_path_factory.mktemp("tied")
    group = "31600000501-1600000000@g.us"
    case = new(folder / "case")
    for place in range(2):
        lines = [
            Line(
                key=f"{place}{n}",
                minute=n // 4,
                sender=None if n % 3 else "31600000503",
                text=f"{n}",
                chat=group,
            )
            for n in range(40)
        ]
        ingest(case, Phone(number="31600000501").write(folder / f"phone{place}", lines))
    with Case.open(case) as opened:
        opened.db.execute("UPDATE message SET sent_at = NULL WHERE n % 7 = 0")
        opened.db.execute("UPDATE evidence SET rank = -n")
    return case


@pytest.mark.parametrize("count", [1, 2, 9, 10, 40])
def test_places_are_those_of_the_reading_order_however_many_are_asked_for(
    talks: Path, tied: Path, count: int
):
    for folder in (talks, tied):
        with Case.open(folder) as case:
            sql = f"SELECT m.n FROM message AS m WHERE m.conversation = ? ORDER BY {reading_order(case.db)}"
            for (number,) in case.db.execute("SELECT n FROM conversation").fetchall():
                whole = [row[0] for row in case.db.execute(sql, (number,))]
                order, keys = Order(case.db, number, len(whole)), keys_of(case.db, whole)
                asked = [*keys[::-1][:count], "m" + "0" * 24]
                found = order.places(asked)
                assert list(found.items()) == [(key, n) for n, key in enumerate(keys) if key in asked]
                assert Order(case.db, 99, 0).places(asked) == {}
                for first in range(0, len(whole) + 2):
                    assert order.numbers(first, count) == whole[first : first + count], (number, first)
                assert order.numbers(-3, count) == whole[:count]
                assert order.numbers(2, -1) == []


def test_that_order_is_not_the_one_of_the_index_where_there_are_several_items(tied: Path):
    """Else the test above could not fail for them."""
    with Case.open(tied) as case:
        assert reading_order(case.db) != BY_TIME
        order = Order(case.db, 1, 80).numbers(0, 80)
        rows = case.db.execute(f"SELECT n FROM message AS m WHERE m.conversation = 1 ORDER BY {BY_TIME}")
        assert len(order) > 40
        assert order != [row[0] for row in rows]


def test_no_stretch_and_no_place_needs_all_messages_of_a_conversation(talks: Path):
    """What is counted is counted in an index; rows are asked for as many as are shown."""
    with Case.open(talks) as case:
        said: list[str] = []
        order = Order(case.db, 1, 8)
        case.db.set_trace_callback(said.append)
        order.places(keys_of(case.db, order.numbers(2, 3)))
        case.db.set_trace_callback(None)
        plans = [row[3] for each in said for row in case.db.execute(f"EXPLAIN QUERY PLAN {each}")]
    assert plans
    assert not [each for each in plans if each.startswith("SCAN m")]
    bounded = (" LIMIT ", " IN (", " IS ", "count(*)")
    assert [each for each in said if not any(sign in each for sign in bounded)] == []


def test_what_is_privileged_is_not_there_to_be_shown(tmp_path: Path):
    (tmp_path / "privileged.txt").write_text(f"+{LAWYER}\n")
    lines = [
        Line(key=f"P{n}", minute=n, sender=who, text=text, chat=f"{who}@s.whatsapp.net")
        for n, (who, text) in enumerate([(LAWYER, "zeldzaamgeheim 5 g coke 250 euro"), (BRAM, "hallo")])
    ]
    case = new(tmp_path / "case", "--privileged", tmp_path / "privileged.txt")
    ingest(case, Phone(number="31600000501", contacts={LAWYER: "Mr. Advocaat"}).write(tmp_path / "p", lines))
    page = Page(case).enter()
    paths = [
        *("/", "/conversations/1", "/conversations/2", "/search?q=zeldzaamgeheim", "/search/typed?q=zeldz"),
        *("/?flag=any", "/selection", "/agreement", *(f"/overviews/{name}" for name in OVERVIEWS)),
    ]
    for path in paths:
        text = page.get(path).text
        shown = text.replace('value="zeldzaamgeheim"', "")  # what was typed
        assert "geheim" not in shown, path
        assert "Advocaat" not in text, path
        assert LAWYER not in text, path
    assert "hallo" in page.get("/conversations/1").text
    assert page.get("/conversations/2").status_code == 404


def test_the_recorded_offset_of_the_clock_stands_behind_the_times_of_the_thread(tmp_path: Path):
    (tmp_path / "case.toml").write_text("[device]\nclock_offset_seconds = -2\n")
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    ingest(case, phone(tmp_path / "phone", "modern_direct") / MSGSTORE, "--exhibit", "A")
    for language, mark in (("en", "(clock -2 s)"), ("nl", "(klok -2 s)")):
        page = Page(case, language=language).enter()
        times = re.findall(r"<time>([^<]*)</time>", page.get("/conversations/1").text)
        dated = [each for each in times if each[:1].isdigit()]
        assert dated
        assert all(each.endswith(f"+01:00 {mark}") for each in dated)
        assert mark in page.get("/search?q=een").text
    ingest(case, phone(tmp_path / "other", "calls") / MSGSTORE, "--exhibit", "B")
    assert "(klok" not in Page(case, language="nl").enter().get("/conversations/1").text


def test_who_acts_is_on_record_with_the_role_in_every_thread_of_the_server(tmp_path: Path):
    (tmp_path / "case.toml").write_text(
        '[roles]\nenforced = true\ninvestigator = ["I. Vestigator"]\nreviewer = ["R. Viewer"]\n'
    )
    case = new(tmp_path / "case", "--config", tmp_path / "case.toml")
    lines = [Line(key="A", minute=0, sender=BRAM, text=TEXTS[0][1], chat=f"{BRAM}@s.whatsapp.net")]
    given = ("--role", "investigator", "--reason", "tip 7")
    done(
        "--by",
        "I. Vestigator",
        *given,
        "ingest",
        case,
        Phone(number="31600000501").write(tmp_path / "p", lines),
    )
    for by, role in (("S. Tranger", "reviewer"), ("R. Viewer", "filter"), ("R. Viewer", "investigator")):
        refused(6, "--by", by, "--role", role, "--reason", "x", "review", case)
    assert "give --by, --role, --reason" in refused(6, "review", case)
    who = ("--by", "R. Viewer", "--role", "reviewer", "--reason", "second reading")
    refused(6, *who, "review", case, "--by", "S. Tranger")
    process, address = start(case, before=who)
    try:
        _, cookie, _ = ask(address)
        cookie, base = cookie.partition(";")[0], address.partition("/enter")[0]
        text = ask(f"{base}/conversations/1", cookie)[2]
        token, flag = re.search(r'data-token="([^"]+)"', text), re.search(r'href="/flags/(f\w+)"', text)
        assert token
        assert flag
        data = {"token": token[1], "decision": "confirmed", "reason": "gelezen"}
        assert ask(f"{base}/flags/{flag[1]}/decision", cookie, data)[0] == 303
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    opened, decided = (next(e for e in log(case)[::-1] if e["action"] == a) for a in ("view", "flag.review"))
    for entry, reason in ((opened, "second reading"), (decided, "gelezen")):
        assert entry["actor"].startswith("R. Viewer (")
        assert (entry["detail"]["role"], entry["detail"]["by"]) == ("reviewer", "R. Viewer")
        assert entry["detail"]["reason"] == reason


def test_a_review_of_an_encrypted_case_needs_its_passphrase_and_leaves_nothing_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pytest.importorskip("sqlcipher3", reason="the extra encryption is not installed (sqlcipher3)")
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "een lange zin")
    case = new(tmp_path / "case", "--encrypt")
    lines = [
        Line(key="A", minute=0, sender=BRAM, text=f"zeldzaam {TEXTS[0][1]}", chat=f"{BRAM}@s.whatsapp.net")
    ]
    ingest(case, Phone(number="31600000501").write(tmp_path / "p", lines))
    page = Page(case, by="Iris").enter()
    (flag, *_) = page.flags()
    page.decide(flag, "rejected", "gezien")
    key = of(exported(case), "message")[0]["id"]
    assert page.post("/selection", {"place": "1", "message": key, "note": "x"}).status_code == 303
    assert "zeldzaam" in page.get("/selection").text
    assert page.get(f"/messages/{key}/source").status_code == 200
    (made,) = (e for e in json.loads(done("flags", case, "--json").stdout)["flags"] if e["id"] == flag)
    assert made["decision"]["decision"] == "rejected"
    assert verified(case) == []
    assert b"zeldzaam" not in everything(case)
    monkeypatch.setenv("SPOREN_CASE_PASSPHRASE", "een andere zin")
    assert refused(4, "review", case, "--no-browser")
    monkeypatch.delenv("SPOREN_CASE_PASSPHRASE")
    assert refused(4, "review", case, "--no-browser")


def test_a_thread_has_the_quotes_reactions_edits_and_states_of_its_records(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone", "modern_direct") / MSGSTORE)
    page, seen = Page(case).enter(), set()
    for each in of(exported(case), "message"):
        text = page.get(f"/messages/{each['id']}").headers["Location"]
        found = page.get(text).text.partition(f'id="{each["id"]}"')[2].partition("</article>")[0]
        assert f"state-{each['state']}" in page.get(text).text.partition(f'id="{each["id"]}"')[0][-120:]
        if each["reply_to"]:
            seen.add("quote")
            assert "<blockquote>" in found
        for reaction in each["reactions"]:
            seen.add("reaction")
            sign = reaction["emoji"] or "reaction removed"
            assert f'class="reaction"><bdi>{sign}</bdi>' in found
        if each["edited_at"]:
            seen.add("edit")
            assert 'label edited">EDITED<' in found
        if each["state"] == "deleted_for_everyone":
            seen.add("deleted")
            assert 'label deleted_for_everyone">DELETED FOR EVERYONE<' in found
    assert seen == {"quote", "reaction", "edit", "deleted"}


def test_filters_give_the_conversations_that_fit_and_no_other(talks: Path):
    page = Page(talks).enter()

    def shown(query: str) -> list[str]:
        return re.findall(r'href="/conversations/(\d+)"', page.get(f"/?{query}").text)

    everyone = shown("")
    (trade,) = [place for place in everyone if BRAM in page.get(f"/conversations/{place}").text]
    for query in ("flag=any", "flag=menu", f"person={BRAM}", f"text={BRAM}", "list=I", "list=I&flag=menu"):
        assert shown(query) == [trade], query
    for query in (
        "app=signal",
        "kind=secret",
        "person=niemand",
        "list=IA",
        "until=1999-12-31",
        "decision=rejected",
    ):
        assert shown(query) == [], query
    for query in ("app=whatsapp", "kind=direct", "since=2000-01-01"):
        assert trade in shown(query), query


def test_a_date_or_query_that_cannot_be_read_is_told_in_the_language_of_the_pages(talks: Path):
    page = Page(talks, language="nl").enter()
    wrong_day = page.get("/?since=zzzz")
    assert wrong_day.status_code == 400
    assert "zzzz is geen dag; schrijf een dag als 2026-01-31" in wrong_day.text
    assert "deze zoekopdracht kan niet worden gelezen" in page.get('/search?q="half').text


def test_goods_asked_for_over_time_are_counted_in_one_and_many_and_written_in_full(tmp_path: Path):
    offered = "Menu: tramadol 1 strip 20 euro, 5 strips 60 euro, coke 1g 50 euro, coke 100 kg 2500000 euro"
    prices = Page(hostile_case(tmp_path, [(None, offered)])).enter().get("/overviews/prices").text
    assert "tramadol, 1 strip<" in prices
    assert "tramadol, 5 strips<" in prices
    assert ": 2500000 EUR" in prices
