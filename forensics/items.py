"""What intake makes of evidence: items, the databases and documents in them, and what could not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from forensics.acquisition import Fact, StatedHash
from forensics.errors import EvidenceUnreadable, SporenError, WrongKey
from forensics.evidence import Evidence, Member, Problem
from forensics.formats.sqlite import Database
from forensics.key_ring import Unlocked
from forensics.parser import DocumentParser, Parser, SeveralPlatforms, SideFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What could not be read or opened; ``code`` is the exit code that it causes, 0 for a remark."""

    path: str
    text: str
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A file of a known kind that was not read: its path, the SHA-256 of its content, and what it is."""

    path: str
    sha256: str
    text: str
    app: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A write-ahead log or journal that was merged, or could not be."""

    path: str
    sha256: str
    applied: bool
    frames: int


# Opens the stored bytes of a file again, seekable.
Opener = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(slots=True, kw_only=True)
class Found:
    """A database that a parser knows, open, with its place in the evidence."""

    parser: Parser
    role: str
    database: Database
    path: str
    size: int
    sha256: str
    companions: tuple[Companion, ...] = ()
    unlocked: Unlocked | None = None
    # what beside its path may tell whose database it is (Parser.application): a line for each
    hints: tuple[str, ...] = ()
    # the database's own bytes ("") and those beside it ("-wal", "-journal"), decrypted where they were not
    streams: dict[str, Opener] = field(default_factory=dict)
    # whether those bytes are files of this machine, which another process of it can open too
    is_of_files: bool = False
    # of a log that was decrypted: its suffix, with the path and the digest of what is plain
    plain: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def app(self) -> str:
        """The app whose database this is."""
        return self.parser.application(self.app_place)

    @property
    def app_place(self) -> str:
        """Its path, and what else may tell of which app it is."""
        return "\n".join((self.path, *self.hints))

    @property
    def platform(self) -> str:
        """The platform that it comes from."""
        if isinstance(self.parser, SeveralPlatforms):
            return self.parser.platform_at(self.path)
        return self.parser.platform


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document that a parser knows, with its place in the evidence."""

    parser: DocumentParser
    schema: str
    path: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO]
    unlocked: Unlocked | None = None


@dataclass(slots=True, kw_only=True)
class Item:
    """One item of evidence with all that was found in it."""

    evidence: Evidence
    path: Path
    sha256: str
    size: int
    found: list[Found] = field(default_factory=list)
    documents: list[FoundDocument] = field(default_factory=list)
    side_files: list[SideFile] = field(default_factory=list)
    files: dict[str, list[tuple[Evidence, Member]]] = field(default_factory=dict)
    # the containers in it, which may find more wrong with themselves while they are read
    containers: list[Evidence] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    # files that are known for what they are and hold nothing that is read
    remarks: list[Remark] = field(default_factory=list)
    # of a single file that nothing is known of: its first bytes, to tell a person what it looks like
    head: bytes = b""
    encrypted_paths: set[str] = field(default_factory=set)
    # databases that a parser knows and that are not opened, since only ``Tools.only`` are wanted
    passed: list[str] = field(default_factory=list)
    # the files in it that were taken for a key
    key_files: set[str] = field(default_factory=set)
    # what files of the extraction say about the phone and the acquisition, and about each other's digests
    facts: list[Fact] = field(default_factory=list)
    stated: list[StatedHash] = field(default_factory=list)

    def forget(self, evidence: Evidence) -> None:
        """No media of this container can be found any more; it is about to be closed."""
        for name in [each for each, places in self.files.items() if any(e is evidence for e, _ in places)]:
            kept = [place for place in self.files[name] if place[0] is not evidence]
            if kept:
                self.files[name] = kept
            else:
                del self.files[name]

    def learn(self, found: Iterable[Fact | StatedHash]) -> None:
        """Take over what a file of the extraction says."""
        for each in found:
            if isinstance(each, Fact):
                self.facts.append(each)
            else:
                self.stated.append(each)

    def trouble(self, path: str, error: SporenError) -> None:
        """Name what could not be read or opened."""
        self.troubles.append(Trouble(path=path, text=str(error), code=error.exit_code))

    def problem(self, problem: Problem) -> None:
        """Take over what the evidence found wrong with itself."""
        code = WrongKey.exit_code if problem.encrypted else EvidenceUnreadable.exit_code
        trouble = Trouble(path=problem.path, text=problem.text, code=code if problem.unread else 0)
        if trouble not in self.troubles:
            self.troubles.append(trouble)
