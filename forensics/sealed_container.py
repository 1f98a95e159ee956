"""The container that goes to the examining magistrate: a zip of the sealed parts of a case, and their list.

Each part is an age file; he opens them with ``sporen unseal`` or, one by one, with the standard tool.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from forensics.case import Case
from forensics.digest import sha256
from forensics.errors import EvidenceMissing, MachineFailed, WrongKey, WrongUse
from forensics.places import check_target
from forensics.sealing import PEOPLE, Identity, checked_recipient, identities, new_key, opened

_LIST, _README = "parts.json", "README.txt"
_FORM = "sealed privileged communication"
# A part holds one batch of records and at most 4 MiB of text and one record more.
_LARGEST_PART = 64 << 20
_LARGEST_LIST = 16 << 20
_TEXT = """Verzegelde geprivilegieerde communicatie / Sealed privileged communication

Alleen te openen met de geheime sleutel van de ontvanger; de zaak zelf heeft die niet.
To be opened with the private key of the recipient only; the case itself does not have it.

    sporen unseal THIS.zip --key KEY.txt -o records.jsonl
    age -d -i KEY.txt parts/0001-records.age      (age-encryption.org; each part by itself)

parts.json lists the parts with their SHA-256, which also stand in the custody log of the case.
"""


def seal_for(case: Case, recipients: Sequence[str], by: str | None) -> list[str]:
    """From now on what is privileged is sealed for these public keys; gives them. What was read before was
    left out and stays so until it is read anew."""
    found = sorted({checked_recipient(each) for each in recipients})
    with case.change() as change:
        case.set(seal_for=found)
        change.log(
            "privilege.exclude", {"case": str(case.info["number"])}, "is sealed from now on",
            recipients=found, by=by or str(case.info["examiner"]), changes_case=True,
        )  # fmt: skip
    return found


def write_container(case: Case, path: Path, to: str, by: str | None) -> dict[str, Any]:
    """Write what is sealed in the case to a file, and log that it was given; gives counts and SHA-256.
    WrongUse when nothing is sealed or the file exists."""
    check_target(case, path)
    if path.exists():
        raise WrongUse(f"{path}: exists already; name a file that does not")
    parts = [_listed(number, row) for number, row in enumerate(_rows(case), 1)]
    if not parts:
        raise WrongUse(f"{case.folder}: nothing is sealed in this case")
    try:
        _write(case, path, parts)
        digest = sha256(path.read_bytes())
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be written: {error.strerror}") from error
    counts = {
        "parts": len(parts),
        "records": sum(each["records"] for each in parts if each["kind"] != PEOPLE),
    }
    with case.change() as change:
        change.log(
            "disclose", {"file": str(path), "sha256": digest}, "sealed container given", to=to,
            by=by or str(case.info["examiner"]), **counts,
        )  # fmt: skip
    return {"file": str(path), "sha256": digest, "to": to, **counts}


def _rows(case: Case) -> Iterator[tuple[Any, ...]]:
    yield from case.db.execute(
        "SELECT s.n, e.sha256, s.kind, s.records, s.sha256 FROM sealed AS s"
        " LEFT JOIN evidence AS e ON e.n = s.evidence ORDER BY s.n"
    ).fetchall()


def _listed(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    n, evidence, kind, records, digest = row
    name = f"parts/{number:04}-{kind}.age"
    return {"name": name, "n": n, "evidence": evidence, "kind": kind, "records": records, "sha256": digest}


def _write(case: Case, path: Path, parts: Sequence[Mapping[str, Any]]) -> None:
    listed = [{name: value for name, value in each.items() if name != "n"} for each in parts]
    document = {"form": _FORM, "case": str(case.info["number"]), "parts": listed}
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as made:
        made.writestr(_entry(_README), _TEXT)
        made.writestr(_entry(_LIST), json.dumps(document, indent=2, sort_keys=True))
        for each in parts:
            (content,) = case.db.execute("SELECT content FROM sealed WHERE n = ?", (each["n"],)).fetchone()
            made.writestr(_entry(each["name"]), bytes(content))


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def unsealed(path: Path, keys: Sequence[Identity]) -> Iterator[bytes]:
    """The JSON lines in a container, people and conversations first, a part at a time.

    WrongKey: of another key, or changed. WrongUse when it is no such container.
    """
    try:
        with zipfile.ZipFile(path) as made:
            parts = _parts(path, made)
            for each in sorted(parts, key=lambda each: each["kind"] != PEOPLE):
                yield opened(_content(path, made, each), keys, f"{path}, {each['name']}")
    except FileNotFoundError as error:
        raise EvidenceMissing(f"{path}: no such file") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise WrongKey(f"{path}: no sealed container, or a changed one: {error}") from error
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror}") from error


def _parts(path: Path, made: zipfile.ZipFile) -> list[dict[str, Any]]:
    try:
        document = json.loads(_member(path, made, _LIST, _LARGEST_LIST))
        found = [
            {"name": str(each["name"]), "kind": str(each["kind"]), "sha256": str(each["sha256"])}
            for each in document["parts"]
        ]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise WrongUse(f"{path}: not a container that `sporen privilege --sealed` writes") from error
    there = {each for each in made.namelist() if each not in (_LIST, _README)}
    if there != {each["name"] for each in found}:
        raise WrongKey(f"{path}: changed: its parts are not those that it lists")
    return found


def _content(path: Path, made: zipfile.ZipFile, part: Mapping[str, Any]) -> bytes:
    content = _member(path, made, part["name"], _LARGEST_PART)
    if sha256(content) != part["sha256"]:
        raise WrongKey(f"{path}, {part['name']}: changed: its SHA-256 is not the one in {_LIST}")
    return content


def _member(path: Path, made: zipfile.ZipFile, name: str, limit: int) -> bytes:
    if made.getinfo(name).file_size > limit:
        raise WrongUse(f"{path}, {name}: larger than any part that Sporen writes")
    return made.read(name)


def unseal(path: Path, key: Path, file: Path | None, standard_output: BinaryIO) -> int:
    """Write the records in a container to a new file, or to standard output; gives how many. Nothing is left
    of what cannot be opened whole."""
    keys = identities(key)
    if file is None:
        return _count(standard_output, unsealed(path, keys))
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError as error:
        raise WrongUse(f"{file}: exists already; name a file that does not") from error
    except OSError as error:
        raise MachineFailed(f"{file}: cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as stream:
            return _count(stream, unsealed(path, keys))
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _count(stream: BinaryIO, parts: Iterator[bytes]) -> int:
    count = 0
    for lines in parts:
        stream.write(lines)
        count += lines.count(b"\n")
    return count


def make_key(path: Path) -> str:
    """Write a fresh private key to a new file, for its owner only; gives the public key."""
    text, public = new_key()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise WrongUse(f"{path}: exists already; a key is never overwritten") from error
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be written: {error.strerror}") from error
    return public
