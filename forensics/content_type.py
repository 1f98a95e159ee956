"""What libmagic says of the first bytes of a file: for a description, never for a decision or a record.

libmagic comes in a wheel, so nothing has to be installed on the machine: `pylibmagic` on Linux and macOS,
`python-magic-bin` on Windows. These are different versions of libmagic, with different names for some types.
What it says may be shown and logged, but is no part of a record, whose digest must be the same everywhere.
"""

from __future__ import annotations

import ctypes
import os
import sys
from functools import lru_cache
from importlib import import_module
from typing import Protocol

HEAD_BYTES = 4096  # the marks of the types that phones hold stand in here; the last of them is tar's, at 257


class _Detector(Protocol):
    def from_buffer(self, buffer: bytes) -> str: ...


def mime_type(head: bytes) -> str:
    """The MIME type of a file that begins with these bytes; ``application/octet-stream`` where not known."""
    return _detector().from_buffer(head[:HEAD_BYTES])


@lru_cache(maxsize=1)
def _detector() -> _Detector:
    """libmagic, loaded at the first question: most runs ask none."""
    if sys.platform == "win32":
        detector: _Detector = import_module("magic").Magic(mime=True)
        return detector
    return _bundled()


def _bundled() -> _Detector:
    """libmagic from pylibmagic's wheel.

    Its import changes the environment (an empty entry in LD_LIBRARY_PATH, which means the current folder, for
    every child process) and ``ctypes.CDLL``; both are put back once the library is loaded.
    """
    environment, load = dict(os.environ), ctypes.CDLL.__init__
    try:
        data = import_module("pylibmagic").data
        detector: _Detector = import_module("magic").Magic(mime=True, magic_file=str(data / "magic.mgc"))
    finally:
        ctypes.CDLL.__init__ = load  # type: ignore[method-assign]
        _restore(environment)
    return detector


def _restore(environment: dict[str, str]) -> None:
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    os.environ.update(environment)
