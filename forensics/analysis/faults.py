"""Faults of this program in the analysis of one message: they cost what that message says, and are told.

Text is free, and who prepared a phone may look for what nobody thought of: one message must not end the
analysis of the others.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

# What a fault in working with a text raises; what the machine lacks and what a user can mend are none.
FAULTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


class Fault(NamedTuple):
    """A message that was not wholly analysed: the error, and the module that it was raised in."""

    message: str
    error: str
    module: str


class Faults:
    """The messages of one conversation, or of one run, in whose analysis there was a fault: each once."""

    def __init__(self) -> None:
        self.found: dict[str, Fault] = {}

    def note(self, message: str, error: BaseException) -> None:
        """The analysis of a message raised this."""
        self.found.setdefault(message, Fault(message, type(error).__name__, _module(error)))


class Raised(Faults):
    """Faults that go up at once, for whoever measures or tests the analysis."""

    def note(self, message: str, error: BaseException) -> None:
        """Raises the error, with the id of the message."""
        error.add_note(f"in the analysis of message {message}")
        raise error


def _module(error: BaseException) -> str:
    """The module in which it was raised."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return Path(place.tb_frame.f_code.co_filename).stem if place is not None else ""
