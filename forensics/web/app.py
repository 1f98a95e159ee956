"""The application: which pages there are, what templates can use, and errors as sentences."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from flask import Flask, render_template, request
from werkzeug.exceptions import HTTPException

from forensics.case_file import ODD_VALUES, told
from forensics.errors import CaseLocked, CaseUnusable, MachineFailed, SporenError
from forensics.sentences import translated
from forensics.signs import whole_signs
from forensics.textual import visible
from forensics.web import choosing, comparing, deciding, media, overviews, reading
from forensics.web.access import guard
from forensics.web.desk import Desk, close_case
from forensics.web.session import Session
from forensics.web.showing import OPTIONS, shown, side
from forensics.web.words import PageWords

# A form of these pages is a few thousand characters, and one with a selection the ids of its messages.
_MOST_FORM = 1_000_000


class _Application(Flask):
    jinja_options = {**OPTIONS, "finalize": shown}  # noqa: RUF012  # as Flask declares it


def application(folder: Path, session: Session, language: str) -> Flask:
    """The review of a case by one reviewer; ``session.host`` is set when the address is known."""
    app = _Application(__name__, static_folder="assets", static_url_path="/assets")
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _MOST_FORM
    desk = app.extensions["desk"] = Desk(folder, session, PageWords(language))
    guard(app, session)
    app.teardown_request(close_case)
    for module in (reading, media, deciding, choosing, comparing, overviews):
        app.register_blueprint(module.pages)
    _errors(app, desk)

    @app.context_processor
    def usable() -> dict[str, object]:
        return {
            "words": desk.words,
            "session": session,
            "side": side,
            "language": language,
        }

    return app


def prepare(app: Flask) -> None:
    """Make now what the first page would otherwise wait for: the templates, and which signs can be seen."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    visible("\u20ac")
    whole_signs("\u20ac\u0301", 1)


def _errors(app: Flask, desk: Desk) -> None:
    """What a person can mend is one sentence on a page, with the status of its kind."""

    def page(status: int, text: str) -> tuple[str, int]:
        query = request.args.get("q", "")  # stays in the box, to be mended
        return render_template("error.html", status=status, text=text, query=query), status

    @app.errorhandler(SporenError)
    def sporen(error: SporenError) -> tuple[str, int]:
        statuses = {CaseLocked: 503, CaseUnusable: 500, MachineFailed: 507}
        status = next((code for kind, code in statuses.items() if isinstance(error, kind)), 400)
        return page(status, translated(str(desk.on_record(error)), desk.words.language))

    @app.errorhandler(sqlite3.DatabaseError)
    def database(error: sqlite3.DatabaseError) -> tuple[str, int]:
        mended = told(desk.folder, error)
        if not isinstance(mended, SporenError):
            raise error
        return sporen(mended)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        if status == 403:
            desk.refused(str(error.description))
        if status == 403 or request.path.startswith("/assets/"):
            return error.description or "", status  # to a stranger nothing is shown, not even the page's form
        return page(status, desk.words("error.404") if status == 404 else str(error.description))

    for kind in ODD_VALUES:
        app.register_error_handler(kind, lambda error: page(500, desk.words("error.odd", error=repr(error))))
