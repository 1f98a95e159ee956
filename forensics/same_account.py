"""Databases that do not say whose they are, and the account that they are of.

A backup by itself names no owner, so its account is one of its own. It is the account of another database of
the case when both hold messages that the owner sent, with the same conversation, id and time (to the second:
some forms keep no more), and neither holds one as sent that the other holds as received. Its account,
conversations and people then bear the ids of the other (``alias``): those of the database that names its
owner, else the smallest ones. What was read is kept (``said``), so the result does not depend on the order of
ingest.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from forensics.digest import canonical, sha256

_IDS = re.compile(r'"([apc][0-9a-f]{24})"')
Names = dict[str, str]


@dataclass(slots=True, kw_only=True)
class _Account:
    """An account as it was read, with the items that name it."""

    id: str
    kind: tuple[str, str]
    is_known: bool
    items: list[int] = field(default_factory=list)


def aliases(db: sqlite3.Connection) -> Names:
    """The ids as read that others stand for."""
    return dict(db.execute("SELECT id, stands_for FROM alias"))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """A stored form with the ids of the case."""
    if not names:
        return text
    return _IDS.sub(lambda found: f'"{names.get(found[1], found[1])}"', text)


def find_aliases(db: sqlite3.Connection) -> Names:
    """The aliases as they follow from all items."""
    before = aliases(db)
    accounts = list(_accounts(db))
    if all(each.is_known for each in accounts):
        return {}
    found: Names = {}
    for group in _groups(db, accounts, before):
        if _is_apart(group, accounts):
            found |= _names(db, group)
    return found


def store_aliases(db: sqlite3.Connection, found: Names) -> None:
    """Put them in the place of those that were."""
    db.execute("DELETE FROM alias")
    db.executemany("INSERT INTO alias VALUES (?,?)", sorted(found.items()))


def _accounts(db: sqlite3.Connection) -> Iterator[_Account]:
    found: dict[str, _Account] = {}
    rows = db.execute("SELECT id, form, evidence FROM said WHERE record = 'account' ORDER BY id, evidence")
    for key, text, item in rows:
        form = json.loads(text)
        is_known = bool(form["handle"] or form["phone"])
        account = found.setdefault(
            key, _Account(id=key, kind=(form["app"], form["platform"]), is_known=is_known)
        )
        account.items.append(item)
    return iter(found.values())


def _groups(db: sqlite3.Connection, accounts: list[_Account], before: Names) -> Iterator[list[_Account]]:
    """The accounts that are one, each group with at most one that is known."""
    groups: dict[str, list[_Account]] = {}
    for each in accounts:
        groups.setdefault(before.get(each.id, each.id), []).append(each)
    is_joined = True
    while is_joined:
        is_joined = False
        for one, other in combinations(sorted(groups), 2):
            if _may_be_one(groups.get(one), groups.get(other)) and _share_sent(db, one, other):
                groups[one] += groups.pop(other)
                is_joined = True
    yield from (each for each in groups.values() if len(each) > 1)


def _is_apart(group: list[_Account], accounts: list[_Account]) -> bool:
    """Whether its items hold no other account of the app, whose people could not be told from its own."""
    ids, items = {each.id for each in group}, {item for each in group for item in each.items}
    others = (each for each in accounts if each.id not in ids and each.kind[0] == group[0].kind[0])
    return all(items.isdisjoint(each.items) for each in others)


def _may_be_one(one: list[_Account] | None, other: list[_Account] | None) -> bool:
    """Whether both are still groups, of one app and platform, and no two of their databases name an owner."""
    if one is None or other is None:
        return False
    both = [*one, *other]
    return len({each.kind for each in both}) == 1 and sum(each.is_known for each in both) < 2


def _sent_and_received(db: sqlite3.Connection, account: str) -> Iterator[tuple[str, str, int, int]]:
    return db.execute(
        "SELECT c.handle, m.app_id, m.sent_at / 1000, m.from_owner FROM conversation AS c"
        " LEFT JOIN message AS m ON m.conversation = c.n WHERE c.account = ? AND c.handle IS NOT NULL"
        " AND m.app_id IS NOT NULL AND m.sent_at IS NOT NULL AND m.from_owner IS NOT NULL",
        (account,),
    )


def _share_sent(db: sqlite3.Connection, one: str, other: str) -> bool:
    """Whether both hold messages that their owner sent, and none that one sent and the other received."""
    sent: set[tuple[str, str, int]] = set()
    received: set[tuple[str, str, int]] = set()
    for handle, app_id, sent_at, is_sent in _sent_and_received(db, one):
        (sent if is_sent else received).add((handle, app_id, sent_at))
    shared = 0
    for handle, app_id, sent_at, is_sent in _sent_and_received(db, other):
        key = handle, app_id, sent_at
        if key in (received if is_sent else sent):
            return False
        shared += bool(is_sent) and key in sent
    return shared > 0


def _names(db: sqlite3.Connection, group: list[_Account]) -> Names:
    """The ids of one group of accounts, conversations and people, by what the apps call them."""
    ordered = sorted(group, key=lambda each: (not each.is_known, each.id))
    first = ordered[0]
    found = {each.id: first.id for each in ordered[1:]}
    owner = _owner_handle(db, first)
    chosen: dict[tuple[str, str], str] = {}
    for account in ordered:
        known = sorted(_things(db, account, owner), key=lambda each: (not each[2], each[1]))
        for key, name, _is_named in known:
            chosen.setdefault(key, name)
    for account in ordered:
        for key, name, _is_named in _things(db, account, owner):
            if chosen[key] != name:
                found[name] = chosen[key]
    return found


def _owner_handle(db: sqlite3.Connection, account: _Account) -> str | None:
    row = db.execute("SELECT form FROM said WHERE id = ? AND record = 'account'", (account.id,)).fetchone()
    handle = json.loads(row[0])["handle"]
    return str(handle) if handle else None


def _things(
    db: sqlite3.Connection, account: _Account, owner: str | None
) -> Iterator[tuple[tuple[str, str], str, bool]]:
    """What the app calls each conversation and person of an account, with the id that it was read with, and
    whether a handle was read with it."""
    marks = ",".join("?" * len(account.items))
    rows = db.execute(
        "SELECT record, id, form FROM said WHERE record IN ('conversation', 'participant')"
        f" AND evidence IN ({marks}) ORDER BY record, id",
        account.items,
    )
    for record, key, text in rows:
        form: dict[str, Any] = json.loads(text)
        if record == "conversation" and form["account"] == account.id and form["handle"]:
            yield ("conversation", form["handle"]), key, True
        elif record == "participant" and form["app"] == account.kind[0]:
            if form["is_owner"] or (owner is not None and form["handle"] == owner):
                yield ("owner", ""), key, bool(form["handle"])
            elif form["handle"]:
                yield ("participant", form["handle"]), key, True


def rename_records(db: sqlite3.Connection, before: Names, after: Names, fresh: int) -> list[int]:
    """Give the records of every item the ids of the case, when aliases have changed; gives the numbers of the
    conversations that their messages are in now. ``fresh``: the item whose records are as they were read.

    Merged messages must have been taken apart before.
    """
    touched: set[int] = set()
    items = db.execute("SELECT DISTINCT evidence FROM said ORDER BY evidence").fetchall()
    for (item,) in items:
        own = {} if item == fresh else before
        names = {
            own.get(key, key): after.get(key, key)
            for (key,) in db.execute("SELECT DISTINCT id FROM said WHERE evidence = ?", (item,))
            if own.get(key, key) != after.get(key, key)
        }
        if names:
            touched |= _rename_item(db, item, names)
    return sorted(touched)


def _rename_item(db: sqlite3.Connection, item: int, names: Names) -> set[int]:
    numbers = {
        table: {
            n: db.execute(f"SELECT n FROM {table} WHERE id = ?", (names[key],)).fetchone()[0]
            for n, key in db.execute(f"SELECT n, id FROM {table}").fetchall()
            if key in names
        }
        for table in ("conversation", "participant")
    }
    inside = "file IN (SELECT n FROM file WHERE evidence = ?)"
    touched: set[int] = set()
    rows = db.execute(f"SELECT n, conversation, sender, rare FROM message WHERE {inside}", (item,)).fetchall()
    for n, conversation, sender, rare in rows:
        where = numbers["conversation"].get(conversation, conversation)
        touched.add(where)
        db.execute(
            "UPDATE message SET conversation = ?, sender = ?, rare = ? WHERE n = ?",
            (where, numbers["participant"].get(sender, sender), rare and renamed(rare, names), n),
        )
    for n, form in db.execute("SELECT n, form FROM call WHERE evidence = ?", (item,)).fetchall():
        text = canonical(json.loads(renamed(form, names)))
        db.execute("UPDATE call SET form = ?, sha256 = ? WHERE n = ?", (text, bytes.fromhex(sha256(text)), n))
    return touched
