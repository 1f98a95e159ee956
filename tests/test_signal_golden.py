"""The parsers of Signal against their golden cases, as the README beside each in fixtures says."""

from __future__ import annotations

import re

import pytest
from signal_golden import Golden
from whatsapp_installations import Reading

from parsers.signal_android import SignalAndroid
from parsers.signal_desktop import SignalDesktop
from parsers.signal_ios import SignalIos

ALL = {
    each.parser.name: each
    for each in (
        Golden(SignalAndroid(), "signal.db", {"message": "message", "call": "call"}),
        Golden(SignalDesktop(), "db.sqlite", {"message": "messages", "call": "callsHistory"}),
        Golden(SignalIos(), "signal.sqlite", {"message": "model_TSInteraction", "call": "CallRecord"}),
    )
}
every_case = pytest.mark.parametrize(
    ("name", "case"), [(name, case) for name, golden in ALL.items() for case in golden.build.cases()]
)


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    made: dict[tuple[str, str], Reading] = {}

    def reading(name: str, case: str) -> Reading:
        if (name, case) not in made:
            root, work = tmp_path_factory.mktemp(case), tmp_path_factory.mktemp("work")
            made[name, case] = ALL[name].read(case, root, work)
        return made[name, case]

    return reading


@every_case
def test_the_records_are_those_of_the_golden_case(name, case, readings):
    found = ALL[name].problems(case, readings(name, case))
    assert not found, "\n".join(found)


@every_case
def test_no_other_message_or_call_comes_out(name, case, readings):
    wanted = [each for each in ALL[name].expected(case) if each["record"] in ("message", "call")]
    assert ALL[name].build.describe(case)["complete"]
    reading = readings(name, case)
    assert len(reading.messages) + len(reading.calls) == len(wanted)


@every_case
def test_every_row_is_accounted_for(name, case, readings):
    accounting = readings(name, case).accounting
    assert all(each.balances() for each in accounting.values())
    for table, counts in ALL[name].build.describe(case)["tables"].items():
        for key, value in counts.items():
            assert getattr(accounting[table], key) == value, (table, key)


@every_case
def test_the_notices_are_given(name, case, readings):
    texts = [f"{each.text} {each.raw or ''}" for each in readings(name, case).notices]
    for pattern in ALL[name].build.describe(case)["notices"]:
        assert any(re.search(pattern, text) for text in texts), (pattern, texts)


@every_case
def test_every_reference_names_a_record(name, case, readings):
    reading = readings(name, case)
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


@pytest.mark.parametrize("name", ALL)
def test_all_numbers_are_fictitious(name):
    for path in ALL[name].folder.rglob("*"):
        if path.suffix in {".sql", ".json", ".jsonl"}:
            for number in re.findall(r"(?<![\w.])\+?316\d{8}(?!\d)", path.read_text("utf-8")):
                assert number.lstrip("+").startswith("31600000"), (path, number)


@pytest.mark.parametrize("name", ALL)
def test_two_runs_give_the_same_records(name, tmp_path):
    one, two = (ALL[name].read("modern", tmp_path / n, tmp_path / f"work-{n}") for n in ("one", "two"))
    assert one.records == two.records
