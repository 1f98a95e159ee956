"""Every command has help and stands in the README, and the README names no other."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from source_tree import ROOT

if not any((ROOT / "forensics" / name).exists() for name in ("cli.py", "cli")):
    pytest.skip("the command line is not written yet", allow_module_level=True)

README = (ROOT / "README.md").read_text("utf-8")
# The commands of the contract; a new one is added here and in the README.
COMMANDS = {
    *(
        "new",
        "ingest",
        "run",
        "flags",
        "decide",
        "review",
        "search",
        "show",
        "report",
        "verify",
        "export",
        "log",
    ),
    *("classify", "validate", "recover"),
}


def group() -> click.Group:
    """The command line itself, whatever wraps it for the console script."""
    module = importlib.import_module("forensics.cli")
    groups = [each for each in vars(module).values() if isinstance(each, click.Group)]
    return next(each for each in groups if set(each.commands) >= COMMANDS)


def commands() -> Iterator[click.Command]:
    yield from group().commands.values()


def test_the_commands_are_those_of_the_readme():
    named = set(re.findall(r"^\| `sporen ([a-z]+)", README, flags=re.MULTILINE))
    assert named == set(group().commands) == COMMANDS


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_every_command_says_what_it_does(command: click.Command):
    assert command.help and len(command.help.split()) > 2
    undocumented = [
        each.opts[-1]
        for each in command.params
        if isinstance(each, click.Option) and not (each.help or each.hidden)
    ]
    assert not undocumented, "an option without help"


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.name)
def test_the_readme_names_only_options_that_exist(command: click.Command):
    row = next(line for line in README.splitlines() if line.startswith(f"| `sporen {command.name}"))
    exists = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert not set(re.findall(r"(?<![\w-])(--?[a-z]+)", row)) - exists


def test_every_option_of_the_sessions_in_the_readme_exists():
    for block in re.findall(r"```\n(.*?)```", README, flags=re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            name, _, rest = line.removeprefix("sporen ").partition(" ")
            if line.startswith("sporen "):
                exists = {option for each in group().commands[name].params for option in each.opts}
                assert not set(re.findall(r"(?<= )--?[a-z]+", f" {rest}")) - exists, line


def test_help_starts_without_the_heavy_parts():
    """A person who asks for help should not wait for the typesetter or the word lists."""
    code = "import sys, forensics.cli; print([each for each in sys.modules if each in %r])"
    heavy = ("typst", "xlsxwriter", "jinja2", "magic", "sqlite_utils", "forensics.analysis.lexicon")
    done = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
