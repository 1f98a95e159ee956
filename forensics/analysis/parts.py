"""Which part the writer of a message has in a trade: reasons that weigh nothing.

What is asked for and what is offered is told by the same rule (``asks-for-it``), so the part goes by the act
that the rule met and by its words (``[parts]`` of rules.toml). Where they say neither, no part is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from forensics.analysis.score import Hit, Sheet
from forensics.analysis.statement import Statement
from forensics.analysis.text import fold

Parts: TypeAlias = Mapping[str, frozenset[str]]  # "asks", "offers" and "courier": their turns of phrase

_ASKING = frozenset({"request", "order", "price"})
_OFFERING = frozenset({"offer", "sample"})
_BEHIND = "after"  # the act of a verb behind its goods, which may ask or offer
_CERTAIN = 2  # the strength of a turn of phrase that says so in a question too


def enter(sheet: Sheet, statement: Statement, label: str, parts: Parts) -> None:
    """Enters the part of the writer, and that somebody is a courier, where the text says so."""
    _courier(sheet, statement, parts)
    answer, address = sheet.first("answers-order"), sheet.first("delivery-note")
    held = sheet.first("asks-for-it")
    is_asked = "?" in statement.reading.text
    orders = held is not None and _asks(held, sheet.asks, parts, is_asked=is_asked)
    if label == "menu":
        _sells(sheet, 0, 0)
    elif answer:
        _sells(sheet, answer.start, answer.end)
    elif address and not orders:  # who orders gives an address too
        _sells(sheet, address.start, address.end)
    elif sheet.has("counter-offer", "bare-request"):
        sheet.hit("role-customer", 0, 0)
    elif held and sheet.asks != "gift" and _offers(held, sheet.asks, statement, parts):
        _sells(sheet, held.start, held.end)
    elif held and orders and not sheet.has("offer"):
        sheet.hit("role-customer", held.start, held.end)


def _courier(sheet: Sheet, statement: Statement, parts: Parts) -> None:
    text = statement.reading.text
    for act in statement.acts:
        if act.name == "role" and _is_of(text[act.start : act.end], parts["courier"]):
            sheet.hit("role-courier", act.start, act.end)


def _sells(sheet: Sheet, start: int, end: int) -> None:
    sheet.hit("role-supplier" if sheet.has("kind-wholesale") else "role-seller", start, end)


def _offers(held: Hit, act: str, statement: Statement, parts: Parts) -> bool:
    """Whether it is offered: what may as well be a question ("coke te koop?", "heb coke?") is not."""
    is_asked = "?" in statement.reading.text
    if act == _BEHIND:
        return not is_asked and _is_of(held.text, parts["offers"])
    surely = any(a.name == act and a.start == held.start and a.strength >= _CERTAIN for a in statement.acts)
    return act in _OFFERING and (surely or not is_asked)


def _asks(held: Hit, act: str, parts: Parts, *, is_asked: bool) -> bool:
    """Whether it is asked for."""
    if act == _BEHIND:
        return is_asked or _is_of(held.text, parts["asks"])
    return act in _ASKING or not act


def _is_of(said: str, phrases: frozenset[str]) -> bool:
    """Whether it is one of the turns of phrase, accents and capitals aside, as acts are found."""
    return fold(said).text in _folded(phrases)


@cache
def _folded(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(phrase).text for phrase in phrases)
