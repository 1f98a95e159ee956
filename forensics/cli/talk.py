"""How the command line talks: prose and progress to standard error, results to standard output."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from forensics.case import Case
    from forensics.progressed import Progressed


def is_quiet() -> bool:
    """Whether --quiet was given, before or after the command."""
    context = click.get_current_context()
    return bool((context.obj or {}).get("quiet")) or bool(context.params.get("quiet"))


def _console(*, stderr: bool = False, quiet: bool = False) -> Console:
    """A console that leaves it to the group of commands what is done when its reader has gone."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, "the reader has gone")

    return Piped(highlight=False, stderr=stderr, quiet=quiet)


def console() -> Console:
    """Standard error; rich honours NO_COLOR and knows whether it is a terminal. There long sentences are
    wrapped between words; elsewhere each stays a line."""
    made = _console(stderr=True, quiet=is_quiet())
    made.soft_wrap = not made.is_terminal
    return made


def output() -> Console:
    """Standard output for tables; 80 columns where there is no terminal."""
    return _console()


def say(text: str) -> None:
    """A line of prose, as it is: nothing in it is markup."""
    from rich.text import Text

    console().print(Text(visible(text)))


def tell_error(text: str) -> None:
    """What is wrong, with --quiet too; where that was not given it reads as every other line of prose."""
    if is_quiet():
        click.echo(visible(text), err=True)
    else:
        say(text)


def is_at_terminal() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin.isatty()


def ask_passphrase(question: str, is_new: bool) -> str | None:
    """What whoever sits at the terminal types, twice the same where it is new; None where nobody does."""
    if not is_at_terminal():
        return None
    typed: str = click.prompt(question, hide_input=True, confirmation_prompt=is_new, err=True)
    return typed


def check_role(case: Case) -> None:
    """Refused where whoever acts may not do this in that case."""
    from forensics.actor import acting
    from forensics.roles import Action, check

    context, who = click.get_current_context(), acting()
    command = str(context.find_root().invoked_subcommand or context.info_name)
    own = context.params
    action = Action(
        command=command, by=own.get("by") or who.by, role=who.role, reason=own.get("reason") or who.reason
    )
    check(case.info.get("roles") or {}, action)


def attempted(folder: Path) -> None:
    """Note that this command is about that case: should it be refused, its log says so."""
    context = click.get_current_context().find_root()
    if isinstance(context.obj, dict):
        context.obj.setdefault("cases", []).append(folder)


@contextmanager
def adopted(folder: Path) -> Iterator[Case]:
    """An existing case whose log has what waited for it."""
    from forensics.attempts import adopt
    from forensics.case import Case
    from forensics.case_file import is_copy
    from forensics.errors import WrongUse

    attempted(folder)
    if is_copy(folder):
        raise WrongUse(
            f"{folder}: a copy that was handed over, which is only read; `sporen receive` takes it"
        )
    with Case.open(folder) as case:
        adopt(case)
        yield case


@contextmanager
def open_case(folder: Path) -> Iterator[Case]:
    """An existing case. CaseDamaged, and no traceback, where a value is odd because the case was changed."""
    from forensics.case_file import ODD_VALUES
    from forensics.errors import CaseDamaged

    with adopted(folder) as case:
        check_role(case)
        if case.is_to_be_rewritten():
            from forensics.purge import scrub

            scrub(case)
        warn_of_retention(case)
        try:
            yield case
        except ODD_VALUES as error:
            from forensics.verify import verify_case

            if verify_case(case).is_clean:
                raise
            text = "case.db was changed by something else than Sporen; `sporen verify` says what"
            raise CaseDamaged(f"{folder}: {text}") from error


def warn_of_retention(case: Case) -> None:
    """Say so where the case should not be there any more."""
    row = case.db.execute("SELECT value FROM setting WHERE name = 'retain_until'").fetchone()
    until = row[0].strip('"') if row is not None and isinstance(row[0], str) else "null"
    if until[:1].isdigit():
        from forensics.times import now, rfc3339

        if until < (rfc3339(now()) or "")[:10]:
            say(f"WARNING: this case was to be kept until {until} and no longer: `sporen erase` destroys it,"
                " `sporen authority --retain-until` records a longer term")  # fmt: skip


def print_json(value: object) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def print_json_line(value: object) -> None:
    """One JSON line on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def use_utf8() -> None:
    """Standard streams carry UTF-8 in every locale, and JSON lines end in one line feed everywhere.

    Bytes of a file name that are no UTF-8 are printed as ``\\udcXX``, which JSON reads back.
    """
    for stream in (sys.stdin, sys.stdout):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def visible(text: str) -> str:
    """One line for a terminal: control and direction characters, ends of lines too, shown as numbers."""
    return "".join(
        letter if letter.isprintable() or letter == "\u200d" else f"⟨U+{ord(letter):04X}⟩" for letter in text
    )


def shortened(text: str | None, width: int) -> str:
    """One line of a text."""
    line = visible(" ".join((text or "").split()))
    return line if len(line) <= width else line[: width - 1] + "…"


@contextmanager
def progress() -> Iterator[Any]:
    """Gives the function that takes what reading tells; a bar on a terminal, nothing elsewhere."""
    err = console()
    if not err.is_terminal or is_quiet():
        yield _ignore
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from forensics.cli.progress_words import amount, doing

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=15), TextColumn("{task.fields[told]}"))
    times = (TimeElapsedColumn(), TextColumn("{task.fields[left]}"), TimeRemainingColumn())
    with Progress(*columns, *times, console=err, transient=True) as bar:
        # a line for each step that was told of, of which the last one is shown: each has its own pace
        lines: dict[tuple[str, str], TaskID] = {}
        shown: list[TaskID] = []

        def watch(event: Progressed) -> None:
            step = event.what, event.part
            if step not in lines:
                lines[step] = bar.add_task(
                    doing(event.what), total=event.total, told="", left="", visible=False
                )
            line = lines[step]
            for other in shown if shown != [line] else ():
                bar.update(other, visible=False)
            shown[:] = [line]
            done = bar.tasks[line].completed + event.count
            told, left = amount(event.what, int(done), event.total), "" if event.total is None else "left"
            bar.update(line, completed=done, total=event.total, told=told, left=left, visible=True)

        yield watch


def _ignore(event: Progressed) -> None:
    """Without a terminal nobody watches."""


# A path as it was typed: what is wrong with it is told by the program, in one sentence.
PATH = click.Path(path_type=Path, readable=False)
JSON_OPTION = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output.")
QUIET_OPTION = click.option("--quiet", "-q", is_flag=True, help="No progress and no prose.")
