"""Decisions in the page: appended, logged, several persons, blind, taken back, agreement, and never lost."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from review_pages import Page, hostile_case
from sporen_runs import done, done_in, exported, log, of, verified

from forensics import hit_language
from forensics.agreement import kappa
from forensics.decisions import kept, replaced, standing
from forensics.web import flag_cards

TALK = (
    ("31600000502", "Heb je 5 gram coke voor 250 euro?"),
    (None, "Ja 5 g coke 250 euro, kom maar langs"),
    (None, "Menu: wiet 5g 50 euro, hasj 10g 80 euro, coke 1g 50 euro"),
)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return hostile_case(tmp_path, TALK)


def flags(case: Path) -> dict[str, dict]:
    return {each["id"]: each for each in of(exported(case), "flag")}


def test_a_decision_in_the_page_is_that_of_the_command(case: Path):
    page = Page(case, by="Iris").enter()
    flag = page.flags()[0]
    page.decide(flag, "confirmed", "prijs genoemd")
    made = flags(case)[flag]["decision"]
    assert (made["decision"], made["by"], made["reason"]) == ("confirmed", "Iris", "prijs genoemd")
    (entry,) = (each for each in log(case) if each["action"] == "flag.review")
    assert (entry["object"], entry["result"]) == ({"flag": flag}, "confirmed")
    assert verified(case) == []


def test_sums_of_learnt_weights_are_folded_away_behind_what_they_come_to(case: Path, monkeypatch):
    monkeypatch.setattr(hit_language, "is_learnt", lambda rule: rule["id"] == "price")
    page = Page(case).enter()
    card = page.get(page.get(f"/flags/{page.flags()[0]}").location).text.partition("<h3>Why</h3>")[2]
    found, _, folded = card.partition("<details><summary>How that adds up</summary>")
    assert "Learnt weights: +" in found
    assert "<b>price v" not in found
    assert "<b>price v" in folded.partition("</details>")[0]


def test_the_heaviest_texts_of_learnt_weights_are_named_once():
    texts = ["a", "b", "a", "", "c", "d", "e", "f"]
    learnt = [{"text": text, "thousandths": 100 * n} for n, text in enumerate(texts, 1)]
    learnt.append({"text": "against", "thousandths": -900})
    assert [text for text, _ in flag_cards._heaviest(learnt, 1)] == ["f", "e", "d", "c", "a"]
    assert [text for text, _ in flag_cards._heaviest(learnt, -1)] == ["against"]
    # by what is left of a text that counts for trade and against it
    learnt += [{"text": "f", "thousandths": -1000}, {"text": "a", "thousandths": 250}]
    assert [text for text, _ in flag_cards._heaviest(learnt, 1)] == ["e", "a", "d", "c", "b"]
    assert [text for text, _ in flag_cards._heaviest(learnt, -1)] == ["against", "f"]


@pytest.mark.parametrize(
    ("decision", "reason"),
    [("confirmed", ""), ("confirmed", "  "), ("sold", "x"), ("withdrawn", "x"), ("", "x")],
)
def test_a_decision_without_its_parts_is_refused_and_changes_nothing(case: Path, decision: str, reason: str):
    page = Page(case).enter()
    flag = page.flags()[0]
    before = done_in(case)
    answer = page.post(f"/flags/{flag}/decision", {"decision": decision, "reason": reason})
    assert answer.status_code == 400
    assert done_in(case) == before


def test_taking_back_is_one_more_entry_and_the_one_before_stands_again(case: Path):
    page = Page(case, by="Iris").enter()
    flag = page.flags()[0]
    page.decide(flag, "confirmed")
    page.decide(flag, "rejected", "toch niet")
    assert flags(case)[flag]["decision"]["decision"] == "rejected"
    assert page.post("/withdrawal").status_code == 303
    assert flags(case)[flag]["decision"]["decision"] == "confirmed"
    assert page.post("/withdrawal").status_code == 303
    assert flags(case)[flag]["decision"] is None
    assert page.post("/withdrawal").status_code == 400
    assert page.post(f"/flags/{flag}/withdrawal").status_code == 400
    results = [each["result"] for each in log(case) if each["action"] == "flag.review"]
    assert results == ["confirmed", "rejected", "withdrawn", "withdrawn"]
    text = page.get(f"/conversations/1?flag={flag}").text
    assert text.count("taken back by the reviewer") == 2
    assert verified(case) == []


def test_what_was_taken_back_at_its_flag_does_not_stop_taking_back_the_one_before(case: Path):
    page = Page(case, by="Iris").enter()
    one, other = page.flags()[:2]
    page.decide(one, "confirmed")
    page.decide(other, "confirmed")
    assert page.post(f"/flags/{other}/withdrawal").status_code == 303
    assert page.post("/withdrawal").status_code == 303
    assert [flags(case)[each]["decision"] for each in (one, other)] == [None, None]
    assert page.post("/withdrawal").status_code == 400


def test_what_stands_is_the_newest_of_each_person_that_was_not_withdrawn():
    made = [
        {"decision": decision, "by": by}
        for decision, by in (
            *(
                ("confirmed", "A"),
                ("rejected", "B"),
                ("uncertain", "A"),
                ("withdrawn", "A"),
                ("withdrawn", "C"),
            ),
            *(("confirmed", "B"), ("withdrawn", "B")),
        )
    ]
    assert [(each["decision"], each["by"]) for each in kept(made)] == [("confirmed", "A"), ("rejected", "B")]
    assert standing(made) == kept(made)
    dated = [{**each, "at": str(place), "reason": f"r{place}"} for place, each in enumerate(made)]
    assert [(each["at"], each["until"], each["withdrawn"]) for each in replaced(dated)] == [
        ("2", "3", "r3"),
        ("5", "6", "r6"),
    ]
    assert standing([]) == []


def test_two_persons_stand_beside_each_other_and_are_compared(case: Path, tmp_path: Path):
    one, other = Page(case, by="Iris").enter(), Page(case, by="Joost").enter()
    first, second, *_ = one.flags()
    for flag, mine, theirs in ((first, "confirmed", "rejected"), (second, "confirmed", "confirmed")):
        one.decide(flag, mine, "gelezen door Iris")
        other.decide(flag, theirs, "gelezen door Joost")
    found = flags(case)[first]
    assert [each["by"] for each in found["decisions"]] == ["Iris", "Joost"]
    assert found["decision"]["by"] == "Joost"
    text = one.get("/agreement").text
    assert "1 of 2 the same; Cohen&#39;s kappa 0.00" in text
    assert f"/flags/{first}" in text
    assert f"/flags/{second}" not in text
    report = json.loads(done("validate", "--case", case, "--json").stdout)
    assert report["agreement"] == [
        {"reviewers": ["Iris", "Joost"], "flags": 2, "agreed": 1, "kappa": 0.0, "disagreements": [first]}
    ]
    assert report["flags"]["all"]["disputed"] == 1
    assert report["flags"]["all"]["precision"]["of"] == 1
    assert "Cohen's kappa 0.000" in done("validate", "--case", case).stdout
    done("report", case, "-o", tmp_path / "d", "--format", "html", "--language", "en")
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    assert "gelezen door Iris" in html
    assert "gelezen door Joost" in html


def test_a_blind_reviewer_sees_nothing_of_others(case: Path):
    seen = Page(case, by="Iris").enter()
    flag = seen.flags()[0]
    seen.decide(flag, "rejected", "reden van Iris")
    blind = Page(case, by="Joost", blind=True).enter()
    for path in ("/", f"/conversations/1?flag={flag}", "/agreement", "/?decision=rejected", "/selection"):
        text = blind.get(path).text
        assert "Iris" not in text, path
        assert "rejected</span>" not in text, path
    assert "No conversation fits" in blind.get("/?decision=rejected").text
    assert "1 conversations" in seen.get("/?decision=rejected").text
    assert blind.post(f"/flags/{flag}/withdrawal").status_code == 400
    blind.decide(flag, "confirmed", "reden van Joost")
    text = blind.get(f"/conversations/1?flag={flag}").text
    assert "reden van Joost" in text
    assert "reden van Iris" not in text


@pytest.mark.parametrize(
    ("both", "expected"),
    [
        ([], None),
        ([("confirmed", "confirmed")] * 3, None),
        ([("confirmed", "confirmed"), ("rejected", "rejected")], 1.0),
        ([("confirmed", "rejected"), ("rejected", "confirmed")], -1.0),
        # the worked example of Cohen's kappa that textbooks give: 20, 5, 10, 15
        ([("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15, 0.4),
    ],
)
def test_kappa_is_that_of_worked_examples(both: list[tuple[str, str]], expected: float | None):
    found = kappa(both)
    assert found == expected if expected is None else found == pytest.approx(expected)


def test_precision_counts_what_was_confirmed_or_rejected(case: Path):
    page = Page(case).enter()
    first, second, *others = page.flags()
    page.decide(first, "confirmed")
    page.decide(second, "rejected")
    found = json.loads(done("validate", "--case", case, "--json").stdout)["flags"]["all"]
    assert found["precision"] == {"rate": 0.5, "of": 2, "interval": [0.0945, 0.9055]}
    assert (found["confirmed"], found["rejected"], found["unreviewed"]) == (1, 1, len(others))


def test_a_selection_is_kept_ordered_and_printed(case: Path, tmp_path: Path):
    page = Page(case, by="Iris").enter()
    keys = [each["id"] for each in of(exported(case), "message")]
    for chosen, note in (([keys[2]], "het aanbod"), ([keys[0], keys[1]], "de bestelling")):
        answer = page.post("/selection", {"place": "1", "message": chosen, "note": note})
        assert answer.status_code == 303
    assert page.post("/selection/2", {"what": "place", "place": "1"}).status_code == 303
    assert page.post("/selection/1", {"what": "note", "note": "<b>het aanbod"}).status_code == 303
    text = page.get("/selection").text
    assert text.index("de bestelling") < text.index("&lt;b&gt;het aanbod")
    assert page.post("/selection/9", {"what": "remove"}).status_code == 400
    assert page.post("/selection", {"place": "1", "message": ["m00"]}).status_code == 400
    assert page.post("/selection", {"place": "1"}).status_code == 400
    done("report", case, "-o", tmp_path / "d", "--format", "html,pdf", "--language", "en")
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    assert "Selected by persons for this report" in html
    assert html.index("de bestelling") < html.index("&lt;b&gt;het aanbod")
    assert verified(case) == []
    assert page.post("/selection/1", {"what": "remove"}).status_code == 303
    assert page.post("/selection/2", {"what": "remove"}).status_code == 303
    assert "Nothing is selected" in page.get("/selection").text
    actions = [each["result"] for each in log(case) if each["action"] == "report.select"]
    assert actions == ["added", "added", "placed", "noted", "removed", "removed"]
    assert verified(case) == []


def test_a_purged_conversation_leaves_the_page_and_the_selection(case: Path):
    page = Page(case).enter()
    keys = [each["id"] for each in of(exported(case), "message")]
    page.post("/selection", {"place": "1", "message": keys[:2], "note": "een notitie"})
    (talk,) = of(exported(case), "conversation")
    assert "coke" in page.get("/conversations/1").text
    done("purge", case, "--conversation", talk["id"], "--reason", "verschoningsrecht")
    assert page.get("/conversations/1").status_code == 404
    assert "een notitie" not in page.get("/selection").text
    assert b"een notitie" not in (case / "case.db").read_bytes() + (case / "custody.jsonl").read_bytes()
    assert verified(case) == []


def start(case: Path, *options: str, before: tuple[str, ...] = ()) -> tuple[subprocess.Popen[str], str]:
    """A review of its own process, and its address; ``before``: options before the command."""
    command = [
        sys.executable,
        "-c",
        "from forensics.cli import main; main()",
        *before,
        "review",
        str(case),
        "--no-browser",
        *options,
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/enter\?token=\S+", line)
    assert found, line + process.stderr.read()
    return process, found[0]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(address: str, cookie: str = "", data: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Status, cookie and text; over the real socket, without following a redirect."""
    host = re.match(r"http://[^/]+", address)
    headers = {"Cookie": cookie, "Origin": host[0] if host else ""}
    sent = urllib.parse.urlencode(data).encode() if data else None
    opener = urllib.request.build_opener(_Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(address, sent, headers), timeout=20) as answer:
            return answer.status, answer.headers.get("Set-Cookie", ""), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Set-Cookie", ""), error.read().decode()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_a_killed_server_has_lost_nothing_that_it_acknowledged(case: Path):
    process, address = start(case, "--by", "Iris")
    try:
        base = address.partition("/enter")[0]
        _, cookie, _ = ask(address)
        cookie = cookie.partition(";")[0]
        text = ask(f"{base}/conversations/1", cookie)[2]
        token = re.search(r'data-token="([^"]+)"', text)
        named = list(dict.fromkeys(re.findall(r'href="/flags/(f\w+)"', text)))
        assert token
        for flag in named:
            data = {"token": token[1], "decision": "confirmed", "reason": "op tijd"}
            assert ask(f"{base}/flags/{flag}/decision", cookie, data)[0] == 303
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    assert {key for key, each in flags(case).items() if each["decision"]} == set(named)
    assert verified(case) == []


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_review_stops_cleanly_and_listens_on_this_machine_only(case: Path, told: int):
    process, address = start(case)
    try:
        assert address.startswith("http://127.0.0.1:")
        assert ask(address)[0] == 303
        process.send_signal(told)
        assert process.wait(20) == 0
    finally:
        process.kill()
        _, rest = process.communicate()
    assert "Traceback" not in rest


def test_a_case_that_another_process_is_writing_is_waited_for_and_then_told(case: Path, monkeypatch):
    monkeypatch.setattr("forensics.web.desk._PATIENCE", 0.2)
    page = Page(case).enter()
    flag = page.flags()[0]
    script = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "db.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(case / "case.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        answer = page.post(f"/flags/{flag}/decision", {"decision": "confirmed", "reason": "x"})
        assert answer.status_code == 503
        assert "another process is using this case" in answer.text
    finally:
        holder.communicate("")
    page.decide(flag, "confirmed")
    assert flags(case)[flag]["decision"]["decision"] == "confirmed"
