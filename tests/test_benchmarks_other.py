"""The maker of an iPhone and the benchmark of decryption: what they make is what they say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # the benchmarks are programs beside the packages, not a package

import backups  # noqa: E402
import review  # noqa: E402
import stages  # noqa: E402
import yardsticks  # noqa: E402
from make_whatsapp import MESSAGES_PATH, make_whatsapp  # noqa: E402
from make_whatsapp_ios import STORAGE_PATH, make_whatsapp_ios  # noqa: E402
from whatsapp_ios_installations import read  # noqa: E402

MESSAGES, CHATS = 600, 40


@pytest.fixture(scope="module")
def iphone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phone") / "iphone"
    make_whatsapp_ios(folder, MESSAGES, CHATS)
    return folder


def test_the_iphone_holds_the_messages_asked_for_and_is_read_without_loss(iphone, tmp_path):
    reading = read(iphone, tmp_path)
    assert reading.accounting["ZWAMESSAGE"].messages == MESSAGES
    assert not [notice for notice in reading.notices if notice.severity in ("failed", "doubt")]
    assert any(message.reply_to and message.reply_to.id for message in reading.messages)
    assert any(message.reactions for message in reading.messages)
    assert any(message.receipts and message.receipts[0].participant for message in reading.messages)


def test_the_yardstick_reads_every_message_of_an_iphone(iphone):
    assert yardsticks.count_messages(iphone / STORAGE_PATH) == MESSAGES


def test_the_same_numbers_make_the_same_iphone(iphone, tmp_path):
    make_whatsapp_ios(tmp_path / "again", MESSAGES, CHATS)
    assert (tmp_path / "again" / STORAGE_PATH).read_bytes() == (iphone / STORAGE_PATH).read_bytes()


def test_the_backup_of_the_benchmark_opens_to_the_database(tmp_path):
    make_whatsapp(tmp_path / "phone", 100, CHATS)
    database = tmp_path / "phone" / MESSAGES_PATH
    backups.make_backup(database, tmp_path / "msgstore.db.crypt15")
    backups.open_backup(tmp_path / "msgstore.db.crypt15", tmp_path / "opened.db")
    assert (tmp_path / "opened.db").read_bytes() == database.read_bytes()


@pytest.mark.full
def test_a_backup_is_measured_without_a_database_at_hand(tmp_path, monkeypatch, capsys):
    """The other program is Sporen itself here: what is tested is the measuring."""
    program = tmp_path / "wadecrypt"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{backups.__file__}" --open "$2" "$3"\n')
    program.chmod(0o700)
    options = ["--wadecrypt", str(program), "--messages", "100", "--work", str(tmp_path / "work")]
    monkeypatch.setattr(sys, "argv", ["backups.py", *options])
    backups.main()
    said = capsys.readouterr().out
    assert "Sporen against wadecrypt, by CPU: " in said
    assert said.endswith("the same bytes\n")


def test_what_takes_longer_than_its_bound_says_so():
    slow = review.Timing(name="a block", wall=[0.1, 0.3], cpu=[0.1, 0.1], bound=0.2)
    free = review.Timing(name="a decision", wall=[9.0], cpu=[9.0], bound=None)
    assert not slow.is_held("wall")
    assert slow.is_held("cpu")
    assert free.is_held("wall")
    lines = review.table([slow, free], "wall").splitlines()
    assert lines[2:] == [
        "| a block | 2 | 200 | 300 | 100 | 200 | OVER |",
        "| a decision | 1 | 9000 | 9000 | 9000 |  |  |",
    ]


@pytest.mark.full
def test_the_review_page_is_measured_on_one_chat_of_many_messages(tmp_path, monkeypatch, capsys):
    command = ["review.py", "--messages", "2000", "--work", str(tmp_path), "--judge", "cpu"]
    monkeypatch.setattr(sys, "argv", command)
    assert review.main() == 0
    said = capsys.readouterr().out
    assert "A chat of 2000 messages" in said
    for name in ("first page", "first look", "while scrolling", "typing", "a decision on it"):
        assert name in said


@pytest.mark.full
def test_the_stages_of_an_ingest_add_up_to_the_whole(tmp_path):
    phone = tmp_path / "phone"
    make_whatsapp(phone, 2_000, 40)
    rows = {name: float(taken) for name, _process, taken, _share in stages.table(phone, tmp_path / "case")}
    whole = rows.pop("all")
    assert {name for *_, name in stages.STAGES} < set(rows)
    assert whole > 0
    assert sum(rows.values()) == pytest.approx(whole, abs=0.05 * len(rows))
