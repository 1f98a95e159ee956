"""A mention of Signal is shown in its place, and the record keeps the text as it is stored."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from sporen_runs import exported, ingest, new, of
from test_recovered_apps import built

from forensics.cli import main


def test_show_says_who_is_mentioned_where(tmp_path: Path):
    phone = built("signal_android", "modern", tmp_path / "phone")
    case = new(tmp_path / "case")
    ingest(case, phone)
    records = exported(case)
    names = {each["id"]: each["names"][0]["name"] for each in of(records, "participant") if each["names"]}
    (message,) = [each for each in of(records, "message") if each["mentions"]]
    assert message["text"].count("\ufffc") == 1
    result = CliRunner().invoke(main, ["show", str(case), message["id"], "--json"])
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert shown["message"]["text"] == message["text"]
    wanted = message["text"].replace("\ufffc", f"@{names[message['mentions'][0]]}")
    assert shown["text_with_names"] == wanted
    assert wanted in CliRunner().invoke(main, ["show", str(case), message["id"]]).stdout
