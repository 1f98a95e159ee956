"""Android's binary XML: the protocol's values, every truncation, and the facts that are in such files."""

from __future__ import annotations

import pytest
from android_xml_files import MAGIC, Writer
from archive_files import zip_bytes
from hypothesis import given
from hypothesis import strategies as st
from sporen_runs import MSGSTORE, ingest, new, phone

from forensics.formats.android_xml import AndroidXmlError, Tag, tags

SETTINGS = (
    Writer()
    .start("settings", version=-1)
    .start("setting", id="3", name="device_name", value="Galaxy van T.", package="android")
    .end("setting")
    .start("setting", id="4", name="android_id", value="00112233aabbccdd", package="android")
    .end("setting")
    .end("settings")
    .finished()
)
USER = (
    Writer()
    .start("user", id=10, serialNumber=10, flags=4144, type="android.os.usertype.profile.MANAGED")
    .start("name")
    .text("Werk & privé")
    .end("name")
    .end("user")
    .finished()
)


def test_values_of_every_type_and_names_that_are_referred_to():
    made = Writer().start("a", n=-5, real=0.5, yes=True, no=False, nothing=None, raw=b"\x01\xff", s="é")
    made.start("a", n=7).end("a").text("x").end("a")
    inner, outer = tags(made.finished())
    assert inner == Tag("a", {"n": "7"})
    values = {"n": "-5", "real": "0.5", "yes": "true", "no": "false", "raw": "01ff", "s": "é"}
    assert outer == Tag("a", values, "x")


def test_the_bytes_of_the_protocol():
    data = MAGIC + bytes.fromhex("10 32 ffff 0001 61 6f ffff 0001 62 00000102 33 0000 11")
    assert list(tags(data)) == [Tag("a", {"b": "258"})]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<?xml?>",
        MAGIC + b"\x32\x00\x05",  # a reference to no string
        MAGIC + b"\x33\xff\xff\x00\x01a",  # an end without a begin
        MAGIC + b"\x0e",  # an unknown event
        MAGIC + b"\xef\xff\xff\x00\x01a",  # an unknown type
    ],
)
def test_what_is_none_is_the_own_error(data):
    with pytest.raises(AndroidXmlError):
        list(tags(data))


def test_every_truncation_is_an_error():
    for length in range(len(MAGIC) + 2, len(USER) - 1):
        with pytest.raises(AndroidXmlError):
            list(tags(USER[:length]))


@given(st.binary(max_size=80))
def test_any_bytes_are_elements_or_the_own_error(noise):
    try:
        found = list(tags(MAGIC + noise))
    except AndroidXmlError:
        return
    assert all(isinstance(each.name, str) for each in found)


def test_settings_and_users_in_binary_are_facts_as_in_text(tmp_path):
    root = phone(tmp_path / "phone")
    path = tmp_path / "FFS.zip"
    path.write_bytes(
        zip_bytes(
            (f"Dump/{MSGSTORE}", (root / MSGSTORE).read_bytes()),
            ("Dump/data/system/users/0/settings_secure.xml", SETTINGS),
            ("Dump/data/system/users/10.xml", USER),
            ("Dump/data/system/users/0/settings_global.xml", SETTINGS[:-40]),
        )
    )
    found = ingest(new(tmp_path / "case"), path)
    (damage,) = [each for each in found["acquisition"] if each["name"] == "other"]
    assert damage["value"].startswith("Android's binary XML, read up to its damage: cut off")
    found["acquisition"].remove(damage)
    said = {(each["name"], each["value"], each["source"].rpartition("/")[2]) for each in found["acquisition"]}
    assert said == {
        ("device_name", "Galaxy van T.", "settings_secure.xml"),
        ("android_id", "00112233aabbccdd", "settings_secure.xml"),
        ("device_name", "Galaxy van T.", "settings_global.xml"),
        (
            "user",
            "user 10: Werk & privé, flags 0x1030, a managed profile, android.os.usertype.profile.MANAGED",
            "10.xml",
        ),
    }
