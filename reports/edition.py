"""What one form shows, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass

# Per form: accounts with offers, offers of each in full, possible transactions in full, different texts
# against flags in the overview. A summary in print has at most twelve pages; the annex of flags and the HTML
# show what a person can still leaf through.
_SHOWN = {"pdf": (1, 1, 1, 2), "flags": (60, 200, 400, 12), "html": (60, 60, 200, 12)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """``html`` shows every conversation; ``pdf`` those printed, inside or in volumes.

    ``flags`` is the annex that shows part E only, and all of it.
    """

    form: str
    volumes: tuple[str, ...] = ()
    messages: int = 0
    conversations: int = 0

    @property
    def most_sellers(self) -> int:
        return _SHOWN[self.form][0]

    @property
    def most_offers(self) -> int:
        return _SHOWN[self.form][1]

    @property
    def most_deals(self) -> int:
        return _SHOWN[self.form][2]

    @property
    def most_counter(self) -> int:
        return _SHOWN[self.form][3]
