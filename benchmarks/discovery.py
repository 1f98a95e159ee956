"""How long it takes to find what matters in a zip of a whole file system, beside listing it with zipfile.

``python benchmarks/discovery.py --members 500000 --gigabytes 20`` makes a zip of so many members and so large
(stored members of zeros, which take no room on a file system with sparse files), lists it with the standard
library and looks through it with Sporen; processor time and the most memory that looking through it took.
``--zip FILE`` measures a zip that is there already; ``--keep FILE`` keeps the one that was made.
"""

from __future__ import annotations

import argparse
import json
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import BinaryIO

from forensics import registry
from forensics.evidence import open_evidence
from forensics.intake import Intake
from forensics.items import Item
from forensics.key_ring import KeyRing

_APPS = 400
_LARGE = 1 << 30


def make(path: Path, count: int, gigabytes: int = 0) -> None:
    """A zip with the names of a phone's members. The first ``gigabytes`` are stored and have a gibibyte of
    zeros each, the others are empty; all of these share one local header, which nobody reads."""
    with path.open("wb") as file:
        places = [_large(file, number) for number in range(gigabytes)]
        shared = file.tell()
        file.write(b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"x")
        start, size = file.tell(), 0
        for number in range(count):
            is_large = number < gigabytes
            size += file.write(_entry(number, places[number] if is_large else shared, is_large))
        end = start + size
        file.write(struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start))
        file.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))


def _large(file: BinaryIO, number: int) -> int:
    """The local header of a large member, and a hole behind it; where the header is."""
    place, name = file.tell(), _name(number)
    fixed = struct.pack("<5H3L2H", 45, 0, 0, 0, 33, _zeros_crc(), _LARGE, _LARGE, len(name), 0)
    file.write(b"PK\x03\x04" + fixed + name)
    file.seek(_LARGE, 1)
    return place


def _name(number: int) -> bytes:
    folder = f"Dump/data/data/com.example.app{number % _APPS}/files/{number // 100}"
    return f"{folder}/object_{number:07}.bin".encode()


def _entry(number: int, place: int, is_large: bool) -> bytes:
    name, size = _name(number), _LARGE if is_large else 0
    extra = struct.pack("<2HQ", 1, 8, place) if place >= 0xFFFFFFFF else b""
    fixed = struct.pack(
        "<6H3L5H2L", 0x0314, 45, 0, 0, 0, 33, _zeros_crc() if is_large else 0, size, size, len(name),
        len(extra), 0, 0, 0, 0x81A40000, 0xFFFFFFFF if extra else place,
    )  # fmt: skip
    return b"PK\x01\x02" + fixed + name + extra


@cache
def _zeros_crc() -> int:
    found, block = 0, bytes(1 << 20)
    for _ in range(_LARGE >> 20):
        found = zlib.crc32(block, found)
    return found


def listing(path: Path) -> float:
    """Seconds of processor time that zipfile takes to list the archive."""
    start = time.process_time()
    with zipfile.ZipFile(path) as archive:
        archive.namelist()
    return time.process_time() - start


def discovery(path: Path) -> dict[str, float]:
    """Seconds of processor time that looking through takes, and the most memory in MiB."""
    with tempfile.TemporaryDirectory() as work:
        parsers, documents = registry.parsers(), registry.document_parsers()
        with Intake(parsers, KeyRing(()), Path(work), document_parsers=documents) as intake:
            item = Item(evidence=open_evidence(path), path=path, sha256="0" * 64, size=path.stat().st_size)
            start = time.process_time()
            intake.look(item)
            seconds = time.process_time() - start
    return {"seconds": seconds, "mebibytes": most_memory()}


def most_memory() -> float:
    """The most memory of this process in MiB. Linux counts in ``ru_maxrss`` what its parent had too."""
    status = Path("/proc/self/status")
    if status.exists():
        (peak,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 if sys.platform != "darwin" else 1 << 20)


def measured(path: Path) -> dict[str, float]:
    """The same in a process of its own, whose memory nothing else has used."""
    command = [sys.executable, __file__, "--look", str(path)]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(made.stdout)
    return found


def compared(path: Path) -> str:
    """Both measured, in words."""
    found, listed = measured(path), listing(path)
    with zipfile.ZipFile(path) as archive:
        count = len(archive.infolist())
    return (
        f"{count} members, {path.stat().st_size / (1 << 30):.1f} GiB: zipfile {listed:.1f} s, discovery"
        f" {found['seconds']:.1f} s ({found['seconds'] / max(listed, 0.01):.2f} times), most memory"
        f" {found['mebibytes']:.0f} MiB"
    )


def main(arguments: list[str]) -> None:
    """See above."""
    if arguments[:1] == ["--look"]:
        print(json.dumps(discovery(Path(arguments[1]))))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=500_000, help="members of the zip (500000)")
    parser.add_argument("--gigabytes", type=int, default=20, help="its size (20)")
    parser.add_argument("--zip", type=Path, help="a zip that is there already")
    parser.add_argument("--keep", type=Path, help="where the zip that is made is kept")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = given.zip or given.keep or Path(folder) / "sparse.zip"
        if given.zip is None:
            make(path, given.members, given.gigabytes)
        print(compared(path))


if __name__ == "__main__":
    main(sys.argv[1:])
