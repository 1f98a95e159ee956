"""Zips and tars made for the tests, with members that no archiver would write, and their contents as read."""

from __future__ import annotations

import io
import tarfile
import zipfile
from contextlib import contextmanager

from forensics.evidence import Limits, open_evidence

DATABASE = b"SQLite format 3\x00" + bytes(range(256)) * 40
MODES = ["w", "w:gz", "w:bz2", "w:xz"]


def zip_bytes(*members, method=zipfile.ZIP_DEFLATED):
    """(name or ZipInfo, data) members; the same name may come twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            if info.filename in archive.NameToInfo:
                del archive.NameToInfo[info.filename]
            archive.writestr(info, data, method)
    return buffer.getvalue()


def zip_info(name, **attributes):
    info = zipfile.ZipInfo(name)
    for key, value in attributes.items():
        setattr(info, key, value)
    return info


def tar_bytes(*members, mode="w", format=tarfile.PAX_FORMAT):
    """(name, data) files or ready TarInfo objects."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=format) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                # The header alone: it may claim what is not there. From 3.13 on addfile() refuses that.
                archive.offset += archive.fileobj.write(member.tobuf(format))
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return buffer.getvalue()


def tar_info(name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@contextmanager
def opener(folder):
    """A function that writes bytes to a file in the folder and opens it; all are closed in the end."""
    opened = []

    def make(data, limits=Limits()):  # noqa: B008
        path = folder / f"evidence{len(opened)}"
        path.write_bytes(data)
        opened.append(open_evidence(path, limits))
        return opened[-1]

    yield make
    for evidence in opened:
        evidence.close()


def read(evidence, member):
    with evidence.open(member) as stream:
        return stream.read()


def contents(evidence):
    return {member.path: read(evidence, member) for member in evidence.members()}


def problems(evidence):
    return {problem.path: problem.text for problem in evidence.problems}
