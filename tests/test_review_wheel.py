"""What the pages need comes with the wheel: no build chain, no file that is only in the repository."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

from source_tree import ROOT

WEB = ROOT / "forensics" / "web"


def _shipped() -> set[Path]:
    """The files of the page that setup.cfg lists."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    patterns = setup["options.package_data"]["forensics.web"].replace("\n", "").split(",")
    return {path for pattern in patterns for path in WEB.glob(pattern.strip())}


def test_every_file_of_the_page_comes_with_the_wheel():
    files = {path for path in WEB.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert files - _shipped() == set(WEB.glob("*.py"))
    assert {path.name for path in _shipped()} >= {"review.css", "review.js", "icon.svg", "layout.html"}


def test_a_page_names_no_file_that_is_not_among_them():
    shipped = {path.name for path in _shipped()}
    for path in (WEB / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert set(re.findall(r"/assets/([\w.]+)", text)) <= shipped, path.name
        assert not re.search(r"(?:https?:)?//\w", text), path.name
    for path in (WEB / "assets").iterdir():
        assert not re.search(r"@import|url\(|https?://(?!www\.w3\.org/)", path.read_text("utf-8")), path.name
