"""Weights learnt from the validation sets: what forms of lines say for trade, and what the sums of these do.

A second opinion beside the rules (analysis.opinion), as readable as they are: ``data/learnt.csv`` has a whole
number of thousandths for each form, by its name, and for each step in which a sum of them lies; adding up is
all that is done. Made by ``fixtures/validation/make_weights.py``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice, repeat
from typing import NamedTuple, TypeVar

from forensics.analysis.data_files import data_bytes, table
from forensics.analysis.learnt import (
    FROM_LINE,
    OWN,
    SHARES,
    SUBJECT,
    Form,
    form_names,
    forms,
    lines_from,
    names_of_word,
)
from forensics.analysis.seeable import Seeable
from forensics.analysis.statement import Reader

# Rows of the file that are no forms
BASE, LINE, VERSION, GLANCE_BASE = "(base)", "(line)", "(version)", "(glance)"
ALONE_BASE, LIST_BASE, BALANCE_BASE, LISTS_BASE = "(alone)", "(list)", "(balance)", "(lists)"
BASES = (BASE, LINE, GLANCE_BASE, ALONE_BASE, LIST_BASE, BALANCE_BASE, LISTS_BASE)
_BARE = frozenset({VERSION, *BASES})
GLANCE = "glance:"  # before the words and pairs that count at a glance (analysis.glance)
ALONE, LIST = "alone:", "list:"  # before those that count in a message alone, and tell its lists from deals
BALANCE, LISTS = "balance:", "lists:"  # before the steps in which sums of all these lie (analysis.balance)
LATE = ("amid", "stretch")  # steps on the balance that take longest to work out
_LONGEST_KEPT = 20_000  # characters of a text that is kept
_TEXTS_KEPT = 8192  # with the names of their forms: a tenth of what the forms with their places take
_WORDS_KEPT = 8192
_Value = TypeVar("_Value")


class _Once(dict[_Value, _Value]):
    """One object for each value: most forms stand in several tables, and few weights are different."""

    def __missing__(self, value: _Value) -> _Value:
        self[value] = value
        return value


class _Parts(NamedTuple):
    """The rows of the file: bases and version; forms of stretches, of lines amid others, of messages alone
    and of lists; steps on the balances; and what counts at a glance."""

    bases: dict[str, int]
    forms: dict[str, int]
    amid: dict[str, dict[str, int]]
    alone: dict[str, int]
    list_forms: dict[str, int]
    balance: dict[str, int]
    list_balance: dict[str, int]
    seen: Seeable


class Weights:
    """The learnt weights in thousandths, from ``data/learnt.csv``; taken apart when first asked for, since
    not every process that has a classifier weighs anything."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.sha256 = hashlib.sha256(raw).hexdigest()

    @cached_property
    def _parts(self) -> _Parts:
        parts = _Parts({}, {}, {where: {} for where in (OWN, *FROM_LINE)}, {}, {}, {}, {}, Seeable())
        names, numbers = _Once[str](), _Once[int]()
        tables = {
            ALONE: parts.alone,
            LIST: parts.list_forms,
            BALANCE: parts.balance,
            LISTS: parts.list_balance,
        }
        tables |= {f"{where}:": each for where, each in parts.amid.items()}
        for name, thousandths in islice(table(self._raw).reader, 1, None):  # behind the names of the columns
            weight = numbers[int(thousandths)]
            where, sign, rest = name.partition(":")
            first = where + sign
            if first in tables:
                tables[first][names[rest]] = weight
            elif first == GLANCE:
                parts.seen.add(rest, weight)
            else:
                (parts.bases if name in _BARE else parts.forms)[names[name]] = weight
        self._raw = b""
        return parts

    @property
    def version(self) -> int:
        return self._parts.bases[VERSION]

    @property
    def base(self) -> int:
        return self._parts.bases[BASE]

    @property
    def glance_base(self) -> int:
        return self._parts.bases.get(GLANCE_BASE, 0)

    @property
    def alone(self) -> Mapping[str, int]:
        """The forms of a message that is weighed alone."""
        return self._parts.alone

    @property
    def of(self) -> Mapping[str, int]:
        """The forms of stretches."""
        return self._parts.forms

    @property
    def seen(self) -> Seeable:
        """The words and pairs that count at a glance."""
        return self._parts.seen

    @cached_property
    def known(self) -> Mapping[str, str]:
        """What a form can weigh in any way (others are left out of every count), and that of another subject:
        by name the one text that stands for it wherever it is kept."""
        parts = self._parts
        tables = (parts.alone, parts.list_forms, map(_plain, parts.forms), *parts.amid.values(), (SUBJECT,))
        names = dict.fromkeys(chain(*tables))
        return {name: name for name in names}  # the first of each, which the tables have too

    @classmethod
    def load(cls) -> tuple[Weights, bytes]:
        """The weights, and the bytes they were made from."""
        raw = data_bytes("learnt.csv")
        return cls(raw), raw

    def total(self, names: Iterable[str]) -> int:
        """The base and what these forms weigh."""
        return self._sum(BASE, self.of, names)

    def amid_total(self, lines: Sequence[Iterable[str]], place: int) -> int:
        """What one of some lines weighs amid the others: the sum for what ``amid`` names."""
        total = self._sum(LINE, self._parts.amid[OWN], set(lines[place]))
        for where in FROM_LINE:
            weights = self._parts.amid[where]
            total += sum(map(weights.get, set(lines_from(lines, place, where)), repeat(0)))
        return total

    def alone_total(self, names: Iterable[str]) -> int:
        """What these forms of one message weigh without any others."""
        return self._sum(ALONE_BASE, self.alone, names)

    def list_total(self, names: Iterable[str]) -> int:
        """What these forms of a message of trade weigh for a list, against a deal of two."""
        return self._sum(LIST_BASE, self._parts.list_forms, names)

    @property
    def balance(self) -> Mapping[str, int]:
        """The steps on the balance of trade."""
        return self._parts.balance

    @property
    def list_balance(self) -> Mapping[str, int]:
        """The steps on that of lists and deals."""
        return self._parts.list_balance

    def base_of(self, name: str) -> int | None:
        """One of the bases; None where the weights decide nothing by that."""
        return self._parts.bases.get(name)

    def balance_total(self, steps: Iterable[str]) -> int:
        """What these steps weigh on the balance of trade."""
        return self._sum(BALANCE_BASE, self.balance, steps)

    def most_on_balance(self, steps: Iterable[str]) -> int:
        """The most that can lie there with these steps, where those of ``LATE`` are not known yet."""
        return self.balance_total(steps) + self._most_of_late

    @cached_property
    def _most_of_late(self) -> int:
        """The most that the steps of all ``LATE`` can weigh together; one not in the data weighs 0."""
        return sum(
            max([0, *(weight for name, weight in self.balance.items() if name.startswith(f"{late}:"))])
            for late in LATE
        )

    def lists_total(self, steps: Iterable[str]) -> int:
        """What these weigh on that of lists and deals."""
        return self._sum(LISTS_BASE, self.list_balance, steps)

    def _sum(self, base: str, weights: Mapping[str, int], names: Iterable[str]) -> int:
        return self._parts.bases.get(base, 0) + sum(map(weights.get, names, repeat(0)))


def _plain(name: str) -> str:
    """The form of a line that a form of several lines counts."""
    first, _, rest = name.partition(":")
    return rest if first in SHARES else name


class Forms:
    """The forms of lines that weigh anything."""

    def __init__(self, reader: Reader, weights: Weights) -> None:
        self._reader = reader
        self._weights = weights
        # worked out once for the same text
        self._kept = lru_cache(maxsize=_TEXTS_KEPT)(self._names)
        self._of_word = lru_cache(maxsize=_WORDS_KEPT)(self._word)

    def names(self, text: str) -> tuple[str, ...]:
        """Their names in a text, each once."""
        return self._kept(text) if len(text) <= _LONGEST_KEPT else self._names(text)

    def _names(self, text: str) -> tuple[str, ...]:
        names = map(self._weights.known.get, form_names(self._reader.read(text), self._of_word))
        return tuple(dict.fromkeys(filter(None, names)))

    def _word(self, word: str) -> tuple[str, ...]:
        """The names of the forms of one word."""
        return tuple(filter(None, map(self._weights.known.get, names_of_word(word))))

    def of(self, text: str) -> Iterator[Form]:
        """The forms with their places."""
        known = self._weights.known
        return (form for form in forms(self._reader.read(text)) if form.name in known)
