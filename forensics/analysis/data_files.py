"""The data of this package as bytes and as rows."""

from __future__ import annotations

import csv
import io
from functools import partial
from importlib import resources

_text = partial(io.TextIOWrapper, encoding="utf-8", newline="")  # by pieces: whole it is five times as large


def data_bytes(name: str) -> bytes:
    """A data file of this package."""
    return (resources.files("forensics.analysis") / "data" / name).read_bytes()


def table(raw: bytes) -> csv.DictReader[str]:
    """The rows of a CSV data file."""
    raw.decode("utf-8")  # so that an error names the place in the file
    return csv.DictReader(_text(io.BytesIO(raw)))
