"""``privilege``: who may be privileged and is on no list, and further names for the list."""

from __future__ import annotations

from pathlib import Path

import click

from forensics.cli.talk import JSON_OPTION, PATH, QUIET_OPTION, open_case, print_json, say, use_utf8, visible


@click.command("privilege")
@click.argument("case", type=PATH)
@click.option("--numbers", type=PATH, help="File with known numbers of offices, one a line.")
@click.option("--add", type=PATH, help="File with identifiers to put on the list of privileged contacts.")
@click.option("--by", metavar="NAME", help="Who filters; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def privilege_command(
    case: Path, numbers: Path | None, add: Path | None, by: str | None, as_json: bool, quiet: bool
) -> None:
    """List people and conversations that may be privileged and are on no list; no message is shown.

    What was read already stays until `sporen purge` removes it; what is added to the list is kept out of
    evidence that is read from then on.
    """
    from forensics.candidates import add_privileged, candidates
    from forensics.case_settings import listed_identifiers

    use_utf8()
    with open_case(case) as opened:
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
