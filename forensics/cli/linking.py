"""``link``: what several cases share, as a table and a graph."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    output,
    print_json,
    say,
    shortened,
    use_utf8,
    visible,
)

if TYPE_CHECKING:
    from forensics.case import Case

FORMS = ("json", "graphml", "csv")


@click.command("link")
@click.argument("cases", type=PATH, nargs=-1, required=True, metavar="CASE...")
@click.option("-o", "--output", "file", type=PATH, help="Also write the graph: .json, .graphml or .csv.")
@JSON_OPTION
@QUIET_OPTION
def link_command(cases: tuple[Path, ...], file: Path | None, as_json: bool, quiet: bool) -> None:
    """List what at least two of the cases share: accounts, numbers, payment handles, files and menus."""
    from forensics.places import check_target
    from forensics.shared import check_cases, shared

    use_utf8()
    form = _form(file)
    check_cases(cases)
    with _all_open(cases) as opened:
        if file:
            for case in opened:
                check_target(case, file)
        found = shared(opened)
        digest = _write(found, form, file) if file and form else None
        _log(opened, found, file, digest)
    if as_json:
        print_json(found)
        return
    _print(found)


def _form(file: Path | None) -> str | None:
    from forensics.errors import WrongUse

    form = file.suffix.removeprefix(".").lower() if file else None
    if form is not None and form not in FORMS:
        raise WrongUse(f"{file}: name a file that ends with .{', .'.join(FORMS)}")
    return form


@contextmanager
def _all_open(folders: Sequence[Path]) -> Iterator[list[Case]]:
    with ExitStack() as stack:
        yield [stack.enter_context(open_case(each)) for each in folders]


def _write(found: dict[str, Any], form: str, file: Path) -> str:
    """Write the graph; gives its SHA-256."""
    from forensics.errors import MachineFailed
    from forensics.registry import report_form

    stream = BytesIO()
    report_form(f"link_{form}")(found, stream)
    try:
        file.write_bytes(stream.getvalue())
    except OSError as error:
        raise MachineFailed(f"{file}: the graph cannot be written: {error.strerror}") from error
    return hashlib.sha256(stream.getvalue()).hexdigest()


def _log(cases: Sequence[Case], found: dict[str, Any], file: Path | None, digest: str | None) -> None:
    """In each case: that it was compared, with which others, and how much of it they share."""
    numbers = [str(case.info["number"]) for case in cases]
    counts = _counts(found)
    for place, case in enumerate(cases):
        others = sorted(numbers[:place] + numbers[place + 1 :])
        with case.change() as change:
            change.log(
                "view", "link", f"{sum(counts.values())} shared", cases=others, kinds=counts,
                privileged=found["privileged"], file=str(file) if file else None, sha256=digest,
            )  # fmt: skip


def _counts(found: dict[str, Any]) -> dict[str, int]:
    kinds = [each["kind"] for each in found["shared"]]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _print(found: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in ("kind", "value", "cases"):
        table.add_column(name, overflow="fold")
    for each in found["shared"]:
        told = "\n".join(visible(f"{edge['case']}: {_roles(edge)}") for edge in each["cases"])
        value = shortened(visible(each["value"]), 80)
        table.add_row(each["kind"], Text(value), Text(told))
    if found["shared"]:
        output().print(table)
        sys.stdout.flush()
    counts = ", ".join(f"{count} {kind}" for kind, count in _counts(found).items()) or "nothing"
    say(f"Shared by at least two of {len(found['cases'])} cases: {counts}.")
    if found["privileged"]:
        say(f"{found['privileged']} more are identifiers of privileged contacts of one of the cases.")
    say("Equal values are a fact; whether the cases have to do with each other is for a person to say.")


def _roles(edge: dict[str, Any]) -> str:
    return ", ".join(f"{role} {count}" for role, count in sorted(edge["as"].items()))
