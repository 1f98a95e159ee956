"""The form ``case``: whole graphs, the chain of every message, and the verdict of case_validate."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from test_reports_cases import FakeCase, conversation, detailed, flag, full_info, message, small_case, source

from reports import case_uco, delivery
from reports.case_background import Known
from reports.case_graph import Graph
from reports.case_nodes import CONTEXT, Names

Node = dict[str, Any]


def graph(case: FakeCase) -> list[Node]:
    stream = io.BytesIO()
    case_uco.write(case, stream)
    document = json.loads(stream.getvalue())
    assert list(document) == ["@context", "@graph"]
    return document["@graph"]


def of(nodes: Iterable[Node], kind: str) -> list[Node]:
    return [each for each in nodes if each["@type"].endswith(f":{kind}")]


def facet(node: Node, kind: str) -> Node:
    (found,) = [each for each in node["uco-core:hasFacet"] if each["@type"] == f"uco-observable:{kind}Facet"]
    return found


def targets(nodes: list[Node], origin: str, kind: str) -> list[str]:
    """Where the relationships of a kind lead that begin at that node."""
    return [
        each["uco-core:target"]["@id"]
        for each in of(nodes, "ObservableRelationship")
        if (each["uco-core:source"]["@id"], each["uco-core:kindOfRelationship"]) == (origin, kind)
    ]


def references(value: Any) -> Iterable[str]:
    """The identifiers that a node refers to, without those that it states."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict) and value.get("@type") != "@json":
        if set(value) == {"@id"}:
            yield value["@id"]
        for each in value.values():
            yield from references(each)


def stated(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        for each in value:
            yield from stated(each)
    elif isinstance(value, dict):
        if "@id" in value and "@type" in value:
            yield value["@id"]
        for each in value.values():
            yield from stated(each)


def times(value: Any) -> Iterable[str]:
    if isinstance(value, list):
        for each in value:
            yield from times(each)
    elif isinstance(value, dict):
        if value.get("@type") == "xsd:dateTime":
            yield value["@value"]
        for each in value.values():
            yield from times(each)


def few() -> FakeCase:
    """One conversation with a message of every kind, one from a text export, and a flag."""
    talk = "c" + f"{3:024x}"
    alone = message(300, talk, "uit een export", source=source(300, table=None, rowid=None, path="chat.txt"))
    found = [*detailed(talk), alone]
    case = FakeCase([(conversation(3, len(found), title="Alles"), found)], [flag(talk, [found[0]["id"]])])
    case.notice_list = [
        {"record": "notice", "severity": "failed", "text": "row 9", "source": source(9), "raw": "x"},
        {"record": "notice", "severity": "note", "text": "all of it", "source": None, "raw": None},
    ]
    return case


def test_every_message_leads_to_its_row_its_file_its_exhibit_and_who_read_it():
    nodes = graph(few())
    by_id = {each["@id"]: each for each in nodes}
    names = Names("2026-0001")
    first = by_id[names("message", f"m{201:024x}")]
    (row,) = targets(nodes, first["@id"], "Derived_From")
    held = facet(by_id[row], "TableField")
    assert (held["uco-observable:tableName"], held["uco-observable:recordRowID"]) == ("message", "201")
    (file,) = targets(nodes, row, "Contained_Within")
    assert facet(by_id[file], "File")["uco-observable:filePath"] == "msgstore.db"
    assert facet(by_id[file], "File")["uco-observable:sizeInBytes"] == 4096
    (item,) = targets(nodes, file, "Contained_Within")
    content = facet(by_id[item], "ContentData")
    assert content["uco-observable:hash"][0]["uco-types:hashValue"]["@value"] == "E1" * 32
    (exhibit,) = of(nodes, "ProvenanceRecord")
    assert exhibit["case-investigation:exhibitNumber"] == "EX001"
    assert exhibit["uco-core:object"] == [{"@id": item}]
    (action,) = of(nodes, "InvestigativeAction")
    assert action["uco-action:object"] == [{"@id": exhibit["@id"]}]
    assert by_id[action["uco-action:performer"]["@id"]]["uco-core:name"] == "V. Oorbeeld"
    (thread,) = of(nodes, "MessageThread")
    assert {"@id": thread["@id"]} in action["uco-action:result"]


def test_an_identifier_does_not_depend_on_which_letters_this_python_knows():
    """U+0378 has no letter yet: its ``repr`` will be another one when it has."""
    namespace = uuid5(uuid5(NAMESPACE_URL, "http://sporen.invalid/kb/"), "2026-0001")
    expected = uuid5(namespace, r'["file", "a\u0378", "7"]')
    assert Names("2026-0001")("file", "a\u0378", 7) == f"kb:file-{expected}"


def test_every_message_of_a_case_has_a_chain_of_its_own():
    case = small_case()
    nodes = graph(case)
    messages = of(nodes, "Message")
    assert len(messages) == 79
    rows = [targets(nodes, each["@id"], "Derived_From") for each in messages]
    assert all(
        len(each) == (2 if node["sporen:id"] == f"m{206:024x}" else 1)
        for each, node in zip(rows, messages, strict=True)
    )
    assert [each["sporen:recordSha256"] for each in messages] == [
        each["record_sha256"] for each in case.messages()
    ]


def test_what_is_said_of_a_message_is_what_the_record_says():
    nodes = {each.get("sporen:id"): each for each in graph(few())}
    read = nodes[f"m{201:024x}"]
    assert read["sporen:read_at"]["@value"] == "2026-02-01T20:15:03.250Z"
    assert facet(read, "Message")["uco-observable:sentTime"]["@value"].endswith("Z")
    assert nodes[f"m{203:024x}"]["sporen:further"]["@value"]["forwarded"]["times"] == 2
    gone = facet(nodes[f"m{205:024x}"], "Message")
    assert "uco-observable:messageText" not in gone
    recovered = facet(nodes[f"m{206:024x}"], "RecoveredObject")
    assert recovered["uco-observable:contentRecoveredStatus"] == "recovered"
    unsent = facet(nodes[f"m{208:024x}"], "Message")
    assert "uco-observable:sentTime" not in unsent and "uco-observable:from" not in unsent


def test_a_message_without_a_row_leads_straight_to_its_file():
    nodes = graph(few())
    alone = next(each for each in nodes if each.get("sporen:id") == f"m{300:024x}")
    (file,) = targets(nodes, alone["@id"], "Derived_From")
    assert file in {each["@id"] for each in of(nodes, "File")}


def test_attachments_notices_and_flags_are_about_something_in_the_graph():
    nodes = graph(few())
    names = Names("2026-0001")
    attached = names("attachment", names("message", f"m{201:024x}"), 0)
    assert targets(nodes, attached, "Attachment_Of") == [names("message", f"m{201:024x}")]
    tags = {each["uco-core:tag"][0]: each["uco-core:object"] for each in of(nodes, "Annotation")}
    assert tags["flag:menu"] == [{"@id": names("message", f"m{201:024x}")}]
    assert tags["notice:note"] == [{"@id": names("investigation")}]
    assert set(tags) == {"flag:menu", "notice:failed", "notice:note"}


def test_the_order_of_a_conversation_is_that_of_the_export():
    case = small_case()
    threads = of(graph(case), "MessageThread")
    for thread, (talk, found) in zip(threads, case.talks, strict=True):
        held = facet(thread, "MessageThread")["uco-observable:messageThread"]
        expected = [{"@id": Names("2026-0001")("message", each["id"])} for each in found]
        assert thread["sporen:id"] == talk["id"]
        assert held["co:element"] == expected == [each["co:itemContent"] for each in held["co:item"]]
        assert [each["co:index"]["@value"] for each in held["co:item"]] == [
            str(n) for n in range(1, len(found) + 1)
        ]


@pytest.mark.parametrize("make", [small_case, few])
def test_nothing_refers_out_of_its_graph_and_no_time_is_without_a_zone(make):
    nodes = graph(make())
    assert set(references(nodes)) - set(stated(nodes)) == set()
    assert all(each.endswith("Z") for each in times(nodes))
    assert "https://" in CONTEXT["uco-core"]


def test_a_folder_has_a_whole_graph_for_each_conversation_and_all_of_them_are_the_one_graph(tmp_path: Path):
    case_uco.write_folder(small_case(), tmp_path)
    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jsonld"))
    assert files == ["case.jsonld", *(f"conversations/c0000{number}.jsonld" for number in (1, 2, 3))]
    together: set[str] = set()
    for name in files:
        nodes = json.loads((tmp_path / name).read_bytes())["@graph"]
        assert set(references(nodes)) - set(stated(nodes)) == set(), name
        together |= set(stated(nodes))
    assert together == set(stated(graph(small_case())))


def test_a_delivery_of_many_messages_has_a_file_for_each_conversation(tmp_path: Path, monkeypatch):
    delivery.write(small_case(), tmp_path / "small", ("case",), language="nl", version="0.1")
    assert (tmp_path / "small/data/case.jsonld").is_file()
    monkeypatch.setattr(case_uco, "MOST_IN_ONE", 70)
    delivery.write(small_case(), tmp_path / "large", ("case",), language="nl", version="0.1")
    found = sorted(path.name for path in (tmp_path / "large/data/case").rglob("*.jsonld"))
    assert found == ["c00001.jsonld", "c00002.jsonld", "c00003.jsonld", "case.jsonld"]


def test_two_runs_write_the_same_bytes_whatever_the_seed_of_hashes(tmp_path: Path):
    program = (
        "import sys; from test_reports_cases import small_case; from reports import case_uco;"
        "case_uco.write(small_case(), sys.stdout.buffer)"
    )
    stream = io.BytesIO()
    case_uco.write(small_case(), stream)
    root = Path(__file__).parents[1]
    environment = {"PYTHONPATH": f"{root}:{root / 'tests'}", "PYTHONHASHSEED": "4711", "TZ": "Asia/Kolkata"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout == stream.getvalue()


def test_a_graph_that_was_broken_off_is_no_json():
    stream = io.BytesIO()
    with pytest.raises(RuntimeError), Graph(Known(few()), stream):
        raise RuntimeError("no more")
    with pytest.raises(json.JSONDecodeError):
        json.loads(stream.getvalue())


def test_memory_does_not_grow_with_the_number_of_messages(tmp_path: Path):
    """The messages are asked for one by one: none is asked for before the one before it is written."""
    talk, written = "c" + f"{1:024x}", []

    class Counted(io.BytesIO):
        def write(self, data: Any) -> int:
            written.append(len(data))
            return len(data)

    class Endless(FakeCase):
        def messages(self, conversation=None):
            for number in range(2_000):
                before = len(written)
                yield message(number, talk, "tekst")
                assert len(written) > before

    case_uco.write(Endless([(conversation(1, 2_000), [])]), Counted())
    assert len(written) > 2_000 * 4


def valid(path: Path, version: str) -> subprocess.CompletedProcess[str]:
    """The validator's answer, by its exit status: its text says that a misspelt property conforms."""
    validator = Path(sys.executable).with_name("case_validate")
    return subprocess.run(
        [validator, "--built-version", version, path], capture_output=True, text=True, check=False
    )


def test_the_validator_accepts_it(tmp_path: Path):
    talk = "c" + f"{3:024x}"
    found = [detailed(talk)[0], detailed(talk)[5]]
    case = FakeCase([(conversation(3, 2), found)], [flag(talk, [found[0]["id"]])])
    case.info = full_info()
    with (tmp_path / "case.jsonld").open("wb") as stream:
        case_uco.write(case, stream)
    done = valid(tmp_path / "case.jsonld", "case-1.5.0")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.full
@pytest.mark.parametrize("version", ["case-1.4.0", "case-1.5.0"])
def test_the_validator_accepts_all_of_a_case_and_a_conversation_alone(tmp_path: Path, version: str):
    case_uco.write_folder(small_case(), tmp_path)
    with (tmp_path / "whole.jsonld").open("wb") as stream:
        case_uco.write(small_case(), stream)
    for name in ("whole.jsonld", "case.jsonld", "conversations/c00003.jsonld"):
        done = valid(tmp_path / name, version)
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"


@pytest.mark.full
def test_the_validator_would_find_a_misspelt_property_and_a_second_sender(tmp_path: Path):
    stream = io.BytesIO()
    case_uco.write(few(), stream)
    text = stream.getvalue()
    for place, (old, new) in enumerate(
        [
            (b'"uco-observable:messageText"', b'"uco-observable:messageTekst"'),
            (b'"uco-observable:messageType":"image"', b'"uco-observable:messageType":["image","x"]'),
        ]
    ):
        assert old in text
        path = tmp_path / f"{place}.jsonld"
        path.write_bytes(text.replace(old, new))
        assert valid(path, "case-1.5.0").returncode != 0
