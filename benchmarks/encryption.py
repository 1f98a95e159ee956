"""What encrypting a case at rest costs: ingest and search with and without, by turns, in CPU seconds.

    python benchmarks/encryption.py --messages 100000 --rounds 3

Wall time says little on a machine that does other things too; CPU seconds are of each command with its
processes, start of Python and derivation of the key included.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from inputs import asked, phone_of
from measure import measure


def run(*arguments: object) -> float:
    """The CPU seconds of one command; it must end with 0."""
    program = [sys.executable, "-c", "from forensics.cli import main; main()", *map(str, arguments)]
    found = measure(program)
    if found.exit_code:
        raise SystemExit(f"{arguments[0]} ended with {found.exit_code}: {found.error}")
    return found.cpu


def one_round(folder: Path, phone: Path, *options: str) -> dict[str, float]:
    """A case made, filled, searched and verified."""
    case = folder / "case"
    run("new", case, "--number", "B-1", "--examiner", "B", *options)
    figures = {"ingest": run("ingest", case, phone), "search": run("search", case, "spul", "--json")}
    figures["verify"] = run("verify", case)
    figures["MB"] = (case / "case.db").stat().st_size / 1e6
    shutil.rmtree(case)
    return figures


def main() -> None:
    wanted = asked(__doc__)
    os.environ["SPOREN_CASE_PASSPHRASE"] = "a passphrase for the benchmark"
    with TemporaryDirectory() as scratch:
        work = wanted.work or Path(scratch)
        phone = phone_of(work, wanted.messages)
        found: dict[str, list[dict[str, float]]] = {"plain": [], "encrypted": []}
        for _ in range(wanted.rounds):
            found["plain"].append(one_round(Path(scratch), phone))
            found["encrypted"].append(one_round(Path(scratch), phone, "--encrypt"))
    for name in ("ingest", "search", "verify", "MB"):
        plain, encrypted = (median(each[name] for each in found[kind]) for kind in ("plain", "encrypted"))
        print(f"{name:8} plain {plain:9.2f}  encrypted {encrypted:9.2f}  ratio {encrypted / plain:.2f}")


if __name__ == "__main__":
    main()
