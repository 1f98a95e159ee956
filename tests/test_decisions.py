"""A person's decision when further evidence changes the messages of its flag: kept, and never applied."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest
from sporen_runs import done, exported, ingest, messages, new, of, verified
from test_reports_pdf import whole_text
from whatsapp_phones import MSGSTORE, Line, Phone

from forensics.case import Case
from forensics.review import withdraw

ANNA, BRAM = "31600000501", "31600000502"
CHAT = f"{BRAM}@s.whatsapp.net"
PHONE = Phone(number=ANNA)
ORDER = Line(key="G1", minute=0, sender=BRAM, text="Heb je 5 gram coke voor 250 euro?", chat=CHAT)
ANSWER = Line(key="G2", minute=1, sender=None, text="Ja 5 g coke 250 euro, kom maar langs", chat=CHAT)
MORE = Line(key="G3", minute=2, sender=BRAM, text="Doe dan ook 10 gram speed voor 60 euro", chat=CHAT)


def flags(case: Path) -> list[dict]:
    return json.loads(done("flags", case, "--json").stdout)["flags"]


def test_a_decision_stays_with_the_flag_that_now_covers_its_messages(tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    ingest(case, PHONE.write(tmp_path / "first", [ORDER, ANSWER]))
    before = next(each for each in flags(case) if each["kind"] == "deal")
    done("decide", case, before["id"], "confirmed", "--reason", "gezien", "--by", "Iris")
    texts = {each["source"]["app_id"]: each["id"] for each in messages(case)}
    assert before["messages"] == [texts["G1"], texts["G2"]]
    ingest(case, PHONE.write(tmp_path / "second", [ORDER, ANSWER, MORE]))
    assert before["id"] not in {each["id"] for each in flags(case)}
    now = next(each for each in flags(case) if each["kind"] == "deal")
    assert now["decision"] is None
    (made,) = now["earlier_decisions"]
    assert (made["decision"], made["by"], made["reason"]) == ("confirmed", "Iris", "gezien")
    assert (made["flag"], made["messages"]) == (before["id"], before["messages"])
    (record,) = (each for each in of(exported(case), "flag") if each["id"] == now["id"])
    assert record["earlier_decisions"] == now["earlier_decisions"]
    told = done("flags", case).stdout
    assert "made on an earlier version of this flag: messages" in told
    assert all(each in told for each in before["messages"])
    done("report", case, "-o", tmp_path / "d", "--format", "html", "--language", "nl")
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    assert "Besluit op een eerdere versie van deze aanwijzing" in html
    assert "gezien" in html
    assert verified(case) == []
    done("decide", case, now["id"], "rejected", "--reason", "toch niet")
    (again,) = (each for each in flags(case) if each["id"] == now["id"])
    assert again["decision"]["decision"] == "rejected"
    assert again["earlier_decisions"] == now["earlier_decisions"]


def test_a_decision_of_which_no_flag_is_left_is_told(tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    ingest(case, PHONE.write(tmp_path / "phone", [ORDER, ANSWER]))
    for each in flags(case):
        done("decide", case, each["id"], "uncertain", "--reason", "nog eens kijken", "--by", "Iris")
    with Case.open(case) as opened, opened.change() as change:
        change.db.execute("DELETE FROM flag")
        change.log("flag.run", {"case": "rules that find nothing"}, changes_case=True)
    found = json.loads(done("flags", case, "--json").stdout)
    assert found["flags"] == []
    assert {each["decision"] for each in found["decisions_without_flag"]} == {"uncertain"}
    assert "no flag names any of these messages now" in done("flags", case).stderr
    done("report", case, "-o", tmp_path / "d", "--format", "html", "--language", "en")
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    assert "Decision made on a flag of which no message is in a flag now" in html


def test_what_a_person_decided_before_is_printed_as_replaced(tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    ingest(case, PHONE.write(tmp_path / "phone", [ORDER, ANSWER]))
    flag = next(each["id"] for each in flags(case) if each["kind"] == "deal")
    for decision in ("confirmed", "rejected", "uncertain"):
        done("decide", case, flag, decision, "--reason", f"reden-{decision}", "--by", "Iris")
    with Case.open(case) as opened:
        withdraw(opened, flag, "vergissing", "Iris")
    (now,) = (each for each in flags(case) if each["id"] == flag)
    first, last = now["replaced_decisions"]
    assert now["decision"]["decision"] == "rejected"
    assert "decisions" not in now
    assert (first["decision"], first["until"], first["withdrawn"]) == (
        "confirmed",
        now["decision"]["at"],
        None,
    )
    assert (last["decision"], last["by"], last["withdrawn"]) == ("uncertain", "Iris", "vergissing")
    (record,) = (each for each in of(exported(case), "flag") if each["id"] == flag)
    assert record["replaced_decisions"] == now["replaced_decisions"]
    told = done("flags", case).stdout
    assert f"confirmed, by Iris at {first['at']}: reden-confirmed" in told
    assert f"taken back (vergissing) at {last['until']}" in told


@pytest.mark.parametrize(
    ("language", "said"),
    [("nl", ("Vervangen: eerder besluit", "bevestigd, Iris, ")), ("en", ("Replaced: ", "confirmed, Iris, "))],
)
def test_each_form_of_a_report_prints_replaced_decisions(
    language: str, said: tuple[str, ...], tmp_path: Path
) -> None:
    case = new(tmp_path / "case")
    ingest(case, PHONE.write(tmp_path / "phone", [ORDER, ANSWER]))
    for each in flags(case):
        for decision in ("confirmed", "rejected"):
            done("decide", case, each["id"], decision, "--reason", f"reden-{decision}", "--by", "Iris")
    done("report", case, "-o", tmp_path / "d", "--format", "html,pdf", "--language", language)
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    with pikepdf.open(tmp_path / "d/data/report.pdf") as document:
        printed = whole_text(document)
    for words in (*said, "reden-confirmed", "reden-rejected"):
        assert words in html
        assert words in printed


def test_a_text_that_only_a_backup_has_is_flagged_and_quoted(tmp_path: Path) -> None:
    folder = PHONE.write(tmp_path / "phone", [Line(**{**vars(ORDER), "revoked": 5}), ANSWER])
    backup = folder / "Databases" / "msgstore-2026-03-02.1.db"
    backup.parent.mkdir()
    PHONE.database(backup, [ORDER, ANSWER])
    case = new(tmp_path / "case")
    ingest(case, folder)
    (record,) = (each for each in messages(case) if each["source"]["app_id"] == "G1")
    assert (record["text"], record["source"]["path"]) == (None, MSGSTORE)
    deal = next(each for each in flags(case) if each["kind"] == "deal")
    assert record["id"] in deal["messages"]
    done("report", case, "-o", tmp_path / "d", "--format", "html", "--language", "en")
    html = (tmp_path / "d/data/html/index.html").read_text("utf-8")
    assert "<mark>" in html
    assert "Heb je" in html
