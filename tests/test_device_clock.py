"""The recorded offset of a device's clock: behind every time that its apps stored, and never applied."""

from __future__ import annotations

import csv
import json

import pytest
from sporen_runs import MSGSTORE, done, exported, ingest, new, of, phone

from forensics.cli.clock import marked


def reported(tmp_path, offset, *exhibits, language="en"):
    """The pages of a report on a case with that offset, its CSV of messages, and its records."""
    config = tmp_path / "case.toml"
    config.write_text(f"[device]\nclock_offset_seconds = {offset}\n" if offset is not None else "")
    case = new(tmp_path / "case", "--config", config)
    root = phone(tmp_path / "phone", "modern_direct")
    other = phone(tmp_path / "other", "calls")
    for exhibit, folder in zip(exhibits or ("A",), (root, other), strict=False):
        ingest(case, folder / MSGSTORE, "--exhibit", exhibit)
    out = tmp_path / "out"
    done("report", case, "-o", out, "--format", "html,csv", "--language", language)
    pages = "".join(path.read_text("utf-8") for path in sorted(out.rglob("*.html")))
    (sheet,) = [path for path in sorted(out.rglob("*.csv")) if "message" in path.name]
    rows = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    return pages, rows, exported(case)


@pytest.mark.parametrize(("language", "mark"), [("en", "(clock -2 s)"), ("nl", "(klok -2 s)")])
def test_it_stands_behind_every_stored_time_and_changes_none(tmp_path, language, mark):
    pages, rows, records = reported(tmp_path, -2, language=language)
    times = {each["id"]: each["sent_at"] for each in of(records, "message")}
    marked = [row for row in rows if row["sent_at"]]
    assert marked
    for row in marked:
        assert row["sent_at_local"].endswith(mark)
        assert row["sent_at"] == times[row["id"]]
        assert row["sent_at_local"][14:19] == row["sent_at"][14:19]  # minutes and seconds as stored
    times = [row["sent_at_local"].removesuffix(f" {mark}") for row in marked]
    printed = [each for each in times if each in pages]
    assert printed
    # but for the first and the last day of a whole, none stands there without it
    assert all(f"{each} {mark}" in pages for each in printed)


@pytest.mark.parametrize("offset", [None, '"two seconds"', '""'])
def test_without_a_recorded_number_nothing_stands_there(tmp_path, offset):
    pages, rows, _records = reported(tmp_path, offset)
    assert "(clock " not in "".join(row["sent_at_local"] or "" for row in rows)
    assert "(clock -" not in pages.replace("(clock -2 s)", "", 1)  # the rule of part C explains it


def test_an_offset_of_zero_was_recorded_too(tmp_path):
    _pages, rows, _records = reported(tmp_path, 0)
    assert all(row["sent_at_local"].endswith("(clock 0 s)") for row in rows if row["sent_at"])


def test_of_several_exhibits_it_is_not_known_whose_clock_it_is(tmp_path):
    _pages, rows, _records = reported(tmp_path, -2, "A", "B")
    assert rows
    assert all("(clock" not in (row["sent_at_local"] or "") for row in rows)


def test_show_and_the_lists_say_it_too_and_change_no_time(tmp_path):
    config = tmp_path / "case.toml"
    config.write_text("[device]\nclock_offset_seconds = -2\n")
    case = new(tmp_path / "case", "--config", config)
    ingest(case, phone(tmp_path / "phone", "modern_direct") / MSGSTORE, "--exhibit", "A")
    message = next(each for each in of(exported(case), "message") if each["sent_at"])
    lines = done("show", case, message["id"]).stdout.splitlines()
    assert f"{'sent_at':18} {message['sent_at']} (clock -2 s)" in lines
    context = lines[
        lines.index("context") + 1 : next(n for n, each in enumerate(lines) if "source row" in each)
    ]
    times = [each[2:39] for each in context if each[2:3].isdigit()]
    assert times
    assert all(each.endswith("Z (clock -2 s)") for each in times)
    shown = json.loads(done("show", case, message["id"], "--json").stdout)
    assert shown["clock_offset_seconds"] == "-2"
    assert shown["message"]["sent_at"] == message["sent_at"]
    for command in (("search", case, "een"), ("flags", case), ("differences", case)):
        assert "recorded as -2 s off, which is not applied" in done(*command).stderr
    plain = new(tmp_path / "plain")
    ingest(plain, tmp_path / "phone" / MSGSTORE)
    assert "clock" not in done("show", plain, message["id"]).output
    assert "-2 s" not in done("flags", plain).output


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([{"emoji": "x", "at": "T1"}], [{"emoji": "x", "at": "T1 !"}]),
        ({"read_at": "T1", "played_at": None}, {"read_at": "T1 !", "played_at": None}),
        ({"at": 5, "text": "at"}, {"at": 5, "text": "at"}),
    ],
)
def test_every_time_in_a_record_has_the_mark_behind_it(value, said):
    assert marked(value, " !", "reactions") == said
