"""One decoder for every TL object that Telegram's apps store, driven by the schema.

Each layout is compiled once, when it is first met, and then once for each combination of flags that is seen
with it: what is then left to do for an object is a short list of steps, without a question per field.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import Any

from forensics.formats.tl import (
    FIXED,
    DamagedText,
    TlError,
    read_bool,
    read_bytes,
    read_string,
    vector_count,
    word,
)
from parsers.telegram_tl_schema import Constructor, Param, Schema
from parsers.telegram_tl_value import Value

# Deeper than any message nests (formatted text of a web page within a reply is about twenty).
MOST_NESTED = 64
# Hostile flags could make a plan each; more combinations than this are planned anew every time.
_MOST_PLANS = 2048

Read = Callable[[bytes, int, int], tuple[object, int]]  # data, offset, depth -> value, offset after it
Step = Callable[[bytes, int, Value, int], int]  # data, offset, what it goes into, depth -> offset after it
Layout = Callable[[bytes, int, int], tuple[Value, int]]


class BrokenObject(TlError):
    """An object that could not be read to its end; ``partial`` is what was read of it."""

    def __init__(self, error: TlError, partial: Value) -> None:
        ValueError.__init__(self, str(error))
        self.offset = error.offset
        self.constructor = error.constructor
        self.partial = partial


class Decoder:
    """Decodes by the schema's first layouts, or, with ``variant``, by those that other writers use."""

    def __init__(self, schema: Schema, variant: int = 0) -> None:
        self._schema = schema
        self._variant = variant
        self._layouts: dict[bytes, Layout] = {}
        # strings that were not valid UTF-8, since this was last emptied
        self.damaged: list[DamagedText] = []
        # whether an object with several known layouts was met since this was last set to False
        self.met_variants = False

    def read(self, data: bytes, at: int = 0, depth: int = 0) -> tuple[Value, int]:
        """The object at ``at`` and where it ends. Raises TlError, as BrokenObject once its constructor is
        known."""
        layout = self._layouts.get(data[at : at + 4])
        if layout is None:
            layout = self._layout(data, at)
        if depth > MOST_NESTED:
            raise TlError(f"objects nested deeper than {MOST_NESTED}", at)
        return layout(data, at + 4, depth + 1)

    def _layout(self, data: bytes, at: int) -> Layout:
        number = word(data, at)
        layouts = self._schema.layouts(number)
        if not layouts:
            raise TlError(f"constructor {number:#010x} is not known", at, number)
        constructor = layouts[min(self._variant, len(layouts) - 1)]
        layout = self._compiled(constructor)
        if len(layouts) > 1:
            layout = self._marked(layout)
        self._layouts[data[at : at + 4]] = layout
        return layout

    def _marked(self, layout: Layout) -> Layout:
        def read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
            self.met_variants = True
            return layout(data, at, depth)

        return read

    def _compiled(self, constructor: Constructor) -> Layout:
        wire = constructor.wire
        words = [place for place, each in enumerate(wire) if each.type == "#"]
        start = words[-1] + 1 if words else len(wire)
        if any(each.word is not None for each in wire[:start]):
            return _stepwise(constructor, [(each, self._step(each)) for each in wire])
        if wire and all(each.type in FIXED for each in wire) and not words:
            return _numbers_only(constructor)
        head = self._steps(wire[:start])
        if not words:
            return _plain(constructor, head)
        names = [wire[place].name for place in words]
        return _flagged(constructor, head, names, wire[start:], self._steps)

    def _steps(self, params: Sequence[Param]) -> tuple[Step, ...]:
        """The steps for these fields; neighbours of one size are read together."""
        steps: list[Step] = []
        run: list[Param] = []
        for each in params:
            if each.type in FIXED:
                run.append(each)
                continue
            if run:
                steps.append(_fixed(run))
                run = []
            steps.append(self._step(each))
        if run:
            steps.append(_fixed(run))
        return tuple(steps)

    def _step(self, param: Param) -> Step:
        if param.type in FIXED:
            return _fixed([param])
        if param.type == "string":
            return _string(param.name, self.damaged)
        if param.type in ("bytes", "Bool"):
            return _simple(param.name, _bytes if param.type == "bytes" else _bool)
        if param.item is not None:
            return _vector(param.name, param.item, self._item(param.item))
        return _object(param.name, self.read)

    def _item(self, kind: str) -> Read:
        if kind == "string":
            return lambda data, at, _depth: read_string(data, at, self.damaged)
        if kind in ("bytes", "Bool"):
            return _bytes if kind == "bytes" else _bool
        return self.read


def _bytes(data: bytes, at: int, _depth: int) -> tuple[object, int]:
    return read_bytes(data, at)


def _bool(data: bytes, at: int, _depth: int) -> tuple[object, int]:
    return read_bool(data, at)


def _plain(constructor: Constructor, steps: Sequence[Step]) -> Layout:
    """A layout without flags."""

    def read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
        value = Value()
        value.constructor = constructor
        try:
            for step in steps:
                at = step(data, at, value, depth)
        except TlError as error:
            raise BrokenObject(error, value) from error
        return value, at

    return read


def _numbers_only(constructor: Constructor) -> Layout:
    """A layout of fields of one size each, as a Peer is."""
    names, unpack, size = _packed(constructor.wire)

    def read(data: bytes, at: int, _depth: int) -> tuple[Value, int]:
        try:
            value = Value(zip(names, unpack(data, at), strict=True))
        except struct.error as error:
            value = Value()
            value.constructor = constructor
            raise BrokenObject(_short(names, size, data, at), value) from error
        value.constructor = constructor
        return value, at + size

    return read


def _flagged(
    constructor: Constructor,
    head: Sequence[Step],
    words: Sequence[str],
    rest: Sequence[Param],
    compile_steps: Callable[[Sequence[Param]], tuple[Step, ...]],
) -> Layout:
    """A layout whose flags words all come before what depends on them."""
    masks = [
        (name, sum({1 << each.bit for each in rest if each.word == name}), 32 * place)
        for place, name in enumerate(words)
    ]
    first, first_mask, _shift = masks[0]
    others = masks[1:]
    plans: dict[int, tuple[Step, ...]] = {}

    def plan(value: Value, key: int) -> tuple[Step, ...]:
        flags = {name: value.number(name) or 0 for name in words}
        present = [each for each in rest if each.word is None or flags[each.word] >> each.bit & 1]
        steps = compile_steps(present)
        if len(plans) < _MOST_PLANS:
            plans[key] = steps
        return steps

    def read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
        value = Value()
        value.constructor = constructor
        try:
            for step in head:
                at = step(data, at, value, depth)
            key: int = value[first] & first_mask  # type: ignore[operator]  # a "#" is an int
            for name, mask, shift in others:
                key |= (value[name] & mask) << shift  # type: ignore[operator]
            steps = plans.get(key)
            if steps is None:
                steps = plan(value, key)
            for step in steps:
                at = step(data, at, value, depth)
        except TlError as error:
            raise BrokenObject(error, value) from error
        return value, at

    return read


def _stepwise(constructor: Constructor, fields: Sequence[tuple[Param, Step]]) -> Layout:
    """A layout in which something depends on flags before the last flags word is read; few are like that."""

    def read(data: bytes, at: int, depth: int) -> tuple[Value, int]:
        value = Value()
        value.constructor = constructor
        try:
            for param, step in fields:
                if param.word is None or (value.number(param.word) or 0) >> param.bit & 1:
                    at = step(data, at, value, depth)
        except TlError as error:
            raise BrokenObject(error, value) from error
        return value, at

    return read


def _packed(params: Sequence[Param]) -> tuple[list[str], Callable[[bytes, int], tuple[Any, ...]], int]:
    """The names of fields of one size each, what unpacks them together, and how long they are."""
    layout = struct.Struct("<" + "".join(FIXED[each.type] for each in params))
    return [each.name for each in params], layout.unpack_from, layout.size


def _short(names: Sequence[str], size: int, data: bytes, at: int) -> TlError:
    return TlError(f"{size} bytes expected for {', '.join(names)}, {max(0, len(data) - at)} are there", at)


def _fixed(params: Sequence[Param]) -> Step:
    """Fields of one size each, read at once."""
    names, unpack, size = _packed(params)
    if len(names) == 1:
        name = names[0]

        def one(data: bytes, at: int, into: Value, _depth: int) -> int:
            try:
                into[name] = unpack(data, at)[0]
            except struct.error as error:
                raise _short(names, size, data, at) from error
            return at + size

        return one

    def many(data: bytes, at: int, into: Value, _depth: int) -> int:
        try:
            into.update(zip(names, unpack(data, at), strict=True))
        except struct.error as error:
            raise _short(names, size, data, at) from error
        return at + size

    return many


def _string(name: str, damaged: list[DamagedText]) -> Step:
    def step(data: bytes, at: int, into: Value, _depth: int) -> int:
        end = at + 1 + data[at] if at < len(data) else at
        following = end + (-(end - at) & 3)
        # the short way of read_string: a length of one byte, valid UTF-8
        if at < end < at + 255 and following <= len(data):
            try:
                into[name] = data[at + 1 : end].decode()
            except UnicodeDecodeError:
                into[name], following = read_string(data, at, damaged)
            return following
        into[name], at = read_string(data, at, damaged)
        return at

    return step


def _simple(name: str, read: Read) -> Step:
    def step(data: bytes, at: int, into: Value, depth: int) -> int:
        into[name], at = read(data, at, depth)
        return at

    return step


def _object(name: str, read: Layout) -> Step:
    def step(data: bytes, at: int, into: Value, depth: int) -> int:
        try:
            into[name], at = read(data, at, depth)
        except BrokenObject as error:
            into[name] = error.partial
            raise
        return at

    return step


def _vector(name: str, kind: str, read: Read) -> Step:
    if kind in FIXED:
        return _numbers(name, FIXED[kind])

    def step(data: bytes, at: int, into: Value, depth: int) -> int:
        count, at = vector_count(data, at, 4)
        items: list[object] = []
        into[name] = items
        try:
            for _ in range(count):
                item, at = read(data, at, depth)
                items.append(item)
        except BrokenObject as error:
            items.append(error.partial)
            raise
        return at

    return step


def _numbers(name: str, code: str) -> Step:
    size = struct.calcsize("<" + code)

    def step(data: bytes, at: int, into: Value, _depth: int) -> int:
        count, at = vector_count(data, at, size)
        into[name] = list(struct.unpack_from(f"<{count}{code}", data, at))
        return at + count * size

    return step
