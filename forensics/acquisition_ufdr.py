"""What the report of a UFDR package says about phone and acquisition, up to where its decoded data begin.

Source: containers reference 2. The names of some fields are known from there; others are told by a word in
their name (assumed), and everything else is kept under its own name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from forensics.acquisition import Fact, StatedHash, instant_of
from forensics.errors import DamagedEvidence
from forensics.formats.ufdr import File, Item, Report, Start

_KNOWN = {
    "ufed_pa_version": "tool_version",
    "deviceinfoextractionstartdatetime": "start",
    "deviceinfoextractionenddatetime": "end",
    "deviceinfoandroidid": "android_id",
    "msisdn": "phone_number",
}
# assumed: a word in the name of a field, in this order
_WORDS = {
    "imei": "imei", "iccid": "iccid", "serial": "serial", "timezone": "time_zone", "time zone": "time_zone",
    "manufacturer": "make", "vendor": "make", "model": "model", "osversion": "os_version",
    "os version": "os_version", "revision": "os_version", "examiner": "operator", "devicename": "device_name",
}  # fmt: skip
_EXTRACTION = {"type": "type", "deviceName": "device_name", "IsPartialData": "status"}
_DATABASES = "files/database/"


def report_facts(stream: BinaryIO, source: str) -> Iterator[Fact | StatedHash]:
    """Metadata, and the hashes that the report states of the databases in the package."""
    try:
        for part in Report(stream).parts():
            if isinstance(part, Start) and part.name == "decodedData":
                return
            if isinstance(part, Item):
                yield from _item(part, source)
            elif isinstance(part, File):
                yield from _hash(part, source)
            elif isinstance(part, Start) and part.name == "extractionInfo":
                for field, name in _EXTRACTION.items():
                    if part.attributes.get(field):
                        value = part.attributes[field]
                        told = f"IsPartialData: {value}" if name == "status" else value
                        yield Fact(name=name, value=told, source=source, field=f"extractionInfo {field}")
    except DamagedEvidence:
        return  # its parser says so, over the same bytes


def _item(item: Item, source: str) -> Iterator[Fact]:
    text, lower = item.text.strip(), item.name.lower()
    if text:
        word = next((name for each, name in _WORDS.items() if each in lower), "other")
        name = _KNOWN.get(lower, word)
        value = text if name != "other" else f"{item.name}: {text}"
        yield Fact(name=name, value=value, source=source, field=item.name, at=instant_of(text))


def _hash(file: File, source: str) -> Iterator[StatedHash]:
    if file.local_path.lower().startswith(_DATABASES):
        for algorithm in ("sha256", "md5"):
            digest = file.items.get(algorithm.upper(), "").strip().lower()
            if digest:
                yield StatedHash(source=source, file=file.local_path, algorithm=algorithm, digest=digest)
                return
