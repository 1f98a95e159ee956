"""``review``: reading and deciding in the browser, on this machine only."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from forensics.cli.talk import PATH, QUIET_OPTION, open_case

_REASONS = {"nl": "beoordeling van de aanwijzingen", "en": "review of the flags"}


@click.command("review")
@click.argument("case", type=PATH)
@click.option(
    "--by", metavar="NAME", help="Who reviews; default who acts (`sporen --by`), else the examiner."
)
@click.option(
    "--reason", help="Why conversations are opened; recorded with each. Default: review of the flags."
)
@click.option("--blind", is_flag=True, help="Do not show what others decided.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language; default that of the case.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; default any that is free.")
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser.")
@QUIET_OPTION
def review_command(
    case: Path,
    by: str | None,
    reason: str | None,
    blind: bool,
    language: str | None,
    port: int,
    browser: bool,
    quiet: bool,
) -> None:
    """Read conversations and decide on flags in the browser. Only this machine can open the page; Ctrl-C
    stops it.

    The address is printed on standard error and opens once.
    """
    from forensics.actor import acting
    from forensics.errors import WrongUse
    from forensics.web.server import serve
    from forensics.web.session import Session

    for name, text in (("--by", by), ("--reason", reason)):
        if text is not None and (not text.strip() or any("\ud800" <= letter <= "\udfff" for letter in text)):
            raise WrongUse(f"{name}: this is empty, or no text in UTF-8")
    with open_case(case) as opened:
        info = opened.info
        chosen = language or str(info["language"])
    who = acting()
    reviewer, why = by or who.by or str(info["examiner"]), reason or who.reason or _REASONS[chosen]
    session = Session(reviewer=reviewer, reason=why, blind=blind, role=who.role)
    for each in (signal.SIGINT, signal.SIGTERM):  # also where a shell started it in the background
        signal.signal(each, signal.default_int_handler)
    serve(case, session, chosen, port, lambda address: _ready(address, browser))


def _ready(address: str, browser: bool) -> None:
    """The address is what a person needs: --quiet does not take it away."""
    click.echo(f"Open {address}\nIt opens once, on this machine only. Ctrl-C stops.", err=True)
    if browser:
        import webbrowser

        webbrowser.open(address)
