"""Signal's Android backup (``signal-*.backup``): opened with its 30 digits, rebuilt into a private database.

Source: Signal reference 1. Beside the tables of the app the database has three of its own: where each row's
frame stands in the file, what the payloads are, and the values that name the account. Payloads are
decrypted, checked and hashed as they pass, and kept nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import BinaryIO

from forensics.errors import DamagedEvidence, SporenError
from forensics.formats import protobuf
from forensics.formats.protobuf import Field, ProtobufError
from forensics.formats.side_hash import SideHasher
from forensics.formats.sqlite import ReadProblem
from forensics.formats.sqlite_build import Builder, TableShape, Value
from forensics.parser import EncryptedForm, Opened
from parsers.signal_codes import LONG_TEXT
from parsers.signal_frames import Frame, FrameReader, Header, Payload, derive, read_header
from parsers.signal_keys import backup_passphrase
from parsers.signal_statements import (
    ATTACHMENT,
    AVATAR,
    END,
    KEY_VALUE,
    PREFERENCE,
    STATEMENT,
    STICKER,
    VERSION,
    Insert,
    announced,
    insert_of,
    is_left_out,
    is_shadow,
    statement_of,
    table_of,
)

OWN_PREFIX = "sporen_"
# Rows of these tables keep the place of their frame: the records made of them name it.
FRAMES = TableShape(name="sporen_frame", columns=("table_name", "row", "offset"), key=None)
PAYLOADS = TableShape(
    name="sporen_payload",
    columns=("kind", "row", "unique_id", "name", "length", "offset", "sha256", "is_right", "content"),
    key=None,
)
KEY_VALUES = TableShape(name="sporen_key_value", columns=("key", "value"), key=None)
_WITH_FRAMES = frozenset({"message", "mms", "sms", "call"})
_ATTACHMENTS = frozenset({"attachment", "part"})
# Of the key values only those that say whose backup it is (1.9); there are private keys among the others.
_ACCOUNT_VALUES = frozenset(
    {"account.aci", "account.pni", "account.e164", "account.username", "account.aci_identity_public_key"}
)
_KINDS = {ATTACHMENT: "attachment", AVATAR: "avatar", STICKER: "sticker"}
_MOST_NAMED = 50


class SignalBackupForm:
    """See ``forensics.parser.EncryptedForm``."""

    name = "signal-backup"

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """By its plain header: a length, and a message with IV and salt."""
        return _header(head) is not None

    def keys(self, material: bytes) -> list[bytes]:
        """The passphrase of 30 digits."""
        digits = backup_passphrase(material)
        return [] if digits is None else [digits]

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """See EncryptedForm: WrongKey when the first frame fails; later damage is told in the problems."""
        source.seek(0)
        header = _header(source.read(1 << 14))
        if header is None:
            raise DamagedEvidence("the header of the backup is damaged or cut off")
        keys = derive(key, header.salt)
        try:
            with SideHasher() as hasher, Builder(target, limit) as builder:
                reader = FrameReader(source, size, header, keys, announced, hasher=hasher)
                backup = _Backup(reader, builder)
                backup.read()
                builder.finish(backup.database_version)
        except (SporenError, OSError):
            target.seek(0)
            target.truncate()
            raise
        return Opened(kind="sqlite", details=backup.details(header), problems=backup.problems(), rebuilt=True)


def _header(head: bytes) -> Header | None:
    try:
        return read_header(head)
    except (ProtobufError, KeyError):
        return None


class _Backup:
    """Takes the frames one by one and fills the database."""

    def __init__(self, reader: FrameReader, builder: Builder) -> None:
        self._reader = reader
        self._builder = builder
        self._shapes: dict[str, TableShape] = {}
        self._next_row: Counter[str] = Counter()
        self._statements: dict[str, Insert | None] = {}
        self._takers: dict[int, Callable[[Frame, Field], None]] = {
            STATEMENT: self._statement,
            VERSION: self._version,
            KEY_VALUE: self._key_value,
            ATTACHMENT: self._payload,
            AVATAR: self._payload,
            STICKER: self._payload,
        }
        self._counts: Counter[str] = Counter()
        self._strange: list[str] = []
        self._has_end = False
        self._is_long_text = False  # whether the last attachment's row says that a long text follows
        self.database_version = 0
        for shape in (FRAMES, PAYLOADS, KEY_VALUES):
            builder.create(shape)

    def read(self) -> None:
        """Read up to the frame that ends the backup, or as far as it goes."""
        for frame in self._reader.frames():
            self._counts["frames"] += 1
            try:
                self._frame(frame)
            except ProtobufError as error:
                self._note(frame, f"cannot be understood: {error}")
            if self._has_end:
                break
        if self._has_end and self._reader.left:
            self._strange.append(
                f"{self._reader.left} bytes behind the frame that ends the backup were not read"
            )

    def _frame(self, frame: Frame) -> None:
        for each in protobuf.fields(frame.data):
            if each.number == END:
                self._has_end = True
            elif each.number in self._takers:
                self._takers[each.number](frame, each)
            elif each.number != PREFERENCE:
                self._note(frame, f"is of a kind that is not known ({each.number})")

    def _note(self, frame: Frame, what: str) -> None:
        self._counts["strange"] += 1
        if len(self._strange) < _MOST_NAMED:
            self._strange.append(f"the frame at byte {frame.offset} {what}")

    def _version(self, frame: Frame, content: Field) -> None:
        for each in protobuf.fields(content.content()):
            if each.number == 1:
                self.database_version = each.integer() & 0x7FFFFFFF

    def _statement(self, frame: Frame, content: Field) -> None:
        text, values = statement_of(content.content())
        if text not in self._statements:
            self._statements[text] = insert_of(text)
        insert = self._statements[text]
        if insert is not None:
            self._insert(frame, insert, values)
            return
        del self._statements[text]
        shape = table_of(text)
        if shape is not None:
            self._create(frame, shape)
        elif not is_left_out(text):
            self._note(frame, f"holds a statement that was not run: {text[:200]!r}")

    def _create(self, frame: Frame, shape: TableShape) -> None:
        if is_shadow(shape.name):
            return
        if shape.name.lower().startswith(OWN_PREFIX) or not self._builder.create(shape):
            self._note(frame, f"makes a table that cannot be made: {shape.name!r}")
            return
        self._shapes[shape.name] = shape

    def _insert(self, frame: Frame, insert: Insert, values: Sequence[Value]) -> None:
        shape = self._shapes.get(insert.table)
        if shape is None:
            if not is_shadow(insert.table):
                self._note(frame, f"fills a table that is not there: {insert.table!r}")
            return
        if not len(values) == insert.places == len(shape.columns):
            self._note(
                frame, f"has {len(values)} values for the {len(shape.columns)} columns of {insert.table}"
            )
            return
        self._counts["rows"] += 1
        self._builder.insert(shape, values, frame.offset)
        if insert.table in _ATTACHMENTS:
            self._is_long_text = LONG_TEXT in values
        if insert.table in _WITH_FRAMES:
            self._next_row[insert.table] += 1
            row = values[shape.key] if shape.key is not None else self._next_row[insert.table]
            self._builder.insert(FRAMES, (insert.table, row, frame.offset), frame.offset)

    def _key_value(self, frame: Frame, content: Field) -> None:
        parts = {each.number: each for each in protobuf.fields(content.content())}
        if 1 not in parts or (key := parts[1].text()) not in _ACCOUNT_VALUES:
            return
        value: Value = None
        if 7 in parts:
            value = parts[7].text()
        elif 2 in parts:
            value = parts[2].content()
        self._builder.insert(KEY_VALUES, (key, value), frame.offset)

    def _payload(self, frame: Frame, content: Field) -> None:
        parts = {each.number: each for each in protobuf.fields(content.content())}
        place = 3 if content.number == ATTACHMENT else 2
        if place not in parts:
            raise ProtobufError("a payload without a length")
        payload = self._reader.payload(parts[place].integer(), keep=self._is_long_text)
        kind = _KINDS[content.number]
        self._counts["payloads"] += 1
        if not payload.is_right:
            self._counts["wrong"] += 1
            self._note_payload(frame, kind, payload)
        row = parts[1].integer() if content.number != AVATAR and 1 in parts else None
        unique = parts[2].integer() if content.number == ATTACHMENT and 2 in parts else None
        name = parts[1].content().decode("utf-8", "replace") if content.number == AVATAR else None
        values = (
            *(kind, _stored(row), _stored(unique), name),
            *(payload.length, payload.offset, payload.sha256, int(payload.is_right), payload.content),
        )
        self._builder.insert(PAYLOADS, values, frame.offset)

    def _note_payload(self, frame: Frame, kind: str, payload: Payload) -> None:
        self._note(
            frame,
            f"announces {kind} data of {payload.length} bytes whose authentication code is wrong: "
            f"changed, damaged or badly written; the data at byte {payload.offset} were not read",
        )

    def problems(self) -> tuple[ReadProblem, ...]:
        """What could not be read, for the notices of the database."""
        lost = list(self._reader.damage)
        if not self._has_end and not lost:
            lost.append(
                f"cut off at byte {self._reader.position}: the frame that ends a backup is missing; "
                "everything before it was read"
            )
        found = [ReadProblem(kind="missing", text=text) for text in lost]
        for refused in self._builder.refused:
            place = f"the row of {refused.table} in the frame at byte {refused.mark}"
            text = f"{place} was not taken: {refused.reason}"
            found.append(ReadProblem(kind="row", text=text, table=refused.table))
        found += [ReadProblem(kind="row", text=text) for text in self._strange]
        more = self._counts["strange"] - len(self._strange)
        if more:
            found.append(ReadProblem(kind="row", text=f"{more} further frames were not used"))
        return tuple(found)

    def details(self, header: Header) -> dict[str, str | int | bool | None]:
        """For the log and the report."""
        return {
            "backup_version": header.version,
            "database_version": self.database_version,
            "frames": self._counts["frames"],
            "rows": self._counts["rows"],
            "payloads": self._counts["payloads"],
            "payloads_wrong": self._counts["wrong"],
            "has_end": self._has_end,
            "salt": header.salt.hex() or None,
        }


def _stored(value: int | None) -> int | None:
    """An unsigned id as SQLite stores it."""
    return None if value is None else protobuf.signed(value)


FORMS: Sequence[EncryptedForm] = (SignalBackupForm(),)
