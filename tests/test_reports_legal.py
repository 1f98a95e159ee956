"""What law a flag may be relevant to: provisions, channel or private chat, kind of trade; in a report and as JSON."""

# ruff: noqa: E501  # sentences of the report: easier to compare unbroken

from __future__ import annotations

import json
import tomllib

import pytest
from source_tree import ROOT
from test_reports_cases import FakeCase, conversation, flag, message
from test_reports_trade import MENU, blocks_of, item, tables

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.score import Rules
from forensics.flag_law import with_law
from forensics.platforms import PublicNames, service
from forensics.provisions import may_concern
from forensics.trades import TRADES, trades
from reports.blocks import Fields, Prose, Table

DAY = "2026-02-01T10:00:00.000Z"
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


def a_flag(*listed, kind="menu", rules=(), goods=()):
    items = [item("mdma", each, 3, 20) for each in listed] + [item(each, None, 1, 20) for each in goods]
    return flag("c", ["m"], kind=kind, items=items, rules=list(rules))


def ids(found, sent_at=DAY):
    return [each.id for each in may_concern(found, sent_at)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (a_flag("I"), ["opiumwet-3b", "opiumwet-2-B"]),
        (a_flag("I", "II"), ["opiumwet-3b", "opiumwet-2-B", "opiumwet-3-B"]),
        (a_flag("IA", kind="deal"), ["opiumwet-2a-B"]),
        (a_flag("II", kind="deal"), ["opiumwet-3-B"]),
        (a_flag(kind="deal"), ["opiumwet-open-B"]),
        (a_flag(goods=["ketamine"]), ["geneesmiddelenwet"]),
        (a_flag(goods=["2-fdck"], kind="deal"), ["opiumwet-open-B"]),
        (a_flag(goods=["pmk"], kind="deal"), ["opiumwet-10a-D", "precursors"]),
        (a_flag(goods=["gbl"], kind="deal"), ["opiumwet-10a-ghb"]),
        (a_flag("I", kind="conversation"), []),
    ],
)  # fmt: skip
def test_provisions_follow_the_kind_of_flag_and_the_lists_of_its_goods_on_the_day(found, expected):
    assert ids(found) == expected


def test_a_message_without_a_time_is_given_no_provision():
    assert ids(a_flag("I"), None) == []


def test_a_new_number_announced_to_many_is_named_as_publication_and_a_number_alone_is_not():
    one = a_flag("I", kind="deal", rules=[hit("number")])
    assert "opiumwet-3b" not in ids(one)
    assert "opiumwet-3b" in ids({**one, "rules": [hit("number"), hit("broadcast")]})


@pytest.mark.parametrize(("rule", "expected"), [("offer", True), ("request", False)])
def test_possession_is_named_where_who_offers_says_that_it_is_in_stock(rule, expected):
    assert ("opiumwet-C" in ids(a_flag("I", rules=[hit(rule, "Op voorraad")]))) is expected
    assert "opiumwet-C" not in ids(a_flag("I", rules=[hit("offer", "te koop")]))


def test_every_condition_names_what_there_is():
    laws = {row["law"] for row in table(data_bytes("other_laws.csv"))} | {"I", "IA", "II", "open"}
    rules = set(Rules.load()[0].rules)
    for each in tomllib.loads(data_bytes("provisions.toml").decode())["provision"]:
        assert all(each[name].keys() == {"short", "text", "by", "ground"} for name in ("nl", "en"))
        for one in each["when"]:
            assert set(one.get("goods", ())) <= laws and set(one.get("rules", ())) <= rules
            assert all(said == said.casefold() for said in one.get("said", ()))
    assert set(TRADES) == {each for each in rules if each.startswith("kind-")}


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
@pytest.mark.parametrize("form", ["html", "flags"])
def test_the_report_says_channel_or_chat_and_what_is_known(form, language, public, unknown):
    found = tables(telegram_case(), form, language)
    services = found["E17.services"]
    assert [row[2:4] for row in services] == [("1", "1")] * 3
    assert [public in row[4] for row in services].count(True) == 1
    assert [unknown in row[4] for row in services].count(True) == 2
    kind = {"nl": "kanaal", "en": "channel"}[language]
    shown = [row[6 if form == "html" else 1].splitlines()[-1] for row in found["E17.flags"][:2]]
    assert shown == [f"{kind} @nachtwinkel", kind]


def test_the_summary_says_in_a_word_what_is_known_of_a_service_and_where_the_reasons_stand():
    blocks = {block.key: block for block in blocks_of(telegram_case(), "pdf", "en")}
    services = blocks["E17.services"]
    assert isinstance(services, Table)
    assert [*services.rows()] == [("telegram", "channel, group", "3", "3", "open")]
    assert "flags.pdf" in blocks["E17.services.note"].text


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


@pytest.mark.parametrize(
    ("language", "hedge", "short"),
    [("nl", "Aanwijzing op grond van de tekst", "Opiumwet art. 3b; Opiumwet art. 2 onder B"),
     ("en", "Indication, based on the text", "Opium Act art. 3b; Opium Act art. 2(B)")],
)  # fmt: skip
def test_provisions_stand_with_what_they_go_by_and_never_without_the_caution(language, hedge, short):
    case = telegram_case()
    rows = tables(case, language=language)["E17.concerned"]
    assert [row[3] for row in rows] == ["V1, V2, V3"] * 2 and all(row[1] and "2007" in row[2] for row in rows)
    blocks = blocks_of(case, language=language)
    notes = [each.text for each in blocks if isinstance(each, Prose) and each.key == "E17.concerned.note"]
    assert len(notes) == 1 and notes[0].startswith(hedge)
    fields = [each for block in blocks if isinstance(block, Fields) for each in block.fields]
    assert {each.values for each in fields if each.key == "offer.concerned"} == {(short,)}


def test_without_a_flag_nothing_is_said_of_law():
    case = FakeCase([(conversation(1, 1), [message(1, conversation(1, 1)["id"], "hoi")])])
    assert not {"E17.concerned", "E17.services"} & tables(case).keys()


def test_flags_as_json_keep_what_is_stored_and_say_the_rest_beside_it():
    case = telegram_case()
    stored = list(case.flags())
    by_id = {each["id"]: each for each in case.messages()}
    case.message = by_id.get
    found = list(with_law(case, case.flags()))
    assert [{name: each[name] for name in one} for each, one in zip(found, stored, strict=True)] == stored
    assert found[0]["service"] == {
        "app": "telegram", "conversation_kind": "channel", "public_names": ["@nachtwinkel"], "platform": "open",
        "note": "channel of Telegram with a public name; the legal label is left open",
    }  # fmt: skip
    assert found[0]["trade"] == ["wholesale_or_production"] == list(trades(stored[0]))
    assert [each["id"] for each in found[0]["may_concern"]] == ["opiumwet-3b", "opiumwet-2-B"]
    gone = next(with_law(case, [flag("c-gone", ["m-gone"])]))
    assert gone["may_concern"] == [] and gone["service"]["platform"] == "open"
