"""Archives and backups that unpack to far more than they weigh: told soon and in little memory."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import backup_files
import pytest
import whatsapp_backups
from archive_files import zip_bytes
from sporen_runs import MSGSTORE, new, phone

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(sys.platform != "linux", reason="the memory of another process is counted otherwise"),
]

MEBIBYTE = 1 << 20
MOST_MEMORY = 300 * 1024  # kB on Linux
LONGEST = 120.0  # seconds
_SPOREN = (sys.executable, "-c", "from forensics.cli import main; main()")
# Starts a command, and says behind what that said how much memory it took: of a process that this one starts,
# the system counts what this one took too.
_MEASURED = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
process.returncode = os.waitstatus_to_exitcode(status)
print(usage.ru_maxrss)
sys.exit(process.returncode)
"""


class Zeros(io.RawIOBase):
    """A file of zeros without end."""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return bytes(size)


def zip_of_zeros() -> bytes:
    """3 GiB of zeros as the database of the phone."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(MSGSTORE, "w", force_zip64=True) as member,
    ):
        for _ in range(3 << 10):
            member.write(bytes(MEBIBYTE))
    return buffer.getvalue()


def zips_in_zips() -> bytes:
    """Eight in each of eight, six deep, with zeros at the end of all."""
    inner = zip_bytes((MSGSTORE, bytes(MEBIBYTE)))
    for _ in range(6):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"{number}.zip", inner)
        inner = buffer.getvalue()
    return inner


def tar_of_zeros(mode: str, mebibytes: int) -> bytes:
    """A packed tar with one long member."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        member = tarfile.TarInfo(MSGSTORE)
        member.size = mebibytes * MEBIBYTE
        archive.addfile(member, Zeros())  # type: ignore[arg-type]
    return buffer.getvalue()


def members_without_end() -> bytes:
    """60,000 members, half of them folders."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(60_000):
            archive.writestr(f"d{number}/" if number % 2 else f"f{number}", b"")
    return buffer.getvalue()


def long_database() -> bytes:
    """A database with 300 MiB of zeros behind it."""
    with tempfile.TemporaryDirectory() as folder:
        return (phone(Path(folder), "modern_direct") / MSGSTORE).read_bytes() + bytes(300 * MEBIBYTE)


def android_backup() -> bytes:
    """The long database in a backup of Android."""
    return backup_files.android_backup(("apps/com.whatsapp/db/msgstore.db", long_database()))


def packed_twice() -> bytes:
    """The long database, packed in what was packed."""
    return whatsapp_backups.crypt15(zlib.compress(zlib.compress(long_database(), 9), 9))


BOMBS: dict[str, Callable[[], bytes]] = {
    "zeros.zip": zip_of_zeros,
    "nested.zip": zips_in_zips,
    "zeros.tar.gz": lambda: tar_of_zeros("w:gz", 2 << 10),
    "zeros.tar.xz": lambda: tar_of_zeros("w:xz", 1 << 10),
    "zeros.tar.bz2": lambda: tar_of_zeros("w:bz2", 1 << 9),
    "twice.gz": lambda: gzip.compress(gzip.compress(bytes(256 * MEBIBYTE), mtime=0), mtime=0),
    "members.zip": members_without_end,
    "backup.ab": android_backup,
    "msgstore.db.crypt15": lambda: whatsapp_backups.crypt15(zlib.compress(long_database(), 9)),
    "twice.crypt15": packed_twice,
}

# Large when unpacked, but within the limits and sound: all rows are read.
WHOLE = frozenset({"backup.ab", "msgstore.db.crypt15"})


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_told_in_little_memory(name: str, tmp_path: Path):
    path, key = tmp_path / name, tmp_path / "key"
    path.write_bytes(BOMBS[name]())
    key.write_bytes(whatsapp_backups.ROOT_FILE)
    keys = ("--key", str(key)) if name.endswith("crypt15") else ()
    case = new(tmp_path / "case")
    command = [sys.executable, "-c", _MEASURED, *_SPOREN, "ingest", str(case), str(path), *keys]
    told = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert told.returncode == (0 if name in WHOLE else 3), told.stderr
    said, memory = told.stdout + told.stderr, int(told.stdout.splitlines()[-1])
    assert "Traceback" not in said
    assert memory < MOST_MEMORY, memory
    assert sum(each.stat().st_size for each in case.rglob("*")) < 100 * MEBIBYTE
