"""``handover`` and ``receive``: a case goes to another unit, and its log goes on there."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.talk import JSON_OPTION, PATH, QUIET_OPTION, open_case, print_json, say, use_utf8


@click.command("handover")
@click.argument("case", type=PATH)
@click.option("--to", metavar="NAME", help="The person or unit that takes the case.")
@click.option("-o", "--output", "folder", type=PATH, help="The folder to make for the signed copy.")
@click.option(
    "--recipient-key", metavar="HEX", help="Their public key (`sporen key` there): you vouch for it."
)
@click.option("--receipt", type=PATH, help="Take the receipt of the other side into this log.")
@click.option("--by", metavar="NAME", help="Who hands over; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def handover_command(
    case: Path, to: str | None, folder: Path | None, recipient_key: str | None, receipt: Path | None,
    by: str | None, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Make a signed copy of a case for another unit. The copy holds everything: carry it encrypted.

    `sporen verify` checks the copy, `sporen receive` takes it; the receipt comes back with --receipt.
    """
    from forensics import transfer
    from forensics.case_file import HANDOVER
    from forensics.errors import WrongUse

    use_utf8()
    if receipt is None and (to is None or folder is None):
        raise WrongUse("give --to NAME and -o FOLDER, or --receipt FILE")
    with open_case(case) as opened:
        if receipt is not None:
            transfer.take_receipt(opened, receipt)
            say("The receipt stands in the log.")
        if to is not None and folder is not None:
            statement = transfer.hand_over(opened, folder, to, by, recipient_key)
            if as_json:
                print_json(statement)
            say(f"Copy for {to} in {folder}, its log ends with entry {statement['log']['seq']}.")
            say(
                f"Signed statement {folder / HANDOVER}, SHA-256 {statement['sha256']}: tell it by another"
                " way than the copy goes."
            )
            say(f"There: sporen verify {folder}; sporen receive {folder} -o CASE --by NAME --receipt FILE")
            say(f"Here, when it comes back: sporen handover {case} --receipt FILE")


@click.command("receive")
@click.argument("folder", type=PATH)
@click.option("-o", "--output", "case", type=PATH, required=True, help="The case folder to make.")
@click.option("--by", metavar="NAME", required=True, help="Who takes the case.")
@click.option("--receipt", type=PATH, help="Write the receipt for the giver to this file.")
@JSON_OPTION
@QUIET_OPTION
def receive_command(
    folder: Path, case: Path, by: str, receipt: Path | None, as_json: bool, quiet: bool
) -> None:
    """Check a signed copy in FOLDER and take it as a case; its log goes on with this entry."""
    from forensics import transfer

    use_utf8()
    found = transfer.receive(folder, case, by)
    if receipt is not None:
        transfer.write_receipt(receipt, found)
    if as_json:
        print_json(found)
    if receipt is not None:
        say(f"Receipt for the giver: {receipt}")
    say(f"Case {found['case']} is taken into {case}; its log goes on from entry {found['log']['seq']}.")
