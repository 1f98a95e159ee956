"""A fault of this program in the analysis of one message: it costs that message, and is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sporen_runs import done, exported, ingest, log, new, of
from whatsapp_phones import Line as Sent
from whatsapp_phones import Phone

from forensics.analysis import findings, statement
from forensics.analysis.faults import Fault, Faults
from forensics.analysis.findings import Classifier, Line, find, stream
from forensics.analysis.glance import Glance
from forensics.analysis.talk import verdicts
from forensics.analysis.weights import Forms
from forensics.flag_work import built_in

_MENU = "coke 1g 50 euro, 2g 90 euro, 3mmc 15 p/g, bezorging mogelijk"
_BROKEN = "wiet 5g 40 euro ☢"
_LAW = (
    "substance_id,list,valid_from,valid_to,decision,confidence,note,jurisdiction,version\n"
    "cocaine,X,2000-01-01,,a made-up act,verified,,XX,1\n"
)
_BUYER = "31600000091"


def _breaking(original: Callable[..., Any]) -> Callable[..., Any]:
    def read(*given: Any) -> Any:
        if any(isinstance(each, str) and "☢" in each for each in given):
            raise ZeroDivisionError("float division by zero")
        return original(*given)

    return read


@pytest.fixture(autouse=True)
def fault_in_the_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "read", _breaking(statement.read))


def _lines(*texts: str) -> list[Line]:
    return [Line(f"m{n}", text, n * 60_000, f"p{n % 2}") for n, text in enumerate(texts)]


def _found(*texts: str) -> tuple[list[tuple[str, ...]], list[Fault]]:
    faults = Faults()
    found = [each.messages for each in stream(_lines(*texts), built_in(), faults)]
    return found, list(faults.found.values())


def test_the_other_messages_have_the_flags_that_they_have_without_it() -> None:
    found, faults = _found(_MENU, "top, tot dan", _BROKEN, "ok", _MENU)
    assert found == [("m0",), ("m4",)]
    assert faults == [Fault("m2", "ZeroDivisionError", "test_faults_of_analysis")]


def test_a_conversation_of_nothing_else_has_no_flags_and_every_fault() -> None:
    found, faults = _found(*[f"{_BROKEN} {n}" for n in range(60)])
    assert found == []
    assert [each.message for each in faults] == [f"m{n}" for n in range(60)]


def test_where_the_weights_cannot_be_read_the_outcome_of_the_rules_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(Forms, "names", _breaking(Forms.names))
    found, faults = _found(f"{_MENU} ☢", "ok", _MENU)
    assert found == [("m0", "m2")]
    assert [(each.message, each.error) for each in faults] == [("m0", "ZeroDivisionError")]


def test_a_fault_in_the_law_of_an_item_costs_the_verdict_of_that_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(findings, "_item", _breaking(findings._item))
    found, faults = _found(_MENU, "ok", _MENU + " ☢")
    assert found == [("m0", "m2")]
    assert [each.message for each in faults] == ["m2"]


@pytest.mark.parametrize("place", ["read_of", "flags"])
def test_a_fault_before_a_line_is_read_costs_that_line(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.undo()
    original = getattr(Classifier, place)

    def broken(classifier: Classifier, line: Line) -> Any:
        if "☢" in line.text:
            raise IndexError("string index out of range")
        return original(classifier, line)

    monkeypatch.setattr(Classifier, place, broken)
    found, faults = _found(_MENU, "ok", f"{_MENU} ☢", "ok", f"{_MENU} !")
    assert found == [("m0",), ("m4",)] or found == [("m0", "m4")]
    assert [(each.message, each.error) for each in faults] == [("m2", "IndexError")]


def test_a_fault_at_a_glance_leaves_the_others_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(Glance, "of", _breaking(Glance.of))
    found, faults = _found(_MENU, "ok", f"{_BROKEN} glance", "ok", f"{_MENU} !")
    assert {"m0", "m4"} <= {key for each in found for key in each}
    assert [each.message for each in faults] == ["m2"]


def test_who_measures_gets_the_error_with_the_message() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        find(_lines(_MENU, _BROKEN), built_in())
    assert raised.value.__notes__[0] == "in the analysis of message m1"
    with pytest.raises(ZeroDivisionError):
        list(verdicts([(None, Line("m1", _BROKEN))], built_in()))


def test_classify_answers_every_line_and_says_which_failed() -> None:
    asked = [{"id": "a", "text": _MENU}, {"id": "b", "text": _BROKEN}, {"id": "c", "text": _MENU}]
    result = done("classify", "--json", stdin="".join(json.dumps(each) + "\n" for each in asked))
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["id"], each["label"]) for each in answers] == [("a", "menu"), ("b", "none"), ("c", "menu")]
    assert result.stderr == "b: its analysis failed (ZeroDivisionError in test_faults_of_analysis)\n"


@pytest.fixture
def phone(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    broken = f"{_BROKEN} {request.node.name}"  # what was read once is kept by its text
    lines = [
        Sent(key=f"A{n}", minute=n, sender=_BUYER, text=text, chat=f"{_BUYER}@s.whatsapp.net")
        for n, text in enumerate((_MENU, broken, _MENU), 1)
    ]
    return Phone(number="31600000090").write(tmp_path / "phone", lines)


def _notices(case: Path) -> list[dict[str, Any]]:
    return [each for each in of(exported(case), "notice") if each["severity"] == "unanalysed"]


def test_a_case_has_a_notice_with_the_row_and_its_flags_without_it(phone: Path, tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    document = ingest(case, phone)
    (broken,) = (each for each in of(exported(case), "message") if "☢" in each["text"])
    (notice,) = _notices(case)
    assert notice["text"] == (
        "the analysis of a message, or of a copy beside it, failed (ZeroDivisionError in"
        " test_faults_of_analysis): a flag for it may be missing"
    )
    assert notice["source"] == broken["source"]
    assert json.loads(notice["raw"]) == {"conversation": broken["conversation"], "message": broken["id"]}
    assert document["problems"][-1]["text"] == (
        "messages of the case in whose analysis there was a fault: 1; notices name them"
    )
    (run,) = (each for each in log(case) if each["action"] == "flag.run")
    assert run["detail"]["unanalysed"] == 1
    assert broken["id"] not in {key for flag in of(exported(case), "flag") for key in flag["messages"]}
    assert done("verify", case, "--evidence", phone)


def test_an_analysis_made_anew_without_the_fault_takes_the_notice_away(
    phone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = new(tmp_path / "case")
    ingest(case, phone)
    assert len(_notices(case)) == 1
    monkeypatch.undo()
    table = tmp_path / "law.csv"
    table.write_text(_LAW, "utf-8")
    done("ingest", case, "--law", table)
    assert _notices(case) == []


def test_the_dutch_report_says_it_in_dutch(phone: Path, tmp_path: Path) -> None:
    case = new(tmp_path / "case", "--language", "nl")
    ingest(case, phone)
    done("report", case, "--format", "html", "-o", tmp_path / "report")
    page = "".join(each.read_text("utf-8") for each in (tmp_path / "report").rglob("*.html"))
    assert "of van een kopie ernaast, is mislukt (ZeroDivisionError in test_faults_of_analysis)" in page
    assert "<td>niet geanalyseerd</td>" in page


def test_a_line_with_a_fault_in_it_counts_and_names_nothing() -> None:
    """Without one it makes talk of nothing else one of a trade."""
    said = (
        "they sent me to talk to you",
        "i want my money back, all that i gave you",
        "do not ask me anything, i tell you what i am going to do",
        "and you think i will let you",
        "something must come of it, the rent is not paid",
        "come on, we meet around the corner",
        "we are looking for your friend",
        "he is just off somewhere working",
    )
    found, faults = _found(*said, "ketamine")
    assert found and not faults
    found, faults = _found(*said, "ketamine ☢")
    assert found == []
    assert [fault.message for fault in faults] == ["m8"]
