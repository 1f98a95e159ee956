"""A small delivery for the tests: its log, its records, and the tag files that seal it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from forensics import custody
from forensics.custody import GENESIS, Head
from forensics.keys import SigningKey

EXAMINER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
COLLEAGUE = SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x11" * 32))
STRANGER = SigningKey(Ed25519PrivateKey.from_private_bytes(b"\x99" * 32))
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"


def log_line(head: Head, action: str, detail: dict[str, object], key: SigningKey = EXAMINER) -> bytes:
    return custody.prepare(
        head,
        key=key,
        time=f"2026-03-01T09:00:{head.seq:02d}.000Z",
        tz="Europe/Amsterdam",
        actor="T. de Tester (0000)",
        host="werkstation-1",
        action=action,
        object={"path": "zaak één 😀"},
        authority="prosecutor:REF-0001:2026-02-01",
        result="ok",
        detail=detail,
        tool="sporen 0.1",
    )


def head_of(line: bytes) -> Head:
    return Head(seq=json.loads(line)["seq"], hash=json.loads(line)["hash"])


def log_lines() -> list[bytes]:
    lines = [log_line(GENESIS, "case.open", {"case": "case-1", "public_key": EXAMINER.public.hex()})]
    lines.append(log_line(head_of(lines[-1]), "evidence.add", {"\ufb33": 1, "😀": 2, "a": None}))
    lines.append(log_line(head_of(lines[-1]), "key.add", {"public_key": COLLEAGUE.public.hex()}, COLLEAGUE))
    lines.append(log_line(head_of(lines[-1]), "report.write", {"files": ["één.pdf"]}, COLLEAGUE))
    return lines


def record_line(record: dict[str, Any]) -> bytes:
    bound = {name: value for name, value in record.items() if name != "id"}
    digest = hashlib.sha256(rfc8785.dumps(bound)).hexdigest()
    return json.dumps(record | {"record_sha256": digest}, ensure_ascii=False).encode() + b"\n"


MESSAGES = [
    b'{"record":"account","id":"a-1","phone":"+31600000001"}\n',
    record_line(
        {"record": "message", "id": "m-1", "text": "hallo\u2028 \U0001f600 \x00\x7f", "view_once": False}
    ),
    record_line(
        {"record": "message", "id": "m-2", "location": {"latitude": 52.0, "longitude": -4.9e-7, "name": None}}
    ),
    record_line({"record": "call", "id": "c-1", "seconds": 12}),
]


def seal(folder: Path) -> None:
    """Write the tag files for what is in data/, as the delivery does (RFC 8493)."""
    paths = sorted(path for path in (folder / "data").rglob("*") if path.is_file())
    oxum = f"{sum(path.stat().st_size for path in paths)}.{len(paths)}"
    (folder / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (folder / "bag-info.txt").write_bytes(f"External-Identifier: EX001\nPayload-Oxum: {oxum}\n".encode())
    (folder / MANIFEST).write_bytes(listing(folder, [path.relative_to(folder).as_posix() for path in paths]))
    (folder / TAGS).write_bytes(listing(folder, ["bag-info.txt", "bagit.txt", MANIFEST]))


def listing(folder: Path, names: list[str]) -> bytes:
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    return "".join(lines).encode()
