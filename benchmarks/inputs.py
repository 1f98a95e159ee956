"""The inputs of the benchmark, made once and kept by size and by what made them."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAKER = (
    "make_whatsapp.py",
    "sentences.py",
    "whatsapp_kinds.py",
    "whatsapp_messages.py",
    "whatsapp_people.py",
    "whatsapp_rows.py",
    "whatsapp_tables.py",
)


IOS_MAKER = "make_whatsapp_ios.py"


def maker_hash(*further: str) -> str:
    """SHA-256 over the maker's own files: another maker makes another input."""
    names = (*MAKER, *further)
    return hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in names)).hexdigest()


def phone_of(work: Path, messages: int, *, is_ios: bool = False) -> Path:
    """The folder of a phone with so many messages, made now if it is not there.

    It is made by another process, so that the memory this takes is not counted to what is measured.
    """
    program = IOS_MAKER if is_ios else MAKER[0]
    name, made_by = ("ios", maker_hash(IOS_MAKER)) if is_ios else ("whatsapp", maker_hash())
    phone = work / f"{name}-{messages}-{made_by[:8]}"
    if not phone.exists():
        unfinished = phone.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        maker = [sys.executable, str(HERE / program), str(unfinished)]
        subprocess.run([*maker, "--messages", str(messages)], check=True)
        unfinished.rename(phone)
    return phone


def bytes_in(path: Path) -> int:
    """The size of a file, or of all files in a folder; 0 when there is nothing."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())
