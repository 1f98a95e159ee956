"""The first and the last day of a conversation, as the case stores its messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sporen_runs import change, ingest, new

from forensics.case import Case
from forensics.case_reader import CaseReader


def chat(folder: Path, lines: int) -> Path:
    """An exported chat of that many messages, one a minute."""
    folder.mkdir()
    first = datetime(2026, 1, 31, 0, 1)  # the time of the phone, as an export writes it
    moments = (first + timedelta(minutes=number) for number in range(lines))
    text = "".join(f"{each:%d-%m-%Y %H:%M} - Noor: hoi\n" for each in moments)
    (folder / "WhatsApp-chat met Noor.txt").write_text(text, encoding="utf-8")
    return folder


def milliseconds(*parts: int) -> int:
    """Of a moment in UTC, since 1970."""
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type,misc]  # six numbers


def ends(case: Path) -> list[str]:
    """The days of its only conversation."""
    with Case.open(case) as opened:
        reader = CaseReader(opened)
        (talk,) = reader.conversations()
        return list(reader.ends(talk["id"]))


def test_they_are_days_of_the_zone_of_the_case_and_a_message_without_time_is_none(tmp_path: Path):
    case = new(tmp_path / "case", "--timezone", "Europe/Amsterdam")
    ingest(case, chat(tmp_path / "chat", 3))
    times = (milliseconds(2026, 1, 9, 23, 30), None, milliseconds(2026, 7, 1, 22, 30))
    for number, moment in enumerate(times, 1):
        change(case / "case.db", ("UPDATE message SET sent_at = ? WHERE n = ?", (moment, number)))
    assert ends(case) == ["2026-01-10", "2026-07-02"]
    change(case / "case.db", "UPDATE message SET sent_at = NULL")
    assert ends(case) == []


def test_they_are_looked_up_and_not_read_for(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, chat(tmp_path / "chat", 1_000), "--no-recover")
    steps: list[int] = []
    with Case.open(case) as opened:
        reader = CaseReader(opened)
        (talk,) = reader.conversations()
        opened.db.set_progress_handler(lambda: steps.append(1), 100)
        assert len(reader.ends(talk["id"])) == 2
        opened.db.set_progress_handler(None, 0)
    assert len(steps) < 5, "hundreds of steps of the database for a thousand messages"
