"""What looking through an item needs: parsers, keys, a private folder; and what lies beside a database."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from forensics.evidence import COMPANIONS, Evidence, Limits, Member
from forensics.formats.sqlite import Database
from forensics.items import Companion, Opener
from forensics.key_ring import KeyRing
from forensics.parser import ChoosesKeyFiles, DocumentParser, EncryptedForm, KeyedByFiles, Parser, SideFile


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

    def may_hold_key(self, name: str) -> bool:
        """Whether a file of that name may hold the key of an encrypted form."""
        return "key" in name.lower() or any(self._keyed_by(name))

    def is_key_of_form(self, name: str, data: bytes) -> bool:
        """Whether a file of that name is one that an encrypted form takes its key from."""
        forms = self._keyed_by(name)
        return any(not isinstance(each, ChoosesKeyFiles) or each.holds_key(data) for each in forms)

    def _keyed_by(self, name: str) -> Iterator[EncryptedForm]:
        lower = name.lower()
        return (each for each in self.forms() if isinstance(each, KeyedByFiles) and lower in each.key_files)

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


def companions_of(
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


def inner_name(path: str) -> str:
    """What the file in an encrypted backup is called: ``msgstore.db.crypt15`` holds ``msgstore.db``."""
    name = path.rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    return stem if dot and extension.lower().startswith("crypt") else f"{name}.decrypted"


def streams_of(evidence: Evidence, member: Member, companions: dict[str, Member]) -> dict[str, Opener]:
    """How the bytes of a database ("") and of its log and journal, where it has them, are opened."""
    streams: dict[str, Opener] = {"": partial(evidence.open, member)}
    for suffix in ("-wal", "-journal"):
        if (beside := companions.get(member.path + suffix)) is not None:
            streams[suffix] = partial(evidence.open, beside)
    return streams


def files_of(path: str, files: Iterable[SideFile]) -> Iterator[str]:
    """The paths of the small files in the folder of an installation: that above its databases' own."""
    folder = "/".join(path.split("/")[:-2])
    for each in files:
        if not folder or each.path.startswith(f"{folder}/"):
            yield each.path
