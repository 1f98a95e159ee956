"""Where in the messages of a conversation the rules of its flags matched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forensics.web.showing import Span

Record = Mapping[str, Any]


def is_against(rule: Record) -> bool:
    """Whether the rule speaks against the flag."""
    return (rule.get("weight") or 0) < 0 or rule.get("sign") == "-"


class HitIndex:
    """The rules of all flags of a conversation by message; made once, however long the conversation is."""

    def __init__(self, forms: Mapping[str, Record], numbers: Mapping[str, int]) -> None:
        self.forms = forms
        self.rules: dict[str, list[tuple[str, Record]]] = {}
        self.flags: dict[str, list[tuple[str, int]]] = {}
        for key, form in forms.items():
            for message in form["messages"]:
                self.flags.setdefault(message, []).append((key, numbers.get(key, 0)))
            for rule in form["rules"]:
                if rule.get("message") and rule.get("start") is not None and rule["end"] > rule["start"]:
                    self.rules.setdefault(rule["message"], []).append((key, rule))


class Hits:
    """What the rules matched in the messages of a conversation; one flag may be in hand."""

    def __init__(self, index: HitIndex, in_hand: str | None = None) -> None:
        self._rules, self._flags = index.rules, index.flags
        self._in_hand = in_hand
        self._own = frozenset(index.forms[in_hand]["messages"] if in_hand and in_hand in index.forms else ())

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
