"""Signal's new backups (``SignalBackups/.../main``, and remote ones) as an encrypted form.

Source: Signal reference 0 and 2. Such a file has no mark of its own (remote ones since 2025 have): it is
known by its name, its place and its noise, and its code decides. Every record becomes a row of a private
database, in a table that bears the name of its kind, numbered as it stands in the file.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO
from uuid import UUID

from forensics.errors import DamagedEvidence, SporenError
from forensics.formats import protobuf
from forensics.formats.protobuf import ProtobufError
from forensics.formats.sqlite import ReadProblem
from forensics.formats.sqlite_build import Builder, TableShape, Value
from forensics.parser import EncryptedForm, Opened
from parsers.signal_entropy_pool import (
    BACKUP_ID,
    BACKUP_KEY,
    backup_id,
    backup_key,
    local_backup_id,
    message_keys,
    remote_secrets,
    sealed_backup_id,
)
from parsers.signal_message_stream import (
    MAGIC,
    Record,
    StreamBroken,
    authenticate,
    records,
    start_of_stream,
)
from parsers.signal_parts import Parts
from parsers.sqlcipher_form import is_noise

_NAMED_SO = re.compile(r"(?:.*/)?signal-backup-[0-9-]+(?:-tmp)?/main|main|[^/]*\.binproto\.encrypted")


def _table(name: str, *columns: str) -> TableShape:
    return TableShape(name=name, columns=("_id", "offset", "data", *columns), key=0)


BACKUP_INFO = _table("backup_info")
CHAT_ITEM = _table("chat_item", "chat", "author", "sent")
# Frame (2.5): the field that is set says what the record is.
FRAMES = {
    1: _table("account"),
    2: _table("recipient"),
    3: _table("chat"),
    4: CHAT_ITEM,
    5: _table("sticker_pack"),
    6: _table("ad_hoc_call"),
    7: _table("notification_profile"),
    8: _table("chat_folder"),
}
OTHER_FRAME = _table("other_frame")
# When older versions of a message were sent: a quotation may name one of those times.
REVISION = TableShape(name="sporen_revision", columns=("chat_item", "sent"), key=None)
OWNER = TableShape(name="sporen_owner", columns=("aci",), key=None)
_CHAT_ITEM = 4
_MOST_TOLD = 10_000  # lost records that are told one by one: the bytes of a few are unpacked to millions


class SignalMessageBackupForm:
    """See ``forensics.parser.EncryptedForm``. A key is the backup key, the backup's id and its token."""

    name = "signal-message-backup"
    key_files = frozenset({"metadata"})

    def recognises(self, head: bytes, tail: bytes, name: str) -> bool:
        """By the mark of newer remote ones; else by name and place, with noise as content."""
        if head.startswith(MAGIC):
            return True
        return _NAMED_SO.fullmatch(name.replace("\\", "/")) is not None and is_noise(head)

    def keys(self, material: bytes) -> list[bytes]:
        """A file with the pool and the ACI, and the token of a newer remote backup, one a line."""
        secrets = remote_secrets(material)
        if secrets.pool is None or secrets.aci is None:
            return []
        return [_remote(secrets.pool, secrets.aci, secrets.token)]

    def joined_keys(self, sealed: bytes, secret: bytes) -> list[bytes]:
        """The pool with the backup's own ``metadata``, or with a file that holds the ACI."""
        secrets, other = remote_secrets(secret), remote_secrets(sealed)
        if secrets.pool is None or secrets.aci is not None:
            return []
        if other.pool is None and other.aci is not None:
            return [_remote(secrets.pool, other.aci, other.token)]
        key = backup_key(secrets.pool)
        identifier = local_backup_id(key, sealed)
        return [] if identifier is None else [key + identifier]

    def holds_key(self, data: bytes) -> bool:
        """Many programs call a file ``metadata``: only those of a snapshot hold a sealed id."""
        return sealed_backup_id(data) is not None

    def open(self, source: BinaryIO, size: int, key: bytes, target: BinaryIO, limit: int) -> Opened:
        """See EncryptedForm: WrongKey unless the code of the whole is right."""
        root, identifier = key[:BACKUP_KEY], key[BACKUP_KEY : BACKUP_KEY + BACKUP_ID]
        token = key[BACKUP_KEY + BACKUP_ID :]
        keys = message_keys(root, identifier, token)
        start = start_of_stream(source)
        authenticate(source, start, size, keys)
        try:
            with Builder(target, limit) as builder:
                backup = _Backup(builder, root, identifier)
                backup.read(records(source, start, size, keys))
                builder.finish(backup.version)
        except (SporenError, OSError):
            target.seek(0)
            target.truncate()
            raise
        details: dict[str, str | int | bool | None] = {
            "backup_version": backup.version,
            "has_token": bool(token),
            **backup.counts,
        }
        return Opened(kind="sqlite", details=details, problems=backup.problems(), rebuilt=True)


def _remote(pool: str, aci: bytes, token: bytes) -> bytes:
    key = backup_key(pool)
    return key + backup_id(key, aci) + token


class _Backup:
    """Takes the records one by one and fills the database."""

    def __init__(self, builder: Builder, root: bytes, identifier: bytes) -> None:
        self._builder = builder
        self._root, self._identifier = root, identifier
        self._tested: set[bytes] = set()
        self._lost: list[ReadProblem] = []
        self._untold: tuple[int, int, int] | None = (
            None  # how many further ones; of the first and last the number
        )
        self.counts: Counter[str] = Counter()
        self.version = 0
        for shape in (BACKUP_INFO, *FRAMES.values(), OTHER_FRAME, REVISION, OWNER):
            builder.create(shape)

    def read(self, found: Iterator[Record]) -> None:
        """Read to the end, or as far as it goes."""
        try:
            for number, record in enumerate(found):
                self._take(number, record)
        except StreamBroken as error:
            text = f"the backup cannot be read further: {error}; everything before it was read"
            self._lost.append(ReadProblem(kind="missing", text=text))

    def _take(self, number: int, record: Record) -> None:
        try:
            if number == 0:
                self._info(record)
            else:
                self._frame(number, record)
        except ProtobufError as error:
            if number == 0:
                raise DamagedEvidence(f"it opens, but its first record is damaged: {error}") from error
            self._lose(
                number,
                f"record {number} of the backup, at byte {record.offset}, cannot be understood: {error}",
            )
            self._insert(OTHER_FRAME, number, record.offset, record.data)

    def _lose(self, number: int, text: str) -> None:
        if len(self._lost) < _MOST_TOLD:
            self._lost.append(ReadProblem(kind="row", text=text))
            return
        count, first, _ = self._untold or (0, number, number)
        self._untold = count + 1, first, number

    def _info(self, record: Record) -> None:
        self.version = (Parts(record.data).integer(1) or 0) & 0x7FFFFFFF
        self._insert(BACKUP_INFO, 0, record.offset, record.data)

    def _frame(self, number: int, record: Record) -> None:
        fields = protobuf.fields(record.data)
        kind = next((each.number for each in fields if each.number in FRAMES), None)
        if kind is None or len(fields) > 1:
            what = ", ".join(str(each.number) for each in fields) or "none"
            self._lose(
                number, f"record {number} of the backup is of a kind that is not known (fields: {what})"
            )
            self._insert(OTHER_FRAME, number, record.offset, record.data)
        if kind is None:
            return
        data = next(each for each in fields if each.number == kind).content()
        self._insert(FRAMES[kind], number, record.offset, data, *self._columns(kind, number, record, data))

    def _columns(self, kind: int, number: int, record: Record, data: bytes) -> Sequence[Value]:
        """What of a message is needed before all are read; the owner's ACI where a group names it."""
        try:
            parts = Parts(data)
            if kind == _CHAT_ITEM:
                for revision in parts.all(6):
                    self._builder.insert(REVISION, (number, revision.integer(3)), record.offset)
                return parts.integer(1), parts.integer(2), parts.integer(3)
            for member in parts.part(3).part(5).all(7) if kind == 2 else ():
                self._test_owner(member.content(1) or b"", record.offset)
        except ProtobufError:
            # the row is there, and its reader says what is the matter with it
            return (None,) * (len(FRAMES[kind].columns) - 3)
        return ()

    def _test_owner(self, aci: bytes, offset: int) -> None:
        """Whether an ACI is the owner's: the id of the backup follows from it, and from no other."""
        if len(aci) != 16 or aci in self._tested:
            return
        self._tested.add(aci)
        if backup_id(self._root, aci) == self._identifier:
            self._builder.insert(OWNER, (str(UUID(bytes=aci)),), offset)

    def _insert(self, shape: TableShape, number: int, offset: int, data: bytes, *columns: Value) -> None:
        self.counts[shape.name] += 1
        self._builder.insert(shape, (number, offset, data, *columns), offset)

    def problems(self) -> tuple[ReadProblem, ...]:
        """What could not be read, for the notices of the database."""
        refused = [
            ReadProblem(kind="row", text=f"the record at byte {each.mark} was not taken: {each.reason}")
            for each in self._builder.refused
        ]
        return (*self._lost, *self._further(), *refused)

    def _further(self) -> Iterator[ReadProblem]:
        """The lost records that are not told one by one."""
        if self._untold:
            count, first, last = self._untold
            text = (
                "records of the backup that cannot be understood or are of no known kind,"
                f" besides those named: {count}, number {first} to {last}"
            )
            yield ReadProblem(kind="row", text=text)


FORM = SignalMessageBackupForm()
FORMS: Sequence[EncryptedForm] = (FORM,)
