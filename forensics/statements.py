"""What each item of evidence says of accounts, conversations and people, and what the case makes of it.

Every item's own words are kept, so that the case says the same whatever the order in which the items came,
and so that an item can be read anew. They are put together in the order of the items' SHA-256: what one says
first is not replaced by what the next one says otherwise, names and members are added.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from forensics.digest import canonical
from forensics.same_account import aliases, renamed

Form = dict[str, Any]
_UNKNOWN = "unknown"
_TABLES = ("account", "conversation", "participant")


class Said:
    """What the item that is being read says, in the order in which it first says it."""

    def __init__(self) -> None:
        self._forms: dict[tuple[str, str], Form] = {}

    def take(self, record: str, key: str, form: Mapping[str, Any]) -> None:
        """A record as it was read; of one that was read before only what is new is added."""
        known = self._forms.get((record, key))
        if known is None:
            self._forms[record, key] = dict(form)
        else:
            _add(known, form)

    def write(self, db: sqlite3.Connection, evidence: int) -> None:
        """Store it."""
        db.executemany(
            "INSERT OR REPLACE INTO said VALUES (?,?,?,?,?)",
            (
                (evidence, record, key, place, json.dumps(form, ensure_ascii=False, sort_keys=True))
                for place, ((record, key), form) in enumerate(self._forms.items())
            ),
        )


def _add(known: Form, further: Mapping[str, Any]) -> None:
    """What one statement has beyond another of the same thing."""
    for name in ("title", "handle", "phone", "name"):
        if name in known and not known[name]:
            known[name] = further[name]
    if known.get("kind") == _UNKNOWN:
        known["kind"] = further["kind"]
    for name in ("names", "participants"):
        if name in known:
            known[name] = [*known[name], *(each for each in further[name] if each not in known[name])]


def settle(db: sqlite3.Connection) -> list[int]:
    """Make accounts, conversations and people what all items together say of them; gives the numbers of the
    conversations of which they say different kinds.

    To be called within the caller's transaction, when an item was read.
    """
    rank_items(db)
    (count,) = db.execute("SELECT (SELECT count(*) FROM evidence) + (SELECT count(*) FROM alias)").fetchone()
    if count < 2:
        return []
    for record in _TABLES:
        _settle(db, record)
    _name_contacts(db)
    rows = db.execute(
        "SELECT c.n FROM said AS s LEFT JOIN alias AS a ON a.id = s.id"
        " LEFT JOIN conversation AS c ON c.id = ifnull(a.stands_for, s.id)"
        " WHERE s.record = 'conversation' AND json_extract(s.form, '$.kind') <> c.kind GROUP BY c.n"
    )
    return [n for (n,) in rows]


def rank_items(db: sqlite3.Connection) -> None:
    """The order of the items of evidence: that of their SHA-256."""
    items = [n for (n,) in db.execute("SELECT n FROM evidence ORDER BY sha256").fetchall()]
    db.executemany("UPDATE evidence SET rank = ? WHERE n = ?", [(rank, n) for rank, n in enumerate(items)])


def _settle(db: sqlite3.Connection, record: str) -> None:
    forms: dict[str, Form] = {}
    rows = db.execute(
        "SELECT s.id, s.form FROM said AS s LEFT JOIN evidence AS e ON e.n = s.evidence"
        " WHERE s.record = ? ORDER BY e.rank, s.place",
        (record,),
    )
    names = aliases(db)
    for read, text in rows:
        key, form = names.get(read, read), json.loads(renamed(text, names))
        if "participants" in form:
            form["participants"] = list(dict.fromkeys(form["participants"]))
        if key in forms:
            _add(forms[key], form)
        else:
            forms[key] = form
    known = {key for (key,) in db.execute(f"SELECT id FROM {record}")}
    db.executemany(f"DELETE FROM {record} WHERE id = ?", [(key,) for key in sorted(known - forms.keys())])
    sets, values = _COLUMNS[record]
    db.executemany(
        f"UPDATE {record} SET {sets}, rank = ? WHERE id = ?",
        [(*values(form), rank, key) for rank, (key, form) in enumerate(forms.items(), 1)],
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


_COLUMNS: dict[str, Any] = {
    "account": ("form = ?", lambda form: (canonical(form),)),
    "conversation": (
        "account = ?, kind = ?, title = ?, handle = ?, participants = ?",
        lambda form: (
            form["account"],
            form["kind"],
            form["title"],
            form["handle"],
            _json(form["participants"]),
        ),
    ),
    "participant": (
        "handle = ?, phone = ?, names = ?",
        lambda form: (form["handle"], form["phone"], _json(form["names"])),
    ),
}


def _name_contacts(db: sqlite3.Connection) -> None:
    """Names from contacts databases that no message database of their own command was read with."""
    for app, accounts in _accounts(db).items():
        if len(accounts) != 1:
            continue  # whose address book it is cannot be told: a notice says so
        names = db.execute(
            "SELECT t.handle, t.name, t.source FROM contact AS t LEFT JOIN evidence AS e ON e.n = t.evidence"
            " WHERE t.app = ? ORDER BY e.rank, t.n",
            (app,),
        ).fetchall()
        _give(db, app, names)


def _accounts(db: sqlite3.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for (form,) in db.execute("SELECT form FROM account ORDER BY id"):
        account = json.loads(form)
        found.setdefault(account["app"], []).append(account["id"])
    return found


def _give(db: sqlite3.Connection, app: str, names: Iterable[tuple[str, str, str]]) -> None:
    for handle, name, source in names:
        for key, stored in db.execute(
            "SELECT id, names FROM participant WHERE app = ? AND handle = ?", (app, handle)
        ).fetchall():
            known = json.loads(stored)
            if all((each["name"], each["source"]) != (name, source) for each in known):
                known.append({"name": name, "source": source})
                db.execute("UPDATE participant SET names = ? WHERE id = ?", (_json(known), key))
