"""Looking through a zip of a whole file system: as quick as listing it twice, in little memory."""

from __future__ import annotations

import sys
import zipfile

import pytest
from source_tree import ROOT

from forensics.evidence import open_evidence

sys.path.insert(0, str(ROOT / "benchmarks"))
import discovery


@pytest.mark.full
def test_discovery_takes_at_most_twice_the_time_of_listing(tmp_path):
    path = tmp_path / "sparse.zip"
    discovery.make(path, 500_000, 20)
    listing = discovery.listing(path)
    assert discovery.measured(path)["seconds"] <= 2 * listing


@pytest.mark.full
def test_two_million_members_take_less_than_300_mb(tmp_path):
    path = tmp_path / "sparse.zip"
    discovery.make(path, 2_000_000)
    assert discovery.measured(path)["mebibytes"] < 300


def test_the_sparse_zip_is_one_that_others_read(tmp_path):
    path = tmp_path / "sparse.zip"
    discovery.make(path, 1000, 5)
    assert path.stat().st_size > 5 << 30
    with zipfile.ZipFile(path) as archive:
        found = archive.infolist()
        assert [each.file_size for each in found[:6]] == [1 << 30] * 5 + [0]
        with archive.open(found[4]) as stream:  # behind 4 GiB, by its zip64 field
            assert stream.read(1000) == bytes(1000)
    with open_evidence(path) as evidence:
        members = list(evidence.members())
        assert [each.path for each in members] == [each.filename for each in found]
        with evidence.open(members[4]) as stream:
            stream.seek(-10, 2)
            assert stream.read() == bytes(10)
    assert discovery.compared(path).startswith("1000 members, 5.0 GiB: zipfile ")


def test_looking_through_costs_what_listing_costs_and_little_memory(tmp_path):
    """A smaller one of the two below, with room for a busy machine."""
    path = tmp_path / "sparse.zip"
    discovery.make(path, 30_000, 1)
    found = discovery.measured(path)
    assert found["seconds"] <= 4 * discovery.listing(path) + 0.5
    assert found["mebibytes"] < 300
