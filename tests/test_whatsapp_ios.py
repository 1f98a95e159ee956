"""The WhatsApp parser for iOS against its golden cases, which were written from the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from whatsapp_installations import Reading
from whatsapp_ios_installations import BUILD, FOLDER, expected, read, records

from forensics.digest import call_dict, message_fields, rare_fields, written
from forensics.digest import canonical as to_json
from forensics.model import Call, Message

CASES = BUILD.cases()
IDENTITY = {"conversation": "handle", "participant": "handle", "account": "app"}
ORDER = ["Account", "Conversation", "Participant", "Message", "Call"]


@pytest.fixture(scope="module")
def reading_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reading]:
    readings: dict[str, Reading] = {}

    def reading(case: str) -> Reading:
        if case not in readings:
            folder = BUILD.build(case, tmp_path_factory.mktemp(case))
            readings[case] = read(folder, tmp_path_factory.mktemp("work"))
        return readings[case]

    return reading


def differences(wanted: Any, found: Any, where: str) -> Iterator[str]:
    """What differs of the keys that are wanted, at every depth."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from differences(value, found.get(name), f"{where}.{name}")
    elif where.endswith(".participants") and isinstance(found, list):
        yield from (f"{where}: {each!r} is not among {found}" for each in wanted if each not in found)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for place, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{where}[{place}]")
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{where}: {wanted!r} wanted, {found!r} found"


def place(record: dict[str, Any]) -> tuple[Any, Any]:
    return record["source"]["table"], record["source"]["rowid"]


def matching(wanted: dict[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    same = [record for record in found if record["record"] == wanted["record"]]
    if wanted["record"] in ("message", "call"):
        return [record for record in same if place(record) == place(wanted)]
    key = IDENTITY[wanted["record"]]
    return [record for record in same if record[key] == wanted[key]]


@pytest.mark.parametrize("case", CASES)
def test_the_records_are_those_of_the_golden_case(case: str, reading_of: Callable[[str], Reading]) -> None:
    found = records(reading_of(case))
    for record in found:
        if record["record"] == "conversation":
            record["messages"] = sum(
                each["record"] == "message" and each["conversation"] == record["handle"]
                and place(each)[0] == "ZWAMESSAGE" for each in found
            )  # fmt: skip
    problems: list[str] = []
    for wanted in expected(case):
        fitting = matching(wanted, found)
        where = f"{wanted['record']} {wanted.get('source') or wanted.get('handle')}"
        if len(fitting) == 1:
            problems += differences(wanted, fitting[0], where)
        else:
            problems.append(f"{where}: {len(fitting)} records")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("case", [case for case in CASES if case != "gaps"])
def test_no_other_message_or_call_comes_out(case: str, reading_of: Callable[[str], Reading]) -> None:
    kinds = ("message", "call")
    wanted = [(each["record"], place(each)) for each in expected(case) if each["record"] in kinds]
    found = [(each["record"], place(each)) for each in records(reading_of(case)) if each["record"] in kinds]
    assert sorted(found, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_accounted_for_and_notices_say_what_is_asked(
    case: str, reading_of: Callable[[str], Reading]
) -> None:
    reading = reading_of(case)
    asked = json.loads((FOLDER / case / "expected.json").read_text("utf-8"))
    for table, accounting in reading.accounting.items():
        assert accounting.balances(), (table, accounting)
    for table, counts in asked["tables"].items():
        for key, value in counts.items():
            assert getattr(reading.accounting[table], key) == value, (table, key)
    said = [f"{notice.text}\n{notice.raw}" for notice in reading.notices]
    for pattern in asked["notices"]:
        assert any(re.search(pattern, text) for text in said), (pattern, said)


@pytest.mark.parametrize("case", CASES)
def test_the_records_come_in_order_and_name_only_what_was_given(
    case: str, reading_of: Callable[[str], Reading]
) -> None:
    reading = reading_of(case)
    kinds = [type(record).__name__ for record in reading.records if type(record).__name__ != "Notice"]
    assert kinds == sorted(kinds, key=ORDER.index)
    assert kinds.count("Account") == 1
    ids = [record.id for record in reading.records if hasattr(record, "id")]
    assert len(set(ids)) == len(ids)
    given = {record.id for record in reading.records if hasattr(record, "id")}
    for record in [*reading.messages, *reading.calls]:
        form = to_json(call_dict(record)) if isinstance(record, Call) else message_json(record)
        assert set(re.findall(r'"([cp][0-9a-f]{24})"', form)) <= given


def message_json(message: Message) -> str:
    return written(message_fields(message, rare_fields(message))).decode()


def test_a_complete_case_raises_no_gap(reading_of: Callable[[str], Reading]) -> None:
    assert not [notice for notice in reading_of("direct").notices if notice.severity == "gap"]
