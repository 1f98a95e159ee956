"""Full file systems: forks of an app beside it, and nothing of them on disk but what is needed."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import zipfile

import pytest
from archive_files import zip_bytes
from sporen_runs import MSGSTORE, balance, change, exported, ingest, new, of, phone, texts, verified
from telegram_installations import load
from test_signal_evidence import plain_database

TELEGRAM = load("build")
MESSENGER, FORK = "data/data/org.telegram.messenger", "data/data/tw.nekomimi.nekogram"
ANOTHER = "00000000-0000-4000-8000-000000000101"
# More than any file that reading needs, less than the media that nobody asked for.
_LARGEST_FILE, _MEDIA = 24 << 20, 64 << 20


def files_of(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("place", [FORK, "data/user/10/tw.nekomimi.nekogram", f"Dump/{FORK}"])
def test_a_fork_of_telegram_is_an_account_of_its_own(tmp_path, place):
    own = files_of(TELEGRAM.build("direct", tmp_path / "direct"))
    other = files_of(TELEGRAM.build("accounts", tmp_path / "accounts"))
    fork = {
        name.replace(MESSENGER, place): data
        for name, data in other.items()
        if name.endswith(("account1/cache4.db", "userconfig1.xml"))
    }
    assert len(fork) == 2
    evidence = tmp_path / "FFS.zip"
    evidence.write_bytes(zip_bytes(*own.items(), *fork.items()))
    case = new(tmp_path / "case")
    found = ingest(case, evidence)
    balance(found)
    records = exported(case)
    accounts = {each["id"]: each["handle"] for each in of(records, "account")}
    assert sorted(accounts.values()) == ["100000100", "5000000003"]
    for message in of(records, "message"):
        owner = "5000000003" if "nekogram" in message["source"]["path"] else "100000100"
        assert accounts[message["account"]] == owner
    assert {each["text"] for each in of(records, "message") if "nekogram" in each["source"]["path"]} == {
        "to Bram from Dirk"
    }
    assert verified(case, "--evidence", evidence) == []


def zipped(database):
    """A zip with the database, and a large member of the same app that no message names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MSGSTORE, database)
        with archive.open("data/media/0/WhatsApp/Media/WhatsApp Video/big.mp4", "w") as stream:
            for _ in range(_MEDIA >> 20):
                stream.write(bytes(1 << 20))
    return buffer.getvalue()


def packed_tar(database):
    """The same as a tar.gz, which cannot be sought in."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        large = ("data/media/0/WhatsApp/Media/WhatsApp Video/big.mp4", bytes(_MEDIA))
        for name, data in (large, (MSGSTORE, database)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


@pytest.mark.parametrize("make", [zipped, packed_tar])
def test_nothing_is_unpacked_to_disk_but_what_is_needed(tmp_path, make):
    """The system refuses to write any file as large as the media: reading does not notice."""
    pytest.importorskip("resource")
    evidence = tmp_path / "FFS"
    evidence.write_bytes(make((phone(tmp_path / "phone") / MSGSTORE).read_bytes()))
    case = new(tmp_path / "case")
    limited = (
        "import resource, sys; from forensics.cli import main;"
        f" resource.setrlimit(resource.RLIMIT_FSIZE, ({_LARGEST_FILE}, {_LARGEST_FILE}));"
        " main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", limited, "ingest", str(case), str(evidence), "--json"]
    made = subprocess.run(command, check=False, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["messages"] == len(texts(case)) > 2


def test_molly_beside_signal_is_an_account_of_its_own(tmp_path):
    members = []
    for package, said in (("org.thoughtcrime.securesms", "in Signal"), ("im.molly.app", "in Molly")):
        path = plain_database(tmp_path / package / "signal.db", "backup/rows.sql")
        change(path, ("UPDATE message SET body = ? WHERE body IS NOT NULL", (said,)))
        if package == "im.molly.app":
            change(
                path,
                ("UPDATE key_value SET value = ? WHERE key = 'account.aci'", (ANOTHER,)),
                "UPDATE key_value SET value = '+31600000101' WHERE key = 'account.e164'",
                ("UPDATE recipient SET aci = ?, e164 = '+31600000101' WHERE _id = 1", (ANOTHER,)),
            )
        members.append((f"data/data/{package}/databases/signal.db", path.read_bytes()))
    evidence = tmp_path / "FFS.zip"
    evidence.write_bytes(zip_bytes(*members))
    case = new(tmp_path / "case")
    balance(ingest(case, evidence))
    records = exported(case)
    assert {each["phone"] for each in of(records, "account")} == {"+31600000100", "+31600000101"}
    owners = {}
    for message in of(records, "message"):
        if message["text"] is not None:
            is_molly = "im.molly.app" in message["source"]["path"]
            assert message["text"] == ("in Molly" if is_molly else "in Signal")
            owners.setdefault(is_molly, set()).add(message["account"])
    assert {len(each) for each in owners.values()} == {1}
    assert owners[True].isdisjoint(owners[False])
