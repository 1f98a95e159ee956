"""Figures over a whole case that drawings are made of: when, who with whom, what was asked, where."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from forensics.case_thread import numbers_of
from forensics.times import local

_QUARTER = 900_000  # every zone's offset since 1970 is a multiple of a quarter of an hour
# People of one conversation that are joined with each other: those who wrote most.
_MOST_WRITERS = 30


class Flagged(NamedTuple):
    """A message that a flag names."""

    conversation: int
    sent_at: int | None


class Tie(NamedTuple):
    """Two people who wrote in the same conversation, and how often both did: the lesser of their messages."""

    one: str
    other: str
    conversation: int
    messages: int


class Asked(NamedTuple):
    """A price that an offer asked; ``tier`` is substance, quantity, unit and currency."""

    flag: str
    conversation: int
    sender: str | None
    tier: tuple[str, float, str, str]
    price: float
    sent_at: int


class SharedPlace(NamedTuple):
    """A location that was sent."""

    message: str
    conversation: int
    sender: str | None
    sent_at: int | None
    latitude: float
    longitude: float
    words: str


def by_day_and_hour(db: sqlite3.Connection, zone: str) -> tuple[Counter[str], Counter[int]]:
    """Messages by date and by hour of the day, in a time zone."""
    days, hours = Counter[str](), Counter[int]()
    sql = (
        "SELECT min(sent_at), count(*) FROM message WHERE sent_at IS NOT NULL"
        f" GROUP BY sent_at / {_QUARTER} ORDER BY 1"
    )
    for instant, count in db.execute(sql):
        moment = local(instant, zone)
        days[moment.date().isoformat()] += count
        hours[moment.hour] += count
    return days, hours


def flagged(db: sqlite3.Connection) -> list[Flagged]:
    """Every message that a flag of an offer or a possible transaction names, once."""
    rows = db.execute(
        "SELECT DISTINCT m.value FROM flag AS f, json_each(f.form, '$.messages') AS m"
        " WHERE f.kind IN ('menu', 'deal')"
    )
    numbers = numbers_of(db, (key for (key,) in rows.fetchall()))
    found = db.execute(
        "SELECT conversation, sent_at FROM message WHERE n IN (SELECT value FROM json_each(?)) ORDER BY n",
        (json.dumps(list(numbers.values())),),
    )
    return [Flagged(*row) for row in found]


def ties(db: sqlite3.Connection) -> list[Tie]:
    """Who wrote in the same conversations, those who wrote most to each other first."""
    rows = db.execute(
        "SELECT m.conversation, p.id, count(*) FROM message AS m LEFT JOIN participant AS p ON p.n = m.sender"
        " WHERE m.sender IS NOT NULL GROUP BY m.conversation, m.sender ORDER BY 1, 3 DESC, 2"
    )
    writers: dict[int, list[tuple[str, int]]] = {}
    for conversation, person, count in rows:
        writers.setdefault(conversation, []).append((person, count))
    found = [
        Tie(min(one, other), max(one, other), conversation, min(first, second))
        for conversation, people in writers.items()
        for (one, first), (other, second) in combinations(people[:_MOST_WRITERS], 2)
    ]
    return sorted(found, key=lambda tie: (-tie.messages, tie.conversation, tie.one, tie.other))


def asked(db: sqlite3.Connection) -> list[Asked]:
    """The prices in offers, in order of time; those of a message without a time are left out."""
    return sorted(_asked(db), key=lambda each: (each.sent_at, each.flag))


def _asked(db: sqlite3.Connection) -> Iterator[Asked]:
    rows = db.execute("SELECT id, conversation, form FROM flag WHERE kind = 'menu' ORDER BY n").fetchall()
    for flag, conversation, form in rows:
        found = json.loads(form)
        numbers = numbers_of(db, found["messages"][:1])
        sender, sent_at = next(iter(_sent(db, list(numbers.values()))), (None, None))
        if sent_at is None:
            continue
        for item in found["items"]:
            if item["price"] is not None and item["quantity"] is not None and item["substance"]:
                tier = (
                    item["substance"],
                    float(item["quantity"]),
                    item["unit"] or "",
                    item["currency"] or "",
                )
                yield Asked(flag, conversation, sender, tier, float(item["price"]), sent_at)


def _sent(db: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[tuple[str | None, int | None]]:
    for number in numbers:
        yield db.execute(
            "SELECT p.id, m.sent_at FROM message AS m LEFT JOIN participant AS p ON p.n = m.sender"
            " WHERE m.n = ?",
            (number,),
        ).fetchone()


def shared_places(db: sqlite3.Connection) -> list[SharedPlace]:
    """The locations that were sent and have both axes, in order of time."""
    rows = db.execute(
        "SELECT m.id, m.conversation, p.id, m.sent_at, m.rare FROM message AS m"
        " LEFT JOIN participant AS p ON p.n = m.sender"
        " WHERE m.rare IS NOT NULL AND instr(m.rare, '\"location\":{') ORDER BY m.sent_at, m.n"
    )
    found = []
    for key, conversation, sender, sent_at, rare in rows:
        place = json.loads(rare).get("location")
        if place and place["latitude"] is not None and place["longitude"] is not None:
            words = " · ".join(each for each in (place["name"], place["address"]) if each)
            axes = (float(place["latitude"]), float(place["longitude"]))
            found.append(SharedPlace(f"m{key.hex()}", conversation, sender, sent_at, *axes, words))
    return found
