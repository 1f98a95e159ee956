"""The forms of lines by which weights are learnt: words, pairs of words, kinds of numbers, classes.

``fixtures/validation/make_weights.py`` counts them with the code of this module, and analysis.weights has
what was learnt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, combinations, pairwise
from typing import NamedTuple

from forensics.analysis.statement import Statement
from forensics.analysis.text import number

TWO, SUBJECT = "writers:two", "subject:any"
LONGEST = 300  # characters of a line that is counted
LONGEST_ALONE = 1_000  # of one that is weighed alone
_KEPT = 4096
_LONGEST_KEPT = 32  # letters of a word that is kept
_PREFIX = 5  # letters by which words that are longer count too
_FOUR = 4  # letters, or ends of a word and letters, that count together
_COUNTED = ("act:", "subject:", "name:", "amount:", "question")
_OF_WORDS = ("word:", "pair:", "begins:", "letters:")  # forms that count in their own line and stretch only
OWN = "line"  # before the forms of a line amid others; those of the lines so far from it:
FROM_LINE = {"earlier": (-3, -2), "before": (-1,), "behind": (1,), "later": (2, 3)}
SHARES = ("twice", "often", "quarter", "half")
_CLASSES = ("act:", "name:", "amount:", "question")  # of which two in one line are a form too
_COUNT_AND_UNIT = re.compile(r"(\d+)([a-z]{1,3})")
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


def names_of_word(word: str) -> list[str]:
    """The names of the forms that are of one word or number alone."""
    names = [f"word:{word}"]
    if len(word) > _PREFIX and word.isalpha():
        names.append(f"begins:{word[:_PREFIX]}")
    names += [f"letters:{four}" for four in _letters(word)]
    return names


def form_names(statement: Statement, of_word: Callable[[str], Iterable[str]] = names_of_word) -> list[str]:
    """The names of the forms of one line, of which some may come twice: in a third of the time that the forms
    with their places take. ``of_word`` gives those of a word, which a caller may keep."""
    said = [word for word, _start, _end in _tokens(statement)]
    names = list(chain.from_iterable(map(of_word, said)))
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
        name = "subject" if each.name == SUBJECT else _class(each.name)
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
        yield _FORM_OF((SUBJECT, subject.start, subject.end))
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
        for four in _letters(word):
            yield _FORM_OF((f"letters:{four}", start, end))
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


@lru_cache(maxsize=_KEPT)
def _letters(word: str) -> tuple[str, ...]:
    """Its letters four by four, each once, its ends marked: by these a word counts that is declined or
    spelt in a way that no set has."""
    marked = f"<{word}>"
    if not word.isalpha() or not _FOUR < len(marked) <= _LONGEST_KEPT + 2:
        return ()
    return tuple(dict.fromkeys(marked[at : at + _FOUR] for at in range(len(marked) - _FOUR + 1)))


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
    """The forms by which one of some lines is weighed amid the others: its own, and what kinds of forms stand
    up to three lines before and behind it.
    """
    yield from dict.fromkeys(f"{OWN}:{name}" for name in lines[place])
    for where in FROM_LINE:
        kinds = (name for name in lines_from(lines, place, where) if not name.startswith(_OF_WORDS))
        yield from dict.fromkeys(f"{where}:{name}" for name in kinds)


def lines_from(lines: Sequence[Iterable[str]], place: int, where: str) -> Iterator[str]:
    """The forms of the lines that stand there from the one at a place."""
    for away in FROM_LINE[where]:
        if 0 <= place + away < len(lines):
            yield from lines[place + away]
