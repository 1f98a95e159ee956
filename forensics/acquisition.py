"""What files of an extraction say about the phone and how it was read: facts, each with its source.

Nothing here changes a time or a record; what contradicts is listed beside each other. Sources: containers
reference 1, 2 and 4 (from source); AOSP for build.prop, persistent properties, settings and users (from
source; the last two as text or as Android's binary XML). All only in our own fixtures until a real file has
been read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from forensics import times
from forensics.formats import android_xml, clbx, protobuf, ufd
from forensics.formats.plist import PlistError, dictionary
from forensics.formats.protobuf import ProtobufError

# In the order in which a report gives them.
NAMES = (
    *("make", "model", "device_name", "serial", "imei", "iccid", "phone_number", "udid", "android_id"),
    *("os_version", "build", "security_patch", "time_zone", "device_clock", "user", "file"),
    *("tool", "tool_version", "operator", "type", "status", "start", "end", "encrypted", "other"),
)
# Of these there may be several, or every source means something else by it.
_NOT_COMPARED = frozenset(
    ("user", "file", "other", "encrypted", "status", "tool", "tool_version", "start", "end", "type")
)
LARGEST = 8 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """``name`` is one of NAMES; ``field`` what the source calls it; ``at`` the instant where it is a time."""

    name: str
    value: str
    source: str
    field: str
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedHash:
    """What a file of the extraction says that the digest of another one is."""

    source: str
    file: str
    algorithm: str
    digest: str


Reader = Callable[[bytes, str], Iterator[Fact | StatedHash]]
_UFD = {
    "vendor": "make", "model": "model", "devicemodel": "model", "os": "os_version", "imei": "imei",
    "imei1": "imei", "imei2": "imei", "serial": "serial", "serialnumber": "serial", "iccid": "iccid",
    "securitypatchlevel": "security_patch", "acquisitiontool": "tool", "version": "tool_version",
    "date": "start", "endtime": "end", "examiner": "operator", "examinername": "operator",
    "isencrypted": "encrypted", "extractionstatus": "status", "transfertype": "type",
    "extractiontype": "type", "devicename": "device_name", "timezone": "time_zone", "type": "type",
}  # fmt: skip
_INFO = {
    "Product Type": "model", "Serial Number": "serial", "IMEI": "imei", "IMEI 2": "imei", "ICCID": "iccid",
    "Phone Number": "phone_number", "Device Name": "device_name", "Product Version": "os_version",
    "Build Version": "build", "Last Backup Date": "end", "Unique Identifier": "udid",
    "iTunes Version": "tool_version", "Product Name": "other",
}  # fmt: skip
_LOCKDOWN = {
    "ProductVersion": "os_version", "ProductType": "model", "SerialNumber": "serial",
    "DeviceName": "device_name", "UniqueDeviceID": "udid", "BuildVersion": "build",
}  # fmt: skip
_STATUS = {"SnapshotState": "status", "IsFullBackup": "type", "Date": "end"}
_SYSTEM_VERSION = {"ProductVersion": "os_version", "ProductBuildVersion": "build"}
_PROPERTIES = {
    "ro.product.manufacturer": "make", "ro.product.model": "model", "ro.serialno": "serial",
    "ro.build.version.release": "os_version", "ro.build.version.security_patch": "security_patch",
    "ro.build.display.id": "build", "persist.sys.timezone": "time_zone",
}  # fmt: skip
_SETTINGS = {"device_name": "device_name", "android_id": "android_id", "time_zone": "time_zone"}
_SETTING = re.compile(r'<setting\b[^>]*?\bname="([^"]*)"[^>]*?\bvalue="([^"]*)"')
_USER = re.compile(r'<user\b[^>]*?\bid="(\d+)"[^>]*>')
_USER_NAME, _USER_FLAGS = re.compile(r"<name>([^<]*)</name>"), re.compile(r'\bflags="(\d+)"')
_FLAGS = re.compile(r"\d{1,10}")
_USER_TYPE = re.compile(r'\btype="([^"]*)"')
_MANAGED = 0x20  # AOSP UserInfo.FLAG_MANAGED_PROFILE
# 14/09/2016 16:49:42(UTC-3), 14/09/2016 16:49:42 (-4): local time with its offset from UTC in hours
_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4}) (\d\d):(\d\d):(\d\d)\s*\((?:UTC)?([+-]?\d{1,2})(?::?(\d\d))?\)")


def instant_of(text: str) -> int | None:
    """The instant of a time as the vendor writes it, with its offset; None for anything else."""
    found = _DATE.search(text)
    if found is None:
        return None
    day, month, year, hour, minute, second = (int(each) for each in found.groups()[:6])
    hours, minutes = int(found[7]), int(found[8] or 0)
    try:
        zone = timezone(timedelta(hours=hours, minutes=minutes if hours >= 0 else -minutes))
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        return times.parse_rfc3339(moment.isoformat())
    except ValueError:
        return None


def _fact(name: str, value: object, source: str, field: str) -> Iterator[Fact]:
    if isinstance(value, datetime):  # a property list's date is UTC
        instant = times.parse_rfc3339(f"{value.replace(tzinfo=None).isoformat()}+00:00")
        yield Fact(name=name, value=times.rfc3339(instant) or "", source=source, field=field, at=instant)
        return
    if isinstance(value, (bytes, dict, list)) or value is None:
        return
    text = str(value).strip()
    if text:
        yield Fact(name=name, value=text, source=source, field=field, at=instant_of(text))


def _named(found: Mapping[str, object], names: Mapping[str, str], source: str) -> Iterator[Fact]:
    for field, name in names.items():
        yield from _fact(name, found.get(field), source, field)


def ufd_facts(data: bytes, source: str) -> Iterator[Fact | StatedHash]:
    """Device and acquisition of a .ufd, and the hashes in it. A password in it is never among them."""
    for line in ufd.lines(data):
        stated = ufd.hash_of(line)
        if stated is not None:
            yield StatedHash(source=source, file=line.key, algorithm=stated[0], digest=stated[1])
        elif line.section.lower() == "hash":
            text = f"{line.key} is present; it is keyed by the vendor and was not checked"
            yield from _fact("other", text, source, f"[Hash] {line.key}")
        elif line.section.lower() in ("deviceinfo", "general", "extractionstatus"):
            if "password" not in line.key.lower():
                name = _UFD.get(line.key.lower(), "other")
                value = line.value if name != "other" else f"{line.key}: {line.value}"
                yield from _fact(name, value, source, f"[{line.section}] {line.key}")
        elif line.section.lower() == "dumps":
            yield from _fact("other", f"dump {line.key}: {line.value}", source, f"[Dumps] {line.key}")


def ufdx_facts(data: bytes, source: str) -> Iterator[Fact]:
    """Device and extractions of a .ufdx; none where it is no whole XML document."""
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        yield from _fact("other", "this .ufdx is no XML that can be read", source, "")
        return
    yield from _fact("other", root.get("EvidenceID"), source, "EvidenceID")
    for device in root.iter("DeviceInfo"):
        for key, value in device.attrib.items():
            name = _UFD.get(key.lower(), "other")
            yield from _fact(
                name, value if name != "other" else f"{key}: {value}", source, f"DeviceInfo {key}"
            )
    for extraction in root.iter("Extraction"):
        said = {each.tag: each.text for each in extraction} | dict(extraction.attrib)
        yield from _fact("type", said.get("TransferType"), source, "Extraction TransferType")
        yield from _fact("other", said.get("Path"), source, "Extraction Path")


def ufd_password(data: bytes) -> bytes | None:
    """The password of the backup that a tool wrote into its .ufd."""
    for line in ufd.lines(data):
        if line.key.lower() == "backuppassword" and line.value:
            return line.value.encode()
    return None


def backup_facts(name: str, data: bytes, source: str) -> Iterator[Fact]:
    """Info.plist, Manifest.plist or Status.plist of an iTunes backup; none where it cannot be read."""
    try:
        found = dictionary(data)
    except PlistError:
        return  # who opens the backup says so
    if name == "Info.plist":
        yield from _named(found, _INFO, source)
    elif name == "Status.plist":
        yield from _named(found, _STATUS, source)
    else:
        lockdown = found.get("Lockdown")
        yield from _named(lockdown if isinstance(lockdown, dict) else {}, _LOCKDOWN, source)
        yield from _named(found, {"IsEncrypted": "encrypted", "Date": "start"}, source)


def _build_properties(data: bytes, source: str) -> Iterator[Fact]:
    for line in data.decode("utf-8", "backslashreplace").splitlines():
        key, equals, value = line.partition("=")
        if equals and (name := _PROPERTIES.get(key.strip())) is not None:
            yield from _fact(name, value, source, key.strip())


def _persistent_properties(data: bytes, source: str) -> Iterator[Fact]:
    """AOSP system/core/init/persistent_properties.proto: 1 repeated record: 1 name, 2 value."""
    try:
        for record in protobuf.fields(data):
            pair = {each.number: each.content() for each in protobuf.fields(record.content())}
            key = pair.get(1, b"").decode("utf-8", "backslashreplace")
            if (name := _PROPERTIES.get(key)) is not None:
                yield from _fact(name, pair.get(2, b"").decode("utf-8", "backslashreplace"), source, key)
    except ProtobufError:
        return  # what stood before the damage was given


def _whole_file(data: bytes, source: str) -> Iterator[Fact]:
    yield from _fact("time_zone", data.decode("utf-8", "backslashreplace"), source, "persist.sys.timezone")


def _settings(data: bytes, source: str) -> Iterator[Fact]:
    for key, value in _SETTING.findall(data.decode("utf-8", "backslashreplace")):
        if key in _SETTINGS:
            yield from _fact(_SETTINGS[key], value, source, key)


def _binary_settings(data: bytes, source: str) -> Iterator[Fact]:
    for tag in android_xml.tags(data):
        key = tag.attributes.get("name", "")
        if tag.name == "setting" and key in _SETTINGS:
            yield from _fact(_SETTINGS[key], tag.attributes.get("value"), source, key)


def _binary_user(data: bytes, source: str) -> Iterator[Fact]:
    name = ""
    for tag in android_xml.tags(data):
        name = tag.text if tag.name == "name" else name
        if tag.name == "user" and "id" in tag.attributes:
            said = tag.attributes
            yield from _told_user(said["id"], name, said.get("flags"), said.get("type"), source)


def _of_either_form(text: Reader, binary: Reader) -> Reader:
    """Android writes the same file as text, or (since Android 12) as its binary XML."""

    def read(data: bytes, source: str) -> Iterator[Fact | StatedHash]:
        if not data.startswith(android_xml.MAGIC):
            yield from text(data, source)
            return
        try:
            yield from binary(data, source)
        except android_xml.AndroidXmlError as error:
            yield from _fact("other", f"Android's binary XML, read up to its damage: {error}", source, "")

    return read


def _user(data: bytes, source: str) -> Iterator[Fact]:
    """A user of the phone: number, name and kind as the file says them; a number alone has no meaning."""
    text = data.decode("utf-8", "backslashreplace")
    for found in _USER.finditer(text):
        named, flags, kind = (
            _USER_NAME.search(text),
            _USER_FLAGS.search(found[0]),
            _USER_TYPE.search(found[0]),
        )
        parts = [each[1] if each is not None else None for each in (named, flags, kind)]
        yield from _told_user(found[1], parts[0] or "", parts[1], parts[2], source)


def _told_user(number: str, name: str, flags: str | None, kind: str | None, source: str) -> Iterator[Fact]:
    parts = [name] if name else []
    if flags is not None and _FLAGS.fullmatch(flags):
        managed = ", a managed profile" if int(flags) & _MANAGED else ""
        parts.append(f"flags {int(flags):#x}{managed}")
    parts += [kind] if kind else []
    yield from _fact("user", ": ".join((f"user {number}", ", ".join(parts))), source, "user")


def _system_version(data: bytes, source: str) -> Iterator[Fact]:
    try:
        yield from _named(dictionary(data), _SYSTEM_VERSION, source)
    except PlistError:
        return  # a file of the phone that is damaged; nothing is known from it


def _clbx_version(data: bytes, source: str) -> Iterator[Fact]:
    yield from _fact("other", f"container {data.decode('ascii', 'backslashreplace')}", source, clbx.VERSION)


def _clbx_mount(data: bytes, source: str) -> Iterator[Fact]:
    where = clbx.mount_point(data)
    if where is not None:
        yield from _fact("other", f"mount point {where}", source, "mount_point")


_SETTINGS_READER = _of_either_form(_settings, _binary_settings)
_USERS_READER = _of_either_form(_user, _binary_user)
# By the end of the path; the content decides where that can be anything.
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"(?:^|/)build\.prop\Z"), _build_properties),
    (re.compile(r"(?:^|/)property/persistent_properties\Z"), _persistent_properties),
    (re.compile(r"(?:^|/)property/persist\.sys\.timezone\Z"), _whole_file),
    (re.compile(r"(?:^|/)system/users/\d+/settings_(?:global|secure|system)\.xml\Z"), _SETTINGS_READER),
    (re.compile(r"(?:^|/)system/users/\d+\.xml\Z"), _USERS_READER),
    (re.compile(r"(?:^|/)metadata[^/]*/filesystem\.msgpack\Z"), _clbx_mount),
    (re.compile(r"(?:^|/)CoreServices/SystemVersion\.plist\Z"), _system_version),
)


def reader_of(path: str, head: bytes) -> Reader | None:
    """What reads a file of the extraction for facts; None for any other file."""
    if ufd.is_ufd(head):
        return ufd_facts
    if head.startswith(clbx.VERSION_START) and path.rpartition("/")[2] == clbx.VERSION:
        return _clbx_version
    if b"<EvidenceCollection" in head.replace(b"\x00", b""):
        return ufdx_facts
    return next((reader for pattern, reader in _READERS if pattern.search(path)), None)


def contradictions(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts of each name on which two sources do not agree: neither says all that the other says."""
    by_name: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.name not in _NOT_COMPARED:
            by_name.setdefault(fact.name, []).append(fact)
    return {name: by_name[name] for name in NAMES if name in by_name and _differ(by_name[name])}


def _differ(facts: Iterable[Fact]) -> bool:
    sets: dict[str, set[str]] = {}
    for fact in facts:
        sets.setdefault(fact.source, set()).add(_compared(fact))
    said = list(sets.values())
    return any(not (one <= other or other <= one) for one in said for other in said)


def _compared(fact: Fact) -> str:
    """How two sources write the same thing alike: no case, no spaces, no name before a version."""
    text = "".join(fact.value.casefold().split())
    if fact.name == "os_version":
        text = re.sub(r"\A\D+(?=\d)", "", text)
    if fact.name in ("imei", "phone_number", "iccid"):
        text = re.sub(r"\D", "", text) or text
    return text
