"""Lists in which each of several goods is called by one letter: "C 50€ / K 25€ / M 35€".

One letter means nothing; two rows of one form, each a letter with its sum of money, its grams or its amount
and price, in a message that says nothing else, are a list of goods. Scores ("K 12 / M 9"), sizes ("S 30 M 30
L 35") and counted parts ("A 10€ B 20€") are none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from forensics.analysis.cursor import is_numeral
from forensics.analysis.text import Token
from forensics.analysis.vocabulary import vocabulary

_GOODS = frozenset("ckmwx")  # letters that lists of several languages use alike
_FIRST, _BESIDE_IT = "c", frozenset("hs")  # and those that are goods in rows with the first
_TELLING = frozenset("ckw")  # and those that are no size of clothes
_OTHERS = frozenset("lnoq")  # letters of sizes and of no goods
_COUNTING = frozenset("ab")  # the first letters of whatever is counted by them
_ROWS = 2
_PRICED = "#"  # what stands behind a number that another follows
_LONGEST = 200  # tokens of such a list
_SIGNS = 24  # dots and dashes between a letter and its number
_PARTING = frozenset("/|;,•·)")
_MEASURING = frozenset("xkmg")  # letters that a number before them counts
_ELSEWHERE, _OTHER = frozenset({"PLN", "TRY"}), "k"  # where it is not what it is elsewhere


def initials(tokens: Sequence[Token]) -> dict[int, str]:
    """The letters of such a list, by place, those that may mean anything as ""; none where the message is no
    such list.
    """
    if len(tokens) > _LONGEST or sum(t.text in _GOODS or t.text in _BESIDE_IT for t in tokens) < _ROWS:
        return {}
    (signs, unit), rows = _rows(tokens)
    said = set(rows.values())
    goods = said & (_GOODS | _BESIDE_IT if _FIRST in said else _GOODS)
    if len(goods) < _ROWS or not goods & _TELLING or len(rows) != len(said):
        return {}
    if said & _OTHERS or said >= _COUNTING or _speaks(tokens) or not _is_sold(signs, unit):
        return {}
    if vocabulary().currencies.get(unit) in _ELSEWHERE:
        goods.discard(_OTHER)
    return {place: text if text in goods else "" for place, text in rows.items()}


def _is_sold(signs: str, unit: str) -> bool:
    """Whether the numbers of the rows are sums of money, grams, or amounts with their prices."""
    words = vocabulary()
    money = unit in words.currencies or any(sign in words.currencies for sign in signs)
    return money or unit == _PRICED or words.units.get(unit) == "g"


def _rows(tokens: Sequence[Token]) -> tuple[tuple[str, str], Mapping[int, str]]:
    """The letters that begin rows of the form that most have, and that form."""
    forms: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for place, token in enumerate(tokens):
        if len(token.text) == 1 and token.text.isalpha() and _begins(tokens, place):
            form = _form(tokens, place)
            if form:
                forms[form][place] = token.text
    if not forms:
        return ("", ""), {}
    form, rows = max(forms.items(), key=lambda each: len(each[1]))
    return (form, rows) if sum(map(len, forms.values())) - len(rows) <= 1 else (("", ""), {})


def _begins(tokens: Sequence[Token], place: int) -> bool:
    """Whether the line, or a part of it behind a sign or sum, begins with the letter."""
    if place == 0 or tokens[place - 1].kind == "l":
        return True
    if tokens[place - 1].text == "(" and [t.text for t in tokens[place + 1 : place + 2]] == [")"]:
        return _begins(tokens, place - 1)  # "(C) 1 = 50"
    before, words = tokens[place - 1], vocabulary()
    if before.text in _PARTING:
        return not tokens[place].glued
    if before.text in words.currencies:
        return True
    if tokens[place].glued:
        return False
    signed = place + 1 < len(tokens) and tokens[place + 1].kind == "s"
    return is_numeral(before) and (signed or tokens[place].text not in _MEASURING)


def _form(tokens: Sequence[Token], place: int) -> tuple[str, str] | None:
    """What stands between the letter and its number, and what the number is of; none without a number."""
    at = place + 1
    while at < len(tokens) and at - place < _SIGNS and tokens[at].kind == "s":
        at += 1
    if at >= len(tokens) or not is_numeral(tokens[at]) or at - place >= _SIGNS:
        return None
    if at == place + 1 and _is_spelled(tokens[at : at + 2]):
        return None
    signs = sorted({t.text for t in tokens[place + 1 : at]})
    behind = tokens[at + 1].text if at + 1 < len(tokens) else ""
    number = tokens[at].text.lstrip("0123456789.,")
    words = vocabulary()
    if at + 1 < len(tokens) and (is_numeral(tokens[at + 1]) or _is_sum(tokens, at + 1)):
        return "".join(signs), number or _PRICED
    told = behind in words.currencies or words.units.get(behind) == "g" or behind in ("=", "|")
    return "".join(signs), number or (behind if told else "")


def _is_sum(tokens: Sequence[Token], at: int) -> bool:
    """Whether an equals sign stands there and a sum of money behind it: "C 1 = €50"."""
    ahead = tokens[at : at + 3]
    signed = len(ahead) > 2 and ahead[1].text in vocabulary().currencies and is_numeral(ahead[2])
    return ahead[0].text == "=" and signed


def _is_spelled(behind: Sequence[Token]) -> bool:
    """Whether a digit behind a letter is one more of a word whose letters stand apart: "w 3 3 d"."""
    pieces = [t for t in behind if len(t.text) == 1 and t.kind in "wn"]
    return len(pieces) > 1 and pieces[1].text not in _MEASURING


def _speaks(tokens: Sequence[Token]) -> bool:
    """Whether a word says something else than amounts and prices."""
    words = vocabulary()
    return any(
        t.kind == "w" and t.text.isalpha() and len(t.text) > 1 and not words.is_amount_word(t.text)
        for t in tokens
    )
