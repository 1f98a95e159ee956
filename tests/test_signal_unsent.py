"""What was written and never sent is no sent message, on any platform of Signal."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from signal_golden import Golden, read
from sporen_runs import exported, ingest, new, of
from test_recovered_apps import built

from forensics.cli import main
from parsers.signal_android import SignalAndroid

# reference 3.5: base 27 is a draft, with and without the bits of a sent Signal message (0xA00000)
DRAFTS = (27, 27 | 0xA00000)
LATER = 1_709_640_000_000  # 2024-03-05T12:00:00Z


def row_1(tmp_path: Path, update: str):
    root = Golden(SignalAndroid(), "signal.db", {}).build.build("modern", tmp_path / "root")
    (path,) = root.rglob("signal.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"UPDATE message SET {update} WHERE _id = 2")
        connection.commit()
    return read(SignalAndroid(), path, root, tmp_path / "work").message(2, "message")


@pytest.mark.parametrize("kind", DRAFTS)
def test_a_row_of_the_drafts_box_was_not_sent(kind: int, tmp_path: Path):
    message = row_1(tmp_path, f"type = {kind}")
    assert (message.status, message.sent_at, message.received_at) == ("draft", None, None)
    assert (message.text, message.kind) == ("Ja, kom maar", "text")


def test_a_scheduled_row_was_not_sent_and_says_when_it_was_to_be(tmp_path: Path):
    message = row_1(tmp_path, f"scheduled_date = {LATER}")
    assert (message.status, message.sent_at, message.received_at) == ("scheduled", None, None)
    assert message.system is not None
    assert message.system.detail == "to be sent at 2024-03-05T12:00:00.000Z; not sent yet"


@pytest.mark.parametrize("parser", ["signal_android", "signal_ios", "signal_desktop"])
def test_no_unsent_text_has_a_time_of_sending(parser: str, tmp_path: Path):
    root = built(parser, "modern", tmp_path / "phone")
    case = new(tmp_path / "case")
    ingest(case, root)
    unsent = [each for each in of(exported(case), "message") if each["status"] in ("draft", "scheduled")]
    assert unsent
    for each in unsent:
        assert (each["sent_at"], each["received_at"], each["from_owner"]) == (None, None, True)
        shown = CliRunner().invoke(main, ["show", str(case), each["id"], "--json"])
        assert json.loads(shown.stdout)["message"]["status"] == each["status"]
