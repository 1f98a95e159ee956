"""Numbers that are parted in the middle: "1 800 €" of French and Polish, and its "2g5" for two grams and a
half, "3'200" of Swiss German; those that a comma only seems to make one: "3 strips €25,10 strips €70"; and
all that makes the tokens of a message.

"5 250 €" is as often five for 250, so a space parts thousands only before three noughts, or where the amount
that the sum is for stands before: "100g 1 800 €", "kilo de résine 4 500 €".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from forensics.analysis.compounds import split
from forensics.analysis.emoji_rows import with_runs_counted
from forensics.analysis.endings import without_endings
from forensics.analysis.lexicon import Entry
from forensics.analysis.text import Folded, Token, number, tokenize
from forensics.analysis.vocabulary import vocabulary

_MAY_BE = re.compile(
    r"[0-9][ \u00a0\u202f][0-9]{2}0\b|[0-9]g[1-9]\b|[0-9]'[0-9]{3}\b|[0-9],[0-9]{1,3} ?[a-z]|[0-9]k[0-9]\b"
)
_TWO = re.compile(r"[0-9]+,[0-9]+")
_SLABS, _BLISTER = frozenset({"placa", "placas"}), "blister"
_OF_TABLETS = frozenset({"mg", "comprimido", "comprimidos"})
_RESIN = frozenset({"costo", "hachis", "hash", "hashish", "hasj", "haxixe", "polen", "resina", "chocolate"})
_COUNTED = frozenset({"box", "pack", "strip", "tank"})
_LARGEST, _GROUP = 3, 3  # digits of the first and of the second group
_NOUGHTS = "000"
_OF_AMOUNT, _BARGAIN = 2, 3  # tokens of an amount; times less one costs where more are bought, at most
_MOST_GROUPS = 3  # of one number: a larger sum is none
_REACH = 6  # tokens between a kilo and what it costs
_SIGNS = frozenset(":=,;)")  # that may be written against "2g5"
_JOINING = frozenset({"=", ":", "-", ">", "→", "a", "po", "per", "pour", "za", "la"})


def tokens_of(folded: Folded, first_words: Mapping[str, Sequence[Entry]]) -> list[Token]:
    """The tokens of a text, with such numbers as one, those that emoji say, and the names of goods apart."""
    parted = _blisters(split(without_endings(tokenize(folded)), first_words))
    return with_runs_counted(_with_whole_numbers(parted, folded.text), first_words)


def _blisters(tokens: list[Token]) -> list[Token]:
    """The tokens with the word for a slab as one for a strip where tablets are measured and no resin is sold:
    "Ritalina 10mg placa 15€", of Portuguese.
    """
    if not any(t.text in _SLABS for t in tokens):
        return tokens
    said = {t.text for t in tokens}
    if said.isdisjoint(_OF_TABLETS) or not said.isdisjoint(_RESIN):
        return tokens
    return [t._replace(text=_BLISTER) if t.text in _SLABS else t for t in tokens]


def _with_whole_numbers(tokens: list[Token], text: str) -> list[Token]:
    if _MAY_BE.search(text) is None:
        return tokens
    made: list[Token] = []
    place = 0
    while place < len(tokens):
        if count := _groups(tokens, place) or _quoted(tokens, place):
            parts = tokens[place : place + count]
            digits = "".join(each.text for each in parts if each.text != "'")
            made.append(parts[0]._replace(text=digits, end=parts[-1].end))
            place += count
        elif _are_two(tokens, place):
            made += _two(tokens[place])
            place += 1
        elif _is_of_thousands(tokens, place):
            thousands, hundreds = tokens[place], tokens[place + 2]
            made.append(thousands._replace(text=f"{thousands.text}{hundreds.text}00", end=hundreds.end))
            place += 3
        elif _is_of_grams(tokens, place):
            whole, unit, part = tokens[place : place + 3]
            made += [
                whole._replace(text=f"{whole.text}.{part.text}", end=unit.start),
                unit._replace(end=part.end),
            ]
            place += 3
        else:
            made.append(tokens[place])
            place += 1
    return made


def _groups(tokens: Sequence[Token], place: int) -> int:
    """How many tokens make one number there, of which each but the first is a group of three digits behind
    one space; 0 where none do."""
    first = tokens[place]
    if not first.text.isdecimal() or first.text[0] == "0" or len(first.text) > _LARGEST:
        return 0
    after = place + 1
    while after < min(len(tokens), place + _MOST_GROUPS) and _is_group(tokens[after - 1], tokens[after]):
        after += 1
    return next((end - place for end in range(after, place + 1, -1) if _ends_number(tokens, place, end)), 0)


def _quoted(tokens: Sequence[Token], place: int) -> int:
    """How many tokens make one number there whose thousands stand behind apostrophes: "14'500"; 0 where none
    do."""
    if not tokens[place].text.isdecimal() or len(tokens[place].text) > _LARGEST:
        return 0
    after = place + 1
    while after + 1 < len(tokens) and _is_quoted(tokens[after], tokens[after + 1]):
        after += 2
    return after - place if after > place + 1 else 0


def _is_quoted(mark: Token, group: Token) -> bool:
    """Whether three digits are written against an apostrophe and that against what is before it."""
    whole = group.text.isdecimal() and len(group.text) == _GROUP
    return mark.text == "'" and mark.glued and group.glued and whole


def _are_two(tokens: Sequence[Token], place: int) -> bool:
    """Whether the comma of a number parts a sum of money from how many packs or grams the next one is for,
    which is larger and no bargain.
    """
    before, behind = tokens[max(0, place - 1) : place], tokens[place + 1 : place + 3]
    if not _TWO.fullmatch(tokens[place].text) or len(before) + len(behind) < _GROUP:
        return False
    words = vocabulary()
    signed = before[0].kind == "s" and before[0].text in words.currencies
    weighed = words.units.get(before[0].text) == "g" == words.units.get(behind[0].text)  # "5g 35,10g 60"
    priced = behind[1].text in words.currencies or behind[1].kind == "n" or behind[1].text in words.equals
    counted = signed and words.units.get(behind[0].text) in _COUNTED
    return priced and (counted or weighed) and _costs_as_much(tokens, place, signed=counted)


def _costs_as_much(tokens: Sequence[Token], place: int, *, signed: bool) -> bool:
    """Whether the sum behind a number with a comma is more than what stands before that, and one of so many
    costs a third of what one before did, or more.
    """
    first, _, second = tokens[place].text.partition(",")
    ahead = [number(t.text) for t in tokens[place + 2 : place + 4]]
    sum_ = next((value for value in ahead if value is not None), 0.0)
    few = number(_text_at(tokens, place - _OF_AMOUNT - signed)) or 1.0
    before, count = float(first), float(second)
    return count > 0 and sum_ > before and sum_ / count * _BARGAIN >= before / few


def _two(token: Token) -> Iterator[Token]:
    """The number before the comma, the comma, and the one behind it."""
    first, _, second = token.text.partition(",")
    at = token.start + len(first)
    yield token._replace(text=first, end=at)
    yield token._replace(text=",", start=at, end=at + 1, kind="s", glued=True)
    yield token._replace(text=second, start=at + 1, glued=True)


def _ends_number(tokens: Sequence[Token], place: int, end: int) -> bool:
    """Whether the groups from one token to another are one number: they end in three noughts, or in two where
    it is the sum for an amount."""
    last, behind = tokens[end - 1].text, tokens[end].text if end < len(tokens) else ""
    if last == _NOUGHTS:
        return True
    kilo = behind in vocabulary().per and vocabulary().units.get(_text_at(tokens, end + 1)) == "kg"
    if kilo and last.endswith("00"):
        return True  # "à partir de 5kg 3 300 le kg"
    whole = last.endswith("00") or (last.endswith("0") and _is_behind_unit(tokens, place))
    return whole and behind in vocabulary().currencies and _is_for_amount(tokens, place)


def _text_at(tokens: Sequence[Token], place: int) -> str:
    return tokens[place].text if place < len(tokens) else ""


def _is_behind_unit(tokens: Sequence[Token], place: int) -> bool:
    """Whether an amount of hundreds of grams stands right before: "500g 1 150€"."""
    if place < _OF_AMOUNT or vocabulary().units.get(tokens[place - 1].text) != "g":
        return False
    count = tokens[place - _OF_AMOUNT].text
    return count.isdecimal() and len(count) >= _GROUP


def _is_group(before: Token, token: Token) -> bool:
    """Whether a token is three digits, one space behind the one before."""
    return token.text.isdecimal() and len(token.text) == _GROUP and token.start == before.end + 1


def _is_for_amount(tokens: Sequence[Token], place: int) -> bool:
    """Whether the amount that a sum is for stands before it."""
    words = vocabulary()
    at = place - 1
    while at > 0 and tokens[at].text in _JOINING:
        at -= 1
    if at > 0 and tokens[at].text in words.units and tokens[at - 1].kind == "n":
        return True
    for token in reversed(tokens[max(0, place - _REACH) : place]):
        if token.kind in "nl":
            return False
        if words.units.get(token.text) == "kg":
            return True
    return False


def _is_of_thousands(tokens: Sequence[Token], place: int) -> bool:
    """Whether thousands and their hundreds stand there, parted by a "k": "le kilo 2k9"."""
    parts = tokens[place : place + 3]
    if len(parts) < _GROUP or parts[1].text != "k" or not (parts[1].glued and parts[2].glued):
        return False
    return parts[0].text.isdecimal() and len(parts[2].text) == 1 and parts[2].text.isdecimal()


def _is_of_grams(tokens: Sequence[Token], place: int) -> bool:
    """Whether grams and their tenths stand there, parted by their unit, and no price: "2g5 20€"."""
    if place + 2 >= len(tokens):
        return False
    whole, unit, part = tokens[place : place + 3]
    if unit.text != "g" or not (unit.glued and part.glued) or not whole.text.isdecimal():
        return False
    behind = tokens[place + 3] if place + 3 < len(tokens) else None
    glued = behind is not None and behind.glued and behind.kind != "l" and behind.text not in _SIGNS
    money = glued or (behind is not None and behind.text in vocabulary().currencies)
    return part.text in "123456789" and len(part.text) == 1 and not money
