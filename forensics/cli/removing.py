"""``purge`` and ``erase``: what must not be kept any longer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    adopted,
    attempted,
    check_role,
    open_case,
    print_json,
    say,
    use_utf8,
)

if TYPE_CHECKING:
    from forensics.purge import Purge


@click.command("purge")
@click.argument("case", type=PATH)
@click.option(
    "--conversation", required=True, metavar="ID", help="The conversation, as `sporen export` calls it."
)
@click.option(
    "--reason", required=True, help="Why; it stands in the log for good: write nothing of the content."
)
@click.option("--by", metavar="NAME", help="Who purges; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def purge_command(
    case: Path, conversation: str, reason: str, by: str | None, as_json: bool, quiet: bool
) -> None:
    """Remove a conversation from the case for good, with what is only its own. The log says so.

    Everything else in the case folder (private copies, deliveries, exports) is deleted, because it may hold
    the conversation; copies elsewhere are named, and are for you to destroy and make again.
    """
    from forensics.purge import as_dict, purge

    use_utf8()
    with open_case(case) as opened:
        done = purge(opened, conversation, reason, by)
    if as_json:
        print_json(as_dict(done))
    _tell(done)


def _tell(done: Purge) -> None:
    removed = ", ".join(f"{count} {what}" for what, count in done.counts.items())
    say(f"Removed: {removed}. Entry {done.seq} of the log says so, without content.")
    for name in done.deleted:
        say(f"Deleted in the case folder: {name}")
    for each in done.copies:
        found = "is still there" if each["there"] else "is not there (any more) as seen from this folder"
        say(f"May hold it: {each['path']}, written {each['at']}, {found}; destroy it and make it anew.")
    if "sealed parts" in done.counts:
        say("Whoever was given a sealed container has these parts still: tell them.")
    if done.typed:
        say(f"The log holds {done.typed} entries with words that persons typed; it is never rewritten.")
    say("What a disk, above all flash storage, or a backup of it keeps of old blocks is beyond Sporen.")


@click.command("erase")
@click.argument("case", type=PATH)
@click.option("--reason", required=True, help="Why: the decision on which it rests.")
@click.option("--confirm", metavar="NUMBER", help="The number of the case: without it nothing is destroyed.")
@click.option("--by", metavar="NAME", help="Who destroys it; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def erase_command(
    case: Path, reason: str, confirm: str | None, by: str | None, as_json: bool, quiet: bool
) -> None:
    """Destroy everything in the case folder for good. A certificate of destruction and the log stay there.

    The evidence is not touched. Run again where it was broken off. `sporen verify` checks what stays behind.
    """
    from forensics.case_file import is_there
    from forensics.destruction import destroy

    use_utf8()
    attempted(case)
    if is_there(case):  # else its destruction was broken off, and what roles it had went with the database
        with adopted(case) as opened:
            check_role(opened)
    done = destroy(case, reason, by, confirm)
    found = done.certificate
    if as_json:
        print_json(found)
    say(f"Destroyed: {len(found['destroyed'])} files of case {found['case']}. Certificate: {done.path}")
    for each in found["copies_known_elsewhere"]:
        say(f"May hold it still: {each['path']}, written {each['at']}")
    for each in found["not_promised"]:
        say(each)
