"""Days of the calendar among the numbers of a line: "24 t/m 26 dec", "24.-26. Dez", "24 al 26 de dic"."""

from __future__ import annotations

from collections.abc import Sequence

from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_DAYS, _MOST = 31, 6  # of a month; that are named in a row
_REACH = 32  # tokens of them
_ORDINALS = frozenset({"e", "de", "ste", "st", "nd", "rd", "th", "er"})
_OF = frozenset({"de", "of", "d"})
AND = frozenset({"en", "and", "und", "et", "y", "e", "i", "si", "ve", "w"})
_AND = AND | {"&", "+", "-", "/"}
_UNTIL = frozenset({
    "t/m", "tm", "tot", "tot en met", "bis", "bis zum", "to", "till", "until", "through", "thru", "au", "al",
    "a", "hasta", "hasta el", "ate", "ate o", "do", "la", "pana la", "pana pe", "ile", "l", "ila", "7ta l",
    "الى", "حتى",
})  # fmt: skip
_LONGEST = 3  # tokens of a word for that
_OPEN = frozenset(
    {"open", "geopend", "geoffnet", "ouvert", "abierto", "aberto", "aperto", "otwarte", "deschis"}
)
_CLOSED = frozenset({
    "cerrado", "cerrados", "chiusi", "chiuso", "closed", "dicht", "fechado", "fechados", "ferme", "fermes",
    "geschlossen", "gesloten", "inchis", "kapali", "msdoud", "nieczynne", "zamkniete", "مغلق",
})  # fmt: skip


def days(tokens: Sequence[Token], place: int, after: int) -> int:
    """How many tokens from a number on are days, by the month behind them or by a word that says what is open
    or closed then; 0 where it is no day.
    """
    line = tokens[place : min(after, place + _REACH)]
    numbers, end, joint = _span(line)
    if not numbers:
        return 0
    months = vocabulary().months
    month = end + (_text(line, end) in _OF)
    known = _text(line, month) in (months | vocabulary().months_of_spans if joint else months)
    if known and numbers == sorted(numbers):
        return month + 1
    closed = _text(line, end) in _CLOSED or (joint == "until" and _text(line, end) in _OPEN)
    return end if joint and closed else 0


def days_behind(tokens: Sequence[Token], place: int, after: int) -> int:
    """The same of days behind their month: "Dec 24 - 26"."""
    month = tokens[place - 1].text if place else ""
    if month not in vocabulary().months:
        return 0
    numbers, end, _ = _span(tokens[place : min(after, place + _REACH)])
    return end if numbers == sorted(numbers) else 0


def _span(line: Sequence[Token]) -> tuple[list[int], int, str]:
    """The numbers of days that words or signs join, where they end, and how they are joined."""
    numbers: list[int] = []
    place = end = 0
    joint = said = ""
    while len(numbers) < _MOST and (day := _day(line, place)) is not None:
        number, end = day
        numbers.append(number)
        joint = "until" if "until" in (joint, said) else said
        said, place = _joint(line, end)
        if not said:
            break
    return numbers, end, joint


def _day(line: Sequence[Token], place: int) -> tuple[int, int] | None:
    """The number of a day, and the place behind it and its point or ending: "26.", "3e"."""
    text = _text(line, place)
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= _DAYS):
        return None
    ending = place + 1 < len(line) and line[place + 1].glued and line[place + 1].text in _ORDINALS | {"."}
    return int(text), place + 1 + ending


def _joint(line: Sequence[Token], place: int) -> tuple[str, int]:
    """How what stands there joins two days, and the place behind it."""
    for length in range(_LONGEST, 0, -1):
        said = [token.text for token in line[place : place + length]]
        if " ".join(said) in _UNTIL or "".join(said) == "t/m":
            return "until", place + length
    return ("and", place + 1) if _text(line, place) in _AND else ("", place)


def _text(line: Sequence[Token], place: int) -> str:
    return line[place].text if place < len(line) else ""
