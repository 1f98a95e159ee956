"""What is kept of the lines of a conversation that were read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_HOUR = 3_600_000


@dataclass(slots=True)
class Past:
    """A line that said something."""

    place: int
    sent_at: int | None
    id: str
    text: str
    flags: int
    writer: tuple[str | None, bool | None] = (None, None)  # the sender, and whether it is the owner
    label: str = "none"
    explicit: bool = False  # it named its drug, or ordered after a list
    hint: bool = False
    drug: int = 0
    targets: tuple[str, ...] = ()
    named_in: str | None = None  # the line that names those targets: itself, or one that it leans on
    trade: frozenset[str] | None = None  # rules of trade; None: not read yet
    firm: bool = False  # it is of a deal that named its drug, or goes on from a list
    hinted: bool = False  # it holds a word that can mean a drug, and little else (see tally)
    opens: str = ""  # how it opens a short exchange
    answered: str | None = None  # the short order it answers
    answers_by: str = ""  # the rule by which it does
    offers: bool = False  # it offers what it names
    innocent: int = 0  # what words of another subject weigh in it; known once it was read

    def is_other(self, other: Past, *, surely: bool) -> bool:
        """Whether another person wrote it; where the writers are not known, only when that will do."""
        if self.writer == (None, None) or other.writer == (None, None):
            return not surely
        return self.writer != other.writer


def within(past: Past, now: Past, hours: int, lines: int) -> bool:
    """Whether a line is near enough to one before it, in time and in lines."""
    if now.place - past.place > lines:
        return False
    if past.sent_at is None or now.sent_at is None:
        return True
    return now.sent_at - past.sent_at <= hours * _HOUR


def taken_from(now: Past, leans: Past | None, goods: Iterable[tuple[str, ...]]) -> str | None:
    """The earlier line whose goods a line has, where it names none itself or has amounts of those; ``goods``:
    what each of its own can be."""
    if leans is None or not leans.targets:
        return None
    is_taken = now.named_in != now.id or any(each == leans.targets for each in goods)
    return leans.named_in if is_taken else None
