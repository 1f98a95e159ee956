"""The parts of a ``result.json`` of Telegram Desktop, one at a time, and what is done about its known faults.

Source: Telegram reference 6.1 (forms of a single chat and of a whole account; traps 1 to 3), the program that
writes it: telegramdesktop/tdesktop, export_output_json.cpp (order of keys). Faults that are mended are
counted; what cannot be mended costs one message: the next one is found by how a message begins, which
nothing inside a string can look like.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from forensics.formats.json_stream import JsonError, JsonStream, Objects, balanced

Object = dict[str, object]
_HALF = re.compile("[\ud800-\udfff]")
# Deeper than anything that an export nests.
_MOST_NESTED = 64
# Sections of a whole account that hold chats.
CHATS = frozenset({"chats", "left_chats"})
# What the program writes as the type of a message.
_TYPES = frozenset({"message", "service", "unsupported"})
_MESSAGE = r'\{\s*"id"\s*:\s*-?\d+\s*,\s*"type"\s*:\s*"(?:message|service|unsupported)"'
_CHAT = (
    r'\{\s*(?:"name"\s*:\s*(?:null|"[^"\\\n]*(?:\\.[^"\\\n]*)*")\s*,\s*)?'
    r'"type"\s*:\s*(?:null|"[a-z_]*")\s*,\s*"id"\s*:\s*-?\d+\s*,\s*"messages"\s*:'
)
# A message begins with its id.
_NO_MESSAGE = re.compile(r'\{\s*"(?:name|type)"')
_CHAT_START, _START = re.compile(_CHAT), re.compile(f"{_MESSAGE}|{_CHAT}")


def is_message(value: Object) -> bool:
    """Whether an entry of a chat becomes a message; any other is told as failed."""
    kind = value.get("type")
    return isinstance(kind, str) and kind in _TYPES


@dataclass(slots=True)
class ChatStart:
    """A chat begins: what stands before its messages, and in which section it is (None: the whole file)."""

    header: Object
    section: str | None
    offset: int


@dataclass(slots=True)
class ChatEnd:
    """A chat ends: what stands after its messages too."""

    header: Object


@dataclass(slots=True)
class Entry:
    """One element of ``messages``; ``value`` is None where it cannot be read, and ``problem`` says why.

    ``mended`` are the faults that were mended in it, ``damaged`` the bytes of texts that were not valid
    UTF-8.
    """

    value: Object | None
    offset: int
    problem: str | None = None
    raw: str | None = None
    mended: list[str] = field(default_factory=list)
    damaged: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A section of a whole account that holds no chats."""

    name: str
    value: object
    offset: int
    mended: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Fault:
    """The file is not as it should be around its values."""

    text: str
    offset: int
    raw: str | None = None


Part = ChatStart | ChatEnd | Entry | Section | Fault


def parts(stream: BinaryIO) -> Iterator[Part]:
    """The parts of an export in their order."""
    text = JsonStream(stream)
    for part in _Walk(text).parts():
        if text.is_odd:
            _clean_part(part)
        yield part


def entries(stream: BinaryIO) -> Iterator[Entry]:
    """The messages from a place within the list of messages on, until something else stands there."""
    text = JsonStream(stream)
    for part in _Walk(text).messages():
        if text.is_odd:
            _clean_part(part)
        yield part


def _clean_part(part: Part) -> None:
    """Make the texts of a part such that they can be written as UTF-8."""
    damaged: list[bytes] = []
    match part:
        case Entry():
            part.value = None if part.value is None else _as_object(cleaned(part.value, damaged))
            part.raw = None if part.raw is None else str(cleaned(part.raw, []))
            part.damaged = damaged
        case ChatStart() | ChatEnd():
            part.header = _as_object(cleaned(part.header, damaged))
        case Section():
            part.value = cleaned(part.value, damaged)
        case Fault():
            part.raw = None if part.raw is None else str(cleaned(part.raw, []))


def _as_object(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def cleaned(value: object, damaged: list[bytes], depth: int = 0) -> object:
    """A value whose texts have U+FFFD for what is not valid; the bytes of such texts are added to
    ``damaged``."""
    if depth > _MOST_NESTED:
        damaged.append(b"(nested deeper)")
        return None
    if isinstance(value, str):
        if value.isascii():
            return value
        try:
            value.encode()
        except UnicodeEncodeError:
            text, raw = _valid(value)
            damaged.append(raw)
            return text
        return value
    if isinstance(value, list):
        return [cleaned(each, damaged, depth + 1) for each in value]
    if isinstance(value, dict):
        return {str(cleaned(key, damaged)): cleaned(each, damaged, depth + 1) for key, each in value.items()}
    return value


def _valid(text: str) -> tuple[str, bytes]:
    """A text with U+FFFD for what is not valid, and its bytes."""
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, written as \\ud800
        return _HALF.sub("\ufffd", text), text.encode("utf-8", "surrogatepass")
    return raw.decode("utf-8", "replace"), raw


class _Walk:
    """Goes through the file with a stack of what is open: ``root``, ``section``, ``list``, ``chat``,
    ``messages``."""

    def __init__(self, text: JsonStream) -> None:
        self._text = text
        self._open: list[str] = []
        self._header: Object = {}
        self._section: str | None = None

    def parts(self) -> Iterator[Part]:
        if self._text.take() != "{":
            yield Fault("the file does not begin as a JSON object", 0)
            return
        self._open = ["root"]
        yield from self._all()

    def messages(self) -> Iterator[Entry]:
        """From within a list of messages to where that ends, or is broken."""
        self._open = ["root", "messages"]
        for part in self._all():
            if not isinstance(part, Entry):
                return
            yield part

    def _all(self) -> Iterator[Part]:
        while self._open:
            state = self._open[-1]
            if state == "messages":
                for offset, value in self._text.elements(_NO_MESSAGE):
                    yield Entry(value, offset, mended=self._mended())  # type: ignore[arg-type]  # "{" stood there
            found = self._text.peek()
            if not found:
                text = (
                    f"the file ends before its JSON does: it is truncated ({len(self._open)} levels are open)"
                )
                yield Fault(text, self._text.offset)
                yield from self._end_chat()
                return
            if found == ",":
                self._text.take()
            elif found == ("]" if state in ("messages", "list") else "}"):
                self._text.take()
                self._open.pop()
                if state == "chat" or (state == "root" and "messages" in self._header):
                    yield from self._end_chat()
            elif state == "messages" and found == "}":
                yield Fault("the list of messages is not closed", self._text.offset)
                self._open.pop()
            elif state in ("messages", "list"):
                yield from self._element(state, found)
            else:
                yield from self._member(state)
        if self._text.peek():
            yield Fault("something follows after the end of the JSON", self._text.offset)

    def _end_chat(self) -> Iterator[Part]:
        if self._header:
            yield ChatEnd(self._header)
        self._header = {}

    def _element(self, state: str, found: str) -> Iterator[Part]:
        if state == "list":
            if found == "{":
                self._text.take()
                self._open.append("chat")
                self._header = {}
            else:
                yield from self._lost("a chat was expected")
        elif self._text.stands(_CHAT_START):
            yield Fault(
                "a chat begins within the messages of another: what closes that was lost", self._text.offset
            )
            self._open = [*self._open[: self._open.index("messages")]]
            if self._open[-1] == "chat":
                self._open.pop()
            yield from self._end_chat()
            if self._open[-1] == "root":
                self._open += ["section", "list"]
        else:
            yield self._entry()

    def _member(self, state: str) -> Iterator[Part]:
        try:
            key = self._text.key()
            opens, offset = self._text.peek(), self._text.offset
            if state == "root" and key in CHATS and opens == "{":
                self._text.take()
                self._open.append("section")
                self._section = key
            elif state == "section" and key == "list" and opens == "[":
                self._text.take()
                self._open.append("list")
            elif state in ("root", "chat") and key == "messages" and opens == "[":
                self._text.take()
                self._open.append("messages")
                yield ChatStart(self._header, self._section if state == "chat" else None, offset)
                self._header.setdefault("messages", None)
            elif state == "root" and opens in "{[":
                yield Section(key, self._text.value(), offset, self._mended())
            else:
                self._header[key if key not in self._header else f"{key}#2"] = self._text.value()
        except JsonError as error:
            yield from self._lost(str(error))

    def _lost(self, problem: str) -> Iterator[Part]:
        """Something between the messages is broken: reading goes on at the next message or chat."""
        offset = self._text.offset
        raw, _is_whole = self._text.broken(_START)
        yield Fault(f"{problem}; what stands before the next message or chat is not read", offset, raw)
        if self._text.peek() and self._open[-1] != "messages":
            if self._text.stands(_CHAT_START):
                yield from self._end_chat()
                self._open = ["root", "section", "list"]
            else:
                yield ChatStart(self._header, self._section, self._text.offset)
                self._header.setdefault("messages", None)
                self._open += ["messages"] if self._open[-1] in ("chat", "root") else ["chat", "messages"]

    def _entry(self) -> Entry:
        offset = self._text.offset
        try:
            found = self._text.value()
        except JsonError as error:
            return self._broken_entry(offset, str(error))
        if isinstance(found, dict):
            return Entry(found, offset, mended=self._mended())
        problem = "an element of messages is no object"
        try:
            return Entry(None, offset, problem, json.dumps(found))
        except RecursionError:  # read with the last level that there was
            return Entry(None, offset, f"{problem}; it nests too deep to be shown")

    def _mended(self) -> list[str]:
        return _noted(self._text.objects)

    def _broken_entry(self, offset: int, problem: str) -> Entry:
        self._mended()
        text, is_whole = self._text.broken(_START)
        end = balanced(text) if is_whole else None
        if end is not None:
            self._text.back(text[end:])
            text = text[:end]
        if not is_whole:
            return Entry(None, offset, f"{problem}; it is too large to be held", text)
        value, mended = mend(text.rstrip().rstrip(",") if end is None else text)
        if isinstance(value, dict):
            return Entry(value, offset, mended=mended)
        return Entry(None, offset, problem, text)


def _noted(objects: Objects) -> list[str]:
    """What the decoder noted since the last time, emptied."""
    if not objects.doubled and not objects.constants:
        return []
    found = [f"the key {key} stands twice in one object: both values are kept" for key in objects.doubled]
    found += [f"{word}, which JSON does not have, read as no value" for word in objects.constants]
    objects.clear()
    return found


# Trap 1: control characters as \xHH, where the backslash is not itself escaped.
_HEX = re.compile(r"((?:^|[^\\])(?:\\\\)*)\\x([0-9A-Fa-f]{2})")
# Trap 2: a path without its quotation marks, to the end of its line. Nothing of it goes on beyond that line,
# and no two parts of it can share what they match: a line is looked at once, whatever stands there.
_UNQUOTED = re.compile(r'^([^\S\n]*"\w+"[^\S\n]*:[^\S\n]*)([A-Za-z(][^"\n]*)$', re.MULTILINE)
_WORDS = frozenset({"true", "false", "null"})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|(?<=[^\n])\t")

# Made once, since a damaged file may have as many faults as messages; nothing else reads while one is mended.
_NOTED = Objects()
_DECODERS = tuple((strict, _NOTED.decoder(strict=strict)) for strict in (True, False))


def mend(text: str) -> tuple[object, list[str]]:
    """The value of a text with the faults that Telegram Desktop is known to write, and what was mended; None
    where it is no JSON even then."""
    counts: Counter[str] = Counter()

    def escaped(match: re.Match[str]) -> str:
        counts["a control character written as \\xHH, read as \\u00HH"] += 1
        return f"{match[1]}\\u00{match[2]}"

    def quoted(match: re.Match[str]) -> str:
        path = match[2].rstrip().removesuffix(",").rstrip()
        if path in _WORDS:
            return match[0]
        counts["a text without quotation marks, read to the end of its line"] += 1
        return f"{match[1]}{json.dumps(path, ensure_ascii=False)}{match[2][len(path) :]}"

    before = ""
    while before != text and "\\x" in text:  # neighbours share a character
        before, text = text, _HEX.sub(escaped, text)
    for each in dict.fromkeys((text, _UNQUOTED.sub(quoted, text))):
        for strict, decoder in _DECODERS:
            _NOTED.clear()
            try:
                value: object = decoder.decode(each)
            except (ValueError, RecursionError):
                continue  # the next way of reading it is tried; the caller says when none helps
            if not strict:
                counts["control characters within a text"] += 1
            used = [words for words in counts.elements() if each is not text or "quotation" not in words]
            return value, [*used, *_noted(_NOTED)]
    return None, []
