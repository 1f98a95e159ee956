"""Disk images through the optional extra: a raw FAT image and its EWF form, and what is said without it."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from sporen_runs import ingest, new, phone, texts

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
