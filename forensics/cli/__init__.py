"""The command line: the only place that talks. Each command is imported when it is called."""

from forensics.cli.group import main

__all__ = ["main"]
