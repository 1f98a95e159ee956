"""The benchmark that holds Telegram beside WhatsApp: what it prints and when it fails."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # the benchmarks are programs beside the packages, not a package

import telegram_beside_whatsapp as beside  # noqa: E402
from inputs import telegram_phone_of  # noqa: E402
from make_telegram import DATABASE  # noqa: E402

SMALL, LARGE = beside.Taken(1, 10.0, 8.0, 90_000_000), beside.Taken(1, 31.0, 16.0, 100_000_000)


def test_the_ratio_is_telegrams_time_over_whatsapps():
    found = beside.ratios({"WhatsApp": SMALL, "Telegram": LARGE})
    assert found == {"wall": pytest.approx(3.1), "cpu": pytest.approx(2.0)}


@pytest.mark.parametrize(("judge", "fails"), [("wall", True), ("cpu", False)])
def test_a_ratio_above_the_bound_is_an_error(judge, fails, monkeypatch, capsys):
    asked = []
    taken = {"WhatsApp": SMALL, "Telegram": LARGE}
    monkeypatch.setattr(
        beside,
        "in_turns",
        lambda _work, count, rounds, workers: asked.append((count, rounds, workers)) or taken,
    )
    arguments = ["x", "--messages", "500", "--rounds", "2", "--judge", judge, "--workers", "1"]
    monkeypatch.setattr(sys, "argv", arguments)
    if fails:
        with pytest.raises(SystemExit, match="1"):
            beside.main()
    else:
        beside.main()
    assert asked == [(500, 2, 1), (50, 1, 1)]
    printed = capsys.readouterr().out
    assert "3.10 times as long by the wall clock, 2.00 times by CPU time" in printed
    assert "peak MB of a tenth" in printed
    assert "Its memory is 1.00 times that of a tenth of it." in printed


def test_the_phone_is_made_once_and_kept_by_its_maker(tmp_path):
    phone = telegram_phone_of(tmp_path, 300)
    made = (phone / DATABASE).stat().st_mtime_ns
    assert telegram_phone_of(tmp_path, 300) == phone
    assert (phone / DATABASE).stat().st_mtime_ns == made


def test_both_apps_are_ingested_in_turns(tmp_path, capsys, monkeypatch):
    ran = []
    run = beside.SporenCommands.run
    monkeypatch.setattr(
        beside.SporenCommands,
        "run",
        lambda self, *each, output=None: ran.append(each) or run(self, *each, output=output),
    )
    found = beside.in_turns(tmp_path, 40, 1, 1)
    assert [each[-2:] for each in ran if each[0] == "ingest"] == [("--workers", "1")] * 2
    assert list(found) == ["WhatsApp", "Telegram"]
    assert all(each.runs == 1 and min(each.cpu, each.wall, each.peak) > 0 for each in found.values())
    assert not list(tmp_path.glob("beside-*/case"))
    told = capsys.readouterr().err
    assert told.index("of WhatsApp") < told.index("of Telegram")
