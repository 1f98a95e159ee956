"""``authority``: the legal basis of a case, and further ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forensics.cli.talk import JSON_OPTION, PATH, QUIET_OPTION, open_case, print_json, say, use_utf8, visible


@click.command("authority")
@click.argument("case", type=PATH)
@click.option("--add", metavar="KIND:REFERENCE:DATE", help="Record a further authority.")
@click.option("--issuer", help="Who issued it.")
@click.option("--expires", metavar="DATE", help="Last day on which evidence may be read under it.")
@click.option("--reason", metavar="TEXT", help="Why: of an urgent one, and of another retention date.")
@click.option("--scope", metavar="TEXT", help="Its scope in its own words.")
@click.option("--limits", metavar="TEXT", help="Limits on use in its own words.")
@click.option("--from", "since", metavar="DATE", help="First day that it covers.")
@click.option("--until", metavar="DATE", help="Last day that it covers.")
@click.option(
    "--app", "apps", multiple=True, help="App that it covers. Repeatable; default those of the case."
)
@click.option(
    "--person", "persons", multiple=True, help="Number, id or name of a person whom it covers. Repeatable."
)
@click.option(
    "--conversation", "conversations", multiple=True, help="Id, handle or title that it covers. Repeatable."
)
@click.option(
    "--data-type", "data_types", multiple=True, help="Kind of message that it covers (text, image, call ...)."
)
@click.option("--retain-until", metavar="DATE", help="Last day on which the case may be kept from now on.")
@click.option("--by", metavar="NAME", help="Who records it; default the examiner of the case.")
@JSON_OPTION
@QUIET_OPTION
def authority_command(
    case: Path,
    add: str | None,
    retain_until: str | None,
    by: str | None,
    as_json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    """List the authorities of a case, or add one: what any valid one covers may be read.

    A scope is never widened but by a further authority. Evidence that was read under a narrower one is read
    anew when it is ingested again.
    """
    from forensics import grounds
    from forensics.errors import WrongUse

    use_utf8()
    given["from"] = given.pop("since")
    if add is None and retain_until is None and any(given.values()):
        raise WrongUse("give --add KIND:REFERENCE:DATE, or --retain-until DATE with --reason")
    with open_case(case) as opened:
        if add is not None:
            grounds.add_authority(opened, add, given, by)
        if retain_until is not None:
            grounds.retain_until(opened, retain_until, given["reason"], by)
        found, until = grounds.listed(opened), opened.info.get("retain_until")
    if as_json:
        print_json({"authorities": found, "retain_until": until})
        return
    for each in found:
        state = "valid" if each["valid"] else "LAPSED"
        click.echo(visible(f"{each['kind']} {each['reference']} of {each.get('date', '-')}: {state}"))
        for name, value in each.items():
            if name not in ("kind", "reference", "date", "valid"):
                told = ", ".join(value) if isinstance(value, list) else value
                click.echo(visible(f"  {name}: {told}"))
    if not found:
        say("No authority is recorded.")
    if until:
        say(f"The case may be kept until {until}.")
