"""Two invented phones with Telegram, whose ids are each account's own in direct chats, and with Signal."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
from source_tree import ROOT
from sporen_runs import done, export_bytes, ingest, messages, new, verified
from unsynced import unsynced

TELEGRAM = ROOT / "fixtures" / "telegram_android"
SIGNAL = ROOT / "fixtures" / "signal_android"
CACHE = "data/data/org.telegram.messenger/files/cache4.db"
SIGNAL_DB = "data/data/org.thoughtcrime.securesms/databases/signal.db"


def compared(case: Path) -> dict:
    return json.loads(done("differences", case, "--json").stdout)


def in_one_case(folder: Path, *phones: Path) -> Path:
    """A case of both; the other order gives the same bytes."""
    case, turned = new(folder / "case"), new(folder / "turned")
    for each in phones:
        ingest(case, each)
    for each in reversed(phones):
        ingest(turned, each)
    assert export_bytes(case) == export_bytes(turned)
    assert compared(case) == compared(turned)
    assert verified(case, *(part for each in phones for part in ("--evidence", each))) == []
    return case


# --- Telegram -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def objects() -> Iterator[ModuleType]:
    """The maker of Telegram's objects."""
    sys.path.insert(0, str(TELEGRAM))
    try:
        yield importlib.import_module("objects")
    finally:
        sys.path.remove(str(TELEGRAM))
        sys.modules.pop("objects", None)


def telegram(objects: ModuleType, folder: Path, owner: int, other: int, rows: list[str]) -> Path:
    """The phone of one of two people who know each other."""
    o = objects
    names = {o.NOOR: ("Noor", "31600000100"), o.BRAM: ("Bram", "31600000001")}
    sql = [
        o.insert(
            "users", uid=each, name=f"{names[each][0].lower()};;;", status=0,
            data=o.user(each, names[each][0], phone=names[each][1], self=True if each == owner else None),
        )
        for each in (owner, other)
    ]  # fmt: skip
    target = folder / CACHE
    target.parent.mkdir(parents=True)
    with closing(unsynced(target)) as db:
        db.executescript((TELEGRAM / "schema" / "modern.sql").read_text("utf-8"))
        db.executescript("".join([*sql, *rows]))
    return folder


@pytest.fixture(scope="module")
def telegram_case(objects: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Direct: ids differ, and one id is two messages. Supergroup: ids are shared; Bram's copy was edited."""
    o, folder = objects, tmp_path_factory.mktemp("telegram")
    noor, bram, friends = o.user_peer(o.NOOR), o.user_peer(o.BRAM), o.channel_peer(o.FRIENDS)
    group = o.insert(
        "chats", uid=o.FRIENDS, name="vrienden",
        data=o.obj("channel#1c32b11c", id=o.FRIENDS, title="Vrienden", date=o.T0, megagroup=True,
                   photo=o.obj("chatPhotoEmpty")),
    )  # fmt: skip
    # (minute, who, text); Noor's ids begin at 10, Bram's at 11: id 11 is another message on each
    direct = [(0, "noor", "Ben je er?"), (1, "bram", "Ja"), (2, "bram", "Kom maar"), (3, "noor", "Goed")]
    here, there = [group], [group]
    for place, (minute, who, text) in enumerate(direct):
        is_noor = who == "noor"
        sender = noor if is_noor else bram
        here.append(
            o.row(10 + place, o.BRAM, minute,
                  o.message(10 + place, bram, minute, text, from_id=sender, out=is_noor or None),
                  out=int(is_noor))
        )  # fmt: skip
        # on Bram's phone the third message says something else: the same sender and second, another text
        said = "Kom niet" if text == "Kom maar" else text
        there.append(
            o.row(11 + place, o.NOOR, minute,
                  o.message(11 + place, noor, minute, said, from_id=sender, out=not is_noor or None),
                  out=int(not is_noor))
        )  # fmt: skip
    for number, minute, text, other in ((900, 4, "Hallo", "Hallo"), (901, 5, "Om acht uur", "Om negen uur")):
        for rows, said in ((here, text), (there, other)):
            rows.append(
                o.row(number, -o.FRIENDS, minute,
                      o.message(number, friends, minute, said, from_id=o.user_peer(o.CLEO)), out=0)
            )  # fmt: skip
    return in_one_case(
        folder,
        telegram(o, folder / "noor", o.NOOR, o.BRAM, here),
        telegram(o, folder / "bram", o.BRAM, o.NOOR, there),
    )


def test_telegram_direct_chats_are_matched_by_sender_time_and_text_and_groups_by_id(
    telegram_case: Path,
) -> None:
    (pair,) = compared(telegram_case)["devices"]
    assert pair["links"] == {"id": 2, "text": 3, "time": 1}
    texts = {each["id"]: each["text"] for each in messages(telegram_case)}
    for each in messages(telegram_case):
        shown = json.loads(done("show", telegram_case, each["id"], "--json").stdout)
        (there,) = shown["on_both_devices"]
        if there["ground"] == "text":
            assert texts[there["message"]] == each["text"]
    weak = next(each for each in messages(telegram_case) if each["text"] == "Ja")
    assert "a weaker ground" in done("show", telegram_case, weak["id"]).stdout


def test_telegram_texts_that_differ_are_listed(telegram_case: Path) -> None:
    found = compared(telegram_case)["differences"]
    assert sorted((each["kind"], each["ground"], each["fields"][0]["field"]) for each in found) == [
        ("edited", "id", "text"), ("edited", "time", "text"),
    ]  # fmt: skip


# --- Signal -------------------------------------------------------------------------------------------------


def aci(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def signal(folder: Path, owner: int, other: int, rows: list[tuple[int, bool, str | None]]) -> Path:
    """A phone: rows are the sent time, whether the owner sent it, and the text."""
    target = folder / SIGNAL_DB
    target.parent.mkdir(parents=True)
    with closing(unsynced(target)) as db, db:
        db.executescript((SIGNAL / "schema" / "modern.sql").read_text("utf-8"))
        for row, number in ((1, owner), (2, other)):
            db.execute("INSERT INTO recipient (_id, type, e164, aci) VALUES (?,0,?,?)",
                       (row, f"+3160000{number:04}", aci(number)))  # fmt: skip
        db.execute("INSERT INTO thread (_id, recipient_id) VALUES (1, 2)")
        db.execute("INSERT INTO key_value VALUES ('account.aci', ?, 4)", (aci(owner),))
        for sent, is_sent, text in rows:
            db.execute(
                "INSERT INTO message (thread_id, from_recipient_id, to_recipient_id, type, body, date_sent,"
                " date_received, remote_deleted) VALUES (1,?,?,?,?,?,?,?)",
                (1 if is_sent else 2, 2 if is_sent else 1, 10485783 if is_sent else 10485780, text, sent,
                 sent + (0 if is_sent else 700), int(text is None)),
            )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def signal_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signal")
    start = 1_772_445_600_000
    first = [(start, True, "Hoi"), (start + 1000, False, "Dag"), (start + 2000, True, None)]
    second = [(start, False, "Hoi"), (start + 1000, True, "Dag"), (start + 2000, False, "Weg ermee")]
    # the same millisecond, another author
    first.append((start + 3000, True, "Tegelijk van Anna"))
    second.append((start + 3000, True, "Tegelijk van Bram"))
    return in_one_case(
        folder, signal(folder / "anna", 601, 602, first), signal(folder / "bram", 602, 601, second)
    )


def test_signal_messages_are_matched_by_sent_time_and_author(signal_case: Path) -> None:
    document = compared(signal_case)
    (pair,) = document["devices"]
    assert pair["links"] == {"id": 3}
    kinds = sorted(each["kind"] for each in document["differences"])
    assert kinds == ["deleted"]
    measures = {(each["what"], each["by"]): each for each in pair["clocks"]}
    assert {key: each["median_ms"] for key, each in measures.items()} == {
        ("arrived", "one"): 700, ("arrived", "other"): 700, ("sent", "one"): 0, ("sent", "other"): 0,
    }  # fmt: skip
    assert pair["offset_ms"] == 0
