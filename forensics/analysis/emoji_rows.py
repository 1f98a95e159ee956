"""Emoji that say how many of the goods they stand for: "🥥 80 / 🥥🥥 150 / 🥥🥥🥥 210".

A sign is often doubled for show ("🌿🌿 6", "🍫🍫 4"): it counts only where the same one stands fewer times
before another price, or three times or more where not all signs of the message stand so often.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_MANY = 3
_JOINING = frozenset({"=", ":", "-", ">", "→"})
_MOST = 10
_ARTICLES = frozenset({"de", "a", "le", "la", "der", "das", "el", "al", "il", "o"})  # "25 de gram"


class _Run(NamedTuple):
    """So many of one emoji before a price."""

    place: int
    sign: str
    many: int


def with_runs_counted(tokens: list[Token], known: Container[str]) -> list[Token]:
    """The tokens with such emoji as one and a number."""
    runs = _runs(tokens, known)
    if not any(run.many > 1 for run in runs) or len({run.many for run in runs}) == 1:
        return tokens
    fewest: dict[str, int] = {}
    for run in runs:
        fewest[run.sign] = min(run.many, fewest.get(run.sign, run.many))
    counted = {r.place: r.many for r in runs if r.many > 1 and (r.many >= _MANY or fewest[r.sign] < r.many)}
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        many = counted.get(place, 1)
        made.append(tokens[place])
        if many > 1:
            last = tokens[place + many - 1]
            made.append(last._replace(text=str(many), kind="n", start=tokens[place + 1].start))
        place += many
    return made


def _runs(tokens: Sequence[Token], known: Container[str]) -> list[_Run]:
    runs: list[_Run] = []
    place = 0
    while place < len(tokens):
        first = tokens[place]
        after = place + 1
        if first.kind == "s" and first.text > "\u25ff":
            while after < len(tokens) and tokens[after].text == first.text:
                after += 1
            if (
                after - place <= _MOST
                and first.text in known
                and (_is_before_price(tokens, after) or (after - place == 1 and _is_of_one(tokens, after)))
            ):
                runs.append(_Run(place, first.text, after - place))
        place = after
    return runs


def _is_of_one(tokens: Sequence[Token], at: int) -> bool:
    """Whether a price stands there that is said to be of one: the "25 de gram" behind a single sign."""
    words = vocabulary()
    if at >= len(tokens) or tokens[at].kind != "n":
        return False
    at += 1 + (at + 1 < len(tokens) and tokens[at + 1].text in words.currencies)
    return at < len(tokens) and (tokens[at].text in words.per or tokens[at].text in _ARTICLES)


def _is_before_price(tokens: Sequence[Token], at: int) -> bool:
    """Whether a price stands there that no amount is written with, and its clause ends."""
    words = vocabulary()
    while at < len(tokens) and tokens[at].text in _JOINING:
        at += 1
    if at < len(tokens) and tokens[at].kind == "s" and tokens[at].text in words.currencies:
        at += 1
    if at >= len(tokens) or tokens[at].kind != "n":
        return False
    at += 1
    if at < len(tokens) and tokens[at].text in words.currencies:
        at += 1
    return at >= len(tokens) or tokens[at].kind in "ls"
