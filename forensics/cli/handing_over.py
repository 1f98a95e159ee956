"""``verify`` and ``export``: the proof of what leaves the case, and all of it in one file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.report_signing import check_seals
from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    print_json,
    progress,
    say,
    tell_error,
    use_utf8,
)

if TYPE_CHECKING:
    from forensics.case import Case
    from forensics.progressed import Progressed
    from forensics.verify import Report

# So much evidence that could not be compared is named in the log.
_NAMED = 50
# The forms of a whole case in one file; ``case`` and ``parquet`` are for other programs.
EXPORTS = ("jsonl", "csv", "xlsx", "case", "parquet")


@click.command("verify")
@click.argument("path", type=PATH)
@click.option(
    "--evidence", type=PATH, multiple=True, help="Read this evidence again and compare. Repeatable."
)
@click.option("--key", "keys", type=PATH, multiple=True, help="File with a key, for encrypted evidence.")
@click.option(
    "--trust",
    "trusted",
    type=PATH,
    multiple=True,
    help="Certificate (PEM or DER) that is trusted to vouch for a signer of a delivery. Repeatable.",
)
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="SEQ:HASH|FILE",
    help="A head of the log kept elsewhere: as printed, counter-signed, or time-stamped. Repeatable.",
)
@click.option(
    "--tsa", type=PATH, multiple=True, help="Certificates (PEM) of a time-stamp authority, for --anchor."
)
@JSON_OPTION
@QUIET_OPTION
@click.pass_context
def verify_command(
    ctx: click.Context,
    path: Path,
    evidence: tuple[Path, ...],
    keys: tuple[Path, ...],
    trusted: tuple[Path, ...],
    anchors: tuple[str, ...],
    tsa: tuple[Path, ...],
    as_json: bool,
    quiet: bool,
) -> None:
    """Check a case or a delivery; with --evidence compare every record with the evidence."""
    from forensics.verify_delivery import is_delivery, the_one_number

    use_utf8()
    report = verified(path, evidence, keys, trusted, lambda found: check_anchors(path, anchors, tsa, found))
    if as_json:
        print_json(report.as_dict())
    tell_verified(path, report)
    if is_delivery(path):
        say(f"The one number of this delivery, to compare with the official report: {the_one_number(path)}")
    ctx.exit(report.exit_code)


def verified(
    path: Path,
    evidence: Sequence[Path],
    keys: Sequence[Path],
    trusted: Sequence[Path] = (),
    further: Callable[[Report], None] = lambda _report: None,
) -> Report:
    """What verification finds of a case, a delivery or a proof; ``further`` checks belong to it. WrongUse
    when the path is none of them."""
    from forensics.case_file import is_copy
    from forensics.destruction import is_destroyed
    from forensics.proof import is_proof, verify_proof
    from forensics.verify_delivery import is_delivery
    from forensics.zipped import check_no_zip

    if is_proof(path):
        report = verify_proof(path)
    elif is_delivery(path):
        report = _verified_delivery(path, evidence, keys, trusted)
    elif is_destroyed(path):
        report = _verified_certificate(path)
    elif is_copy(path):
        report = _verified_copy(path)
    else:
        check_no_zip(path)
        with open_case(path) as case:
            return _verified_case(case, evidence, keys, further)
    further(report)
    return report


def _verified_delivery(
    path: Path, evidence: Sequence[Path], keys: Sequence[Path], trusted: Sequence[Path]
) -> Report:
    from forensics.verify_delivery import verify_delivery, verify_delivery_evidence

    report = verify_delivery(path)
    check_seals(path, report, trusted)
    if evidence:
        verify_delivery_evidence(path, _read_apart(evidence, keys), report)
    return report


def _verified_copy(path: Path) -> Report:
    """A copy that was handed over is only read: a log entry would change it."""
    from forensics.case import Case
    from forensics.case_file import HANDOVER
    from forensics.transfer import copy_problems
    from forensics.verify import Report, verify_case

    report = Report()
    report.count("handed-over copy")
    for text in copy_problems(path):
        report.problem(HANDOVER, text)
    if report.is_clean:
        with Case.open(path) as case:
            report = verify_case(case)
        report.count("handed-over copy")
        report.remarks.append(f"{HANDOVER}: a signed copy; `sporen receive` takes it as a case")
    return report


def _verified_certificate(path: Path) -> Report:
    """What stays behind of a case that was destroyed."""
    from forensics.destruction import CERTIFICATE, certificate_problems
    from forensics.verify import Report

    report = Report()
    report.count("certificate of destruction")
    for text in certificate_problems(path):
        report.problem(CERTIFICATE, text)
    return report


def check_anchors(path: Path, anchors: Sequence[str], tsa: Sequence[Path], report: Report) -> None:
    """Compare the log with heads that were kept elsewhere; without any, say what cannot be seen."""
    from forensics.anchors import kept_heads
    from forensics.case import LOG
    from forensics.verify import WITHOUT_ANCHOR, check_anchor

    log = next((each for each in (path / LOG, path / "data" / LOG) if each.is_file()), path / LOG)
    for given in anchors:
        heads = kept_heads(given, log, tsa)
        report.count("anchors")
        if not heads:
            report.problem(
                LOG, f"{given}: stamps no entry of this log: it was written again or is another one"
            )
        for head in heads:
            check_anchor(report, log, head)
    if not anchors and report.is_clean:
        report.remarks.append(f"{LOG}: {WITHOUT_ANCHOR}")


def _verified_case(
    case: Case, evidence: Sequence[Path], keys: Sequence[Path], further: Callable[[Report], None]
) -> Report:
    from forensics.authority import scope_from, scope_of
    from forensics.verify import verify_case
    from forensics.verify_records import lenders, verify_evidence

    report = verify_case(case)
    if evidence:
        request = _request(
            evidence,
            keys,
            scope_of(case.info),
            case.work_folder(),
            str(case.info["timezone"]),
            frozenset(case.info.get("unrecovered", ())),
            lenders(case),
            {digest: scope_from(each, case.info) for digest, each in (case.info.get("scopes") or {}).items()},
        )
        with progress() as watch:
            verify_evidence(case, _watched(_read(request), watch), report)
    further(report)
    _log_verification(case, report)
    return report


def _watched(events: Iterator[Any], watch: Callable[[Progressed], None]) -> Iterator[Any]:
    """The events, of which those that say how far it is go to the bar."""
    from forensics.progressed import Progressed

    for event in events:
        if isinstance(event, Progressed):
            watch(event)
        else:
            yield event


def _log_verification(case: Case, report: Report) -> None:
    """Verifying is on record too, where the log can still be written."""
    from forensics.errors import CaseUnusable, MachineFailed

    differences = len(report.problems) + report.further
    unread: dict[str, Any] = {}
    if report.unread:
        unread = {"not_read": report.unread[:_NAMED], "exit_code": report.exit_code}
    try:
        with case.change() as change:
            change.log("hash.verify", "case", f"{differences} differences", checked=report.checked, **unread)
    except (CaseUnusable, MachineFailed) as error:
        report.remarks.append(f"this verification is not in the log: {error}")


def _request(
    evidence: Sequence[Path],
    keys: Sequence[Path],
    scope: Any,
    work: Path,
    timezone: str = "Europe/Amsterdam",
    unrecovered: frozenset[str] = frozenset(),
    may_lend: dict[str, frozenset[str]] | None = None,
    scopes: dict[str, Any] | None = None,
) -> Any:
    from forensics.key_ring import read_key_file
    from forensics.reading import Request

    return Request(
        paths=tuple(evidence),
        keys=tuple(read_key_file(each) for each in keys),
        scope=scope,
        exhibit=None,
        expected=(),
        known={},
        work=work,
        timezone=timezone,
        unrecovered=unrecovered,
        lenders=may_lend,
        scopes=scopes or {},
    )


def _read(request: Any) -> Any:
    from forensics.reading import read

    return read(request)


def _read_apart(evidence: Sequence[Path], keys: Sequence[Path]) -> Any:
    """The events of evidence that belongs to no case here, with a private folder of its own."""
    import tempfile

    from forensics.authority import Scope

    whole = Scope(apps=frozenset(), since=None, until=None, privileged=frozenset(), secret="")
    with tempfile.TemporaryDirectory(prefix="sporen-verify-") as folder:
        yield from _read(_request(evidence, keys, whole, Path(folder)))


def tell_verified(path: Path, report: Report) -> None:
    """What verification found, in words on standard error."""
    for problem in report.problems:
        tell_error(f"DIFFERENCE  {problem['where']}: {problem['text']}")
    if report.further:
        tell_error(f"DIFFERENCE  and {report.further} more")
    for each in report.unread:
        said = each["text"] if each["text"].startswith(each["where"]) else f"{each['where']}: {each['text']}"
        tell_error(f"NOT READ    {said}")
    for remark in report.remarks:
        say(f"note        {remark}")
    counted = ", ".join(f"{count} {what}" for what, count in report.checked.items())
    verdict = "no difference in what was compared, but NOT ALL WAS READ" if report.unread else "no difference"
    say(f"{path}: {'NOT AS IT WAS' if report.problems else verdict} ({counted}).")


@click.command("export")
@click.argument("case", type=PATH)
@click.option("--format", "form", type=click.Choice(EXPORTS), required=True, help="Form.")
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, allow_dash=True, readable=False),
    required=True,
    help="The file to write; - for standard output. For case and parquet also a folder (no suffix).",
)
@QUIET_OPTION
def export_command(case: Path, form: str, file: Path, quiet: bool) -> None:
    """Write all records of a case to FILE."""
    from forensics.export import export

    with open_case(case) as opened:
        with opened.snapshot():
            digest = export(opened, form, None if str(file) == "-" else file, sys.stdout.buffer)
        with opened.change() as change:
            change.log("export", {"file": str(file)}, form=form, sha256=digest)
