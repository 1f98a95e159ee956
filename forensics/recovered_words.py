"""The notices of a recovery: what was found, by which method, and what became of it, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from forensics.case_lost import INDEXED_WORDS
from forensics.formats.sqlite_recovery import FoundAt
from forensics.model import Notice, Source
from forensics.recovered_plan import INDEXED, KEPT, OLDER, PARTIAL, REPEATED, SAME, Live
from forensics.recovered_rows import MOST_ROWS, IndexedText, Recovered

SEVERITY = "recovered"
_METHODS = {
    "freelist": "on pages that the database had given up",
    "freeblock": "in freed space between the rows of a page",
    "unallocated": "in unused space of a page",
    "wal": "in earlier versions of pages beside the write-ahead log",
    "journal": "in the rollback journal",
    "dropped_table": "on pages of a table that was removed",
    "fts": "in the search index",
}
_OUTCOMES = (
    (KEPT, "became messages"),
    (OLDER, "became messages as older versions of live ones"),
    (REPEATED, "are further copies of those"),
    (SAME, "say what a live message says"),
    (PARTIAL, "are too incomplete to be a message"),
    (INDEXED, "are texts that only the search index still holds"),
)


def could_not(problem: str, source: Source) -> Notice:
    """That a recovery ended before it gave anything."""
    return Notice(severity=SEVERITY, text=f"deleted rows could not be looked for: {problem}", source=source)


def not_read(why: str, source: Source) -> Notice:
    """That no recovery was made."""
    return Notice(severity=SEVERITY, text=f"deleted rows were not looked for: {why}", source=source)


def unattributed(count: int, what: str, source: Source) -> Notice:
    """That messages, or calls, were left out since they may be of a privileged contact."""
    text = (
        f"{count} recovered {what} were left out: whose they were cannot be decided, and there are"
        " privileged contacts"
    )
    return Notice(severity="scope", text=text, source=source)


def calls_refused(count: int, source: Source) -> Notice:
    """That calls were left out since the authority does not cover them."""
    text = f"{count} recovered calls were left out: they are outside the authority"
    return Notice(severity="scope", text=text, source=source)


def summary(
    recovered: Recovered, outcomes: Mapping[tuple[str, str], int], refused: int, source: Source
) -> Iterator[Notice]:
    """What was found in each table of messages and what became of it; then what was found besides."""
    tables = sorted({table for table, _rowid in recovered.places} | {each.table for each in recovered.texts})
    for table in tables:
        methods = _methods(recovered.counts, table)
        became = ", ".join(
            f"{outcomes[table, key]} {words}" for key, words in _OUTCOMES if outcomes.get((table, key))
        )
        text = (
            f"table {table}: {_rows(methods)} that the database no longer shows ({_told(methods)}): {became}"
        )
        yield Notice(severity=SEVERITY, text=text, source=source)
    if not tables:
        text = "deleted rows were looked for in the tables of messages: none was found"
        yield Notice(severity=SEVERITY, text=text, source=source)
    if refused:
        text = f"{refused} recovered messages were left out: they are outside the authority"
        yield Notice(severity="scope", text=text, source=source)
    yield from _others(recovered, tables, source)


def _others(recovered: Recovered, tables: list[str], source: Source) -> Iterator[Notice]:
    others: Counter[str] = Counter()
    for (table, _origin), count in recovered.counts.items():
        if table not in tables:
            others[table or "of a table that is not known"] += count
    if others:
        told = ", ".join(f"{count} {name}" for name, count in sorted(others.items()))
        text = f"rows recovered of other tables, which are no messages of their own: {told}"
        yield Notice(severity=SEVERITY, text=f"{text}; `sporen recover` gives them", source=source)
    for sentence in recovered.limits.told():
        yield Notice(severity=SEVERITY, text=f"deleted rows: {sentence}", source=source)
    if recovered.is_cut:
        text = f"more than {MOST_ROWS} rows were recovered: the rest was not read; `sporen recover` gives it"
        yield Notice(severity=SEVERITY, text=text, source=source)


def _methods(counts: Mapping[tuple[str | None, str], int], table: str) -> dict[str, int]:
    return {origin: counts[table, origin] for origin in _METHODS if counts.get((table, origin))}


def _rows(methods: Mapping[str, int]) -> str:
    total = sum(methods.values())
    return "1 row" if total == 1 else f"{total} rows"


def _told(methods: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {_METHODS[origin]}" for origin, count in methods.items())


def of_texts(texts: Iterable[IndexedText], source: Source, is_told: bool) -> Iterator[Notice]:
    """The texts without their messages; ``is_told``: whether the authority covers texts of whoever's they
    are. Whose a text was and when it was sent nobody can say."""
    for each in texts:
        where = replace(source, table=each.table, rowid=each.rowid, page=each.at.page, offset=each.at.offset)
        text = f"{INDEXED_WORDS} {each.rowid} of {each.table}, which is gone"
        yield Notice(severity=SEVERITY, text=text, source=where, raw=each.text if is_told else None)


def of_call(
    origins: Iterable[FoundAt], is_whole: bool, live: tuple[int | None, str] | None, source: Source, raw: str
) -> Notice:
    """A recovered call: what was read of it is the raw value."""
    methods = " and ".join(dict.fromkeys(_METHODS.get(at.origin, at.origin) for at in origins))
    parts = [f"a call was recovered from table {source.table}: it was found {methods}"]
    if not is_whole:
        parts.append("in part only: what is lost is null")
    if live is not None:
        parts.append(f"row {live[0]} of that table is live as {live[1]} and says something else")
    return Notice(severity=SEVERITY, text="; ".join(parts), source=source, raw=raw)


def of_message(
    live: Live | None, origins: Iterable[FoundAt], is_whole: bool, source: Source
) -> Iterator[Notice]:
    """What a reader must know of one recovered message: by which method it was found, and what it is."""
    methods = " and ".join(dict.fromkeys(_METHODS.get(at.origin, at.origin) for at in origins))
    parts = [f"this message was recovered: it was found {methods}"]
    if not is_whole:
        parts.append("in part only: what is lost is null")
    if live is not None:
        where = f"row {live.rowid} of {live.table}, which is live as {live.id}"
        parts.append(f"it is an older version of {where}, with another text")
    yield Notice(severity=SEVERITY, text="; ".join(parts), source=source)
