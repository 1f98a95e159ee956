"""``recover``: deleted and older rows of any SQLite file, without a case."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.talk import JSON_OPTION, QUIET_OPTION, print_json_line, progress, say, shortened, use_utf8

if TYPE_CHECKING:
    from forensics.formats.sqlite_recovery_damage import Damage

PATH = click.Path(path_type=Path)


@click.command("recover")
@click.argument("database", type=PATH)
@JSON_OPTION
@QUIET_OPTION
def recover_command(database: Path, as_json: bool, quiet: bool) -> None:
    """Find deleted and older rows of DATABASE (any SQLite file) with its -wal and -journal, as JSON lines."""
    import tempfile
    from collections import Counter

    from forensics.errors import UnknownKind
    from forensics.evidence import open_evidence
    from forensics.formats.sqlite_recovery import recover, recovered_dict
    from forensics.formats.sqlite_recovery_limits import Limits
    from forensics.progressed import Progressed

    use_utf8()
    counts: Counter[str] = Counter()
    limits = Limits()
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sporen-recover-")))
        evidence = stack.enter_context(open_evidence(database))
        if evidence.kind != "file":
            raise UnknownKind(f"{database}: not a single file; name the database in it")
        members = {member.path: member for member in evidence.members()}
        streams = {
            suffix: stack.enter_context(evidence.open(members[database.name + suffix]))
            for suffix in ("", "-wal", "-journal")
            if database.name + suffix in members
        }
        show = stack.enter_context(progress())
        rows = recover(
            streams[""],
            streams.get("-wal"),
            streams.get("-journal"),
            work=work,
            name=database.name,
            watch=lambda pages: show(Progressed(what="pages", count=pages)),
            limits=limits,
        )
        for row in rows:
            found = recovered_dict(row)
            counts[f"{found['state']} ({found['origin']})"] += 1
            if as_json:
                print_json_line(found)
            else:
                values = ", ".join(str(value) for value in found["values"] if value is not None)
                click.echo(
                    f"{found['table'] or '?'} {found['rowid']} {found['state']}: {shortened(values, 200)}"
                )
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "none"
    say(f"{database}: rows found that the database no longer shows: {told}")
    for sentence in limits.told():
        say(f"{database}: {sentence}")
    _demand_whole(database, limits.damage)


def _demand_whole(database: Path, damage: Damage) -> None:
    """Ends the command with the code of damaged evidence, in one sentence for all that could not be read."""
    from forensics.errors import DamagedEvidence

    unread = "; ".join(problem.text for problem in damage.problems())
    if unread:
        raise DamagedEvidence(f"{database}: only a part of it could be read and searched: {unread}")
