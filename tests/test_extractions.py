"""Full file systems as tools deliver them: path forms, users, several installations, and hostile ones."""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from archive_files import tar_bytes, zip_bytes
from sporen_runs import MSGSTORE, balance, exported, ingest, new, of, phone, texts, verified

from forensics.evidence import open_evidence

APP = "com.whatsapp"
PREFERENCES = f"data/data/{APP}/shared_prefs/com.whatsapp_preferences_light.xml"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    root = phone(tmp_path_factory.mktemp("phone"))
    return {
        path.relative_to(root / f"data/data/{APP}").as_posix(): path.read_bytes()
        for path in sorted((root / f"data/data/{APP}").rglob("*"))
        if path.is_file()
    }


def under(prefix, files):
    return [(f"{prefix}/{name}", data) for name, data in files.items()]


def other_owner(files, number="31600000077"):
    """The same app of another user of the phone, with a number of his own."""
    changed = dict(files)
    for name, data in files.items():
        if name.endswith(".xml"):
            changed[name] = data.replace(b"31600000100", number.encode())
    return changed


FORMS = [
    f"Dump/data/data/{APP}",
    f"filesystem1/data/data/{APP}",
    f"data/user/0/{APP}",
    f"fs/data/user_de/10/{APP}",
    f"mnt/expand/57f8f4bc/user/10/{APP}",
    f"R58M12ABCDE/data/data/{APP}",
    f"./data/data/{APP}",
    f"/data/data/{APP}",
    f"Dump\\data\\data\\{APP}",
]


@pytest.mark.parametrize("prefix", FORMS)
@pytest.mark.parametrize("form", ["zip", "tar"])
def test_every_path_form_is_read(tmp_path, files, prefix, form):
    if form == "tar" and "\\" in prefix:
        pytest.skip("a backslash is a character of a name in a tar")
    make = zip_bytes if form == "zip" else tar_bytes
    evidence = tmp_path / "extraction"
    evidence.write_bytes(make(*under(prefix, files)))
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    balance(found)
    assert any(each["path"].endswith(f"{APP}/databases/msgstore.db") for each in found["evidence"])
    assert of(exported(case), "account")[0]["phone"] is not None


def test_users_and_installations_are_accounts_of_their_own(tmp_path, files):
    work = other_owner(files)
    dual = other_owner(files, "31600000088")
    members = [
        *under(f"Dump/data/data/{APP}", files),
        *under(f"Dump/data/user/10/{APP}", work),
        *under(f"Dump/data/user/999/{APP}", dual),
        *under("Dump/data/data/com.gbwhatsapp", other_owner(files, "31600000099")),
    ]
    evidence = tmp_path / "FFS.zip"
    evidence.write_bytes(zip_bytes(*members))
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    balance(found)
    records = exported(case)
    phones = {each["phone"] for each in of(records, "account")}
    assert {"+31600000077", "+31600000088", "+31600000099"} <= phones
    assert len(phones) == 4
    accounts = {each["id"]: each["phone"] for each in of(records, "account")}
    for message in of(records, "message"):
        path = message["source"]["path"]
        expected = {"/10/": "+31600000077", "/999/": "+31600000088", "gbwhatsapp": "+31600000099"}
        wanted = next((phone for part, phone in expected.items() if part in path), None)
        if wanted is not None:
            assert accounts[message["account"]] == wanted
    assert verified(case, "--evidence", evidence) == []


def test_one_file_under_two_names_is_one_account_with_both_paths(tmp_path, files):
    members = [*under(f"Dump/data/data/{APP}", files), *under(f"Dump/data/user/0/{APP}", files)]
    evidence = tmp_path / "FFS.zip"
    evidence.write_bytes(zip_bytes(*members))
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    balance(found)
    plain = new(tmp_path / "plain")
    ingest(plain, phone(tmp_path / "phone"))
    assert len(of(exported(case), "account")) == 1
    by_app_id = {}
    for each in of(exported(case), "message"):
        if each["source"]["app_id"]:
            by_app_id.setdefault((each["source"]["app_id"], each["conversation"]), []).append(each)
    merged = [each for each in by_app_id.values() if len(each) == 1 and each[0]["also"]]
    assert len(merged) > 3
    assert {each[0]["also"][0]["path"].split("/")[2] for each in merged} <= {"data", "user"}


def test_duplicate_names_and_names_that_differ_in_case_are_all_read(tmp_path, files):
    database = files["databases/msgstore.db"]
    evidence = tmp_path / "FFS.zip"
    upper = MSGSTORE.replace("msgstore", "MSGSTORE")
    evidence.write_bytes(zip_bytes((MSGSTORE, database), (MSGSTORE, database), (upper, database)))
    found = ingest(new(tmp_path / "case"), evidence)
    paths = sorted(each["path"] for each in found["evidence"])
    assert paths == sorted([MSGSTORE, f"{MSGSTORE}#2", upper])
    assert len({each["sha256"] for each in found["evidence"]}) == 1


HOSTILE = [
    "../../../etc/msgstore.db",
    "/abs/msgstore.db",
    "C:\\x\\msgstore.db",
    "\\\\server\\share\\msgstore.db",
    "CON/msgstore.db",
    "a\x00b/msgstore.db",
    "d\u202ekcab/msgstore.db",
    "x" * 300 + "/msgstore.db",
    "a/" * 10_000 + "msgstore.db",
    "name with \n a line/msgstore.db",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_read_and_writes_nowhere(tmp_path, files, name):
    evidence = tmp_path / "x.zip"
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    evidence.write_bytes(zip_bytes((info, files["databases/msgstore.db"])))
    before = {path.name for path in tmp_path.iterdir()}
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    assert len(texts(case)) > 2
    (path,) = [each["path"] for each in found["evidence"]]
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    assert {each.name for each in tmp_path.iterdir()} - before == {"case"}


@pytest.mark.parametrize("raw", [b"caf\xe9/msgstore.db", b"\xff\xfe\x80/msgstore.db", "数据/m.db".encode()])
def test_names_in_any_encoding(tmp_path, files, raw):
    data = bytearray(zip_bytes(("N" * len(raw), files["databases/msgstore.db"])))
    evidence = tmp_path / "x.zip"
    evidence.write_bytes(bytes(data).replace(b"N" * len(raw), raw))
    case = new(tmp_path / "case")
    assert len(ingest(case, evidence)["evidence"]) == 1
    assert verified(case, "--evidence", evidence) == []


def test_links_and_devices_of_a_tar_are_named_and_not_followed(tmp_path, files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for kind, name in ((tarfile.SYMTYPE, "data/link.db"), (tarfile.CHRTYPE, "dev/null")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo(MSGSTORE)
        info.size = len(files["databases/msgstore.db"])
        archive.addfile(info, io.BytesIO(files["databases/msgstore.db"]))
    (tmp_path / "x.tar").write_bytes(buffer.getvalue())
    found = ingest(new(tmp_path / "case"), tmp_path / "x.tar")
    told = {each["path"]: each["text"] for each in found["problems"]}
    assert told["data/link.db"] == "a symbolic link, which is not followed: it leads to /etc/passwd"
    assert told["dev/null"].startswith("a device, which is not followed")


def test_a_wrong_crc_is_code_3_and_what_can_be_read_is(tmp_path, files):
    data = bytearray(zip_bytes((MSGSTORE, files["databases/msgstore.db"]), method=zipfile.ZIP_STORED))
    at = data.index(b"PK\x01\x02") + 16
    data[at] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(data)
    case = new(tmp_path / "case")
    found = ingest(case, tmp_path / "x.zip", code=3)
    assert "CRC-32" in str(found["problems"])
    assert len(texts(case)) > 2


def test_folders_four_thousand_deep(tmp_path, files):
    root = tmp_path / "phone"
    root.mkdir()
    (root / "msgstore.db").write_bytes(files["databases/msgstore.db"])
    home = os.open(".", os.O_RDONLY)
    try:
        os.chdir(root)
        for _ in range(4_000):
            Path("d").mkdir()
            os.chdir("d")
    finally:
        os.fchdir(home)
        os.close(home)
    try:
        found = ingest(new(tmp_path / "case"), root, code=3)
    finally:
        subprocess.run(["rm", "-rf", root], check=True)
    assert [each["path"] for each in found["evidence"]] == ["msgstore.db"]
    assert len(found["problems"]) == 1


def test_a_bomb_ends_at_the_limit(tmp_path, files):
    evidence = tmp_path / "x.zip"
    big = zipfile.ZipInfo("data/data/com.whatsapp/databases/big.db")
    big.compress_type = zipfile.ZIP_DEFLATED
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open(big, "w", force_zip64=True) as stream:
            stream.write(files["databases/msgstore.db"])
            for _ in range(130):
                stream.write(bytes(1 << 20))
        archive.writestr(MSGSTORE, files["databases/msgstore.db"])
    evidence.write_bytes(buffer.getvalue())
    found = ingest(new(tmp_path / "case"), evidence, "--ratio-limit", "100", code=3)
    assert "a bomb, or a limit to raise" in str(found["problems"])
    assert [each["path"] for each in found["evidence"]] == [MSGSTORE]


def test_access_times_stay_where_the_system_allows(tmp_path, files):
    if not hasattr(os, "O_NOATIME"):
        pytest.skip("this system has no way to leave access times alone")
    path = tmp_path / "msgstore.db"
    path.write_bytes(files["databases/msgstore.db"])
    os.utime(path, ns=(1_000_000_000, 2_000_000_000))
    with open_evidence(path) as evidence:
        evidence.sha256()
    assert path.stat().st_atime_ns == 1_000_000_000
    ingest(new(tmp_path / "case"), path)
    assert path.stat().st_atime_ns == 1_000_000_000
