"""What the members of an item are, by their content: databases, documents, encrypted forms, keys, containers.

Knows no app: parsers say which database is theirs, which small files belong to it and how their forms open.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from forensics.errors import EvidenceUnreadable, MachineFailed, UnknownKind, WrongKey
from forensics.evidence import (
    COMPANIONS,
    STEP_INTO,
    Evidence,
    Member,
    nested,
    nested_stream,
    sha256_stream,
)
from forensics.formats.sqlite import Database, ReadProblem
from forensics.items import Found, FoundDocument, Item, Opener, Remark
from forensics.key_ring import LARGEST_KEY_FILE, KeyFile, Sealed, Unlocked
from forensics.parser import (
    DocumentParser,
    EncryptedForm,
    KnowsOthers,
    Recoverable,
    SideFile,
    Unread,
    UsuallyNamed,
)
from forensics.recognition_tools import Tools, companions_of, files_of, inner_name, streams_of

_HEAD, _TAIL = 4096, 64
_SQLITE = b"SQLite format 3\x00"
_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
_LARGEST_SIDE_FILE = 4 << 20


@dataclass(slots=True)
class _Sorted:
    """The members of one container by what they are."""

    databases: list[Member] = field(default_factory=list)
    blank: list[Member] = field(default_factory=list)
    containers: list[Member] = field(default_factory=list)
    companions: dict[str, Member] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Encrypted:
    """An encrypted file with what lies beside the files of its container."""

    evidence: Evidence
    member: Member
    forms: tuple[EncryptedForm, ...]
    companions: dict[str, Member]


class Look:
    """Looks through an item: first what its members are, then into what was recognised.

    Encrypted files are opened at the end, when every key that lies in the item is known.
    """

    def __init__(self, tools: Tools, item: Item) -> None:
        self._tools = tools
        self._item = item
        self._encrypted: list[_Encrypted] = []

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
        for each in self._encrypted:
            self._unlock(each)
        for found in self._item.found:
            found.hints = (*files_of(found.path, self._item.side_files), self._item.path.resolve().name)

    def _sort(self, evidence: Evidence, member: Member, into: _Sorted) -> None:
        if member.path.endswith(COMPANIONS):
            into.companions[member.path] = member
            return
        head, tail = self._ends(evidence, member)
        if not head.strip(b"\x00"):
            into.blank.append(member)
        elif forms := self._forms(head, tail, member.path):
            # before databases: an encrypted one may begin with SQLite's plain header
            self._encrypted.append(_Encrypted(evidence, member, forms, into.companions))
            self._item.encrypted_paths.add(member.path)
        elif head.startswith(_SQLITE):
            into.databases.append(member)
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

    def _forms(self, head: bytes, tail: bytes, path: str) -> tuple[EncryptedForm, ...]:
        """The forms that this may be of, one that is usually named so first: two apps may seal alike."""
        name = path.rpartition("/")[2].lower()
        forms = {form.name: form for form in self._tools.forms() if form.recognises(head, tail, path)}
        usual = [
            each for each in forms.values() if isinstance(each, UsuallyNamed) and name in each.usual_names
        ]
        return (*usual, *(each for each in forms.values() if each not in usual))

    def _file(self, evidence: Evidence, member: Member, head: bytes) -> None:
        name = member.path.rpartition("/")[2]
        if evidence.kind == "file":
            self._item.head = head
        if member.size <= _LARGEST_SIDE_FILE and self._tools.wants(member.path):
            data = self._bytes(evidence, member, head)
            if data is not None:
                self._item.side_files.append(SideFile(path=member.path, data=data))
                head = b""  # it is claimed
        elif member.size <= LARGEST_KEY_FILE and self._tools.may_hold_key(name):
            data = self._bytes(evidence, member, head)
            if data and (
                self._tools.is_key_of_form(name, data) or any(form.keys(data) for form in self._tools.forms())
            ):
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
        streams = streams_of(evidence, member, companions)
        try:
            database = self._open(member.path, streams)
        except (EvidenceUnreadable, UnknownKind) as error:
            self._item.trouble(member.path, error)
            return
        known = self._tools.recognise(database)
        if known is None:
            unread = Unread(path=member.path, kind="sqlite", names=frozenset(database.tables()))
            database.close()
            self._name_database(evidence, member, unread)
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
                companions=tuple(companions_of(evidence, member, companions, database)),
                streams=streams,
            )
        )

    def _name_database(self, evidence: Evidence, member: Member, unread: Unread) -> None:
        try:
            self._is_named(unread, evidence.member_sha256(member))
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)

    def _open(self, path: str, streams: dict[str, Opener]) -> Database:
        with ExitStack() as opened:
            beside = {suffix: opened.enter_context(each()) for suffix, each in streams.items()}
            return Database.open(
                beside[""],
                wal=beside.get("-wal"),
                journal=beside.get("-journal"),
                work=self._tools.copy_folder(),
                name=path,
            )

    def _unlock(self, encrypted: _Encrypted) -> None:
        evidence, member = encrypted.evidence, encrypted.member
        target = self._tools.copy_folder() / "decrypted"
        try:
            sealed = Sealed(
                path=member.path,
                forms=encrypted.forms,
                open=lambda: evidence.open(member),
                size=member.size,
                target=target,
                limit=self._tools.limits.member_bytes,
            )
            unlocked = self._tools.ring.unlock(sealed)
        except (WrongKey, EvidenceUnreadable) as error:
            self._item.trouble(member.path, error)
            return
        if unlocked.opened.kind == "zip":
            self._unpacked(encrypted, target, unlocked)
        elif unlocked.opened.kind == "sqlite":
            self._decrypted(encrypted, target, unlocked)
        else:
            self._content_unread(encrypted, target, Unread(path=member.path, kind=unlocked.opened.kind))
            target.unlink()

    def _unpacked(self, encrypted: _Encrypted, target: Path, unlocked: Unlocked) -> None:
        """Look into an archive that was encrypted: what is known in it is read, else the whole is named."""
        path = f"{encrypted.member.path}{STEP_INTO}{inner_name(encrypted.member.path)}"
        try:
            inner = nested_stream(encrypted.evidence, target.open("rb"), path)
        except EvidenceUnreadable as error:
            self._item.trouble(path, error)
            return
        self._tools.keep(inner)
        self._item.containers.append(inner)
        names = frozenset(each.path.rpartition(STEP_INTO)[2] for each in inner.members())
        before = len(self._item.found) + len(self._encrypted), len(self._item.documents)
        self.into(inner)
        self._item.documents[before[1] :] = [
            replace(each, unlocked=unlocked) for each in self._item.documents[before[1] :]
        ]
        if before == (len(self._item.found) + len(self._encrypted), len(self._item.documents)):
            self._content_unread(encrypted, target, Unread(path=path, kind="zip", names=names))

    def _content_unread(self, encrypted: _Encrypted, target: Path, unread: Unread) -> None:
        """Name what came out of an encrypted file and is not read: as what it is, or as unknown."""
        with target.open("rb") as stream:
            if self._is_named(unread, sha256_stream(stream)):
                return
        text = f"{encrypted.member.path}: opened, but its content ({unread.kind}) is of no kind read here"
        self._item.trouble(encrypted.member.path, UnknownKind(text))

    def _is_named(self, unread: Unread, digest: str) -> bool:
        """Whether a parser knows what a file is that nobody reads; it is then named."""
        for parser in self._tools.parsers:
            text = parser.what_is(unread) if isinstance(parser, KnowsOthers) else None
            if text is not None:
                app = parser.application(unread.path)
                self._item.remarks.append(Remark(path=unread.path, sha256=digest, text=text, app=app))
                return True
        return False

    def _decrypted(self, encrypted: _Encrypted, target: Path, unlocked: Unlocked) -> None:
        evidence, member = encrypted.evidence, encrypted.member
        path = f"{member.path}{STEP_INTO}{inner_name(member.path)}"
        size = target.stat().st_size
        log, problems = self._decrypted_log(encrypted, target.with_name("decrypted-wal"), unlocked)
        try:
            with ExitStack() as streams:
                stream = streams.enter_context(target.open("rb"))
                wal = streams.enter_context(log.open("rb")) if log is not None else None
                rebuilt = unlocked.opened.rebuilt
                digest = evidence.member_sha256(member) if rebuilt else sha256_stream(stream)
                stream.seek(0)
                database = Database.open(stream, wal=wal, work=self._tools.copy_folder(), name=path)
        except EvidenceUnreadable as error:
            self._item.trouble(path, error)
            target.unlink()
            if log is not None:
                log.unlink()
            return
        self._tools.keep(database)
        known = self._tools.recognise(database)
        # the plain bytes are kept to look for deleted rows in; not those that a rebuild has made
        is_kept = known is not None and isinstance(known[0], Recoverable) and not rebuilt
        for each in () if is_kept else (log, target):
            if each is not None:
                each.unlink()
        if known is None:
            unread = Unread(path=path, kind="sqlite", names=frozenset(database.tables()))
            if not self._is_named(unread, digest):
                self._item.trouble(path, UnknownKind(f"{path}: opened, but no parser knows this database"))
            return
        database.problems.extend((*unlocked.opened.problems, *problems))
        self._item.found.append(
            Found(
                parser=known[0],
                role=known[1],
                database=database,
                path=path,
                size=size,
                sha256=digest,
                companions=tuple(companions_of(evidence, member, encrypted.companions, database)),
                unlocked=unlocked,
                streams=_plainstreams_of(target, log) if is_kept else {},
                plain=_plain_log(member, log) if is_kept else {},
            )
        )

    def _decrypted_log(
        self, encrypted: _Encrypted, target: Path, unlocked: Unlocked
    ) -> tuple[Path | None, tuple[ReadProblem, ...]]:
        """The plain copy of the log beside an encrypted database, and what is wrong with it."""
        member = encrypted.companions.get(f"{encrypted.member.path}-wal")
        if member is None or unlocked.opened.open_log is None or not member.size:
            return None, ()
        try:
            with encrypted.evidence.open(member) as stream, target.open("wb") as plain:
                opened = unlocked.opened.open_log(stream, member.size, plain)
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return None, ()
        except OSError as error:
            raise MachineFailed(f"{target}: the decrypted log cannot be written: {error.strerror}") from error
        return target, opened.problems

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


def _plainstreams_of(target: Path, log: Path | None) -> dict[str, Opener]:
    """The decrypted database, and its log where there is one."""
    streams: dict[str, Opener] = {"": lambda: target.open("rb")}
    if log is not None:
        streams["-wal"] = lambda: log.open("rb")
    return streams


def _plain_log(member: Member, log: Path | None) -> dict[str, tuple[str, str]]:
    """The decrypted log as a source: its path in the evidence, and the digest of its plain bytes."""
    if log is None:
        return {}
    sealed = f"{member.path}-wal"
    with log.open("rb") as stream:
        return {"-wal": (f"{sealed}{STEP_INTO}{inner_name(sealed)}", sha256_stream(stream))}
