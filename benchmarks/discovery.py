"""How long it takes to find what matters in a zip of a whole file system, beside listing it with zipfile.

``python benchmarks/discovery.py 500000``: makes a zip of so many empty members, lists it with the standard
library and looks through it with Sporen; processor time and the most memory that looking through it took.
"""

from __future__ import annotations

import json
import resource
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from forensics import registry
from forensics.evidence import open_evidence
from forensics.intake import Intake
from forensics.items import Item
from forensics.key_ring import KeyRing

_APPS = 400


def make(path: Path, count: int) -> None:
    """A zip of empty members with the names of a phone's; all share one local header, which nobody reads."""
    local = b"PK\x03\x04" + struct.pack("<5H3L2H", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"x"
    size = 0
    with path.open("wb") as file:
        file.write(local)
        for number in range(count):
            name = (
                f"Dump/data/data/com.example.app{number % _APPS}/files/{number // 100}/object_{number:07}.bin"
            )
            fixed = struct.pack(
                "<6H3L5H2L", 0x0314, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0x81A40000, 0
            )
            size += file.write(b"PK\x01\x02" + fixed + name.encode())
        end = len(local) + size
        file.write(struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, len(local)))
        file.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0))


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
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1 << 20
    )
    return {"seconds": seconds, "mebibytes": memory}


def measured(path: Path) -> dict[str, float]:
    """The same in a process of its own, whose memory nothing else has used."""
    command = [sys.executable, __file__, "--look", str(path)]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(made.stdout)
    return found


def main(arguments: list[str]) -> None:
    """See above."""
    if arguments[:1] == ["--look"]:
        print(json.dumps(discovery(Path(arguments[1]))))
        return
    count = int(arguments[0]) if arguments else 500_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sparse.zip"
        make(path, count)
        found = measured(path)
        print(f"{count} members: zipfile {listing(path):.1f} s, discovery {found['seconds']:.1f} s,")
        print(f"most memory {found['mebibytes']:.0f} MiB")


if __name__ == "__main__":
    main(sys.argv[1:])
