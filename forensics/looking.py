"""What looking through evidence needs: the parsers with what they know, the keys, and a place for copies."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from forensics.app_folders import METADATA
from forensics.archives import ZipEvidence
from forensics.containers import kinds
from forensics.containers.itunes import ItunesBackup
from forensics.formats import clbx
from forensics.formats.sqlite import Database
from forensics.items import Item
from forensics.key_ring import KeyRing
from forensics.members import Evidence, Limits, Member
from forensics.parser import (
    SEVERAL_APPS,
    ChoosesKeyFiles,
    DocumentParser,
    EncryptedForm,
    KeyedByFiles,
    KnowsPlaces,
    Parser,
)
from forensics.progressed import Hashing, Tell

# Members of a container beyond which it is a whole file system.
BROAD = 20_000
# Whatever the app: exports, backups of the phone, keys, and what says which phone it is.
_ENDINGS = (
    *kinds.NAMES,
    *(".gz", ".tgz", ".ufd", ".ufdx", ".e01", "_chat.txt", "persistent_properties", "persist.sys.timezone"),
)
_NAMES = frozenset(
    ("info.plist", "manifest.plist", "manifest.db", "manifest.mbdb", "status.plist", "report.xml")
)
_NAMES |= frozenset(("build.prop", "systemversion.plist", METADATA))
_NAMES |= frozenset((clbx.VERSION, clbx.METADATA, clbx.MOUNT))
# Programs of iOS have an Info.plist each.
_IN_PROGRAMS = (".app/", ".bundle/", ".framework/", ".appex/")
_PLACES = ("/keystore/", "keychain", "/system/users/")
# The name of a file in an iTunes backup.
_STORED, _HEX = 40, re.compile(r"[0-9a-f]+")


def words_of(parsers: Sequence[Parser], documents: Sequence[DocumentParser]) -> frozenset[str]:
    """What in a path speaks for an app of these parsers: its name, or the places that the parser declares."""
    words: set[str] = set(_PLACES)
    for parser in parsers:
        words.update(parser.places if isinstance(parser, KnowsPlaces) else ())
    for app in (*(each.app for each in parsers), *(each.app for each in documents)):
        words.update({app.partition("_")[0]} - {SEVERAL_APPS})
    return frozenset(words)


class Wanted(NamedTuple):
    """Paths of databases in one item."""

    paths: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What looking needs: ``keep`` closes what it is given when the intake ends."""

    parsers: Sequence[Parser]
    document_parsers: Sequence[DocumentParser]
    ring: KeyRing
    folder: Path
    limits: Limits
    keep: Callable[[AbstractContextManager[Any]], object]
    # what in a path speaks for something that is read
    words: frozenset[str]
    # is told how far looking is
    tell: Tell
    # of a part of the work: the databases that are wanted, and all that a parser knows in the item
    only: Wanted | None = None

    def passes(self, item: Item, path: str) -> bool:
        """Whether a database is not wanted: then it is neither copied nor hashed, and the item counts it."""
        if self.only is None or path in self.only.paths:
            return False
        item.passed += [path] if path in self.only.known else []
        return True

    def digest(self, evidence: Evidence, member: Member) -> str:
        """SHA-256 of a member's bytes; raises EvidenceUnreadable."""
        return evidence.member_sha256(member, Hashing(self.tell, member.size, member.path))

    def matters(self, path: str) -> bool:
        """Whether something in a path speaks for an app that is read, a backup, an archive or a key."""
        lower = path.lower()
        for word in self.words:
            if word in lower:
                return True
        name = lower[lower.rfind("/") + 1 :]
        if len(name) == _STORED:
            return _HEX.fullmatch(name) is not None
        return name.endswith(_ENDINGS) or (name in _NAMES and not lower.endswith(_IN_PROGRAMS, 0, -len(name)))

    def is_broad(self, evidence: Evidence) -> bool:
        """Whether a container is a whole file system, of which only what matters is looked into: reading the
        first bytes of some hundred thousand files of others takes hours."""
        if isinstance(evidence, ItunesBackup):
            return evidence.is_encrypted or evidence.entries > BROAD
        return isinstance(evidence, ZipEvidence) and evidence.entries > BROAD

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
