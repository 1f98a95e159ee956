"""What the databases of an installation found wrong with themselves while they were read, as notices."""

from __future__ import annotations

from forensics.extract import Batch
from forensics.formats.sqlite import ReadProblem
from forensics.formats.sqlite_problem import UNUSED_LOG
from forensics.items import Item, Trouble
from forensics.model import Notice, Source
from forensics.parser import Installation

# Kinds of ReadProblem by which rows are missing that the evidence should hold.
_LOSSES = frozenset(("missing", "zeroed", "page"))


def database_problems(item: Item, installation: Installation) -> Batch:
    """What the databases found wrong with themselves while they were read."""
    batch = Batch()
    read_here = [
        (installation.database, installation.path, installation.file_sha256),
        *installation.others.values(),
    ]
    for database, path, digest in read_here:
        for problem in database.problems:
            batch.notices.append(_notice(problem, installation, path, digest))
            if problem.kind in _LOSSES or problem.text.startswith(UNUSED_LOG):
                item.troubles.append(Trouble(path=path, text=f"{path}: {problem.text}", code=3))
    return batch


def _notice(problem: ReadProblem, installation: Installation, path: str, digest: str) -> Notice:
    raw = None
    if problem.rowids is not None:
        low, high = ("?" if each is None else str(each) for each in problem.rowids)
        raw = f"row ids {low} to {high}"
    source = Source(
        evidence_sha256=installation.evidence_sha256,
        file_sha256=digest,
        path=path,
        table=problem.table,
        page=problem.pages[0][0] if problem.pages else None,
    )
    severity = "damage" if problem.kind in _LOSSES else "database"
    return Notice(severity=severity, text=problem.text, source=source, raw=raw)
