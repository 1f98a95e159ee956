"""The same message on two phones: linked, and what the two say otherwise of it.

The records stay two, each with its own source. What two phones share is matched by the app's own id where
that is one for both; where ids are each account's own, by sender, time and text, which is the weaker ground
and is called so. Nothing is computed where a case has one account of an app.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from forensics.clocks import ARRIVED, BY_ONE, BY_OTHER, BY_THIRD, RECEIVED, SENT, Clocks
from forensics.devices import Device, Everybody, Person, Talk, devices, fill, shared
from forensics.differences import DEVICES, ONE_SIDE, Difference, kind_of, store
from forensics.ground import is_between_two
from forensics.message_row import edited_texts
from forensics.parser import NumbersPerAccount
from forensics.registry import parsers

BY_ID, BY_TEXT, BY_TIME = "id", "text", "time"
# What each phone writes for itself: no counterpart is missed.
_OWN_KINDS = frozenset({"system", "call"})
_NOBODY = Person(keys=frozenset(), is_owner=False)


class Side(NamedTuple):
    """A message as one phone has it."""

    n: int
    app_id: str | None
    from_owner: int | None
    sender: int | None
    kind: str
    state: str
    sent_at: int | None
    received_at: int | None
    text: str | None
    rare: str | None


def own_numbers() -> dict[str, frozenset[str]]:
    """By app, the kinds of conversations in which message ids are each account's own, as parsers say."""
    found: dict[str, frozenset[str]] = {}
    for each in parsers():
        if isinstance(each, NumbersPerAccount):
            found[each.app] = found.get(each.app, frozenset()) | each.own_numbers
    return found


def link(db: sqlite3.Connection, evidence: int, own_numbers: Mapping[str, frozenset[str]]) -> None:
    """Compare the accounts of an item of evidence with all others of their app, within the caller's
    transaction. ``own_numbers``: by app, the kinds of conversations in which ids are each account's own."""
    changed = {
        key
        for (key,) in db.execute(
            "SELECT ifnull(a.stands_for, s.id) FROM said AS s LEFT JOIN alias AS a ON a.id = s.id"
            " WHERE s.evidence = ? AND s.record = 'account'",
            (evidence,),
        )
    }
    known, everybody = devices(db), Everybody(db)
    _forget(db, changed, {each.id for each in known})
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            if _family(one.app) == _family(other.app) and changed & {one.id, other.id}:
                fill(db, one, everybody)
                fill(db, other, everybody)
                _Pair(db, one, other, own_numbers.get(_family(one.app), frozenset())).compare()


def _family(app: str) -> str:
    """An app and its business twin share their messages."""
    return app.partition("_")[0]


def _forget(db: sqlite3.Connection, changed: set[str], known: set[str]) -> None:
    for n, *both in db.execute("SELECT n, one, other FROM pair").fetchall():
        if changed.intersection(both) or not known.issuperset(both):
            for table in ("link", "difference"):
                db.execute(f"DELETE FROM {table} WHERE pair = ?", (n,))
            db.execute("DELETE FROM pair WHERE n = ?", (n,))


class _Pair:
    """Two accounts of one app."""

    def __init__(
        self, db: sqlite3.Connection, one: Device, other: Device, own_numbers: frozenset[str]
    ) -> None:
        self._db = db
        self._one, self._other = one, other
        self._own_numbers = own_numbers
        self._clocks = Clocks()
        self._counts: Counter[str] = Counter()
        self._is_one_owner = bool(one.owner & other.owner)
        self._n = 1 + int(db.execute("SELECT ifnull(max(n), 0) FROM pair").fetchone()[0])

    def compare(self) -> None:
        """Store what both have; nothing where they share no conversation."""
        talks = list(shared(self._one, self._other))
        if not talks:
            return
        # before what refers to it
        self._db.execute("INSERT INTO pair VALUES (?,?,?,'{}')", (self._n, self._one.id, self._other.id))
        for one, other in talks:
            self._talk(one, other)
        form = {
            "links": dict(sorted(self._counts.items())),
            "conversations": len(talks),
            "clocks": self._clocks.measures(),
            "offset_ms": self._clocks.offset(),
        }
        self._db.execute("UPDATE pair SET form = ? WHERE n = ?", (json.dumps(form, sort_keys=True), self._n))

    def _talk(self, one: Talk, other: Talk) -> None:
        matching = _Matching(self, self._sides(one.n), self._sides(other.n))
        weak = bool({one.kind, other.kind} & self._own_numbers)
        has_no_third = one.kind == "self" or is_between_two(one.kind)
        found = matching.weakly(has_no_third) if weak else matching.by_id()
        links = sorted(found, key=lambda each: (each[0].n, each[1].n))
        self._db.executemany(
            "INSERT OR IGNORE INTO link VALUES (?,?,?,?)", [(a.n, b.n, how, self._n) for a, b, how in links]
        )
        self._counts.update(how for *_, how in links)
        for a, b, _how in links:
            self._time(a, b)
        store(self._db, [each for a, b, how in links if (each := self._differing(a, b, how))])
        if links:
            self._store_one_sided(matching, [a for a, _, _ in links], [b for _, b, _ in links])

    def _sides(self, conversation: int) -> list[Side]:
        rows = self._db.execute(
            "SELECT n, app_id, from_owner, sender, kind, state, sent_at, received_at, text, rare FROM message"
            " WHERE conversation = ? AND ifnull(status, '') NOT IN ('draft', 'scheduled')"
            " AND (place IS NULL OR json_extract(place, '$[1]') IS NULL) ORDER BY sent_at, n",
            (conversation,),
        )
        return [Side._make(row) for row in rows]

    def is_one_sender(self, one: Side, other: Side) -> bool:
        """Whether both phones name the same sender."""
        is_mirrored = not self._is_one_owner
        if one.from_owner and other.from_owner and is_mirrored:
            return False
        return self._person(self._one, one).may_be(self._person(self._other, other))

    def _person(self, device: Device, side: Side) -> Person:
        return device.people.get(side.sender or 0, _NOBODY)

    def sender_key(self, device: int, side: Side) -> str:
        """One word for the sender that both phones have, where there is one."""
        person = self._person(self._other if device else self._one, side)
        return min(person.keys, key=lambda each: (each.startswith("+"), each), default="")

    def _time(self, one: Side, other: Side) -> None:
        by = BY_ONE if one.from_owner else BY_OTHER if other.from_owner else BY_THIRD
        self._clocks.add(SENT, by, other.sent_at, one.sent_at)
        if self._is_one_owner:
            return
        if by == BY_ONE:
            self._clocks.add(ARRIVED, by, other.received_at, one.sent_at)
        elif by == BY_OTHER:
            self._clocks.add(ARRIVED, by, one.received_at, other.sent_at)
        else:
            self._clocks.add(RECEIVED, by, other.received_at, one.received_at)

    def _differing(self, one: Side, other: Side, how: str) -> Difference | None:
        fields = [
            {"field": name, "kept": here, "other": there}
            for name, here, there in _compared(one, other)
            if here != there
        ]
        if not fields:
            return None
        return Difference(
            scope=DEVICES, kind=kind_of(fields), message=one.n, other=other.n,
            form={"fields": fields, "ground": how}, pair=self._n,
        )  # fmt: skip

    def _store_one_sided(self, matching: _Matching, one: Sequence[Side], other: Sequence[Side]) -> None:
        """What one phone has and the other has not, between the first and the last message that both have."""
        for sides, linked, lacking in (
            (matching.one, one, self._other.id),
            (matching.other, other, self._one.id),
        ):
            times = [each.sent_at for each in linked if each.sent_at is not None]
            numbers = {each.n for each in linked}
            missed = [
                each.n
                for each in sides
                if times and each.n not in numbers and each.kind not in _OWN_KINDS
                and each.sent_at is not None and min(times) <= each.sent_at <= max(times)
            ]  # fmt: skip
            store(
                self._db,
                [
                    Difference(scope=DEVICES, kind=ONE_SIDE, message=n, other=None,
                               form={"not_on": lacking}, pair=self._n)
                    for n in missed
                ],
            )  # fmt: skip


def _compared(one: Side, other: Side) -> Iterator[tuple[str, Any, Any]]:
    """What must be the same on both phones: content, and whether it was deleted or edited."""
    yield "kind", one.kind, other.kind
    yield "state", one.state, other.state
    yield "text", one.text, other.text
    first, second = (orjson.loads(each.rare) if each.rare else {} for each in (one, other))
    yield "edited_at", first.get("edited_at"), second.get("edited_at")
    yield "edits", edited_texts(one.rare), edited_texts(other.rare)


Found = tuple[Side, Side, str]


class _Matching:
    """The messages of one conversation on two phones."""

    def __init__(self, pair: _Pair, one: list[Side], other: list[Side]) -> None:
        self._pair = pair
        self.one, self.other = one, other
        self._taken: set[int] = set()

    def by_id(self) -> Iterator[Found]:
        """By the app's own id and the sender."""
        known: dict[str, list[Side]] = {}
        for side in self.other:
            if side.app_id is not None:
                known.setdefault(side.app_id, []).append(side)
        for side in self.one:
            for found in known.get(side.app_id or "", ()):
                if found.n not in self._taken and self._pair.is_one_sender(side, found):
                    yield self._take(side, found, BY_ID)
                    break

    def weakly(self, is_between_two: bool) -> Iterator[Found]:
        """By sender, time and text; of what is left, by sender and time where there is one on each side.

        In a group the ids are the same where they are shared, and then say so.
        """
        for one, other in self._alike(lambda side: (side.kind, side.text)):
            is_shared = not is_between_two and one.app_id == other.app_id
            how = BY_TEXT if one.text else BY_TIME
            yield self._take(one, other, BY_ID if is_shared else how)
        for one, other in self._alike(lambda _side: (), only_single=True):
            is_shared = not is_between_two and one.app_id == other.app_id
            yield self._take(one, other, BY_ID if is_shared else BY_TIME)

    def _take(self, one: Side, other: Side, how: str) -> Found:
        self._taken |= {one.n, other.n}
        return one, other, how

    def _alike(self, content: Any, *, only_single: bool = False) -> Iterator[tuple[Side, Side]]:
        groups: dict[object, tuple[list[Side], list[Side]]] = {}
        for place, sides in enumerate((self.one, self.other)):
            for side in sides:
                if side.sent_at is not None and side.n not in self._taken:
                    key = (self._pair.sender_key(place, side), side.sent_at, content(side))
                    groups.setdefault(key, ([], []))[place].append(side)
        for here, there in groups.values():
            if not only_single or len(here) == len(there) == 1:
                yield from zip(here, there, strict=False)
