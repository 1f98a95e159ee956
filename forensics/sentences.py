"""Sentences that stand in English in the records, in the language of the report.

The parsers and the recovery write notices, events and results of calls in English, and records keep them so.
``data/sentences.tsv`` has each with its translation: ``{}`` stands for what comes from the evidence and is
never translated, ``{*}`` for further words of the program; what stands in ``[?`` and ``?]`` may be absent.
What stands in no row is printed as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from itertools import starmap
from typing import NamedTuple

_SLOT = re.compile(r"\{\*?\}")
_MAY_BE_ABSENT = re.compile(r"\[\?(.*?)\?\]")
_WORDS = "{*}"
_HEAD = 8  # characters before the first slot by which sentences are found
_KEPT = 65_536
_SEMICOLON, _COMMA = "; ", ", "
_MOST_NESTED = 8  # sentences in each other: what is deeper was made to be
_MOST_JOINED = 4  # parts of a sentence that has semicolons of its own
_LONGEST = 2_000  # a longer text is no sentence
# What stands in the place of a name or value that the evidence does not have.
_ABSENT = frozenset(
    (
        *("somebody (who is not stored)", "somebody who is not stored", "somebody without a name"),
        *("nobody stored", "nobody who is stored", "nobody who is named"),
        *("a value that is not stored", "an amount that is not stored", "nothing that is stored"),
        *("a time that is not stored", "a time not stored", "not stored", "jid not stored"),
        *("no title", "no price", "without a number"),
    )
)
# A person of whom only the row that names him is known.
_ROW = "jid row "
_OF_ROW = ((_ROW, "jid-rij "), (", which is gone", ", die weg is"), (", which is blank", ", die leeg is"))

# Who made the phone's own account do something; his number or handle stands behind it in brackets.
_OWNER, _OWNER_DUTCH = "the owner of this phone", "de eigenaar van deze telefoon"
_NO_NUMBER = "(number not known)", "(nummer niet bekend)"


class _Sentence(NamedTuple):
    fixed: tuple[str, ...]  # what stands before, between and behind its slots
    are_words: tuple[bool, ...]  # of each slot whether it holds words of the program
    dutch: str


@lru_cache(maxsize=_KEPT)
def translated(text: str, language: str) -> str:
    """The sentence in ``nl`` or ``en``; what has no translation stays as it is."""
    return text if language == "en" or len(text) > _LONGEST else _in_dutch(text, (_SEMICOLON,))


def translated_whole(text: str, language: str) -> str:
    """The text where it is sentences of the program to the letter, put together with semicolons; of a text
    that a user may have written no part is translated."""
    return text if language == "en" or len(text) > _LONGEST else _whole_in_dutch(text) or text


@lru_cache(maxsize=_KEPT)
def _whole_in_dutch(text: str) -> str | None:
    """None where something of it is no sentence of the program."""
    found = _table().get(text)
    end = len(text)
    while found is None and (end := text.rfind("; ", 0, end)) >= 0:
        # a sentence may have semicolons of its own: the longest that ends it comes last
        last = _table().get(text[end + 2 :])
        before = _whole_in_dutch(text[:end]) if last is not None else None
        found = f"{before}; {last}" if before is not None else None
    return found


def _in_dutch(text: str, joints: tuple[str, ...], depth: int = 0) -> str:
    if depth == _MOST_NESTED:
        return text
    if not joints:
        return _one_in_dutch(text, None, depth) or text
    return joints[0].join(_all_in_dutch(text, joints, depth))


def _all_in_dutch(text: str, joints: tuple[str, ...], depth: int) -> Iterator[str]:
    """A list of sentences, one by one: a slot of one would take all that follows. A sentence may have the
    joint in itself; evidence that has it is not told apart, except in quotation marks."""
    joint, parts, at = joints[0], _apart(text, joints[0]), 0
    while at < len(parts):
        found, end = None, min(at + _MOST_JOINED, len(parts)) + 1
        while found is None and (end := end - 1) > at:
            apart = joint if end > at + 1 else joints[-1] if len(joints) > 1 else None
            found = _one_in_dutch(joint.join(parts[at:end]), apart, depth)
        if found is None and at == 0 and (len(parts) > 1 or len(joints) == 1):
            found, end = _one_in_dutch(text, None, depth), len(parts)
        if found is None:
            found, end = _in_dutch(parts[at], joints[1:], depth), at + 1
        yield found
        at = end


def _apart(text: str, joint: str) -> list[str]:
    """The text taken apart where the joint stands outside of quotation marks."""
    parts = list[str]()
    for each in text.split(joint):
        if parts and parts[-1].count("“") > parts[-1].count("”"):
            parts[-1] += joint + each
        else:
            parts.append(each)
    return parts


def _one_in_dutch(text: str, joint: str | None, depth: int) -> str | None:
    """The translation of one sentence, of which no evidence holds that joint; None where it is in no row."""
    plain = _table().get(text)
    if plain is not None:
        return plain
    for sentence in _with_semicolon() if joint == _SEMICOLON else _may_be(text):
        found = _parts(text, sentence.fixed)
        slots = None if found is None else tuple(zip(found, sentence.are_words, strict=True))
        if slots is not None and all(
            joint is None or (words and joint == _COMMA) or len(_apart(part, joint)) == 1
            for part, words in slots
        ):
            return sentence.dutch.format(*(_slot(part, words, depth + 1) for part, words in slots))
    return None


def _parts(text: str, fixed: tuple[str, ...]) -> list[str] | None:
    """What stands in the slots, each as short as can be and never empty; a hostile text takes no longer."""
    if not (text.startswith(fixed[0]) and text.endswith(fixed[-1])):
        return None
    parts, at = list[str](), len(fixed[0])
    for each in fixed[1:-1]:
        end = text.find(each, at + 1)
        if end < 0:
            return None
        parts.append(text[at:end])
        at = end + len(each)
    last = text[at : len(text) - len(fixed[-1])]
    return [*parts, last] if last else None


def _slot(part: str, are_words: bool, depth: int) -> str:
    if part == _OWNER or (part.startswith(f"{_OWNER} (") and part.endswith(")")):
        return _OWNER_DUTCH + part[len(_OWNER) :].replace(*_NO_NUMBER)
    if part.startswith(_ROW):
        for english, dutch in _OF_ROW:
            part = part.replace(english, dutch)
    return _in_dutch(part, (_SEMICOLON, _COMMA), depth) if are_words or part in _ABSENT else part


def _may_be(text: str) -> list[_Sentence]:
    """The sentences with slots that the text may be, in their order."""
    by_head, without_head = _with_slots()
    return by_head.get(text[:_HEAD], without_head)


def _order(sentence: _Sentence) -> tuple[bool, int]:
    """Those with the longest fixed part first, and last those that a slot begins: it may hold anything, the
    beginning of another sentence too."""
    return not sentence.fixed[0], -sum(map(len, sentence.fixed))


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str], ...]:
    source = (resources.files("forensics") / "data" / "sentences.tsv").read_text("utf-8")
    rows = list(csv.reader(source.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return tuple(each for english, dutch in rows if dutch for each in _forms(english, dutch))


def _forms(english: str, dutch: str) -> Iterator[tuple[str, str]]:
    """The sentence with and without each of its parts that may be absent."""
    if _MAY_BE_ABSENT.search(english) is None:
        yield english, dutch
        return
    for kept in (r"\1", ""):
        yield from _forms(*(_MAY_BE_ABSENT.sub(kept, each, count=1) for each in (english, dutch)))


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {english: dutch for english, dutch in _rows() if not _SLOT.search(english)}


@lru_cache(maxsize=1)
def _with_slots() -> tuple[dict[str, list[_Sentence]], list[_Sentence]]:
    by_head: dict[str, list[_Sentence]] = {}
    without_head: list[_Sentence] = []
    rows = sorted(row for row in _rows() if _SLOT.search(row[0]))
    for sentence in sorted(starmap(_sentence, rows), key=_order):
        head = sentence.fixed[0][:_HEAD]
        (by_head.setdefault(head, []) if len(head) == _HEAD else without_head).append(sentence)
    return {head: sorted(each + without_head, key=_order) for head, each in by_head.items()}, without_head


@lru_cache(maxsize=1)
def _with_semicolon() -> list[_Sentence]:
    """Those that several parts of a list can be together."""
    by_head, without_head = _with_slots()
    every = {each for found in (*by_head.values(), without_head) for each in found}
    return sorted((each for each in every if _SEMICOLON in "\n".join(each.fixed)), key=_all_of)


def _all_of(sentence: _Sentence) -> tuple[bool, int, tuple[str, ...]]:
    return (*_order(sentence), sentence.fixed)


def _sentence(english: str, dutch: str) -> _Sentence:
    are_words = tuple(slot == _WORDS for slot in _SLOT.findall(english))
    return _Sentence(tuple(_SLOT.split(english)), are_words, dutch)
