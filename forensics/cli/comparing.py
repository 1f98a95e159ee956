"""``differences``: what databases of one account, and phones of one case, say otherwise of a message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    print_json,
    say,
    shortened,
    use_utf8,
    visible,
)

GROUNDS = {
    "id": "the app's own id",
    "text": "sender, time and text (a weaker ground: ids are each account's own there)",
    "time": "sender and time (a weaker ground: ids are each account's own there)",
}


@click.command("differences")
@click.argument("case", type=PATH)
@JSON_OPTION
@QUIET_OPTION
def differences_command(case: Path, as_json: bool, quiet: bool) -> None:
    """List what databases of one account, and phones of one case, say otherwise of the same messages."""
    from forensics.cli.clock import sentence
    from forensics.comparison import differences, pairs
    from forensics.device_clock import offset_of

    use_utf8()
    with open_case(case) as opened:
        clock = sentence(offset_of(opened.db, opened.info.get("config")))
        found, both = list(differences(opened.db)), pairs(opened.db)
        with opened.change() as change:
            change.log("view", "differences", f"{len(found)} differences")
    if as_json:
        print_json({"differences": found, "devices": both})
        return
    for each in both:
        _print_pair(each)
    for each in found:
        click.echo(visible(f"{each['message']}  {each['sent_at'] or '-':24}  {difference_line(each)}"))
    if clock is not None:
        say(clock)
    say(f"{len(found)} differences.")


def _print_pair(pair: dict[str, Any]) -> None:
    """Two accounts: on what ground their messages are the same, and how their clocks compare."""
    click.echo(visible(f"accounts {pair['one']} and {pair['other']}: {pair['conversations']} conversations"))
    for ground, count in pair["links"].items():
        click.echo(f"  on both devices: {count}, by {GROUNDS[ground]}")
    if pair["calls"]:
        click.echo(f"  calls on both devices: {len(pair['calls'])}, by the app's own id")
    for each in pair["clocks"]:
        click.echo(
            f"  clocks, {each['what']}, sent by {each['by']}: median {each['median_ms']} ms,"
            f" {each['low_ms']} to {each['high_ms']} ms, of {each['messages']} messages"
        )
    if pair["offset_ms"] is not None:
        click.echo(f"  the clock of {pair['other']} is ahead by {pair['offset_ms']} ms, if messages take"
                   " equally long both ways")  # fmt: skip


def difference_line(each: dict[str, Any]) -> str:
    """One difference in a line."""
    from forensics.comparison import gone

    if each["kind"] == "gone":
        return f"gone: {gone(each)}"
    if each["kind"] == "one side only":
        return f"one side only: no counterpart on account {each['not_on']}"
    where = each["source"]["path"] if each["scope"] == "copies" else f"{each['other']} on the other device"
    said = "; ".join(
        f"{field['field']}: {_short(field['kept'])}, there {_short(field['other'])}"
        for field in each["fields"]
    )
    return f"{each['kind']} ({where}): {said}"


def _short(value: Any) -> str:
    return "none" if value is None else shortened(str(value), 60)
