"""Pages of messages and leaves of the tree made by several processes: the same bytes as by one."""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import replace
from itertools import count as count_from
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import done, ingest, new
from test_pictures import CHAT, FILES
from test_reports_cases import FakeCase, conversation, message

from forensics.digest import canonical
from reports import content, jsonl, pages, web
from reports.content import compose
from reports.leaves import tree_of

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_several_processes_write_the_same_delivery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two phones with the same chat (so that differences are told of in the pages), pictures and a video."""
    for phone, chat in (("one", CHAT), ("two", CHAT.replace("hoi", "hallo"))):
        (tmp_path / phone).mkdir()
        (tmp_path / phone / "WhatsApp-chat met Bram Kist.txt").write_text(chat, encoding="utf-8")
        for name, data in FILES.items():
            (tmp_path / phone / name).write_bytes(data)
    case = new(tmp_path / "case")
    ingest(case, tmp_path / "one")
    ingest(case, tmp_path / "two")
    done("report", case, "-o", tmp_path / "alone", "--format", "html", "--workers", "1")
    monkeypatch.setattr(content, "WORTH_A_POOL", 1)
    done("report", case, "-o", tmp_path / "pooled", "--format", "html", "--workers", "2")
    assert everything(tmp_path / "pooled") == everything(tmp_path / "alone")
    written = everything(tmp_path / "pooled")
    assert any(b"<img" in page for name, page in written.items() if "/chats/" in name)
    root = re.search(rb"Record-Tree: (\w+) ", written["bag-info.txt"])
    done("report", case, "-o", tmp_path / "records", "--format", "jsonl")
    assert root and root[0] in everything(tmp_path / "records")["bag-info.txt"], "as over messages.jsonl"


@pytest.mark.parametrize("workers", [1, 2])
def test_the_tree_that_grows_with_the_pages_is_that_over_the_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
):
    """Conversations of several pages, of none, and of just one that is full."""
    monkeypatch.setattr(pages, "PER_PAGE", 3)
    talks = [(conversation(number, count), count) for number, count in enumerate((7, 0, 3, 4), 1)]
    place = count_from(1)
    case = FakeCase(
        [(talk, [message(next(place), talk["id"], "hoi") for _ in range(count)]) for talk, count in talks]
    )
    made = replace(compose(case, "nl", "0"), workers=workers)
    (tmp_path / "data").mkdir()
    grown = web.FORM.tree(case, tmp_path / "data", made)
    assert grown.size == len(tuple(jsonl_lines(case)))
    assert grown.bag_info == tree_of(case, 1).bag_info
    assert len(list((tmp_path / "data/html/chats").iterdir())) == 3 + 1 + 1 + 2


def jsonl_lines(case: FakeCase) -> list[bytes]:
    """All records of a case, a line each."""
    stream = io.BytesIO()
    jsonl.write(case, stream)
    return stream.getvalue().splitlines()


# Where a fraction begins and ends to be written without an exponent, and those next to it.
_EDGES = [
    *(0.001, math.nextafter(0.001, 0), math.nextafter(0.001, 1), 1e9, math.nextafter(1e9, 0)),
    *(math.nextafter(1e9, 2e9), -0.0, 0.0, 5e-324, 1e21, 1e-7, 1.7976931348623157e308, 4.35, 0.1 + 0.2),
]


@pytest.mark.parametrize("value", [*_EDGES, *(-each for each in _EDGES)])
def test_a_fraction_at_an_edge_is_written_as_the_rfc_says(value: float):
    assert canonical([value]).encode() == rfc8785.dumps([value])


@given(_VALUES)
def test_the_fast_canonical_form_is_that_of_the_rfc(value: object):
    assert canonical(value).encode() == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [2**53, [-(2**53)], {"a": 2**64}])
def test_numbers_that_a_double_cannot_hold_are_written_in_full(value: object):
    with pytest.raises(rfc8785.CanonicalizationError):
        rfc8785.dumps(value)  # type: ignore[arg-type]
    assert json.loads(canonical(value)) == value


def test_control_characters_are_written_as_the_rfc_says():
    text = "".join(map(chr, range(0x80))) + "\u2028\u2029\ufeff\U0001f335"
    assert canonical({"a": text}) == rfc8785.dumps({"a": text}).decode()
    assert json.loads(canonical({"a": text})) == {"a": text}
