"""Which conversations of two accounts are the same one, seen from two phones.

A group or channel has one identifier on both. A direct conversation is the other one's: that of the first
phone with the owner of the second is that of the second with the owner of the first.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from forensics.ground import is_between_two

Keys = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What identifies a participant: identifier and telephone number, as far as they are known."""

    keys: Keys
    is_owner: bool

    def may_be(self, other: Person) -> bool:
        """Whether nothing says that they are two: an unknown owner may be anybody, and identifiers of two
        kinds (a number, another address) cannot be compared."""
        if not self.keys or not other.keys or self.keys & other.keys:
            return True
        return {_kind(each) for each in self.keys}.isdisjoint(_kind(each) for each in other.keys)


def _kind(key: str) -> str:
    """What kind of identifier it is: a telephone number, or by what stands behind the @."""
    if key.startswith("+"):
        return "number"
    return key.rpartition("@")[2] if "@" in key else "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A conversation; ``partners`` identifies the other one of a direct conversation."""

    n: int
    kind: str
    handle: str | None
    partners: Keys


@dataclass(slots=True, kw_only=True)
class Device:
    """One account of the case with its conversations and people."""

    id: str
    app: str
    owner: Keys
    talks: list[Talk] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)


def devices(db: sqlite3.Connection) -> list[Device]:
    """The accounts of the case by id, without their conversations."""
    found = []
    for (form,) in db.execute("SELECT form FROM account ORDER BY id"):
        account = json.loads(form)
        keys = frozenset(filter(None, (account["handle"], account["phone"])))
        found.append(Device(id=account["id"], app=account["app"], owner=keys))
    return found


class Everybody:
    """The participants of each app, read once for all its accounts: by id their number in the case and who
    they are. An owner without an identifier of his own has those of the account."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._of: dict[str, dict[str, tuple[int, Person]]] = {}
        self._unnamed: dict[str, list[str]] = {}

    def of(self, app: str, owner: Keys) -> dict[str, tuple[int, Person]]:
        """The participants of an app as an account sees them whose owner has these identifiers."""
        if app not in self._of:
            self._read(app)
        known = self._of[app]
        mine = {key: known[key] for key in self._unnamed[app]}
        return known | {
            key: (n, Person(keys=owner | person.keys, is_owner=True)) for key, (n, person) in mine.items()
        }

    def _read(self, app: str) -> None:
        known, unnamed = self._of.setdefault(app, {}), self._unnamed.setdefault(app, [])
        for n, key, handle, phone, is_owner in self._db.execute(
            "SELECT n, id, handle, phone, is_owner FROM participant WHERE app = ?", (app,)
        ):
            keys = frozenset(filter(None, (handle, phone)))
            known[key] = n, Person(keys=keys, is_owner=bool(is_owner))
            if is_owner and handle is None:
                unnamed.append(key)


def fill(db: sqlite3.Connection, device: Device, everybody: Everybody) -> None:
    """Read the conversations of an account and who is in them."""
    if device.talks:
        return
    ids = everybody.of(device.app, device.owner)
    device.people = dict(ids.values())
    for n, kind, handle, participants in db.execute(
        "SELECT n, kind, handle, participants FROM conversation WHERE account = ? ORDER BY n", (device.id,)
    ):
        known = [ids[each][1] for each in json.loads(participants) if each in ids]
        partners = frozenset(key for person in known if not person.is_owner for key in person.keys)
        if is_between_two(kind) and handle:
            partners |= {handle}
        device.talks.append(Talk(n=n, kind=kind, handle=handle, partners=partners))


def shared(one: Device, other: Device) -> Iterator[tuple[Talk, Talk]]:
    """The conversations that both have."""
    is_one_owner = bool(one.owner & other.owner)
    by_handle: dict[str | None, list[Talk]] = {}
    for talk in other.talks:
        by_handle.setdefault(talk.handle, []).append(talk)
    between = [talk for talk in other.talks if is_between_two(talk.kind)]
    for talk in one.talks:
        if is_between_two(talk.kind) and not is_one_owner:
            for found in between:
                if found.kind == talk.kind and _is_mirrored(talk, one, found, other):
                    yield talk, found
        elif talk.handle is not None and (talk.kind != "self" or is_one_owner):
            yield from ((talk, found) for found in by_handle.get(talk.handle, ()))


def _is_mirrored(one: Talk, first: Device, other: Talk, second: Device) -> bool:
    """Whether each is the conversation with the owner of the other phone; an owner who is not known is taken
    for the partner where the other side is certain."""
    sides = [
        bool(talk.partners & owner) if owner else None
        for talk, owner in ((one, second.owner), (other, first.owner))
    ]
    return False not in sides and True in sides
