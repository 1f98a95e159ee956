"""A case analysed anew under another table of law: every flag made again, logged, no evidence read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from forensics.analysis.law_table import read_table
from forensics.case import Case
from forensics.case_analysis import analyse, analysed
from forensics.case_law import told
from forensics.case_settings import LAW
from forensics.ingest import check_authority


def lay(
    case: Case, path: Path | None, environment: Mapping[str, str], workers: int
) -> tuple[dict[str, object] | None, int | None]:
    """From now on the case is analysed under the table in this file, or under the built-in one alone.

    Gives what is said of the table, and the number of flags made anew: None where the case was under that
    table already or has no evidence yet. Refused when no authority is valid today; WrongUse for a bad table.
    """
    check_authority(case)
    wanted = read_table(path).kept() if path else None
    with case.change() as change:
        before = case.info.get(LAW)
        now, then = (told(each) if each else None for each in (wanted, before))
        if (now or {}).get("sha256") == (then or {}).get("sha256"):
            return then, None
        case.set(**{LAW: wanted})
        has_evidence = change.db.execute("SELECT 1 FROM evidence LIMIT 1").fetchone() is not None
        count = analyse(change.db, 0, workers, work=case.work_folder()) if has_evidence else 0
        subject = {"case": str(case.info["number"])}
        rules = analysed(change, subject, count, before=then)
        if has_evidence:
            case.set(environment=dict(environment), rules=rules)
    return now, count if has_evidence else None
