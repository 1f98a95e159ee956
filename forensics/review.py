"""A person's decisions on flags: appended and logged, never changed; the newest one counts."""

from __future__ import annotations

from forensics import times
from forensics.case import Case
from forensics.decisions import WITHDRAWN, decisions, flag_form, standing
from forensics.errors import WrongUse

DECISIONS = ("confirmed", "rejected", "uncertain")


def decide(case: Case, flag: str, decision: str, reason: str, by: str | None) -> dict[str, str]:
    """Record a decision. WrongUse for an unknown flag, an unknown decision or an empty reason."""
    if decision not in DECISIONS:
        raise WrongUse(f"{decision}: decide {', '.join(DECISIONS)}")
    return _record(case, flag, decision, reason, by)


def withdraw(case: Case, flag: str, reason: str, by: str | None) -> dict[str, str]:
    """Take back the newest decision that this person has on a flag: one more entry, nothing is changed.

    WrongUse where that person has none.
    """
    person = by or str(case.info["examiner"])
    if all(each["by"] != person for each in standing(decisions(case.db).get(flag, ()))):
        raise WrongUse(f"{flag}: {person} has no decision on this flag that could be taken back")
    return _record(case, flag, WITHDRAWN, reason, person)


def _record(case: Case, flag: str, decision: str, reason: str, by: str | None) -> dict[str, str]:
    if any(not _is_text(each) for each in (flag, reason, by or "")):
        raise WrongUse("the flag, the reason or the name is no text in UTF-8")
    if not reason.strip():
        raise WrongUse("--reason is empty; a decision needs its reason")
    if flag_form(case.db, flag) is None:
        raise WrongUse(f"{flag}: no such flag in this case; `sporen flags` lists them")
    person = by or str(case.info["examiner"])
    made = {"decision": decision, "reason": reason, "by": person, "at": times.rfc3339(times.now()) or ""}
    with case.change(writes=("decision",)) as change:
        form = flag_form(change.db, flag)
        seq = change.log("flag.review", {"flag": flag}, decision, reason=reason, by=person, changes_case=True)
        change.db.execute(
            "INSERT INTO decision (flag, decision, reason, by, at, seq, form) VALUES (?,?,?,?,?,?,?)",
            (flag, decision, reason, person, made["at"], seq, form),
        )
    return {"flag": flag, **made}


def _is_text(text: str) -> bool:
    """Whether it is more than bytes of another encoding, which Python keeps as surrogates."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)
