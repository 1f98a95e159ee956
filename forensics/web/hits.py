"""Where in the messages of a conversation the rules of its flags matched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from forensics.case_flags import FlagForms
from forensics.web.showing import Span

Record = Mapping[str, Any]


class Hits:
    """What the rules matched in some messages of a conversation; one flag may be in hand."""

    def __init__(
        self,
        forms: FlagForms,
        numbers: Mapping[str, int],
        messages: Collection[str],
        in_hand: str | None = None,
    ) -> None:
        """``messages``: those that are shown; ``numbers`` of all flags, as reports print them."""
        self._in_hand = in_hand
        self._own = frozenset(forms[in_hand]["messages"] if in_hand and in_hand in forms else ())
        self._rules: dict[str, list[tuple[str, Record]]] = {}
        self._flags: dict[str, list[tuple[str, int]]] = {}
        wanted = frozenset(messages)
        for key in forms.naming(wanted):
            self._take(key, numbers.get(key, 0), forms[key], wanted)

    def _take(self, key: str, number: int, form: Record, wanted: frozenset[str]) -> None:
        for message in wanted.intersection(form["messages"]):
            self._flags.setdefault(message, []).append((key, number))
        for rule in form["rules"]:
            if rule.get("message") not in wanted or rule.get("start") is None:
                continue
            if rule["end"] > rule["start"]:
                self._rules.setdefault(rule["message"], []).append((key, rule))

    def flags_of(self, message: str) -> list[tuple[str, int]]:
        """The ids and numbers of the flags that name a message."""
        return self._flags.get(message, [])

    def is_in_hand(self, message: str) -> bool:
        """Whether the flag in hand names it."""
        return message in self._own

    def spans(self, message: str, text: str, *, copy: bool = False) -> tuple[list[Span], list[Span]]:
        """The stretches of one of its texts that rules matched: those of other flags, and those in hand. A
        rule that matched another text of the message (an older one, a copy) marks nothing here."""
        others: list[Span] = []
        own: list[Span] = []
        for flag, rule in self._rules.get(message, ()):
            start, end = rule["start"], rule["end"]
            if bool(rule.get("copy")) == copy and text[start:end] == rule["text"]:
                (own if flag == self._in_hand else others).append((start, end))
        return others, own
