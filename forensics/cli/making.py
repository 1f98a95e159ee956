"""``new``, ``ingest`` and ``run``: from nothing to a case that holds the evidence's records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.talk import (
    JSON_OPTION,
    PATH,
    QUIET_OPTION,
    open_case,
    print_json,
    progress,
    say,
    tell_error,
    use_utf8,
    visible,
)

if TYPE_CHECKING:
    from forensics.case import Case
    from forensics.events import Event
    from forensics.ingest import Outcome

_EXPECTED = re.compile(r"sha256:([0-9a-fA-F]{64})")


@click.command("new")
@click.argument("case", type=PATH)
@click.option("--number", help="Case number.")
@click.option("--examiner", help="Name or service number of the examiner.")
@click.option("--organisation", help="Unit of the examiner.")
@click.option("--exhibit", help="Exhibit number.")
@click.option(
    "--authority",
    "authorities",
    multiple=True,
    metavar="KIND:REFERENCE:DATE",
    help="Legal basis; KIND is prosecutor, examining-magistrate, consent, urgent or none. Repeatable.",
)
@click.option("--from", "since", metavar="DATE", help="First day that may be read.")
@click.option("--until", metavar="DATE", help="Last day that may be read.")
@click.option("--app", "apps", multiple=True, help="App that may be read. Repeatable; default all.")
@click.option("--retain-until", metavar="DATE", help="Last day on which the case may be kept.")
@click.option("--reason", metavar="TEXT", help="Why it is urgent, where an authority is `urgent`.")
@click.option("--privileged", type=PATH, help="File with identifiers of privileged contacts, one a line.")
@click.option(
    "--seal-for",
    multiple=True,
    metavar="KEY",
    help="Public key (age1...) for which privileged conversations are sealed. Repeatable.",
)
@click.option(
    "--encrypt",
    is_flag=True,
    help="Encrypt the database at rest (extra `encryption`); passphrase in SPOREN_CASE_PASSPHRASE or asked.",
)
@click.option(
    "--encrypt-token", metavar="PKCS11-URI", help="The same, by an RSA key on a token (extra `tokens`)."
)
@click.option("--timezone", help="Zone of the case's dates. Default Europe/Amsterdam.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language of the report. Default nl.")
@click.option(
    "--law", type=PATH, help="Table of listings over or beside the built-in one; stays in the case."
)
@click.option("--config", type=PATH, help="case.toml with these and more (docs/case-toml.md).")
@QUIET_OPTION
def new_command(case: Path, encrypt: bool, encrypt_token: str | None, quiet: bool, **given: Any) -> None:
    """Make a case folder."""
    from forensics.case import Case
    from forensics.case_settings import Options, settings
    from forensics.errors import WrongUse

    if encrypt and encrypt_token is not None:
        raise WrongUse("give --encrypt or --encrypt-token: a case opens with a passphrase or with a token")
    told = settings(Options(**given))
    with Case.create(case, told, encrypted=encrypt, token=encrypt_token) as made:
        info = made.info
        say(f"Case {info['number']} is made in {case}.")
        if all(each["kind"] == "none" for each in info["authorities"]):
            say("No authority is recorded: the report says so on its first page.")
        if any(each["kind"] == "urgent" and not each.get("reason") for each in info["authorities"]):
            say("Urgency is recorded without its reason: the report says so.")


@click.command("ingest")
@click.argument("case", type=PATH)
@click.argument("evidence", type=PATH, nargs=-1)
@click.option("--key", "keys", type=PATH, multiple=True, help="File with a key or passphrase. Repeatable.")
@click.option("--exhibit", help="Exhibit number of this evidence; default that of the case.")
@click.option("--expect", "expected", multiple=True, metavar="sha256:HEX", help="The SHA-256 it must have.")
@click.option("--workers", type=click.IntRange(1), help="Processes; default the number of cores.")
@click.option(
    "--dask", metavar="ADDRESS", help="Read on a Dask cluster: tls://HOST:PORT or a scheduler file."
)
@click.option(
    "--member-limit", type=click.IntRange(1), metavar="BYTES", help="Largest unpacked file that is read."
)
@click.option("--ratio-limit", type=click.IntRange(1), help="Largest ratio of unpacked to packed size.")
@click.option(
    "--recover/--no-recover", default=True, help="Whether deleted rows and older texts are looked for too."
)
@click.option(
    "--law",
    type=PATH,
    help="Analyse the case under this table of listings from now on, and anew what it holds; EVIDENCE may"
    " be left out.",
)
@click.option("--built-in-law", is_flag=True, help="The same under the built-in table alone.")
@JSON_OPTION
@QUIET_OPTION
def ingest_command(
    case: Path, evidence: tuple[Path, ...], law: Path | None, built_in_law: bool, as_json: bool, quiet: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Hash, recognise, decrypt, parse, store and analyse EVIDENCE."""
    from forensics.ingest import Outcome

    use_utf8()
    if not evidence and law is None and not built_in_law:
        raise click.UsageError("Missing argument 'EVIDENCE...'.")
    if law is not None and built_in_law:
        raise click.UsageError("give either --law or --built-in-law")
    with open_case(case) as opened:
        flags = _lay(opened, law, given["workers"]) if law is not None or built_in_law else None
        outcome = read_into(opened, evidence, **given) if evidence else Outcome()
        outcome.flags += flags or 0
    if as_json:
        print_json(outcome.as_dict())
    tell(outcome)
    click.get_current_context().exit(outcome.exit_code)


def _lay(case: Case, law: Path | None, workers: int | None) -> int | None:
    """Put the case under a table of law; gives the number of flags that were made anew."""
    from forensics.environment import command_line, environment
    from forensics.reanalysis import lay
    from forensics.workers import default_workers

    table, flags = lay(case, law, environment(command_line()), workers or default_workers())
    named = f"the table {table['name']}, version {table['version']}" if table else "the built-in table"
    anew = "nothing changed." if flags is None else f"{flags} flags were made anew."
    say(visible(f"The status in law is looked up in {named}: {anew}"))
    return flags


def read_into(
    case: Case,
    evidence: Sequence[Path],
    keys: Sequence[Path] = (),
    exhibit: str | None = None,
    expected: Sequence[str] = (),
    member_limit: int | None = None,
    ratio_limit: int | None = None,
    workers: int | None = None,
    recover: bool = True,
    dask: str | None = None,
) -> Outcome:
    """Ingest into an open case."""
    from forensics.environment import command_line, environment
    from forensics.ingest import ingest
    from forensics.ingest_command import Asked, prepare
    from forensics.workers import collect_rarely, default_workers

    workers = workers or default_workers()
    asked = Asked(
        evidence=evidence,
        environment=environment(command_line()),
        workers=workers,
        keys=keys,
        exhibit=exhibit,
        expected=tuple(_digest(each) for each in expected),
        limits=_limits(member_limit, ratio_limit),
        recover=recover,
    )
    request, run = prepare(case, asked)
    collect_rarely()
    unstated: list[Path] = []
    with progress() as watch:
        events = _events(request, workers, dask)
        outcome = ingest(case, _unstated(events, unstated) if expected else events, run, watch)
    for path in dict.fromkeys(unstated):
        say(f"Note: {path}: came in without a SHA-256 that was expected (--expect)")
    return outcome


def _unstated(events: Iterable[Event], unstated: list[Path]) -> Iterator[Event]:
    """The events; the items that no --expect was about are noted meanwhile."""
    from forensics.events import ItemOpened

    for event in events:
        if isinstance(event, ItemOpened) and event.expected is None:
            unstated.append(Path(event.path))
        yield event


def _events(request: Any, workers: int, dask: str | None) -> Any:
    """What reading tells, from here or from a cluster."""
    from forensics.engine import events
    from forensics.errors import WrongUse

    if dask is None:
        return events(request, workers)
    try:
        from forensics import cluster
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in ("distributed", "dask"):
            raise
        raise WrongUse("--dask needs the extra: pip install 'sporen[cluster]'") from error
    return cluster.events(request, cluster.address_of(dask))


def _limits(member_bytes: int | None, ratio: int | None) -> Any:
    from forensics.evidence import Limits

    given = {"member_bytes": member_bytes, "ratio": ratio}
    return Limits(**{name: value for name, value in given.items() if value is not None})


def _digest(text: str) -> str:
    found = _EXPECTED.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"{text}: give sha256: and 64 hexadecimal digits", param_hint="--expect")
    return found[1].lower()


def tell(outcome: Outcome) -> None:
    """What an ingest did, in words on standard error."""
    for path in outcome.known:
        say(f"{path}: already in the case; nothing changed.")
    for file in outcome.files:
        for name, table in (file["tables"] or {}).items():
            skipped = ", ".join(f"{count} {reason}" for reason, count in table["skipped"].items()) or "none"
            say(
                f"{file['path']}, table {name}: {table['rows']} rows = {table['messages']} records"
                f" + skipped ({skipped}) + {table['failed']} failed."
            )
    for trouble in outcome.troubles:
        said = trouble.text if trouble.text.startswith(trouble.path) else f"{trouble.path}: {trouble.text}"
        if trouble.code:
            tell_error(f"Not read: {said}")
        else:
            say(f"Note: {said}")
    if outcome.files:
        say(f"{outcome.messages} messages and calls, {outcome.flags} flags to look at.")


@click.command("run")
@click.argument("evidence", type=PATH, nargs=-1, required=True)
@click.option("-o", "--output", "case", type=PATH, required=True, help="The case folder to make.")
@click.option("--key", "keys", type=PATH, multiple=True, help="File with a key or passphrase. Repeatable.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Language of the report. Default nl.")
@click.option("--law", type=PATH, help="Table of listings over or beside the built-in one.")
@QUIET_OPTION
@click.pass_context
def run_command(
    ctx: click.Context,
    evidence: tuple[Path, ...],
    case: Path,
    keys: tuple[Path, ...],
    language: str | None,
    law: Path | None,
    quiet: bool,
) -> None:
    """New, ingest, report (to CASE/delivery) and verify in one go, with no authority recorded."""
    from forensics.actor import account
    from forensics.case import Case
    from forensics.case_settings import Options, settings
    from forensics.cli.handing_over import tell_verified, verified
    from forensics.cli.reporting import deliver
    from forensics.places import check_case_folder

    use_utf8()
    check_case_folder(case, evidence)
    options = Options(number=case.name or "case", examiner=account(), language=language, law=law)
    with Case.create(case, settings(options)) as opened:
        outcome = read_into(opened, evidence, keys)
        tell(outcome)
        if not outcome.files:
            ctx.exit(outcome.exit_code)
        deliver(opened, case / "delivery", None)
    report = verified(case, (), ())
    delivery = verified(case / "delivery", (), ())
    tell_verified(case, report)
    tell_verified(case / "delivery", delivery)
    ctx.exit(report.exit_code or delivery.exit_code or outcome.exit_code)
