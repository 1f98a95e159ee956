"""What an extraction says of itself: facts with sources, hashes compared, contradictions listed."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import pytest
from archive_files import zip_bytes
from backup_files import ItunesMaker
from sporen_runs import MSGSTORE, change, done, ingest, log, new, phone, verified
from test_itunes_backup import SHARED
from whatsapp_ios_installations import BUILD

from forensics import acquisition
from forensics.acquisition import Fact, contradictions, instant_of
from forensics.formats import ufd

UFD = """[DeviceInfo]
Vendor=Samsung
Model=SM-G991B
OS=13
IMEI1=350000000000001
IMEI2=350000000000019
[Dumps]
FileDump=FFS.zip
KeyStore=FFS.zip
[FileDump]
Type=ZIPfolder
ZIPLogicalPath=Dump
[ExtractionStatus]
ExtractionStatus=Success
[General]
AcquisitionTool=Inseyets UFED_Pro_Advanced
Date=14/09/2025 16:49:42 (-4)
EndTime=14/09/2025 18:00:00 (-4)
UfdVer=1.2
BackupPassword=geheim-77
[SHA256]
FFS.zip={}
report.pdf=0000000000000000000000000000000000000000000000000000000000000000
[Hash]
HMAC=bm90IGNoZWNrZWQ=
"""


@pytest.fixture(scope="module")
def extraction(tmp_path_factory):
    root = phone(tmp_path_factory.mktemp("phone") / "phone")
    build = b"ro.product.manufacturer=samsung\nro.product.model=SM-G998B\nro.build.version.release=13\n"
    zone = b"\x0a\x28\x0a\x14persist.sys.timezone\x12\x10Europe/Amsterdam"
    user = b'<?xml version=\'1.0\'?><user id="10" serialNumber="10" flags="4144"><name>Work</name></user>'
    settings = (
        b'<settings><setting id="3" name="device_name" value="Galaxy van T." package="android"/></settings>'
    )
    return zip_bytes(
        (f"Dump/{MSGSTORE}", (root / MSGSTORE).read_bytes()),
        ("Dump/system/build.prop", build),
        ("Dump/data/property/persistent_properties", zone),
        ("Dump/data/system/users/10.xml", user),
        ("Dump/data/system/users/0/settings_global.xml", settings),
    )


@pytest.fixture
def folder(tmp_path, extraction):
    made = tmp_path / "evidence"
    made.mkdir()
    (made / "FFS.zip").write_bytes(extraction)
    (made / "FFS.ufd").write_text(UFD.format(hashlib.sha256(extraction).hexdigest().upper()), "ascii")
    return made


def facts(document):
    return {(each["name"], each["value"], each["source"]) for each in document["acquisition"]}


def test_facts_have_their_sources_and_contradictions_are_listed(tmp_path, folder):
    case = new(tmp_path / "case")
    found = ingest(case, folder)
    assert {
        ("make", "Samsung", "FFS.ufd"),
        ("imei", "350000000000001", "FFS.ufd"),
        ("imei", "350000000000019", "FFS.ufd"),
        ("tool", "Inseyets UFED_Pro_Advanced", "FFS.ufd"),
        ("status", "Success", "FFS.ufd"),
        ("start", "14/09/2025 16:49:42 (-4)", "FFS.ufd"),
        ("os_version", "13", "FFS.zip!/Dump/system/build.prop"),
        ("time_zone", "Europe/Amsterdam", "FFS.zip!/Dump/data/property/persistent_properties"),
        ("user", "user 10: Work, flags 0x1030, a managed profile", "FFS.zip!/Dump/data/system/users/10.xml"),
        ("device_name", "Galaxy van T.", "FFS.zip!/Dump/data/system/users/0/settings_global.xml"),
    } <= facts(found)
    assert [
        (each["name"], sorted({v["value"] for v in each["values"]})) for each in found["contradictions"]
    ] == [("model", ["SM-G991B", "SM-G998B"])]
    (start,) = [each for each in found["acquisition"] if each["name"] == "start"]
    assert start["at"] == "2025-09-14T20:49:42.000Z"
    assert verified(case, "--evidence", folder) == []
    written = (case / "case.db").read_bytes() + (case / "custody.jsonl").read_bytes()
    assert b"geheim-77" not in written


def test_stated_hashes_are_compared(tmp_path, folder):
    found = ingest(new(tmp_path / "a"), folder)
    told = {each["file"]: each for each in found["comparisons"]}
    assert (told["FFS.zip"]["result"], told["FFS.zip"]["path"]) == ("match", "FFS.zip")
    assert (told["report.pdf"]["result"], told["report.pdf"]["found"]) == ("missing", None)
    assert any("keyed by the vendor" in each["value"] for each in found["acquisition"])
    (folder / "FFS.ufd").write_text(UFD.format("ab" * 32), "ascii")
    found = ingest(new(tmp_path / "b"), folder, code=3)
    told = {each["file"]: each for each in found["comparisons"]}
    assert told["FFS.zip"]["result"] == "mismatch"
    assert f"states {'ab' * 32}" in str(found["problems"])
    assert found["messages"] > 2


def test_a_ufd_that_is_named_beside_its_zip(tmp_path, folder):
    case = new(tmp_path / "case")
    found = ingest(case, folder / "FFS.zip", folder / "FFS.ufd")
    (told,) = [each for each in found["comparisons"] if each["file"] == "FFS.zip"]
    assert told["result"] == "match"
    assert [each["object"]["path"] for each in log(case) if each["action"] == "evidence.add"] == [
        str(folder / "FFS.zip"),
        str(folder / "FFS.ufd"),
    ]
    assert verified(case, "--evidence", folder / "FFS.zip", "--evidence", folder / "FFS.ufd") == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE acquisition SET value = 'Nokia'",
        "DELETE FROM acquisition",
        "UPDATE comparison SET form = replace(form, 'match', 'missing')",
        "DELETE FROM comparison",
    ],
)
def test_verify_finds_a_change_of_what_an_extraction_says(tmp_path, folder, sql):
    case = new(tmp_path / "case")
    ingest(case, folder)
    change(case / "case.db", sql)
    assert any(sql.split()[1 if sql[0] == "U" else 2] in each for each in verified(case, code=1))


def test_a_phone_without_chats_is_still_of_no_known_kind(tmp_path):
    folder = tmp_path / "phone"
    (folder / "system").mkdir(parents=True)
    (folder / "system/build.prop").write_bytes(b"ro.product.model=X\n")
    found = ingest(new(tmp_path / "case"), folder, code=3)
    assert "nothing here is of a kind" in str(found["problems"])


def test_the_password_in_a_ufd_opens_the_backup_beside_it(tmp_path):
    root = BUILD.build("direct", tmp_path / "ios")
    maker = ItunesMaker(tmp_path / "evidence" / "iPhoneDump" / "00008030", "geheim-77")
    for path in sorted(root.rglob("*.sqlite")):
        maker.file(SHARED, path.name, path.read_bytes())
    info = {"Product Type": "iPhone12,1", "Serial Number": "F00FICTION02", "IMEI": "35 000000 000001 9"}
    info |= {"Last Backup Date": datetime(2025, 9, 14, 20, 0, 0), "Phone Number": "+31 6 0000 0001"}
    maker.close(info=info)
    (tmp_path / "evidence" / "x.ufd").write_text(UFD.format("0" * 64), "utf-16-le")
    data = (tmp_path / "evidence" / "x.ufd").read_bytes()
    (tmp_path / "evidence" / "x.ufd").write_bytes(b"\xff\xfe" + data)
    case = new(tmp_path / "case")
    found = ingest(case, tmp_path / "evidence")
    path = "iPhoneDump/00008030"
    assert f"{path}!/{SHARED}/ChatStorage.sqlite" in [each["path"] for each in found["evidence"]]
    assert ("serial", "F00FICTION02", f"{path}/Info.plist") in facts(found)
    assert ("os_version", "17.5.1", f"{path}/Manifest.plist") in facts(found)
    assert ("status", "finished", f"{path}/Status.plist") in facts(found)
    assert {each["name"] for each in found["contradictions"]} >= {"serial", "model"}
    (entry,) = [each for each in log(case) if each["action"] == "decrypt" and each["result"] == "ok"]
    assert entry["detail"]["form"] == "itunes-backup"
    assert b"geheim-77" not in (case / "custody.jsonl").read_bytes()


def test_facts_stand_in_the_report_in_both_languages(tmp_path, folder):
    case = new(tmp_path / "case", "--language", "nl")
    ingest(case, folder)
    for language, words in (("nl", "Tegenstrijdig"), ("en", "Contradictions")):
        out = tmp_path / language
        done("report", case, "-o", out, "--format", "html", "--language", language)
        pages = "".join(path.read_text("utf-8") for path in sorted(out.rglob("*.html")))
        for value in ("SM-G991B", "SM-G998B", "Europe/Amsterdam", "350000000000019", words):
            assert value in pages, (language, value)


UFDX = b"""<?xml version="1.0" encoding="utf-8"?>
<EvidenceCollection EvidenceID="E-1"><DeviceInfo Vendor="Apple" Model="iPhone 11" IMEI1="350000000000001"/>
<Extractions><Extraction><TransferType>FileSystemDump</TransferType><Path>FFS 01\\FFS.ufd</Path></Extraction>
</Extractions></EvidenceCollection>"""


def test_a_ufdx():
    found = [(each.name, each.value) for each in acquisition.ufdx_facts(UFDX, "x.ufdx")]
    assert found == [
        ("other", "E-1"),
        ("make", "Apple"),
        ("model", "iPhone 11"),
        ("imei", "350000000000001"),
        ("type", "FileSystemDump"),
        ("other", "FFS 01\\FFS.ufd"),
    ]
    assert acquisition.reader_of("x", UFDX) is acquisition.ufdx_facts


def test_entities_of_a_ufdx_are_not_expanded():
    bomb = b'<!DOCTYPE a [<!ENTITY x "SECRET">]><EvidenceCollection EvidenceID="&x;"/>'
    assert [each.value for each in acquisition.ufdx_facts(bomb, "x")] == [
        "this .ufdx is no XML that can be read"
    ]
    for length in range(len(UFDX)):
        list(acquisition.ufdx_facts(UFDX[:length], "x"))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("14/09/2016 16:49:42(UTC-3)", 1473882582000),
        ("14/09/2016 16:49:42 (-3)", 1473882582000),
        ("14/09/2016 16:49:42 (+5:30)", 1473851982000),
        ("14/09/2016 16:49:42", None),
        ("31/02/2016 16:49:42 (-3)", None),
        ("14/09/2016 16:49:42 (-99)", None),
        ("", None),
    ],
)
def test_times_with_their_offset(text, instant):
    assert instant_of(text) == instant


def test_odd_lines_of_a_ufd_are_no_error():
    data = b"[A\n=\n]\n[General]\nDate\nModel=\nX=Y=Z\n;c=d\nModel=1\nModel=2\n\xff=\xfe\n"
    assert [(each.section, each.key, each.value) for each in ufd.lines(data)] == [
        ("", "", ""), ("General", "Model", ""), ("General", "X", "Y=Z"), ("General", "Model", "1"),
        ("General", "Model", "2"), ("General", "\\xff", "\\xfe"),
    ]  # fmt: skip
    for length in range(len(UFD)):
        list(acquisition.ufd_facts(UFD.encode()[:length], "x"))


def fact(name, value, source):
    return Fact(name=name, value=value, source=source, field="f")


def test_what_is_a_contradiction():
    same = [fact("imei", "35-000000-000001-9", "a"), fact("imei", "350000000000019", "b")]
    more = [*same, fact("imei", "350000000000001", "b"), fact("os_version", "Android 13", "a")]
    assert (
        contradictions([*more, fact("os_version", "13", "b"), fact("tool", "x", "a"), fact("tool", "y", "b")])
        == {}
    )
    assert list(
        contradictions([*more, fact("imei", "1", "a"), fact("model", "X", "a"), fact("model", "Y", "b")])
    ) == [
        "model",
        "imei",
    ]


def test_a_damaged_property_file_gives_what_it_has():
    zone = b"\x0a\x28\x0a\x14persist.sys.timezone\x12\x10Europe/Amsterdam"
    reader = acquisition.reader_of("data/property/persistent_properties", zone)
    assert [each.value for each in reader(zone, "x")] == ["Europe/Amsterdam"]
    for length in range(len(zone)):
        assert list(reader(zone[:length], "x")) == []
    assert (
        json.dumps([each.value for each in acquisition.reader_of("a/build.prop", b"x")(b"\xff=1", "x")])
        == "[]"
    )
