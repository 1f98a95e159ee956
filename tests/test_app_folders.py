"""Folders of an iPhone with random names: whose they are, by the property list in them."""

from __future__ import annotations

import plistlib

from archive_files import zip_bytes
from sporen_runs import balance, exported, ingest, new, of
from whatsapp_ios_installations import BUILD

from forensics.app_folders import METADATA, AppFolders

GROUPS = "filesystem1/private/var/mobile/Containers/Shared/AppGroup"
WHATSAPP, BUSINESS = "group.net.whatsapp.WhatsApp.shared", "group.net.whatsapp.WhatsAppSMB.shared"
FIRST, SECOND = "0F6E2C3A-9D1B-4F7E-8A55-000000000001", "7B1D0E44-1C2F-4C3B-9E66-000000000002"


def metadata(identifier):
    return plistlib.dumps({"MCMMetadataIdentifier": identifier}, fmt=plistlib.FMT_BINARY)


def group(name, identifier, storage):
    return (
        (f"{GROUPS}/{name}/{METADATA}", metadata(identifier)),
        (f"{GROUPS}/{name}/ChatStorage.sqlite", storage),
    )


def test_two_apps_in_random_folders_are_two_accounts(tmp_path):
    folder = BUILD.build("direct", tmp_path / "made")
    storage = next(folder.rglob("ChatStorage.sqlite")).read_bytes()
    phone = tmp_path / "FFS.zip"
    changed = storage[:-1] + bytes([storage[-1] ^ 1])  # not the same file twice
    phone.write_bytes(zip_bytes(*group(FIRST, WHATSAPP, storage), *group(SECOND, BUSINESS, changed)))
    case = new(tmp_path / "case")
    found = ingest(case, phone)
    balance(found)
    apps = {each["path"].split("/")[-2]: each["app"] for each in found["evidence"] if each.get("tables")}
    assert apps == {FIRST: "whatsapp", SECOND: "whatsapp_business"}
    assert {each["app"] for each in of(exported(case), "account")} == {"whatsapp", "whatsapp_business"}
    said = {(each["value"], each["source"].split("/")[-2], each["field"]) for each in found["acquisition"]}
    assert said == {
        (f"the folder of {WHATSAPP}", FIRST, "MCMMetadataIdentifier"),
        (f"the folder of {BUSINESS}", SECOND, "MCMMetadataIdentifier"),
    }


def test_the_nearest_folder_counts_and_a_damaged_list_says_nothing():
    folders = AppFolders()
    folders.learn(f"a/1/{METADATA}", metadata("one"))
    folders.learn(f"a/1/b/{METADATA}", metadata("two"))
    folders.learn(f"a/2/{METADATA}", b"bplist00")
    folders.learn(f"a/3/{METADATA}", plistlib.dumps({"MCMMetadataIdentifier": 7}))
    assert folders.identifier("a/1/x/file") == "one"
    assert folders.identifier("a/1/b/file") == "two"
    assert [folders.identifier(f"a/{n}/file") for n in (2, 3)] == [None, None]
    assert list(folders.facts("elsewhere")) == []
