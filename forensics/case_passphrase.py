"""The passphrase of an encrypted case, or the PIN of its token: found once, and the same in all threads.

It comes from the file of ``--case-passphrase``, from SPOREN_CASE_PASSPHRASE, from the file that
SPOREN_CASE_PASSPHRASE_FILE names, or from whoever sits at the terminal; it is never stored.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from forensics.errors import WrongKey, WrongUse

VARIABLE, FILE_VARIABLE = "SPOREN_CASE_PASSPHRASE", "SPOREN_CASE_PASSPHRASE_FILE"

# Takes the question, and whether it is to be typed twice because it is new.
Ask = Callable[[str, bool], str | None]


def _nobody(question: str, is_new: bool) -> str | None:
    """Without a terminal nobody is asked."""
    return None


class _Passphrases:
    """What one command was given: a file is read once, as it may be a pipe; a person is asked once a case."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.begin(None, _nobody)

    def begin(self, file: str | None, ask: Ask) -> None:
        """Forget what the last command was given."""
        self._file, self._ask = file, ask
        self._read: dict[str, str] = {}
        self._typed: dict[str, str] = {}

    def of(self, case: str, question: str, is_new: bool) -> str:
        with self._lock:
            given = self._stated()
            if given is None:
                given = self._typed.get(case) or self._ask(question, is_new) or ""
                self._typed[case] = given
        if not given:
            raise WrongKey(f"{question}: is missing; set {VARIABLE} or {FILE_VARIABLE}")
        return given

    def _stated(self) -> str | None:
        """None where neither the option nor the environment says anything."""
        if self._file is not None:
            return self._first_line(self._file)
        named = os.environ.get(FILE_VARIABLE)
        return os.environ.get(VARIABLE) or (self._first_line(named) if named else None)

    def _first_line(self, file: str) -> str:
        if file not in self._read:
            try:
                self._read[file] = (Path(file).read_text("utf-8").splitlines() or [""])[0]
            except (OSError, ValueError) as error:
                raise WrongUse(f"{file}: the passphrase of the case cannot be read: {error}") from error
        return self._read[file]


_PASSPHRASES = _Passphrases()


def begin(file: str | None, ask: Ask) -> None:
    """From now on passphrases come from this file where one is named, and a missing one is asked for so."""
    _PASSPHRASES.begin(file, ask)


def passphrase_of(case: str, question: str, *, is_new: bool = False) -> str:
    """The passphrase of a case, which ``case`` tells from others in this process. WrongKey where there is
    none, WrongUse where its file cannot be read."""
    return _PASSPHRASES.of(case, question, is_new)
