"""The sender's clock against the server's, on every platform of Signal."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from signal_golden import Golden, read
from signal_snapshots import part
from sporen_runs import ingest, messages, new
from test_recovered_apps import built

from forensics.cli import main
from parsers.notes import Notes
from parsers.signal_android import SignalAndroid
from parsers.signal_clock import Clocks
from parsers.signal_desktop import SignalDesktop
from parsers.signal_ios import SignalIos
from parsers.signal_snapshot import SignalSnapshot

SENT = 1_709_546_460_000  # 2024-03-04T10:01:00.000Z
WORDS = "messages whose time of sending is more than an hour from that of Signal's server: 1"
LINE = "row 1: sent 2024-03-04T10:01:00.000Z, at the server 2024-03-04T13:01:00.000Z"
IN_JSON = """UPDATE messages SET serverTimestamp = NULL,
  json = json_set(json, '$.serverTimestamp', {}) WHERE rowid = 1"""
PLACES = [
    (SignalAndroid(), "signal.db", "UPDATE message SET date_server = {} WHERE _id = 1"),
    (SignalIos(), "signal.sqlite", "UPDATE model_TSInteraction SET serverTimestamp = {} WHERE id = 1"),
    (SignalDesktop(), "db.sqlite", "UPDATE messages SET serverTimestamp = {} WHERE rowid = 1"),
    (SignalDesktop(), "db.sqlite", IN_JSON),
]


@pytest.mark.parametrize(("parser", "main", "update"), PLACES)
@pytest.mark.parametrize(("later", "count"), [(3 * 3_600_000, 1), (3_600_000, 0)])
def test_a_clock_that_is_far_off_is_told_with_both_times(parser, main, update, later, count, tmp_path):
    root = Golden(parser, main, {}).build.build("modern", tmp_path / "root")
    (path,) = root.rglob(main)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(update.format(SENT + later))
        connection.commit()
    found = read(parser, path, root, tmp_path / "work")
    assert [each.raw for each in found.notices if each.text == WORDS] == [LINE] * count


@pytest.mark.parametrize(
    ("sent", "server"), [(None, SENT), (SENT, None), (SENT, -1), (SENT, 0), (-5, SENT), (1 << 62, SENT)]
)
def test_what_is_no_time_says_nothing_of_a_clock(sent, server):
    clocks, notes = Clocks("message"), Notes(None)
    clocks.look(1, sent, server)
    clocks.note(notes)
    assert not notes.is_pending


AT_SERVER = {"at Signal's server": SENT}


@pytest.mark.parametrize(
    ("parser", "row", "expected"),
    [
        (SignalAndroid(), {"date_server": SENT}, AT_SERVER),
        (SignalAndroid(), {"date_server": -1}, {}),
        (SignalAndroid(), {"date_server": "x"}, {}),
        (SignalIos(), {"serverTimestamp": SENT}, AT_SERVER),
        (SignalDesktop(), {"serverTimestamp": SENT, "json": "{}"}, AT_SERVER),
        (SignalDesktop(), {"serverTimestamp": None, "json": f'{{"serverTimestamp":{SENT}}}'}, AT_SERVER),
        (SignalDesktop(), {"serverTimestamp": None, "json": "{"}, {}),
        (SignalSnapshot(), {"data": part(3, 1) + part(8, part(1, 1) + part(2, SENT))}, AT_SERVER),
        (SignalSnapshot(), {"data": part(3, 1) + part(9, b"")}, {}),
        (SignalSnapshot(), {"data": b"\xff"}, {}),
        (SignalAndroid(), {}, {}),
    ],
)
def test_the_time_of_the_server_is_found_in_the_row_of_every_form(parser, row, expected):
    assert parser.times_in(row) == expected


def test_show_says_when_a_message_was_at_the_server(tmp_path: Path):
    root = built("signal_android", "modern", tmp_path / "phone")
    (path,) = root.rglob("signal.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE message SET date_server = ? WHERE _id = 1", (SENT + 1_500,))
        connection.commit()
    case = new(tmp_path / "case")
    ingest(case, root)
    (key,) = [each["id"] for each in messages(case) if each["source"]["rowid"] == 1
              and each["source"]["table"] == "message"]  # fmt: skip
    shown = json.loads(CliRunner().invoke(main, ["show", str(case), key, "--json"]).stdout)
    assert shown["source_row"]["times"] == {"at Signal's server": "2024-03-04T10:01:01.500Z"}
    said = CliRunner().invoke(main, ["show", str(case), key]).stdout
    assert "  at Signal's server: 2024-03-04T10:01:01.500Z" in said
