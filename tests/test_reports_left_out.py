"""What a report leaves out is counted, and no more is left out than has to be."""

from __future__ import annotations

import pytest
from test_reports_cases import FakeCase, conversation, flag, message, small_case
from test_reports_trade import blocks_of, tables

from forensics.words import Words
from reports.blocks import Fields, fixed_table
from reports.setter import Setter


def against(case: FakeCase, count: int) -> FakeCase:
    """The case with so many different rules against its first flag."""
    rule = case.flag_list[0]["rules"][0]
    case.flag_list[0]["rules"] += [
        rule | {"id": f"context.{number}", "weight": -2, "reason": f"onderwerp {number}"}
        for number in range(count)
    ]
    return case


def overview(count: int, form: str) -> tuple[str, ...]:
    """The values of what speaks against flags, in the overview."""
    found = next(each for each in blocks_of(against(small_case(), count), form) if each.key == "E17.counter")
    assert isinstance(found, Fields)
    return tuple(map(str, found.fields[0].values))


@pytest.mark.parametrize(
    ("form", "count", "named", "last"),
    [
        ("pdf", 2, 2, "onderwerp 1"),
        ("pdf", 3, 2, "en nog 1 tegenaanwijzing, in messages.jsonl"),
        ("pdf", 15, 2, "en nog 13 tegenaanwijzingen, in messages.jsonl"),
        ("html", 12, 12, "onderwerp 11"),
        ("html", 15, 12, "en nog 3 tegenaanwijzingen, in messages.jsonl"),
    ],
)
def test_the_overview_counts_what_speaks_against_flags_and_is_not_named(form, count, named, last):
    values = overview(count, form)
    assert sum("context." in each for each in values) == named
    assert last in values[-1]


def test_learnt_weights_against_flags_stand_behind_the_rules_that_say_what_they_found():
    case = against(small_case(), 1)
    rules = case.flag_list[0]["rules"]
    rules.insert(0, rules[-1] | {"id": "learnt-against", "reason": "learnt weight against trade"})
    found = next(each for each in blocks_of(case, "html") if each.key == "E17.counter")
    assert [str(value).split(" · ")[1] for value in found.fields[0].values] == ["context.0", "learnt-against"]
    named = [
        [row[1].split()[0] for row in rows] for key, rows in tables(case).items() if key.endswith(".rules")
    ]
    assert [names for names in named if "learnt-against" in names[:-1]] == []
    assert [names for names in named if "learnt-against" in names]


@pytest.mark.parametrize(("rows", "printed", "left"), [(5, 5, ""), (6, 6, ""), (7, 5, "Nog 2 regels")])
def test_the_last_row_of_a_table_is_not_left_out_by_itself(rows, printed, left):
    made = fixed_table("x", "", ("a",), [(str(number),) for number in range(rows)], printed=5)
    found = Setter(Words("nl"), frozenset()).table(made)
    assert len(found["cells"]) == printed
    assert found["more"].startswith(left) and bool(found["more"]) is bool(left)


def test_rows_of_one_table_name_it_once():
    talk = conversation(1, 1)
    sent = [message(number, talk["id"], "x") for number in (1, 2, 3)]
    case = FakeCase([(talk, sent)], [flag(talk["id"], [each["id"] for each in sent])])
    source = tables(case)["E17.flags"][0][3]
    table = source.split(", ")[0].rpartition(" ")[0]
    assert source.count(table) == 1 and len(source.split(", ")) == 3


@pytest.mark.parametrize(("text", "columns"), [("🍬 3 voor 20", 5), ("3 voor 20", 4)])
def test_signs_in_words_have_a_column_where_a_text_has_any(text, columns):
    case = small_case()
    case.flag_list[0]["kind"] = "deal"
    for rule in case.flag_list[0]["rules"]:
        rule["text"] = text
    found = next(rows for key, rows in tables(case).items() if key.endswith(".rules") and key.startswith("T"))
    assert {len(row) for row in found} == {columns}
