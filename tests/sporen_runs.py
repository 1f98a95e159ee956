"""Sporen's commands as the tests run them, the cases they make, and small evidence to make them from."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from fixture_programs import load

from forensics.cli import main

MSGSTORE = "data/data/com.whatsapp/databases/msgstore.db"


def sporen(*arguments: object, stdin: str | bytes | None = None) -> Result:
    """One command; an exception that is not told as an error ends the test."""
    return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin, catch_exceptions=False)


def done(*arguments: object, stdin: str | bytes | None = None) -> Result:
    """A command that must end with 0."""
    result = sporen(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result


def refused(code: int, *arguments: object) -> str:
    """A command that must end with that code, one sentence on standard error and nothing else; gives it."""
    result = sporen(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), result.output
    (sentence,) = result.stderr.splitlines()
    return sentence.removeprefix("sporen: ")


def new(folder: Path, *options: object) -> Path:
    """A case."""
    done("new", folder, "--number", "T-1", "--examiner", "T. Tester", *options)
    return folder


def ingest(case: Path, *arguments: object, code: int = 0) -> dict[str, Any]:
    """What ``ingest --json`` prints; it must end with that code and say why, one line for each problem."""
    result = sporen("ingest", case, *arguments, "--json")
    assert result.exit_code == code, result.output
    document: dict[str, Any] = json.loads(result.stdout)
    if code:
        assert document["problems"], "a code without a reason"
    for problem in document["problems"]:
        said = [line for line in result.stderr.splitlines() if problem["text"].split(": ")[-1][:60] in line]
        assert len(said) >= 1, (problem, result.stderr)
    assert "Traceback" not in result.output
    return document


def exported(case: Path) -> list[dict[str, Any]]:
    """All records of a case."""
    return [
        json.loads(line)
        for line in done("export", case, "--format", "jsonl", "-o", "-").stdout_bytes.splitlines()
    ]


def export_bytes(case: Path) -> bytes:
    """The export as it is written."""
    return done("export", case, "--format", "jsonl", "-o", "-").stdout_bytes


def of(records: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The records of one kind."""
    return [record for record in records if record["record"] == kind]


def messages(case: Path) -> list[dict[str, Any]]:
    """The message records of a case."""
    return of(exported(case), "message")


def texts(case: Path) -> list[str | None]:
    """The texts of the messages of a case."""
    return [record["text"] for record in messages(case)]


def log(case: Path) -> list[dict[str, Any]]:
    """The entries of the custody log."""
    return [json.loads(line) for line in (case / "custody.jsonl").read_bytes().splitlines()]


def done_in(case: Path) -> list[dict[str, Any]]:
    """The entries of the custody log without those of refused commands."""
    return [each for each in log(case) if each["action"] != "attempt"]


def verified(case: Path, *arguments: object, code: int = 0) -> list[str]:
    """The differences that verify names; it must end with that code."""
    result = sporen("verify", case, *arguments, "--json")
    assert result.exit_code == code, result.output
    report = json.loads(result.stdout)
    assert report["ok"] == (not report["problems"])
    return [f"{each['where']}: {each['text']}" for each in report["problems"]]


def balance(document: dict[str, Any]) -> None:
    """Every row of every table is a record, skipped or failed."""
    for file in document["evidence"]:
        for name, table in (file["tables"] or {}).items():
            kept = table["messages"] + sum(table["skipped"].values()) + table["failed"]
            assert table["rows"] == kept, (file["path"], name, table)


def phone(folder: Path, case: str = "modern_direct") -> Path:
    """A folder of evidence out of fixtures/whatsapp_android."""
    built: Path = load("whatsapp_android").build(case, folder)
    return built


def change(database: Path, *statements: str | tuple[str, tuple[object, ...]]) -> None:
    """Change a database of a test."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for each in statements:
            sql, values = (each, ()) if isinstance(each, str) else each
            connection.execute(sql, values)


def snapshot(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Names, sizes, times and hashes of everything in a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            path.stat().st_size if path.is_file() else 0,
            path.stat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted([folder, *folder.rglob("*")])
    }


def everything(folder: Path) -> bytes:
    """The bytes and names of all files of a folder, to look for what must not be there."""
    return b"\0".join(
        path.relative_to(folder).as_posix().encode() + b"\0" + (path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    )
