"""Collects all wheels that an offline workstation needs: `python install/wheelhouse.py [FOLDER]`.

Makes FOLDER/windows, FOLDER/linux and FOLDER/macos, each with Sporen itself, what it depends on and its
SHA256SUMS, and lets pip resolve each of them once more without a network, for every Python version. pip
answers conditions such as `sys_platform == "win32"` for the machine it runs on, whatever --platform says; so
it is run here with the answers of the workstation.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("forensics", "parsers", "reports")
FILES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
GLIBC = ("manylinux1", "manylinux2010", "manylinux2014", *(f"manylinux_2_{minor}" for minor in range(5, 29)))
PLATFORMS = {
    "windows": ("win_amd64",),
    "linux": tuple(f"{name}_x86_64" for name in GLIBC),
    "macos": ("macosx_11_0_arm64",),
}
ANSWERS = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "machine": "AMD64"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "machine": "x86_64"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "machine": "arm64"},
}
# Runs pip with the workstation's answers, given as JSON; ends with 3 if pip does not take them.
PIP = """
import json, sys
from pip._vendor.packaging import markers
answers = json.loads(sys.argv.pop(1))
usual = markers.default_environment
markers.default_environment = lambda: {**usual(), **answers}
asked = markers.Marker('sys_platform == "%s"' % answers["sys_platform"])
if not asked.evaluate():
    sys.exit(3)
from pip._internal.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def answers(system: str, python: str) -> dict[str, str]:
    """What the markers of a requirement are answered with on that workstation."""
    given = {name: value for name, value in ANSWERS[system].items() if name != "machine"}
    return given | {
        "platform_machine": ANSWERS[system]["machine"],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }


def pip(system: str, python: str, *arguments: str) -> None:
    """Run pip as for that workstation; a failure ends the program with pip's own words above it."""
    target = [f"--platform={name}" for name in PLATFORMS[system]]
    options = ["--only-binary=:all:", f"--python-version={python}", "--implementation=cp", *target]
    command = [
        sys.executable,
        "-c",
        PIP,
        json.dumps(answers(system, python)),
        *arguments,
        *options,
        "--quiet",
    ]
    done = subprocess.run(command, check=False)
    if done.returncode == 3:
        sys.exit(
            "This version of pip does not take another machine's answers: install/wheelhouse.py must change."
        )
    if done.returncode:
        sys.exit(f"No complete set of wheels for {system}, Python {python}.")


def build(workshop: Path) -> Path:
    """Sporen's own wheel, from a copy: setuptools would leave its work in the checkout and use it again."""
    source = workshop / "source"
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", workshop, source]
    subprocess.run(command, check=True)
    return next(workshop.glob("sporen-*.whl"))


def collect(system: str, wheel: Path, folder: Path) -> None:
    """Fill the folder of one system and check that it is enough."""
    folder.mkdir(parents=True)
    for python in PYTHONS:
        pip(system, python, "download", "--dest", str(folder), str(wheel))
    for python in PYTHONS:
        with TemporaryDirectory() as nowhere:
            offline = ("--no-index", "--find-links", str(folder), "--ignore-installed", "--target", nowhere)
            pip(system, python, "install", "--dry-run", *offline, "sporen")
    wheels = sorted(folder.glob("*.whl"))
    sums = "".join(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in wheels)
    (folder / "SHA256SUMS").write_bytes(sums.encode())
    size = sum(each.stat().st_size for each in wheels)
    sys.stderr.write(f"{folder}: {len(wheels)} wheels, {size / 1_000_000:.0f} MB, complete for {PYTHONS}\n")


def main() -> None:
    """Make the folders of all systems anew."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "wheelhouse")
    with TemporaryDirectory() as workshop:
        wheel = build(Path(workshop))
        for system in PLATFORMS:
            shutil.rmtree(target / system, ignore_errors=True)
            collect(system, wheel, target / system)


if __name__ == "__main__":
    main()
