"""The container that goes to the examining magistrate: a zip of the sealed parts of a case, and their list.

Each part is an age file; he opens them with ``sporen unseal`` or, one by one, with the standard tool.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from forensics.case import Case
from forensics.case_file import DATABASE
from forensics.digest import sha256
from forensics.errors import CaseDamaged, EvidenceMissing, MachineFailed, WrongKey, WrongUse
from forensics.members import sha256_stream
from forensics.places import check_target
from forensics.sealing import PEOPLE, RECORDS, Identity, checked_recipient, identities, new_key, opened

_LIST, _README = "parts.json", "README.txt"
_FORM = "sealed privileged communication"
_LARGEST_LIST = 16 << 20
# ZIP format (PKWARE APPNOTE, 4.4.4): bit 0 of the flags
_ENCRYPTED = 1
_TEXT = """Verzegelde geprivilegieerde communicatie / Sealed privileged communication

Alleen te openen met de geheime sleutel van de ontvanger; de zaak zelf heeft die niet.
To be opened with the private key of the recipient only; the case itself does not have it.

    sporen unseal THIS.zip --key KEY.txt -o records.jsonl
    age -d -i KEY.txt parts/0001-records.age      (age-encryption.org; each part by itself)

parts.json lists the parts with their SHA-256, which also stand in the custody log of the case.
"""


def seal_for(case: Case, recipients: Sequence[str], by: str | None) -> list[str]:
    """From now on what is privileged is sealed for these public keys; gives them. An item that was read
    before is read anew, and sealed for all of them, when it is ingested again."""
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
    WrongUse when nothing is sealed or the file exists.

    The file has its name only once the log has it: a failure leaves neither."""
    check_target(case, path)
    _check_free(path)
    by = by or str(case.info["examiner"])
    with _temporary(path) as made:
        with case.change() as change:  # what is listed is what is read, and nobody else writes
            parts = _parts_of(case)
            subject = {"file": str(path), "sha256": _write(case, made, parts)}
            counts = {
                "parts": len(parts),
                "records": sum(each["records"] for each in parts if each["kind"] != PEOPLE),
            }
            change.log("disclose", subject, "sealed container given", to=to, by=by, **counts)
        try:
            _check_free(path)
            made.rename(path)
        except (OSError, WrongUse):
            with case.change() as change:
                change.log("disclose", subject, "failed: sealed container not given", to=to, by=by)
            raise
    return {**subject, "to": to, **counts}


def _check_free(path: Path) -> None:
    if os.path.lexists(path):
        raise WrongUse(f"{path}: exists already; name a file that does not")


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A name beside the file, on the same disk; nothing of that name is left. MachineFailed: not written."""
    made = path.with_name(f".sporen-{os.getpid()}.part")
    try:
        yield made
    except OSError as error:
        raise MachineFailed(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        made.unlink(missing_ok=True)


def _parts_of(case: Case) -> list[dict[str, Any]]:
    rows = case.db.execute(
        "SELECT s.n, e.sha256, s.kind, s.records, s.sha256 FROM sealed AS s"
        " LEFT JOIN evidence AS e ON e.n = s.evidence ORDER BY s.n"
    ).fetchall()
    if not rows:
        raise WrongUse(f"{case.folder}: nothing is sealed in this case")
    for number, evidence, kind, records, _ in rows:
        is_known = kind in (RECORDS, PEOPLE) and isinstance(records, int)
        if not is_known or not isinstance(evidence, str | None):
            raise _damaged(case, number)
    return [_listed(number, row) for number, row in enumerate(rows, 1)]


def _damaged(case: Case, number: object) -> CaseDamaged:
    return CaseDamaged(
        f"{case.folder / DATABASE}: sealed part {number} is not what was sealed; nothing is given: restore"
        " the case from a copy"
    )


def _listed(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    n, evidence, kind, records, digest = row
    name = f"parts/{number:04}-{kind}.age"
    return {"name": name, "n": n, "evidence": evidence, "kind": kind, "records": records, "sha256": digest}


def _write(case: Case, path: Path, parts: Sequence[Mapping[str, Any]]) -> str:
    """Gives the SHA-256 of the file. CaseDamaged where a part is not what its digest says."""
    listed = [{name: value for name, value in each.items() if name != "n"} for each in parts]
    document = {"form": _FORM, "case": str(case.info["number"]), "parts": listed}
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as made:
        made.writestr(_entry(_README), _TEXT)
        made.writestr(_entry(_LIST), json.dumps(document, indent=2, sort_keys=True))
        for each in parts:
            (content,) = case.db.execute("SELECT content FROM sealed WHERE n = ?", (each["n"],)).fetchone()
            if not isinstance(content, bytes) or sha256(content) != each["sha256"]:
                raise _damaged(case, each["n"])
            made.writestr(_entry(each["name"]), content)
    with path.open("rb") as stream:
        return sha256_stream(stream)


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def unsealed(path: Path, keys: Sequence[Identity]) -> Iterator[bytes]:
    """The JSON lines in a container, people and conversations first, a part at a time.

    WrongKey: of another key, or changed. WrongUse when it is no such container.
    """
    try:
        with zipfile.ZipFile(path) as made:
            _check_plain(path, made)
            parts = _parts(path, made)
            for each in sorted(parts, key=lambda each: each["kind"] != PEOPLE):
                yield opened(_content(path, made, each), keys, f"{path}, {each['name']}")
    except FileNotFoundError as error:
        raise EvidenceMissing(f"{path}: no such file") from error
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError) as error:
        # ValueError: a name that is no UTF-8, a place before the start of the file
        raise WrongKey(f"{path}: no sealed container, or a changed one: {error}") from error
    except OSError as error:
        raise WrongUse(f"{path}: cannot be read: {error.strerror or error}") from error


def _check_plain(path: Path, made: zipfile.ZipFile) -> None:
    """The members stand in the file as they are, one beside the other: so nothing is larger than the file,
    whatever a stranger made of it."""
    members = made.infolist()
    for each in members:
        if each.compress_type != zipfile.ZIP_STORED or each.flag_bits & _ENCRYPTED:
            raise WrongKey(f"{path}, {each.filename}: changed: a sealed container has its parts as they are")
    if sum(each.file_size for each in members) > path.stat().st_size:
        raise WrongKey(f"{path}: changed: its parts are larger than the file")


def _parts(path: Path, made: zipfile.ZipFile) -> list[dict[str, Any]]:
    try:
        document = json.loads(_list(path, made))
        found = [
            {"name": str(each["name"]), "kind": str(each["kind"]), "sha256": str(each["sha256"])}
            for each in document["parts"]
        ]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise WrongUse(f"{path}: not a container that `sporen privilege --sealed` writes") from error
    there = sorted(each for each in made.namelist() if each not in (_LIST, _README))
    if there != sorted(each["name"] for each in found):
        raise WrongKey(f"{path}: changed: its parts are not those that it lists")
    return found


def _content(path: Path, made: zipfile.ZipFile, part: Mapping[str, Any]) -> bytes:
    content = made.read(part["name"])
    if sha256(content) != part["sha256"]:
        raise WrongKey(f"{path}, {part['name']}: changed: its SHA-256 is not the one in {_LIST}")
    return content


def _list(path: Path, made: zipfile.ZipFile) -> bytes:
    if made.getinfo(_LIST).file_size > _LARGEST_LIST:
        raise WrongUse(f"{path}, {_LIST}: larger than any list that Sporen writes")
    return made.read(_LIST)


def unseal(path: Path, key: Path, file: Path | None, standard_output: BinaryIO) -> int:
    """Write the records in a container to a new file, or to standard output; gives how many. Nothing is left
    of what cannot be opened whole: for standard output it is opened twice, first to see that it can be."""
    keys = identities(key)
    if file is None:
        for _ in unsealed(path, keys):
            continue
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
    except OSError as error:
        file.unlink(missing_ok=True)
        raise MachineFailed(f"{file}: cannot be written: {error.strerror or error}") from error
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
