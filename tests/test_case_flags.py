"""The flags of a conversation: each read when it is looked at, and found by the messages that it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from review_pages import TEXTS, hostile_case
from sporen_runs import exported, of

from forensics import case_flags
from forensics.case import Case
from forensics.case_flags import FlagForms
from forensics.web.hits import Hits

MENU = (None, "Menu: coke 1g 50 euro, keta 1g 25 euro, xtc 10 st 30 euro")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_case(tmp_path_factory.mktemp("flags"), [*TEXTS, MENU])


def test_the_flags_are_those_of_the_export(case: Path):
    with Case.open(case) as opened:
        forms = FlagForms(opened.db, 1)
    flags = of(exported(case), "flag")
    assert [*forms] == [each["id"] for each in flags]
    assert len(forms) == len(flags) > 1
    for each in flags:
        assert forms.heads[each["id"]] == (each["kind"], each["score"])
        assert forms[each["id"]]["messages"] == each["messages"]
        assert forms[each["id"]]["rules"] == each["rules"]
    assert "f00" not in forms


def test_only_the_flags_of_the_messages_shown_are_read(case: Path, monkeypatch: pytest.MonkeyPatch):
    flags = of(exported(case), "flag")
    with Case.open(case) as opened:
        forms = FlagForms(opened.db, 1)
    read: list[str] = []
    loads = case_flags.orjson.loads
    monkeypatch.setattr(case_flags.orjson, "loads", lambda form: read.append(form) or loads(form))
    silent = next(
        each["id"]
        for each in of(exported(case), "message")
        if all(each["id"] not in flag["messages"] for flag in flags)
    )
    assert forms.naming([silent]) == []
    assert Hits(forms, {}, {silent}).flags_of(silent) == []
    assert not read
    seen: set[str] = set()
    for message in of(exported(case), "message"):
        key = message["id"]
        wanted = [each["id"] for each in flags if key in each["messages"]]
        assert [each for each in forms.naming({key}) if key in forms[each]["messages"]] == wanted
        assert Hits(forms, {wanted[0]: 7} if wanted else {}, {key}).flags_of(key) == [
            (each, 7 if each == wanted[0] else 0) for each in wanted
        ]
        seen |= set(wanted)
        assert len(read) == len(seen)


def test_the_hits_of_a_message_are_the_stretches_of_its_rules(case: Path):
    flags = of(exported(case), "flag")
    with Case.open(case) as opened:
        forms = FlagForms(opened.db, 1)
    (menu,) = (each for each in of(exported(case), "message") if each["text"] == MENU[1])
    flag = next(each for each in flags if each["kind"] == "menu" and menu["id"] in each["messages"])
    hits = Hits(forms, {}, {menu["id"]}, flag["id"])
    assert hits.is_in_hand(menu["id"])
    _, own = hits.spans(menu["id"], menu["text"])
    wanted = [
        (each["start"], each["end"])
        for each in flag["rules"]
        if each.get("message") == menu["id"] and each["text"] and each["end"] > each["start"]
    ]
    assert sorted(own) == sorted(wanted)
    assert {menu["text"][start:end] for start, end in own} >= {"coke", "keta", "xtc"}
    assert hits.spans(menu["id"], "another text") == ([], [])
