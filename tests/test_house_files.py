"""What no file of the project may hold: paths of a machine, telephone numbers that may be somebody's."""

from __future__ import annotations

import configparser
import re

import pytest
from source_tree import ROOT, texts

# In pieces, so that this file does not hold them itself.
PATHS = [
    "/wo" + r"rk/(?:main|sha" + "red|wt-)",
    "/ro" + r"ot/",
    r"/ho" + r"me/[a-z]",
    r"/Us" + r"ers/[A-Za-z]",
    r"[A-Z]:\\Us" + r"ers\\",
    "sha" + r"red/(?:formats|domain|samples|hooks|style|house|contract)\b",
]
MOBILE = re.compile(
    r"(?<![\w.])(?:\+|00)?31[ -]?\(?0?\)?[ -]?6(?:[ -]?\d){8}(?!\w)|(?<![\w.+])06(?:[ -]?\d){8}(?!\w)"
)
OWN_PATH = "tests/test_house_files.py"
# +31 6 0000 0xxx: not given out; used throughout the fixtures.
# 06 39 98 xx xx: in France, for fiction (ARCEP).
FICTITIOUS = re.compile(r"(?:31|0)600000\d{3}|063998\d{4}")


@pytest.mark.parametrize("pattern", PATHS)
def test_no_file_mentions_a_path_of_a_machine(pattern: str):
    assert not [place for place, text in texts().items() if re.search(pattern, text)]


def test_every_dutch_mobile_number_is_fictitious():
    broken = set()
    for place, text in texts().items():
        if place == OWN_PATH:
            continue  # its numbers are made up to be found
        for match in MOBILE.finditer(text):
            digits = re.sub(r"\D", "", match[0]).removeprefix("00").replace("3106", "316", 1)
            if not FICTITIOUS.fullmatch(digits):
                broken.add(f"{place}: {match[0]}")
    assert not sorted(broken)


@pytest.mark.parametrize(
    ("number", "is_found"),
    [
        ("+31 6 0000 0123", True),
        ("0031 6 12345678", True),
        ("+31 (0)6-12345678", True),
        ("06-12345678", True),
        ("0612345678", True),
        ("1.06123456789", False),
        ("a3106123456785f", False),
    ],
)
def test_numbers_are_seen_as_people_write_them(number: str, is_found: bool):
    assert bool(MOBILE.search(number)) is is_found


def test_every_dependency_stands_in_the_readme():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].strip().splitlines()
    names = {re.split(r"[ <>=;]", line, maxsplit=1)[0] for line in lines}
    assert not {name for name in names if name.lower() not in texts()["README.md"].lower()}


def test_links_between_documents_lead_somewhere():
    broken = []
    for place, text in texts().items():
        if place.endswith(".md"):
            targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
            folder = (ROOT / place).parent
            broken += [f"{place}: {target}" for target in targets if not (folder / target).exists()]
    assert not broken
