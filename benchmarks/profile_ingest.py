"""Profiles `sporen ingest` in this process: the forty functions that take most, to standard error.

    python benchmarks/profile_ingest.py PHONE

PHONE is made by make_whatsapp.py. What runs in other processes or threads is not seen.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from sporen_commands import NEW_OPTIONS

SHOWN = 40


def call(program: object, *parameters: str | Path) -> None:
    """Call the console script as the shell would; raises RuntimeError when it ends with an error."""
    if not callable(program):
        raise TypeError("the console script is no function")
    with patch.object(sys, "argv", ["sporen", *(str(parameter) for parameter in parameters)]):
        try:
            program()
        except SystemExit as ended:
            if ended.code:
                raise RuntimeError(f"sporen {parameters[0]} ended with {ended.code}") from ended


def profile_ingest(phone: Path) -> cProfile.Profile:
    """Make a case in a temporary folder and profile only the ingest."""
    scripts = tuple(entry_points(group="console_scripts", name="sporen"))
    if not scripts:
        raise SystemExit("sporen is not installed for this Python: pip install -e . first")
    program = scripts[0].load()
    profile = cProfile.Profile()
    with TemporaryDirectory() as folder:
        case = Path(folder) / "case"
        call(program, "new", case, *NEW_OPTIONS)
        with profile:
            call(program, "ingest", case, phone)
    return profile


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("phone", type=Path, metavar="PHONE")
    profile = profile_ingest(parser.parse_args().phone)
    pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(SHOWN)


if __name__ == "__main__":
    main()
