"""libmagic from a wheel: what it says of common files, and that it leaves nothing behind."""

from __future__ import annotations

import ctypes
import io
import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from forensics.content_type import mime_type


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"%PDF-1.7\n", {"application/pdf"}),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01\x00\x48\x00\x48\x00\x00", {"image/jpeg"}),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02", {"image/png"}),
        (_zip(), {"application/zip"}),
        (b"just words\n", {"text/plain"}),
        (bytes(64), {"application/octet-stream"}),
        (b"", {"application/x-empty", "inode/x-empty"}),
    ],
)
def test_common_files_are_named(head: bytes, expected: set[str]):
    assert mime_type(head) in expected


def test_a_database_is_named(tmp_path: Path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE a(b)")
    connection.close()
    head = (tmp_path / "a.db").read_bytes()
    assert mime_type(head) in {"application/vnd.sqlite3", "application/x-sqlite3"}


def test_no_more_than_the_head_is_looked_at():
    assert mime_type(b"words " * 1_000_000) == "text/plain"


CHECK = """
import ctypes, os, sys
before, load = dict(os.environ), ctypes.CDLL.__init__
import forensics.content_type
assert "magic" not in sys.modules
forensics.content_type.mime_type(b"%PDF-1.7")
assert dict(os.environ) == before
assert ctypes.CDLL.__init__ is load
loaded = open("/proc/self/maps").read() if sys.platform == "linux" else "pylibmagic"
print("pylibmagic" in loaded, "/lib/x86_64-linux-gnu/libmagic" in loaded)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows the library comes with python-magic-bin")
def test_the_library_is_the_wheels_own_and_leaves_nothing_behind():
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
    assert isinstance(ctypes.CDLL(None), ctypes.CDLL)
    assert "pylibmagic" not in os.environ.get("LD_LIBRARY_PATH", "")
