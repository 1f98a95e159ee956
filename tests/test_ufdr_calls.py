"""Calls and contacts of a UFDR report: as the other tool gives them, compared with the database beside."""

from __future__ import annotations

import pytest
from sporen_runs import MSGSTORE, balance, done, exported, ingest, new, of, phone, verified
from ufdr_files import call, chat, contact, message, model, package, party, report, tagged, value

OWNER = party("31600000001@s.whatsapp.net", "Ik", owner=True)
FRIEND = party("31600000002@s.whatsapp.net", "Bakker", role="From")
FRIEND_TO = party("31600000002@s.whatsapp.net", "Bakker", role="To")
THIRD = party("31600000003@s.whatsapp.net", None, role="From")
ACCOUNT = "31600000001@s.whatsapp.net"
AT = "2024-11-03T19:46:47.000+00:00"


def whatsapp(*messages):
    people = (OWNER, FRIEND)
    return chat("WhatsApp", ACCOUNT, "31600000002@s.whatsapp.net", *messages, people=people)


def ingested(tmp_path, xml, *members, options=(), code=0):
    path = tmp_path / "r.ufdr"
    path.write_bytes(package(xml, *members))
    case = new(tmp_path / "case", *options)
    found = ingest(case, path, code=code)
    balance(found)
    return case, found, path


def test_the_fields_of_a_call(tmp_path):
    xml = report(
        whatsapp(message("K1", "hoi", AT, FRIEND)),
        call("WhatsApp", AT, "Incoming", FRIEND, OWNER, video="True"),
        call("WhatsApp", "2024-11-03T21:00:00.000+01:00", "Outgoing", FRIEND_TO, duration="1.02:03:04",
             status="Missed", video="False", account=ACCOUNT),
        call("Signal", AT, "Incoming", THIRD, duration=None, status=None),
    )  # fmt: skip
    case, found, path = ingested(tmp_path, xml)
    assert found["evidence"][0]["tables"]["Call"] == {"rows": 3, "messages": 3, "skipped": {}, "failed": 0}
    records = exported(case)
    people = {each["id"]: each for each in of(records, "participant")}
    accounts = {each["id"]: each for each in of(records, "account")}
    assert sorted((each["app"], each["handle"]) for each in accounts.values()) == [
        ("signal", None),
        ("whatsapp", ACCOUNT),
    ]
    signal, incoming, outgoing = sorted(of(records, "call"), key=lambda each: (each["app"], each["at"]))
    assert (incoming["at"], incoming["seconds"], incoming["video"]) == ("2024-11-03T19:46:47.000Z", 65, True)
    assert (incoming["from_owner"], incoming["result"]) == (False, "Established")
    assert people[incoming["sender"]]["handle"] == "31600000002@s.whatsapp.net"
    assert incoming["participants"] == [incoming["sender"]]
    assert accounts[incoming["account"]]["handle"] == ACCOUNT
    assert incoming["conversation"] is None
    assert (outgoing["at"], outgoing["seconds"], outgoing["result"]) == (
        "2024-11-03T20:00:00.000Z",
        93784,
        "Missed",
    )
    assert outgoing["from_owner"]
    assert people[outgoing["sender"]]["is_owner"]
    assert outgoing["participants"] == [incoming["sender"]]
    assert (signal["seconds"], signal["result"], signal["video"]) == (None, None, None)
    data = package(xml)
    assert data  # the offset is one of the report, not of the package
    for each in (signal, incoming, outgoing):
        assert xml[each["source"]["offset"] :].startswith(b'<model type="Call"')
        assert each["source"]["table"] == "Call"
    assert verified(case, "--evidence", path) == []


def test_what_is_doubtful_of_a_call_is_told(tmp_path):
    xml = report(
        call("WhatsApp", "2024-11-03T19:46:47.000", "Incoming", FRIEND, duration="kort", state="Deleted"),
        call("WhatsApp", AT, "Sideways", party(None), duration="00:00:01"),
    )
    case, _found, _path = ingested(tmp_path, xml)
    first, second = sorted(of(exported(case), "call"), key=lambda each: each["source"]["rowid"])
    assert (first["at"], first["seconds"]) == (None, None)
    assert (second["from_owner"], second["sender"], second["participants"]) == (None, None, [])
    notices = {each["text"]: each["raw"] for each in of(exported(case), "notice")}
    assert notices["call 1: TimeStamp has no zone: no instant is made of it"] == "2024-11-03T19:46:47.000"
    assert notices["call 1: Duration is no time span"] == "kort"
    assert "call 1: the report gives it as Deleted" in notices
    assert "the direction Sideways of a call has no certain meaning: 1 row" in notices


def test_a_call_without_an_account_is_of_the_only_one_of_its_source(tmp_path):
    other = "31600000009@s.whatsapp.net"
    xml = report(
        whatsapp(message("K1", "hoi", AT, FRIEND)),
        chat("WhatsApp", other, "x", message("K2", "hoi", AT, FRIEND), people=(FRIEND,)),
        call("WhatsApp", AT, "Incoming", FRIEND),
    )
    case, _found, _path = ingested(tmp_path, xml)
    accounts = {each["id"]: each["handle"] for each in of(exported(case), "account")}
    (made,) = of(exported(case), "call")
    assert accounts[made["account"]] is None
    assert sorted(each or "" for each in accounts.values()) == ["", ACCOUNT, other]


def test_contacts_name_people_and_nobody_twice(tmp_path):
    xml = report(
        whatsapp(message("K1", "hoi", AT, FRIEND)),
        call("WhatsApp", AT, "Incoming", THIRD),
        contact("WhatsApp", "Bakker Thuis", ("UserID", "31600000002@s.whatsapp.net"),
                ("PhoneNumber", "+31 6 0000 0002")),
        contact("WhatsApp", "Oom", ("PhoneNumber", "+31 6-0000-0003"), state="Deleted"),
        contact("WhatsApp", "Nooit", ("PhoneNumber", "+31600000004"), ("EmailAddress", "n@example.org")),
        contact("WhatsApp", "Elders", ("PhoneNumber", "+31600000002"), account="31600000077@s.whatsapp.net"),
        contact("WhatsApp", None, ("PhoneNumber", "+31600000005")),
        contact("Phonebook", "Tandarts", ("PhoneNumber", "+31600000006")),
    )  # fmt: skip
    case, _found, path = ingested(tmp_path, xml)
    people = of(exported(case), "participant")
    named = {each["handle"]: [(n["name"], n["source"]) for n in each["names"]] for each in people}
    assert len(people) == len({each["id"] for each in people}) == 4
    assert named["31600000002@s.whatsapp.net"] == [
        ("Bakker", "name in the report"),
        ("Bakker Thuis", "contact in the report"),
    ]
    assert named["31600000003@s.whatsapp.net"] == [("Oom", "contact in the report (Deleted)")]
    assert named["+31600000004"] == [("Nooit", "contact in the report")]
    notices = [each["text"] for each in of(exported(case), "notice")]
    left = "of which the report has no chat or call of one account: counted and not imported"
    assert f"1 contacts of WhatsApp, {left}" in notices
    assert f"1 contacts of Phonebook, {left}" in notices
    assert "1 contacts of WhatsApp without a name or an identifier" in notices
    assert "Tandarts" not in str(exported(case))
    assert verified(case, "--evidence", path) == []


def test_the_scope_holds_for_calls_and_contacts(tmp_path):
    xml = report(
        whatsapp(message("K1", "hoi", AT, FRIEND)),
        call("Signal", AT, "Incoming", party("+31600000008", "Geheim", role="From")),
        contact("WhatsApp", "Niemand", ("PhoneNumber", "+31600000004")),
        contact("Signal", "Geheim", ("PhoneNumber", "+31600000008")),
    )
    case, found, _path = ingested(tmp_path, xml, options=("--app", "whatsapp"))
    assert found["evidence"][0]["tables"]["Call"]["skipped"] == {"scope": 1}
    written = str(exported(case))
    assert "Geheim" not in written
    assert "31600000008" not in written
    # who is in no chat and no call that may be read is nobody of this case
    assert "Niemand" not in written


def test_calls_of_a_privileged_contact_leave_nothing_behind(tmp_path):
    privileged = tmp_path / "privileged"
    privileged.write_text("+31600000003\n")
    xml = report(
        whatsapp(message("K1", "hoi", AT, FRIEND)),
        call("WhatsApp", AT, "Incoming", THIRD),
        contact("WhatsApp", "Advocaat", ("UserID", "31600000003@s.whatsapp.net")),
    )
    case, found, _path = ingested(tmp_path, xml, options=("--privileged", privileged))
    assert found["evidence"][0]["tables"]["Call"]["skipped"] == {"privilege": 1}
    assert of(exported(case), "call") == []
    assert "Advocaat" not in str(exported(case))


def test_calls_and_people_are_compared_with_those_of_the_database(tmp_path):
    root = phone(tmp_path / "phone", "calls")
    database = (root / MSGSTORE).read_bytes()
    plain = new(tmp_path / "plain")
    ingest(plain, root / MSGSTORE)
    own = [each for each in of(exported(plain), "call") if each["at"] and each["seconds"] is not None]
    persons = [each for each in of(exported(plain), "participant") if not each["is_owner"]]
    known = persons[0]["handle"]

    def theirs(each, seconds):
        direction = {True: "Outgoing", False: "Incoming"}[each["from_owner"]]
        span = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.4000000"
        at = each["at"].replace("Z", "+00:00")
        return call("WhatsApp", at, direction, party(known, "Anders", role="From"), duration=span)

    stranger = party("31600000444@s.whatsapp.net", "Vreemde", role="From")
    xml = report(
        theirs(own[0], own[0]["seconds"]),
        theirs(own[1], own[1]["seconds"] + 60),
        call("WhatsApp", "2001-01-01T00:00:00.000+00:00", "Incoming", stranger),
        files=[tagged(1, f"/{MSGSTORE}", "files\\Database\\msgstore.db", database)],
    )
    case, found, path = ingested(tmp_path, xml, ("files/Database/msgstore.db", database))
    told = {each["kind"]: each for each in found["comparisons"] if each["kind"] != "hash"}
    count = len(of(exported(plain), "call"))
    calls = told["calls"]
    assert {name: calls[name] for name in ("app", "own", "other", "same", "only_own", "only_other")} == {
        "app": "whatsapp", "own": count, "other": 3, "same": 2, "only_own": count - 2, "only_other": 1,
    }  # fmt: skip
    assert calls["seconds_differ"] == 1
    by_id = {each["id"]: each for each in of(exported(case), "call")}
    assert by_id[calls["seconds_differ_ids"][0]]["at"] == own[1]["at"]
    assert by_id[calls["only_other_ids"][0]]["at"] == "2001-01-01T00:00:00.000Z"
    people = told["people"]
    assert (people["other"], people["same"], people["only_other"]) == (2, 1, 1)
    assert people["own"] == len(persons)
    by_id = {each["id"]: each for each in of(exported(case), "participant")}
    assert by_id[people["only_other_ids"][0]]["handle"] == "31600000444@s.whatsapp.net"
    done("report", case, "-o", tmp_path / "out", "--format", "html", "--language", "en")
    pages = "".join(each.read_text("utf-8") for each in sorted((tmp_path / "out").rglob("*.html")))
    assert "Calls as another tool decoded them" in pages
    assert "People as another tool decoded them" in pages
    assert verified(case, "--evidence", path) == []


@pytest.mark.parametrize("text", ["", "1", "-00:00:01", "00:61", "99999999.00:00:00", "00:00:00.12345678"])
def test_what_is_no_time_span_gives_no_seconds(tmp_path, text):
    xml = report(call("WhatsApp", AT, "Incoming", FRIEND, duration=text or None))
    case, _found, _path = ingested(tmp_path, xml)
    assert [each["seconds"] for each in of(exported(case), "call")] == [None]


def test_a_report_cut_in_its_calls_gives_those_before(tmp_path):
    xml = report(
        call("WhatsApp", AT, "Incoming", FRIEND), call("WhatsApp", AT, "Outgoing", FRIEND_TO),
        model("Call", value("Source", "WhatsApp")),
    )  # fmt: skip
    case, found, _path = ingested(tmp_path, xml[: xml.index(b"Outgoing")], code=3)
    assert len(of(exported(case), "call")) == 1
    assert found["evidence"][0]["tables"]["Call"]["rows"] == 1
