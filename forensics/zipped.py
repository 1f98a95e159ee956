"""A delivery as one file, a zip that adds nothing of the machine's own: the same delivery under the same name
is the same zip.

Nothing in it is compressed: what a compressor writes differs from one library to the next. At the top stands
the folder of the bag and nothing beside it, as the drafts of BagIt ask of a bag in one file
(draft-kunze-bagit, "Serialization"; RFC 8493 itself says nothing of it).
"""

from __future__ import annotations

import hashlib
import os
import shutil
from io import BufferedRandom
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from forensics.case import Case
from forensics.errors import MachineFailed, WrongUse
from forensics.places import check_target

# The years of a zip (APPNOTE 4.4.6: seven bits, counted from 1980).
_FIRST_DAY, _LAST_DAY = "1980-01-01", "2107-12-31"
# The system of files that the attributes are of (APPNOTE 4.4.2).
_UNIX = 3
# What a zip with anything in it begins with (APPNOTE 4.3.7).
_BEGINNING = b"PK\x03\x04"
# An ordinary file that everyone may read, in the upper half of the attributes, as Unix writes them.
_READABLE = 0o100644 << 16


def zip_place(case: Case, folder: Path) -> Path:
    """Where the zip of a delivery is to stand. WrongUse when something is there already, for a name that no
    zip can have, and in the evidence."""
    whole = folder.resolve()
    try:
        whole.name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise WrongUse(f"{folder.name}: is no name in UTF-8, as a zip needs; name another folder") from error
    if not whole.name:
        raise WrongUse(f"{folder}: has no name that a zip could have; name another folder")
    place = whole.with_name(f"{whole.name}.zip")
    for each in (place, _unfinished(place)):
        check_target(case, each)
        if os.path.lexists(each):  # a link that leads nowhere is something too
            raise _taken(each)
    return place


def check_no_zip(path: Path) -> None:
    """WrongUse for a zip where a delivery or case is to be named: it is taken out first."""
    if not path.is_file():
        return
    with path.open("rb") as stream:
        if stream.read(len(_BEGINNING)) == _BEGINNING:
            raise WrongUse(
                f"{path.name}: is a zip; take it out first (unzip {path.name}), and name the folder of the"
                " delivery that was in it"
            )


def zip_delivery(case: Case, folder: Path, place: Path) -> str:
    """Write the zip of a finished delivery and log it as a copy of its own; gives its SHA-256.

    WrongUse when something has come to stand there, MachineFailed without space or permission. Then, and
    when it is interrupted, there is no zip and the delivery is as it was.
    """
    digest = write_zip(folder, place, str(case.info["changed_at"]))
    with case.change() as change:
        change.log("report.write", {"file": str(place)}, form="zip", sha256=digest, delivery=str(folder))
    return digest


def write_zip(folder: Path, place: Path, date: str) -> str:
    """Write all files of the folder into a zip, with that date (RFC 3339) on each; gives its SHA-256."""
    try:
        with _unfinished(place).open("x+b") as stream:
            return _written(stream, folder, place, date)
    except FileExistsError as error:
        raise _taken(Path(str(error.filename))) from error
    except OSError as error:
        raise MachineFailed(
            f"{place.name}: could not be written: {error.strerror or error}; the delivery in {folder.name} is"
            " whole without it"
        ) from error


def _written(stream: BufferedRandom, folder: Path, place: Path, date: str) -> str:
    """Into a file beside it, which is moved to its place when it is whole and removed whatever happens."""
    unfinished = _unfinished(place)
    try:
        with stream:
            _fill(stream, folder, place.stem, date)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        _put(unfinished, place)
        return digest
    finally:
        unfinished.unlink(missing_ok=True)


def _fill(stream: BufferedRandom, folder: Path, top: str, date: str) -> None:
    year, month, day = map(int, min(max(date[:10], _FIRST_DAY), _LAST_DAY).split("-"))
    files = {each.relative_to(folder).as_posix(): each for each in folder.rglob("*") if each.is_file()}
    with ZipFile(stream, "w", ZIP_STORED) as made:
        for name, path in sorted(files.items()):
            info = ZipInfo(f"{top}/{name}", (year, month, day, 0, 0, 0))
            info.create_system, info.external_attr, info.file_size = _UNIX, _READABLE, path.stat().st_size
            with path.open("rb") as read, made.open(info, "w") as written:
                shutil.copyfileobj(read, written, 1 << 20)


def _put(unfinished: Path, place: Path) -> None:
    """Move a file to a place where nothing is. FileExistsError when something is."""
    with place.open("xb"):
        pass  # the place is ours: nothing of somebody else is replaced now
    try:
        unfinished.replace(place)
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _unfinished(place: Path) -> Path:
    return place.with_name(f"{place.name}.part")


def _taken(place: Path) -> WrongUse:
    return WrongUse(f"{place.name}: is there already; move it away or name another folder")
