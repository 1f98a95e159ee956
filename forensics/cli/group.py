"""The group of commands, in the order in which a case goes through them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

import forensics
from forensics.actor import ROLES, Acting, act
from forensics.cli.talk import ask_passphrase, visible
from forensics.errors import TOO_LITTLE_MEMORY, MachineFailed, SporenError, WrongUse, lacks_memory

Given = TypeVar("Given")
# name -> (module in this package, one line of help): the help of the group imports no command.
COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("making", "Make a case."),
    "authority": ("authorising", "List the legal basis of a case, or add to it."),
    "ingest": ("making", "Read evidence into a case."),
    "run": ("making", "From evidence to a verified report in one go."),
    "flags": ("finding", "List the flagged menus, deals and conversations with their reasons."),
    "differences": ("comparing", "List what databases and phones say otherwise of the same messages."),
    "decide": ("finding", "Record a person's decision on a flag."),
    "review": ("reviewing", "Read and decide in the browser, on this machine only."),
    "search": ("finding", "Search the messages of a case."),
    "show": ("finding", "Show one message, its context and its source row."),
    "report": ("reporting", "Write the delivery: the report, its annexes and manifests."),
    "verify": ("handing_over", "Check a case or a delivery, and compare it with the evidence."),
    "export": ("handing_over", "Write all records of a case to one file."),
    "link": ("linking", "List what several cases share, as a table and a graph."),
    "log": ("recording", "Print the custody log of a case."),
    "anchor": ("recording", "Make the head of the log known outside: printed, time-stamped, counter-signed."),
    "handover": ("transferring", "Make a signed copy of a case for another unit."),
    "receive": ("transferring", "Check a signed copy and take it as a case; its log goes on."),
    "key": ("recording", "List, change or revoke the keys that sign the log of a case."),
    "privilege": ("filtering", "List who may be privileged and is on no list, without showing messages."),
    "unseal": ("filtering", "Open sealed privileged conversations with the private key of their recipient."),
    "purge": ("removing", "Remove a conversation everywhere: late discovery of privileged talk."),
    "erase": ("removing", "Destroy a case; a certificate and the log stay behind."),
    "prove": ("proving", "Prove that a record belongs to a delivery, without showing others."),
    "redact": ("proving", "Make a delivery without some records; the rest keeps its proofs."),
    "classify": ("judging", "Give verdicts on texts from standard input."),
    "recover": ("recovering", "Find deleted and older rows of any SQLite file."),
    "validate": ("judging", "Run the built-in validation sets and print the error rates."),
}

# Where a context keeps the command that was asked for and what was typed behind it.
_GIVEN = "sporen.given"
# The parameters of commands that name a case, or several.
_OF_CASES = frozenset(("case", "cases", "path"))


class Commands(click.Group):
    """Loads a command when it is asked for, and shows an error that a person can mend as one sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"forensics.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        ctx.meta[_GIVEN] = (None, tuple(args))  # of a command that does not exist too
        name, command, rest = super().resolve_command(ctx, args)
        ctx.meta[_GIVEN] = (command, tuple(rest))  # click empties the list
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        typed = list(args)  # click empties the list
        try:
            return _in_a_sentence(super().make_context, info_name, args, parent=parent, **extra)
        except SporenError as error:
            raise _on_record(self._as_typed(typed), error) from error.__cause__

    def _as_typed(self, args: list[str]) -> click.Context:
        """What stands behind options that are wrong, as far as it can be told: who acts, and the command."""
        ctx = click.Context(self, resilient_parsing=True, **self.context_settings)
        found, rest, _ = self.make_parser(ctx).parse_args(list(args))  # as far as it can be understood
        act(Acting(by=found.get("by"), reason=found.get("reason")))
        command = self.get_command(ctx, rest[0]) if rest else None
        if command is not None:
            ctx.invoked_subcommand = rest[0]
            ctx.meta[_GIVEN] = (command, tuple(rest[1:]))
        else:  # after an option that does not exist it cannot be told where the command begins
            ctx.invoked_subcommand = next((each for each in args if each in COMMANDS), None)
            ctx.meta[_GIVEN] = (None, tuple(args))
        return ctx

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return _in_a_sentence(super().invoke, ctx)
        except SporenError as error:
            raise _on_record(ctx, error) from error.__cause__
        except BrokenPipeError:  # whoever read has had enough
            _let_go()
            ctx.exit(_READER_GONE)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        return _told(super().main, *args, **kwargs)


def _in_a_sentence(call: Callable[..., Given], *args: Any, **kwargs: Any) -> Given:
    """Wrong options are told as every other error is, and not in the four lines of click."""
    try:
        return call(*args, **kwargs)
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        path = " ".join(("sporen", *(error.ctx.command_path.split()[1:] if error.ctx else ())))
        said = " ".join(error.format_message().split()).rstrip(".")
        refusal = WrongUse(f"{said}; see `{path} --help`")
        raise refusal from error


def _on_record(ctx: click.Context, error: SporenError) -> SporenError:
    """The error, once the log of every case that the command was about has it; what stands in the way of
    that is told with it."""
    from forensics.attempts import recorded

    named = (*(ctx.obj or {}).get("cases", ()), *_named(ctx))
    for folder in dict.fromkeys(named):
        told = recorded(folder, ctx.invoked_subcommand or "unknown", error)
        if told is not error:
            return told
    return error


def _named(ctx: click.Context) -> list[Path]:
    """The cases among what was typed: named as an argument, or as what is to be made."""
    command, given = ctx.meta.get(_GIVEN, (None, ()))
    words = list(given)
    if command is not None:
        own = click.Context(command, parent=ctx, resilient_parsing=True)  # the group's wants options first
        found, _, _ = command.make_parser(own).parse_args(list(given))  # as far as it can be understood
        values = [value for name, value in found.items() if name in _OF_CASES and value]
        words = [each for value in values for each in ([value] if isinstance(value, str) else value)] or words
    return [Path(each) for each in words if _is_case(each)]


def _is_case(word: object) -> bool:
    from forensics.case_file import is_there

    try:
        return isinstance(word, str) and is_there(Path(word))
    except (ValueError, MachineFailed):
        return False  # no name of a folder, or one that may not be looked into


# What a shell gives for a command that ended because nobody read on: 128 and the number of SIGPIPE.
_READER_GONE = 141
# Errors of writing that are the machine's.
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _flush() -> None:
    """What is held back can fail too, and is then told as what was written before; a reader may have gone."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()


def _let_go() -> None:
    """Nothing more goes to standard output."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _told(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        try:
            return call(*args, **kwargs)
        finally:
            _flush()
    except SporenError as error:
        click.echo(f"sporen: {visible(str(error))}", err=True)
        sys.exit(error.exit_code)
    except (OSError, MemoryError) as error:
        click.echo(f"sporen: {_failure(error)}", err=True)
        sys.exit(MachineFailed.exit_code)


def _failure(error: OSError | MemoryError) -> str:
    """What of the machine failed; raises the error where that is not known. Nothing more is written where
    that is what failed."""
    if lacks_memory(error):
        error.__traceback__ = None  # it holds all that was in memory
        return TOO_LITTLE_MEMORY
    if not isinstance(error, OSError) or error.errno not in _NO_ROOM:
        raise error
    _let_go()
    return f"this machine cannot write what is asked ({error.strerror}); make room"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(forensics.__version__, prog_name="sporen")
@click.option("--quiet", "-q", is_flag=True, help="No progress and no prose on standard error.")
@click.option("--by", metavar="NAME", help="Name or service number of who acts; stands in the log.")
@click.option("--role", type=click.Choice(ROLES), help="In which role; stands in the log.")
@click.option("--reason", metavar="TEXT", help="Why; stands in the log.")
@click.option(
    "--case-passphrase", "passphrase", metavar="FILE", help="File with the passphrase of an encrypted case."
)
@click.pass_context
def main(
    ctx: click.Context, quiet: bool, by: str | None, role: str | None, reason: str | None,
    passphrase: str | None,
) -> None:  # fmt: skip
    """Sporen reads lawfully extracted chats of seized phones into a case, flags, reports and proves.

    Start with `sporen new CASE`, then `sporen ingest CASE EVIDENCE`, then `sporen report CASE -o DELIVERY`.
    """
    from forensics.case_passphrase import begin
    from forensics.roles import check_command

    ctx.obj = {"quiet": quiet}
    begin(passphrase, ask_passphrase)
    act(Acting(by=by, role=role, reason=reason))
    check_command(str(ctx.invoked_subcommand), role)
