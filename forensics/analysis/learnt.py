"""Weights learnt from the validation sets: what the words and forms of a few lines together say for trade.

A second opinion beside the rules (analysis.opinion), as readable as they are: ``data/learnt.csv`` has a whole
number of thousandths for each form, by its name, and a sum of them is all that is done. Made by
``fixtures/validation/make_weights.py``, which counts the forms with the code of this module.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import combinations, pairwise
from typing import NamedTuple, TypeVar

from forensics.analysis.lexicon import data_bytes, table
from forensics.analysis.statement import Reader, Statement
from forensics.analysis.text import number

# Rows of the file that are no forms
BASE, LINE, VERSION, GLANCE_BASE = "(base)", "(line)", "(version)", "(glance)"
ALONE_BASE, LIST_BASE = "(alone)", "(list)"
BASES = (BASE, LINE, GLANCE_BASE, ALONE_BASE, LIST_BASE)
GLANCE = "glance:"  # before the words and pairs that count at a glance (analysis.glance)
ALONE, LIST = "alone:", "list:"  # before those that count in a message alone, and tell its lists from deals
TWO = "writers:two"
THOUSAND = 1000
LONGEST = 300  # characters of a line that is counted
LONGEST_ALONE = 1_000  # of one that is weighed alone
_KEPT = 4096
_TEXTS_KEPT = 8192  # with the names of their forms: a tenth of what the forms with their places take
_LONGEST_KEPT = 32  # letters of a word that is kept
_PREFIX = 5  # letters by which words that are longer count too
_COUNTED = ("act:", "subject:", "name:", "amount:", "question")
_OF_WORDS = ("word:", "pair:", "begins:")  # forms that count in their own line and stretch only
_FROM_LINE = {-3: "earlier", -2: "earlier", -1: "before", 1: "behind", 2: "later", 3: "later"}
_SHARES = ("twice", "often", "quarter", "half")
_CLASSES = ("act:", "name:", "amount:", "question")  # of which two in one line are a form too
_COUNT_AND_UNIT = re.compile(r"(\d+)([a-z]{1,3})")
_Value = TypeVar("_Value")
_THRICE = re.compile(r"(.)\1\1+")
_ROUND = ((1000, 50), (200, 10), (200, 5))
_SIGNS = "?€$£"


class Form(NamedTuple):
    """A form of a line with its place in the text; the whole line is 0 to 0."""

    name: str
    start: int
    end: int


_FORM_OF = partial(tuple.__new__, Form)  # all three fields as one tuple: half the time of Form(...)


def shape(text: str) -> str:
    """What kind of number it is: small ones by themselves, sums by how round they are."""
    value = number(text)
    if value is None:
        return "#?"
    if value != int(value):
        return "#,"
    whole = int(value)
    if whole <= 5:
        return f"#{whole}"
    if whole < 10:
        return "#6-9"
    if whole < 25 and whole % 5:
        return "#10-24"
    for most, step in _ROUND:
        if whole <= most and whole % step == 0:
            return f"#x{step}"
    return "#25-99" if whole < 100 else "#100-999" if whole < 1000 else "#1000+"


def forms(statement: Statement) -> tuple[Form, ...]:
    """The forms of one line, each once, at its first place."""
    found: dict[str, Form] = {}
    for each in _forms(statement):
        found.setdefault(each.name, each)
    return tuple(found.values())


def _forms(statement: Statement) -> Iterator[Form]:
    yield from _words(statement)
    classes = list(_of_classes(statement))
    yield from classes
    yield from _both(classes)
    for name in _of_whole(statement):
        yield _FORM_OF((name, 0, 0))


def _of_whole(statement: Statement) -> Iterator[str]:
    """What is said of the line as a whole."""
    said = sum([token.kind in "wn" for token in statement.reading.tokens])
    yield f"length:{_step(said, (0, 1, 2, 3, 6, 10, 20))}"
    yield f"strange:{_step(statement.strange, (0, 1, 2, 3, 4, 8))}"
    if statement.reading.lines > 1:
        yield "lines"


def form_names(statement: Statement) -> list[str]:
    """The names of the forms of one line, of which some may come twice: in a third of the time that the forms
    with their places take."""
    said = [word for word, _start, _end in _tokens(statement)]
    names = [f"word:{word}" for word in said]
    names += [f"begins:{word[:_PREFIX]}" for word in said if len(word) > _PREFIX and word.isalpha()]
    names += [f"pair:{before} {word}" for before, word in pairwise(("^", *said, "$"))]
    classes = list(_of_classes(statement))
    if classes:
        names += [each.name for each in classes]
        names += [each.name for each in _both(classes)]
    names += _of_whole(statement)
    return names


def _both(classes: Sequence[Form]) -> Iterator[Form]:
    """Two classes that one line holds, each once, by name."""
    first: dict[str, Form] = {}
    for each in classes:
        name = "subject" if each.name == "subject:any" else _class(each.name)
        if name:
            first.setdefault(name, each)
    for one, other in combinations(sorted(first), 2):
        ends = first[one], first[other]
        start, end = min(e.start for e in ends), max(e.end for e in ends)
        yield Form(f"both:{one}+{other}", start, end)


def _class(name: str) -> str:
    """The class that a form is of, an act without its strength; empty for none."""
    if not name.startswith(_CLASSES) or name.startswith("act:neutral"):
        return ""
    return name.partition(".")[0] if name.startswith("act:") else name


def _of_classes(statement: Statement) -> Iterator[Form]:
    for act in statement.acts:
        yield _FORM_OF((f"act:{act.name}.{act.strength}", act.start, act.end))
    for subject in statement.subjects:
        yield _FORM_OF((f"subject:{subject.name}", subject.start, subject.end))
        yield _FORM_OF(("subject:any", subject.start, subject.end))
    for term in statement.terms:
        yield _FORM_OF((f"name:{term.entry.grade}", term.start, term.end))
    for tier in statement.reading.tiers:
        if tier.quantity is not None:
            yield Form(f"amount:{tier.unit or 'number'}", tier.start, tier.end)
        if tier.price is not None:
            yield Form("amount:price", tier.start, tier.end)
            if tier.quantity is not None:
                yield Form("amount:priced", tier.start, tier.end)
            if tier.price != int(tier.price):
                yield Form("amount:cents", tier.start, tier.end)
    if statement.reading.text.rstrip().endswith("?"):
        yield Form("question", 0, 0)


def _step(value: int, steps: Sequence[int]) -> str:
    return next((f"to {step}" for step in steps if value <= step), "more")


def _words(statement: Statement) -> Iterator[Form]:
    """The words and numbers, their pairs, and the beginnings of long words."""
    before, since, until = "^", 0, 0
    for word, start, end in _tokens(statement):
        yield _FORM_OF((f"word:{word}", start, end))
        yield _FORM_OF((f"pair:{before} {word}", since, end))
        if len(word) > _PREFIX and word.isalpha():
            yield _FORM_OF((f"begins:{word[:_PREFIX]}", start, end))
        before, since, until = word, start, end
    yield _FORM_OF((f"pair:{before} $", since, until))


def _tokens(statement: Statement) -> Iterator[tuple[str, int, int]]:
    for text, start, end, kind, *_ in statement.reading.tokens:
        if kind == "w":
            for name in _names(text) if len(text) <= _LONGEST_KEPT else _named(text):
                yield name, start, end
        elif kind == "n":
            yield shape(text), start, end
        elif kind == "s" and (text in _SIGNS or ord(text[0]) > 0x2000):
            yield text, start, end


def _named(text: str) -> tuple[str, ...]:
    """A word as it counts: an amount with its unit is two, letters that go on are two of them."""
    counted = _COUNT_AND_UNIT.fullmatch(text)
    return (shape(counted[1]), counted[2]) if counted else (_THRICE.sub(r"\1\1", text),)


_names = lru_cache(maxsize=_KEPT)(_named)


def is_counted(name: str) -> bool:
    """Whether it says something how often a form comes."""
    return name.startswith(_COUNTED)


def how_often(count: int, lines: int) -> Iterator[str]:
    """What is said of a form that comes so many times in so many lines."""
    if count > 1:
        yield "twice:"
    if count > 3:
        yield "often:"
    if 4 * count >= lines:
        yield "quarter:"
    if 2 * count >= lines:
        yield "half:"


def together(lines: Sequence[Iterable[str]], *, of_two: bool) -> Iterator[str]:
    """The forms of some lines together: each once, and of those that are counted how often."""
    counts = Counter(name for line in lines for name in line)
    for name, count in counts.items():
        yield name
        if is_counted(name):
            yield from (often + name for often in how_often(count, len(lines)))
    if of_two:
        yield TWO


def amid(lines: Sequence[Iterable[str]], place: int) -> Iterator[str]:
    """The forms by which one of some lines is weighed by itself: its own, and what kinds of forms stand up to
    three lines before and behind it.
    """
    yield from dict.fromkeys(f"line:{name}" for name in lines[place])
    found: dict[str, None] = {}
    for away, where in _FROM_LINE.items():
        if 0 <= place + away < len(lines):
            kinds = (name for name in lines[place + away] if not name.startswith(_OF_WORDS))
            found.update(dict.fromkeys(f"{where}:{name}" for name in kinds))
    yield from found


class Seeable:
    """What counts at a glance. A word that does, alone or in a pair, has a number from ``OTHER`` + 1 on; what
    weighs anything has a mark, a number from 1 on."""

    OTHER = 1  # the number of every other word
    PAIRED = 1 << 24  # times the number of the first word, with that of the second: the key of a pair

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.mark_of = [0, 0]  # of a word by its number, 0 where it weighs nothing alone
        self.pairs: dict[int, int] = {}  # the mark by the key
        self.worth = [0]  # thousandths by mark

    def add(self, name: str, weight: int) -> None:
        """A word, or two with a space between."""
        numbers = list(map(self._number, name.split(" ")))
        if len(numbers) > 1:
            self.pairs[numbers[0] * self.PAIRED + numbers[1]] = len(self.worth)
        else:
            self.mark_of[numbers[0]] = len(self.worth)
        self.worth.append(weight)

    def _number(self, word: str) -> int:
        if word not in self.words:
            self.words[word] = len(self.mark_of)
            self.mark_of.append(0)
        return self.words[word]


class _Once(dict[_Value, _Value]):
    """One object for each value: most forms stand in several tables, and few weights are different."""

    def __missing__(self, value: _Value) -> _Value:
        self[value] = value
        return value


class _Parts(NamedTuple):
    """The rows of the file: bases and version, forms, and what counts at a glance."""

    bases: dict[str, int]
    forms: dict[str, int]
    alone: dict[str, int]
    lists: dict[str, int]
    seen: Seeable


class Weights:
    """The learnt weights in thousandths, from ``data/learnt.csv``; taken apart when first asked for, since
    not every process that has a classifier weighs anything."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.sha256 = hashlib.sha256(raw).hexdigest()

    @cached_property
    def _parts(self) -> _Parts:
        parts, once = _Parts({}, {}, {}, {}, Seeable()), _Once()
        for row in table(self._raw):
            name, weight = row["form"], once[int(row["thousandths"])]
            if name == VERSION or name in BASES:
                parts.bases[name] = weight
            elif name.startswith(ALONE):
                parts.alone[once[name.removeprefix(ALONE)]] = weight
            elif name.startswith(LIST):
                parts.lists[once[name.removeprefix(LIST)]] = weight
            elif name.startswith(GLANCE):
                parts.seen.add(name.removeprefix(GLANCE), weight)
            else:
                parts.forms[once[name]] = weight
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
    def alone_base(self) -> int:
        return self._parts.bases.get(ALONE_BASE, 0)

    @property
    def alone(self) -> Mapping[str, int]:
        """The forms of a message that is weighed alone."""
        return self._parts.alone

    @property
    def of(self) -> Mapping[str, int]:
        """The forms of lines and stretches."""
        return self._parts.forms

    @property
    def seen(self) -> Seeable:
        """The words and pairs that count at a glance."""
        return self._parts.seen

    @cached_property
    def known(self) -> Mapping[str, str]:
        """What a form can weigh in any way (others are left out of every count): by name the one text that
        stands for it wherever it is kept."""
        names = dict.fromkeys((*self.alone, *self._parts.lists, *map(_plain, self.of)))
        return {name: name for name in names}  # the first of each, which the tables have too

    @classmethod
    def load(cls) -> tuple[Weights, bytes]:
        """The weights, and the bytes they were made from."""
        raw = data_bytes("learnt.csv")
        return cls(raw), raw

    def total(self, names: Iterable[str]) -> int:
        """The base and what these forms weigh."""
        return self._sum(BASE, self.of, names)

    def line_total(self, names: Iterable[str]) -> int:
        """What these forms of one line amid others weigh."""
        return self._sum(LINE, self.of, names)

    def alone_total(self, names: Iterable[str]) -> int:
        """What these forms of one message weigh without any others."""
        return self._sum(ALONE_BASE, self.alone, names)

    def list_total(self, names: Iterable[str]) -> int:
        """What these forms of a message of trade weigh for a list, against a deal of two."""
        return self._sum(LIST_BASE, self._parts.lists, names)

    def _sum(self, base: str, weights: Mapping[str, int], names: Iterable[str]) -> int:
        return self._parts.bases.get(base, 0) + sum(weights.get(name, 0) for name in names)


def _plain(name: str) -> str:
    """The form of a line that a form of several lines, or of a line amid others, counts."""
    first, _, rest = name.partition(":")
    return rest if first in (*_SHARES, "line", *_FROM_LINE.values()) else name


class Forms:
    """The forms of lines that weigh anything."""

    def __init__(self, reader: Reader, weights: Weights) -> None:
        self._reader = reader
        self._weights = weights
        # worked out once for the same text
        self.names = lru_cache(maxsize=_TEXTS_KEPT)(self._names)

    def _names(self, text: str) -> tuple[str, ...]:
        """Their names, each once."""
        names = map(self._weights.known.get, form_names(self._reader.read(text)))
        return tuple(dict.fromkeys(filter(None, names)))

    def of(self, text: str) -> Iterator[Form]:
        """The forms with their places."""
        known = self._weights.known
        return (form for form in forms(self._reader.read(text)) if form.name in known)
