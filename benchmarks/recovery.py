"""How much of what is still in the bytes `sporen recover` finds, and how much of what it gives is true.

    python benchmarks/recovery.py [--page-sizes 512,4096] [--cases drop,range] [--verbose] [--summary]

Every deletion case of fixtures/sqlite_recovery is made at every page size, with and without auto_vacuum, and
at 4096 bytes a page also in UTF-16 and with secure_delete. The truth is known by construction (see the
maker): a row counts as present when the bytes of its values are still in one of the files. Complete rows are
scored.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from forensics.formats.sqlite_recovery import RecoveredRow, recover

MAKER = Path(__file__).parent.parent / "fixtures" / "sqlite_recovery" / "make_recovery.py"
SIZES = (512, 1024, 2048, 4096, 8192, 16384, 32768, 65536)
ALIASED = ("message", "letter")
GROUPS = {
    "rows deleted, the table kept": ("single", "range", "scattered", "whole", "altered"),
    "table dropped, or dropped and made again": ("drop", "drop_recreate"),
    "pages and cells used again": ("reused", "overwritten", "rebalance"),
    "long rows on overflow pages": ("overflow",),
    "rows changed: their older versions": ("updates",),
    "log: versions, old generations, never committed": ("wal_versions", "wal_old_frames", "wal_uncommitted"),
    "journals: hot, persistent": ("journal_hot", "journal_persist"),
    "vacuumed, or nothing deleted": ("vacuum", "untouched"),
}


def load_maker() -> ModuleType:
    """The maker of the cases, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("make_recovery", MAKER)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_recovery"] = module
    spec.loader.exec_module(module)
    return module


maker = load_maker()


@dataclass(slots=True)
class Score:
    """Counts of one or more databases; they can be added up."""

    present: int = 0
    hit: int = 0
    given: int = 0
    true: int = 0
    live: int = 0
    incomplete: int = 0

    def add(self, other: Score) -> None:
        """Takes over the counts of another database."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float:
        """1 where nothing was left to find."""
        return self.hit / self.present if self.present else 1.0

    @property
    def precision(self) -> float:
        """1 where nothing was given."""
        return self.true / self.given if self.given else 1.0


def all_settings(sizes: tuple[int, ...]) -> Iterator[tuple[str, object]]:
    """Each way in which the databases are made, with the name of its group."""
    for size in sizes:
        for vacuum in (0, 1):
            name = "auto_vacuum" if vacuum else "no auto_vacuum"
            yield f"{size}, {name}", maker.Settings(page_size=size, auto_vacuum=vacuum)
    for encoding in ("UTF-16le", "UTF-16be"):
        yield encoding, maker.Settings(encoding=encoding)
    yield "secure_delete=FAST", maker.Settings(secure_delete="FAST")
    yield "secure_delete=ON", maker.Settings(secure_delete="ON")
    yield "auto_vacuum=INCREMENTAL", maker.Settings(auto_vacuum=2)


def score(case: str, settings: object) -> Score:
    """One database made, recovered from and compared with its truth."""
    with tempfile.TemporaryDirectory() as folder:
        made = maker.make(case, settings, Path(folder))
        streams = (io.BytesIO(data) if data is not None else None for data in (made.wal, made.journal))
        rows = list(recover(io.BytesIO(made.main), *streams, work=Path(folder) / "work", name="case.db"))
    whole = [row for row in rows if row.complete]
    present = made.present
    hits = set().union(*(truths(made, row) for row in whole)) & present
    return Score(
        present=len(present),
        hit=len(hits),
        given=len(whole),
        true=sum(bool(truths(made, row)) for row in whole),
        live=sum(maker.normal(row.table or "", row.values) in made.now for row in rows),
        incomplete=len(rows) - len(whole),
    )


def truths(made: object, row: RecoveredRow) -> set[object]:
    """The rows of the truth that a recovered row is; one whose id is not known is any with its values."""
    gone = made.gone  # type: ignore[attr-defined]  # the maker is loaded from its file
    found: set[object] = set()
    for table in [row.table] if row.table else sorted({table for table, _values in gone}):
        values = maker.normal(table, row.values)[1]
        if (table, values) in gone:
            found.add((table, values))
        elif table in ALIASED and values and values[0] is None:
            found |= {one for one in gone if one[0] == table and one[1][1:] == values[1:]}
    return found


def table(title: str, scores: dict[str, Score]) -> Iterator[str]:
    """The scores as a table of Markdown."""
    yield f"| {title} | rows still there | found | recall | given | true | precision | live rows given |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for name, one in scores.items():
        yield (
            f"| {name} | {one.present} | {one.hit} | {one.recall:.3f} | {one.given} | {one.true}"
            f" | {one.precision:.4f} | {one.live} |"
        )


def summary(by_case: dict[str, Score]) -> Iterator[str]:
    """The cases in groups, and all of them."""
    grouped: dict[str, Score] = {}
    for name, cases in GROUPS.items():
        for case in cases:
            grouped.setdefault(name, Score()).add(by_case.get(case, Score()))
    total = Score()
    for one in by_case.values():
        total.add(one)
    yield from table("what was done", grouped | {"all": total})


def main() -> None:
    """Scores the cases and prints the tables."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    options.add_argument("--page-sizes", default=",".join(map(str, SIZES)))
    options.add_argument("--cases", default=",".join(maker.CASES))
    options.add_argument("--workers", type=int, default=os.cpu_count())
    options.add_argument("--verbose", action="store_true", help="a line for every database below the mark")
    options.add_argument("--summary", action="store_true", help="one table, of the cases in groups")
    chosen = options.parse_args()
    sizes = tuple(int(each) for each in chosen.page_sizes.split(","))
    by_case: dict[str, Score] = {}
    by_settings: dict[str, Score] = {}
    total = Score()
    jobs = [
        (name, case, settings) for name, settings in all_settings(sizes) for case in chosen.cases.split(",")
    ]
    with ProcessPoolExecutor(chosen.workers) as pool:
        scores = pool.map(score, [case for _name, case, _settings in jobs], [job[2] for job in jobs])
        for (name, case, _settings), one in zip(jobs, scores, strict=True):
            by_case.setdefault(case, Score()).add(one)
            by_settings.setdefault(name, Score()).add(one)
            total.add(one)
            if chosen.verbose and (one.recall < 0.95 or one.precision < 0.97 or one.live):
                print(f"{case}, {name}: {one} {one.recall:.3f} {one.precision:.3f}", file=sys.stderr)
    if chosen.summary:
        print("\n".join(summary(by_case)))
        return
    print("\n".join(table("case", by_case | {"all": total})))
    print()
    print("\n".join(table("database", by_settings)))


if __name__ == "__main__":
    main()
