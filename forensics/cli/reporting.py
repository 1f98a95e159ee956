"""``report``: the delivery, signed and in one file where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.report_signing import Asked, seal_of, seal_options, tell_seal
from forensics.cli.talk import PATH, QUIET_OPTION, open_case, say

if TYPE_CHECKING:
    from forensics.case import Case

# The forms of a delivery unless others are named; ``case`` and ``parquet`` are for other programs.
FORMS = ("pdf", "html", "xlsx", "csv", "jsonl")


@click.command("report")
@click.argument("case", type=PATH)
@click.option("-o", "--output", "folder", type=PATH, required=True, help="The delivery folder to make.")
@click.option(
    "--format",
    "forms",
    default=",".join(FORMS),
    show_default=True,
    help="Forms, with commas; case and parquet too.",
)
@click.option(
    "--conversation",
    "printed",
    multiple=True,
    metavar="ID",
    help="Print this conversation whole in the PDF, instead of those with a flag. Repeatable.",
)
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language; default that of the case.")
@click.option(
    "--pictures",
    type=click.Choice(["blurred", "shown", "none"]),
    default="blurred",
    show_default=True,
    help="Thumbnails of pictures in PDF and HTML: unrecognisable, recognisable, or none.",
)
@click.option("--zip", "is_zipped", is_flag=True, help="Write a zip of the delivery beside it too.")
@click.option("--workers", type=click.IntRange(1), help="Processes; default the number of cores.")
@seal_options
@QUIET_OPTION
def report_command(
    case: Path,
    folder: Path,
    forms: str,
    printed: tuple[str, ...],
    language: str | None,
    pictures: str,
    is_zipped: bool,
    workers: int | None,
    quiet: bool,
    **sealing: Any,
) -> None:
    """Write the delivery: a BagIt folder with the report, its annexes and its manifests."""
    from forensics.places import check_empty, check_target
    from forensics.zipped import zip_delivery, zip_place

    asked = Asked(**sealing)
    with open_case(case) as opened:
        chosen = [each.strip() for each in forms.split(",") if each.strip()]
        check_target(opened, folder)
        check_empty(folder)
        place = zip_place(opened, folder) if is_zipped else None
        deliver(opened, folder, chosen, printed, language, seal_of(asked), workers, pictures)
        tell_seal(asked, folder)
        if place is not None:  # last: where it fails, the delivery is there and on record
            say(f"The same in one file: {place}, SHA-256 {zip_delivery(opened, folder, place)}")


def deliver(
    case: Case,
    folder: Path,
    forms: Sequence[str] | None,
    printed: Sequence[str] = (),
    language: str | None = None,
    seal: Any = None,
    workers: int | None = None,
    pictures: str = "blurred",
) -> None:
    """Write a delivery and log it; ``seal`` signs it."""
    import forensics
    from forensics.case_reader import CaseReader
    from forensics.pictures import pictures as thumbnails
    from forensics.places import check_target
    from forensics.registry import report_form
    from forensics.workers import collect_rarely, default_workers

    check_target(case, folder)
    collect_rarely()
    forms = forms or FORMS
    with case.snapshot():
        taken = thumbnails(case.db, pictures if {"pdf", "html"} & set(forms) else "none", printed)
        summary = report_form("delivery")(
            CaseReader(case),
            folder,
            forms,
            language=language or str(case.info["language"]),
            version=forensics.__version__,
            printed=printed or None,
            seal=seal,
            workers=workers or default_workers(),
            pictures=taken,
        )
    with case.change() as change:
        change.log("report.write", {"folder": str(folder)}, files=summary.files, bytes=summary.bytes,
                   tagmanifest_sha256=summary.tagmanifest_sha256, pictures=pictures)  # fmt: skip
        if summary.signed is not None:
            change.log("report.sign", {"folder": str(folder)}, **summary.signed.logged())
    say(f"{summary.files} files, {summary.bytes} bytes in {folder}; read {summary.report}.")
    say(f"The one number that covers all of it: {summary.tagmanifest_sha256}")
