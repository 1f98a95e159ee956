"""``log``, ``anchor`` and ``key``: the custody log, its head known elsewhere, and the keys that sign it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    output,
    print_json,
    say,
    shortened,
    use_utf8,
    visible,
)


@click.command("log")
@click.argument("case", type=PATH)
@click.option("--action", "actions", multiple=True, help="Only this action (view, purge ...). Repeatable.")
@click.option("--from", "since", metavar="DATE", help="Only from this day on (UTC).")
@click.option("--until", metavar="DATE", help="Only up to and with this day (UTC).")
@click.option("--actor", help="Only of whoever has this in his name.")
@click.option("--details", is_flag=True, help="All of each entry, wrapped.")
@click.option(
    "--supervisor",
    "article_25",
    is_flag=True,
    help="As CSV for a supervisory authority (Directive 2016/680, art. 25).",
)
@click.option("-o", "--output", "file", type=PATH, help="With --supervisor: a new file, which the log names.")
@JSON_OPTION
@QUIET_OPTION
def log_command(
    case: Path, actions: tuple[str, ...], since: str | None, until: str | None, actor: str | None,
    details: bool, article_25: bool, file: Path | None, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Print the custody log, a line for each entry; --json prints its lines as they stand."""
    from forensics import custody
    from forensics.errors import WrongUse
    from forensics.journal import Choice, checked_day, chosen, write_log

    use_utf8()
    if file is not None and not article_25:
        raise WrongUse("-o FILE goes with --supervisor; the other forms go to standard output")
    choice = Choice(
        actions=actions, since=checked_day(since, "--from"), until=checked_day(until, "--until"), actor=actor
    )
    with open_case(case) as opened:
        if as_json and choice == Choice():
            sys.stdout.buffer.write(custody.whole(opened.log_path))
            return
        entries = list(chosen(custody.entries(opened.log_path), choice))
        if as_json:
            seqs = {each.seq for each in entries}
            for number, line in enumerate(custody.whole(opened.log_path).splitlines(keepends=True), 1):
                sys.stdout.buffer.write(line if number in seqs else b"")
            return
        if article_25 and file is not None:
            digest = write_log(opened, file, _article_25(entries))
            say(f"{len(entries)} entries in {file}, SHA-256 {digest}.")
            return
        head = custody.read_head(opened.log_path)
    if article_25:
        click.echo(_article_25(entries), nl=False)
    else:
        _print_entries(entries, details)
    say(f"The log ends with entry {head.seq}, hash {head.hash}")


def _print_entries(entries: list[Any], details: bool) -> None:
    from textwrap import wrap

    from forensics.journal import told

    width = output().width
    for each in entries:
        begin = f"{each.seq:4} {each.time[:19]}Z {each.action:13} "
        click.echo(begin + shortened(f"{told(each.object)}: {each.result}", max(20, width - len(begin))))
        if details:
            fields = {
                "object": told(each.object),
                "by": each.actor,
                "at": each.host,
                "authority": each.authority,
                "result": each.result,
            }
            for name, value in {**fields, **each.detail}.items():
                for line in wrap(visible(f"{name}: {value}"), max(20, width - 5)):
                    click.echo(f"     {line}")


def _article_25(entries: list[Any]) -> str:
    import csv
    import io

    from forensics.journal import COLUMNS, article_25

    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in entries:
        writer.writerow({name: _plain(value) for name, value in article_25(each).items()})
    return text.getvalue()


def _plain(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    from forensics.cells import guarded

    return guarded(visible(value))


@click.command("anchor")
@click.argument("case", type=PATH)
@click.option("--to", metavar="NAME", help="Print the head and note to whom it is given.")
@click.option(
    "--request", "request_file", type=PATH, help="Write a request for a time stamp (RFC 3161, .tsq)."
)
@click.option("--reply", type=PATH, help="Take the authority's reply (.tsr) into the log; needs --tsa.")
@click.option("--tsa", type=PATH, multiple=True, help="Certificates (PEM) of the authority, its root too.")
@click.option(
    "--countersign", type=PATH, metavar="KEY", help="Key file (Ed25519, PEM) of a second person; needs --by."
)
@click.option("--by", metavar="NAME", help="The second person.")
@JSON_OPTION
@QUIET_OPTION
def anchor_command(
    case: Path, to: str | None, request_file: Path | None, reply: Path | None, tsa: tuple[Path, ...],
    countersign: Path | None, by: str | None, as_json: bool, quiet: bool,
) -> None:  # fmt: skip
    """Make the head of the log known outside this machine. Nothing is sent: files are written and read.

    The second person's passphrase is taken from SPOREN_SECOND_KEY_PASSPHRASE.
    """
    from forensics import anchors
    from forensics.errors import WrongUse
    from forensics.keys import key_of_file

    use_utf8()
    ways = [each for each in (to, request_file, reply, countersign) if each is not None]
    if len(ways) != 1:
        raise WrongUse("give one of --to NAME, --request FILE, --reply FILE, --countersign KEY")
    with open_case(case) as opened:
        found: dict[str, Any]
        if to is not None:
            head = anchors.print_head(opened, to)
            found = {"case": opened.info["number"], "seq": head.seq, "hash": head.hash, "to": to}
        elif request_file is not None:
            head = anchors.request_stamp(opened, request_file)
            found = {"seq": head.seq, "hash": head.hash, "request": str(request_file)}
        elif reply is not None:
            if not tsa:
                raise WrongUse("--reply needs --tsa: the certificates of the time-stamp authority")
            head, stamp = anchors.take_stamp(opened, reply, tsa)
            found = {"seq": head.seq, "hash": head.hash, "time": stamp.time, "authority": stamp.authority}
        else:
            if not by or countersign is None:
                raise WrongUse("--countersign needs --by: who the second person is")
            found = anchors.countersign(opened, key_of_file(countersign), by)
    if as_json:
        print_json(found)
        return
    click.echo(f"{found['seq']}:{found['hash']}")
    for name, value in found.items():
        if name not in ("seq", "hash"):
            say(f"{name}: {value}")
    say("Keep this outside of this machine; `sporen verify --anchor` compares it.")


@click.command("key")
@click.argument("case", type=PATH, required=False)
@click.option("--rotate", is_flag=True, help="Make a new key for the examiner; it takes over in this case.")
@click.option("--revoke", metavar="KEY", help="Trust this key no longer: it was lost or stolen.")
@click.option("--reason", default="", help="Why.")
@JSON_OPTION
@QUIET_OPTION
def key_command(
    case: Path | None, rotate: bool, revoke: str | None, reason: str, as_json: bool, quiet: bool
) -> None:
    """List the keys that sign the log of a case; make a new one, or revoke one. Without CASE: one's own.

    A key is encrypted on disk when SPOREN_KEY_PASSPHRASE is set, from then on.
    """
    from forensics import signers
    from forensics.errors import WrongUse

    use_utf8()
    if rotate and revoke:
        raise WrongUse("give --rotate or --revoke, not both")
    if case is None:
        from forensics.transfer import own_key

        if rotate or revoke:
            raise WrongUse("name the case in which the key is changed or revoked")
        own = own_key()
        if as_json:
            print_json(own)
        else:
            click.echo(f"{own['key']}  {own['public_key']}")
        return
    with open_case(case) as opened:
        if rotate:
            say(f"The new key is {signers.rotate_key(opened, reason)}.")
        if revoke:
            signers.revoke(opened, revoke, reason)
        found = signers.signers(opened)
    if as_json:
        print_json(found)
        return
    for each in found:
        state = f"revoked in entry {each['revoked']}" if each["revoked"] else "in use"
        voucher = "" if each["vouched_for"] else ", introduced itself"
        click.echo(
            f"{each['key']}  since entry {each['announced']}{voucher}, {each['entries']} entries, {state}"
        )
