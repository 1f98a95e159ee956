"""TL objects as Telegram for Android stores them: what it appends, and what it writes in its own way.

Source: Telegram reference 3.1 (wire variants), 4 (attach path, fwd_msg_id), 2.7 (custom_params): the client
DrKLO/Telegram, TLRPC.Message and MessageCustomParamsHelper. A blob is read to its last byte, or it is said
what is left and where reading stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from forensics.formats.tl import DamagedText, TlError, read_bool, read_string, word
from parsers.telegram_tl import BrokenObject, Decoder
from parsers.telegram_tl_schema import Schema
from parsers.telegram_tl_value import Value

# The most layouts that one id has in the schema.
_VARIANTS = 3
_FORWARDED = 1 << 2
_PLACEHOLDERS = frozenset({"messageService", "messageEmpty"})
_CUSTOM_PARAMS_VERSION = 1
# The attach path of a message without one, as it is written.
_NO_PATH = b"\x01 \0\0"
_NO_PARAMS: Mapping[str, str] = MappingProxyType({})


class Blob(NamedTuple):
    """An object, its end, what is wrong (``problem`` in words, at ``offset``); ``value`` may be partial."""

    value: Value | None
    end: int
    problem: str | None = None
    offset: int | None = None
    damaged: tuple[DamagedText, ...] = ()
    # the id that is not known, where that is what is wrong
    constructor: int | None = None
    is_cut: bool = False


class MessageBlob(NamedTuple):
    """A stored message: the object and the tail that never crosses the network."""

    value: Value
    attach_path: str | None = None
    params: Mapping[str, str] = _NO_PARAMS
    problem: str | None = None
    offset: int | None = None
    damaged: tuple[DamagedText, ...] = ()
    constructor: int | None = None
    # whether reading stopped within the object, so that its last fields are missing
    is_cut: bool = False


class BlobReader:
    """Reads the blobs of one database."""

    def __init__(self, schema: Schema) -> None:
        self._decoders = [Decoder(schema, variant) for variant in range(_VARIANTS)]
        self._main = self._decoders[0]

    def whole(self, data: bytes) -> Blob:
        """An object that is all there is; a second layout of an id counts where the first leaves a rest."""
        self._main.met_variants = False
        first = _whole(self._main, data)
        if first.problem is None or not self._main.met_variants:
            return first
        others = (_whole(decoder, data) for decoder in self._decoders[1:])
        return next((blob for blob in others if blob.problem is None), first)

    def message(self, data: bytes) -> MessageBlob | Blob:
        """A message with its tail; a Blob where not even its constructor is known."""
        main = self._main
        main.met_variants = False
        found = _message(main, data)
        if found.problem is None or not main.met_variants:
            return found
        others = (_message(decoder, data) for decoder in self._decoders[1:])
        return next((blob for blob in others if blob.problem is None), found)

    def part(self, data: bytes, at: int, damaged: list[DamagedText]) -> tuple[Value, int]:
        """The object at ``at`` of something larger; raises TlError. Adds what is not valid UTF-8 to
        ``damaged``."""
        try:
            return self._main.read(data, at)
        finally:
            damaged.extend(_take(self._main))


def _take(decoder: Decoder) -> tuple[DamagedText, ...]:
    damaged = tuple(decoder.damaged)
    decoder.damaged.clear()
    return damaged


def _whole(decoder: Decoder, data: bytes) -> Blob:
    try:
        value, end = decoder.read(data)
    except BrokenObject as error:
        return Blob(error.partial, error.offset, str(error), error.offset, _take(decoder), error.constructor)
    except TlError as error:
        return Blob(None, 0, str(error), error.offset, _take(decoder), error.constructor)
    damaged = _take(decoder) if decoder.damaged else ()
    if end != len(data):
        return Blob(value, end, _rest(value, data, end), end, damaged)
    return Blob(value, end, None, None, damaged)


def _rest(value: Value, data: bytes, end: int) -> str:
    constructor = value.constructor
    return (
        f"{len(data) - end} bytes are left at offset {end}, after {constructor.name} {constructor.id:#010x}"
    )


def _message(decoder: Decoder, data: bytes) -> MessageBlob | Blob:
    try:
        value, at = decoder.read(data)
    except BrokenObject as error:
        stop = error.offset, _take(decoder), error.constructor
        return MessageBlob(error.partial, None, _NO_PARAMS, str(error), *stop, is_cut=True)
    except TlError as error:
        return Blob(None, 0, str(error), error.offset, _take(decoder), error.constructor)
    if at + 4 == len(data) and data.endswith(_NO_PATH) and not decoder.damaged:
        return MessageBlob(value)
    path: str | None = None
    try:
        if at < len(data) and value.name not in _PLACEHOLDERS:
            path, at = read_string(data, at, decoder.damaged)
            if at + 4 == len(data) and _has_forward_number(value):
                at += 4
    except TlError as error:
        return MessageBlob(value, None, _NO_PARAMS, str(error), error.offset, _take(decoder))
    damaged = _take(decoder) if decoder.damaged else ()
    problem = _rest(value, data, at) if at != len(data) else None
    offset = None if problem is None else at
    if path is None or path in {"", " "}:
        return MessageBlob(value, None, _NO_PARAMS, problem, offset, damaged)
    stored, params = split_attach_path(path)
    return MessageBlob(value, stored, params, problem, offset, damaged)


def _has_forward_number(value: Value) -> bool:
    """Local copies of forwarded messages carry the number of the message they were made of."""
    return bool((value.number("flags") or 0) & _FORWARDED) and (value.number("id") or 0) < 0


def split_attach_path(text: str) -> tuple[str | None, dict[str, str]]:
    """The path and the client's parameters of ``||key|=|value||path``; a lone space is no path."""
    if not text.startswith("||"):
        return text.strip() or None, {}
    *pairs, path = text.split("||")
    parameters = dict(_pair(each) for each in pairs if each)
    return path.strip() or None, parameters


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("|=|")
    return key, value


@dataclass(frozen=True, slots=True)
class CustomParams:
    """What the client adds to a message on the device; ``problem`` where it was not read to its end."""

    transcription: str | None = None
    original_language: str | None = None
    translated_to: str | None = None
    translation: str | None = None
    problem: str | None = None


def read_custom_params(reader: BlobReader, data: bytes) -> CustomParams:
    """The column ``custom_params``, version 1."""
    found: dict[str, str] = {}
    problem: str | None = None
    try:
        problem = _custom_params(reader, data, found)
    except TlError as error:
        problem = str(error)
    return CustomParams(
        found.get("transcription"),
        found.get("original_language"),
        found.get("translated_to"),
        found.get("translation"),
        problem,
    )


def _custom_params(reader: BlobReader, data: bytes, found: dict[str, str]) -> str | None:
    version = word(data, 0)
    if version != _CUSTOM_PARAMS_VERSION:
        return f"custom_params of version {version}, which is not known"
    flags, at = word(data, 4), 8
    damaged: list[DamagedText] = []
    if flags & 1:
        found["transcription"], at = read_string(data, at, damaged)
    for _ in ("transcription open", "final", "rated"):
        _value, at = read_bool(data, at)
    at = _past_long(data, at)  # the transcription's id
    _played, at = read_bool(data, at)
    for bit, name in ((2, "original_language"), (3, "translated_to")):
        if flags >> bit & 1:
            found[name], at = read_string(data, at, damaged)
    if flags >> 4 & 1:
        text, at = reader.part(data, at, damaged)
        found["translation"] = text.text("text") or ""
    if flags >> 5 & 1:
        return f"a translated poll at offset {at} is not read: its layout is private to the client"
    for bit in (6, 7):  # prices of a suggested post in stars
        if flags >> bit & 1:
            at = _past_long(data, at)
    if damaged:
        return f"text at offset {damaged[0].offset} is not valid UTF-8"
    return None if at == len(data) else f"{len(data) - at} bytes are left at offset {at}"


def _past_long(data: bytes, at: int) -> int:
    """Where a number of eight bytes ends; raises TlError where it is cut off."""
    word(data, at)
    word(data, at + 4)
    return at + 8
