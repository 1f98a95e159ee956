"""Every command has help and stands in the README, and the README names no other."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest
from source_tree import ROOT

from forensics.cli import main

README = (ROOT / "README.md").read_text("utf-8")
CONTEXT = click.Context(main)
COMMANDS = [main.get_command(CONTEXT, name) for name in main.list_commands(CONTEXT)]
BY_NAME = {command.name: command for command in COMMANDS}


def test_the_commands_are_those_of_the_readme():
    named = re.findall(r"^\| `sporen ([a-z]+)", README, flags=re.MULTILINE)
    assert sorted(named) == sorted(BY_NAME), "a command has a row in the README, in the table Commands"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_says_what_it_does(command: click.Command):
    assert command.help and len(command.help.split()) > 2
    undocumented = [
        each.opts[-1]
        for each in command.params
        if isinstance(each, click.Option) and not (each.help or each.hidden)
    ]
    assert not undocumented, "an option without help"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_readme_names_only_options_that_exist(command: click.Command):
    row = next(line for line in README.splitlines() if line.startswith(f"| `sporen {command.name}"))
    exists = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    assert not set(re.findall(r"(?<![\w-])(--?[a-z]+(?:-[a-z]+)*)", row)) - exists


def test_every_option_of_the_sessions_in_the_readme_exists():
    for block in re.findall(r"```\n(.*?)```", README, flags=re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            name, _, rest = line.removeprefix("sporen ").partition(" ")
            if line.startswith("sporen "):
                exists = {option for each in BY_NAME[name].params for option in each.opts}
                assert not set(re.findall(r"(?<= )--?[a-z]+", f" {rest}")) - exists, line


def test_help_starts_without_the_heavy_parts():
    """A person who asks for help should not wait for the typesetter or the word lists."""
    code = "import sys, forensics.cli; print([each for each in sys.modules if each in %r])"
    heavy = ("typst", "xlsxwriter", "jinja2", "magic", "sqlite_utils", "forensics.analysis.lexicon")
    done = subprocess.run([sys.executable, "-c", code % (heavy,)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
