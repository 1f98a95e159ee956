"""Several databases of one account: each message once, with what a newer one lost and says otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sporen_runs import balance, change, done, export_bytes, exported, ingest, messages, new, of, verified
from whatsapp_backups import ROOT_FILE, crypt15
from whatsapp_phones import GROUP, MSGSTORE, Line, Phone

from forensics.identity import Place

ANNA, BRAM = "31600000201", "31600000202"
CHAT = f"{BRAM}@s.whatsapp.net"
PHONE = Phone(number=ANNA, contacts={BRAM: "Bram"})
BACKUPS = "data/media/0/Android/media/com.whatsapp/WhatsApp/Databases"
KEY = "data/data/com.whatsapp/files/encrypted_backup.key"
OLD, MIDDLE = "msgstore-2026-03-03.1.db.crypt15", "msgstore-2026-03-05.1.db.crypt15"
DAY = 24 * 60

FIRST = Line(key="AA", minute=0, sender=None, text="Hoi", chat=CHAT)
GONE_EARLY = Line(key="AB", minute=1, sender=BRAM, text="Weg voor de tweede", chat=CHAT)
GONE_LATE = Line(key="AC", minute=2, sender=BRAM, text="Weg na de tweede", chat=CHAT)
REVOKED = Line(key="AD", minute=3, sender=None, text="Sorry, vergeet dit", chat=CHAT)
EDITED = Line(key="AE", minute=4, sender=BRAM, text="Om acht uur", chat=CHAT)
LATER = Line(key="AF", minute=2 * DAY, sender=BRAM, text="Twee dagen later", chat=CHAT)
LAST = Line(key="AG", minute=5 * DAY, sender=None, text="De laatste", chat=CHAT)


def changed(line: Line, **to: object) -> Line:
    return Line(**{**vars(line), **to})


OLDEST = [FIRST, GONE_EARLY, GONE_LATE, REVOKED, EDITED]
SECOND = [FIRST, GONE_LATE, REVOKED, EDITED, LATER]
NOW = [
    FIRST,
    changed(REVOKED, revoked=4 * DAY),
    changed(EDITED, text="Om negen uur"),
    LATER,
    LAST,
]


# Each of three comes first, in the middle and last.
ORDERS = [(0, 1, 2), (1, 2, 0), (2, 0, 1)]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The phone, and each of its databases by itself."""
    root = tmp_path_factory.mktemp("union")
    phone = PHONE.write(root / "phone", NOW)
    apart = root / "apart"
    apart.mkdir()
    for name, lines in ((OLD, OLDEST), (MIDDLE, SECOND)):
        plain = PHONE.database(root / "plain.db", lines).read_bytes()
        for folder in (phone / BACKUPS, apart):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(crypt15(plain))
    (phone / KEY).parent.mkdir(parents=True)
    (phone / KEY).write_bytes(ROOT_FILE)
    (apart / "root.key").write_bytes(ROOT_FILE)
    live = PHONE.write(root / "live", NOW)
    return {
        "phone": phone, "old": apart / OLD, "middle": apart / MIDDLE, "live": live,
        "key": apart / "root.key",
    }  # fmt: skip


def differences(case: Path) -> list[dict]:
    return json.loads(done("differences", case, "--json").stdout)["differences"]


def expect_union(case: Path) -> None:
    """Seven messages, whatever they were found in."""
    found = {each["source"]["app_id"]: each for each in messages(case)}
    assert sorted(found) == ["AA", "AB", "AC", "AD", "AE", "AF", "AG"]
    assert len(messages(case)) == 7
    assert found["AA"]["source"]["path"].endswith("msgstore.db")
    assert [len(found[key]["also"]) for key in sorted(found)] == [2, 0, 1, 2, 2, 1, 0]
    assert (found["AD"]["text"], found["AD"]["state"]) == (None, "deleted_for_everyone")
    assert found["AD"]["edits"] == [{"at": None, "text": "Sorry, vergeet dit"}]
    assert found["AE"]["text"] == "Om negen uur"
    assert found["AE"]["edits"] == [{"at": None, "text": "Om acht uur"}]
    (talk,) = of(exported(case), "conversation")
    assert talk["messages"] == 7
    (copy,) = (each for each in found["AF"]["also"] if MIDDLE in each["path"])
    read = Place(copy["evidence_sha256"], copy["path"]).message("message", copy["rowid"])
    shown = json.loads(done("show", case, read, "--json").stdout)
    assert shown["message"]["id"] == found["AF"]["id"]
    for query, key in (("vergeet", "AD"), ("acht", "AE"), ("negen", "AE"), ("hoi", "AA")):
        (hit,) = json.loads(done("search", case, query, "--json").stdout)["results"]
        assert hit["id"] == found[key]["id"]


def test_a_phone_with_its_backups_is_the_union_of_their_messages(parts: dict, tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    document = ingest(case, parts["phone"])
    balance(document)
    expect_union(case)
    (old,) = (each["tables"]["message"] for each in document["evidence"] if OLD in each["path"])
    assert old == {"rows": 6, "messages": 1, "skipped": {"copy": 4, "sentinel": 1}, "failed": 0}
    assert verified(case, "--evidence", parts["phone"]) == []


def test_what_a_newer_database_lost_is_listed_between_two_dates(parts: dict, tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    ingest(case, parts["phone"])
    keys = {each["id"]: each["source"]["app_id"] for each in messages(case)}
    found = {keys[each["message"]]: each for each in differences(case)}
    assert {key: each["kind"] for key, each in found.items()} == {
        "AB": "gone", "AC": "gone", "AD": "deleted", "AE": "edited",
    }  # fmt: skip
    name = "date in the name of the file"
    assert [(found["AB"][side]["date"], found["AB"][side]["ground"]) for side in ("in", "not_in")] == [
        ("2026-03-03", name), ("2026-03-05", name),
    ]  # fmt: skip
    assert found["AC"]["in"]["date"] == "2026-03-05"
    assert found["AC"]["not_in"]["date"] == "2026-03-07T10:00:00.000Z"
    assert found["AC"]["not_in"]["ground"] == "newest message in it"


def test_databases_given_as_items_of_their_own_are_the_same_union(parts: dict, tmp_path: Path) -> None:
    items = [parts["live"], parts["old"], parts["middle"]]
    first: bytes | None = None
    for number, order in enumerate(ORDERS):
        case = new(tmp_path / f"together{number}")
        balance(ingest(case, *(items[place] for place in order), "--key", parts["key"]))
        expect_union(case)
        first = first or export_bytes(case)
        assert export_bytes(case) == first
    given = [part for each in items for part in ("--evidence", each)]
    assert verified(case, *given, "--key", parts["key"]) == []
    assert verified(case, "--evidence", parts["old"], "--key", parts["key"]) == []


def test_databases_given_in_commands_of_their_own_are_the_same_union(parts: dict, tmp_path: Path) -> None:
    items = [parts["live"], parts["old"], parts["middle"]]
    exports = set()
    for number, order in enumerate(ORDERS):
        case = new(tmp_path / f"apart{number}")
        for place in order:
            balance(ingest(case, items[place], "--key", parts["key"]))
        expect_union(case)
        exports.add(export_bytes(case))
        assert verified(case) == []
        assert {each["kind"] for each in differences(case)} == {"gone", "deleted", "edited"}
    assert len(exports) == 1
    given = [part for each in items for part in ("--evidence", each)]
    assert verified(case, *given, "--key", parts["key"]) == []
    again = export_bytes(case)
    for each in items:
        assert ingest(case, each, "--key", parts["key"])["known"] == [str(each)]
    assert export_bytes(case) == again


@pytest.mark.parametrize("is_one_item", [True, False], ids=["one folder", "items of their own"])
def test_databases_that_name_no_owner_are_of_one_account_by_what_was_sent(
    parts: dict, tmp_path: Path, is_one_item: bool
) -> None:
    folder = tmp_path / "bare"
    folder.mkdir()
    live = parts["live"] / MSGSTORE
    for name, path in (("msgstore.db", live), (OLD, parts["old"]), (MIDDLE, parts["middle"])):
        (folder / name).write_bytes(path.read_bytes())
    items = [folder] if is_one_item else sorted(folder.iterdir())
    case = new(tmp_path / "case")
    balance(ingest(case, *items, "--key", parts["key"]))
    expect_union(case)
    records = exported(case)
    assert len(of(records, "account")) == 1
    assert len([each for each in of(records, "participant") if each["is_owner"]]) == 1
    assert (
        sum("names no owner; it is taken for account" in each["text"] for each in of(records, "notice")) == 2
    )
    given = [part for each in items for part in ("--evidence", each)]
    assert verified(case) == []
    assert verified(case, *given, "--key", parts["key"]) == []
    delivery = tmp_path / "delivery"
    done("report", case, "-o", delivery, "--format", "jsonl,html")
    assert verified(delivery, *given, "--key", parts["key"]) == []


def test_two_phones_that_name_no_owner_are_not_taken_for_one(tmp_path: Path) -> None:
    """Both are in a group: what others wrote there is on both, what their owners wrote was sent from one."""
    first = Phone(number=ANNA, has_preferences=False)
    second = Phone(number=BRAM, has_preferences=False)
    third = "31600000203"
    others = Line(key="HA", minute=0, sender=third, text="Hallo", chat=GROUP)
    here = Line(key="HB", minute=1, sender=None, text="Dag", chat=GROUP)
    case = new(tmp_path / "case")
    ingest(case, first.write(tmp_path / "first", [others, here]))
    ingest(case, second.write(tmp_path / "second", [others, changed(here, sender=ANNA)]))
    assert len(of(exported(case), "account")) == 2
    assert len(messages(case)) == 4
    document = json.loads(done("differences", case, "--json").stdout)
    (pair,) = document["devices"]
    assert pair["links"] == {"id": 2}


def test_an_item_that_opens_later_is_read_anew_and_merged_again(parts: dict, tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    folder = tmp_path / "phone"
    folder.mkdir()
    (folder / "msgstore.db").write_bytes((parts["live"] / MSGSTORE).read_bytes())
    (folder / OLD).write_bytes(parts["old"].read_bytes())
    ingest(case, parts["middle"], "--key", parts["key"])
    ingest(case, folder, code=4)
    ingest(case, folder, "--key", parts["key"])
    expect_union(case)
    assert verified(case) == []
    straight = new(tmp_path / "straight")
    ingest(straight, folder, "--key", parts["key"])
    ingest(straight, parts["middle"], "--key", parts["key"])
    assert export_bytes(straight) == export_bytes(case)


def test_a_changed_source_of_a_merged_record_is_found(parts: dict, tmp_path: Path) -> None:
    case = new(tmp_path / "case")
    ingest(case, parts["live"])
    ingest(case, parts["old"], "--key", parts["key"])
    whole = (case / "case.db").read_bytes()
    for statement in (
        "UPDATE twin SET row_id = row_id + 1 WHERE n <> message",
        "UPDATE twin SET form = '{}' WHERE n <> message AND form <> '{}'",
        "DELETE FROM twin WHERE n <> message",
        "UPDATE alias SET id = replace(id, 'a', 'b')",
        "DELETE FROM difference",
    ):
        (case / "case.db").write_bytes(whole)
        change(case / "case.db", statement)
        assert verified(case, code=1), statement
