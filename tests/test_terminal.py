"""What stands in a terminal: hostile names made visible, JSON alone, no traceback, flags that can be read."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from rich.console import Console
from sporen_runs import MSGSTORE, change, done, exported, ingest, messages, new, of, phone, sporen

from forensics.cli import finding
from forensics.cli.talk import say, shortened, visible

HOSTILE = "evil\x1b[2J\u202egpj.exe\nsporen: all is well\u2066"
MARKS = ("\x1b", "\u202e", "\u2066", "\nsporen: all")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A phone whose chats have hostile names and one list of drugs."""
    folder = phone(tmp_path_factory.mktemp("evidence") / "phone", "modern_group")
    offer = "Prijzen vandaag: coke 1g 50 euro, mdma 1g 20 euro, xtc 5 st 15 euro. Stuur maar een bericht!"
    change(
        folder / MSGSTORE,
        ("UPDATE chat SET subject = ? WHERE subject IS NOT NULL", (HOSTILE,)),
        ("UPDATE message SET text_data = ? WHERE text_data = 'Hoi van Fleur'", (f"{offer}\x1b[31m\u202e",)),
    )
    return folder


@pytest.fixture(scope="module")
def case(evidence: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = new(tmp_path_factory.mktemp("case") / "case")
    ingest(made, evidence)
    return made


def clean(text: str) -> None:
    assert not [mark for mark in MARKS if mark in text]


# --- Hostile names ------------------------------------------------------------------------------------------


def test_a_hostile_name_in_an_error_is_made_visible(case: Path, tmp_path: Path):
    for result in (
        sporen("ingest", case, tmp_path / HOSTILE),
        sporen("flags", tmp_path / HOSTILE),
        sporen("show", case, HOSTILE),
        sporen("verify", case, "--evidence", tmp_path / HOSTILE),
        sporen("decide", case, HOSTILE, "confirmed", "--reason", "x"),
    ):
        assert result.exit_code in (2, 3)
        clean(result.output)
        assert "⟨U+202E⟩" in result.stderr


def test_hostile_texts_of_the_evidence_are_made_visible(case: Path):
    message = next(each["id"] for each in messages(case) if each["text"] and "coke" in each["text"])
    for command in (("flags", case), ("search", case, "coke"), ("show", case, message), ("log", case)):
        clean(done(*command).output)
    assert "⟨U+001B⟩" in done("show", case, message).output


def test_a_file_name_that_is_no_utf_8_is_no_traceback(case: Path, tmp_path: Path, evidence: Path):
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/odd\xff\xfe.db"))
    odd.write_bytes((evidence / MSGSTORE).read_bytes())
    result = sporen("ingest", case, odd, "--json")
    assert result.exit_code == 0, result.output
    json.loads(result.stdout_bytes.decode())
    assert sporen("ingest", case, Path(f"{odd}-gone"), "--json").exit_code == 3
    for command in (("log", case), ("verify", case), ("export", case, "--format", "jsonl", "-o", "-")):
        done(*command)


QUERIES = ["\udcff", "", "*", '"', "NOT", "a AND", "text:coke", "nosuch:x", "((", "NEAR(a b)", "^"]


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_ends_in_a_traceback(case: Path, query: str):
    assert sporen("search", case, "--json", "--", query).exit_code in (0, 2)


SEARCHES = {
    "coke": True,
    "COKE": True,
    "co*": True,
    '"coke 1g"': True,
    '"1g coke"': False,
    "coke AND mdma": True,
    "coke NOT mdma": False,
    "nothing OR coke": True,
    "cok": False,
    "euro bericht": True,
}


@pytest.mark.parametrize(("query", "is_found"), SEARCHES.items())
def test_the_language_of_searching(case: Path, query: str, is_found: bool):
    found = json.loads(done("search", case, query, "--json").stdout)
    assert bool(found["count"]) == is_found
    assert found["count"] == len(found["results"])


# --- Streams ------------------------------------------------------------------------------------------------


def test_json_stands_alone_on_standard_output(case: Path, evidence: Path, tmp_path: Path):
    message, flag = messages(case)[0]["id"], of(exported(case), "flag")[0]["id"]
    for command in (
        ("ingest", case, evidence),
        ("ingest", case, tmp_path / "gone"),
        ("flags", case),
        ("search", case, "coke"),
        ("show", case, message),
        ("decide", case, flag, "uncertain", "--reason", "not sure"),
        ("verify", case, "--evidence", evidence),
        ("validate", "--set", "built-in"),
    ):
        json.loads(sporen(*command, "--json").stdout)
    for line in done("log", case, "--json").stdout.splitlines():
        json.loads(line)
    lines = '{"id": 1, "text": "coke 50 euro p/g"}\n{"id": "b", "text": "tot morgen"}\n'
    assert [
        json.loads(line)["id"] for line in done("classify", "--json", stdin=lines).stdout.splitlines()
    ] == [1, "b"]


def test_quiet_says_nothing_where_all_is_well(evidence: Path, tmp_path: Path):
    for before, after in ((["--quiet"], []), ([], ["--quiet"])):
        case = tmp_path / f"case{len(before)}"
        for command in (
            ["new", case, "--number", "1", "--examiner", "E"],
            ["ingest", case, evidence],
            ["verify", case],
        ):
            result = done(*before, *command, *after)
            assert result.output == ""
    assert sporen("--quiet", "flags", tmp_path / "nothing").stderr.startswith("sporen: ")


def test_no_colour_and_no_bar_without_a_terminal(case: Path, evidence: Path):
    for environment in ({"NO_COLOR": "1"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {}):
        command = [sys.executable, "-c", "from forensics.cli import main; main()", "flags", str(case)]
        result = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True)
        assert b"\x1b" not in result.stdout + result.stderr


def test_a_long_sentence_is_wrapped_between_words_on_a_terminal_and_a_line_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
):
    sentence = " ".join(["woorden"] * 40)
    monkeypatch.setenv("COLUMNS", "80")
    for is_terminal, lines in ((True, 4), (False, 1)):
        written = io.StringIO()
        monkeypatch.setattr(written, "isatty", lambda found=is_terminal: found)
        monkeypatch.setattr(sys, "stderr", written)
        with click.Context(click.Command("x"), obj={}):
            say(sentence)
        shown = written.getvalue().splitlines()
        assert len(shown) == lines
        assert " ".join(each.strip() for each in shown) == sentence


@pytest.mark.parametrize(
    "line",
    ["no json", "[]", '{"id": 1}', '{"text": "x"}', '{"id": 1, "text": 5}',
     '{"id": 1, "text": "x", "sent_at": "soon"}',
     '{"id": 1, "text": "x", "conversation": ["a"]}', '{"id": 1, "text": "x", "sender": {"a": 1}}',
     '{"id": 1, "text": "x", "sent_at": "2026-01-01T00:00:00"}', "[" * 5000],
)  # fmt: skip
def test_a_line_that_is_no_message_is_2_for_classify(line: str):
    result = sporen("classify", "--json", stdin=line + "\n")
    assert result.exit_code == 2
    assert "line 1 of standard input" in result.stderr


def test_bytes_that_are_no_utf_8_are_no_traceback_for_classify():
    command = [sys.executable, "-c", "from forensics.cli import main; main()", "classify", "--json"]
    given = b'{"id": 1, "text": "coke \xff\xfe 50 euro p/g"}\n'
    result = subprocess.run(command, input=given, capture_output=True, check=False)
    assert b"Traceback" not in result.stderr
    assert result.returncode in (0, 2)
    for line in result.stdout.splitlines():
        json.loads(line.decode())


def test_lines_of_one_conversation_are_read_as_a_window():
    lines = [
        {
            "id": 1,
            "text": "heb je nog coke?",
            "conversation": "a",
            "sender": "x",
            "sent_at": "2026-01-01T10:00:00Z",
        },
        {
            "id": 2,
            "text": "ja hoeveel",
            "conversation": "b",
            "sender": "y",
            "sent_at": "2026-01-01T10:01:00Z",
        },
        {
            "id": 3,
            "text": "ja hoeveel",
            "conversation": "a",
            "sender": "y",
            "sent_at": "2026-01-01T10:01:00Z",
        },
    ]
    told = done("classify", "--json", stdin="".join(json.dumps(each) + "\n" for each in lines)).stdout
    verdicts = [json.loads(line) for line in told.splitlines()]
    assert [each["id"] for each in verdicts] == [1, 2, 3]
    assert verdicts[1]["label"] == "none"
    assert verdicts[2]["label"] == "deal"


# --- Flags --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [80, 60, 120])
def test_flags_can_be_read_at_a_fixed_width(case: Path, width: int, monkeypatch: pytest.MonkeyPatch):
    written = io.StringIO()
    monkeypatch.setattr(finding, "output", lambda: Console(file=written, width=width, highlight=False))
    done("flags", case)
    lines = written.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    flags = [each for each in of(exported(case), "flag") if each["kind"] == "menu"]
    assert flags
    for flag in flags:
        (head,) = [line for line in lines if line.startswith(flag["id"])]
        assert f"{flag['kind']}, score {flag['score']}, " in head
        block = lines[lines.index(head) : lines.index(head) + 5]
        assert any("cocaine" in line for line in block)
        assert any("Prijzen vandaag: coke" in line for line in block)
        assert any("evil⟨U+001B⟩" in line for line in block)
        (why,) = [line for line in block if line.startswith("  why: ")]
        assert "goods “" in why or width < 120
        done("decide", case, head.split(maxsplit=1)[0], "uncertain", "--reason", "x")


def test_a_value_that_is_no_text_is_shown_as_json(case: Path):
    message = next(each for each in of(exported(case), "message") if each["from_owner"] is False)
    (line,) = [each for each in done("show", case, message["id"]).stdout.splitlines() if "sender " in each]
    assert "None" not in line
    assert finding._plain({"a": [True, None, "é"]}) == '{"a": [true, null, "é"]}'
    assert finding._plain("é") == "é"


def test_a_flag_says_why_by_what_weighs_most_and_learnt_weights_come_last():
    def rule(name: str, weight: int, text: str) -> dict[str, object]:
        return {"id": name, "weight": weight, "text": text}

    rules = [
        rule("learnt", 9, ""),
        rule("price", 2, "50\neuro"),
        rule("drug-name", 4, "coke"),
        rule("no", -3, "x"),
    ]
    assert finding._why({"rules": rules}) == "why: drug-name “coke”, price “50 euro”, learnt"
    assert finding._why({"rules": [*rules, *(rule(f"r{n}", 1, "") for n in range(3))]}).endswith(
        ", and 2 more"
    )
    assert finding._why({"rules": []}) == ""


def test_a_text_is_one_visible_line():
    assert visible("a\nb\tc\x00\u200d") == "a⟨U+000A⟩b⟨U+0009⟩c⟨U+0000⟩\u200d"
    assert shortened(" a \n b\u202e ", 80) == "a b⟨U+202E⟩"
    assert shortened("x" * 50, 10) == "x" * 9 + "…"


def test_search_fits_a_terminal_of_80_columns_and_gives_whole_ids(
    case: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "80")
    lines = done("search", case, "coke").stdout.splitlines()
    found = json.loads(done("search", case, "coke", "--json").stdout)["results"][0]
    assert lines[0].startswith(f"{found['id']}  {found['sent_at']}  ")
    assert lines[1].startswith(f"  {found['sender_name']}: ")
    assert "[coke]" in lines[1]
    assert max(map(len, lines)) <= 80


def test_quiet_leaves_out_no_error(evidence: Path, tmp_path: Path):
    plain = tmp_path / "plain.txt"
    plain.write_text("no evidence of anything")
    case = tmp_path / "case"
    done("-q", "new", case, "--number", "1", "--examiner", "E")
    result = sporen("ingest", case, plain, "-q")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert str(plain) in result.stderr
    done("ingest", case, evidence, "-q")
    with (case / "custody.jsonl").open("ab") as stream:
        stream.write(b"{}\n")
    result = sporen("verify", case, "-q")
    assert (result.exit_code, result.stdout) == (1, "")
    assert all(line.startswith("DIFFERENCE") for line in result.stderr.splitlines())
    assert result.stderr
