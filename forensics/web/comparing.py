"""Two reviewers: how far they agree, on what they do not, and how often the reviewed flags are right."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from forensics.agreement import Pair, by_person, pairs, precision
from forensics.review import DECISIONS
from forensics.web.desk import Desk, desk

pages = Blueprint("comparing", __name__)


@pages.get("/agreement")
def agreement() -> str:
    """Every two persons who decided. A blind reviewer sees nothing of it."""
    at = desk()
    if at.session.blind:
        return render_template("agreement.html", is_blind=True, pairs=[], rates=[])
    at.log("view", "agreement", what="agreement")
    found = pairs(at.case.db)
    return render_template(
        "agreement.html",
        is_blind=False,
        pairs=[_pair(at, each) for each in found],
        rates=[_rate(at, kind, each) for kind, each in precision(at.case.db)["flags"].items()],
    )


def _pair(at: Desk, pair: Pair) -> dict[str, Any]:
    words, made = at.words, by_person(at.case.db)
    kappa = words("agree.no_kappa") if pair.kappa is None else f"{pair.kappa:.2f}"
    return {
        "one": pair.one,
        "other": pair.other,
        "said": words("agree.of", agreed=pair.agreed, of=pair.of, kappa=kappa),
        "names": [words.code("decision", name) for name in DECISIONS],
        "rows": [
            (words.code("decision", first), [pair.table.get((first, second), 0) for second in DECISIONS])
            for first in DECISIONS
        ],
        "differ": [
            (
                key,
                at.known.flag_numbers.get(key, 0),
                _said(at, made[pair.one][key]),
                _said(at, made[pair.other][key]),
            )
            for key in pair.disagreements
        ],
    }


def _said(at: Desk, made: dict[str, Any]) -> tuple[str, str]:
    return at.words.code("decision", made["decision"]), made["reason"]


def _rate(at: Desk, kind: str, each: dict[str, Any]) -> tuple[str, ...]:
    found = each["precision"]
    low, high = found["interval"]
    share, interval = "\u2013", "\u2013"
    if found["rate"] is not None:
        share, interval = (
            f"{each['confirmed']} / {found['of']} = {found['rate']:.3f}",
            f"{low:.3f} - {high:.3f}",
        )
    name = at.words("agree.all") if kind == "all" else at.words.code("flag", kind)
    counts = (str(each[state]) for state in ("uncertain", "disputed", "unreviewed"))
    return name, share, interval, *counts
