"""The parser of Signal for Android against its golden cases, as fixtures/signal_android/README.md says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from signal_golden import FIXTURES, expected, problems, read
from whatsapp_installations import Reading

from parsers.signal_android import SignalAndroid

FOLDER = FIXTURES / "signal_android"
TABLES = {"message": "message", "call": "call"}


def load_build():
    specification = importlib.util.spec_from_file_location("signal_android_build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


BUILD = load_build()
CASES = BUILD.cases()
every_case = pytest.mark.parametrize("case", CASES)


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    made: dict[str, Reading] = {}

    def reading(case: str) -> Reading:
        if case not in made:
            root = BUILD.build(case, tmp_path_factory.mktemp(case))
            (main,) = root.rglob("signal.db")
            made[case] = read(SignalAndroid(), main, root, tmp_path_factory.mktemp("work"))
        return made[case]

    return reading


@every_case
def test_the_records_are_those_of_the_golden_case(case, readings):
    wanted = expected(FOLDER / case)
    assert not [*problems(readings(case), wanted, TABLES)], "\n".join(
        problems(readings(case), wanted, TABLES)
    )


@every_case
def test_no_other_message_or_call_comes_out(case, readings):
    wanted = [each for each in expected(FOLDER / case) if each["record"] in ("message", "call")]
    assert BUILD.describe(case)["complete"]
    assert len(readings(case).messages) + len(readings(case).calls) == len(wanted)


@every_case
def test_every_row_is_accounted_for(case, readings):
    accounting = readings(case).accounting
    assert all(each.balances() for each in accounting.values())
    for table, counts in BUILD.describe(case)["tables"].items():
        for key, value in counts.items():
            assert getattr(accounting[table], key) == value, (table, key)


@every_case
def test_the_notices_are_given(case, readings):
    texts = [f"{each.text} {each.raw or ''}" for each in readings(case).notices]
    for pattern in BUILD.describe(case)["notices"]:
        assert any(re.search(pattern, text) for text in texts), (pattern, texts)


@every_case
def test_every_reference_names_a_record(case, readings):
    reading = readings(case)
    people = {each.id for each in reading.records if type(each).__name__ == "Participant"}
    chats = {each.id for each in reading.records if type(each).__name__ == "Conversation"}
    ids = [each.id for each in reading.records if hasattr(each, "id")]
    assert len(ids) == len(set(ids))
    for message in reading.messages:
        assert message.conversation in chats
        named = [
            message.sender,
            message.deleted_by,
            *message.mentions,
            *(r.sender for r in message.reactions),
        ]
        assert {each for each in named if each} <= people
        if message.reply_to and message.reply_to.id:
            assert message.reply_to.id in ids


def test_all_numbers_are_fictitious():
    for path in FOLDER.rglob("*"):
        if path.suffix in {".sql", ".json", ".jsonl"}:
            for number in re.findall(r"(?<![\w.])\+?316\d{8}(?!\d)", path.read_text("utf-8")):
                assert number.lstrip("+").startswith("31600000"), (path, number)


def test_two_runs_give_the_same_records(tmp_path):
    root = BUILD.build("modern", tmp_path / "root")
    (main,) = root.rglob("signal.db")
    one, two = (read(SignalAndroid(), main, root, tmp_path / name) for name in ("one", "two"))
    assert one.records == two.records
    assert Path(main).exists()
