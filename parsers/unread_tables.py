"""Tables of a database that nothing reads, named with their rows: what is not read is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from forensics.formats.sqlite import Database
from parsers.notes import Notes

# So many are named in the notice itself; its raw value names all.
_MOST_NAMED = 60


def unread_tables(
    database: Database, notes: Notes, read: Collection[str], meanings: Mapping[str, str]
) -> None:
    """One notice for all tables that have rows and are not among those that are ``read``; ``meanings`` says
    what they hold where that is known."""
    lines, count = [], 0
    for name in sorted(database.tables()):
        if name in read:
            continue
        rows = database.count(name)
        if rows == 0:
            continue
        meaning = f" ({meanings[name]})" if name in meanings else ""
        lines.append(f"{name}{meaning}: {'rows that cannot be counted' if rows is None else rows}")
        count += rows or 0
    if lines:
        more = [] if len(lines) <= _MOST_NAMED else [f"and {len(lines) - _MOST_NAMED} more"]
        named = "; ".join([*lines[:_MOST_NAMED], *more])
        text = f"tables that are not read: {len(lines)}, with {count} rows: {named}"
        notes.add("unread", text, None, None, "\n".join(lines))
