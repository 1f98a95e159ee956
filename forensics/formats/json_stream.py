"""JSON texts of any size, a value at a time: the bytes of a stream are decoded as they are needed.

Each value is read by the standard library's decoder in C; only what stands around the values is walked
here, by whoever knows the document's form. Of two values under one key both are kept. Invalid UTF-8 stays
in the text as lone surrogates (PEP 383), so that its bytes are not lost.
"""

from __future__ import annotations

import bisect
import codecs
import json
import re
from collections.abc import Iterator
from typing import BinaryIO

# What is read at once, and the largest value that is held in memory, in characters.
_CHUNK, LARGEST_VALUE = 1 << 20, 256 << 20
# What is held after something that cannot be read: the library's error counts the lines from the start of the
# text that it is given, so that each further one costs as much as is held.
_AFTER_FAULT = 1 << 13
# Within an object that nests too deep for the library, those that nest too deep themselves are not tried one
# by one: each would be gone through to where the library gives up. So many are known at once.
_MOST_KNOWN = 100_000
# How deep that is depends on how deep the calls of the program are, which differs a little from one value to
# the next: an object that nests no deeper than so many levels more is tried.
_ROOM = 32
_TOO_DEEP = "values nested too deep"
_TOO_MANY_DIGITS = "a whole number of thousands of digits, which is not read"
# The longest that a token other than a string can be: an error that near to the end may be the end's.
_LONGEST_TOKEN = 32
_BETWEEN = re.compile(r"[ \t\r\n,]*")
_WHITE = re.compile(r"[ \t\r\n]*")
_SHOWN = 4096
_HALF = re.compile(r"\\u[dD][89A-Fa-f]")


def fault(error: ValueError | RecursionError) -> str:
    """What the standard library found wrong in a text, in words for whoever reads a report."""
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8"
    return str(error) if isinstance(error, json.JSONDecodeError) else _TOO_MANY_DIGITS


class JsonError(ValueError):
    """The text is no JSON at ``offset``, in bytes from its start."""

    def __init__(self, text: str, offset: int) -> None:
        super().__init__(f"{text} at offset {offset}")
        self.offset = offset


class Objects:
    """Makes the objects of a decoder; ``doubled`` are keys that stood twice in one object, ``constants`` the
    words NaN and Infinity, which JSON does not have and which become None."""

    def __init__(self) -> None:
        self.doubled: list[str] = []
        self.constants: list[str] = []

    def clear(self) -> None:
        """Forget what was noted: of another value, or of one that was not read to its end."""
        if self.doubled or self.constants:
            self.doubled.clear()
            self.constants.clear()

    def decoder(self, *, strict: bool = True) -> json.JSONDecoder:
        """A decoder; without ``strict`` control characters may stand in strings."""
        return json.JSONDecoder(object_pairs_hook=self._object, parse_constant=self._constant, strict=strict)

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        return value if len(value) == len(pairs) else self._with_doubles(pairs)

    def _with_doubles(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """The first value stands under its key, the next under ``key#2``, and so on."""
        value: dict[str, object] = {}
        counts: dict[str, int] = {}
        for key, each in pairs:
            counts[key] = counts.get(key, 0) + 1
            if counts[key] > 1:
                self.doubled.append(key)
            name = key if counts[key] == 1 else f"{key}#{counts[key]}"
            while name in value:
                name += "#"
            value[name] = each
        return value

    def _constant(self, word: str) -> None:
        self.constants.append(word)


class JsonStream:
    """A place in a JSON text that is read from a stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._bytes = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self.objects = Objects()
        self._decode = self.objects.decoder().raw_decode
        self._text, self._at, self._ended = "", 0, False
        # what was read already beyond ``_text``, from a place in it on
        self._later, self._later_at = "", 0
        # whether half a surrogate pair, or bytes that are not valid UTF-8, may stand in what was read so far
        self.is_odd = False
        # objects that cannot be read, by the offsets where they begin: what is wrong in them, where (known
        # from an object around them)
        self._unreadable: dict[int, tuple[str, int]] = {}
        # how many levels the library reads, once that was too few
        self._levels = 0
        # the byte offset of the character at ``_mark``
        self._mark, self._mark_offset = 0, 0
        self._fill()
        if self._text.startswith("\ufeff"):
            self._at = 1

    @property
    def offset(self) -> int:
        """Where this is, in bytes from the start."""
        passed = self._text[self._mark : self._at]
        self._mark_offset += (
            len(passed) if passed.isascii() else len(passed.encode("utf-8", "surrogateescape"))
        )
        self._mark = self._at
        return self._mark_offset

    def _fill(self) -> bool:
        """Read on, as much again as is held; whether there was more."""
        if self._ended and not self._later:
            return False
        self._mark_offset, self._mark = self.offset, self._at
        rest = self._text[self._at :]
        read = self._from_later(max(_CHUNK, len(rest)))
        if not read:
            data = self._stream.read(max(_CHUNK, len(rest)))
            self._ended = not data
            read = self._bytes.decode(data, not data)
            self.is_odd = self.is_odd or _is_odd(rest[-8:] + read)
        self._text, self._at, self._mark = rest + read, 0, 0
        return bool(read) or not self._ended

    def _from_later(self, size: int) -> str:
        read = self._later[self._later_at : self._later_at + size]
        self._later_at += len(read)
        if self._later_at >= len(self._later):
            self._later, self._later_at = "", 0
        return read

    def _hold_less(self) -> None:
        """Hold little more than what follows; the rest is taken up again by ``_fill``, and not copied."""
        end = self._at + _AFTER_FAULT
        if max(self._at, len(self._text) - end) <= _AFTER_FAULT:
            return
        self._mark_offset, self._mark = self.offset, 0
        beyond = max(len(self._text) - end, 0)
        if self._later:  # the text was taken from there
            self._later_at -= beyond
        elif beyond:
            self._later, self._later_at = self._text, end
        self._text, self._at = self._text[self._at : end], 0

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            match = _WHITE.match(self._text, self._at)
            self._at = match.end() if match is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def take(self) -> str:
        """That character, passed over."""
        found = self.peek()
        self._at += len(found)
        return found

    def key(self) -> str:
        """The key that stands here, with the colon after it."""
        start, found = self.peek(), self.value()
        if start != '"' or not isinstance(found, str) or self.take() != ":":
            raise JsonError("a key was expected", self.offset)
        return found

    def value(self) -> object:
        """The value that stands here; the place stays where it was when that raises JsonError."""
        self.peek()
        if self._unreadable and self.offset in self._unreadable:
            raise JsonError(*self._unreadable[self.offset])
        while True:
            self.objects.clear()
            try:
                found, end = self._decode(self._text, self._at)
            except json.JSONDecodeError as error:
                length, is_held = error.pos - self._at, len(self._text) - self._at < LARGEST_VALUE
                if self._may_be_cut(error) and is_held and self._fill():
                    continue
                problem = error.msg.removesuffix(" at"), self._offset_of(self._at + length)
                if is_held:
                    self._know(self._open_at(self._at + length), problem)
                raise JsonError(*problem) from error
            except RecursionError as error:
                self._know(self._too_deep(), None)
                raise JsonError(_TOO_DEEP, self.offset) from error
            except ValueError as error:  # the language's own limit
                raise JsonError(_TOO_MANY_DIGITS, self.offset) from error
            if end == len(self._text) and not isinstance(found, str | dict | list) and self._fill():
                continue  # a number may go on
            self._at = end
            return found

    def elements(self, other: re.Pattern[str]) -> Iterator[tuple[int, object]]:
        """The objects of an array from here on, each with its offset, until something else stands there, one
        that begins like ``other``, or one that cannot be read; what that is, ``peek`` and ``value`` tell."""
        while True:
            between = _BETWEEN.match(self._text, self._at)
            at = between.end() if between is not None else self._at
            if not self._text.startswith("{", at) or other.match(self._text, at) is not None:
                self._at = at
                return
            self.objects.clear()
            if self._unreadable:
                self._at = at
                if self.offset in self._unreadable:
                    return
            try:
                found, end = self._decode(self._text, at)
            except (ValueError, RecursionError):
                self._at = at
                return
            self._at = at
            offset = self.offset
            self._at = end
            yield offset, found

    def _know(self, places: list[int], problem: tuple[str, int] | None) -> None:
        """Know of the objects at these places in the text what is wrong in them; None: they nest too deep."""
        if len(self._unreadable) > _MOST_KNOWN:
            self._unreadable.clear()
        offset, before = self.offset, self._at
        for place in places:
            offset += len(self._text[before:place].encode("utf-8", "surrogateescape"))
            before = place
            self._unreadable[offset] = problem or (_TOO_DEEP, offset)

    def _open_at(self, place: int) -> list[int]:
        """The objects within the one that begins here that are open at a place: what is wrong there is wrong
        in each of them."""
        places: list[int] = []
        for match in _TOKENS.finditer(self._text, self._at, place):
            if match[0] in "{[":
                places.append(match.start())
            elif match[0] in "}]" and places:
                places.pop()
        return places[1:]

    def _too_deep(self) -> list[int]:
        """Objects within the one that begins here that nest too deep as well. Twice as much is looked at as
        the library went through, so that what it costs to be wrong here is no more than what is learnt."""
        most = self._most_levels()
        while True:
            deep, length = self._deeper_than(most)
            seen = len(self._text) - self._at
            if not length or len(deep) == _MOST_KNOWN or seen >= min(2 * length, LARGEST_VALUE):
                return deep
            if not self._fill():
                return deep

    def _deeper_than(self, most: int) -> tuple[list[int], int]:
        """Objects and arrays from here to where the first ends, as far as it is held, that have more levels
        than ``most``; after how many characters the first of them was known, 0 where all are."""
        places: list[int] = []
        deep: set[int] = set()
        length = 0
        for match in _TOKENS.finditer(self._text, self._at):
            if match[0] in "{[":
                places.append(match.start())
                if len(places) > most:
                    length = length or match.end() - self._at
                    deep.add(places[-1 - most])
            elif match[0] in "}]" and places:
                places.pop()
            if not places:
                return sorted(deep), 0
            if len(deep) == _MOST_KNOWN:
                break
        return sorted(deep), length or len(self._text) - self._at

    def _most_levels(self) -> int:
        """More levels than the library reads, wherever in the program it is called."""
        if not self._levels:
            high = 64
            while high < _MOST_KNOWN and self._reads(high):
                high *= 2
            levels = range(high // 2, high)
            place = bisect.bisect_left(levels, True, key=lambda each: not self._reads(each))
            self._levels = high // 2 + place
        return self._levels + _ROOM

    def _reads(self, levels: int) -> bool:
        """Whether the library reads so many levels when it is called from here."""
        try:
            self._decode("[" * levels + "]" * levels, 0)
        except RecursionError:
            return False
        return True

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """Whether an error may be there only because the text was not read on."""
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _LONGEST_TOKEN

    def _offset_of(self, place: int) -> int:
        return self.offset + len(self._text[self._at : place].encode("utf-8", "surrogateescape"))

    def stands(self, pattern: re.Pattern[str]) -> bool:
        """Whether what follows begins like that, as far as it is held."""
        self.peek()
        return pattern.match(self._text, self._at) is not None

    def broken(self, boundary: re.Pattern[str]) -> tuple[str, bool]:
        """The text from here to where the next thing begins, of which ``boundary`` is the start, or to the
        end; passed over. False where it was too large to be held: then only its beginning is given."""
        beginning, start = "", 1
        while True:
            match = boundary.search(self._text, self._at + start)
            start = max(start, len(self._text) - self._at - _SHOWN)
            if match is None and len(self._text) - self._at >= LARGEST_VALUE:
                beginning = beginning or self._text[self._at : self._at + _SHOWN]
                self._at, start = len(self._text) - _SHOWN, 0
            if match is not None or not self._fill():
                end = match.start() if match is not None else len(self._text)
                found = beginning or self._text[self._at : end]
                self._at = end
                self._hold_less()
                return found, not beginning

    def back(self, text: str) -> None:
        """Put the end of what was passed over back, to be read next."""
        before = self.offset - len(text.encode("utf-8", "surrogateescape"))
        self._text, self._at, self._mark, self._mark_offset = text + self._text[self._at :], 0, 0, before


def _is_odd(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return "\\u" in text and _HALF.search(text) is not None


def balanced(text: str) -> int | None:
    """Where the object or array that ``text`` begins with ends; None where it does not."""
    depth = 0
    for match in _TOKENS.finditer(text):
        token = match[0]
        if token in "{[":
            depth += 1
        elif token in "}]":
            depth -= 1
            if depth == 0:
                return match.end()
    return None


# A string ends at its line's end where its quotation mark is missing.
_TOKENS = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[{}\[\]]')
