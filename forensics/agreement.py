"""Two persons on the same flags: how far they agree, and how often the flags that were looked at are
right."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from forensics.analysis.validation import wilson
from forensics.decisions import decisions, standing
from forensics.review import DECISIONS

Record = dict[str, Any]
_CAUTIONS = (
    "The figures hold for the flags that were looked at. Where not all of them were, and those that were are"
    " no random draw, they say nothing of the rest.",
    "What was never flagged was not looked at: these figures say nothing of what the rules miss.",
    "A confirmed flag is a person's reading of messages. No figure here is a probability that a person did"
    " anything.",
)


class Pair(NamedTuple):
    """Two persons: the flags that both decided on, by both decisions; ``kappa`` is None where it has no value
    (nothing in common, or chance alone would make them agree on everything)."""

    one: str
    other: str
    table: Mapping[tuple[str, str], int]
    agreed: int
    of: int
    kappa: float | None
    disagreements: tuple[str, ...]


def by_person(db: sqlite3.Connection) -> dict[str, dict[str, Record]]:
    """The standing decision of every person on every flag of today, by person and flag, in export order."""
    made = decisions(db)
    rows = db.execute(
        "SELECT f.id FROM flag AS f LEFT JOIN conversation AS c ON c.n = f.conversation ORDER BY c.rank, f.n"
    )
    found: dict[str, dict[str, Record]] = {}
    for (flag,) in rows.fetchall():
        for each in standing(made.get(flag, ())):
            found.setdefault(each["by"], {})[flag] = each
    return dict(sorted(found.items()))


def pairs(db: sqlite3.Connection) -> list[Pair]:
    """Every two persons who decided."""
    found = by_person(db)
    return [_pair(one, other, found[one], found[other]) for one, other in combinations(found, 2)]


def _pair(one: str, other: str, mine: Mapping[str, Record], theirs: Mapping[str, Record]) -> Pair:
    both = {flag: (mine[flag]["decision"], theirs[flag]["decision"]) for flag in mine if flag in theirs}
    table = Counter(both.values())
    return Pair(
        one=one,
        other=other,
        table=table,
        agreed=sum(count for (first, second), count in table.items() if first == second),
        of=len(both),
        kappa=kappa(list(both.values())),
        disagreements=tuple(flag for flag, (first, second) in both.items() if first != second),
    )


def kappa(both: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa (Educational and Psychological Measurement 20, 1960): agreement beyond what chance gives
    with how often each of the two used each decision."""
    total = len(both)
    if not total:
        return None
    first, second = Counter(each for each, _ in both), Counter(each for _, each in both)
    chance = sum(first[name] * second[name] for name in first)
    if chance == total * total:
        return None
    agreed = sum(one == other for one, other in both)
    return (agreed * total - chance) / (total * total - chance)


def precision(db: sqlite3.Connection) -> Record:
    """Of the flags that were confirmed or rejected the share that was confirmed, in all and by kind, with
    95 % Wilson intervals; and what was left uncertain, was disputed, or was not looked at.

    A flag on which persons differ is disputed and counts as neither.
    """
    made = decisions(db)
    counts: dict[str, Counter[str]] = {"all": Counter()}
    for flag, kind in db.execute("SELECT id, kind FROM flag ORDER BY n"):
        given = {each["decision"] for each in standing(made.get(flag, ()))}
        outcome = "unreviewed" if not given else next(iter(given)) if len(given) == 1 else "disputed"
        for name in ("all", kind):
            counts.setdefault(name, Counter())[outcome] += 1
    return {
        "flags": {name: _rate(each) for name, each in counts.items()},
        "agreement": [_agreement(each) for each in pairs(db)],
        "cautions": list(_CAUTIONS),
    }


def _rate(counts: Counter[str]) -> Record:
    confirmed, rejected = counts["confirmed"], counts["rejected"]
    low, high = wilson(confirmed, confirmed + rejected)
    rate = round(confirmed / (confirmed + rejected), 4) if confirmed + rejected else None
    found = {name: counts[name] for name in (*DECISIONS, "disputed", "unreviewed")}
    return {"precision": {"rate": rate, "of": confirmed + rejected, "interval": [low, high]}, **found}


def _agreement(pair: Pair) -> Record:
    rounded = None if pair.kappa is None else round(pair.kappa, 4)
    return {
        "reviewers": [pair.one, pair.other], "flags": pair.of, "agreed": pair.agreed, "kappa": rounded,
        "disagreements": list(pair.disagreements),
    }  # fmt: skip
