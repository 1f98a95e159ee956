"""Numbers that tell when and where: hours of the day, telephone numbers, districts of a town."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forensics.analysis.text import Token

_LATEST = 24  # the last hour of a day
_MORNING, _NOON, _EVENING = 8, 12, 18
_DAY, _FIVE = 6, 5  # hours of work at least; what round prices are counted in
_SINCE = frozenset({"da", "dalle", "das", "de", "dos", "od", "van", "von"})
_CLOCKS = frozenset("🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛⏰⏱⏲⌚🕰")
_BETWEEN = frozenset({
    ("between", "and"), ("between", "n"), ("entre", "e"), ("entre", "et"), ("entre", "y"), ("intre", "si"),
    ("tra", "e"), ("tussen", "en"), ("zwischen", "und"), ("zwischen", "u"),
})  # fmt: skip
_UNTIL = frozenset(
    {"-", "/", "a", "ate", "bis", "do", "hasta", "ile", "la", "pana", "till", "to", "tot", "until"}
)
_OCLOCK = frozenset({"h", "heures", "hrs", "ore", "ora", "saat", "uhr", "uur"})
# before two hours
_OPENING = frozenset({
    "abierto", "aperto", "bereikbaar", "codziennie", "czynne", "dagelijks", "daily", "deschis", "diario",
    "geoffnet", "geopend", "horaire", "horaires", "horario", "hours", "open", "openingstijden",
    "offnungszeiten", "otwarte", "ouvert", "program", "taglich", "tijden", "uren", "zilnic",
})  # fmt: skip
_EVENINGS = frozenset(
    {"tonight", "tonite", "vanavond", "vannacht"}
)  # the same, where no slash parts the hours
# the two words before one hour, in languages that say an article there
_TILL = frozenset({
    ("a", "las"), ("ate", "as"), ("desde", "las"), ("fino", "alle"), ("hasta", "las"), ("pana", "la"),
    ("entro", "le"),
})  # fmt: skip
_DISTRICTS = frozenset({
    "arr", "arrondissement", "arrondissements", "arrondissementen", "bezirk", "bezirke", "bezirken",
    "postcode", "postcodes",
})  # fmt: skip
_HOUR = re.compile(r"\d{1,2}(?:[.,][0-5]\d)?")
_DIALLED = re.compile(r"0\d{1,3}")  # what a telephone number begins with
_LONG, _GROUP = 6, 2  # digits of the rest, written as one; of one of its groups at least
_DIGITS, _MOST_DIGITS = 10, 13  # of a number in groups
_DISTRICT, _ENDS = 2, frozenset(",.;!)")  # digits at most; what may follow districts
_PINS, _JOINED = frozenset("📍📌"), frozenset({"&", "+", ",", "e", "en", "et", "und", "y"})
_JOINTS = frozenset("-/. ")
_APART = frozenset("-/")


def tells_when(line: Sequence[Token], before: Sequence[str], *, is_said: bool) -> int:
    """How many tokens from a number on are two hours: "14 bis 2 Uhr", "open 12-2", "tussen 12 en 2", "🕐
    11-23", "de 18 a 4", those of a day's work behind two words; or one hour twice where it is said:
    "hmu 12-12"; else 0. ``is_said``: a word that names no goods stands right before.
    """
    if len(line) < 3 or not _is_hour(line[0]) or not _is_hour(line[2]):
        return 0
    last = before[-1] if before else ""
    if line[1].text not in _UNTIL:
        return 3 if (last, line[1].text) in _BETWEEN else 0
    behind = [token.text for token in line[3:4]]
    if behind and behind[0] in _OCLOCK:
        return 4
    opening = _OPENING if line[1].text == "/" else _OPENING | _EVENINGS
    said = behind[:1] != ["-"] and any(word in opening for word in before)
    glued = line[1].text == "-" and line[1].glued and line[2].glued
    if is_said and glued and line[0].text == line[2].text:
        return 3
    clock = last in _CLOCKS or (last in _SINCE and _are_till_night(line))
    clock = clock or (list(before) == ["de", "la"] and line[1].text == "la")  # "de la 20 la 23"
    # behind one word that may be the name of a sort they are an amount and its price
    place = len(before) > 1 and all(map(str.isalpha, before))
    evening = is_said and glued and place and not behind and _are_till_evening(line)
    return 3 if said or clock or evening else 0


def _are_till_night(line: Sequence[Token]) -> bool:
    """Whether the first hour is of a day and the last of the night behind it: "de 18 a 4"."""
    first, last = _whole_hour(line[0]), _whole_hour(line[2])
    return first >= _NOON and last <= _DAY and line[1].text.isalpha()


def _are_till_evening(line: Sequence[Token]) -> bool:
    """Whether two hours are those of a day's work: "Gdansk Wrzeszcz 12-22"; no range of prices ("10-20")."""
    first, last = _whole_hour(line[0]), _whole_hour(line[2])
    round_ = first % _FIVE == 0 and last % _FIVE == 0
    return _MORNING <= first <= _EVENING <= last and last - first >= _DAY and not round_


def tells_until(hour: Token, before: Sequence[str]) -> bool:
    """Whether a number is an hour by the two words right before it: "hasta las 3", "fino alle 2"."""
    return tuple(before) in _TILL and _is_hour(hour)


def dials(line: Sequence[Token], *, abroad: bool = False) -> int:
    """How many tokens from a number on are one of a telephone: "06-00000000", "0600 00 01 23",
    "06 0000 0012"; else 0. ``abroad``: a plus is written against it, as in "+31 6 0000 0012".
    """
    if not line or line[0].kind != "n" or not (abroad or _DIALLED.fullmatch(line[0].text)):
        return 0
    place = 1 + (len(line) > 1 and line[1].text in _JOINTS)
    if [len(t.text) >= _LONG and t.text.isdigit() for t in line[place : place + 1]] == [True]:
        return place + 1
    digits, last = len(line[0].text), 0
    while place < len(line) and _is_group(line[place], abroad=abroad):
        group = len(line[place].text)
        if digits >= _DIGITS and group != last:
            break
        digits, last = digits + group, group
        place += 1 + (line[place + 1 : place + 2] != [] and line[place + 1].text == "-")
    return place if _DIGITS <= digits <= _MOST_DIGITS else 0


def _is_group(token: Token, *, abroad: bool) -> bool:
    """Whether so many digits are a part of a number that is dialled; of one from abroad also a single one."""
    written = token.kind == "n" and token.text.isdigit()
    return written and (1 if abroad else _GROUP) <= len(token.text) < _LONG


def tells_which(line: Sequence[Token], before: str) -> int:
    """How many tokens from a number on are districts behind a sign for a place: "📍75 et 92", "📍 1, 2, 3";
    else 0, where a number or a sign of sums follows them: "📌1=50 📌2=90".
    """
    if before not in _PINS:
        return 0
    place = 0
    while place < len(line) and _is_district(line[place]):
        joined = place + 2 < len(line) and line[place + 1].text in _JOINED and _is_district(line[place + 2])
        place += 2 if joined else 1
        if not joined:
            break
    behind = line[place] if place < len(line) else None
    ends = behind is None or behind.kind == "l" or behind.text in _ENDS or len(behind.text) > 1
    return place if ends and (behind is None or behind.kind != "n") else 0


def _is_district(token: Token) -> bool:
    return token.kind == "n" and token.text.isdigit() and len(token.text) <= _DISTRICT


def tells_where(line: Sequence[Token]) -> int:
    """How many tokens from a number on are districts: "1-23 Bezirk"; else 0."""
    end = 3 if len(line) > 2 and line[1].text in _APART and line[2].kind == "n" else 1
    return end + 1 if len(line) > end and line[end].text in _DISTRICTS else 0


def _is_hour(token: Token) -> bool:
    hour = token.kind == "n" and _HOUR.fullmatch(token.text)
    return bool(hour) and _whole_hour(token) <= _LATEST


def _whole_hour(token: Token) -> int:
    return int(re.split("[.,]", token.text)[0])
