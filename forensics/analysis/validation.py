"""The built-in validation sets: labelled messages, and how often the program errs on them, with intervals.

The sets are written for the project (fictitious messages). The second to the forty-sixth were written by
people who had not seen rules or word lists, and were blind until the rules were mended by what they showed,
or (from the seventh on, and the everyday and the further ordinary ones) until weights were learnt from them,
which holds for none in ``CHOOSING`` or ``UNSEEN``;
menus of the tenth and the eleventh mended the grammar of menus too. The sixth and the ninth are halves of
one set by one writer, parted by checksum of the ids; those named in ``BLINDS``, where there are any, are by
other writers, and guided nothing so far; those in ``CHOOSING`` chose thresholds and taught no weights, and
those in ``UNSEEN`` guided nothing and were not read. The ordinary and everyday sets hold exchanges with the
steps of a sale and no drug. The figures describe the program and promise nothing for other data; ``cautions``
says so.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from forensics.analysis import talk
from forensics.analysis.data_files import data_bytes
from forensics.analysis.findings import Classifier, Line, Verdict

TRADE = frozenset({"menu", "deal"})
BUILT_IN = "built-in"
# The sets that guided nothing but thresholds (of lone lines, and of lines beside a trade), which were chosen
# with these in view too: ordinary messages and conversations without any trade, chats in which daily
# life holds a trade, and messages and conversations of all kinds: by writers who were told to be inventive,
# and (plain, fair) by writers who had the rules of the labels and the pages on trade, and were to be fair.
BLINDS = ("blind-ordinary", "blind-mixed", "blind", "blind-plain", "blind-fair")
# The sets that chose thresholds: no weights are learnt from them. The thirty-eighth mended the grammar too;
# the thirty-ninth guided nothing before what is right behind a trade counted, which was chosen with it in
# view, and its lists mended the grammar after that. The fortieth was not read, and guided nothing before it
# was chosen how much some line of a trade must weigh. The forty-first is lists: it mended the grammar.
# The forty-second and the forty-third mended the grammar when they had been measured with version 29.
# The forty-fourth, and the forty-fifth, which is daily life with some trade, were not read; they chose what a
# line beside a trade must weigh alone.
CHOOSING = (
    "thirty-second",
    "thirty-eighth",
    "thirty-ninth",
    "fortieth",
    "forty-first",
    "forty-second",
    "forty-third",
    "forty-fourth",
    "forty-fifth",
    "ordinary-8",
)
# The sets that guided nothing and were not read (ordinary-9: nothing of trade). The counts of the forty-sixth
# stood beside those of others when it was chosen what a line beside a trade must weigh alone.
UNSEEN = ("forty-sixth", "ordinary-9")
UNLEARNT = (*BLINDS, *CHOOSING, *UNSEEN)
# The sets that hold nothing of trade.
ORDINARY = (
    "ordinary",
    "everyday",
    "ordinary-2",
    "ordinary-3",
    "ordinary-4",
    "ordinary-5",
    "ordinary-6",
    "ordinary-7",
    "ordinary-8",
    "ordinary-9",
    "prose",
    "price-lists",
)
# The sets whose figures stand apart from those of the first, as far as the data holds them.
OTHERS = (
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
    "thirty-second",
    "thirty-third",
    "thirty-fourth",
    "thirty-fifth",
    "thirty-sixth",
    "thirty-seventh",
    "thirty-eighth",
    "thirty-ninth",
    "fortieth",
    "forty-first",
    "forty-second",
    "forty-third",
    "forty-fourth",
    "forty-fifth",
    "forty-sixth",
    "mixed",
    "singles",
    "menus",
    "menus-2",
    *ORDINARY,
    *BLINDS,
)
# Those of them that guided the rules; the rest but ``UNLEARNT`` guided the learnt weights.
OF_RULES = frozenset({"second", "third", "fourth", "fifth", "sixth", "ordinary"})
_FIELDS = 5  # of an item
# By what items are compared too, besides the whole (places of the fields).
ITEM_PARTS = {"without the currency": (0, 1, 2, 3), "substance": (0,), "amount and price": (1, 2, 3)}
PREVALENCES = (0.01, 0.001, 0.0001)  # shares of messages that are of trade, for which precision is worked out
_OPEN = "open"  # a line of a deal that says nothing by itself ("ok"): read, but not counted
_OBFUSCATED = re.compile(r"^(?:menu-)?obf|^menu_obf|^typo$|^strikethrough$|^dotted$")
_SET = re.compile(rb'"set": "([^"]+)"')  # as the sets are written; no text holds it, its quotes are escaped
_Z = 1.959963984540054  # 95 %
_CAUTIONS = (
    "The sets were written for this project and are small. All but the blind ones guided the rules, the"
    " learnt weights or a threshold, so that their own figures are better than others would be; the blind"
    " ones are by writers who had seen nothing of them: their figures are the ones to expect elsewhere.",
    "Ordinary chats hold far less trade than this set: precision is lower where trade is rarer.",
    "No figure here is a probability that a person did anything.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A labelled message; label ``talk`` accepts both none and mention, ``open`` is not counted. ``part``:
    its set."""

    id: str
    part: str
    category: str
    language: str
    label: str
    text: str
    conversation: str | None
    sender: str | None
    items: tuple[tuple[object, ...], ...] | None


def _rows(part: str) -> Iterator[dict[str, Any]]:
    """The rows of one set. Those of others are not taken apart, which would take most of the time."""
    raw = data_bytes("validation.jsonl")
    if part == BUILT_IN:
        return (json.loads(line) for line in raw.splitlines() if b'"set": "' not in line)
    return map(json.loads, _lines_with(f'"set": "{part}"'.encode(), raw))


def _lines_with(mark: bytes, raw: bytes) -> Iterator[bytes]:
    at = raw.find(mark)
    while at >= 0:
        first, after = raw.rfind(b"\n", 0, at) + 1, raw.find(b"\n", at)
        after = after if after >= 0 else len(raw)
        yield raw[first:after]
        at = raw.find(mark, after)


def others() -> tuple[str, ...]:
    """The names of the sets besides the first, those that guided the rules first."""
    held = {name.decode() for name in _SET.findall(data_bytes("validation.jsonl"))}
    return tuple(name for name in OTHERS if name in held)


def cases(part: str = BUILT_IN) -> list[Case]:
    """The labelled messages of one set, in order."""
    return [
        Case(
            id=row["id"],
            part=part,
            category=row["category"],
            language=row["language"],
            label=row["label"],
            text=row["text"],
            conversation=row.get("conversation"),
            sender=row.get("sender"),
            items=tuple(tuple(i) for i in row["items"]) if "items" in row else None,
        )
        for row in _rows(part)
    ]


def verdicts(labelled: Sequence[Case], classifier: Classifier) -> list[Verdict]:
    """The verdict for each case; cases of one conversation are read as a window."""
    asked = ((c.conversation, Line(id=c.id, text=c.text, sender=c.sender)) for c in labelled)
    return list(talk.verdicts(asked, classifier, most=len(labelled)))


def wilson(successes: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a proportion; the whole range when nothing was counted."""
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, _Z * _Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = _Z * math.sqrt(share * (1 - share) / total + square / (4 * total * total)) / (1 + square / total)
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def validate(classifier: Classifier, chosen: Collection[str] = ()) -> dict[str, object]:
    """The figures of the first set, and apart from them those of each other set by its name; where any are
    chosen by name, of those only."""
    names = [name for name in (BUILT_IN, *others()) if not chosen or name in chosen]
    found = {name: figures_of(cases(name), classifier) for name in names}
    return {
        "version": classifier.version,
        "sha256": classifier.sha256,
        **found.pop(BUILT_IN, {}),
        **found,
        "cautions": list(_CAUTIONS),
    }


def figures_of(labelled: Sequence[Case], classifier: Classifier) -> dict[str, object]:
    """Precision and recall per label, rates per category and language, items, and the cases that were
    missed.
    """
    read = zip(labelled, verdicts(labelled, classifier), strict=True)
    pairs = [(case, verdict) for case, verdict in read if case.label != _OPEN]
    return {
        "messages": len(labelled),
        "labels": {label: _label(pairs, label) for label in ("menu", "deal")},
        "trade": _trade(pairs),
        "conversations": _conversations(pairs),
        "categories": {name: _group(group) for name, group in _grouped(pairs, by_language=False)},
        "languages": {name: _group(group) for name, group in _grouped(pairs, by_language=True)},
        "items": _items(pairs, range(_FIELDS)),
        "item_parts": {name: _items(pairs, fields) for name, fields in ITEM_PARTS.items()},
        "obfuscated": {name: _found(group) for name, group in _obfuscated(pairs)},
        "ten_thousand": _ten_thousand(pairs),
        "prevalences": _prevalences(pairs),
        "errors": [
            {"id": c.id, "expected": c.label, "label": v.label, "score": v.score}
            for c, v in pairs
            if not agrees(c, v)
        ],
    }


def _conversations(pairs: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    """Conversations with trade in them of which a message is found, and those without it that are flagged."""
    trade = {c.conversation for c, _ in pairs if c.conversation and c.label in TRADE}
    every = {c.conversation for c, _ in pairs if c.conversation}
    found = {c.conversation for c, v in pairs if c.conversation and v.label in TRADE}
    return {
        "precision": _rate(len(found & trade), len(found)),
        "recall": _rate(len(found & trade), len(trade)),
        "false_flags": _rate(len(found - trade), len(every - trade)),
    }


def agrees(case: Case, verdict: Verdict) -> bool:
    """Whether the verdict is the expected one."""
    return verdict.label in ("none", "mention") if case.label == "talk" else verdict.label == case.label


def _rate(successes: int, total: int) -> dict[str, object]:
    low, high = wilson(successes, total)
    return {
        "count": successes,
        "of": total,
        "rate": round(successes / total, 4) if total else None,
        "interval": [low, high],
    }


def _label(pairs: Iterable[tuple[Case, Verdict]], label: str) -> dict[str, object]:
    pairs = list(pairs)
    hit = sum(c.label == label and v.label == label for c, v in pairs)
    return {
        "precision": _rate(hit, sum(v.label == label for _, v in pairs)),
        "recall": _rate(hit, sum(c.label == label for c, _ in pairs)),
    }


def _trade(pairs: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    """Trade (menu or deal) against the rest: what a person is asked to read."""
    hit = sum(c.label in TRADE and v.label in TRADE for c, v in pairs)
    false = sum(c.label not in TRADE and v.label in TRADE for c, v in pairs)
    innocent = sum(c.label not in TRADE for c, _ in pairs)
    return {
        "precision": _rate(hit, hit + false),
        "recall": _rate(hit, sum(c.label in TRADE for c, _ in pairs)),
        "false_flags": _rate(false, innocent),
    }


def _grouped(
    pairs: Sequence[tuple[Case, Verdict]], *, by_language: bool
) -> list[tuple[str, list[tuple[Case, Verdict]]]]:
    names = sorted({c.language if by_language else c.category for c, _ in pairs})
    return [(n, [p for p in pairs if (p[0].language if by_language else p[0].category) == n]) for n in names]


def _group(pairs: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    labels = Counter(v.label for _, v in pairs)
    return {**_rate(sum(agrees(c, v) for c, v in pairs), len(pairs)), "labels": dict(sorted(labels.items()))}


def _items(pairs: Sequence[tuple[Case, Verdict]], fields: Sequence[int]) -> dict[str, object]:
    """Items compared by the fields at these places, of substance, quantity, unit, price and currency."""
    expected: int = 0
    given: int = 0
    hit: int = 0
    for case, verdict in pairs:
        if case.items is None:
            continue
        whole = ((i.substance, i.quantity, i.unit, i.price, i.currency) for i in verdict.items)
        want, have = (
            Counter(tuple(item[at] for at in fields) for item in items) for items in (case.items, whole)
        )
        expected, given, hit = expected + want.total(), given + have.total(), hit + (want & have).total()
    return {"precision": _rate(hit, given), "recall": _rate(hit, expected)}


def _obfuscated(
    pairs: Sequence[tuple[Case, Verdict]],
) -> list[tuple[str, list[tuple[Case, Verdict]]]]:
    """The messages of trade that are written so as to be missed, by the kind of obfuscation."""
    trade = [p for p in pairs if p[0].label in TRADE and _OBFUSCATED.search(p[0].category)]
    return _grouped(trade, by_language=False)


def _found(pairs: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    return _rate(sum(v.label in TRADE for _, v in pairs), len(pairs))


def _wrong_and_right(pairs: Sequence[tuple[Case, Verdict]]) -> tuple[int, int, int, int]:
    """Of the messages without trade how many are flagged and how many there are, and of those with it."""
    flags = [(c.label in TRADE, v.label in TRADE) for c, v in pairs]
    false, innocent = sum(f for t, f in flags if not t), sum(not t for t, _ in flags)
    return false, innocent, sum(f for t, f in flags if t), sum(t for t, _ in flags)


def _ten_thousand(pairs: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    """False flags of trade per 10,000 messages without it; without any in the set the bound says most."""
    false, innocent, _, _ = _wrong_and_right(pairs)
    low, high = wilson(false, innocent)
    return {
        "false_flags": round(10_000 * false / innocent, 1) if innocent else None,
        "of": innocent,
        "interval": [round(10_000 * low, 1), round(10_000 * high, 1)],
    }


def _prevalences(pairs: Sequence[tuple[Case, Verdict]]) -> dict[str, object]:
    """What share of the flags would be right where only so many of all messages are of trade; ``least`` with
    the upper bound of the false flags."""
    false, innocent, found, trade = _wrong_and_right(pairs)
    if not innocent or not trade:
        return {}
    recall, rate, bound = found / trade, false / innocent, wilson(false, innocent)[1]
    return {
        str(share): {"precision": _precision(recall, rate, share), "least": _precision(recall, bound, share)}
        for share in PREVALENCES
    }


def _precision(recall: float, false: float, share: float) -> float | None:
    flagged = recall * share + false * (1 - share)
    return round(recall * share / flagged, 4) if flagged else None
