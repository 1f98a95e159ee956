"""Who offered what, how often and where, according to the machine flags: part E draws on it.

Nothing here is a finding. Equal texts of one account are one offer, however many conversations they went to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from forensics.times import local, parse_rfc3339
from reports.background import Background, Flagged
from reports.reader import Record

# The lists of the Opium Act in order; None: on no list by name on that day, or unknown.
LISTS = ("I", "IA", "II", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One text that a rule took for an offer, with every sending of it by one account, in order of time.

    ``flags``: the numbers of the flags; ``flag``: the flag of the first sending, whose items and rules count.
    """

    number: int
    flags: tuple[int, ...]
    flag: Record
    sendings: tuple[Flagged, ...]

    @property
    def text(self) -> str:
        return self.sendings[0].text

    @property
    def conversations(self) -> tuple[str, ...]:
        """The conversations that it was sent in, each once."""
        return tuple(dict.fromkeys(each.message["conversation"] for each in self.sendings))

    @property
    def times_sent(self) -> int:
        """How often it was sent: a message to a broadcast list stands in the list and in the chat of each
        recipient, under one number of the app and one time, and was sent once.
        """
        return len({_sent_once(each.message) for each in self.sendings})

    @property
    def lists(self) -> frozenset[str]:
        """The lists of the Opium Act on which goods of this offer stand, on the day of its first sending."""
        return frozenset(str(item["list"]) for item in self.flag["items"] if item["list"])

    @property
    def is_mixed(self) -> bool:
        """Whether goods of list I (or IA) and of list II stand beside each other."""
        return "II" in self.lists and bool(self.lists & {"I", "IA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """The messages of one flag of the kind ``deal``."""

    number: int
    flag: Record
    messages: tuple[Flagged, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """An account that sent offers; ``participant`` is None where a channel names no sender."""

    participant: str | None
    offers: tuple[Offer, ...]
    deals: tuple[Deal, ...]

    @property
    def sendings(self) -> tuple[Flagged, ...]:
        return tuple(each for offer in self.offers for each in offer.sendings)

    @property
    def times_sent(self) -> int:
        return sum(offer.times_sent for offer in self.offers)

    @property
    def conversations(self) -> frozenset[str]:
        """The conversations that its offers were sent in."""
        return frozenset(each for offer in self.offers for each in offer.conversations)


def _sent_once(message: Record) -> tuple[object, ...]:
    number = message["source"]["app_id"]
    return (message["account"], number, message["sent_at"]) if number else (message["id"],)


class Trade:
    """The flags of a case put together; made once per report."""

    def __init__(self, background: Background) -> None:
        self.background = background

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The offers, the widest spread first; their numbers follow that order."""
        found: dict[tuple[str, str], list[tuple[int, Record, Flagged]]] = {}
        for number, flag, first in self._of_kind("menu"):
            author = first.message["sender"] or first.message["conversation"]
            key = (author, " ".join(first.text.split()))
            found.setdefault(key, []).append((number, flag, first))
        return tuple(
            _offer(number, group) for number, group in enumerate(sorted(found.values(), key=_spread), 1)
        )

    @cached_property
    def deals(self) -> tuple[Deal, ...]:
        """The flags of the kind ``deal`` in the order of the flags."""
        return tuple(
            Deal(
                number=number,
                flag=flag,
                messages=self.background.flagged_in(flag),
            )
            for number, flag, _ in self._of_kind("deal")
        )

    @cached_property
    def sellers(self) -> tuple[Seller, ...]:
        """The accounts that sent offers, those with most sendings first."""
        authors: dict[tuple[str | None, str], list[Offer]] = {}
        for offer in self.offers:
            first = offer.sendings[0].message
            key = (first["sender"], "" if first["sender"] else first["conversation"])
            authors.setdefault(key, []).append(offer)
        found = [self._seller(sender, offers) for (sender, _), offers in authors.items()]
        return tuple(sorted(found, key=lambda each: (-len(each.sendings), each.offers[0].number)))

    @cached_property
    def messages(self) -> tuple[Flagged, ...]:
        """Every message of an offer or a deal once, in order of conversation and time."""
        numbers = dict.fromkeys(
            message
            for flag in self.background.flags
            if flag["kind"] in ("menu", "deal")
            for message in flag["messages"]
        )
        return tuple(each for key, each in self.background.flagged.items() if key in numbers)

    def lists(self) -> dict[str, frozenset[str]]:
        """The lists of the goods that the flags of a message name, by message."""
        found: dict[str, frozenset[str]] = {}
        for flag in self.background.flags:
            if flag["kind"] in ("menu", "deal"):
                named = frozenset(str(item["list"]) for item in flag["items"] if item["list"])
                for message in flag["messages"]:
                    found[message] = found.get(message, frozenset()) | named
        return found

    def _of_kind(self, kind: str) -> Iterator[tuple[int, Record, Flagged]]:
        for number, flag in enumerate(self.background.flags, 1):
            if flag["kind"] == kind and (found := self.background.flagged_in(flag)):
                yield number, flag, found[0]

    def _seller(self, sender: str | None, offers: Iterable[Offer]) -> Seller:
        deals = tuple(each for each in self.deals if sender is not None and self._takes_part(sender, each))
        return Seller(participant=sender, offers=tuple(offers), deals=deals)

    def _takes_part(self, sender: str, deal: Deal) -> bool:
        """Whether the account wrote one of the messages, or is the other side of a direct conversation."""
        if any(each.message["sender"] == sender for each in deal.messages):
            return True
        talk = self.background.conversation(deal.flag["conversation"])
        return talk is not None and talk["kind"] == "direct" and sender in talk["participants"]

    def others(self, deal: Deal, participant: str | None) -> tuple[str, ...]:
        """Who else is in it: the other side of a direct conversation, else who wrote flagged messages."""
        talk = self.background.conversation(deal.flag["conversation"])
        if talk is not None and talk["kind"] == "direct":
            people: Iterable[str] = talk["participants"]
        else:
            people = (each.message["sender"] for each in deal.messages if each.message["sender"])
        return tuple(each for each in dict.fromkeys(people) if each != participant)

    def hours(self, found: Iterable[Flagged]) -> Counter[int]:
        """How many of the messages were sent in each hour of the day, in the zone of the case."""
        zone = self.background.zone
        times = (each.message["sent_at"] for each in found)
        return Counter(local(parse_rfc3339(each), zone).hour for each in times if each)


def _offer(number: int, group: list[tuple[int, Record, Flagged]]) -> Offer:
    ordered = sorted(group, key=lambda each: (each[2].message["sent_at"] or "", each[0]))
    return Offer(
        number=number,
        flags=tuple(flag for flag, *_ in ordered),
        flag=ordered[0][1],
        sendings=tuple(sending for *_, sending in ordered),
    )


def _spread(group: list[tuple[int, Record, Flagged]]) -> tuple[int, int, str, int]:
    """Most conversations first, then most sendings, then the earliest."""
    reach = len({each.message["conversation"] for *_, each in group})
    first = min(each.message["sent_at"] or "" for *_, each in group)
    return -reach, -len(group), first, min(flag for flag, *_ in group)
