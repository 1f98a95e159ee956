"""Evidence that is not as it was: ``verify --evidence`` names the files, as far as the case knows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sporen_runs import MSGSTORE, change, exported, ingest, new, of, phone, verified

WA = MSGSTORE.replace("msgstore", "wa")
UNREAD = "files that were not read then were not compared"


def media(folder: Path, case: Path) -> list[str]:
    """The paths of the media that the messages of a case show."""
    found = [each for message in of(exported(case), "message") for each in message["attachments"]]
    return sorted({each["path"] for each in found if each["present"] and (folder / each["path"]).exists()})


def without(path: str) -> Callable[[Path], object]:
    return lambda folder: (folder / path).unlink()


def text_of_one(folder: Path) -> None:
    change(folder / MSGSTORE, "UPDATE message SET starred = 1 WHERE _id = 2")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (text_of_one, f"changed: {MSGSTORE}; {UNREAD}"),
        (without(WA), f"not found or not readable: {WA}; {UNREAD}"),
        (
            lambda folder: (folder / "copy.db").write_bytes((folder / MSGSTORE).read_bytes()),
            f"not there when it was read: copy.db; {UNREAD}",
        ),
        (
            lambda folder: (folder / "note.txt").write_text("read by nobody"),
            "of which the case holds the digest are as they were; another file, which was not read, was"
            " changed, added or removed",
        ),
    ],
)
def test_the_files_that_differ_are_named(spoil: Callable[[Path], object], said: str, tmp_path: Path):
    case, folder = new(tmp_path / "case"), phone(tmp_path / "phone")
    ingest(case, folder)
    spoil(folder)
    (found,) = verified(case, "--evidence", folder, code=1)
    assert f"compared with {folder} as it was read: " in found
    assert found.endswith(said)


def test_media_that_differ_are_named(tmp_path: Path):
    case, folder = new(tmp_path / "case"), phone(tmp_path / "phone", "modern_media")
    ingest(case, folder)
    changed, gone, *_rest = media(folder, case)
    (folder / changed).write_bytes(b"another picture")
    (folder / gone).unlink()
    (found,) = verified(case, "--evidence", folder, code=1)
    assert found.endswith(f": changed: {changed}; not found or not readable: {gone}; {UNREAD}")


def test_evidence_without_a_file_of_the_case_is_compared_with_nothing(tmp_path: Path):
    case = new(tmp_path / "case")
    ingest(case, phone(tmp_path / "phone"))
    (found,) = verified(case, "--evidence", phone(tmp_path / "other") / MSGSTORE, code=1)
    assert "compared with" not in found


def test_names_are_bounded(tmp_path: Path):
    case, folder = new(tmp_path / "case"), phone(tmp_path / "phone")
    ingest(case, folder)
    for number in range(12):
        (folder / f"copy-{number:02}.db").write_bytes((folder / MSGSTORE).read_bytes())
    (found,) = verified(case, "--evidence", folder, code=1)
    assert "copy-09.db and 2 more;" in found
    assert "copy-10" not in found
