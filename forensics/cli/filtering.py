"""``privilege``: who may be privileged and is on no list, and further names for the list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from forensics.cli.talk import JSON_OPTION, PATH, QUIET_OPTION, open_case, print_json, say, use_utf8, visible


@click.command("privilege")
@click.argument("case", type=PATH)
@click.option("--numbers", type=PATH, help="File with known numbers of offices, one a line.")
@click.option("--add", type=PATH, help="File with identifiers to put on the list of privileged contacts.")
@click.option(
    "--seal-for",
    "seal_for",
    multiple=True,
    metavar="KEY",
    help="Public key (age1...): from now on what is privileged is sealed for it. Repeatable.",
)
@click.option(
    "--sealed", type=PATH, metavar="FILE.zip", help="Write what is sealed: a zip of age files; needs --to."
)
@click.option("--to", metavar="NAME", help="Who gets the sealed container.")
@click.option("--by", metavar="NAME", help="Who filters; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def privilege_command(
    case: Path, numbers: Path | None, add: Path | None, seal_for: tuple[str, ...], sealed: Path | None,
    to: str | None, by: str | None, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """List people and conversations that may be privileged and are on no list; no message is shown.

    What was read already stays until `sporen purge` removes it; what is added to the list is kept out of
    evidence that is read from then on.
    """
    from forensics.candidates import add_privileged, candidates
    from forensics.case_settings import listed_identifiers
    from forensics.errors import WrongUse
    from forensics.sealed_container import seal_for as seal
    from forensics.sealed_container import write_container

    use_utf8()
    if (sealed is None) != (to is None):
        raise WrongUse("--sealed FILE and --to NAME go together: who gets it stands in the log")
    if sealed is not None and (seal_for or add is not None or numbers is not None):
        raise WrongUse("--sealed FILE does not go with --add, --seal-for or --numbers: give those first")
    with open_case(case) as opened:
        if sealed is not None and to is not None:
            _tell_container(write_container(opened, sealed, to, by), as_json)
            return
        if seal_for:
            say(f"From now on sealed for {', '.join(seal(opened, seal_for, by))}.")
        added = add_privileged(opened, add, by) if add is not None else None
        found = candidates(opened, listed_identifiers(numbers) if numbers else ())
        with opened.change() as change:
            change.log("view", "privilege", f"{len(found)} candidates", by=by or str(opened.info["examiner"]))
    if as_json:
        print_json({"candidates": found, "list": added})
        return
    for each in found:
        called = ", ".join(filter(None, each["names"]))
        click.echo(visible(f"{each['id']}  {each['app']}  {each['handle'] or ''}  {called}"))
        click.echo(visible(f"  {'; '.join(each['reasons'])}"))
        for talk in each["conversations"]:
            click.echo(f"  {talk['id']}  {talk['kind']}, {talk['messages']} messages")
    if added is not None:
        say(f"{added['added']} identifiers were added to the list.")
        for key in added["conversations"]:
            say(f"In the case already: sporen purge {case} --conversation {key} --reason ...")
    say(f"{len(found)} candidates by what they are called; whether they are privileged a person decides.")


def _tell_container(written: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(written)
    else:
        click.echo(f"{written['sha256']}  {written['file']}")
    what = f"{written['records']} records and {written['files']} files in {written['parts']} parts"
    say(f"{what}, sealed, for {written['to']}.")


@click.command("unseal")
@click.argument("container", type=PATH, required=False)
@click.option("--key", type=PATH, metavar="FILE", help="Private key that it was sealed for (age or SSH).")
@click.option("-o", "--output", "file", metavar="FILE", help="Where the records go; - is standard output.")
@click.option(
    "--files", "folder", type=PATH, metavar="FOLDER", help="A new folder for the files of attachments."
)
@click.option("--new-key", type=PATH, metavar="FILE", help="Make a private key; prints its public key.")
@QUIET_OPTION
def unseal_command(
    container: Path | None, key: Path | None, file: str | None, folder: Path | None, new_key: Path | None,
    quiet: bool,
) -> None:  # fmt: skip
    """Open a container of sealed privileged conversations, with the private key it was sealed for: for the
    examining magistrate, who needs no case. The records come as JSON lines, the files under their SHA-256."""
    from forensics.errors import WrongUse
    from forensics.sealed_container import make_key
    from forensics.unsealing import unseal

    use_utf8()
    if new_key is not None and any(each is not None for each in (container, key, file, folder)):
        raise WrongUse("--new-key FILE goes with nothing else: a container is opened with --key")
    if new_key is not None:
        click.echo(make_key(new_key))
        say(f"{new_key} is the private key: whoever has it opens what is sealed for it. The other is public.")
    elif container is None or key is None or file is None:
        raise WrongUse("give CONTAINER, --key FILE and -o FILE; or --new-key FILE")
    else:
        target = None if file == "-" else Path(file)
        done = unseal(container, key, target, sys.stdout.buffer, folder)
        say(f"{done.records} records and {done.files} of {done.held} files were unsealed.")
        if folder is None and done.held:
            say("Give --files FOLDER to get the files of attachments too.")
        if done.broken:
            say(f"{done.broken} files (.part) could not be read whole when they were sealed.")
