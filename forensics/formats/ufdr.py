"""The report.xml of a UFDR package, read as a stream: metadata, files and decoded models.

Source: containers reference 2, from source (sepinf-inc/IPED: UfedXmlReader, UFEDXMLWrapper and its test
report). A report has gigabytes: nothing but the model that is being read is kept, and messages are given one
by one before their chat ends. Entities are refused, references to control characters replaced and counted.
"""

from __future__ import annotations

import base64
import binascii
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from forensics.errors import DamagedEvidence
from forensics.formats.source import CHUNK

NAMESPACE = b"http://pa.cellebrite.com/report/2.0"
PROTECTED = b"\x2d\x06\x52\x6d"
# all below U+0020 but 9, 10 and 13: by number in hex or decimal, or as they are
_CONTROL = re.compile(
    rb"&#(?:x0*(?:[0-8bcef]|1[0-9a-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));|[\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.IGNORECASE,
)
_LONGEST_REFERENCE = 32
_REPLACEMENT = "\ufffd".encode()
_LONGEST_TEXT = 64 << 20
_MOST_DEPTH = 500
_FIELDS = frozenset(("field", "multiField", "modelField", "multiModelField", "nodeField", "dataField"))
_TEXTS = frozenset(("value", "item", "timestamp"))


@dataclass(slots=True)
class Value:
    """A value with the format that the report gives it (TimeStampKnown, DateTimeOnly, Base64String ...)."""

    text: str
    format: str


@dataclass(slots=True)
class Model:
    """A decoded model; ``offset`` is where it starts in the report."""

    type: str
    attributes: dict[str, str]
    offset: int
    fields: dict[str, list[Value]] = field(default_factory=dict)
    models: dict[str, list[Model]] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """The first value of a field; None where it is empty or not there."""
        found = self.fields.get(name)
        return found[0].text if found and found[0].text != "" else None

    def first(self, name: str) -> Model | None:
        """The first model of a field."""
        found = self.models.get(name)
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class File:
    """A tagged file: ``attributes`` with its path on the phone, ``items`` with its name in the package."""

    attributes: dict[str, str]
    items: dict[str, str]

    @property
    def local_path(self) -> str:
        """The name of its bytes in the package; empty where they were not exported."""
        return self.items.get("Local Path", "").replace("\\", "/")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the metadata of the whole report."""

    section: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A message of a chat, of which what stands before it in the report is known."""

    chat: Model
    model: Model


@dataclass(frozen=True, slots=True)
class Start:
    """The root of the report and its attributes, or where a part of it begins."""

    name: str
    attributes: dict[str, str]


Part = Start | Item | File | Entry | Model


def is_report(head: bytes) -> bool:
    """Whether a file begins as the report of a package does."""
    return NAMESPACE in head and b"<project" in head


class Report:
    """One reading of a report. ``replaced`` counts references to characters that XML does not have."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.replaced = 0
        # positions in what the parser got, and how far those are from the ones in the file
        self._shifts: list[tuple[int, int]] = [(0, 0)]
        self._stack: list[str] = []
        self._models: list[Model] = []
        self._names: list[str] = []
        self._pending: list[Part] = []
        self._text: list[str] | None = None
        self._length = 0
        self._format = ""
        self._section = ""
        self._item = ""
        self._file: File | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse
        self._parser.ExternalEntityRefHandler = self._refuse

    def parts(self) -> Iterator[Part]:
        """All parts in order; raises DamagedEvidence where the report is no XML any more."""
        try:
            for data in self._chunks():
                self._parser.Parse(data, False)
                yield from self._drained()
            self._parser.Parse(b"", True)
        # a LookupError or ValueError: an encoding that is none, or of several bytes
        except (expat.ExpatError, LookupError, ValueError) as error:
            yield from self._drained()
            raise DamagedEvidence(f"the report is damaged or cut off: {error}") from error
        yield from self._drained()

    def _drained(self) -> Iterator[Part]:
        pending, self._pending = self._pending, []
        yield from pending

    def _chunks(self) -> Iterator[bytes]:
        """The bytes of the report with references to control characters replaced."""
        kept, given = b"", 0
        while True:
            data = self._stream.read(CHUNK)
            block = kept + data
            # a reference may be cut in two
            cut = block.rfind(b"&", max(0, len(block) - _LONGEST_REFERENCE)) if data else -1
            kept = block[cut:] if cut >= 0 and b";" not in block[cut:] else b""
            block = block[: len(block) - len(kept)]
            pieces, last = [], 0
            for found in _CONTROL.finditer(block):
                pieces += [block[last : found.start()], _REPLACEMENT]
                given += found.start() - last + len(_REPLACEMENT)
                last = found.end()
                shift = self._shifts[-1][1] + len(found[0]) - len(_REPLACEMENT)
                self._shifts.append((given, shift))
                self.replaced += 1
            pieces.append(block[last:])
            given += len(block) - last
            yield b"".join(pieces)
            if not data:
                return

    def _offset(self) -> int:
        at = self._parser.CurrentByteIndex
        return at + self._shifts[bisect_right(self._shifts, (at, 1 << 62)) - 1][1]

    def _refuse(self, *_given: object) -> int:
        raise DamagedEvidence("the report declares entities, which no report does: it is not read further")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        parent = self._stack[-1] if self._stack else ""
        self._stack.append(name)
        if len(self._stack) > _MOST_DEPTH:
            raise DamagedEvidence(f"the report has more than {_MOST_DEPTH} elements in each other")
        if name in ("project", "extractionInfo", "taggedFiles", "decodedData", "modelType"):
            self._pending.append(Start(name, attributes))
        elif name == "model":
            model = Model(attributes.get("type", ""), attributes, self._offset())
            self._models.append(model)
        elif name in _FIELDS:
            self._names.append(attributes.get("name", ""))
        elif name == "file" and parent == "taggedFiles":
            self._file = File(attributes, {})
        elif name == "metadata":
            self._section = attributes.get("section", "")
        if name in _TEXTS:
            self._text, self._length = [], 0
            self._format = attributes.get("format", "")
            self._item = attributes.get("name", "")

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._length += len(text)
            if self._length > _LONGEST_TEXT:
                raise DamagedEvidence(f"the report has a text of more than {_LONGEST_TEXT} characters")
            self._text.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        self._stack.pop()
        if name in _TEXTS and self._text is not None:
            self._take("".join(self._text), name)
            self._text = None
        elif name == "model":
            self._model(self._models.pop())
        elif name in _FIELDS:
            self._names.pop()
        elif name == "file" and self._file is not None:
            self._pending.append(self._file)
            self._file = None

    def _take(self, text: str, element: str) -> None:
        if element == "value" and self._models and self._names:
            plain = _decoded(text) if self._format == "Base64String" else text
            self._models[-1].fields.setdefault(self._names[-1], []).append(Value(plain, self._format))
        elif element == "item" and self._file is not None:
            self._file.items.setdefault(self._item, text)
        elif element == "item" and not self._models:
            self._pending.append(Item(self._section, self._item, text))

    def _model(self, model: Model) -> None:
        if not self._models:
            self._pending.append(model)
            return
        parent, name = self._models[-1], self._names[-1] if self._names else ""
        if len(self._models) == 1 and parent.type == "Chat" and name == "Messages":
            self._pending.append(Entry(parent, model))
            return
        parent.models.setdefault(name, []).append(model)


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):  # ValueError: characters that are not ASCII
        return text
