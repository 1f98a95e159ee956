"""The decisions of persons on flags, and to which flag of today each belongs.

Nothing is ever taken away: who thinks better of a decision withdraws it, which is one more entry. What
stands is the newest decision of each person that was not withdrawn.

A flag is known by the messages that it names. When further evidence changes those, it is another flag, which
nobody has decided on: the decision stays with it as one on an earlier version, and is never applied to it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from forensics.comparison import standing_for

Record = dict[str, Any]
# What is recorded when a person takes the newest decision back that stands under that name.
WITHDRAWN = "withdrawn"


def decisions(db: sqlite3.Connection) -> dict[str, list[Record]]:
    """All decisions by the flag on which they were made, oldest first."""
    found: dict[str, list[Record]] = {}
    for flag, decision, reason, by, at in db.execute(
        "SELECT flag, decision, reason, by, at FROM decision ORDER BY n"
    ):
        made = {"decision": decision, "reason": reason, "by": by, "at": at}
        found.setdefault(flag, []).append(made)
    return found


def kept(made: Sequence[Record]) -> list[Record]:
    """The decisions that were not withdrawn, oldest first; each withdrawal takes back the one before it of
    the same person."""
    found: list[Record] = []
    for each in made:
        if each["decision"] != WITHDRAWN:
            found.append(each)
            continue
        own = [place for place, earlier in enumerate(found) if earlier["by"] == each["by"]]
        if own:
            del found[own[-1]]
    return found


def standing(made: Sequence[Record]) -> list[Record]:
    """The decision of each person that stands, the newest last."""
    newest = {each["by"]: place for place, each in enumerate(kept(made))}
    return [each for place, each in enumerate(kept(made)) if newest[each["by"]] == place]


def replaced(made: Sequence[Record]) -> list[Record]:
    """The decisions that do not stand any more, oldest first: ``until`` when the same person decided anew or
    took them back, in which case ``withdrawn`` is the reason of that, else None."""
    own: dict[str, list[int]] = {}
    ended: dict[int, Record] = {}
    for place, each in enumerate(made):
        places = own.setdefault(each["by"], [])
        if each["decision"] != WITHDRAWN:
            places.append(place)
        elif places:
            ended[places.pop()] = each
    for places in own.values():
        ended.update((place, made[later]) for place, later in pairwise(places))
    return [_ended(made[place], ended[place]) for place in sorted(ended)]


def _ended(made: Record, by: Record) -> Record:
    return {**made, "until": by["at"], "withdrawn": by["reason"] if by["decision"] == WITHDRAWN else None}


def flag_form(db: sqlite3.Connection, flag: str) -> str | None:
    """What a decision keeps of its flag; None where there is no such flag."""
    row = db.execute("SELECT form FROM flag WHERE id = ?", (flag,)).fetchone()
    if row is None:
        return None
    form = json.loads(row[0])
    named = {name: form[name] for name in ("kind", "conversation", "messages")}
    return json.dumps(named, ensure_ascii=False, sort_keys=True)


class Earlier:
    """The decisions whose flag is not there any more."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._by_flag: dict[str, list[Record]] = {}
        self.unattached: list[Record] = []
        made = list(self._made())
        if made:
            self._attach(made)

    def of(self, flag: str) -> list[Record]:
        """Those that were made on earlier versions of this flag, oldest first."""
        return self._by_flag.get(flag, [])

    def _made(self) -> Iterator[Record]:
        rows = self._db.execute(
            "SELECT flag, decision, reason, by, at, form FROM decision"
            " WHERE flag NOT IN (SELECT id FROM flag) ORDER BY n"
        ).fetchall()
        by_flag: dict[str, list[Record]] = {}
        for place, (flag, decision, reason, by, at, form) in enumerate(rows):
            named = json.loads(form) if form else {}
            made = {
                "decision": decision, "reason": reason, "by": by, "at": at, "flag": flag,
                "kind": named.get("kind"), "messages": named.get("messages", []), "place": place,
            }  # fmt: skip
            by_flag.setdefault(flag, []).append(made)
        found = [each for flag in by_flag.values() for each in kept(flag)]
        for each in sorted(found, key=lambda each: int(each["place"])):
            yield {name: value for name, value in each.items() if name != "place"}

    def _attach(self, made: Sequence[Record]) -> None:
        """To every flag of the same kind that names one of the messages, else to those of any kind."""
        flags = [(key, json.loads(form)) for key, form in self._db.execute("SELECT id, form FROM flag")]
        by_message: dict[str, list[tuple[str, str]]] = {}
        for key, form in sorted(flags, key=lambda each: each[0]):
            for message in form["messages"]:
                by_message.setdefault(message, []).append((key, form["kind"]))
        for each in made:
            covering = dict.fromkeys(
                found
                for message in each["messages"]
                for found in by_message.get(standing_for(self._db, message), ())
            )
            same = [key for key, kind in covering if kind == each["kind"]]
            chosen = same or [key for key, _ in covering]
            for key in chosen:
                self._by_flag.setdefault(key, []).append(each)
            if not chosen:
                self.unattached.append(each)


def with_decision(
    record: Mapping[str, Any], made: Mapping[str, Sequence[Record]], earlier: Earlier
) -> Record:
    """A flag with the latest decision on it, with those of all persons where they are several, and with
    those that were replaced or taken back, and those on earlier versions of it, where there are any."""
    every = made.get(record["id"], ())
    own = standing(every)
    found = {**record, "decision": own[-1] if own else None}
    further = {
        "decisions": own if len(own) > 1 else [],
        "replaced_decisions": replaced(every),
        "earlier_decisions": earlier.of(record["id"]),
    }
    return found | {name: value for name, value in further.items() if value}
