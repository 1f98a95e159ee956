"""What the members of an item are, by their content: databases, documents, encrypted forms, keys, containers.

Knows no app: parsers say which database is theirs, which small files belong to it and how their forms open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from forensics import acquisition
from forensics.acquisition_ufdr import report_facts
from forensics.app_folders import METADATA, AppFolders
from forensics.containers.android_backup import device_path
from forensics.errors import EvidenceUnreadable, UnknownKind, WrongKey
from forensics.evidence import COMPANIONS, Evidence, Member
from forensics.file_stamps import FileStamps
from forensics.formats import clbx, ufdr
from forensics.formats.sqlite import Database
from forensics.graykey import GrayKey
from forensics.inner_containers import BackupParts, InnerContainers
from forensics.items import Found, FoundDocument, Item, Opener, Trouble
from forensics.key_ring import LARGEST_KEY_FILE, KeyFile
from forensics.looking import Tools
from forensics.lost_mains import EMPTY, NO_DATABASE, NO_TABLES, ZEROS, tell_lost
from forensics.parser import DocumentParser, EncryptedForm, SideFile, Unread, UsuallyNamed
from forensics.progressed import counted
from forensics.unextracted import unextracted
from forensics.unlocking import Encrypted, Unlocking, companions_of, is_named

_HEAD, _TAIL = 4096, 64
_DATABASE = re.compile(r"(?:\.db|\.sqlite|/db_sqlite)(?:-wal|-journal)?(?:#\d+)?\Z", re.IGNORECASE)
_SQLITE = b"SQLite format 3\x00"
_LARGEST_SIDE_FILE = 4 << 20


@dataclass(slots=True)
class _Sorted:
    """The members of one container by what they are."""

    databases: list[Member] = field(default_factory=list)
    blank: list[Member] = field(default_factory=list)
    containers: list[tuple[Member, bytes]] = field(default_factory=list)
    companions: dict[str, Member] = field(default_factory=dict)
    parts: BackupParts = field(default_factory=BackupParts)
    # how many members were not looked into, because nothing in their path speaks for an app that is read
    passed: int = 0


class Look:
    """Looks through an item: first what its members are, then into what was recognised.

    Encrypted files are opened at the end, when every key that lies in the item is known.
    """

    def __init__(self, tools: Tools, item: Item) -> None:
        self._tools = tools
        self._item = item
        self._encrypted: list[Encrypted] = []
        self._folders = AppFolders()
        self._stamps = FileStamps(item)
        self._graykey = GrayKey(item)
        self._inner = InnerContainers(tools, item, self._look)

    def into(self, evidence: Evidence) -> None:
        """Look at every member, and into the containers among them; then name what cannot be read."""
        self._look(evidence, evidence.members())
        self._inner.close()

    def _look(self, evidence: Evidence, members: Iterable[Member]) -> None:
        found = _Sorted()
        is_broad = self._tools.is_broad(evidence)
        for member in counted(evidence, members, self._tools.tell):
            if is_broad and not self._tools.matters(member.path):
                found.passed += 1
            elif not found.parts.is_stored(member):
                self._sort(evidence, member, found)
        for member in self._inner.backups(evidence, found.parts):
            self._sort(evidence, member, found)
        for member in found.blank:
            # the first page is zeros, or is nothing, while a log may hold what it should say
            if f"{member.path}-wal" in found.companions:
                found.databases.append(member)
            else:
                self._file(evidence, member, b"")
                tell_lost(self._tools, self._item, evidence, member, ZEROS if member.size else EMPTY)
        for member in found.databases:
            self._database(evidence, member, found.companions)
        for member, head in found.containers:
            self._graykey.see(evidence, member)
            if not self._inner.step(evidence, member, head):
                self._file(evidence, member, b"")
        self._inner.encrypted_members(evidence)
        self._tell_passed(evidence, found.passed)
        self._tell_special(evidence)
        for problem in evidence.problems:
            self._item.problem(problem)

    def _tell_special(self, evidence: Evidence) -> None:
        """A link, device or the like that has the name of a database, or of what lies beside one, among those
        of an app: what should stand there was not read."""
        known = (*(each.path for each in self._item.found), *self._item.encrypted_paths)
        folders = {path.rpartition("/")[0] for path in known}
        for problem in evidence.problems:
            if problem.special and _DATABASE.search(problem.path):
                folder = problem.path.rpartition("/")[0]
                if folder in folders or self._tools.matters(problem.path):
                    evidence.misses(problem)

    def _tell_passed(self, evidence: Evidence, count: int) -> None:
        if count:
            text = (
                f"{count} members were not looked into: nothing in their paths names an app that is read,"
                " a backup, an archive or a key, and the container is large or decrypted only where needed"
            )
            self._item.troubles.append(Trouble(path=evidence.name, text=text, code=0))

    def open_containers(self) -> None:
        """Offer every key to every encrypted container, and to those found in them."""
        while self._inner.open_locked():
            continue
        self._inner.close()

    def open_encrypted(self) -> None:
        """Offer every key to every encrypted file, and to those that lie in one that was opened."""
        unlocking = Unlocking(self._tools, self._item, self._unpacked)
        for each in self._encrypted:  # which grows while an archive among them is looked into
            unlocking.unlock(each)
        for found in self._item.found:
            found.hints = (
                *_files_of(found.path, self._item.side_files),
                *filter(None, (self._folders.identifier(found.path),)),
                self._item.path.resolve().name,
            )
        for fact in dict.fromkeys(
            fact for found in self._item.found for fact in self._folders.facts(found.path)
        ):
            self._item.learn([fact])
        self._stamps.close()
        self._graykey.close()

    def _unpacked(self, inner: Evidence) -> None:
        self.into(inner)
        self.open_containers()

    def _sort(self, evidence: Evidence, member: Member, into: _Sorted) -> None:
        if member.path.endswith(COMPANIONS):
            into.companions[member.path] = member
            return
        head, tail = self._ends(evidence, member)
        if not head.strip(b"\x00"):
            into.blank.append(member)
        elif forms := self._forms(head, tail, member.path):
            # before databases: an encrypted one may begin with SQLite's plain header
            self._encrypted.append(Encrypted(evidence, member, forms, into.companions))
            self._stamps.see(evidence, member)
            self._item.encrypted_paths.add(member.path)
        elif head.startswith(_SQLITE):
            into.databases.append(member)
        elif self._inner.is_one(evidence, member, head):
            into.containers.append((member, head))
        else:
            self._file(evidence, member, head)
            tell_lost(self._tools, self._item, evidence, member, NO_DATABASE)

    def _ends(self, evidence: Evidence, member: Member) -> tuple[bytes, bytes]:
        """The first and last bytes; empty when the member cannot be read, which the evidence notes."""
        if not member.size:
            return b"", b""
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
        if member.size <= _LARGEST_SIDE_FILE and self._tools.wants(device_path(member.path)):
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
                self._item.key_files.add(member.path)
                head = b""  # a key is nothing else
        if head and (parser := self._tools.recognise_document(head, member.path)) is not None:
            self._document(evidence, member, parser, head)
        self._learn(evidence, member, head)
        self._item.files.setdefault(name, []).append((evidence, member))

    def _learn(self, evidence: Evidence, member: Member, head: bytes) -> None:
        """What the file says about the phone and the acquisition."""
        if ufdr.is_report(head):
            with evidence.open(member) as stream:
                self._item.learn(report_facts(stream, member.path))
            return
        if head.startswith(ufdr.PROTECTED) and member.path.lower().endswith("report.xml"):
            text = f"{member.path}: a protected UFDR report; ask for an export without protection"
            self._item.trouble(member.path, WrongKey(text))
            return
        name = member.path.rpartition("/")[2]
        if head and name == METADATA:
            data = self._bytes(evidence, member, head)
            self._folders.learn(member.path, data or b"")
            return
        if head and name == clbx.METADATA:
            self._item.troubles.extend(unextracted(evidence, member, self._tools.matters))
            self._stamps.listing(evidence, member)
            return
        reader = acquisition.reader_of(member.path, head) if head else None
        if reader is None or member.size > acquisition.LARGEST:
            return
        data = self._bytes(evidence, member, head)
        if data is None:
            return
        self._item.learn(reader(data, member.path))
        password = acquisition.ufd_password(data) if reader is acquisition.ufd_facts else None
        if password is not None:
            self._tools.ring.add(KeyFile(name=member.path, material=password, found_in_evidence=True))

    def _document(self, evidence: Evidence, member: Member, parser: DocumentParser, head: bytes) -> None:
        try:
            digest = self._tools.digest(evidence, member)
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return
        self._stamps.see(evidence, member)
        self._item.documents.append(
            FoundDocument(
                parser=parser,
                schema=parser.schema(head),
                path=member.path,
                size=evidence.exact(member).size,
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
        if self._tools.passes(self._item, member.path):
            return
        streams = _streams(evidence, member, companions)
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
            digest = self._tools.digest(evidence, member)
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return
        self._stamps.see(evidence, member)
        self._item.found.append(
            Found(
                parser=known[0],
                role=known[1],
                database=database,
                path=member.path,
                size=evidence.exact(member).size,
                sha256=digest,
                companions=tuple(companions_of(evidence, member, companions, database)),
                streams=streams,
                is_of_files=evidence.is_of_files,
            )
        )

    def _name_database(self, evidence: Evidence, member: Member, unread: Unread) -> None:
        try:
            if not is_named(self._tools, self._item, unread, self._tools.digest(evidence, member)):
                tell_lost(self._tools, self._item, evidence, member, NO_TABLES)
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


def _streams(evidence: Evidence, member: Member, companions: dict[str, Member]) -> dict[str, Opener]:
    """How the bytes of a database ("") and of its log and journal, where it has them, are opened."""
    streams: dict[str, Opener] = {"": partial(evidence.open, member)}
    for suffix in ("-wal", "-journal"):
        if (beside := companions.get(member.path + suffix)) is not None:
            streams[suffix] = partial(evidence.open, beside)
    return streams


def _files_of(path: str, files: Iterable[SideFile]) -> Iterator[str]:
    """The paths of the small files in the folder of an installation: that above its databases' own."""
    folder = "/".join(path.split("/")[:-2])
    for each in files:
        if not folder or each.path.startswith(f"{folder}/"):
            yield each.path
