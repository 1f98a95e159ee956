"""What the members of an item are, by their content: databases, documents, encrypted forms, keys, containers.

Knows no app: parsers say which database is theirs, which small files belong to it and how their forms open.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from forensics.errors import EvidenceUnreadable, UnknownKind, WrongKey
from forensics.evidence import COMPANIONS, STEP_INTO, Evidence, Limits, Member, nested, sha256_stream
from forensics.formats.sqlite import Database
from forensics.items import Companion, Found, FoundDocument, Item
from forensics.key_ring import LARGEST_KEY_FILE, KeyFile, KeyRing, Sealed, Unlocked
from forensics.parser import DocumentParser, EncryptedForm, Parser, SideFile

_HEAD, _TAIL = 4096, 64
_SQLITE = b"SQLite format 3\x00"
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_LARGEST_SIDE_FILE = 4 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What looking needs: ``keep`` closes what it is given when the intake ends."""

    parsers: Sequence[Parser]
    document_parsers: Sequence[DocumentParser]
    ring: KeyRing
    folder: Path
    limits: Limits
    keep: Callable[[AbstractContextManager[Any]], object]

    def copy_folder(self) -> Path:
        """A fresh private folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def forms(self) -> Iterator[EncryptedForm]:
        """Every encrypted form that a parser declares."""
        for parser in self.parsers:
            yield from parser.forms

    def wants(self, path: str) -> bool:
        """Whether a small file at that path belongs to an installation."""
        return any(parser.wants(path) for parser in self.parsers)

    def recognise(self, database: Database) -> tuple[Parser, str] | None:
        """The parser that knows this database, and as what."""
        for parser in self.parsers:
            role = parser.role(database)
            if role is not None:
                return parser, role
        return None

    def recognise_document(self, head: bytes, path: str) -> DocumentParser | None:
        """The document parser that knows this file by its first bytes."""
        return next((each for each in self.document_parsers if each.recognises(head, path)), None)


@dataclass(slots=True)
class _Sorted:
    """The members of one container by what they are."""

    databases: list[Member] = field(default_factory=list)
    blank: list[Member] = field(default_factory=list)
    containers: list[Member] = field(default_factory=list)
    companions: dict[str, Member] = field(default_factory=dict)


class Look:
    """Looks through an item: first what its members are, then into what was recognised.

    Encrypted files are opened at the end, when every key that lies in the item is known.
    """

    def __init__(self, tools: Tools, item: Item) -> None:
        self._tools = tools
        self._item = item
        self._encrypted: list[tuple[Evidence, Member, EncryptedForm]] = []

    def into(self, evidence: Evidence) -> None:
        """Look at every member, and into the containers among them; then name what cannot be read."""
        sorted_members = _Sorted()
        for member in evidence.members():
            self._sort(evidence, member, sorted_members)
        for member in sorted_members.blank:
            # the first page is zeros, or is nothing, while a log may hold what it should say
            if f"{member.path}-wal" in sorted_members.companions:
                sorted_members.databases.append(member)
            else:
                self._file(evidence, member, b"")
        for member in sorted_members.databases:
            self._database(evidence, member, sorted_members.companions)
        for member in sorted_members.containers:
            self._container(evidence, member)
        for problem in evidence.problems:
            self._item.problem(problem)

    def open_encrypted(self) -> None:
        """Offer every key to every encrypted file."""
        for evidence, member, form in self._encrypted:
            self._unlock(evidence, member, form)

    def _sort(self, evidence: Evidence, member: Member, into: _Sorted) -> None:
        if member.path.endswith(COMPANIONS):
            into.companions[member.path] = member
            return
        head, tail = self._ends(evidence, member)
        if head.startswith(_SQLITE):
            into.databases.append(member)
        elif not head.strip(b"\x00"):
            into.blank.append(member)
        elif (form := self._form(head, tail, member.path)) is not None:
            self._encrypted.append((evidence, member, form))
            self._item.encrypted_paths.add(member.path)
        elif member.path.lower().endswith(_ARCHIVES) and evidence.kind != "file":
            into.containers.append(member)
        else:
            self._file(evidence, member, head)

    def _ends(self, evidence: Evidence, member: Member) -> tuple[bytes, bytes]:
        """The first and last bytes; empty when the member cannot be read, which the evidence notes."""
        try:
            with evidence.open(member) as stream:
                head = stream.read(_HEAD)
                if member.size <= _HEAD:
                    return head, head[-_TAIL:]
                if evidence.kind not in {"file", "folder"} and ".crypt" not in member.path:
                    return head, b""  # a packed member would be unpacked for its last bytes
                stream.seek(member.size - _TAIL)
                return head, stream.read(_TAIL)
        except EvidenceUnreadable:
            return b"", b""

    def _form(self, head: bytes, tail: bytes, path: str) -> EncryptedForm | None:
        return next((form for form in self._tools.forms() if form.recognises(head, tail, path)), None)

    def _file(self, evidence: Evidence, member: Member, head: bytes) -> None:
        name = member.path.rpartition("/")[2]
        if evidence.kind == "file":
            self._item.head = head
        if member.size <= _LARGEST_SIDE_FILE and self._tools.wants(member.path):
            data = self._bytes(evidence, member, head)
            if data is not None:
                self._item.side_files.append(SideFile(path=member.path, data=data))
                head = b""  # it is claimed
        elif "key" in name.lower() and member.size <= LARGEST_KEY_FILE:
            data = self._bytes(evidence, member, head)
            if data and any(form.keys(data) for form in self._tools.forms()):
                self._tools.ring.add(KeyFile(name=member.path, material=data, found_in_evidence=True))
                head = b""  # a key is nothing else
        if head and (parser := self._tools.recognise_document(head, member.path)) is not None:
            self._document(evidence, member, parser, head)
        self._item.files.setdefault(name, []).append((evidence, member))

    def _document(self, evidence: Evidence, member: Member, parser: DocumentParser, head: bytes) -> None:
        try:
            digest = evidence.member_sha256(member)
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return
        self._item.documents.append(
            FoundDocument(
                parser=parser,
                schema=parser.schema(head),
                path=member.path,
                size=member.size,
                sha256=digest,
                open=lambda: evidence.open(member),
            )
        )

    def _bytes(self, evidence: Evidence, member: Member, head: bytes) -> bytes | None:
        if member.size <= len(head):
            return head
        try:
            with evidence.open(member) as stream:
                return stream.read(_LARGEST_SIDE_FILE)
        except EvidenceUnreadable:
            return None  # opening or reading has put it among the evidence's problems

    def _database(self, evidence: Evidence, member: Member, companions: dict[str, Member]) -> None:
        try:
            database = self._open(evidence, member, companions)
        except (EvidenceUnreadable, UnknownKind) as error:
            self._item.trouble(member.path, error)
            return
        known = self._tools.recognise(database)
        if known is None:
            database.close()
            return
        self._tools.keep(database)
        try:
            digest = evidence.member_sha256(member)
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return
        self._item.found.append(
            Found(
                parser=known[0],
                role=known[1],
                database=database,
                path=member.path,
                size=member.size,
                sha256=digest,
                companions=tuple(_companions(evidence, member, companions, database)),
                streams={
                    suffix: partial(evidence.open, each)
                    for suffix in ("", "-wal", "-journal")
                    if (each := {**companions, member.path: member}.get(member.path + suffix)) is not None
                },
            )
        )

    def _open(self, evidence: Evidence, member: Member, companions: dict[str, Member]) -> Database:
        with ExitStack() as streams:
            beside = {
                suffix: streams.enter_context(evidence.open(companions[member.path + suffix]))
                for suffix in ("-wal", "-journal")
                if member.path + suffix in companions
            }
            return Database.open(
                streams.enter_context(evidence.open(member)),
                wal=beside.get("-wal"),
                journal=beside.get("-journal"),
                work=self._tools.copy_folder(),
                name=member.path,
            )

    def _unlock(self, evidence: Evidence, member: Member, form: EncryptedForm) -> None:
        target = self._tools.copy_folder() / "decrypted"
        try:
            sealed = Sealed(
                path=member.path,
                form=form,
                open=lambda: evidence.open(member),
                size=member.size,
                target=target,
                limit=self._tools.limits.member_bytes,
            )
            unlocked = self._tools.ring.unlock(sealed)
        except (WrongKey, EvidenceUnreadable) as error:
            self._item.trouble(member.path, error)
            return
        if unlocked.opened.kind != "sqlite":
            text = f"{member.path}: opened, but its content ({unlocked.opened.kind}) is of no kind read here"
            self._item.trouble(member.path, UnknownKind(text))
            target.unlink()
            return
        self._decrypted(member, target, unlocked)

    def _decrypted(self, member: Member, target: Path, unlocked: Unlocked) -> None:
        path = f"{member.path}{STEP_INTO}{_inner_name(member.path)}"
        size = target.stat().st_size
        try:
            with target.open("rb") as stream:
                digest = sha256_stream(stream)
                stream.seek(0)
                database = Database.open(stream, work=self._tools.copy_folder(), name=path)
        except EvidenceUnreadable as error:
            self._item.trouble(path, error)
            target.unlink()
            return
        self._tools.keep(database)
        known = self._tools.recognise(database)
        if known is None:
            target.unlink()
            self._item.trouble(path, UnknownKind(f"{path}: opened, but no parser knows this database"))
            return
        self._item.found.append(
            Found(
                parser=known[0],
                role=known[1],
                database=database,
                path=path,
                size=size,
                sha256=digest,
                unlocked=unlocked,
                streams={"": lambda: target.open("rb")},
            )
        )

    def _container(self, evidence: Evidence, member: Member) -> None:
        try:
            inner = nested(evidence, member)
        except UnknownKind:
            self._file(evidence, member, b"")  # named like an archive, and none
            return
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return
        self._tools.keep(inner)
        self._item.containers.append(inner)
        self.into(inner)


def _companions(
    evidence: Evidence, member: Member, companions: dict[str, Member], database: Database
) -> Iterator[Companion]:
    for suffix in COMPANIONS:
        beside = companions.get(member.path + suffix)
        if beside is None:
            continue
        applied = {"-wal": database.wal_frames_applied > 0, "-journal": database.journal_applied}
        yield Companion(
            path=beside.path,
            sha256=evidence.member_sha256(beside),
            applied=applied.get(suffix, False),
            frames=database.wal_frames_applied if suffix == "-wal" else 0,
        )


def _inner_name(path: str) -> str:
    """What the file in an encrypted backup is called: ``msgstore.db.crypt15`` holds ``msgstore.db``."""
    name = path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    return stem if dot and extension.lower().startswith("crypt") else f"{name}.decrypted"
