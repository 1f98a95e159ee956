"""What every page works with: the case for the time of one request, the session, and the log."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from flask import current_app, g

from forensics.attempts import recorded
from forensics.case import Case, Subject
from forensics.decisions import decisions, standing
from forensics.errors import CaseLocked, Refused, SporenError
from forensics.web.known import Known, Shelf
from forensics.web.session import Session
from forensics.web.words import PageWords

# How long a request waits for another process that is writing, in seconds.
_PATIENCE = 5.0

Record = dict[str, object]
Made = TypeVar("Made")


class Desk:
    """One review: a case folder, a reviewer, a language."""

    def __init__(self, folder: Path, session: Session, words: PageWords) -> None:
        self.folder = folder
        self.session = session
        self.words = words
        self.shelf = Shelf()
        self.writing = threading.Lock()
        self._refused: set[str] = set()

    def on_record(self, error: SporenError) -> SporenError:
        """The error, once the log has what was refused; what stands in the way of that is told with it."""
        close_case()
        with self.writing:
            return recorded(self.folder, "review", error)

    def refused(self, why: str) -> None:
        """Put on record that the page was asked for without leave: each way of it once for a review, for
        whoever asks may ask without end."""
        if why not in self._refused:
            self._refused.add(why)
            self.on_record(Refused(why))

    @property
    def case(self) -> Case:
        """The case, open until the answer is given."""
        if "case" not in g:
            g.case = open_patiently(self.folder)
        case: Case = g.case
        return case

    @property
    def known(self) -> Known:
        """What holds for the case as it is now."""
        if "known" not in g:
            g.known = self.shelf.known(self.case)
        known: Known = g.known
        return known

    def log(self, action: str, subject: Subject, result: str = "ok", *, what: str) -> None:
        """Record who looked at what, and why, before it is shown; ``what`` kind of looking it is."""
        by, reason = self.session.reviewer, self.session.reason
        with self.writing, self.case.change() as change:
            change.log(action, subject, result, by=by, reason=reason, what=what)

    def write(self, change: Callable[[Case], Made]) -> Made:
        """Do one change, whole or not at all; others of this server wait."""
        with self.writing:
            return change(self.case)

    def made(self) -> dict[str, list[dict[str, object]]]:
        """The standing decisions by flag, the newest last; a blind reviewer sees none but the own."""
        if "made" not in g:
            g.made = {flag: self._seen(standing(each)) for flag, each in decisions(self.case.db).items()}
        made: dict[str, list[dict[str, object]]] = g.made
        return made

    def history(self, flag: str) -> list[dict[str, object]]:
        """Everything that was recorded on a flag, withdrawals too, as far as this reviewer may see it."""
        return self._seen(decisions(self.case.db).get(flag, []))

    def _seen(self, made: list[dict[str, object]]) -> list[dict[str, object]]:
        if not self.session.blind:
            return made
        return [each for each in made if each["by"] == self.session.reviewer]

    def state(self, flag: str) -> str:
        """What stands on a flag for this reviewer: the newest decision, or ``unreviewed``."""
        made = self.made().get(flag)
        return str(made[-1]["decision"]) if made else "unreviewed"

    def reviewed(self) -> Counter[int]:
        """By conversation, how many of its flags this reviewer sees a decision on."""
        if "reviewed" not in g:
            decided = {flag for flag, made in self.made().items() if made}
            g.reviewed = Counter(each.conversation for each in self.known.flags if each.id in decided)
        reviewed: Counter[int] = g.reviewed
        return reviewed


def open_patiently(folder: Path) -> Case:
    """An open case that waits for others; CaseLocked when they take too long."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            case = Case.open(folder)
        except CaseLocked:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            case.db.execute(f"PRAGMA busy_timeout={int(_PATIENCE * 1000)}")
            return case


def desk() -> Desk:
    """The desk of the server that answers."""
    found: Desk = current_app.extensions["desk"]
    return found


def close_case(_error: BaseException | None = None) -> None:
    """At the end of a request."""
    case: Case | None = g.pop("case", None)
    if case is not None:
        case.close()
