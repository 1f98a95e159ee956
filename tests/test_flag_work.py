"""Lines on their way to another process, on a machine that has no room for them."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest

from forensics import flag_work
from forensics.errors import MachineFailed
from forensics.flag_rows import About, LineRow
from forensics.flag_work import Part, packed, packed_flags
from forensics.private_copies import private_folder
from forensics.workers import in_order


def _rows(count: int) -> Iterator[LineRow]:
    for n in range(count):
        yield (n.to_bytes(12, "big"), "tot straks" * 20, None, n, "p1", False, None, n, 0)


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """No file may grow beyond that size, which fails as a full disk does."""
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_no_room_for_the_lines_of_a_conversation_is_7(tmp_path: Path) -> None:
    with _largest_file(50_000), pytest.raises(MachineFailed, match="lines cannot be kept there") as told:
        packed(Part(About(1, "c1", {}), _rows(5_000)), tmp_path)
    assert told.value.exit_code == 7
    assert str(tmp_path) in str(told.value)


def test_an_analysis_without_room_leaves_no_private_folder(tmp_path: Path) -> None:
    """As a command that analyses with two processes meets it."""
    parts = (Part(About(n, f"c{n}", {}), _rows(5_000)) for n in (1, 2))
    with (
        _largest_file(50_000),
        pytest.raises(MachineFailed, match="lines cannot be kept there"),
        private_folder(tmp_path) as folder,
    ):
        list(in_order(packed_flags, (packed(part, folder) for part in parts), 2))
    assert list(tmp_path.iterdir()) == []


def test_lines_that_cannot_be_read_back_are_7(tmp_path: Path) -> None:
    with patch.object(flag_work, "_AT_ONCE", 5):
        part = packed(Part(About(1, "c1", {}), _rows(20)), tmp_path)
    assert part.file is not None
    Path(part.file).unlink()
    with pytest.raises(MachineFailed, match="cannot be read"):
        packed_flags(part)
