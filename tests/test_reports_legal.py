"""What law a flag may be relevant to: channel or private chat, kind of trade; in a report and as JSON."""

# ruff: noqa: E501  # sentences of the report: easier to compare unbroken

from __future__ import annotations

import json

import pytest
from source_tree import ROOT
from test_reports_cases import FakeCase, conversation, flag, message
from test_reports_trade import MENU, blocks_of, item, tables

from forensics.analysis.score import Rules
from forensics.flag_law import with_law
from forensics.platforms import PublicNames, service
from forensics.trades import TRADES, trades
from reports.blocks import Fields

KINDS = ("direct", "group", "channel", "broadcast", "status", "self", "secret", "community", "unknown")


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


@pytest.mark.parametrize(
    ("app", "kind", "standing"),
    [
        ("whatsapp", "channel", "platform"),
        ("whatsapp_business", "channel", "platform"),
        ("whatsapp", "direct", "outside"),
        ("signal", "direct", "outside"),
        ("signal", "group", "open"),
        ("whatsapp", "group", "open"),
        ("whatsapp", "broadcast", "open"),
        ("whatsapp", "status", "open"),
        ("telegram", "channel", "open"),
        ("telegram", "direct", "open"),
        ("signal", "channel", "open"),
        ("snapchat", "group", "open"),
    ],
)
def test_only_what_the_source_says_is_called_a_platform_or_outside_the_act(app, kind, standing):
    assert service({"app": app, "kind": kind}, ()).standing == standing


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_conversation_has_words(kind):
    for app in ("whatsapp", "telegram", "signal", "snapchat"):
        said = service({"app": app, "kind": kind}, ()).said
        assert said["nl"] and said["en"] and said["nl"] != said["en"]


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


def test_public_names_are_those_of_the_app_and_of_channels_and_groups_alone():
    public = PublicNames(telegram_case().participants())
    talk = {"app": "telegram", "handle": "-5"}
    assert public.of({**talk, "kind": "channel"}) == ("@nachtwinkel",)
    assert public.of({**talk, "kind": "direct"}) == ()
    assert public.of({**talk, "kind": "channel", "app": "signal"}) == ()
    assert public.of({"app": "telegram", "handle": None, "kind": "group"}) == ()


@pytest.mark.parametrize("parser", ["telegram_android", "telegram_postbox"])
def test_the_public_names_of_telegram_are_found_by_what_its_parsers_write(parser):
    lines = (ROOT / "fixtures" / parser / "groups" / "expected.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    public = PublicNames(each for each in records if each["record"] == "participant")
    named = [each for each in records if each["record"] == "conversation" and public.of(each)]
    assert named and all(service(each, public.of(each)).is_public for each in named)


@pytest.mark.parametrize(
    ("language", "public", "unknown"),
    [("nl", "met een openbare naam", "geen openbare naam is vastgelegd"), ("en", "with a public name", "no public name is recorded")],
)  # fmt: skip
@pytest.mark.parametrize("form", ["pdf", "html", "flags"])
def test_the_report_says_channel_or_chat_and_what_is_known(form, language, public, unknown):
    found = tables(telegram_case(), form, language)
    services = found["E17.services"]
    assert [row[2:4] for row in services] == [("1", "1")] * 3
    assert [public in row[4] for row in services].count(True) == 1
    assert [unknown in row[4] for row in services].count(True) == 2
    kind = {"nl": "kanaal", "en": "channel"}[language]
    shown = [row[6 if form == "html" else 1].splitlines()[-1] for row in found["E17.flags"][:2]]
    assert shown == [f"{kind} @nachtwinkel", kind]


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


def test_without_a_flag_nothing_is_said_of_law():
    case = FakeCase([(conversation(1, 1), [message(1, conversation(1, 1)["id"], "hoi")])])
    assert not {"E17.services"} & tables(case).keys()


def test_flags_as_json_keep_what_is_stored_and_say_the_rest_beside_it():
    case = telegram_case()
    stored = list(case.flags())
    found = list(with_law(case, case.flags()))
    assert [{name: each[name] for name in one} for each, one in zip(found, stored, strict=True)] == stored
    assert found[0]["service"] == {
        "app": "telegram", "conversation_kind": "channel", "public_names": ["@nachtwinkel"], "platform": "open",
        "note": "channel of Telegram with a public name; the legal label is left open",
    }  # fmt: skip
    assert found[0]["trade"] == ["wholesale_or_production"] == list(trades(stored[0]))
    gone = next(with_law(case, [flag("c-gone", ["m-gone"])]))
    assert gone["service"]["platform"] == "open"
