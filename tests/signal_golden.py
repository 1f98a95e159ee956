"""Signal evidence as a parser gets it, and its records compared with the golden cases."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fixture_programs import FIXTURES, load
from whatsapp_installations import EVIDENCE_SHA256, Reading, readable

from forensics.formats.sqlite import Database
from forensics.parser import Installation, Media, Parser, SideFile

GROUP = "__signal_group__v2__!" + "aa".rjust(64, "0")
NAMES = {
    "@noor": "00000000-0000-4000-8000-000000000100",
    "@bram": "00000000-0000-4000-8000-000000000001",
    "@cleo": "00000000-0000-4000-8000-000000000002",
    "@group": GROUP,
    "@noor1": "+31600000100",
}
_CLOCK = re.compile(r"(\d\d:\d\d)(:\d\d)?")
_TIMES = {"sent_at", "received_at", "edited_at", "deleted_at", "delivered_at", "read_at", "played_at", "at"}
_SETS = {"reactions", "receipts", "mentions", "votes", "participants"}


def make_database(path: Path, scripts: Sequence[Path]) -> None:
    """A plain database of these files of SQL, one after the other."""
    cases = load("", "golden_cases")
    cases.make_database(path, [each.read_text("utf-8") for each in scripts])


class Golden:
    """The golden cases of one parser: ``main`` is the name of its database, ``tables`` those of messages
    and calls where a wanted record names none."""

    def __init__(self, parser: Parser, main: str, tables: dict[str, str]) -> None:
        self.parser, self.main, self.tables = parser, main, tables
        self.folder = FIXTURES / parser.name
        self.build = load(parser.name)

    def read(self, case: str, root: Path, work: Path) -> Reading:
        (main,) = self.build.build(case, root).rglob(self.main)
        return read(self.parser, main, root, work)

    def expected(self, case: str) -> list[dict[str, Any]]:
        return expected(self.folder / case)

    def problems(self, case: str, reading: Reading) -> list[str]:
        return list(problems(reading, self.expected(case), self.tables))


def expected(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "expected.jsonl").read_text("utf-8").splitlines()
    return [_whole(json.loads(line), "") for line in lines]


def _whole(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _whole(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_whole(each, key) for each in value]
    if isinstance(value, str) and key in _TIMES and (match := _CLOCK.fullmatch(value)):
        return f"2024-03-04T{match[1]}{match[2] or ':00'}.000Z"
    return NAMES.get(value, value) if isinstance(value, str) else value


@contextlib.contextmanager
def open_installation(
    parser: Parser, main: Path, root: Path, work: Path, keys: Sequence[bytes] = ()
) -> Iterator[Installation]:
    """The installation of a plain database in a folder, put together without the core's intake."""
    files = sorted(file for file in root.rglob("*") if file.is_file())

    def find(stored: str) -> Path | None:
        name = stored.replace("\\", "/").rpartition("/")[2]
        return next((file for file in files if file.name == name), None)

    def media(stored: str) -> Media | None:
        file = find(stored)
        if file is None:
            return None
        data = file.read_bytes()
        path = file.relative_to(root).as_posix()
        return Media(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest())

    def open_media(stored: str):
        file = find(stored)
        return None if file is None else (file.relative_to(root).as_posix(), file.open("rb"))

    with main.open("rb") as stream, Database.open(stream, work=work, name=main.name) as database:
        assert parser.role(database) == parser.main_role
        yield Installation(
            database=database,
            path=main.relative_to(root).as_posix(),
            evidence_sha256=EVIDENCE_SHA256,
            file_sha256=hashlib.sha256(main.read_bytes()).hexdigest(),
            exhibit=None,
            others={},
            side_files=[
                SideFile(path=path, data=file.read_bytes())
                for file in files
                if parser.wants(path := file.relative_to(root).as_posix())
            ],
            media=media,
            open_media=open_media,
            keys=keys,
        )


def read(parser: Parser, main: Path, root: Path, work: Path, keys: Sequence[bytes] = ()) -> Reading:
    with open_installation(parser, main, root, work, keys) as installation:
        records = list(parser.read(installation))
        return Reading(records, installation.accounting)


def problems(reading: Reading, wanted: list[dict[str, Any]], tables: dict[str, str]) -> Iterator[str]:
    """What differs from the wanted records; ``tables``: the table of a record that names none."""
    found = readable(reading)
    for each in wanted:
        same = [record for record in found if _is_same(each, record, tables)]
        where = f"{each['record']} {each.get('table', '')} {each.get('rowid') or each.get('handle')}"
        if len(same) != 1:
            yield f"{where}: {len(same)} records"
            continue
        given = {key: value for key, value in each.items() if key not in ("table", "rowid", "app_id")}
        yield from _differences(given, same[0], "", where)
        if "app_id" in each and each["app_id"] != same[0]["source"]["app_id"]:
            yield f"{where}: app_id {same[0]['source']['app_id']}"


def _is_same(wanted: dict[str, Any], found: dict[str, Any], tables: dict[str, str]) -> bool:
    if wanted["record"] != found["record"]:
        return False
    if wanted["record"] in ("message", "call"):
        table = wanted.get("table", tables[wanted["record"]])
        return (found["source"]["table"], found["source"]["rowid"]) == (table, wanted["rowid"])
    return wanted["record"] == "account" or wanted["handle"] == found["handle"]


def _differences(wanted: Any, found: Any, key: str, where: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name, value in wanted.items():
            yield from _differences(value, found.get(name), name, f"{where}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        if key in _SETS:
            wanted, found = (
                sorted(each, key=lambda one: json.dumps(one, sort_keys=True)) for each in (wanted, found)
            )
        for place, pair in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(*pair, key, f"{where}[{place}]")
    elif wanted != found or isinstance(wanted, bool) != isinstance(found, bool):
        yield f"{where}: {wanted!r} wanted, {found!r} found"
