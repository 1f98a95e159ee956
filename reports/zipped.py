"""A delivery as one file, a zip that is the same bytes on every machine.

Nothing in it is compressed: what a compressor writes differs from one library to the next. RFC 8493 (4.3)
wants the folder of the bag, and nothing beside it, at the top.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from forensics.errors import MachineFailed, WrongUse

# A zip knows no earlier year (APPNOTE 4.4.6: years count from 1980), and its system of files is Unix (4.4.2).
_FIRST, _UNIX = "1980-01-01", 3
# An ordinary file that everyone may read, in the upper half of the attributes, as Unix writes them.
_READABLE = 0o100644 << 16


def place_of(folder: Path) -> Path:
    """Where the zip of a delivery stands. WrongUse when something is there already."""
    place = folder.resolve().with_name(f"{folder.resolve().name}.zip")
    if place.exists():
        raise WrongUse(f"{place.name}: is there already; move it away or name another folder")
    return place


def zip_of(folder: Path, place: Path, date: str) -> str:
    """Write the zip of a delivery, with the date of the case on every file; gives its SHA-256. MachineFailed
    without space or permission; then there is no zip."""
    year, month, day = map(int, max(date[:10], _FIRST).split("-"))
    try:
        with ZipFile(place, "x", ZIP_STORED) as made:
            files = {
                each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if each.is_file()
            }
            for name, path in sorted(files.items()):
                info = ZipInfo(f"{place.stem}/{name}", (year, month, day, 0, 0, 0))
                info.create_system, info.external_attr, info.file_size = _UNIX, _READABLE, path.stat().st_size
                with path.open("rb") as stream, made.open(info, "w") as written:
                    shutil.copyfileobj(stream, written, 1 << 20)
        with place.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        place.unlink(missing_ok=True)
        raise MachineFailed(f"{place.name}: could not be written: {error.strerror or error}") from error
