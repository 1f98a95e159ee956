"""What a list of conversations shows and is filtered by, of a whole case at once."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from forensics.errors import WrongUse


class Person(NamedTuple):
    """A participant as it is named on a page."""

    name: str
    identifier: str
    is_owner: bool


class FlagPlace(NamedTuple):
    """A flag without its reasons."""

    id: str
    conversation: int
    kind: str
    score: int


@dataclass(slots=True, kw_only=True)
class Listed:
    """A conversation in the list; ``place`` is its number as reports print it, ``key`` its id."""

    place: int
    n: int
    key: str
    app: str
    platform: str
    kind: str
    title: str | None
    handle: str | None
    participants: tuple[str, ...]
    flags: Counter[str] = field(default_factory=Counter)


def state_of(db: sqlite3.Connection) -> tuple[object, ...]:
    """What changes with every ingest and purge, and with no decision: what was read before holds as long as
    this is the same."""
    row: tuple[object, ...] = db.execute(
        "SELECT (SELECT count(*) FROM evidence), (SELECT max(n) FROM evidence), (SELECT max(n) FROM message),"
        " (SELECT count(*) FROM flag), (SELECT max(n) FROM flag), (SELECT count(*) FROM contact),"
        " (SELECT count(*) FROM conversation), (SELECT value FROM setting WHERE name = 'purged')"
    ).fetchone()
    return row


def conversations(db: sqlite3.Connection) -> list[Listed]:
    """All conversations in export order."""
    columns = "n, id, app, platform, kind, title, handle, participants"
    rows = db.execute(f"SELECT {columns} FROM conversation ORDER BY rank").fetchall()
    found = [
        Listed(
            place=place, n=n, key=key, app=app, platform=platform, kind=kind, title=title, handle=handle,
            participants=tuple(json.loads(participants)),
        )
        for place, (n, key, app, platform, kind, title, handle, participants) in enumerate(rows, 1)
    ]  # fmt: skip
    by_number = {each.n: each for each in found}
    for n, kind, count in db.execute(
        "SELECT conversation, kind, count(*) FROM flag GROUP BY 1, 2 ORDER BY 1, 2"
    ):
        if n in by_number:
            by_number[n].flags[kind] = count
    return found


class Extent(NamedTuple):
    """How many messages a conversation has, and the times of the first and the last."""

    messages: int
    first: int | None
    last: int | None


def extent(db: sqlite3.Connection, conversation: int) -> Extent:
    """Of one conversation: of all of them it takes as long as the case is large."""
    sql = "SELECT count(*), min(sent_at), max(sent_at) FROM message WHERE conversation = ?"
    return Extent(*db.execute(sql, (conversation,)).fetchone())


def people(db: sqlite3.Connection) -> dict[str, Person]:
    """All participants by id: the first name that is known, and the number or identifier as stored."""
    rows = db.execute(
        "SELECT id, json_extract(names, '$[0].name'), phone, handle, is_owner FROM participant ORDER BY rank"
    )
    return {
        key: Person(name or phone or handle or "", phone or handle or "", bool(is_owner))
        for key, name, phone, handle, is_owner in rows
    }


def flag_places(db: sqlite3.Connection) -> list[FlagPlace]:
    """All flags in export order; a flag's number in reports is its place in it, from 1."""
    rows = db.execute(
        "SELECT f.id, f.conversation, f.kind, f.score FROM flag AS f"
        " LEFT JOIN conversation AS c ON c.n = f.conversation ORDER BY c.rank, f.n"
    )
    return [FlagPlace(*row) for row in rows]


def lists_by_conversation(db: sqlite3.Connection) -> dict[int, frozenset[str]]:
    """On which lists of the Opium Act goods stand that flags name, by conversation."""
    rows = db.execute(
        "SELECT DISTINCT f.conversation, json_extract(i.value, '$.list')"
        " FROM flag AS f, json_each(f.form, '$.items') AS i"
    )
    found: dict[int, set[str]] = {}
    for conversation, name in rows:
        if name is not None:
            found.setdefault(conversation, set()).add(str(name))
    return {conversation: frozenset(names) for conversation, names in found.items()}


def has_message_within(
    db: sqlite3.Connection, conversation: int, since: int | None, until: int | None
) -> bool:
    """Whether a message of the conversation was sent from ``since`` on and before ``until``."""
    row = db.execute(
        "SELECT 1 FROM message WHERE conversation = ? AND sent_at >= ? AND sent_at < ? LIMIT 1",
        (conversation, -(2**62) if since is None else since, 2**62 if until is None else until),
    ).fetchone()
    return row is not None


class Found(NamedTuple):
    """A message that a search found; in ``snippet`` the marks stand around what was searched for."""

    n: int
    conversation: int
    snippet: str


MARK, UNMARK = "\x01", "\x02"


def matching(db: sqlite3.Connection, query: str, most: int, conversation: int | None = None) -> list[Found]:
    """The messages that a query of FTS5 finds, the last stored first; of one conversation where it is given.

    WrongUse when the query is not in the language of FTS5.
    """
    # in one pass, the snippet of a row made as it is met: asked again by row, each would cost the whole query
    sql = (
        "SELECT m.n, m.conversation, snippet(message_text, 0, :mark, :unmark, '…', 24) FROM message_text"
        " CROSS JOIN message AS m ON m.n = message_text.rowid WHERE message_text MATCH :query"
        f"{'' if conversation is None else ' AND m.conversation = :conversation'}"
        " ORDER BY message_text.rowid DESC LIMIT :most"
    )
    values = {"query": query, "most": most, "conversation": conversation, "mark": MARK, "unmark": UNMARK}
    try:
        return [Found(*row) for row in db.execute(sql, values)]
    except UnicodeEncodeError as error:
        raise WrongUse("this query is no text in UTF-8") from error
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_ERROR:
            raise
        raise WrongUse(f'this query cannot be read ({error}); put a text with signs in "quotes"') from error


def as_typed(text: str) -> str:
    """What a person types into a search box, as a query: every word must be there, the last may go on. Signs
    have no meaning; empty where nothing can be searched for."""
    words = [word for word in text.replace("\0", " ").split() if any(map(str.isalnum, word))]
    quoted = ['"' + word.replace('"', '""') + '"' for word in words]
    return " ".join(quoted) + ("*" if quoted and not text[-1].isspace() else "")
