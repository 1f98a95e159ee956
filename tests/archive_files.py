"""Zips and tars made for the tests, with members that no archiver would write, and their contents as read."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from contextlib import contextmanager

import pyzipper

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


def _crc_step(crc, byte):
    """One byte of CRC-32 without the inversions at both ends."""
    return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def _zipcrypto(password, data):
    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte):
        keys[0] = _crc_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = _crc_step(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    out = bytearray()
    for byte in data:
        temporary = (keys[2] | 2) & 0xFFFF
        out.append(byte ^ (temporary * (temporary ^ 1) >> 8 & 0xFF))
        update(byte)
    return bytes(out)


def zipcrypto_bytes(password, *members):
    """A zip encrypted by PKWARE's old method (APPNOTE 6.1), which no library here writes."""
    body, directory = b"", b""
    for name, data in members:
        crc, raw = zlib.crc32(data), name.encode()
        sealed = _zipcrypto(password, bytes(11) + bytes([crc >> 24]) + data)
        fields = struct.pack("<5H3L2H", 20, 1, 0, 0, 33, crc, len(sealed), len(data), len(raw), 0)
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<3H2L", 0, 0, 0, 0, len(body))
        )
        directory += raw
        body += b"PK\x03\x04" + fields + raw + sealed
    count = len(members)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def aes_zip_bytes(password, *members, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with pyzipper.AESZipFile(buffer, "w", compression=method, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password)
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()
