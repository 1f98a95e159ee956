"""Rows deleted from each app's database come back as messages, through that app's own parser."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fixture_programs import load
from sporen_runs import balance, export_bytes, exported, ingest, new, of, verified

# parser's fixtures, case, name of the database, table, condition of the rows that are deleted, a text of them
APPS = [
    ("whatsapp_ios", "direct", "ChatStorage.sqlite", "ZWAMESSAGE"),
    ("telegram_android", "direct", "cache4.db", "messages_v2"),
    ("telegram_android", "old", "cache4.db", "messages"),
    ("signal_android", "modern", "signal.db", "message"),
    ("signal_ios", "modern", "signal.sqlite", "model_TSInteraction"),
    ("signal_desktop", "modern", "db.sqlite", "messages"),
]


def built(parser: str, case: str, folder: Path) -> Path:
    """A case of fixtures as a folder of evidence."""
    path: Path = load(parser).build(case, folder)
    return path


def texts(records: list[dict[str, Any]], *states: str) -> dict[str, dict[str, Any]]:
    """Messages by their text."""
    return {each["text"]: each for each in of(records, "message") if each["state"] in states and each["text"]}


def delete(database: Path, table: str, rowid: int) -> None:
    """Without the zeros that this machine's SQLite may write over what it frees."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        for (trigger,) in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type='trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{trigger}"')
        assert connection.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (rowid,)).rowcount == 1


@pytest.mark.parametrize(("parser", "case", "name", "table"), APPS)
def test_a_deleted_row_is_a_message_again(parser: str, case: str, name: str, table: str, tmp_path: Path):
    evidence = built(parser, case, tmp_path / "phone")
    (database,) = [each for each in evidence.rglob(name) if each.is_file()][:1]
    before = new(tmp_path / "before")
    ingest(before, evidence)
    live = {
        text: each
        for text, each in texts(exported(before), "live").items()
        if each["source"]["table"] == table and not each["also"] and len(text) > 7 and not each["edits"]
    }
    text, told = max(live.items(), key=lambda one: len(one[0]))
    delete(database, table, told["source"]["rowid"])
    after = new(tmp_path / "after")
    balance(ingest(after, evidence))
    found = texts(exported(after), "recovered")
    assert text in found, list(found)
    assert text not in texts(exported(after), "live")
    message = found[text]
    same = ("sent_at", "from_owner", "kind", "conversation_kind")
    assert {key: message[key] for key in same} == {key: told[key] for key in same}
    # the app's id may be the row id, which the head of a freed cell has lost
    assert message["source"]["app_id"] in (None, told["source"]["app_id"])
    assert (message["source"]["app_id"] is None) == ((parser, case) == ("telegram_android", "old"))
    assert message["source"]["table"] == table
    assert message["source"]["page"] is not None
    assert verified(after, "--evidence", evidence) == []
    again = new(tmp_path / "again")
    ingest(again, evidence)
    assert export_bytes(again) == export_bytes(after)
