"""What a Dutch report says of the work itself: steps of the log, skipped rows, schemas."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from source_tree import ROOT
from test_reports_cases import small_case
from test_reports_content import report, tables_of

from forensics.custody_entry import ACTIONS
from forensics.sentences import translated
from forensics.words import WORDS, Words
from reports.method import _result


def _trees(folder: Path, said: str) -> Iterator[ast.Module]:
    """Of the modules that have these words; the others need not be parsed."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text("utf-8")
        if said in text:
            yield ast.parse(text)


def _calls(name: str, folder: str) -> Iterator[ast.Call]:
    for tree in _trees(ROOT / folder, f".{name}("):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield node


def _words(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, with 7 where something is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from map("".join, product(*(tuple(_words(each)) or ("7",) for each in node.values)))
    elif isinstance(node, ast.FormattedValue):
        yield from _words(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*_words(node.body), *_words(node.orelse))
    elif isinstance(node, ast.BoolOp):
        yield from (each for value in node.values for each in _words(value))


def _results() -> set[str]:
    calls = (each for each in _calls("log", "forensics") if len(each.args) > 2)
    return {said for call in calls for said in _words(call.args[2])}


def _schemas() -> set[str]:
    found = set[str]()
    for tree in _trees(ROOT / "parsers", "def schema("):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == "schema":
                returns = (each for each in ast.walk(node) if isinstance(each, ast.Return) and each.value)
                found |= {said for each in returns if each.value for said in _words(each.value)}
    return {each for each in found if " " in each}


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_of_the_log_has_its_words_and_keeps_its_name(action: str):
    dutch, english = WORDS[f"action.{action}"]
    assert dutch.endswith(f" ({action})")
    assert english == action


@pytest.mark.parametrize("result", sorted(_results()))
def test_every_result_of_a_step_is_said_in_dutch(result: str):
    assert _result(Words("nl"), result) != result
    assert _result(Words("en"), result) == result


@pytest.mark.parametrize(
    "reason",
    sorted(
        {s for each in _calls("skip", "parsers") for s in _words(each.args[0])}
        | {s for each in _calls("skip", "forensics") for s in _words(each.args[0])}
    ),
)
def test_every_reason_to_skip_a_row_has_its_words(reason: str):
    assert WORDS[f"skipped.{reason}"][1] == reason


# The names of a format and its number are the same in both languages; what stands before a version is named.
_NAMES = {"Postbox, user_version 7", "7, version 7"}
_VERSIONS = {"table message (since version 168)", "tables sms and mms (to version 167)", "key values"}


@pytest.mark.parametrize("schema", sorted(_schemas() - _NAMES | {f"{each}, version 7" for each in _VERSIONS}))
def test_every_schema_of_a_reader_is_said_in_dutch(schema: str):
    assert translated(schema, "nl") != schema


def test_a_dutch_report_says_them_where_they_stand():
    case = small_case()
    (item,) = case.evidence()
    item["files"][0]["schema"] = "modern: table message (since 2022)"
    item["files"][0]["tables"] = {
        "message": {"rows": 1, "messages": 0, "skipped": {"sentinel": 1}, "failed": 0}
    }
    item["problems"] = [{"path": "broken.db", "text": "it is empty"}]
    case.evidence = lambda: [item]
    shown = tables_of(report(case))
    assert "nieuw: tabel message (sinds 2022)" in next(iter(shown["B8.files"].rows()))[2]
    assert ("broken.db", "hij is leeg") in shown["B8.problems"].rows()
    assert next(iter(shown["C10.rows"].rows()))[4] == "vulrij van de app 1"
    assert {row[2].partition(" (")[0] for row in shown["C10.steps"].rows()} <= {
        WORDS[f"action.{each}"][0].partition(" (")[0] for each in ACTIONS
    }
