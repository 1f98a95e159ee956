"""The WhatsApp parser for Android against its golden cases, as fixtures/whatsapp_android/README.md says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fixture_programs import load
from whatsapp_installations import Reading, read, readable

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "whatsapp_android"
SETS = {"reactions", "receipts", "mentions", "votes", "phones", "also"}
NUMBERS = {"phone", "phones"}
IDENTITY = {"conversation": "handle", "participant": "handle", "account": "app"}


BUILD = load("whatsapp_android")
CASES = BUILD.cases()


@pytest.fixture(scope="module")
def reading_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reading]:
    readings: dict[str, Reading] = {}

    def reading(case: str) -> Reading:
        if case not in readings:
            folder = tmp_path_factory.mktemp(case)
            work = tmp_path_factory.mktemp("work")
            readings[case] = read(BUILD.build(case, folder), work)
        return readings[case]

    return reading


def expected(case: str) -> list[dict[str, Any]]:
    lines = (FOLDER / case / "expected.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def digits(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(digits(each) for each in value)
    return None if value is None else re.sub(r"\D", "", str(value))


def differences(wanted: Any, found: Any, key: str, where: str) -> Iterator[str]:
    """What differs of the keys that are wanted, at every depth."""
    if key in NUMBERS:
        if digits(wanted) != digits(found):
            yield f"{where}: {wanted!r} wanted, {found!r} found"
    elif isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from differences(value, found.get(name), name, f"{where}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list):
        yield from list_differences(wanted, found, key, where)
    elif key == "name" and isinstance(wanted, str) and isinstance(found, str):
        if wanted.removeprefix("~") != found.removeprefix("~"):
            yield f"{where}: {wanted!r} wanted, {found!r} found"
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{where}: {wanted!r} wanted, {found!r} found"


def list_differences(wanted: list[Any], found: list[Any], key: str, where: str) -> Iterator[str]:
    if key == "participants":
        yield from (f"{where}: {name!r} is not among them" for name in wanted if name not in found)
        return
    if len(wanted) != len(found):
        yield f"{where}: {wanted!r} wanted, {found!r} found"
        return
    if key in SETS:
        left = list(found)
        for item in wanted:
            match = next((each for each in left if not [*differences(item, each, "", "")]), None)
            if match is None:
                yield f"{where}: {item!r} wanted, {found!r} found"
            else:
                left.remove(match)
        return
    for place, (one, other) in enumerate(zip(wanted, found, strict=True)):
        yield from differences(one, other, key, f"{where}[{place}]")


def matching(wanted: dict[str, Any], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records that a wanted one speaks of."""
    kind = wanted["record"]
    same = [record for record in records if record["record"] == kind]
    if kind == "message":
        place = (wanted["source"]["path"], wanted["source"]["table"], wanted["source"]["rowid"])
        return [r for r in same if (r["source"]["path"], r["source"]["table"], r["source"]["rowid"]) == place]
    if kind == "call":
        return [record for record in same if record["at"] == wanted["at"]]
    return [record for record in same if record[IDENTITY[kind]] == wanted[IDENTITY[kind]]]


@pytest.mark.parametrize("case", CASES)
def test_the_records_are_those_of_the_golden_case(case: str, reading_of: Callable[[str], Reading]) -> None:
    records = readable(reading_of(case))
    counts: dict[str, int] = {}
    for record in records:
        if record["record"] == "message":
            counts[record["conversation"]] = counts.get(record["conversation"], 0) + 1
    for record in records:
        if record["record"] == "conversation":
            record["messages"] = counts.get(record["handle"], 0)
    problems = []
    for wanted in expected(case):
        found = matching(wanted, records)
        where = f"{wanted['record']} {wanted.get('source') or wanted.get('at') or wanted.get('handle')}"
        if len(found) != 1:
            problems.append(f"{where}: {len(found)} records")
            continue
        problems.extend(differences(wanted, found[0], "", where))
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("case", CASES)
def test_no_other_message_or_call_comes_out(case: str, reading_of: Callable[[str], Reading]) -> None:
    if not BUILD.describe(case)["complete"]:
        pytest.skip("the case leaves open what else there may be")
    wanted = [record for record in expected(case) if record["record"] in ("message", "call")]
    found = [record for record in readable(reading_of(case)) if record["record"] in ("message", "call")]
    assert len(found) == len(wanted)


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_accounted_for(case: str, reading_of: Callable[[str], Reading]) -> None:
    reading = reading_of(case)
    for table, accounting in reading.accounting.items():
        assert accounting.balances(), (table, accounting)
    tables = json.loads((FOLDER / case / "expected_tables.json").read_text("utf-8"))
    for table, counts in tables.get("msgstore.db", {}).items():
        found = reading.accounting[table]
        for key, value in counts.items():
            assert getattr(found, key) == value, (table, key)


@pytest.mark.parametrize("case", CASES)
def test_the_notices_say_what_the_case_asks(case: str, reading_of: Callable[[str], Reading]) -> None:
    said = [f"{notice.text}\n{notice.raw}" for notice in reading_of(case).notices]
    for pattern in json.loads((FOLDER / case / "expected_notices.json").read_text("utf-8")):
        assert any(re.search(pattern, text) for text in said), (pattern, said)


@pytest.mark.parametrize("case", CASES)
def test_the_records_come_in_order(case: str, reading_of: Callable[[str], Reading]) -> None:
    reading = reading_of(case)
    kinds = [type(record).__name__ for record in reading.records if type(record).__name__ != "Notice"]
    order = ["Account", "Conversation", "Participant", "Message", "Call"]
    assert kinds == sorted(kinds, key=order.index)
    assert kinds.count("Account") == 1
    assert len({record.id for record in reading.records if hasattr(record, "id")}) == len(kinds)
