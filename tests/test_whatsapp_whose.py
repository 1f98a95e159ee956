"""Whose a database and a media file are: WhatsApp's or its business twin's, this user's or another's."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sporen_runs import exported, ingest, new, of, phone

PACKAGE = "data/data/com.whatsapp"


def apps(case: Path) -> set[str]:
    return {each["app"] for each in exported(case) if "app" in each}


def folder(tmp_path: Path, name: str) -> Path:
    """The folder of the app's package itself, under that name."""
    built = phone(tmp_path / "phone")
    target = tmp_path / name
    shutil.move(built / PACKAGE, target)
    return target


@pytest.mark.parametrize(
    ("name", "app"),
    [("com.whatsapp.w4b", "whatsapp_business"), ("com.whatsapp", "whatsapp"), ("x", "whatsapp")],
)
def test_the_name_of_the_item_tells_the_business_app(name: str, app: str, tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, folder(tmp_path, name))
    assert apps(case) == {app}
    assert any(each["names"] for each in of(exported(case), "participant"))


def test_the_preferences_tell_the_business_app(tmp_path: Path):
    root = folder(tmp_path, "extraction")
    for each in sorted((root / "shared_prefs").iterdir()):
        each.rename(each.with_name(each.name.replace("com.whatsapp", "com.whatsapp.w4b")))
    case = new(tmp_path / "case")
    ingest(case, root)
    assert apps(case) == {"whatsapp_business"}
    (account,) = of(exported(case), "account")
    assert account["phone"] is not None


def test_the_path_goes_before_the_name_of_the_item(tmp_path: Path):
    root = phone(tmp_path / "com.whatsapp.w4b")
    case = new(tmp_path / "case")
    ingest(case, root)
    assert apps(case) == {"whatsapp"}


def of_two_users(tmp_path: Path, *, with_hash: bool, own: bool) -> tuple[Path, int]:
    """The database of user 0; a file of that folder and name with user 10, and with user 0 too."""
    root = phone(tmp_path / "phone", "modern_media")
    database = next(root.rglob("msgstore.db"))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        rows = connection.execute("SELECT message_row_id, file_path FROM message_media ORDER BY 1").fetchall()
        rowid, stored = next(each for each in rows if each[1] and list(root.rglob(Path(each[1]).name)))
        if not with_hash:
            connection.execute("UPDATE message_media SET file_hash = NULL")
    (mine,) = root.rglob(Path(stored).name)
    other = root / "data/media/10/Android/media/com.whatsapp/WhatsApp" / stored
    other.parent.mkdir(parents=True)
    shutil.copyfile(mine, other)
    if not own:
        mine.unlink()
    return root, rowid


@pytest.mark.parametrize(
    ("with_hash", "own", "user"),
    [(True, True, "own"), (False, True, "own"), (True, False, "10"), (False, False, None)],
)
def test_a_file_of_another_user_is_attached_by_its_hash_only(
    with_hash: bool, own: bool, user: str | None, tmp_path: Path
):
    root, row = of_two_users(tmp_path, with_hash=with_hash, own=own)
    case = new(tmp_path / "case")
    ingest(case, root)
    records = exported(case)
    (message,) = [m for m in of(records, "message") if m["source"]["rowid"] == row]
    attachment = message["attachments"][0]
    assert attachment["present"] == (user is not None)
    path = attachment["path"] or ""
    assert path.startswith("data/media/10/") == (user == "10")
    told = [n for n in of(records, "notice") if "with another user of the phone only" in n["text"]]
    assert bool(told) == (user is None)
