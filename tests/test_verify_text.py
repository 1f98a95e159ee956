"""What VERIFY.txt tells a reader to type, typed: its own commands in a shell, in both languages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sporen_runs import done
from test_signing import made, sign

__all__ = ["made"]  # a fixture

# Programs that a machine may lack; those of step 1 to 3 and 6 are on every one that has Python.
_OPTIONAL = ("pdfsig", "openssl")

pytestmark = pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum on this machine")


def commands(text: str) -> Iterator[str]:
    """The indented lines but those for Windows, without what is said of macOS beside them."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("     ") and not line.strip().startswith("Windows:"):
            yield re.sub(r"\s+\(macOS:.*", "", line.strip()).removeprefix("Linux, macOS:").strip()


@pytest.fixture(scope="module")
def signed(made: Path) -> Path:
    folder = sign(made, "signed")
    with (folder / "data/messages.jsonl").open(encoding="utf-8") as lines:
        message = next(each for each in map(json.loads, lines) if each["record"] == "message")
    done("prove", folder, message["id"], "-o", made / "proof.json")
    return folder


@pytest.mark.parametrize("part", [0, 1], ids=["nl", "en"])
def test_every_command_of_it_works_as_it_stands_there(made: Path, signed: Path, part: int, tmp_path: Path):
    bag = tmp_path / "bag"
    shutil.copytree(signed, bag)
    info = (bag / "bag-info.txt").read_text("utf-8")
    unsigned = re.search(r"Report-Unsigned-SHA256: (\w+) \((\d+) bytes\)", info)
    root = re.search(r"Record-Tree: (\w+)", info)
    assert unsigned and root
    tags = subprocess.run(
        ["sha256sum", "tagmanifest-sha256.txt"], cwd=bag, capture_output=True, text=True, check=True
    )
    number = tags.stdout[:64]
    filled = {
        "GETAL": number, "NUMBER": number, "AANTAL": unsigned[2], "SIZE": unsigned[2],
        "WORTEL": root[1], "ROOT": root[1], "BEWIJS.json": "../proof.json", "PROOF.json": "../proof.json",
        "kopie.txt": "../copy.txt", "copy.txt": "../copy.txt",
        "CERTIFICATEN.pem": "../root.pem", "CERTIFICATES.pem": "../root.pem", "python3": sys.executable,
    }  # fmt: skip
    for name in ("proof.json", "root.pem"):
        shutil.copy(made / name, tmp_path / name)
    text = (bag / "VERIFY.txt").read_text("utf-8").split("CHECKING WITHOUT SPOREN")[part]
    typed = list(commands(text))
    assert len(typed) == 8
    said = {}
    words = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, filled)) + r")(?![\w.])")
    for each in typed:
        line = words.sub(lambda match: filled[match[1]], each)
        if shutil.which(line.split()[0]) is None and line.split()[0] in _OPTIONAL:
            continue
        answer = subprocess.run(["bash", "-c", line], cwd=bag, capture_output=True, text=True, check=False)
        assert answer.returncode == 0, (line, answer.stdout, answer.stderr)
        said[line] = answer.stdout
    answers = list(said.values())
    assert answers[0].startswith(number)
    for listed in answers[1:3]:
        assert listed.splitlines() and all(each.endswith((": OK", ": GOED")) for each in listed.splitlines())
    assert next(answer for line, answer in said.items() if line.startswith("head")).startswith(unsigned[1])
    assert not (bag / "copy.txt").exists()
