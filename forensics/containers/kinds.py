"""Which container a file is, by its first bytes; the name is a hint and never the ground.

Source: containers reference 0.
"""

from __future__ import annotations

from forensics.archives import PACKED_TARS
from forensics.formats import android_backup, tar_archive, zip_archive

NAMES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst", ".ufdr", ".clbx", ".ab")
EWF = (b"EVF\t\r\n\xff\x00", b"EVF2\r\n\x81\x00", b"LVF\t\r\n\xff\x00")
# What an app's package, a library or an office document begins with: a zip too, and none of evidence.
_PACKAGES = (
    b"META-INF/",
    b"AndroidManifest.xml",
    b"classes.dex",
    b"resources.arsc",
    b"[Content_Types].xml",
    b"_rels/.rels",
    b"mimetype",
)
_SQLITE = b"SQLite format 3\x00"
# Where raw images of a disk or a file system show it: a GPT header, the magic of ext2 to ext4 and of F2FS; an
# MBR ends in 55 AA, and has a partition that is active or not.
_SIGNS = ((512, b"EFI PART"), (1080, b"\x53\xef"), (1024, b"\x10\x20\xf5\xf2"))
_MBR_END, _MBR_PARTITION = b"\x55\xaa", 446
_FIRST_NAME = 30  # of the local header (APPNOTE 4.3.7)


def kind(head: bytes) -> str | None:
    """ "archive", "android backup" or "ewf"; None for what is no container. ``head``: at least 512 bytes."""
    if head.startswith(android_backup.MAGIC):
        return "android backup"
    if head.startswith(EWF):
        return "ewf"
    if head.startswith((*zip_archive.STARTS, *PACKED_TARS)):
        return "archive"
    if looks_raw(head) and not head.startswith(_SQLITE):
        return "image"
    is_tar = head[tar_archive.MAGIC_AT :].startswith(tar_archive.MAGIC)
    return "archive" if is_tar else None


def looks_raw(head: bytes) -> bool:
    """Whether the first bytes are those of a raw image of a disk or a file system."""
    if any(head[at : at + len(sign)] == sign for at, sign in _SIGNS):
        return True
    is_mbr = head[510:512] == _MBR_END and head[_MBR_PARTITION : _MBR_PARTITION + 1] in (b"\x00", b"\x80")
    return is_mbr and any(head[_MBR_PARTITION:510])


def is_package(head: bytes) -> bool:
    """Whether a zip is an app's package, a library or an office document, by the name of its first member."""
    return head.startswith(zip_archive.STARTS[0]) and head[_FIRST_NAME:].startswith(_PACKAGES)


def is_named_as_one(path: str) -> bool:
    """Whether the name says that it is a container."""
    return path.lower().endswith(NAMES)
