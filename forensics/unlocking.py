"""Encrypted files in an item: every key is offered, and what opens is looked at like any other file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from forensics.errors import EvidenceUnreadable, MachineFailed, UnknownKind, WrongKey
from forensics.evidence import COMPANIONS, STEP_INTO, Evidence, Member, nested_stream, sha256_stream
from forensics.formats.sqlite import Database, ReadProblem
from forensics.items import Companion, Found, Item, Opener, Remark
from forensics.key_ring import Sealed, Unlocked
from forensics.looking import Tools
from forensics.parser import EncryptedForm, KnowsOthers, Recoverable, Unread


@dataclass(frozen=True, slots=True)
class Encrypted:
    """An encrypted file with what lies beside the files of its container."""

    evidence: Evidence
    member: Member
    forms: tuple[EncryptedForm, ...]
    companions: dict[str, Member]


class Unlocking:
    """Opens the encrypted files of one item; ``into`` looks at what is in an archive that was encrypted."""

    def __init__(self, tools: Tools, item: Item, into: Callable[[Evidence], None]) -> None:
        self._tools, self._item, self._into = tools, item, into

    def unlock(self, encrypted: Encrypted) -> None:
        """Offer every key; what opens is found, what does not is named."""
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

    def _unpacked(self, encrypted: Encrypted, target: Path, unlocked: Unlocked) -> None:
        """Look into an archive that was encrypted: what is known in it is read, else the whole is named."""
        path = f"{encrypted.member.path}{STEP_INTO}{_inner_name(encrypted.member.path)}"
        try:
            inner = nested_stream(encrypted.evidence, target.open("rb"), path)
        except EvidenceUnreadable as error:
            self._item.trouble(path, error)
            return
        self._tools.keep(inner)
        self._item.containers.append(inner)
        names = frozenset(each.path.rpartition(STEP_INTO)[2] for each in inner.members())
        before, documents = self._finds(), len(self._item.documents)
        self._into(inner)
        self._item.documents[documents:] = [
            replace(each, unlocked=unlocked) for each in self._item.documents[documents:]
        ]
        if self._finds() == before:
            self._content_unread(encrypted, target, Unread(path=path, kind="zip", names=names))

    def _finds(self) -> tuple[int, ...]:
        item = self._item
        return len(item.found) + len(item.passed), len(item.documents), len(item.encrypted_paths)

    def _content_unread(self, encrypted: Encrypted, target: Path, unread: Unread) -> None:
        """Name what came out of an encrypted file and is not read: as what it is, or as unknown."""
        with target.open("rb") as stream:
            if is_named(self._tools, self._item, unread, sha256_stream(stream)):
                return
        text = f"{encrypted.member.path}: opened, but its content ({unread.kind}) is of no kind read here"
        self._item.trouble(encrypted.member.path, UnknownKind(text))

    def _decrypted(self, encrypted: Encrypted, target: Path, unlocked: Unlocked) -> None:
        evidence, member = encrypted.evidence, encrypted.member
        path = f"{member.path}{STEP_INTO}{_inner_name(member.path)}"
        if self._tools.passes(self._item, path):
            target.unlink()
            return
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
            if not is_named(self._tools, self._item, unread, digest):
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
                streams=_plain_streams(target, log) if is_kept else {},
                is_of_files=True,
                plain=_plain_log(member, log) if is_kept else {},
            )
        )

    def _decrypted_log(
        self, encrypted: Encrypted, target: Path, unlocked: Unlocked
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


def is_named(tools: Tools, item: Item, unread: Unread, digest: str) -> bool:
    """Whether a parser knows what a file is that nobody reads; it is then named."""
    for parser in tools.parsers:
        text = parser.what_is(unread) if isinstance(parser, KnowsOthers) else None
        if text is not None:
            app = parser.application(unread.path)
            item.remarks.append(Remark(path=unread.path, sha256=digest, text=text, app=app))
            return True
    return False


def _plain_streams(target: Path, log: Path | None) -> dict[str, Opener]:
    """The decrypted database, and its log where there is one."""
    streams: dict[str, Opener] = {"": partial(_open, target)}
    if log is not None:
        streams["-wal"] = partial(_open, log)
    return streams


def _plain_log(member: Member, log: Path | None) -> dict[str, tuple[str, str]]:
    """The decrypted log as a source: its path in the evidence, and the digest of its plain bytes."""
    if log is None:
        return {}
    sealed = f"{member.path}-wal"
    with log.open("rb") as stream:
        return {"-wal": (f"{sealed}{STEP_INTO}{_inner_name(sealed)}", sha256_stream(stream))}


def companions_of(
    evidence: Evidence, member: Member, companions: dict[str, Member], database: Database
) -> Iterator[Companion]:
    """What lies beside a database, and whether it was merged into what is read."""
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


def _open(plain: Path) -> BinaryIO:
    return plain.open("rb")
