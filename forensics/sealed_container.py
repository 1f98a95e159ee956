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
from typing import Any

from forensics.case import Case
from forensics.case_file import DATABASE
from forensics.digest import sha256
from forensics.errors import CaseDamaged, MachineFailed, WrongUse
from forensics.members import sha256_stream
from forensics.places import check_target
from forensics.sealing import FILE, PEOPLE, RECORDS
from forensics.sealing_keys import checked_recipient, new_key

LIST, README = "parts.json", "README.txt"
_FORM = "sealed privileged communication"
_TEXT = """Verzegelde geprivilegieerde communicatie / Sealed privileged communication

Alleen te openen met de geheime sleutel van de ontvanger; de zaak zelf heeft die niet.
To be opened with the private key of the recipient only; the case itself does not have it.

    sporen unseal THIS.zip --key KEY.txt -o records.jsonl --files FOLDER
    age -d -i KEY.txt parts/0001-records.age      (age-encryption.org; each part by itself)

parts.json lists the parts with their SHA-256, which the custody log of the case answers for. Parts of
kind file with the same "file" are, one after the other, one attachment; the people parts say which of them:
{"record": "file", ...}.
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
                "records": sum(each["records"] for each in parts if each["kind"] == RECORDS),
                "files": len({each["file"] for each in parts if each["kind"] == FILE}),
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
        "SELECT s.n, e.sha256, s.kind, s.file, s.records, s.sha256 FROM sealed AS s"
        " LEFT JOIN evidence AS e ON e.n = s.evidence ORDER BY s.n"
    ).fetchall()
    if not rows:
        raise WrongUse(f"{case.folder}: nothing is sealed in this case")
    for number, evidence, kind, file, records, _ in rows:
        is_known = kind in (RECORDS, PEOPLE, FILE) and isinstance(records, int)
        is_known = is_known and isinstance(file, str) == (kind == FILE)
        if not is_known or not isinstance(evidence, str | None):
            raise _damaged(case, number)
    return [_listed(number, row) for number, row in enumerate(rows, 1)]


def _damaged(case: Case, number: object) -> CaseDamaged:
    return CaseDamaged(
        f"{case.folder / DATABASE}: sealed part {number} is not what was sealed; nothing is given: restore"
        " the case from a copy"
    )


def _listed(number: int, row: tuple[Any, ...]) -> dict[str, Any]:
    n, evidence, kind, file, records, digest = row
    listed = {"name": f"parts/{number:04}-{kind}.age", "n": n, "evidence": evidence, "kind": kind}
    return listed | {"records": records, "sha256": digest} | ({"file": file} if file else {})


def _write(case: Case, path: Path, parts: Sequence[Mapping[str, Any]]) -> str:
    """Gives the SHA-256 of the file. CaseDamaged where a part is not what its digest says."""
    listed = [{name: value for name, value in each.items() if name != "n"} for each in parts]
    document = {"form": _FORM, "case": str(case.info["number"]), "parts": listed}
    with zipfile.ZipFile(path, "x", zipfile.ZIP_STORED) as made:
        made.writestr(_entry(README), _TEXT)
        made.writestr(_entry(LIST), json.dumps(document, indent=2, sort_keys=True))
        for each in parts:
            (content,) = case.db.execute("SELECT content FROM sealed WHERE n = ?", (each["n"],)).fetchone()
            if not isinstance(content, bytes) or sha256(content) != each["sha256"]:
                raise _damaged(case, each["n"])
            made.writestr(_entry(each["name"]), content)
    with path.open("rb") as stream:
        return sha256_stream(stream)


def _entry(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


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
