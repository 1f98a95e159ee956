"""What a reviewer records: decisions on flags and their withdrawal; and who reviews why."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from forensics.errors import WrongUse
from forensics.review import decide, withdraw
from forensics.web.desk import desk

pages = Blueprint("deciding", __name__)
_MOST = 2_000


@pages.post("/flags/<key>/decision")
def decision(key: str) -> Response:
    """Record a decision; what is answered after it is on disk."""
    at = desk()
    if key not in at.known.flag_numbers:
        abort(404)
    reason, given = request.form.get("reason", "").strip()[:_MOST], request.form.get("decision", "")
    at.write(lambda case: decide(case, key, given, reason, at.session.reviewer))
    at.session.decided.append(key)
    following = request.form.get("following")
    if following in at.known.flag_numbers:
        return redirect(url_for("reading.flag", key=following), 303)
    return redirect(url_for("reading.flag", key=key), 303)


@pages.post("/flags/<key>/withdrawal")
def withdrawal(key: str) -> Response:
    """Take back the reviewer's newest decision on a flag: one more entry."""
    at = desk()
    at.write(lambda case: withdraw(case, key, at.words("undo.reason"), at.session.reviewer))
    made = at.session.decided
    if key in made:
        del made[len(made) - 1 - made[::-1].index(key)]
    return redirect(url_for("reading.flag", key=key), 303)


@pages.post("/withdrawal")
def last_withdrawal() -> Response:
    """Take back what was decided last while this page was open. WrongUse where nothing was."""
    at = desk()
    if not at.session.decided:
        raise WrongUse(at.words("undo.nothing"))
    return withdrawal(at.session.decided[-1])


@pages.post("/reason")
def reason() -> Response:
    """Another reason for reading on; what is opened from now on is recorded with it."""
    at = desk()
    given = request.form.get("reason", "").strip()[:_MOST]
    if not given or any("\ud800" <= letter <= "\udfff" for letter in given):
        raise WrongUse(at.words("reason.empty"))
    at.session.reason, at.session.opened, at.session.searched = given, None, None
    return redirect(url_for("reading.conversations"), 303)
