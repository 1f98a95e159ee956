"""What a command ran on and with: printed in the report, so that another can set it up again."""

from __future__ import annotations

import hashlib
import locale
import os
import platform
import sqlite3
import sys
import zoneinfo
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

import forensics

_PACKAGES = ("forensics", "parsers", "reports")
_LIBRARIES = (
    "cryptography", "pycryptodome", "sqlite-utils", "typst", "Jinja2", "XlsxWriter", "Pillow",
    "orjson", "rfc8785",
)  # fmt: skip


def environment(command: str) -> dict[str, str]:
    """The field names are those of the report's item C9."""
    return {
        "tool": "Sporen",
        "version": forensics.__version__,
        "commit": _commit() or "",
        "build_sha256": build_sha256(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": sqlite3.sqlite_version,
        "os": f"{platform.system()} {platform.release()} {platform.machine()}",
        "locale": locale.setlocale(locale.LC_CTYPE),
        "tzdata": _timezone_data(),
        "libraries": ", ".join(f"{name} {_installed(name)}" for name in _LIBRARIES),
        "command": command,
    }


@cache
def build_sha256() -> str:
    """SHA-256 over the program's own files: sorted lines of ``sha256  path``, as of a folder of evidence.

    Taken once: a process goes on with the files that it began with.
    """
    lines = []
    for package in _PACKAGES:
        root = Path(str(files(package)))
        for path in root.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = f"{package}/{path.relative_to(root).as_posix()}"
                lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n".encode())
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def _commit() -> str | None:
    """The commit of a checkout; an installed package has none."""
    git = Path(forensics.__file__).resolve().parent.parent / ".git"
    try:
        head = (git / "HEAD").read_text("ascii").strip()
        reference = head.removeprefix("ref: ")
        return head if reference == head else (git / reference).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None


def _timezone_data() -> str:
    """The version of the time-zone database that is used, and whose it is."""
    for folder in zoneinfo.TZPATH:
        stamp = Path(folder) / "tzdata.zi"
        try:
            with stamp.open(encoding="ascii") as stream:
                return f"{stream.readline().removeprefix('# version').strip()} (system)"
        except (OSError, UnicodeDecodeError):
            continue  # this folder has no stamp: the next one, then the package
    return f"{_installed('tzdata')} (package)"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def command_line() -> str:
    """The command as it was given, without the folder of the program and without what an option may hide."""
    given = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]) if sys.argv else ""
    return os.fsencode(given).decode("utf-8", "backslashreplace")
