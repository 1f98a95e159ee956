"""The inputs of the benchmark, made once and kept by size and by what made them."""

from __future__ import annotations

import argparse
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
TELEGRAM_MAKER = (
    "make_telegram.py",
    "sentences.py",
    "../fixtures/telegram_tl/encoding.py",
    "../fixtures/telegram_android/schema/modern.sql",
)


def maker_hash(*further: str) -> str:
    """SHA-256 over the maker's own files: another maker makes another input."""
    return hash_of(*MAKER, *further)


def hash_of(*names: str) -> str:
    """SHA-256 over files of the benchmarks."""
    return hashlib.sha256(b"\0".join((HERE / name).read_bytes() for name in names)).hexdigest()


def phone_of(work: Path, messages: int, *, is_ios: bool = False) -> Path:
    """The folder of a phone with so many messages, made now if it is not there."""
    program = IOS_MAKER if is_ios else MAKER[0]
    name, made_by = ("ios", maker_hash(IOS_MAKER)) if is_ios else ("whatsapp", maker_hash())
    return made(work, name, made_by, program, messages)


def telegram_phone_of(work: Path, messages: int) -> Path:
    """The same for Telegram on Android."""
    return made(work, "telegram", hash_of(*TELEGRAM_MAKER), TELEGRAM_MAKER[0], messages)


def made(work: Path, name: str, made_by: str, program: str, messages: int) -> Path:
    """A folder that a program makes, kept by its name, by size and by what made it.

    It is made by another process, so that the memory this takes is not counted to what is measured.
    """
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


def asked(description: str | None) -> argparse.Namespace:
    """What the command line asks of a command that measures one phone in rounds: messages, rounds, work."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", type=Path, help="kept inputs")
    return parser.parse_args()
