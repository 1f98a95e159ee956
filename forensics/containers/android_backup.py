"""An Android backup (``.ab``) as evidence: a tar, perhaps packed and encrypted, read as it stands.

Its members keep their names, ``apps/<package>/<token>/...``; ``device_path`` gives the place on the phone.
Source: containers reference 5; the folders of the tokens: Android's own FullBackup (from source).
"""

from __future__ import annotations

import re
from pathlib import Path

from forensics.archives import TarEvidence
from forensics.containers.locked import passwords
from forensics.errors import LimitExceeded
from forensics.formats.android_backup import MAGIC, Head, master_key, read_head
from forensics.formats.deciphered import Deciphered
from forensics.formats.source import Section, StreamSource
from forensics.members import Evidence, Limits, Member

__all__ = ["MAGIC", "AndroidBackup", "LockedAndroidBackup", "android_backup", "device_path"]

_HEAD = 4096
_NAME = re.compile(r"(?:^|/)apps/([^/]+)/(d_)?(db|sp|f|r|c|nb|ef|obb)/(.+)\Z", re.DOTALL)
# token -> folder below the package's; "d_" before it is the device-protected storage of Android 7 on.
_FOLDERS = {
    "db": "databases/",
    "sp": "shared_prefs/",
    "f": "files/",
    "r": "",
    "c": "cache/",
    "nb": "no_backup/",
}
_SHARED = re.compile(r"(?:^|/)shared/(\d+)/(.+)\Z", re.DOTALL)


class AndroidBackup(TarEvidence):
    """The tar in the backup; ``key`` and vector where it is encrypted."""

    kind = "android backup"

    def __init__(
        self,
        file: StreamSource,
        head: Head,
        key: tuple[bytes, bytes] | None,
        *,
        root: Path,
        limits: Limits,
        within: str,
        depth: int,
    ) -> None:
        part = Section(file, head.data, file.size - head.data)
        if key is not None:
            plain = Deciphered(file, head.data, file.size - head.data, *key)
            size = plain.unpadded_size()
            part = Section(plain, 0, plain.size if size is None else size)
        method = "zlib" if head.is_compressed else None
        super().__init__(file, method, root=root, limits=limits, within=within, depth=depth, part=part)
        self.head = head


class LockedAndroidBackup:
    """See Locked."""

    name = "android-backup-aes256"

    def __init__(self, evidence: Evidence, member: Member, head: Head) -> None:
        self.path = member.path
        self._evidence, self._member, self._head = evidence, member, head

    def keys(self, material: bytes) -> list[bytes]:
        """A password."""
        return passwords(material)

    def open(self, key: bytes) -> Evidence:
        """The tar in it; raises WrongKey."""
        opened = master_key(self._head.seal, key) if self._head.seal is not None else None
        return _open(self._evidence, self._member, self._head, opened)


def android_backup(evidence: Evidence, member: Member) -> Evidence | LockedAndroidBackup:
    """The backup that a member is, or how it is opened. Raises DamagedEvidence, LimitExceeded."""
    if evidence.depth >= evidence.limits.depth:
        raise LimitExceeded(f"{member.path}: more than {evidence.limits.depth} containers in each other")
    with evidence.open(member) as stream:
        head = read_head(stream.read(_HEAD))
    if head.seal is not None:
        return LockedAndroidBackup(evidence, member, head)
    return _open(evidence, member, head, None)


def _open(evidence: Evidence, member: Member, head: Head, key: tuple[bytes, bytes] | None) -> AndroidBackup:
    return AndroidBackup(
        StreamSource(evidence.open(member)),
        head,
        key,
        root=evidence.root,
        limits=evidence.limits,
        within=member.path,
        depth=evidence.depth + 1,
    )


def device_path(path: str) -> str:
    """Where a member of a backup was on the phone; any other path as it is."""
    found = _NAME.search(path)
    if found is not None:
        package, protected, token, rest = found.groups()
        before = path[: found.start()]
        if token in ("ef", "obb"):
            folder = "Android/data" if token == "ef" else "Android/obb"
            inner = f"files/{rest}" if token == "ef" else rest
            return f"{before}/data/media/0/{folder}/{package}/{inner}"
        root = "data/user_de/0" if protected else "data/data"
        return f"{before}/{root}/{package}/{_FOLDERS[token]}{rest}"
    shared = _SHARED.search(path)
    if shared is not None:
        return f"{path[: shared.start()]}/data/media/{shared[1]}/{shared[2]}"
    return path
