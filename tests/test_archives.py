"""Zips and tars alike: names that lead out, and what changed, cut and random bytes do."""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zipfile

import pytest
from archive_files import (
    DATABASE,
    MODES,
    contents,
    opener,
    read,
    tar_bytes,
    zip_bytes,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forensics.errors import SporenError
from forensics.evidence import open_evidence


@pytest.fixture
def evidence_of(tmp_path):
    with opener(tmp_path) as make:
        yield make


def test_two_members_of_one_name_are_both_kept(evidence_of):
    evidence = evidence_of(zip_bytes(("a", b"1"), ("a", b"2"), ("b", b"3"), ("a", b"4"), ("a#2", b"5")))
    assert contents(evidence) == {"a": b"1", "a#2": b"2", "b": b"3", "a#3": b"4", "a#2#2": b"5"}
    assert [member.index for member in evidence.members()] == [0, 1, 2, 3, 4]
    evidence = evidence_of(tar_bytes(("a", b"1"), ("./a", b"2")))
    assert contents(evidence) == {"a": b"1", "a#2": b"2"}


HOSTILE = {
    "../../etc/passwd": "%2E%2E/%2E%2E/etc/passwd",
    "a/../../b": "a/%2E%2E/%2E%2E/b",
    "..": "%2E%2E",
    "/etc/passwd": "etc/passwd",
    "//server/share": "server/share",
}
HARMLESS = {"./data/data/x": "data/data/x", "a//b": "a/b", "a/./b": "a/b", "..a/b..": "..a/b.."}


@pytest.mark.parametrize(
    ("name", "path"), [*HOSTILE.items(), ("C:\\evil", "C%3A/evil"), ("..\\x", "%2E%2E/x")]
)
def test_names_that_lead_out_are_read_as_harmless_ones_and_named(evidence_of, name, path):
    made = [zip_bytes((name, b"1"))] + ([] if "\\" in name else [tar_bytes((name, b"1"))])
    for data in made:
        evidence = evidence_of(data)
        assert contents(evidence) == {path: b"1"}
        (problem,) = evidence.problems
        assert problem.path == path
        assert repr(name.replace("\\", "/")) in problem.text
        assert not problem.unread


@pytest.mark.parametrize(("name", "path"), HARMLESS.items())
def test_names_that_stay_inside_are_cleaned_in_silence(evidence_of, name, path):
    for data in (zip_bytes((name, b"1")), tar_bytes((name, b"1"))):
        evidence = evidence_of(data)
        assert contents(evidence) == {path: b"1"}
        assert evidence.problems == []


@pytest.mark.parametrize("mode", MODES)
def test_a_member_is_opened_without_listing_first(evidence_of, mode):
    data = tar_bytes(("a", b"1"), ("b", DATABASE), mode=mode)
    member = list(evidence_of(data).members())[1]
    assert read(evidence_of(data), member) == DATABASE
    data = zip_bytes(("a", b"1"), ("b", DATABASE))
    member = list(evidence_of(data).members())[1]
    assert read(evidence_of(data), member) == DATABASE


SMALL = {
    "zip": zip_bytes(("a/b.db", b"content"), ("c", b"\x00" * 40)),
    "tar": tar_bytes(("a", b"content"), ("n" * 120, b"x"), format=tarfile.PAX_FORMAT)[:4096] + bytes(1024),
    "tar.gz": tar_bytes(("a", b"content"), mode="w:gz"),
    "tar.xz": lzma.compress(tar_bytes(("a", b"content"))),
    "tar.bz2": bz2.compress(tar_bytes(("a", b"content"))),
    "lzma": zip_bytes(("a", b"content"), method=zipfile.ZIP_LZMA),
}


def read_all(path):
    """Everything in it, or the project's own error for it; anything else is a bug."""
    try:
        evidence = open_evidence(path)
    except SporenError:
        return
    with evidence:
        for member in evidence.members():
            try:
                read(evidence, member)
            except SporenError:
                assert evidence.damage(member)


@pytest.mark.parametrize("kind", SMALL)
def test_no_changed_byte_and_no_truncation_is_more_than_a_problem(tmp_path, kind):
    data = SMALL[kind]
    path = tmp_path / "e"
    for position in [at for at, byte in enumerate(data) if byte or at % 32 == 0]:
        for change in (0x01, 0xFF):
            changed = bytearray(data)
            changed[position] ^= change
            path.write_bytes(changed)
            read_all(path)
        path.write_bytes(data[:position])
        read_all(path)


@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_nothing_is_lost_in_silence(tmp_path, kind):
    """A changed byte in names or data is in the result or in the problems."""
    data = SMALL[kind]
    path = tmp_path / "e"
    path.write_bytes(data)
    with open_evidence(path) as evidence:
        whole = contents(evidence)
    for position in range(len(data)):
        changed = bytearray(data)
        changed[position] ^= 0x01
        path.write_bytes(changed)
        try:
            with open_evidence(path) as evidence:
                if evidence.kind == "file":
                    continue  # of no known kind any more, which is said by whoever looks for a parser
                found = {}
                for member in evidence.members():
                    try:
                        found[member.path] = read(evidence, member)
                    except SporenError:
                        continue
                missing = sorted(whole.values()) != sorted(found.values())
                stored_without_check = kind == "tar" and len(found) == len(whole)
                assert not missing or evidence.problems or stored_without_check, position
        except SporenError:
            continue


@given(
    st.binary(max_size=1500), st.sampled_from([b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\x00", b"tar"])
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_evidence_or_the_own_error(tmp_path, noise, start):
    data = noise[:257].ljust(257, b"\x00") + b"ustar\x00" + noise if start == b"tar" else start + noise
    (tmp_path / "e").write_bytes(data)
    read_all(tmp_path / "e")
