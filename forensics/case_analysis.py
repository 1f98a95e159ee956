"""The analysis of a case: conversations that gained messages are read again, and their flags made anew.

Only messages whose text can contribute (``cue``), and what may answer one (case_lines), are looked at; the
others change nothing (analysis.cues). Lines are read one after the other and flags stored as they come:
however long a conversation is, only what the analysis looks back at is in memory (analysis.findings), and a
flag.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from operator import attrgetter
from pathlib import Path
from typing import Any, Self

from forensics.analysis.cues import CUE_CODED, CUE_DRUG
from forensics.analysis.findings import Classifier
from forensics.analysis.measured import measured
from forensics.case import Change
from forensics.case_copies import SpokenCopy, spoken_copies
from forensics.case_faults import forget_faults, note_faults, unanalysed
from forensics.case_law import classifier_of
from forensics.case_lines import lines_of
from forensics.flag_rows import FAULT, About, FlagRow, flag_rows
from forensics.flag_work import (
    Packed,
    Part,
    built_in,
    law_file,
    packed,
    packed_flags,
    unpacked,
)
from forensics.private_copies import private_folder
from forensics.times import now, rfc3339
from forensics.workers import Pool, give_back

__all__ = ["Analysts", "analyse", "analysed", "built_in", "rules_record", "saying_lines"]

_OPENING = CUE_DRUG | CUE_CODED
# The + keeps SQLite from going by the row id: by the index of conversations, where there is one, nothing is
# read but that, a tenth of the time.
_TOUCHED = "SELECT DISTINCT conversation FROM message WHERE +n >= ?"
_SPEAKING = f"""
SELECT m.conversation, count(*) AS lines, sum((q.flags & {_OPENING}) != 0) AS opening
FROM cue AS q LEFT JOIN message AS m ON m.n = q.message
WHERE m.conversation IN (SELECT value FROM json_each(?))
GROUP BY m.conversation
"""
# Lines that may speak of a drug, and lines of any kind, from which on a pool of processes is worth its start.
_WORTH_A_POOL, _LINES_WORTH_A_POOL = 4_000, 40_000


def saying_lines(db: sqlite3.Connection, since: int) -> tuple[int, int]:
    """How many messages from number ``since`` on say something to the analysis, and how many of these may
    speak of a drug or trade in coded words."""
    sql = f"SELECT count(*), count(nullif(flags & {_OPENING}, 0)) FROM cue WHERE message >= ?"
    lines, opening = db.execute(sql, (since,)).fetchone()
    return lines, opening


def analyse(
    db: sqlite3.Connection,
    since: int,
    workers: int = 1,
    changed: Sequence[int] = (),
    *,
    work: Path | None = None,
    analysts: Analysts | None = None,
) -> int:
    """Make the flags of every conversation that has messages from number ``since`` on, and of the changed
    ones; gives their number. Several ``workers`` need the folder ``work`` of the case; ``analysts`` may have
    been begun for them.

    The case's own table of law holds (case_law). A message in whose analysis there is a fault has a notice.
    """
    built_in().forget()
    give_back()  # what reading and indexes took: other processes that have all words come to this one
    copied = spoken_copies(db, built_in().speaks)
    # a copy may have come from a row that was merged into one that did not change
    touched = {*changed, *copied, *(n for (n,) in db.execute(_TOUCHED, (since,)))}
    which = (json.dumps(sorted(touched)),)
    db.execute(
        "DELETE FROM flag WHERE conversation IN (SELECT value FROM json_each(?))"
        " OR conversation NOT IN (SELECT n FROM conversation)",
        which,
    )
    forget_faults(db, *which)
    speaking = {n: (lines, opening) for n, lines, opening in db.execute(_SPEAKING, which)}
    for number, lines in copied.items():
        if any(each.line.flags for each in lines):
            speaking.setdefault(number, (len(lines), 0))
    classifier = classifier_of(db)
    parts = (_part(db, number, copied.get(number, [])) for number in sorted(speaking))
    with ExitStack() as stack:
        pool = None
        if work is not None:
            analysts = analysts or stack.enter_context(Analysts(workers))
            pool = analysts.begin(*(sum(each[place] for each in speaking.values()) for place in (0, 1)))
        return _store(db, _flags(parts, classifier, pool, work))


def _store(db: sqlite3.Connection, rows: Iterable[FlagRow]) -> int:
    """Into the case, faults as notices; gives the number of flags."""
    count, faults = 0, list[FlagRow]()
    for row in rows:
        if row[2] == FAULT:
            faults.append(row)
            continue
        count += 1
        db.execute(
            "INSERT INTO flag (id, conversation, kind, score, form) VALUES (?,?,?,?, CAST(? AS TEXT))", row
        )
    if faults:
        note_faults(db, faults)
    return count


class Analysts:
    """The processes that analyse, as many as ``workers`` with this one. They can be begun while what they are
    to read is still being written: until they are ready takes a second of each. They end with the block."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool: Pool[Packed, list[bytes]] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._stack.close()

    def begin(self, lines: int, opening: int) -> Pool[Packed, list[bytes]] | None:
        """The processes, begun by now; None where so many lines, and lines that may speak of a drug, are
        worth none."""
        is_worth = lines >= _LINES_WORTH_A_POOL or opening >= _WORTH_A_POOL
        if self._pool is None and self._workers > 1 and is_worth:
            # this process analyses as well, which it has everything for: one process less in memory
            pool = Pool(packed_flags, self._workers - 1, built_in, attrgetter("size"))
            self._pool = self._stack.enter_context(pool)
            self._pool.begin()
        return self._pool


def _flags(
    parts: Iterable[Part], classifier: Classifier, pool: Pool[Packed, list[bytes]] | None, work: Path | None
) -> Iterator[FlagRow]:
    """The rows of the flags of all conversations in their order, worked out here or in a pool."""
    if pool is None or work is None:
        for part in parts:
            yield from flag_rows(part.about, part.rows, classifier)
        return
    with private_folder(work) as folder:
        law = law_file(classifier, folder)
        for blocks in pool.in_order(packed(part, folder, law) for part in parts):
            yield from unpacked(blocks)


def _part(db: sqlite3.Connection, number: int, copied: list[SpokenCopy]) -> Part:
    (key,) = db.execute("SELECT id FROM conversation WHERE n = ?", (number,)).fetchone()
    about = About(number, key, {each.line.id: each.copy for each in copied})
    return Part(about, lines_of(db, number, copied, built_in().rules))


def rules_record(classifier: Classifier, at: str) -> dict[str, Any]:
    """What a report says of the rules: version, digest, thresholds, what validation gave, and the table of
    law of the case where it has one."""
    figures = measured(classifier, at)
    table = classifier.laws.table
    return {
        **({"law": table.record()} if table else {}),
        "version": classifier.version,
        "sha256": classifier.sha256,
        "thresholds": classifier.rules.thresholds,
        "window": classifier.rules.window,
        "validation": {
            "test_set": f"built-in sets of {classifier.version}",
            "last_run": figures.pop("measured_at"),
            **figures,
        },
    }


def analysed(change: Change, subject: Mapping[str, object], flags: int, **further: object) -> dict[str, Any]:
    """Log that flags were made, and by which rules and table of law; gives what a report says of these."""
    classifier = classifier_of(change.db)
    table = classifier.laws.table
    failed = unanalysed(change.db)
    detail: dict[str, Any] = {
        **({"law": table.record()} if table else {}),
        **({"unanalysed": failed} if failed else {}),
        **further,
    }
    change.log(
        "flag.run", subject, rules=classifier.version, rules_sha256=classifier.sha256, flags=flags,
        changes_case=True, **detail,
    )  # fmt: skip
    return rules_record(classifier, rfc3339(now()) or "")
