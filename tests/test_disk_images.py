"""Disk images through the optional extra: a raw ext4 image and its EWF forms, and what is said without it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys

import pytest
from ewf_files import CHUNK, ewf_segments
from sporen_runs import ingest, new, phone, texts, verified

pytestmark = pytest.mark.skipif(
    shutil.which("mkfs.ext4") is None and shutil.which("mke2fs") is None,
    reason="needs mke2fs to make an image",
)


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    pytest.importorskip("pytsk3")
    folder = tmp_path_factory.mktemp("image")
    root = phone(folder / "phone")
    image = folder / "userdata.img"
    tool = shutil.which("mke2fs") or shutil.which("mkfs.ext4")
    made = subprocess.run(
        [tool, "-q", "-t", "ext4", "-d", root, image, "8M"], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip(f"mke2fs cannot make an image from a folder: {made.stderr!r}")
    return image


def test_a_raw_image_is_read_by_its_content(tmp_path, raw):
    path = tmp_path / "chip.bin"
    shutil.copyfile(raw, path)
    case = new(tmp_path / "case")
    found = ingest(case, path)
    paths = [each["path"] for each in found["evidence"]]
    assert "chip.bin!/data/data/com.whatsapp/databases/msgstore.db" in paths
    assert len(texts(case)) > 2


def test_without_the_extra_it_is_one_sentence(tmp_path, raw, monkeypatch):
    monkeypatch.setitem(sys.modules, "pytsk3", None)
    path = tmp_path / "chip.dd"
    shutil.copyfile(raw, path)
    found = ingest(new(tmp_path / "case"), path, code=3)
    assert "pip install 'sporen[images]'" in str(found["problems"])
    ewf = tmp_path / "x.E01"
    ewf.write_bytes(b"EVF\t\r\n\xff\x00" + bytes(100))
    assert "sporen[images]" in str(ingest(new(tmp_path / "b"), ewf, code=3)["problems"])


def test_a_damaged_ewf_image_is_code_3(tmp_path):
    pytest.importorskip("pyewf")
    pytest.importorskip("pytsk3")
    path = tmp_path / "x.E01"
    path.write_bytes(b"EVF\t\r\n\xff\x00" + bytes(3000))
    found = ingest(new(tmp_path / "case"), path, code=3)
    assert "an EWF image that cannot be opened" in str(found["problems"])


def written(folder, segments, stem="chip"):
    folder.mkdir()
    for number, data in enumerate(segments, 1):
        (folder / f"{stem}.E{number:02}").write_bytes(data)
    return folder


@pytest.mark.parametrize(("segments", "compressed"), [(1, True), (1, False), (3, True)])
def test_an_intact_e01_gives_what_its_raw_image_gives(tmp_path, raw, segments, compressed):
    pytest.importorskip("pyewf")
    plain = new(tmp_path / "plain")
    ingest(plain, raw)
    folder = written(
        tmp_path / "evidence", ewf_segments(raw.read_bytes(), segments=segments, compressed=compressed)
    )
    evidence = folder / "chip.E01" if segments == 1 else folder
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    paths = [each["path"] for each in found["evidence"]]
    assert "chip.E01!/data/data/com.whatsapp/databases/msgstore.db" in paths
    assert all(path.startswith("chip.E01!/") for path in paths)
    assert texts(case) == texts(plain)
    facts = {(each["name"], each["value"]) for each in found["acquisition"]}
    digest = hashlib.md5(raw.read_bytes(), usedforsecurity=False).hexdigest()
    assert ("operator", "T. Tester") in facts
    assert ("other", f"MD5 of the medium: {digest}, as it is here") in facts
    assert verified(case, "--evidence", evidence) == []


def test_a_missing_segment_is_told(tmp_path, raw):
    pytest.importorskip("pyewf")
    first, _second, third = ewf_segments(raw.read_bytes(), segments=3)
    folder = written(tmp_path / "evidence", [first])
    (folder / "chip.E03").write_bytes(third)
    found = ingest(new(tmp_path / "case"), folder, code=3)
    assert "chip.E01" in str(found["problems"]), found["problems"]


@pytest.mark.parametrize("part", range(4))
def test_a_changed_byte_of_an_e01_is_told(tmp_path, raw, part):
    """libewf reads a chunk whose checksum is wrong as zeros, in silence: the digest shows it."""
    pytest.importorskip("pyewf")
    (data,) = ewf_segments(raw.read_bytes(), compressed=False)
    changed = bytearray(data)
    at = raw.read_bytes().index(b"SQLite format 3\0") // CHUNK
    changed[2000 + (at + part) * (CHUNK + 4)] ^= 0xFF
    path = tmp_path / "chip.E01"
    path.write_bytes(changed)
    found = ingest(new(tmp_path / "case"), path, code=3)
    assert "damaged chunks are read as zeros" in str(found["problems"])


def test_an_e01_without_a_digest_says_that_damage_would_not_show(tmp_path, raw):
    pytest.importorskip("pyewf")
    path = tmp_path / "chip.E01"
    path.write_bytes(ewf_segments(raw.read_bytes(), digest=False)[0])
    case = new(tmp_path / "case")
    found = ingest(case, path)
    assert "states no digest of the medium" in str(found["problems"])
    assert len(texts(case)) > 2


def test_digests_of_an_e01_that_cannot_be_read_are_not_told_as_absent(tmp_path, raw, monkeypatch):
    pytest.importorskip("pyewf")

    def unreadable(_image):
        raise OSError("the section is damaged")

    monkeypatch.setattr("forensics.containers.images._Unpacked.stated", unreadable)
    path = tmp_path / "chip.E01"
    path.write_bytes(ewf_segments(raw.read_bytes())[0])
    found = ingest(new(tmp_path / "case"), path)
    told = str(found["problems"])
    assert "its digests of the medium cannot be read (the section is damaged)" in told
    assert "states no digest" not in told
