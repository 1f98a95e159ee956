"""``prove`` and ``redact``: a single record, or some of them, shown to belong to a delivery."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.talk import PATH, QUIET_OPTION, open_case, say


@click.command("prove")
@click.argument("path", type=PATH, metavar="CASE")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("-o", "--output", "file", type=PATH, required=True, help="The file to write.")
@QUIET_OPTION
def prove_command(path: Path, ids: tuple[str, ...], file: Path, quiet: bool) -> None:
    """Prove that records belong to the deliveries of CASE (or to a delivery) without showing others.

    An ID is that of a message, call, conversation, participant, account or flag.
    """
    from forensics.places import check_target
    from forensics.proof import prove_case, prove_delivery, write_proof
    from forensics.verify_delivery import is_delivery

    if is_delivery(path):
        proof = prove_delivery(path, ids)
        write_proof(proof, file)
    else:
        with open_case(path) as case:
            check_target(case, file)
            with case.snapshot():
                proof = prove_case(case, ids)
            write_proof(proof, file)
            with case.change() as change:
                change.log("disclose", {"file": str(file)}, records=list(ids), root=proof["root"])
    say(f"{len(proof['records'])} of {proof['size']} records in {file}; root {proof['root']}")
    say("Check it with `python3 verify_delivery.py FILE ROOT`, with the root in the report (G21).")


@click.command("redact")
@click.argument("delivery", type=PATH)
@click.option(
    "--withhold",
    "file",
    type=PATH,
    required=True,
    help="File with the ids to withhold, one a line: messages, conversations, participants; behind each, if "
    "you like, why: privilege, third-person, investigation.",
)
@click.option("-o", "--output", "folder", type=PATH, required=True, help="The delivery folder to make.")
@QUIET_OPTION
def redact_command(delivery: Path, file: Path, folder: Path, quiet: bool) -> None:
    """Make a delivery of the records of DELIVERY without some; what is left keeps its proofs.

    Its report shows where something is withheld, and why.
    """
    from forensics.redaction import read_ids, redact
    from forensics.registry import report_form

    made = redact(delivery, read_ids(file), folder, report_form("redacted"))
    say(f"{made.kept} records in {folder}, {made.withheld} withheld. Read what is left: it may name people.")
    say(f"The one number that covers all of it: {made.tagmanifest_sha256}")
