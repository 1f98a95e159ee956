"""Telegram's databases against their golden cases (fixtures/telegram_android, fixtures/telegram_postbox)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import postbox_installations
import pytest
import telegram_installations
from whatsapp_installations import Reading

FORMS = {"android": telegram_installations, "postbox": postbox_installations}
BUILDERS = {form: installations.load("build") for form, installations in FORMS.items()}
CASES = [f"{form}/{case}" for form, builder in BUILDERS.items() for case in builder.cases()]
IDENTITY = {"conversation": "handle", "participant": "handle", "account": "app", "call": "at"}


@pytest.fixture(scope="module")
def reading_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Reading]:
    readings: dict[str, Reading] = {}

    def reading(case: str) -> Reading:
        if case not in readings:
            form, _, name = case.partition("/")
            folder, work = tmp_path_factory.mktemp(name), tmp_path_factory.mktemp("work")
            readings[case] = FORMS[form].read(BUILDERS[form].build(name, folder), work)
        return readings[case]

    return reading


def folder_of(case: str) -> Path:
    """Where the answers of a case stand."""
    form, _, name = case.partition("/")
    return FORMS[form].FOLDER / name


def readable(case: str, reading: Reading) -> list[dict[str, Any]]:
    """The records as the answers are written."""
    return FORMS[case.partition("/")[0]].readable(reading)


def expected(case: str) -> list[dict[str, Any]]:
    lines = (folder_of(case) / "expected.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def differences(wanted: Any, found: Any, where: str, key: str = "") -> Iterator[str]:
    """What differs of the keys that are wanted, at every depth; of participants those named must be there."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from differences(value, found.get(name), f"{where}.{name}", name)
    elif key == "participants" and isinstance(wanted, list):
        yield from (f"{where}: {name!r} is not among {found!r}" for name in wanted if name not in found)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for place, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{where}[{place}]")
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{where}: {wanted!r} wanted, {found!r} found"


def matching(wanted: dict[str, Any], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records that a wanted one speaks of."""
    same = [record for record in records if record["record"] == wanted["record"]]
    if wanted["record"] == "message":
        place = (wanted["conversation"], wanted["source"]["table"], wanted["source"]["app_id"])
        return [r for r in same if (r["conversation"], r["source"]["table"], r["source"]["app_id"]) == place]
    key = IDENTITY[wanted["record"]]
    return [record for record in same if record[key] == wanted[key]]


@pytest.mark.parametrize("case", CASES)
def test_the_records_are_those_of_the_golden_case(case: str, reading_of: Callable[[str], Reading]) -> None:
    records, problems = readable(case, reading_of(case)), []
    for wanted in expected(case):
        found = matching(wanted, records)
        where = f"{wanted['record']} {wanted.get('source') or wanted.get('handle') or wanted.get('at')}"
        if len(found) == 1:
            problems.extend(differences(wanted, found[0], where))
        else:
            problems.append(f"{where}: {len(found)} records")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("case", CASES)
def test_no_other_message_or_call_comes_out(case: str, reading_of: Callable[[str], Reading]) -> None:
    kinds = ("message", "call")
    wanted = [record for record in expected(case) if record["record"] in kinds]
    assert len([record for record in readable(case, reading_of(case)) if record["record"] in kinds]) == len(
        wanted
    )


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_accounted_for(case: str, reading_of: Callable[[str], Reading]) -> None:
    reading = reading_of(case)
    for table, accounting in reading.accounting.items():
        assert accounting.balances(), (table, accounting)
    wanted = json.loads((folder_of(case) / "expected_tables.json").read_text("utf-8"))
    found = {
        table: {name: getattr(each, name) for name in ("rows", "messages", "skipped", "failed")}
        for table, each in reading.accounting.items()
        if each.rows or table in wanted
    }
    assert found == wanted


@pytest.mark.parametrize("case", CASES)
def test_the_notices_say_what_the_case_asks(case: str, reading_of: Callable[[str], Reading]) -> None:
    said = [f"{notice.text}\n{notice.raw}" for notice in reading_of(case).notices]
    for pattern in json.loads((folder_of(case) / "expected_notices.json").read_text("utf-8")):
        assert any(re.search(pattern, text) for text in said), (pattern, said)


@pytest.mark.parametrize("case", CASES)
def test_ids_are_given_once_and_every_reference_is_met(
    case: str, reading_of: Callable[[str], Reading]
) -> None:
    records = readable(case, reading_of(case))
    raw = [record for record in reading_of(case).records if hasattr(record, "id")]
    assert len({record.id for record in raw}) == len(raw)
    known = {r["handle"] for r in records if r["record"] == "participant"} | {None}
    for record in records:
        if record["record"] == "message":
            assert record["sender"] in known | {"owner"}
            assert set(record["mentions"]) <= known | {"owner"}
