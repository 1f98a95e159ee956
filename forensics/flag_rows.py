"""The flags of one conversation as rows of the case, one after the other as the analysis finds them.

The conversation as a whole repeats every reason of its findings: they are kept as compressed text, a
twentieth of what they take as objects, until its own flag is written.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from forensics.analysis.faults import Faults
from forensics.analysis.findings import CONVERSATION_FROM, Classifier, Line, stream
from forensics.analysis.verdicts import MARKETS, Finding, before
from forensics.case_copies import Copy, spoken
from forensics.identity import flag_id
from forensics.message_row import edited_texts

# Of a line: id, text, what is rare of the message, time, sender, direction, cue, place in reading order.
LineRow = tuple[Any, ...]
# Of a flag: id, number of the conversation, kind, score, and the record as UTF-8. Of a message in whose
# analysis there was a fault: its id, the number, ``FAULT``, 0, and the words of the fault.
FlagRow = tuple[str, int, str, int, bytes]
FAULT = "fault"
_BLOCK = 1 << 16
# What may be the id of a copy: that of a message and a number (case_copies).
_COPY = re.compile(r"m[0-9a-f]+\+[0-9]+")


class About(NamedTuple):
    """The conversation: its number and id in the case; by the ids of those lines that are no message's own,
    the copies that they are."""

    number: int
    key: str
    copies: dict[str, Copy]


class _Summary(NamedTuple):
    """What a flag says besides its items and rules."""

    kind: str
    messages: tuple[str, ...]
    score: int
    laws: Sequence[Mapping[str, object]]
    markets: Sequence[str]
    goods_from: Sequence[str]


def flag_rows(about: About, rows: Iterable[LineRow], classifier: Classifier) -> Iterator[FlagRow]:
    """The rows of the flags of a conversation whose lines come in order, and of the faults behind them."""
    whole, faults = _Whole(about), Faults()
    for found in stream((_line(row, classifier) for row in rows), classifier, faults):
        items = _text([each.as_dict() for each in found.items], about)[1:-1]
        rules = _text(_rules(found, about), about)[1:-1]
        whole.add(found, items, rules)
        summary = _Summary(
            found.kind, found.messages, found.score, found.laws, found.markets, found.goods_from
        )
        yield _row(about, summary, [items.encode()], [rules.encode()])
    if whole.findings >= CONVERSATION_FROM:
        yield whole.row()
    for fault in faults.found.values():
        told = f"{fault.error} in {fault.module}"
        yield _beside(fault.message, about), about.number, FAULT, 0, told.encode()


def _line(row: LineRow, classifier: Classifier) -> Line:
    """A line; a copy's id is a text, a message's the bytes of the case."""
    key, text, rare, sent_at, sender, from_owner, flags, *_place = row
    owner = None if from_owner is None else bool(from_owner)
    known = key if isinstance(key, str) else f"m{key.hex()}"
    line = Line(known, text or "", sent_at, sender, owner, flags)
    older = edited_texts(rare)
    if not older:
        return line
    text, flags = spoken([text, *reversed(older)], classifier.speaks)
    return line._replace(text=text, flags=flags)


def _rules(found: Finding, about: About) -> list[dict[str, object]]:
    """The hits of a finding; one in a copy names the message beside it, and says that it is a copy's."""
    rules = [each.as_dict() for each in found.rules]
    if about.copies:
        for rule in rules:
            copy = about.copies.get(str(rule["message"]))
            if copy is not None:
                rule |= {"message": copy["message"], "copy": copy["origin"]}
    return rules


def _text(form: object, about: About) -> str:
    """As it is stored; reasons name other lines by their ids, and a copy is told by the message beside it."""
    text = json.dumps(form, ensure_ascii=False, sort_keys=True)
    if not about.copies:
        return text
    return _COPY.sub(lambda found: _beside(found.group(), about), text)


def _beside(line: str, about: About) -> str:
    """The id of the message that a copy stands beside; that of a message itself."""
    copy = about.copies.get(line)
    return line if copy is None else str(copy["message"])


def _row(about: About, told: _Summary, items: Iterable[bytes], rules: Iterable[bytes]) -> FlagRow:
    """The row of a flag. What was read in a copy is said to be that: ``copies`` has the copy with the message
    that it stands beside, ``own`` the messages that were read themselves."""
    found: dict[str, object] = told._asdict()
    if not told.goods_from:
        del found["goods_from"]
    found["conversation"] = about.key
    used = [about.copies[each] for each in told.messages if each in about.copies]
    if used:
        found["messages"] = list(dict.fromkeys(_beside(each, about) for each in told.messages))
        found["own"] = [each for each in told.messages if each not in about.copies]
        found["copies"] = used
    form = bytearray()
    for name in sorted([*found, "items", "rules"]):
        form += b'%s"%s": ' % (b", " if form else b"{", name.encode())
        if name in found:
            form += _text(found[name], about).encode()
            continue
        form += b"["
        for piece in items if name == "items" else rules:
            form += piece
        form += b"]"
    form += b"}"
    return flag_id(told.kind, about.key, told.messages), about.number, told.kind, told.score, bytes(form)


class _Kept:
    """The elements of a list as they are written, kept compressed."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._open = bytearray()
        self._is_begun = False

    def add(self, elements: str) -> None:
        """Further elements, with commas between."""
        if not elements:
            return
        self._open += b", " * self._is_begun + elements.encode()
        self._is_begun = True
        if len(self._open) >= _BLOCK:
            self._blocks.append(zlib.compress(self._open, 1))
            self._open = bytearray()

    def __iter__(self) -> Iterator[bytes]:
        yield from map(zlib.decompress, self._blocks)
        yield bytes(self._open)


class _Whole:
    """The conversation as a whole: its messages in the order of the findings, every reason once."""

    def __init__(self, about: About) -> None:
        self._about = about
        self._messages: dict[str, None] = {}
        self._laws: dict[str, Mapping[str, object]] = {}
        self._markets: set[str] = set()
        self._goods_from: dict[str, None] = {}
        self._score = 0
        self._items, self._rules = _Kept(), _Kept()
        self.findings = 0

    def add(self, found: Finding, items: str, rules: str) -> None:
        """The next finding, with its items and rules as they are written."""
        self.findings += 1
        self._messages.update(dict.fromkeys(found.messages))
        self._score += found.score
        for law in found.laws:
            self._laws.setdefault(str(tuple(law.values())), law)
        self._markets.update(found.markets)
        self._goods_from.update(dict.fromkeys(found.goods_from))
        self._items.add(items)
        self._rules.add(rules)

    def row(self) -> FlagRow:
        """The row of its flag."""
        laws = [self._laws[key] for key in sorted(self._laws)]
        markets = [each for each in MARKETS if each in self._markets]
        goods_from = before(self._messages, self._goods_from)
        told = _Summary("conversation", tuple(self._messages), self._score, laws, markets, goods_from)
        return _row(self._about, told, self._items, self._rules)
