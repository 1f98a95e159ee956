"""Where a command may write: never into the evidence or over the case."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from forensics.case import LOG, Case
from forensics.case_file import DATABASE
from forensics.case_key import KEY
from forensics.errors import MachineFailed, WrongUse
from forensics.evidence import COMPANIONS
from forensics.waiting import is_waiting


def check_case_folder(folder: Path, evidence: Iterable[Path]) -> None:
    """WrongUse when the case lies in the evidence: making it would change what is to be read."""
    for each in evidence:
        if _is_inside(folder, each):
            raise WrongUse(f"{folder}: the case would be inside the evidence {each}; name a folder elsewhere")


def write_new(file: Path, data: bytes) -> None:
    """WrongUse when the file exists; MachineFailed where it cannot be written."""
    try:
        with file.open("xb") as stream:
            stream.write(data)
    except FileExistsError as error:
        raise WrongUse(f"{file}: exists already; name a file that does not") from error
    except OSError as error:
        raise MachineFailed(f"{file}: cannot be written: {error.strerror}") from error


def check_empty(folder: Path) -> None:
    """WrongUse when a folder that is to be made is there with something in it, or is a file."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUse(f"{folder.name}: is not an empty folder; name a folder that does not exist yet")


def check_target(case: Case, target: Path) -> None:
    """WrongUse when the file or folder to be written is the case itself or lies in its evidence."""
    is_attempt = is_waiting(target.name) and target.resolve().parent == case.folder.resolve()
    if is_attempt or any(_is_inside(case.folder / name, target) for name in (DATABASE, LOG, KEY)):
        raise WrongUse(f"{target}: this would overwrite the case; name another place")
    for (path,) in case.db.execute("SELECT path FROM evidence ORDER BY n"):
        evidence = Path(path)
        beside = [evidence.with_name(evidence.name + suffix) for suffix in COMPANIONS]
        if any(_is_inside(target, each) for each in (evidence, *beside)):
            raise WrongUse(f"{target}: this would write into the evidence {path}; name another place")


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether the path is that one or below it, links followed."""
    inner, outer = path.resolve(), folder.resolve()
    return outer == inner or outer in inner.parents
