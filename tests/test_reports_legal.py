"""What law a flag may be relevant to: kind of trade; in a report and as JSON."""

# sentences of the report: easier to compare unbroken

from __future__ import annotations

import pytest
from test_reports_cases import FakeCase, conversation, flag, message
from test_reports_trade import MENU, blocks_of, item, tables

from forensics.analysis.score import Rules
from forensics.flag_law import with_law
from forensics.trades import TRADES, trades
from reports.blocks import Fields


def hit(rule, text="x"):
    return {
        "id": rule,
        "version": "1",
        "message": None,
        "start": None,
        "end": None,
        "text": text,
        "reason": "",
        "weight": 0,
    }


def test_every_rule_on_the_kind_of_trade_has_a_name():
    assert set(TRADES) == {each for each in Rules.load()[0].rules if each.startswith("kind-")}


def telegram_case():
    talks, flags = [], []
    for number, (kind, handle) in enumerate((("channel", "-5"), ("channel", "-6"), ("group", "-7")), 1):
        talk = conversation(number, 1, app="telegram", kind=kind, handle=handle, title=f"T{number}")
        sent = message(number, talk["id"], MENU, app="telegram", conversation_kind=kind)
        talks.append((talk, [sent]))
        flags.append(
            flag(talk["id"], [sent["id"]], id=f"f{number}", kind="menu", rules=[hit("kind-wholesale")],
                 items=[item("mdma", "I", 3, 20)])
        )  # fmt: skip
    case = FakeCase(talks, flags)
    people = list(case.participants())
    known = {
        "record": "participant",
        "id": "p5",
        "app": "telegram",
        "handle": "-5",
        "phone": None,
        "is_owner": False,
    }
    names = [
        {"name": "@nachtwinkel", "source": "username (public channel)"},
        {"name": "T1", "source": "title"},
    ]
    case.participants = lambda: iter([*people, known | {"names": names}])
    return case


@pytest.mark.parametrize(
    ("language", "said"), [("nl", "groothandel of productie"), ("en", "wholesale or production")]
)
def test_the_kind_of_trade_is_a_column_of_the_flags_and_a_line_of_the_offer(language, said):
    case = telegram_case()
    assert all(row[5] == said for row in tables(case, language=language)["E17.flags"])
    printed = tables(case, "flags", language)["E17.flags"]
    assert all(row[4].splitlines()[-1].endswith(f": {said}") for row in printed)
    fields = [
        each
        for block in blocks_of(case, language=language)
        if isinstance(block, Fields)
        for each in block.fields
    ]
    shown = [each.values for each in fields if each.key == "offer.trade"]
    assert shown and all(said in text for (text,) in shown)


def test_flags_as_json_keep_what_is_stored_and_say_the_rest_beside_it():
    case = telegram_case()
    stored = list(case.flags())
    found = list(with_law(case.flags()))
    assert [{name: each[name] for name in one} for each, one in zip(found, stored, strict=True)] == stored
    assert found[0]["trade"] == ["wholesale_or_production"] == list(trades(stored[0]))
