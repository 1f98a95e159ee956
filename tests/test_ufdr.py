"""UFDR packages: chats as another tool decoded them, compared with the database in the package."""

from __future__ import annotations

import io

import pytest
from sporen_runs import MSGSTORE, balance, done, exported, ingest, new, of, phone, verified
from ufdr_files import chat, many, message, model, one, package, party, report, tagged, value, when

from forensics.errors import DamagedEvidence
from forensics.formats.ufdr import Entry, Report
from parsers.ufdr import Ufdr

OWNER = party("31600000001@s.whatsapp.net", "Ik", owner=True)
FRIEND = party("31600000002@s.whatsapp.net", "Bakker & Zn")
CHAT = "31600000002@s.whatsapp.net"


def simple(*messages, source="WhatsApp"):
    return chat(source, "31600000001@s.whatsapp.net", CHAT, *messages, people=(OWNER, FRIEND))


def ingested(tmp_path, xml, *members, name="r.ufdr", options=(), code=0):
    path = tmp_path / name
    path.write_bytes(package(xml, *members))
    case = new(tmp_path / "case", *options)
    found = ingest(case, path, code=code)
    balance(found)
    return case, found, path


def test_the_fields_of_a_message(tmp_path):
    picture = b"\xff\xd8 picture"
    quoted = model("ReplyMessageData", value("OriginalMessageID", "K1"), value("Body", "hoi"))
    extra = many(
        "MessageExtraData", "InstantMessageExtraData", model("X", many("ReplyMessageData", "R", quoted))
    )
    attachment = model(
        "Attachment", value("Filename", "p.jpg"), value("ContentType", "image/jpeg"), file_id="9"
    )
    xml = report(
        simple(
            message("K1", "hoi", "2024-11-03T19:46:47.000+00:00", FRIEND),
            message("K2", "ja <&> ]] é", "2024-11-03T20:46:48.500+01:00", OWNER, extra, status="Delivered"),
            message(
                "K3", None, "2024-11-03T19:46:49.000+00:00", FRIEND, many("Attachments", "A", attachment)
            ),
            message("K4", "weg", "2024-11-03T19:46:50.000+00:00", FRIEND, state="Deleted"),
        ),
        files=[tagged(9, "/data/media/0/p.jpg", "files\\Image\\p.jpg", picture)],
        items=[("UFED_PA_Version", "7.69.0.1")],
    )
    case, found, path = ingested(tmp_path, xml, ("files/Image/p.jpg", picture))
    (file,) = found["evidence"]
    assert (file["path"], file["platform"]) == ("report.xml", "export")
    assert file["tables"] == {"InstantMessage": {"rows": 4, "messages": 4, "skipped": {}, "failed": 0}}
    first, second, third, fourth = of(exported(case), "message")
    assert (first["app"], first["platform"], first["text"]) == ("whatsapp", "export", "hoi")
    assert (first["sent_at"], first["from_owner"], first["status"]) == (
        "2024-11-03T19:46:47.000Z",
        False,
        None,
    )
    assert (first["source"]["app_id"], first["source"]["rowid"]) == ("K1", 1)
    assert second["text"] == "ja <&> ]] é"
    assert (second["sent_at"], second["from_owner"]) == ("2024-11-03T19:46:48.500Z", True)
    assert second["status"] == "delivered"
    assert second["reply_to"]["id"] == first["id"]
    (image,) = third["attachments"]
    assert (image["kind"], image["present"], image["path"]) == ("image", True, "files/Image/p.jpg")
    assert (fourth["state"], fourth["text"]) == ("recovered", "weg")
    (conversation,) = of(exported(case), "conversation")
    assert (conversation["kind"], conversation["handle"]) == ("direct", CHAT)
    people = {each["handle"]: each for each in of(exported(case), "participant")}
    assert people["31600000002@s.whatsapp.net"]["names"] == [
        {"name": "Bakker & Zn", "source": "name in the report"}
    ]
    assert people["31600000001@s.whatsapp.net"]["is_owner"]
    notices = [each["text"] for each in of(exported(case), "notice")]
    assert any("decoded by another tool (Cellebrite Physical Analyzer 7.69.0.1)" in each for each in notices)
    assert ("tool_version", "7.69.0.1") in {(e["name"], e["value"]) for e in found["acquisition"]}
    assert ("device_name", "Toestel van V.") in {(e["name"], e["value"]) for e in found["acquisition"]}
    assert verified(case, "--evidence", path) == []


def test_the_offset_is_where_the_model_stands(tmp_path):
    xml = report(simple(message("K1", "a&#x1;b &#0; &#31; c", "2024-11-03T19:46:47.000+00:00", FRIEND)))
    xml = xml.replace(b"<![CDATA[a&#x1;b &#0; &#31; c]]>", b"a&#x1;b &#0; &#31; c").replace(
        b"Toestel", b"&#x1;t"
    )
    case, _found, _path = ingested(tmp_path, xml)
    (record,) = of(exported(case), "message")
    assert record["text"] == "a\ufffdb \ufffd \ufffd c"
    assert xml[record["source"]["offset"] :].startswith(b'<model type="InstantMessage"')
    notices = [each["text"] for each in of(exported(case), "notice")]
    assert "4 control characters, which XML cannot have, are shown as U+FFFD" in notices


def test_a_time_without_a_zone_is_no_instant(tmp_path):
    entry = model(
        "InstantMessage", value("Body", "x"), when("TimeStamp", "2024-11-03T19:46:47", "DateTimeOnly")
    )
    case, _found, _path = ingested(tmp_path, report(simple(entry)))
    (record,) = of(exported(case), "message")
    assert record["sent_at"] is None
    (notice,) = [each for each in of(exported(case), "notice") if "zone" in each["text"]]
    assert notice["raw"] == "2024-11-03T19:46:47"


def test_what_is_no_chat_is_counted_and_apps_keep_their_names(tmp_path):
    at = "2024-11-03T19:46:47.000+00:00"
    xml = report(
        simple(message("1", "a", at, FRIEND), source="WhatsApp Business"),
        simple(message("1", "a", at, FRIEND), source="Facebook Messenger"),
        model("Cookie", value("Name", "1")),
        model("Cookie", value("Name", "2")),
    )
    case, _found, _path = ingested(tmp_path, xml)
    assert sorted(each["app"] for each in of(exported(case), "message")) == [
        "facebook_messenger",
        "whatsapp_business",
    ]
    assert "2 models of type Cookie are not imported: only chats, calls and contacts are" in [
        each["text"] for each in of(exported(case), "notice")
    ]


def test_the_scope_holds_for_each_app(tmp_path):
    at = "2024-11-03T19:46:47.000+00:00"
    xml = report(
        simple(message("1", "mag", at, FRIEND)),
        chat(
            "Signal",
            "+31600000009",
            "s",
            message("1", "mag niet", at, party("+31600000008")),
            people=(OWNER,),
        ),
    )
    case, found, _path = ingested(tmp_path, xml, options=("--app", "whatsapp"))
    assert [each["text"] for each in of(exported(case), "message")] == ["mag"]
    assert found["evidence"][0]["tables"]["InstantMessage"]["skipped"] == {"scope": 1}
    assert "31600000009" not in str(exported(case))
    assert "31600000008" not in str(exported(case))


def test_the_database_in_the_package_is_read_too_and_compared(tmp_path):
    root = phone(tmp_path / "phone")
    database = (root / MSGSTORE).read_bytes()
    plain = new(tmp_path / "plain")
    ingest(plain, root)
    own = [each for each in of(exported(plain), "message") if each["text"] and each["source"]["app_id"]][:4]
    entries = [
        message(own[0]["source"]["app_id"], own[0]["text"], own[0]["sent_at"], FRIEND),
        message(own[1]["source"]["app_id"], "anders", own[1]["sent_at"], FRIEND),
        message(own[2]["source"]["app_id"], own[2]["text"], "2001-01-01T00:00:00.000+00:00", FRIEND),
        message("only-there", "x", "2001-01-01T00:00:00.000+00:00", FRIEND),
        message(None, own[3]["text"], own[3]["sent_at"], FRIEND),
    ]
    files = [
        tagged(1, "/data/data/com.whatsapp/databases/msgstore.db", "files\\Database\\msgstore.db", database)
    ]
    case, found, _path = ingested(
        tmp_path, report(simple(*entries), files=files), ("files/Database/msgstore.db", database)
    )
    (told,) = [each for each in found["comparisons"] if each["kind"] == "records"]
    count = len(of(exported(plain), "message"))
    assert {name: told[name] for name in ("app", "own", "other", "same")} == {
        "app": "whatsapp", "own": count, "other": 5, "same": 4,
    }  # fmt: skip
    assert (told["only_own"], told["only_other"]) == (count - 4, 1)
    assert (told["text_differs"], told["time_differs"]) == (1, 1)
    by_id = {each["id"]: each for each in of(exported(case), "message")}
    assert [by_id[each]["text"] for each in told["text_differs_ids"]] == ["anders"]
    assert [by_id[each]["source"]["app_id"] for each in told["only_other_ids"]] == ["only-there"]
    (hashed,) = [each for each in found["comparisons"] if each["kind"] == "hash"]
    assert (hashed["result"], hashed["path"]) == ("match", "files/Database/msgstore.db")
    done("report", case, "-o", tmp_path / "out", "--format", "html", "--language", "en")
    pages = "".join(path.read_text("utf-8") for path in sorted((tmp_path / "out").rglob("*.html")))
    assert "Chats as another tool decoded them" in pages


def test_a_protected_report_is_code_4(tmp_path):
    _case, found, _path = ingested(tmp_path, b"\x2d\x06\x52\x6d" + bytes(100), code=4)
    assert "ask for an export without protection" in str(found["problems"])


def test_a_report_that_is_cut_gives_what_stands_before(tmp_path):
    at = "2024-11-03T19:46:47.000+00:00"
    xml = report(simple(message("1", "een", at, FRIEND), message("2", "twee", at, FRIEND)))
    case, _found, _path = ingested(tmp_path, xml[: xml.index(b"twee")], code=3)
    assert [each["text"] for each in of(exported(case), "message")] == ["een"]
    assert any("damaged or cut off" in each["text"] for each in of(exported(case), "notice"))


def test_entities_are_refused(tmp_path):
    xml = report(simple(message("1", "een", "2024-11-03T19:46:47.000+00:00", FRIEND)))
    start = xml.index(b"<project")
    bomb = (
        xml[:start]
        + b'<!DOCTYPE p [<!ENTITY a "SECRET">]>'
        + xml[start:].replace(b"een", b"een]]>&a;<![CDATA[")
    )
    case, _found, _path = ingested(tmp_path, bomb, code=3)
    assert "SECRET" not in str(exported(case))
    assert any("declares entities" in each["text"] for each in of(exported(case), "notice"))


@pytest.mark.parametrize("depth", [10_000])
def test_deep_elements_end_the_reading(depth):
    xml = b'<project xmlns="http://pa.cellebrite.com/report/2.0">' + b"<model>" * depth
    with pytest.raises(DamagedEvidence, match="elements in each other"):
        list(Report(io.BytesIO(xml)).parts())


def test_every_truncation_of_a_report_is_damage_or_fewer_messages():
    xml = report(
        simple(message("1", "een", "2024-11-03T19:46:47.000+00:00", FRIEND)), files=[tagged(1, "a", "b")]
    )
    for length in range(0, len(xml) - 1, 7):
        with pytest.raises(DamagedEvidence):
            list(Report(io.BytesIO(xml[:length])).parts())
    assert sum(isinstance(each, Entry) for each in Report(io.BytesIO(xml)).parts()) == 1


@pytest.mark.parametrize("size", [1, 2, 7, 4096])
def test_references_that_a_chunk_cuts_in_two(monkeypatch, size):
    monkeypatch.setattr("forensics.formats.ufdr.CHUNK", size)
    xml = report(simple(message("1", "een", "2024-11-03T19:46:47.000+00:00", FRIEND)))
    xml = xml.replace(b"<![CDATA[een]]>", b"a&#x1F;b&amp;c&#9;d")
    read = Report(io.BytesIO(xml))
    (entry,) = [each for each in read.parts() if isinstance(each, Entry)]
    assert (entry.model.text("Body"), read.replaced) == ("a\ufffdb&c\td", 1)


def test_what_is_no_report_is_not_taken_for_one():
    other = b'<?xml version="1.0"?><project xmlns="http://maven.apache.org/POM/4.0.0">'
    assert not Ufdr().recognises(other, "report.xml")
    assert Ufdr().recognises(report()[:400], "x")
    assert one("a", "b") == '<modelField name="a" type="b"><empty/></modelField>'
