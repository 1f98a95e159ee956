"""The containers in an item: archives, backups and packages, stepped into now or once a key opens them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from forensics import acquisition
from forensics.archives import ZipEvidence
from forensics.containers import itunes, kinds
from forensics.containers.android_backup import android_backup
from forensics.containers.images import DiskImage, image, is_further_segment
from forensics.containers.locked import Locked
from forensics.containers.locked_zip import LockedZip
from forensics.errors import EvidenceUnreadable, LimitExceeded, UnknownKind, WrongKey
from forensics.evidence import Evidence, Member, nested
from forensics.formats.sqlite import Database
from forensics.items import Item, Trouble
from forensics.looking import Tools

# Below a folder of its first two digits, or, before iOS 10, beside the manifest.
_STORED = re.compile(r"(?:^|/)(?:([0-9a-f]{2})/(?=\1))?([0-9a-f]{40})\Z")
_MANIFESTS = (itunes.MANIFEST, itunes.PROPERTIES, itunes.OLD_MANIFEST)
_FACTS = ("Info.plist", itunes.PROPERTIES, "Status.plist")
# Open files cost: beyond so many containers only those are kept open in which something was found.
_MOST_OPEN = 200
_NAMED = 20
_IMAGES = (".dd", ".img", ".raw", ".bin", ".001")

Into = Callable[[Evidence, Iterable[Member]], None]


class BackupParts:
    """What of one container may be an iTunes backup: its manifests, and files named by a SHA-1."""

    def __init__(self) -> None:
        self._manifests: dict[str, dict[str, Member]] = {}
        self._stored: dict[str, dict[str, Member]] = {}

    def is_stored(self, member: Member) -> bool:
        """Whether the member is named as a file of a backup is; it waits here then."""
        found = _STORED.search(member.path)
        if found is None:
            folder, slash, name = member.path.rpartition("/")
            if name in _MANIFESTS or name in _FACTS:
                self._manifests.setdefault(folder + slash, {})[name] = member
            # an encrypted manifest looks like any database that is encrypted as a whole
            return name == itunes.MANIFEST
        stored = self._stored.setdefault(member.path[: -len(found[0].lstrip("/"))], {})
        # where a file lies in both places, the second is one like any other
        return stored.setdefault(found[2], member) is member

    def backups(self) -> Iterator[tuple[str, dict[str, Member], dict[str, Member]]]:
        """Folder, manifests and files of each backup."""
        for folder, manifests in sorted(self._manifests.items()):
            is_one = itunes.MANIFEST in manifests or itunes.OLD_MANIFEST in manifests
            if itunes.PROPERTIES in manifests and is_one:
                yield folder, manifests, self._stored.pop(folder, {})

    def unread(self) -> Iterator[str]:
        """The manifests of iOS before 10 whose backup lacks its properties, without which it is not read."""
        for _folder, manifests in sorted(self._manifests.items()):
            if manifests.keys() & set(_MANIFESTS) == {itunes.OLD_MANIFEST}:
                yield manifests[itunes.OLD_MANIFEST].path

    def rest(self) -> Iterator[Member]:
        """The files that belong to no backup with a manifest, and what is only named like a manifest."""
        for _folder, manifests in sorted(self._manifests.items()):
            if itunes.PROPERTIES not in manifests and itunes.MANIFEST in manifests:
                yield manifests[itunes.MANIFEST]
        for _folder, stored in sorted(self._stored.items()):
            yield from stored.values()


class InnerContainers:
    """Steps into the containers of one item; ``into`` looks at what is in them."""

    def __init__(self, tools: Tools, item: Item, into: Into) -> None:
        self._tools, self._item, self._into = tools, item, into
        self._locked: list[tuple[Locked, Evidence]] = []
        self._packages: list[str] = []
        self._open = 0

    def is_one(self, evidence: Evidence, member: Member, head: bytes) -> bool:
        """Whether a member is to be stepped into, by its content."""
        kind = kinds.kind(head)
        if kind is None:
            if kinds.is_named_as_one(member.path) and head and evidence.kind != "file":
                text = "named like an archive, but it begins as none: looked at as a plain file"
                self._item.troubles.append(Trouble(path=member.path, text=text, code=0))
            return False
        if kind == "archive" and evidence.kind == "file":
            return False  # it would have been opened as one
        if kinds.is_package(head) and not kinds.is_named_as_one(member.path):
            self._packages.append(member.path)
            return False
        return True

    def step(self, evidence: Evidence, member: Member, head: bytes) -> bool:
        """Look into a container; whether it was one. What is wrong with it is named."""
        kind = kinds.kind(head)
        if kind == "ewf" and is_further_segment(evidence, member):
            return True
        try:
            if kind == "android backup":
                inner = android_backup(evidence, member)
            elif kind in ("ewf", "image"):
                inner = image(evidence, member)
            else:
                inner = nested(evidence, member)
        except UnknownKind as error:
            if kind == "archive" or (kind == "image" and evidence.kind != "file" and not _is_image(member)):
                return False  # packed, and no tar; or a plain file that has an image's sign in its place
            self._item.trouble(member.path, error)
            return True
        except EvidenceUnreadable as error:
            self._item.trouble(member.path, error)
            return True
        if isinstance(inner, DiskImage):
            self._item.learn(inner.facts())
        if isinstance(inner, Evidence):
            self._enter(inner, inner.members())
        else:
            self._wait(inner, evidence)
        return True

    def _enter(self, inner: Evidence, members: Iterable[Member]) -> None:
        before = self._finds()
        self._into(inner, members)
        self._open += 1
        if self._open > _MOST_OPEN and self._finds() == before:
            self._item.forget(inner)
            inner.close()
            return
        self._tools.keep(inner)
        self._item.containers.append(inner)

    def _finds(self) -> tuple[int, ...]:
        item = self._item
        found = len(item.found) + len(item.passed)
        return found, len(item.documents), len(item.side_files), len(item.encrypted_paths)

    def _wait(self, locked: Locked, evidence: Evidence) -> None:
        self._locked.append((locked, evidence))
        self._item.encrypted_paths.add(locked.path)

    def encrypted_members(self, evidence: Evidence) -> None:
        """The members of a zip that only a password opens wait for one."""
        if isinstance(evidence, ZipEvidence) and evidence.locked and evidence.password is None:
            evidence.forget(evidence.name, only_encrypted=True)
            self._wait(LockedZip(evidence), evidence)

    def backups(self, evidence: Evidence, parts: BackupParts) -> Iterator[Member]:
        """Look into the iTunes backups of a container; gives the files that belong to none."""
        for folder, manifests, stored in parts.backups():
            files = dict(stored)
            given = itunes.Parts(
                folder=folder.rstrip("/") if folder else evidence.within,
                manifest=manifests.get(itunes.MANIFEST) or manifests[itunes.OLD_MANIFEST],
                properties=manifests[itunes.PROPERTIES],
                files=files,
                open_database=self._database,
                matters=self._tools.matters,
            )
            self._learn(evidence, manifests)
            try:
                if evidence.depth >= evidence.limits.depth:
                    raise LimitExceeded(f"more than {evidence.limits.depth} containers in each other")
                found = itunes.itunes_backup(evidence, given)
            except EvidenceUnreadable as error:
                self._item.trouble(given.properties.path, error)
                yield from stored.values()
                continue
            if isinstance(found, itunes.ItunesBackup):
                self._enter(found, found.members())
                yield from found.unlisted()
            else:
                self._wait(found, evidence)
        for path in parts.unread():
            text = f"{path}: no {itunes.PROPERTIES} beside it: its files are looked at by their content only"
            self._item.troubles.append(Trouble(path=path, text=text, code=3))
        yield from parts.rest()

    def _learn(self, evidence: Evidence, manifests: dict[str, Member]) -> None:
        """What the property lists of a backup say about the phone and the acquisition."""
        for name in _FACTS:
            member = manifests.get(name)
            if member is None or member.size > acquisition.LARGEST:
                continue
            try:
                with evidence.open(member) as stream:
                    data = stream.read(acquisition.LARGEST)
            except EvidenceUnreadable:
                continue  # opening or reading has put it among the evidence's problems
            self._item.learn(acquisition.backup_facts(name, data, member.path))

    def _database(self, stream: BinaryIO, name: str) -> Database:
        return Database.open(stream, work=self._tools.copy_folder(), name=name)

    def open_locked(self) -> bool:
        """Offer every key to every container that waits; whether one was opened."""
        waiting, self._locked = self._locked, []
        opened = False
        for locked, around in waiting:
            try:
                _key, inner = self._tools.ring.first_fitting(
                    locked.path, (locked,), lambda form, key: form.open(key)
                )
            except (WrongKey, EvidenceUnreadable) as error:
                self._item.trouble(locked.path, _told(locked, error))
                continue
            opened = True
            if isinstance(locked, LockedZip) and isinstance(inner, ZipEvidence):
                self._into(inner, inner.encrypted_members())
            else:
                self._enter(inner, inner.members())
            for problem in around.problems:
                self._item.problem(problem)
        return opened

    def close(self) -> None:
        """Name what was passed over."""
        if self._packages:
            named = ", ".join(self._packages[:_NAMED])
            more = f" and {len(self._packages) - _NAMED} more" if len(self._packages) > _NAMED else ""
            text = f"packages of apps, libraries and office documents, not looked into: {named}{more}"
            self._item.troubles.append(Trouble(path=self._item.evidence.name, text=text, code=0))


def _is_image(member: Member) -> bool:
    return member.path.lower().endswith(_IMAGES)


def _told(locked: Locked, error: WrongKey | EvidenceUnreadable) -> WrongKey | EvidenceUnreadable:
    if isinstance(locked, LockedZip) and isinstance(error, WrongKey):
        return WrongKey(f"{error} ({locked.count} encrypted members)")
    return error
